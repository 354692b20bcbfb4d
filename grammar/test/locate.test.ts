import { describe, expect, test } from "vitest";
import { lineStarts, locate } from "../src/index.js";

describe("lineStarts and locate", () => {
  test("count lines and columns from 1, for every kind of line end", () => {
    const text = "ab\ncd\r\ne\rf\n";
    const starts = lineStarts(text);
    expect(starts).toEqual([0, 3, 7, 9, 11]);
    expect(locate(starts, text.indexOf("d"))).toEqual({ line: 2, column: 2 });
    expect(locate(starts, text.indexOf("e"))).toEqual({ line: 3, column: 1 });
    expect(locate(starts, text.indexOf("f"))).toEqual({ line: 4, column: 1 });
    expect(locate(starts, text.length)).toEqual({ line: 5, column: 1 });
  });

  test("hold an empty text and offsets outside of the text", () => {
    expect(lineStarts("")).toEqual([0]);
    expect(locate(lineStarts(""), 0)).toEqual({ line: 1, column: 1 });
    expect(locate(lineStarts("a\nb"), -5)).toEqual({ line: 1, column: 1 });
    expect(locate(lineStarts("a\nb"), 99).line).toBe(2);
  });
});

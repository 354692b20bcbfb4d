import { describe, expect, test } from "vitest";
import { element, escapeText, fragment } from "../src/markup.js";
import { all, parseMarkup, textOf } from "./markup-tree.js";

describe("markup", () => {
  test("escapes texts and attributes", () => {
    const nasty = `<script>alert("1")</script> & 'x' &amp;`;
    const tree = parseMarkup(element("p", { title: nasty }, nasty).toString());
    const [p] = all(tree, "p");
    expect(textOf(p!)).toBe(nasty);
    expect(p!.attributes["title"]).toBe(nasty);
    expect(all(tree, "script")).toEqual([]);
  });

  test("replaces what XML cannot hold, and keeps characters of two halves", () => {
    expect(escapeText("a\0b\x1bc\ufffed\ud800e🐉\n\t")).toBe("a\ufffdb\ufffdc\ufffdd\ufffde🐉\n\t");
  });

  test("leaves out empty children and attributes", () => {
    const markup = element("p", { a: null, b: false, c: undefined, d: 0 }, null, false, undefined, [
      "x",
      [1, element("br")],
    ]);
    expect(markup.toString()).toBe('<p d="0">x1<br/></p>');
    expect(fragment("a", "<").toString()).toBe("a&#60;");
  });

  test("refuses numbers that no picture can show", () => {
    expect(() => element("rect", { x: NaN })).toThrow(RangeError);
    expect(() => element("rect", { x: Infinity })).toThrow(RangeError);
  });

  test("the tests' own parser is strict", () => {
    for (const wrong of ["<p>", "<p></q>", "<p>&</p>", "<p a=1></p>", '<p a="1" a="2"></p>', "<p>a < b</p>"]) {
      expect(() => parseMarkup(wrong), wrong).toThrow();
    }
  });
});

import { expect, test } from "vitest";
import { clip, width, wrap } from "../../src/render/width.js";

test("width counts columns, not characters", () => {
  expect(width("abc")).toBe(3);
  expect(width("日本")).toBe(4);
  expect(width("e\u0301")).toBe(1);
  expect(width("🐉")).toBe(2);
});

test("wrapped lines fit, and hold all of the text", () => {
  const text = "One day, Max the dragon found a very large egg in the middle of the road.";
  const lines = wrap(text, 20);
  for (const line of lines) expect(width(line)).toBeLessThanOrEqual(20);
  expect(lines.join(" ")).toBe(text);
  expect(wrap("abcdefghijklmnopqrstuvwxyz", 10)).toEqual(["abcdefghij", "klmnopqrst", "uvwxyz"]);
  expect(wrap("one\ntwo", 20)).toEqual(["one", "two"]);
});

test("clipping leaves room for the ellipsis", () => {
  expect(clip("short", 10)).toBe("short");
  expect(clip("a longer text", 8)).toBe("a longe…");
  expect(width(clip("日本語日本語", 5))).toBeLessThanOrEqual(5);
});

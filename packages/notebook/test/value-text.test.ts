import { describe, expect, test } from "vitest";
import { clipToWidth, valueLine, valueText } from "../src/value-text.js";

describe("values", () => {
  test("texts keep their line breaks where there is room for them", () => {
    expect(valueText('He said "hi".\n\tBye')).toBe('"He said "hi".\n\tBye"');
    expect(valueLine('He said "hi".\n\tBye')).toBe('"He said "hi".⏎ Bye"');
  });

  test("others are written as in PGL", () => {
    expect(valueLine({ a: 1, b: [true, null] })).toBe("{ a: 1, b: [true, none] }");
    expect(valueLine(NaN)).toBe("NaN");
    expect(valueText(-Infinity)).toBe("-inf");
  });

  test("characters that hide or reorder text are spelled out", () => {
    expect(valueText("a\u0007b\u202ec\u2028d")).toBe('"a\\u{7}b\\u{202e}c\\u{2028}d"');
  });

  test("very long ones are cut, between characters, and say so", () => {
    const text = valueText("🐉".repeat(5000));
    expect(text.length).toBeLessThan(4100);
    expect(text).toMatch(/^"(🐉)+… \([\d,]+ more characters\)$/u);
  });
});

describe("clipping to a width", () => {
  test("keeps what fits", () => {
    expect(clipToWidth("short", 40)).toBe("short");
    expect(clipToWidth("", 1)).toBe("");
  });

  test("cuts with an ellipsis, wide characters earlier", () => {
    const narrow = clipToWidth("illicit ".repeat(30), 40);
    const wide = clipToWidth("MWMWMWM ".repeat(30), 40);
    const cjk = clipToWidth("日本語".repeat(30), 40);
    for (const text of [narrow, wide, cjk]) expect(text).toMatch(/…$/);
    expect(narrow.length).toBeGreaterThan(wide.length);
    expect(cjk.length).toBeLessThan(20);
  });
});

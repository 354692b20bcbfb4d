import { expect, test } from "vitest";
import { codeFrame } from "../src/code-frame.js";

const text = "model m() {\n\tfactor log(x)\n  return x\n}";

test("the line, those around it, and a mark below what the site covers", () => {
  expect(codeFrame(text, { line: 2, column: 2, start: 13, end: 26 })).toBe(
    ["  1 | model m() {", "> 2 | \tfactor log(x)", "    | \t^^^^^^^^^^^^^", "  3 |   return x"].join("\n"),
  );
});

test("without an end, the word", () => {
  expect(codeFrame(text, { line: 3, column: 3 })!.split("\n")[2]).toBe("    |   ^^^^^^");
});

test("marks end with their line, and are never empty", () => {
  expect(codeFrame(text, { line: 1, column: 1, start: 0, end: 40 })!.split("\n")[1]).toBe("    | ^^^^^^^^^^^");
  expect(codeFrame(text, { line: 4, column: 2 })!.split("\n").at(-1)).toBe("    |  ^");
});

test("nothing for a line that is not there", () => {
  expect(codeFrame(text, { line: 9, column: 1 })).toBe(null);
  expect(codeFrame(text, {})).toBe(null);
});

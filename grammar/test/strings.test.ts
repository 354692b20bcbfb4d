import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseExpression, type Expression } from "../src/index.js";
import { escapeText } from "../src/strings.js";

/** The value of a string literal, without errors. */
function valueOf(text: string): string {
  const { expression, diagnostics } = parseExpression(text);
  expect(diagnostics).toEqual([]);
  expect(expression.kind).toBe("StringLiteral");
  return (expression as Expression & { kind: "StringLiteral" }).value;
}

describe("string literals", () => {
  test.each([
    ['"a b"', "a b"],
    ['""', ""],
    ['"\\n\\t\\r\\0\\\\\\"\\\'\\$"', "\n\t\r\0\\\"'$"],
    ['"\\u{1F600}\\u00e9\\x41"', "😀éA"],
    ['"\\uD83D\\uDE00"', "😀"],
    ['"$ {a} $5 \\${b}"', "$ {a} $5 ${b}"],
    ['"// no comment /* neither */"', "// no comment /* neither */"],
  ])("%s", (text, value) => expect(valueOf(text)).toBe(value));

  test.each([
    ['"""one line"""', "one line"],
    ['"""He said "hi" to me"""', 'He said "hi" to me'],
    ['"""\n  a\n    b\n\n  c\n  """', "a\n  b\n\nc"],
    ['"""\r\n\ta\r\n\tb"""', "a\nb"],
    ['"""first\n   second\n     third"""', "first\nsecond\n  third"],
    ['"""\n  a\\n  b\n  \\tc\n"""', "a\n  b\n\tc"],
    ['"""\n  a \\\n  b\n  """', "a b"],
    ['"""\n"""', ""],
    ['"""\n\n  a\n\n"""', "\na\n"],
    ['"""\n    a\n  \n    b\n"""', "a\n\nb"],
  ])("%j", (text, value) => expect(valueOf(text)).toBe(value));

  test("templates share one indentation with what is between their texts", () => {
    const { expression, diagnostics } = parseExpression('"""\n    a ${x}\n  ${y}\n      b\n    """');
    expect(diagnostics).toEqual([]);
    expect(expression).toMatchObject({ kind: "TemplateLiteral", texts: ["  a ", "\n", "\n    b"], multiline: true });
  });

  test("interpolations hold strings, braces and templates", () => {
    const { expression, diagnostics } = parseExpression('"a ${f({ b: "}" })} c ${if d { "e${g}" } else { "\\"" }} h"');
    expect(diagnostics).toEqual([]);
    expect(expression).toMatchObject({ texts: ["a ", " c ", " h"], rawTexts: ["a ", " c ", " h"], multiline: false });
  });

  test("any text can be written and is read back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(valueOf(`"${escapeText(text)}"`)).toBe(text);
        expect(valueOf(`"""${escapeText(text)}"""`)).toBe(text);
      }),
    );
  });

  test.each([
    ['"\\q"', 1, "`\\q` is not an escape"],
    ['"ab\\u12"', 3, "`\\u` wants hexadecimal digits"],
    ['"\\u{110000}"', 1, "`\\u{110000}` is beyond the last character"],
    ['"\\uD83D"', 1, "`\\uD83D` is half of a character"],
  ])("%s has a flaw", (text, start, message) => {
    const { diagnostics } = parseExpression(text);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ code: "PGL1003", span: { start } });
    expect(diagnostics[0]?.message).toContain(message);
  });
});

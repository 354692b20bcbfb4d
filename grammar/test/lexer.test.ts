import { describe, expect, test } from "vitest";
import { lex, validatedLexer } from "../src/lexer.js";
import { reservedWords, tokenTable } from "../src/tokens.js";

const names = (text: string) => lex(text).tokens.map((token) => token.tokenType.name);

describe("the lexer", () => {
  test("has a sound definition", () => {
    const lexer = validatedLexer();
    expect(lexer.lexerDefinitionErrors).toEqual([]);
    expect((lexer as unknown as { lexerDefinitionWarning: unknown[] }).lexerDefinitionWarning).toEqual([]);
  });

  test("reads every word and symbol of the table as itself", () => {
    for (const entry of tokenTable) {
      if (!("text" in entry)) continue;
      expect(names(`a ${entry.text} b`), entry.text).toEqual(["Identifier", entry.name, "Identifier"]);
      if (entry.role !== "symbol") expect(names(`${entry.text}s_1`), entry.text).toEqual(["Identifier"]);
    }
    expect(reservedWords.has("let")).toBe(true);
    expect(reservedWords.has("map")).toBe(false);
  });

  test("tells ranges, members and numbers apart", () => {
    expect(names("0..10")).toEqual(["Number", "DotDot", "Number"]);
    expect(names("1.5..x.0.1")).toEqual(["Number", "DotDot", "Identifier", "Dot", "Number", "Dot", "Number"]);
    expect(lex("x.0.1").tokens.map((token) => token.image)).toEqual(["x", ".", "0", ".", "1"]);
    expect(names("1_000 2.5e-3 7E5")).toEqual(["Number", "Number", "Number"]);
  });

  test("reads `/` after an operand as division and elsewhere as a regular expression", () => {
    expect(names("a / b / c")).toEqual(["Identifier", "Slash", "Identifier", "Slash", "Identifier"]);
    expect(names("(a) / b[0] / 2 / x.step / 3")).not.toContain("Regex");
    expect(names("s matches /a/ or not /b/i and (/c/)")).toEqual([
      "Identifier",
      "Matches",
      "Regex",
      "Or",
      "Not",
      "Regex",
      "And",
      "LParen",
      "Regex",
      "RParen",
    ]);
    expect(lex("s matches /a[/]\\/b/su").tokens.at(-1)?.image).toBe("/a[/]\\/b/su");
  });

  test("keeps comments apart, with their kinds", () => {
    const { tokens, comments } = lex("// a\n/// b\n//// c\nx /* d\n e */ y // f");
    expect(tokens.map((token) => token.image)).toEqual(["x", "y"]);
    expect(comments.map(({ kind, text }) => [kind, text])).toEqual([
      ["line", "// a"],
      ["doc", "/// b"],
      ["line", "//// c"],
      ["block", "/* d\n e */"],
      ["line", "// f"],
    ]);
  });

  test("passes over a shebang and a byte order mark", () => {
    expect(lex("#!/usr/bin/env pgl\nx").problems).toEqual([]);
    expect(lex("\ufeffx").problems).toEqual([]);
    expect(names("\ufeffx")).toEqual(["Identifier"]);
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import oniguruma from "vscode-oniguruma";
import textmate, { type IGrammar } from "vscode-textmate";
import { beforeAll, describe, expect, test } from "vitest";
import { textMateGrammar, tokenTable, type TokenEntry } from "../src/index.js";
import { lex } from "../src/lexer.js";
import { lineStarts, locate } from "../src/locate.js";

let grammar: IGrammar;

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
  await oniguruma.loadWASM(readFileSync(wasm));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: () => Promise.resolve(textmate.parseRawGrammar(JSON.stringify(textMateGrammar()), "pgl.json")),
  });
  grammar = (await registry.loadGrammar("source.pgl")) as IGrammar;
});

/** The scopes at an offset of a text. */
function scopesOf(text: string): (offset: number) => readonly string[] {
  const starts = lineStarts(text);
  let stack = textmate.INITIAL;
  const lines = text.split("\n").map((line) => {
    const result = grammar.tokenizeLine(line, stack);
    stack = result.ruleStack;
    return result.tokens;
  });
  return (offset) => {
    const { line, column } = locate(starts, offset);
    const found = lines[line - 1]?.find((token) => token.startIndex <= column - 1 && column - 1 < token.endIndex);
    return found?.scopes ?? [];
  };
}

const entryOf = new Map<string, TokenEntry>(tokenTable.map((each) => [each.name, each]));

/** Every token of the lexer has its scope of the token table, but where an editor can say more of a name. */
function agrees(text: string): void {
  const scopes = scopesOf(text);
  const { tokens, comments, problems } = lex(text);
  expect(problems).toEqual([]);
  for (const comment of comments) {
    const name = comment.kind === "doc" ? "DocComment" : comment.kind === "block" ? "BlockComment" : "LineComment";
    expect(scopes(comment.start), comment.text).toContain(`${entryOf.get(name)?.scope}.pgl`);
  }
  tokens.forEach((token, i) => {
    const entry = entryOf.get(token.tokenType.name) as TokenEntry;
    const at = scopes(token.startOffset);
    const where = `${token.image} at ${token.startOffset} in ${text.slice(token.startOffset - 20, token.startOffset + 20)}`;
    const isName =
      entry.role === "name" ||
      entry.role === "soft" ||
      (entry.role === "word" && (tokens[i - 1]?.image === "." || tokens[i + 1]?.image === ":"));
    if (isName) {
      expect(
        at.some((each) => /^(variable|entity\.name|support\.type|keyword|storage)/.test(each)),
        `${where}: ${at}`,
      ).toBe(true);
    } else if (entry.name.startsWith("Template")) {
      expect(
        at.some((each) => each.startsWith("string.quoted")),
        `${where}: ${at}`,
      ).toBe(true);
    } else if (entry.name === "String") {
      expect(
        at.some((each) => each.startsWith("string.quoted")),
        `${where}: ${at}`,
      ).toBe(true);
    } else {
      expect(at, where).toContain(`${entry.scope}.pgl`);
    }
  });
}

describe("the TextMate grammar", () => {
  const folder = fileURLToPath(new URL("../../examples/", import.meta.url));
  test.each(readdirSync(folder).filter((name) => name.endsWith(".pgl")))("agrees with the lexer on %s", (name) => {
    agrees(readFileSync(folder + name, "utf8"));
  });

  test("scopes every word and symbol of the table", () => {
    const texts = tokenTable.flatMap((each) => ("text" in each && each.role !== "soft" ? [each] : []));
    expect(texts.length).toBeGreaterThan(70);
    for (const { text, scope } of texts) {
      const line = text === "}" ? `{ ${text}` : `a ${text} b`;
      const at = scopesOf(line)(2);
      expect(at, text).toContain(`${scope}.pgl`);
    }
  });

  test("ends interpolations at their own brace", () => {
    agrees('const a = "x ${if b { "y ${c}" } else { "z" }} w" + d\nconst e = """\n  "quoted" ${f}\n  """\nconst g = 1');
  });

  test("tells regular expressions from division", () => {
    const text = "a / b / c && d matches not /x[/]y/i or (/z/ and e)";
    agrees(text);
    const scopes = scopesOf(text);
    expect(scopes(text.indexOf("b"))).not.toContain("string.regexp.pgl");
    expect(scopes(text.indexOf("x["))).toContain("string.regexp.pgl");
    expect(scopes(text.indexOf("z"))).toContain("string.regexp.pgl");
  });

  test("knows words of the language used as names", () => {
    const scopes = scopesOf("f(step: x.model)");
    expect(scopes(2)).not.toContain("keyword.control.probabilistic.pgl");
    expect(scopes(10)).not.toContain("storage.type.pgl");
  });

  test("tells the name of a twist in a file from a weight", () => {
    const text = 'twist ahead = "twists/infill.json"\nlm w = "a", surrogate: "s.json"\nmodel m() { twist weight }';
    agrees(text);
    const scopes = scopesOf(text);
    expect(scopes(text.indexOf("ahead"))).toContain("variable.other.declaration.pgl");
    expect(scopes(text.indexOf("weight"))).not.toContain("variable.other.declaration.pgl");
  });

  test("is plain data", () => {
    const grammar = textMateGrammar();
    expect(JSON.parse(JSON.stringify(grammar))).toEqual(grammar);
  });
});

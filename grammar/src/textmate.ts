import { tokenTable, type TokenEntry } from "./tokens.js";

/** A rule of a TextMate grammar, as editors and highlighters read it. */
export interface TextMateRule {
  readonly name?: string;
  readonly contentName?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
  readonly beginCaptures?: Readonly<Record<string, { readonly name: string }>>;
  readonly endCaptures?: Readonly<Record<string, { readonly name: string }>>;
  readonly patterns?: readonly TextMateRule[];
  readonly include?: string;
}

export interface TextMateGrammar {
  readonly name: string;
  readonly scopeName: "source.pgl";
  readonly fileTypes: readonly string[];
  readonly patterns: readonly TextMateRule[];
  readonly repository: Readonly<Record<string, TextMateRule>>;
}

const language = ".pgl";
const entries: readonly TokenEntry[] = tokenTable;
const entry = (name: string): TokenEntry => entries.find((each) => each.name === name) as TokenEntry;
const scope = (name: string) => entry(name).scope + language;
const quoted = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

/** Not a member after `.` (but after `..`), and not a name before `:`. */
const notMember = "(?<!^\\.|[^.]\\.)";
const word = (texts: readonly string[]) => `${notMember}\\b(?:${texts.join("|")})\\b(?!\\s*:)`;

/** Types that every program knows; a name of one before `(` is a function. */
const typeNames = ["int", "float", "bool", "string", "token", "context", "unit", "list", "dist", "posterior"];

/**
 * A TextMate grammar for editors and highlighters, made from the token table: what the lexer reads as a word, number,
 * string, comment, regular expression or operator is scoped as the table says. Plain JSON data.
 */
export function textMateGrammar(): TextMateGrammar {
  return {
    name: "PGL",
    scopeName: "source.pgl",
    fileTypes: ["pgl"],
    patterns: [{ include: "#code" }],
    repository: {
      code: {
        patterns: [
          { include: "#comments" },
          { include: "#strings" },
          { include: "#regex" },
          { include: "#declarations" },
          { include: "#words" },
          { include: "#numbers" },
          { include: "#names" },
          { include: "#braces" },
          { include: "#symbols" },
        ],
      },
      comments: {
        patterns: [
          { name: scope("DocComment"), match: entry("DocComment").pattern as string },
          { name: scope("LineComment"), match: entry("LineComment").pattern as string },
          { name: scope("LineComment"), match: "\\A#!.*$" },
          { name: scope("BlockComment"), begin: "/\\*", end: "\\*/" },
        ],
      },
      strings: { patterns: [string('"""', "string.quoted.triple"), string('"', entry("String").scope)] },
      // Division is what follows an operand; a regular expression follows a word of constraints or its bracket.
      regex: {
        match: `(${word(["matches", "and", "or", "not"])}|\\b(?:matching\\s*:|masked(?=\\s*\\()))([\\s(]*)(${entry("Regex").pattern})`,
        captures: { "1": { name: scope("Matches") }, "2": { name: scope("LParen") }, "3": { name: scope("Regex") } },
      },
      declarations: {
        patterns: [
          named(["Fn"], "entity.name.function"),
          named(["Model", "Proposal"], "entity.name.function.model"),
          named(["Type"], "entity.name.type"),
          named(["Lm", "Const", "Let", "Var"], "variable.other.declaration"),
          // As a statement it begins with a value.
          named(["Twist"], "variable.other.declaration", "(?=\\s*=)"),
        ],
      },
      words: { patterns: byScope("word", word).concat(byScope("soft", softWord)) },
      numbers: { name: scope("Number"), match: `(?<![A-Za-z0-9_])${entry("Number").pattern}` },
      names: {
        patterns: [
          { name: `entity.name.function.call${language}`, match: "[A-Za-z_][A-Za-z0-9_]*(?=\\s*\\()" },
          { name: `variable.parameter.named${language}`, match: "[A-Za-z_][A-Za-z0-9_]*(?=\\s*:)" },
          { name: `support.type${language}`, match: `${notMember}\\b(?:${typeNames.join("|")})\\b` },
          { name: scope("Identifier"), match: entry("Identifier").pattern as string },
        ],
      },
      // Braces nest, so that the `}` of a body does not end an interpolation.
      braces: {
        begin: "\\{",
        end: "\\}",
        beginCaptures: { "0": { name: scope("LCurly") } },
        endCaptures: { "0": { name: scope("RCurly") } },
        patterns: [{ include: "#code" }],
      },
      symbols: { patterns: symbols() },
    },
  };
}

function string(mark: string, name: string): TextMateRule {
  return {
    name: name + language,
    begin: mark,
    end: mark === '"' ? '"|$' : mark,
    beginCaptures: { "0": { name: `punctuation.definition.string.begin${language}` } },
    endCaptures: { "0": { name: `punctuation.definition.string.end${language}` } },
    patterns: [
      {
        name: `constant.character.escape${language}`,
        match: "\\\\(?:u\\{[0-9a-fA-F]{1,6}\\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.|$)",
      },
      {
        name: `meta.interpolation${language}`,
        begin: "\\$\\{",
        end: "\\}",
        beginCaptures: { "0": { name: `punctuation.section.interpolation.begin${language}` } },
        endCaptures: { "0": { name: `punctuation.section.interpolation.end${language}` } },
        patterns: [{ include: "#code" }],
      },
    ],
  };
}

/** A declaring word and the name after it. @param follows what stands after the name where the word has other uses */
function named(names: readonly string[], nameScope: string, follows = ""): TextMateRule {
  const texts = names.map((name) => entry(name).text as string);
  return {
    match: `(${word(texts)})\\s+([A-Za-z_][A-Za-z0-9_]*)${follows}`,
    captures: { "1": { name: scope(names[0] as string) }, "2": { name: nameScope + language } },
  };
}

/** `from "…"`, `as name`, `map { … }`: words only in their places. */
function softWord(texts: readonly string[]): string {
  return texts.map((text) => `${notMember}\\b${text}\\b${softPlaces[text] ?? ""}`).join("|");
}
const softPlaces: Readonly<Record<string, string>> = {
  from: '(?=\\s*")',
  as: "(?=\\s+[A-Za-z_])",
  map: "(?=\\s*\\{)",
};

function byScope(role: "word" | "soft", pattern: (texts: readonly string[]) => string): TextMateRule[] {
  const groups = new Map<string, string[]>();
  for (const each of entries) {
    if (each.role !== role || each.text === undefined) continue;
    groups.set(each.scope, [...(groups.get(each.scope) ?? []), each.text]);
  }
  return [...groups].map(([name, texts]) => ({ name: name + language, match: pattern(texts) }));
}

function symbols(): TextMateRule[] {
  return entries
    .filter((each) => each.role === "symbol" && each.text !== "{" && each.text !== "}")
    .sort((a, b) => (b.text as string).length - (a.text as string).length)
    .map((each) => ({ name: each.scope + language, match: quoted(each.text as string) }));
}

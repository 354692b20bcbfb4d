import { createToken, Lexer, type CustomPatternMatcherReturn, type IToken, type TokenType } from "chevrotain";
import { operators } from "./operators.js";
import { scanRegex, scanText } from "./scan.js";
import { tokenTable, type TokenName } from "./tokens.js";

/**
 * The token types of the lexer and the parser, made from the token table. What the table says with a regular expression
 * for editors is matched here by hand where it depends on what surrounds it: strings, regular expressions, numbers.
 */

/** What a token carries when something about it is wrong or has to be said later. */
export interface Flaw {
  readonly flaw: "unclosed" | "malformed" | "quotes" | "broken";
}

/** One open `{` or `${`, innermost last. Reset by `beginLexing`; lexing is synchronous. */
type Opening = "brace" | "template" | "multiline";
let openings: Opening[] = [];
/** How many of `openings` are `"…${` of a string that has to end on its line. */
let inlineTemplates = 0;

/** Must be called before each run of the lexer: string interpolation makes it depend on what is open. */
export function beginLexing(): void {
  openings = [];
  inlineTemplates = 0;
}

type Matcher = (text: string, offset: number, matched: IToken[]) => CustomPatternMatcherReturn | null;

function found(text: string, start: number, end: number, flaw?: Flaw["flaw"]): CustomPatternMatcherReturn {
  const match: CustomPatternMatcherReturn = [text.slice(start, end)];
  if (flaw) match.payload = { flaw } satisfies Flaw;
  return match;
}

const quote = 34;
const isMultiline = (text: string, offset: number) => text.startsWith('"""', offset);

const matchString: Matcher = (text, offset) => {
  if (text.charCodeAt(offset) !== quote) return null;
  const multiline = isMultiline(text, offset);
  const scanned = scanText(text, offset + (multiline ? 3 : 1), multiline);
  if (scanned.stop === "hole") return null;
  return found(text, offset, scanned.end, scanned.stop === "broken" ? "unclosed" : undefined);
};

const matchTemplateHead: Matcher = (text, offset) => {
  if (text.charCodeAt(offset) !== quote) return null;
  const multiline = isMultiline(text, offset);
  const scanned = scanText(text, offset + (multiline ? 3 : 1), multiline);
  openings.push(multiline ? "multiline" : "template");
  if (!multiline) inlineTemplates++;
  return found(text, offset, scanned.end);
};

const inTemplate = (text: string, offset: number): Opening | null => {
  if (text.charCodeAt(offset) !== 125) return null;
  const top = openings.at(-1);
  return top === undefined || top === "brace" ? null : top;
};

const matchTemplateMiddle: Matcher = (text, offset) => {
  const top = inTemplate(text, offset);
  if (!top) return null;
  const scanned = scanText(text, offset + 1, top === "multiline");
  return scanned.stop === "hole" ? found(text, offset, scanned.end) : null;
};

const matchTemplateTail: Matcher = (text, offset) => {
  const code = text.charCodeAt(offset);
  if (code === 10 || code === 13) {
    // A string in single quotes of `"` ends on its line, so an interpolation still open here was never closed.
    if (inlineTemplates === 0) return null;
    openings.length = openings.indexOf("template");
    inlineTemplates = 0;
    return found(text, offset, offset + 1, "broken");
  }
  const top = inTemplate(text, offset);
  if (!top) return null;
  const scanned = scanText(text, offset + 1, top === "multiline");
  openings.pop();
  if (top === "template") inlineTemplates--;
  return found(text, offset, scanned.end, scanned.stop === "broken" ? "unclosed" : undefined);
};

const matchLCurly: Matcher = (text, offset) => {
  if (text.charCodeAt(offset) !== 123) return null;
  openings.push("brace");
  return found(text, offset, offset + 1);
};

const matchRCurly: Matcher = (text, offset) => {
  if (text.charCodeAt(offset) !== 125) return null;
  if (openings.at(-1) === "brace") openings.pop();
  return found(text, offset, offset + 1);
};

const numberPattern = /[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9]+)?/y;
const digitsPattern = /[0-9]+/y;
const wordPattern = /[A-Za-z0-9_]*/y;
const matchNumber: Matcher = (text, offset, matched) => {
  // In `pair.0.1` each of the digits is a position, not the number 0.1.
  const pattern = matched.at(-1)?.tokenType === T.Dot ? digitsPattern : numberPattern;
  pattern.lastIndex = offset;
  if (!pattern.test(text)) return null;
  const end = pattern.lastIndex;
  wordPattern.lastIndex = end;
  wordPattern.test(text);
  const longer = wordPattern.lastIndex;
  const image = text.slice(offset, end);
  return found(text, offset, longer, longer > end || /__|_$|_[.eE]/.test(image) ? "malformed" : undefined);
};

const matchRegex: Matcher = (text, offset, matched) => {
  if (text.charCodeAt(offset) !== 47 || endsOperand(matched)) return null;
  const scanned = scanRegex(text, offset);
  return found(text, offset, scanned.end, scanned.closed ? undefined : "unclosed");
};

/** `/` and `/=`, which follow an operand. */
const matchDivision =
  (sign: string): Matcher =>
  (text, offset, matched) =>
    text.startsWith(sign, offset) && endsOperand(matched) ? found(text, offset, offset + sign.length) : null;

/** Whether an operand has just ended, so that `/` divides it; anywhere else `/` opens a regular expression. */
function endsOperand(matched: readonly IToken[]): boolean {
  const last = matched.at(-1);
  if (last === undefined) return false;
  if (operandEnds.has(last.tokenType)) return true;
  return matched.at(-2)?.tokenType === T.Dot && words.has(last.image);
}

const blockComment = /\/\*[\s\S]*?(?:\*\/|$(?![\s\S]))/y;
const comments = "comments";

const made = {} as Record<TokenName, TokenType>;

/** A word with letters that names cannot have, read as one name so that it is one error. */
const foreignWord = /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy;
const ForeignWord = createToken({
  name: "ForeignWord",
  pattern: (text: string, offset: number) => {
    foreignWord.lastIndex = offset;
    return foreignWord.exec(text);
  },
  // All that is beyond ASCII; chevrotain sorts what is above 255 into classes of 255 codes, one of each will do.
  start_chars_hint: [
    ...Array.from({ length: 128 }, (_, i) => 128 + i),
    ...Array.from({ length: 512 }, (_, i) => 256 + i * 127),
  ],
  line_breaks: false,
});
/** Any word that can be a name: an identifier or a soft word. */
const Identifier = createToken({ name: "Identifier", pattern: /[A-Za-z_][A-Za-z0-9_]*/, longer_alt: ForeignWord });
/** What may stand between two operands. */
export const Infix = createToken({ name: "Infix", pattern: Lexer.NA });
/** An identifier or any word of the language: what may follow `.` or stand before `:`. */
export const Name = createToken({ name: "Name", pattern: Lexer.NA });
Identifier.CATEGORIES = [Name];
made.Identifier = Identifier;

const custom: Partial<Record<TokenName, { matcher: Matcher; starts: readonly string[]; lineBreaks: boolean }>> = {
  Number: { matcher: matchNumber, starts: [..."0123456789"], lineBreaks: false },
  String: { matcher: matchString, starts: ['"'], lineBreaks: true },
  TemplateHead: { matcher: matchTemplateHead, starts: ['"'], lineBreaks: true },
  TemplateMiddle: { matcher: matchTemplateMiddle, starts: ["}"], lineBreaks: true },
  TemplateTail: { matcher: matchTemplateTail, starts: ["}", "\n", "\r"], lineBreaks: true },
  Regex: { matcher: matchRegex, starts: ["/"], lineBreaks: false },
  SlashEqual: { matcher: matchDivision("/="), starts: ["/"], lineBreaks: false },
  Slash: { matcher: matchDivision("/"), starts: ["/"], lineBreaks: false },
  LCurly: { matcher: matchLCurly, starts: ["{"], lineBreaks: false },
  RCurly: { matcher: matchRCurly, starts: ["}"], lineBreaks: false },
};

// `and` and `or` are no operators on booleans, but read as such where they are used so.
const infixTexts = new Set([...operators.keys(), "and", "or"]);

for (const entry of tokenTable) {
  const name = entry.name;
  if (name === "Identifier" || entry.role === "comment") continue;
  const special = custom[name];
  if (special) {
    made[name] = createToken({
      name,
      label: "text" in entry ? `\`${entry.text}\`` : undefined,
      pattern: special.matcher,
      start_chars_hint: [...special.starts],
      line_breaks: special.lineBreaks,
      categories: "text" in entry && infixTexts.has(entry.text) ? [Infix] : [],
    });
    continue;
  }
  const text = (entry as { text: string }).text;
  made[name] = createToken({
    name,
    label: `\`${text}\``,
    pattern: text,
    ...(entry.role === "symbol" ? {} : { longer_alt: Identifier }),
    categories: [
      ...(entry.role === "symbol" ? [] : [entry.role === "soft" ? Identifier : Name]),
      ...(infixTexts.has(text) ? [Infix] : []),
    ],
  });
}

/** The token types by name. */
export const T: Readonly<Record<TokenName, TokenType>> = made;

/** How each word and symbol is written. */
export const textOf: ReadonlyMap<TokenType, string> = new Map(
  tokenTable.flatMap((entry) => ("text" in entry ? [[T[entry.name], entry.text] as const] : [])),
);

const LineComment = createToken({ name: "LineComment", pattern: /\/\/[^\n\r]*/, group: comments });
const BlockComment = createToken({
  name: "BlockComment",
  pattern: (text: string, offset: number) => {
    blockComment.lastIndex = offset;
    return blockComment.exec(text);
  },
  start_chars_hint: ["/"],
  line_breaks: true,
  group: comments,
});
/** `#!/usr/bin/env pgl` on the first line, and the comments of other languages, which are flagged. */
const HashComment = createToken({ name: "HashComment", pattern: /#[^\n\r]*/, group: comments });
const Space = createToken({ name: "Space", pattern: /[ \t\v\f\u00a0\ufeff]+/, group: Lexer.SKIPPED });
const LineBreak = createToken({
  name: "LineBreak",
  pattern: /[\r\n]+[ \t\r\n]*/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});

/**
 * What people write out of habit from other languages. Each is read as what it means there, with an error that says how
 * PGL writes it, so that the rest of the program is still understood.
 */
export interface Habit {
  readonly type: TokenType;
  readonly meant: TokenName;
  readonly written: string;
}
const habit = (name: string, pattern: string | RegExp, meant: TokenName, written: string): Habit => ({
  type: createToken({ name, pattern, line_breaks: false }),
  meant,
  written,
});
export const habits: readonly Habit[] = [
  habit("TripleEqual", "===", "EqualEqual", "=="),
  habit("TripleNotEqual", "!==", "NotEqual", "!="),
  habit("StarStar", "**", "Caret", "^"),
  habit("ColonEqual", ":=", "Equal", "="),
  habit("Ampersand", "&", "AndAnd", "&&"),
  habit("SingleQuoted", /'(?:[^'\\\n\r]|\\[^\n\r])*'?/, "String", '"…"'),
  habit("CurlyQuoted", /“[^”\n\r]*”?/, "String", '"…"'),
  { type: ForeignWord, meant: "Identifier", written: "" },
  habit("Backquoted", /`(?:[^`\\]|\\[\s\S])*`/, "String", '"…"'),
];
export const habitOf = new Map(habits.map((each) => [each.type, each]));

const operandEnds = new Set<TokenType>([
  T.Identifier,
  T.From,
  T.As,
  T.Map,
  T.Number,
  T.String,
  T.TemplateTail,
  T.Regex,
  T.RParen,
  T.RSquare,
  T.RCurly,
  T.True,
  T.False,
  T.None,
  T.Eos,
  ...habits.filter((each) => each.meant === "String" || each.meant === "Identifier").map((each) => each.type),
]);

const words = new Set<string>(tokenTable.flatMap((entry) => (entry.role === "word" ? [entry.text] : [])));

const symbols = tokenTable.filter((entry) => entry.role === "symbol").map((entry) => T[entry.name]);
// Longer words first: `matches` is not `match` and something else.
const wordTypes = tokenTable
  .flatMap((entry) => (entry.role === "word" || entry.role === "soft" ? [entry] : []))
  .sort((a, b) => b.text.length - a.text.length)
  .map((entry) => T[entry.name]);

/** In the order in which they are tried: comments before division, longer symbols before shorter ones. */
export const lexerTokens: TokenType[] = [
  T.TemplateMiddle,
  T.TemplateTail,
  Space,
  LineBreak,
  LineComment,
  BlockComment,
  HashComment,
  T.Regex,
  T.Number,
  T.String,
  T.TemplateHead,
  ...habits.filter((each) => each.written !== "&&" && each.type !== ForeignWord).map((each) => each.type),
  ...wordTypes,
  T.Identifier,
  ForeignWord,
  ...symbols,
  ...habits.filter((each) => each.written === "&&").map((each) => each.type),
  Name,
  Infix,
];

/** What the parser knows: the same without what never reaches it. */
export const parserTokens: TokenType[] = [
  ...tokenTable.filter((e) => e.role !== "comment").map((e) => T[e.name]),
  Name,
  Infix,
];

export const commentGroup = comments;
export const blockCommentType = BlockComment;
export const hashCommentType = HashComment;

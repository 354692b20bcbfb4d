import { GrammarError } from "./error.js";

export type Token =
  | { readonly kind: "name" | "symbol" | "directive"; readonly text: string; readonly at: number }
  | { readonly kind: "number"; readonly text: string; readonly value: number; readonly at: number }
  | {
      readonly kind: "string";
      readonly text: string;
      readonly value: string;
      readonly flags: string;
      readonly at: number;
    }
  | {
      readonly kind: "regex";
      readonly text: string;
      readonly source: string;
      readonly flags: string;
      readonly at: number;
    }
  | { readonly kind: "end"; readonly text: string; readonly at: number };

const SPACE = /(?:[ \t\r\n\f]+|\/\/[^\n]*|#[^\n]*)+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /[0-9]+/y;
const STRING = /"((?:[^"\\\n]|\\[^\n])*)"(i?)/y;
const REGEX = /\/(?![/*])((?:[^\\/\n[]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+)\/([a-z]*)/y;
const DIRECTIVE = /%[a-z_]+/y;
const SYMBOL = /->|\.\.|[:|*+?~()[\]!.,{}]/y;

/** Line and column of an offset, both from 1. */
export function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: before[before.length - 1]!.length + 1 };
}

/** An error at an offset of the grammar's text. */
export function grammarError(text: string, at: number, code: string, message: string, hint?: string): GrammarError {
  const { line, column } = placeOf(text, at);
  return new GrammarError(code, message, line, column, hint === undefined ? {} : { hint });
}

/** @throws GrammarError PGLC020 at the first character that begins no token. */
export function scan(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  while (at < text.length) {
    let found = match(SPACE);
    if (found !== null) {
      at += found[0].length;
      continue;
    }
    const start = at;
    if ((found = match(NAME)) !== null) tokens.push({ kind: "name", text: found[0], at: start });
    else if ((found = match(NUMBER)) !== null) {
      tokens.push({ kind: "number", text: found[0], value: Number(found[0]), at: start });
    } else if ((found = match(STRING)) !== null) {
      const value = unescape(text, start + 1, found[1]!);
      tokens.push({ kind: "string", text: found[0], value, flags: found[2]!, at: start });
    } else if ((found = match(REGEX)) !== null) {
      tokens.push({ kind: "regex", text: found[0], source: found[1]!, flags: found[2]!, at: start });
    } else if ((found = match(DIRECTIVE)) !== null) tokens.push({ kind: "directive", text: found[0], at: start });
    else if ((found = match(SYMBOL)) !== null) tokens.push({ kind: "symbol", text: found[0], at: start });
    else throw unreadable(text, start);
    at += found[0].length;
  }
  tokens.push({ kind: "end", text: "", at });
  return tokens;
}

function unreadable(text: string, at: number): GrammarError {
  const char = String.fromCodePoint(text.codePointAt(at)!);
  if (char === '"')
    return grammarError(text, at, "PGLC020", "This string has no end.", 'It ends with `"` on its line.');
  if (char === "/") {
    return grammarError(text, at, "PGLC020", "This regular expression has no end.", "It ends with `/` on its line.");
  }
  if (char === "'") return grammarError(text, at, "PGLC020", "A string is written in double quotes.", 'Write `"…"`.');
  return grammarError(text, at, "PGLC020", `\`${char}\` has no meaning here.`);
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  f: "\f",
  v: "\v",
  b: "\b",
  "0": "\0",
  "\\": "\\",
  '"': '"',
  "/": "/",
};

function unescape(text: string, at: number, body: string): string {
  const value = body.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|(.))/gsu, (...found) => {
    const [whole, byte, unit, point, char, offset] = found as [string, string, string, string, string, number];
    const code = byte ?? unit ?? point;
    if (code !== undefined) {
      const n = parseInt(code, 16);
      if (n <= 0x10ffff) return unit === undefined ? String.fromCodePoint(n) : String.fromCharCode(n);
    }
    const known = char === undefined ? undefined : ESCAPES[char];
    if (known !== undefined) return known;
    throw grammarError(
      text,
      at + offset,
      "PGLC020",
      `\`${whole}\` is no escape.`,
      'There are `\\n`, `\\r`, `\\t`, `\\\\`, `\\"`, `\\xhh`, `\\uhhhh` and `\\u{h…}`.',
    );
  });
  if (/\p{Surrogate}/u.test(value)) {
    throw grammarError(text, at - 1, "PGLC020", "This string has half of a surrogate pair: no text contains it.");
  }
  return value;
}

import type { NumberLiteral, StringLiteral } from "./ast.js";
import type { IToken } from "chevrotain";
import { decodeTexts, insideQuotes } from "./strings.js";
import type { Flaw } from "./vocabulary.js";

/** The node of a number token; a malformed one, reported by the lexer, counts as what can be read of it. */
export function numberLiteral(token: IToken): NumberLiteral {
  const digits = /^[0-9_]*(?:\.[0-9_]+)?(?:[eE][+-]?[0-9]+)?/.exec(token.image)?.[0] ?? "0";
  return {
    kind: "NumberLiteral",
    value: Number(digits.replaceAll("_", "")),
    integer: !/[.eE]/.test(digits),
    raw: token.image,
    span: { start: token.startOffset, end: token.startOffset + token.image.length },
  };
}

/** The node of a string without `${…}`. */
export function stringLiteral(token: IToken): StringLiteral {
  const image = token.image;
  const multiline = image.startsWith('"""');
  return {
    kind: "StringLiteral",
    value: decodeTexts([between(image, (token.payload as Flaw | undefined)?.flaw)], multiline)[0] as string,
    raw: image,
    multiline,
    span: { start: token.startOffset, end: token.startOffset + image.length },
  };
}

function between(image: string, flaw: Flaw["flaw"] | undefined): string {
  if (flaw === "quotes") return insideQuotes(image);
  const width = image.startsWith('"""') ? 3 : 1;
  return image.slice(width, flaw === "unclosed" ? undefined : -width);
}

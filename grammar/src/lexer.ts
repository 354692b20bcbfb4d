import { Lexer, type IToken, type TokenType } from "chevrotain";
import type { Span } from "./ast.js";
import { problem, type Problem } from "./problem.js";
import { escapeFlaws, insideQuotes } from "./strings.js";
import {
  beginLexing,
  blockCommentType,
  commentGroup,
  habitOf,
  hashCommentType,
  lexerTokens,
  T,
  type Flaw,
} from "./vocabulary.js";

export interface Comment extends Span {
  readonly kind: "line" | "doc" | "block";
  /** As written. */
  readonly text: string;
}

export interface Lexed {
  readonly tokens: IToken[];
  /** In source order. */
  readonly comments: readonly Comment[];
  readonly problems: readonly Problem[];
}

let lexer: Lexer | undefined;

/** The lexer with all of chevrotain's checks of its token definitions, for the tests. */
export const validatedLexer = () =>
  new Lexer(lexerTokens, { positionTracking: "onlyOffset", ensureOptimizations: true });

/** Cuts a text into tokens. Never throws: what cannot be read is left out and reported. */
export function lex(text: string): Lexed {
  lexer ??= new Lexer(lexerTokens, {
    positionTracking: "onlyOffset",
    ensureOptimizations: true,
    skipValidations: true,
  });
  beginLexing();
  const result = lexer.tokenize(text);
  const problems: Problem[] = [];
  for (const error of result.errors) problems.push(unexpectedCharacters(text, error.offset, error.length));
  const comments = (result.groups[commentGroup] ?? []).map((token) => comment(token, text, problems));
  for (const token of result.tokens) examine(token, problems);
  return { tokens: result.tokens, comments, problems };
}

function comment(token: IToken, text: string, problems: Problem[]): Comment {
  const start = token.startOffset;
  const end = start + token.image.length;
  if (token.tokenType === blockCommentType) {
    if (!/^\/\*[\s\S]*\*\/$/.test(token.image) || token.image === "/*/") {
      problems.push(
        problem("PGL1005", { start, end: start + 2 }, "this comment is never closed", { hint: "close it with `*/`" }),
      );
    }
    return { kind: "block", text: token.image, start, end };
  }
  if (token.tokenType === hashCommentType && !(start === 0 && token.image.startsWith("#!"))) {
    problems.push(
      problem("PGL1008", { start, end: start + 1 }, "comments begin with `//`, not with `#`", {
        fix: { span: { start, end: start + 1 }, text: "//" },
      }),
    );
  }
  const doc = /^\/\/\/(?!\/)/.test(token.image);
  if (
    !doc &&
    /^\/\/ ?\d+(?:\.\d+)?\s*$/.test(token.image) &&
    /[\w)\]][ \t]*$/.test(text.slice(Math.max(0, start - 40), start))
  ) {
    problems.push(
      problem("PGL1032", { start, end }, "`//` begins a comment here; it does not divide", {
        severity: "warning",
        hint: "floor division is written `int_div(a, b)`",
      }),
    );
  }
  return { kind: doc ? "doc" : "line", text: token.image, start, end };
}

function unexpectedCharacters(text: string, offset: number, length: number): Problem {
  const span = { start: offset, end: offset + length };
  const characters = text.slice(offset, offset + length);
  const shown = characters.length > 12 ? `${characters.slice(0, 12)}…` : characters;
  if (/[“”„«»‘’]/.test(characters)) {
    return problem("PGL1001", span, `unexpected \`${shown}\``, {
      hint: 'strings are written in straight double quotes, `"…"`',
    });
  }
  const visible = shown.replace(
    /[\p{C}\p{Z}]/gu,
    (char) => `U+${(char.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
  return problem("PGL1001", span, `unexpected character${characters.length > 1 ? "s" : ""} \`${visible}\``);
}

const textual = new Set<TokenType>([T.String, T.TemplateHead, T.TemplateMiddle, T.TemplateTail]);

/** Reports what is wrong with a token by itself, and turns what people write out of habit into what they meant. */
function examine(token: IToken, problems: Problem[]): void {
  const start = token.startOffset;
  const end = start + token.image.length;
  const span = { start, end };
  const habit = habitOf.get(token.tokenType);
  if (habit) {
    token.tokenType = T[habit.meant];
    token.tokenTypeIdx = token.tokenType.tokenTypeIdx as number;
    if (habit.meant === "Identifier") {
      problems.push(
        problem("PGL1001", span, `\`${token.image}\` cannot be a name`, {
          hint: "names are made of the letters a to z, digits and `_`; other letters belong in strings and comments",
        }),
      );
    } else if (habit.meant === "String") {
      token.payload = { flaw: "quotes" } satisfies Flaw;
      const inside = insideQuotes(token.image);
      const replacement = `"${inside
        .replace(/\\(['`])/g, "$1")
        .replace(/(?<!\\)"/g, '\\"')
        .replace(/\r?\n/g, "\\n")}"`;
      problems.push(
        problem("PGL1007", span, "strings are written in double quotes", { fix: { span, text: replacement } }),
      );
    } else {
      problems.push(
        problem("PGL1008", span, `\`${token.image}\` is written \`${habit.written}\` in PGL`, {
          fix: { span, text: habit.written },
        }),
      );
    }
    return;
  }
  const flaw = (token.payload as Flaw | undefined)?.flaw;
  if (token.tokenType === T.Number) {
    if (flaw === "malformed") problems.push(malformedNumber(token, span));
    else if (!/[.eE]/.test(token.image) && !Number.isSafeInteger(Number(token.image.replaceAll("_", "")))) {
      problems.push(
        problem("PGL1004", span, "this integer is too large to be exact", {
          hint: "integers go up to 9007199254740991; write it with an exponent to make it a float, as in `1e18`",
        }),
      );
    } else if (!Number.isFinite(Number(token.image.replaceAll("_", "")))) {
      problems.push(problem("PGL1004", span, "this number is too large", { hint: "infinity is written `inf`" }));
    }
    return;
  }
  if (token.tokenType === T.Regex) {
    if (flaw === "unclosed") {
      problems.push(
        problem("PGL1006", { start, end: start + 1 }, "this regular expression is not closed on its line", {
          hint: "close it with `/`",
        }),
      );
      return;
    }
    const slash = token.image.lastIndexOf("/");
    const flags = token.image.slice(slash + 1);
    if (!/^[imsuv]*$/.test(flags) || new Set(flags).size < flags.length) {
      problems.push(
        problem("PGL1006", { start: start + slash + 1, end }, `\`${flags}\` are not flags of a regular expression`, {
          hint: "the flags are `i`, `m`, `s`, `u` and `v`, each at most once; a word after it needs a space",
        }),
      );
    }
    return;
  }
  if (!textual.has(token.tokenType)) return;
  if (flaw === "unclosed") {
    const multiline = token.tokenType === T.String ? token.image.startsWith('"""') : undefined;
    problems.push(
      problem(
        "PGL1002",
        token.tokenType === T.String ? { start, end: start + (multiline ? 3 : 1) } : { start: end, end },
        multiline ? 'this string is never closed: `"""` is missing' : "this string is not closed on its line",
        { hint: multiline ? undefined : 'close it with `"`; a text of several lines stands between `"""` and `"""`' },
      ),
    );
  } else if (flaw === "broken") {
    // The layout knows where the string began, and says so.
    return;
  }
  for (const found of escapeFlaws(token.image)) {
    problems.push(problem("PGL1003", { start: start + found.start, end: start + found.end }, found.reason));
  }
}

function malformedNumber(token: IToken, span: Span): Problem {
  const image = token.image;
  if (/^0[xXbBoO]/.test(image)) {
    const value = Number(image.replaceAll("_", ""));
    return problem("PGL1004", span, "numbers are written in decimal", {
      fix: Number.isFinite(value) ? { span, text: String(value) } : undefined,
    });
  }
  if (/_/.test(image) && !/[A-Za-z]/.test(image.replace(/[eE][+-]?\d/, ""))) {
    return problem("PGL1004", span, "`_` in a number stands between two digits, as in `10_000`");
  }
  return problem("PGL1004", span, `\`${image}\` is not a number`, {
    hint: "names do not begin with a digit; a product is written with `*`",
  });
}

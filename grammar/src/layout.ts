import { createTokenInstance, type IToken, type TokenType } from "chevrotain";
import type { Span } from "./ast.js";
import type { Comment } from "./lexer.js";
import { problem, type Problem } from "./problem.js";
import { T, type Flaw } from "./vocabulary.js";

/**
 * Between lexer and parser: which lines begin something new, which brackets belong together, and the repair of those that
 * do not, so that the parser sees balanced brackets and one missing `)` is one error.
 */

/** A token as the parser sees it. */
export interface Placed extends IToken {
  /** Its place among the tokens. */
  index: number;
  /** The first on its line, where lines count: not inside `(…)`, `[…]` or `${…}`. */
  newline: boolean;
  /** How many brackets it is inside; an opening or closing bracket is outside of its own pair. */
  depth: number;
  /** For a bracket, the index of its partner; -1 for any other token. */
  match: number;
}

export interface Layout {
  readonly tokens: Placed[];
  /** The `///` text above a token that a declaration may begin with. */
  readonly docs: ReadonlyMap<Placed, string>;
  readonly problems: readonly Problem[];
  /** Stretches in which something was repaired: what the parser has to say about them would be about the repair. */
  readonly damaged: readonly Span[];
}

/** More brackets inside each other than this are refused: the recursion of everything that follows needs a bound. */
export const maximumNesting = 150;

const closerOf = new Map<TokenType, TokenType>([
  [T.LParen, T.RParen],
  [T.LSquare, T.RSquare],
  [T.LCurly, T.RCurly],
  [T.TemplateHead, T.TemplateTail],
]);
const closers = new Set<TokenType>(closerOf.values());
const symbolOf = new Map<TokenType, string>([
  [T.LParen, "("],
  [T.LSquare, "["],
  [T.LCurly, "{"],
  [T.TemplateHead, "${"],
  [T.RParen, ")"],
  [T.RSquare, "]"],
  [T.RCurly, "}"],
  [T.TemplateTail, "}"],
]);

const declarationWords = new Set<TokenType>([T.Model, T.Query, T.Lm, T.Type, T.Const, T.Fn]);
const documented = new Set<TokenType>([...declarationWords, T.Export, T.Proposal]);
const statementWords = new Set<TokenType>([
  T.Let, T.Var, T.Observe, T.Condition, T.Factor, T.Twist, T.Step, T.For, T.While, T.Break, T.Continue, T.Return, T.Fn,
]);
const unfinished = new Set<TokenType>([
  T.Comma, T.Plus, T.Minus, T.Star, T.Slash, T.Percent, T.Caret, T.EqualEqual, T.NotEqual, T.Less, T.LessEqual, T.GreaterEqual,
  T.AndAnd, T.OrOr, T.QuestionQuestion, T.In, T.DotDot, T.Dot, T.Equal, T.Colon, T.FatArrow, T.Bang, T.Tilde, T.Matches,
  T.LParen, T.LSquare, T.LCurly, T.TemplateHead, T.TemplateMiddle, T.And, T.Or, T.Not, T.Bar, T.Sample, T.Ellipsis,
]);
const continuing = new Set<TokenType>([
  T.Comma, T.Plus, T.Minus, T.Star, T.Slash, T.Percent, T.Caret, T.EqualEqual, T.NotEqual, T.Less, T.LessEqual, T.Greater,
  T.GreaterEqual, T.AndAnd, T.OrOr, T.QuestionQuestion, T.In, T.DotDot, T.Dot, T.FatArrow, T.Matches, T.And, T.Or, T.Using,
  T.Proposal, T.Else, T.Bar,
]);

interface Open {
  readonly index: number;
  readonly type: TokenType;
  /** Where a forgotten `)` most likely belongs: before the first line that begins at its level with something new. */
  guess: number | undefined;
}

interface Repair {
  readonly insertions: { readonly before: number; readonly type: TokenType }[];
  readonly dropped: Set<number>;
  readonly problems: Problem[];
  readonly damaged: Span[];
  /** Whether a `{` was still open at the end of the file. */
  openAtEnd: boolean;
}

/** Places the tokens of a text; `starts` are its `lineStarts`. */
export function layout(raw: readonly IToken[], comments: readonly Comment[], starts: readonly number[], length: number): Layout {
  const lines = placeOnLines(raw, starts);
  let repair = balance(raw, lines, false, length);
  if (repair.openAtEnd) {
    // Something is missing anyway: now an unindented `fn` is taken for the next declaration, not for a local function.
    const again = balance(raw, lines, true, length);
    if (!again.openAtEnd) repair = again;
  }
  const tokens = assemble(raw, lines, repair);
  return { tokens, docs: attachDocs(tokens, comments, starts), problems: repair.problems, damaged: repair.damaged };
}

interface Lines {
  /** The first token on its line. */
  readonly first: readonly boolean[];
  /** At the very beginning of its line. */
  readonly unindented: readonly boolean[];
}

function placeOnLines(raw: readonly IToken[], starts: readonly number[]): Lines {
  const first: boolean[] = [];
  const unindented: boolean[] = [];
  let line = 0;
  let previousEnd = -1;
  for (const token of raw) {
    while ((starts[line + 1] ?? Infinity) <= token.startOffset) line++;
    first.push(line > previousEnd);
    unindented.push(starts[line] === token.startOffset);
    const end = token.startOffset + token.image.length - 1;
    while ((starts[line + 1] ?? Infinity) <= end) line++;
    previousEnd = line;
  }
  return { first, unindented };
}

const spanOf = (token: IToken): Span => ({ start: token.startOffset, end: token.startOffset + token.image.length });

function balance(raw: readonly IToken[], lines: Lines, functionsAtMargin: boolean, length: number): Repair {
  const repair: Repair = { insertions: [], dropped: new Set(), problems: [], damaged: [], openAtEnd: false };
  const stack: Open[] = [];
  let tooDeep: number | undefined;
  /** The last token that the lexer found fault with. */
  let lastFlaw = -1;

  /** Closes the innermost bracket where it should have been closed, at the latest before token `at`. */
  const closeMissing = (at: number) => {
    const open = stack.pop() as Open;
    const opener = raw[open.index] as IToken;
    const before = open.guess ?? at;
    repair.insertions.push({ before, type: closerOf.get(open.type) as TokenType });
    const previous = raw[before - 1] as IToken;
    const end = spanOf(previous).end;
    if (opener.tokenType === T.TemplateHead) {
      // A string broken off at the end of its line was reported by the lexer.
      if (lastFlaw < open.index) {
        repair.problems.push(
          problem("PGL1002", { start: spanOf(opener).end - 2, end: spanOf(opener).end }, "this `${` is never closed", {
            hint: "close it with `}`",
          }),
        );
      }
      repair.damaged.push({ start: opener.startOffset, end: raw[at]?.startOffset ?? length });
      return;
    }
    const symbol = symbolOf.get(closerOf.get(open.type) as TokenType) as string;
    repair.problems.push(
      problem("PGL1010", spanOf(opener), `this \`${symbolOf.get(open.type)}\` is never closed`, {
        hint: `close it with \`${symbol}\``,
        fix: { span: { start: end, end }, text: open.type === T.LCurly ? `\n${symbol}` : symbol },
      }),
    );
    if (open.type !== T.LCurly) repair.damaged.push({ start: opener.startOffset, end });
  };

  for (let i = 0; i < raw.length; i++) {
    const token = raw[i] as IToken;
    const type = token.tokenType;
    const flaw = (token.payload as Flaw | undefined)?.flaw;
    if (flaw) lastFlaw = i;
    if (lines.first[i] && stack.length > 0) {
      if (beginsDeclaration(raw, i, lines, functionsAtMargin)) {
        while (stack.length > 0) closeMissing(i);
      } else if (statementWords.has(type) && raw[i + 1]?.tokenType !== T.Colon) {
        while (stack.length > 0 && isRound(stack.at(-1) as Open)) closeMissing(i);
      }
      const top = stack.at(-1);
      if (top && isRound(top) && top.guess === undefined && i > top.index + 1) {
        if (!unfinished.has((raw[i - 1] as IToken).tokenType) && !continuing.has(type) && !closers.has(type)) top.guess = i;
      }
    }
    if (closerOf.has(type)) {
      stack.push({ index: i, type, guess: undefined });
      if (stack.length === maximumNesting + 1) {
        tooDeep = i;
        repair.problems.push(
          problem("PGL1009", spanOf(token), `brackets are nested more than ${maximumNesting} deep here`, {
            hint: "give inner parts names of their own with `let` or `fn`",
          }),
        );
      }
      continue;
    }
    if (!closers.has(type)) continue;
    if (flaw === "broken") {
      // It stands for the end of every string of the line.
      const bottom = stack.findIndex((open) => open.type === T.TemplateHead && !isMultilineHead(raw[open.index] as IToken));
      while (bottom >= 0 && stack.length > bottom + 1) closeMissing(i);
    }
    const wanted = findOpener(stack, type);
    if (wanted >= 0) {
      while (stack.length > wanted + 1) closeMissing(i);
      const open = stack.pop() as Open;
      if (tooDeep === open.index) {
        for (let inner = open.index + 1; inner < i; inner++) repair.dropped.add(inner);
        repair.damaged.push({ start: (raw[open.index] as IToken).startOffset, end: spanOf(token).end });
        repair.insertions.splice(0, Infinity, ...repair.insertions.filter(({ before }) => before <= open.index || before > i));
        tooDeep = undefined;
      }
      continue;
    }
    const top = stack.at(-1);
    if (top && isRound(top) && type !== T.TemplateTail) {
      const right = closerOf.get(top.type) as TokenType;
      if (raw[i + 1]?.tokenType !== right) {
        const symbol = symbolOf.get(right) as string;
        repair.problems.push(
          problem("PGL1010", spanOf(token), `expected \`${symbol}\` to close \`${symbolOf.get(top.type)}\`, found \`${token.image}\``, {
            fix: { span: spanOf(token), text: symbol },
            related: [{ span: spanOf(raw[top.index] as IToken), message: "opened here" }],
          }),
        );
        repair.dropped.add(i);
        repair.insertions.push({ before: i, type: right });
        stack.pop();
        continue;
      }
    }
    repair.dropped.add(i);
    repair.problems.push(
      problem("PGL1011", spanOf(token), `nothing opens this \`${token.image.slice(0, 1)}\``, {
        hint: "take it away, or open it where it belongs",
        fix: { span: spanOf(token), text: "" },
      }),
    );
  }
  if (tooDeep !== undefined) {
    // The rest of the file is inside: leave it out rather than parse half of it.
    const open = tooDeep;
    for (let inner = open + 1; inner < raw.length; inner++) repair.dropped.add(inner);
    repair.insertions.splice(0, Infinity, ...repair.insertions.filter(({ before }) => before <= open));
    repair.damaged.push({ start: raw[open]?.startOffset ?? 0, end: length });
    const reported = repair.problems.length;
    while (stack.length > 0) closeMissing(raw.length);
    repair.problems.length = reported;
    return repair;
  }
  while (stack.length > 0) {
    if ((stack.at(-1) as Open).type === T.LCurly) repair.openAtEnd = true;
    closeMissing(raw.length);
  }
  return repair;
}

const isRound = (open: Open) => open.type === T.LParen || open.type === T.LSquare;
const isMultilineHead = (token: IToken) => token.image.startsWith('"""');

/** The opener in the stack that `closer` closes, or -1; brackets do not reach out of the `${…}` they are in. */
function findOpener(stack: readonly Open[], closer: TokenType): number {
  for (let i = stack.length - 1; i >= 0; i--) {
    const open = stack[i] as Open;
    if (closerOf.get(open.type) === closer) return i;
    if (open.type === T.TemplateHead) return -1;
  }
  return -1;
}

/** Whether token `i`, the first on its line, can only be the beginning of a declaration. */
function beginsDeclaration(raw: readonly IToken[], i: number, lines: Lines, functionsAtMargin: boolean): boolean {
  const type = (raw[i] as IToken).tokenType;
  const next = raw[i + 1]?.tokenType;
  if (next === undefined) return false;
  if (type === T.Import) return next === T.LCurly && lines.unindented[i] === true;
  if (type === T.Export) return declarationWords.has(next) || next === T.Proposal;
  if (type === T.Proposal) {
    if (next !== T.Identifier || !lines.unindented[i]) return false;
    const after = raw[i + 2]?.tokenType;
    return after === T.For || after === T.LParen;
  }
  if (type === T.Fn) return functionsAtMargin && lines.unindented[i] === true && next === T.Identifier;
  if (type === T.Const) return lines.unindented[i] === true && next === T.Identifier;
  return declarationWords.has(type) && next === T.Identifier;
}

function assemble(raw: readonly IToken[], lines: Lines, repair: Repair): Placed[] {
  // Insertions made for outer brackets come later in the list, as they have to close later.
  const insertions = [...repair.insertions].sort((a, b) => a.before - b.before);
  const tokens: Placed[] = [];
  const stack: Placed[] = [];
  let nextInsertion = 0;
  let pendingLine = false;

  const place = (token: IToken, firstOnLine: boolean) => {
    const placed = token as Placed;
    const top = stack.at(-1);
    placed.index = tokens.length;
    placed.newline = firstOnLine && (top === undefined || top.tokenType === T.LCurly);
    placed.match = -1;
    if (closers.has(placed.tokenType) && top && closerOf.get(top.tokenType) === placed.tokenType) {
      stack.pop();
      top.match = placed.index;
      placed.match = top.index;
      placed.depth = stack.length;
      // A closing bracket at the beginning of a line counts by what it closes.
      placed.newline = firstOnLine && (stack.at(-1) === undefined || stack.at(-1)?.tokenType === T.LCurly);
    } else {
      placed.depth = placed.tokenType === T.TemplateMiddle ? stack.length - 1 : stack.length;
      if (closerOf.has(placed.tokenType)) stack.push(placed);
    }
    tokens.push(placed);
  };
  const insertBefore = (index: number) => {
    for (; nextInsertion < insertions.length; nextInsertion++) {
      const insertion = insertions[nextInsertion] as Repair["insertions"][number];
      if (insertion.before > index) return;
      const previous = tokens.at(-1);
      const at = previous ? previous.startOffset + previous.image.length : 0;
      place(createTokenInstance(insertion.type, "", at, at - 1, NaN, NaN, NaN, NaN), false);
    }
  };

  raw.forEach((token, i) => {
    insertBefore(i);
    if (lines.first[i]) pendingLine = true;
    if (repair.dropped.has(i)) return;
    place(token, pendingLine);
    pendingLine = false;
  });
  insertBefore(Infinity);
  return tokens;
}

function attachDocs(tokens: readonly Placed[], comments: readonly Comment[], starts: readonly number[]): ReadonlyMap<Placed, string> {
  const docs = new Map<Placed, string>();
  let next = 0;
  let line = 0;
  const lineOf = (offset: number) => {
    while ((starts[line + 1] ?? Infinity) <= offset) line++;
    return line;
  };
  for (const token of tokens) {
    let run: string[] = [];
    let lastLine = -2;
    while (next < comments.length && (comments[next] as Comment).start < token.startOffset) {
      const comment = comments[next++] as Comment;
      const at = lineOf(comment.start);
      if (comment.kind !== "doc") run = [];
      else {
        if (at !== lastLine + 1) run = [];
        run.push(comment.text.slice(3).replace(/^ /, "").trimEnd());
      }
      lastLine = at;
    }
    if (run.length > 0 && documented.has(token.tokenType) && lineOf(token.startOffset) === lastLine + 1) {
      docs.set(token, run.join("\n"));
    }
  }
  return docs;
}

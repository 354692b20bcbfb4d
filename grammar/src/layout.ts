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
export const maximumNesting = 120;

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
const documented = new Set<TokenType>([...declarationWords, T.Export, T.Proposal, T.Twist]);
const statementWords = new Set<TokenType>([
  T.Let,
  T.Var,
  T.Observe,
  T.Condition,
  T.Factor,
  T.Twist,
  T.Step,
  T.For,
  T.While,
  T.Break,
  T.Continue,
  T.Return,
  T.Fn,
]);
const unfinished = new Set<TokenType>([
  T.Comma,
  T.Plus,
  T.Minus,
  T.Star,
  T.Slash,
  T.Percent,
  T.Caret,
  T.EqualEqual,
  T.NotEqual,
  T.Less,
  T.LessEqual,
  T.GreaterEqual,
  T.AndAnd,
  T.OrOr,
  T.QuestionQuestion,
  T.In,
  T.DotDot,
  T.Dot,
  T.Equal,
  T.Colon,
  T.FatArrow,
  T.Bang,
  T.Tilde,
  T.Matches,
  T.LParen,
  T.LSquare,
  T.LCurly,
  T.TemplateHead,
  T.TemplateMiddle,
  T.And,
  T.Or,
  T.Not,
  T.Bar,
  T.Sample,
  T.Ellipsis,
]);
const continuing = new Set<TokenType>([
  T.Comma,
  T.Plus,
  T.Minus,
  T.Star,
  T.Slash,
  T.Percent,
  T.Caret,
  T.EqualEqual,
  T.NotEqual,
  T.Less,
  T.LessEqual,
  T.Greater,
  T.GreaterEqual,
  T.AndAnd,
  T.OrOr,
  T.QuestionQuestion,
  T.In,
  T.DotDot,
  T.Dot,
  T.FatArrow,
  T.Matches,
  T.And,
  T.Or,
  T.Using,
  T.Proposal,
  T.Else,
  T.Bar,
]);

/** What a value or type may end with, after which no `{` can follow but that of a body. */
const beforeNoBrace = new Set<TokenType>([
  T.Identifier,
  T.Number,
  T.String,
  T.TemplateTail,
  T.RParen,
  T.RSquare,
  T.True,
  T.False,
  T.None,
  T.Eos,
  T.Greater,
  T.Question,
]);
/** After these, `{` opens a record type. */
const beforeTypes = new Set<TokenType>([T.Colon, T.Bar, T.Arrow, T.WavyArrow, T.Comma, T.Less]);

interface Open {
  readonly index: number;
  readonly type: TokenType;
  /** Where a forgotten `)` most likely belongs: before the first line that begins at its level with something new. */
  guess: number | undefined;
  /** Whether it holds a list, in which no statement can be: round and square brackets, patterns and maps. */
  readonly list: boolean;
  /** How many `if` and `match` at its level still wait for their `{`. */
  branches: number;
}

/** A word whose `{` is still to come, as `model` or `for`. */
interface Header {
  readonly index: number;
  readonly depth: number;
}

/** How freely the repair may guess. Programs whose brackets are in order are never guessed about. */
type Guessing = "none" | "lines" | "margins";

interface Repair {
  readonly insertions: { readonly before: number; readonly type: TokenType }[];
  readonly dropped: Set<number>;
  readonly problems: Problem[];
  readonly damaged: Span[];
  tooDeep: boolean;
}

/** Places the tokens of a text; `starts` are its `lineStarts`. */
export function layout(
  raw: readonly IToken[],
  comments: readonly Comment[],
  starts: readonly number[],
  length: number,
): Layout {
  const lines = placeOnLines(raw, starts);
  let repair = balance(raw, lines, "none", length);
  if (repair.problems.length > 0 && !repair.tooDeep) {
    // Something is missing: now lines that can only begin a statement or declaration say where. An unindented `fn` may
    // be a local function, so it counts as a declaration only where that leaves fewer brackets open.
    repair = balance(raw, lines, "lines", length);
    const other = balance(raw, lines, "margins", length);
    if (other.problems.length < repair.problems.length) repair = other;
  }
  const tokens = assemble(raw, lines, repair);
  return { tokens, docs: attachDocs(tokens, comments, starts), problems: repair.problems, damaged: repair.damaged };
}

interface Lines {
  /** The first token on its line. */
  readonly first: readonly boolean[];
  /** How far the line is indented that the token is on. */
  readonly indent: readonly number[];
  /** The line that the token begins on, from 0. */
  readonly line: readonly number[];
}

function placeOnLines(raw: readonly IToken[], starts: readonly number[]): Lines {
  const first: boolean[] = [];
  const indent: number[] = [];
  const on: number[] = [];
  let line = 0;
  let previousEnd = -1;
  let current = 0;
  for (const token of raw) {
    while ((starts[line + 1] ?? Infinity) <= token.startOffset) line++;
    const isFirst = line > previousEnd;
    if (isFirst) current = token.startOffset - (starts[line] as number);
    first.push(isFirst);
    indent.push(current);
    on.push(line);
    const end = token.startOffset + token.image.length - 1;
    while ((starts[line + 1] ?? Infinity) <= end) line++;
    previousEnd = line;
  }
  return { first, indent, line: on };
}

const spanOf = (token: IToken): Span => ({ start: token.startOffset, end: token.startOffset + token.image.length });

function balance(raw: readonly IToken[], lines: Lines, guessing: Guessing, length: number): Repair {
  const repair: Repair = { insertions: [], dropped: new Set(), problems: [], damaged: [], tooDeep: false };
  const stack: Open[] = [];
  const guess = guessing !== "none";
  let tooDeep: number | undefined;
  /** The last token that the lexer found fault with. */
  let lastFlaw = -1;
  /** Words that wait for their `{`; and of the declaration at hand, those whose `{` did not come. */
  const headers: Header[] = [];
  let bodiless: { readonly header: Header; readonly before: number }[] = [];
  /** `{`s whose `}` stood where an outer one would be expected, by the indentation. */
  const suspects: number[] = [];

  /** Closes the innermost bracket where it should have been closed, at the latest before token `at`. */
  const closeMissing = (at: number) => {
    const open = stack.pop() as Open;
    const opener = raw[open.index] as IToken;
    const before = (guess ? open.guess : undefined) ?? at;
    repair.insertions.push({ before, type: closerOf.get(open.type) as TokenType });
    const end = spanOf(raw[before - 1] as IToken).end;
    if (open.type === T.TemplateHead) {
      // A string broken off at the end of its line is reported as that.
      if (lastFlaw < open.index) repair.problems.push(unclosedHole(opener));
      repair.damaged.push({ start: opener.startOffset, end: raw[at]?.startOffset ?? length });
      return;
    }
    const symbol = symbolOf.get(closerOf.get(open.type) as TokenType) as string;
    const suspect = open.type === T.LCurly ? suspects.find((index) => index > open.index && index < at) : undefined;
    repair.problems.push(
      problem(
        "PGL1010",
        spanOf(raw[suspect ?? open.index] as IToken),
        `this \`${symbolOf.get(open.type)}\` is never closed`,
        {
          hint: `close it with \`${symbol}\``,
          ...(suspect === undefined
            ? { fix: { span: { start: end, end }, text: open.type === T.LCurly ? `\n${symbol}` : symbol } }
            : { related: [{ span: spanOf(opener), message: "or this one, going by the brackets alone" }] }),
        },
      ),
    );
    if (open.type !== T.LCurly) repair.damaged.push({ start: opener.startOffset, end });
  };

  for (let i = 0; i < raw.length; i++) {
    const token = raw[i] as IToken;
    const type = token.tokenType;
    const flaw = (token.payload as Flaw | undefined)?.flaw;
    if (flaw) lastFlaw = i;
    if (guess) {
      if (lines.first[i]) {
        if (stack.length > 0 && beginsDeclaration(raw, i, lines, guessing === "margins")) {
          while (stack.length > 0) closeMissing(i);
        } else if (statementWords.has(type) && raw[i + 1]?.tokenType !== T.Colon) {
          while (stack.at(-1)?.list) closeMissing(i);
        }
        const top = stack.at(-1);
        const fresh =
          i > 0 && !unfinished.has((raw[i - 1] as IToken).tokenType) && !continuing.has(type) && !closers.has(type);
        if (top?.list && top.guess === undefined && i > top.index + 1 && fresh) top.guess = i;
        const header = headers.at(-1);
        if (header && header.depth === stack.length && fresh && type !== T.LCurly) {
          headers.pop();
          bodiless.push({ header, before: i });
        }
        if (stack.length === 0 && documented.has(type)) bodiless = [];
      }
      while ((headers.at(-1)?.depth ?? -1) > stack.length) headers.pop();
      if (opensBody(raw, i, lines)) headers.push({ index: i, depth: stack.length });
      else if (
        type === T.Equal &&
        raw[headers.at(-1)?.index ?? -1]?.tokenType === T.Fn &&
        headers.at(-1)?.depth === stack.length
      ) {
        headers.pop();
      }
      const top = stack.at(-1);
      if (top && (type === T.If || type === T.Match)) top.branches++;
      if (type === T.LCurly) {
        const previous = raw[i - 1]?.tokenType;
        if (top && isRound(top.type) && top.branches === 0 && previous && beforeNoBrace.has(previous)) {
          // No value goes on with `{`: it is out of place, or, as in `if f(x {`, a bracket was to be closed before it.
          if (closedOnLine(raw, i, lines, top.type)) {
            repair.dropped.add(i);
            repair.problems.push(
              problem("PGL1011", spanOf(token), "no `{` can stand here, and nothing closes it", {
                fix: { span: spanOf(token), text: "" },
              }),
            );
            continue;
          }
          while (stack.length > 0 && isRound((stack.at(-1) as Open).type)) closeMissing(i);
        }
        const now = stack.at(-1);
        if (now && now.branches > 0) now.branches--;
        if (headers.at(-1)?.depth === stack.length && previous && !beforeTypes.has(previous)) headers.pop();
      }
    }
    if (closerOf.has(type)) {
      const before = raw[i - 1]?.tokenType;
      const list = isRound(type) || (type === T.LCurly && (before === T.Let || before === T.Var || before === T.Map));
      stack.push({ index: i, type, guess: undefined, list, branches: 0 });
      if (stack.length === maximumNesting + 1) {
        tooDeep = i;
        repair.tooDeep = true;
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
      const bottom = stack.findIndex(
        (open) => open.type === T.TemplateHead && !isMultilineHead(raw[open.index] as IToken),
      );
      while (bottom >= 0 && stack.length > bottom + 1) closeMissing(i);
      if (bottom >= 0) {
        const head = raw[(stack[bottom] as Open).index] as IToken;
        repair.problems.push(unclosedHole(head));
        repair.damaged.push({ start: head.startOffset, end: token.startOffset });
      }
    }
    const wanted = guess && isStray(raw, i, lines, stack) ? -2 : findOpener(stack, type);
    if (wanted >= 0) {
      while (stack.length > wanted + 1) closeMissing(i);
      const open = stack.pop() as Open;
      if (tooDeep === open.index) {
        for (let inner = open.index + 1; inner < i; inner++) repair.dropped.add(inner);
        repair.damaged.push({ start: (raw[open.index] as IToken).startOffset, end: spanOf(token).end });
        repair.insertions.splice(
          0,
          Infinity,
          ...repair.insertions.filter(({ before }) => before <= open.index || before > i),
        );
        tooDeep = undefined;
      }
      if (type === T.RCurly && lines.first[i] && (lines.indent[i] as number) < (lines.indent[open.index] as number)) {
        if (stack.some((outer) => lines.indent[outer.index] === lines.indent[i])) suspects.push(open.index);
      }
      continue;
    }
    const top = stack.at(-1);
    if (wanted === -1 && top && isRound(top.type) && type !== T.TemplateTail) {
      const right = closerOf.get(top.type) as TokenType;
      if (raw[i + 1]?.tokenType !== right) {
        const symbol = symbolOf.get(right) as string;
        repair.problems.push(
          problem(
            "PGL1010",
            spanOf(token),
            `expected \`${symbol}\` to close \`${symbolOf.get(top.type)}\`, found \`${token.image}\``,
            {
              fix: { span: spanOf(token), text: symbol },
              related: [{ span: spanOf(raw[top.index] as IToken), message: "opened here" }],
            },
          ),
        );
        repair.dropped.add(i);
        repair.insertions.push({ before: i, type: right });
        stack.pop();
        continue;
      }
    }
    const headless = type === T.RCurly && stack.length === 0 ? bodiless.pop() : undefined;
    if (headless) {
      // One `}` too many, and a header without its `{`.
      repair.insertions.push({ before: headless.before, type: T.LCurly });
      repair.problems.push(missingBody(raw, headless.header.index, headless.before));
      bodiless = [];
      continue;
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
  while (stack.length > 0) closeMissing(raw.length);
  return repair;
}

function unclosedHole(head: IToken): Problem {
  const { end } = spanOf(head);
  const multiline = isMultilineHead(head);
  return problem("PGL1002", { start: end - 2, end }, "this `${` in a string is never closed", {
    hint: multiline
      ? "close it with `}`"
      : 'close it with `}` on the same line; a text of several lines stands between `"""` and `"""`',
  });
}

function missingBody(raw: readonly IToken[], header: number, before: number): Problem {
  const word = raw[header] as IToken;
  const name = raw[header + 1];
  const named = word.tokenType === T.Model || word.tokenType === T.Fn || isForModel(word.tokenType);
  const what = named && name ? `${word.image} ${name.image}` : word.image;
  const at = spanOf(raw[before - 1] as IToken).end;
  return problem(
    "PGL1020",
    { start: at, end: at },
    `expected \`{\` to open the body of \`${what}\`, found the end of the line`,
    {
      fix: { span: { start: at, end: at }, text: " {" },
    },
  );
}

/** Whether token `i` is a word that a body in braces has to follow. */
function opensBody(raw: readonly IToken[], i: number, lines: Lines): boolean {
  const type = (raw[i] as IToken).tokenType;
  const previous = raw[i - 1]?.tokenType;
  if (type === T.Model || type === T.Fn || isForModel(type)) {
    // `twist f(x)` is a statement as well: only one at the margin is a declaration.
    if (type === T.Twist && !(lines.indent[i] === 0 && headsModel(raw, i))) return false;
    return raw[i + 1]?.tokenType === T.Identifier && (lines.first[i] === true || previous === T.Export);
  }
  if (type === T.For || type === T.While) return lines.first[i] === true;
  if (type === T.If)
    return lines.first[i] === true || previous === T.Else || previous === T.Equal || previous === T.Return;
  return type === T.Else && raw[i + 1]?.tokenType !== T.If;
}

const isRound = (type: TokenType) => type === T.LParen || type === T.LSquare;
const isMultilineHead = (token: IToken) => token.image.startsWith('"""');

/**
 * Whether the closing bracket at `i` is one too many: it stands behind what cannot end, or in brackets of another kind that
 * are closed later on its line, or closes a body of several lines in the middle of one.
 */
function isStray(raw: readonly IToken[], i: number, lines: Lines, stack: readonly Open[]): boolean {
  const token = raw[i] as IToken;
  const top = stack.at(-1);
  const previous = raw[i - 1];
  if (top === undefined || previous === undefined || token.tokenType === T.TemplateTail) return false;
  if (closerOf.get(top.type) !== token.tokenType) return closedOnLine(raw, i, lines, top.type);
  if (top.index === i - 1) return false;
  if (unfinished.has(previous.tokenType) && previous.tokenType !== T.Comma)
    return closedOnLine(raw, i, lines, top.type);
  if (token.tokenType !== T.RCurly || lines.first[i] || lines.first[i + 1] !== false) return false;
  const next = (raw[i + 1] as IToken).tokenType;
  const openedBefore = lines.line[top.index] !== lines.line[i];
  return openedBefore && !closers.has(next) && !continuing.has(next) && next !== T.Semicolon;
}

/** Whether a bracket of `type` that is open at `i` is closed in the rest of the line. */
function closedOnLine(raw: readonly IToken[], i: number, lines: Lines, type: TokenType): boolean {
  let depth = 0;
  for (let next = i + 1; next < raw.length && !lines.first[next] && next < i + 200; next++) {
    const found = (raw[next] as IToken).tokenType;
    if (closerOf.has(found)) depth++;
    else if (closers.has(found) && --depth < 0) return found === closerOf.get(type);
  }
  return false;
}

/** The opener in the stack that `closer` closes, or -1; brackets do not reach out of the `${…}` they are in. */
function findOpener(stack: readonly Open[], closer: TokenType): number {
  for (let i = stack.length - 1; i >= 0; i--) {
    const open = stack[i] as Open;
    if (closerOf.get(open.type) === closer) return i;
    if (open.type === T.TemplateHead) return -1;
  }
  return -1;
}

/** `proposal` and `twist`, which are written for a model. */
const isForModel = (type: TokenType): boolean => type === T.Proposal || type === T.Twist;

/** Whether a name and `for` or parameters follow token `i`. */
function headsModel(raw: readonly IToken[], i: number): boolean {
  const after = raw[i + 2]?.tokenType;
  return raw[i + 1]?.tokenType === T.Identifier && (after === T.For || after === T.LParen);
}

/** Whether token `i`, the first on its line, can only be the beginning of a declaration. */
function beginsDeclaration(raw: readonly IToken[], i: number, lines: Lines, functionsToo: boolean): boolean {
  const type = (raw[i] as IToken).tokenType;
  const next = raw[i + 1]?.tokenType;
  const atMargin = lines.indent[i] === 0;
  if (next === undefined) return false;
  if (type === T.Import) return next === T.LCurly && atMargin;
  if (type === T.Export) return declarationWords.has(next) || isForModel(next);
  if (type === T.Proposal) return atMargin && headsModel(raw, i);
  // `twist f(x)` is a statement as well.
  if (type === T.Twist) return atMargin && next === T.Identifier && raw[i + 2]?.tokenType === T.For;
  if (type === T.Fn) return functionsToo && atMargin && next === T.Identifier;
  if (type === T.Const) return atMargin && next === T.Identifier;
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
    let opener: Placed | undefined;
    if (closers.has(placed.tokenType)) {
      // Repairs that do not go together are made to, so that the parser can rely on the balance.
      if (!stack.some((open) => closerOf.get(open.tokenType) === placed.tokenType)) return;
      while (closerOf.get((stack.at(-1) as Placed).tokenType) !== placed.tokenType) closeInnermost();
      opener = stack.pop() as Placed;
    }
    const around = stack.at(-1);
    placed.index = tokens.length;
    placed.newline = firstOnLine && (around === undefined || around.tokenType === T.LCurly);
    placed.depth = placed.tokenType === T.TemplateMiddle ? stack.length - 1 : stack.length;
    placed.match = opener ? opener.index : -1;
    if (opener) opener.match = placed.index;
    if (closerOf.has(placed.tokenType)) stack.push(placed);
    tokens.push(placed);
  };
  const placeNew = (type: TokenType) => {
    const previous = tokens.at(-1);
    const at = previous ? previous.startOffset + previous.image.length : 0;
    place(createTokenInstance(type, "", at, at - 1, NaN, NaN, NaN, NaN), false);
  };
  const closeInnermost = () => placeNew(closerOf.get((stack.at(-1) as Placed).tokenType) as TokenType);
  const insertBefore = (index: number) => {
    for (; nextInsertion < insertions.length; nextInsertion++) {
      const insertion = insertions[nextInsertion] as Repair["insertions"][number];
      if (insertion.before > index) return;
      placeNew(insertion.type);
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
  while (stack.length > 0) closeInnermost();
  return tokens;
}

function attachDocs(
  tokens: readonly Placed[],
  comments: readonly Comment[],
  starts: readonly number[],
): ReadonlyMap<Placed, string> {
  const docs = new Map<Placed, string>();
  let next = 0;
  let line = 0;
  const lineOf = (offset: number) => {
    while ((starts[line + 1] ?? Infinity) <= offset) line++;
    return line;
  };
  let previousLine = -1;
  for (const token of tokens) {
    let run: string[] = [];
    let lastLine = -2;
    while (next < comments.length && (comments[next] as Comment).start < token.startOffset) {
      const comment = comments[next++] as Comment;
      const at = lineOf(comment.start);
      // Behind code on its line it is about that.
      if (comment.kind !== "doc" || at === previousLine) run = [];
      else {
        if (at !== lastLine + 1) run = [];
        run.push(comment.text.slice(3).replace(/^ /, "").trimEnd());
      }
      lastLine = at;
    }
    if (run.length > 0 && documented.has(token.tokenType) && lineOf(token.startOffset) === lastLine + 1) {
      docs.set(token, run.join("\n"));
    }
    previousLine = lineOf(token.startOffset + Math.max(0, token.image.length - 1));
  }
  return docs;
}

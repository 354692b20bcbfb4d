import type { Expression, MethodNode, Module, Span } from "./ast.js";
import type { Diagnostic } from "./diagnostic.js";
import { layout } from "./layout.js";
import { lex, type Comment } from "./lexer.js";
import { lineIndex, lineStarts } from "./locate.js";
import { PglParser } from "./parser.js";
import { problem, type Problem } from "./problem.js";
import { Regions } from "./regions.js";
import { refuseTallTrees } from "./height.js";

let parser: PglParser | undefined;

/** More diagnostics than this of one text are not reported. */
const maximumDiagnostics = 100;

/** A text read up to the point where a rule of the grammar takes over. */
export interface Prepared {
  readonly parser: PglParser;
  readonly comments: readonly Comment[];
  /** All diagnostics so far and those of the parser, in the order of the text. */
  diagnostics(): readonly Diagnostic[];
}

export function prepare(text: string): Prepared {
  parser ??= new PglParser({ skipValidations: true });
  const { tokens, comments, problems } = lex(text);
  const starts = lineStarts(text);
  const placed = layout(tokens, comments, starts, text.length);
  const damaged = new Regions(placed.damaged);
  parser.begin(
    placed.tokens,
    placed.docs,
    new Regions([...placed.damaged, ...problems.map((each) => each.diagnostic.span)]),
  );
  const used = parser;
  return {
    parser,
    comments,
    diagnostics: () => {
      // What is unclosed inside of a broken string is part of the same mistake.
      const lexical = problems.filter(
        ({ diagnostic: { code, span } }) => code !== "PGL1002" || !damaged.encloses(span),
      );
      return inOrder(withoutConsequences([...lexical, ...placed.problems, ...used.problems], starts));
    },
  };
}

const garbling = new Set(["PGL1001", "PGL1002", "PGL1006"]);

/** Without what follows on the line of a character or string that cannot be read: nobody knows what was meant there. */
function withoutConsequences(problems: readonly Problem[], starts: readonly number[]): readonly Problem[] {
  const garbled = new Map<number, number>();
  for (const { diagnostic } of problems) {
    if (!garbling.has(diagnostic.code)) continue;
    const line = lineIndex(starts, diagnostic.span.start);
    garbled.set(line, Math.min(garbled.get(line) ?? Infinity, diagnostic.span.start));
  }
  if (garbled.size === 0) return problems;
  return problems.filter(
    ({ diagnostic: { span } }) => span.start <= (garbled.get(lineIndex(starts, span.start)) ?? Infinity),
  );
}

function inOrder(problems: readonly Problem[]): readonly Diagnostic[] {
  const sorted = problems
    .map((each) => each.diagnostic)
    .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  if (sorted.length <= maximumDiagnostics) return sorted;
  const kept = sorted.slice(0, maximumDiagnostics);
  const at = (kept.at(-1) as Diagnostic).span;
  return [
    ...kept,
    problem("PGL1000", at, `${sorted.length - maximumDiagnostics} more errors are not shown`, {
      hint: "is this a PGL program?",
    }).diagnostic,
  ];
}

/** Runs `read`; whatever happens, gives a value and diagnostics. */
function safely<R>(
  text: string,
  read: (prepared: Prepared) => R,
  instead: R,
): { value: R; diagnostics: readonly Diagnostic[] } {
  const whole: Span = { start: 0, end: Math.min(text.length, 1) };
  try {
    const prepared = prepare(text);
    const value = read(prepared);
    return { value: value ?? instead, diagnostics: prepared.diagnostics() };
  } catch (error) {
    // Left in the middle of a rule: the next text gets a parser of its own.
    parser = undefined;
    const tooDeep = error instanceof RangeError;
    const found = tooDeep
      ? problem("PGL1009", whole, "this program is nested too deeply to be read here", {
          hint: "give inner parts names of their own with `let` or `fn`",
        })
      : problem(
          "PGL1099",
          whole,
          `the parser itself failed on this text: ${error instanceof Error ? error.message : String(error)}`,
          {
            hint: "this is a mistake in PGL; please report it with the program",
          },
        );
    return { value: instead, diagnostics: [found.diagnostic] };
  }
}

/**
 * Reads a module.
 *
 * Never throws, and always gives a tree: what could be read of the text. With errors among the diagnostics (codes
 * PGL1000 to PGL1999, in the order of the text) the tree may lack declarations and statements, and expressions that could
 * not be read are `MissingExpression`s; names bound by broken statements are kept. Spans are half-open ranges of UTF-16
 * offsets into `text`; a diagnostic's span may be empty, to mean the place between two characters.
 */
export function parse(text: string): { tree: Module; diagnostics: readonly Diagnostic[] } {
  const { tree, diagnostics } = parseWithComments(text);
  return { tree, diagnostics };
}

/** `parse`, and what the tree does not say: the comments, and which nodes stand in brackets, with their span. */
export function parseWithComments(text: string): {
  tree: Module;
  diagnostics: readonly Diagnostic[];
  comments: readonly Comment[];
  bracketed: ReadonlyMap<object, Span>;
} {
  let comments: readonly Comment[] = [];
  let bracketed: ReadonlyMap<object, Span> = new Map();
  const empty: Module = { kind: "Module", declarations: [], span: { start: 0, end: text.length } };
  const tall: Diagnostic[] = [];
  const { value, diagnostics } = safely<Module>(
    text,
    (prepared) => {
      comments = prepared.comments;
      const tree = { ...prepared.parser.module(), span: { start: 0, end: text.length } };
      bracketed = new Map(prepared.parser.bracketed);
      return refuseTallTrees(tree, prepared.parser, tall);
    },
    empty,
  );
  return { tree: value, diagnostics: tall.length === 0 ? diagnostics : [...diagnostics, ...tall], comments, bracketed };
}

/**
 * Reads one expression, the whole of `text`. Never throws; what cannot be read is a `MissingExpression`, with diagnostics.
 */
export function parseExpression(text: string): { expression: Expression; diagnostics: readonly Diagnostic[] } {
  const missing: Expression = { kind: "MissingExpression", span: { start: 0, end: 0 } };
  const { value, diagnostics } = safely<Expression>(text, ({ parser }) => parser.wholeExpression() ?? missing, missing);
  return { expression: value, diagnostics };
}

/**
 * Reads an inference method as it stands after `using`, as in `smc(particles: 64)`; the name alone means no options. Never
 * throws; without `method` there are diagnostics.
 */
export function parseMethod(text: string): { method?: MethodNode; diagnostics: readonly Diagnostic[] } {
  const { value, diagnostics } = safely<MethodNode | undefined>(text, ({ parser }) => parser.wholeMethod(), undefined);
  return value === undefined ? { diagnostics } : { method: value, diagnostics };
}

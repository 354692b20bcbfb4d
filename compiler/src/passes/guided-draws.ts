import type { ConstraintExpr, Expr } from "../ir/expression.js";
import { callsOut, domainOf, Facts, isTestable } from "../ir/facts.js";
import type { Variable } from "../ir/program.js";
import { mapBlocks } from "../ir/rewrite.js";
import type { Statement } from "../ir/statement.js";
import { constraintChildren, readsOf } from "../ir/walk.js";
import { assignable } from "../types/relate.js";
import { list, STRING } from "../types/type.js";
import { hoist } from "./hoisting.js";
import type { Pass } from "./pass.js";
import { maximisedDraws, proposedNames } from "./protected.js";

export const guidedDraws: Pass = {
  name: "guided-draws",
  law:
    "Σ_t D(t) · [t ∈ C] · f(t) = Σ_t D_C(t) · f(t), where D_C gives a text in C what D gives it and no other text anything: in " +
    "place of drawing a text from a model and then ruling out what does not match, the draw is guided towards C token by token, " +
    "each token weighed by what C leaves of its distribution. Several conditions are one constraint. They follow the draw, only " +
    "plain definitions in between, which an execution of weight zero no longer comes to; there is no proposal for the text. " +
    "Conditions that say of the text what a constraint can say (that it contains, begins or ends with a text, is one, or is so " +
    "long) are constraints.",
  run(program) {
    const facts = new Facts(program);
    const kept = new Set([...proposedNames(program), ...maximisedDraws(program).names]);
    const guided = mapBlocks(program, (statements, fn) =>
      fn?.global.kind === "proposal" ? statements : guideIn(statements, facts, kept),
    );
    return hoist(guided, ["constraint"]);
  },
};

type Draw = Statement & { kind: "draw" };
type Condition = Statement & { kind: "condition" };

function guideIn(statements: readonly Statement[], facts: Facts, kept: ReadonlySet<string>): readonly Statement[] {
  const out: Statement[] = [];
  for (let i = 0; i < statements.length; i++) {
    const draw = statements[i]!;
    if (draw.kind !== "draw" || !isGuidable(draw, kept)) {
      out.push(draw);
      continue;
    }
    const taken = conditionsAfter(statements, i, draw.target!.variable, facts);
    out.push(taken.constraints.length === 0 ? draw : guided(draw, taken.constraints, taken.first!));
    if (taken.constraints.length > 0) {
      out.push(...taken.between);
      i = taken.end - 1;
    }
  }
  return out;
}

function isGuidable(draw: Draw, kept: ReadonlySet<string>): boolean {
  return (
    draw.target !== null &&
    draw.proposal === undefined &&
    !kept.has(draw.site.name) &&
    domainOf(draw.distribution.type) === "text"
  );
}

interface Taken {
  readonly constraints: readonly ConstraintExpr[];
  /** The first condition that one of them comes from. */
  readonly first: Condition | undefined;
  /** What stays of the statements after the draw, up to `end`. */
  readonly between: readonly Statement[];
  readonly end: number;
}

/** What the statements after a draw say of the text drawn. */
function conditionsAfter(statements: readonly Statement[], at: number, text: Variable, facts: Facts): Taken {
  const constraints: ConstraintExpr[] = [];
  let first: Condition | undefined;
  const between: Statement[] = [];
  const declared = new Set<Variable>([text]);
  /** Made before the draw, of what is known there. */
  const known = (part: Expr): boolean =>
    !callsOut(part) && !facts.mayFail(part) && ![...readsOf(part)].some((v) => declared.has(v));
  let end = at + 1;
  for (; end < statements.length; end++) {
    const next = statements[end]!;
    if (next.kind === "let" && !callsOut(next.value)) {
      declared.add(next.variable);
      between.push(next);
      continue;
    }
    if (next.kind !== "condition") break;
    const rest: Expr[] = [];
    for (const part of conjuncts(next.test)) {
      const said = constraintOf(part, text);
      if (said !== undefined && isTestable(said) && constraintChildren(said).every(known)) {
        constraints.push(said);
        first ??= next;
      } else rest.push(part);
    }
    if (rest.length === 0) continue;
    between.push({ ...next, test: rest.reduce((left, right) => both(left, right, next.test)) });
    if (rest.some(callsOut)) {
      end++;
      break;
    }
  }
  return { constraints, first, between, end };
}

function guided(draw: Draw, constraints: readonly ConstraintExpr[], { site, span }: Condition): Statement {
  const { distribution } = draw;
  const constraint: ConstraintExpr =
    constraints.length === 1 ? constraints[0]! : { kind: "and", operands: constraints, span };
  return {
    ...draw,
    distribution: { kind: "guided", distribution, constraint, site, type: distribution.type, span: distribution.span },
  };
}

/** The parts of a conjunction. */
function conjuncts(test: Expr): readonly Expr[] {
  return test.kind === "binary" && test.operator === "&&"
    ? [...conjuncts(test.left), ...conjuncts(test.right)]
    : [test];
}

const both = (left: Expr, right: Expr, { type, span }: Expr): Expr => ({
  kind: "binary",
  operator: "&&",
  left,
  right,
  type,
  span,
});

const PARTS: ReadonlySet<string> = new Set(["contains", "starts_with", "ends_with"]);

/** What a test says of `text` as a constraint; undefined when it is not of that kind. */
function constraintOf(test: Expr, text: Variable): ConstraintExpr | undefined {
  const { span } = test;
  const isText = (part: Expr | undefined): boolean =>
    part?.kind === "variable" && part.variable === text && part.type.kind === "string";
  switch (test.kind) {
    case "matches":
      return isText(test.value) ? test.constraint : undefined;
    case "unary": {
      const operand = test.operator === "!" ? constraintOf(test.operand, text) : undefined;
      return operand && { kind: "not", operand, span };
    }
    case "builtin": {
      const [whole, part] = test.arguments;
      if (!PARTS.has(test.name) || !isText(whole) || !isString(part)) return undefined;
      return { kind: "call", name: test.name, arguments: [part], span };
    }
    case "binary": {
      const { operator, left, right } = test;
      if (operator === "&&" || operator === "||") {
        const operands = [constraintOf(left, text), constraintOf(right, text)];
        if (operands[0] === undefined || operands[1] === undefined) return undefined;
        return { kind: operator === "&&" ? "and" : "or", operands: operands as ConstraintExpr[], span };
      }
      if (operator === "==" || operator === "!=") {
        const other = isText(left) ? right : isText(right) ? left : undefined;
        const length = lengthConstraint(test, text);
        if (length !== undefined) return length;
        if (!isString(other)) return undefined;
        const equal: ConstraintExpr = { kind: "text", value: other, span };
        return operator === "==" ? equal : { kind: "not", operand: equal, span };
      }
      if (operator === "in" && isText(left) && assignable(right.type, list(STRING))) {
        return { kind: "text", value: right, span };
      }
      return lengthConstraint(test, text);
    }
    default:
      return undefined;
  }
}

const isString = (part: Expr | undefined): part is Expr => part !== undefined && assignable(part.type, STRING);

/** `len(t) < 5` and the like: a length in characters. */
function lengthConstraint(test: Expr & { kind: "binary" }, text: Variable): ConstraintExpr | undefined {
  const isLength = (part: Expr): boolean => {
    if (part.kind !== "builtin" || part.name !== "len") return false;
    const [of] = part.arguments;
    return of?.kind === "variable" && of.variable === text && of.type.kind === "string";
  };
  const number = (part: Expr): number | undefined =>
    part.kind === "literal" && typeof part.value === "number" && Number.isSafeInteger(part.value)
      ? part.value
      : undefined;
  const mirrored: Readonly<Record<string, string>> = {
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
    "==": "==",
    "!=": "!=",
  };
  const straight = isLength(test.left);
  const n = straight ? number(test.right) : isLength(test.right) ? number(test.left) : undefined;
  const operator = straight ? test.operator : mirrored[test.operator];
  // A bound below zero says nothing, or rules everything out: such tests stay as they are.
  if (n === undefined || n < 0 || operator === undefined) return undefined;
  const chars = (low: number, high: number): ConstraintExpr => ({
    kind: "call",
    name: "chars",
    arguments: [low, high].map((value) => ({ kind: "literal", value, type: { kind: "int" }, span: test.span })),
    span: test.span,
  });
  switch (operator) {
    case "==":
      return chars(n, n);
    case "!=":
      return { kind: "not", operand: chars(n, n), span: test.span };
    case "<":
      return n > 0 ? chars(0, n - 1) : undefined;
    case "<=":
      return chars(0, n);
    case ">":
      return chars(n + 1, Infinity);
    case ">=":
      return chars(n, Infinity);
    default:
      return undefined;
  }
}

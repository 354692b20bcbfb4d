import type { ConstraintExpr, Expr } from "../ir/expression.js";
import { callsOut, isTestable, type Facts } from "../ir/facts.js";
import type { Variable } from "../ir/program.js";
import { mapChildren } from "../ir/rewrite.js";
import { constraintChildren, readsOf } from "../ir/walk.js";
import { BOOL, CONSTRAINT, INT, NONE } from "../types/type.js";
import { keyOf } from "./hoisting.js";
import type { Constants } from "./proper.js";
import { isKnown, Reading } from "./reading.js";

/** Up to how many of what is counted in a text a weight is looked ahead to. */
const MOST: Readonly<Record<string, number>> = { count: 6, words: 24, chars: 32 };
/** Features beyond which there is no looking ahead. */
const MAX_FEATURES = 64;
/** Keys of a table that are told apart. */
const MAX_KEYS = 64;

/** Something that a text has or has not, and the variable that says so. */
export interface Feature {
  readonly constraint: ConstraintExpr;
  readonly holds: Variable;
}

/**
 * Takes out of expressions what they ask of a text: what is left is a function of which constraints the text meets, and of
 * what is known before the text is drawn.
 */
export class Features {
  readonly all: Feature[] = [];
  /** Whether what is left is what was there: numbers of things in a text are told apart up to some number only. */
  exact = true;
  private readonly reading: Reading;

  constructor(
    private readonly text: Variable,
    /** What has a value only after the text is drawn. */
    private readonly later: ReadonlySet<Variable>,
    private readonly facts: Facts,
    private readonly constants: Constants,
  ) {
    this.reading = new Reading(text, new Map());
  }

  /**
   * The expression by features; undefined when it asks the text something else or too much, may fail, or is not known
   * before.
   */
  of(expr: Expr): Expr | undefined {
    const { exact } = this;
    const before = this.all.length;
    const left = this.left(expr);
    if (left !== undefined && this.all.length <= MAX_FEATURES && !this.facts.mayFail(left) && !callsOut(left))
      return left;
    this.all.length = before;
    this.exact = exact;
    return undefined;
  }

  private left(expr: Expr): Expr | undefined {
    const reads = readsOf(expr);
    if (!reads.has(this.text)) return [...reads].some((v) => this.later.has(v)) ? undefined : expr;
    if (expr.type.kind === "bool") {
      const said = this.reading.constraintOf(expr);
      const holds = said && this.feature(said.constraint);
      if (holds !== undefined) return holds;
    }
    const found = this.number(expr) ?? this.lookUp(expr);
    if (found !== undefined) return found;
    switch (expr.kind) {
      case "unary":
      case "binary":
      case "conditional":
      case "builtin":
      case "list":
      case "tuple":
      case "element": {
        let failed = false;
        const inner = mapChildren(expr, (child) => {
          const part = failed ? undefined : this.left(child);
          failed ||= part === undefined;
          return part ?? child;
        });
        return failed ? undefined : inner;
      }
      default:
        return undefined;
    }
  }

  /** Whether the text meets a constraint. */
  private feature(constraint: ConstraintExpr): Expr | undefined {
    if (!isTestable(constraint) || !constraintChildren(constraint).every((p) => isKnown(p, this.unknown, this.facts)))
      return undefined;
    const { span } = constraint;
    let feature = this.all.find((one) => isSame(one.constraint, constraint));
    if (feature === undefined) {
      feature = { constraint, holds: { name: "holds", type: BOOL, mutable: false } };
      this.all.push(feature);
    }
    return { kind: "variable", variable: feature.holds, type: BOOL, span };
  }

  private get unknown(): ReadonlySet<Variable> {
    return new Set([...this.later, this.text]);
  }

  /** How many there are of something in the text. */
  private number(expr: Expr): Expr | undefined {
    if (expr.kind !== "builtin") return undefined;
    const first = this.reading.atLeast(expr, 1);
    const most = first && MOST[nameOf(first)];
    if (most === undefined) return undefined;
    this.exact = false;
    let number: Expr = { kind: "literal", value: most, type: INT, span: expr.span };
    for (let n = most; n > 0; n--) {
      const constraint = this.reading.atLeast(expr, n);
      const test = constraint && this.feature(constraint);
      if (test === undefined) return undefined;
      const otherwise: Expr = { kind: "literal", value: n - 1, type: INT, span: expr.span };
      number = { kind: "conditional", test, then: number, otherwise, type: INT, span: expr.span };
    }
    return number;
  }

  /** What a table with known keys has for the text, or none. */
  private lookUp(expr: Expr): Expr | undefined {
    if (expr.kind !== "builtin" || expr.name !== "get") return undefined;
    const [table, key] = expr.arguments;
    const known = table && this.constants.resolve(table);
    if (known?.kind !== "map" || key === undefined || known.entries.length > MAX_KEYS) return undefined;
    const { span, type } = expr;
    let value: Expr = { kind: "literal", value: null, type: NONE, span };
    for (const entry of known.entries) {
      if (entry.key.type.kind !== "string" && entry.key.type.kind !== "literal") return undefined;
      const same: Expr = { kind: "binary", operator: "==", left: key, right: entry.key, type: BOOL, span };
      const test = this.left(same);
      const then = this.left(entry.value);
      if (test === undefined || then === undefined) return undefined;
      value = { kind: "conditional", test, then, otherwise: value, type, span };
    }
    return value;
  }
}

/** Whether two constraints are made of the same parts, names standing for the same variables. */
function isSame(one: ConstraintExpr, other: ConstraintExpr): boolean {
  const whole = (constraint: ConstraintExpr): Expr => ({
    kind: "constraint",
    constraint,
    type: CONSTRAINT,
    span: constraint.span,
  });
  if (keyOf(whole(one)) !== keyOf(whole(other))) return false;
  const [reads, others] = [[...readsOf(whole(one))], [...readsOf(whole(other))]];
  return reads.every((variable, i) => variable === others[i]);
}

/** What counts, of a constraint on a number, also where it is on a text with others around it. */
function nameOf(constraint: ConstraintExpr): string {
  if (constraint.kind !== "call") return "";
  const inner = constraint.arguments.find((a) => a.kind === "constraint");
  return inner === undefined ? constraint.name : nameOf(inner.constraint);
}

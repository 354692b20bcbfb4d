import type { ConstraintExpr, Expr } from "../ir/expression.js";
import { callsOut, type Facts } from "../ir/facts.js";
import type { Variable } from "../ir/program.js";
import type { Statement } from "../ir/statement.js";
import { constraintChildren, readsOf } from "../ir/walk.js";
import { assignable } from "../types/relate.js";
import { INT, list, STRING } from "../types/type.js";

/** What a constraint on several texts says of one that has been drawn before the last of them. */
export interface Implied {
  readonly variable: Variable;
  readonly constraint: ConstraintExpr;
}

const PARTS: ReadonlySet<string> = new Set(["contains", "starts_with", "ends_with"]);

/** What a test says of a text. */
export interface Said {
  readonly constraint: ConstraintExpr;
  readonly implied: readonly Implied[];
}

const alone = (constraint: ConstraintExpr): Said => ({ constraint, implied: [] });

/** Reads tests for what they say of a text. */
export class Reading {
  constructor(
    private readonly text: Variable,
    /** What is defined after the text is drawn. */
    private readonly lets: ReadonlyMap<Variable, Expr>,
  ) {}

  /** What a test says of the text as a constraint; undefined when it is not of that kind. */
  constraintOf(test: Expr): Said | undefined {
    const { span } = test;
    switch (test.kind) {
      case "variable": {
        const value = this.lets.get(test.variable);
        return value && this.constraintOf(value);
      }
      case "matches":
        return this.ofWhole(test.value, test.constraint);
      case "unary": {
        const operand = test.operator === "!" ? this.constraintOf(test.operand) : undefined;
        return operand && alone({ kind: "not", operand: operand.constraint, span });
      }
      case "builtin": {
        const [whole, part] = test.arguments;
        if (!PARTS.has(test.name) || !isString(part) || whole === undefined) return undefined;
        return this.ofWhole(whole, { kind: "call", name: test.name, arguments: [part], span });
      }
      case "binary":
        return this.ofBinary(test);
      default:
        return undefined;
    }
  }

  private ofBinary(test: Expr & { kind: "binary" }): Said | undefined {
    const { operator, left, right, span } = test;
    if (operator === "&&" || operator === "||") {
      const [one, other] = [this.constraintOf(left), this.constraintOf(right)];
      if (one === undefined || other === undefined) return undefined;
      const operands = [one.constraint, other.constraint];
      if (operator === "||") return alone({ kind: "or", operands, span });
      return { constraint: { kind: "and", operands, span }, implied: [...one.implied, ...other.implied] };
    }
    const found = this.placeConstraint(test) ?? this.numberConstraint(test);
    if (found !== undefined) return found;
    if (operator === "==" || operator === "!=") {
      for (const [whole, other] of [
        [left, right],
        [right, left],
      ] as const) {
        if (!isString(other) || readsOf(other).has(this.text)) continue;
        const equal = this.ofWhole(whole, { kind: "text", value: other, span });
        if (equal === undefined) continue;
        return operator === "==" ? equal : alone({ kind: "not", operand: equal.constraint, span });
      }
      return undefined;
    }
    if (operator !== "in") return undefined;
    if (assignable(right.type, list(STRING))) return this.ofWhole(left, { kind: "text", value: right, span });
    if (!isString(left) || !isString(right)) return undefined;
    return this.ofWhole(right, { kind: "call", name: "contains", arguments: [left], span });
  }

  /** `index_of(t, "x") == none` and `!= none`. */
  private placeConstraint({ operator, left, right, span }: Expr & { kind: "binary" }): Said | undefined {
    if (operator !== "==" && operator !== "!=") return undefined;
    const isNone = (part: Expr): boolean => part.kind === "literal" && part.value === null;
    const place = isNone(right) ? left : isNone(left) ? right : undefined;
    if (place?.kind !== "builtin" || place.name !== "index_of") return undefined;
    const [whole, part] = place.arguments;
    if (!isString(part) || whole === undefined) return undefined;
    const has = this.ofWhole(whole, { kind: "call", name: "contains", arguments: [part], span });
    return has && (operator === "!=" ? has : alone({ kind: "not", operand: has.constraint, span }));
  }

  /** `len(t) < 5`, `len(words(t)) == 2`, `count(t, "x") <= 1` and the like. */
  private numberConstraint(test: Expr & { kind: "binary" }): Said | undefined {
    const { operator, left, right, span } = test;
    const literal = (value: number): Expr => ({ kind: "literal", value, type: { kind: "int" }, span });
    const straight = integerOf(right);
    const n = straight ?? integerOf(left);
    const counted = this.counted(straight === undefined ? right : left);
    const told = straight === undefined ? MIRRORED[operator] : operator;
    // A bound below zero says nothing, or rules everything out: such tests stay as they are.
    if (n === undefined || n < 0 || counted === undefined || told === undefined) return undefined;
    const { whole, name, first } = counted;
    const within = (low: number, high: number): Said | undefined =>
      this.ofWhole(whole, { kind: "call", name, arguments: [...first, literal(low), literal(high)], span });
    switch (told) {
      case "==":
        return within(n, n);
      case "!=": {
        const equal = within(n, n);
        return equal && alone({ kind: "not", operand: equal.constraint, span });
      }
      case "<":
        return n > 0 ? within(0, n - 1) : undefined;
      case "<=":
        return within(0, n);
      case ">":
        return within(n + 1, Infinity);
      case ">=":
        return within(n, Infinity);
      default:
        return undefined;
    }
  }

  /** That there are at least so many of what a number counts in the text; undefined when it counts nothing of that kind. */
  atLeast(number: Expr, low: number): ConstraintExpr | undefined {
    const counted = this.counted(number);
    if (counted === undefined) return undefined;
    const literal = (value: number): Expr => ({ kind: "literal", value, type: INT, span: number.span });
    const { whole, name, first } = counted;
    const bounds = [...first, literal(low), literal(Infinity)];
    return this.ofWhole(whole, { kind: "call", name, arguments: bounds, span: number.span })?.constraint;
  }

  /** What is counted in a text, as the constraint that counts it. */
  private counted(number: Expr): { whole: Expr; name: string; first: readonly Expr[] } | undefined {
    if (number.kind === "variable") {
      const value = this.lets.get(number.variable);
      return value && this.counted(value);
    }
    if (number.kind !== "builtin") return undefined;
    const [whole, part] = number.arguments;
    if (whole === undefined) return undefined;
    if (number.name === "count") {
      // An empty string is an error, and stays one.
      const isLiteral = part?.kind === "literal" && typeof part.value === "string" && part.value !== "";
      return isLiteral && isTextual(whole) ? { whole, name: "count", first: [part] } : undefined;
    }
    if (number.name !== "len") return undefined;
    if (hasString(whole)) return { whole, name: "chars", first: [] };
    if (whole.kind !== "builtin" || whole.name !== "words" || !isString(whole.arguments[0])) return undefined;
    return { whole: whole.arguments[0], name: "words", first: [] };
  }

  private isText(part: Expr): boolean {
    return part.kind === "variable" && part.variable === this.text && part.type.kind === "string";
  }

  /** What a constraint on a text says of this one: that text is this one, or this one with others around it. */
  private ofWhole(whole: Expr, constraint: ConstraintExpr): Said | undefined {
    if (this.isText(whole)) return alone(constraint);
    if (!isTextual(whole)) return undefined;
    const pieces = this.piecesOf(whole);
    const place = pieces.findIndex((piece) => this.isText(piece));
    if (place < 0 || pieces.some((piece, i) => i !== place && readsOf(piece).has(this.text))) return undefined;
    const { span } = whole;
    const given = (before: readonly Expr[], after: Expr): ConstraintExpr => ({
      kind: "call",
      name: "between",
      arguments: [joined(before, span), { kind: "constraint", constraint, type: { kind: "constraint" }, span }, after],
      span,
    });
    const implied = pieces.slice(0, place).flatMap((piece, i): readonly Implied[] => {
      if (piece.kind !== "variable" || piece.type.kind !== "string" || piece.variable.mutable) return [];
      const none: Expr = { kind: "literal", value: null, type: { kind: "none" }, span };
      return [{ variable: piece.variable, constraint: given(pieces.slice(0, i), none) }];
    });
    return { constraint: given(pieces.slice(0, place), joined(pieces.slice(place + 1), span)), implied };
  }

  /** The texts that a text is put together from. */
  private piecesOf(whole: Expr): readonly Expr[] {
    switch (whole.kind) {
      case "variable": {
        const value = this.lets.get(whole.variable);
        return value === undefined ? [whole] : this.piecesOf(value);
      }
      case "binary":
        if (whole.operator !== "+" || !isTextual(whole.left) || !isTextual(whole.right)) return [whole];
        return [...this.piecesOf(whole.left), ...this.piecesOf(whole.right)];
      case "template":
        return whole.texts.flatMap((value, i): readonly Expr[] => {
          const part = whole.expressions[i];
          const text: Expr = { kind: "literal", value, type: STRING, span: whole.span };
          const own = value === "" ? [] : [text];
          return part === undefined ? own : [...own, ...(isTextual(part) ? this.piecesOf(part) : [part])];
        });
      case "builtin":
        return whole.name === "text" && whole.arguments[0] !== undefined ? this.piecesOf(whole.arguments[0]) : [whole];
      case "field":
        return whole.name === "text" && isTextual(whole.object) ? this.piecesOf(whole.object) : [whole];
      default:
        return [whole];
    }
  }
}

/** Texts, tokens, contexts and numbers one after the other, as one text. */
function joined(pieces: readonly Expr[], span: Expr["span"]): Expr {
  if (pieces.length === 0) return { kind: "literal", value: "", type: STRING, span };
  if (pieces.length === 1 && isString(pieces[0])) return pieces[0];
  const texts = ["", ...pieces.map(() => "")];
  const expressions = pieces.map((piece): Expr => {
    if (hasString(piece) || !isTextual(piece)) return piece;
    return { kind: "builtin", name: "text", arguments: [piece], type: STRING, span: piece.span };
  });
  return { kind: "template", texts, expressions, type: STRING, span };
}

const isString = (part: Expr | undefined): part is Expr => part !== undefined && hasString(part);
const hasString = (part: Expr): boolean => assignable(part.type, STRING);

const isTextual = ({ type }: Expr): boolean =>
  assignable(type, STRING) || type.kind === "context" || type.kind === "token";

const integerOf = (part: Expr): number | undefined =>
  part.kind === "literal" && typeof part.value === "number" && Number.isSafeInteger(part.value)
    ? part.value
    : undefined;

const MIRRORED: Readonly<Record<string, string>> = {
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
  "==": "==",
  "!=": "!=",
};

/** `factor if test { 0 } else { -inf }`, either way round, is a condition. */
export function hardFactor({
  weight,
  site,
  span,
}: Statement & { kind: "factor" }): (Statement & { kind: "condition" }) | undefined {
  if (weight.kind !== "conditional") return undefined;
  const { test, then, otherwise } = weight;
  if (isNumber(then, 0) && isNumber(otherwise, -Infinity)) return { kind: "condition", test, site, span };
  if (!isNumber(then, -Infinity) || !isNumber(otherwise, 0)) return undefined;
  return {
    kind: "condition",
    test: { kind: "unary", operator: "!", operand: test, type: test.type, span },
    site,
    span,
  };
}

function isNumber(expr: Expr, wanted: number): boolean {
  if (expr.kind === "unary" && expr.operator === "-") return isNumber(expr.operand, -wanted);
  if (expr.kind === "builtin-value") return expr.name === "inf" && wanted === Infinity;
  // Zero is zero with either sign.
  return expr.kind === "literal" && expr.value === wanted;
}

/** Whether a part of a constraint can be made before a draw, given what is declared by it and after it. */
export function isKnown(part: Expr, later: ReadonlySet<Variable>, facts: Facts): boolean {
  if (part.kind === "constraint") return constraintChildren(part.constraint).every((p) => isKnown(p, later, facts));
  return !callsOut(part) && !facts.mayFail(part) && ![...readsOf(part)].some((v) => later.has(v));
}

import type { Expr } from "../ir/expression.js";
import type { Facts } from "../ir/facts.js";
import type { FunctionIr, Variable } from "../ir/program.js";
import { mapChildren, substitute } from "../ir/rewrite.js";
import type { Statement } from "../ir/statement.js";
import { childrenOf } from "../ir/walk.js";
import type { Constants } from "./proper.js";

/** Turns of a loop, and parts of an expression, up to which it is worth unfolding. */
const MAX_TURNS = 64;
const MAX_PARTS = 4000;

type Values = ReadonlyMap<Variable, Expr>;

/** What statements come to: the values of variables, or the value that is returned. */
type Outcome = { readonly values: Values } | { readonly returned: Expr };

/**
 * Writes calls of plain functions as the expressions that they come to: definitions are put in, branches become conditionals,
 * loops over known lists are gone through. Nothing is evaluated; a part that stands in several places is written as often.
 */
export class Unfolding {
  private readonly entered = new Set<FunctionIr>();

  constructor(
    private readonly facts: Facts,
    private readonly constants: Constants,
  ) {}

  /** Undefined where that cannot be said, or is too long. */
  unfolded(expr: Expr, values: Values): Expr | undefined {
    const called = this.calls(expr);
    if (called === undefined) return undefined;
    // What has been put in stays the same object: sums are known by it.
    const whole = substitute(called, ({ variable }) => values.get(variable));
    return isShort(whole) ? whole : undefined;
  }

  private calls(expr: Expr): Expr | undefined {
    let failed = false;
    const part = (child: Expr): Expr => {
      const done = failed ? undefined : this.calls(child);
      failed ||= done === undefined;
      return done ?? child;
    };
    // What is in a function value is not called here.
    const inner = expr.kind === "lambda" ? expr : mapChildren(expr, part);
    if (failed) return undefined;
    if (inner.kind !== "call" || inner.host || inner.callee.kind !== "global") return inner;
    const fn = this.facts.functionOf(inner.callee.global);
    if (fn === undefined || fn.global.suspends || this.entered.has(fn)) return undefined;
    const values = new Map<Variable, Expr>();
    for (const [i, { variable, defaultValue }] of fn.parameters.entries()) {
      const given = inner.arguments[i] ?? (defaultValue && this.unfolded(defaultValue, values));
      if (given === undefined) return undefined;
      values.set(variable, given);
    }
    this.entered.add(fn);
    const outcome = this.run(fn.body, values);
    this.entered.delete(fn);
    return outcome !== undefined && "returned" in outcome ? outcome.returned : undefined;
  }

  private run(statements: readonly Statement[], before: Values): Outcome | undefined {
    let values = before;
    for (const [i, statement] of statements.entries()) {
      switch (statement.kind) {
        case "declare":
          continue;
        case "let":
        case "assign": {
          const value = this.unfolded(statement.value, values);
          if (value === undefined) return undefined;
          values = new Map(values).set(statement.variable, value);
          continue;
        }
        case "return": {
          const returned = this.unfolded(statement.value, values);
          return returned && { returned };
        }
        case "if": {
          const test = this.unfolded(statement.test, values);
          const then = this.run(statement.then, values);
          const otherwise = this.run(statement.otherwise, values);
          if (test === undefined || then === undefined || otherwise === undefined) return undefined;
          if ("values" in then && "values" in otherwise) {
            values = joined(test, values, then.values, otherwise.values);
            continue;
          }
          const rest = (outcome: Outcome): Expr | undefined => {
            if ("returned" in outcome) return outcome.returned;
            const after = this.run(statements.slice(i + 1), outcome.values);
            return after !== undefined && "returned" in after ? after.returned : undefined;
          };
          const [one, other] = [rest(then), rest(otherwise)];
          return one && other && { returned: choice(test, one, other) };
        }
        case "for-each": {
          const all = this.unfolded(statement.iterable, values);
          const list = all && this.constants.resolve(all);
          if (list?.kind !== "list" || list.elements.length > MAX_TURNS) return undefined;
          for (const element of list.elements) {
            const outcome = this.run(statement.body, new Map(values).set(statement.variable, element));
            if (outcome === undefined || !("values" in outcome)) return undefined;
            values = outcome.values;
          }
          continue;
        }
        default:
          return undefined;
      }
    }
    return { values };
  }
}

/** Values after a branch, of variables that were there before it or have been given one in both parts. */
function joined(test: Expr, before: Values, then: Values, otherwise: Values): Values {
  const values = new Map(before);
  for (const [variable, one] of then) {
    const other = otherwise.get(variable);
    if (other !== undefined) values.set(variable, one === other ? one : choice(test, one, other));
  }
  return values;
}

const choice = (test: Expr, then: Expr, otherwise: Expr): Expr =>
  added(then, otherwise, (more, none) => choice(test, more, none)) ??
  added(otherwise, then, (more, none) => choice(test, none, more)) ?? {
    kind: "conditional",
    test,
    then,
    otherwise,
    type: then.type,
    span: test.span,
  };

/** `if test { n + 1 } else { n }` as `n + if test { 1 } else { 0 }`: so that a sum does not double with each part. */
function added(sum: Expr, before: Expr, chosen: (more: Expr, none: Expr) => Expr): Expr | undefined {
  if (sum.kind !== "binary" || (sum.operator !== "+" && sum.operator !== "-") || sum.left !== before) return undefined;
  const { right } = sum;
  if (right.type.kind !== "int" && right.type.kind !== "float") return undefined;
  return { ...sum, right: chosen(right, { kind: "literal", value: 0, type: right.type, span: right.span }) };
}

function isShort(expr: Expr): boolean {
  let parts = 0;
  const visit = (part: Expr): boolean => ++parts <= MAX_PARTS && childrenOf(part).every(visit);
  return visit(expr);
}

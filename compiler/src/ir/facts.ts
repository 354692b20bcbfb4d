import { builtinByName } from "../builtins/catalogue.js";
import type { Type } from "../types.js";
import type { ConstraintExpr, Expr } from "./expression.js";
import type { FunctionIr, Global, Program } from "./program.js";
import { isSuspension, type Statement } from "./statement.js";
import { childrenOf, expressionsOf, operandsOf, statementsIn } from "./walk.js";

/** Does evaluating it include a host call, or a function value that may be one? Such expressions keep their place. */
export function callsOut(expr: Expr): boolean {
  for (const part of expressionsOf(expr))
    if (part.kind === "call" && (part.host || part.callee.kind !== "global")) return true;
  return false;
}

/** Built-ins that have an answer for every argument of their types. */
const TOTAL: ReadonlySet<string> = new Set([
  ..."abs sqrt exp log log1p expm1 floor ceil round trunc sigmoid logit sin cos tan tanh atan2 is_nan is_finite float".split(
    " ",
  ),
  ..."len contains starts_with ends_with index_of lower upper trim chars words lines reverse text string show".split(
    " ",
  ),
  ..."push concat take drop first last slice sum log_sum_exp unique zip indexed get has keys values entries".split(" "),
  ..."is_none parse_int parse_float".split(" "),
]);

/** Of these, ones that are total only with the given number of arguments. */
const TOTAL_WITH: Readonly<Record<string, number>> = { min: 2, max: 2 };

/**
 * What is known of a program's functions beyond their types: which of them always return a value. A function that may loop
 * or recurse for ever counts as failing, and so does one that calls out.
 */
export class Facts {
  private readonly functions = new Map<Global, FunctionIr>();
  private readonly total = new Map<Global, boolean>();

  constructor(program: Program) {
    for (const module of program.modules) for (const fn of module.functions) this.functions.set(fn.global, fn);
  }

  functionOf(global: Global): FunctionIr | undefined {
    return this.functions.get(global);
  }

  /** May evaluating the expression fail, never end, or have an effect outside? */
  mayFail(expr: Expr): boolean {
    switch (expr.kind) {
      case "lambda":
      case "eos":
      case "literal":
      case "variable":
      case "global":
      case "builtin-value":
      case "running-twist":
      case "shape":
        return expr.kind === "shape" && this.mayFail(expr.value);
      case "builtin":
        if (!TOTAL.has(expr.name) && TOTAL_WITH[expr.name] !== expr.arguments.length) return true;
        break;
      case "binary":
        // Whole-number division by zero is an error; comparing needs a common order.
        if (expr.operator === "//" || expr.operator === "%" || expr.operator === "^") return true;
        break;
      case "call":
        if (expr.host || expr.callee.kind !== "global" || this.functionMayFail(expr.callee.global)) return true;
        break;
      case "matches":
        if (!alwaysTestable(expr)) return true;
        break;
      case "distribution":
      case "restrict":
      case "guided":
      case "constraint":
        return true;
      case "lm":
        if (expr.method !== "context" && expr.method !== "next") return true;
        break;
    }
    return childrenOf(expr).some((child) => this.mayFail(child));
  }

  private functionMayFail(global: Global): boolean {
    const known = this.total.get(global);
    if (known !== undefined) return !known;
    const fn = this.functions.get(global);
    if (fn === undefined || global.suspends) return true;
    // A recursive call finds this entry, and makes the function one that may not return.
    this.total.set(global, false);
    const fails =
      this.statementsMayFail(fn.body) ||
      fn.parameters.some((p) => p.defaultValue !== undefined && this.mayFail(p.defaultValue));
    this.total.set(global, !fails);
    return fails;
  }

  statementsMayFail(statements: readonly Statement[]): boolean {
    for (const statement of statementsIn(statements)) {
      if (statement.kind === "while" || isSuspension(statement)) return true;
      if (operandsOf(statement).some((operand) => this.mayFail(operand))) return true;
    }
    return false;
  }
}

/** A constraint without outside help, over text known when compiling: it holds or not, it does not fail. */
function alwaysTestable(expr: Expr & { kind: "matches" }): boolean {
  return isTestable(expr.constraint);
}

/** Constraints that take any text. */
const PARTS: ReadonlySet<string> = new Set(["contains", "starts_with", "ends_with", "pattern"]);
/** Constraints that ask something else than the text. */
const OUTSIDE: ReadonlySet<string> = new Set(["tokens", "predicate"]);

/** Whether making a constraint, and asking it about a text, cannot fail, its arguments apart. */
export function isTestable(wanted: ConstraintExpr): boolean {
  // What a constraint takes is the same in every execution, and so is whether it takes it.
  const isKnown = (argument: Expr): boolean => {
    if (argument.kind === "constraint") return check(argument.constraint);
    if (argument.kind === "list") return argument.elements.every(isKnown);
    return argument.kind === "literal" || (argument.kind === "global" && argument.global.kind === "const");
  };
  const check = (constraint: ConstraintExpr): boolean => {
    switch (constraint.kind) {
      case "constant":
        return !constraint.needsRun;
      case "regex":
      case "text":
        return true;
      case "call":
        if (PARTS.has(constraint.name)) return true;
        // Between texts that may be any.
        if (constraint.name === "between") return constraint.arguments.every((a, i) => i !== 1 || isKnown(a));
        return !OUTSIDE.has(constraint.name) && constraint.arguments.every(isKnown);
      case "not":
        return check(constraint.operand);
      default:
        return constraint.operands.every(check);
    }
  };
  return check(wanted);
}

/** What `type` says of where a distribution puts its mass. A posterior is a list of values. */
export const domainOf = (type: Type): string =>
  type.kind === "dist" ? type.domain : type.kind === "posterior" ? "finite" : "unknown";

/** Does the built-in's own effect follow from its function arguments? */
export const isHigherOrder = (name: string): boolean => builtinByName.get(name)?.effect === "argument";

import type { Expr } from "../ir/expression.js";
import type { Facts } from "../ir/facts.js";
import type { Global, Program } from "../ir/program.js";
import { readsOf } from "../ir/walk.js";

/** What a constant expression evaluates to: scalars, lists, and maps as lists of their values. */
export type Known = number | string | boolean | null | undefined | readonly Known[] | KnownMap;
interface KnownMap {
  readonly kind: "map";
  readonly values: readonly Known[];
}

/** Values known when compiling: literals, and constants of the program made of them. */
export class Constants {
  private readonly values = new Map<Global, Expr>();

  constructor(program: Program) {
    for (const module of program.modules)
      for (const { global, value } of module.constants) this.values.set(global, value);
  }

  /** The expression a constant stands for. */
  resolve(expr: Expr): Expr {
    if (expr.kind !== "global") return expr;
    const value = this.values.get(expr.global);
    return value === undefined ? expr : this.resolve(value);
  }

  /** Can it be computed once, when the module is loaded? */
  isConstant(expr: Expr): boolean {
    switch (expr.kind) {
      case "literal":
        return true;
      case "global":
        return ["const", "lm", "twist"].includes(expr.global.kind);
      case "list":
      case "tuple":
        return expr.elements.every((e) => this.isConstant(e));
      case "map":
        return expr.entries.every(({ key, value }) => this.isConstant(key) && this.isConstant(value));
      case "record":
        return expr.fields.every(({ value }) => this.isConstant(value));
      case "distribution":
        return expr.arguments.every((a) => a === undefined || this.isConstant(a)) && isProper(expr, this);
      case "restrict":
        // The pass that makes these has seen to it that the predicate cannot fail.
        return this.isConstant(expr.distribution) && readsOf(expr.predicate).size === 0;
      default:
        return false;
    }
  }

  /** Undefined when it is not known. */
  valueOf(expr: Expr): Known {
    const resolved = this.resolve(expr);
    const all = (exprs: readonly Expr[]): Known[] | undefined => {
      const values = exprs.map((e) => this.valueOf(e));
      return values.includes(undefined) ? undefined : (values as Known[]);
    };
    switch (resolved.kind) {
      case "literal":
        return resolved.value;
      case "list":
        return all(resolved.elements);
      case "map": {
        const values = all(resolved.entries.map(({ value }) => value));
        return values && { kind: "map", values };
      }
      default:
        return undefined;
    }
  }
}

type Test = (value: Known) => boolean;

const finite: Test = (x) => typeof x === "number" && Number.isFinite(x);
const positive: Test = (x) => finite(x) && (x as number) > 0;
const probability: Test = (x) => typeof x === "number" && x >= 0 && x <= 1;
const positiveProbability: Test = (x) => probability(x) && (x as number) > 0;
const count: Test = (x) => Number.isSafeInteger(x) && (x as number) >= 0;
const isList = (x: Known): x is readonly Known[] => Array.isArray(x);
const weights: Test = (xs) => {
  const list = isList(xs) ? xs : typeof xs === "object" && xs !== null ? xs.values : undefined;
  return (
    list !== undefined && list.every((w) => finite(w) && (w as number) >= 0) && list.some((w) => (w as number) > 0)
  );
};
const positives: Test = (xs) => isList(xs) && xs.length > 0 && xs.every(positive);

/** What each parameter of a family must be for the distribution to exist; families not listed are not known to. */
const PARAMETERS: Readonly<Record<string, readonly Test[]>> = {
  bernoulli: [probability],
  categorical: [weights],
  normal: [finite, positive],
  lognormal: [finite, positive],
  student_t: [positive, finite, positive],
  cauchy: [finite, positive],
  laplace: [finite, positive],
  logistic: [finite, positive],
  exponential: [positive],
  gamma: [positive, positive],
  inverse_gamma: [positive, positive],
  beta: [positive, positive],
  dirichlet: [positives],
  poisson: [(x) => finite(x) && (x as number) >= 0],
  binomial: [count, probability],
  geometric: [positiveProbability],
  negative_binomial: [positive, positiveProbability],
};

/**
 * Is it certain, whatever its variables are, that the expression makes a normalised distribution without failing? Arguments
 * may depend on variables only through branches between constants, or as values that can be anything.
 */
export function isProper(expr: Expr, constants: Constants, facts?: Facts): boolean {
  const resolved = constants.resolve(expr);
  if (resolved.kind !== "distribution") return false;
  const args = resolved.arguments;
  const [first, second] = args;
  const free = (e: Expr | undefined): boolean =>
    e !== undefined && (constants.isConstant(e) || (facts !== undefined && !facts.mayFail(e)));
  switch (resolved.name) {
    case "delta":
      return free(first);
    case "choice":
    case "empirical": {
      const list = first && constants.resolve(first);
      return list?.kind === "list" && list.elements.length > 0 && list.elements.every(free);
    }
    case "uniform":
    case "uniform_int": {
      const [low, high] = [first && constants.valueOf(first), second && constants.valueOf(second)];
      if (typeof low !== "number" || typeof high !== "number") return false;
      return resolved.name === "uniform"
        ? Number.isFinite(low) && Number.isFinite(high) && low < high && Number.isFinite(high - low)
        : Number.isSafeInteger(low) &&
            Number.isSafeInteger(high) &&
            low <= high &&
            Number.isSafeInteger(high - low + 1);
    }
  }
  const tests = PARAMETERS[resolved.name];
  if (tests === undefined) return false;
  return tests.every((test, i) => {
    const argument = args[i];
    return argument === undefined ? i > 0 && resolved.name === "student_t" : always(argument, test, constants, facts);
  });
}

/** Does the test hold for every value the expression can have? */
function always(expr: Expr, test: Test, constants: Constants, facts: Facts | undefined): boolean {
  if (expr.kind === "conditional") {
    const decidable = facts !== undefined && !facts.mayFail(expr.test);
    return decidable && always(expr.then, test, constants, facts) && always(expr.otherwise, test, constants, facts);
  }
  const value = constants.valueOf(expr);
  return value !== undefined && test(value);
}

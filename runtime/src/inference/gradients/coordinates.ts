import { functions, minus, plus, times } from "../../autodiff/arithmetic.js";
import { valueOf, type Num } from "../../autodiff/tape.js";
import type { Support } from "../../distributions/distribution.js";

/**
 * How a continuous value is made of unconstrained real coordinates u: bijections x(u) from ℝᵏ onto the inside of a support,
 * after Stan's reference manual (constraint transforms). With log |det dx/du| added to its log-density, the coordinates have
 * the density that x has.
 */
export type Shape =
  /** x = u. */
  | { readonly kind: "real"; readonly count: 1 }
  /** x = lower + exp u. */
  | { readonly kind: "above"; readonly count: 1 }
  /** x = upper − exp u. */
  | { readonly kind: "below"; readonly count: 1 }
  /** x = lower + (upper − lower) sigmoid u. */
  | { readonly kind: "between"; readonly count: 1 }
  /** Sticks broken off what is left: xₖ = (1 − Σ_{j<k} xⱼ) sigmoid(uₖ − log(n − 1 − k)), k = 0 … n−2; the last is the rest. */
  | { readonly kind: "simplex"; readonly count: number }
  /** x = u, a list. */
  | { readonly kind: "vector"; readonly count: number };

/** The coordinates of a support; null for one that has none, because it is discrete. */
export function shapeOf(support: Support<unknown>): Shape | null {
  switch (support.kind) {
    case "interval": {
      const bounded =
        (Number.isFinite(valueOf(support.lower)) ? 1 : 0) + (Number.isFinite(valueOf(support.upper)) ? 2 : 0);
      return { kind: (["real", "above", "below", "between"] as const)[bounded]!, count: 1 };
    }
    case "simplex":
      return { kind: "simplex", count: support.dimension - 1 };
    case "vector":
      return { kind: "vector", count: support.dimension };
    default:
      return null;
  }
}

export const sameShape = (a: Shape, b: Shape): boolean => a.kind === b.kind && a.count === b.count;

/** A value and the log of how much its coordinates are stretched to it, log |det dx/du|. */
export interface Constrained {
  readonly value: unknown;
  readonly logJacobian: Num;
}

/**
 * The value at coordinates `u`. Bounds may carry derivatives: they may be draws themselves. A value that rounding has put on
 * a bound is moved to the nearest number inside, where densities are finite.
 */
export function constrain(shape: Shape, support: Support<unknown>, u: readonly Num[]): Constrained {
  const [first] = u as readonly [Num];
  switch (shape.kind) {
    case "real":
      return { value: first, logJacobian: 0 };
    case "vector":
      return { value: u, logJacobian: 0 };
    case "simplex":
      return brokenStick(u);
  }
  const { lower, upper } = support as Support<number> & { readonly kind: "interval" };
  switch (shape.kind) {
    case "above":
      return { value: inside(plus(lower, functions.exp(first)), lower, Infinity), logJacobian: first };
    case "below":
      return { value: inside(minus(upper, functions.exp(first)), -Infinity, upper), logJacobian: first };
    case "between": {
      const width = minus(upper, lower);
      const value = plus(lower, times(width, functions.sigmoid(first)));
      const stretch = plus(logSigmoid(first), logSigmoid(opposite(first)));
      return { value: inside(value, lower, upper), logJacobian: plus(functions.log(width), stretch) };
    }
  }
}

/** The coordinates of a value inside the support. One on a bound has those of the nearest number inside. */
export function unconstrain(shape: Shape, support: Support<unknown>, value: unknown): readonly number[] {
  switch (shape.kind) {
    case "real":
      return [value as number];
    case "vector":
      return value as readonly number[];
    case "simplex":
      return stickLogits(value as readonly number[]);
  }
  const { lower, upper } = support as Support<number> & { readonly kind: "interval" };
  const x = valueOf(inside(value as number, lower, upper));
  if (shape.kind === "above") return [Math.log(x - lower)];
  if (shape.kind === "below") return [Math.log(upper - x)];
  return [Math.log(x - lower) - Math.log(upper - x)];
}

function brokenStick(u: readonly Num[]): Constrained {
  const n = u.length + 1;
  const parts: Num[] = [];
  let logRest: Num = 0;
  let logJacobian: Num = 0;
  for (let k = 0; k < n - 1; k++) {
    const logit = minus(u[k]!, Math.log(n - 1 - k));
    const logTaken = logSigmoid(logit);
    const logLeft = logSigmoid(opposite(logit));
    parts.push(aboveZero(functions.exp(plus(logRest, logTaken))));
    logJacobian = plus(logJacobian, plus(plus(logTaken, logLeft), logRest));
    logRest = plus(logRest, logLeft);
  }
  parts.push(aboveZero(functions.exp(logRest)));
  return { value: parts, logJacobian };
}

function stickLogits(x: readonly number[]): readonly number[] {
  const n = x.length;
  const coordinates: number[] = [];
  for (let k = 0; k < n - 1; k++) {
    // What is left, added up from its end: a difference from one would lose its digits.
    let left = 0;
    for (let j = n - 1; j > k; j--) left += Math.max(x[j]!, Number.MIN_VALUE);
    coordinates.push(Math.log(Math.max(x[k]!, Number.MIN_VALUE)) - Math.log(left) + Math.log(n - 1 - k));
  }
  return coordinates;
}

/** log sigmoid x = −log(1 + e^−x), without overflow. */
function logSigmoid(a: Num): Num {
  const x = valueOf(a);
  const value = Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
  return typeof a === "number" ? value : a.tape.unary(value, a, functions.sigmoid(-x) as number);
}

const opposite = (a: Num): Num => minus(0, a);

const aboveZero = (x: Num): Num => inside(x, 0, Infinity);

/** The number itself, or the nearest one between the bounds; with the derivative it would have there. */
function inside(x: Num, lower: Num, upper: Num): Num {
  const value = valueOf(x);
  const low = valueOf(lower);
  const high = valueOf(upper);
  const moved = value <= low ? next(low, 1) : value >= high && high < Infinity ? next(high, -1) : value;
  if (moved === value) return x;
  return typeof x === "number" ? moved : x.tape.unary(moved, x, 1);
}

const words = new BigInt64Array(1);
const floats = new Float64Array(words.buffer);

/** The nearest float above (direction 1) or below (−1). */
function next(x: number, direction: 1 | -1): number {
  if (x === 0) return direction * Number.MIN_VALUE;
  floats[0] = x;
  words[0]! += x > 0 === direction > 0 ? 1n : -1n;
  return floats[0]!;
}

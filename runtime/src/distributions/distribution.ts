import type { RandomSource } from "../random/source.js";

/** Where a distribution puts its mass. */
export type Support<T> =
  /** All values, with their probabilities in the same order (summing to one up to rounding). No value twice. */
  | { readonly kind: "finite"; readonly values: readonly T[]; readonly probabilities: ArrayLike<number> }
  /** Values one by one; each has positive mass; `values()` ends or not. */
  | { readonly kind: "countable"; values(): Iterable<T> }
  | { readonly kind: "interval"; readonly lower: number; readonly upper: number }
  | { readonly kind: "simplex"; readonly dimension: number }
  | { readonly kind: "vector"; readonly dimension: number };

/**
 * A distribution with an exact log-density, asked and answered at once. Immutable.
 * `logDensity` is in nats with respect to counting measure (finite, countable) or Lebesgue measure, normalised; it is
 * `-Infinity` outside the support and never NaN for a value of type T.
 */
export interface Distribution<T> {
  readonly kind: "distribution";
  readonly name: string;
  logDensity(value: T): number;
  sample(random: RandomSource): T;
  readonly support: Support<T>;
  /** Expectation; `undefined` when T is not numeric; NaN when it does not exist (Cauchy). Vectors give arrays. */
  mean?(): number | readonly number[];
  variance?(): number | readonly number[];
  /** d logDensity / d value, for continuous distributions; zero outside the support. */
  gradient?(value: T): number | readonly number[];
  /** Of a distribution made to propose for another: that other. Nothing it leaves out has a weight in the end. */
  readonly covers?: Distribution<unknown>;
  /** The smallest value whose cumulative probability reaches q in [0, 1], where there is a formula for it. */
  quantile?(q: number): number;
}

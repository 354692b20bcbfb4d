import { RunError } from "../../errors.js";
import type { RandomSource } from "../../random/source.js";
import type { LogWeights } from "../log-weights.js";

/** What a resampling leaves: who survives, as often as listed, and what each copy weighs. */
export interface Resampled {
  /** The index of each offspring's ancestor, ascending. */
  readonly ancestors: Int32Array;
  /** The log-weight of each offspring, in nats. They are not equal for every scheme. */
  readonly logWeights: Float64Array;
  /**
   * Σ over candidates of the variance of their offspring's weight, over the square of the total weight: what the choice of
   * ancestors adds to the error of log Ẑ and to the differences between families. Missing where it is not known.
   */
  readonly variance?: number;
}

/**
 * A way to draw `n` weighted offspring from weighted candidates such that for every candidate i
 *
 *     E[ Σ_{j : ancestor_j = i} exp(logWeight_j) ] = w_i     exactly,
 *
 * and the total weight is the same before and after, up to rounding. Candidates of weight zero have no offspring. All
 * schemes take time O(candidates + n), the multinomial ones in expectation, and ask `random` only for choices that an
 * enumerating source can sum over.
 */
export interface ResamplingScheme {
  readonly name: string;
  /** @throws RunError PGLR054 when every weight is zero. */
  resample(weights: LogWeights, n: number, random: RandomSource): Resampled;
}

/** @throws RunError PGLR054 when every weight is zero: there is nothing to draw from. */
export function requireMass(weights: LogWeights): void {
  if (weights.max() === -Infinity) {
    throw new RunError("PGLR054", "There is nothing to resample from: every weight is zero.");
  }
}

/**
 * Offspring of equal weight, given how many each candidate has.
 * @param variance Σ of the variances of those numbers.
 */
export function equalOffspring(counts: Int32Array, weights: LogWeights, n: number, variance: number): Resampled {
  const ancestors = new Int32Array(n);
  let j = 0;
  for (let i = 0; i < counts.length; i++) for (let k = counts[i]!; k > 0; k--) ancestors[j++] = i;
  return {
    ancestors,
    logWeights: new Float64Array(n).fill(weights.logSum() - Math.log(n)),
    variance: variance / (n * n),
  };
}

/** The last candidate with any weight: where rounding at the end of a cumulative sum belongs. */
export function lastPositive(cumulative: Float64Array): number {
  let i = cumulative.length - 1;
  while (i > 0 && cumulative[i] === cumulative[i - 1]) i--;
  return i;
}

/** The places of `points` that lie inside (0, 1), ascending, each once. */
export function insideUnit(points: Float64Array): Float64Array {
  points.sort();
  let m = 0;
  for (const x of points) if (x > 0 && x < 1 && (m === 0 || x !== points[m - 1])) points[m++] = x;
  return points.slice(0, m);
}

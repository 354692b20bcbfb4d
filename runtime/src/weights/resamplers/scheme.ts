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

/** A resampling of which one offspring was given beforehand. */
export interface ConditionallyResampled extends Resampled {
  /** The offspring that the reference was given to be; `ancestors[slot]` is the reference. */
  readonly slot: number;
}

/**
 * A scheme that can also be drawn from given that one offspring descends from a certain candidate, the reference: the
 * step of conditional sequential Monte Carlo. With R the law of the scheme and w′ the offspring's weights,
 *
 *     P(ancestors, slot) = R(ancestors) · exp(w′_slot) · 1{ancestors[slot] = reference} / exp(w_reference),
 *
 * which sums to one because the scheme is unbiased. Among the reference's own offspring, which all weigh the same, the slot
 * is uniform (Andrieu, Doucet & Holenstein 2010, JRSS B 72, for multinomial resampling; Chopin & Singh 2015, Bernoulli 21,
 * for the others).
 */
export interface ConditionalScheme extends ResamplingScheme {
  /** @throws RunError PGLR054 when the reference has weight zero: then it has no offspring. */
  resampleGiven(weights: LogWeights, n: number, reference: number, random: RandomSource): ConditionallyResampled;
}

/** @throws RunError PGLR054 when every weight is zero: there is nothing to draw from. */
export function requireMass(weights: LogWeights): void {
  if (weights.max() === -Infinity) {
    throw new RunError("PGLR054", "There is nothing to resample from: every weight is zero.");
  }
}

/** @throws RunError PGLR054 when the reference weighs nothing. */
export function requireReference(weights: LogWeights, reference: number): void {
  if (!(reference >= 0 && reference < weights.length && weights.at(reference) > -Infinity)) {
    throw noReference();
  }
}

export const noReference = (): RunError =>
  new RunError("PGLR054", "The reference has weight zero, up to rounding: it cannot be among the offspring.");

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

/** Points nearer to each other than this are one point: rounding must not make pieces of its own. */
const SAME_POINT = 1e-14;

/** `insideUnit`, without points that differ by rounding only. */
export function piecesOfUnit(points: Float64Array): Float64Array {
  const inside = insideUnit(points);
  let m = 0;
  for (const x of inside) {
    if (x < SAME_POINT || x > 1 - SAME_POINT) continue;
    if (m === 0 || x - inside[m - 1]! > SAME_POINT) inside[m++] = x;
  }
  return inside.slice(0, m);
}

/** The offspring of one candidate among `ancestors`, which ascend: from the first up to, not including, `end`. */
export function offspringOf(
  candidate: number,
  ancestors: Int32Array,
): { readonly first: number; readonly end: number } {
  let first = 0;
  while (first < ancestors.length && ancestors[first]! < candidate) first++;
  let end = first;
  while (end < ancestors.length && ancestors[end] === candidate) end++;
  return { first, end };
}

/** One of the reference's offspring, each as probable as the others. */
export function uniformSlot(made: Resampled, reference: number, random: RandomSource): ConditionallyResampled {
  const { first, end } = offspringOf(reference, made.ancestors);
  return { ...made, slot: first + random.below(end - first) };
}

/** The slot nearest to `slot` that is the reference's: another one only if rounding has moved it. */
export function slotNear(made: Resampled, reference: number, slot: number): ConditionallyResampled {
  const { first, end } = offspringOf(reference, made.ancestors);
  return { ...made, slot: Math.min(end - 1, Math.max(first, slot)) };
}

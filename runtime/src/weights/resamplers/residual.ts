import type { LogWeights } from "../log-weights.js";
import { drawInto } from "./multinomial.js";
import {
  equalOffspring,
  lastPositive,
  requireMass,
  requireReference,
  uniformSlot,
  type ConditionalScheme,
} from "./scheme.js";

/** The whole part of each expected number of offspring for certain, the rest by multinomial draws (Liu & Chen 1998). */
export const residual: ConditionalScheme = {
  name: "residual",
  resample(weights, n, random) {
    requireMass(weights);
    const { counts, rest, draws, variance } = certainOffspring(weights, n);
    if (draws > 0) drawInto(counts, rest, draws, random);
    return equalOffspring(counts, weights, n, variance);
  },
  // The given offspring is one of the certain ones, or one of the draws: in proportion to how many of each are expected.
  resampleGiven(weights, n, reference, random) {
    requireReference(weights, reference);
    const { counts, rest, draws, variance } = certainOffspring(weights, n);
    const certain = counts[reference]!;
    const part = rest[reference]! - (reference === 0 ? 0 : rest[reference - 1]!);
    const isDrawn = draws > 0 && random.bernoulli(part / (certain + part));
    if (isDrawn) counts[reference]!++;
    if (draws > 0) drawInto(counts, rest, isDrawn ? draws - 1 : draws, random);
    return uniformSlot(equalOffspring(counts, weights, n, variance), reference, random);
  },
};

interface Certain {
  readonly counts: Int32Array;
  /** Running totals of what the certain numbers lack to the expected ones. */
  readonly rest: Float64Array;
  readonly draws: number;
  /** Σ of the variances of the numbers of offspring. */
  readonly variance: number;
}

function certainOffspring(weights: LogWeights, n: number): Certain {
  const cumulative = weights.cumulative();
  const scale = n / cumulative[lastPositive(cumulative)]!;
  const counts = new Int32Array(cumulative.length);
  const rest = new Float64Array(cumulative.length);
  let certain = 0;
  let left = 0;
  let squares = 0;
  for (let i = 0; i < counts.length; i++) {
    const expected = Math.exp(weights.at(i) - weights.max()) * scale;
    const whole = Math.floor(expected);
    counts[i] = whole;
    certain += whole;
    rest[i] = left += expected - whole;
    squares += (expected - whole) ** 2;
  }
  // Rounding may find one more or less than n certain: an n-th of nothing.
  const draws = left > 0 ? Math.max(0, n - certain) : 0;
  return { counts, rest, draws, variance: left > 0 ? left - squares / left : 0 };
}

import type { LogWeights } from "../log-weights.js";
import {
  equalOffspring,
  insideUnit,
  lastPositive,
  piecesOfUnit,
  requireMass,
  requireReference,
  slotNear,
  type ConditionalScheme,
  type Resampled,
} from "./scheme.js";

/**
 * n equally spaced points with one common uniform offset, on the line of cumulative weights: a candidate has the number
 * of offspring it expects, rounded down or up (Carpenter, Clifford & Fearnhead 1999).
 */
export const systematic: ConditionalScheme = {
  name: "systematic",
  resample(weights, n, random) {
    requireMass(weights);
    const cumulative = weights.cumulative();
    const spacing = cumulative[lastPositive(cumulative)]! / n;
    const offset = random.uniformAmong(() => insideUnit(fractions(cumulative, spacing)));
    return offspring(weights, cumulative, n, offset, null);
  },
  // A uniform point of the reference's share is one of the n points, and so says where all of them are.
  resampleGiven(weights, n, reference, random) {
    requireReference(weights, reference);
    const cumulative = weights.cumulative();
    const spacing = cumulative[lastPositive(cumulative)]! / n;
    const from = reference === 0 ? 0 : cumulative[reference - 1]! / spacing;
    const share = cumulative[reference]! / spacing - from;
    const u = random.uniformAmong(() => {
      const points: number[] = [];
      for (let whole = Math.floor(from); whole <= from + share; whole++) {
        for (const fraction of [0, ...fractions(cumulative, spacing)]) points.push((whole + fraction - from) / share);
      }
      return piecesOfUnit(Float64Array.from(points));
    });
    const point = from + u * share;
    const slot = Math.min(n - 1, Math.floor(point));
    return slotNear(offspring(weights, cumulative, n, point - slot, { reference, slot }), reference, slot);
  },
};

/** The offsets at which some point passes from one candidate to the next. */
const fractions = (cumulative: Float64Array, spacing: number): Float64Array =>
  cumulative.map((c) => {
    const place = c / spacing;
    return place - Math.floor(place);
  });

function offspring(
  weights: LogWeights,
  cumulative: Float64Array,
  n: number,
  offset: number,
  given: { readonly reference: number; readonly slot: number } | null,
): Resampled {
  const last = lastPositive(cumulative);
  const spacing = cumulative[last]! / n;
  const counts = new Int32Array(cumulative.length);
  let variance = 0;
  for (let i = 0, before = 0; i < cumulative.length; before = cumulative[i++]!) {
    const expected = (cumulative[i]! - before) / spacing;
    const part = expected - Math.floor(expected);
    variance += part * (1 - part);
  }
  for (let j = 0, i = 0; j < n; j++) {
    const point = (j + offset) * spacing;
    while (i < last && cumulative[i]! <= point) i++;
    // Whatever rounding says of its point.
    if (j === given?.slot) i = given.reference;
    counts[i]!++;
  }
  return equalOffspring(counts, weights, n, variance);
}

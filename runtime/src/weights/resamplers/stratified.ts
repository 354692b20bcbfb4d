import type { RandomSource } from "../../random/source.js";
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

/** One uniform point in each of n equal pieces of the line of cumulative weights (Kitagawa 1996). */
export const stratified: ConditionalScheme = {
  name: "stratified",
  resample(weights, n, random) {
    requireMass(weights);
    return offspring(weights, n, null, random);
  },
  // A uniform point of the reference's share says which stratum has it; the points of the other strata are independent.
  resampleGiven(weights, n, reference, random) {
    requireReference(weights, reference);
    const cumulative = weights.cumulative();
    const spacing = cumulative[lastPositive(cumulative)]! / n;
    const from = reference === 0 ? 0 : cumulative[reference - 1]! / spacing;
    const share = cumulative[reference]! / spacing - from;
    const u = random.uniformAmong(() => {
      const ends = Array.from({ length: Math.ceil(share) + 1 }, (_, k) => Math.floor(from) + 1 + k);
      return piecesOfUnit(Float64Array.from(ends, (end) => (end - from) / share));
    });
    const stratum = Math.min(n - 1, Math.floor(from + u * share));
    return slotNear(offspring(weights, n, { reference, stratum }, random), reference, stratum);
  },
};

function offspring(
  weights: LogWeights,
  n: number,
  given: { readonly reference: number; readonly stratum: number } | null,
  random: RandomSource,
): Resampled {
  const cumulative = weights.cumulative();
  const last = lastPositive(cumulative);
  const spacing = cumulative[last]! / n;
  let stratum = 0;
  const breakpoints = () => insideUnit(cumulative.map((c) => c / spacing - stratum));
  const counts = new Int32Array(cumulative.length);
  let variance = 0;
  for (let i = 0, before = 0; i < cumulative.length; before = cumulative[i++]!) {
    // A candidate has one piece in the stratum where it begins, one where it ends, and all of those between.
    const from = before / spacing;
    const to = cumulative[i]! / spacing;
    const first = Math.min(to, Math.floor(from) + 1) - from;
    const last = Math.floor(from) === Math.floor(to) ? 0 : to - Math.floor(to);
    variance += first * (1 - first) + last * (1 - last);
  }
  for (let i = 0; stratum < n; stratum++) {
    if (stratum === given?.stratum) {
      i = given.reference;
      counts[i]!++;
      continue;
    }
    const point = (stratum + random.uniformAmong(breakpoints)) * spacing;
    while (i < last && cumulative[i]! <= point) i++;
    counts[i]!++;
  }
  return equalOffspring(counts, weights, n, variance);
}

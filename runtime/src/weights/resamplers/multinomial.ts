import type { RandomSource } from "../../random/source.js";
import type { LogWeights } from "../log-weights.js";
import {
  equalOffspring,
  insideUnit,
  lastPositive,
  requireMass,
  requireReference,
  uniformSlot,
  type ConditionalScheme,
  type Resampled,
} from "./scheme.js";

/** Every offspring's ancestor is an independent draw by weight. The most variable scheme; the one theory is about. */
export const multinomial: ConditionalScheme = {
  name: "multinomial",
  resample(weights, n, random) {
    requireMass(weights);
    return offspring(weights, n, null, random);
  },
  // The draws are independent: the others do not know of the one that is given.
  resampleGiven(weights, n, reference, random) {
    requireReference(weights, reference);
    return uniformSlot(offspring(weights, n, reference, random), reference, random);
  },
};

function offspring(weights: LogWeights, n: number, given: number | null, random: RandomSource): Resampled {
  const counts = new Int32Array(weights.length);
  if (given !== null) counts[given]!++;
  drawInto(counts, weights.cumulative(), given === null ? n : n - 1, random);
  // Binomial numbers: n W (1 − W) each.
  return equalOffspring(counts, weights, n, n * (1 - 1 / weights.ess()));
}

/**
 * Adds `draws` independent draws by weight to `counts`. A draw is one uniform, looked up in a table of as many cells as
 * there are candidates (Chen & Asau 1974, the indexed search): O(1) in expectation, one decision for an enumeration.
 */
export function drawInto(counts: Int32Array, cumulative: Float64Array, draws: number, random: RandomSource): void {
  if (draws === 0) return;
  const n = cumulative.length;
  const last = lastPositive(cumulative);
  const total = cumulative[last]!;
  const scale = n / total;
  const start = new Int32Array(n);
  for (let cell = 0, i = 0; cell < n; cell++) {
    while (i < last && cumulative[i]! * scale <= cell) i++;
    start[cell] = i;
  }
  const breakpoints = () => insideUnit(cumulative.map((c) => c / total));
  for (let d = 0; d < draws; d++) {
    const u = random.uniformAmong(breakpoints);
    const point = u * total;
    let i = start[Math.min(n - 1, Math.floor(u * n))]!;
    // Rounding may have put the cell's first candidate one too far.
    while (i > 0 && cumulative[i - 1]! > point) i--;
    while (i < last && cumulative[i]! <= point) i++;
    counts[i]!++;
  }
}

import { equalOffspring, insideUnit, lastPositive, requireMass, type ResamplingScheme } from "./scheme.js";

/**
 * n equally spaced points with one common uniform offset, on the line of cumulative weights: a candidate has the number
 * of offspring it expects, rounded down or up (Carpenter, Clifford & Fearnhead 1999).
 */
export const systematic: ResamplingScheme = {
  name: "systematic",
  resample(weights, n, random) {
    requireMass(weights);
    const cumulative = weights.cumulative();
    const last = lastPositive(cumulative);
    const spacing = cumulative[last]! / n;
    const offset = random.uniformAmong(() =>
      insideUnit(
        cumulative.map((c) => {
          const place = c / spacing;
          return place - Math.floor(place);
        }),
      ),
    );
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
      counts[i]!++;
    }
    return equalOffspring(counts, weights, n, variance);
  },
};

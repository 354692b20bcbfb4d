import { equalOffspring, insideUnit, lastPositive, requireMass, type ResamplingScheme } from "./scheme.js";

/** One uniform point in each of n equal pieces of the line of cumulative weights (Kitagawa 1996). */
export const stratified: ResamplingScheme = {
  name: "stratified",
  resample(weights, n, random) {
    requireMass(weights);
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
      const point = (stratum + random.uniformAmong(breakpoints)) * spacing;
      while (i < last && cumulative[i]! <= point) i++;
      counts[i]!++;
    }
    return equalOffspring(counts, weights, n, variance);
  },
};

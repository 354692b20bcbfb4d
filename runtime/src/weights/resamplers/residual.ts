import { drawInto } from "./multinomial.js";
import { equalOffspring, lastPositive, requireMass, type ResamplingScheme } from "./scheme.js";

/** The whole part of each expected number of offspring for certain, the rest by multinomial draws (Liu & Chen 1998). */
export const residual: ResamplingScheme = {
  name: "residual",
  resample(weights, n, random) {
    requireMass(weights);
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
    if (left > 0) drawInto(counts, rest, Math.max(0, n - certain), random);
    return equalOffspring(counts, weights, n, left > 0 ? left - squares / left : 0);
  },
};

import type { RandomSource } from "../random/source.js";
import { normalQuantile } from "./special.js";

/** A standard normal draw, by inversion: one uniform number each. */
export const standardNormal = (random: RandomSource): number => normalQuantile(random.uniform());

/** A draw from gamma(shape, 1) (Marsaglia and Tsang, A simple method for generating gamma variables, 2000). */
export function standardGamma(random: RandomSource, shape: number): number {
  if (shape < 1) return Math.exp(logStandardGamma(random, shape));
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = standardNormal(random);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = random.uniform();
    if (u < 1 - 0.0331 * x * x * x * x || Math.log(u) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
  }
}

/** The log of a gamma(shape, 1) draw: for small shapes the draw itself would round to zero. */
export function logStandardGamma(random: RandomSource, shape: number): number {
  if (shape >= 1) return Math.log(standardGamma(random, shape));
  return Math.log(standardGamma(random, shape + 1)) + Math.log(random.uniform()) / shape;
}

/** A positive number that has become 0 or infinite by rounding, as the nearest one that is in the support. */
export const positiveFloat = (x: number): number => Math.min(Math.max(x, Number.MIN_VALUE), Number.MAX_VALUE);

import type { RandomSource } from "../../random/source.js";

/**
 * Accepts with probability min(1, exp(logRatio)), in nats. A candidate of weight zero is never accepted; from a state of
 * weight zero (a logRatio of +Infinity) every other is.
 */
export function accepts(logRatio: number, random: RandomSource): boolean {
  if (Number.isNaN(logRatio)) throw new RangeError("The acceptance ratio is not a number.");
  if (logRatio >= 0) return true;
  if (logRatio === -Infinity) return false;
  return random.bernoulli(Math.exp(logRatio));
}

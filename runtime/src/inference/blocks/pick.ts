import type { RandomSource } from "../../random/source.js";
import type { Population } from "./population.js";

/** The slot of a particle drawn by the target weights; null when all are zero. */
export function pick(population: Population, random: RandomSource): number | null {
  const weights = population.logWeights();
  return weights.max() === -Infinity ? null : random.categorical(weights.normalized());
}

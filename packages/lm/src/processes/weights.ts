import { LanguageModelError } from "../errors.js";

/**
 * Mixture weights as probabilities.
 * @throws LanguageModelError PGLM012 unless there is one for each part, none is negative, and they have a positive finite sum.
 */
export function mixtureWeights(weights: readonly number[], parts: number): readonly number[] {
  if (weights.length !== parts || parts === 0) {
    throw new LanguageModelError(
      "PGLM012",
      `A mixture of ${parts} distributions needs as many weights, at least one; it has ${weights.length}.`,
    );
  }
  const total = weights.reduce((a, b) => a + b, 0);
  if (!weights.every((w) => w >= 0) || !(total > 0 && total < Infinity)) {
    throw new LanguageModelError(
      "PGLM012",
      `Mixture weights must not be negative and must have a positive sum: [${weights.join(", ")}].`,
    );
  }
  return weights.map((w) => w / total);
}

import { LogWeights, type RandomSource, type ResamplingScheme } from "@pgl/runtime";
import { enumerateOutcomes } from "../random/index.js";
import { LawError } from "./difference.js";

export interface ResamplerLawOptions {
  /** Log-weights of the population, in nats. */
  readonly logWeights: readonly number[];
  /** Size of the new population; by default that of the old. */
  readonly count?: number;
  readonly tolerance?: number;
  readonly maxOutcomes?: number;
}

/**
 * Throws unless resampling keeps the measure Σ exp(wᵢ) δᵢ in expectation, particle by particle:
 * E[Σⱼ exp(w'ⱼ) 1{ancestor j = i}] = exp(wᵢ). For a scheme that leaves equal weights this is E[offspringᵢ] = n·Wᵢ. The total
 * is kept in every outcome, not only in expectation.
 *
 * @throws LawError
 */
export async function expectUnbiasedResampler(scheme: ResamplingScheme, options: ResamplerLawOptions): Promise<void> {
  const { logWeights, count = logWeights.length, tolerance = 1e-12, maxOutcomes } = options;
  const outcomes = await enumerateOutcomes(
    (random: RandomSource) => scheme.resample(new LogWeights(Float64Array.from(logWeights)), count, random),
    { maxOutcomes },
  );
  const kept = logWeights.map(() => 0);
  const total = logWeights.reduce((sum, w) => sum + Math.exp(w), 0);
  for (const { value, probability } of outcomes) {
    if (value.ancestors.length !== count)
      throw new LawError(`The scheme gave ${value.ancestors.length} particles, not ${count}.`);
    let sum = 0;
    for (let j = 0; j < count; j++) {
      const weight = Math.exp(value.logWeights[j]!);
      sum += weight;
      kept[value.ancestors[j]!]! += probability * weight;
    }
    if (!(Math.abs(sum - total) <= tolerance * total))
      throw new LawError(`The total weight was ${total} and is now ${sum}.`);
  }
  logWeights.forEach((w, i) => {
    if (!(Math.abs(kept[i]! - Math.exp(w)) <= tolerance * total)) {
      throw new LawError(
        `The resampler keeps ${kept[i]} of particle ${i} instead of ${Math.exp(w)}, of weights [${logWeights.join(", ")}].`,
      );
    }
  });
}

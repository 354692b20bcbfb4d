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
 * Throws unless resampling keeps the measure (1/N) Σ exp(wᵢ) δᵢ in expectation, particle by particle:
 * E[(1/n) Σⱼ exp(w'ⱼ) 1{ancestor j = i}] = exp(wᵢ)/N. For a scheme that leaves equal weights this is E[offspringᵢ] = n·Wᵢ.
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
  for (const { value, probability } of outcomes) {
    if (value.ancestors.length !== count) throw new LawError(`The scheme gave ${value.ancestors.length} particles, not ${count}.`);
    for (let j = 0; j < count; j++) kept[value.ancestors[j]!]! += (probability * Math.exp(value.logWeights[j]!)) / count;
  }
  const scale = Math.max(...logWeights.map((w) => Math.exp(w)));
  logWeights.forEach((w, i) => {
    const expected = Math.exp(w) / logWeights.length;
    if (!(Math.abs(kept[i]! - expected) <= tolerance * scale)) {
      throw new LawError(`The resampler keeps ${kept[i]} of particle ${i} instead of ${expected}, of weights [${logWeights.join(", ")}].`);
    }
  });
}

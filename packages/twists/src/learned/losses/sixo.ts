import { LogWeights } from "@pgl/runtime";
import { crossEntropy } from "./cross-entropy.js";
import type { LossBatch, TwistLoss } from "./loss.js";

/**
 * Density-ratio estimation by a classifier (SIXO, Lawson et al. 2022, arXiv 2206.05952): beginnings of the target against
 * beginnings of the model, −E_σ[log σ(log ψ_t)] − E_p0[log(1 − σ(log ψ_t))], σ(·) the logistic function. At its minimum ψ_t
 * is the ratio of σ(s_1:t) to p0(s_1:t). Samples of another proposal are weighed as samples of p0.
 */
export const sixo: TwistLoss = {
  name: "sixo",
  draws: "twisted",
  contrasted: "all",
  link: "identity",
  proposalOnly: false,
  at(batch, { chosen }) {
    const fake = shares(batch);
    return crossEntropy(
      batch,
      chosen,
      (_, k) => batch.positive[k]!,
      (at) => fake[at]!,
    );
  },
};

/** Self-normalised weights, as samples of p0, of the beginnings of each step of each group: of executions that have not ended. */
function shares({ paths, steps, groups, logRatio, lengths }: LossBatch): Float64Array {
  const all = new Float64Array(paths * steps);
  const size = paths / groups;
  for (let first = 0; first < paths; first += size) {
    for (let t = 0; t < steps; t++) {
      const logs = Array.from({ length: size }, (_, i) => {
        const k = first + i;
        return t < lengths[k]! ? logRatio[k * steps + t]! : -Infinity;
      });
      new LogWeights(logs).normalized().forEach((share, i) => (all[(first + i) * steps + t] = share));
    }
  }
  return all;
}

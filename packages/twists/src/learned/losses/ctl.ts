import { logSumExp } from "@pgl/runtime";
import { lossOfProposal } from "./dpg.js";
import { shareOfStep, type LossBatch, type TwistLoss } from "./loss.js";

/**
 * Contrastive twist learning: Σ_t KL(σ(s_1:t) ‖ π_t), π_t being what the twist makes of the model at step t (Zhao et al. 2024,
 * arXiv 2404.17546, eq. 16–17). Its gradient in log ψ_t is E_σ − E_π_t of the gradient of log ψ_t (with the sign of a
 * descent).
 *
 * The last token of a negative is not drawn: E_π_t is taken over beginnings of one token less, and over the whole vocabulary
 * after each (Rao–Blackwell). With Z(s) = Σ_v p0(v|s)·ψ(sv) the loss is then, by the chain rule of KL, that of the proposal
 * and that of the beginnings,
 *
 *   E_σ[log Z(s_<t) − log ψ(s_1:t)] + {log Σ_k w_k·Z(s_<t^k) − E_σ[log Z(s_<t)]},
 *
 * w being the weights of beginnings as samples of the model, of executions without resampling. log Σ_k is the log-normaliser
 * of π_t, and its gradient the self-normalised mean. Executions that have ended count with what they weigh.
 *
 * Positives are weighed by their share of the target, the same at every step, and are negatives too. An exact positive among
 * draws of the proposal makes of the second part the loss of telling which it is: its minimum is the optimal twist with any
 * number of negatives (Ma & Collins 2018, arXiv 1809.01812), where the log of a mean of a few weights has it elsewhere. With
 * more negatives both are eq. 17. Groups without negatives leave their second part to the others (`contrast`).
 */
export const ctl: TwistLoss = {
  name: "ctl",
  draws: "twisted",
  contrasted: "some",
  link: "identity",
  proposalOnly: false,
  at(batch, twist) {
    const { value, byChosen, byLogMeans } = lossOfProposal(batch, twist);
    return { value: value + addLossOfBeginnings(batch, twist.logMeans(), byLogMeans), byChosen, byLogMeans };
  },
};

/** log Σ_k w_k·Z(s_<t^k) − E_σ[log Z(s_<t)], whose derivatives are added. */
function addLossOfBeginnings(batch: LossBatch, logMeans: Float64Array, byLogMeans: Float64Array): number {
  const { groups, paths, steps, positive, logBefore, contrast } = batch;
  const size = paths / groups;
  const logTwisted = new Float64Array(size);
  let value = 0;
  for (let g = 0; g < groups; g++) {
    if (contrast[g] === 0) continue;
    const share = shareOfStep(batch) * contrast[g]!;
    for (let t = 0; t < steps; t++) {
      for (let i = 0, at = g * size * steps + t; i < size; i++, at += steps)
        logTwisted[i] = logBefore[at]! + logMeans[at]!;
      const whole = logSumExp(logTwisted);
      value += share * whole;
      for (let i = 0, at = g * size * steps + t; i < size; i++, at += steps) {
        const own = positive[g * size + i]!;
        value -= share * own * logMeans[at]!;
        byLogMeans[at]! += share * (Math.exp(logTwisted[i]! - whole) - own);
      }
    }
  }
  return value;
}

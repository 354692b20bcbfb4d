import { logSumExp } from "../gradients.js";
import { meanOf, perEntry, perPath, type TwistLoss } from "./loss.js";

/**
 * Contrastive twist learning: Σ_t KL(σ(s_1:t) ‖ π_t), π_t being what the twist makes of the model at step t (Zhao et al. 2024,
 * arXiv 2404.17546, eq. 16–17). Its gradient in log ψ_t is E_σ − E_π_t of the gradient of log ψ_t (with the sign of a
 * descent). Positives are weighed by their share of the target, the same at every step. Negatives are samples of the
 * proposal without resampling, weighed by themselves at each step: log Σ_k of their weights is the log-normaliser of π_t,
 * and its gradient the self-normalised mean. Executions that have ended count with what they weigh.
 */
export const ctl: TwistLoss = {
  name: "ctl",
  draws: "twisted",
  needsPrior: false,
  link: "identity",
  proposalOnly: false,
  value(tf, batch, twist) {
    const mask = perEntry(tf, batch, batch.mask);
    const chosen = tf.mul(twist.chosen(), mask);
    const positive = tf.sum(tf.mul(perPath(tf, batch, batch.positive), chosen));
    const weights = tf.add(perEntry(tf, batch, batch.logBeginning), chosen);
    const { groups, paths, steps } = batch;
    const negative = logSumExp(tf, tf.reshape(weights, [groups, paths / groups, steps]), 1);
    return meanOf(tf, batch, tf.sub(tf.sum(negative), positive));
  },
};

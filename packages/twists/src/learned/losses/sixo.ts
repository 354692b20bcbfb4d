import { logSigmoid } from "../gradients.js";
import { meanOf, perEntry, perPath, type LossBatch, type TwistLoss } from "./loss.js";

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
  value(tf, batch, twist) {
    const x = tf.mul(twist.chosen(), perEntry(tf, batch, batch.mask));
    const real = tf.sum(tf.mul(perPath(tf, batch, batch.positive), logSigmoid(tf, x)));
    const fake = tf.sum(tf.mul(perEntry(tf, batch, shares(batch)), logSigmoid(tf, tf.neg(x))));
    return meanOf(tf, batch, tf.neg(tf.add(real, fake)));
  },
};

/** Self-normalised weights of the beginnings as samples of p0, at each step of each group. */
function shares({ paths, steps, groups, logRatio, mask }: LossBatch): Float32Array {
  const weights = new Float32Array(paths * steps);
  const size = paths / groups;
  for (let first = 0; first < paths; first += size) {
    for (let t = 0; t < steps; t++) {
      const entries = Array.from({ length: size }, (_, i) => (first + i) * steps + t);
      const most = Math.max(...entries.map((at) => logRatio[at]!));
      let total = 0;
      for (const at of entries) total += weights[at] = mask[at]! * Math.exp(logRatio[at]! - most);
      if (total > 0) for (const at of entries) weights[at]! /= total;
    }
  }
  return weights;
}

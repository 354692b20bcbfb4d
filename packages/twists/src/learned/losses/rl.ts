import { meanOf, NOTHING, perEntry, perPath, type LossBatch, type TwistLoss, type TwistOutputs } from "./loss.js";

/** A potential of zero counts as so many nats below the largest of its batch: the error must be finite. */
const DEPTH = 20;

/**
 * Soft Q-learning, in log space: E[(log ψ_t(s_1:t) − log Σ_v p0(v|s_1:t)·ψ_{t+1}(s_1:t v))²], the second term held fixed, and
 * log φ in its place at the last token (Zhao et al. 2024, arXiv 2404.17546, sec. 4.1; path consistency of one step). Averaged
 * over the executions as they were drawn, or over exact draws of the target where there are some.
 */
export const rl: TwistLoss = {
  name: "rl",
  draws: "twisted",
  contrasted: "none",
  link: "identity",
  proposalOnly: false,
  value(tf, batch, twist) {
    const error = tf.mul(
      tf.sub(twist.chosen(), perEntry(tf, batch, targets(batch, twist))),
      perEntry(tf, batch, batch.mask),
    );
    const squared = tf.mul(error, error);
    return meanOf(tf, batch, tf.sum(tf.mul(perPath(tf, batch, batch.behaviour), squared)));
  },
};

function targets(
  { paths, steps, mask, between, logPotential, behaviour }: LossBatch,
  twist: TwistOutputs,
): Float32Array {
  const logMeans = twist.logMeans().dataSync();
  let most = -Infinity;
  for (let k = 0; k < paths; k++) {
    if (behaviour[k]! > 0 && logPotential[k]! > NOTHING) most = Math.max(most, logPotential[k]!);
  }
  const target = new Float32Array(paths * steps);
  for (let k = 0; k < paths; k++) {
    for (let t = 0; t < steps; t++) {
      const at = k * steps + t;
      if (mask[at] === 0) continue;
      const goesOn = t + 1 < steps && mask[at + 1] === 1;
      target[at] = goesOn ? between[at + 1]! + logMeans[at + 1]! : Math.max(logPotential[k]!, most - DEPTH);
    }
  }
  return target;
}

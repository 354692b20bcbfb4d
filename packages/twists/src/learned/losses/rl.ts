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
  needsPrior: true,
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
  const logPrior = twist.logPrior();
  const logPsi = twist.all().dataSync();
  const rows = mask.reduce((n, m) => n + m, 0);
  const size = logPsi.length / rows;
  let most = -Infinity;
  for (let k = 0; k < paths; k++) {
    if (behaviour[k]! > 0 && logPotential[k]! > NOTHING) most = Math.max(most, logPotential[k]!);
  }
  const target = new Float32Array(paths * steps);
  let row = -1;
  for (let k = 0; k < paths; k++) {
    for (let t = 0; t < steps; t++) {
      const at = k * steps + t;
      if (mask[at] === 0) continue;
      row++;
      const goesOn = t + 1 < steps && mask[at + 1] === 1;
      target[at] = goesOn
        ? between[at + 1]! + expected(logPrior, logPsi, (row + 1) * size, size)
        : Math.max(logPotential[k]!, most - DEPTH);
    }
  }
  return target;
}

function expected(logPrior: ArrayLike<number>, logPsi: ArrayLike<number>, start: number, size: number): number {
  let most = -Infinity;
  for (let i = start; i < start + size; i++) most = Math.max(most, logPrior[i]! + logPsi[i]!);
  let sum = 0;
  for (let i = start; i < start + size; i++) sum += Math.exp(logPrior[i]! + logPsi[i]! - most);
  return most + Math.log(sum);
}

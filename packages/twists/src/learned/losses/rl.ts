import { forEachToken, shareOfStep, type LossBatch, type TwistLoss } from "./loss.js";

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
  at(batch, twist) {
    const { chosen } = twist;
    const wanted = targets(batch, twist.logMeans());
    const step = shareOfStep(batch);
    const byChosen = new Float64Array(chosen.length);
    let value = 0;
    forEachToken(batch, (at, k) => {
      const share = step * batch.behaviour[k]!;
      const error = chosen[at]! - wanted[at]!;
      value += share * error * error;
      byChosen[at] = 2 * share * error;
    });
    return { value, byChosen, byLogMeans: null };
  },
};

function targets(batch: LossBatch, logMeans: Float64Array): Float64Array {
  const { steps, lengths, between, logPotential, behaviour } = batch;
  let most = -Infinity;
  logPotential.forEach((log, k) => (most = behaviour[k]! > 0 ? Math.max(most, log) : most));
  const target = new Float64Array(logMeans.length);
  forEachToken(batch, (at, k) => {
    const isLast = at === k * steps + lengths[k]! - 1;
    target[at] = isLast ? Math.max(logPotential[k]!, most - DEPTH) : between[at + 1]! + logMeans[at + 1]!;
  });
  return target;
}

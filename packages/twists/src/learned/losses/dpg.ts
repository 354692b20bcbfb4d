import { forEachToken, shareOfStep, type LossBatch, type TwistLoss, type TwistOutputs } from "./loss.js";

/**
 * Distributional policy gradient: min KL(σ ‖ q) of the proposal q(v|s) = p0(v|s)·ψ(sv)/Z(s) (Parshakova et al. 2019, arXiv
 * 1912.08517; Zhao et al. 2024, arXiv 2404.17546, sec. 4.2): E_σ of −log ψ of the token drawn + log Σ_v p0(v|s)·ψ(sv), the
 * sum over the whole vocabulary. What is learned is a proposal: ψ of different beginnings do not compare.
 */
export const dpg: TwistLoss = {
  name: "dpg",
  draws: "twisted",
  contrasted: "none",
  link: "identity",
  proposalOnly: true,
  at: lossOfProposal,
};

/** E_σ[log Z(s_<t) − log ψ(s_1:t)], in fresh arrays. */
export function lossOfProposal(
  batch: LossBatch,
  twist: TwistOutputs,
): { readonly value: number; readonly byChosen: Float64Array; readonly byLogMeans: Float64Array } {
  const { chosen } = twist;
  const logMeans = twist.logMeans();
  const step = shareOfStep(batch);
  const byChosen = new Float64Array(chosen.length);
  const byLogMeans = new Float64Array(chosen.length);
  let value = 0;
  forEachToken(batch, (at, k) => {
    const share = step * batch.positive[k]!;
    value += share * (logMeans[at]! - chosen[at]!);
    byChosen[at] = -share;
    byLogMeans[at] = share;
  });
  return { value, byChosen, byLogMeans };
}

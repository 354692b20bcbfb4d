import { meanOf, perEntry, perPath, type TwistLoss } from "./loss.js";

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
  value(tf, batch, twist) {
    const each = tf.mul(tf.sub(twist.logMeans(), twist.chosen()), perEntry(tf, batch, batch.mask));
    return meanOf(tf, batch, tf.sum(tf.mul(perPath(tf, batch, batch.positive), each)));
  },
};

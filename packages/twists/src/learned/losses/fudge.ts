import { crossEntropy } from "./cross-entropy.js";
import type { TwistLoss } from "./loss.js";

/**
 * Future discriminators (FUDGE, Yang & Klein 2021, arXiv 2104.05218): ψ_t is a probability, fitted by cross-entropy to the
 * potential of a continuation drawn from the model: every beginning of an execution of the program as it is, with φ of the
 * whole as its label. Potentials are scaled so that the largest that has been seen is 1.
 */
export const fudge: TwistLoss = {
  name: "fudge",
  draws: "prior",
  contrasted: "all",
  link: "log_sigmoid",
  proposalOnly: false,
  at(batch, { chosen }) {
    const { logPotential, behaviour, largest } = batch;
    const label = logPotential.map((log) => Math.exp(Math.min(0, log - largest)));
    // log ψ = log of the logistic function of x, so x = log ψ − log(1 − ψ); `chosen` is x before the link.
    return crossEntropy(
      batch,
      chosen,
      (_, k) => behaviour[k]! * label[k]!,
      (_, k) => behaviour[k]! * (1 - label[k]!),
    );
  },
};

import type * as Tfjs from "@tensorflow/tfjs-core";
import type { Tf } from "../gradients.js";

/** Stands for a log-weight of −∞ in tensors: its exponential is zero beside anything else. */
export const NOTHING = -1e30;

/**
 * Executions to learn from, padded to the longest: entry k · steps + t is about the t-th token of the k-th execution's span.
 * All weights are in nats. The potential φ is centred: a constant that comes near log Z is taken away.
 */
export interface LossBatch {
  readonly paths: number;
  readonly steps: number;
  /** Sets of arguments, one after the other, with as many executions each: a target of its own each. */
  readonly groups: number;
  /** 1 where the execution has drawn so many tokens, else 0. */
  readonly mask: Float32Array;
  /** For each execution, its share of the target: adds up to 1 in each group. Zero for those that are no positives. */
  readonly positive: Float32Array;
  /**
   * log of how much the beginning before the token weighs as a sample of the model: p0/q of what was drawn before it, times the
   * weights up to there. Where the execution has ended before, its whole weight. `NOTHING` for those that are no negatives.
   */
  readonly logBefore: Float32Array;
  /**
   * log p0/q of what was drawn up to the token, or up to the last where the execution has ended before; `NOTHING` for those
   * that are no negatives.
   */
  readonly logRatio: Float32Array;
  /** The weights that came between the token before and this one. */
  readonly between: Float32Array;
  /** For each execution log φ of what comes after its last token; `NOTHING` for those that were ruled out. */
  readonly logPotential: Float32Array;
  /** The largest log φ that has been seen in training. */
  readonly largest: number;
  /**
   * For each execution, its share in the law that errors are averaged over: adds up to 1 in each group. A sample of what the
   * loss `draws` from.
   */
  readonly behaviour: Float32Array;
  /** For each group, what its negatives count: a mean of 1. Zero for those that have none, where others stand for them. */
  readonly contrast: Float32Array;
}

/** The twist being learned, on a batch. */
export interface TwistOutputs {
  /** log ψ (before the loss's `link`) of each beginning up to its token: paths × steps; anything where the mask is 0. */
  chosen(): Tfjs.Tensor2D;
  /** log Σ_v p0(v)·ψ(v) over the vocabulary in each token's place, likewise. */
  logMeans(): Tfjs.Tensor2D;
}

/** How a twist is learned. */
export interface TwistLoss {
  readonly name: string;
  /** What executions are drawn from: the program as it is, or towards the twist learned so far. */
  readonly draws: "prior" | "twisted";
  /** Whether simulated executions are set against draws for the same arguments: none, some of them, or all. */
  readonly contrasted: "none" | "some" | "all";
  /** How log ψ is had from the network's output x: x itself, or log of its logistic function. */
  readonly link: "identity" | "log_sigmoid";
  /** Whether only p0·ψ, renormalised, is learned: ψ is then made the ratio of that proposal to p0. */
  readonly proposalOnly: boolean;
  /** To be minimised: in nats, a mean over the steps. */
  value(tf: Tf, batch: LossBatch, twist: TwistOutputs): Tfjs.Scalar;
}

/** What makes of a sum over groups and steps a mean. */
export const meanOf = (tf: Tf, { groups, steps }: LossBatch, sum: Tfjs.Tensor): Tfjs.Scalar =>
  tf.mul(sum, tf.scalar(1 / (groups * steps)));

/** A constant of one number for each entry. */
export const perEntry = (tf: Tf, { paths, steps }: LossBatch, values: Float32Array): Tfjs.Tensor2D =>
  tf.tensor2d(values, [paths, steps]);

/** A constant that repeats each execution's number over its steps, where it has them. */
export function perPath(tf: Tf, { paths, steps, mask }: LossBatch, values: Float32Array): Tfjs.Tensor2D {
  const repeated = new Float32Array(paths * steps);
  for (let k = 0; k < paths; k++)
    for (let t = 0; t < steps; t++) repeated[k * steps + t] = mask[k * steps + t]! * values[k]!;
  return tf.tensor2d(repeated, [paths, steps]);
}

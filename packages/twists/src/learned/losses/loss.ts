/**
 * Executions to learn from, padded to the longest: entry k · steps + t is about the t-th token of the k-th execution's span.
 * All weights are in nats, −∞ where there is none. The potential φ is centred: a constant that comes near log Z is taken away.
 */
export interface LossBatch {
  readonly paths: number;
  readonly steps: number;
  /** Sets of arguments, one after the other, with as many executions each: a target of its own each. */
  readonly groups: number;
  /** The tokens of each execution; 0 for a gap that makes groups equally large. */
  readonly lengths: Int32Array;
  /** For each execution, its share of the target: adds up to 1 in each group. Zero for those that are no positives. */
  readonly positive: Float64Array;
  /**
   * log of how much the beginning before the token weighs as a sample of the model: p0/q of what was drawn before it, times the
   * weights up to there. Where the execution has ended before, its whole weight. −∞ for those that are no negatives.
   */
  readonly logBefore: Float64Array;
  /**
   * log p0/q of what was drawn up to the token, or up to the last where the execution has ended before; −∞ for those that are
   * no negatives.
   */
  readonly logRatio: Float64Array;
  /** The weights that came between the token before and this one. */
  readonly between: Float64Array;
  /** For each execution log φ of what comes after its last token; −∞ for those that were ruled out. */
  readonly logPotential: Float64Array;
  /** The largest log φ that has been seen in training. */
  readonly largest: number;
  /**
   * For each execution, its share in the law that errors are averaged over: adds up to 1 in each group. A sample of what the
   * loss `draws` from.
   */
  readonly behaviour: Float64Array;
  /** For each group, what its negatives count: a mean of 1. Zero for those that have none, where others stand for them. */
  readonly contrast: Float64Array;
}

/** The twist being learned, on a batch: for each entry, 0 where the execution has ended. */
export interface TwistOutputs {
  /** log ψ (before the loss's `link`) of the beginning up to its token. */
  readonly chosen: Float64Array;
  /** log Σ_v p0(v)·ψ(v) over the vocabulary in the token's place. */
  logMeans(): Float64Array;
}

/** A loss with its derivatives in what it looks at, for each entry; null where it does not look, or holds it fixed. */
export interface LossValue {
  /** In nats, a mean over the steps and the groups. */
  readonly value: number;
  readonly byChosen: Float64Array;
  readonly byLogMeans: Float64Array | null;
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
  /** What is to be minimised. */
  at(batch: LossBatch, twist: TwistOutputs): LossValue;
}

/** What one step of one group counts in a mean. */
export const shareOfStep = ({ groups, steps }: LossBatch): number => 1 / (groups * steps);

/** Every token of a batch: its entry, and its execution. */
export function forEachToken({ paths, steps, lengths }: LossBatch, visit: (at: number, k: number) => void): void {
  for (let k = 0; k < paths; k++) for (let t = 0; t < lengths[k]!; t++) visit(k * steps + t, k);
}

import { logSumExp } from "@pgl/runtime";
import type { AssembledBatch } from "./batch.js";
import type { LossValue, TwistOutputs } from "./losses/index.js";

/** What losses see of a network's outputs on a batch, and what they come to in these outputs. */
export class BatchOutputs implements TwistOutputs {
  readonly chosen: Float64Array;
  /** log p0·ψ of what is listed in each of the places and of the rest, one after the other. */
  private readonly logTwisted: Float64Array;
  private means: Float64Array | null = null;

  /** @param x the network's, of what is listed in each of the places and of the rest, one after the other */
  constructor(
    private readonly batch: AssembledBatch,
    x: Float64Array,
  ) {
    const { paths, steps, entries, chosen, logPrior } = batch;
    this.chosen = new Float64Array(paths * steps);
    entries.forEach((entry, r) => (this.chosen[entry] = x[chosen[r]!]!));
    this.logTwisted = x.map((log, i) => log + logPrior[i]!);
  }

  logMeans(): Float64Array {
    if (this.means !== null) return this.means;
    const { paths, steps, entries, ends } = this.batch;
    const means = new Float64Array(paths * steps);
    entries.forEach((entry, r) => (means[entry] = logSumExp(this.logTwisted.subarray(ends[r - 1] ?? 0, ends[r]))));
    return (this.means = means);
  }

  /** The derivatives of a loss in x. */
  cotangents({ byChosen, byLogMeans }: Pick<LossValue, "byChosen" | "byLogMeans">): Float64Array {
    const { batch, logTwisted } = this;
    const { entries, chosen, ends } = batch;
    const by = new Float64Array(logTwisted.length);
    if (byLogMeans !== null) {
      const means = this.logMeans();
      entries.forEach((entry, r) => {
        const d = byLogMeans[entry]!;
        if (d === 0) return;
        for (let i = ends[r - 1] ?? 0; i < ends[r]!; i++) by[i] = d * Math.exp(logTwisted[i]! - means[entry]!);
      });
    }
    entries.forEach((entry, r) => (by[chosen[r]!]! += byChosen[entry]!));
    return by;
  }
}

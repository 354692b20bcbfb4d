import type { RandomSource, RowOperations } from "@pgl/runtime";
import { LanguageModelError } from "./errors.js";
import { firstAbove, pointsOf } from "./inversion.js";
import { RowBatch } from "./row-batch.js";
import type { TokenDistribution } from "./token-distribution.js";

/** Entries between two stored cumulative weights: a draw costs O(log(V / BLOCK) + BLOCK), the memory is V / BLOCK numbers. */
export const BLOCK = 32;

/**
 * The log-probabilities of one row of alternatives, kept as the backend gave them (up to an additive constant) with the
 * normaliser beside them in float64: a row is read, drawn from and shared without being copied. `-Infinity` is a
 * probability of zero.
 */
export class LogRow {
  /** log Σ exp(logits − maximum). Apart from the maximum, so that large logits cost no digits. */
  private logSum = NaN;
  /** Σ exp(logits − maximum) up to the end of each block of entries. */
  private blockSums: Float64Array | null = null;
  private ownWeights: Float64Array | null = null;
  private largest = NaN;
  /** When `passingWeights` was written for this row. */
  private pass = -1;
  /** The token distribution over this row, made once (`TokenDistribution.of`). */
  distribution: TokenDistribution | null = null;
  /** What the network computed the row from (`ModelSession.hiddenRequest`); null where the backend did not give it. */
  hidden: Float32Array | null = null;

  constructor(
    readonly logits: Float32Array | Float64Array,
    /** Held by the backend for many contexts (a table's row): costs a prefix tree no memory. */
    readonly permanent = false,
    /** The rows it was computed with, and its place among them. */
    private readonly batch: RowBatch | null = null,
    private readonly place = 0,
  ) {}

  get size(): number {
    return this.logits.length;
  }

  /** log Σ exp(logits), in nats. @throws LanguageModelError PGLM007 when the row holds NaN or +Infinity, PGLM009 when it is all zero. */
  get logNormaliser(): number {
    this.normalise();
    return this.largest + this.logSum;
  }

  /** What exponentials of the logits are scaled by: `exp(logits[i] − scale)` neither overflows nor is all zero. */
  get scale(): number {
    this.sums();
    return this.largest;
  }

  /** Σ exp(logits − scale) up to the end of each block of `BLOCK` entries. */
  get cumulative(): Float64Array {
    return this.sums();
  }

  /**
   * exp(logits − scale), entry by entry: for sums over many entries, more than once. Made with the cumulative sums where
   * those are not known yet. Kept while few other rows ask for theirs.
   */
  get weights(): Float64Array {
    if (this.ownWeights !== null) return this.ownWeights;
    const { logits } = this;
    const weights = new Float64Array(logits.length);
    if (this.blockSums === null) this.sums(weights);
    else for (let i = 0; i < logits.length; i++) weights[i] = Math.exp(logits[i]! - this.largest);
    remember(this, weights.byteLength);
    return (this.ownWeights = weights);
  }

  /**
   * The same numbers, to be gone through at once: the next row that is asked for its own writes over them. Entries beyond
   * the row's are of no meaning.
   */
  get passingWeights(): Float64Array {
    if (this.ownWeights !== null) return this.ownWeights;
    if (this.pass === passes) return passing;
    const { logits } = this;
    passes++;
    if (passing.length < logits.length) passing = new Float64Array(logits.length);
    if (this.blockSums === null) this.sums(passing);
    else for (let i = 0; i < logits.length; i++) passing[i] = Math.exp(logits[i]! - this.largest);
    this.pass = passes;
    return passing;
  }

  /** Lets go of `weights`. */
  forgetWeights(): void {
    this.ownWeights = null;
  }

  /** Normalised log-probability of entry `i`, in nats. */
  logProbability(i: number): number {
    this.normalise();
    return this.logits[i]! - this.largest - this.logSum;
  }

  /** Draws an entry with one uniform number. */
  sample(random: RandomSource): number {
    const sums = this.sums();
    const target = random.uniformAmong(this.breakpoints) * sums[sums.length - 1]!;
    // The first entry whose cumulative weight exceeds the target: an entry of weight zero is never it.
    const block = firstAbove(sums, target);
    const { logits, largest: max } = this;
    const end = Math.min((block + 1) * BLOCK, logits.length);
    // The same additions as in `sums`, so the same roundings.
    let sum = block === 0 ? 0 : sums[block - 1]!;
    let entry = block * BLOCK;
    for (; entry < end; entry++) if ((sum += Math.exp(logits[entry]! - max)) > target) return entry;
    // Rounding carried the target to the total: the last entry of positive weight.
    entry = logits.length - 1;
    while (entry > 0 && !(Math.exp(logits[entry]! - max) > 0)) entry--;
    return entry;
  }

  /** The normalised log-probabilities as one array of its own. */
  toFloat32Array(): Float32Array {
    this.normalise();
    const { largest, logSum } = this;
    return Float32Array.from(this.logits, (l) => l - largest - logSum);
  }

  private readonly breakpoints = (): Float64Array => {
    const sums = this.sums();
    return pointsOf(
      Float64Array.from(this.logits, (logit) => Math.exp(logit - this.largest)),
      sums[sums.length - 1]!,
    );
  };

  /** @param weights where the exponentials are written, if they are wanted */
  private sums(weights: Float64Array | null = null): Float64Array {
    if (this.blockSums !== null) return this.blockSums;
    const { logits } = this;
    const max = this.maximum();
    const sums = new Float64Array(Math.ceil(logits.length / BLOCK));
    let sum = 0;
    for (let block = 0, i = 0; block < sums.length; block++) {
      const end = Math.min(i + BLOCK, logits.length);
      for (; i < end; i++) {
        const weight = Math.exp(logits[i]! - max);
        if (weights !== null) weights[i] = weight;
        sum += weight;
      }
      sums[block] = sum;
    }
    this.settle(sum, max);
    return (this.blockSums = sums);
  }

  private normalise(): void {
    if (!Number.isNaN(this.logSum) || this.normaliseTogether()) return;
    const { logits } = this;
    const max = this.maximum();
    let sum = 0;
    for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i]! - max);
    this.settle(sum, max);
  }

  /** False when there is nothing to be had: then the row is looked at by itself, and says what is wrong with it. */
  private normaliseTogether(): boolean {
    if (this.batch === null) return false;
    let normaliser: number;
    try {
      normaliser = this.batch.logNormaliser(this.place);
    } catch (error) {
      // Some row of the batch is no distribution; whether it is this one is seen below.
      if ((error as { code?: unknown }).code !== "PGLR064") throw error;
      return false;
    }
    if (normaliser === -Infinity) return false;
    // As good a number as the maximum to scale exponentials by.
    this.largest = normaliser;
    this.logSum = 0;
    return true;
  }

  private maximum(): number {
    if (!Number.isNaN(this.largest)) return this.largest;
    const { logits } = this;
    let max = -Infinity;
    for (let i = 0; i < logits.length; i++) if (logits[i]! > max) max = logits[i]!;
    return (this.largest = max);
  }

  private settle(sum: number, max: number): void {
    // An all-zero row gives max = -Infinity and sum = NaN: told apart from NaN logits here.
    if (max === -Infinity && !this.logits.some(Number.isNaN)) {
      throw new LanguageModelError("PGLM009", "Every token has probability zero.");
    }
    if (!(sum < Infinity) || max === Infinity) {
      throw new LanguageModelError(
        "PGLM007",
        "The model answered log-probabilities that are not numbers (NaN or +Infinity).",
        {
          hint: "The weights are damaged, or the model overflows in this precision: load another copy.",
        },
      );
    }
    this.logSum = Math.log(sum);
  }
}

/** Of `passingWeights`: one array for all rows, and how often it was written. */
let passing = new Float64Array(0);
let passes = 0;

/** Bytes of weights that rows keep, the latest ones asked for. */
const WEIGHTS_BUDGET = 32 * 2 ** 20;
const remembered: { readonly row: WeakRef<LogRow>; readonly bytes: number }[] = [];
let rememberedBytes = 0;

function remember(row: LogRow, bytes: number): void {
  remembered.push({ row: new WeakRef(row), bytes });
  rememberedBytes += bytes;
  while (rememberedBytes > WEIGHTS_BUDGET && remembered.length > 1) {
    const oldest = remembered.shift()!;
    rememberedBytes -= oldest.bytes;
    oldest.row.deref()?.forgetWeights();
  }
}

/** The rows of one n × V array, as views; with `engine`, they are normalised together. */
export function rowsOf(array: Float32Array, size: number, engine: RowOperations | null = null): LogRow[] {
  const batch = engine === null ? null : new RowBatch(array, size, engine);
  return Array.from(
    { length: array.length / size },
    (_, i) => new LogRow(array.subarray(i * size, (i + 1) * size), false, batch, i),
  );
}

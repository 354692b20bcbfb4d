import { RunError } from "../../errors.js";
import type { RandomSource } from "../../random/source.js";
import type { RowKernels } from "./kernels.js";
import { plainKernels } from "./plain.js";

/**
 * Work on particles × vocabulary: matrices in row order, one row a particle. Masks have one byte an entry, 0 to leave it
 * out. All logarithms are natural.
 *
 * @throws RunError PGLR064 at an entry that is NaN or +Infinity, or when sizes do not match.
 */
export interface RowOperations {
  /** log Σ exp of each row; within 2e-5 nats up to 50 000 entries, whatever the engine (tested). */
  logSumExp(rows: Float32Array, width: number): Float64Array;
  /** Each row minus its log Σ exp over the unmasked entries; `-Infinity` where masked, and in rows without weight. */
  maskedLogSoftmax(rows: Float32Array, width: number, mask: Uint8Array | null): Float32Array;
  /**
   * One entry a row with probability in proportion to its exponential among the unmasked ones, by one decision of the row's
   * own source; −1 for a row without weight.
   */
  maskedDraw(rows: Float32Array, width: number, mask: Uint8Array | null, sources: readonly RandomSource[]): Int32Array;
  /**
   * The `k` entries of each row that are largest after standard Gumbel noise is added to each: a draw of k entries
   * without replacement, in order (Gumbel-top-k, Kool et al. 2019, arXiv 1903.06059); with k = 1 a draw by weight. n × k
   * indices; −1 where a row has fewer. The noise is as many uniforms as there are unmasked entries: to draw one entry,
   * `maskedDraw` is cheaper, and can be enumerated.
   */
  gumbelTop(
    rows: Float32Array,
    width: number,
    mask: Uint8Array | null,
    k: number,
    sources: readonly RandomSource[],
  ): Int32Array;
}

/**
 * Matrices with fewer entries than this are done by plain loops, whatever the engine: there its set-up costs as much as it
 * saves. Measured with tfjs-wasm 4.22 (SIMD) on Node 20, milliseconds, loop against wasm: log-sum-exp 0.045 and 0.052 at 4096
 * entries, 0.09 and 0.056 at 8192, 0.79 and 0.26 at 65 536, 95 and 34 at 64 × 50 257; softmax there 209 and 36.
 */
export const TENSOR_ENTRIES = 8192;

/** The operations, on an engine's kernels for large matrices and on plain loops for small ones. */
export function rowOperations(kernels: RowKernels, from = TENSOR_ENTRIES): RowOperations {
  const kernelsFor = (rows: Float32Array): RowKernels => (rows.length < from ? plainKernels : kernels);
  return {
    logSumExp(rows, width) {
      check(rows, width);
      return kernelsFor(rows).logSumExp(rows, width);
    },

    maskedLogSoftmax(rows, width, mask) {
      check(rows, width, mask);
      const out = masked(rows, mask);
      const total = kernelsFor(rows).logSumExp(out, width);
      for (let r = 0, j = 0; r < total.length; r++) {
        const t = total[r]!;
        for (const end = j + width; j < end; j++) out[j] = out[j] === -Infinity ? -Infinity : out[j]! - t;
      }
      return out;
    },

    maskedDraw(rows, width, mask, sources) {
      check(rows, width, mask, sources);
      const shares = kernelsFor(rows).softmax(masked(rows, mask), width);
      return Int32Array.from(sources, (source, r) => {
        const row = shares.subarray(r * width, (r + 1) * width);
        return row.every((p) => p === 0) ? -1 : source.categorical(row);
      });
    },

    gumbelTop(rows, width, mask, k, sources) {
      check(rows, width, mask, sources);
      if (!Number.isSafeInteger(k) || k < 1) throw refused(`k is a positive whole number, not ${k}`);
      const out = new Int32Array(sources.length * k).fill(-1);
      const best = new Float64Array(k);
      for (let r = 0; r < sources.length; r++) {
        const source = sources[r]!;
        best.fill(-Infinity);
        for (let j = 0; j < width; j++) {
          const at = r * width + j;
          if (rows[at] === -Infinity || (mask !== null && mask[at] === 0)) continue;
          const score = rows[at]! - Math.log(-Math.log(source.uniform()));
          if (!(score > best[k - 1]!)) continue;
          let place = k - 1;
          for (; place > 0 && best[place - 1]! < score; place--) {
            best[place] = best[place - 1]!;
            out[r * k + place] = out[r * k + place - 1]!;
          }
          best[place] = score;
          out[r * k + place] = j;
        }
      }
      return out;
    },
  };
}

/** A copy with `-Infinity` where the mask says so. */
function masked(rows: Float32Array, mask: Uint8Array | null): Float32Array {
  const out = rows.slice();
  if (mask !== null) for (let j = 0; j < out.length; j++) if (mask[j] === 0) out[j] = -Infinity;
  return out;
}

function check(rows: Float32Array, width: number, mask: Uint8Array | null = null, sources?: readonly unknown[]): void {
  if (!Number.isSafeInteger(width) || width < 1 || rows.length % width !== 0) {
    throw refused(`${rows.length} entries are no rows of ${width}`);
  }
  if (mask !== null && mask.length !== rows.length) throw refused(`${mask.length} mask entries for ${rows.length}`);
  if (sources !== undefined && sources.length !== rows.length / width) {
    throw refused(`${sources.length} sources of randomness for ${rows.length / width} rows`);
  }
  for (let j = 0; j < rows.length; j++) {
    if (!(rows[j]! < Infinity)) throw refused(`entry ${j % width} of row ${Math.floor(j / width)} is ${rows[j]}`);
  }
}

const refused = (what: string): RunError => new RunError("PGLR064", `Rows of log-weights: ${what}.`);

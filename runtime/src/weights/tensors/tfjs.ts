import type * as Tfjs from "@tensorflow/tfjs-core";
import type { RowKernels } from "./kernels.js";

/** The part of TensorFlow.js that is used. */
export type TfCore = Pick<typeof Tfjs, "tidy" | "tensor2d" | "softmax" | "max">;

/** Stands for `-Infinity` inside kernels that would make NaN of it: its exponential is zero beside anything else. */
const FLOOR = -3e38;

/**
 * Row operations by TensorFlow.js, in float32. Everything is built on its `softmax`, whose kernels are the fast ones
 * (vectorised on wasm, where `exp` alone is not): the log of a row's sum is its maximum minus the log of the maximum's
 * share, and that share is at least 1/width, so nothing underflows. Elementwise work stays outside, where it costs less
 * than a copy.
 */
export function tfjsKernels(tf: TfCore): RowKernels {
  return {
    logSumExp(rows, width) {
      const { finite, max } = prepared(rows, width);
      const share = read(tf, () => tf.max(tf.softmax(tf.tensor2d(finite, [max.length, width])), 1));
      return max.map((m, r) => (m === -Infinity ? -Infinity : m - Math.log(share[r]!)));
    },

    softmax(rows, width) {
      const { finite, max } = prepared(rows, width);
      const out = read(tf, () => tf.softmax(tf.tensor2d(finite, [max.length, width])));
      max.forEach((m, r) => {
        if (m === -Infinity) out.fill(0, r * width, (r + 1) * width);
      });
      return out;
    },
  };
}

/** A result as data, without tensors left behind. `tidy` goes through what is returned to it, entry by entry: nothing is. */
function read(tf: TfCore, compute: () => Tfjs.Tensor): Float32Array {
  let data: Float32Array;
  tf.tidy(() => {
    data = compute().dataSync() as Float32Array;
  });
  return data!;
}

/** The rows with `FLOOR` for `-Infinity`, and each row's maximum. */
function prepared(rows: Float32Array, width: number): { finite: Float32Array; max: Float64Array } {
  const max = new Float64Array(rows.length / width);
  let finite = rows;
  for (let r = 0; r < max.length; r++) {
    let m = -Infinity;
    for (let j = r * width; j < (r + 1) * width; j++) {
      const x = rows[j]!;
      if (x > m) m = x;
      if (x < FLOOR) {
        if (finite === rows) finite = rows.slice();
        finite[j] = FLOOR;
      }
    }
    max[r] = m;
  }
  return { finite, max };
}

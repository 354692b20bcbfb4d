import type { RowKernels } from "./kernels.js";

/** Row operations as float64 loops: no set-up, nothing copied. What the other engines are measured and tested against. */
export const plainKernels: RowKernels = {
  logSumExp(rows, width) {
    const n = rows.length / width;
    const out = new Float64Array(n);
    for (let r = 0; r < n; r++) {
      const start = r * width;
      const max = maximum(rows, start, width);
      out[r] = max === -Infinity ? -Infinity : max + Math.log(scaledSum(rows, start, width, max));
    }
    return out;
  },

  softmax(rows, width) {
    const n = rows.length / width;
    const out = new Float32Array(rows.length);
    for (let r = 0; r < n; r++) {
      const start = r * width;
      const max = maximum(rows, start, width);
      if (max === -Infinity) continue;
      const sum = scaledSum(rows, start, width, max);
      for (let j = start; j < start + width; j++) out[j] = Math.exp(rows[j]! - max) / sum;
    }
    return out;
  },
};

function maximum(rows: Float32Array, start: number, width: number): number {
  let max = -Infinity;
  for (let j = start; j < start + width; j++) if (rows[j]! > max) max = rows[j]!;
  return max;
}

function scaledSum(rows: Float32Array, start: number, width: number, max: number): number {
  let sum = 0;
  for (let j = start; j < start + width; j++) sum += Math.exp(rows[j]! - max);
  return sum;
}

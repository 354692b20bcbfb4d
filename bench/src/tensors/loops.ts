/** What one would write by hand: no checks, no other engine, `Math.random`. */

export function logSumExp(rows: Float32Array, width: number): Float64Array {
  const out = new Float64Array(rows.length / width);
  for (let r = 0; r < out.length; r++) out[r] = normaliser(rows, r * width, width, null);
  return out;
}

export function maskedLogSoftmax(rows: Float32Array, width: number, mask: Uint8Array): Float32Array {
  const out = new Float32Array(rows.length);
  for (let start = 0; start < rows.length; start += width) {
    const total = normaliser(rows, start, width, mask);
    for (let j = start; j < start + width; j++) out[j] = mask[j] === 0 ? -Infinity : rows[j]! - total;
  }
  return out;
}

export function maskedDraw(rows: Float32Array, width: number, mask: Uint8Array): Int32Array {
  const out = new Int32Array(rows.length / width);
  for (let r = 0; r < out.length; r++) {
    const start = r * width;
    const total = normaliser(rows, start, width, mask);
    let rest = Math.random();
    let j = 0;
    for (; j < width - 1; j++) if (mask[start + j] !== 0 && (rest -= Math.exp(rows[start + j]! - total)) < 0) break;
    out[r] = j;
  }
  return out;
}

function normaliser(rows: Float32Array, start: number, width: number, mask: Uint8Array | null): number {
  let max = -Infinity;
  for (let j = start; j < start + width; j++) if ((mask === null || mask[j] !== 0) && rows[j]! > max) max = rows[j]!;
  let sum = 0;
  for (let j = start; j < start + width; j++) if (mask === null || mask[j] !== 0) sum += Math.exp(rows[j]! - max);
  return max + Math.log(sum);
}

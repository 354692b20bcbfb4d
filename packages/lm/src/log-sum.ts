/** Σ of log-probabilities; one of zero makes it `-Infinity`. */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

/** log Σ exp, exact for one value; `-Infinity` for none. */
export function logSumExp(values: readonly number[]): number {
  let max = -Infinity;
  for (const v of values) if (v > max) max = v;
  if (max === -Infinity || values.length === 1) return max;
  let total = 0;
  for (const v of values) total += Math.exp(v - max);
  return max + Math.log(total);
}

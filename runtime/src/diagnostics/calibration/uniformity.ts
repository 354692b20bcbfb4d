import type { RandomSource } from "../../random/source.js";

/**
 * Where a value stands among draws, as a number in (0, 1): `(less + U · (equal + 1)) / (draws + 1)` with U uniform. When the
 * value and the draws are independent and of one law, whatever law, this is exactly uniform: ties are broken at random.
 *
 * @param less how many draws are below the value
 * @param equal how many are equal to it
 */
export const standing = (less: number, equal: number, draws: number, random: RandomSource): number =>
  (less + random.uniform() * (equal + 1)) / (draws + 1);

/** The largest difference between the empirical distribution function of `values` and that of the uniform law. */
export function kolmogorovSmirnov(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, sorted[i]! - i / n, (i + 1) / n - sorted[i]!);
  return largest;
}

/**
 * How probable it is that n independent uniform numbers differ from the uniform law by this much or more: the limit law of
 * Kolmogorov with the correction for n of Stephens (Use of the Kolmogorov–Smirnov statistics without extensive tables,
 * JRSS B 1970). Right to about 0.001 from n = 20 on.
 */
export function kolmogorovSmirnovProbability(distance: number, n: number): number {
  const root = Math.sqrt(n);
  const x = (root + 0.12 + 0.11 / root) * distance;
  if (x < 0.3) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) {
    const term = Math.exp(-2 * (k * x) ** 2);
    sum += k % 2 === 1 ? term : -term;
    if (term < 1e-16) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}

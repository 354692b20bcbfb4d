import dists from "@stdlib/stats-base-dists";

/** P(χ² > statistic) with so many degrees of freedom. */
export const chiSquareTail = (statistic: number, degrees: number): number =>
  1 - dists.chisquare.cdf(statistic, degrees);

/** P(D > distance) for the Kolmogorov–Smirnov statistic of n draws, asymptotically (with Stephens' correction for n). */
export function kolmogorovTail(distance: number, n: number): number {
  const root = Math.sqrt(n);
  const t = distance * (root + 0.12 + 0.11 / root);
  if (t < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * t * t);
  return Math.min(1, Math.max(0, sum));
}

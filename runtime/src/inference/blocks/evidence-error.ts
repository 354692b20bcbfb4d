/**
 * Standard error of log Ẑ from one run of a particle method, by the genealogical estimator of Lee & Whiteley
 * (Variance estimation in the particle filter, Biometrika 2018, eq. 7): with W the final normalised weights and E the
 * first-generation ancestor of each particle,
 *
 *     V = 1 − (N/(N−1))^(r+1) · (1 − Σ_e (Σ_{i: E_i = e} W_i)²),
 *
 * where r counts the resamplings; V estimates var(Ẑ)/Z², and √V is the error of log Ẑ to first order. Without resampling
 * it is the usual formula for importance sampling. Exact in expectation for multinomial resampling; the other schemes
 * have less variance, so there it errs on the large side.
 *
 * @returns null when one run cannot tell: a single particle, or all descended from one ancestor.
 */
export function logEvidenceError(weights: Float64Array, eve: Int32Array, resamplings: number): number | null {
  const n = weights.length;
  if (n < 2) return null;
  const byRoot = new Map<number, number>();
  for (let i = 0; i < n; i++) if (weights[i]! > 0) byRoot.set(eve[i]!, (byRoot.get(eve[i]!) ?? 0) + weights[i]!);
  if (byRoot.size < 2) return null;
  let same = 0;
  for (const w of byRoot.values()) same += w * w;
  const variance = 1 - (n / (n - 1)) ** (resamplings + 1) * (1 - same);
  return Math.sqrt(Math.max(0, variance));
}

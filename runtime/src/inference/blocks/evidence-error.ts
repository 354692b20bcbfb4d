/** Effective number of families, 1/Σ share², below which their differences are mostly chance. */
const FEWEST_FAMILIES = 10;

/**
 * Standard error of log Ẑ from one run of a particle method, by its genealogy: with W the final normalised weights and E the
 * first-generation ancestor of each particle,
 *
 *     V = 1 − N/(N−1) · Π_r 1/(1 − c_r) · (1 − Σ_e (Σ_{i: E_i = e} W_i)²),
 *
 * where c_r is what the r-th resampling alone adds to the differences between families (`Resampled.variance`). V estimates
 * var(Ẑ)/Z², and √V is the error of log Ẑ to first order. For multinomial resampling c is 1/N up to (1/N)/ESS, and this is
 * the estimator of Lee & Whiteley (Variance estimation in the particle filter, Biometrika 2018, eq. 7), whose factor would
 * be wrong for the other schemes: they add less. Without resampling it is the usual formula for importance sampling.
 *
 * @param resampled Σ log(1 − c_r); NaN when it is not known.
 * @returns null when one run cannot tell: a single particle, families so few that their differences are all chance, or a
 * resampling scheme that does not say what it adds.
 */
export function logEvidenceError(weights: Float64Array, eve: Int32Array, resampled: number): number | null {
  const n = weights.length;
  if (n < 2) return null;
  const families = new Float64Array(n);
  for (let i = 0; i < n; i++) families[eve[i]!]! += weights[i]!;
  let same = 0;
  for (let e = 0; e < n; e++) same += families[e]! ** 2;
  if (resampled !== 0 && same > 1 / FEWEST_FAMILIES) return null;
  const variance = 1 - (n / (n - 1)) * Math.exp(-resampled) * (1 - same);
  if (variance > 0) return Math.sqrt(variance);
  // Equal weights have no error, up to rounding. After resampling, a negative estimate says only that it is noise.
  return resampled === 0 && variance > -1e-9 ? 0 : null;
}

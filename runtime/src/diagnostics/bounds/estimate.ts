/** A number of nats from simulation, with its standard error; null for one run, or where a run gave −Infinity. */
export interface Estimate {
  readonly estimate: number;
  readonly stderr: number | null;
}

/** The mean of independent values, and its standard error. */
export function estimateOf(values: readonly number[]): Estimate {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  if (n < 2 || !Number.isFinite(mean)) return { estimate: mean, stderr: null };
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { estimate: mean, stderr: Math.sqrt(squares / (n * (n - 1))) };
}

/** The sum of a known number and an independent estimate. */
export const shifted = ({ estimate, stderr }: Estimate, by: number): Estimate => ({ estimate: estimate + by, stderr });

/** The difference of independent estimates. */
export const differenceOf = (a: Estimate, b: Estimate): Estimate => ({
  estimate: a.estimate - b.estimate,
  stderr: a.stderr === null || b.stderr === null ? null : Math.hypot(a.stderr, b.stderr),
});

/** The sum of independent estimates. */
export const sumOf = (a: Estimate, b: Estimate): Estimate => ({
  estimate: a.estimate + b.estimate,
  stderr: a.stderr === null || b.stderr === null ? null : Math.hypot(a.stderr, b.stderr),
});

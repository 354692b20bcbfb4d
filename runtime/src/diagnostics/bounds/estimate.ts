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

/** What runs say of log Z from below. See `certify` for the formulas. */
export interface FromBelow {
  /** Runs that did not lose all their executions. */
  readonly survived: number;
  /** E[log Ẑ | survival], no bound by itself; −Infinity when no run survived. */
  readonly alive: Estimate;
  /** log P(survival). */
  readonly survival: Estimate;
  /** E[log Ẑ | survival] + log P(survival) ≤ log Z. */
  readonly lower: Estimate;
}

/** From the log Ẑ of independent runs, −Infinity for those that lost everything. */
export function fromBelow(logEstimates: readonly number[]): FromBelow {
  const surviving = logEstimates.filter((x) => x > -Infinity);
  const survived = surviving.length;
  if (survived === 0) {
    const none: Estimate = { estimate: -Infinity, stderr: null };
    return { survived, alive: none, survival: none, lower: none };
  }
  const n = logEstimates.length;
  const share = survived / n;
  const alive = estimateOf(surviving);
  const survival = { estimate: Math.log(share), stderr: Math.sqrt((1 - share) / (share * n)) };
  return { survived, alive, survival, lower: sumOf(alive, survival) };
}

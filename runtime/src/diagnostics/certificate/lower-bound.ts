import type { Posterior } from "../../inference/posterior.js";

/**
 * True when the run's log Ẑ is, in expectation, a lower bound of log Z: E[log Ẑ] ≤ log E[Ẑ] = log Z, whatever the method,
 * as soon as Ẑ is unbiased and never negative (for importance sampling Burda, Grosse & Salakhutdinov 2016, arXiv
 * 1509.00519). A single run may well be above; where a run can lose all its executions the expectation is −∞.
 */
export const isLowerBound = ({
  method: { name, guarantee },
  logZ: { estimate, exact, sign },
  diagnostics,
}: Pick<Posterior<unknown>, "method" | "logZ" | "diagnostics">): boolean =>
  guarantee === "unbiased" &&
  estimate !== null &&
  !exact &&
  !diagnostics.partial &&
  // The estimate of `nested` has signs.
  sign === undefined &&
  name !== "nested";

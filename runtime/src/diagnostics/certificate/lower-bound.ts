import type { Method } from "../../inference/method.js";
import type { Posterior } from "../../inference/posterior.js";

/**
 * True when the method's log Ẑ is, in expectation, a lower bound of log Z: E[log Ẑ] ≤ log E[Ẑ] = log Z, whatever the
 * method, as soon as Ẑ is unbiased and never negative (for importance sampling Burda, Grosse & Salakhutdinov 2016, arXiv
 * 1509.00519). A single run may well be above; where a run can lose all its executions the expectation is −∞.
 */
export const boundsFromBelow = ({ name, guarantee }: Pick<Method, "name"> & { readonly guarantee: string }): boolean =>
  // The estimate of `nested` has signs.
  guarantee === "unbiased" && name !== "nested";

/** True when that is so of the log Z in a posterior, which a run that was ended early has not. */
export const isLowerBound = ({
  method,
  logZ: { estimate, exact },
  diagnostics: { partial },
}: Pick<Posterior<unknown>, "method" | "logZ" | "diagnostics">): boolean =>
  estimate !== null && !exact && !partial && boundsFromBelow(method);

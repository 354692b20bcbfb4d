import type { Distribution } from "../distributions/distribution.js";
import { local, masked, mixture, tempered, topK, topP, where } from "../distributions/index.js";
import { numberOf } from "../distributions/base.js";
import { finiteSupport, listedSupport } from "../distributions/where.js";
import { RunError } from "../errors.js";
import { Posterior } from "../inference/posterior.js";
import type { Drawable } from "../machine/process.js";
import { functionOf, wrongKind } from "./arguments.js";
import { meanOfList } from "./numbers.js";

function distributionOf<T>(operation: string, d: Drawable<T>): Distribution<T> {
  const kind = (d as { readonly kind?: unknown } | null | undefined)?.kind;
  if (kind === "distribution") return d as Distribution<T>;
  if (kind === "process") {
    throw new RunError("PGLR056", `${operation} is not defined for ${d.name}.`, {
      hint: "A distribution over texts or tokens can be drawn from, observed, and asked for log_prob.",
    });
  }
  throw wrongKind(operation, "a distribution", d);
}

function posteriorOf(operation: string, p: unknown): Posterior<unknown> {
  if (p instanceof Posterior) return p as Posterior<unknown>;
  throw wrongKind(operation, "a posterior (what `infer` gives)", p);
}

/** The average of a list, or the expectation of a distribution, booleans as 0 and 1. */
function mean(x: readonly number[]): number;
function mean(d: Distribution<unknown>): number | readonly number[];
function mean(x: readonly number[] | Distribution<unknown>): number | readonly number[] {
  return Array.isArray(x) ? meanOfList(x as readonly number[]) : moment("mean", x as Distribution<unknown>);
}

const variance = (d: Distribution<unknown>): number | readonly number[] => moment("variance", d);

function moment(which: "mean" | "variance", d: Distribution<unknown>): number | readonly number[] {
  const distribution = distributionOf(which, d);
  const value = distribution[which]?.();
  if (value !== undefined) return value;
  throw new RunError("PGLR055", `${which} is not defined for ${distribution.name}: its values are not numbers.`);
}

/** log density (or mass) of a value, in nats. Of a process the answer has to be waited for: `frames.log_prob`. */
const log_prob = <T>(d: Distribution<T>, value: T): number => distributionOf("log_prob", d).logDensity(value);

/** The values that can be drawn. @throws RunError PGLR056 unless they are finitely many. */
function support<T>(d: Distribution<T>): readonly T[] {
  const { values, probabilities } = finiteSupport("support", distributionOf("support", d));
  return values.filter((_, i) => probabilities[i]! > 0);
}

/** How probable it is that the predicate holds. */
function probability<T>(d: Distribution<T>, pred: (value: T) => boolean): number {
  const holds = functionOf("probability", pred);
  if (d instanceof Posterior) return (d as Posterior<T>).probability(holds);
  const { values, probabilities } = listedSupport("probability", distributionOf("probability", d));
  let sum = 0;
  for (let i = 0; i < values.length; i++) if (probabilities[i]! > 0 && holds(values[i]!)) sum += probabilities[i]!;
  return Math.min(1, sum);
}

/** The most probable value; of equally probable ones the first. */
function mode<T>(d: Distribution<T>): T {
  if (d instanceof Posterior) return (d as Posterior<T>).mode();
  const { values, probabilities } = listedSupport("mode", distributionOf("mode", d));
  let best = 0;
  for (let i = 1; i < values.length; i++) if (probabilities[i]! > probabilities[best]!) best = i;
  return values[best]!;
}

/** The smallest value whose cumulative probability reaches q in [0, 1]. */
function quantile(d: Distribution<number>, q: number): number {
  if (!(q >= 0 && q <= 1)) throw new RunError("PGLR057", `quantile: the level is between 0 and 1, not ${q}.`);
  const distribution = distributionOf("quantile", d);
  if (distribution.quantile !== undefined) return distribution.quantile(q);
  const { kind } = distribution.support;
  if (kind !== "finite" && kind !== "countable") {
    throw new RunError("PGLR055", `quantile is not available for ${distribution.name} in this version.`, {
      hint: "Infer a model that draws from it, and take the quantile of the posterior.",
    });
  }
  const { values, probabilities } = listedSupport("quantile", distribution);
  const order = values
    .map((value, i) => ({ x: numberOf("quantile", distribution.name, value), p: probabilities[i]! }))
    .filter(({ p }) => p > 0)
    .sort((a, b) => a.x - b.x);
  let sum = 0;
  for (const { x, p } of order) if ((sum += p) >= q - ROUNDING) return x;
  return order[order.length - 1]!.x;
}

/** Cumulated probabilities miss round levels by about this much. */
const ROUNDING = 1e-12;

/** Shannon entropy in nats. */
function entropy(d: Distribution<unknown>): number {
  const { probabilities } = listedSupport("entropy", distributionOf("entropy", d));
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i]!;
    if (p > 0) sum -= p * Math.log(p);
  }
  return Math.max(0, sum);
}

function log_z(p: unknown): number {
  const { logZ, method } = posteriorOf("log_z", p);
  if (logZ.estimate !== null) return logZ.estimate;
  throw new RunError("PGLR035", `log_z: ${method.name} does not estimate the log of the normalising constant.`, {
    hint: "Infer with a method that does, as `smc`, `importance` or `enumerate`.",
  });
}

export const onDistributions = {
  where: <T>(d: Drawable<T>, pred: (value: T) => boolean): Drawable<T> => where(d, functionOf("where", pred)),
  tempered: <T>(d: Drawable<T>, t: number): Drawable<T> => tempered(d, t),
  top_k: <T>(d: Drawable<T>, k: number): Drawable<T> => topK(d, k),
  top_p: <T>(d: Drawable<T>, p: number): Drawable<T> => topP(d, p),
  masked: <T>(d: Drawable<T>, constraint: unknown): Drawable<T> => masked(d, constraint),
  local: <T>(d: Drawable<T>): Drawable<T> => local(d),
  mix: <T>(weights: readonly number[], dists: readonly Drawable<T>[]): Drawable<T> => mixture(weights, dists),
  log_prob,
  mean,
  variance,
  support,
  probability,
  mode,
  quantile,
  entropy,
  log_z,
  ess: (p: unknown): number => posteriorOf("ess", p).diagnostics.ess,
};

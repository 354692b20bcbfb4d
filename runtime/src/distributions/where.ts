import { DistributionError, RunError } from "../errors.js";
import type { Drawable } from "../machine/process.js";
import { LIST_LIMIT } from "./base.js";
import type { Distribution, Support } from "./distribution.js";
import { Finite } from "./finite.js";
import { Reweighted } from "./reweighted.js";

/**
 * The distribution restricted to the values for which `predicate` holds and renormalised: a *local* mask, which changes what
 * a program means where `condition` would not.
 * @throws RunError when the distribution is neither discrete nor knows how to be masked. @throws DistributionError when
 * nothing is left.
 */
export function where<T>(d: Distribution<T>, predicate: (value: T) => boolean): Distribution<T>;
export function where<T>(d: Drawable<T>, predicate: (value: T) => boolean): Drawable<T>;
export function where<T>(d: Drawable<T>, predicate: (value: T) => boolean): Drawable<T> {
  if (d.kind === "process") {
    if (d.where === undefined) throw notOffered("where", d.name);
    return d.where(predicate);
  }
  const { values, probabilities } = listedSupport("where", d);
  const kept = keep(values, probabilities, (value) => predicate(value));
  if (kept.values.length === 0) {
    throw new DistributionError("where", "pred", `true for a value that ${d.name} can give`, "false for all of them");
  }
  if (d.support.kind === "finite") return new Finite("where", kept.values, kept.weights);
  return new Reweighted("where", d, kept, (value, logMass) => (predicate(value) ? logMass : -Infinity));
}

/** The values of positive probability that pass, and their probabilities. */
export function keep<T>(
  values: readonly T[],
  probabilities: ArrayLike<number>,
  passes: (value: T, index: number) => boolean,
): { values: T[]; weights: number[] } {
  const kept: { values: T[]; weights: number[] } = { values: [], weights: [] };
  for (let i = 0; i < values.length; i++) {
    if (!(probabilities[i]! > 0) || !passes(values[i]!, i)) continue;
    kept.values.push(values[i]!);
    kept.weights.push(probabilities[i]!);
  }
  return kept;
}

/** The listed values of a finite distribution. @throws RunError for others, naming the function that wanted them. */
export function finiteSupport<T>(operation: string, d: Drawable<T>): Support<T> & { readonly kind: "finite" } {
  if (d.kind === "process") throw notOffered(operation, d.name);
  const { support } = d;
  if (support.kind === "finite") return support;
  throw new RunError("PGLR056", `${operation} needs a distribution with finitely many values; ${d.name} has not.`, {
    hint: operation === "where" ? "Draw from it and say `condition`." : undefined,
  });
}

/**
 * The values of a discrete distribution, as many as have a mass that floating point can tell from zero.
 * @throws RunError for continuous distributions, and when there are too many values.
 */
export function listedSupport<T>(
  operation: string,
  d: Drawable<T>,
): { values: readonly T[]; probabilities: ArrayLike<number> } {
  if (d.kind === "process" || d.support.kind !== "countable") return finiteSupport(operation, d);
  const values: T[] = [];
  const probabilities: number[] = [];
  for (const value of d.support.values()) {
    if (values.length >= LIST_LIMIT) {
      throw new RunError("PGLR042", `${operation}: ${d.name} has too many values to go through.`);
    }
    values.push(value);
    probabilities.push(Math.exp(d.logDensity(value)));
  }
  return { values, probabilities };
}

export const notOffered = (operation: string, name: string): RunError =>
  new RunError("PGLR056", `${operation} is not defined for ${name}.`, {
    hint: operation === "where" ? "Draw from it and say `condition` or `observe … matches`." : undefined,
  });

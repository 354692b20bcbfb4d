import { DistributionError, RunError } from "../errors.js";
import type { Drawable } from "../machine/process.js";
import type { RandomSource } from "../random/source.js";
import { hashKey } from "../values.js";
import { Family } from "./base.js";
import { totalWeight } from "./check.js";
import type { Distribution, Support } from "./distribution.js";
import { mergeEqual } from "./finite.js";

/**
 * One of the distributions, with probability in proportion to its weight: density Σ wᵢ dᵢ(x) / Σ wᵢ. Parts that are
 * processes (text, tokens) are mixed as they know how.
 *
 * @throws DistributionError when the weights are not weights, their number is another, or densities would be added to
 * masses. @throws RunError when a process does not mix with the others.
 */
export function mixture<T>(weights: readonly number[], dists: readonly Distribution<T>[]): Distribution<T>;
export function mixture<T>(weights: readonly number[], dists: readonly Drawable<T>[]): Drawable<T>;
export function mixture<T>(weights: readonly number[], dists: readonly Drawable<T>[]): Drawable<T> {
  if (weights.length !== dists.length) {
    throw new DistributionError(
      "mixture",
      "weights",
      `as many as there are distributions (${dists.length})`,
      weights.length,
    );
  }
  totalWeight("mixture", "weights", weights);
  const parts: Distribution<T>[] = [];
  for (const part of dists) {
    if (part.kind === "process") return mixProcesses(weights, dists);
    parts.push(part);
  }
  return new Mixture(weights, parts);
}

function mixProcesses<T>(weights: readonly number[], dists: readonly Drawable<T>[]): Drawable<T> {
  for (const part of dists) {
    if (part.kind !== "process") continue;
    const mixed = part.mix?.(weights, dists) ?? null;
    if (mixed !== null) return mixed;
  }
  throw new RunError("PGLR056", `These distributions cannot be mixed: ${dists.map((d) => d.name).join(", ")}.`, {
    hint: "Draw which one first: `let i ~ categorical(weights)`, then from the one with that index.",
  });
}

class Mixture<T> extends Family<T> {
  readonly name = "mixture";
  readonly discrete: boolean;
  private readonly total: number;

  constructor(
    private readonly weights: readonly number[],
    private readonly parts: readonly Distribution<T>[],
  ) {
    super();
    this.total = totalWeight("mixture", "weights", weights);
    this.discrete = isDiscrete(parts[0]!);
    for (const part of parts) {
      if (isDiscrete(part) !== this.discrete) {
        throw new DistributionError(
          "mixture",
          "dists",
          "all discrete or all continuous",
          `${parts[0]!.name} with ${part.name}`,
        );
      }
    }
  }

  get support(): Support<T> {
    const supports = this.parts.filter((_, i) => this.weights[i]! > 0).map((part) => part.support);
    const shares = this.weights.filter((w) => w > 0).map((w) => w / this.total);
    if (supports.every((s) => s.kind === "finite")) return mixFinite(supports, shares);
    if (this.discrete) return { kind: "countable", values: () => alternate(supports) };
    let lower = Infinity;
    let upper = -Infinity;
    for (const support of supports) {
      // Vectors and simplexes: all parts live in the same space.
      if (support.kind !== "interval") return support;
      lower = Math.min(lower, support.lower);
      upper = Math.max(upper, support.upper);
    }
    return { kind: "interval", lower, upper };
  }

  logDensity(value: T): number {
    let max = -Infinity;
    const logs = this.parts.map((part, i) => {
      const log = this.weights[i]! > 0 ? Math.log(this.weights[i]! / this.total) + part.logDensity(value) : -Infinity;
      if (log > max) max = log;
      return log;
    });
    if (max === -Infinity || max === Infinity) return max;
    let sum = 0;
    for (const log of logs) sum += Math.exp(log - max);
    return max + Math.log(sum);
  }

  sample(random: RandomSource): T {
    return this.parts[random.categorical(this.weights)]!.sample(random);
  }

  mean(): number | readonly number[] {
    return this.average(this.parts.map((part) => momentOf(part, "mean")));
  }

  variance(): number | readonly number[] {
    const means = this.parts.map((part) => momentOf(part, "mean"));
    const center = this.average(means);
    const spread = this.parts.map((part, i) =>
      combine(momentOf(part, "variance"), means[i]!, center, (v, m, c) => v + (m - c) ** 2),
    );
    return this.average(spread);
  }

  /** Of a mixture of densities: the parts' gradients by their responsibility for the value. */
  gradient(value: T): number | readonly number[] {
    const density = this.logDensity(value);
    const gradients: (number | readonly number[])[] = [];
    const shares: number[] = [];
    this.parts.forEach((part, i) => {
      const share =
        this.weights[i]! > 0 ? (this.weights[i]! / this.total) * Math.exp(part.logDensity(value) - density) : 0;
      if (!(share > 0)) return;
      if (part.gradient === undefined) throw new RunError("PGLR055", `${part.name} has no gradient.`);
      gradients.push(part.gradient(value));
      shares.push(share);
    });
    return gradients.length === 0 ? 0 : weightedSum(shares, gradients);
  }

  protected parameters(): readonly unknown[] {
    return [this.weights.map((w) => w / this.total), this.parts];
  }

  private average(moments: readonly (number | readonly number[])[]): number | readonly number[] {
    const used = this.weights.map((w, i) => i).filter((i) => this.weights[i]! > 0);
    return weightedSum(
      used.map((i) => this.weights[i]! / this.total),
      used.map((i) => moments[i]!),
    );
  }
}

export const isDiscrete = (d: Distribution<unknown>): boolean => {
  if (d instanceof Family) return d.discrete;
  const { kind } = d.support;
  return kind === "finite" || kind === "countable";
};

function momentOf(part: Distribution<unknown>, which: "mean" | "variance"): number | readonly number[] {
  const moment = part[which]?.();
  if (moment === undefined) throw new RunError("PGLR052", `mixture: ${part.name} has no ${which}.`);
  return moment;
}

function weightedSum(
  weights: readonly number[],
  terms: readonly (number | readonly number[])[],
): number | readonly number[] {
  const [first] = terms;
  if (typeof first === "number") return weights.reduce((sum, w, i) => sum + w * (terms[i] as number), 0);
  return first!.map((_, j) => weights.reduce((sum, w, i) => sum + w * (terms[i] as readonly number[])[j]!, 0));
}

function combine(
  a: number | readonly number[],
  b: number | readonly number[],
  c: number | readonly number[],
  f: (a: number, b: number, c: number) => number,
): number | readonly number[] {
  if (typeof a === "number") return f(a, b as number, c as number);
  return a.map((x, i) => f(x, (b as readonly number[])[i]!, (c as readonly number[])[i]!));
}

function mixFinite<T>(supports: readonly Support<T>[], shares: readonly number[]): Support<T> {
  const values: T[] = [];
  const weights: number[] = [];
  supports.forEach((support, i) => {
    if (support.kind !== "finite") return;
    support.values.forEach((value, j) => {
      values.push(value);
      weights.push(shares[i]! * support.probabilities[j]!);
    });
  });
  const merged = mergeEqual(values, (i) => weights[i]!);
  return { kind: "finite", values: merged.values, probabilities: merged.weights };
}

/** The values of all parts in turn, each value once. */
function* alternate<T>(supports: readonly Support<T>[]): Iterable<T> {
  const seen = new Set<string>();
  let going = supports.map((s) => valuesOf(s)[Symbol.iterator]());
  while (going.length > 0) {
    const still: Iterator<T>[] = [];
    for (const part of going) {
      const next = part.next();
      if (next.done === true) continue;
      still.push(part);
      const key = hashKey(next.value);
      if (seen.has(key)) continue;
      seen.add(key);
      yield next.value;
    }
    going = still;
  }
}

function valuesOf<T>(support: Support<T>): Iterable<T> {
  if (support.kind === "finite") return support.values.filter((_, i) => support.probabilities[i]! > 0);
  if (support.kind === "countable") return support.values();
  return [];
}

import { DistributionError } from "../errors.js";
import type { Drawable } from "../machine/process.js";
import type { Distribution } from "./distribution.js";
import { Finite } from "./finite.js";
import { keep, listedSupport, notOffered } from "./where.js";

/**
 * The k most probable values, renormalised; of equally probable ones the earlier.
 * @throws DistributionError unless k is a positive whole number. @throws RunError when the distribution is continuous.
 */
export function topK<T>(d: Distribution<T>, k: number): Distribution<T>;
export function topK<T>(d: Drawable<T>, k: number): Drawable<T>;
export function topK<T>(d: Drawable<T>, k: number): Drawable<T> {
  if (!(Number.isSafeInteger(k) && k >= 1)) throw new DistributionError("top_k", "k", "a positive whole number", k);
  if (d.kind === "process") {
    if (d.top_k === undefined) throw notOffered("top_k", d.name);
    return d.top_k(k);
  }
  return likeliest("top_k", d, (number) => number >= k);
}

/**
 * The fewest most probable values that have probability p together, renormalised; of equally probable ones the earlier first.
 * @throws DistributionError unless 0 < p ≤ 1. @throws RunError when the distribution is continuous.
 */
export function topP<T>(d: Distribution<T>, p: number): Distribution<T>;
export function topP<T>(d: Drawable<T>, p: number): Drawable<T>;
export function topP<T>(d: Drawable<T>, p: number): Drawable<T> {
  if (!(p > 0 && p <= 1)) throw new DistributionError("top_p", "p", "a probability above 0, at most 1", p);
  if (d.kind === "process") {
    if (d.top_p === undefined) throw notOffered("top_p", d.name);
    return d.top_p(p);
  }
  return likeliest("top_p", d, (_, mass) => mass >= p);
}

function likeliest<T>(
  name: string,
  d: Distribution<T>,
  enough: (number: number, mass: number) => boolean,
): Distribution<T> {
  const { values, probabilities } = listedSupport(name, d);
  const order = Array.from({ length: values.length }, (_, i) => i)
    .filter((i) => probabilities[i]! > 0)
    .sort((i, j) => probabilities[j]! - probabilities[i]! || i - j);
  const chosen = new Set<number>();
  let mass = 0;
  for (const i of order) {
    chosen.add(i);
    mass += probabilities[i]!;
    if (enough(chosen.size, mass)) break;
  }
  const kept = keep(values, probabilities, (_, i) => chosen.has(i));
  return new Finite(name, kept.values, kept.weights);
}

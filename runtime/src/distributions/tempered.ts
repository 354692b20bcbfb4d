import { DistributionError } from "../errors.js";
import type { Drawable } from "../machine/process.js";
import type { Distribution } from "./distribution.js";
import { Finite } from "./finite.js";
import { finiteSupport, keep, notOffered } from "./where.js";

/**
 * Probabilities to the power 1/t, renormalised: t below 1 sharpens, above 1 flattens.
 * @throws DistributionError unless t is positive. @throws RunError when the distribution is not finite.
 */
export function tempered<T>(d: Distribution<T>, t: number): Distribution<T>;
export function tempered<T>(d: Drawable<T>, t: number): Drawable<T>;
export function tempered<T>(d: Drawable<T>, t: number): Drawable<T> {
  if (!(t > 0 && t < Infinity)) throw new DistributionError("tempered", "t", "a positive number", t);
  if (d.kind === "process") {
    if (d.tempered === undefined) throw notOffered("tempered", d.name);
    return d.tempered(t);
  }
  const { values, probabilities } = finiteSupport("tempered", d);
  const kept = keep(values, probabilities, () => true);
  // Relative to the largest, so that a low temperature cannot underflow all of them.
  let max = 0;
  for (const p of kept.weights) if (p > max) max = p;
  return new Finite(
    "tempered",
    kept.values,
    kept.weights.map((p) => Math.exp(Math.log(p / max) / t)),
  );
}

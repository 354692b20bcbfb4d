import { DistributionError } from "../errors.js";
import type { Drawable } from "../machine/process.js";
import type { Distribution } from "./distribution.js";
import { Finite } from "./finite.js";
import { Reweighted } from "./reweighted.js";
import { keep, listedSupport, notOffered } from "./where.js";

/**
 * Probabilities to the power 1/t, renormalised: t below 1 sharpens, above 1 flattens.
 * @throws DistributionError unless t is positive. @throws RunError when the distribution is continuous.
 */
export function tempered<T>(d: Distribution<T>, t: number): Distribution<T>;
export function tempered<T>(d: Drawable<T>, t: number): Drawable<T>;
export function tempered<T>(d: Drawable<T>, t: number): Drawable<T> {
  if (!(t > 0 && t < Infinity)) throw new DistributionError("tempered", "t", "a positive number", t);
  if (d.kind === "process") {
    if (d.tempered === undefined) throw notOffered("tempered", d.name);
    return d.tempered(t);
  }
  const { values, probabilities } = listedSupport("tempered", d);
  const kept = keep(values, probabilities, () => true);
  // Relative to the largest, so that a low temperature cannot underflow all of them.
  let max = 0;
  for (const p of kept.weights) if (p > max) max = p;
  const logMax = Math.log(max);
  const weights = kept.weights.map((p) => Math.exp((Math.log(p) - logMax) / t));
  if (d.support.kind === "finite") return new Finite("tempered", kept.values, weights);
  return new Reweighted("tempered", d, { values: kept.values, weights }, (_, logMass) => (logMass - logMax) / t);
}

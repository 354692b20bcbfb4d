import type { Drawable } from "../machine/process.js";
import type { Distribution } from "./distribution.js";
import { Finite } from "./finite.js";
import { keep } from "./where.js";

/** A distribution given an event, and how likely the event is. */
export interface Restricted<T> {
  /** Where the event has probability zero, the distribution itself: the weight says that the draw does not count. */
  readonly distribution: Distribution<T>;
  /** log of the event's probability, in nats; `-Infinity` when no value of positive probability is in it. */
  readonly logMass: number;
}

/** More values than this are not gone through: drawing and then testing one is cheaper. */
const MOST_VALUES = 4096;

/**
 * `d` given `predicate`, for drawing and weighing by `logMass` in place of drawing from `d` and conditioning. The two denote
 * the same measure: `d(x) · [predicate(x)] = mass · d(x | predicate)`.
 *
 * `null` where the values cannot be listed, or are too many; then draw and condition.
 */
export function restrict<T>(d: Drawable<T>, predicate: (value: T) => boolean): Restricted<T> | null {
  if (d.kind === "process") return null;
  const { support } = d;
  if (support.kind !== "finite" || support.values.length > MOST_VALUES) return null;
  const { values, weights } = keep(support.values, support.probabilities, predicate);
  if (values.length === 0) return { distribution: d, logMass: -Infinity };
  let possible = 0;
  let mass = 0;
  for (let i = 0; i < support.values.length; i++) if (support.probabilities[i]! > 0) possible++;
  // An event that is certain changes nothing, whatever the probabilities' rounding.
  if (possible === values.length) return { distribution: d, logMass: 0 };
  for (const weight of weights) mass += weight;
  return { distribution: new Finite("restricted", values, weights), logMass: Math.log(mass) };
}

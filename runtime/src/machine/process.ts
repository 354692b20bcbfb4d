import type { Distribution } from "../distributions/distribution.js";
import type { Frame } from "./frame.js";
import type { Site } from "./site.js";

/**
 * A distribution that is itself a small generative program: text spans, next-token distributions, anything whose density
 * needs the outside world or that is drawn step by step. The machine runs its frames; draws inside it are ordinary
 * `Sample` operations, so every method treats them as it treats the program's own.
 *
 * The optional members build distributions from it, as the functions of the same names do for plain distributions; a
 * process without one does not offer it.
 */
export interface Process<T> {
  readonly kind: "process";
  readonly name: string;
  /** A frame that draws a value and returns it. `proposal` may be any draw the process knows how to propose from. */
  draw(site: Site, proposal: Drawable<T> | null): Frame;
  /** A frame that returns the log-density of `value`, a number in nats. It weighs nothing. */
  logDensity(value: T): Frame;
  /** Renormalised to the values for which `predicate` holds. */
  where?(predicate: (value: T) => boolean): Drawable<T>;
  /** Every part of the draw restricted to what can still lead to a value that matches a constraint: a local mask. */
  masked?(constraint: unknown): Drawable<T>;
  /** Probabilities to the power 1/t, renormalised. */
  tempered?(t: number): Drawable<T>;
  /** The k most probable values, renormalised. */
  top_k?(k: number): Drawable<T>;
  /** The smallest set of most probable values whose mass reaches p, renormalised. */
  top_p?(p: number): Drawable<T>;
  /** The mixture of `parts` (this one among them), or null when this process cannot be mixed with those. */
  mix?(weights: readonly number[], parts: readonly Drawable<T>[]): Drawable<T> | null;
  /** The product of powers (this process among the parts), part by part of the draw; null when it knows no such way. */
  multiply?(factors: readonly Factor<T>[]): Product<T> | null;
}

/** A distribution to the power of an exponent. */
export interface Factor<T> {
  readonly part: Drawable<T>;
  /** A list: exponents along the way to the last one, which is the one that counts (text spans only). */
  readonly exponent: number | readonly number[];
}

/**
 * Π partᵢ ^ exponentᵢ, a measure that is not normalised: to draw from it is to draw from a distribution and to weigh.
 * `logDensity` is Σ exponentᵢ log partᵢ, with respect to the parts' counting or Lebesgue measure.
 */
export interface Product<T> extends Process<T> {
  readonly factors: readonly Factor<T>[];
  /** Each step of the draw renormalised and nothing weighed: another distribution, which only approximates this one. */
  local(): Drawable<T>;
}

/** Any `dist<T>` value of the language. */
export type Drawable<T> = Distribution<T> | Process<T>;

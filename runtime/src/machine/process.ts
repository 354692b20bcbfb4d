import type { Distribution } from "../distributions/distribution.js";
import type { Frame } from "./frame.js";
import type { Site } from "./site.js";

/**
 * A distribution that is itself a small generative program: text spans, next-token distributions, anything whose density
 * needs the outside world or that is drawn step by step. The machine runs its frames; draws inside it are ordinary
 * `Sample` operations, so every method treats them as it treats the program's own.
 */
export interface Process<T> {
  readonly kind: "process";
  readonly name: string;
  /** A frame that draws a value and returns it. `proposal` may be any draw the process knows how to propose from. */
  draw(site: Site, proposal: Drawable<T> | null): Frame;
  /** A frame that weighs the particle by the density of `value` (Weight operations) and returns nothing. */
  score(value: T, site: Site): Frame;
}

/** Any `dist<T>` value of the language. */
export type Drawable<T> = Distribution<T> | Process<T>;

import type { Drawable } from "../machine/process.js";
import { notOffered } from "./where.js";

/**
 * A distribution that is drawn in parts, each restricted to what can still lead to a value that matches and renormalised: a
 * local mask. @throws RunError PGLR056 for what is not drawn so.
 */
export function masked<T>(d: Drawable<T>, constraint: unknown): Drawable<T> {
  if (d.kind !== "process" || d.masked === undefined) throw notOffered("masked", d.name);
  return d.masked(constraint);
}

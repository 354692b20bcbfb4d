import { DistributionError, RunError } from "../errors.js";
import type { Drawable, Factor, Product } from "../machine/process.js";
import { PlainProduct } from "./product-plain.js";

/**
 * The product of distributions, a measure that is not normalised: of `x` it makes Π dᵢ(x). Draws are weighed, so that a
 * program that draws from a product has the *global* product in its measure; `local` has the other one. Powers and products
 * among the parts are taken apart. Zero to the power of zero is 1, and a value to which a part with a positive exponent
 * gives zero has measure zero, whatever the others say.
 *
 * @param dists each distribution by itself, or all in one list.
 * @throws RunError PGLR099 when the parts have no values in common or no way is known to draw from their product.
 * @throws DistributionError when there are none.
 */
export function product<T>(...dists: readonly Drawable<T>[] | readonly [readonly Drawable<T>[]]): Product<T> {
  const parts = (Array.isArray(dists[0]) ? dists[0] : dists) as readonly (Drawable<T> | undefined)[];
  const given = parts.filter((part) => part !== undefined);
  if (given.length === 0) throw new DistributionError("product", "dists", "at least one distribution", "none");
  return multiplied(given.flatMap(factorsOf));
}

/**
 * A distribution to a power, not renormalised: the product of one. A list of exponents leads a text to its last one: while
 * its tokens are drawn, the measure is that of the exponent of their number, and of the last one in the end.
 * @throws DistributionError when an exponent is no finite number.
 */
export function power<T>(d: Drawable<T>, exponent: number | readonly number[]): Product<T> {
  const exponents = typeof exponent === "number" ? [exponent] : exponent;
  if (exponents.length === 0) throw new DistributionError("power", "exponent", "a number or a list of some", "[]");
  for (const e of exponents) {
    if (!Number.isFinite(e)) throw new DistributionError("power", "exponent", "a finite number", e);
  }
  return multiplied(factorsOf(d).map((factor) => ({ part: factor.part, exponent: times(factor.exponent, exponent) })));
}

/**
 * What a product is made of when each step of drawing is renormalised, and nothing is weighed. It is cheap and another
 * distribution: the product only approximately.
 * @throws RunError PGLR056 for what is no product.
 */
export function local<T>(d: Drawable<T>): Drawable<T> {
  if (isProduct(d)) return d.local();
  throw new RunError("PGLR056", `local is defined for products and powers, and ${d.name} is none.`, {
    hint: "Any other distribution is normalised as it is.",
  });
}

export const isProduct = <T>(d: Drawable<T>): d is Product<T> => d.kind === "process" && "factors" in d;

const factorsOf = <T>(d: Drawable<T>): readonly Factor<T>[] => (isProduct(d) ? d.factors : [{ part: d, exponent: 1 }]);

/** Of two lists the shorter one goes on with its last number. */
function times(a: Factor<unknown>["exponent"], b: Factor<unknown>["exponent"]): Factor<unknown>["exponent"] {
  if (typeof a === "number" && typeof b === "number") return a * b;
  const [first, second] = [a, b].map((x) => (typeof x === "number" ? [x] : x)) as [
    readonly number[],
    readonly number[],
  ];
  const at = (list: readonly number[], i: number): number => list[Math.min(i, list.length - 1)]!;
  return Array.from({ length: Math.max(first.length, second.length) }, (_, i) => at(first, i) * at(second, i));
}

function multiplied<T>(factors: readonly Factor<T>[]): Product<T> {
  for (const { part } of factors) {
    const made = part.kind === "process" ? (part.multiply?.(factors) ?? null) : null;
    if (made !== null) return made;
  }
  return new PlainProduct(factors);
}

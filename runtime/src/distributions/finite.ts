import type { RandomSource } from "../random/source.js";
import { equal, hashKey, ValueMap } from "../values.js";
import { FiniteFamily } from "./base.js";
import { totalWeight } from "./check.js";
import type { Support } from "./distribution.js";

/** Up to this many values are compared one by one; more are looked up by key. */
const SCAN_LIMIT = 8;

/**
 * Given values with probabilities in proportion to their weights. What `categorical` of a map, `where`, `tempered`,
 * `top_k`, `top_p` and mixtures of finite distributions are.
 */
export class Finite<T> extends FiniteFamily<T> {
  private readonly total: number;
  private listed: (Support<T> & { readonly kind: "finite" }) | null = null;
  private index: Map<string, number> | null = null;

  /**
   * @param values no two of them equal.
   * @param weights in the order of the values; not negative, not all zero.
   * @throws DistributionError naming `name` and `weights`.
   */
  constructor(
    readonly name: string,
    private readonly values: readonly T[],
    private readonly weights: ArrayLike<number>,
  ) {
    super();
    this.total = totalWeight(name, "weights", weights);
  }

  get support(): Support<T> & { readonly kind: "finite" } {
    return (this.listed ??= {
      kind: "finite",
      values: this.values,
      probabilities: Float64Array.from(this.weights, (w) => w / this.total),
    });
  }
  logDensity(value: T): number {
    const at = this.find(value);
    return at < 0 ? -Infinity : Math.log(this.weights[at]! / this.total);
  }
  sample(random: RandomSource): T {
    return this.values[random.categorical(this.weights)]!;
  }
  protected parameters(): readonly unknown[] {
    const { values, probabilities } = this.support;
    return [ValueMap.from(values.map((value, i) => [value, probabilities[i]!] as const))];
  }
  private find(value: T): number {
    if (this.values.length <= SCAN_LIMIT) {
      for (let i = 0; i < this.values.length; i++) if (equal(this.values[i], value)) return i;
      return -1;
    }
    if (this.index === null) {
      this.index = new Map();
      for (let i = 0; i < this.values.length; i++) this.index.set(hashKey(this.values[i]), i);
    }
    return this.index.get(hashKey(value)) ?? -1;
  }
}

/** Adds up the weights of equal values, in order of first appearance; without those of weight zero. */
export function mergeEqual<T>(
  values: Iterable<T>,
  weightAt: (index: number) => number,
): { values: T[]; weights: number[] } {
  const places = new Map<string, number>();
  const merged: { values: T[]; weights: number[] } = { values: [], weights: [] };
  let index = 0;
  for (const value of values) {
    const weight = weightAt(index++);
    if (!(weight > 0)) continue;
    const key = hashKey(value);
    const known = places.get(key);
    if (known !== undefined) merged.weights[known]! += weight;
    else {
      places.set(key, merged.values.length);
      merged.values.push(value);
      merged.weights.push(weight);
    }
  }
  return merged;
}

import type { RandomSource } from "../random/source.js";
import { ValueMap } from "../values.js";
import { FiniteFamily } from "./base.js";
import { totalWeight } from "./check.js";
import type { Distribution, Support } from "./distribution.js";
import { Finite } from "./finite.js";

/**
 * From a list: an index 0..n−1 with probability in proportion to its weight. From a map: a key, likewise.
 * @throws DistributionError when a weight is negative or NaN, or all are zero.
 */
export function categorical(weights: ArrayLike<number>): Distribution<number>;
export function categorical<T>(weights: ValueMap<T, number>): Distribution<T>;
export function categorical<T>(
  weights: ArrayLike<number> | ValueMap<T, number>,
): Distribution<number> | Distribution<T> {
  if (weights instanceof ValueMap) return new Finite("categorical", weights.keys(), weights.values());
  return new Categorical(weights);
}

/** Up to this many log-probabilities are kept once one has been asked for again. */
const KEPT_LOGS = 256;

class Categorical extends FiniteFamily<number> {
  readonly name = "categorical";
  private readonly total: number;
  /** False until a log-probability has been asked for; then those of all values, if asked again. */
  private logs: readonly (number | undefined)[] | boolean = false;
  private listed: (Support<number> & { readonly kind: "finite" }) | null = null;

  constructor(private readonly weights: ArrayLike<number>) {
    super();
    this.total = totalWeight("categorical", "weights", weights);
  }
  get support(): Support<number> & { readonly kind: "finite" } {
    return (this.listed ??= {
      kind: "finite",
      values: Array.from({ length: this.weights.length }, (_, i) => i),
      probabilities: Float64Array.from(this.weights, (w) => w / this.total),
    });
  }
  logDensity(index: number): number {
    if (typeof index !== "number") return -Infinity;
    const { logs } = this;
    if (typeof logs === "object") return logs[index] ?? -Infinity;
    if (!logs) this.logs = this.weights.length <= KEPT_LOGS;
    else this.logs = boxed(this.weights, (w) => Math.log(w / this.total));
    const weight = this.weights[index];
    return weight === undefined ? -Infinity : Math.log(weight / this.total);
  }
  sample(random: RandomSource): number {
    return random.categorical(this.weights);
  }
  protected parameters(): readonly unknown[] {
    return [Array.from(this.weights, (w) => w / this.total)];
  }
}

/** An array of numbers as objects of the engine: reading one makes no new object, which in inner loops is felt. */
function boxed(values: ArrayLike<number>, f: (value: number) => number): readonly (number | undefined)[] {
  const out = new Array<number | undefined>(values.length).fill(undefined);
  for (let i = 0; i < values.length; i++) out[i] = f(values[i]!);
  return out;
}

import type { RandomSource } from "../random/source.js";
import { Counting, outwards } from "./base.js";
import { positiveProbability } from "./check.js";
import type { Support } from "./distribution.js";

/** Failures before the first success: p (1−p)^k, k = 0, 1, … . @throws DistributionError unless 0 < p ≤ 1. */
export const geometric = (p: number): Geometric => new Geometric(p);

export class Geometric extends Counting {
  readonly name = "geometric";

  constructor(private readonly p: number) {
    super();
    positiveProbability("geometric", "p", p);
  }
  get support(): Support<number> {
    return { kind: "countable", values: () => outwards(0, 0, Infinity, (k) => this.logDensity(k)) };
  }
  logDensity(k: number): number {
    if (!(Number.isInteger(k) && k >= 0)) return -Infinity;
    return k === 0 ? Math.log(this.p) : Math.log(this.p) + k * Math.log1p(-this.p);
  }
  sample(random: RandomSource): number {
    return this.quantile(random.uniform());
  }
  mean(): number {
    return (1 - this.p) / this.p;
  }
  variance(): number {
    return (1 - this.p) / this.p / this.p;
  }
  quantile(q: number): number {
    if (this.p === 1) return 0;
    // P(X > k) = (1−p)^(k+1).
    return Math.max(0, Math.ceil(Math.log1p(-q) / Math.log1p(-this.p)) - 1);
  }
  protected parameters(): readonly number[] {
    return [this.p];
  }
}

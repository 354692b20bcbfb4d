import type { RandomSource } from "../random/source.js";
import { Counting, outwards } from "./base.js";
import { positive, positiveProbability } from "./check.js";
import type { Support } from "./distribution.js";
import { samplePoisson } from "./poisson.js";
import { standardGamma } from "./samplers.js";
import { logBinomial } from "./special.js";

/**
 * Failures before the r-th success: Γ(k+r)/(k! Γ(r)) p^r (1−p)^k; r may be a fraction.
 * @throws DistributionError unless r is positive and 0 < p ≤ 1.
 */
export const negativeBinomial = (r: number, p: number): NegativeBinomial => new NegativeBinomial(r, p);

export class NegativeBinomial extends Counting {
  readonly name = "negative_binomial";

  constructor(
    private readonly r: number,
    private readonly p: number,
  ) {
    super();
    positive("negative_binomial", "r", r);
    positiveProbability("negative_binomial", "p", p);
  }
  get support(): Support<number> {
    const mode = this.r > 1 ? Math.floor(((this.r - 1) * (1 - this.p)) / this.p) : 0;
    return { kind: "countable", values: () => outwards(mode, 0, Infinity, (k) => this.logDensity(k)) };
  }
  logDensity(k: number): number {
    const { r, p } = this;
    if (!(Number.isInteger(k) && k >= 0)) return -Infinity;
    if (p === 1) return k === 0 ? 0 : -Infinity;
    if (k === 0) return r * Math.log(p);
    return Math.log(r / (r + k)) + logBinomial(r, k, p, 1 - p);
  }
  sample(random: RandomSource): number {
    if (this.p === 1) return 0;
    return samplePoisson(random, (standardGamma(random, this.r) * (1 - this.p)) / this.p);
  }
  mean(): number {
    return (this.r * (1 - this.p)) / this.p;
  }
  variance(): number {
    return (this.r * (1 - this.p)) / this.p / this.p;
  }
  protected parameters(): readonly number[] {
    return [this.r, this.p];
  }
}

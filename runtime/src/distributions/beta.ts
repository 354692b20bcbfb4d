import type { RandomSource } from "../random/source.js";
import { Continuous } from "./base.js";
import { positive } from "./check.js";
import { betaQuantileLogit } from "./incomplete.js";
import { logStandardGamma, standardGamma } from "./samplers.js";
import { logBinomial } from "./special.js";

/** x^(a−1) (1−x)^(b−1) / B(a, b) on (0, 1). @throws DistributionError unless both are positive. */
export const beta = (a: number, b: number): Beta => new Beta(a, b);

const LARGEST_BELOW_ONE = 1 - 2 ** -53;

export class Beta extends Continuous {
  readonly name = "beta";

  constructor(
    private readonly a: number,
    private readonly b: number,
  ) {
    super();
    positive("beta", "a", a);
    positive("beta", "b", b);
  }
  override get lower(): number {
    return 0;
  }
  override get upper(): number {
    return 1;
  }
  /** By the binomial mass it resembles (Loader 2000, as in R's dbeta): no cancellation at large parameters. */
  logDensity(x: number): number {
    if (!(x >= 0 && x <= 1)) return -Infinity;
    const { a, b } = this;
    if (x === 0) return a > 1 ? -Infinity : a === 1 ? Math.log(b) : Infinity;
    if (x === 1) return b > 1 ? -Infinity : b === 1 ? Math.log(a) : Infinity;
    const y = 1 - x;
    if (a < 1) {
      if (b < 1)
        return Math.log(a) + Math.log(b) - Math.log(a + b) - Math.log(x) - Math.log1p(-x) + logBinomial(a, b, x, y);
      return Math.log(a) - Math.log(x) + logBinomial(a, b - 1, x, y);
    }
    if (b < 1) return Math.log(b) - Math.log1p(-x) + logBinomial(a - 1, b, x, y);
    return Math.log(a + b - 1) + logBinomial(a - 1, b - 1, x, y);
  }
  sample(random: RandomSource): number {
    const { a, b } = this;
    let x: number;
    if (a >= 1 && b >= 1) {
      const left = standardGamma(random, a);
      x = left / (left + standardGamma(random, b));
    } else {
      const left = logStandardGamma(random, a);
      x = 1 / (1 + Math.exp(logStandardGamma(random, b) - left));
    }
    return Math.min(Math.max(x, Number.MIN_VALUE), LARGEST_BELOW_ONE);
  }
  mean(): number {
    return this.a / (this.a + this.b);
  }
  variance(): number {
    const n = this.a + this.b;
    return ((this.a / n) * (this.b / n)) / (n + 1);
  }
  quantile(q: number): number {
    if (q === 0 || q === 1) return q;
    const x = 1 / (1 + Math.exp(-betaQuantileLogit(this.a, this.b, q, 1 - q)));
    return Math.min(Math.max(x, Number.MIN_VALUE), LARGEST_BELOW_ONE);
  }
  gradient(x: number): number {
    return x > 0 && x < 1 ? (this.a - 1) / x - (this.b - 1) / (1 - x) : 0;
  }
  protected parameters(): readonly number[] {
    return [this.a, this.b];
  }
}

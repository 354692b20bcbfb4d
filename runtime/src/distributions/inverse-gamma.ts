import type { RandomSource } from "../random/source.js";
import { Continuous } from "./base.js";
import { positive } from "./check.js";
import { logGammaDensity } from "./gamma-density.js";
import { logGammaQuantile } from "./incomplete.js";
import { logStandardGamma, positiveFloat } from "./samplers.js";
import { logGamma } from "./special.js";

/**
 * scale^shape x^(−shape−1) e^(−scale/x) / Γ(shape), x > 0: the law of 1/y for y from gamma(shape, scale).
 * @throws DistributionError unless both are positive.
 */
export const inverseGamma = (shape: number, scale: number): InverseGamma => new InverseGamma(shape, scale);

export class InverseGamma extends Continuous {
  readonly name = "inverse_gamma";

  constructor(
    private readonly shape: number,
    private readonly scale: number,
  ) {
    super();
    positive("inverse_gamma", "shape", shape);
    positive("inverse_gamma", "scale", scale);
  }
  override get lower(): number {
    return 0;
  }
  logDensity(x: number): number {
    if (!(x > 0 && x < Infinity)) return -Infinity;
    // y = scale/x is gamma(shape, 1); dy/dx = scale/x².
    const y = this.scale / x;
    if (y === Infinity) return -Infinity;
    if (y === 0) {
      return this.shape * Math.log(this.scale) - (this.shape + 1) * Math.log(x) - logGamma(this.shape);
    }
    return logGammaDensity(y, this.shape, 1) + Math.log(this.scale) - 2 * Math.log(x);
  }
  sample(random: RandomSource): number {
    return positiveFloat(Math.exp(Math.log(this.scale) - logStandardGamma(random, this.shape)));
  }
  mean(): number {
    return this.shape > 1 ? this.scale / (this.shape - 1) : Infinity;
  }
  variance(): number {
    const { shape, scale } = this;
    if (shape > 2) return (scale / (shape - 1)) ** 2 / (shape - 2);
    return shape > 1 ? Infinity : NaN;
  }
  quantile(q: number): number {
    if (q === 0 || q === 1) return q === 0 ? 0 : Infinity;
    return positiveFloat(Math.exp(Math.log(this.scale) - logGammaQuantile(this.shape, 1 - q, q)));
  }
  gradient(x: number): number {
    return x > 0 ? (this.scale / x - this.shape - 1) / x : 0;
  }
  protected parameters(): readonly number[] {
    return [this.shape, this.scale];
  }
}

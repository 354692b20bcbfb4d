import type { RandomSource } from "../random/source.js";
import { Continuous } from "./base.js";
import { positive } from "./check.js";
import { logGammaDensity } from "./gamma-density.js";
import { logGammaQuantile } from "./incomplete.js";
import { logStandardGamma, positiveFloat, standardGamma } from "./samplers.js";

/** rate^shape x^(shape−1) e^(−rate x) / Γ(shape), x > 0. @throws DistributionError unless both are positive. */
export const gamma = (shape: number, rate: number): Gamma => new Gamma(shape, rate);

export class Gamma extends Continuous {
  readonly name = "gamma";

  constructor(
    private readonly shape: number,
    private readonly rate: number,
  ) {
    super();
    positive("gamma", "shape", shape);
    positive("gamma", "rate", rate);
  }
  override get lower(): number {
    return 0;
  }
  logDensity(x: number): number {
    return logGammaDensity(x, this.shape, this.rate);
  }
  sample(random: RandomSource): number {
    if (this.shape < 1) return positiveFloat(Math.exp(logStandardGamma(random, this.shape) - Math.log(this.rate)));
    return positiveFloat(standardGamma(random, this.shape) / this.rate);
  }
  mean(): number {
    return this.shape / this.rate;
  }
  variance(): number {
    return this.shape / this.rate / this.rate;
  }
  quantile(q: number): number {
    if (q === 0 || q === 1) return q === 0 ? 0 : Infinity;
    return positiveFloat(Math.exp(logGammaQuantile(this.shape, q, 1 - q) - Math.log(this.rate)));
  }
  gradient(x: number): number {
    return x > 0 ? (this.shape - 1) / x - this.rate : 0;
  }
  protected parameters(): readonly number[] {
    return [this.shape, this.rate];
  }
}

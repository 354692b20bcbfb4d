import type { RandomSource } from "../random/source.js";
import { Continuous } from "./base.js";
import { positive } from "./check.js";
import { logStandardGamma, positiveFloat, standardGamma } from "./samplers.js";
import { logGamma, logPoisson } from "./special.js";

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
  gradient(x: number): number {
    return x > 0 ? (this.shape - 1) / x - this.rate : 0;
  }
  protected parameters(): readonly number[] {
    return [this.shape, this.rate];
  }
}

/** The gamma density by the Poisson mass it resembles (Loader 2000): no cancellation at large shapes. */
export function logGammaDensity(x: number, shape: number, rate: number): number {
  if (!(x >= 0 && x < Infinity)) return -Infinity;
  if (x === 0) return shape > 1 ? -Infinity : shape === 1 ? Math.log(rate) : Infinity;
  const scaled = x * rate;
  if (shape < 1) {
    // Mass and density differ by the factor shape / x. A product that underflows leaves only the power.
    const mass = scaled > 0 ? logPoisson(shape, scaled) : -Infinity;
    if (mass > -Infinity) return mass + Math.log(shape) - Math.log(x);
  } else if (scaled > 0 && scaled < Infinity) {
    return logPoisson(shape - 1, scaled) + Math.log(rate);
  }
  const power = (shape - 1) * Math.log(x) + shape * Math.log(rate);
  return scaled === Infinity ? -Infinity : power - logGamma(shape);
}

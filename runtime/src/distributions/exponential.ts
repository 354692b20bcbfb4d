import type { RandomSource } from "../random/source.js";
import { Continuous } from "./base.js";
import { positive } from "./check.js";
import { positiveFloat } from "./samplers.js";

/** rate · exp(−rate x), x ≥ 0. @throws DistributionError unless rate is positive. */
export const exponential = (rate: number): Exponential => new Exponential(rate);

export class Exponential extends Continuous {
  readonly name = "exponential";

  constructor(private readonly rate: number) {
    super();
    positive("exponential", "rate", rate);
  }
  override get lower(): number {
    return 0;
  }
  logDensity(x: number): number {
    return x >= 0 ? Math.log(this.rate) - this.rate * x : -Infinity;
  }
  sample(random: RandomSource): number {
    return positiveFloat(-Math.log(random.uniform()) / this.rate);
  }
  mean(): number {
    return 1 / this.rate;
  }
  variance(): number {
    return 1 / this.rate / this.rate;
  }
  quantile(q: number): number {
    return -Math.log1p(-q) / this.rate;
  }
  gradient(x: number): number {
    return x >= 0 ? -this.rate : 0;
  }
  protected parameters(): readonly number[] {
    return [this.rate];
  }
}

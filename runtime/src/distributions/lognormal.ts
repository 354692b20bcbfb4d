import type { RandomSource } from "../random/source.js";
import { Continuous } from "./base.js";
import { finite, positive } from "./check.js";
import { positiveFloat, standardNormal } from "./samplers.js";
import { LOG_2PI, normalQuantile } from "./special.js";

/** A positive number whose log is normal(mean, sd). @throws DistributionError unless mean is finite and sd positive. */
export const lognormal = (mean: number, sd: number): Lognormal => new Lognormal(mean, sd);

export class Lognormal extends Continuous {
  readonly name = "lognormal";

  constructor(
    private readonly center: number,
    private readonly sd: number,
  ) {
    super();
    finite("lognormal", "mean", center);
    positive("lognormal", "sd", sd);
  }
  override get lower(): number {
    return 0;
  }
  logDensity(x: number): number {
    if (!(x > 0 && x < Infinity)) return -Infinity;
    const log = Math.log(x);
    const z = (log - this.center) / this.sd;
    return -0.5 * (z * z + LOG_2PI) - Math.log(this.sd) - log;
  }
  sample(random: RandomSource): number {
    return positiveFloat(Math.exp(this.center + this.sd * standardNormal(random)));
  }
  mean(): number {
    return Math.exp(this.center + (this.sd * this.sd) / 2);
  }
  variance(): number {
    const v = this.sd * this.sd;
    return Math.expm1(v) * Math.exp(2 * this.center + v);
  }
  quantile(q: number): number {
    if (q === 0 || q === 1) return q === 0 ? 0 : Infinity;
    return Math.exp(this.center + this.sd * normalQuantile(q));
  }
  gradient(x: number): number {
    if (!(x > 0 && x < Infinity)) return 0;
    return -(1 + (Math.log(x) - this.center) / this.sd / this.sd) / x;
  }
  protected parameters(): readonly number[] {
    return [this.center, this.sd];
  }
}

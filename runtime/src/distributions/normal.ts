import type { RandomSource } from "../random/source.js";
import { Continuous } from "./base.js";
import { finite, positive } from "./check.js";
import { standardNormal } from "./samplers.js";
import { LOG_2PI, normalQuantile } from "./special.js";

/** exp(−(x−mean)²/2sd²) / (sd √2π). @throws DistributionError unless mean is finite and sd positive. */
export const normal = (mean: number, sd: number): Normal => new Normal(mean, sd);

export class Normal extends Continuous {
  readonly name = "normal";

  constructor(
    private readonly center: number,
    private readonly sd: number,
  ) {
    super();
    finite("normal", "mean", center);
    positive("normal", "sd", sd);
  }
  logDensity(x: number): number {
    const z = (x - this.center) / this.sd;
    const density = -0.5 * (z * z + LOG_2PI) - Math.log(this.sd);
    return density === density ? density : -Infinity;
  }
  sample(random: RandomSource): number {
    return this.center + this.sd * standardNormal(random);
  }
  mean(): number {
    return this.center;
  }
  variance(): number {
    return this.sd * this.sd;
  }
  quantile(q: number): number {
    if (q === 0 || q === 1) return q === 0 ? -Infinity : Infinity;
    return this.center + this.sd * normalQuantile(q);
  }
  gradient(x: number): number {
    return (this.center - x) / this.sd / this.sd;
  }
  protected parameters(): readonly number[] {
    return [this.center, this.sd];
  }
}

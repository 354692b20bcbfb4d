import type { RandomSource } from "../random/source.js";
import { Continuous } from "./base.js";
import { finite, positive } from "./check.js";
import { standardGamma, standardNormal } from "./samplers.js";
import { deviance, LOG_2PI, stirlingError } from "./special.js";

/**
 * Γ((df+1)/2) / (Γ(df/2) √(df π) scale) · (1 + z²/df)^(−(df+1)/2), z = (x − location)/scale.
 * @throws DistributionError unless df and scale are positive and location is finite.
 */
export const studentT = (df: number, location = 0, scale = 1): StudentT => new StudentT(df, location, scale);

export class StudentT extends Continuous {
  readonly name = "student_t";

  constructor(
    private readonly df: number,
    private readonly location: number,
    private readonly scale: number,
  ) {
    super();
    positive("student_t", "df", df);
    finite("student_t", "location", location);
    positive("student_t", "scale", scale);
  }
  logDensity(x: number): number {
    const { df } = this;
    const z = Math.abs(x - this.location) / this.scale;
    if (!(z < Infinity)) return -Infinity;
    // Loader's arrangement (as in R's dt): the gamma functions by Stirling errors, and the power by whichever form of
    // log(1 + z²/df) keeps its digits.
    const norm = stirlingError((df + 1) / 2) - stirlingError(df / 2) - deviance(df / 2, (df + 1) / 2);
    const ratio = (z / df) * z;
    let half: number;
    let power: number;
    if (ratio > 1e16) {
      half = Math.log(z) - 0.5 * Math.log(df);
      power = df * half;
    } else if (ratio > 0.2) {
      half = 0.5 * Math.log1p(ratio);
      power = df * half;
    } else {
      half = 0.5 * Math.log1p(ratio);
      power = (z * z) / 2 - deviance(df / 2, (df + z * z) / 2);
    }
    return norm - power - half - 0.5 * LOG_2PI - Math.log(this.scale);
  }
  sample(random: RandomSource): number {
    const t = standardNormal(random) / Math.sqrt(standardGamma(random, this.df / 2) / (this.df / 2));
    const x = this.location + this.scale * t;
    return Math.min(Math.max(x, -Number.MAX_VALUE), Number.MAX_VALUE);
  }
  mean(): number {
    return this.df > 1 ? this.location : NaN;
  }
  variance(): number {
    if (this.df > 2) return (this.scale * this.scale * this.df) / (this.df - 2);
    return this.df > 1 ? Infinity : NaN;
  }
  gradient(x: number): number {
    const z = (x - this.location) / this.scale;
    return (-(this.df + 1) * z) / (this.df + z * z) / this.scale;
  }
  protected parameters(): readonly number[] {
    return [this.df, this.location, this.scale];
  }
}

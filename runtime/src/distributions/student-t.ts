import type { RandomSource } from "../random/source.js";
import { Continuous } from "./base.js";
import { finite, positive } from "./check.js";
import { betaQuantileLogit } from "./incomplete.js";
import { standardGamma, standardNormal } from "./samplers.js";
import { deviance, LOG_2PI, normalQuantile, stirlingError } from "./special.js";

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
  quantile(q: number): number {
    if (q === 0 || q === 1) return q === 0 ? -Infinity : Infinity;
    return this.location + this.scale * standardQuantile(q, this.df);
  }
  gradient(x: number): number {
    const z = (x - this.location) / this.scale;
    return (-(this.df + 1) * z) / (this.df + z * z) / this.scale;
  }
  protected parameters(): readonly number[] {
    return [this.df, this.location, this.scale];
  }
}

/** Of location 0 and scale 1: with w = df/(df + t²), the tails beyond ±t are I_w(df/2, ½) together. */
function standardQuantile(q: number, df: number): number {
  const outside = 2 * Math.min(q, 1 - q);
  const inside = Math.abs(2 * q - 1);
  if (inside === 0) return 0;
  if (df > 1e8) {
    // Fisher's expansion; the next term is of the order of 1/df².
    const z = normalQuantile(q);
    return z + (z * z * z + z) / (4 * df);
  }
  const t = Math.exp(0.5 * (Math.log(df) - betaQuantileLogit(df / 2, 0.5, outside, inside)));
  return Math.min(t, Number.MAX_VALUE) * Math.sign(q - 0.5);
}

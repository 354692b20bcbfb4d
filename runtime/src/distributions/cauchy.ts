import type { RandomSource } from "../random/source.js";
import { Continuous } from "./base.js";
import { finite, positive } from "./check.js";

/** 1 / (π scale (1 + z²)), z = (x − location)/scale. @throws DistributionError unless location is finite, scale positive. */
export const cauchy = (location: number, scale: number): Cauchy => new Cauchy(location, scale);

export class Cauchy extends Continuous {
  readonly name = "cauchy";

  constructor(
    private readonly location: number,
    private readonly scale: number,
  ) {
    super();
    finite("cauchy", "location", location);
    positive("cauchy", "scale", scale);
  }
  logDensity(x: number): number {
    const z = Math.abs(x - this.location) / this.scale;
    if (!(z < Infinity)) return -Infinity;
    const spread = z < 1e100 ? Math.log1p(z * z) : 2 * Math.log(z);
    return -Math.log(Math.PI * this.scale) - spread;
  }
  sample(random: RandomSource): number {
    return this.quantile(random.uniform());
  }
  mean(): number {
    return NaN;
  }
  variance(): number {
    return NaN;
  }
  quantile(q: number): number {
    if (q === 0 || q === 1) return q === 0 ? -Infinity : Infinity;
    // The tangent loses digits near its poles; the cotangent of the small angle does not.
    const z =
      q < 0.25
        ? -1 / Math.tan(Math.PI * q)
        : q > 0.75
          ? 1 / Math.tan(Math.PI * (1 - q))
          : Math.tan(Math.PI * (q - 0.5));
    return this.location + this.scale * z;
  }
  gradient(x: number): number {
    const z = (x - this.location) / this.scale;
    return (-2 * z) / (1 + z * z) / this.scale;
  }
  protected parameters(): readonly number[] {
    return [this.location, this.scale];
  }
}

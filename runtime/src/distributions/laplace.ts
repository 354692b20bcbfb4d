import type { RandomSource } from "../random/source.js";
import { Continuous } from "./base.js";
import { finite, positive } from "./check.js";

/** exp(−|x − location|/scale) / 2scale. @throws DistributionError unless location is finite and scale positive. */
export const laplace = (location: number, scale: number): Laplace => new Laplace(location, scale);

export class Laplace extends Continuous {
  readonly name = "laplace";

  constructor(
    private readonly location: number,
    private readonly scale: number,
  ) {
    super();
    finite("laplace", "location", location);
    positive("laplace", "scale", scale);
  }
  logDensity(x: number): number {
    const density = -Math.abs(x - this.location) / this.scale - Math.LN2 - Math.log(this.scale);
    return density === density ? density : -Infinity;
  }
  sample(random: RandomSource): number {
    return this.quantile(random.uniform());
  }
  mean(): number {
    return this.location;
  }
  variance(): number {
    return 2 * this.scale * this.scale;
  }
  quantile(q: number): number {
    return this.location + this.scale * (q < 0.5 ? Math.log(2 * q) : -Math.log(2 * (1 - q)));
  }
  /** Zero at the location, where the density has a corner. */
  gradient(x: number): number {
    return Math.sign(this.location - x) / this.scale;
  }
  protected parameters(): readonly number[] {
    return [this.location, this.scale];
  }
}

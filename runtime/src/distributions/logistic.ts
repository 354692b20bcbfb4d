import type { RandomSource } from "../random/source.js";
import { Continuous } from "./base.js";
import { finite, positive } from "./check.js";

/**
 * e^−z / (scale (1 + e^−z)²), z = (x − location)/scale.
 * @throws DistributionError unless location is finite and scale positive.
 */
export const logistic = (location: number, scale: number): Logistic => new Logistic(location, scale);

export class Logistic extends Continuous {
  readonly name = "logistic";

  constructor(
    private readonly location: number,
    private readonly scale: number,
  ) {
    super();
    finite("logistic", "location", location);
    positive("logistic", "scale", scale);
  }
  logDensity(x: number): number {
    const z = Math.abs(x - this.location) / this.scale;
    const density = -z - 2 * Math.log1p(Math.exp(-z)) - Math.log(this.scale);
    return density === density ? density : -Infinity;
  }
  sample(random: RandomSource): number {
    return this.quantile(random.uniform());
  }
  mean(): number {
    return this.location;
  }
  variance(): number {
    return (this.scale * Math.PI) ** 2 / 3;
  }
  quantile(q: number): number {
    return this.location + this.scale * (Math.log(q) - Math.log1p(-q));
  }
  gradient(x: number): number {
    return -Math.tanh((x - this.location) / this.scale / 2) / this.scale;
  }
  protected parameters(): readonly number[] {
    return [this.location, this.scale];
  }
}

import { DistributionError } from "../errors.js";
import type { RandomSource } from "../random/source.js";
import { Continuous } from "./base.js";
import { finite } from "./check.js";

/** A density of 1/(high − low) from low to high. @throws DistributionError unless low < high, both finite. */
export const uniform = (low: number, high: number): Uniform => new Uniform(low, high);

export class Uniform extends Continuous {
  readonly name = "uniform";

  constructor(
    private readonly low: number,
    private readonly high: number,
  ) {
    super();
    finite("uniform", "low", low);
    finite("uniform", "high", high);
    if (!(low < high)) throw new DistributionError("uniform", "high", `above \`low\` (${low})`, high);
  }
  override get lower(): number {
    return this.low;
  }
  override get upper(): number {
    return this.high;
  }
  logDensity(x: number): number {
    // Halves, so that the width of the widest interval does not overflow.
    return x >= this.low && x <= this.high ? -Math.log(this.high / 2 - this.low / 2) - Math.LN2 : -Infinity;
  }
  sample(random: RandomSource): number {
    const u = random.uniform();
    const x = this.low * (1 - u) + this.high * u;
    return Math.min(Math.max(x, this.low), this.high);
  }
  mean(): number {
    return this.low / 2 + this.high / 2;
  }
  variance(): number {
    return (this.high - this.low) ** 2 / 12;
  }
  quantile(q: number): number {
    return this.low * (1 - q) + this.high * q;
  }
  gradient(_x: number): number {
    return 0;
  }
  protected parameters(): readonly number[] {
    return [this.low, this.high];
  }
}

import { DistributionError } from "../errors.js";
import type { RandomSource } from "../random/source.js";
import { Counting, LIST_LIMIT } from "./base.js";
import { whole } from "./check.js";
import type { Support } from "./distribution.js";

/** A whole number from low to high, both included. @throws DistributionError unless low ≤ high are whole numbers. */
export const uniformInt = (low: number, high: number): UniformInt => new UniformInt(low, high);

export class UniformInt extends Counting {
  readonly name = "uniform_int";
  private readonly size: number;

  constructor(
    private readonly low: number,
    private readonly high: number,
  ) {
    super();
    whole("uniform_int", "low", low);
    whole("uniform_int", "high", high);
    if (!(low <= high)) throw new DistributionError("uniform_int", "high", `at least \`low\` (${low})`, high);
    this.size = high - low + 1;
    if (!Number.isSafeInteger(this.size)) {
      throw new DistributionError("uniform_int", "high", "less than 2^53 above `low`", high);
    }
  }
  get support(): Support<number> {
    const { low, size } = this;
    if (size > LIST_LIMIT) return { kind: "countable", values: () => count(low, this.high) };
    return {
      kind: "finite",
      values: Array.from({ length: size }, (_, i) => low + i),
      probabilities: new Float64Array(size).fill(1 / size),
    };
  }
  logDensity(value: number): number {
    return Number.isInteger(value) && value >= this.low && value <= this.high ? -Math.log(this.size) : -Infinity;
  }
  sample(random: RandomSource): number {
    return this.low + random.below(this.size);
  }
  mean(): number {
    return this.low / 2 + this.high / 2;
  }
  variance(): number {
    return ((this.size - 1) * (this.size + 1)) / 12;
  }
  quantile(q: number): number {
    return Math.min(this.high, this.low + Math.max(0, Math.ceil(q * this.size - 1e-12 * this.size) - 1));
  }
  protected parameters(): readonly number[] {
    return [this.low, this.high];
  }
}

function* count(low: number, high: number): Iterable<number> {
  for (let k = low; k <= high; k++) yield k;
}

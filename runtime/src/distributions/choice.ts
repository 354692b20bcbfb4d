import { DistributionError } from "../errors.js";
import type { RandomSource } from "../random/source.js";
import { equal, hashKey } from "../values.js";
import { FiniteFamily } from "./base.js";
import type { Distribution, Support } from "./distribution.js";
import { mergeEqual } from "./finite.js";

/** Each of the options with the same probability; one that is there twice is twice as likely. @throws DistributionError on none. */
export const choice = <T>(options: readonly T[]): Distribution<T> => new Choice("choice", "options", options);

/** The law of a random one of the given values: data as a distribution. @throws DistributionError on none. */
export const empirical = <T>(values: readonly T[]): Distribution<T> => new Choice("empirical", "values", values);

const SCAN_LIMIT = 8;

class Choice<T> extends FiniteFamily<T> {
  private counts: Map<string, number> | null = null;
  private listed: (Support<T> & { readonly kind: "finite" }) | null = null;

  constructor(
    readonly name: string,
    parameter: string,
    private readonly options: readonly T[],
  ) {
    super();
    if (!(options.length > 0)) throw new DistributionError(name, parameter, "a list with a value in it", "empty");
  }
  get support(): Support<T> & { readonly kind: "finite" } {
    if (this.listed === null) {
      const each = 1 / this.options.length;
      const { values, weights } = mergeEqual(this.options, () => 1);
      this.listed = { kind: "finite", values, probabilities: weights.map((w) => w * each) };
    }
    return this.listed;
  }
  logDensity(value: T): number {
    return Math.log(this.occurrences(value) / this.options.length);
  }
  sample(random: RandomSource): T {
    return this.options[random.below(this.options.length)]!;
  }
  protected parameters(): readonly unknown[] {
    return [this.options];
  }
  private occurrences(value: T): number {
    const { options } = this;
    if (options.length <= SCAN_LIMIT) {
      let n = 0;
      for (const option of options) if (equal(option, value)) n++;
      return n;
    }
    if (this.counts === null) {
      this.counts = new Map();
      for (const option of options) {
        const key = hashKey(option);
        this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
      }
    }
    return this.counts.get(hashKey(value)) ?? 0;
  }
}

import type { RandomSource } from "../random/source.js";
import { totalWeight } from "./check.js";
import { Family } from "./base.js";
import type { Distribution, Support } from "./distribution.js";
import { Finite } from "./finite.js";

/**
 * A distribution over countably many values whose masses are another's, changed value by value and renormalised. The
 * normaliser, and what is drawn from, is the list of values whose mass floating point can tell from zero; the density is
 * the formula, for every value.
 */
export class Reweighted<T> extends Family<T> {
  readonly discrete = true;
  private readonly listed: Finite<T>;
  private readonly logTotal: number;

  /**
   * @param kept the values and unnormalised weights of the list.
   * @param reweigh the unnormalised log-weight of a value, given its log-mass under `base`.
   */
  constructor(
    readonly name: string,
    private readonly base: Distribution<T>,
    private readonly kept: { readonly values: readonly T[]; readonly weights: readonly number[] },
    private readonly reweigh: (value: T, logMass: number) => number,
  ) {
    super();
    this.listed = new Finite(name, kept.values, kept.weights);
    this.logTotal = Math.log(totalWeight(name, "weights", kept.weights));
  }
  get support(): Support<T> {
    return { kind: "countable", values: () => this.kept.values };
  }
  logDensity(value: T): number {
    const logMass = this.base.logDensity(value);
    return logMass === -Infinity ? -Infinity : this.reweigh(value, logMass) - this.logTotal;
  }
  sample(random: RandomSource): T {
    return this.listed.sample(random);
  }
  mean(): number {
    return this.listed.mean();
  }
  variance(): number {
    return this.listed.variance();
  }
  protected parameters(): readonly unknown[] {
    return [this.base, this.listed];
  }
}

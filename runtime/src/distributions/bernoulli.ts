import type { RandomSource } from "../random/source.js";
import { Family } from "./base.js";
import { probability } from "./check.js";
import type { Support } from "./distribution.js";

/** `true` with probability p. @throws DistributionError unless 0 ≤ p ≤ 1. */
export const bernoulli = (p: number): Bernoulli => new Bernoulli(p);

const OUTCOMES: readonly boolean[] = [true, false];

export class Bernoulli extends Family<boolean> {
  readonly name = "bernoulli";

  constructor(private readonly p: number) {
    super();
    probability("bernoulli", "p", p);
  }
  get discrete(): boolean {
    return true;
  }
  get support(): Support<boolean> & { readonly kind: "finite" } {
    return { kind: "finite", values: OUTCOMES, probabilities: [this.p, 1 - this.p] };
  }
  logDensity(value: boolean): number {
    return value === true ? Math.log(this.p) : value === false ? Math.log1p(-this.p) : -Infinity;
  }
  sample(random: RandomSource): boolean {
    return random.bernoulli(this.p);
  }
  /** Of `true` as 1. */
  mean(): number {
    return this.p;
  }
  variance(): number {
    return this.p * (1 - this.p);
  }
  protected parameters(): readonly number[] {
    return [this.p];
  }
}

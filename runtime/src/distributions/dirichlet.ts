import { DistributionError } from "../errors.js";
import type { RandomSource } from "../random/source.js";
import { Family } from "./base.js";
import { positive } from "./check.js";
import type { Support } from "./distribution.js";
import { logStandardGamma } from "./samplers.js";
import { logGamma } from "./special.js";

/** A value may miss the simplex by this much, in its sum: what is read from decimal text does. */
const TOLERANCE = 1e-6;

/**
 * Γ(Σα)/ΠΓ(αᵢ) · Π xᵢ^(αᵢ−1) over probability vectors x; a density in the first n−1 coordinates.
 * @throws DistributionError unless there are two positive concentrations or more.
 */
export const dirichlet = (concentration: readonly number[]): Dirichlet => new Dirichlet(concentration);

export class Dirichlet extends Family<readonly number[]> {
  readonly name = "dirichlet";
  readonly discrete = false;
  private logNorm = NaN;

  constructor(private readonly concentration: readonly number[]) {
    super();
    if (concentration.length < 2) {
      throw new DistributionError(
        "dirichlet",
        "concentration",
        "a list of two numbers or more",
        `of length ${concentration.length}`,
      );
    }
    for (let i = 0; i < concentration.length; i++) positive("dirichlet", `concentration[${i}]`, concentration[i]!);
  }
  get support(): Support<readonly number[]> {
    return { kind: "simplex", dimension: this.concentration.length };
  }
  logDensity(x: readonly number[]): number {
    const alpha = this.concentration;
    if (x.length !== alpha.length) return -Infinity;
    let sum = 0;
    for (const xi of x) {
      if (!(xi >= 0)) return -Infinity;
      sum += xi;
    }
    if (!(Math.abs(sum - 1) <= TOLERANCE)) return -Infinity;
    let density = this.logNormaliser();
    let infinite = false;
    for (let i = 0; i < alpha.length; i++) {
      const power = alpha[i]! - 1;
      if (power === 0) continue;
      if (x[i] === 0) {
        if (power > 0) return -Infinity;
        infinite = true;
      } else density += power * Math.log(x[i]!);
    }
    return infinite ? Infinity : density;
  }
  sample(random: RandomSource): readonly number[] {
    const logs = this.concentration.map((a) => logStandardGamma(random, a));
    const max = Math.max(...logs);
    let total = 0;
    const draws = logs.map((l) => {
      const draw = Math.exp(l - max);
      total += draw;
      return draw;
    });
    return draws.map((d) => Math.max(d / total, Number.MIN_VALUE));
  }
  mean(): readonly number[] {
    const total = this.total();
    return this.concentration.map((a) => a / total);
  }
  variance(): readonly number[] {
    const total = this.total();
    return this.concentration.map((a) => ((a / total) * (1 - a / total)) / (total + 1));
  }
  /** In all n coordinates; moves within the simplex use its projection. */
  gradient(x: readonly number[]): readonly number[] {
    return this.concentration.map((a, i) => (a - 1) / x[i]!);
  }
  protected parameters(): readonly unknown[] {
    return [this.concentration];
  }
  private total(): number {
    let total = 0;
    for (const a of this.concentration) total += a;
    return total;
  }
  private logNormaliser(): number {
    if (this.logNorm !== this.logNorm) {
      let norm = logGamma(this.total());
      for (const a of this.concentration) norm -= logGamma(a);
      this.logNorm = norm;
    }
    return this.logNorm;
  }
}

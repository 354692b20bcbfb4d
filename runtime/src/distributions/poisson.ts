import type { RandomSource } from "../random/source.js";
import { Counting, outwards } from "./base.js";
import { notNegative } from "./check.js";
import type { Support } from "./distribution.js";
import { logPoisson } from "./special.js";

/** rate^k e^−rate / k!, k = 0, 1, … . @throws DistributionError when rate is negative. */
export const poisson = (rate: number): Poisson => new Poisson(rate);

export class Poisson extends Counting {
  readonly name = "poisson";

  constructor(private readonly rate: number) {
    super();
    notNegative("poisson", "rate", rate);
  }
  get support(): Support<number> {
    return {
      kind: "countable",
      values: () => outwards(Math.floor(this.rate), 0, Infinity, (k) => this.logDensity(k)),
    };
  }
  logDensity(k: number): number {
    if (!(Number.isInteger(k) && k >= 0)) return -Infinity;
    if (this.rate === 0) return k === 0 ? 0 : -Infinity;
    return logPoisson(k, this.rate);
  }
  sample(random: RandomSource): number {
    return samplePoisson(random, this.rate);
  }
  mean(): number {
    return this.rate;
  }
  variance(): number {
    return this.rate;
  }
  protected parameters(): readonly number[] {
    return [this.rate];
  }
}

/** A Poisson draw: by inversion where that is short, else by rejection in time that does not grow with the rate. */
export function samplePoisson(random: RandomSource, rate: number): number {
  return rate < 10 ? invert(random, rate) : rejectTransformed(random, rate);
}

function invert(random: RandomSource, rate: number): number {
  let rest = random.uniform();
  let mass = Math.exp(-rate);
  let k = 0;
  // The masses sum to one only up to rounding; where they have become negligible the rest is rounding too.
  while (rest > mass && mass > 1e-300) {
    rest -= mass;
    mass *= rate / ++k;
  }
  return k;
}

/** W. Hörmann, The transformed rejection method for generating Poisson random variables (1993), algorithm PTRS. */
function rejectTransformed(random: RandomSource, rate: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(rate);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = random.uniform() - 0.5;
    const v = random.uniform();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= squeeze) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (Math.log((v * inverseAlpha) / (a / (us * us) + b)) <= logPoisson(k, rate)) return k;
  }
}

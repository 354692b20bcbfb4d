import type { RandomSource } from "../random/source.js";
import { Counting, LIST_LIMIT, outwards } from "./base.js";
import { count, probability } from "./check.js";
import type { Support } from "./distribution.js";
import { logBinomial } from "./special.js";

/** Successes in n trials, each with probability p. @throws DistributionError unless n is a count and p a probability. */
export const binomial = (n: number, p: number): Binomial => new Binomial(n, p);

export class Binomial extends Counting {
  readonly name = "binomial";

  constructor(
    private readonly n: number,
    private readonly p: number,
  ) {
    super();
    count("binomial", "n", n);
    probability("binomial", "p", p);
  }
  get support(): Support<number> {
    const { n, p } = this;
    if (n >= LIST_LIMIT) {
      const mode = Math.min(n, Math.floor((n + 1) * p));
      return { kind: "countable", values: () => outwards(mode, 0, n, (k) => this.logDensity(k)) };
    }
    return { kind: "finite", values: Array.from({ length: n + 1 }, (_, k) => k), probabilities: masses(n, p) };
  }
  logDensity(k: number): number {
    if (!(Number.isInteger(k) && k >= 0 && k <= this.n)) return -Infinity;
    return logBinomial(k, this.n - k, this.p, 1 - this.p);
  }
  sample(random: RandomSource): number {
    return sampleBinomial(random, this.n, this.p);
  }
  mean(): number {
    return this.n * this.p;
  }
  variance(): number {
    return this.n * this.p * (1 - this.p);
  }
  protected parameters(): readonly number[] {
    return [this.n, this.p];
  }
}

function masses(n: number, p: number): Float64Array {
  const q = 1 - p;
  return Float64Array.from({ length: n + 1 }, (_, k) => Math.exp(logBinomial(k, n - k, p, q)));
}

/** The masses for few trials, p ≤ ½ and above 0: each from the one before. */
function fewMasses(n: number, p: number): number[] {
  const odds = p / (1 - p);
  const list = [(1 - p) ** n];
  for (let k = 1; k <= n; k++) list.push(list[k - 1]! * ((n - k + 1) / k) * odds);
  return list;
}

/** Few trials are drawn from their list of masses, so that sources which enumerate can follow. */
const LISTED_TRIALS = 32;

/** A binomial draw, in time that does not grow with n. */
export function sampleBinomial(random: RandomSource, n: number, p: number): number {
  if (n === 0 || p === 0) return 0;
  if (p === 1) return n;
  if (n === 1) return random.bernoulli(p) ? 1 : 0;
  if (p > 0.5) return n - fewSuccesses(random, n, 1 - p);
  return fewSuccesses(random, n, p);
}

function fewSuccesses(random: RandomSource, n: number, p: number): number {
  if (n <= LISTED_TRIALS) return random.categorical(fewMasses(n, p));
  return n * p < 10 ? invert(random, n, p) : rejectTransformed(random, n, p);
}

/** From zero upwards; p ≤ 1/2 and n·p small. */
function invert(random: RandomSource, n: number, p: number): number {
  const odds = p / (1 - p);
  let rest = random.uniform();
  let mass = Math.exp(n * Math.log1p(-p));
  let k = 0;
  while (rest > mass && k < n && mass > 1e-300) {
    rest -= mass;
    k++;
    mass *= ((n - k + 1) / k) * odds;
  }
  return k;
}

/** W. Hörmann, The generation of binomial random variates (1993), algorithm BTRS; n·p ≥ 10, p ≤ 1/2. */
function rejectTransformed(random: RandomSource, n: number, p: number): number {
  const q = 1 - p;
  const sd = Math.sqrt(n * p * q);
  const b = 1.15 + 2.53 * sd;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const center = n * p + 0.5;
  const alpha = (2.83 + 5.1 / b) * sd;
  const squeeze = 0.92 - 4.2 / b;
  const mode = Math.floor((n + 1) * p);
  const peak = logBinomial(mode, n - mode, p, q);
  for (;;) {
    const u = random.uniform() - 0.5;
    const v = random.uniform();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + center);
    if (k < 0 || k > n) continue;
    if (us >= 0.07 && v <= squeeze) return k;
    if (Math.log((v * alpha) / (a / (us * us) + b)) <= logBinomial(k, n - k, p, q) - peak) return k;
  }
}

import { RunError } from "../errors.js";
import type { RandomSource } from "../random/source.js";
import { Family, LIST_LIMIT } from "./base.js";
import { sampleBinomial } from "./binomial.js";
import { count, totalWeight } from "./check.js";
import type { Support } from "./distribution.js";
import { logBinomial } from "./special.js";

/**
 * How often each outcome came in n draws. `probabilities` may be unnormalised.
 * @throws DistributionError unless n is a count and the probabilities are weights that are not all zero.
 */
export const multinomial = (n: number, probabilities: readonly number[]): Multinomial =>
  new Multinomial(n, probabilities);

export class Multinomial extends Family<readonly number[]> {
  readonly name = "multinomial";
  readonly discrete = true;
  private readonly total: number;
  /** Weight of outcome i and all after it: what each count is drawn against, given the counts before. */
  private readonly rest: Float64Array;

  constructor(
    private readonly n: number,
    private readonly probabilities: readonly number[],
  ) {
    super();
    count("multinomial", "n", n);
    this.total = totalWeight("multinomial", "probabilities", probabilities);
    this.rest = new Float64Array(probabilities.length + 1);
    for (let i = probabilities.length - 1; i >= 0; i--) this.rest[i] = this.rest[i + 1]! + probabilities[i]!;
  }
  /** @throws RunError when there are more than a million ways to divide n. */
  get support(): Support<readonly number[]> & { readonly kind: "finite" } {
    const k = this.probabilities.length;
    let ways = 1;
    for (let i = 1; i < k; i++) ways = (ways * (this.n + i)) / i;
    if (ways > LIST_LIMIT * 1.000001) {
      throw new RunError("PGLR042", `multinomial(${this.n}, …) over ${k} outcomes has too many values to list them.`);
    }
    const values = [...divisions(this.n, k)];
    return { kind: "finite", values, probabilities: Float64Array.from(values, (v) => Math.exp(this.logDensity(v))) };
  }
  logDensity(counts: readonly number[]): number {
    const k = this.probabilities.length;
    if (counts.length !== k) return -Infinity;
    let left = this.n;
    let density = 0;
    for (let i = 0; i < k; i++) {
      const c = counts[i]!;
      if (!(Number.isInteger(c) && c >= 0 && c <= left)) return -Infinity;
      density += this.logShare(i, c, left);
      left -= c;
    }
    return left === 0 ? density : -Infinity;
  }
  sample(random: RandomSource): readonly number[] {
    let left = this.n;
    return this.probabilities.map((p, i) => {
      const c = this.rest[i + 1] === 0 ? (p > 0 ? left : 0) : sampleBinomial(random, left, p / this.rest[i]!);
      left -= c;
      return c;
    });
  }
  mean(): readonly number[] {
    return this.probabilities.map((p) => (this.n * p) / this.total);
  }
  variance(): readonly number[] {
    return this.probabilities.map((p) => this.n * (p / this.total) * (1 - p / this.total));
  }
  protected parameters(): readonly unknown[] {
    return [this.n, this.probabilities];
  }
  /** The log-probability that `c` of the `left` remaining draws give outcome i. */
  private logShare(i: number, c: number, left: number): number {
    const rest = this.rest[i]!;
    if (rest === 0) return c === 0 ? 0 : -Infinity;
    return logBinomial(c, left - c, this.probabilities[i]! / rest, this.rest[i + 1]! / rest);
  }
}

/** Every list of k counts that sum to n. */
function* divisions(n: number, k: number): Iterable<readonly number[]> {
  if (k === 1) {
    yield [n];
    return;
  }
  for (let first = 0; first <= n; first++) for (const others of divisions(n - first, k - 1)) yield [first, ...others];
}

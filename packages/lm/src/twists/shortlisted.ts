import type { RandomSource, Support } from "@pgl/runtime";
import type { TokenDistribution, TokenDraw } from "../token-distribution.js";
import type { Token } from "../token.js";
import type { Twisted } from "./twisted.js";

/** log ψ of some tokens, and one value for every other token; nats. A function of the beginning, as any ψ. */
export interface Shortlisted {
  /** Ascending. */
  readonly ids: Int32Array;
  /** log ψ of each of `ids`. */
  readonly logPsi: Float64Array;
  /** log ψ of any other token. */
  readonly rest: number;
}

export const isShortlisted = (psi: Float64Array | Shortlisted): psi is Shortlisted => !(psi instanceof Float64Array);

/** log ψ of a token that has a value of its own; undefined for others. */
export function listed(psi: Shortlisted | undefined, id: number): number | undefined {
  return psi?.logPsi[placeOf(psi.ids, id)];
}

/** log ψ by token id. */
export function expanded({ ids, logPsi, rest }: Shortlisted, size: number): Float64Array {
  const all = new Float64Array(size).fill(rest);
  for (let at = 0; at < ids.length; at++) all[ids[at]!] = logPsi[at]!;
  return all;
}

/** Less probability than this beyond the shortlist is none: normalisers in single precision do not tell. */
const NO_REST = 1e-6;

/**
 * Draws from (1 − share) · p(v)·ψ(v)/Z + share · p(v) as `twistTokens` does, from a row over the whole vocabulary, and looks
 * at the shortlist only: what is beyond it is drawn from as one.
 */
export function twistShortlist(target: TokenDistribution, psi: Shortlisted, share: number): Twisted {
  const { ids, logPsi, rest } = psi;
  let shift = rest;
  for (let at = 0; at < ids.length; at++) shift = Math.max(shift, logPsi[at]!);
  const weights = new Float64Array(ids.length);
  let listed = 0;
  let total = 0;
  if (shift > -Infinity) {
    for (let at = 0; at < ids.length; at++) {
      const p = Math.exp(target.logProbability(ids[at]!));
      listed += p;
      total += weights[at] = p * Math.exp(logPsi[at]! - shift);
    }
  }
  const beyond = ids.length === target.row.size || 1 - listed < NO_REST ? 0 : 1 - listed;
  const other = beyond === 0 || shift === -Infinity ? 0 : beyond * Math.exp(rest - shift);
  total += other;
  if (total === 0) return { logMean: -Infinity, tokens: target, logPsi: () => -Infinity };
  return {
    logMean: shift + Math.log(total),
    tokens: new ShortlistedTokens(target, ids, weights, other / total, total, share),
    logPsi: (id) => {
      const at = placeOf(ids, id);
      return at < 0 ? rest : logPsi[at]!;
    },
  };
}

class ShortlistedTokens implements TokenDraw {
  readonly kind = "distribution";
  readonly name = "next token";
  /** exp(logits − scale) of what is beyond the shortlist, by token id. */
  private cachedBeyond: Float64Array | null = null;
  private massBeyond = NaN;

  constructor(
    private readonly plain: TokenDistribution,
    private readonly ids: Int32Array,
    private readonly weights: Float64Array,
    /** Probability of what is beyond the shortlist. */
    private readonly other: number,
    private readonly total: number,
    private readonly share: number,
  ) {}

  get covers(): TokenDraw {
    return this.plain;
  }

  logProbability(id: number): number {
    const { share } = this;
    const twisted = this.twisted(id);
    if (share === 0) return Math.log(twisted);
    return Math.log((1 - share) * twisted + share * Math.exp(this.plain.logProbability(id)));
  }

  logDensity(token: Token): number {
    return this.logProbability(this.plain.vocabulary.idOf(token));
  }

  sample(random: RandomSource): Token {
    const { share, plain, weights, ids, total, other } = this;
    if (share > 0 && random.bernoulli(share)) return plain.sample(random);
    const target = random.uniformAmong(() => pointsOf(weights, total)) * total;
    let sum = 0;
    let last = -1;
    for (let at = 0; at < weights.length; at++) {
      if (weights[at] === 0) continue;
      last = at;
      if ((sum += weights[at]!) > target) return plain.vocabulary.token(ids[at]!);
    }
    return plain.vocabulary.token(other > 0 ? this.sampleBeyond(random) : ids[last]!);
  }

  get support(): Support<Token> {
    const { vocabulary } = this.plain;
    const values: Token[] = [];
    const probabilities: number[] = [];
    for (let id = 0; id < vocabulary.size; id++) {
      const p = Math.exp(this.logProbability(id));
      if (p === 0) continue;
      values.push(vocabulary.token(id));
      probabilities.push(p);
    }
    return { kind: "finite", values, probabilities };
  }

  private twisted(id: number): number {
    const at = placeOf(this.ids, id);
    if (at >= 0) return this.weights[at]! / this.total;
    if (this.other === 0) return 0;
    return (this.other * this.beyond[id]!) / this.massBeyond;
  }

  private get beyond(): Float64Array {
    if (this.cachedBeyond !== null) return this.cachedBeyond;
    const { row } = this.plain;
    const weights = row.passingWeights.slice(0, row.size);
    for (const id of this.ids) weights[id] = 0;
    this.massBeyond = weights.reduce((sum, weight) => sum + weight, 0);
    return (this.cachedBeyond = weights);
  }

  private sampleBeyond(random: RandomSource): number {
    const { beyond, massBeyond: total } = this;
    const target = random.uniformAmong(() => pointsOf(beyond, total)) * total;
    let sum = 0;
    let last = 0;
    for (let id = 0; id < beyond.length; id++) {
      if (beyond[id] === 0) continue;
      last = id;
      if ((sum += beyond[id]!) > target) break;
    }
    return last;
  }
}

/** Where a uniform number's draw changes. */
function pointsOf(weights: Float64Array, total: number): Float64Array {
  const points: number[] = [];
  let sum = 0;
  let last = 0;
  for (const weight of weights) {
    const point = (sum += weight) / total;
    if (point > last && point < 1) points.push((last = point));
  }
  return Float64Array.from(points);
}

/** Of an id in an ascending list; -1 where it is not in it. */
function placeOf(ids: Int32Array, id: number): number {
  let low = 0;
  let high = ids.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (ids[middle]! === id) return middle;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

import type { RandomSource, Support } from "@pgl/runtime";
import { BLOCK, LogRow } from "../log-row.js";
import { TokenDistribution, type TokenDraw } from "../token-distribution.js";
import type { Token } from "../token.js";
import type { Vocabulary } from "../vocabulary.js";
import type { TokenMask } from "./token-mask.js";

/** A token distribution restricted to a set of tokens. */
export interface Restricted {
  /** Log of the probability of the set, in nats; `-Infinity` when it has none. */
  readonly logMass: number;
  /** The distribution given the set; null when the set has probability zero. */
  readonly tokens: TokenDraw | null;
}

const nothing: Restricted = { logMass: -Infinity, tokens: null };
/** Restrictions of one row that are kept. */
const KEPT = 64;
const kept = new WeakMap<TokenDistribution, Map<TokenMask, Restricted>>();

/** `d` given that the token is in `mask`; made once for both. */
export function restrictTokens(d: TokenDistribution, mask: TokenMask): Restricted {
  let made = kept.get(d);
  if (made === undefined) kept.set(d, (made = new Map()));
  let restricted = made.get(mask);
  if (restricted === undefined) {
    if (made.size >= KEPT) made.clear();
    made.set(mask, (restricted = restrict(d, mask)));
  }
  return restricted;
}

/** The same, not kept. */
export function restrict(d: TokenDistribution, mask: TokenMask): Restricted {
  const { ids, row } = d;
  if (mask.count === mask.size) return { logMass: 0, tokens: d };
  if (ids !== null) {
    const places: number[] = [];
    for (let i = 0; i < ids.length; i++) if (mask.has(ids[i]!)) places.push(i);
    return gathered(
      d,
      places,
      Int32Array.from(places, (i) => ids[i]!),
    );
  }
  if (mask.members !== null) return gathered(d, mask.members, mask.members);
  const remaining = RemainingTokens.of(d.vocabulary, row, mask);
  if (remaining !== null) return { logMass: remaining.logMass, tokens: remaining };
  const places: number[] = [];
  for (let id = 0; id < mask.size; id++) if (mask.has(id)) places.push(id);
  return gathered(d, places, Int32Array.from(places));
}

/** The tokens at some places of the row, looked at themselves. */
function gathered(d: TokenDistribution, places: ArrayLike<number>, ids: Int32Array): Restricted {
  const { logits } = d.row;
  const own = new Float64Array(places.length);
  let possible = false;
  for (let i = 0; i < own.length; i++) {
    own[i] = logits[places[i]!]!;
    possible ||= own[i]! > -Infinity;
  }
  // NaN is found out where the row is normalised.
  if (!possible && !own.some(Number.isNaN)) return nothing;
  const row = new LogRow(own);
  return {
    logMass: Math.min(0, row.logNormaliser - d.row.logNormaliser),
    tokens: new TokenDistribution(d.vocabulary, row, ids),
  };
}

/** A row without a few tokens. What it costs grows with those, not with the tokens that are left. */
class RemainingTokens implements TokenDraw {
  readonly kind = "distribution";
  readonly name = "next token";
  readonly logMass: number;
  private cachedSupport: Support<Token> | null = null;

  private constructor(
    private readonly vocabulary: Vocabulary,
    private readonly row: LogRow,
    private readonly mask: TokenMask,
    /** Σ exp(logits − scale) of the first tokens left out, from none to all. */
    private readonly outside: Float64Array,
    private readonly total: number,
  ) {
    this.logMass = Math.log1p(-outside[outside.length - 1]! / total);
  }

  /** Null when what is left is so little that its mass cannot be had by subtraction. */
  static of(vocabulary: Vocabulary, row: LogRow, mask: TokenMask): RemainingTokens | null {
    const others = mask.others!;
    const { scale, cumulative, logits } = row;
    const outside = new Float64Array(others.length + 1);
    for (let i = 0; i < others.length; i++) outside[i + 1] = outside[i]! + Math.exp(logits[others[i]!]! - scale);
    const total = cumulative[cumulative.length - 1]!;
    return outside[others.length]! < 0.99 * total ? new RemainingTokens(vocabulary, row, mask, outside, total) : null;
  }

  logProbability(id: number): number {
    return this.mask.has(id) ? this.row.logProbability(id) - this.logMass : -Infinity;
  }

  logDensity(token: Token): number {
    return this.logProbability(this.vocabulary.idOf(token));
  }

  sample(random: RandomSource): Token {
    const { cumulative, logits, scale } = this.row;
    const left = this.total - this.outside[this.outside.length - 1]!;
    const target = random.uniformAmong(this.breakpoints) * left;
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.upTo(middle) > target) high = middle;
      else low = middle + 1;
    }
    let sum = low === 0 ? 0 : this.upTo(low - 1);
    let last = -1;
    for (let id = low * BLOCK; id < logits.length; id++) {
      if (!this.mask.has(id)) continue;
      const weight = Math.exp(logits[id]! - scale);
      if (weight > 0) last = id;
      if ((sum += weight) > target) return this.vocabulary.token(id);
    }
    // Rounding carried the target to the end: the last token of positive weight.
    for (let id = low * BLOCK - 1; last < 0; id--) {
      if (this.mask.has(id) && Math.exp(logits[id]! - scale) > 0) last = id;
    }
    return this.vocabulary.token(last);
  }

  get support(): Support<Token> {
    if (this.cachedSupport !== null) return this.cachedSupport;
    const values: Token[] = [];
    const probabilities: number[] = [];
    for (let id = 0; id < this.mask.size; id++) {
      const p = Math.exp(this.logProbability(id));
      if (p === 0) continue;
      values.push(this.vocabulary.token(id));
      probabilities.push(p);
    }
    return (this.cachedSupport = { kind: "finite", values, probabilities });
  }

  /** Σ exp(logits − scale) of what is left up to the end of a block. */
  private upTo(block: number): number {
    const others = this.mask.others!;
    const end = (block + 1) * BLOCK;
    let low = 0;
    let high = others.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (others[middle]! < end) low = middle + 1;
      else high = middle;
    }
    return this.row.cumulative[block]! - this.outside[low]!;
  }

  private readonly breakpoints = (): Float64Array => {
    const { logits, scale } = this.row;
    const left = this.total - this.outside[this.outside.length - 1]!;
    const points: number[] = [];
    let last = 0;
    let sum = 0;
    for (let id = 0; id < this.mask.size; id++) {
      if (!this.mask.has(id)) continue;
      const point = (sum += Math.exp(logits[id]! - scale)) / left;
      if (point > last && point < 1) points.push((last = point));
    }
    return Float64Array.from(points);
  };
}

import type { RandomSource, Support } from "@pgl/runtime";
import { pointsOf } from "../inversion.js";
import { BLOCK, LogRow } from "../log-row.js";
import { supportOf, TokenDistribution, type TokenDraw } from "../token-distribution.js";
import type { Token } from "../token.js";
import type { Vocabulary } from "../vocabulary.js";
import { STRETCH, type TokenMask } from "./token-mask.js";

/** A token distribution restricted to a set of tokens. */
export interface Restricted {
  /** Log of the probability of the set, in nats; `-Infinity` when it has none. */
  readonly logMass: number;
  /** The distribution given the set; null when the set has probability zero. */
  readonly tokens: TokenDraw | null;
}

const nothing: Restricted = { logMass: -Infinity, tokens: null };
/** Tokens up to which their exponentials are made for themselves; for more, those of the whole row are. */
const FEW = 1024;
/** Share of the probability below which sums of the row's exponentials have lost digits, or are zero. */
const SMALLEST = 1e-200;
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
  if (mask.count <= FEW && mask.members !== null) return gathered(d, mask.members, mask.members);
  const some = SomeTokens.of(d.vocabulary, row, mask);
  if (some !== null) return { logMass: some.logMass, tokens: some };
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

/**
 * Many tokens of a row. The smaller part of the vocabulary, those in the set or those outside, is summed over stretches of
 * ids; what is in the set up to the end of a stretch is that sum, or what it leaves of the row's.
 */
export class SomeTokens implements TokenDraw {
  readonly kind = "distribution";
  readonly name = "next token";
  private cachedSupport: Support<Token> | null = null;

  private constructor(
    private readonly vocabulary: Vocabulary,
    readonly row: LogRow,
    readonly mask: TokenMask,
    /** Σ exp(logits − scale) up to the end of each stretch, of the tokens in the set or of those outside. */
    private readonly sums: Float64Array,
    private readonly inside: boolean,
    /** Σ exp(logits − scale) of the set. */
    private readonly mass: number,
    readonly logMass: number,
  ) {}

  /** Null when the set has so little probability that its mass cannot be had so. */
  static of(vocabulary: Vocabulary, row: LogRow, mask: TokenMask): SomeTokens | null {
    const total = last(row.cumulative);
    let sums = partSums(row, mask);
    let inside = mask.members !== null;
    if (!inside) {
      const outside = last(sums);
      if (outside < 0.99 * total) {
        return new SomeTokens(vocabulary, row, mask, sums, false, total - outside, Math.log1p(-outside / total));
      }
      // What is left is too little to be had by subtraction.
      sums = setSums(row, mask);
      inside = true;
    }
    const mass = last(sums);
    if (!(mass > SMALLEST * total)) return null;
    return new SomeTokens(vocabulary, row, mask, sums, true, mass, Math.min(0, Math.log(mass / total)));
  }

  logProbability(id: number): number {
    return this.mask.has(id) ? this.row.logProbability(id) - this.logMass : -Infinity;
  }

  logDensity(token: Token): number {
    return this.logProbability(this.vocabulary.idOf(token));
  }

  sample(random: RandomSource): Token {
    const { logits, scale } = this.row;
    const target = random.uniformAmong(this.breakpoints) * this.mass;
    let low = 0;
    let high = this.sums.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.upTo(middle) > target) high = middle;
      else low = middle + 1;
    }
    let sum = low === 0 ? 0 : this.upTo(low - 1);
    let last = -1;
    for (let id = low * STRETCH; id < logits.length; id++) {
      if (!this.mask.has(id)) continue;
      const weight = Math.exp(logits[id]! - scale);
      if (weight > 0) last = id;
      if ((sum += weight) > target) return this.vocabulary.token(id);
    }
    // Rounding carried the target to the end: the last token of positive weight.
    for (let id = low * STRETCH - 1; last < 0; id--) {
      if (this.mask.has(id) && Math.exp(logits[id]! - scale) > 0) last = id;
    }
    return this.vocabulary.token(last);
  }

  get support(): Support<Token> {
    return (this.cachedSupport ??= supportOf(this, this.vocabulary));
  }

  /** Σ exp(logits − scale) of the set up to the end of a stretch. */
  private upTo(stretch: number): number {
    if (this.inside) return this.sums[stretch]!;
    const { cumulative } = this.row;
    const block = Math.min((stretch + 1) * (STRETCH / BLOCK), cumulative.length) - 1;
    return cumulative[block]! - this.sums[stretch]!;
  }

  private readonly breakpoints = (): Float64Array => {
    const { mask } = this;
    const { logits, scale } = this.row;
    return pointsOf(
      Float64Array.from(logits, (logit, id) => (mask.has(id) ? Math.exp(logit - scale) : 0)),
      this.mass,
    );
  };
}

/** Σ exp(logits − scale) of the smaller part of a mask, up to the end of each stretch. */
function partSums(row: LogRow, mask: TokenMask): Float64Array {
  const { stretches } = mask;
  const ids = (mask.members ?? mask.others)!;
  const sums = new Float64Array(stretches.length - 1);
  let sum = 0;
  if (ids.length <= FEW) {
    const { logits, scale } = row;
    for (let stretch = 0; stretch < sums.length; stretch++) {
      const end = stretches[stretch + 1]!;
      for (let i = stretches[stretch]!; i < end; i++) sum += Math.exp(logits[ids[i]!]! - scale);
      sums[stretch] = sum;
    }
    return sums;
  }
  const { weights } = row;
  for (let stretch = 0; stretch < sums.length; stretch++) {
    const end = stretches[stretch + 1]!;
    let i = stretches[stretch]!;
    // Four sums at a time: one alone waits for every addition.
    let [a, b, c, d] = [0, 0, 0, 0];
    for (; i + 3 < end; i += 4) {
      a += weights[ids[i]!]!;
      b += weights[ids[i + 1]!]!;
      c += weights[ids[i + 2]!]!;
      d += weights[ids[i + 3]!]!;
    }
    for (; i < end; i++) a += weights[ids[i]!]!;
    sum += a + b + (c + d);
    sums[stretch] = sum;
  }
  return sums;
}

/** Σ exp(logits − scale) of the tokens in a mask, whichever part they are, up to the end of each stretch. */
function setSums({ weights }: LogRow, mask: TokenMask): Float64Array {
  const sums = new Float64Array(mask.stretches.length - 1);
  let sum = 0;
  for (let stretch = 0; stretch < sums.length; stretch++) {
    const end = Math.min((stretch + 1) * STRETCH, mask.size);
    for (let id = stretch * STRETCH; id < end; id++) if (mask.has(id)) sum += weights[id]!;
    sums[stretch] = sum;
  }
  return sums;
}

const last = (values: Float64Array): number => values[values.length - 1]!;

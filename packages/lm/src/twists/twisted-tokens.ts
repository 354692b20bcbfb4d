import type { RandomSource, Support } from "@pgl/runtime";
import type { TokenMask } from "../guided/token-mask.js";
import type { LogRow } from "../log-row.js";
import type { TokenDistribution, TokenDraw } from "../token-distribution.js";
import type { Token } from "../token.js";
import type { Vocabulary } from "../vocabulary.js";
import { expanded, isShortlisted, twistShortlist, type Shortlisted } from "./shortlisted.js";
import type { Twisted } from "./twisted.js";

export type { Twisted } from "./twisted.js";

/**
 * Draws from q(v) = (1 − share) · p(v)·ψ(v)/Z + share · p(v), to be proposed for p.
 *
 * @param target p: what is left of `whole` by `mask`
 * @param psi ψ or log ψ (nats) by token id, or log ψ of a shortlist
 * @param linear which of the two that by token id is
 */
export function twistTokens(
  target: TokenDraw,
  whole: TokenDistribution,
  mask: TokenMask | null,
  psi: Float64Array | Shortlisted,
  linear: boolean,
  share: number,
): Twisted {
  const { ids, row } = whole;
  if (isShortlisted(psi)) {
    if (target === whole && ids === null) return twistShortlist(whole, psi, share);
    return twistTokens(target, whole, mask, expanded(psi, whole.vocabulary.size), false, share);
  }
  const members = ids === null && mask !== null ? mask.members : null;
  const { weights, logScale } = (linear ? weighted : logWeighted)(row, ids, members, mask, psi);
  const total = sumOf(weights);
  if (!(total > SMALLEST)) return { logMean: -Infinity, tokens: target, logPsi: () => -Infinity };
  // p(v) = exp(logits[v]) / Σ of the mask, by any token that has a weight.
  let any = 0;
  while (weights[any] === 0) any++;
  const place = members === null ? any : members[any]!;
  const logNormaliser = row.logits[place]! - target.logProbability(ids === null ? place : ids[place]!);
  const logMean = logScale + Math.log(total) - logNormaliser;
  const tokens = new TwistedTokens(whole.vocabulary, target, weights, total, members ?? ids, share);
  return { logMean, tokens, logPsi: (id) => tokens.logTwisted(id) + logMean - target.logProbability(id) };
}

/** exp(logits)·ψ up to a factor of exp(logScale). */
interface Weighted {
  readonly weights: Float64Array;
  readonly logScale: number;
}

/** Below this products lose digits, and some that are not much smaller are zero: then the twist is silent. */
const SMALLEST = 1e-280;

/** From ψ: the exponentials of the row are made once for all that ask. */
function weighted(
  row: LogRow,
  ids: Int32Array | null,
  members: Int32Array | null,
  mask: TokenMask | null,
  psi: Float64Array,
): Weighted {
  const exponentials = row.passingWeights;
  const weights = new Float64Array(members === null ? row.size : members.length);
  if (members !== null) {
    for (let at = 0; at < weights.length; at++) weights[at] = exponentials[members[at]!]! * psi[members[at]!]!;
  } else if (ids === null) {
    for (let id = 0; id < weights.length; id++) weights[id] = exponentials[id]! * psi[id]!;
    for (const id of mask?.others ?? []) weights[id] = 0;
  } else {
    for (let place = 0; place < weights.length; place++) {
      const id = ids[place]!;
      if (mask === null || mask.has(id)) weights[place] = exponentials[place]! * psi[id]!;
    }
  }
  return { weights, logScale: row.scale };
}

/** Four sums at a time: one alone waits for every addition. */
function sumOf(values: Float64Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let at = 0;
  for (; at + 3 < values.length; at += 4) {
    a += values[at]!;
    b += values[at + 1]!;
    c += values[at + 2]!;
    d += values[at + 3]!;
  }
  for (; at < values.length; at++) a += values[at]!;
  return a + b + (c + d);
}

/** From log ψ: one exponential a token, because the sum of the two logarithms is kept until the largest is known. */
function logWeighted(
  row: LogRow,
  ids: Int32Array | null,
  members: Int32Array | null,
  mask: TokenMask | null,
  logPsi: Float64Array,
): Weighted {
  const { logits } = row;
  const weights = new Float64Array(members === null ? row.size : members.length);
  let most = -Infinity;
  for (let at = 0; at < weights.length; at++) {
    const place = members === null ? at : members[at]!;
    const id = ids === null ? place : ids[place]!;
    const allowed = members !== null || mask === null || mask.has(id);
    const log = allowed ? logits[place]! + logPsi[id]! : -Infinity;
    weights[at] = log;
    if (log > most) most = log;
  }
  if (most === -Infinity) return { weights: weights.fill(0), logScale: 0 };
  for (let at = 0; at < weights.length; at++) weights[at] = Math.exp(weights[at]! - most);
  return { weights, logScale: most };
}

class TwistedTokens implements TokenDraw {
  readonly kind = "distribution";
  readonly name = "next token";

  constructor(
    private readonly vocabulary: Vocabulary,
    private readonly plain: TokenDraw,
    private readonly weights: Float64Array,
    private readonly total: number,
    /** The tokens that the weights are of, ascending; null for all. */
    private readonly ids: Int32Array | null,
    private readonly share: number,
  ) {}

  get covers(): TokenDraw {
    return this.plain;
  }

  logProbability(id: number): number {
    const { share, total } = this;
    const twisted = this.weightOf(id) / total;
    if (share === 0) return Math.log(twisted);
    return Math.log((1 - share) * twisted + share * Math.exp(this.plain.logProbability(id)));
  }

  /** log p(v)·ψ(v)/Z, in nats. */
  logTwisted(id: number): number {
    return Math.log(this.weightOf(id) / this.total);
  }

  logDensity(token: Token): number {
    return this.logProbability(this.vocabulary.idOf(token));
  }

  sample(random: RandomSource): Token {
    if (this.share > 0 && random.bernoulli(this.share)) return this.plain.sample(random);
    const { weights, ids } = this;
    const target = random.uniformAmong(this.breakpoints) * this.total;
    let sum = 0;
    let last = 0;
    for (let at = 0; at < weights.length; at++) {
      const weight = weights[at]!;
      if (weight === 0) continue;
      last = at;
      if ((sum += weight) > target) break;
    }
    return this.vocabulary.token(ids === null ? last : ids[last]!);
  }

  get support(): Support<Token> {
    const values: Token[] = [];
    const probabilities: number[] = [];
    for (let id = 0; id < this.vocabulary.size; id++) {
      const p = Math.exp(this.logProbability(id));
      if (p === 0) continue;
      values.push(this.vocabulary.token(id));
      probabilities.push(p);
    }
    return { kind: "finite", values, probabilities };
  }

  private weightOf(id: number): number {
    const { ids, weights } = this;
    if (ids === null) return weights[id]!;
    let low = 0;
    let high = ids.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      if (ids[middle]! === id) return weights[middle]!;
      if (ids[middle]! < id) low = middle + 1;
      else high = middle - 1;
    }
    return 0;
  }

  private readonly breakpoints = (): Float64Array => {
    const points: number[] = [];
    let sum = 0;
    let last = 0;
    for (const weight of this.weights) {
      const point = (sum += weight) / this.total;
      if (point > last && point < 1) points.push((last = point));
    }
    return Float64Array.from(points);
  };
}

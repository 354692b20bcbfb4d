import type { RandomSource } from "@pgl/runtime";
import type { TokenMask } from "../guided/token-mask.js";
import { drawPlace, pointsOf } from "../inversion.js";
import type { LogRow } from "../log-row.js";
import { placeOf } from "../place-of.js";
import { smallFloats } from "../small-arrays.js";
import type { TokenDistribution, TokenDraw } from "../token-distribution.js";
import type { Vocabulary } from "../vocabulary.js";
import { silent, TwistedDraw, type Twisted } from "./twisted.js";

/** log ψ of some tokens, and one value for every other token; nats. A function of the beginning, as any ψ. */
export interface Shortlisted {
  /** Ascending. */
  readonly ids: Int32Array;
  /** log ψ of each of `ids`. */
  readonly logPsi: Float64Array;
  /** log ψ of any other token. */
  readonly rest: number;
}

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
 * Draws from (1 − share) · p(v)·ψ(v)/Z + share · p(v) as `twistTokens` does, from what a mask leaves of a row over the whole
 * vocabulary, and looks at the shortlist only: what is beyond it is drawn from as one. What is next to nothing beyond it is
 * drawn by the share alone, which must not be zero.
 */
export function twistShortlist(
  target: TokenDraw,
  { row, vocabulary }: TokenDistribution,
  mask: TokenMask | null,
  psi: Shortlisted,
  share: number,
): Twisted {
  const { ids, logPsi, rest } = psi;
  let shift = rest;
  // Listed tokens that may come.
  let allowed = 0;
  for (let at = 0; at < ids.length; at++) {
    if (mask !== null && !mask.has(ids[at]!)) continue;
    allowed++;
    shift = Math.max(shift, logPsi[at]!);
  }
  const weights = smallFloats(ids.length);
  let listed = 0;
  let total = 0;
  if (shift > -Infinity) {
    for (let at = 0; at < ids.length; at++) {
      const p = Math.exp(target.logProbability(ids[at]!));
      listed += p;
      total += weights[at] = p === 0 ? 0 : p * Math.exp(logPsi[at]! - shift);
    }
  }
  const beyond = allowed === (mask?.count ?? row.size) || 1 - listed < NO_REST ? 0 : 1 - listed;
  const other = beyond === 0 || shift === -Infinity ? 0 : beyond * Math.exp(rest - shift);
  total += other;
  if (total === 0) return silent(target);
  return {
    logMean: shift + Math.log(total),
    tokens: new ShortlistedTokens(vocabulary, target, row, mask, ids, weights, other / total, total, share),
    logPsi: (id) => {
      const at = placeOf(ids, id);
      return at < 0 ? rest : logPsi[at]!;
    },
  };
}

class ShortlistedTokens extends TwistedDraw {
  /** exp(logits − scale) of what is beyond the shortlist, by token id. */
  private cachedBeyond: Float64Array | null = null;
  private massBeyond = NaN;

  constructor(
    vocabulary: Vocabulary,
    plain: TokenDraw,
    private readonly row: LogRow,
    private readonly mask: TokenMask | null,
    private readonly ids: Int32Array,
    private readonly weights: Float64Array,
    /** Probability of what is beyond the shortlist. */
    private readonly other: number,
    private readonly total: number,
    share: number,
  ) {
    super(vocabulary, plain, share);
  }

  override twisted(id: number): number {
    const at = placeOf(this.ids, id);
    if (at >= 0) return this.weights[at]! / this.total;
    if (this.other === 0) return 0;
    return (this.other * this.beyond[id]!) / this.massBeyond;
  }

  protected override draw(random: RandomSource): number {
    const { weights, ids, total, other } = this;
    const target = random.uniformAmong(() => pointsOf(weights, total)) * total;
    let sum = 0;
    let last = -1;
    for (let at = 0; at < weights.length; at++) {
      if (weights[at] === 0) continue;
      last = at;
      if ((sum += weights[at]!) > target) return ids[at]!;
    }
    // What is beyond the list comes last. Where nothing is, rounding carried the target to the end.
    return other > 0 ? drawPlace(this.beyond, this.massBeyond, random) : ids[last]!;
  }

  private get beyond(): Float64Array {
    if (this.cachedBeyond !== null) return this.cachedBeyond;
    const { row, mask } = this;
    const weights = row.passingWeights.slice(0, row.size);
    if (mask !== null) for (let id = 0; id < weights.length; id++) if (!mask.has(id)) weights[id] = 0;
    for (const id of this.ids) weights[id] = 0;
    this.massBeyond = weights.reduce((sum, weight) => sum + weight, 0);
    return (this.cachedBeyond = weights);
  }
}

import { largest } from "../largest.js";
import type { TokenMask } from "../guided/token-mask.js";
import { TokenDistribution, type TokenDraw } from "../token-distribution.js";

/** The tokens that may come next, to a twist that looks at some of them only. */
export interface NextTokens {
  /** Ids of the `k` likeliest, likeliest first; of equal ones the lower ids. Fewer where fewer can be drawn. */
  likeliest(k: number): readonly number[];
  /** Ids of those with a probability of `least` or more, ascending, as `likelyTokens` has them. */
  above(least: number, most: number): Int32Array;
  /** Of a token that may come next, in nats. */
  logProbability(id: number): number;
}

/**
 * Ids of the tokens with a probability of `least` or more, ascending. Where there are more than `most`, `least` is doubled
 * until there are not: what is listed is a function of the distribution, and costs a pass over it.
 */
export function likelyTokens(tokens: TokenDraw, size: number, least: number, most: number): Int32Array {
  if (scratch.length < size) scratch = new Int32Array(size);
  let bound = Math.log(least);
  for (;;) {
    const count = listLikely(tokens, size, bound);
    if (count <= most) return scratch.slice(0, count);
    bound += Math.LN2;
  }
}

/** Ids that are being listed: no array grows while they are. */
let scratch = new Int32Array(0);

/** Writes the ids of the tokens with a log-probability of `bound` or more. @returns how many */
function listLikely(tokens: TokenDraw, size: number, bound: number): number {
  let count = 0;
  if (tokens instanceof TokenDistribution) {
    const { row, ids } = tokens;
    const { logits, logNormaliser } = row;
    const least = logNormaliser + bound;
    for (let place = 0; place < logits.length; place++) {
      if (logits[place]! >= least) scratch[count++] = ids === null ? place : ids[place]!;
    }
  } else {
    for (let id = 0; id < size; id++) if (tokens.logProbability(id) >= bound) scratch[count++] = id;
  }
  return count;
}

/** Those of a distribution that a mask leaves. */
export class Candidates implements NextTokens {
  constructor(
    private readonly tokens: TokenDistribution,
    private readonly mask: TokenMask | null,
    /** What the mask leaves, renormalised. */
    private readonly left: TokenDraw = tokens,
  ) {}

  logProbability(id: number): number {
    return this.left.logProbability(id);
  }

  above(least: number, most: number): Int32Array {
    return likelyTokens(this.left, this.tokens.vocabulary.size, least, most);
  }

  likeliest(k: number): readonly number[] {
    const { mask } = this;
    const { row, ids } = this.tokens;
    const members = ids === null && mask !== null ? mask.members : null;
    let { logits } = row;
    if (members !== null) logits = Float64Array.from(members, (id) => row.logits[id]!);
    else if (mask !== null) {
      logits = logits.slice();
      if (ids === null) for (const id of mask.others!) logits[id] = -Infinity;
      else for (let place = 0; place < logits.length; place++) if (!mask.has(ids[place]!)) logits[place] = -Infinity;
    }
    const found = largest(logits, k).filter((place) => logits[place]! > -Infinity);
    const which = members ?? ids;
    return which === null ? found : found.map((place) => which[place]!);
  }
}

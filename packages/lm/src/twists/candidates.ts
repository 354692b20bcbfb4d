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
  const ids: number[] = [];
  const logs: number[] = [];
  if (tokens instanceof TokenDistribution) {
    const { row, ids: own } = tokens;
    const { logits, logNormaliser } = row;
    const bound = logNormaliser + Math.log(least);
    for (let place = 0; place < logits.length; place++) {
      if (logits[place]! < bound) continue;
      ids.push(own === null ? place : own[place]!);
      logs.push(logits[place]! - logNormaliser);
    }
  } else {
    const bound = Math.log(least);
    for (let id = 0; id < size; id++) {
      const log = tokens.logProbability(id);
      if (log < bound) continue;
      ids.push(id);
      logs.push(log);
    }
  }
  let chosen = ids;
  for (let bound = 2 * least; chosen.length > most; bound *= 2) {
    chosen = ids.filter((_, i) => logs[i]! >= Math.log(bound));
  }
  return Int32Array.from(chosen);
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

import { SomeTokens } from "../guided/restricted.js";
import { largest } from "../largest.js";
import { smallInts } from "../small-arrays.js";
import { TokenDistribution, type TokenDraw } from "../token-distribution.js";
import type { Vocabulary } from "../vocabulary.js";

/** The tokens that may come next, to a twist that looks at some of them only. */
export interface NextTokens {
  /** Ids of the `k` likeliest with a probability of `least` or more, ascending; of equal ones the lower ids. */
  likeliest(k: number, least: number): Int32Array;
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
  let count = listLikely(tokens, size, bound);
  while (count > most) {
    bound += Math.LN2;
    let left = 0;
    for (let at = 0; at < count; at++) if (tokens.logProbability(scratch[at]!) >= bound) scratch[left++] = scratch[at]!;
    count = left;
  }
  return copied(count);
}

function copied(count: number): Int32Array {
  const ids = smallInts(count);
  for (let at = 0; at < count; at++) ids[at] = scratch[at]!;
  return ids;
}

/** Ids that are being listed: no array grows while they are. */
let scratch = new Int32Array(0);

/** Writes the ids of the tokens with a log-probability of `bound` or more. @returns how many */
function listLikely(tokens: TokenDraw, size: number, bound: number): number {
  let count = 0;
  if (tokens instanceof TokenDistribution) {
    const { row, ids } = tokens;
    count = placesAbove(row.logits, row.logNormaliser + bound, scratch);
    if (ids !== null) for (let at = 0; at < count; at++) scratch[at] = ids[scratch[at]!]!;
  } else if (tokens instanceof SomeTokens) {
    const { row, mask, logMass } = tokens;
    const found = placesAbove(row.logits, row.logNormaliser + logMass + bound, scratch);
    for (let at = 0; at < found; at++) if (mask.has(scratch[at]!)) scratch[count++] = scratch[at]!;
  } else {
    for (let id = 0; id < size; id++) if (tokens.logProbability(id) >= bound) scratch[count++] = id;
  }
  return count;
}

/** Writes the places of the numbers of `least` or more. @returns how many */
function placesAbove(numbers: Float32Array | Float64Array, least: number, places: Int32Array): number {
  let count = 0;
  for (let place = 0; place < numbers.length; place++) if (numbers[place]! >= least) places[count++] = place;
  return count;
}

/** Those of a distribution, as they are asked for. */
export class Candidates implements NextTokens {
  constructor(
    private readonly vocabulary: Vocabulary,
    private readonly tokens: TokenDraw,
  ) {}

  logProbability(id: number): number {
    return this.tokens.logProbability(id);
  }

  above(least: number, most: number): Int32Array {
    return likelyTokens(this.tokens, this.vocabulary.size, least, most);
  }

  likeliest(k: number, least: number): Int32Array {
    const ids = this.above(least, this.vocabulary.size);
    if (ids.length <= k) return ids;
    const logs = new Float64Array(ids.length);
    for (let at = 0; at < logs.length; at++) logs[at] = this.tokens.logProbability(ids[at]!);
    const places = largest(logs, k);
    const chosen = smallInts(k);
    for (let i = 0; i < k; i++) chosen[i] = ids[places[i]!]!;
    return chosen.sort();
  }
}

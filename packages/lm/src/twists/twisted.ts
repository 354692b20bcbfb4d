import type { RandomSource, Support } from "@pgl/runtime";
import type { TokenDraw } from "../token-distribution.js";
import type { Token } from "../token.js";
import type { Vocabulary } from "../vocabulary.js";

/** A draw towards a twist. */
export interface Twisted {
  /** log Σ p(v)·ψ(v), in nats: what the twist expects of the next token. `-Infinity` where it expects nothing. */
  readonly logMean: number;
  /** What to draw from. */
  readonly tokens: TokenDraw;
  /** log ψ of a token that can be drawn, in nats. */
  logPsi(id: number): number;
}

/** Where the twist expects nothing of what may come. */
export const silent = (plain: TokenDraw): Twisted => ({
  logMean: -Infinity,
  tokens: plain,
  logPsi: () => -Infinity,
});

/** (1 − share) · p(v)·ψ(v)/Z + share · p(v). */
export abstract class TwistedDraw implements TokenDraw {
  readonly kind = "distribution";
  readonly name = "next token";

  constructor(
    protected readonly vocabulary: Vocabulary,
    /** p. */
    protected readonly plain: TokenDraw,
    private readonly share: number,
  ) {}

  /** p(v)·ψ(v)/Z. */
  abstract twisted(id: number): number;

  /** A token drawn from that. */
  protected abstract draw(random: RandomSource): number;

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
    return this.logProbability(this.vocabulary.idOf(token));
  }

  sample(random: RandomSource): Token {
    if (this.share > 0 && random.bernoulli(this.share)) return this.plain.sample(random);
    return this.vocabulary.token(this.draw(random));
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
}

/** Draws a place in proportion to its weight; `total` is what the weights add up to. */
export function drawPlace(weights: Float64Array, total: number, random: RandomSource): number {
  const target = random.uniformAmong(() => pointsOf(weights, total)) * total;
  let sum = 0;
  let last = 0;
  for (let at = 0; at < weights.length; at++) {
    if (weights[at] === 0) continue;
    last = at;
    if ((sum += weights[at]!) > target) break;
  }
  return last;
}

/** Where the place that a uniform number draws changes. */
export function pointsOf(weights: Float64Array, total: number): Float64Array {
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
export function placeOf(ids: Int32Array, id: number): number {
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

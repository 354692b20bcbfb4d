import type { RandomSource, Support } from "@pgl/runtime";
import { supportOf, type TokenDraw } from "../token-distribution.js";
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
    return supportOf(this, this.vocabulary);
  }
}

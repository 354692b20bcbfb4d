import type { TokenDraw } from "../token-distribution.js";

/** A draw towards a twist. */
export interface Twisted {
  /** log Σ p(v)·ψ(v), in nats: what the twist expects of the next token. `-Infinity` where it expects nothing. */
  readonly logMean: number;
  /** What to draw from. */
  readonly tokens: TokenDraw;
  /** log ψ of a token that can be drawn, in nats. */
  logPsi(id: number): number;
}

import type { Distribution, RandomSource, Support } from "@pgl/runtime";
import { LanguageModelError } from "./errors.js";
import { LogRow } from "./log-row.js";
import { largest } from "./largest.js";
import { placeOf } from "./place-of.js";
import type { Token } from "./token.js";
import { eos } from "./token.js";
import type { Vocabulary } from "./vocabulary.js";

/** A distribution over tokens that draws can be made from. */
export interface TokenDraw extends Distribution<Token> {
  /** Log-probability of a token id, in nats. */
  logProbability(id: number): number;
}

/**
 * A finite distribution over tokens, exact: over a whole vocabulary, or over some of its tokens after a mask. Wraps a row
 * without copying it.
 */
export class TokenDistribution implements TokenDraw {
  readonly kind = "distribution";
  readonly name = "next token";
  private cachedSupport: Support<Token> | null = null;

  constructor(
    readonly vocabulary: Vocabulary,
    readonly row: LogRow,
    /** The tokens the row is about, ascending; null for all. */
    readonly ids: Int32Array | null = null,
  ) {}

  /** The one distribution of a row over the whole vocabulary. */
  static of(vocabulary: Vocabulary, row: LogRow): TokenDistribution {
    return (row.distribution ??= new TokenDistribution(vocabulary, row));
  }

  /** Log-probability of a token id, in nats. */
  logProbability(id: number): number {
    if (this.ids === null) return this.row.logProbability(id);
    const at = placeOf(this.ids, id);
    return at < 0 ? -Infinity : this.row.logProbability(at);
  }

  logDensity(token: Token): number {
    if (token === eos && this.vocabulary.eosId === null) return -Infinity;
    return this.logProbability(this.vocabulary.idOf(token));
  }

  sample(random: RandomSource): Token {
    return this.vocabulary.token(this.sampleId(random));
  }

  sampleId(random: RandomSource): number {
    const at = this.row.sample(random);
    return this.ids === null ? at : this.ids[at]!;
  }

  get support(): Support<Token> {
    if (this.cachedSupport !== null) return this.cachedSupport;
    const { logits } = this.row;
    const values: Token[] = [];
    const probabilities: number[] = [];
    for (let i = 0; i < logits.length; i++) {
      const p = Math.exp(this.row.logProbability(i));
      if (p === 0) continue;
      values.push(this.vocabulary.token(this.ids === null ? i : this.ids[i]!));
      probabilities.push(p);
    }
    return (this.cachedSupport = { kind: "finite", values, probabilities });
  }

  /**
   * Only the tokens for which `keep` holds, renormalised: a *local* mask.
   * @throws LanguageModelError PGLM009 when no token with positive probability is kept.
   */
  where(keep: (token: Token) => boolean): TokenDistribution {
    const { logits } = this.row;
    const places: number[] = [];
    for (let i = 0; i < logits.length; i++) {
      if (logits[i]! > -Infinity && keep(this.vocabulary.token(this.idAt(i)))) places.push(i);
    }
    if (places.length === 0) {
      throw new LanguageModelError("PGLM009", "`where` leaves no token that the model can draw.", {
        hint: "Weaken the predicate, or use `condition` after the draw: an impossible draw then ends one particle, not the run.",
      });
    }
    return this.restrict(places);
  }

  /** Probabilities to the power 1/t, renormalised. `t` > 0: below 1 sharper, above 1 flatter. */
  tempered(t: number): TokenDistribution {
    if (!(t > 0 && t < Infinity)) {
      throw new LanguageModelError("PGLM012", `A temperature must be above 0 and finite, but it is ${t}.`, {
        hint: "For the most likely token alone use `.top_k(1)`.",
      });
    }
    if (t === 1) return this;
    return new TokenDistribution(
      this.vocabulary,
      new LogRow(Float64Array.from(this.row.logits, (l) => l / t)),
      this.ids,
    );
  }

  /** The `k` most likely tokens, renormalised; of equally likely ones those with lower ids. */
  topK(k: number): TokenDistribution {
    if (!(Number.isInteger(k) && k >= 1)) {
      throw new LanguageModelError("PGLM012", `\`top_k\` needs a whole number of at least 1, but it is ${k}.`);
    }
    if (k >= this.row.size) return this;
    return this.restrict(largest(this.row.logits, k).sort((a, b) => a - b));
  }

  /** The fewest most likely tokens that together have probability `p` or more, renormalised. */
  topP(p: number): TokenDistribution {
    if (!(p > 0 && p <= 1)) {
      throw new LanguageModelError("PGLM012", `\`top_p\` needs a probability above 0 and at most 1, but it is ${p}.`);
    }
    if (p === 1) return this;
    for (let k = 32; ; k *= 4) {
      const best = largest(this.row.logits, Math.min(k, this.row.size));
      let mass = 0;
      for (let n = 0; n < best.length; n++) {
        mass += Math.exp(this.row.logProbability(best[n]!));
        // 0.5 + 0.3 reaches 0.8, whatever the last bits say.
        if (mass >= p - 1e-12) return this.restrict(best.slice(0, n + 1).sort((a, b) => a - b));
      }
      if (k >= this.row.size) return this;
    }
  }

  private idAt(place: number): number {
    return this.ids === null ? place : this.ids[place]!;
  }

  private restrict(places: readonly number[]): TokenDistribution {
    const ids = Int32Array.from(places, (i) => this.idAt(i));
    const logits = Float64Array.from(places, (i) => this.row.logits[i]!);
    return new TokenDistribution(this.vocabulary, new LogRow(logits), ids);
  }
}

/** The tokens that a draw has a probability for, found by asking for each of the vocabulary. */
export function supportOf(tokens: TokenDraw, vocabulary: Vocabulary): Support<Token> {
  const values: Token[] = [];
  const probabilities: number[] = [];
  for (let id = 0; id < vocabulary.size; id++) {
    const p = Math.exp(tokens.logProbability(id));
    if (p === 0) continue;
    values.push(vocabulary.token(id));
    probabilities.push(p);
  }
  return { kind: "finite", values, probabilities };
}

/** The mixture Σ weightsᵢ · partsᵢ, exact. Weights need not be normalised. */
export function mixTokens(weights: readonly number[], parts: readonly TokenDistribution[]): TokenDistribution {
  const { vocabulary } = parts[0]!;
  const total = weights.reduce((a, b) => a + b, 0);
  const logits = new Float64Array(vocabulary.size);
  parts.forEach((part, k) => {
    const { row, ids } = part;
    const share = weights[k]! / total;
    if (share === 0) return;
    for (let i = 0; i < row.size; i++) {
      const id = ids === null ? i : ids[i]!;
      logits[id]! += share * Math.exp(row.logProbability(i));
    }
  });
  for (let i = 0; i < logits.length; i++) logits[i] = Math.log(logits[i]!);
  return new TokenDistribution(vocabulary, new LogRow(logits));
}

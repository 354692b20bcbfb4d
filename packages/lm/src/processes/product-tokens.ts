import { infinitePower, type Environment, type Site } from "@pgl/runtime";
import { LanguageModelError } from "../errors.js";
import { LogRow } from "../log-row.js";
import { TokenDistribution } from "../token-distribution.js";

/** A token of a product of distributions. */
export interface TokenProduct {
  /** The renormalised product; null when every token has zero. */
  readonly tokens: TokenDistribution | null;
  /** Log of the normaliser, in nats: what a draw from `tokens` has to weigh. */
  readonly logMass: number;
}

/**
 * Π partᵢ ^ exponentᵢ over a vocabulary. A zero of a part with a positive exponent decides; exponents of zero say nothing.
 *
 * @throws LanguageModelError PGLM010 when the parts have different vocabularies. @throws RunError PGLR098 when what is left
 * is zero to a negative power.
 */
export function multiplyTokens(
  parts: readonly TokenDistribution[],
  exponents: readonly number[],
  site?: Site,
): TokenProduct {
  const { vocabulary } = parts[0]!;
  for (const part of parts) {
    if (vocabulary.same(part.vocabulary)) continue;
    throw new LanguageModelError("PGLM010", "The parts of the product have different tokens.", {
      site,
      hint: "Multiply models with the same tokenizer.",
    });
  }
  const logits = new Float64Array(vocabulary.size);
  const each = (sign: 1 | -1, add: (id: number, term: number, exponent: number) => void): void => {
    parts.forEach((part, k) => {
      const exponent = exponents[k]!;
      if (exponent * sign <= 0) return;
      const { row, ids } = part;
      if (ids === null) {
        for (let id = 0; id < logits.length; id++) add(id, exponent * row.logProbability(id), exponent);
        return;
      }
      for (let id = 0, at = 0; id < logits.length; id++) {
        const log = ids[at] === id ? row.logProbability(at++) : -Infinity;
        add(id, exponent * log, exponent);
      }
    });
  };
  each(1, (id, term) => (logits[id]! += term));
  each(-1, (id, term, exponent) => {
    if (logits[id] === -Infinity) return;
    if (term === Infinity) throw infinitePower(JSON.stringify(vocabulary.token(id).text), exponent, site);
    logits[id]! += term;
  });
  if (logits.every((l) => l === -Infinity)) return { tokens: null, logMass: -Infinity };
  const row = new LogRow(logits);
  return { tokens: new TokenDistribution(vocabulary, row), logMass: row.logNormaliser };
}

/** Says, once a place, that what is drawn there is not the product that was written. */
export function warnOfLocalProduct(environment: Environment, site: Site): void {
  environment.warn({
    code: "PGLW018",
    message: `\`${site.name}\` is drawn from a product normalised token by token (\`.local()\`): this only approximates the product, whose own law the draw would have without \`.local()\`.`,
    site,
  });
}

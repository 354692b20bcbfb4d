import { infinitePower, type Environment, type Site } from "@pgl/runtime";
import { LanguageModelError } from "../errors.js";
import type { TokenMask } from "../guided/token-mask.js";
import { LogRow } from "../log-row.js";
import { TokenDistribution } from "../token-distribution.js";

/** A token of a product of distributions. */
export interface TokenProduct {
  /** The renormalised product; null when every token has zero. */
  readonly tokens: TokenDistribution | null;
  /** Log of the normaliser, in nats: what a draw from `tokens` has to weigh. */
  readonly logMass: number;
}

/** Products of one first part that are kept: particles in the same place share them. */
const KEPT = 8;

interface Made {
  readonly parts: readonly TokenDistribution[];
  readonly exponents: readonly number[];
  readonly possible: TokenMask | null;
  readonly product: TokenProduct;
}

const made = new WeakMap<TokenDistribution, Made[]>();

/**
 * Π partᵢ ^ exponentᵢ over a vocabulary. A zero of a part with a positive exponent decides; exponents of zero say nothing.
 * Made once for the same parts.
 *
 * @param possible tokens outside of it are of no interest: what would be infinite there is left out.
 * @throws LanguageModelError PGLM010 when the parts have different vocabularies. @throws RunError PGLR098 when what is left
 * is zero to a negative power.
 */
export function multiplyTokens(
  parts: readonly TokenDistribution[],
  exponents: readonly number[],
  site?: Site,
  possible: TokenMask | null = null,
): TokenProduct {
  const first = parts[0]!;
  let others = made.get(first);
  if (others === undefined) made.set(first, (others = []));
  const found = others.find(
    (o) =>
      o.possible === possible &&
      o.parts.length === parts.length &&
      o.parts.every((part, k) => part === parts[k]) &&
      o.exponents.every((exponent, k) => exponent === exponents[k]),
  );
  if (found !== undefined) return found.product;
  const product = multiply(parts, exponents, site, possible);
  if (others.length === KEPT) others.shift();
  others.push({ parts, exponents, possible, product });
  return product;
}

function multiply(
  parts: readonly TokenDistribution[],
  exponents: readonly number[],
  site: Site | undefined,
  possible: TokenMask | null,
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
    if (term < Infinity) logits[id]! += term;
    else if (possible?.has(id) === false) logits[id] = -Infinity;
    else throw infinitePower(JSON.stringify(vocabulary.token(id).text), exponent, site);
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

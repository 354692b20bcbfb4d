import { finite, logSum, merged, ReferenceDistribution } from "./distribution.js";
import { ProgramError, UnsupportedError } from "./errors.js";
import { endings, lawOf, logAlong, normalised, spans, type TextSpan, type TokenLaw } from "./text-span.js";
import { TokenValue, type Value } from "./value.js";

/** A part of a product. Of several exponents the last is that of the measure; a draw comes to it token by token. */
export interface Factor {
  readonly part: ReferenceDistribution;
  readonly exponents: readonly number[];
}

/** What a product weighs: the product of the parts' probabilities to their powers, not normalised. */
export function product(parts: readonly ReferenceDistribution[]): ReferenceDistribution {
  if (parts.length === 0) throw new ProgramError("product: no distribution is given.");
  return multiplied(parts.flatMap(factorsOf));
}

export function power(d: ReferenceDistribution, exponent: Value): ReferenceDistribution {
  const exponents = (Array.isArray(exponent) ? exponent : [exponent]) as readonly Value[];
  if (exponents.length === 0 || !exponents.every((e) => Number.isFinite(e)))
    throw new ProgramError("An exponent is no finite number.");
  const times = (own: readonly number[], more: readonly number[]): readonly number[] =>
    Array.from({ length: Math.max(own.length, more.length) }, (_, i) => at(own, i) * at(more, i));
  return multiplied(
    factorsOf(d).map(({ part, exponents: own }) => ({ part, exponents: times(own, exponents as readonly number[]) })),
  );
}

/** What is drawn when every step of the draw is renormalised. */
export function local(d: ReferenceDistribution): ReferenceDistribution {
  if (d.made?.kind !== "product") throw new ProgramError("local: a product is wanted.");
  const { factors } = d.made;
  const texts = textsOf(factors);
  if (texts !== null) {
    return ofTexts(texts, (t) => (drawn) => {
      const row = weighed(
        t,
        t.factors.map(({ exponents }) => at(exponents, drawn.length)),
      )(drawn);
      return normalised(row);
    });
  }
  const { outcomes } = d;
  return finite(
    "local",
    outcomes.map((o) => o.value),
    outcomes.map((o) => o.probability),
  );
}

const at = (exponents: readonly number[], i: number): number => exponents[Math.min(i, exponents.length - 1)]!;
const lastOf = ({ exponents }: Factor): number => exponents[exponents.length - 1]!;
const factorsOf = (d: ReferenceDistribution): readonly Factor[] =>
  d.made?.kind === "product" ? d.made.factors : [{ part: d, exponents: [1] }];

function multiplied(factors: readonly Factor[]): ReferenceDistribution {
  const texts = textsOf(factors);
  const made = { kind: "product", factors } as const;
  if (texts !== null) {
    const { draws, logDensity } = ofTexts(texts, (t) => weighed(t, factors.map(lastOf)));
    return new ReferenceDistribution("product", draws, logDensity, null, made);
  }
  if (factors.some(({ exponents }) => exponents.length > 1))
    throw new ProgramError("product: a list of exponents is for texts.");
  const logDensity = (value: Value): number =>
    logProduct(
      factors.map(lastOf),
      factors.map(({ part }) => part.logDensity(value)),
    );
  return new ReferenceDistribution(
    "product",
    () => {
      const bound = factors.find((f) => lastOf(f) > 0);
      if (bound === undefined) throw new ProgramError("product: no exponent is positive.");
      sameTokens(factors);
      return merged(bound.part.outcomes.map(({ value }) => ({ value, probability: Math.exp(logDensity(value)) })));
    },
    logDensity,
    null,
    made,
  );
}

/** Σ exponents · logs. A zero of a part with a positive exponent decides; exponents of zero say nothing. */
function logProduct(exponents: readonly number[], logs: readonly number[]): number {
  if (logs.some((log, i) => log === -Infinity && exponents[i]! > 0)) return -Infinity;
  return logs.reduce((sum, log, i) => {
    if (exponents[i] === 0) return sum;
    if (log === -Infinity) throw new ProgramError("product: zero to a negative power.");
    return sum + exponents[i]! * log;
  }, 0);
}

/** The reference multiplies tokens of one vocabulary. */
function sameTokens(factors: readonly Factor[]): void {
  const models = factors.flatMap(({ part }) =>
    part.outcomes.flatMap(({ value }) => (value instanceof TokenValue && value.model !== null ? [value.model] : [])),
  );
  if (models.some((m) => !m.sameVocabulary(models[0]!)))
    throw new UnsupportedError("The reference multiplies tokens of one vocabulary.");
}

// ----------------------------------------------------------------------------------------------------------- texts

interface Texts {
  readonly factors: readonly Factor[];
  readonly spans: readonly TextSpan[];
}

/** The parts as texts; null when none of them is one. */
function textsOf(factors: readonly Factor[]): Texts | null {
  const found = factors.flatMap(({ part }) => (part.made?.kind === "text" ? [part.made.span] : []));
  if (found.length === 0) return null;
  if (found.length < factors.length) throw new ProgramError("product: texts are multiplied by texts.");
  if (found.some((t) => t.mask !== null)) throw new ProgramError("product: a part is masked by itself.");
  if (found.some((t, i) => t.condition !== null && lastOf(factors[i]!) <= 0))
    throw new ProgramError("product: a conditioned part has no positive exponent.");
  const rules = new Set(found.filter((t) => t.saysWhereItEnds).map((t) => JSON.stringify(t.options)));
  if (rules.size > 1) throw new ProgramError("product: the texts end by different rules.");
  if (found.some((t) => !t.lm.sameVocabulary(found[0]!.lm)))
    throw new ProgramError("product: the models have different tokens.");
  const comesDown = factors.some((f) => lastOf(f) <= 0 && f.exponents.some((e) => e > 0));
  if (comesDown) throw new ProgramError("product: exponents come down from above zero.");
  return { factors, spans: found };
}

/** Π of what the parts make of a token, to their powers: not normalised. */
function weighed({ spans: parts }: Texts, exponents: readonly number[]): TokenLaw {
  const laws = parts.map(lawOf);
  return (drawn) => {
    const rows = laws.map((law) => law(drawn).map(Math.log));
    return rows[0]!.map((_, token) =>
      Math.exp(
        logProduct(
          exponents,
          rows.map((row) => row[token]!),
        ),
      ),
    );
  };
}

function ofTexts(texts: Texts, lawOfTexts: (texts: Texts) => TokenLaw): ReferenceDistribution {
  const law = lawOfTexts(texts);
  const { lm } = texts.spans[0]!;
  const { options } = texts.spans.find((t) => t.saysWhereItEnds) ?? texts.spans[0]!;
  const passes = (text: string): boolean => texts.spans.every(({ condition }) => condition?.(text) ?? true);
  return new ReferenceDistribution(
    "product of texts",
    () => spans(lm, law, options).filter(({ value }) => passes(value as string)),
    (value) =>
      typeof value === "string" && passes(value)
        ? logSum(endings(value, lm, options).map((tokens) => logAlong(tokens, law)))
        : -Infinity,
  );
}

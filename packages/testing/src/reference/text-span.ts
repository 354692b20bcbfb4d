import { logSum, merged, ReferenceDistribution, type Outcome } from "./distribution.js";
import { ProgramError } from "./errors.js";
import type { TableLanguageModel } from "./language-model.js";
import type { ContextValue, TokenValue, Value } from "./value.js";

export interface SpanOptions {
  readonly stopAt: readonly string[];
  readonly stopBefore: readonly string[];
  readonly maxTokens: number;
  readonly mustStop: boolean;
}

export type TextTest = (text: string) => boolean;

/** What `lm.text(…)` is made of, and what has been made of it since. */
export interface TextSpan {
  readonly lm: TableLanguageModel;
  readonly after: ContextValue;
  readonly options: SpanOptions;
  /** False when the span says nothing about where it ends: in a product it then ends as the others do. */
  readonly saysWhereItEnds: boolean;
  /** Of each token's distribution, in order. */
  readonly changes: readonly ((d: ReferenceDistribution) => ReferenceDistribution)[];
  /** Each token is one that can still lead to a text that passes: renormalised token by token. */
  readonly mask: TextTest | null;
  /** Only texts that pass, with the mass that they have: not renormalised. */
  readonly condition: TextTest | null;
}

/** What each token of the vocabulary weighs after the tokens that the span has drawn: of a product it need not sum to one. */
export type TokenLaw = (drawn: readonly TokenValue[]) => readonly number[];

/** A span of text. Draws: the push-forward of the tokens. Density: that of the canonical tokenisation. */
export function textSpan(span: TextSpan): ReferenceDistribution {
  const passes = span.condition ?? (() => true);
  const law = lawOf(span);
  return new ReferenceDistribution(
    "text",
    () => spans(span.lm, law, span.options).filter(({ value }) => passes(value as string)),
    (value) => (isText(value) && passes(value) ? logDensity(value, span.lm, law, span.options) : -Infinity),
    null,
    { kind: "text", span },
  );
}

const isText = (value: Value): value is string => typeof value === "string";

/** Every token's distribution changed. */
export const changed = (
  span: TextSpan,
  change: (d: ReferenceDistribution) => ReferenceDistribution,
): ReferenceDistribution => textSpan({ ...span, changes: [...span.changes, change] });

export function masked(d: ReferenceDistribution, test: TextTest): ReferenceDistribution {
  if (d.made?.kind !== "text") throw new ProgramError("masked: a span of text is wanted.");
  if (d.made.span.mask !== null) throw new ProgramError("masked: the span is masked already.");
  return textSpan({ ...d.made.span, mask: test });
}

export function lawOf({ lm, after, options, changes, mask }: TextSpan): TokenLaw {
  const free: TokenLaw = (drawn) => {
    const next = changes.reduce((d, change) => change(d), lm.nextAfter([...after.tokens, ...drawn]));
    return lm.vocabulary.map((token) => Math.exp(next.logDensity(token)));
  };
  if (mask === null) return free;
  const canPass = (tokens: readonly TokenValue[]): boolean => {
    const span = spanOf(tokens, options);
    if (span === "ruled out") return false;
    return span === null ? lm.vocabulary.some((token) => canPass([...tokens, token])) : mask(span.text);
  };
  return (drawn) => {
    const row = free(drawn);
    return normalised(row.map((p, i) => (canPass([...drawn, lm.vocabulary[i]!]) ? p : 0)));
  };
}

/** The row with sum one; a row of zeros stays as it is. */
export function normalised(row: readonly number[]): readonly number[] {
  const total = row.reduce((a, b) => a + b, 0);
  return total > 0 ? row.map((p) => p / total) : row;
}

/** Where tokens end a span: the text it then is, or null while it goes on. */
function spanOf(tokens: readonly TokenValue[], options: SpanOptions): { text: string } | null | "ruled out" {
  const text = tokens.map((t) => t.text).join("");
  if (tokens[tokens.length - 1]?.isEos === true) return { text };
  const cut = firstStop(text, options);
  if (cut !== null) return { text: cut };
  if (tokens.length < options.maxTokens) return null;
  return options.mustStop ? "ruled out" : { text };
}

/** Every text that drawing tokens by the law can end in, with what it weighs. */
export function spans(lm: TableLanguageModel, law: TokenLaw, options: SpanOptions): readonly Outcome[] {
  const after = (drawn: readonly TokenValue[]): readonly Outcome[] => {
    const span = spanOf(drawn, options);
    if (span === "ruled out") return [];
    if (span !== null) return [{ value: span.text, probability: 1 }];
    const row = law(drawn);
    return lm.vocabulary.flatMap((token, i) =>
      row[i] === 0
        ? []
        : after([...drawn, token]).map(({ value, probability }) => ({ value, probability: probability * row[i]! })),
    );
  };
  return merged(after([]));
}

/** Every way in which canonical tokens end in exactly this text. */
export function endings(
  text: string,
  lm: TableLanguageModel,
  options: SpanOptions,
): readonly (readonly TokenValue[])[] {
  const canonical = (t: string): readonly (readonly TokenValue[])[] => (lm.spells(t) ? [lm.tokens(t)] : []);
  const end = lm.vocabulary.filter((t) => t.isEos);
  const candidates = [
    ...canonical(text),
    ...canonical(text).flatMap((own) => end.map((eos) => [...own, eos])),
    ...options.stopBefore.flatMap((stop) => canonical(text + stop)),
  ];
  return candidates.filter((tokens) => {
    const whole = spanOf(tokens, options);
    const goesOn = tokens.every((_, i) => spanOf(tokens.slice(0, i), options) === null);
    return goesOn && whole !== null && whole !== "ruled out" && whole.text === text;
  });
}

function logDensity(text: string, lm: TableLanguageModel, law: TokenLaw, options: SpanOptions): number {
  return logSum(endings(text, lm, options).map((tokens) => logAlong(tokens, law)));
}

/** log of the product of what the tokens weigh, one after the other. */
export const logAlong = (tokens: readonly TokenValue[], law: TokenLaw): number =>
  tokens.reduce((log, token, i) => (log === -Infinity ? log : log + Math.log(law(tokens.slice(0, i))[token.id]!)), 0);

/** Where a text first holds a stop string: the span it then is, or null while it goes on. */
function firstStop(text: string, options: Pick<SpanOptions, "stopAt" | "stopBefore">): string | null {
  let best: { end: number; start: number; span: string } | null = null;
  const consider = (stop: string, keep: boolean): void => {
    const start = text.indexOf(stop);
    if (start < 0) return;
    const end = start + stop.length;
    if (best === null || end < best.end || (end === best.end && start < best.start)) {
      best = { end, start, span: text.slice(0, keep ? end : start) };
    }
  };
  for (const stop of options.stopAt) consider(stop, true);
  for (const stop of options.stopBefore) consider(stop, false);
  return best === null ? null : (best as { span: string }).span;
}

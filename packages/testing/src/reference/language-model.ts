import { finite, logSum, merged, ReferenceDistribution, type Outcome } from "./distribution.js";
import { ProgramError } from "./errors.js";
import { ContextValue, TokenValue, type Value } from "./value.js";

/** A table model as plain data: the format of `table:FILE.json`. */
export interface TableModel {
  readonly tokens: readonly string[];
  /** The entry of `tokens` that ends a sequence, or null when sequences do not end by themselves. */
  readonly eos: string | null;
  /** How many tokens back a row looks. */
  readonly order: number;
  /** Probabilities in the order of `tokens`, keyed by the last `order` tokens joined with one space. */
  readonly rows: Readonly<Record<string, readonly number[]>>;
}

export interface SpanOptions {
  readonly stopAt: readonly string[];
  readonly stopBefore: readonly string[];
  readonly maxTokens: number;
  readonly mustStop: boolean;
}

/** A table language model, with the meaning of `next`, `text`, `choose` and `score` written out. */
export class TableLanguageModel {
  private readonly vocabulary: readonly TokenValue[];

  constructor(
    readonly name: string,
    private readonly table: TableModel,
  ) {
    this.vocabulary = table.tokens.map((text, id) => {
      const isEos = text === table.eos;
      return new TokenValue(this, id, isEos ? "" : text, isEos);
    });
  }

  /** Probabilities of every token after these, in the order of the vocabulary. */
  private row(after: readonly TokenValue[]): readonly number[] {
    const { order, rows, tokens } = this.table;
    const key = after
      .slice(Math.max(0, after.length - order))
      .map((t) => tokens[t.id]!)
      .join(" ");
    const row = rows[order === 0 ? "" : key];
    if (row === undefined) throw new ProgramError(`The table ${this.name} has no row "${key}".`);
    const total = row.reduce((a, b) => a + b, 0);
    return row.map((p) => p / total);
  }

  next(context: ContextValue): ReferenceDistribution {
    return finite("next", this.vocabulary, this.row(context.tokens));
  }

  /** The canonical tokenisation: the fewest tokens; among those, the longest first token, and so on. */
  tokens(text: string): readonly TokenValue[] {
    const best = new Map<number, readonly TokenValue[] | null>();
    const from = (at: number): readonly TokenValue[] | null => {
      if (at === text.length) return [];
      const known = best.get(at);
      if (known !== undefined) return known;
      let found: readonly TokenValue[] | null = null;
      // Longest first, so that an equally short tokenisation found later does not replace it.
      const longestFirst = [...this.vocabulary].sort((a, b) => b.text.length - a.text.length || a.id - b.id);
      for (const token of longestFirst) {
        if (token.isEos || token.text === "" || !text.startsWith(token.text, at)) continue;
        const rest = from(at + token.text.length);
        if (rest !== null && (found === null || rest.length + 1 < found.length)) found = [token, ...rest];
      }
      best.set(at, found);
      return found;
    };
    const tokens = from(0);
    if (tokens === null) throw new ProgramError(`The vocabulary of ${this.name} cannot spell ${JSON.stringify(text)}.`);
    return tokens;
  }

  private spells(text: string): boolean {
    try {
      this.tokens(text);
      return true;
    } catch {
      return false;
    }
  }

  context(text: string): ContextValue {
    this.tokens(text);
    return new ContextValue(this, []).plus([text]);
  }

  extend(context: ContextValue, more: Value): ContextValue {
    if (typeof more === "string") return context.plus([more]);
    if (more instanceof TokenValue) {
      const token = more.isEos ? this.vocabulary.find((t) => t.isEos) : more;
      if (token === undefined || token.model !== this) throw new ProgramError(`That token is not one of ${this.name}.`);
      return context.plus([token]);
    }
    if (more instanceof ContextValue && more.model === this) return context.plus(more.pieces);
    throw new ProgramError("A context is extended by a string, a token or a context of its own model.");
  }

  /** log p(text | after): of the canonical tokenisation, without an end. */
  score(text: string, after: ContextValue): number {
    let log = 0;
    let tokens = after.tokens;
    for (const token of this.tokens(text)) {
      log += Math.log(this.row(tokens)[token.id]!);
      tokens = [...tokens, token];
    }
    return log;
  }

  /** Among given strings, proportional to their probabilities after the context. */
  choose(after: ContextValue, options: readonly string[]): ReferenceDistribution {
    return finite(
      "choose",
      options,
      options.map((o) => Math.exp(this.score(o, after))),
    );
  }

  /** A span of text. Draws: the push-forward of the tokens. Density: that of the canonical tokenisation. */
  text(after: ContextValue, options: SpanOptions): ReferenceDistribution {
    return new ReferenceDistribution(
      "text",
      () => merged(this.spans(after.tokens, "", 0, options)),
      (value) => (typeof value === "string" ? this.spanLogDensity(value, after, options) : -Infinity),
    );
  }

  private spans(tokens: readonly TokenValue[], sofar: string, drawn: number, options: SpanOptions): Outcome[] {
    if (drawn === options.maxTokens) return options.mustStop ? [] : [{ value: sofar, probability: 1 }];
    const row = this.row(tokens);
    return this.vocabulary.flatMap((token) => {
      const p = row[token.id]!;
      if (p === 0) return [];
      if (token.isEos) return [{ value: sofar, probability: p }];
      const text = sofar + token.text;
      const cut = firstStop(text, options);
      const ends =
        cut === null ? this.spans([...tokens, token], text, drawn + 1, options) : [{ value: cut, probability: 1 }];
      return ends.map((o) => ({ value: o.value, probability: o.probability * p }));
    });
  }

  private spanLogDensity(text: string, after: ContextValue, options: SpanOptions): number {
    if (!this.spells(text)) return -Infinity;
    const canonical = this.tokens(text);
    if (canonical.length > options.maxTokens) return -Infinity;
    const ways: number[] = [];
    const cut = firstStop(text, options);
    const spelled = this.score(text, after);
    if (cut !== null) {
      // Only a span that ends with its stop string is a span; text with one inside, or followed by more, is not.
      return cut === text && this.stopsLast(canonical, options) ? spelled : -Infinity;
    }
    if (canonical.length === options.maxTokens) {
      if (!options.mustStop) ways.push(spelled);
    } else {
      const end = this.vocabulary.find((t) => t.isEos);
      if (end !== undefined) ways.push(spelled + Math.log(this.row([...after.tokens, ...canonical])[end.id]!));
      for (const stop of options.stopBefore) ways.push(this.stoppedBefore(text, stop, after, options));
    }
    return logSum(ways);
  }

  /** The first stop string is complete with the last of these tokens, not before. */
  private stopsLast(tokens: readonly TokenValue[], options: SpanOptions): boolean {
    const spelled = (part: readonly TokenValue[]): string => part.map((t) => t.text).join("");
    return firstStop(spelled(tokens), options) !== null && firstStop(spelled(tokens.slice(0, -1)), options) === null;
  }

  /** The span was followed by a stop string, which is not part of it. */
  private stoppedBefore(text: string, stop: string, after: ContextValue, options: SpanOptions): number {
    if (!this.spells(text + stop) || firstStop(text + stop, options) !== text) return -Infinity;
    const tokens = this.tokens(text + stop);
    if (tokens.length > options.maxTokens || !this.stopsLast(tokens, options)) return -Infinity;
    return this.score(text + stop, after);
  }
}

/** Where a text first holds a stop string: the span it then is, or null while it goes on. */
export function firstStop(text: string, options: Pick<SpanOptions, "stopAt" | "stopBefore">): string | null {
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

import { finite, type ReferenceDistribution } from "./distribution.js";
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

/** A table language model, with the meaning of `next`, `choose` and `score` written out; spans of its text are in text-span.ts. */
export class TableLanguageModel {
  readonly vocabulary: readonly TokenValue[];

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
    return this.nextAfter(context.tokens);
  }

  nextAfter(tokens: readonly TokenValue[]): ReferenceDistribution {
    return finite("next", this.vocabulary, this.row(tokens));
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

  sameVocabulary({ table }: TableLanguageModel): boolean {
    const own = this.table;
    return own.eos === table.eos && own.tokens.join("\n") === table.tokens.join("\n");
  }

  spells(text: string): boolean {
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
}

import { refuseDisposed } from "../../errors.js";
import type { Capabilities, Evaluator, LanguageModel } from "../../language-model.js";
import { LogRow } from "../../log-row.js";
import { malformed, readModelFile } from "../../model-file.js";
import { ModelStats } from "../../model-stats.js";
import type { PrefixTree } from "../../prefix-tree.js";
import { BackoffChain } from "../../twists/backoff-chain.js";
import type { TokenSurrogate } from "../../twists/surrogate.js";
import { encodeUtf8 } from "../../utf8.js";
import { Vocabulary } from "../../vocabulary.js";

/** Characters of history that count: a 5-gram. */
const HISTORY = 4;
/** Stands before the first character of a line in histories; no line holds it. */
const START = "\n";
/** Rows kept; histories not seen in the text share the row of what is left of them. */
const MAX_ROWS = 65536;

/** What followed a history in the text. */
interface Followers {
  total: number;
  readonly counts: Map<number, number>;
}

/**
 * A character 5-gram model learned from a text file in one pass. Each line that is not empty is one text, and the end
 * token comes after it. Probabilities are interpolated from the longest history to none (Witten and Bell 1991), and at
 * last with the uniform distribution, so that every character of the file is possible everywhere:
 * `p(c | h) = (n(h c) + t(h) · p(c | shorter h)) / (n(h) + t(h))`, with `n` the counts and `t(h)` the number of different
 * characters seen after `h`. Tokens are single characters: each text has one tokenisation.
 */
export class NgramModel implements LanguageModel {
  readonly vocabulary: Vocabulary;
  readonly stats = new ModelStats();
  readonly capabilities: Capabilities = {
    fullDistribution: true,
    maxContext: null,
    deterministicBatches: true,
    precision: 64,
    cachesPrefixes: true,
  };
  private readonly followers = new Map<string, Followers>();
  private readonly rows = new Map<string, LogRow>();
  private readonly characters: readonly string[];
  private chain: TokenSurrogate | null = null;
  private disposed = false;

  private constructor(
    readonly name: string,
    lines: readonly string[],
  ) {
    this.characters = [...new Set(lines.flatMap((line) => [...line]))].sort();
    const ids = new Map(this.characters.map((c, id) => [c, id]));
    const eosId = this.characters.length;
    this.vocabulary = new Vocabulary({
      tokens: [...this.characters.map(encodeUtf8), null],
      labels: new Map([[eosId, "</s>"]]),
      eosId,
      bosId: null,
      encoding: "characters",
      encode: (text) => {
        const found: number[] = [];
        for (const c of text) {
          const id = ids.get(c);
          if (id === undefined) return null;
          found.push(id);
        }
        return found;
      },
    });
    for (const line of lines) this.learn([...line]);
  }

  /** @throws LanguageModelError PGLM003 when the file cannot be read, PGLM004 when it has no text. */
  static read(path: string): NgramModel {
    return NgramModel.from(readModelFile(path), `ngram:${path}`);
  }

  /** From a text. @throws LanguageModelError PGLM004 when it has none. */
  static from(text: string, name = "ngram"): NgramModel {
    const lines = text
      .replace(/^\uFEFF/, "")
      .split(/\r\n|\r|\n/)
      .filter((line) => line !== "");
    if (lines.length === 0) throw malformed(name, "it has no line of text");
    return new NgramModel(name, lines);
  }

  /** The model itself. */
  get surrogate(): TokenSurrogate {
    return (this.chain ??= this.asChain());
  }

  /** The row after a context. */
  row(context: ArrayLike<number>): LogRow {
    refuseDisposed(this.name, this.disposed);
    return this.rowAfter(this.historyOf(context));
  }

  private historyOf(context: ArrayLike<number>): string[] {
    const { eosId } = this.vocabulary;
    const history: string[] = [];
    for (let i = context.length - 1; history.length < HISTORY; i--) {
      // What came before an end token is another text.
      const begins = i < 0 || context[i] === eosId;
      history.unshift(begins ? START : this.characters[context[i]!]!);
      if (begins) break;
    }
    return history;
  }

  async logProbabilities(contexts: readonly Int32Array[]): Promise<Float32Array> {
    const start = performance.now();
    const { size } = this.vocabulary;
    const answer = new Float32Array(contexts.length * size);
    contexts.forEach((context, i) => answer.set(this.row(context).toFloat32Array(), i * size));
    this.stats.count(contexts.length, start);
    return answer;
  }

  openEvaluator(tree: PrefixTree): Evaluator {
    return {
      rows: (nodes) => {
        const start = performance.now();
        const rows = nodes.map((node) => this.row(tree.last(node, HISTORY)));
        this.stats.count(nodes.length, start);
        return rows;
      },
    };
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    this.rows.clear();
  }

  private learn(line: readonly string[]): void {
    const { eosId } = this.vocabulary;
    const marked = [START, ...line];
    for (let i = 1; i <= marked.length; i++) {
      const id = i === marked.length ? eosId! : this.vocabulary.encode(marked[i]!)[0]!;
      for (let from = Math.max(0, i - HISTORY); from <= i; from++) {
        const key = marked.slice(from, i).join("");
        let after = this.followers.get(key);
        if (after === undefined) this.followers.set(key, (after = { total: 0, counts: new Map() }));
        after.total++;
        after.counts.set(id, (after.counts.get(id) ?? 0) + 1);
      }
    }
  }

  /** The longest end of a history that was seen in the text. */
  private seenOf(history: readonly string[]): readonly string[] {
    let seen = history;
    while (!this.followers.has(seen.join(""))) seen = seen.slice(1);
    return seen;
  }

  private asChain(): TokenSurrogate {
    const { characters, followers } = this;
    const histories = [...followers.keys()].map((key) => [...key]).sort((a, b) => a.length - b.length);
    const places = new Map(histories.map((history, place) => [history.join(""), place]));
    const placeOf = (history: readonly string[]): number => places.get(this.seenOf(history).join(""))!;
    const after = (history: readonly string[], id: number): number =>
      id === characters.length ? 0 : placeOf([...history, characters[id]!].slice(-HISTORY));
    const first = new Int32Array(histories.length + 1);
    const keep = new Float64Array(histories.length);
    const [tokens, probabilities, next]: number[][] = [[], [], []];
    histories.forEach((history, place) => {
      const { total, counts } = followers.get(history.join(""))!;
      keep[place] = counts.size / (total + counts.size);
      if (place > 0) {
        const row = this.probabilities(history);
        for (const id of [...counts.keys()].sort((a, b) => a - b)) {
          tokens!.push(id);
          probabilities!.push(row[id]!);
          next!.push(after(history, id));
        }
      }
      first[place + 1] = tokens!.length;
    });
    const base = this.probabilities([]);
    return new BackoffChain({
      name: "the model itself",
      exact: true,
      shorter: Int32Array.from(histories, (h) => (h.length === 0 ? -1 : places.get(h.slice(1).join(""))!)),
      keep,
      first,
      tokens: Int32Array.from(tokens!),
      probabilities: Float64Array.from(probabilities!),
      after: Int32Array.from(next!),
      base,
      baseAfter: Int32Array.from(base, (_, id) => after([], id)),
      start: (context) => placeOf(this.historyOf(context)),
    });
  }

  private rowAfter(history: readonly string[]): LogRow {
    const seen = this.seenOf(history);
    const key = seen.join("");
    let row = this.rows.get(key);
    if (row === undefined) {
      row = new LogRow(this.probabilities(seen).map(Math.log), true);
      if (this.rows.size >= MAX_ROWS) this.rows.clear();
      this.rows.set(key, row);
    }
    return row;
  }

  private probabilities(history: readonly string[]): Float64Array {
    const { size } = this.vocabulary;
    const p = new Float64Array(size).fill(1 / size);
    for (let from = history.length; from >= 0; from--) {
      // The shorter forms of a history that was counted were counted with it.
      const { total, counts } = this.followers.get(history.slice(from).join(""))!;
      const different = counts.size;
      for (let id = 0; id < size; id++) p[id] = (different * p[id]!) / (total + different);
      for (const [id, n] of counts) p[id]! += n / (total + different);
    }
    return p;
  }
}

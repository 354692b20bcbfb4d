import { createHash } from "node:crypto";
import { LanguageModelError, refuseDisposed } from "../../errors.js";
import type { Capabilities, Evaluator, LanguageModel } from "../../language-model.js";
import { LogRow } from "../../log-row.js";
import { ModelStats } from "../../model-stats.js";
import type { PrefixTree } from "../../prefix-tree.js";
import { encodeUtf8 } from "../../utf8.js";
import { fewestTokens, Vocabulary } from "../../vocabulary.js";
import { DenseChain } from "../../twists/dense-chain.js";
import type { TokenSurrogate } from "../../twists/surrogate.js";
import { checkTable, readTable, readingOf, type TableDescription } from "./table-file.js";

/**
 * A model whose every probability is in a table: what tests and lessons can be computed by hand with. Numbers stay the
 * float64 they are in the file. The tokens of a text are the fewest that spell it.
 */
export class TableModel implements LanguageModel {
  readonly vocabulary: Vocabulary;
  readonly stats = new ModelStats();
  readonly capabilities: Capabilities = {
    fullDistribution: true,
    maxContext: null,
    deterministicBatches: true,
    precision: 64,
    cachesPrefixes: true,
  };
  private readonly rows = new Map<string, LogRow>();
  private chain: TokenSurrogate | null = null;
  private disposed = false;

  private constructor(
    readonly name: string,
    private readonly table: TableDescription,
  ) {
    const { tokens, eos } = table;
    const bytes = tokens.map((token) => (token === eos ? null : encodeUtf8(token)));
    const eosId = eos === null ? null : tokens.indexOf(eos);
    this.vocabulary = new Vocabulary({
      tokens: bytes,
      labels: eosId === null ? undefined : new Map([[eosId, eos!]]),
      eosId,
      bosId: null,
      encode: fewestTokens(bytes),
      encoding: "fewest tokens",
    });
  }

  /** From a file. @throws LanguageModelError PGLM003, PGLM004. */
  static read(path: string): TableModel {
    return new TableModel(`table:${path}`, readTable(path));
  }

  /** From `{tokens, eos, order, rows}`, the content of a table file. @throws LanguageModelError PGLM004. */
  static from(description: unknown, name = "table"): TableModel {
    return new TableModel(name, checkTable(name, description));
  }

  /**
   * The row after the last tokens of a context (all that are passed count).
   * @throws LanguageModelError PGLM005 when the table has none.
   */
  row(last: ArrayLike<number>): LogRow {
    refuseDisposed(this.name, this.disposed);
    const key = this.keyOf(last);
    let row = this.rows.get(key);
    if (row === undefined) {
      const probabilities = this.table.rows.get(key);
      if (probabilities === undefined) {
        throw new LanguageModelError("PGLM005", `${this.name} has no row ${JSON.stringify(key)}.`, {
          hint: "Add the row: contexts that end so come up. A context after the end token needs one too.",
        });
      }
      row = new LogRow(probabilities.map(Math.log), true);
      this.rows.set(key, row);
    }
    return row;
  }

  /** Of the order and the rows, in whatever order they are written. */
  get digest(): string {
    const { order, rows } = this.table;
    const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, row]) => [key, ...row]);
    return createHash("sha256")
      .update(JSON.stringify([order, sorted]))
      .digest("hex");
  }

  /** The table itself. */
  get surrogate(): TokenSurrogate {
    return (this.chain ??= this.asChain());
  }

  private asChain(): TokenSurrogate {
    const { tokens, order, rows } = this.table;
    const ids = new Map(tokens.map((token, id) => [token, id]));
    const keys = [...rows.keys()];
    const places = new Map(keys.map((key, place) => [key, place]));
    const placeOf = (last: ArrayLike<number>): number => places.get(this.keyOf(last)) ?? -1;
    return new DenseChain({
      name: "the model itself",
      exact: true,
      rows: keys.map((key) => {
        const row = new LogRow(rows.get(key)!.map(Math.log), true);
        return Float64Array.from(tokens, (_, id) => Math.exp(row.logProbability(id)));
      }),
      after: keys.map((key) => {
        const history = readingOf(key, ids, order);
        return Int32Array.from(tokens, (_, id) => placeOf([...history, id]));
      }),
      start: placeOf,
    });
  }

  private keyOf(last: ArrayLike<number>): string {
    const { tokens, order } = this.table;
    let key = "";
    for (let i = Math.max(0, last.length - order); i < last.length; i++)
      key += (key === "" ? "" : " ") + tokens[last[i]!]!;
    return key;
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
        const rows = nodes.map((node) => this.row(tree.last(node, this.table.order)));
        this.stats.count(nodes.length, start);
        return rows;
      },
    };
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    this.rows.clear();
  }
}

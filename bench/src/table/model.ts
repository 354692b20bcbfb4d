import {
  LogRow,
  ModelStats,
  Vocabulary,
  fewestTokens,
  type Capabilities,
  type Evaluator,
  type LanguageModel,
  type PrefixTree,
} from "@pgl/lm";

/** Different rows of the table: the last token decides which. */
const ROWS = 64;

/**
 * A language model whose rows lie in memory, over a vocabulary as large as one likes: a bigram table with 64 rows, chosen by
 * the last token. `shared`: contexts with the same last token share their row, as `table:` models do. Else each context gets
 * fresh numbers, as from a network or a server, and everything that is O(V) has to be done for each of them.
 */
export class BenchTable implements LanguageModel {
  readonly stats = new ModelStats();
  readonly name: string;
  readonly vocabulary: Vocabulary;
  readonly capabilities: Capabilities = {
    fullDistribution: true,
    maxContext: null,
    deterministicBatches: true,
    precision: 32,
    cachesPrefixes: true,
  };
  readonly logits: readonly Float32Array[];
  private readonly rows: readonly LogRow[];
  readonly openEvaluator?: (tree: PrefixTree) => Evaluator;

  constructor(size: number, shared: boolean) {
    this.name = `bench table of ${size}`;
    const tokens = Array.from({ length: size }, (_, id) => new TextEncoder().encode(`${id.toString(36)} `));
    this.vocabulary = new Vocabulary({ tokens, eosId: null, bosId: null, encode: fewestTokens(tokens) });
    // Zipf's law, over another order of the tokens in each row.
    this.logits = Array.from({ length: ROWS }, (_, row) =>
      Float32Array.from({ length: size }, (_, id) => -Math.log(1 + ((id * 7919 + row * 104729) % size))),
    );
    this.rows = this.logits.map((logits) => new LogRow(logits, true));
    if (shared) {
      this.openEvaluator = (tree) => ({
        rows: (nodes) => {
          const start = performance.now();
          const rows = nodes.map((node) => this.rows[rowOf(tree.token(node))]!);
          this.stats.count(nodes.length, start);
          return rows;
        },
      });
    }
  }

  async logProbabilities(contexts: readonly Int32Array[]): Promise<Float32Array> {
    const start = performance.now();
    const answer = this.answer(contexts.map((context) => context[context.length - 1] ?? -1));
    this.stats.count(contexts.length, start);
    return answer;
  }

  /** Fresh rows after the given last tokens. */
  answer(last: readonly number[]): Float32Array {
    const { size } = this.vocabulary;
    const answer = new Float32Array(last.length * size);
    last.forEach((token, i) => answer.set(this.logits[rowOf(token)]!, i * size));
    return answer;
  }

  async dispose(): Promise<void> {}
}

/** Which row a last token has; -1 stands for the empty context. */
export const rowOf = (token: number): number => (token + ROWS) % ROWS;

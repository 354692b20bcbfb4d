import { type LanguageModel, LogRow, ModelStats, SpanRule, type SpanOptions, Vocabulary } from "../../src/index.js";

export type RowModel = LanguageModel & { row(ids: readonly number[]): LogRow };

/** Every span the model can draw, token by token, with its probability: nothing of the guided draws is used. */
export function spans(model: RowModel, options: SpanOptions): Map<string, number> {
  const rule = SpanRule.of(options);
  const { vocabulary } = model;
  const found = new Map<string, number>();
  const add = (ids: readonly number[], p: number): void => {
    const text = rule.textOf(vocabulary, ids);
    found.set(text, (found.get(text) ?? 0) + p);
  };
  const visit = (ids: readonly number[], state: number, p: number): void => {
    const row = model.row([...ids]);
    for (let id = 0; id < vocabulary.size; id++) {
      const q = p * Math.exp(row.logProbability(id));
      if (!(q > 0)) continue;
      if (id === vocabulary.eosId) {
        add(ids, q);
        continue;
      }
      const longer = [...ids, id];
      const next = rule.read(state, vocabulary, id);
      if (next < 0) add(longer, q);
      else if (longer.length === rule.maxTokens) {
        if (!rule.mustStop) add(longer, q);
      } else visit(longer, next, q);
    }
  };
  visit([], 0, 1);
  return found;
}

/** A model over tokens of any bytes (null: special), with a row by the last token's id (-1: none). */
export function byteModel(
  tokens: readonly (readonly number[] | null)[],
  eosId: number | null,
  rows: (last: number) => readonly number[],
): RowModel {
  const vocabulary = new Vocabulary({
    tokens: tokens.map((t) => (t === null ? null : Uint8Array.from(t))),
    eosId,
    bosId: null,
    encode: () => null,
  });
  const made = new Map<number, LogRow>();
  const row = (ids: readonly number[]): LogRow => {
    const last = ids[ids.length - 1] ?? -1;
    let found = made.get(last);
    if (found === undefined) {
      const weights = rows(last);
      const total = weights.reduce((a, b) => a + b, 0);
      made.set(last, (found = new LogRow(Float64Array.from(weights, (w) => Math.log(w / total)))));
    }
    return found;
  };
  return {
    name: "bytes",
    vocabulary,
    capabilities: {
      fullDistribution: true,
      maxContext: null,
      deterministicBatches: true,
      precision: 64,
      cachesPrefixes: false,
    },
    stats: new ModelStats(),
    row,
    logProbabilities: (contexts) =>
      Promise.resolve(Float32Array.from(contexts.flatMap((c) => [...row([...c]).toFloat32Array()]))),
    openEvaluator: (tree) => ({ rows: (nodes) => nodes.map((node) => row([...tree.last(node)])) }),
    dispose: () => Promise.resolve(),
  };
}

import { Context } from "./context.js";
import { LanguageModelError } from "./errors.js";
import type { LanguageModel } from "./language-model.js";
import { PrefixTree } from "./prefix-tree.js";
import { encodeUtf8 } from "./utf8.js";

/** What came of one law. */
export interface LawReport {
  readonly law: string;
  readonly holds: boolean;
  /** What was found, when it does not hold. */
  readonly detail: string;
}

export interface ConformanceOptions {
  /** Texts the model can read; the laws are tried on them and on their beginnings. At least one is needed that is not empty. */
  readonly texts: readonly string[];
  /** Largest difference, in nats, between two ways to ask the same. 1e-4 by default for 32 bits, 1e-9 for 64. */
  readonly tolerance?: number;
}

/**
 * Tries the laws that every `LanguageModel` must obey, for authors of backends: rows are distributions; a context's row
 * depends on nothing but the context (batch, order, repetition, what was asked before); the vocabulary spells exactly and
 * never makes special tokens of text; limits are kept. Never throws: what a law's trial throws is its detail.
 */
export async function checkLanguageModel(
  model: LanguageModel,
  options: ConformanceOptions,
): Promise<readonly LawReport[]> {
  const { vocabulary, capabilities } = model;
  const { size } = vocabulary;
  const tolerance = options.tolerance ?? (capabilities.precision === 32 ? 1e-4 : 1e-9);
  const contexts = options.texts.flatMap((text) => {
    const tokens = Context.of(text).tokens(vocabulary);
    const cuts = [tokens.length, tokens.length >> 1, 1].filter((n) => n > 0 && n <= tokens.length);
    return [...new Set(cuts)].map((n) => tokens.slice(0, n));
  });
  const reports: LawReport[] = [];
  const law = async (name: string, trial: () => Promise<string | null> | string | null): Promise<void> => {
    let detail: string | null;
    try {
      detail = await trial();
    } catch (error) {
      detail = `it threw ${error instanceof Error ? error.message : String(error)}`;
    }
    reports.push({ law: name, holds: detail === null, detail: detail ?? "" });
  };
  const compare = (a: ArrayLike<number>, b: ArrayLike<number>, within: number): string | null => {
    for (let i = 0; i < Math.max(a.length, b.length); i++) {
      // Equal infinities differ by NaN.
      if (a[i] !== b[i] && !(Math.abs(a[i]! - b[i]!) <= within))
        return `entry ${i} is ${a[i]} one way and ${b[i]} the other`;
    }
    return null;
  };
  // A model that writes to its contexts must not spoil the other trials.
  const copies = (): Int32Array[] => contexts.map((c) => c.slice());
  const row = (rows: Float32Array, i: number): Float32Array => rows.subarray(i * size, (i + 1) * size);

  await law("there are texts to try", () => (contexts.length > 0 ? null : "give at least one text that is not empty"));
  await law("special ids are tokens without text", () => {
    for (const id of [vocabulary.eosId, vocabulary.bosId]) {
      if (id !== null && !(id >= 0 && id < size && vocabulary.isSpecial(id))) return `${id} is not a special token`;
    }
    return null;
  });
  await law("the tokens of a text spell it, and none is special", () => {
    for (const text of options.texts) {
      const ids = vocabulary.encode(text);
      if ([...ids].some((id) => vocabulary.isSpecial(id))) return `${JSON.stringify(text)} has a special token in it`;
      const bytes = vocabulary.join(ids);
      if (compare(bytes, encodeUtf8(text), 0) !== null)
        return `${JSON.stringify(text)} comes back as ${JSON.stringify(vocabulary.decode(ids))}`;
    }
    return null;
  });
  await law("a row for each context, and each sums to one", async () => {
    const rows = await model.logProbabilities(copies());
    if (!(rows instanceof Float32Array) || rows.length !== contexts.length * size)
      return `${rows.length} numbers for ${contexts.length} × ${size}`;
    for (let i = 0; i < contexts.length; i++) {
      let total = 0;
      for (const l of row(rows, i)) {
        if (!(l <= tolerance)) return `row ${i} holds ${l}`;
        total += Math.exp(l);
      }
      if (!(Math.abs(total - 1) < 1e-3)) return `row ${i} sums to ${total}`;
    }
    return null;
  });
  await law("no contexts, no rows", async () =>
    (await model.logProbabilities([])).length === 0 ? null : "an empty batch has an answer",
  );
  await law("a context alone and in a batch has the same row", async () => {
    const rows = await model.logProbabilities(copies());
    for (let i = 0; i < contexts.length; i++) {
      const alone = await model.logProbabilities([contexts[i]!.slice()]);
      const problem = compare(alone, row(rows, i), capabilities.deterministicBatches ? 0 : tolerance);
      if (problem !== null) return `context ${i}: ${problem}`;
    }
    return null;
  });
  await law("the order of a batch, and repetition in it, change nothing", async () => {
    const rows = await model.logProbabilities(copies());
    const twice = await model.logProbabilities([...copies(), ...copies()].reverse());
    for (let i = 0; i < contexts.length; i++) {
      for (const j of [contexts.length - 1 - i, 2 * contexts.length - 1 - i]) {
        const problem = compare(row(rows, i), row(twice, j), tolerance);
        if (problem !== null) return `context ${i}: ${problem}`;
      }
    }
    return null;
  });
  await law("the same question has the same answer, bit for bit", async () =>
    compare(await model.logProbabilities(copies()), await model.logProbabilities(copies()), 0),
  );
  await law("contexts are left as they were", async () => {
    const given = copies();
    await model.logProbabilities(given);
    return given.every((c, i) => compare(c, contexts[i]!, 0) === null) ? null : "a context was written to";
  });
  await law("an evaluator answers what `logProbabilities` answers, whatever it was asked before", async () => {
    if (model.openEvaluator === undefined) return null;
    const tree = new PrefixTree();
    const evaluator = model.openEvaluator(tree);
    // The whole contexts first, then every beginning of one, then a step on from each: caches are used in all ways.
    const whole = [...new Set(contexts.map((c) => tree.extend(0, c)))];
    const beginnings = [
      ...new Set(Array.from(contexts[0]!, (_, i) => tree.extend(0, contexts[0]!.subarray(0, i + 1)))),
    ];
    const longest = capabilities.maxContext ?? Infinity;
    const steps = beginnings
      .filter((n) => tree.length(n) < longest)
      .map((n) => tree.child(n, contexts[0]![contexts[0]!.length - 1]!));
    for (const nodes of [whole, beginnings, [...new Set(steps)]]) {
      const rows = await evaluator.rows(nodes);
      const plain = await model.logProbabilities(nodes.map((node) => tree.last(node)));
      for (let i = 0; i < nodes.length; i++) {
        const problem = compare(rows[i]!.toFloat32Array(), row(plain, i), Math.max(tolerance, 1e-6));
        if (problem !== null) return `after [${tree.last(nodes[i]!).join(", ")}]: ${problem}`;
      }
    }
    return null;
  });
  await law("a context that is too long is refused by name (PGLM006)", async () => {
    const { maxContext } = capabilities;
    if (maxContext === null || maxContext > 1_000_000 || contexts.length === 0) return null;
    const token = contexts[0]![contexts[0]!.length - 1]!;
    try {
      await model.logProbabilities([new Int32Array(maxContext + 1).fill(token)]);
    } catch (error) {
      return error instanceof LanguageModelError && error.code === "PGLM006" ? null : `it threw ${String(error)}`;
    }
    return `${maxContext + 1} tokens were read`;
  });
  await law("work is counted", async () => {
    const before = model.stats.snapshot();
    await model.logProbabilities(copies());
    const used = model.stats.since(before);
    return used.calls >= 1 && used.tokens >= 1 && used.time >= 0 ? null : `calls ${used.calls}, tokens ${used.tokens}`;
  });
  return reports;
}

import { describe, expect, it } from "vitest";
import { checkLanguageModel, type LanguageModel, loadLanguageModel, lm, NgramModel, ModelStats } from "../src/index.js";
import { exact } from "./programs.js";
import { letters } from "./tables.js";

const texts = ["abab.", "ba", "b"];
const broken = async (model: LanguageModel): Promise<string[]> =>
  (await checkLanguageModel(model, { texts })).filter((r) => !r.holds).map((r) => r.law);

/** A model of three calls: what a user's own backend may look like. */
function plain(
  change: (rows: Float32Array, contexts: readonly Int32Array[]) => Float32Array = (rows) => rows,
): LanguageModel {
  const inner = letters();
  return {
    name: "plain",
    vocabulary: inner.vocabulary,
    capabilities: { ...inner.capabilities, precision: 32, cachesPrefixes: false },
    stats: inner.stats,
    logProbabilities: async (contexts) => change(await inner.logProbabilities(contexts), contexts),
    dispose: () => inner.dispose(),
  };
}

describe("checkLanguageModel", () => {
  it("finds nothing wrong with the backends", async () => {
    expect(await broken(letters())).toEqual([]);
    expect(await broken(NgramModel.from("abab.\nba\nb..a\n"))).toEqual([]);
    const stories = await loadLanguageModel("stories");
    const reports = await checkLanguageModel(stories, {
      texts: ["Once upon a time, there was a cat.", "héllo 😀", "x"],
    });
    expect(reports.filter((r) => !r.holds)).toEqual([]);
    await stories.dispose();
  });

  it("finds nothing wrong with a model that is only `logProbabilities`, and programs run on it", async () => {
    expect(await broken(plain())).toEqual([]);
    const [a, b] = [
      await exact(lm("m", plain()).text({ max_tokens: 3 })),
      await exact(lm("m", letters()).text({ max_tokens: 3 })),
    ];
    for (const [text, p] of b) expect(a.get(text)!).toBeCloseTo(p, 6);
  });

  it.each<[string, LanguageModel, string]>([
    [
      "rows that do not sum to one",
      plain((rows) => rows.map((l) => l - 0.1)),
      "a row for each context, and each sums to one",
    ],
    ["NaN", plain((rows) => rows.fill(NaN)), "a row for each context, and each sums to one"],
    [
      "rows in another order",
      plain((rows, c) => (c.length > 1 ? rows.slice().reverse() : rows)),
      "a context alone and in a batch has the same row",
    ],
    ["too few rows", plain((rows) => rows.slice(1)), "a row for each context, and each sums to one"],
    [
      "contexts written to",
      plain((rows, c) => (c.forEach((ids) => ids.fill(0)), rows)),
      "contexts are left as they were",
    ],
    ["work that is not counted", { ...plain(), stats: new ModelStats() }, "work is counted"],
    [
      "limits that are not kept",
      { ...plain(), capabilities: { ...plain().capabilities, maxContext: 9 } },
      "a context that is too long is refused by name (PGLM006)",
    ],
    [
      "an evaluator that answers something else",
      { ...plain(), openEvaluator: (tree) => ({ rows: (nodes) => nodes.map(() => letters().row(tree.last(0))) }) },
      "an evaluator answers what `logProbabilities` answers, whatever it was asked before",
    ],
  ])("catches %s", async (_, model, law) => {
    expect(await broken(model)).toContain(law);
  });
});

import { TableModel, type LanguageModel } from "@pgl/lm";
import { expect, test } from "vitest";
import { expectLanguageModelLaws, LawError, t3, tableModel, Tape } from "../../src/index.js";

test("the table models of random programs keep the laws", async () => {
  for (let i = 0; i < 20; i++) {
    const { table } = tableModel(new Tape(Array.from({ length: 16 }, (_, k) => (i * 37 + k * 11) % 101)));
    await expectLanguageModelLaws(TableModel.from(table), { texts: ["ab.", "bb", "a"] });
  }
  await expectLanguageModelLaws(TableModel.from(t3.table), { texts: ["ab", "bba"] });
});

test("a model whose rows are no distributions is caught", async () => {
  const right = TableModel.from(t3.table);
  const wrong = Object.create(right, {
    openEvaluator: { value: undefined },
    logProbabilities: {
      value: async (contexts: readonly Int32Array[]) => (await right.logProbabilities(contexts)).map((l) => l + 0.1),
    },
  }) as LanguageModel;
  await expect(expectLanguageModelLaws(wrong, { texts: ["ab"] })).rejects.toThrow(LawError);
});

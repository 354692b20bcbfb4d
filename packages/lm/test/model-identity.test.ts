import { expect, test } from "vitest";
import { modelIdentity, sameModel, type LanguageModel } from "../src/index.js";
import { table } from "./tables.js";

const rows = { "": [0.5, 0.3, 0.2], a: [0.1, 0.6, 0.3], b: [0.4, 0.1, 0.5], "a b": [0.2, 0.2, 0.6] };
const model = (changed: Partial<typeof rows> = {}) => table(["a", "b", "</s>"], "</s>", { ...rows, ...changed }, 2);

test("a table is told from another by its rows, those of no and of two tokens too", async () => {
  const identity = await modelIdentity(model());
  expect(sameModel(identity, await modelIdentity(model()))).toBe(true);
  for (const changed of [{ "": [0.3, 0.5, 0.2] }, { a: [0.2, 0.5, 0.3] }, { "a b": [0.6, 0.2, 0.2] }]) {
    const other = await modelIdentity(model(changed));
    expect(sameModel(identity, other)).toBe(false);
    expect(other.vocabulary).toBe(identity.vocabulary);
  }
});

test("a model that does not say what it is made of is known by what it answers", async () => {
  type Rows = Readonly<Record<string, readonly number[]>>;
  const known = (changed: Rows = {}) => {
    const of = table(
      ["a", "b", "</s>"],
      "</s>",
      { "": [0.5, 0.3, 0.2], a: [0.1, 0.6, 0.3], b: [0.4, 0.1, 0.5], "</s>": [1, 0, 0], ...changed },
      1,
    );
    return { ...of, vocabulary: of.vocabulary, logProbabilities: of.logProbabilities.bind(of) } as LanguageModel;
  };
  const identity = await modelIdentity(known());
  expect(sameModel(identity, await modelIdentity(known()))).toBe(true);
  const others: readonly Rows[] = [{ "": [0.3, 0.5, 0.2] }, { b: [0.2, 0.5, 0.3] }];
  for (const changed of others) {
    expect(sameModel(identity, await modelIdentity(known(changed)))).toBe(false);
  }
});

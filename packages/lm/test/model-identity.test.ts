import { expect, test } from "vitest";
import { modelIdentity, sameModel } from "../src/index.js";
import { table } from "./tables.js";

const rows = { "": [0.5, 0.3, 0.2], a: [0.1, 0.6, 0.3], b: [0.4, 0.1, 0.5], "a b": [0.2, 0.2, 0.6] };
const model = (changed: Partial<typeof rows> = {}) => table(["a", "b", "</s>"], "</s>", { ...rows, ...changed }, 2);

test("a model is told from another by its rows, those of no and of two tokens too", async () => {
  const identity = await modelIdentity(model());
  expect(sameModel(identity, await modelIdentity(model()))).toBe(true);
  for (const changed of [{ "": [0.3, 0.5, 0.2] }, { a: [0.2, 0.5, 0.3] }, { "a b": [0.6, 0.2, 0.2] }]) {
    const other = await modelIdentity(model(changed));
    expect(sameModel(identity, other)).toBe(false);
    expect(other.vocabulary).toBe(identity.vocabulary);
  }
});

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LanguageModelError, loadLanguageModel, TableModel } from "../../src/index.js";

const good = {
  tokens: ["a", "b", "</s>"],
  eos: "</s>",
  order: 1,
  rows: { "": [0.5, 0.25, 0.25], a: [0.1, 0.2, 0.7], b: [1 / 3, 1 / 3, 1 / 3] },
};
const messageOf = (change: object): string => {
  try {
    TableModel.from({ ...good, ...change }, "t.json");
  } catch (error) {
    expect(error).toBeInstanceOf(LanguageModelError);
    expect((error as LanguageModelError).code).toBe("PGLM004");
    return (error as LanguageModelError).message;
  }
  return "accepted";
};

describe("table models", () => {
  it("answer the numbers of the file", () => {
    const model = TableModel.from(good);
    expect(Math.exp(model.row([]).logProbability(1))).toBeCloseTo(0.25, 15);
    expect(Math.exp(model.row([1, 0]).logProbability(2))).toBeCloseTo(0.7, 15);
    expect(Math.exp(model.row([1]).logProbability(0))).toBeCloseTo(1 / 3, 15);
  });

  it("look up the last `order` tokens, fewer at the start", () => {
    const rows = {
      "": [1, 0],
      a: [0.9, 0.1],
      b: [0.8, 0.2],
      "a a": [0.7, 0.3],
      "a b": [0.6, 0.4],
      "b a": [0.5, 0.5],
      "b b": [0.4, 0.6],
    };
    const model = TableModel.from({ tokens: ["a", "b"], eos: null, order: 2, rows });
    const p = (...context: number[]): number => Math.exp(model.row(context).logProbability(0));
    expect([p(), p(1), p(0, 1), p(1, 1, 0)]).toEqual([1, 0.8, 0.6, 0.5].map((x) => expect.closeTo(x, 14) as number));
    const unigram = TableModel.from({ tokens: ["a", "b"], eos: null, order: 0, rows: { "": [0.3, 0.7] } });
    expect(Math.exp(unigram.row([0, 1, 1]).logProbability(0))).toBeCloseTo(0.3, 14);
  });

  it("name a missing row", () => {
    const model = TableModel.from(good, "t.json");
    expect(() => model.row([2])).toThrow(/t\.json has no row "<\/s>"/);
    try {
      model.row([2]);
    } catch (error) {
      expect((error as LanguageModelError).code).toBe("PGLM005");
    }
  });

  it.each<[object, RegExp]>([
    [{ tokens: [] }, /`tokens` is empty/],
    [{ tokens: ["a", "a", "</s>"] }, /"a" is there twice/],
    [{ tokens: ["a", "", "</s>"] }, /tokens\[1\]/],
    [{ tokens: "ab" }, /`tokens` must be a list/],
    [{ eos: "b2" }, /`eos`/],
    [{ eos: undefined }, /`eos`/],
    [{ order: -1 }, /`order`/],
    [{ order: 1.5 }, /`order`/],
    [{ rows: [] }, /`rows` must be an object/],
    [{ rows: { "": [0.5, 0.5] } }, /row "" must be a list of 3/],
    [{ rows: { a: [0.5, 0.2, 0.2] } }, /row "a" sums to 0\.8999/],
    [{ rows: { a: [0.5, 0.500002, 0] } }, /row "a" sums to/],
    [{ rows: { a: [1.5, -0.5, 0] } }, /row "a" has 1\.5/],
    [{ rows: { a: [null, 1, 0] } }, /row "a" has null/],
    [{ rows: { "a b": [1, 0, 0] } }, /row "a b" is not the key/],
    [{ rows: { x: [1, 0, 0] } }, /row "x" is not the key/],
    [{ tokens: ["a", "a a", "</s>"], order: 2, rows: { "a a": [1, 0, 0] } }, /more than one sequence/],
    [{ extra: 1 }, /`extra` is not known/],
  ])("refuse %j, saying where", (change, message) => {
    expect(messageOf(change)).toMatch(message);
  });

  it("accept sums within 1e-6, and normalise them", () => {
    const model = TableModel.from({ ...good, rows: { "": [0.5, 0.2500005, 0.25] } });
    const total = [0, 1, 2].reduce((s, id) => s + Math.exp(model.row([]).logProbability(id)), 0);
    expect(total).toBeCloseTo(1, 14);
  });

  it("are read from files, relative to a folder", async () => {
    const directory = mkdtempSync(join(tmpdir(), "pgl-"));
    writeFileSync(join(directory, "t.json"), JSON.stringify(good));
    writeFileSync(join(directory, "broken.json"), "{");
    const model = await loadLanguageModel("table:./t.json", { directory });
    expect(model.vocabulary.size).toBe(3);
    await expect(loadLanguageModel("table:no.json", { directory })).rejects.toMatchObject({
      code: "PGLM003",
      message: expect.stringContaining(join(directory, "no.json")) as string,
    });
    await expect(loadLanguageModel("table:broken.json", { directory })).rejects.toMatchObject({ code: "PGLM004" });
    await model.dispose();
    await expect(model.logProbabilities([new Int32Array(0)])).rejects.toMatchObject({ code: "PGLM015" });
  });
});

describe("specs", () => {
  it.each([
    ["gguf:model.gguf", "PGLM002", /later version/],
    ["openai:http://localhost#m", "PGLM002", /later version/],
    ["story", "PGLM001", /`story`/],
    ["table:", "PGLM001", /no file/],
    ["onnx:nowhere", "PGLM003", /nowhere/],
    ["ngram:nowhere.txt", "PGLM003", /nowhere/],
  ])("%s is refused by name", async (spec, code, message) => {
    await expect(loadLanguageModel(spec)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });
});

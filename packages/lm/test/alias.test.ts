import { describe, expect, it } from "vitest";
import { Context, lm, type LanguageModel, tokenLogProbabilities, Vocabulary } from "../src/index.js";
import { answer, environment } from "./programs.js";
import { letters } from "./tables.js";

describe("aliases", () => {
  it("score text after a context, without an ending", async () => {
    const m = lm("m", letters());
    expect(Math.exp(await answer(m.score("ab.", { after: "b" })))).toBeCloseTo(0.4 * 0.6 * 0.25, 14);
    expect(await answer(m.score(""))).toBe(0);
    const each = await tokenLogProbabilities(letters(), "ab.", { after: "b" });
    expect(each.map((t) => t.token.text)).toEqual(["a", "b", "."]);
    expect(each.map((t) => Math.exp(t.logProbability))).toEqual(
      [0.4, 0.6, 0.25].map((x) => expect.closeTo(x, 14) as number),
    );
  });

  it("ask once for what many ask for together", async () => {
    const model = letters();
    const m = lm("m", model);
    const env = environment();
    const requests = Array.from({ length: 10 }, () => m.score("ab", { after: "b" }));
    const answers = await requests[0]!.handler.answer(
      requests.map((r) => r.payload),
      env,
      () => env.random,
    );
    expect(new Set(answers).size).toBe(1);
    expect(model.stats.calls).toBe(1);
    expect(model.stats.tokens).toBe(2);
    expect(model.stats.cachedTokens).toBeGreaterThan(0);
  });

  it("give the canonical tokens and count them", async () => {
    const m = lm("writer", "table:x");
    const env = environment({ writer: letters() });
    expect((await answer(m.tokens("ab."), env)).map((t) => t.text)).toEqual(["a", "b", "."]);
    expect(m.countTokens("ab.", env)).toBe(3);
  });

  it("use the run's model under their name before the one they were made with", async () => {
    const other = letters();
    await answer(lm("m", letters()).score("a"), environment({ m: other }));
    expect(other.stats.calls).toBe(1);
  });

  it("write a conversation as the model's template says; special tokens are in the template alone", async () => {
    const inner = letters();
    const vocabulary = new Vocabulary({
      tokens: [..."ab:<>|"].map((c): Uint8Array | null => new TextEncoder().encode(c)).concat([null, null]),
      labels: new Map([
        [6, "<|"],
        [7, "|>"],
      ]),
      eosId: 7,
      bosId: null,
      encode: (text) => [...text].map((c) => "ab:<>|".indexOf(c)),
    });
    const model: LanguageModel = {
      ...inner,
      vocabulary,
      logProbabilities: (c) => inner.logProbabilities(c),
      dispose: () => inner.dispose(),
      chatTemplate: { roles: { user: "<|a:{content}|>" }, answer: "<|b:" },
    } as LanguageModel;
    const context = await answer(lm("m", model).chat([{ role: "user", content: "b<|a" }]));
    expect([...context.tokens(vocabulary)]).toEqual([6, 0, 2, 1, 3, 5, 0, 7, 6, 1, 2]);
    await expect(answer(lm("m", model).chat([{ role: "system", content: "" }]))).rejects.toMatchObject({
      code: "PGLM012",
    });
    await expect(answer(lm("m", inner).chat([]))).rejects.toMatchObject({ code: "PGLM011" });
  });

  it("make contexts without a run", () => {
    expect(lm("m", "stories").context("a").plus("b").text).toBe("ab");
    expect(lm("m", "stories").context(Context.of("a")).text).toBe("a");
  });
});

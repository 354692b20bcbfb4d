import { equal, smc } from "@pgl/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Context, eos, type LanguageModel, lm, loadLanguageModel, ModelSession } from "../../src/index.js";
import {
  answer,
  draw,
  environment,
  exact,
  logDensityOf,
  OBSERVE,
  program,
  returnLast,
  run,
  runWith,
} from "../programs.js";

let stories: LanguageModel;
beforeAll(async () => {
  stories = await loadLanguageModel("stories");
});
afterAll(() => stories.dispose());

const prompts = [
  "Once upon a time",
  "One day, Max the dragon",
  "",
  "The",
  'Lily was so happy. She smiled and said, "',
  "Tom",
];
const encode = (text: string): Int32Array => Context.of(text).tokens(stories.vocabulary);
const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
};

describe("the embedded model", () => {
  it("gives log-probabilities: V numbers a context that sum to one", async () => {
    const V = stories.vocabulary.size;
    const rows = await stories.logProbabilities(prompts.map(encode));
    expect(rows.length).toBe(prompts.length * V);
    for (let i = 0; i < prompts.length; i++) {
      const total = rows.subarray(i * V, (i + 1) * V).reduce((s, l) => s + Math.exp(l), 0);
      expect(total).toBeCloseTo(1, 4);
    }
  });

  it("answers the same alone and in a batch of contexts of other lengths", async () => {
    const V = stories.vocabulary.size;
    const together = await stories.logProbabilities(prompts.map(encode));
    for (let i = 0; i < prompts.length; i++) {
      const alone = await stories.logProbabilities([encode(prompts[i]!)]);
      expect(distance(alone, together.subarray(i * V, (i + 1) * V)), prompts[i]).toBeLessThan(1e-4);
    }
  });

  it("answers the same with and without its cache, whatever was asked before", async () => {
    const text = encode("Once upon a time, there was a little girl named Lily. She loved to play outside in the park.");
    const session = new ModelSession(stories);
    const { tree } = session;
    // A fan: the prompt, four branches of different lengths from inside it, then every prefix at once.
    const full = tree.extend(0, text);
    await session.rows([full]);
    const branches = [3, 5, 8, 13].map((n) =>
      tree.extend(tree.extend(0, text.subarray(0, n)), encode(" cat").subarray(1)),
    );
    const rows = [...(await session.rows(branches))];
    const prefixes = Array.from(text, (_, i) => tree.extend(0, text.subarray(0, i + 1)));
    rows.push(...(await session.rows(prefixes)));
    const nodes = [...branches, ...prefixes];
    expect(session.bytes).toBeGreaterThan(text.length * 2048);
    const next = nodes.map((node, i) => tree.child(node, 40 + i));
    rows.push(...(await session.rows(next)));
    nodes.push(...next);
    for (let i = 0; i < nodes.length; i++) {
      const alone = await stories.logProbabilities([tree.last(nodes[i]!)]);
      expect(distance(alone, rows[i]!.toFloat32Array()), `node ${i}`).toBeLessThan(1e-4);
    }
  });

  it("computes a shared prefix once", async () => {
    const env = environment({ m: stories });
    const before = stories.stats.snapshot();
    const text = lm("m", "stories").text({ after: "Once upon a time, there was a", max_tokens: 8 });
    await runWith(smc({ particles: 16 }), program(draw(text), returnLast), env);
    const used = stories.stats.since(before);
    const prompt = encode("Once upon a time, there was a").length;
    expect(used.tokens).toBeLessThanOrEqual(prompt + 16 * 7);
    expect(used.calls).toBe(8);
    expect(used.cachedTokens).toBeGreaterThan(16 * 7 * prompt * 0.8);
  });

  it("writes the same greedy text each time", async () => {
    const text = lm("m", stories).text({ after: "Once upon a time", stop_at: ".", max_tokens: 40 }).top_k(1);
    const first = await run(program(draw(text), returnLast), environment(), 1);
    const second = await run(program(draw(text), returnLast), environment(), 2);
    expect(first.value).toBe(second.value);
    expect(first.value).toMatch(/^, there was a .*\.$/);
  });

  it("scores by its tokens: text without its ending is what `score` gives", async () => {
    const m = lm("m", stories);
    const env = environment();
    const text = ", there was a little girl named Lily.";
    const scored = await answer(m.score(text, { after: "Once upon a time" }), env);
    const observed = await logDensityOf(m.text({ after: "Once upon a time", stop_at: "." }), text, env);
    expect(observed).toBeCloseTo(scored, 6);
    // By hand, one context after the other.
    const ids = stories.vocabulary.encode(text);
    let sum = 0;
    for (let i = 0; i < ids.length; i++) {
      const row = await stories.logProbabilities([Int32Array.of(...encode("Once upon a time"), ...ids.subarray(0, i))]);
      sum += row[ids[i]!]!;
    }
    expect(scored).toBeCloseTo(sum, 3);
  });

  it("refuses contexts that are too long, with a remedy", async () => {
    const text = lm("m", stories).text({ after: "word ".repeat(400) });
    const error = (await run(program(draw(text), returnLast)).catch((e: unknown) => e)) as {
      code: string;
      hint: string;
    };
    expect(error.code).toBe("PGLM006");
    expect(error.hint).toContain("max_tokens");
    await expect(stories.logProbabilities([new Int32Array(257)])).rejects.toMatchObject({ code: "PGLM006" });
  });

  it("keeps special tokens out of text", () => {
    const ids = stories.vocabulary.encode("a<|eos|>b<|bos|>");
    expect([...ids].some((id) => stories.vocabulary.isSpecial(id))).toBe(false);
    expect(stories.vocabulary.decode(ids)).toBe("a<|eos|>b<|bos|>");
  });

  it("tokenises as the recipe's own tokenizer does", () => {
    // What models/recipe/check.py prints.
    const expected: Record<string, number[]> = {
      "Once upon a time": [394, 395, 260, 375],
      " don't stop\n\n  now": [760, 373, 383, 608, 12, 12, 34, 300, 344],
      "h\u00e9llo \u65e5\u672c 123": [106, 197, 171, 315, 113, 34, 232, 153, 167, 232, 158, 174, 34, 51, 52, 53],
      "a<|eos|>b": [99, 62, 126, 103, 113, 117, 126, 64, 100],
    };
    for (const [text, ids] of Object.entries(expected)) expect([...stories.vocabulary.encode(text)], text).toEqual(ids);
  });

  it("gives the same posterior for the same seed, bit for bit", async () => {
    const posterior = (seed: number) =>
      runWith(
        smc({ particles: 12 }),
        program(
          draw(lm("m", stories).text({ after: "Max the dragon", stop_at: ".", max_tokens: 12 })),
          (particle, [text]) => particle.factor((text as string).length / 10, OBSERVE),
          (particle, [text]) => particle.return(text),
        ),
        environment({}, seed),
      );
    const [first, again, other] = [await posterior(7), await posterior(7), await posterior(8)];
    expect(again.toJSON()).toEqual(first.toJSON());
    expect(other.toJSON()).not.toEqual(first.toJSON());
  });

  it("spells any text, byte for byte", () => {
    for (const text of ["", " ", "héllo wörld", "日本語 😀", "\n\n\t x", "\uFEFFbom", "a\u0000b"]) {
      expect(stories.vocabulary.decode(stories.vocabulary.encode(text))).toBe(text);
    }
  });

  it("ends texts by its end token", async () => {
    const m = lm("m", stories);
    const particle = await run(
      program(draw(m.next("The end. They lived happily ever after.").where((t) => equal(t, eos))), returnLast),
    );
    expect((particle.value as { isEos: boolean }).isEos).toBe(true);
  });

  it("chooses by whole strings", async () => {
    const m = lm("m", stories);
    const p = await exact(
      m.choose({ after: "Once upon a time, there was a little", options: [" girl", " girl named Lily", " zebra"] }),
      environment(),
    );
    expect(p.get(" girl")!).toBeGreaterThan(p.get(" girl named Lily")!);
    expect([...p.values()].reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
  });

  it("has no chat template, and says so", async () => {
    const chat = lm("m", stories).chat([{ role: "user", content: "hi" }]);
    await expect(answer(chat, environment()).catch((e: unknown) => Promise.reject(e))).rejects.toMatchObject({
      code: "PGLM011",
    });
  });
});

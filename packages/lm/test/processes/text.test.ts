import fc from "fast-check";
import { enumerate, smc } from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import { lm, type SpanOptions, type TableModel } from "../../src/index.js";
import {
  DRAW,
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
import { allNames, letters, lookUp, randomTable, table } from "../tables.js";

/** Every span by brute force: all token sequences, cut by looking at the decoded text after each token. */
function spans(model: TableModel, options: SpanOptions, after: readonly string[] = []): Map<string, number> {
  const names = allNames(model);
  const eos = model.vocabulary.eosId === null ? null : names[model.vocabulary.eosId]!;
  const keep = [options.stop_at ?? []].flat();
  const drop = [options.stop_before ?? []].flat();
  const max = options.max_tokens ?? 64;
  const found = new Map<string, number>();
  const add = (text: string, p: number): void => void found.set(text, (found.get(text) ?? 0) + p);
  const go = (path: readonly string[], p: number): void => {
    const text = path.join("");
    // Where each stop string is complete for the first time, in characters.
    const ends = [...keep.map((s) => [s, true] as const), ...drop.map((s) => [s, false] as const)]
      .map(([s, kept]) => ({
        end: text.indexOf(s) < 0 ? Infinity : text.indexOf(s) + s.length,
        length: s.length,
        kept,
      }))
      .filter((e) => e.end < Infinity)
      .sort((a, b) => a.end - b.end || b.length - a.length);
    if (ends.length > 0) return add(text.slice(0, ends[0]!.kept ? ends[0]!.end : ends[0]!.end - ends[0]!.length), p);
    if (path.length === max) return options.must_stop ? undefined : add(text, p);
    for (const token of names) {
      const q = lookUp(model, [token], [...after, ...path]);
      if (q === 0) continue;
      if (token === eos) add(text, p * q);
      else go([...path, token], p * q);
    }
  };
  go([], 1);
  return found;
}

function expectSame(actual: ReadonlyMap<string, number>, expected: ReadonlyMap<string, number>, digits = 12): void {
  expect(new Set(actual.keys())).toEqual(new Set([...expected].filter(([, p]) => p > 0).map(([s]) => s)));
  for (const [text, p] of expected) expect(actual.get(text) ?? 0, JSON.stringify(text)).toBeCloseTo(p, digits);
}

const optionSets: SpanOptions[] = [
  { max_tokens: 3 },
  { max_tokens: 4, stop_at: "." },
  { max_tokens: 4, stop_before: "." },
  { max_tokens: 4, stop_at: ["ab", "."] },
  { max_tokens: 4, stop_before: ["ba", "a."] },
  { max_tokens: 4, stop_at: "b", stop_before: ["ab", "aa"] },
  { max_tokens: 3, stop_at: ".", must_stop: true },
  { max_tokens: 3, stop_before: ["bb", "b."], must_stop: true },
  { max_tokens: 1 },
];

describe("text spans", () => {
  it.each(optionSets)("draw what brute force counts: %j", async (options) => {
    const model = letters();
    expectSame(await exact(lm("m", model).text({ after: "ba", ...options })), spans(model, options, ["b", "a"]));
  });

  it("draw what brute force counts, on random tables whose tokens overlap stop strings", async () => {
    await fc.assert(
      fc.asyncProperty(
        randomTable(["a", "b", "ab", ".b", "$"], "$"),
        fc.constantFrom(...optionSets),
        async (model, options) => {
          expectSame(await exact(lm("m", model).text(options)), spans(model, options));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("have the density of the draws when every string has one tokenisation", async () => {
    await fc.assert(
      fc.asyncProperty(
        randomTable(["a", "b", ".", "$"], "$"),
        fc.constantFrom(...optionSets),
        async (model, options) => {
          const process = lm("m", model).text(options);
          const env = environment();
          for (const [text, p] of await exact(process, env)) {
            expect(Math.exp(await logDensityOf(process, text, env)), JSON.stringify(text)).toBeCloseTo(p, 12);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it("give strings that cannot come out probability zero", async () => {
    const m = lm("m", letters());
    const text = m.text({ stop_at: ".", max_tokens: 3 });
    expect(await logDensityOf(text, "a.b")).toBe(-Infinity);
    expect(await logDensityOf(text, "abab")).toBe(-Infinity);
    expect(await logDensityOf(text, "xyz")).toBe(-Infinity);
    expect(await logDensityOf(m.text({ stop_before: ".", max_tokens: 3 }), "a.")).toBe(-Infinity);
    expect(await logDensityOf(m.text({ stop_at: ".", max_tokens: 3, must_stop: true }), "aba")).toBe(-Infinity);
  });

  it("count the end token for a string that ends by it, and nothing for one cut at max_tokens", async () => {
    const model = letters();
    const text = lm("m", model).text({ max_tokens: 3 });
    expect(Math.exp(await logDensityOf(text, "ab"))).toBeCloseTo(0.5 * 0.6 * 0.25, 14);
    expect(Math.exp(await logDensityOf(text, "aba"))).toBeCloseTo(0.5 * 0.6 * 0.4, 14);
    expect(Math.exp(await logDensityOf(text, ""))).toBeCloseTo(0.1, 14);
  });

  it("score canonically where tokens overlap: the difference to drawing is the uncanonical part", async () => {
    const model = table(["a", "b", "ab", "$"], "$", {
      "": [0.4, 0.1, 0.3, 0.2],
      a: [0.1, 0.5, 0.1, 0.3],
      b: [0.2, 0.2, 0.2, 0.4],
      ab: [0.1, 0.1, 0.1, 0.7],
      $: [0.25, 0.25, 0.25, 0.25],
    });
    const process = lm("m", model).text({ max_tokens: 3 });
    expect(Math.exp(await logDensityOf(process, "ab"))).toBeCloseTo(0.3 * 0.7, 14);
    expect((await exact(process)).get("ab")).toBeCloseTo(0.3 * 0.7 + 0.4 * 0.5 * 0.4, 14);
  });

  it("record one draw under their site with its log-probability", async () => {
    const particle = await run(program(draw(lm("m", letters()).text({ max_tokens: 3 })), returnLast), undefined, 5);
    const text = particle.value as string;
    expect(particle.trace!.value).toBe(text);
    expect(particle.trace!.previous).toBeNull();
    expect(particle.trace!.logDensity).toBeCloseTo(
      await logDensityOf(lm("m", letters()).text({ max_tokens: 3 }), text),
      12,
    );
  });

  it("weigh proposals by the ratio of each token: the target stays what it is", async () => {
    const target = letters();
    const other = table(allNames(target), "</s>", {
      "": [0.25, 0.25, 0.25, 0.25],
      a: [0.25, 0.25, 0.25, 0.25],
      b: [0.7, 0.1, 0.1, 0.1],
      ".": [0.1, 0.2, 0.3, 0.4],
      "</s>": [0.25, 0.25, 0.25, 0.25],
    });
    const text = lm("m", target).text({ stop_at: ".", max_tokens: 2 });
    const posterior = await runWith(
      smc({ particles: 20000, ess: 0 }),
      program(draw(text, lm("q", other).text({})), returnLast),
    );
    expect(posterior.logZ.estimate).toBeCloseTo(0, 1);
    for (const [value, p] of spans(target, { stop_at: ".", max_tokens: 2 })) {
      const found = posterior.atoms.find((a) => a.value === value)?.weight ?? 0;
      expect(Math.abs(found - p), value).toBeLessThan(0.02);
    }
  });

  it("refuse proposals that are no texts, stop otherwise, or have other tokens", async () => {
    const m = lm("m", letters());
    const text = m.text({ stop_at: ".", max_tokens: 2 });
    const code = (error: unknown): string => (error as { code: string }).code;
    for (const [proposal, expected] of [
      [m.choose({ options: ["a"] }), "PGLM014"],
      [m.text({ max_tokens: 3 }), "PGLM014"],
      [lm("q", table(["a", "b"], null, { "": [0.5, 0.5] }, 0)).text({}), "PGLM010"],
    ] as const) {
      const error = await run(program(draw(text, proposal), returnLast)).catch((e: unknown) => e);
      expect(code(error)).toBe(expected);
    }
  });

  it("temper and cut each token's distribution", async () => {
    const model = letters();
    const cold = await exact(lm("m", model).text({ max_tokens: 2 }).tempered(0.5));
    const square = (row: readonly number[]): number[] => row.map((p) => p ** 2 / row.reduce((s, q) => s + q * q, 0));
    const first = square([0.5, 0.3, 0.1, 0.1]);
    const afterA = square([0.1, 0.6, 0.2, 0.1]);
    expect(cold.get("ab")).toBeCloseTo(first[0]! * afterA[1]!, 14);
    const greedy = await exact(lm("m", model).text({ max_tokens: 4 }).top_k(1));
    expect([...greedy]).toEqual([["abab", 1]]);
    const nucleus = await exact(lm("m", model).text({ max_tokens: 1 }).top_p(0.8));
    expect(nucleus.get("a")).toBeCloseTo(0.625, 14);
    expect(nucleus.get("b")).toBeCloseTo(0.375, 14);
    const process = lm("m", model).text({ max_tokens: 2 }).tempered(0.5);
    expect(Math.exp(await logDensityOf(process, "ab"))).toBeCloseTo(first[0]! * afterA[1]!, 14);
  });

  it("mix: a part is drawn, the density is the weighted sum", async () => {
    const m = lm("m", letters());
    const a = m.text({ after: "a", max_tokens: 2 });
    const b = m.text({ after: "b", max_tokens: 2 });
    const mixed = a.mix([1, 3], [a, b])!;
    const [pa, pb] = [await exact(a), await exact(b)];
    for (const [text, p] of await exact(mixed)) {
      expect(p).toBeCloseTo(0.25 * (pa.get(text) ?? 0) + 0.75 * (pb.get(text) ?? 0), 12);
      expect(Math.exp(await logDensityOf(mixed, text))).toBeCloseTo(p, 12);
    }
  });

  it("continue from the text: what follows a cut token reads the cut text", async () => {
    // The only token that draws "." carries an "x" that the stop string cuts off.
    const model = table(["a", ".x", ".", "$"], "$", {
      "": [1, 0, 0, 0],
      a: [0, 1, 0, 0],
      ".x": [0, 0, 0, 1],
      ".": [1, 0, 0, 0],
      $: [0, 0, 0, 1],
    });
    const m = lm("m", model);
    const first = await exact(m.text({ stop_at: "." }));
    expect([...first]).toEqual([["a.", 1]]);
    expect([...(await exact(m.text({ after: "a.", max_tokens: 1 })))]).toEqual([["a", 1]]);
  });

  it("leave out characters that are not whole", async () => {
    const model = letters();
    const smile = new TextEncoder().encode("é");
    expect(smile.length).toBe(2);
    // Byte tokens need a vocabulary of bytes: the rule alone is looked at here.
    const { SpanRule, Vocabulary } = await import("../../src/index.js");
    const bytes = new Vocabulary({
      tokens: Array.from({ length: 256 }, (_, b) => Uint8Array.of(b)),
      eosId: null,
      bosId: null,
      encode: (text) => [...new TextEncoder().encode(text)],
    });
    const rule = SpanRule.of({ max_tokens: 8 });
    expect(rule.textOf(bytes, [0x61, 0xc3])).toBe("a");
    expect(rule.textOf(bytes, [0xa9, 0x61, 0xc3, 0xa9])).toBe("aé");
    expect(rule.textOf(bytes, [0x61, 0xff, 0x62])).toBe("a\uFFFDb");
    expect(model.vocabulary.size).toBe(4);
  });

  it("condition on an ending with must_stop: the evidence is its probability", async () => {
    const model = letters();
    const options: SpanOptions = { stop_at: ".", max_tokens: 3, must_stop: true };
    const posterior = await runWith(
      enumerate({ tolerance: 0 }),
      program(draw(lm("m", model).text(options)), returnLast),
    );
    const total = [...spans(model, options).values()].reduce((a, b) => a + b, 0);
    expect(Math.exp(posterior.logZ.estimate!)).toBeCloseTo(total, 12);
    expect(total).toBeLessThan(1);
  });

  it("refuse what cannot be meant", async () => {
    const m = lm("m", letters());
    const code = (f: () => unknown): string => {
      try {
        f();
      } catch (error) {
        return (error as { code: string }).code;
      }
      return "none";
    };
    expect(code(() => m.text({ max_tokens: 0 }))).toBe("PGLM012");
    expect(code(() => m.text({ max_tokens: 1.5 }))).toBe("PGLM012");
    expect(code(() => m.text({ stop_at: "" }))).toBe("PGLM012");
    expect(code(() => m.text({ stop_at: "a", stop_before: "a" }))).toBe("PGLM012");
    expect(code(() => m.text({ stopp: "a" } as SpanOptions))).toBe("PGLM012");
    const endless = lm("e", table(["a"], null, { "": [1] }, 0)).text({ must_stop: true });
    await expect(run(program(draw(endless), returnLast))).rejects.toMatchObject({ code: "PGLM013" });
  });

  it("are copied rightly: resampling at every token leaves the target as it is", async () => {
    const model = letters();
    const steered = program(
      draw(lm("m", model).text({ stop_at: ".", max_tokens: 4 })),
      (particle, [text]) => particle.factor((text as string).includes("bb") ? 0 : -2, OBSERVE),
      (particle, [text]) => particle.sample(lm("m", model).text({ after: text as string, max_tokens: 1 }), DRAW),
      (particle, [text, , more]) => particle.return(`${text as string}|${more as string}`),
    );
    const exactly = await runWith(enumerate({ tolerance: 0 }), steered);
    const sampled = await runWith(smc({ particles: 20_000, ess: 1 }), steered);
    expect(sampled.logZ.estimate!).toBeCloseTo(exactly.logZ.estimate!, 1);
    for (const { value, weight } of exactly.atoms.slice(0, 20)) {
      expect(
        Math.abs((sampled.atoms.find((a) => a.value === value)?.weight ?? 0) - weight),
        value as string,
      ).toBeLessThan(0.015);
    }
  });

  it("are asked for once a population step, identical contexts once", async () => {
    const model = letters();
    await runWith(smc({ particles: 50 }), program(draw(lm("m", model).text({ max_tokens: 3 })), returnLast));
    expect(model.stats.calls).toBe(3);
    // The empty context, and at most three and nine different ones after it.
    expect(model.stats.tokens).toBeLessThanOrEqual(1 + 3 + 9);
  });

  it("weigh an observed text by its density", async () => {
    const text = lm("m", letters()).text({ max_tokens: 3 });
    const posterior = await runWith(
      enumerate(),
      program(
        (particle) => particle.observe(text, "ab", OBSERVE),
        (particle) => particle.return("done"),
      ),
    );
    expect(Math.exp(posterior.logZ.estimate!)).toBeCloseTo(0.5 * 0.6 * 0.25, 14);
  });
});

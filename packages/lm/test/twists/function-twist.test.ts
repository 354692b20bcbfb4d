import { constraint } from "@pgl/constraints";
import { fc, test as property } from "@fast-check/vitest";
import {
  alive,
  enumerate,
  importance,
  type Model,
  particleGibbs,
  RunEnvironment,
  RunError,
  seeded,
  smc,
} from "@pgl/runtime";
import { enumerateOutcomes, expectProperlyWeighted } from "@pgl/testing";
import { describe, expect, test } from "vitest";
import { LogRow, lm, TableModel, type TextOptions, TokenDistribution } from "../../src/index.js";
import { restrictTokens, SomeTokens } from "../../src/guided/restricted.js";
import { TokenMask } from "../../src/guided/token-mask.js";
import { Candidates } from "../../src/twists/candidates.js";
import { draw, OBSERVE, program, returnLast, runWith } from "../programs.js";
import { byteModel } from "../guided/spans.js";
import { randomTable, table } from "../tables.js";

/** A number between -2 and 2 that looks random but is a function of the text; zeros of ψ at some of them. */
const hashed = (text: string, salt: number, hasZeros: boolean): number => {
  let h = salt | 0;
  for (const char of text) h = Math.imul(h ^ char.codePointAt(0)!, 0x9e3779b1) ^ (h >>> 13);
  const u = ((h >>> 0) % 1000) / 1000;
  return hasZeros && u < 0.4 ? -Infinity : 4 * u - 2;
};

describe("a function of the text as its twist", () => {
  const tables = randomTable(["a", "b", "</s>"], "</s>");
  const methods = [
    smc({ particles: 2, ess: 1, resampler: "multinomial" }),
    smc({ particles: 2, ess: 0.9 }),
    importance({ samples: 1 }),
  ];

  property.prop(
    [tables, fc.integer(), fc.boolean(), fc.boolean(), fc.integer({ min: 1, max: 3 }), fc.nat(2), fc.boolean()],
    { numRuns: 8, seed: 3 },
  )(
    "leaves the measure as it is, whatever it says and of how many tokens",
    async (model, salt, isConditioned, hasZeros, shortlist, m, isTempered) => {
      const plain = lm("m", model).text({
        max_tokens: 2,
        twist: (text) => hashed(text, salt, hasZeros),
        shortlist,
        matching: isConditioned ? constraint.regex("a?b?") : undefined,
      });
      await expectProperlyWeighted({
        program: program(
          draw(isTempered ? plain.tempered(2) : plain),
          // What is said after the span meets the twist of the finished one.
          (particle, [text]) => particle.factor((text as string).endsWith("b") ? 1 : 0, OBSERVE),
          (particle, [text]) => particle.return(text),
        ),
        method: methods[m]!,
        maxOutcomes: 400_000,
      });
    },
  );

  property.prop([tables, fc.integer(), fc.integer({ min: 1, max: 2 })], { numRuns: 10, seed: 1 })(
    "stands beside a proposal and other twists",
    async (model, salt, shortlist) => {
      const even = TableModel.from({
        tokens: ["a", "b", "</s>"],
        eos: "</s>",
        order: 0,
        rows: { "": [0.3, 0.3, 0.4] },
      });
      const twist = (text: string): number => hashed(text, salt, true);
      const text = lm("m", model).text({ max_tokens: 2, twist, shortlist, matching: constraint.regex("[ab]*") });
      await expectProperlyWeighted({
        program: program(
          (particle) => particle.twist(0.7, OBSERVE),
          draw(text, lm("q", even).text()),
          (particle) => particle.twist(-1, OBSERVE),
          (particle, [, text]) => particle.return(text),
        ),
        method: smc({ particles: 1 }),
      });
    },
  );

  const letters = table(["a", "b", "c", "</s>"], "</s>", {
    "": [0.6, 0.3, 0.1, 0],
    a: [0.2, 0.5, 0.2, 0.1],
    b: [0.6, 0.1, 0.2, 0.1],
    c: [0.5, 0.2, 0.2, 0.1],
    "</s>": [0, 0, 0, 1],
  });

  /** Mean and variance of Ẑ over all outcomes of a method. */
  const moments = async (model: Model<[], unknown>, particles: number): Promise<{ mean: number; variance: number }> => {
    const outcomes = await enumerateOutcomes(
      (random) =>
        smc({ particles, ess: 0.9 }).run(
          { name: "t", model, arguments: [], start: () => model.start() },
          new RunEnvironment(new Map(), random),
        ),
      { maxOutcomes: 400_000 },
    );
    let [mean, square] = [0, 0];
    for (const { value, probability } of outcomes) {
      const z = Math.exp(value.logZ.estimate!);
      mean += probability * z;
      square += probability * z * z;
    }
    return { mean, variance: square - mean * mean };
  };

  test("takes most of the variance of a weight that it foresees, more with a longer shortlist", async () => {
    const bs = (text: string): number => 1.5 * (text.split("b").length - 1);
    const weighed = (options: TextOptions): Model<[], unknown> =>
      program(
        draw(lm("m", letters).text({ max_tokens: 2, ...options })),
        (particle, [text]) => particle.factor(bs(text as string), OBSERVE),
        (particle, [text]) => particle.return(text),
      );
    const all: Model<[], unknown>[] = [{}, { twist: bs, shortlist: 1 }, { twist: bs }].map(weighed);
    const found = new Map<number, number[]>();
    for (const particles of [1, 2]) {
      const runs: { mean: number; variance: number }[] = [];
      for (const model of all) runs.push(await moments(model, particles));
      for (const { mean } of runs) expect(mean).toBeCloseTo(runs[0]!.mean, 10);
      found.set(
        particles,
        runs.map(({ mean, variance }) => Math.round((variance / mean ** 2) * 1000) / 1000),
      );
    }
    // docs/twists.md has these numbers.
    expect(found.get(1)).toEqual([0.85, 0.712, 0.12]);
    expect(found.get(2)).toEqual([0.425, 0.355, 0.06]);
  });

  test("is right for particle Gibbs and alive, which keep and repeat executions", async () => {
    const bs = (text: string): number => text.split("b").length - 1;
    const model = program(
      draw(lm("m", letters).text({ max_tokens: 2, twist: bs, shortlist: 2, matching: constraint.regex("[ab]*") })),
      (particle, [text]) => particle.factor(bs(text as string), OBSERVE),
      (particle, [text]) => particle.return(text),
    );
    const truth = await runWith(enumerate({ tolerance: 0 }), model);
    for (const method of [particleGibbs({ particles: 3, sweeps: 1000 }), alive({ particles: 2000 })]) {
      const posterior = await runWith(method, model, new RunEnvironment(new Map(), seeded(4)));
      for (const text of ["aa", "ab", "ba", "bb"]) {
        const p = truth.probability((value) => value === text);
        expect(Math.abs(posterior.probability((value) => value === text) - p)).toBeLessThan(0.05);
      }
    }
  });

  test("is asked for the likeliest tokens that may be drawn, once for each beginning", async () => {
    const asked: string[] = [];
    const twist = (text: string): number => {
      asked.push(text);
      return 0;
    };
    const text = lm("m", letters).text({ max_tokens: 1, twist, shortlist: 1, matching: constraint.regex("[bc]") });
    await runWith(smc({ particles: 8 }), program(draw(text), returnLast));
    expect(asked).toEqual(["", "b"]);
  });

  test("is shared by the draws that are given the same function", async () => {
    let asked = 0;
    const twist = (): number => ++asked * 0;
    const anew = program(
      (particle) => particle.sample(lm("m", letters).text({ max_tokens: 1, twist }), OBSERVE),
      returnLast,
    );
    await runWith(smc({ particles: 50 }), anew);
    expect(asked).toBe(4);
  });

  test("sees the text that the stopping rule makes, without half a character", async () => {
    const seen = new Set<string>();
    const twist = (text: string): number => {
      seen.add(text);
      return text.includes("é") ? 1 : 0;
    };
    const after: Readonly<Record<number, readonly number[]>> = { [-1]: [1, 0, 0], 0: [0, 1, 0], 1: [1, 0, 1] };
    const model = byteModel([[0xc3], [0xa9], [0x2e]], null, (last) => after[last]!);
    const text = lm("m", model).text({ max_tokens: 4, stop_before: ".", twist });
    await runWith(smc({ particles: 20 }), program(draw(text), returnLast), new RunEnvironment(new Map(), seeded(1)));
    expect([...seen].sort()).toEqual(["", "é", "éé"]);
  });

  test.each([
    [NaN, /twist of the text "" is NaN/],
    [Infinity, /twist of the text "" is Infinity/],
    ["x", /is no number, but a string/],
    [Promise.resolve(0), /is no number, but a promise/],
  ])("that answers %s is an error with its place", async (value, message) => {
    const text = lm("m", letters).text({ max_tokens: 2, twist: () => value as number });
    const failed = await runWith(smc({ particles: 2 }), program(draw(text), returnLast)).catch((e: unknown) => e);
    expect(failed).toBeInstanceOf(RunError);
    expect(failed).toMatchObject({ code: "PGLR062", site: { name: "x" } });
    expect((failed as Error).message).toMatch(message);
  });

  test("may be -inf everywhere", async () => {
    const text = lm("m", letters).text({ max_tokens: 2, twist: () => -Infinity });
    const posterior = await runWith(smc({ particles: 4 }), program(draw(text), returnLast));
    expect(posterior.logZ.estimate).toBeCloseTo(0, 12);
  });

  test("is refused where it cannot be followed", () => {
    const twist = (): number => 0;
    const of = (options: TextOptions) => () => lm("m", letters).text(options);
    expect(of({ twist, shortlist: 0 })).toThrow(/shortlist/);
    expect(of({ shortlist: 3 })).toThrow(/no function/);
    expect(of({ twist: "none", shortlist: 3 })).toThrow(/no function/);
    expect(of({ twist, guide: "awrs" })).toThrow(/awrs/);
    expect(of({ twist: { kind: "closure", enter: () => null } as never })).toThrow(/function of the text/);
    expect(() => lm("m", letters).text().draw(OBSERVE, lm("q", letters).text({ twist }))).toThrow(/proposed from/);
  });
});

test("the likeliest of what a mask leaves", () => {
  const { vocabulary } = table(["a", "b", "c", "d", "</s>"], "</s>", { "": [0.2, 0.2, 0.2, 0.2, 0.2] }, 0);
  const row = (...p: number[]): LogRow => new LogRow(Float64Array.from(p, Math.log));
  const likeliest = (d: TokenDistribution, mask: TokenMask | null, k: number, least: number): number[] => {
    const left = mask === null ? d : restrictTokens(d, mask).tokens!;
    return [...new Candidates(vocabulary, left).likeliest(k, least)];
  };
  const all = new TokenDistribution(vocabulary, row(0.1, 0.4, 0.1, 0.4, 0));
  expect(likeliest(all, null, 3, 0.01)).toEqual([0, 1, 3]);
  expect(likeliest(all, null, 9, 0.01)).toEqual([0, 1, 2, 3]);
  expect(likeliest(all, null, 9, 0.2)).toEqual([1, 3]);
  // Of 0.1, 0.1 and 0.4: a sixth, a sixth and two thirds.
  const mask = TokenMask.allBut([1, 4], 5);
  expect(restrictTokens(all, mask).tokens).toBeInstanceOf(SomeTokens);
  expect(likeliest(all, mask, 2, 0.01)).toEqual([0, 3]);
  expect(likeliest(all, mask, 3, 0.16)).toEqual([0, 2, 3]);
  expect(likeliest(all, mask, 3, 0.17)).toEqual([3]);
  const some = new TokenDistribution(vocabulary, row(0.2, 0.5, 0.3), Int32Array.of(0, 2, 4));
  expect(likeliest(some, TokenMask.allBut([2], 5), 5, 0.01)).toEqual([0, 4]);
});

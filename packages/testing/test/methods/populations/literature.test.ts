import { categorical, enumerate, resamplers, seeded } from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import { enumerateOutcomes, expectInvariantKernel, runMethod, t3 } from "../../../src/index.js";
import { scriptModel, type Script } from "../../script-model.js";
import { byCounts } from "./by-counts.js";
import { executionsOf, runBlocks, type Execution, type Subject } from "./executions.js";
import { t3Model, type Proposing, type Twisting } from "./t3-models.js";

// Numbers of the literature's methods on T3, by exhaustive enumeration. Laws are over aaa, aab, aba, abb, baa, bab, bba, bbb.

const texts = t3.strings.map(({ text }) => text);
const bs = (s: string): number => [...s].filter((c) => c === "b").length;
/** What a step scorer says of a prefix. */
const reward = (s: string): number => (1 + bs(s)) / (2 + s.length);

/** T3 without its potential, each prefix weighed by a step scorer, and once more at the end. */
const scored = (weigh: (prefix: string) => number, last: (text: string) => number = () => 0): Subject => ({
  program: scriptModel("scored", (s: Script) => {
    let text = "";
    for (let i = 0; i < t3.steps; i++) {
      const row = [...t3.table.rows[text.slice(-1)]!];
      text += t3.table.tokens[s.sample(`t${i}`, categorical(row)) as number]!;
      s.factor(weigh(text));
    }
    s.factor(last(text));
    return text;
  }),
});

const odds = (s: string): number => Math.log(reward(s) / (1 - reward(s)));
const scorers: Record<string, Subject> = {
  prob: scored((s) => Math.log(reward(s))),
  odds: scored(odds),
  exp: scored(reward),
  // r_t / r_{t−1}: what is left in the end is r_T.
  twisted: scored((s) => Math.log(reward(s)) - (s.length === 1 ? 0 : Math.log(reward(s.slice(0, -1))))),
  "odds, the last one counted twice": scored(odds, odds),
};

describe("the three weightings of a step scorer, and two more, are different targets", () => {
  const laws: Record<string, readonly number[]> = {
    prob: [0.03067, 0.026288, 0.015022, 0.090131, 0.046735, 0.030044, 0.120175, 0.640935],
    odds: [0.001747, 0.001996, 0.001711, 0.0154, 0.010647, 0.010267, 0.082134, 0.876098],
    exp: [0.130092, 0.068098, 0.024983, 0.122056, 0.054236, 0.02839, 0.097211, 0.474934],
    twisted: [0.12, 0.102857, 0.029388, 0.176327, 0.045714, 0.029388, 0.078367, 0.417959],
    "odds, the last one counted twice": [0.000119, 0.000362, 0.00031, 0.006284, 0.001931, 0.004189, 0.033514, 0.953291],
  };
  for (const [name, law] of Object.entries(laws)) {
    test(name, async () => {
      const posterior = await runMethod(scorers[name]!, enumerate(), seeded(1));
      texts.forEach((text, i) =>
        expect(
          posterior.probability((x) => x === text),
          text,
        ).toBeCloseTo(law[i]!, 6),
      );
    });
  }
});

/** The law of the execution that a run of the blocks returns, not weighed by Ẑ. */
async function lawOfReturned(subject: Subject, particles: number, after: (step: number) => boolean): Promise<number[]> {
  const law = texts.map(() => 0);
  const outcomes = await enumerateOutcomes(
    async (random) => (await runBlocks(subject, null, particles, byCounts, after, random)).picked!.value,
  );
  for (const { value, probability } of outcomes) law[texts.indexOf(value as string)]! += probability;
  return law;
}

test("two particles by odds, resampled at the first two steps: the law of what is returned", async () => {
  const law = await lawOfReturned(scorers["odds"]!, 2, (step) => step < 3);
  const expected = [0.128877, 0.086375, 0.026534, 0.155004, 0.038012, 0.024207, 0.071371, 0.46962];
  law.forEach((p, i) => expect(p, texts[i]).toBeCloseTo(expected[i]!, 6));
});

describe("particle Gibbs leaves the target of a step scorer invariant", () => {
  for (const particles of [2, 3]) {
    test(`N = ${particles}`, { timeout: 120_000 }, async () => {
      const subject = scorers["odds"]!;
      await expectInvariantKernel<Execution>({
        states: await executionsOf(subject),
        key: ({ key }) => key,
        tolerance: 1e-12,
        kernel: async ({ path }, random) =>
          (await runBlocks(subject, path, particles, resamplers.systematic, (step) => step < 3, random)).picked!,
      });
    });
  }
});

describe("Kullback–Leibler divergences of the returned execution on T3", () => {
  const rows: readonly (readonly [Proposing, Twisting, number, boolean, number, number])[] = [
    ["base", "none", 1, false, 0.369298, 0.52725],
    ["base", "imperfect", 2, true, 0.138341, 0.180393],
    ["base", "none", 2, false, 0.12078, 0.145945],
    ["base", "none", 2, true, 0.213521, 0.273298],
    ["twist", "imperfect", 1, false, 0.136784, 0.170906],
    ["twist", "imperfect", 2, true, 0.052831, 0.061747],
    ["twist", "imperfect", 2, false, 0.031634, 0.035923],
    ["base", "none", 3, false, 0.051942, 0.057473],
    ["twist", "optimal", 2, true, 0, 0],
  ];
  for (const [proposing, twisting, particles, resampling, forward, reverse] of rows) {
    test(`${proposing}, ${twisting} twist, N = ${particles}, ${resampling ? "resampling" : "none"}`, async () => {
      const subject = { program: t3Model(twisting, proposing) };
      const q = await lawOfReturned(subject, particles, (step) => resampling && step < 3);
      const sigma = t3.strings.map(({ target }) => target);
      const divergence = (p: readonly number[], r: readonly number[]): number =>
        p.reduce((sum, x, i) => sum + x * Math.log(x / r[i]!), 0);
      expect(divergence(sigma, q)).toBeCloseTo(forward, 6);
      expect(divergence(q, sigma)).toBeCloseTo(reverse, 6);
    });
  }
});

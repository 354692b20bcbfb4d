import {
  bernoulli,
  blocks,
  categorical,
  resamplers,
  uniformInt,
  type RandomSource,
  type ResamplerName,
} from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import {
  enumerateOutcomes,
  expectInvariantKernel,
  expectIrreducible,
  expectLogZBounds,
  transitionMatrix,
} from "../../../src/index.js";
import { scriptModel, type Script } from "../../script-model.js";
import {
  environmentOf,
  executionOf,
  executionsOf,
  runBlocks,
  targetOf,
  type Execution,
  type Subject,
} from "./executions.js";
import { byCounts } from "./by-counts.js";
import { t3Model, type Proposing, type Twisting } from "./t3-models.js";

const names = Object.keys(resamplers) as ResamplerName[];
const always = (): boolean => true;
const never = (): boolean => false;

describe("the bounds of log Z on T3, by exhaustive enumeration", () => {
  const rows: readonly (readonly [Proposing, Twisting, number, boolean, number, number])[] = [
    ["base", "none", 1, false, -0.660324, 0.236224],
    ["base", "imperfect", 2, true, -0.402716, 0.068642],
    ["base", "none", 2, false, -0.381775, 0.054579],
    ["base", "none", 2, true, -0.48658, 0.129627],
    ["twist", "imperfect", 1, false, -0.30398, 0.00371],
    ["twist", "imperfect", 2, true, -0.229524, -0.052733],
    ["twist", "imperfect", 2, false, -0.209604, -0.067873],
    ["base", "imperfect", 3, true, -0.304556, 0.004437],
    ["twist", "imperfect", 3, true, -0.197958, -0.076723],
    ["base", "none", 3, false, -0.285285, -0.00951],
    ["twist", "optimal", 1, false, -0.133074, -0.133074],
    ["twist", "optimal", 2, true, -0.133074, -0.133074],
  ];
  for (const [proposing, twisting, particles, resampling, lower, upper] of rows) {
    const name = `${proposing}, ${twisting} twist, N = ${particles}, ${resampling ? "resampling" : "none"}`;
    test(name, { timeout: 240_000 }, async () => {
      const subject = { program: t3Model(twisting, proposing) };
      const states = await executionsOf(subject);
      expect(states.length).toBe(8);
      const after = resampling ? (step: number): boolean => step < 3 : never;
      const bounds = await expectLogZBounds<Execution>({
        states,
        maxOutcomes: 60_000,
        estimate: async (random) => (await runBlocks(subject, null, particles, byCounts, after, random)).logEvidence,
        conditional: async ({ path }, random) =>
          (await runBlocks(subject, path, particles, byCounts, after, random)).logEvidence,
      });
      expect(bounds.lower).toBeCloseTo(lower, 6);
      expect(bounds.upper).toBeCloseTo(upper, 6);
    });
  }
});

const programs: Record<string, Subject> = {
  "T3, no twist": { program: t3Model("none") },
  "T3, imperfect twist, proposals": { program: t3Model("imperfect", "twist") },
  "branches of different length": {
    program: scriptModel("m", (s: Script) => {
      const a = s.sample("a", bernoulli(0.3), bernoulli(0.6));
      s.factor(a ? 0.7 : -0.4);
      s.twist(a ? 0.8 : -0.3);
      if (a) return "early";
      const b = s.sample("b", uniformInt(0, 1));
      s.factor(b === 1 ? 0.5 : -1);
      const c = s.sample("c", bernoulli(0.5));
      s.factor(c ? -0.2 : 0.4);
      return `${b} ${String(c)}`;
    }),
  },
  "conditions, and a twist of -Infinity": {
    program: scriptModel("m", (s: Script) => {
      const a = s.sample("a", uniformInt(0, 2));
      s.twist(a === 2 ? -Infinity : 0.3 * a);
      const b = s.sample("b", bernoulli(0.4));
      s.factor(a === 0 && !b ? -Infinity : 0.2);
      const c = s.sample("c", bernoulli(0.7));
      s.factor(c ? 0.3 : -0.5);
      return [a, b, c];
    }),
  },
};

/** E[Ẑ] = Z, and E_σ[1/Ẑ] = P(Ẑ > 0)/Z: a run whose particles may all die never gives that 1/Z a chance to be seen. */
async function expectReciprocalEvidence(
  states: readonly { readonly state: Execution; readonly mass: number }[],
  estimate: (random: RandomSource) => Promise<number>,
  conditional: (state: Execution, random: RandomSource) => Promise<number>,
): Promise<void> {
  const Z = states.reduce((sum, { mass }) => sum + mass, 0);
  let mean = 0;
  let positive = 0;
  for (const { value, probability } of await enumerateOutcomes(estimate)) {
    mean += probability * Math.exp(value);
    if (value > -Infinity) positive += probability;
  }
  let reciprocal = 0;
  for (const { state, mass } of states) {
    const outcomes = await enumerateOutcomes((random) => conditional(state, random));
    for (const { value, probability } of outcomes) reciprocal += (mass / Z) * probability * Math.exp(-value);
  }
  expect(Math.abs(mean - Z)).toBeLessThan(1e-10 * Z);
  expect(Math.abs(reciprocal - positive / Z)).toBeLessThan(1e-10 / Z);
}

describe("conditional sequential Monte Carlo leaves the posterior of executions invariant", () => {
  for (const [name, subject] of Object.entries(programs)) {
    for (const resampler of names) {
      test(`${name}, ${resampler}`, async () => {
        const states = await executionsOf(subject);
        for (const after of [always, (step: number) => step % 2 === 0]) {
          const matrix = await expectInvariantKernel<Execution>({
            states,
            key: (state) => state.key,
            kernel: async ({ path }, random) =>
              (await runBlocks(subject, path, 2, resamplers[resampler], after, random)).picked!,
          });
          expectIrreducible(matrix);
          await expectReciprocalEvidence(
            states,
            async (random) => (await runBlocks(subject, null, 2, resamplers[resampler], after, random)).logEvidence,
            async ({ path }, random) =>
              (await runBlocks(subject, path, 2, resamplers[resampler], after, random)).logEvidence,
          );
        }
      });
    }
  }
});

/** Programs in which what comes later fits another past always, sometimes, or never. */
const futures: Record<string, Subject> = {
  "T3, imperfect twist, proposals": programs["T3, imperfect twist, proposals"]!,
  "branches of different length": programs["branches of different length"]!,
  "conditions, and a twist of -Infinity": programs["conditions, and a twist of -Infinity"]!,
  "supports that depend on the past": {
    program: scriptModel("m", (s: Script) => {
      const a = s.sample("a", uniformInt(0, 2), categorical([0.2, 0.5, 0.3]));
      s.factor(0.4 * a);
      const b = s.sample("b", uniformInt(0, a));
      s.factor(b === 0 ? -0.7 : 0.2);
      const c = b > 0 ? s.sample("c", bernoulli(0.3)) : s.sample("d", bernoulli(0.6));
      s.factor(c ? 0.1 * a : -0.3);
      return [a, b, c];
    }),
  },
};

describe("ancestor sampling leaves the posterior of executions invariant", () => {
  for (const [name, subject] of Object.entries(futures)) {
    for (const resampler of names) {
      test(`${name}, ${resampler}`, async () => {
        const states = await executionsOf(subject, true);
        const options = { particles: 2, scheme: resamplers[resampler], ess: 1, ancestor_sampling: true };
        const matrix = await expectInvariantKernel<Execution>({
          states,
          key: (state) => state.key,
          kernel: async ({ path }, random) => {
            const environment = environmentOf(subject, random);
            return executionOf((await blocks.sweep(targetOf(subject), path, options, environment, random))!);
          },
        });
        expectIrreducible(matrix);
      });
    }
  }

  test("it reaches executions that share the end but not the beginning", async () => {
    const subject = futures["T3, imperfect twist, proposals"]!;
    const states = await executionsOf(subject, true);
    const change = async (ancestor_sampling: boolean): Promise<number> => {
      const options = { particles: 2, scheme: resamplers.multinomial, ess: 1, ancestor_sampling };
      const { rows, stationary } = await transitionMatrix<Execution>({
        states,
        key: (state) => state.key,
        kernel: async ({ path }, random) => {
          const environment = environmentOf(subject, random);
          return executionOf((await blocks.sweep(targetOf(subject), path, options, environment, random))!);
        },
      });
      return stationary.reduce((sum, p, i) => sum + p * (1 - rows[i]![i]!), 0);
    };
    expect(await change(true)).toBeGreaterThan(await change(false));
  });
});

import { alive, blocks, dcSmc, resamplers, smc, type Method, type ResamplerName } from "@pgl/runtime";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  EnumerationError,
  enumerateOutcomes,
  expectInvariantKernel,
  expectProperlyWeighted,
  programs,
  type Feature,
  type Measure,
} from "../../../src/index.js";
import { compiled, reference, shown } from "../../compiled/evaluate.js";
import { propertySettings } from "../../settings.js";
import { environmentOf, executionOf, executionsOf, targetOf, type Execution } from "./executions.js";

const resampler = fc.constantFrom(...(Object.keys(resamplers) as ResamplerName[]));
const tooMany = (error: unknown): boolean => error instanceof EnumerationError && /more than/.test(error.message);

/** E[Ẑ·p̂(r)] = Z·p(r) for compiled random programs, with twists and proposals, whatever the method. */
test("methods of populations are properly weighted on random programs", { timeout: 300_000 }, async () => {
  const covered = new Map<Feature, number>();
  const checked = new Map<string, number>();
  const property = fc.asyncProperty(programs({ bits: 4 }), resampler, async (program, scheme) => {
    const expected = reference(program, 200);
    fc.pre(!(expected instanceof Error) && expected.executions > 1);
    await shown(program, `resampler ${scheme}`, async () => {
      const subject = await compiled(program);
      const methods: Method[] = [
        alive({ particles: 1, max_attempts: 2 }),
        alive({ particles: 1, max_attempts: 3 }),
        smc({ particles: 1, islands: 2 }),
        dcSmc({ particles: 2, resampler: scheme, ess: 1 }),
      ];
      for (const method of methods) {
        try {
          await expectProperlyWeighted({ ...subject, method, expected: expected as Measure, maxOutcomes: 1500 });
          checked.set(method.name, (checked.get(method.name) ?? 0) + 1);
        } catch (error) {
          if (!tooMany(error)) throw error;
        }
      }
    });
    for (const f of program.features) covered.set(f, (covered.get(f) ?? 0) + 1);
  });
  await fc.assert(property, propertySettings(120, 3));
  if (process.env["PGL_TEST_RUNS"] !== undefined) return;
  for (const name of ["alive", "smc", "dc_smc"]) expect(checked.get(name) ?? 0, name).toBeGreaterThan(40);
  for (const feature of ["twist", "site proposal", "lm", "early return"] as const)
    expect(covered.get(feature) ?? 0, feature).toBeGreaterThan(5);
});

/** πK = π on the executions of compiled random programs, and E_σ[1/Ẑ] = P(Ẑ > 0)/Z. */
test("conditional sequential Monte Carlo keeps the posterior of random programs", { timeout: 300_000 }, async () => {
  let kernels = 0;
  let reciprocals = 0;
  const property = fc.asyncProperty(programs({ bits: 4 }), resampler, async (program, name) => {
    const expected = reference(program, 200);
    fc.pre(!(expected instanceof Error) && expected.executions > 1 && expected.total > 0);
    await shown(program, `resampler ${name}`, async () => {
      const subject = await compiled(program);
      const scheme = resamplers[name];
      try {
        const states = await executionsOf(subject, true);
        if (states.length < 2) return;
        for (const ancestor_sampling of [false, true]) {
          const options = { particles: 2, scheme, ess: 1, ancestor_sampling };
          await expectInvariantKernel<Execution>({
            states,
            key: ({ key }) => key,
            maxOutcomes: 2000,
            kernel: async ({ path }, random) => {
              const environment = environmentOf(subject, random);
              return executionOf((await blocks.sweep(targetOf(subject), path, options, environment, random))!);
            },
          });
          kernels++;
        }
        const Z = states.reduce((sum, { mass }) => sum + mass, 0);
        let positive = 0;
        const free = await enumerateOutcomes(
          async (random) => {
            const environment = environmentOf(subject, random);
            const population = blocks.spawn(targetOf(subject), 2, environment, random.split(1));
            while (!population.finished) {
              await blocks.advance(population);
              if (!population.finished) blocks.resample(population, random.split(2).split(population.step), scheme);
            }
            return blocks.logEvidence(population);
          },
          { maxOutcomes: 2000 },
        );
        for (const { value, probability } of free) if (value > -Infinity) positive += probability;
        let reciprocal = 0;
        for (const { state, mass } of states) {
          const outcomes = await enumerateOutcomes(
            async (random) => {
              const environment = environmentOf(subject, random);
              const given = state.path;
              const population = blocks.spawn(targetOf(subject), 2, environment, random.split(1), { given });
              while (!population.finished) {
                await blocks.advance(population);
                if (population.finished) break;
                blocks.conditionalResample(population, random.split(2).split(population.step), scheme);
              }
              return blocks.logEvidence(population);
            },
            { maxOutcomes: 2000 },
          );
          for (const { value, probability } of outcomes) reciprocal += (mass / Z) * probability * Math.exp(-value);
        }
        expect(Math.abs(reciprocal - positive / Z)).toBeLessThan(1e-10 / Z);
        reciprocals++;
      } catch (error) {
        if (!tooMany(error)) throw error;
      }
    });
  });
  await fc.assert(property, propertySettings(120, 4));
  if (process.env["PGL_TEST_RUNS"] !== undefined) return;
  expect(kernels).toBeGreaterThan(100);
  expect(reciprocals).toBeGreaterThan(40);
});

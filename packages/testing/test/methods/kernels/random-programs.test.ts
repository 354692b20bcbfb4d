import { annealed, kernels, smc, type Kernel } from "@pgl/runtime";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  EnumerationError,
  expectIrreducible,
  expectProperlyWeighted,
  expectReversible,
  programs,
  type Feature,
  type Measure,
} from "../../../src/index.js";
import { compiled, reference, shown } from "../../compiled/evaluate.js";
import { propertySettings } from "../../settings.js";
import { executionsOf, expectInvariantOnExecutions } from "./executions.js";

const { block, cycle, gibbs, prior, single, suffix } = kernels;

/**
 * πK = π, exactly, on all executions of compiled random programs: whatever they draw, in whatever order, with proposals,
 * nested inference and language models; and what is claimed to be irreducible is.
 */
test("kernels leave the measure of random programs invariant", { timeout: 300_000 }, async () => {
  const covered = new Map<Feature, number>();
  let checked = 0;
  let structures = 0;
  const property = fc.asyncProperty(
    programs({ bits: 5 }),
    fc.constantFrom(1, 0.4, 0),
    fc.nat(3),
    async (program, beta, name) => {
      const measured = reference(program, 60);
      fc.pre(!(measured instanceof Error) && measured.executions > 1);
      const subject = { ...(await compiled(program)), beta };
      await shown(program, `β = ${beta}`, async () => {
        let states;
        try {
          states = await executionsOf(subject);
        } catch (error) {
          if (!(error instanceof EnumerationError && /more than/.test(error.message))) throw error;
          return;
        }
        if (states.length === 0) return;
        const names = [...new Set(states.flatMap(({ state }) => state.nodes.map((n) => n.site.name)))];
        const some = names.filter((_, i) => i % 4 !== name);
        const every: Record<string, Kernel> = { single, suffix, prior, gibbs: gibbs(), block: block(some) };
        for (const [which, kernel] of Object.entries({ ...every, cycle: cycle(gibbs(some), block(some)) })) {
          try {
            const matrix = await expectInvariantOnExecutions({ ...subject, kernel, maxOutcomes: 2000 }, states);
            if (which in every) expectReversible(matrix);
            if ((which === "suffix" || which === "prior") && !program.features.has("site proposal"))
              expectIrreducible(matrix);
            checked++;
          } catch (error) {
            if (error instanceof EnumerationError && /more than/.test(error.message)) continue;
            throw new Error(`${which}: ${(error as Error).message}`, { cause: error });
          }
        }
        if (new Set(states.map(({ state }) => state.length)).size > 1) structures++;
      });
      for (const f of program.features) covered.set(f, (covered.get(f) ?? 0) + 1);
    },
  );
  await fc.assert(property, propertySettings(120, 5));
  if (process.env["PGL_TEST_RUNS"] !== undefined) return;
  expect(checked).toBeGreaterThan(500);
  expect(structures).toBeGreaterThan(0);
  for (const feature of ["twist", "site proposal", "lm", "infer", "early return"] as const) {
    expect(covered.get(feature) ?? 0, feature).toBeGreaterThan(5);
  }
});

/** E[Ẑ·p̂(r)] = Z·p(r) for methods that move executions, those that have ended and those that have not. */
test("methods that move particles are properly weighted on random programs", { timeout: 300_000 }, async () => {
  let checked = 0;
  const property = fc.asyncProperty(programs({ bits: 3 }), async (program) => {
    const expected = reference(program, 60);
    fc.pre(!(expected instanceof Error) && expected.executions > 1);
    const subject = await compiled(program);
    await shown(program, "", async () => {
      for (const kernel of [gibbs(), single, prior]) {
        const methods = [
          smc({ particles: 1, moves: 1, kernel }),
          smc({ particles: 2, moves: 1, ess: 1, kernel }),
          annealed({ particles: 1, temperatures: 3, kernel }),
        ];
        for (const method of methods) {
          try {
            await expectProperlyWeighted({ ...subject, method, expected: expected as Measure, maxOutcomes: 500 });
            checked++;
          } catch (error) {
            if (!(error instanceof EnumerationError && /more than/.test(error.message))) throw error;
          }
        }
      }
    });
  });
  await fc.assert(property, propertySettings(40, 6));
  if (process.env["PGL_TEST_RUNS"] === undefined) expect(checked).toBeGreaterThan(100);
});

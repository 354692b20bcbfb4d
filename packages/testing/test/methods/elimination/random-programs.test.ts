import { enumerate, map, marginal, mmap, plan, seeded } from "@pgl/runtime";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  expectSameMeasure,
  measureOf,
  programs,
  runMethod,
  type Feature,
  type GeneratedProgram,
  type Measure,
} from "../../../src/index.js";
import { Interpreter } from "../../../src/reference/interpreter.js";
import { fromPlain } from "../../../src/reference/value.js";
import { compiled, reference, shown, type Passes } from "../../compiled/evaluate.js";
import { propertySettings } from "../../settings.js";
import { bestExpectation, evidence, massByValues, mostProbable, namesIn, treeOf } from "./brute.js";

const random = seeded(1);
/** Passes that keep every execution with its weight; dead-samples and restricted-draws keep sums only. */
const KEEPING: Passes = ["constant-folding", "early-weighting"];

const close = (actual: number, expected: number, what: string): void => {
  const difference = Math.abs(actual - expected);
  expect(difference, `${what}: ${actual} instead of ${expected}`).toBeLessThanOrEqual(1e-10 * Math.max(1, expected));
};

/** The weight of the most probable execution, by running every one from the syntax tree. */
function referenceMaximum({ module, model, args, lms }: GeneratedProgram): number {
  const limits = { executions: 1500, steps: 100_000 };
  const { results } = new Interpreter({ module, lms, hosts: {}, limits }).runs(model, args.map(fromPlain));
  return Math.exp(Math.max(-Infinity, ...results.map(({ logMass }) => logMass)));
}

/**
 * Every semiring's result, found state by state, is what is found execution by execution, on programs with up to 10 binary
 * choices; and the measure is what the reference says.
 */
test("elimination finds what brute force finds on random programs", { timeout: 600_000 }, async () => {
  const covered = new Map<Feature, number>();
  let compared = 0;
  let merged = 0;
  const property = fc.asyncProperty(
    programs({ bits: 10 }),
    fc.constantFrom<Passes>("none", "all", KEEPING),
    fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
    async (program, passes, picks) => {
      const expected = reference(program, 1500);
      fc.pre(!(expected instanceof Error) && expected.executions > 1);
      await shown(program, `passes: ${JSON.stringify(passes)}`, async () => {
        const subject = await compiled(program, passes);
        const found = await runMethod(subject, marginal(), random);
        expectSameMeasure(measureOf(found), expected as Measure, 1e-9);
        const whole = await runMethod(subject, enumerate({ tolerance: 0 }), random);
        close(found.diagnostics.ess, whole.diagnostics.ess, "ess");
        if (found.diagnostics.executions < whole.diagnostics.executions) merged++;

        const tree = await treeOf(subject);
        const z = evidence(tree);
        const best = await runMethod(subject, map(), random);
        close(Math.exp(best.logZ.estimate!), mostProbable(tree), "map");
        close(Math.exp(best.diagnostics.maximum!.logEvidence), z, "evidence");
        // The reference draws texts whole, the machine token by token: their executions are others.
        if (passes !== "all" && !program.features.has("lm"))
          close(mostProbable(tree), referenceMaximum(program), "the reference's most probable execution");

        const names = [...namesIn(tree)];
        if (names.length === 0) return;
        const chosen = new Set(picks.map((pick) => names[pick % names.length]!));
        const masses = massByValues(tree, chosen);
        const bestValues = await runMethod(subject, mmap({ vars: [...chosen] }), random);
        close(Math.exp(bestValues.logZ.estimate!), Math.max(...masses.values(), 0), "mmap");
        close(Math.exp(bestValues.diagnostics.maximum!.logEvidence), z, "evidence");

        try {
          const policy = await runMethod(subject, plan({ decisions: [...chosen] }), random);
          close(Math.exp(policy.logZ.estimate!), bestExpectation(tree, chosen), "plan");
          for (const answer of [best, bestValues, policy]) {
            close(answer.diagnostics.unvisitedMass, 0, "unvisited");
            if (answer.logZ.estimate! > -Infinity)
              close(
                answer.samples.reduce((total, { weight }) => total + weight, 0),
                1,
                "weights",
              );
          }
        } catch (error) {
          // The compiler says that it has changed the decision.
          if ((error as { code?: string }).code !== "PGLR097") throw error;
          expect(passes).toBe("all");
        }
      });
      compared++;
      for (const feature of program.features) covered.set(feature, (covered.get(feature) ?? 0) + 1);
    },
  );
  await fc.assert(property, propertySettings(300, 4));
  if (process.env["PGL_TEST_RUNS"] !== undefined) return;
  expect(compared).toBeGreaterThanOrEqual(200);
  expect(merged).toBeGreaterThan(50);
  for (const feature of [
    "lm",
    "infer",
    "closure",
    "recursion",
    "early return",
    "loop",
    "higher order",
    "twist",
  ] as const)
    expect(covered.get(feature) ?? 0, feature).toBeGreaterThan(10);
});

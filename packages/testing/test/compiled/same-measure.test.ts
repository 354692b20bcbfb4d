import { passes as compilerPasses } from "@pgl/compiler";
import { enumerate, PglError, seeded } from "@pgl/runtime";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { expectSameMeasure, measureOf, programs, runMethod, UnsupportedError, type Feature } from "../../src/index.js";
import { propertySettings } from "../settings.js";
import { compiled, reference, shown, type Passes } from "./evaluate.js";

/**
 * The first law: whatever passes run, the compiled program, enumerated, has the measure that the reference interpreter gives
 * the syntax tree.
 */
test("every set of passes keeps the measure of random programs", { timeout: 300_000 }, async () => {
  const covered = new Map<Feature, number>();
  let compared = 0;
  const property = fc.asyncProperty(
    programs({ bits: 9 }),
    fc.shuffledSubarray(compilerPasses.map((p) => p.name)),
    async (program, some) => {
      const expected = reference(program);
      fc.pre(!(expected instanceof UnsupportedError));
      // A draw from a posterior without mass ends some methods and fails others: see the methods' own tests.
      fc.pre(!(expected instanceof Error && /posterior is empty/.test(expected.message)));
      for (const passes of ["none", "all", some] satisfies Passes[]) {
        await shown(program, `passes: ${JSON.stringify(passes)}`, async () => {
          const subject = await compiled(program, passes);
          const run = runMethod(subject, enumerate({ tolerance: 0 }), seeded(1));
          if (expected instanceof Error) return expect(run).rejects.toThrow(PglError);
          expectSameMeasure(measureOf(await run), expected, 1e-9);
        });
      }
      compared++;
      for (const f of program.features) covered.set(f, (covered.get(f) ?? 0) + 1);
    },
  );
  await fc.assert(property, propertySettings(300, 1));
  if (process.env["PGL_TEST_RUNS"] !== undefined) return;
  expect(compared).toBeGreaterThanOrEqual(300);
  for (const feature of [
    "lm",
    "infer",
    "closure",
    "recursion",
    "early return",
    "loop",
    "while",
    "match",
    "guide",
    "twist",
    "higher order",
  ] as const) {
    expect(covered.get(feature) ?? 0, feature).toBeGreaterThan(10);
  }
});

import { importance, smc, type Method, type SmcOptions } from "@pgl/runtime";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { EnumerationError, expectProperlyWeighted, programs, type Feature, type Measure } from "../../src/index.js";
import { propertySettings } from "../settings.js";
import { compiled, reference, shown, type Passes } from "./evaluate.js";

const resampler = fc.constantFrom("systematic", "stratified", "multinomial", "residual", "optimal");

/**
 * E[Ẑ·p̂(r)] = Z·p(r), exactly, for compiled random programs: every outcome of the method's own draws is visited. What the
 * program means is what the reference interpreter says.
 */
test("SMC and importance sampling are properly weighted on random programs", { timeout: 300_000 }, async () => {
  const covered = new Map<Feature, number>();
  let checked = 0;
  const property = fc.asyncProperty(
    programs({ bits: 4 }),
    resampler,
    fc.constantFrom(0.5, 1),
    fc.constantFrom<Passes>("all", "none"),
    async (program, scheme, ess, passes) => {
      const expected = reference(program, 200);
      fc.pre(!(expected instanceof Error) && expected.executions > 1);
      await shown(program, `resampler ${scheme}, ess ${ess}, passes ${passes as string}`, async () => {
        const subject = await compiled(program, passes);
        const guide = program.guide === null ? undefined : subject.whole.proposals[program.guide]!.model;
        const options: SmcOptions = { particles: 2, resampler: scheme, ess };
        const methods: Method[] = [smc(options), importance({ samples: 1 })];
        if (guide !== undefined)
          methods.push(smc({ ...options, proposal: guide }), importance({ samples: 1, proposal: guide }));
        for (const method of methods) {
          try {
            await expectProperlyWeighted({ ...subject, method, expected: expected as Measure, maxOutcomes: 1500 });
            checked++;
          } catch (error) {
            if (!(error instanceof EnumerationError && /more than/.test(error.message))) throw error;
          }
        }
      });
      for (const f of program.features) covered.set(f, (covered.get(f) ?? 0) + 1);
    },
  );
  await fc.assert(property, propertySettings(150, 2));
  if (process.env["PGL_TEST_RUNS"] !== undefined) return;
  expect(checked).toBeGreaterThan(200);
  for (const feature of ["twist", "site proposal", "guide", "lm", "infer", "early return"] as const) {
    expect(covered.get(feature) ?? 0, feature).toBeGreaterThan(5);
  }
});

import { compile } from "@pgl/core";
import { enumerate, importance, rejection, seeded, smc, type Method } from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import { expectProperlyWeighted, expectSameMeasure, measure, measureOf, runMethod } from "../../src/index.js";
import { moduleOf } from "../module-of.js";

/**
 * An execution that draws from an empty posterior has weight zero, as one that observes under it has: in the reference, in
 * enumeration and in every method that samples.
 */
const programs: Record<string, string> = {
  "in half of the executions": `
model inner(x: bool): int { let d ~ uniform_int(0, 1); condition x; return d }
model m(): (bool, int) {
  let a ~ bernoulli(0.5)
  factor 0.3
  let b ~ infer inner(a) using enumerate()
  return (a, b)
}`,
  "in a mixture": `
model inner(x: bool): int { condition x; return 7 }
model m(): (bool, int) {
  let a ~ bernoulli(0.5)
  let b ~ mix([1.0, 2.0], [infer inner(a) using enumerate(), uniform_int(0, 1)])
  observe true ~ bernoulli(if b == 1 { 0.25 } else { 0.75 })
  return (a, b)
}`,
  "in every execution": `
model inner(): int { condition false; return 7 }
model m(): int { let a ~ bernoulli(0.5); let b ~ infer inner() using enumerate(); return b }`,
};

for (const [name, text] of Object.entries(programs)) {
  describe(`a draw from an empty posterior ${name}`, () => {
    const expected = measure(moduleOf(text), "m", []);
    const load = async () => ({ program: (await compile.source(text)).models["m"]! });

    test("enumerated", async () => {
      const posterior = await runMethod(await load(), enumerate(), seeded(1));
      expectSameMeasure(measureOf(posterior), expected);
      expect(posterior.diagnostics.warnings.map((w) => w.code)).toContain("PGLW007");
    });

    test("by methods that sample", async () => {
      const subject = await load();
      for (const method of [smc({ particles: 2, ess: 1 }), importance({ samples: 1 })])
        await expectProperlyWeighted({ ...subject, method, expected });
      const methods: Method[] = [smc({ particles: 50 }), importance({ samples: 50 })];
      if (expected.total > 0) methods.push(rejection({ samples: 20, bound: 1 }));
      for (const method of methods) {
        const { diagnostics, atoms } = await runMethod(subject, method, seeded(3));
        expect(diagnostics.warnings.map((w) => w.code)).toContain("PGLW007");
        expect(atoms.length).toBeLessThanOrEqual(expected.atoms.length);
      }
    });
  });
}

test("what has no meaning without a value is still an error", async () => {
  const inner = "model inner(): int { condition false; return 7 }";
  const { models } = await compile.source(
    `${inner}\nmodel m(): float { return mean(infer inner() using enumerate()) }`,
  );
  await expect(runMethod({ program: models["m"]! }, enumerate(), seeded(1))).rejects.toThrow(/empty/);
});

import { compile } from "@pgl/core";
import { enumerate, importance, seeded, smc } from "@pgl/runtime";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runMethod } from "../../src/index.js";

const file = fileURLToPath(new URL("./fixtures/program.pgl", import.meta.url));

/** Each of these makes the weight zero before the host function is called. */
const impossible: Record<string, string> = {
  condition: "condition false",
  "condition on a draw": "let c ~ bernoulli(0.5)\n  condition c && !c",
  "factor of -inf": "factor -inf",
  observe: "observe 3 ~ uniform_int(0, 1)",
  matches: 'observe "a" matches /b/',
};

for (const [name, statement] of Object.entries(impossible)) {
  for (const passes of ["none", "all"] as const) {
    test(`nothing runs after a zero weight: ${name}, passes: ${passes}`, async () => {
      let calls = 0;
      const text = `import { touch } from "./touch.ts"\nmodel m(): float {\n  let d ~ uniform_int(0, 1)\n  ${statement}\n  return touch(d)\n}\n`;
      const touch = (x: number): number => {
        calls++;
        return x;
      };
      const { models } = await compile.source(text, { file, passes, hosts: { "./touch.ts": { touch } } });
      for (const method of [enumerate(), smc({ particles: 8 }), importance({ samples: 8 })]) {
        const posterior = await runMethod({ program: models["m"]! }, method, seeded(1));
        expect(posterior.isEmpty).toBe(true);
        expect(posterior.logZ.estimate).toBe(-Infinity);
      }
      expect(calls).toBe(0);
    });
  }
}

test("where the weight is not zero it does run", async () => {
  let calls = 0;
  const text = `import { touch } from "./touch.ts"\nmodel m(): float {\n  let d ~ uniform_int(0, 3)\n  condition d == 2\n  return touch(d)\n}\n`;
  const touch = (x: number): number => {
    calls++;
    return x;
  };
  const { models } = await compile.source(text, { file, hosts: { "./touch.ts": { touch } } });
  await runMethod({ program: models["m"]! }, enumerate(), seeded(1));
  expect(calls).toBe(1);
});

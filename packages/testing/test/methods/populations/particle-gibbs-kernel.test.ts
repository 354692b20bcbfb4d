import {
  bernoulli,
  categorical,
  parallelTempering,
  particleGibbsKernel,
  resamplers,
  RunEnvironment,
  seeded,
  target,
  uniformInt,
  type Model,
} from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import { expectIrreducible } from "../../../src/index.js";
import { scriptModel, type Script } from "../../script-model.js";
import { expectInvariantOnExecutions } from "../kernels/executions.js";

const programs: Record<string, (s: Script) => unknown> = {
  "a chain with proposals and twists": (s) => {
    const a = s.sample("a", bernoulli(0.3), bernoulli(0.6));
    s.factor(a ? 0.9 : -0.4);
    s.twist(a ? 0.5 : -0.2);
    const b = s.sample("b", categorical([0.2, 0.8]), categorical([0.6, 0.4]));
    s.factor(b === (a ? 1 : 0) ? 1.2 : -0.6);
    return [a, b];
  },
  "branches of different length, and a condition": (s) => {
    const a = s.sample("a", uniformInt(0, 2));
    s.factor(0.4 * a);
    if (a === 0) return "short";
    const b = s.sample("b", bernoulli(0.4));
    s.factor(a === 1 && !b ? -Infinity : 0.3);
    const c = s.sample("c", bernoulli(0.5));
    s.factor(c ? 0.7 : -0.7);
    return [a, b, c];
  },
};

describe("a sweep of particle Gibbs leaves the tempered posterior of executions invariant", () => {
  for (const [name, script] of Object.entries(programs)) {
    for (const beta of [1, 0.5, 0.1]) {
      for (const resampler of ["systematic", "multinomial"] as const) {
        test(`${name}, β = ${beta}, ${resampler}`, async () => {
          const kernel = particleGibbsKernel(2, resamplers[resampler], 1);
          const program = scriptModel(name, script);
          expectIrreducible(await expectInvariantOnExecutions({ kernel, program, beta }));
        });
      }
    }
  }
});

test("parallel tempering with it finds both of two modes that are far apart", async () => {
  // Sixteen bits that should all be equal: no single one can change.
  const program = scriptModel("modes", (s: Script) => {
    const first = s.sample("b", bernoulli(0.5));
    for (let i = 1; i < 16; i++) s.factor(s.sample("b", bernoulli(0.5)) === first ? 0 : -6);
    return first;
  }) as unknown as Model;
  const method = parallelTempering({ inner: "particle_gibbs", particles: 8, samples: 300, rungs: 3 });
  const posterior = await method.run(target(program, []), new RunEnvironment(new Map(), seeded(1)));
  expect(Math.abs(posterior.probability((b) => b === true) - 0.5)).toBeLessThan(0.15);
});

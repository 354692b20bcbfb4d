import {
  annealed,
  bernoulli,
  categorical,
  kernels,
  temperedSmc as tempered,
  uniformInt,
  type Kernel,
  type Method,
} from "@pgl/runtime";
import { describe, test } from "vitest";
import { expectProperlyWeighted } from "../../../src/index.js";
import { scriptModel, type Script } from "../../script-model.js";

const { gibbs, repeat, single, suffix } = kernels;

const schemes = ["systematic", "stratified", "multinomial", "residual", "optimal"] as const;

const programs: Record<string, (s: Script) => unknown> = {
  "two draws": (s) => {
    const a = s.sample("a", bernoulli(0.3));
    const b = s.sample("b", bernoulli(a ? 0.8 : 0.4));
    s.factor(a ? 1 : -0.5);
    s.factor(b ? 0.5 : 0);
    return [a, b];
  },
  "a branch with one draw more": (s) => {
    const a = s.sample("a", bernoulli(0.4));
    s.factor(a ? 0.7 : 0);
    if (a) s.factor(s.sample("b", uniformInt(0, 1)) * 1.4);
    return a;
  },
  "a condition": (s) => {
    const a = s.sample("a", uniformInt(0, 2));
    s.factor(a === 1 ? -Infinity : 0.5 * a);
    return a;
  },
  proposals: (s) => {
    const a = s.sample("a", bernoulli(0.3), bernoulli(0.6));
    const b = s.sample("b", uniformInt(0, 1), categorical(a ? [1, 2] : [3, 2]));
    s.factor(a ? 1.5 * b : -0.25);
    return [a, b];
  },
  "nothing possible": (s) => {
    s.sample("a", bernoulli(0.4));
    s.factor(-Infinity);
    return 0;
  },
};

describe("E[Ẑ·p̂(r)] = Z·p(r)", () => {
  for (const [name, script] of Object.entries(programs)) {
    const program = scriptModel(name, script);
    test(`annealed importance sampling: ${name}`, async () => {
      for (const kernel of [single, suffix, gibbs()] satisfies Kernel[]) {
        const methods: Method[] = [
          annealed({ particles: 1, temperatures: 1 }),
          annealed({ particles: 1, temperatures: 2, kernel }),
          annealed({ particles: 1, temperatures: 3, kernel }),
          annealed({ particles: 2, temperatures: 2, kernel: kernel === single ? "prior" : kernel }),
        ];
        if (name === "two draws") methods.push(annealed({ particles: 1, temperatures: 2, kernel: repeat(kernel, 2) }));
        for (const method of methods) await expectProperlyWeighted({ program, method, maxOutcomes: 300_000 });
      }
    });
    test(`tempered SMC: ${name}`, async () => {
      for (const resampler of schemes) {
        for (const ess of [1, 0.7]) {
          const method = tempered({ particles: 2, temperatures: 2, kernel: "prior", resampler, ess });
          await expectProperlyWeighted({ program, method, maxOutcomes: 300_000 });
        }
      }
      if (name === "a condition") {
        const method = tempered({ particles: 2, temperatures: 3, kernel: gibbs(), ess: 1 });
        await expectProperlyWeighted({ program, method, maxOutcomes: 300_000 });
      }
    });
  }
});

import {
  annealed,
  bernoulli,
  categorical,
  kernels,
  smc,
  temperedSmc as tempered,
  uniformInt,
  type Kernel,
  type Method,
} from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import { expectProperlyWeighted, expectReversible } from "../../../src/index.js";
import { scriptModel, type Script } from "../../script-model.js";
import { executionsOf, expectInvariantOnExecutions } from "./executions.js";

const { block, gibbs, prior, repeat, single, suffix } = kernels;

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

/** Programs in which something is known before the end. */
const sequential: Record<string, (s: Script) => unknown> = {
  "two factors": (s) => {
    const a = s.sample("a", bernoulli(0.3));
    s.factor(a ? 1 : -0.5);
    const b = s.sample("b", bernoulli(a ? 0.8 : 0.4));
    s.factor(b ? 0.5 : 0);
    return [a, b];
  },
  "a twist that comes and goes": (s) => {
    const a = s.sample("a", bernoulli(0.5));
    s.twist(a ? 2 : -1);
    const b = s.sample("b", bernoulli(0.25), bernoulli(0.75));
    s.twist(b ? -3 : 0.5);
    s.step();
    return [a, b];
  },
  "a twist set before a draw that is changed": (s) => {
    const a = s.sample("a", bernoulli(0.4));
    s.twist(a ? 1.5 : -0.5);
    const b = s.sample("b", bernoulli(0.3));
    s.factor(b ? 1 : -1);
    return [a, b];
  },
  "a branch that finishes early": (s) => {
    const short = s.sample("a", bernoulli(0.5));
    s.factor(short ? 0.9 : -0.9);
    if (short) return "short";
    const b = s.sample("b", bernoulli(0.3));
    s.factor(b ? 1 : 0);
    return `long ${String(b)}`;
  },
  "more factors on one branch": (s) => {
    const a = s.sample("a", bernoulli(0.3));
    if (a) {
      s.factor(0.5);
      const c = s.sample("c", bernoulli(0.6));
      s.factor(c ? -1 : 1);
    } else s.factor(-0.5);
    return a;
  },
  "a twist of -Infinity": (s) => {
    const a = s.sample("a", uniformInt(0, 2));
    s.twist(a === 0 ? -Infinity : a);
    const b = s.sample("b", bernoulli(0.5));
    s.factor(b ? 0.4 : -1);
    return [a, b];
  },
  conditions: (s) => {
    const a = s.sample("a", uniformInt(0, 2));
    s.factor(a === 0 ? -Infinity : 0.6 * a);
    const b = s.sample("b", bernoulli(0.5));
    s.factor(a === 1 && b ? -Infinity : 0);
    return [a, b];
  },
};

const large = ["a twist that comes and goes", "a twist of -Infinity", "conditions"];

/** Draws the first choice again. */
const firstOnly = block(["a"]);

describe("E[Ẑ·p̂(r)] = Z·p(r) of sequential Monte Carlo with moves", () => {
  for (const [name, script] of Object.entries(sequential)) {
    const program = scriptModel(name, script);
    test(`${name}, one particle`, async () => {
      for (const kernel of [single, suffix, prior, gibbs(), block(["a"])]) {
        await expectProperlyWeighted({ program, method: smc({ particles: 1, moves: 1, kernel }) });
      }
      await expectProperlyWeighted({ program, method: smc({ particles: 1, moves: 2, kernel: gibbs() }) });
    });
    test(`${name}, two particles`, async () => {
      // The programs with most outcomes are gone through with two schemes that differ the most.
      const some = large.includes(name) ? (["systematic", "multinomial"] as const) : schemes;
      for (const resampler of some) {
        for (const ess of name === "two factors" ? [1, 0.9] : [1]) {
          // Of the first draw only, so that outcomes are few enough to be visited all.
          const method = smc({ particles: 2, resampler, ess, moves: 1, kernel: firstOnly });
          await expectProperlyWeighted({ program, method });
        }
      }
    });
  }
  for (const name of ["two factors", "a branch that finishes early", "more factors on one branch"]) {
    test(`${name}, two particles, whole kernels`, async () => {
      const program = scriptModel(name, sequential[name]!);
      for (const resampler of ["systematic", "multinomial"] as const) {
        const method = smc({ particles: 2, resampler, ess: 1, moves: 1, kernel: gibbs() });
        await expectProperlyWeighted({ program, method, maxOutcomes: 200_000 });
      }
    });
  }

  test("a whole-trace proposal is refused", () => {
    const proposal = scriptModel("g", (s: Script) => s.sample("a", bernoulli(0.5)), ["a"]);
    expect(() => smc({ proposal, moves: 1 })).toThrow(/cannot be moved/);
  });
});

describe("πK = π on executions up to a checkpoint, with their twist", () => {
  for (const [name, script] of Object.entries(sequential)) {
    test(name, async () => {
      const program = scriptModel(name, script);
      for (const until of [1, 2, 3]) {
        const states = await executionsOf({ program, until });
        for (const kernel of [single, suffix, prior, gibbs(), block(["b"])])
          expectReversible(await expectInvariantOnExecutions({ program, until, kernel }, states));
      }
    });
  }
});

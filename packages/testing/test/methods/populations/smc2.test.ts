import { bernoulli, categorical, normal, seeded, smc2, uniformInt } from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import { expectProperlyWeighted } from "../../../src/index.js";
import { scriptModel, type Script } from "../../script-model.js";
import { environmentOf, targetOf, type Subject } from "./executions.js";

const programs: Record<string, Subject & { readonly parameters: readonly string[] }> = {
  "one parameter, two steps": {
    parameters: ["p"],
    program: scriptModel("m", (s: Script) => {
      const p = s.sample("p", bernoulli(0.4));
      s.factor(p ? 0.3 : -0.2);
      const a = s.sample("a", bernoulli(p ? 0.7 : 0.4));
      s.factor(a ? 0.8 : -0.5);
      const b = s.sample("b", bernoulli(0.5));
      s.factor(b === a ? 0.4 : -0.6);
      return [p, a, b];
    }),
  },
  "two parameters with proposals, and rests of different length": {
    parameters: ["p", "q"],
    program: scriptModel("m", (s: Script) => {
      const p = s.sample("p", bernoulli(0.3), bernoulli(0.6));
      const q = p ? s.sample("q", categorical([0.3, 0.7])) : 0;
      const a = s.sample("a", bernoulli(0.5));
      s.factor(a ? 0.7 : -0.3 * (1 + (q as number)));
      if (!p) return [p, q, a];
      const b = s.sample("b", bernoulli(0.3));
      s.factor(b ? 0.5 : 0);
      return [p, q, a, b];
    }),
  },
  "conditions, on parameters and after": {
    parameters: ["p"],
    program: scriptModel("m", (s: Script) => {
      const p = s.sample("p", uniformInt(0, 2));
      s.factor(p === 0 ? -Infinity : 0.1 * p);
      const a = s.sample("a", bernoulli(0.5));
      s.factor(a || p === 2 ? 0.2 : -Infinity);
      const b = s.sample("b", bernoulli(0.4));
      s.factor(b ? 0.6 : -0.2);
      return [p, a, b];
    }),
  },
};

/** Programs of a bit or two: two parameter particles that move have many outcomes. */
const tiny: Record<string, Subject & { readonly parameters: readonly string[] }> = {
  "one bit, which weighs at once and again later": {
    parameters: ["p"],
    program: scriptModel("m", (s: Script) => {
      const p = s.sample("p", bernoulli(0.4));
      s.sample("only", categorical([1]));
      s.factor(p ? 0.6 : -0.7);
      s.sample("only", categorical([1]));
      s.factor(p ? -0.1 : 0.3);
      return p;
    }),
  },
  "one bit, and a rest that it makes longer": {
    parameters: ["p"],
    program: scriptModel("m", (s: Script) => {
      const p = s.sample("p", bernoulli(0.4));
      s.sample("only", categorical([1]));
      s.factor(p ? 0.6 : -0.7);
      if (!p) return "short";
      s.sample("only", categorical([1]));
      s.factor(0.3);
      return "long";
    }),
  },
  "two bits, of which one is a parameter": {
    parameters: ["p"],
    program: scriptModel("m", (s: Script) => {
      const p = s.sample("p", bernoulli(0.4));
      const a = s.sample("a", bernoulli(p ? 0.7 : 0.4));
      s.factor(a ? 0.8 : -0.5);
      return [p, a];
    }),
  },
};

describe("SMC² is properly weighted", () => {
  const check = async (
    subject: (typeof programs)[string],
    particles: number,
    inner_particles: number,
    moves: number,
  ): Promise<void> => {
    const { parameters } = subject;
    const method = smc2({ parameters, particles, inner_particles, moves, ess: 1, resampler: "systematic" });
    await expectProperlyWeighted({ ...subject, method, maxOutcomes: 60_000 });
  };
  for (const [name, subject] of Object.entries(programs)) {
    test(`${name}: two, without moves`, () => check(subject, 2, 1, 0));
    test(`${name}: two, without moves, with populations of two`, () => check(subject, 2, 2, 0));
    test(`${name}: one that moves`, () => check(subject, 1, 1, 1));
  }
  for (const [name, subject] of Object.entries(tiny)) test(`${name}: two that move`, () => check(subject, 2, 1, 1));
});

test("a conjugate model: log Z and the posterior of a mean", async () => {
  const subject = {
    program: scriptModel("m", (s: Script) => {
      const m = s.sample("m", normal(0, 1));
      for (let i = 0; i < 3; i++) {
        const e = s.sample("e", normal(0, 1));
        s.factor(normal(m + e, 1).logDensity(1));
      }
      return m;
    }),
  };
  const method = smc2({ parameters: ["m"], particles: 150, inner_particles: 20 });
  const posterior = await method.run(targetOf(subject), environmentOf(subject, seeded(3)));
  // Three observations of m with variance 2: mean 3/5, variance 2/5; the evidence is that of N(0, 2I + 11ᵀ) at (1, 1, 1).
  const logZ = -1.5 * Math.log(2 * Math.PI) - 0.5 * Math.log(4 * 5) - 0.5 * (3 / 5);
  expect(Math.abs(posterior.logZ.estimate! - logZ)).toBeLessThan(0.3);
  expect(Math.abs(posterior.mean() - 0.6)).toBeLessThan(0.2);
  expect(Math.abs(posterior.variance() - 0.4)).toBeLessThan(0.2);
});

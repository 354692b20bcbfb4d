import { particleGibbs, pimh, RunEnvironment, seeded, uniformInt, type Method } from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import { runMethod, t3 } from "../../../src/index.js";
import { scriptModel, type Script } from "../../script-model.js";
import { targetOf } from "./executions.js";
import { smallPrograms } from "./programs.js";
import { t3Model } from "./t3-models.js";

const methods: Record<string, Method> = {
  "particle Gibbs": particleGibbs({ particles: 4, sweeps: 4000 }),
  "with ancestor sampling": particleGibbs({ particles: 4, sweeps: 4000, ancestor_sampling: true }),
  "particle independent Metropolis–Hastings": pimh({ particles: 4, samples: 4000 }),
};

describe("the draws have the posterior's law", () => {
  for (const [name, method] of Object.entries(methods)) {
    test(name, async () => {
      const subject = { program: t3Model("imperfect", "twist") };
      const posterior = await runMethod(subject, method, seeded(1));
      expect(posterior.samples.length).toBe(4000);
      for (const { text, target } of t3.strings)
        expect(Math.abs(posterior.probability((x) => x === text) - target)).toBeLessThan(0.03);
      const chains = posterior.diagnostics.chains!;
      expect(chains).toMatchObject({ count: 1, draws: 4000, summary: "the log weight" });
      expect(chains.acceptance).toBeGreaterThan(0.3);
      // Traces are those of the draws, whatever the ledger has forgotten since.
      for (const { value, draws } of posterior.traces().slice(0, 50)) {
        expect(draws.map((d) => t3.table.tokens[d.value as number]).join("")).toBe(value);
      }
    });
  }
});

test("long executions: old ledgers are forgotten, traces are not", async () => {
  const program = scriptModel("walk", (s: Script) => {
    let sum = 0;
    for (let i = 0; i < 12; i++) {
      sum += s.sample("step", uniformInt(0, 1));
      s.factor(-Math.abs(sum - (i + 1) / 2));
    }
    return sum;
  });
  const posterior = await runMethod({ program }, particleGibbs({ particles: 8, sweeps: 1500 }), seeded(2));
  for (const { value, draws } of posterior.traces()) {
    expect(draws.length).toBe(12);
    expect(draws.reduce((sum, d) => sum + (d.value as number), 0)).toBe(value);
  }
});

describe("what has no execution of positive weight", () => {
  for (const method of [particleGibbs({ sweeps: 5 }), pimh({ samples: 5 })]) {
    test(method.name, async () => {
      const environment = new RunEnvironment(new Map(), seeded(1));
      const posterior = await method.run(targetOf(smallPrograms["nothing that is possible"]!), environment);
      expect(posterior.isEmpty).toBe(true);
      expect(posterior.logZ.estimate).toBe(-Infinity);
      expect(posterior.diagnostics.warnings.map(({ code }) => code)).toEqual(["PGLW003"]);
    });
  }
});

test("options out of range", () => {
  expect(() => particleGibbs({ particles: 1 })).toThrow(/`particles` must be a whole number from 2/);
  expect(() => particleGibbs({ burn: -1 })).toThrow(/`burn`/);
  expect(() => particleGibbs({ ancestor_sampling: "yes" as never })).toThrow(/true or false/);
  expect(() => pimh({ resampler: "best" as never })).toThrow(/`resampler` must be one of/);
});

test("the same seed gives the same draws", async () => {
  const subject = { program: t3Model("imperfect") };
  const method = particleGibbs({ particles: 3, sweeps: 50, ancestor_sampling: true });
  const [a, b] = [await runMethod(subject, method, seeded(9)), await runMethod(subject, method, seeded(9))];
  expect(a.samples.map(({ value }) => value)).toEqual(b.samples.map(({ value }) => value));
});

import { blocks, importance, resamplers, seeded, smc, Status, type Environment, type Population } from "@pgl/runtime";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { enumerateOutcomes, expectProperlyWeighted, runMethod, runtimeKey } from "../../../src/index.js";
import { environmentOf, executionsOf, targetOf, type Subject } from "./executions.js";
import { smallPrograms } from "./programs.js";

type Masses = Map<string, number>;

async function exact(subject: Subject): Promise<Masses> {
  const masses: Masses = new Map();
  for (const { state, mass } of await executionsOf(subject)) {
    const key = runtimeKey(state.value);
    masses.set(key, (masses.get(key) ?? 0) + mass);
  }
  return masses;
}

/** E[(1/N) Σ exp(logWeight) 1{value = r}] of the finished population that `build` makes, times what it holds outside. */
async function meaning(
  subject: Subject,
  build: (environment: Environment) => Promise<{ population: Population; outside: number }>,
): Promise<Masses> {
  const masses: Masses = new Map();
  const outcomes = await enumerateOutcomes(async (random) => {
    const { population, outside } = await build(environmentOf(subject, random));
    while (!population.finished) await blocks.advance(population);
    return population.particles.flatMap((p, i) =>
      population.status[i] === Status.Done
        ? [{ key: runtimeKey(p.value), mass: Math.exp(p.logWeight + outside) / population.size }]
        : [],
    );
  });
  for (const { value, probability } of outcomes)
    for (const { key, mass } of value) masses.set(key, (masses.get(key) ?? 0) + probability * mass);
  return masses;
}

function compare(actual: Masses, expected: Masses): void {
  for (const key of new Set([...actual.keys(), ...expected.keys()]))
    expect(Math.abs((actual.get(key) ?? 0) - (expected.get(key) ?? 0)), key).toBeLessThan(1e-12);
}

type Block = "advance" | "resample" | "extract" | "push" | "collapse" | "twice";

describe("blocks in any order keep the measure", () => {
  const names = Object.keys(smallPrograms).filter((name) => name !== "nothing that is possible");
  const order = fc.array(fc.constantFrom<Block>("advance", "resample", "extract", "push", "collapse", "twice"), {
    maxLength: 6,
  });
  const scheme = fc.constantFrom(...Object.values(resamplers));
  test("random orders, schemes and programs", { timeout: 240_000 }, async () => {
    let checked = 0;
    const property = fc.asyncProperty(fc.constantFrom(...names), order, scheme, async (name, todo, how) => {
      const subject = smallPrograms[name]!;
      // Each of these multiplies the outcomes.
      fc.pre(todo.filter((block) => block === "resample" || block === "collapse" || block === "twice").length <= 3);
      const build = async (environment: Environment): Promise<{ population: Population; outside: number }> => {
        const { random } = environment;
        let population = blocks.spawn(targetOf(subject), 2, environment, random.split(0));
        let outside = 0;
        for (const [i, block] of todo.entries()) {
          const own = random.split(i + 1);
          if (block === "advance" && !population.finished) await blocks.advance(population);
          if (block === "resample") blocks.resample(population, own, how);
          if (block === "extract") {
            const nats = blocks.extractEvidence(population);
            if (nats > -Infinity) outside += nats;
          }
          if (block === "push") {
            blocks.pushEvidence(population, outside);
            outside = 0;
          }
          if (block === "collapse" || block === "twice") {
            // To one particle, and from its state to one or two again.
            const one = blocks.collapse(population, own.split(0));
            if (one !== null) population = blocks.spawnFrom(one, block === "twice" ? 2 : 1, environment, own.split(1));
          }
        }
        return { population, outside };
      };
      try {
        compare(await meaning(subject, build), await exact(subject));
        checked++;
      } catch (error) {
        if (!(error instanceof Error && /more than/.test(error.message))) throw error;
      }
    });
    await fc.assert(property, { numRuns: 60, seed: 1 });
    expect(checked).toBeGreaterThan(40);
  });

  test("weigh multiplies the measure by its density, and may end particles", async () => {
    const subject = smallPrograms["a skipped resampling before an informative weight"]!;
    const build = async (environment: Environment): Promise<{ population: Population; outside: number }> => {
      const population = blocks.spawn(targetOf(subject), 2, environment, environment.random.split(0));
      while (!population.finished) await blocks.advance(population);
      blocks.weigh(population, ({ value }) => {
        const [a, b] = value as readonly [boolean, boolean];
        return a && !b ? -Infinity : a ? 0.5 : 0;
      });
      return { population, outside: 0 };
    };
    const expected: Masses = new Map();
    for (const [key, mass] of await exact(subject)) {
      const factor = key === "[true,false]" ? 0 : key === "[true,true]" ? Math.exp(0.5) : 1;
      if (factor > 0) expected.set(key, mass * factor);
    }
    compare(await meaning(subject, build), expected);
  });
});

describe("islands", () => {
  for (const [name, subject] of Object.entries(smallPrograms)) {
    test(`are properly weighted together: ${name}`, async () => {
      await expectProperlyWeighted({ ...subject, method: smc({ particles: 1, islands: 2, ess: 1 }) });
      await expectProperlyWeighted({ ...subject, method: importance({ samples: 1, islands: 2 }) });
    });
  }

  test("the error of log Z is that of the spread of their estimates", async () => {
    const subject = smallPrograms["a skipped resampling before an informative weight"]!;
    const errors: number[] = [];
    const estimates: number[] = [];
    for (let seed = 0; seed < 60; seed++) {
      const { logZ, diagnostics } = await runMethod(subject, smc({ particles: 50, islands: 16 }), seeded(seed));
      errors.push(logZ.stderr!);
      estimates.push(logZ.estimate!);
      expect(diagnostics.executions).toBe(800);
    }
    const mean = estimates.reduce((a, b) => a + b, 0) / 60;
    const spread = Math.sqrt(estimates.reduce((s, x) => s + (x - mean) ** 2, 0) / 59);
    const said = errors.reduce((a, b) => a + b, 0) / 60;
    expect(said / spread).toBeGreaterThan(0.7);
    expect(said / spread).toBeLessThan(1.4);
  });

  test("one island is a run without islands, bit for bit", async () => {
    const subject = smallPrograms["T3, imperfect twist"]!;
    const [one, plain] = await Promise.all([
      runMethod(subject, smc({ particles: 20, islands: 1 }), seeded(5)),
      runMethod(subject, smc({ particles: 20 }), seeded(5)),
    ]);
    expect(one.logZ).toEqual(plain.logZ);
    expect(one.atoms).toEqual(plain.atoms);
  });
});

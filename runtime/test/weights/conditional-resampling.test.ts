import { enumerateOutcomes } from "@pgl/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  LogWeights,
  resamplers,
  RunError,
  seeded,
  type ConditionalScheme,
  type ResamplerName,
} from "../../src/index.js";

const names = Object.keys(resamplers) as ResamplerName[];
const { log, exp } = Math;

type Law = Map<string, number>;
const add = (law: Law, key: string, mass: number): void => void law.set(key, (law.get(key) ?? 0) + mass);

/** What the law of conditional resampling must be, from the law of the scheme itself. */
async function restricted(scheme: ConditionalScheme, weights: LogWeights, n: number, reference: number): Promise<Law> {
  const law: Law = new Map();
  for (const { value, probability } of await enumerateOutcomes((random) => scheme.resample(weights, n, random))) {
    value.ancestors.forEach((a, slot) => {
      if (a !== reference) return;
      add(
        law,
        `${value.ancestors.join(",")}/${slot}`,
        probability * exp(value.logWeights[slot]! - weights.at(reference)),
      );
    });
  }
  return law;
}

async function conditional(scheme: ConditionalScheme, weights: LogWeights, n: number, reference: number): Promise<Law> {
  const law: Law = new Map();
  const outcomes = await enumerateOutcomes((random) => scheme.resampleGiven(weights, n, reference, random));
  for (const { value, probability } of outcomes) {
    expect(value.ancestors.length).toBe(n);
    expect(value.ancestors[value.slot]).toBe(reference);
    add(law, `${value.ancestors.join(",")}/${value.slot}`, probability);
  }
  return law;
}

function compare(actual: Law, expected: Law, tolerance: number): void {
  for (const key of new Set([...actual.keys(), ...expected.keys()])) {
    expect(Math.abs((actual.get(key) ?? 0) - (expected.get(key) ?? 0)), key).toBeLessThan(tolerance);
  }
  expect([...expected.values()].reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
}

describe.each(names)("%s, given one offspring of the reference", (name) => {
  const scheme = resamplers[name];

  test.each([
    [[1], 1],
    [[1], 3],
    [[0, 1], 2],
    [[1, 1], 2],
    [[0.3, 0.7], 2],
    [[0.5, 0, 0.2, 0.3], 3],
    [[5, 0.01, 0.01, 0.01], 4],
    [[4, 2, 1, 1], 4],
    [[1, 1, 1, 1, 1], 3],
    [[0.1, 3, 0.1, 3, 0.1, 0.7], 3],
    [[1, 2], 4],
  ] as const)("is the scheme's law restricted and weighed, for %j with %i offspring", async (values, n) => {
    const weights = new LogWeights(values.map(log));
    for (let reference = 0; reference < values.length; reference++) {
      if (values[reference] === 0) continue;
      compare(await conditional(scheme, weights, n, reference), await restricted(scheme, weights, n, reference), 1e-12);
    }
  });

  test("is so for random weights", async () => {
    const weight = fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 4, noNaN: true }), fc.constantFrom(0.25, 1, 2));
    await fc.assert(
      fc.asyncProperty(
        fc.array(weight, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(3),
        async (values, n, at) => {
          const reference = at % values.length;
          fc.pre(values[reference]! > 0);
          const weights = new LogWeights(values.map(log));
          compare(
            await conditional(scheme, weights, n, reference),
            await restricted(scheme, weights, n, reference),
            1e-10,
          );
        },
      ),
      { seed: 7, numRuns: 60 },
    );
  });

  test("keeps the reference with real randomness, many candidates and large scales", () => {
    for (let seed = 0; seed < 100; seed++) {
      const random = seeded(seed);
      const values = Float64Array.from({ length: 50 }, () => 1000 + 20 * random.uniform());
      const reference = random.below(50);
      const made = scheme.resampleGiven(new LogWeights(values), 50, reference, random);
      expect(made.ancestors[made.slot]).toBe(reference);
      expect([...made.ancestors]).toEqual([...made.ancestors].sort((a, b) => a - b));
    }
  });

  test("a reference of weight zero is refused", () => {
    const weights = new LogWeights([0, -Infinity]);
    expect(() => scheme.resampleGiven(weights, 2, 1, seeded(1))).toThrow(RunError);
  });
});

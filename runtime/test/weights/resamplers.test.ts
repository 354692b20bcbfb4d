import { enumerateOutcomes } from "@pgl/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  LogWeights,
  resamplers,
  RunError,
  seeded,
  type RandomSource,
  type ResamplerName,
  type ResamplingScheme,
} from "../../src/index.js";

const names = Object.keys(resamplers) as ResamplerName[];
const { log, exp } = Math;

/** E[Σ offspring weight] of each candidate, over every outcome. */
async function expectedWeights(scheme: ResamplingScheme, weights: readonly number[], n: number): Promise<number[]> {
  const kept = weights.map(() => 0);
  const total = weights.reduce((a, b) => a + b, 0);
  const outcomes = await enumerateOutcomes((random) => scheme.resample(new LogWeights(weights.map(log)), n, random));
  for (const { value, probability } of outcomes) {
    expect(value.ancestors.length).toBe(n);
    let sum = 0;
    value.ancestors.forEach((a, j) => {
      const w = exp(value.logWeights[j]!);
      sum += w;
      kept[a]! += probability * w;
    });
    // The total is kept in every outcome, not only on average.
    expect(Math.abs(sum - total)).toBeLessThan(1e-12 * total);
  }
  return kept;
}

describe.each(names)("%s", (name) => {
  const scheme = resamplers[name];

  test.each([
    [[1], 1],
    [[1], 3],
    [[0, 1], 2],
    [[1, 1], 2],
    [[0.3, 0.7], 2],
    [[0.5, 0, 0.2, 0.3], 2],
    [[0.5, 0, 0.2, 0.3], 3],
    [[5, 0.01, 0.01, 0.01], 4],
    [[4, 2, 1, 1], 4],
    [[1, 1, 1, 1, 1], 3],
    [[0.1, 3, 0.1, 3, 0.1, 0.7], 3],
    [[0.2, 0.2, 0.6, 1e-9], 3],
    [[1, 2], 4],
  ] as const)("keeps the weight of each of %j in expectation, with %i offspring", async (weights, n) => {
    const kept = await expectedWeights(scheme, weights, n);
    weights.forEach((w, i) => expect(Math.abs(kept[i]! - w)).toBeLessThan(1e-12));
  });

  test("keeps expected weights of random vectors", async () => {
    const weight = fc.oneof(
      fc.constant(0),
      fc.double({ min: 1e-6, max: 4, noNaN: true }),
      fc.constantFrom(0.25, 0.5, 1, 2),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(weight, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 4 }),
        async (weights, n) => {
          fc.pre(weights.some((w) => w > 0));
          const kept = await expectedWeights(scheme, weights, n);
          weights.forEach((w, i) => expect(Math.abs(kept[i]! - w)).toBeLessThan(1e-10));
        },
      ),
      { seed: 5, numRuns: 60 },
    );
  });

  test("never takes a candidate of weight zero, with real randomness and large scales", () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = seeded(seed);
      const weights = Array.from({ length: 17 }, (_, i) => (i % 3 === seed % 3 ? -Infinity : -900 * random.uniform()));
      const { ancestors, logWeights } = scheme.resample(new LogWeights(weights), 11, random);
      ancestors.forEach((a, j) => {
        expect(weights[a]).toBeGreaterThan(-Infinity);
        expect(logWeights[j]).toBeGreaterThan(-Infinity);
        if (j > 0) expect(a).toBeGreaterThanOrEqual(ancestors[j - 1]!);
      });
    }
  });

  test("is a function of its source", () => {
    const weights = new LogWeights(Array.from({ length: 50 }, (_, i) => Math.sin(i)));
    const draw = (): number[] => [...scheme.resample(weights, 50, seeded(3)).ancestors];
    expect(draw()).toEqual(draw());
  });

  test("all weights zero is an error that says so", () => {
    expect(() => scheme.resample(new LogWeights([-Infinity, -Infinity]), 2, seeded(1))).toThrow(RunError);
  });

  test("asks for at most one number an offspring", () => {
    let asked = 0;
    const source = seeded(1);
    const random = {
      ...source,
      uniformAmong: (b: () => Float64Array) => (asked++, source.uniformAmong(b)),
    } as RandomSource;
    scheme.resample(new LogWeights(Array.from({ length: 500 }, (_, i) => 5 * Math.sin(i))), 300, random);
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(300);
  });
});

describe("what tells the schemes apart", () => {
  const offspring = async (
    name: ResamplerName,
    weights: readonly number[],
    n: number,
  ): Promise<Map<string, number>> => {
    const found = new Map<string, number>();
    for (const { value, probability } of await enumerateOutcomes((random) =>
      resamplers[name].resample(new LogWeights(weights.map(log)), n, random),
    )) {
      const counts = weights.map((_, i) => value.ancestors.filter((a) => a === i).length).join(",");
      found.set(counts, (found.get(counts) ?? 0) + probability);
    }
    return found;
  };

  test("multinomial offspring are binomial", async () => {
    const found = await offspring("multinomial", [0.3, 0.7], 2);
    expect(found.get("2,0")).toBeCloseTo(0.09, 12);
    expect(found.get("1,1")).toBeCloseTo(0.42, 12);
    expect(found.get("0,2")).toBeCloseTo(0.49, 12);
  });

  test("systematic offspring differ from what is expected by less than one", async () => {
    const found = await offspring("systematic", [0.3, 0.7], 2);
    expect([...found.keys()].sort()).toEqual(["0,2", "1,1"]);
    expect(found.get("1,1")).toBeCloseTo(0.6, 12);
  });

  test("stratified draws one in each stratum", async () => {
    // Strata (0, ½] and (½, 1] of weights .3, .3, .4: the first gives 0 with .6, the second 1 with .2.
    const found = await offspring("stratified", [0.3, 0.3, 0.4], 2);
    expect(found.get("1,1,0")).toBeCloseTo(0.12, 12);
    expect(found.get("1,0,1")).toBeCloseTo(0.48, 12);
    expect(found.get("0,2,0")).toBeCloseTo(0.08, 12);
    expect(found.get("0,1,1")).toBeCloseTo(0.32, 12);
  });

  test("residual gives whole parts for certain", async () => {
    const found = await offspring("residual", [0.3, 0.7], 2);
    expect(found.get("1,1")).toBeCloseTo(0.6, 12);
    expect(found.get("0,2")).toBeCloseTo(0.4, 12);
  });

  test("optimal keeps heavy candidates with their weight and gives the others the threshold", () => {
    // Σ min(w/c, 1) = 3 over 5, 1, .5, .5, .2 has the solution c = 1.1: 5 is kept, the others weigh 1.1.
    const weights = [5, 1, 0.5, 0.5, 0.2];
    for (let seed = 0; seed < 20; seed++) {
      const { ancestors, logWeights } = resamplers.optimal.resample(new LogWeights(weights.map(log)), 3, seeded(seed));
      expect(ancestors[0]).toBe(0);
      expect(new Set(ancestors).size).toBe(3);
      expect(logWeights[0]).toBeCloseTo(log(5), 12);
      expect(logWeights[1]).toBeCloseTo(log(1.1), 12);
      expect(logWeights[2]).toBeCloseTo(log(1.1), 12);
    }
  });

  test("optimal with no more candidates than places splits the heavy ones, and leaves an ESS of half the places", () => {
    const { ancestors, logWeights } = resamplers.optimal.resample(new LogWeights([4, 1, 0.5].map(log)), 4, seeded(1));
    // The average is 1.375: 4 becomes two copies of 2, the others are kept.
    expect([...ancestors]).toEqual([0, 0, 1, 2]);
    expect([...logWeights].map((w) => exp(w))).toEqual([2, 2, 1, 0.5].map((w) => expect.closeTo(w, 12)));
    for (let seed = 0; seed < 100; seed++) {
      const random = seeded(seed);
      const weights = new LogWeights(Array.from({ length: 30 }, () => 12 * random.uniform()));
      const resampled = resamplers.optimal.resample(weights, 30, random);
      expect(new LogWeights(resampled.logWeights).ess()).toBeGreaterThanOrEqual(15);
    }
  });

  test("equal weights are left alone by all but the schemes that draw each anew", () => {
    for (const name of ["systematic", "stratified", "residual", "optimal"] as const) {
      expect([...resamplers[name].resample(new LogWeights([2, 2, 2, 2]), 4, seeded(9)).ancestors]).toEqual([
        0, 1, 2, 3,
      ]);
    }
  });
});

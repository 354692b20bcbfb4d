import { describe, expect, test } from "vitest";
import type { RandomSource } from "@pgl/runtime";
import { enumerateOutcomes, EnumerationError, visitOutcomes } from "../../src/random/index.js";

const table = async <T>(run: (random: RandomSource) => T): Promise<Record<string, number>> => {
  const sums: Record<string, number> = {};
  for (const { value, probability } of await enumerateOutcomes(run)) {
    const key = JSON.stringify(value);
    sums[key] = (sums[key] ?? 0) + probability;
  }
  return sums;
};

describe("enumerateOutcomes", () => {
  test("an algorithm without draws has one outcome", async () => {
    expect(await enumerateOutcomes(() => 7)).toEqual([{ value: 7, probability: 1 }]);
  });

  test("categorical: unnormalised weights, the first n of them, none of weight zero", async () => {
    expect(await table((r) => r.categorical([1, 0, 3]))).toEqual({ 0: 0.25, 2: 0.75 });
    expect(await table((r) => r.categorical([1, 1, 8], 2))).toEqual({ 0: 0.5, 1: 0.5 });
  });

  test("bernoulli and below", async () => {
    expect(await table((r) => r.bernoulli(0.25))).toEqual({ true: 0.25, false: 0.75 });
    expect(await table((r) => r.bernoulli(1))).toEqual({ true: 1 });
    expect(await table((r) => r.below(4))).toEqual({ 0: 0.25, 1: 0.25, 2: 0.25, 3: 0.25 });
  });

  test("uniformAmong: one number inside each piece, with the piece's length", async () => {
    const outcomes = await enumerateOutcomes((r) => r.uniformAmong(() => Float64Array.of(0.25, 0.25, 0.75)));
    expect(outcomes).toEqual([
      { value: 0.125, probability: 0.25 },
      { value: 0.5, probability: 0.5 },
      { value: 0.875, probability: 0.25 },
    ]);
  });

  test("later draws may depend on earlier ones", async () => {
    const walk = (r: RandomSource): string => (r.bernoulli(0.5) ? "stop" : `go ${r.below(3)} ${r.bernoulli(0.1)}`);
    const sums = await table(walk);
    expect(Object.keys(sums)).toHaveLength(7);
    expect(sums['"stop"']).toBe(0.5);
    expect(sums['"go 2 true"']).toBeCloseTo(0.5 * (1 / 3) * 0.1, 15);
    expect(Object.values(sums).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 14);
  });

  test("asynchronous algorithms", async () => {
    const outcomes = await enumerateOutcomes(async (r) => {
      const a = r.bernoulli(0.5);
      await Promise.resolve();
      return [a, r.split(1).bernoulli(0.5)];
    });
    expect(outcomes).toHaveLength(4);
  });

  test("streams of different keys are independent; the same key gives the same stream", async () => {
    const keys = (a: number, b: number) => table((r) => [r.split(a).bernoulli(0.5), r.split(b).bernoulli(0.5)]);
    expect(Object.keys(await keys(1, 2))).toHaveLength(4);
    expect(await keys(1, 1)).toEqual({ "[true,true]": 0.5, "[false,false]": 0.5 });
    expect(Object.keys(await table((r) => [r.split(1).split(2).below(2), r.split(2).split(1).below(2)]))).toHaveLength(
      4,
    );
  });

  test("refuses what it cannot enumerate", async () => {
    await expect(enumerateOutcomes((r) => r.uniform())).rejects.toThrow(EnumerationError);
    await expect(enumerateOutcomes((r) => r.below(10), { maxOutcomes: 9 })).rejects.toThrow(/more than 9 outcomes/);
    await expect(enumerateOutcomes((r) => [r.split(1).below(2), r.split(1).below(3)])).rejects.toThrow(/read twice/);
    let runs = 0;
    await expect(enumerateOutcomes((r) => (runs++ === 0 ? r.below(2) : r.below(3)))).rejects.toThrow(
      /not a function of its draws/,
    );
    await expect(enumerateOutcomes((r) => r.categorical([0, 0]))).rejects.toThrow(/all weights are zero/);
    await expect(enumerateOutcomes((r) => r.bernoulli(NaN))).rejects.toThrow(EnumerationError);
    await expect(enumerateOutcomes((r) => r.uniformAmong(() => Float64Array.of(0.5, 0.25)))).rejects.toThrow(/ascend/);
  });
});

describe("shapes of draws that algorithms make", () => {
  test("a shuffle visits every permutation, each as probable as the others", async () => {
    const sums = await table((r) => {
      const items = [1, 2, 3, 4];
      for (let i = items.length - 1; i > 0; i--) {
        const j = r.below(i + 1);
        [items[i], items[j]] = [items[j]!, items[i]!];
      }
      return items;
    });
    expect(Object.keys(sums)).toHaveLength(24);
    for (const p of Object.values(sums)) expect(p).toBeCloseTo(1 / 24, 14);
  });

  test("accept or reject", async () => {
    const sums = await table((r) => {
      const proposed = r.below(2);
      return r.bernoulli(proposed === 1 ? 0.25 : 1) ? proposed : "kept";
    });
    expect(sums).toEqual({ 0: 0.5, 1: 0.125, '"kept"': 0.375 });
  });

  for (const stopFirst of [true, false]) {
    test(`a geometric stop, to a truncation, ${stopFirst ? "stopping" : "going on"} asked for`, async () => {
      const rounds = (r: RandomSource): number => {
        let n = 0;
        while (stopFirst ? !r.bernoulli(0.4) : r.bernoulli(0.6)) n++;
        return n;
      };
      const { outcomes, unvisited } = await visitOutcomes(rounds, { negligible: 1e-3 });
      // 0.6^n 0.4 for each n until it, or 0.6^n, falls below the threshold.
      for (const { value, probability } of outcomes) expect(probability).toBeCloseTo(0.4 * 0.6 ** value, 14);
      expect(outcomes.reduce((sum, o) => sum + o.probability, unvisited)).toBeCloseTo(1, 14);
      expect(unvisited).toBeGreaterThan(0);
      expect(unvisited).toBeLessThan(0.003);
    });
  }

  test("an algorithm that catches errors does not hide what was left out", async () => {
    const careless = (r: RandomSource): string => {
      try {
        while (r.bernoulli(0.5));
        return "stopped";
      } catch {
        return "caught";
      }
    };
    const { outcomes, unvisited } = await visitOutcomes(careless, { negligible: 1e-2 });
    expect(outcomes.map((o) => o.value)).not.toContain("caught");
    expect(unvisited).toBeCloseTo(1 - outcomes.reduce((sum, o) => sum + o.probability, 0), 14);
  });

  test("nothing is left out unless it is asked for", async () => {
    const rare = (r: RandomSource): boolean => r.bernoulli(1e-300);
    expect((await visitOutcomes(rare)).unvisited).toBe(0);
    expect((await visitOutcomes(rare, { negligible: 1e-200 })).unvisited).toBe(1e-300);
    await expect(visitOutcomes((r) => r.below(2), { negligible: 1 })).rejects.toThrow(EnumerationError);
  });
});

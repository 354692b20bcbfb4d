import { describe, expect, it } from "vitest";
import { RunError } from "../../src/errors.js";
import { seeded, type RandomSource } from "../../src/random/index.js";
import { chiSquareTail, kolmogorovTail } from "../statistics.js";

/**
 * Every statistical test below rejects at 1e-6, with fixed seeds: were the source right, a test would fail for one seed in
 * a million, and these seeds do not.
 */
const LEVEL = 1e-6;

const draw = <T>(n: number, f: () => T): T[] => Array.from({ length: n }, f);

function uniformityOf(us: readonly number[]): number {
  const sorted = [...us].sort((a, b) => a - b);
  let distance = 0;
  sorted.forEach((u, i) => {
    distance = Math.max(distance, (i + 1) / sorted.length - u, u - i / sorted.length);
  });
  return kolmogorovTail(distance, sorted.length);
}

function frequenciesOf(counts: readonly number[], probabilities: readonly number[]): number {
  const n = counts.reduce((a, b) => a + b, 0);
  const statistic = counts.reduce((s, c, i) => s + (c - n * probabilities[i]!) ** 2 / (n * probabilities[i]!), 0);
  return chiSquareTail(statistic, counts.length - 1);
}

const count = (values: readonly number[], kinds: number): number[] => {
  const counts = new Array<number>(kinds).fill(0);
  for (const v of values) counts[v]!++;
  return counts;
};

describe("seeded", () => {
  it("gives the same draws for the same seed, and others for another", () => {
    const stream = (seed: number): number[] => {
      const r = seeded(seed);
      return draw(20, () => r.uniform());
    };
    expect(stream(7)).toEqual(stream(7));
    const first = [0, 1, -1, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1, -(2 ** 53 - 1), 42].map((seed) => stream(seed)[0]);
    expect(new Set(first).size).toBe(first.length);
    expect(stream(-0)).toEqual(stream(0));
  });

  it("keeps its stream from version to version", () => {
    const r = seeded(1);
    const s = r.split(3).split(2 ** 40);
    expect([r.uniform(), r.below(1000), s.uniform(), s.bernoulli(0.5)]).toMatchInlineSnapshot(`
      [
        0.3803247438113211,
        982,
        0.40958910081615474,
        true,
      ]
    `);
  });

  it("refuses a seed that is not a whole number", () => {
    for (const bad of [0.5, NaN, Infinity, 2 ** 60]) {
      expect(() => seeded(bad)).toThrow(RunError);
      expect(() => seeded(1).split(bad)).toThrow(RunError);
    }
  });

  it("draws uniform numbers inside the open interval, with all 53 bits", () => {
    const r = seeded(2);
    const us = draw(50_000, () => r.uniform());
    for (const u of us) expect(u > 0 && u < 1).toBe(true);
    expect(us.some((u) => (u * 2 ** 53) % 2 === 1)).toBe(true);
    expect(uniformityOf(us)).toBeGreaterThan(LEVEL);
    // Successive pairs fill the square.
    const cells = Array.from(
      { length: us.length / 2 },
      (_, i) => Math.floor(us[2 * i]! * 10) * 10 + Math.floor(us[2 * i + 1]! * 10),
    );
    expect(frequenciesOf(count(cells, 100), new Array<number>(100).fill(0.01))).toBeGreaterThan(LEVEL);
  });

  it("draws indices by their weights", () => {
    const r = seeded(3);
    const weights = [0, 3, 0, 1, 0.5, 0];
    const counts = count(
      draw(30_000, () => r.categorical(weights)),
      6,
    );
    expect([counts[0], counts[2], counts[5]]).toEqual([0, 0, 0]);
    expect(frequenciesOf([counts[1]!, counts[3]!, counts[4]!], [3 / 4.5, 1 / 4.5, 0.5 / 4.5])).toBeGreaterThan(LEVEL);
    expect(draw(100, () => r.categorical([1, 1, 5], 2)).every((i) => i < 2)).toBe(true);
    const huge = count(
      draw(10_000, () => r.categorical([1e308, 1e308, 1e308])),
      3,
    );
    expect(frequenciesOf(huge, [1 / 3, 1 / 3, 1 / 3])).toBeGreaterThan(LEVEL);
    expect(r.categorical([0, Number.MIN_VALUE, 0])).toBe(1);
  });

  it("draws booleans and whole numbers", () => {
    const r = seeded(4);
    const heads = draw(20_000, () => r.bernoulli(0.3)).filter(Boolean).length;
    expect(frequenciesOf([heads, 20_000 - heads], [0.3, 0.7])).toBeGreaterThan(LEVEL);
    expect(draw(1000, () => r.bernoulli(0)).some(Boolean)).toBe(false);
    expect(draw(1000, () => r.bernoulli(1)).every(Boolean)).toBe(true);
    for (const n of [1, 2, 3, 10, 97]) {
      const counts = count(
        draw(20_000, () => r.below(n)),
        n,
      );
      if (n > 1) expect(frequenciesOf(counts, new Array<number>(n).fill(1 / n))).toBeGreaterThan(LEVEL);
    }
    expect(draw(1000, () => r.below(2 ** 53)).every((k) => Number.isSafeInteger(k) && k >= 0)).toBe(true);
  });

  it("answers uniformAmong in [0, 1)", () => {
    const r = seeded(5);
    const us = draw(20_000, () => r.uniformAmong(() => Float64Array.of(0.5)));
    expect(us.every((u) => u >= 0 && u < 1)).toBe(true);
    expect(uniformityOf(us)).toBeGreaterThan(LEVEL);
  });
});

describe("split", () => {
  it("depends on the path of keys alone, not on what was drawn", () => {
    const quiet = seeded(9);
    const busy = seeded(9);
    draw(100, () => busy.uniform());
    busy.split(1).uniform();
    const a = quiet.split(5).split(6);
    const b = busy.split(5).split(6);
    expect(draw(10, () => a.uniform())).toEqual(draw(10, () => b.uniform()));
  });

  it("draws nothing from the parent", () => {
    const r = seeded(9);
    const s = seeded(9);
    s.split(1);
    expect(r.uniform()).toBe(s.uniform());
  });

  it("gives different streams for different paths", () => {
    const root = seeded(0);
    const sources: RandomSource[] = [root];
    for (let i = -20; i < 200; i++) sources.push(root.split(i), root.split(2 ** 32 * i), root.split(1).split(i));
    sources.push(root.split(2).split(1), root.split(2).split(1).split(1));
    // The path 0 is in the list twice.
    const first = new Set(sources.map((s) => s.uniform()));
    expect(first.size).toBe(sources.length - 1);
  });

  it("makes siblings, cousins and parents independent", () => {
    const root = seeded(11);
    const pairs: [(i: number) => RandomSource, (i: number) => RandomSource][] = [
      [(i) => root.split(i), (i) => root.split(i + 1)],
      [(i) => root.split(i), (i) => root.split(i ^ 1024)],
      [(i) => root.split(i), (i) => root.split(i).split(0)],
      [(i) => root.split(1).split(i), (i) => root.split(2).split(i)],
      [(i) => seeded(i), (i) => seeded(i + 1)],
    ];
    for (const [left, right] of pairs) {
      const cells = Array.from(
        { length: 20_000 },
        (_, i) => Math.floor(left(i).uniform() * 8) * 8 + Math.floor(right(i).uniform() * 8),
      );
      expect(frequenciesOf(count(cells, 64), new Array<number>(64).fill(1 / 64))).toBeGreaterThan(LEVEL);
    }
  });

  it("has uniform first draws across siblings", () => {
    const root = seeded(12);
    expect(uniformityOf(Array.from({ length: 20_000 }, (_, i) => root.split(i).uniform()))).toBeGreaterThan(LEVEL);
  });
});

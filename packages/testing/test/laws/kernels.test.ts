import type { RandomSource } from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import {
  expectInvariantKernel,
  expectIrreducible,
  expectReversible,
  LawError,
  transitionMatrix,
} from "../../src/laws/index.js";

/** Three states on a circle; the kernel moves to a neighbour and accepts by Metropolis–Hastings. */
const masses = [0.5, 1, 2];
const states = masses.map((mass, state) => ({ state, mass }));
const metropolis =
  (ratio: (from: number, to: number) => number) =>
  (state: number, random: RandomSource): number => {
    const to = (state + (random.bernoulli(0.5) ? 1 : 2)) % 3;
    return random.bernoulli(Math.min(1, ratio(state, to))) ? to : state;
  };

describe("a kernel that is right", () => {
  test("leaves the measure invariant, reversibly, and reaches everything", async () => {
    const matrix = await expectInvariantKernel({ states, kernel: metropolis((a, b) => masses[b]! / masses[a]!) });
    expect(matrix.outcomes).toBeGreaterThan(6);
    for (const row of matrix.rows) expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 14);
    expectIrreducible(matrix);
    expectReversible(matrix);
  });

  test("is invariant without being reversible: a shift of a uniform measure", async () => {
    const uniform = [0, 1, 2].map((state) => ({ state, mass: 1 }));
    const matrix = await expectInvariantKernel({ states: uniform, kernel: (s) => (s + 1) % 3 });
    expectIrreducible(matrix);
    expect(() => expectReversible(matrix)).toThrow(/Detailed balance does not hold between/);
  });

  test("is invariant without being irreducible: it stays where it is", async () => {
    const matrix = await expectInvariantKernel({ states, kernel: (s) => s });
    expect(() => expectIrreducible(matrix)).toThrow(/0 never leads to #?1/);
  });
});

describe("a kernel that is wrong", () => {
  test("with the ratio upside down: who gains and who loses", async () => {
    const run = expectInvariantKernel({ states, kernel: metropolis((a, b) => masses[a]! / masses[b]!) });
    await expect(run).rejects.toThrow(/πK = π does not hold[\s\S]*#2 loses[\s\S]*gains/);
  });
  test("without a ratio", async () => {
    await expect(expectInvariantKernel({ states, kernel: metropolis(() => 1) })).rejects.toThrow(LawError);
  });
  test("that leaves the support", async () => {
    await expect(transitionMatrix({ states, kernel: (s) => s + 1 })).rejects.toThrow(/that state has no mass/);
  });
  test("states twice, or without mass", async () => {
    await expect(transitionMatrix({ states: [...states, states[0]!], kernel: (s) => s })).rejects.toThrow(/twice/);
    await expect(transitionMatrix({ states: [{ state: 1, mass: 0 }], kernel: (s) => s })).rejects.toThrow(/mass 0/);
  });
});

describe("a kernel that stops by chance", () => {
  /** Proposes until something is accepted: exact draws, in a geometric number of rounds. */
  const rejection =
    (accept: (s: number) => number) =>
    (_: number, random: RandomSource): number => {
      for (;;) {
        const proposed = random.below(3);
        if (random.bernoulli(accept(proposed))) return proposed;
      }
    };
  test("is compared up to what was not visited", async () => {
    const matrix = await expectInvariantKernel({
      states,
      kernel: rejection((s) => masses[s]! / 2),
      negligible: 1e-5,
    });
    expect(Math.max(...matrix.unvisited)).toBeLessThan(0.01);
    expect(Math.min(...matrix.unvisited)).toBeGreaterThan(0);
    for (const [i, row] of matrix.rows.entries())
      expect(row.reduce((a, b) => a + b, 0) + matrix.unvisited[i]!).toBeCloseTo(1, 12);
  });
  test("and caught when it is wrong by more", async () => {
    const kernel = rejection((s) => (masses[s]! / 2) ** 1.2);
    await expect(expectInvariantKernel({ states, kernel, negligible: 1e-5 })).rejects.toThrow(LawError);
  });
});

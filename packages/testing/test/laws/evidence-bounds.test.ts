import type { RandomSource } from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import { expectLogZBounds, LawError, t3 } from "../../src/index.js";

/** Importance sampling of T3 from its prior, written out: K strings, the mean of their potentials. */
const states = t3.strings.map(({ text, prior, potential }) => ({ state: text, mass: prior * potential }));
const potentialOf = new Map(t3.strings.map((s) => [s.text, s.potential]));
const draw = (random: RandomSource): number =>
  t3.strings[random.categorical(t3.strings.map((s) => s.prior))]!.potential;
const mean = (ws: readonly number[]): number => Math.log(ws.reduce((a, b) => a + b, 0) / ws.length);
const importance = (k: number) => ({
  estimate: (random: RandomSource) => mean(Array.from({ length: k }, () => draw(random))),
  conditional: (state: string, random: RandomSource) =>
    mean([potentialOf.get(state)!, ...Array.from({ length: k - 1 }, () => draw(random))]),
});

describe("bounds of log Z", () => {
  // K, E[log Ẑ], E_σ[log Ẑ]: the rows without resampling.
  for (const [k, lower, upper] of [
    [1, -0.660324, 0.236224],
    [2, -0.381775, 0.054579],
    [3, -0.285285, -0.00951],
  ] as const) {
    test(`importance sampling of T3 with ${k} draws`, async () => {
      const bounds = await expectLogZBounds({ states, ...importance(k) });
      expect(bounds.lower).toBeCloseTo(lower, 6);
      expect(bounds.upper).toBeCloseTo(upper, 6);
      expect(bounds.logZ).toBeCloseTo(t3.logZ, 12);
    });
  }

  const right = importance(2);
  const wrong: Record<string, [Partial<ReturnType<typeof importance>>, RegExp]> = {
    "the sum for the mean": [{ estimate: (r) => right.estimate(r) + Math.log(2) }, /E\[Ẑ\] = Z/],
    "a conditional run without its draw": [{ conditional: (_, r) => right.estimate(r) }, /E_σ\[1\/Ẑ\] = 1\/Z/],
    "the draw counted twice": [
      { conditional: (s, r) => mean([potentialOf.get(s)!, potentialOf.get(s)!, draw(r)]) },
      /E_σ\[1\/Ẑ\] = 1\/Z/,
    ],
    "an estimate that is zero with the draw in it": [{ conditional: () => -Infinity }, /log Ẑ is -Infinity/],
  };
  for (const [name, [change, message]] of Object.entries(wrong)) {
    test(`caught: ${name}`, async () => {
      const run = expectLogZBounds({ states, ...right, ...change });
      await expect(run).rejects.toThrow(LawError);
      await expect(run).rejects.toThrow(message);
    });
  }
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DualAveraging, firstStep, RunningVariance, windows } from "../../../src/inference/gradients/adaptation.js";
import { seeded } from "../../../src/random/index.js";
import { standardNormal } from "../../../src/distributions/samplers.js";
import { answered, pointAt, type Density } from "./analytic.js";

describe("the step size", () => {
  it("settles where the acceptance is what is wanted", () => {
    // Accepted with probability exp(−step²): 0.8 at √log 1.25.
    for (const [first, target] of [
      [0.01, 0.8],
      [30, 0.8],
      [1, 0.95],
    ] as const) {
      const steps = new DualAveraging(first, target);
      for (let i = 0; i < 2000; i++) steps.update(Math.exp(-(steps.step ** 2)));
      expect(Math.abs(steps.settled / Math.sqrt(-Math.log(target)) - 1)).toBeLessThan(0.05);
    }
  });

  it("is what it began as before anything is known, and goes on from its average", () => {
    const steps = new DualAveraging(0.25, 0.8);
    expect(steps.settled).toBeCloseTo(0.25, 12);
    for (let i = 0; i < 200; i++) steps.update(Math.exp(-(steps.step ** 2)));
    const { settled } = steps;
    steps.restart();
    expect(steps.step).toBeCloseTo(settled, 12);
  });

  it("begins within a factor of two or so of where one step is accepted with probability 0.8", () => {
    for (const scale of [1e-3, 1, 1e3]) {
      const density: Density = {
        dimension: 1,
        logJoint: ([x]) => -0.5 * (x! / scale) ** 2,
        gradient: ([x]) => Float64Array.of(-x! / scale / scale),
      };
      const step = answered(
        firstStep(pointAt(density, Float64Array.of(0.5 * scale)), Float64Array.of(1), seeded(1)),
        density,
      );
      expect(step / scale).toBeGreaterThan(0.1);
      expect(step / scale).toBeLessThan(10);
    }
  });

  it("is found also where nothing is ever refused", () => {
    const flat: Density = { dimension: 1, logJoint: () => 0, gradient: () => Float64Array.of(0) };
    expect(answered(firstStep(pointAt(flat, Float64Array.of(0)), Float64Array.of(1), seeded(1)), flat)).toBeGreaterThan(
      1e9,
    );
  });
});

describe("the windows of a burn-in", () => {
  it("are Stan's for a thousand transitions", () => {
    expect(windows(1000)).toEqual({ begin: 75, ends: [99, 149, 249, 449, 949] });
  });

  it("lie between the start and the end, one after the other", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), (burn) => {
        const { begin, ends } = windows(burn);
        let before = begin - 1;
        for (const end of ends) {
          expect(end).toBeGreaterThan(before);
          before = end;
        }
        if (burn >= 20) {
          expect(ends.length).toBeGreaterThan(0);
          expect(before).toBeLessThan(burn - 1);
        } else expect(ends).toEqual([]);
      }),
    );
  });
});

it("variances in one pass are those of two, drawn towards 10⁻³", () => {
  const random = seeded(1);
  const draws = Array.from({ length: 50 }, () =>
    Float64Array.of(1e6 + standardNormal(random), 3 * standardNormal(random)),
  );
  const running = new RunningVariance(2);
  for (const draw of draws) running.add(draw);
  running.regularized().forEach((regularized, i) => {
    const mean = draws.reduce((sum, d) => sum + d[i]!, 0) / 50;
    const variance = draws.reduce((sum, d) => sum + (d[i]! - mean) ** 2, 0) / 49;
    expect(regularized).toBeCloseTo((50 / 55) * variance + 1e-3 * (5 / 55), 8);
  });
});

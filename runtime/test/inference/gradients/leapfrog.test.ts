import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leapfrog, phaseAt, type Phase } from "../../../src/inference/gradients/leapfrog.js";
import { answered, coshes, pointAt, type Density } from "./analytic.js";

const INVERSE_MASS = Float64Array.of(1, 0.5, 2);
const state = fc.array(fc.double({ min: -1.5, max: 1.5, noNaN: true }), { minLength: 6, maxLength: 6 });
const step = fc.double({ min: 0.01, max: 0.3, noNaN: true });

const phase = (z: readonly number[], density: Density = coshes): Phase =>
  phaseAt(pointAt(density, Float64Array.from(z.slice(0, 3))), Float64Array.from(z.slice(3)), INVERSE_MASS);
const coordinates = (p: Phase): number[] => [...p.point.position, ...p.momentum];

function trajectory(from: Phase, size: number, steps: number, density: Density = coshes): Phase {
  let at = from;
  for (let i = 0; i < steps; i++) at = answered(leapfrog(at, size, INVERSE_MASS), density);
  return at;
}

/** The determinant of a map's derivative at z, by central differences of fourth order. */
function determinant(map: (z: readonly number[]) => readonly number[], z: readonly number[]): number {
  const h = 1e-3;
  const columns = z.map((_, j) => {
    const at = (by: number) => map(z.map((x, k) => (k === j ? x + by : x)));
    const [a, b, c, d] = [at(h), at(-h), at(2 * h), at(-2 * h)];
    return a.map((_x, i) => (8 * (a[i]! - b[i]!) - (c[i]! - d[i]!)) / (12 * h));
  });
  const rows = columns.map((column) => [...column]);
  let product = 1;
  for (let k = 0; k < rows.length; k++) {
    let pivot = k;
    for (let i = k; i < rows.length; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = i;
    if (pivot !== k) [rows[k], rows[pivot], product] = [rows[pivot]!, rows[k]!, -product];
    product *= rows[k]![k]!;
    for (let i = k + 1; i < rows.length; i++) {
      const share = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j < rows.length; j++) rows[i]![j]! -= share * rows[k]![j]!;
    }
  }
  return product;
}

describe("a leapfrog trajectory", () => {
  it("is undone by the same steps backwards", () => {
    fc.assert(
      fc.property(state, step, (z, size) => {
        const there = trajectory(phase(z), size, 10);
        const back = trajectory(there, -size, 10);
        coordinates(back).forEach((x, i) => expect(Math.abs(x - z[i]!)).toBeLessThan(1e-9));
      }),
    );
  });

  it("keeps volume: the determinant of its derivative is 1", () => {
    fc.assert(
      fc.property(state, step, (z, size) => {
        const flow = (y: readonly number[]) => coordinates(trajectory(phase(y), size, 3));
        expect(Math.abs(determinant(flow, z) - 1)).toBeLessThan(1e-8);
      }),
      { numRuns: 50 },
    );
  });

  it("is reversible and keeps volume for a field that is no gradient of the density at all", () => {
    const wrong: Density = {
      ...coshes,
      gradient: ([a, b, c]) => Float64Array.of(Math.sin(b! + c!), a! * a! - c!, Math.tanh(a! * b!)),
    };
    const z = [0.3, -0.7, 0.4, 1, -0.2, 0.6];
    const flow = (y: readonly number[]) => coordinates(trajectory(phase(y, wrong), 0.2, 4, wrong));
    expect(Math.abs(determinant(flow, z) - 1)).toBeLessThan(1e-8);
    const back = trajectory(trajectory(phase(z, wrong), 0.2, 4, wrong), -0.2, 4, wrong);
    coordinates(back).forEach((x, i) => expect(Math.abs(x - z[i]!)).toBeLessThan(1e-12));
  });

  it("has an error of energy that falls with the square of the step", () => {
    const z = [0.5, -0.3, 0.8, 0.7, -1, 0.4];
    const errors = [20, 40, 80, 160].map((steps) => {
      const { energy } = trajectory(phase(z), 2 / steps, steps);
      return Math.abs(energy - phase(z).energy);
    });
    for (let i = 1; i < errors.length; i++) {
      const order = Math.log2(errors[i - 1]! / errors[i]!);
      expect(order).toBeGreaterThan(1.9);
      expect(order).toBeLessThan(2.1);
    }
  });
});

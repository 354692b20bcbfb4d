import { describe, expect, it } from "vitest";
import { distributions } from "../../src/distributions/index.js";
import type { Distribution } from "../../src/distributions/index.js";

/** Quantiles solved for with 60 digits (mpmath), at the doubles given here. */
const cases: readonly (readonly [name: string, parameters: readonly number[], q: number, expected: number])[] = [
  ["gamma", [0.05, 2], 1e-6, 2.922316028643292e-121],
  ["gamma", [0.05, 2], 0.999, 1.3682292993643378],
  ["gamma", [1, 1], 1e-12, 1.0000000000005e-12],
  ["gamma", [2.5, 1], 0.9999999999990905, 32.718605696040558],
  ["gamma", [100, 3], 0.5, 33.222288306438496],
  ["gamma", [10_000, 1], 1e-9, 9411.8284114458642],
  ["gamma", [0.5, 1], 0.3, 0.074235930916272719],
  ["inverse_gamma", [853.8362319687716, 1], 1e-6, 0.00099999999999998934],
  ["beta", [0.1, 0.1], 0.001, 8.8692806555502457e-28],
  ["beta", [0.3, 5], 0.5, 0.015575670380369208],
  ["beta", [2, 3], 1e-10, 4.0824940158083329e-6],
  ["beta", [200, 0.7], 0.01, 0.98079363396837663],
  ["beta", [500, 1500], 0.975, 0.26920620453710089],
  ["beta", [1, 1], 0.3, 0.3],
  ["student_t", [1], 0.75, 1],
  ["student_t", [0.2], 0.01, -75082859.34583001],
  ["student_t", [3], 1e-12, -10331.108244292486],
  ["student_t", [30], 0.975, 2.0422724563012379],
  ["student_t", [5], 0.5000000009313226, 2.4533882030660961e-9],
  ["student_t", [100_000], 0.999, 3.0903138094272373],
];

const made = (name: string, parameters: readonly number[]): Distribution<number> =>
  (distributions as unknown as Record<string, (...p: readonly number[]) => Distribution<number>>)[name]!(...parameters);

describe("quantiles", () => {
  it.each(cases)("%s%j at %d", (name, parameters, q, expected) => {
    const x = made(name, parameters).quantile!(q);
    expect(Math.abs(x / expected - 1)).toBeLessThan(1e-12);
  });

  it.each([
    ["gamma", [2, 1], 0, Infinity],
    ["inverse_gamma", [2, 1], 0, Infinity],
    ["beta", [2, 3], 0, 1],
    ["student_t", [3, 1, 2], -Infinity, Infinity],
  ] as const)("of %s at levels 0 and 1 are the ends of the support", (name, parameters, low, high) => {
    const d = made(name, parameters);
    expect([d.quantile!(0), d.quantile!(1)]).toEqual([low, high]);
  });

  it("of huge parameters meet those of the formula for smaller ones", () => {
    for (const q of [1e-5, 0.3, 0.999]) {
      const [below, above] = [0.999e8, 1.001e8].map(
        (shape) => (made("gamma", [shape, 1]).quantile!(q) - shape) / Math.sqrt(shape),
      );
      expect(Math.abs(below! - above!)).toBeLessThan(1e-6);
      const [small, large] = [0.999e8, 1.001e8].map((df) => made("student_t", [df]).quantile!(q));
      expect(Math.abs(small! - large!)).toBeLessThan(1e-9);
    }
  });

  it("of student_t are symmetric about its location", () => {
    const d = made("student_t", [4, 10, 2]);
    expect(d.quantile!(0.5)).toBe(10);
    expect(d.quantile!(0.9) - 10).toBeCloseTo(10 - d.quantile!(0.1), 12);
  });
});

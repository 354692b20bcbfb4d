import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beta, dirichlet, mixture, multivariateNormal, normal } from "../../src/distributions/index.js";
import { seeded } from "../../src/random/index.js";

const positive = fc.double({ min: 0.2, max: 20, noNaN: true });
const real = fc.double({ min: -5, max: 5, noNaN: true });

describe("dirichlet", () => {
  it("is a beta distribution in two dimensions", () => {
    fc.assert(
      fc.property(positive, positive, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (a, b, x) => {
        expect(dirichlet([a, b]).logDensity([x, 1 - x])).toBeCloseTo(beta(a, b).logDensity(x), 8);
      }),
    );
  });

  it("integrates to one over the simplex", () => {
    // Midpoints of a grid over (x, y) with x + y < 1.
    const d = dirichlet([2, 3.5, 1.5]);
    const n = 400;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; i + j < n; j++) {
        const x = (i + 1 / 3) / n;
        const y = (j + 1 / 3) / n;
        if (x + y < 1) sum += Math.exp(d.logDensity([x, y, 1 - x - y])) * (i + j === n - 1 ? 0.5 : 1);
      }
    }
    expect(sum / n / n).toBeCloseTo(1, 2);
  });

  it("knows the simplex from what is not in it", () => {
    const d = dirichlet([1, 2, 3]);
    for (const x of [
      [0.5, 0.5],
      [0.5, 0.6, 0.1],
      [-0.1, 0.6, 0.5],
      [NaN, 0.5, 0.5],
      [0.2, 0.2, 0.2],
    ]) {
      expect(d.logDensity(x)).toBe(-Infinity);
    }
    expect(d.logDensity([0, 0.5, 0.5])).toBeGreaterThan(-Infinity);
    expect(d.logDensity([0.5, 0, 0.5])).toBe(-Infinity);
    expect(d.support).toEqual({ kind: "simplex", dimension: 3 });
  });

  it("draws with the right moments, and inside the simplex at any concentration", () => {
    const d = dirichlet([0.5, 1, 2.5]);
    const random = seeded(1);
    const n = 20_000;
    const sums = [0, 0, 0];
    const squares = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const x = d.sample(random);
      x.forEach((xi, j) => {
        sums[j]! += xi;
        squares[j]! += xi * xi;
      });
    }
    const mean = d.mean!() as readonly number[];
    const variance = d.variance!() as readonly number[];
    mean.forEach((m, j) => {
      // Five standard errors.
      expect(Math.abs(sums[j]! / n - m)).toBeLessThan(5 * Math.sqrt(variance[j]! / n));
      expect(squares[j]! / n - (sums[j]! / n) ** 2).toBeCloseTo(variance[j]!, 2);
    });
    for (let i = 0; i < 200; i++) {
      expect(
        Number.isFinite(dirichlet([1e-3, 1e-3, 1e-3]).logDensity(dirichlet([1e-3, 1e-3, 1e-3]).sample(random))),
      ).toBe(true);
    }
  });

  it("has the gradient of its log-density within the simplex", () => {
    const d = dirichlet([2, 3, 4]);
    const x = [0.2, 0.3, 0.5];
    const h = 1e-6;
    const along = (d.logDensity([0.2 + h, 0.3, 0.5 - h]) - d.logDensity([0.2 - h, 0.3, 0.5 + h])) / 2 / h;
    const g = d.gradient!(x) as readonly number[];
    expect(g[0]! - g[2]!).toBeCloseTo(along, 5);
  });
});

describe("multivariate_normal", () => {
  /** A covariance that is A Aᵀ plus a little of the identity. */
  const covariance = fc
    .array(fc.array(real, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 })
    .map((a) => a.map((row, i) => a.map((other, j) => row.reduce((s, x, k) => s + x * other[k]!, i === j ? 0.5 : 0))));
  const vector = fc.array(real, { minLength: 3, maxLength: 3 });

  it("is a product of normals when the covariance is diagonal", () => {
    fc.assert(
      fc.property(vector, vector, fc.array(positive, { minLength: 3, maxLength: 3 }), (mean, x, sds) => {
        const d = multivariateNormal(
          mean,
          sds.map((s, i) => sds.map((_, j) => (i === j ? s * s : 0))),
        );
        const expected = x.reduce((sum, xi, i) => sum + normal(mean[i]!, sds[i]!).logDensity(xi), 0);
        expect(d.logDensity(x)).toBeCloseTo(expected, 8);
      }),
    );
  });

  it("has the density of a linear map of independent normals", () => {
    // By the inverse and determinant of a 3 × 3 matrix from cofactors.
    fc.assert(
      fc.property(vector, vector, covariance, (mean, x, s) => {
        const minor = (i: number, j: number): number => {
          const [a, b] = [0, 1, 2].filter((k) => k !== i) as [number, number];
          const [c, e] = [0, 1, 2].filter((k) => k !== j) as [number, number];
          return (s[a]![c]! * s[b]![e]! - s[a]![e]! * s[b]![c]!) * ((i + j) % 2 === 0 ? 1 : -1);
        };
        const det = [0, 1, 2].reduce((sum, j) => sum + s[0]![j]! * minor(0, j), 0);
        fc.pre(det > 1e-3);
        const inverse = (i: number, j: number): number => minor(j, i) / det;
        const y = x.map((xi, i) => xi - mean[i]!);
        let form = 0;
        for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) form += y[i]! * inverse(i, j) * y[j]!;
        const expected = -0.5 * (form + Math.log(det) + 3 * Math.log(2 * Math.PI));
        const d = multivariateNormal(mean, s);
        expect(Math.abs(d.logDensity(x) - expected)).toBeLessThan(1e-6 * (1 + Math.abs(expected)));
        const gradient = d.gradient!(x) as readonly number[];
        for (let i = 0; i < 3; i++) {
          const g = -[0, 1, 2].reduce((sum, j) => sum + inverse(i, j) * y[j]!, 0);
          expect(Math.abs(gradient[i]! - g)).toBeLessThan(1e-6 * (1 + Math.abs(g)));
        }
      }),
    );
  });

  it("draws with the mean and covariance it was given", () => {
    const mean = [1, -2];
    const cov = [
      [2, 0.6],
      [0.6, 0.5],
    ];
    const d = multivariateNormal(mean, cov);
    const random = seeded(4);
    const n = 20_000;
    let [m0, m1, c00, c01, c11] = [0, 0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const [a, b] = d.sample(random) as [number, number];
      m0 += a / n;
      m1 += b / n;
      c00 += (a - 1) ** 2 / n;
      c01 += ((a - 1) * (b + 2)) / n;
      c11 += (b + 2) ** 2 / n;
    }
    // Five standard errors: var(x²) = 2σ⁴, var(xy) = σ²τ² + c².
    expect(Math.abs(m0 - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(m1 + 2)).toBeLessThan(5 * Math.sqrt(0.5 / n));
    expect(Math.abs(c00 - 2)).toBeLessThan(5 * Math.sqrt(8 / n));
    expect(Math.abs(c11 - 0.5)).toBeLessThan(5 * Math.sqrt(0.5 / n));
    expect(Math.abs(c01 - 0.6)).toBeLessThan(5 * Math.sqrt(1.36 / n));
    expect(d.mean!()).toEqual(mean);
    expect(d.variance!()).toEqual([2, 0.5]);
  });

  it("gives vectors of another length no density, and mixes", () => {
    const d = multivariateNormal(
      [0, 0],
      [
        [1, 0],
        [0, 1],
      ],
    );
    expect(d.logDensity([0])).toBe(-Infinity);
    expect(d.logDensity([NaN, 0])).toBe(-Infinity);
    const m = mixture(
      [1, 1],
      [
        d,
        multivariateNormal(
          [2, 4],
          [
            [1, 0],
            [0, 1],
          ],
        ),
      ],
    );
    expect(m.mean!()).toEqual([1, 2]);
    expect(m.variance!()).toEqual([2, 5]);
    expect(m.support).toEqual({ kind: "vector", dimension: 2 });
  });
});

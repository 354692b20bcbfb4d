import { describe, expect, it } from "vitest";
import { bulkEss, rankNormalizedRHat } from "../../src/diagnostics/convergence.js";
import { standardNormal } from "../../src/distributions/samplers.js";
import { seeded } from "../../src/random/index.js";

/** An autoregressive chain: xₜ = ρ xₜ₋₁ + √(1−ρ²) z, with standard normal margins. */
function autoregressive(seed: number, length: number, rho: number, shift = 0, scale = 1): Float64Array {
  const random = seeded(seed);
  let x = standardNormal(random);
  return Float64Array.from({ length }, () => {
    x = rho * x + Math.sqrt(1 - rho * rho) * standardNormal(random);
    return shift + scale * x;
  });
}

const four = (length: number, rho: number): Float64Array[] => [1, 2, 3, 4].map((s) => autoregressive(s, length, rho));

describe("convergence of chains", () => {
  it("finds independent draws converged, and worth what they are", () => {
    const chains = four(1000, 0);
    expect(rankNormalizedRHat(chains)!).toBeLessThan(1.01);
    expect(bulkEss(chains)! / 4000).toBeGreaterThan(0.85);
    expect(bulkEss(chains)! / 4000).toBeLessThan(1.25);
  });

  it.each([0.5, 0.9])(
    "knows the effective size of an autoregressive chain, (1−ρ)/(1+ρ) of its length: ρ = %d",
    (rho) => {
      const expected = 40_000 * ((1 - rho) / (1 + rho));
      expect(bulkEss(four(10_000, rho))! / expected).toBeGreaterThan(0.85);
      expect(bulkEss(four(10_000, rho))! / expected).toBeLessThan(1.15);
    },
  );

  it("sees an antithetic chain as better than independent draws", () => {
    expect(bulkEss(four(2000, -0.5))!).toBeGreaterThan(2 * 8000);
  });

  it("sees chains in different places, of different spreads, and with a trend", () => {
    const shifted = [...four(500, 0).slice(1), autoregressive(9, 500, 0, 1)];
    expect(rankNormalizedRHat(shifted)!).toBeGreaterThan(1.05);
    // Means agree: only the folded statistic shows it.
    const wide = [...four(500, 0).slice(1), autoregressive(9, 500, 0, 0, 4)];
    expect(rankNormalizedRHat(wide)!).toBeGreaterThan(1.05);
    const trend = four(500, 0).map((chain) => chain.map((x, i) => x + i / 250));
    expect(rankNormalizedRHat(trend)!).toBeGreaterThan(1.05);
  });

  it("depends on ranks only, also where there are no moments", () => {
    const chains = four(500, 0.3);
    const heavy = chains.map((chain) => chain.map((x) => Math.sign(x) * Math.exp(10 * Math.abs(x))));
    expect(bulkEss(heavy)).toBeCloseTo(bulkEss(chains)!, 6);
  });

  it("says nothing of constants, short chains and numbers that are none", () => {
    expect(rankNormalizedRHat([new Float64Array(100), new Float64Array(100)])).toBeNull();
    expect(bulkEss([new Float64Array(100)])).toBeNull();
    expect(rankNormalizedRHat([[1, 2, 3, 4, 5, 6, 7]])).toBeNull();
    expect(rankNormalizedRHat([Array.from({ length: 20 }, (_, i) => (i === 3 ? NaN : i))])).toBeNull();
    expect(rankNormalizedRHat([new Float64Array(100).fill(1), new Float64Array(100).fill(2)])).toBe(Infinity);
  });
});

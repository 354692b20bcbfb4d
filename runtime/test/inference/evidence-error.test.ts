import { describe, expect, test } from "vitest";
import { bernoulli, categorical, resamplers, smc, type ResamplerName } from "../../src/index.js";
import { logEvidenceError } from "../../src/inference/blocks/evidence-error.js";
import { run, type Program } from "../support/script.js";

/** A hidden Markov model with two states. */
const chain: Program = (s) => {
  let state = 0;
  for (let t = 0; t < 12; t++) {
    state = s.sample(`x${t}`, categorical(state === 0 ? [0.8, 0.2] : [0.3, 0.7])) as number;
    s.observe(bernoulli(state === 0 ? 0.85 : 0.2), t % 4 !== 2);
  }
  return state;
};

describe("the standard error of log Z", () => {
  test.each(Object.keys(resamplers) as ResamplerName[])(
    "is what runs differ by, with %s resampling",
    async (resampler) => {
      const estimates: number[] = [];
      const errors: number[] = [];
      for (let seed = 0; seed < 120; seed++) {
        const { logZ } = await run(smc({ particles: 100, resampler }), chain, seed);
        estimates.push(logZ.estimate!);
        errors.push(logZ.stderr!);
      }
      const mean = estimates.reduce((a, b) => a + b) / estimates.length;
      const sd = Math.sqrt(estimates.reduce((a, b) => a + (b - mean) ** 2, 0) / (estimates.length - 1));
      const reported = Math.sqrt(errors.reduce((a, b) => a + b * b, 0) / errors.length);
      // The sd of 120 runs is itself known to 6.5 %: four of those, and some for the first order.
      expect(reported / sd).toBeGreaterThan(0.7);
      expect(reported / sd).toBeLessThan(1.4);
    },
  );

  test("by hand, without resampling: the usual formula", () => {
    // Var = N/(N−1) Σ W² − 1/(N−1).
    const w = Float64Array.from([0.5, 0.25, 0.25]);
    const expected = (3 / 2) * (0.25 + 0.0625 + 0.0625) - 1 / 2;
    expect(logEvidenceError(w, Int32Array.from([0, 1, 2]), 0)).toBeCloseTo(Math.sqrt(expected), 12);
  });

  test("of equal weights is zero", () => {
    expect(logEvidenceError(new Float64Array(4).fill(0.25), Int32Array.from([0, 1, 2, 3]), 0)).toBeCloseTo(0, 7);
  });

  test("is not known from one particle, from one family, or with a scheme that does not say what it adds", () => {
    expect(logEvidenceError(Float64Array.from([1]), Int32Array.from([0]), 0)).toBeNull();
    expect(logEvidenceError(new Float64Array(50).fill(1 / 50), new Int32Array(50), -0.02)).toBeNull();
    const spread = Float64Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? 0.03 : 0.01));
    expect(
      logEvidenceError(
        spread,
        Int32Array.from({ length: 50 }, (_, i) => i),
        NaN,
      ),
    ).toBeNull();
  });
});

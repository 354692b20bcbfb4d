import {
  bernoulli,
  evidenceBounds,
  normal,
  seeded,
  uniformInt,
  type EvidenceBounds,
  type EvidenceBoundsOptions,
  type RandomSource,
} from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import { enumerateOutcomes, t3 } from "../../../src/index.js";
import { scriptModel, type Script } from "../../script-model.js";
import { environmentOf, targetOf, type Subject } from "./executions.js";
import { t3Model, type Proposing, type Twisting } from "./t3-models.js";

const boundsOf = (subject: Subject, options: EvidenceBoundsOptions, random: RandomSource): Promise<EvidenceBounds> =>
  evidenceBounds(targetOf(subject), environmentOf(subject, random), options);

describe("the expectation of one run is the exact bound", () => {
  /** E[log Ẑ] and E_σ[log Ẑ] on T3, by exhaustive enumeration. */
  const rows: readonly (readonly [Proposing, Twisting, number, number, number])[] = [
    ["base", "none", 1, -0.660324, 0.236224],
    ["twist", "imperfect", 1, -0.30398, 0.00371],
    ["twist", "optimal", 1, -0.133074, -0.133074],
  ];
  for (const [proposing, twisting, particles, lower, upper] of rows) {
    test(`${proposing}, ${twisting}, N = ${particles}`, async () => {
      const subject = { program: t3Model(twisting, proposing) };
      const expected = { lower: 0, upper: 0 };
      const options = { particles, ess: 0, runs: 1 };
      for (const { value, probability } of await enumerateOutcomes((random) => boundsOf(subject, options, random))) {
        expected.lower += probability * value.lower.estimate;
        expected.upper += probability * value.upper.estimate;
      }
      expect(expected.lower).toBeCloseTo(lower, 6);
      expect(expected.upper).toBeCloseTo(upper, 6);
    });
  }
});

test("executions are accepted with the probability of their weight", async () => {
  const subject = { program: t3Model("none") };
  const options = { exact: "rejection", bound: Math.log(2), max_attempts: 1, particles: 1, ess: 0, runs: 1 } as const;
  const outcomes = await enumerateOutcomes((random) =>
    boundsOf(subject, options, random).then(
      ({ upper }) => upper.estimate,
      (error: unknown) => {
        if ((error as { code?: string }).code === "PGLR089") return null;
        throw error;
      },
    ),
  );
  let accepted = 0;
  let upper = 0;
  for (const { value, probability } of outcomes) {
    if (value === null) continue;
    accepted += probability;
    upper += probability * value;
  }
  expect(accepted).toBeCloseTo(t3.Z / 2, 12);
  expect(upper / accepted).toBeCloseTo(0.236224, 6);
});

describe("bounds are on both sides of log Z", () => {
  test("from executions that are enumerated or accepted", async () => {
    const subject = { program: t3Model("imperfect", "twist") };
    for (const options of [{ exact: "enumerate" }, { exact: "rejection", bound: Math.log(2) }] as const) {
      const { lower, upper, divergence } = await boundsOf(
        subject,
        { ...options, particles: 2, ess: 1, runs: 400 },
        seeded(1),
      );
      expect(Math.abs(lower.estimate + 0.22)).toBeLessThan(0.05);
      expect(lower.estimate - 3 * lower.stderr!).toBeLessThan(t3.logZ);
      expect(upper.estimate + 3 * upper.stderr!).toBeGreaterThan(t3.logZ);
      expect(divergence.estimate).toBeCloseTo(upper.estimate - lower.estimate, 12);
      expect(divergence.estimate).toBeGreaterThan(0);
    }
  });

  test("from continuous executions that are accepted", async () => {
    const subject = {
      program: scriptModel("m", (s: Script) => {
        const x = s.sample("x", normal(0, 1));
        s.factor(-0.5 * (x - 1) ** 2);
        return x;
      }),
    };
    // ∫ N(x; 0, 1) exp(−(x − 1)²/2) = exp(−1/4)/√2.
    const logZ = -0.25 - 0.5 * Math.LN2;
    const { lower, upper } = await boundsOf(subject, { exact: "rejection", particles: 8, runs: 300 }, seeded(2));
    expect(lower.estimate - 3 * lower.stderr!).toBeLessThan(logZ);
    expect(upper.estimate + 3 * upper.stderr!).toBeGreaterThan(logZ);
    expect(upper.estimate - lower.estimate).toBeLessThan(0.2);
  });
});

test("more particles bring the bounds together", async () => {
  const subject = { program: t3Model("none") };
  const few = await boundsOf(subject, { particles: 2, runs: 200 }, seeded(1));
  const many = await boundsOf(subject, { particles: 64, runs: 200 }, seeded(1));
  expect(many.divergence.estimate).toBeLessThan(0.2 * few.divergence.estimate);
});

describe("what has no exact draws is an error", () => {
  const impossible = {
    program: scriptModel("m", (s: Script) => {
      s.sample("a", bernoulli(0.5));
      s.factor(-Infinity);
      return 0;
    }),
  };
  const heavy = {
    program: scriptModel("m", (s: Script) => {
      s.factor(s.sample("a", uniformInt(0, 3)));
      return 0;
    }),
  };
  const continuous = { program: scriptModel("m", (s: Script) => s.sample("x", normal(0, 1))) };
  test.each([
    ["impossible, enumerated", impossible, {}, "PGLR089"],
    ["impossible, rejected", impossible, { exact: "rejection", max_attempts: 20 }, "PGLR089"],
    ["heavier than the bound", heavy, { exact: "rejection" }, "PGLR032"],
    ["continuous, enumerated", continuous, {}, "PGLR089"],
    ["given, but of another program", heavy, { exact: [[]] }, "PGLR089"],
    ["no such source", heavy, { exact: "guess" }, "PGLR030"],
  ] as const)("%s", async (_, subject, options, code) => {
    await expect(
      boundsOf(subject, { ...(options as EvidenceBoundsOptions), runs: 4 }, seeded(1)),
    ).rejects.toMatchObject({ code });
  });
});

import { normal, type RandomSource } from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import { expectJointInvariance, LawError } from "../../src/index.js";

/** A normal mean with a normal prior, four observations, and random-walk Metropolis. */
const seed = Number(process.env["PGL_TEST_SEED"] ?? 1);
const prior = (random: RandomSource): number => normal(0.5, 1).sample(random);
const data = (mu: number, random: RandomSource): number[] =>
  [0, 1, 2, 3].map((i) => normal(mu, 1.5).sample(random.split(i)));
const logJoint = (mu: number, ys: readonly number[]): number =>
  ys.reduce((sum, y) => sum + normal(mu, 1.5).logDensity(y), normal(0.5, 1).logDensity(mu));
const walk =
  (ratio: (from: number, to: number, ys: readonly number[]) => number) =>
  (mu: number, ys: readonly number[], random: RandomSource): number => {
    const to = mu + normal(0, 1).sample(random.split(1));
    return random.split(2).bernoulli(Math.min(1, Math.exp(ratio(mu, to, ys)))) ? to : mu;
  };
const statistics = {
  mu: (mu: number) => mu,
  "mu²": (mu: number) => mu * mu,
  "mean of y": (_: number, ys: readonly number[]) => ys.reduce((a, b) => a + b, 0) / 4,
  "(y₀ − mu)²": (mu: number, ys: readonly number[]) => (ys[0]! - mu) ** 2,
  "mu · mean of y": (mu: number, ys: readonly number[]) => (mu * ys.reduce((a, b) => a + b, 0)) / 4,
};

describe("Geweke's joint test", () => {
  test("passes a right kernel", async () => {
    const kernel = walk((from, to, ys) => logJoint(to, ys) - logJoint(from, ys));
    await expectJointInvariance({ prior, data, kernel, statistics, seed });
  });
  const wrong: Record<string, (from: number, to: number, ys: readonly number[]) => number> = {
    "the prior forgotten": (from, to, ys) =>
      logJoint(to, ys) - logJoint(from, ys) - normal(0.5, 1).logDensity(to) + normal(0.5, 1).logDensity(from),
    "observations counted twice": (from, to, ys) => logJoint(to, [...ys, ...ys]) - logJoint(from, [...ys, ...ys]),
    "the ratio halved": (from, to, ys) => (logJoint(to, ys) - logJoint(from, ys)) / 2,
  };
  for (const [name, ratio] of Object.entries(wrong)) {
    test(`catches: ${name}`, async () => {
      // A fresh seed would find each mistake as often as the test has power, which is not always.
      const run = expectJointInvariance({ prior, data, kernel: walk(ratio), statistics, seed: 1 });
      await expect(run).rejects.toThrow(LawError);
    });
  }
});

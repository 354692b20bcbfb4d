import { distributions, type Distribution, type RandomSource, type Support } from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import { expectDistributionLaws, LawError } from "../../src/laws/index.js";

describe("the distributions of the language keep the laws", () => {
  const d = distributions as unknown as Record<string, (...args: unknown[]) => Distribution<unknown>>;
  const cases: Record<string, Distribution<unknown>> = {
    bernoulli: d.bernoulli!(0.3),
    "bernoulli of one": d.bernoulli!(1),
    categorical: d.categorical!([1, 0, 3, 2]),
    choice: d.choice!(["a", "b", "a"]),
    empirical: d.empirical!([1, 1, 2, 3]),
    uniform_int: d.uniform_int!(-2, 3),
    binomial: d.binomial!(4, 0.3),
    multinomial: d.multinomial!(2, [0.2, 0.3, 0.5]),
    delta: d.delta!([1, "x"]),
    mixture: d.mixture!([1, 3], [d.bernoulli!(0.5), d.delta!(true)]),
    poisson: d.poisson!(2.5),
    geometric: d.geometric!(0.3),
    negative_binomial: d.negative_binomial!(2.5, 0.4),
    uniform: d.uniform!(-1, 3),
    normal: d.normal!(1, 0.5),
    lognormal: d.lognormal!(0.2, 0.5),
    student_t: d.student_t!(5, 1, 2),
    laplace: d.laplace!(1, 2),
    logistic: d.logistic!(-1, 0.5),
    exponential: d.exponential!(2),
    gamma: d.gamma!(2.5, 1.5),
    inverse_gamma: d.inverse_gamma!(5, 2),
    beta: d.beta!(2, 3),
    "beta, infinite at its ends": d.beta!(0.5, 0.5),
  };
  for (const [name, distribution] of Object.entries(cases)) test(name, () => expectDistributionLaws(distribution));
});

describe("wrong distributions are caught", () => {
  const right = {
    kind: "distribution" as const,
    name: "die",
    support: { kind: "finite", values: [1, 2, 3], probabilities: [0.5, 0.25, 0.25] } as Support<number>,
    logDensity: (x: number) => Math.log([0, 0.5, 0.25, 0.25][x] ?? 0),
    sample: (r: RandomSource) => 1 + r.categorical([2, 1, 1]),
    mean: () => 1.75,
    variance: () => 0.6875,
  };
  test("the right one is not", () => expectDistributionLaws(right, { outside: [0, 4] }));
  const wrong: Record<string, Distribution<number>> = {
    "probabilities that do not sum to one": {
      ...right,
      support: { kind: "finite", values: [1, 2], probabilities: [0.5, 0.25] },
    },
    "a value twice": { ...right, support: { kind: "finite", values: [1, 2, 2], probabilities: [0.5, 0.25, 0.25] } },
    "another density": { ...right, logDensity: () => Math.log(1 / 3) },
    "a biased sampler": { ...right, sample: (r) => 1 + r.below(3) },
    "a sampler that leaves the support": { ...right, sample: (r) => r.categorical([2, 1, 1]) },
    "another mean": { ...right, mean: () => 2 },
    "another variance": { ...right, variance: () => 1 },
  };
  for (const [name, distribution] of Object.entries(wrong)) {
    test(name, async () => {
      await expect(expectDistributionLaws(distribution)).rejects.toThrow(LawError);
    });
  }
  test("mass outside the support", async () => {
    await expect(
      expectDistributionLaws({ ...right, logDensity: (x) => right.logDensity(x === 9 ? 1 : x) }, { outside: [9] }),
    ).rejects.toThrow(LawError);
  });
  test("a density that integrates to another number, another gradient", async () => {
    const normal: Distribution<number> = {
      kind: "distribution",
      name: "normal",
      support: { kind: "interval", lower: -Infinity, upper: Infinity },
      logDensity: (x) => -0.5 * x * x - 0.5 * Math.log(2 * Math.PI),
      sample: (r) => r.uniform(),
      mean: () => 0,
      variance: () => 1,
      gradient: (x) => -x,
    };
    await expectDistributionLaws(normal);
    await expect(expectDistributionLaws({ ...normal, logDensity: (x) => -0.5 * x * x })).rejects.toThrow(/integral/);
    await expect(expectDistributionLaws({ ...normal, gradient: (x) => x })).rejects.toThrow(/gradient/);
    await expect(expectDistributionLaws({ ...normal, variance: () => 2 })).rejects.toThrow(/variance/);
  });
});

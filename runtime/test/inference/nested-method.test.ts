import { enumerateOutcomes } from "@pgl/testing";
import { describe, expect, test } from "vitest";
import {
  bernoulli,
  enumerate,
  importance,
  inferRequest,
  MethodError,
  nested,
  target,
  type Posterior,
  seeded,
  type RandomSource,
} from "../../src/index.js";
import { geometric, runNested, type Levels } from "../../src/inference/methods/nested.js";
import { environment, model, run, type Program } from "../support/script.js";

/** X ~ Bernoulli(1/2), Y | X ~ Bernoulli(0.3 or 0.8): E[E[Y | X]²] = 0.365. */
const inner = (x: boolean) => model((s) => s.sample("y", bernoulli(x ? 0.8 : 0.3)));
const squared: Program<number> = (s) => {
  const x = s.sample("x", bernoulli(0.5));
  const u = s.ask(inferRequest(inner(x), [], importance({ samples: 1 }))).mean();
  return u * u;
};

const at =
  (level: number): Levels =>
  () => ({ level, probability: 1 });
/** Levels 0 to the last, with any probabilities: the sum telescopes to the last level. */
const upTo =
  (probabilities: readonly number[]): Levels =>
  (random) => {
    const level = random.categorical(probabilities);
    return { level, probability: probabilities[level]! };
  };

const one = (program: Program, levels: Levels, random: RandomSource): Promise<Posterior<unknown>> =>
  runNested(target(model(program), []), { samples: 1, rate: 0.62 }, levels, environment(random));

/** E over every outcome of Ẑ·Σ weight · f(value). */
async function expectation(program: Program, levels: Levels, f: (x: number) => number = (x) => x): Promise<number> {
  let sum = 0;
  for (const { value: posterior, probability } of await enumerateOutcomes((random) => one(program, levels, random))) {
    const evidence = (posterior.logZ.sign ?? 1) * Math.exp(posterior.logZ.estimate!);
    sum +=
      probability * evidence * posterior.samples.reduce((s, { value, weight }) => s + weight * f(value as number), 0);
  }
  return sum;
}

test("a geometric level comes with its probability", () => {
  const met = new Set<number>();
  for (let seed = 0; seed < 50; seed++) {
    const { level, probability } = geometric(0.62)(seeded(seed));
    met.add(level);
    expect(probability).toBeCloseTo(0.62 * 0.38 ** level, 14);
  }
  expect(met.size).toBeGreaterThan(2);
});

describe("the differences of levels, on a nested square", () => {
  test("E Δ₀ = 0.55 and E Δₙ = −0.185/2ⁿ", async () => {
    expect(await expectation(squared, at(0))).toBeCloseTo(0.55, 12);
    for (const n of [1, 2, 3]) expect(await expectation(squared, at(n))).toBeCloseTo(-0.185 / 2 ** n, 12);
  });

  test("4ⁿ E Δₙ² stays bounded: 0.0925, 0.0985, 0.1015, …", async () => {
    for (const [n, expected] of [
      [1, 0.0925],
      [2, 0.0985],
      [3, 0.1015],
    ] as const) {
      let squares = 0;
      for (const { value, probability } of await enumerateOutcomes((random) => one(squared, at(n), random))) {
        squares += probability * value.samples.reduce((s, { value: x, weight }) => s + weight * (x as number), 0) ** 2;
      }
      expect(4 ** n * squares).toBeCloseTo(expected, 4);
    }
  });

  test("whatever the law of the levels, the expectation is that of the last", async () => {
    for (const probabilities of [
      [0.5, 0.5],
      [0.2, 0.3, 0.5],
      [0.62, 0.2356, 0.1444],
    ]) {
      const last = probabilities.length - 1;
      expect(await expectation(squared, upTo(probabilities))).toBeCloseTo(0.365 + 0.185 / 2 ** last, 10);
    }
  });
});

describe("an inference inside an inference", () => {
  const middle = (x: boolean) =>
    model((s) => {
      const y = s.sample("y", bernoulli(x ? 0.8 : 0.3));
      const u = s.ask(inferRequest(inner(y), [], importance({ samples: 1 }))).mean();
      return u * u;
    });
  const program: Program<number> = (s) => {
    const x = s.sample("x", bernoulli(0.5));
    const v = s.ask(inferRequest(middle(x), [], importance({ samples: 1 }))).mean((r) => r as number);
    return v * v;
  };

  test("has the expectation of the last levels, exactly", async () => {
    const q = [0.6, 0.4];
    /** E[S | y] and E[S² | y] of the estimate of E[Z | y]², Z ~ Bernoulli(p), with levels 0 and 1. */
    const moments = (p: number): { first: number; second: number } => {
      // Level 0 gives z/q₀; level 1 is −1/4 where the two draws differ, else 0, over q₁.
      const differ = 2 * p * (1 - p);
      return { first: p - differ / 4, second: p / q[0]! + differ / 16 / q[1]! };
    };
    let expected = 0;
    for (const py of [0.8, 0.3]) {
      const [yes, no] = [moments(0.8), moments(0.3)];
      const first = py * yes.first + (1 - py) * no.first;
      const second = py * yes.second + (1 - py) * no.second;
      // Of two independent copies S: E[((S₁ + S₂)/2)²].
      expected += 0.5 * (second / 2 + first ** 2 / 2);
    }
    expect(await expectation(program, upTo(q))).toBeCloseTo(expected, 10);
  });

  test("gives signed answers, whose means may cancel", async () => {
    const posterior = await run(nested({ samples: 200 }), program, 1);
    expect(posterior.isSigned).toBe(true);
    expect(Number.isFinite(posterior.mean())).toBe(true);
    expect(Number.isFinite(posterior.variance())).toBe(true);
    expect(() => posterior.mode()).toThrow(/no mode/);
  });
});

test("one inference after another: the weights of their levels multiply", async () => {
  const coin = (p: number) => model((s) => s.sample("y", bernoulli(p)));
  const both: Program<number> = (s) => {
    const u = s.ask(inferRequest(coin(0.3), [], importance({ samples: 1 }))).mean();
    const v = s.ask(inferRequest(coin(0.8), [], importance({ samples: 1 }))).mean();
    return u * u * v * v;
  };
  // With levels 0 and 1 each is, in expectation, the square of a mean of two draws.
  const square = (p: number): number => p * p + (p * (1 - p)) / 2;
  expect(await expectation(both, upTo([0.6, 0.4]))).toBeCloseTo(square(0.3) * square(0.8), 10);
});

describe("it is unbiased on", () => {
  /** The error is that of the average of independent runs. */
  const near = async (program: Program<number>, truth: number, samples: number): Promise<void> => {
    const means: number[] = [];
    for (let seed = 0; seed < 20; seed++) means.push((await run(nested({ samples }), program, seed)).mean());
    const mean = means.reduce((a, b) => a + b, 0) / 20;
    const error = Math.sqrt(means.reduce((s, x) => s + (x - mean) ** 2, 0) / (20 * 19));
    expect(Math.abs(mean - truth)).toBeLessThan(4 * error);
    expect(error).toBeLessThan(0.03);
  };

  test("the square, where estimating the mean inside is not", async () => {
    await near(squared, 0.365, 500);
    const naive = await run(importance({ samples: 20_000 }), squared, 7);
    expect(naive.mean()).toBeGreaterThan(0.5);
  });

  test("a model inside that weighs: the quotient of two estimates", async () => {
    const weighed = model((s) => {
      const y = s.sample("y", bernoulli(0.5));
      s.factor(y ? 0 : Math.log(0.25));
      return y;
    });
    const program: Program<number> = (s) => {
      const p = s.ask(inferRequest(weighed, [], importance({ samples: 1 }))).mean();
      return p * p;
    };
    await near(program, 0.64, 500);
  });
});

test("log Z and the posterior of a program that weighs by what is inferred inside", async () => {
  const program: Program<boolean> = (s) => {
    const x = s.sample("x", bernoulli(0.5));
    const u = s.ask(inferRequest(inner(x), [], importance({ samples: 1 }))).mean();
    s.factor(Math.log(0.2 + u * u));
    return x;
  };
  const posterior = await run(nested({ samples: 10_000 }), program, 3);
  const [yes, no] = [0.5 * (0.2 + 0.64), 0.5 * (0.2 + 0.09)];
  const { estimate, stderr } = posterior.logZ;
  expect(Math.abs(estimate! - Math.log(yes + no))).toBeLessThan(4 * stderr!);
  expect(stderr!).toBeLessThan(0.05);
  expect(Math.abs(posterior.probability((x) => x) - yes / (yes + no))).toBeLessThan(0.1);
  expect(posterior.isSigned).toBe(true);
  expect(posterior.samples.some(({ weight }) => weight < 0)).toBe(true);
  expect(() => posterior.sample()).toThrow(/signed weights has no sample/);
  expect(posterior.diagnostics.warnings.map(({ code }) => code)).toContain("PGLW017");
});

test("exact inferences inside are left as they are", async () => {
  const program: Program<number> = (s) => {
    const x = s.sample("x", bernoulli(0.5));
    return s.ask(inferRequest(inner(x), [], enumerate())).mean() ** 2;
  };
  const posterior = await run(nested({ samples: 2000 }), program, 1);
  expect(posterior.isSigned).toBe(false);
  expect(Math.abs(posterior.mean() - 0.365)).toBeLessThan(0.03);
});

test("a model inside that weighs and infers is refused, with its place", async () => {
  const middle = model((s) => {
    const y = s.sample("y", bernoulli(0.5));
    s.factor(y ? 0 : -1);
    return s.ask(inferRequest(inner(y), [], importance({ samples: 1 }))).mean();
  });
  const program: Program<number> = (s) =>
    s.ask(inferRequest(middle, [], importance({ samples: 1 }))).mean((r) => r as number);
  const error = await run(nested({ samples: 50 }), program).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(MethodError);
  expect(error).toMatchObject({ code: "PGLR087" });
});

test("options", () => {
  expect(() => nested({ rate: 0.5 })).toThrow(/`rate` must be above 0.5/);
  expect(() => nested({ samples: 0 })).toThrow(MethodError);
});

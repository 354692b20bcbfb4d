import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { builtins as $ } from "../../src/builtins/index.js";
import {
  bernoulli,
  beta,
  binomial,
  categorical,
  choice,
  dirichlet,
  exponential,
  gamma,
  geometric,
  mixture,
  normal,
  poisson,
  uniform,
  uniformInt,
} from "../../src/distributions/index.js";
import { RunError } from "../../src/errors.js";
import { Posterior } from "../../src/inference/posterior.js";
import type { Process } from "../../src/machine/index.js";
import { ValueMap } from "../../src/values.js";

const posterior = <T>(weighted: readonly (readonly [T, number])[], logZ: number | null = -1.5): Posterior<T> =>
  new Posterior<T>(
    weighted.map(([value, weight]) => ({ value, weight, trace: null })),
    { estimate: logZ, stderr: null, exact: logZ !== null },
    {
      ess: 7,
      history: [],
      distinctAncestors: null,
      chains: null,
      unvisitedMass: 0,
      executions: weighted.length,
      partial: false,
      warnings: [],
    },
    { name: "test", guarantee: "exact", options: {} },
  );

/** A distribution over texts that knows how to be masked, and notes what it is asked. */
const process = (asked: string[], mixes = true): Process<string> => ({
  kind: "process",
  name: "words",
  draw: () => {
    throw new Error("not drawn from here");
  },
  logDensity: () => {
    throw new Error("not asked here");
  },
  where: (pred) => (asked.push(`where ${pred("a")}`), choice(["a"])),
  top_k: (k) => (asked.push(`top_k ${k}`), choice(["a"])),
  mix: (weights, parts) => (asked.push(`mix ${weights.join()} ${parts.length}`), mixes ? choice(["a"]) : null),
});

describe("summaries", () => {
  const p = posterior([
    [2, 0.25],
    [5, 0.5],
    [2, 0.125],
    [9, 0.125],
  ]);

  it("of posteriors", () => {
    expect($.mean(p)).toBeCloseTo(2 * 0.375 + 5 * 0.5 + 9 * 0.125, 12);
    expect($.mode(p)).toBe(5);
    expect($.probability(p, (x) => x > 2)).toBeCloseTo(0.625, 12);
    expect($.quantile(p, 0.5)).toBe(5);
    expect($.entropy(p)).toBeCloseTo(-(0.375 * Math.log(0.375) + 0.5 * Math.log(0.5) + 0.125 * Math.log(0.125)), 12);
    expect(new Set($.support(p))).toEqual(new Set([2, 5, 9]));
    expect($.log_prob(p, 2)).toBeCloseTo(Math.log(0.375), 12);
    expect($.log_z(p)).toBe(-1.5);
    expect($.ess(p)).toBe(7);
    expect(() => $.log_z(posterior([[1, 1]], null))).toThrow(/test does not estimate the log of the normalising/);
    expect(() => $.mode(posterior([]))).toThrow(/empty/);
  });

  it("of distributions", () => {
    expect($.mean(normal(2, 1))).toBe(2);
    expect($.variance(normal(2, 3))).toBe(9);
    expect($.mean(bernoulli(0.3))).toBe(0.3);
    expect($.mean(dirichlet([1, 3]))).toEqual([0.25, 0.75]);
    expect($.mean(choice([1, 2]))).toBe(1.5);
    expect(
      $.support(
        categorical(
          ValueMap.from([
            ["a", 1],
            ["b", 0],
            ["c", 2],
          ]),
        ),
      ),
    ).toEqual(["a", "c"]);
    expect($.mode(categorical([1, 3, 3]))).toBe(1);
    expect($.mode(poisson(4.5))).toBe(4);
    expect($.probability(uniformInt(1, 6), (x) => x >= 5)).toBeCloseTo(1 / 3, 12);
    expect($.probability(geometric(0.5), (x) => x < 2)).toBeCloseTo(0.75, 12);
    expect($.entropy(choice(["a", "b"]))).toBeCloseTo(Math.LN2, 14);
    expect($.entropy(choice(["a", "a"]))).toBe(0);
    expect($.log_prob(normal(0, 1), 1)).toBe(normal(0, 1).logDensity(1));
  });

  it("take quantiles by their definition", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, q) => {
        const d = binomial(n, 0.3);
        const x = $.quantile(d, q);
        const cdf = (k: number): number => $.probability(d, (v) => v <= k);
        expect(cdf(x)).toBeGreaterThanOrEqual(q - 1e-11);
        if (x > 0) expect(cdf(x - 1)).toBeLessThan(q + 1e-11);
      }),
    );
    expect($.quantile(poisson(1000), 0.5)).toBe(1000);
    expect($.quantile(exponential(2), 0.5)).toBeCloseTo(Math.LN2 / 2, 14);
    expect($.quantile(normal(1, 2), 0.975)).toBeCloseTo(1 + 2 * 1.959963984540054, 13);
    expect($.quantile(uniformInt(1, 6), 0.5)).toBe(3);
    expect($.quantile(gamma(1, 2), 0.5)).toBeCloseTo(Math.LN2 / 2, 14);
    expect($.quantile(beta(2, 1), 0.25)).toBeCloseTo(0.5, 14);
    expect(() => $.quantile(normal(0, 1), 1.5)).toThrow(/between 0 and 1/);
    expect(() => $.quantile(choice(["a"]) as never, 0.5)).toThrow(/not numbers/);
  });

  it("say what they are not defined for", () => {
    expect(() => $.support(poisson(1))).toThrow(
      /support needs a distribution with finitely many values; poisson has not/,
    );
    expect(() => $.mode(uniform(0, 1))).toThrow(RunError);
    expect(() => $.mean(choice(["a"]))).toThrow(/not numbers/);
    expect(() => $.mean("abc" as never)).toThrow('mean takes a distribution, not a string ("abc").');
    expect(() => $.entropy(process([]) as never)).toThrow("entropy is not defined for words.");
    expect(() => $.log_z(normal(0, 1))).toThrow(/log_z takes a posterior/);
    expect(() => $.quantile(mixture([1, 1], [normal(0, 1), normal(3, 1)]), 0.5)).toThrow(
      /quantile is not available for mixture in this version/,
    );
  });
});

describe("distributions from distributions", () => {
  it("ask processes for theirs", () => {
    const asked: string[] = [];
    const d = process(asked);
    expect($.where(d, (x) => x === "a").name).toBe("choice");
    expect($.top_k(d, 3).name).toBe("choice");
    expect($.mix([1, 2], [d, choice(["a", "b"])]).name).toBe("choice");
    expect(asked).toEqual(["where true", "top_k 3", "mix 1,2 2"]);
  });

  it("say what a process does not offer", () => {
    expect(() => $.tempered(process([]), 2)).toThrow("tempered is not defined for words.");
    expect(() => $.top_p(process([]), 0.5)).toThrow("top_p is not defined for words.");
    expect(() => $.mix([1, 1], [process([], false), choice(["a"])])).toThrow(
      "These distributions cannot be mixed: words, choice.",
    );
  });

  it("refuse predicates that draw", () => {
    expect(() => $.where(choice([1]), { kind: "closure", enter: () => null } as never)).toThrow(/draws or waits/);
  });

  it("are the ones of the distributions folder", () => {
    expect($.mix([1, 1], [normal(0, 1), normal(1, 1)]).name).toBe("mixture");
    expect($.log_prob($.mix([1, 1], [choice([1]), choice([2])]) as never, 1 as never)).toBeCloseTo(-Math.LN2, 14);
    expect($.support($.top_p(categorical([0.6, 0.3, 0.1]), 0.9) as never)).toEqual([0, 1]);
    expect($.support($.where(mixture([1, 1], [choice([1, 2]), choice([2, 3])]), (x) => x > 1) as never)).toEqual([
      2, 3,
    ]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Distribution } from "../../src/distributions/index.js";
import {
  bernoulli,
  binomial,
  categorical,
  choice,
  delta,
  distributions,
  empirical,
  Finite,
  geometric,
  mixture,
  multinomial,
  normal,
  poisson,
  tempered,
  topK,
  topP,
  uniform,
  uniformInt,
  where,
} from "../../src/distributions/index.js";
import { DistributionError, RunError } from "../../src/errors.js";
import { seeded } from "../../src/random/index.js";
import { equal, hashKey, show, ValueMap } from "../../src/values.js";
import { chiSquareTail } from "../statistics.js";

const atoms = <T>(d: Distribution<T>): Map<string, number> => {
  const { support } = d;
  if (support.kind !== "finite") throw new Error(`${d.name} is ${support.kind}`);
  const map = new Map<string, number>();
  support.values.forEach((value, i) => {
    expect(map.has(hashKey(value))).toBe(false);
    map.set(hashKey(value), support.probabilities[i]!);
  });
  return map;
};

const weights = fc
  .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e6, noNaN: true })), { minLength: 1, maxLength: 12 })
  .filter((ws) => ws.some((w) => w > 0));

/** Lists with repetitions, some long enough to be looked up by key. */
const options = fc.array(fc.oneof(fc.constantFrom("a", "b", "c", "d"), fc.nat(12), fc.constant([1, "a"])), {
  minLength: 1,
  maxLength: 20,
});

/** Without probabilities whose products underflow: the tests multiply them. */
const probability = fc.double({ min: 0, max: 1, noNaN: true }).filter((p) => p === 0 || p > 1e-12);

const finite: fc.Arbitrary<Distribution<unknown>> = fc.oneof(
  weights.map((ws) => categorical(ws) as Distribution<unknown>),
  weights.map((ws) => categorical(ValueMap.from(ws.map((w, i) => [`k${i}`, w] as const))) as Distribution<unknown>),
  options.map((values) => choice(values) as Distribution<unknown>),
  options.map((values) => empirical(values) as Distribution<unknown>),
  fc.tuple(fc.nat(9), fc.nat(9)).map(([a, b]) => uniformInt(a, a + b) as Distribution<unknown>),
  fc.tuple(fc.nat(9), probability).map(([n, p]) => binomial(n, p) as Distribution<unknown>),
  probability.map((p) => bernoulli(p) as Distribution<unknown>),
  fc
    .tuple(
      fc.nat(4),
      weights.filter((ws) => ws.length < 4),
    )
    .map(([n, ws]) => multinomial(n, ws) as Distribution<unknown>),
  options.map(([value]) => delta(value) as Distribution<unknown>),
);

describe("finite distributions", () => {
  it("list each value once, with the probability their density gives, summing to one", () => {
    fc.assert(
      fc.property(finite, (d) => {
        let sum = 0;
        const { support } = d;
        if (support.kind !== "finite") throw new Error("not finite");
        atoms(d);
        support.values.forEach((value, i) => {
          const p = support.probabilities[i]!;
          sum += p;
          expect(Math.exp(d.logDensity(value))).toBeCloseTo(p, 12);
        });
        expect(sum).toBeCloseTo(1, 10);
        for (const other of ["no such value", NaN, -1, 0.5, [9, 9, 9]]) {
          expect(d.logDensity(other)).toBe(-Infinity);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("draw values of positive probability", () => {
    fc.assert(
      fc.property(finite, fc.nat(), (d, seed) => {
        const random = seeded(seed);
        for (let i = 0; i < 20; i++) expect(d.logDensity(d.sample(random))).toBeGreaterThan(-Infinity);
      }),
    );
  });

  /** Rejects at 1e-6 for each of 40 distributions, seeds fixed. */
  it("draw them as often as they should", () => {
    fc.sample(finite, { numRuns: 40, seed: 5 }).forEach((d, i) => {
      const expected = [...atoms(d)].filter(([, p]) => p > 0.002);
      const random = seeded(i);
      const counts = new Map<string, number>();
      for (let j = 0; j < 5000; j++) {
        const key = hashKey(d.sample(random));
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      const rest = Math.max(0, 1 - expected.reduce((s, [, p]) => s + p, 0));
      let statistic = 0;
      let drawn = 0;
      for (const [key, p] of expected) {
        drawn += counts.get(key) ?? 0;
        statistic += ((counts.get(key) ?? 0) - 5000 * p) ** 2 / (5000 * p);
      }
      if (rest > 0.002) statistic += (5000 - drawn - 5000 * rest) ** 2 / (5000 * rest);
      const degrees = expected.length - (rest > 0.002 ? 0 : 1);
      if (degrees > 0) expect(chiSquareTail(statistic, degrees), show(d)).toBeGreaterThan(1e-6);
    });
  });

  it("gives the same log-probabilities however often it is asked", () => {
    for (const n of [2, 300]) {
      const d = categorical(Array.from({ length: n }, (_, i) => (i === 1 ? 0 : i + 1)));
      const asked = [0, 1, n - 1, n, -1, 0.5, "0" as never, NaN];
      const first = asked.map((x) =>
        categorical(Array.from({ length: n }, (_, i) => (i === 1 ? 0 : i + 1))).logDensity(x),
      );
      for (let round = 0; round < 3; round++) expect(asked.map((x) => d.logDensity(x))).toEqual(first);
      expect(first.slice(1, 2).concat(first.slice(3))).toEqual(new Array(6).fill(-Infinity));
    }
  });

  it("have the moments of their values", () => {
    expect(choice([1, 2, 2, 5]).mean!()).toBe(2.5);
    expect(choice([1, 2, 2, 5]).variance!()).toBeCloseTo(2.25, 14);
    expect(empirical([true, false, true, true]).mean!()).toBe(0.75);
    expect(categorical([1, 1, 2]).mean!()).toBe(1.25);
    expect(delta(3).mean!()).toBe(3);
    expect(delta(3).variance!()).toBe(0);
    expect(() => choice(["a"]).mean!()).toThrow(/not numbers: one is a string/);
  });

  it("are equal when family and parameters are, and show them", () => {
    expect(equal(normal(0, 1), normal(0, 1))).toBe(true);
    expect(equal(normal(0, 1), normal(0, 2))).toBe(false);
    expect(equal(choice([1]), empirical([1]))).toBe(false);
    expect(hashKey(categorical([1, 3]))).toBe(hashKey(categorical([2, 6])));
    expect(hashKey(normal(0, 1))).not.toBe(hashKey(normal(1, 0.5)));
    expect(show([uniformInt(1, 6), choice(["a", "b"])])).toBe('[uniform_int(1, 6), choice(["a", "b"])]');
    expect(`${mixture([1, 3], [normal(0, 1), normal(2, 1)])}`).toBe(
      "mixture([0.25, 0.75], [normal(0, 1), normal(2, 1)])",
    );
  });
});

describe("where", () => {
  it("is Bayes' rule for the event", () => {
    fc.assert(
      fc.property(finite, fc.func(fc.boolean()), (d, keep) => {
        const before = atoms(d);
        const { support } = d as { support: { values: readonly unknown[] } };
        const pass = (v: unknown): boolean => keep(hashKey(v));
        const mass = support.values.reduce<number>((s, v) => s + (pass(v) ? before.get(hashKey(v))! : 0), 0);
        if (mass === 0) {
          expect(() => where(d, pass)).toThrow(DistributionError);
          return;
        }
        const restricted = where(d, pass);
        for (const v of support.values) {
          const expected = pass(v) ? before.get(hashKey(v))! / mass : 0;
          expect(Math.exp(restricted.logDensity(v))).toBeCloseTo(expected, 12);
        }
      }),
    );
  });

  it("is exact on countable distributions, far into the tail", () => {
    const d = where(poisson(3), (k) => k > 30);
    const tail = (from: number): number => {
      let sum = 0;
      for (let k = 400; k >= from; k--) sum += Math.exp(poisson(3).logDensity(k) - poisson(3).logDensity(31));
      return sum;
    };
    expect(d.logDensity(31)).toBeCloseTo(-Math.log(tail(31)), 12);
    expect(d.logDensity(500)).toBeCloseTo(
      poisson(3).logDensity(500) - poisson(3).logDensity(31) - Math.log(tail(31)),
      9,
    );
    expect(d.logDensity(30)).toBe(-Infinity);
    expect(d.logDensity(31.5)).toBe(-Infinity);
    expect(d.sample(seeded(1))).toBeGreaterThan(30);
    const even = where(geometric(0.5), (k) => k % 2 === 0);
    expect(Math.exp(even.logDensity(4))).toBeCloseTo(0.75 / 16, 14);
    expect(even.mean!()).toBeCloseTo(2 / 3, 12);
  });

  it("says why it cannot be", () => {
    expect(() => where(normal(0, 1), (x) => x > 0)).toThrow(
      /where needs a distribution with finitely many values; normal/,
    );
    expect(() => where(choice([1, 2]), () => false)).toThrow(
      /where: `pred` must be true for a value that choice can give/,
    );
    expect(() => where(poisson(1), () => false)).toThrow(DistributionError);
    expect(() => where(geometric(1e-9), () => true)).toThrow(/too many values/);
  });
});

describe("tempered, top_k, top_p", () => {
  it("tempered raises probabilities to 1/t and renormalises", () => {
    fc.assert(
      fc.property(finite, fc.double({ min: 0.05, max: 20, noNaN: true }), (d, t) => {
        const before = [...atoms(d)].filter(([, p]) => p > 0);
        const max = Math.max(...before.map(([, p]) => p));
        const total = before.reduce((s, [, p]) => s + (p / max) ** (1 / t), 0);
        const after = atoms(tempered(d, t));
        expect(after.size).toBe(before.length);
        for (const [key, p] of before) expect(after.get(key)).toBeCloseTo((p / max) ** (1 / t) / total, 10);
      }),
    );
    // p^(1/t) of a geometric is geometric: (1-p)^(1/t) = 1 - p'.
    const hot = tempered(geometric(0.75), 2);
    for (const k of [0, 1, 7, 600]) expect(hot.logDensity(k)).toBeCloseTo(geometric(0.5).logDensity(k), 9);
    expect(() => tempered(choice([1]), 0)).toThrow(DistributionError);
    expect(() => tempered(uniform(0, 1), 2)).toThrow(RunError);
  });

  it("top_k keeps the likeliest, earlier ones first", () => {
    fc.assert(
      fc.property(finite, fc.integer({ min: 1, max: 15 }), (d, k) => {
        const before = [...atoms(d)].filter(([, p]) => p > 0);
        const kept = atoms(topK(d, k));
        expect(kept.size).toBe(Math.min(k, before.length));
        const ranked = before.map(([key, p], i) => ({ key, p, i })).sort((a, b) => b.p - a.p || a.i - b.i);
        const expected = ranked.slice(0, k);
        const total = expected.reduce((s, e) => s + e.p, 0);
        for (const e of expected) expect(kept.get(e.key)).toBeCloseTo(e.p / total, 12);
      }),
    );
    expect([...atoms(topK(choice(["x", "y", "z"]), 2)).keys()]).toEqual(['"x', '"y']);
    expect(() => topK(choice([1]), 0)).toThrow(DistributionError);
    expect(() => topK(choice([1]), 1.5)).toThrow(DistributionError);
  });

  it("top_p keeps the fewest likeliest that reach p", () => {
    fc.assert(
      fc.property(finite, fc.double({ min: 1e-3, max: 1, noNaN: true }), (d, p) => {
        const before = atoms(d);
        const kept = [...atoms(topP(d, p)).keys()];
        const masses = kept.map((key) => before.get(key)!);
        const mass = masses.reduce((a, b) => a + b, 0);
        expect(mass).toBeGreaterThanOrEqual(p - 1e-9);
        expect(mass - Math.min(...masses)).toBeLessThan(p + 1e-9);
        const left = [...before].filter(([key]) => !kept.includes(key)).map(([, q]) => q);
        expect(Math.max(0, ...left)).toBeLessThanOrEqual(Math.min(...masses));
      }),
    );
    expect(() => topP(choice([1]), 0)).toThrow(DistributionError);
  });

  it("work on countable distributions", () => {
    const d = topK(poisson(2.5), 3);
    expect(new Set(atoms(d).keys())).toEqual(new Set(["1", "2", "3"]));
    expect(atoms(topP(geometric(0.5), 0.8)).size).toBe(3);
  });
});

describe("mixture", () => {
  it("is the sum of its parts, on finite distributions", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(finite, fc.nat(5)), { minLength: 1, maxLength: 4 }), (parts) => {
        const ws = parts.map(([, w]) => w);
        const ds = parts.map(([d]) => d);
        fc.pre(ws.some((w) => w > 0));
        const total = ws.reduce((a, b) => a + b, 0);
        const mixed = mixture(ws, ds);
        const expected = new Map<string, number>();
        ds.forEach((d, i) => {
          for (const [key, p] of atoms(d))
            if (p > 0 && ws[i]! > 0) expected.set(key, (expected.get(key) ?? 0) + (p * ws[i]!) / total);
        });
        const actual = atoms(mixed);
        expect(actual.size).toBe(expected.size);
        for (const [key, p] of expected) expect(actual.get(key)).toBeCloseTo(p, 12);
        const { support } = mixed as { support: { values: readonly unknown[] } };
        for (const v of support.values)
          expect(Math.exp(mixed.logDensity(v))).toBeCloseTo(expected.get(hashKey(v))!, 12);
      }),
    );
  });

  it("mixes densities, with their moments and gradient", () => {
    const d = mixture([1, 3], [normal(-2, 0.5), normal(1, 2)]);
    const density = (x: number): number =>
      0.25 * Math.exp(normal(-2, 0.5).logDensity(x)) + 0.75 * Math.exp(normal(1, 2).logDensity(x));
    for (const x of [-3, -2, 0, 1.5, 40]) {
      expect(d.logDensity(x)).toBeCloseTo(Math.log(density(x)), 9);
      const h = 1e-5;
      expect(d.gradient!(x)).toBeCloseTo((d.logDensity(x + h) - d.logDensity(x - h)) / 2 / h, 4);
    }
    // Where both densities underflow their logs do not.
    expect(d.logDensity(1e3)).toBeCloseTo(Math.log(0.75) + normal(1, 2).logDensity(1e3), 9);
    expect(d.mean!()).toBeCloseTo(0.25, 14);
    expect(d.variance!()).toBeCloseTo(0.25 * 0.25 + 0.75 * 4 + 0.25 * 2.25 ** 2 + 0.75 * 0.75 ** 2, 12);
    expect(d.support).toEqual({ kind: "interval", lower: -Infinity, upper: Infinity });
    expect(mixture([1, 1], [uniform(0, 1), uniform(3, 4)]).support).toEqual({ kind: "interval", lower: 0, upper: 4 });
    const random = seeded(3);
    const low = Array.from({ length: 4000 }, () => d.sample(random)).filter((x) => x < -1).length;
    // 0.25·Φ(2) + 0.75·Φ(−1) = 0.3633; rejects beyond five standard errors.
    expect(Math.abs(low / 4000 - 0.3633)).toBeLessThan(5 * Math.sqrt((0.36 * 0.64) / 4000));
  });

  it("goes through countable parts in turn, each value once", () => {
    const d = mixture([0.5, 0.5], [poisson(2), delta(1000)]);
    const { support } = d;
    if (support.kind !== "countable") throw new Error("not countable");
    const first: number[] = [];
    for (const k of support.values()) if (first.push(k) === 6) break;
    expect(new Set(first).size).toBe(6);
    expect(first).toContain(1000);
    expect(d.logDensity(1000)).toBeCloseTo(Math.log(0.5), 12);
  });

  it("says why it cannot be", () => {
    expect(() => mixture([1], [normal(0, 1), normal(1, 1)])).toThrow(/as many as there are distributions \(2\)/);
    expect(() => mixture([1, 1], [normal(0, 1), delta(0)])).toThrow(
      /all discrete or all continuous, but it is normal with delta/,
    );
    expect(() => mixture([0, 0], [normal(0, 1), normal(1, 1)])).toThrow(DistributionError);
    expect(() => mixture([], [])).toThrow(DistributionError);
  });
});

describe("multinomial", () => {
  it("is what counting independent draws gives", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5 }),
        weights.filter((w) => w.length <= 3),
        (n, ws) => {
          const total = ws.reduce((a, b) => a + b, 0);
          const expected = new Map<string, number>();
          const visit = (left: number, counts: number[], p: number): void => {
            if (left === 0) {
              expected.set(hashKey(counts), (expected.get(hashKey(counts)) ?? 0) + p);
              return;
            }
            ws.forEach((w, i) =>
              visit(
                left - 1,
                counts.map((c, j) => (j === i ? c + 1 : c)),
                (p * w) / total,
              ),
            );
          };
          visit(
            n,
            ws.map(() => 0),
            1,
          );
          for (const [key, p] of atoms(multinomial(n, ws))) expect(p).toBeCloseTo(expected.get(key) ?? 0, 10);
        },
      ),
    );
  });

  it("has the moments, and adds up", () => {
    const d = multinomial(1000, [1, 2, 7, 0]);
    expect(d.mean!()).toEqual([100, 200, 700, 0]);
    expect((d.variance!() as number[])[1]).toBeCloseTo(160, 10);
    const random = seeded(8);
    const sums = [0, 0, 0, 0];
    for (let i = 0; i < 200; i++) {
      const counts = d.sample(random);
      expect(counts.reduce((a, b) => a + b, 0)).toBe(1000);
      counts.forEach((c, j) => (sums[j]! += c));
    }
    // Five standard errors of a sum of 200.
    [100, 200, 700].forEach((m, j) => expect(Math.abs(sums[j]! / 200 - m)).toBeLessThan(5 * Math.sqrt(210 / 200)));
    expect(sums[3]).toBe(0);
    expect(() => d.support).toThrow(/too many values/);
  });
});

describe("parameters", () => {
  const bad: readonly [name: keyof typeof distributions, args: readonly unknown[], message: RegExp][] = [
    ["bernoulli", [1.5], /bernoulli: `p` must be a probability between 0 and 1, but it is 1.5/],
    ["bernoulli", [NaN], /`p`/],
    ["categorical", [[1, -1]], /`weights\[1\]` must be a weight that is not negative, but it is -1/],
    ["categorical", [[0, 0]], /one at least is positive, but it is \[0, 0\]/],
    ["categorical", [[]], /one at least is positive/],
    ["categorical", [[NaN]], /weights\[0\]/],
    ["categorical", [[Infinity]], /finite sum/],
    ["categorical", [ValueMap.from([["a", -1]])], /weights\[0\]/],
    ["choice", [[]], /choice: `options`/],
    ["empirical", [[]], /empirical: `values`/],
    ["uniform", [1, 1], /`high` must be above `low` \(1\)/],
    ["uniform", [-Infinity, 1], /`low` must be a finite number/],
    ["uniform_int", [2, 1], /`high` must be at least `low` \(2\)/],
    ["uniform_int", [0.5, 1], /`low` must be a whole number/],
    ["normal", [0, 0], /`sd` must be a positive number, but it is 0/],
    ["normal", [NaN, 1], /`mean`/],
    ["lognormal", [0, -1], /`sd`/],
    ["student_t", [0], /`df`/],
    ["student_t", [1, 0, 0], /`scale`/],
    ["cauchy", [0, 0], /`scale`/],
    ["laplace", [0, -1], /`scale`/],
    ["logistic", [0, Infinity], /`scale`/],
    ["exponential", [0], /`rate`/],
    ["gamma", [0, 1], /`shape`/],
    ["gamma", [1, 0], /`rate`/],
    ["inverse_gamma", [1, -1], /`scale`/],
    ["beta", [0, 1], /`a`/],
    ["beta", [1, NaN], /`b`/],
    ["dirichlet", [[1]], /`concentration`/],
    ["dirichlet", [[1, 0]], /`concentration\[1\]`/],
    ["poisson", [-1], /`rate`/],
    ["binomial", [-1, 0.5], /`n`/],
    ["binomial", [3, 2], /`p`/],
    ["geometric", [0], /`p`/],
    ["negative_binomial", [0, 0.5], /`r`/],
    ["negative_binomial", [1, 0], /`p`/],
    ["multinomial", [1.5, [1]], /`n`/],
    ["multinomial", [1, [-1, 2]], /`probabilities\[0\]`/],
    ["multivariate_normal", [[], []], /`mean`/],
    ["multivariate_normal", [[0, 0], [[1, 0]]], /`covariance` must be a 2 × 2 matrix/],
    [
      "multivariate_normal",
      [
        [0, 0],
        [
          [1, 0.5],
          [0, 1],
        ],
      ],
      /symmetric, but it is 0 at \[1\]\[0\] and 0.5 at \[0\]\[1\]/,
    ],
    [
      "multivariate_normal",
      [
        [0, 0],
        [
          [1, 2],
          [2, 1],
        ],
      ],
      /positive definite/,
    ],
    [
      "multivariate_normal",
      [
        [0, 0],
        [
          [1, 1],
          [1, 1],
        ],
      ],
      /positive definite/,
    ],
    ["mixture", [[1], []], /`weights`/],
    ["product", [], /`dists`/],
    ["power", [bernoulli(0.5), NaN], /`exponent`/],
    ["power", [bernoulli(0.5), []], /`exponent`/],
  ];

  it.each(bad)("%s%j are refused by name", (name, args, message) => {
    const make = distributions[name] as (...args: readonly unknown[]) => unknown;
    expect(() => make(...args)).toThrow(DistributionError);
    expect(() => make(...args)).toThrow(message);
  });

  it("are refused for every constructor of the catalogue but delta", () => {
    expect(new Set(bad.map(([name]) => name))).toEqual(
      new Set(Object.keys(distributions).filter((name) => name !== "delta")),
    );
  });

  it("at the edge of what is allowed have the limit they should", () => {
    expect(bernoulli(0).logDensity(true)).toBe(-Infinity);
    expect(bernoulli(1).logDensity(true)).toBe(0);
    expect(poisson(0).logDensity(0)).toBe(0);
    expect(poisson(0).sample(seeded(1))).toBe(0);
    expect(binomial(5, 0).logDensity(0)).toBe(0);
    expect(binomial(5, 1).sample(seeded(1))).toBe(5);
    expect(geometric(1).sample(seeded(1))).toBe(0);
    expect(new Finite("one", ["a"], [5]).logDensity("a")).toBe(0);
  });
});

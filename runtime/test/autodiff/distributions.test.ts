import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { functions, minus, plus } from "../../src/autodiff/arithmetic.js";
import { differentiableDistributions as dual } from "../../src/autodiff/distributions.js";
import type { Num } from "../../src/autodiff/tape.js";
import { distributions as ours } from "../../src/distributions/index.js";
import type { Distribution } from "../../src/distributions/distribution.js";
import { ValueMap } from "../../src/values.js";
import { expectGradient } from "./differences.js";

type Name = keyof typeof ours;
interface Case {
  readonly name: Name;
  readonly what: string;
  /** What everything is made of. */
  readonly theta: fc.Arbitrary<readonly number[]>;
  /** Parameters and value. Plain from plain numbers. */
  make(theta: readonly Num[]): readonly [parameters: readonly unknown[], value: unknown];
  readonly relative?: number;
}

const any = fc.double({ min: -4, max: 4, noNaN: true });
const positive = fc.double({ min: 0.2, max: 6, noNaN: true });
const share = fc.double({ min: 0.03, max: 0.97, noNaN: true });

/** Values and parameters that are numbers: all of them are differentiated by, but for whole numbers. */
const located = (name: Name, value: fc.Arbitrary<number>, ...parameters: fc.Arbitrary<number>[]): Case => ({
  name,
  what: "value and parameters",
  theta: fc.tuple(value, ...parameters),
  make: ([x, ...rest]) => [rest, x],
});

const counted = (name: Name, values: readonly unknown[], ...parameters: fc.Arbitrary<number>[]): Case[] =>
  values.map((value) => ({
    name,
    what: `parameters, at ${String(value)}`,
    theta: fc.tuple(...parameters),
    make: (theta) => [theta, value],
  }));

const apart = fc.double({ min: 0.1, max: 3, noNaN: true });

const cases: readonly Case[] = [
  located("normal", any, any, positive),
  located("lognormal", positive, any, positive),
  {
    name: "uniform",
    what: "bounds around a value",
    theta: fc.tuple(any, apart, apart),
    make: ([x, below, above]) => [[minus(x!, below!), plus(x!, above!)], x],
  },
  located("student_t", any, positive, any, positive),
  located("cauchy", any, any, positive),
  {
    name: "laplace",
    what: "value and parameters",
    theta: fc.tuple(
      any,
      fc.oneof(
        apart,
        apart.map((by) => -by),
      ),
      positive,
    ),
    make: ([x, by, scale]) => [[plus(x!, by!), scale], x],
  },
  located("logistic", any, any, positive),
  located("exponential", positive, positive),
  located("gamma", positive, positive, positive),
  located("inverse_gamma", positive, positive, positive),
  located("beta", share, positive, positive),
  ...counted("bernoulli", [true, false], share),
  ...counted("poisson", [0, 1, 7], positive),
  ...[0, 3, 9].map((k): Case => ({
    name: "binomial",
    what: `p, at ${k} of 9`,
    theta: share.map((p) => [p]),
    make: ([p]) => [[9, p], k],
  })),
  ...counted("geometric", [0, 4], share),
  ...counted("negative_binomial", [0, 5], positive, share),
  {
    name: "categorical",
    what: "weights, of a list",
    theta: fc.tuple(positive, positive, positive),
    make: (weights) => [[[...weights, 0.5]], 1],
  },
  {
    name: "categorical",
    what: "weights, of a map",
    theta: fc.tuple(positive, positive, positive),
    make: (weights) => [[ValueMap.from(weights.map((w, i) => [`key ${i}`, w] as const))], "key 2"],
  },
  {
    name: "multinomial",
    what: "probabilities",
    theta: fc.tuple(positive, positive, positive),
    make: (weights) => [
      [6, weights],
      [2, 0, 4],
    ],
  },
  {
    name: "dirichlet",
    what: "value and concentration",
    theta: fc.tuple(
      fc.double({ min: 0.1, max: 0.4, noNaN: true }),
      fc.double({ min: 0.1, max: 0.4, noNaN: true }),
      positive,
      positive,
      positive,
    ),
    make: ([x, y, ...alpha]) => [[alpha], [x, y, minus(minus(1, x!), y!)]],
  },
  {
    name: "multivariate_normal",
    what: "value, mean and covariance",
    theta: fc.tuple(any, any, any, any, positive, positive, fc.double({ min: -0.15, max: 0.15, noNaN: true })),
    make: ([x, y, mx, my, vx, vy, c]) => [
      [
        [mx, my, 0.5],
        [
          [vx, c, 0.1],
          [c, vy, 0.05],
          [0.1, 0.05, 1.5],
        ],
      ],
      [x, y, 0.3],
    ],
  },
];

const build = (table: unknown, name: string, parameters: readonly unknown[]): Distribution<unknown> =>
  (table as Record<string, (...args: readonly unknown[]) => Distribution<unknown>>)[name]!(...parameters);

describe("densities with derivatives", () => {
  it.each(cases.map((c) => [`${c.name}: ${c.what}`, c] as const))("%s", (_, { name, theta, make, relative }) => {
    fc.assert(
      fc.property(theta, (at) => {
        const [parameters, value] = make(at);
        // Plain parameters give the family's own density.
        expect(build(dual, name, parameters).logDensity(value)).toBe(build(ours, name, parameters).logDensity(value));
        expectGradient(
          (inputs) => {
            const [p, x] = make(inputs);
            return build(dual, name, p).logDensity(x) as Num;
          },
          at,
          { tolerance: 1e-5, ...(relative === undefined ? {} : { relative }) },
        );
      }),
      { numRuns: 200 },
    );
  });

  it("mixtures: weights, parts and value, also where the value is outside a part", () => {
    const theta = fc.tuple(any, positive, positive, any, positive, positive);
    fc.assert(
      fc.property(theta, (at) => {
        expectGradient(
          ([x, w1, w2, mean, sd, rate]) =>
            (
              dual.mixture(
                [w1!, w2!],
                [dual.normal(mean!, sd!) as Distribution<unknown>, dual.exponential(rate!) as Distribution<unknown>],
              ) as Distribution<unknown>
            ).logDensity(x) as Num,
          at.map((x, i) => (i === 0 ? (Math.abs(x) < 0.1 ? 0.5 : x) : x)),
          { tolerance: 1e-5 },
        );
      }),
      { numRuns: 200 },
    );
  });

  it("bounds that are draws carry derivatives", () => {
    expectGradient(
      ([low, width]) => {
        const { support } = dual.uniform(low!, plus(low!, width!));
        if (support.kind !== "interval") throw new Error("no interval");
        return functions.exp(minus(support.upper, support.lower));
      },
      [0.3, 1.2],
    );
  });

  it("defaults of student_t are those of the family", () => {
    expect(dual.student_t(3).logDensity(0.4)).toBe(ours.student_t(3).logDensity(0.4));
  });

  it("know that distributions of plain numbers are equal, and whom they are shown as", () => {
    expect(String(dual.normal(0, 1))).toBe(String(ours.normal(0, 1)));
  });

  it("whole-number families take no derivatives", () => {
    expect(dual.uniform_int(0, 3).logDensity(2)).toBe(ours.uniform_int(0, 3).logDensity(2));
    expect(dual.choice(["a", "b"]).logDensity("a")).toBe(Math.log(0.5));
  });
});

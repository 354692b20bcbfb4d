import { enumerateOutcomes } from "@pgl/testing";
import { describe, expect, test } from "vitest";
import { MethodError, Posterior, seeded, site, type Diagnostics, type WeightedSample } from "../../src/index.js";

const diagnostics: Diagnostics = {
  ess: 3,
  history: [],
  distinctAncestors: null,
  chains: null,
  unvisitedMass: 0,
  executions: 4,
  partial: false,
  warnings: [
    {
      code: "PGLW004",
      message: "few",
      count: 1,
      site: site({ name: "x", kind: "sample", file: "a.pgl", line: 2, column: 3, start: 9, end: 12 }),
    },
    { code: "PGLW006", message: "stopped", count: 2 },
  ],
};

const posterior = <T>(samples: readonly (readonly [T, number])[], random = seeded(1)): Posterior<T> =>
  new Posterior<T>(
    samples.map(([value, weight]): WeightedSample<T> => ({ value, weight, trace: null })),
    { estimate: -1.5, stderr: 0.1, exact: false },
    diagnostics,
    { name: "smc", guarantee: "unbiased", options: { particles: 4 } },
    random,
  );

const some = posterior<readonly number[]>([
  [[1, 2], 0.25],
  [[3], 0.35],
  [[1, 2], 0.25],
  [[4], 0.15],
  [[5], 0],
]);

test("equal values are merged, the heaviest first, equally heavy ones in order", () => {
  expect(some.atoms).toEqual([
    { value: [1, 2], weight: 0.5 },
    { value: [3], weight: 0.35 },
    { value: [4], weight: 0.15 },
  ]);
  expect(
    posterior([
      ["b", 0.5],
      ["a", 0.5],
    ]).atoms.map((a) => a.value),
  ).toEqual(["a", "b"]);
  expect(some.mode()).toEqual([1, 2]);
  expect(some.support.values).toEqual([[1, 2], [3], [4]]);
});

test("summaries", () => {
  const p = posterior([
    [1, 0.5],
    [2, 0.25],
    [4, 0.25],
  ]);
  expect(p.mean()).toBe(2);
  expect(p.variance()).toBe(1.5);
  expect(p.probability((x) => x > 1)).toBe(0.5);
  expect([0, 0.5, 0.51, 0.75, 1].map((q) => p.quantile(q))).toEqual([1, 1, 2, 2, 4]);
  expect(p.entropy()).toBeCloseTo(1.5 * Math.LN2, 14);
  expect(p.logDensity(2)).toBe(Math.log(0.25));
  expect(p.logDensity(3)).toBe(-Infinity);
  expect(
    posterior([
      [true, 0.25],
      [false, 0.75],
    ]).mean(),
  ).toBe(0.25);
  expect(some.mean((xs) => xs.length)).toBe(1.5);
  expect(() => p.quantile(1.5)).toThrow(/between 0 and 1/);
  expect(() => posterior([["a", 1]]).mean()).toThrow(/"a" is not a number/);
});

describe("drawing", () => {
  test.each([3, 40])("from %i values has their probabilities, by enumeration", async (n) => {
    const total = (n * (n + 1)) / 2;
    const p = posterior(Array.from({ length: n }, (_, i) => [i, (i + 1) / total] as const));
    const outcomes = await enumerateOutcomes((random) => p.sample(random));
    expect(outcomes.length).toBe(n);
    for (const { value, probability } of outcomes) expect(probability).toBeCloseTo((value + 1) / total, 12);
  });

  test("without a source, from the posterior's own: the same run gives the same draws", () => {
    const draws = (): unknown[] => {
      const p = posterior(
        [
          [1, 0.5],
          [2, 0.5],
        ],
        seeded(4),
      );
      return Array.from({ length: 20 }, () => p.sample());
    };
    expect(draws()).toEqual(draws());
    expect(new Set(draws()).size).toBe(2);
  });
});

describe("signed weights", () => {
  const signed = posterior([
    [1, 0.75],
    [2, 0.5],
    [3, 0.25],
    [3, -0.5],
    [4, 0.125],
    [4, -0.125],
  ]);

  test("are added up, the negative last; what cancels is gone", () => {
    expect(signed.isSigned).toBe(true);
    expect(some.isSigned).toBe(false);
    expect(signed.atoms).toEqual([
      { value: 1, weight: 0.75 },
      { value: 2, weight: 0.5 },
      { value: 3, weight: -0.25 },
    ]);
  });

  test("have expectations, which stay as they are", () => {
    expect(signed.mean()).toBe(0.75 + 1 - 0.75);
    expect(signed.probability((x) => x < 3)).toBe(1.25);
  });

  test("are no distribution", () => {
    for (const ask of [
      () => signed.sample(),
      () => signed.quantile(0.5),
      () => signed.entropy(),
      () => signed.logDensity(3),
      () => signed.support,
    ])
      expect(ask).toThrow(/signed weights has no .*negative/);
  });
});

test("JSON has the fields of the command's, with -inf as text", () => {
  expect(
    JSON.parse(
      JSON.stringify(
        posterior([
          [-Infinity, 0.75],
          [1, 0.25],
        ]),
      ),
    ),
  ).toEqual({
    method: { name: "smc", guarantee: "unbiased", particles: 4 },
    logZ: { estimate: -1.5, stderr: 0.1, exact: false },
    ess: 3,
    ancestors: null,
    chains: null,
    posterior: [
      { value: "-inf", weight: 0.75 },
      { value: 1, weight: 0.25 },
    ],
    approximations: [],
    partial: false,
    warnings: [
      { code: "PGLW004", message: "few", span: { file: "a.pgl", line: 2, column: 3, start: 9, end: 12 } },
      { code: "PGLW006", message: "stopped", span: null },
    ],
  });
});

test("an empty posterior is defined, and says what it is when asked for values", () => {
  const empty = posterior([[1, 0]]);
  expect(empty.isEmpty).toBe(true);
  expect(empty.atoms).toEqual([]);
  expect(empty.logDensity(1)).toBe(-Infinity);
  for (const ask of [() => empty.mode(), () => empty.mean(), () => empty.sample(), () => empty.quantile(0.5)]) {
    expect(ask).toThrow(MethodError);
    expect(ask).toThrow(/every execution had weight zero/);
  }
});

test("shows itself as a table", () => {
  expect(String(some)).toBe("0.5000  [1, 2]\n0.3500  [3]\n0.1500  [4]");
  const many = Array.from({ length: 12 }, (_, i) => [i, 1 / 12] as const);
  expect(String(posterior(many))).toContain("… 2 more");
});

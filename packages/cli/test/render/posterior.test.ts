import { Posterior } from "@pgl/core";
import picocolors from "picocolors";
import { expect, test } from "vitest";
import { renderPosterior } from "../../src/render/posterior.js";

const plain = picocolors.createColors(false);

function posterior<T>(...values: readonly (readonly [T, number])[]): Posterior<T> {
  return new Posterior<T>(
    values.map(([value, weight]) => ({ value, weight, trace: null })),
    { estimate: 0, stderr: null, exact: false },
    {
      ess: values.length,
      history: [],
      distinctAncestors: null,
      chains: null,
      unvisitedMass: 0,
      executions: values.length,
      partial: false,
      warnings: [],
    },
    { name: "test", guarantee: "exact", options: {} },
  );
}

test("rows are sorted by weight, with bars in proportion to the largest", () => {
  const lines = renderPosterior(posterior(["a", 0.25], ["b", 0.5], ["c", 0.25]), 100, plain).split("\n");
  expect(lines[0]).toBe(`  50.00%  ${"█".repeat(20)}  "b"`);
  expect(lines[1]).toBe(`  25.00%  ${"█".repeat(10).padEnd(20)}  "a"`);
});

test("long texts are wrapped, their line breaks kept and their control characters spelled out", () => {
  const text = `${"word ".repeat(30)}end\nnext \u001b[31mred`;
  const out = renderPosterior(posterior([text, 1]), 60, plain);
  for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(60);
  expect(out).toContain("\\u{1b}[31mred");
  expect(out).not.toContain("\u001b");
  expect(out.split("\n").some((line) => /^ +next/.test(line))).toBe(true);
});

test("what is left out is counted with its weight", () => {
  const out = renderPosterior(
    posterior(...Array.from({ length: 16 }, (_, i) => [`v${i}`, 1 / 16] as const)),
    100,
    plain,
  );
  expect(out).toContain("25.00%  4 more values");
});

test("many numbers have a histogram whose weights add up to nearly all", () => {
  const out = renderPosterior(posterior(...Array.from({ length: 100 }, (_, i) => [i, 0.01] as const)), 100, plain);
  expect(out).toContain("mean 49.5   sd 28.87");
  const bins = [...out.matchAll(/([\d.]+)%$/gm)].map((m) => Number(m[1]));
  expect(bins).toHaveLength(10);
  expect(bins.reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(98);
});

test("values that are not all of one shape are listed", () => {
  const mixed = Array.from({ length: 30 }, (_, i) => [i % 2 === 0 ? [i] : [i, i], 1 / 30] as const);
  expect(renderPosterior(posterior<readonly number[]>(...mixed), 100, plain)).toContain("18 more values");
});

test("an empty posterior says so", () => {
  expect(renderPosterior(posterior(["a", 0]), 100, plain)).toBe("(nothing has positive weight)\n");
});

test("weights below zero are shown as they are, with the mean", () => {
  const lines = renderPosterior(posterior([1, 0.75], [2, 0.5], [3, -0.25]), 100, plain).split("\n");
  expect(lines[0]).toBe("mean 1   weights with signs: 1.25 positive, 0.25 negative");
  expect(lines[1]).toBe(`  75.00%  ${"█".repeat(20)}  1`);
  expect(lines[3]).toBe(` -25.00%  ${" ".repeat(20)}  3`);
});

test("of many numbers with signed weights the mean alone", () => {
  const many = Array.from({ length: 40 }, (_, i) => [i, i === 3 ? -0.1 : 1.1 / 39] as const);
  expect(
    renderPosterior(posterior(...many), 100, plain)
      .trimEnd()
      .split("\n"),
  ).toEqual([expect.stringMatching(/^mean 21\.\d+ {3}weights with signs: 1\.1 positive, 0\.1 negative$/)]);
  const texts = renderPosterior(posterior(["a", 1.5], ["b", -0.5]), 100, plain).split("\n");
  expect(texts[0]).toBe("weights with signs: 1.5 positive, 0.5 negative");
});

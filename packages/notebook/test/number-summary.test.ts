import { describe, expect, test } from "vitest";
import { summarise } from "../src/number-summary.js";
import { posteriorOf, uniform } from "./posteriors.js";

const hundred = Array.from({ length: 100 }, (_, i) => i);

describe("many different numbers are summarised", () => {
  test("by mean, sd and quantiles", () => {
    const [summary] = summarise(posteriorOf(uniform(hundred)))!;
    expect(summary!.mean).toBeCloseTo(49.5);
    expect(summary!.sd).toBeCloseTo(Math.sqrt((100 ** 2 - 1) / 12));
    expect(summary!.quantile(0.5)).toBe(49);
    expect(summary!.quantile(0)).toBe(0);
    expect(summary!.quantile(1)).toBe(99);
    expect(summary!.whole).toBe(true);
    expect(summary!.notFinite).toBe(0);
    expect(summary!.name).toBe("");
  });

  test("weights count", () => {
    const [summary] = summarise(posteriorOf(hundred.map((i) => [i, i === 7 ? 0.901 : 0.001] as const)))!;
    expect(summary!.quantile(0.5)).toBe(7);
    expect(summary!.mean).toBeCloseTo(7 * 0.9 + 4950 * 0.001);
  });

  test("those that are not finite are left out, and their weight told", () => {
    const values = [...hundred, Infinity, -Infinity, NaN];
    const [summary] = summarise(posteriorOf(uniform(values)))!;
    expect(summary!.mean).toBeCloseTo(49.5);
    expect(summary!.sd).toBeGreaterThan(0);
    expect(summary!.notFinite).toBeCloseTo(3 / 103);
  });

  test("records and lists by component", () => {
    const records = summarise(posteriorOf(uniform(hundred.map((i) => ({ slope: i, intercept: -i / 2 })))))!;
    expect(records.map((s) => s.name)).toEqual(["slope", "intercept"]);
    expect(records[1]!.mean).toBeCloseTo(-24.75);
    expect(records[1]!.whole).toBe(false);
    const lists = summarise(posteriorOf(uniform(hundred.map((i) => [i, 2 * i]))))!;
    expect(lists.map((s) => s.name)).toEqual(["0", "1"]);
  });
});

describe("others are listed", () => {
  test.each<[string, readonly unknown[]]>([
    ["few numbers", [1, 2, 3]],
    ["texts", hundred.map((i) => `t${i}`)],
    ["numbers and a text", [...hundred, "x"]],
    ["records with a text", hundred.map((i) => ({ a: i, b: "x" }))],
    ["records with other fields", [...hundred.map((i) => ({ a: i })), { b: 1 }]],
    ["lists of several lengths", hundred.map((i) => new Array<number>(i % 3).fill(i))],
    ["long lists", hundred.map((i) => new Array<number>(50).fill(i))],
    ["empty lists and numbers", [[], ...hundred]],
    ["nothing", []],
  ])("%s", (_, values) => {
    expect(summarise(posteriorOf(uniform(values)))).toBe(null);
  });
});

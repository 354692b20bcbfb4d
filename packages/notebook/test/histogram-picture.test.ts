import { describe, expect, test } from "vitest";
import { histogramPicture } from "../src/histogram-picture.js";
import { summarise } from "../src/number-summary.js";
import { all, coordinates, parseMarkup, textOf } from "./markup-tree.js";
import { posteriorOf, uniform } from "./posteriors.js";

function drawn(values: readonly (readonly [number, number])[], ess = values.length) {
  return all(parseMarkup(histogramPicture(summarise(posteriorOf(values))![0]!, ess).toString()), "svg")[0]!;
}

const bars = (svg: ReturnType<typeof drawn>) =>
  all(svg, "rect").map((rect) => ({
    x: Number(rect.attributes["x"]),
    height: Number(rect.attributes["height"]),
    title: String(all(rect, "title")[0]!.children[0]),
  }));

describe("the histogram", () => {
  test("has a bar for each of some whole numbers, of the height of its weight", () => {
    const weights = Array.from({ length: 30 }, (_, i) => [i, (i + 1) / 465] as const);
    const found = bars(drawn(weights));
    expect(found).toHaveLength(30);
    expect(found[4]!.title).toBe("4: 1.08 %");
    expect(found[29]!.height / found[9]!.height).toBeCloseTo(3, 1);
    expect(found.map((b) => b.x)).toEqual([...found.map((b) => b.x)].sort((a, b) => a - b));
  });

  test("of ten thousand numbers has some bins, fewer for a small ESS, and loses no weight", () => {
    const values = uniform(Array.from({ length: 10_000 }, (_, i) => Math.sin(i) + i / 1e6));
    const many = bars(drawn(values, 10_000));
    const few = bars(drawn(values, 30));
    expect(many.length).toBeGreaterThan(20);
    expect(many.length).toBeLessThanOrEqual(50);
    expect(few.length).toBe(8);
    const sum = few.reduce((total, { title }) => total + Number(/: ([\d.]+) %/.exec(title)![1]), 0);
    expect(sum).toBeCloseTo(100, 0);
  });

  test("is not squeezed by outliers, and says what it leaves out", () => {
    const values = Array.from({ length: 1000 }, (_, i) => [i / 1000, 0.999 / 1000] as const);
    const svg = drawn([...values, [1e9, 0.001]]);
    expect(textOf(svg)).toMatch(/value \(\d\.\d\d % outside\)/);
    expect(String(all(svg, "desc")[0]!.children[0])).toContain("lies outside the picture");
    expect(bars(svg).length).toBeGreaterThan(5);
  });

  test.each<[string, readonly number[]]>([
    ["huge numbers", Array.from({ length: 40 }, (_, i) => i * 1e300)],
    [
      "numbers as far apart as can be",
      [...Array.from({ length: 40 }, (_, i) => i), -Number.MAX_VALUE, Number.MAX_VALUE],
    ],
    ["tiny numbers", Array.from({ length: 40 }, (_, i) => i * 5e-324)],
    ["numbers close together", Array.from({ length: 40 }, (_, i) => 1e6 + i * 1e-9)],
    ["infinities and NaN", [...Array.from({ length: 40 }, (_, i) => i / 7), Infinity, -Infinity, NaN]],
  ])("shows %s in finite places", (_, values) => {
    const svg = drawn(uniform(values));
    expect(coordinates(svg).every(Number.isFinite)).toBe(true);
    expect(all(svg, "text").length).toBeGreaterThan(0);
  });

  test("tells close numbers apart below its axis", () => {
    const svg = drawn(uniform(Array.from({ length: 40 }, (_, i) => 1_000_000.25 + i * 1e-3)));
    const ticks = all(svg, "text").filter((text) => text.attributes["text-anchor"] === "middle");
    const texts = ticks.map(textOf);
    expect(texts.length).toBeGreaterThan(0);
    expect(new Set(texts).size).toBe(texts.length);
    for (const text of texts) expect(text).toMatch(/^1000000\.\d\d+$/);
  });

  test("is all one bar when all the weight is on one number", () => {
    const svg = drawn(Array.from({ length: 30 }, (_, i) => [i + 0.5, i === 3 ? 1 : 1e-20] as const));
    expect(coordinates(svg).every(Number.isFinite)).toBe(true);
    expect(Math.max(...bars(svg).map((bar) => bar.height))).toBeCloseTo(134, 0);
  });

  test("is called by its component", () => {
    const posterior = posteriorOf(uniform(Array.from({ length: 30 }, (_, i) => ({ "a<b": i }))));
    const [summary] = summarise(posterior)!;
    expect(textOf(parseMarkup(histogramPicture(summary!, 30).toString()))).toContain("Weight by a<b");
  });
});

import { describe, expect, test } from "vitest";
import { essPicture } from "../src/ess-picture.js";
import { all, coordinates, parseMarkup, textOf } from "./markup-tree.js";
import { historyOf, posteriorOf } from "./posteriors.js";

function drawn(
  ess: readonly number[],
  resampled: readonly number[] = [],
  options: Record<string, unknown> = { particles: 64, ess: 0.5 },
) {
  const posterior = posteriorOf([["x", 1]], {
    diagnostics: { history: historyOf(ess, resampled) },
    method: { options },
  });
  return all(parseMarkup(essPicture(posterior).toString()), "svg")[0]!;
}

const pointsOf = (svg: ReturnType<typeof drawn>): number[][] =>
  all(svg, "polyline")[0]!
    .attributes["points"]!.split(" ")
    .map((point) => point.split(",").map(Number));

const dashed = (svg: ReturnType<typeof drawn>) =>
  all(svg, "line").filter((line) => line.attributes["stroke-dasharray"] !== undefined);

describe("the picture of the ESS", () => {
  test("is a line through the ESS of every step", () => {
    const points = pointsOf(drawn([64, 32, 0]));
    expect(points).toHaveLength(3);
    expect(points[0]![1]).toBe(30);
    expect(points[1]![1]).toBe(90);
    expect(points[2]![1]).toBe(150);
    expect(points[1]![0]! - points[0]![0]!).toBeCloseTo(points[2]![0]! - points[1]![0]!);
  });

  test("marks the steps that were resampled by a shape of its own", () => {
    const svg = drawn([64, 20, 60, 10], [2, 4]);
    expect(all(svg, "path")).toHaveLength(2);
    expect(all(svg, "circle")).toHaveLength(2);
    expect(all(svg, "path").map((path) => String(all(path, "title")[0]!.children[0]))).toEqual([
      "step 2: ESS 20, log Z −1, 64 alive, resampled",
      "step 4: ESS 10, log Z −3, 64 alive, resampled",
    ]);
    expect(textOf(svg)).toContain("resampled 2 times");
  });

  test("has the threshold as a line where it is", () => {
    const svg = drawn([64, 40]);
    const [line] = dashed(svg);
    expect(Number(line!.attributes["y1"])).toBe(90);
    expect(textOf(svg)).toContain("threshold 32");
  });

  test("has none for methods that never resample", () => {
    const svg = drawn([100, 90], [], { samples: 100 });
    expect(dashed(svg)).toEqual([]);
    expect(textOf(svg)).not.toContain("threshold");
    expect(textOf(svg)).toContain("100");
    expect(dashed(drawn([100, 90], [], { particles: 100, ess: 0 }))).toEqual([]);
  });

  test("says in words what it shows", () => {
    expect(all(drawn([64, 20, 60], [2]), "desc")[0]!.children).toEqual([
      "3 steps; ESS 64 at the first, 60 at the last, lowest 20 at step 2. Resampling below 32. Resampled once, at step 2.",
    ]);
    expect(String(all(drawn([64]), "desc")[0]!.children[0])).toContain("Never resampled.");
  });

  test("of one step is a point", () => {
    const svg = drawn([64]);
    expect(all(svg, "polyline")).toEqual([]);
    expect(all(svg, "circle")).toHaveLength(1);
  });

  test("of ten thousand steps stays small and keeps the lowest", () => {
    const ess = Array.from({ length: 10_000 }, (_, i) => (i === 5003 ? 1 : 60));
    const svg = drawn(ess, [5004]);
    const points = pointsOf(svg);
    expect(points.length).toBeLessThanOrEqual(202);
    expect(Math.max(...points.map(([, y]) => y!))).toBeGreaterThan(145);
    expect(all(svg, "circle")).toEqual([]);
    expect(textOf(svg)).toContain("resampled once");
  });

  test("of no step, or none with an ESS, says so", () => {
    expect(textOf(drawn([]))).toContain("There were no steps.");
    expect(textOf(drawn([NaN, NaN]))).toContain("There were no steps.");
  });

  test("skips an ESS that is not a number, and draws the others", () => {
    const svg = drawn([64, NaN, 32]);
    expect(pointsOf(svg)).toHaveLength(2);
    expect(coordinates(svg).every(Number.isFinite)).toBe(true);
  });

  test("stays inside its axes when there is more than the particles would give", () => {
    const svg = drawn([10, 200], [], { particles: 64, ess: 0.5 });
    expect(Math.min(...pointsOf(svg).map(([, y]) => y!))).toBe(30);
  });
});

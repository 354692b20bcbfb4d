import { describe, expect, test } from "vitest";
import { spreadPicture } from "../src/spread-picture.js";
import { all, coordinates, parseMarkup, textOf } from "./markup-tree.js";
import { posteriorOf, uniform } from "./posteriors.js";

const drawn = (posterior: ReturnType<typeof posteriorOf>) =>
  all(parseMarkup(spreadPicture(posterior).toString()), "svg")[0]!;
const pointsOf = (svg: ReturnType<typeof drawn>): number[][] =>
  all(svg, "polyline")[0]!
    .attributes["points"]!.split(" ")
    .map((point) => point.split(",").map(Number));

describe("the picture of how the weight is spread", () => {
  test("adds up the executions, the heaviest first", () => {
    const points = pointsOf(
      drawn(
        posteriorOf([
          ["a", 0.1],
          ["b", 0.7],
          ["c", 0.2],
          ["none", 0],
        ]),
      ),
    );
    const shares = points.map(([, y]) => (150 - y!) / (150 - 26));
    expect(shares).toHaveLength(4);
    [0, 0.7, 0.9, 1].forEach((share, i) => expect(shares[i]).toBeCloseTo(share, 3));
  });

  test("says in words what it shows", () => {
    const [description] = all(
      drawn(
        posteriorOf([
          ["a", 0.1],
          ["b", 0.7],
          ["c", 0.2],
        ]),
      ),
      "desc",
    );
    expect(description!.children).toEqual([
      "3 executions with positive weight; the heaviest has 70.00 %, the first at least half. ESS 3.",
    ]);
  });

  test("is the diagonal for equal weights, also of ten thousand", () => {
    const svg = drawn(posteriorOf(uniform(Array.from({ length: 10_000 }, (_, i) => i))));
    const points = pointsOf(svg);
    expect(points.length).toBeLessThanOrEqual(201);
    const [x0, y0] = points[0]!;
    const [x1, y1] = points[points.length - 1]!;
    for (const [x, y] of points) expect((x! - x0!) / (x1! - x0!)).toBeCloseTo((y! - y0!) / (y1! - y0!), 2);
  });

  test("of one execution, and of none", () => {
    expect(coordinates(drawn(posteriorOf([[1, 1]]))).every(Number.isFinite)).toBe(true);
    expect(textOf(drawn(posteriorOf<unknown>([])))).toContain("No execution has positive weight.");
  });
});

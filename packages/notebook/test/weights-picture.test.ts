import { describe, expect, test } from "vitest";
import { weightsPicture } from "../src/weights-picture.js";
import { all, coordinates, parseMarkup, textOf } from "./markup-tree.js";
import { posteriorOf, uniform } from "./posteriors.js";

const drawn = (posterior: ReturnType<typeof posteriorOf>) =>
  all(parseMarkup(weightsPicture(posterior).toString()), "svg")[0]!;

/** Widths of the bars, without those of their backgrounds. */
const bars = (svg: ReturnType<typeof drawn>): number[] =>
  all(svg, "rect")
    .filter((rect) => rect.attributes["fill"] !== "currentColor")
    .map((rect) => Number(rect.attributes["width"]));

describe("the picture of the weights", () => {
  test("has a bar for each value, as long as its weight, the heaviest first", () => {
    const svg = drawn(
      posteriorOf([
        ["rain", 0.25],
        ["sun", 0.75],
      ]),
    );
    const [first, second] = bars(svg);
    expect(first! / Number(svg.attributes["width"])).toBeCloseTo(0.75);
    expect(second! / first!).toBeCloseTo(1 / 3);
    const text = textOf(svg);
    expect(text.indexOf('"sun"')).toBeLessThan(text.indexOf('"rain"'));
    expect(text).toContain("75.00 %");
  });

  test("describes itself in words", () => {
    const [description] = all(
      drawn(
        posteriorOf([
          [true, 0.9],
          [false, 0.1],
        ]),
      ),
      "desc",
    );
    expect(description!.children).toEqual(["true: 90.00 %; false: 10.00 %"]);
  });

  test("of one value", () => {
    expect(bars(drawn(posteriorOf([[3, 1]])))).toEqual([420]);
  });

  test("of ten thousand values shows the heaviest and counts the others", () => {
    const many = uniform(Array.from({ length: 9999 }, (_, i) => `text ${i}`)).map(([v, w]) => [v, w / 2] as const);
    const svg = drawn(posteriorOf<unknown>([...many, ["heavy", 0.5]]));
    expect(bars(svg)).toHaveLength(8);
    expect(textOf(svg)).toContain("9,992 more values");
    expect(textOf(svg)).toContain('"heavy"');
    expect(Number(svg.attributes["height"])).toBeLessThan(400);
  });

  test("of no value says so", () => {
    expect(textOf(drawn(posteriorOf<unknown>([])))).toContain("No value has positive weight.");
  });

  test("escapes what a model may draw, and keeps it on one line", () => {
    const svg = drawn(posteriorOf([["<script>alert(1)</script>\n&\0\ud800", 1]]));
    expect(all(svg, "script")).toEqual([]);
    expect(textOf(svg)).toContain('"<script>alert(1)</script>⏎&\\u{0}\ufffd"');
  });

  test("long texts are cut in the picture, and longer ones on hovering", () => {
    const text = "word ".repeat(500);
    const svg = drawn(posteriorOf([[text, 1]]));
    const [label] = all(svg, "text").slice(1);
    expect(textOf(label!)).toMatch(/^"(word ?)+…$/);
    expect(textOf(label!).length).toBeLessThan(80);
    const hover = all(svg, "title")[1]!.children[0] as string;
    expect(hover.length).toBeGreaterThan(400);
    expect(hover.length).toBeLessThan(700);
  });

  test("tiny weights are still seen", () => {
    expect(
      Math.min(
        ...bars(
          drawn(
            posteriorOf([
              [1, 1 - 1e-12],
              [2, 1e-12],
            ]),
          ),
        ),
      ),
    ).toBeGreaterThan(0.5);
  });

  test("lies inside its own box", () => {
    const svg = drawn(posteriorOf(uniform(["a", "b", "c"])));
    const height = Number(svg.attributes["height"]);
    for (const at of coordinates(svg)) {
      expect(at).toBeGreaterThanOrEqual(0);
      expect(at).toBeLessThanOrEqual(Math.max(420, height));
    }
  });
});

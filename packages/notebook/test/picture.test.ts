import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { emptyPicture, picture, scale, ticks } from "../src/picture.js";
import { all, parseMarkup, textOf } from "./markup-tree.js";

describe("a picture", () => {
  test("has a title and a description that it is labelled by", () => {
    const [svg] = all(parseMarkup(picture("Weights & such", "a < b", 100, "x").toString()), "svg");
    const [title] = all(svg!, "title");
    const [description] = all(svg!, "desc");
    expect(title!.children).toEqual(["Weights & such"]);
    expect(description!.children).toEqual(["a < b"]);
    expect(svg!.attributes["role"]).toBe("img");
    expect(svg!.attributes["aria-labelledby"]).toBe(`${title!.attributes["id"]} ${description!.attributes["id"]}`);
  });

  test("stands for itself and takes the page's colour", () => {
    const text = picture("t", "d", 100).toString();
    expect(text).toContain('xmlns="http://www.w3.org/2000/svg"');
    expect(text.match(/https?:/g)).toHaveLength(1);
    expect(text).toContain('fill="currentColor"');
  });

  test("is the same each time; another has another id", () => {
    expect(picture("t", "d", 10, "a").toString()).toBe(picture("t", "d", 10, "a").toString());
    const id = (markup: string) => /id="([^"]+)"/.exec(markup)![1];
    expect(id(picture("t", "d", 10, "a").toString())).not.toBe(id(picture("t", "d", 10, "b").toString()));
  });

  test("of nothing says why", () => {
    expect(textOf(parseMarkup(emptyPicture("Weights", "There are none.").toString()))).toContain("There are none.");
  });
});

describe("scales", () => {
  test("map ends to ends, and a point to the middle", () => {
    expect(scale(0, 10, 100, 0)(2.5)).toBe(75);
    expect(scale(3, 3, 0, 100)(3)).toBe(50);
  });
});

describe("ticks", () => {
  test("are round", () => {
    expect(ticks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticks(-3, 3, 3)).toEqual([-2, 0, 2]);
    expect(ticks(1, 4, 6, true)).toEqual([1, 2, 3, 4]);
    expect(ticks(5, 5, 4)).toEqual([5]);
  });

  property.prop([fc.double({ noNaN: true, min: -1e12, max: 1e12 }), fc.double({ noNaN: true, min: 1e-9, max: 1e12 })])(
    "lie inside, ascend, and are few",
    (low, span) => {
      const high = low + span;
      const found = ticks(low, high, 6);
      expect(found.length).toBeGreaterThan(0);
      expect(found.length).toBeLessThanOrEqual(101);
      const slack = Math.max(span, Math.abs(low), Math.abs(high)) * 1e-8;
      for (const [i, tick] of found.entries()) {
        expect(tick).toBeGreaterThanOrEqual(low - slack);
        expect(tick).toBeLessThanOrEqual(high + slack);
        if (i > 0) expect(tick).toBeGreaterThan(found[i - 1]!);
      }
    },
  );
});

import { describe, expect, test } from "vitest";
import { summarise } from "../src/number-summary.js";
import { numbersTable, valuesTable } from "../src/table.js";
import { all, parseMarkup, textOf, withClass, type Tree } from "./markup-tree.js";
import { posteriorOf, uniform } from "./posteriors.js";

const rowsOf = (tree: Tree): string[][] =>
  all(all(tree, "tbody")[0]!, "tr").map((row) => row.children.map((cell) => textOf(cell as Tree)));
const headsOf = (tree: Tree): string[] =>
  all(tree, "th")
    .filter((th) => th.attributes["scope"] === "col")
    .map(textOf);
const listed = (posterior: ReturnType<typeof posteriorOf>, rows = 12) =>
  parseMarkup(valuesTable(posterior, rows).toString());

describe("the table of values", () => {
  test("has a row for each, the heaviest first, with weight, bar and value", () => {
    const tree = listed(
      posteriorOf([
        ["a", 0.2],
        ["b", 0.8],
      ]),
    );
    expect(headsOf(tree)).toEqual(["weight", "value"]);
    expect(rowsOf(tree)).toEqual([
      ["80.00 %", "", '"b"'],
      ["20.00 %", "", '"a"'],
    ]);
    const bars = withClass(tree, "div", "pgl-bar").map((bar) => all(bar, "div")[0]!.attributes["style"]);
    expect(bars).toEqual(["width: 100.0%", "width: 25.0%"]);
    expect(textOf(all(tree, "caption")[0]!)).toBe("2 values");
  });

  test("merges equal values", () => {
    expect(
      rowsOf(
        listed(
          posteriorOf([
            ["a", 0.2],
            ["b", 0.5],
            ["a", 0.3],
          ]),
        ),
      ),
    ).toHaveLength(2);
  });

  test("counts what it does not list", () => {
    const tree = listed(posteriorOf(uniform(Array.from({ length: 10_000 }, (_, i) => `v${i}`))), 3);
    const rows = rowsOf(tree);
    expect(rows).toHaveLength(4);
    expect(rows[3]).toEqual(["99.97 %", "", "9,997 more values"]);
    expect(textOf(all(tree, "caption")[0]!)).toBe("The 3 heaviest values of 10,000");
  });

  test("has a column for each field of records that are alike", () => {
    const tree = listed(
      posteriorOf([
        [{ animal: "cat", size: 1 }, 0.7],
        [{ animal: "whale", size: 10 }, 0.3],
      ]),
      1,
    );
    expect(headsOf(tree)).toEqual(["weight", "animal", "size"]);
    expect(rowsOf(tree)).toEqual([
      ["70.00 %", "", '"cat"', "1"],
      ["30.00 %", "", "1 more value"],
    ]);
    expect(all(tree, "td").find((cell) => cell.attributes["colspan"] !== undefined)!.attributes["colspan"]).toBe("2");
  });

  test("has one column for records that differ, long records, lists and functions", () => {
    const long = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}`, i]));
    for (const values of [
      [{ a: 1 }, { b: 1 }],
      [{ a: 1 }, { a: 1, b: 1 }],
      [long],
      [[1, 2]],
      [{ kind: "model", start: () => null, name: "m" }],
      [{}],
    ]) {
      expect(headsOf(listed(posteriorOf(uniform<unknown>(values))))).toEqual(["weight", "value"]);
    }
  });

  test("escapes values, also names of fields", () => {
    const tree = listed(posteriorOf<unknown>([[{ "<i>": '</td><script>"&' }, 1]]));
    expect(headsOf(tree)).toEqual(["weight", "<i>"]);
    expect(rowsOf(tree)).toEqual([["100.00 %", "", '"</td><script>"&"']]);
    expect(all(tree, "script")).toEqual([]);
  });

  test("shows what is neither finite nor there", () => {
    const values = [NaN, Infinity, -Infinity, null, undefined, true, ""];
    const shown = rowsOf(listed(posteriorOf(uniform<unknown>(values)))).map((row) => row[2]);
    expect([...shown].sort()).toEqual(['""', "()", "-inf", "NaN", "inf", "none", "true"]);
  });
});

describe("the table of many numbers", () => {
  const numbers = Array.from({ length: 100 }, (_, i) => i + 1);

  test("has mean, sd and quantiles", () => {
    const tree = parseMarkup(numbersTable(summarise(posteriorOf(uniform(numbers)))!, 100).toString());
    expect(headsOf(tree)).toEqual(["mean", "sd", "5 %", "25 %", "50 %", "75 %", "95 %"]);
    expect(rowsOf(tree)).toEqual([["50.5", "28.87", "5", "25", "50", "75", "95"]]);
    expect(textOf(all(tree, "caption")[0]!)).toBe("100 different values");
  });

  test("has the digits that tell its numbers apart", () => {
    const close = numbers.map((i) => 1_000_000 + i / 1000);
    const [row] = rowsOf(parseMarkup(numbersTable(summarise(posteriorOf(uniform(close)))!, 100).toString()));
    expect(row!.slice(0, 3)).toEqual(["1000000.05", "0.02887", "1000000.005"]);
  });

  test("tells how much is not finite", () => {
    const tree = parseMarkup(numbersTable(summarise(posteriorOf(uniform([...numbers, Infinity])))!, 101).toString());
    expect(headsOf(tree).at(-1)).toBe("not finite");
    expect(rowsOf(tree)[0]!.at(-1)).toBe("0.99 %");
  });

  test("has a row for each component", () => {
    const records = numbers.map((i) => ({ slope: i, "<b>": -i }));
    const tree = parseMarkup(numbersTable(summarise(posteriorOf(uniform(records)))!, 100).toString());
    expect(rowsOf(tree).map((row) => row[0])).toEqual(["slope", "<b>"]);
    expect(rowsOf(tree)[1]![1]).toBe("−50.5");
  });
});

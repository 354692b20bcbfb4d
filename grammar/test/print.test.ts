import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, parseExpression, print } from "../src/index.js";
import { essence, modules, trees } from "./trees.js";

describe("print", () => {
  test("parses back to the same tree", () => {
    fc.assert(
      fc.property(modules, (tree) => {
        const text = print(tree);
        const read = parse(text);
        expect(read.diagnostics, text).toEqual([]);
        expect(essence(read.tree), text).toEqual(essence(tree));
      }),
      { numRuns: 500 },
    );
  });

  test("expressions by themselves parse back", () => {
    fc.assert(
      fc.property(trees.expression, (tree) => {
        const text = print(tree);
        const read = parseExpression(text);
        expect(read.diagnostics, text).toEqual([]);
        expect(essence(read.expression), text).toEqual(essence(tree));
      }),
      { numRuns: 500 },
    );
  });
});

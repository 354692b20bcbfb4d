import { describe, expect, it } from "vitest";
import { bernoulli, categorical, ValueMap } from "../../../src/index.js";
import { ValueKeys } from "../../../src/inference/elimination/value-keys.js";

describe("keys of values", () => {
  const keys = new ValueKeys();

  it("are equal for values that no program can tell apart", () => {
    const same: readonly (readonly [unknown, unknown])[] = [
      [1, 1],
      [NaN, NaN],
      ["a", "a"],
      [null, null],
      [undefined, undefined],
      [
        [1, ["a", true]],
        [1, ["a", true]],
      ],
      [
        { a: 1, b: [2] },
        { a: 1, b: [2] },
      ],
      [ValueMap.from([["x", [1]]]), ValueMap.from([["x", [1]]])],
      [bernoulli(0.3), bernoulli(0.3)],
    ];
    for (const [a, b] of same) expect(keys.of(a)).toBe(keys.of(b));
  });

  it("are different for all others, also where the language says equal", () => {
    const f = (): number => 1;
    const different: readonly unknown[] = [
      0,
      -0,
      1,
      "1",
      "",
      true,
      false,
      null,
      undefined,
      [],
      [[]],
      [1],
      ["1"],
      [1, 2],
      [12],
      ["a", "b"],
      ["ab"],
      {},
      { a: 1, b: 2 },
      { b: 2, a: 1 },
      ValueMap.from<string, number>([
        ["a", 1],
        ["b", 2],
      ]),
      ValueMap.from<string, number>([
        ["b", 2],
        ["a", 1],
      ]),
      bernoulli(0.3),
      bernoulli(0.4),
      categorical(
        ValueMap.from<string, number>([
          ["a", 0.5],
          ["b", 0.5],
        ]),
      ),
      categorical(
        ValueMap.from<string, number>([
          ["b", 0.5],
          ["a", 0.5],
        ]),
      ),
      f,
      () => 1,
    ];
    expect(new Set(different.map((value) => keys.of(value))).size).toBe(different.length);
    expect(keys.of(f)).toBe(keys.of(f));
  });

  it("can stand one after the other", () => {
    const lists: readonly (readonly unknown[])[] = [
      [],
      [1, 23],
      [12, 3],
      ["a", "b"],
      ["ab"],
      ["1:", 1],
      [[1], 2],
      [[1, 2]],
    ];
    expect(new Set(lists.map((values) => keys.ofAll(values))).size).toBe(lists.length);
  });

  it("of a list of known objects cost its length", () => {
    let nested: unknown = null;
    // Deeper than the stack is: each level is known when the next is asked for.
    for (let i = 0; i < 100_000; i++) keys.of((nested = { before: nested }));
    expect(keys.of({ before: nested })).not.toBe(keys.of(nested));
  });
});

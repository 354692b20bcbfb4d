import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RunError } from "../../src/errors.js";
import {
  compare,
  equal,
  equalsSymbol,
  hashKey,
  jsonSymbol,
  keySymbol,
  show,
  showSymbol,
  text,
  textSymbol,
  toJson,
  ValueMap,
} from "../../src/values.js";

const scalar = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -3, max: 3 }) },
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.constantFrom("", "a", "1", "true", "none", ",", "]", '"', "1:a", "é", "🐉"),
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constant(null),
  fc.constant(undefined),
);

/** Values of every structural kind, small enough that equal pairs are common. */
const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("x", "y", "a b", "__proto__"), tie("value"), { maxKeys: 3 }),
    fc
      .array(fc.tuple(tie("value"), tie("value")), { maxLength: 3 })
      .map((entries) => ValueMap.from(entries as [unknown, unknown][])),
  ),
})).value as fc.Arbitrary<unknown>;

/** The same value in new objects, records and maps in another order. */
function copyOf(v: unknown): unknown {
  if (Array.isArray(v)) return v.map(copyOf);
  if (v instanceof ValueMap)
    return ValueMap.from(
      v
        .entries()
        .reverse()
        .map(([k, x]) => [copyOf(k), copyOf(x)] as const),
    );
  if (typeof v === "object" && v !== null) {
    return Object.fromEntries(
      Object.entries(v)
        .reverse()
        .map(([k, x]) => [k, copyOf(x)]),
    );
  }
  return v === 0 ? -0 : v;
}

/** Equality by the definition, as slowly and plainly as can be. */
function slowEqual(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, i) => slowEqual(x, b[i]));
  if (a instanceof ValueMap && b instanceof ValueMap) {
    const theirs = b.entries();
    return (
      a.size === b.size && a.entries().every(([k, x]) => theirs.some(([l, y]) => slowEqual(k, l) && slowEqual(x, y)))
    );
  }
  if (Array.isArray(a) || Array.isArray(b) || a instanceof ValueMap || b instanceof ValueMap) return false;
  if (typeof a === "object" && typeof b === "object" && a !== null && b !== null) {
    const names = Object.keys(a).sort();
    if (names.join("\0") !== Object.keys(b).sort().join("\0")) return false;
    return names.every((n) => slowEqual((a as Record<string, unknown>)[n], (b as Record<string, unknown>)[n]));
  }
  return a === b;
}

describe("equality", () => {
  it("is the definition", () => {
    fc.assert(
      fc.property(value, value, (a, b) => equal(a, b) === slowEqual(a, b)),
      { numRuns: 2000 },
    );
  });

  it("does not depend on identity, on the order of fields and entries, or on the sign of zero", () => {
    fc.assert(fc.property(value, (v) => equal(v, copyOf(v)) && equal(copyOf(v), v)));
  });

  it("is what keys are for", () => {
    fc.assert(
      fc.property(value, value, (a, b) => equal(a, b) === (hashKey(a) === hashKey(b))),
      { numRuns: 5000 },
    );
    fc.assert(fc.property(value, (v) => hashKey(v) === hashKey(copyOf(v))));
  });

  it("keeps kinds apart", () => {
    const different = [
      0,
      "0",
      false,
      null,
      undefined,
      "",
      [],
      {},
      ValueMap.empty,
      [0],
      ["0"],
      { 0: 0 },
      "none",
      "[]",
      "T",
      "_",
    ];
    const keys = different.map(hashKey);
    expect(new Set(keys).size).toBe(different.length);
    different.forEach((a, i) => different.forEach((b, j) => expect(equal(a, b)).toBe(i === j)));
    expect(equal({ a: undefined }, { b: undefined })).toBe(false);
  });

  it("tells strings in lists apart wherever a delimiter falls", () => {
    expect(hashKey(["a", "b"])).not.toBe(hashKey(['a,"1:b']));
    expect(hashKey(["a,", "b"])).not.toBe(hashKey(["a", ",b"]));
    expect(hashKey({ a: "x", b: "y" })).not.toBe(hashKey({ a: "x,1:b=y" }));
  });

  it("has NaN equal to nothing and listed once", () => {
    expect(equal(NaN, NaN)).toBe(false);
    expect(hashKey(NaN)).toBe(hashKey(NaN));
    expect(compare(NaN, NaN)).toBe(0);
  });

  it("compares functions and classes without hooks by identity", () => {
    const f = (): number => 1;
    const g = (): number => 1;
    expect(hashKey([f])).toBe(hashKey([f]));
    expect(hashKey(f)).not.toBe(hashKey(g));
    expect(equal(f, g)).toBe(false);
    class Thing {}
    const thing = new Thing();
    expect(equal(thing, thing)).toBe(true);
    expect(equal(thing, new Thing())).toBe(false);
    expect(hashKey(thing)).not.toBe(hashKey(new Thing()));
    expect(equal({}, thing)).toBe(false);
  });

  it("asks the hooks", () => {
    class Word {
      constructor(readonly id: number) {}
      [equalsSymbol](other: unknown): boolean {
        return other instanceof Word && other.id === this.id;
      }
      [keySymbol](): string {
        return `word${this.id}`;
      }
      [showSymbol](): string {
        return `word ${this.id}`;
      }
      [textSymbol](): string {
        return "w".repeat(this.id);
      }
      [jsonSymbol](): unknown {
        return { word: this.id };
      }
    }
    expect(equal([new Word(2)], [new Word(2)])).toBe(true);
    expect(equal(new Word(1), new Word(2))).toBe(false);
    expect(hashKey(new Word(1))).toBe(hashKey(new Word(1)));
    expect(hashKey(new Word(1))).not.toBe(hashKey("word1"));
    expect(show([new Word(3)])).toBe("[word 3]");
    expect(text(new Word(3))).toBe("www");
    expect(toJson([new Word(3)])).toEqual([{ word: 3 }]);
  });

  it("follows values two thousand deep", () => {
    const nest = (): unknown => {
      let v: unknown = "end";
      for (let i = 0; i < 2000; i++) v = i % 2 === 0 ? [v] : { next: v };
      return v;
    };
    expect(equal(nest(), nest())).toBe(true);
    expect(hashKey(nest())).toBe(hashKey(nest()));
    expect(show(nest())).toContain('"end"');
    expect(JSON.stringify(toJson(nest()))).toContain('"end"');
  });
});

describe("order", () => {
  const ordered = fc.oneof(
    fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true }), fc.double({ noNaN: true })),
    fc.tuple(fc.string(), fc.string(), fc.string()),
    fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    fc.tuple(fc.array(fc.nat(3)), fc.array(fc.nat(3)), fc.array(fc.nat(3))),
    fc.tuple(
      ...([0, 1, 2].map(() => fc.tuple(fc.constantFrom("a", "b"), fc.nat(2))) as [
        fc.Arbitrary<unknown>,
        fc.Arbitrary<unknown>,
        fc.Arbitrary<unknown>,
      ]),
    ),
  ) as fc.Arbitrary<[unknown, unknown, unknown]>;

  it("is total, and zero exactly for equal values", () => {
    fc.assert(
      fc.property(ordered, ([a, b, c]) => {
        expect(Math.sign(compare(a, b))).toBe(-Math.sign(compare(b, a)) + 0);
        expect(compare(a, b) === 0).toBe(equal(a, b));
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it("puts NaN last", () => {
    expect([2, NaN, -Infinity, Infinity].sort(compare)).toEqual([-Infinity, 2, Infinity, NaN]);
  });

  it("refuses what has no order, naming it", () => {
    expect(() => compare(1, "a")).toThrow(/A number and a string have no order/);
    expect(() => compare([1, { x: 1 }], [1, { x: 2 }])).toThrow(RunError);
    expect(() => compare(null, null)).toThrow(RunError);
  });
});

describe("showing", () => {
  it("writes values as PGL does", () => {
    expect(show([1, 2.5, -Infinity, true, null, undefined, 'say "hi"\n'])).toBe(
      '[1, 2.5, -inf, true, none, (), "say \\"hi\\"\\n"]',
    );
    expect(show({ x: 1, "two words": [] })).toBe('{ x: 1, "two words": [] }');
    expect(show(ValueMap.from([["a", 1]]))).toBe('map { "a": 1 }');
    expect(show(ValueMap.empty)).toBe("map {}");
    expect(show("costs ${x}")).toBe('"costs \\${x}"');
    expect(show({ kind: "closure", enter: () => null })).toBe("<function>");
    expect(show({ kind: "closure" })).toBe('{ kind: "closure" }');
    expect(show(new Date(0))).toContain("1970");
    expect(show(new Map())).toBe("<Map>");
  });

  it("interpolates strings as they are", () => {
    expect(text("a")).toBe("a");
    expect(text(["a"])).toBe('["a"]');
    expect(text(1)).toBe("1");
  });

  it("makes JSON that JSON can carry", () => {
    fc.assert(
      fc.property(value, (v) => {
        const data = toJson(v);
        expect(JSON.parse(JSON.stringify(data))).toEqual(data);
      }),
    );
    expect(toJson([-Infinity, Infinity, NaN, -0])).toEqual(["-inf", "inf", "nan", 0]);
    expect(Object.is((toJson([-0]) as number[])[0], 0)).toBe(true);
    expect(
      toJson(
        ValueMap.from([
          ["a", 1],
          ["b", null],
        ]),
      ),
    ).toEqual({ a: 1, b: null });
    expect(
      toJson(
        ValueMap.from<unknown, number>([
          [1, 2],
          ["b", 3],
        ]),
      ),
    ).toEqual([
      [1, 2],
      ["b", 3],
    ]);
    expect(toJson(() => 1)).toBe("<function>");
  });
});

describe("ValueMap", () => {
  const operations = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant("put" as const), key: value, value: fc.nat(9) }),
      fc.record({ do: fc.constant("remove" as const), key: value, value: fc.nat(9) }),
    ),
    { maxLength: 20 },
  );

  it("is an association list with structural keys, in order of insertion, and never changes", () => {
    fc.assert(
      fc.property(operations, (list) => {
        let map: ValueMap<unknown, number> = ValueMap.empty;
        let model: (readonly [unknown, number])[] = [];
        for (const op of list) {
          const before = map;
          const beforeEntries = map.entries();
          if (op.do === "put") {
            map = map.put(op.key, op.value);
            const known = model.some(([k]) => slowEqual(k, op.key));
            model = known
              ? model.map(([k, v]) => (slowEqual(k, op.key) ? ([k, op.value] as const) : ([k, v] as const)))
              : [...model, [op.key, op.value]];
          } else {
            map = map.remove(op.key);
            model = model.filter(([k]) => !slowEqual(k, op.key));
          }
          expect(before.entries()).toEqual(beforeEntries);
        }
        expect(map.entries()).toEqual(model);
        expect(map.size).toBe(model.length);
        expect(map.keys()).toEqual(model.map(([k]) => k));
        expect(map.values()).toEqual(model.map(([, v]) => v));
        for (const [k, v] of model) expect([map.get(k), map.has(k)]).toEqual([v, true]);
        expect(equal(map, ValueMap.from([...model].reverse()))).toBe(true);
      }),
    );
  });
});

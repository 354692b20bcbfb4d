import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { builtins as $ } from "../../src/builtins/index.js";
import { RunError } from "../../src/errors.js";
import { compare, equal, plusSymbol, textSymbol, ValueMap } from "../../src/values.js";

const unicode = fc.string({ unit: "binary", maxLength: 12 });
const emoji = fc
  .array(fc.constantFrom("a", "b", " ", "é", "🐉", "👩‍🚀", "\n", "e\u0301"), { maxLength: 10 })
  .map((s) => s.join(""));
const strings = fc.oneof(unicode, emoji);
const small = fc.integer({ min: -4, max: 4 });
const list = fc.array(small, { maxLength: 8 });
const int = fc.oneof(small, fc.maxSafeInteger());

/** Code of the RunError that `f` throws. */
const codeOf = (f: () => unknown): string => {
  try {
    f();
  } catch (error) {
    if (error instanceof RunError) return error.code;
    throw error;
  }
  return "none";
};

class Token {
  constructor(private readonly s: string) {}
  [textSymbol](): string {
    return this.s;
  }
}

class Context {
  constructor(readonly s: string) {}
  [textSymbol](): string {
    return this.s;
  }
  [plusSymbol](other: unknown): unknown {
    return new Context(this.s + $.text(other));
  }
}

describe("arithmetic", () => {
  it("divides and takes remainders so that they fit together", () => {
    fc.assert(
      fc.property(int, int, (a, b) => {
        fc.pre(b !== 0);
        const q = $.int_div(a, b);
        const r = $.mod(a, b);
        expect(BigInt(q) * BigInt(b) + BigInt(r)).toBe(BigInt(a));
        expect(r === 0 || r < 0 === b < 0).toBe(true);
        expect(Math.abs(r)).toBeLessThan(Math.abs(b));
        expect(Object.is(q, -0) || Object.is(r, -0)).toBe(false);
      }),
      { numRuns: 500 },
    );
    expect([$.int_div(-7, 2), $.mod(-7, 2), $.int_div(7, -2), $.mod(7, -2)]).toEqual([-4, 1, -4, -1]);
    expect($.mod(5.5, 2)).toBe(1.5);
    expect($.mod(-0.5, 2)).toBe(1.5);
    expect($.int_div(7.5, 2)).toBe(3);
    expect(codeOf(() => $.int_div(1, 0))).toBe("PGLR057");
    expect(() => $.mod(3, 0)).toThrow("3 % 0: division by zero.");
  });

  it("rounds halves away from zero and gives finite numbers without a negative zero", () => {
    const halves = [0.5, 1.5, 2.5, -0.5, -1.5, 0.49999999999999994, -0.2, 4503599627370497.5];
    expect(halves.map((x) => $.round(x))).toEqual([1, 2, 3, -1, -2, 0, 0, 4503599627370498]);
    for (const f of [$.round, $.floor, $.ceil, $.trunc, $.int]) {
      expect(Object.is(f(-0), -0)).toBe(false);
      for (const x of [NaN, Infinity, -Infinity]) expect(codeOf(() => f(x))).toBe("PGLR057");
    }
    expect([$.floor(-1.5), $.ceil(-1.5), $.trunc(-1.5)]).toEqual([-2, -1, -1]);
  });

  it("finds extremes, sums and averages", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 }), (xs) => {
        expect($.min(xs)).toBe([...xs].sort(compare)[0]);
        expect($.max(xs)).toBe([...xs].sort(compare).at(-1));
        expect($.mean(xs)).toBeCloseTo($.sum(xs) / xs.length, 9);
      }),
    );
    expect($.min(2, 1)).toBe(1);
    expect($.max("a", "b")).toBe("b");
    expect($.max([NaN, 3])).toBeNaN();
    expect($.max([3, NaN])).toBeNaN();
    expect($.sum([])).toBe(0);
    for (const f of [() => $.min([]), () => $.max([]), () => $.mean([])]) expect(codeOf(f)).toBe("PGLR059");
    expect(codeOf(() => $.sum(["1" as never]))).toBe("PGLR051");
  });

  it("adds in log space without overflow", () => {
    expect($.log_sum_exp([1000, 1000])).toBeCloseTo(1000 + Math.LN2, 12);
    expect($.log_sum_exp([-Infinity, -Infinity])).toBe(-Infinity);
    expect($.log_sum_exp([])).toBe(-Infinity);
    expect($.log_sum_exp([Infinity, 1])).toBe(Infinity);
    expect($.log_sum_exp([NaN, 1])).toBeNaN();
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
        const p = $.sigmoid(x);
        expect(p >= 0 && p <= 1).toBe(true);
        expect($.sigmoid(-x)).toBeCloseTo(1 - p, 15);
        if (Math.abs(x) < 20) expect($.logit(p)).toBeCloseTo(x, 5);
      }),
    );
  });

  it("reads numbers, and says which strings are none", () => {
    for (const [s, n] of [
      ["12", 12],
      [" -3 ", -3],
      ["+0", 0],
      ["007", 7],
    ] as const) {
      expect($.parse_int(s)).toBe(n);
      expect($.int(s)).toBe(n);
    }
    for (const s of ["", "1.5", "1e3", "abc", "0x10", "1 2", "١"]) {
      expect($.parse_int(s)).toBeNull();
      expect(codeOf(() => $.int(s))).toBe("PGLR058");
    }
    for (const [s, x] of [
      ["1.5", 1.5],
      [".5", 0.5],
      ["2.", 2],
      ["-1e-3", -0.001],
      [" 7 ", 7],
    ] as const) {
      expect($.parse_float(s)).toBe(x);
      expect($.float(s)).toBe(x);
    }
    for (const s of ["", ".", "e5", "Infinity", "0x1", "1,5"]) {
      expect($.parse_float(s)).toBeNull();
      expect(codeOf(() => $.float(s))).toBe("PGLR058");
    }
    expect([$.int(true), $.int(false), $.float(true), $.int(-2.7)]).toEqual([1, 0, 1, -2]);
    expect(() => $.int("six")).toThrow('int: a string "six" is not a whole number.');
  });
});

describe("operators", () => {
  it("add numbers, texts, lists and contexts", () => {
    expect($.add(1, 2)).toBe(3);
    expect($.add("a", new Token("b"))).toBe("ab");
    expect($.add(new Token("a"), "b")).toBe("ab");
    expect($.add([1], ["x"])).toEqual([1, "x"]);
    expect($.add(new Context("a"), new Token("b"))).toEqual(new Context("ab"));
    expect(() => $.add("a", 1)).toThrow('A string and a number cannot be added ("a" + 1).');
    expect(codeOf(() => $.add({ x: 1 }, { x: 1 }))).toBe("PGLR051");
    expect(codeOf(() => $.concat([1], "b" as never))).toBe("PGLR051");
  });

  it("index lists and maps, and name what is missing", () => {
    expect($.at([1, 2, 3], 2)).toBe(3);
    expect($.at([undefined], 0)).toBeUndefined();
    expect(() => $.at([1, 2], 2)).toThrow("index 2 is outside a list of length 2.");
    expect(() => $.at([1, 2], -1)).toThrow(/index -1/);
    expect(() => $.at([], 0)).toThrow(/length 0/);
    expect(codeOf(() => $.at([1, 2], 0.5))).toBe("PGLR050");
    expect(codeOf(() => $.at([1, 2], NaN))).toBe("PGLR050");
    const m = ValueMap.from<unknown, unknown>([
      ["a", 1],
      [[1], undefined],
    ]);
    expect($.at(m, "a")).toBe(1);
    expect($.at(m, [1])).toBeUndefined();
    expect(() => $.at(m, "b")).toThrow('The map has no key "b"; it has 2 keys.');
    expect(codeOf(() => $.at("abc" as never, 0))).toBe("PGLR051");
  });

  it("look for elements, keys and parts", () => {
    expect($.in([1], [[0], [1]])).toBe(true);
    expect($.in(2, [])).toBe(false);
    expect($.in([1], ValueMap.from([[[1], "x"]]))).toBe(true);
    expect($.in("b", "abc")).toBe(true);
    expect($.in(new Token("z"), new Context("abc"))).toBe(false);
    expect(codeOf(() => $.in(1, 2))).toBe("PGLR051");
  });
});

describe("strings", () => {
  it("are sequences of code points", () => {
    fc.assert(
      fc.property(
        strings,
        fc.integer({ min: -14, max: 14 }),
        fc.option(fc.integer({ min: -14, max: 14 })),
        (s, from, to) => {
          const points = Array.from(s);
          expect($.len(s)).toBe(points.length);
          expect($.chars(s)).toEqual(points);
          expect($.join($.chars(s), "")).toBe(s);
          expect($.slice(s, from, to)).toBe(points.slice(from, to ?? undefined).join(""));
          expect($.reverse(s)).toBe([...points].reverse().join(""));
          expect($.split(s, "")).toEqual(points);
        },
      ),
      { numRuns: 500 },
    );
    expect($.len("🐉")).toBe(1);
    expect($.slice("🐉🐉a", 1, 2)).toBe("🐉");
    expect($.index_of("🐉🐉a", "a")).toBe(2);
  });

  it("find, count, split and replace consistently", () => {
    fc.assert(
      fc.property(
        strings,
        fc.constantFrom("a", "🐉", "ab", "aa", " ", "b"),
        fc.constantFrom("", "x", "🐉"),
        (s, sub, to) => {
          const parts = $.split(s, sub);
          expect($.join(parts, sub)).toBe(s);
          expect($.count(s, sub)).toBe(parts.length - 1);
          expect($.replace(s, sub, to)).toBe($.join(parts, to));
          expect($.contains(s, sub)).toBe(parts.length > 1);
          const at = $.index_of(s, sub);
          expect(at === null).toBe(!$.contains(s, sub));
          if (at !== null) expect($.starts_with($.slice(s, at), sub)).toBe(true);
          expect($.ends_with(s + sub, sub)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
    expect($.count("aaa", "aa")).toBe(1);
    expect(codeOf(() => $.count("a", ""))).toBe("PGLR057");
    expect($.index_of("abc", "")).toBe(0);
  });

  it("have words, lines, cases and repetitions", () => {
    expect($.words("  one\ttwo \n three🐉 ")).toEqual(["one", "two", "three🐉"]);
    expect($.words(" ")).toEqual([]);
    expect($.lines("a\r\nb\n\nc\n")).toEqual(["a", "b", "", "c", ""]);
    expect([$.upper("aé"), $.lower("AÉ"), $.trim(" a ")]).toEqual(["AÉ", "aé", "a"]);
    expect($.repeat("ab", 3)).toBe("ababab");
    expect($.repeat("ab", 0)).toBe("");
    expect(codeOf(() => $.repeat("a", -1))).toBe("PGLR057");
    expect(codeOf(() => $.repeat("a", 1e12))).toBe("PGLR057");
    expect($.string([1, "a"])).toBe('[1, "a"]');
    expect($.string("a")).toBe("a");
    expect($.text(new Token("t"))).toBe("t");
  });

  it("may be tokens and contexts where their text is meant", () => {
    const t = new Token("abc");
    expect([$.contains(t, "b"), $.starts_with(t, new Token("a")), $.ends_with(t, "c"), $.len(t)]).toEqual([
      true,
      true,
      true,
      3,
    ]);
    expect($.join([new Token("x"), "y"], "-")).toBe("x-y");
    expect(() => $.upper(3 as never)).toThrow("upper takes a string, not a number (3).");
    expect(codeOf(() => $.len(3 as never))).toBe("PGLR051");
  });
});

describe("lists", () => {
  it("sort stably, in the order of compare", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ k: fc.integer({ min: 0, max: 3 }), i: fc.nat() })), (xs) => {
        const tagged = xs.map((x, at) => ({ ...x, at }));
        const sorted = $.sort_by(tagged, (x) => x.k);
        expect([...sorted].sort((a, b) => a.at - b.at)).toEqual(tagged);
        for (let i = 1; i < sorted.length; i++) {
          const [a, b] = [sorted[i - 1]!, sorted[i]!];
          expect(a.k < b.k || (a.k === b.k && a.at < b.at)).toBe(true);
        }
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double(), fc.integer())), (xs) => {
        const copy = [...xs];
        const sorted = $.sort(xs);
        expect(xs).toEqual(copy);
        for (let i = 1; i < sorted.length; i++) expect(compare(sorted[i - 1], sorted[i])).toBeLessThanOrEqual(0);
      }),
    );
    expect(
      $.sort([
        [1, "b"],
        [1, "a"],
        [0, "z"],
      ]),
    ).toEqual([
      [0, "z"],
      [1, "a"],
      [1, "b"],
    ]);
    expect(codeOf(() => $.sort([1, "a"] as never[]))).toBe("PGLR041");
  });

  it("are cut with places that clamp", () => {
    fc.assert(
      fc.property(list, fc.integer({ min: -12, max: 12 }), fc.integer({ min: -12, max: 12 }), (xs, a, b) => {
        expect($.slice(xs, a, b)).toEqual(xs.slice(a, b));
        expect($.slice(xs, a)).toEqual(xs.slice(a));
        const n = Math.abs(a);
        expect($.concat($.take(xs, n), $.drop(xs, n))).toEqual(xs);
        expect($.take(xs, -1)).toEqual([]);
        expect($.drop(xs, -1)).toEqual(xs);
      }),
    );
  });

  it("are looked through by structure", () => {
    const xs = [[1], [2], [1], NaN];
    expect($.contains(xs, [2])).toBe(true);
    expect($.contains(xs, [3])).toBe(false);
    expect($.count(xs, [1])).toBe(2);
    expect($.index_of(xs, [2])).toBe(1);
    expect($.index_of(xs, [9])).toBeNull();
    fc.assert(
      fc.property(fc.array(fc.array(small, { maxLength: 2 })), (ys) => {
        const kept = $.unique(ys);
        expect(ys.every((y) => kept.some((z) => equal(y, z)))).toBe(true);
        expect(kept.every((y, i) => kept.every((z, j) => i === j || !equal(y, z)))).toBe(true);
        const groups = $.group_by(ys, (y) => y);
        expect(groups.keys()).toEqual(kept);
        expect(groups.values().map((g) => g.length)).toEqual(kept.map((k) => $.count(ys, k)));
      }),
    );
  });

  it("are made anew, never changed", () => {
    const xs = Object.freeze([1, 2, 3]) as readonly number[];
    expect($.push(xs, 4)).toEqual([1, 2, 3, 4]);
    expect($.set(xs, 1, 9)).toEqual([1, 9, 3]);
    expect($.reverse(xs)).toEqual([3, 2, 1]);
    expect($.sort(xs)).toEqual([1, 2, 3]);
    expect($.concat(xs, [4])).toEqual([1, 2, 3, 4]);
    // A list in a list stays one element.
    expect($.concat([[1]], [[2]])).toEqual([[1], [2]]);
    expect(xs).toEqual([1, 2, 3]);
    expect(() => $.set(xs, 3, 0)).toThrow("set: index 3 is outside a list of length 3.");
  });

  it("are made of ranges, repetitions and pairs", () => {
    expect($.range(2, 5)).toEqual([2, 3, 4]);
    expect($.range(5, 2)).toEqual([]);
    expect($.fill(2, "x")).toEqual(["x", "x"]);
    expect($.fill(-1, "x")).toEqual([]);
    expect($.zip([1, 2, 3], ["a", "b"])).toEqual([
      [1, "a"],
      [2, "b"],
    ]);
    expect($.indexed(["a", "b"])).toEqual([
      [0, "a"],
      [1, "b"],
    ]);
    expect([$.first([1, 2]), $.last([1, 2]), $.first([]), $.last([])]).toEqual([1, 2, null, null]);
    expect(codeOf(() => $.range(0, 1e12))).toBe("PGLR057");
    expect(codeOf(() => $.range(0, Infinity))).toBe("PGLR057");
    expect(codeOf(() => $.fill(1e12, 0))).toBe("PGLR057");
  });

  it("pass their elements, and nothing else, to functions", () => {
    const seen: unknown[][] = [];
    const look = (...args: unknown[]): boolean => {
      seen.push(args);
      return false;
    };
    $.map([1], look);
    $.filter([2], look);
    $.any([3], look);
    $.find([4], look);
    $.each([5], look);
    $.flat_map([6], (...args: unknown[]) => (seen.push(args), []));
    $.fold([7], "init", (...args: unknown[]) => (seen.push(args), "x"));
    expect($.all([8], look)).toBe(false);
    expect(seen).toEqual([[1], [2], [3], [4], [5], [6], ["init", 7], [8]]);
    expect($.flat_map([1, 2], (x) => [x, [x]])).toEqual([1, [1], 2, [2]]);
    expect([$.any([], look), $.all([], look), $.find([], look)]).toEqual([false, true, null]);
  });

  it("refuse functions that may draw, and what is no function", () => {
    const closure = { kind: "closure", enter: () => null };
    expect(() => $.map([1], closure as never)).toThrow("map: the function draws or waits, which it may not do here.");
    expect(() => $.sort_by([1], 3 as never)).toThrow("sort_by takes a function, not a number (3).");
    expect(() => $.map("ab" as never, (x: unknown) => x)).toThrow('map takes a list, not a string ("ab").');
  });
});

describe("maps and optionals", () => {
  it("are read and made anew", () => {
    const m = $.map_of<string, number | undefined>([
      ["a", 1],
      ["b", undefined],
      ["a", 3],
    ]);
    expect($.entries(m)).toEqual([
      ["a", 3],
      ["b", undefined],
    ]);
    expect([$.get(m, "a"), $.get(m, "b"), $.get(m, "c")]).toEqual([3, undefined, null]);
    expect([$.has(m, "b"), $.has(m, "c"), $.len(m)]).toEqual([true, false, 2]);
    expect($.keys($.put(m, "c", 4))).toEqual(["a", "b", "c"]);
    expect($.values($.remove(m, "a"))).toEqual([undefined]);
    expect($.remove(m, "z")).toBe(m);
    expect($.keys(m)).toEqual(["a", "b"]);
    expect(codeOf(() => $.get([] as never, "a"))).toBe("PGLR051");
  });

  it("say when there is none", () => {
    expect($.unwrap(0)).toBe(0);
    expect($.unwrap(undefined)).toBeUndefined();
    expect(codeOf(() => $.unwrap(null))).toBe("PGLR059");
    expect([$.is_none(null), $.is_none(undefined), $.is_none(0)]).toEqual([true, false, false]);
  });

  it("fail with the message given", () => {
    expect(() => $.fail("no dragons")).toThrow("no dragons");
    expect(codeOf(() => $.fail("no dragons"))).toBe("PGLR005");
  });
});

import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { constraint as c, type Constraint, ConstraintError, recognises, type TextPredicate } from "../src/index.js";

const code = (f: () => unknown): string | undefined => {
  try {
    f();
  } catch (error) {
    if (error instanceof ConstraintError) return error.code;
    throw error;
  }
  return undefined;
};

/** Every text over an alphabet of at most so many letters. */
function* texts(letters: readonly string[], most: number): Generator<string> {
  yield "";
  if (most === 0) return;
  for (const shorter of texts(letters, most - 1)) for (const letter of letters) yield letter + shorter;
}

/** The test and the recogniser both say what `wanted` says, of all short texts. */
function expectMeaning(
  constraint: Constraint,
  wanted: (text: string) => boolean,
  letters: readonly string[],
  most: number,
): void {
  const { recogniser, decides } = constraint.compiled()!;
  expect(decides).toBe(true);
  for (const text of texts(letters, most)) {
    const answers = [constraint.test(text), recognises(recogniser, text)];
    if (answers[0] !== wanted(text) || answers[1] !== wanted(text))
      expect.fail(`${constraint.describe()} on ${JSON.stringify(text)}: ${answers.join()}`);
  }
}

describe("keyphrases", () => {
  it("in any order, and they may overlap", () => {
    expectMeaning(c.phrases("ab", "ba"), (t) => t.includes("ab") && t.includes("ba"), ["a", "b", "é"], 5);
    expect(c.phrases(["a"], "b").describe()).toBe('phrases("a", "b")');
  });

  it("in order, one after the other", () => {
    expectMeaning(c.in_order("ab", "b", "a"), (t) => /ab[^]*b[^]*a/.test(t), ["a", "b", "\n"], 6);
  });

  it("counted without overlap, from the left", () => {
    const times = (part: string) => (t: string) => t.split(part).length - 1;
    for (const [part, low, high] of [
      ["aa", 1, 2],
      ["aba", 0, 1],
      ["é", 2, Infinity],
      ["a", 0, 0],
      ["aé", 1, 1],
    ] as const) {
      const n = times(part);
      expectMeaning(c.count(part, low, high), (t) => n(t) >= low && n(t) <= high, ["a", "b", "é"], 6);
    }
  });

  it("one of a list", () => {
    expectMeaning(c.contains(["ab", "é"]), (t) => t.includes("ab") || t.includes("é"), ["a", "b", "é"], 4);
    expectMeaning(c.not(c.contains([])), () => true, ["a"], 2);
  });

  it("banned as whole words, in any case and any script", () => {
    const banned = c.without_words("ab", "éa b");
    const wanted = (t: string): boolean =>
      !/(^|[^abéAÉ])(ab)($|[^abéAÉ])/i.test(t) && !/(^|[^abéA])(éa b)($|[^abéA])/i.test(t);
    expectMeaning(banned, wanted, ["a", "b", " ", "é", "A"], 6);
    expect([banned.test("xab"), banned.test("ab1"), banned.test("x AB."), banned.test("ÉA B")]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it("refuse what is none", () => {
    expect(code(() => c.phrases())).toBe("PGLC009");
    expect(code(() => c.in_order("a", ""))).toBe("PGLC009");
    expect(code(() => c.without_words([]))).toBe("PGLC009");
    expect(code(() => c.count("", 1, 2))).toBe("PGLC009");
    expect(code(() => c.count("a", 2, 1))).toBe("PGLC002");
  });
});

describe("numbers", () => {
  const digits = ["0", "1", "5", "9", "-", "."];

  it("whole numbers of a range, written in one way", () => {
    for (const [low, high] of [
      [-15, 119],
      [0, 9],
      [5, 5],
      [-Infinity, 91],
      [10, Infinity],
      [-Infinity, Infinity],
    ] as const) {
      const wanted = (t: string): boolean => String(Number(t)) === t && Number.isInteger(Number(t));
      expectMeaning(c.int(low, high), (t) => wanted(t) && Number(t) >= low && Number(t) <= high, digits, 4);
    }
  });

  it("numbers of a range, written in one way", () => {
    const wanted = (t: string): boolean => /^-?\d+(\.\d+)?$/.test(t) && String(Number(t)) === t;
    for (const [low, high] of [
      [-1.5, 9.05],
      [0, Infinity],
      [0.1, 0.9],
    ] as const)
      expectMeaning(c.number(low, high), (t) => wanted(t) && Number(t) >= low && Number(t) <= high, digits, 5);
  });

  it("with so many places", () => {
    const wanted = (t: string): boolean => /^(0|-?[1-9]\d*|-?(0|[1-9]\d*))\.\d\d$/.test(t) && !/^-[0.]*$/.test(t);
    expectMeaning(c.decimal(-1, 9, 2), (t) => wanted(t) && Number(t) >= -1 && Number(t) <= 9, digits, 6);
    expectMeaning(c.decimal(0, 15, 0), (t) => /^(0|[1-9]\d?)$/.test(t) && Number(t) <= 15, digits, 3);
  });

  it("refuse ranges that are none", () => {
    expect(code(() => c.int(2, 1))).toBe("PGLC002");
    expect(code(() => c.number(NaN, 1))).toBe("PGLC002");
    expect(code(() => c.decimal(0, 1, -1))).toBe("PGLC002");
  });
});

describe("dates", () => {
  it("are those of the calendar", () => {
    const isDate = (y: number, m: number, d: number): boolean => {
      const date = new Date(Date.UTC(2000, 0, 1));
      date.setUTCFullYear(y, m - 1, d);
      return date.getUTCMonth() === m - 1 && date.getUTCDate() === d && date.getUTCFullYear() === y;
    };
    const two = (n: number): string => String(n).padStart(2, "0");
    const [iso, spoken] = [c.date(), c.date("D MMMM YYYY")];
    const names = ["January", "February", "March", "April", "May", "June", "July"];
    for (const y of [0, 4, 100, 1900, 1999, 2000, 2023, 2024, 2100, 9996]) {
      for (let m = 0; m <= 13; m++) {
        for (let d = 0; d <= 32; d++) {
          const year = String(y).padStart(4, "0");
          const real = m >= 1 && m <= 12 && d >= 1 && isDate(y, m, d);
          for (const t of [`${year}-${two(m)}-${two(d)}`]) {
            expect([t, iso.test(t), recognises(iso.compiled()!.recogniser, t)]).toEqual([t, real, real]);
          }
          if (m >= 1 && m <= names.length) expect(spoken.test(`${d} ${names[m - 1]} ${year}`)).toBe(real);
        }
      }
    }
    expect(["2024-1-01", "02024-01-01", "2024-01-01 "].some((t) => iso.test(t))).toBe(false);
  });

  it("may lack fields, and have times", () => {
    expect(c.date("DD.MM.").test("29.02.")).toBe(true);
    expect(c.date("DD.MM.").test("30.02.")).toBe(false);
    expect(c.date("MMM YYYY").test("Feb 2023")).toBe(true);
    expect(c.date("hh:mm:ss").test("23:59:59")).toBe(true);
    expect(c.date("YYYY-MM-DD hh:mm").test("2023-02-29 10:00")).toBe(false);
    expect(c.date("YYYY-MM-DD hh:mm").test("2023-02-28 24:00")).toBe(false);
  });

  it("refuse formats without sense", () => {
    expect(code(() => c.date("today"))).toBe("PGLC009");
    expect(code(() => c.date("DD D"))).toBe("PGLC009");
  });
});

const part: fc.Arbitrary<Constraint> = fc.oneof(
  fc.constantFrom("a*", "ab?", "b|", "[^a]", "é+").map((s) => c.regex(s)),
  fc.constantFrom([], ["a"], ["", "ab"]).map((s) => c.text(s)),
  fc.constantFrom("a", "é").map((s) => c.contains(s)),
  fc.constant(c.chars(1, 2)),
);

describe("one after the other", () => {
  property.prop([fc.array(part, { maxLength: 3 })], { numRuns: 60 })("is any way to cut the text", (parts) => {
    const wanted = (t: string, from = 0): boolean =>
      from === parts.length
        ? t === ""
        : Array.from({ length: t.length + 1 }, (_, i) => i).some(
            (i) => parts[from]!.test(t.slice(0, i)) && wanted(t.slice(i), from + 1),
          );
    expectMeaning(c.sequence(...parts), (t) => wanted(t), ["a", "b", "é"], 4);
  });

  property.prop(
    [part, fc.constantFrom([0, 0], [0, 2], [1, 1], [2, 3], [1, Infinity], [0, Infinity]), fc.option(part)],
    {
      numRuns: 100,
    },
  )("is so many, with something between", (one, [low, high], separator) => {
    const wanted = (t: string, n: number): boolean => {
      if (t === "" && n === 0 && low === 0) return true;
      if (n >= Math.min(high!, 8)) return false;
      for (let i = 0; i <= t.length; i++) {
        if (!one.test(t.slice(0, i))) continue;
        if (i === t.length && n + 1 >= low!) return true;
        if (separator === null) {
          if ((i > 0 || n + 1 < low!) && n + 1 < high! && wanted(t.slice(i), n + 1)) return true;
          continue;
        }
        if (n + 1 >= high!) continue;
        for (let j = i; j <= t.length; j++) {
          if (separator.test(t.slice(i, j)) && wanted(t.slice(j), n + 1)) return true;
        }
      }
      return false;
    };
    expectMeaning(c.repeated(one, low!, high!, separator ?? undefined), (t) => wanted(t, 0), ["a", "b", "é"], 4);
  });

  it("refuses ranges that are none and what is no constraint", () => {
    expect(code(() => c.repeated(c.text("a"), 2, 1))).toBe("PGLC002");
    expect(code(() => c.sequence("a" as unknown as Constraint))).toBe("PGLC003");
  });
});

describe("between what is known", () => {
  property.prop([part, fc.constantFrom("", "a", "b", "aé"), fc.constantFrom("", "b", "é")], { numRuns: 60 })(
    "is the rest of a text",
    (whole, before, after) => {
      expectMeaning(c.between(before, whole, after), (t) => whole.test(before + t + after), ["a", "b", "é"], 4);
    },
  );

  property.prop([part, fc.constantFrom("", "a", "b")], { numRuns: 60 })("or the beginning of one", (whole, before) => {
    const some = [...texts(["a", "b", "é"], 3)];
    const wanted = (t: string): boolean => some.some((end) => whole.test(before + t + end));
    expectMeaning(c.between(before, whole, null), wanted, ["a", "b", "é"], 3);
  });
});

it("beginnings that come to the same place share an automaton", () => {
  const rests = ["a", "ab", "abb"].map((before) => c.between(before, c.regex("ab*c?"), "").compiled());
  expect(rests[1]).toBe(rests[0]);
  expect(rests[2]).toBe(rests[0]);
  const both = ["a", "ab"].map((before) => c.and(c.between(before, c.regex("ab*c?"), ""), c.chars(0, 2)).compiled());
  expect(both[1]).toBe(both[0]);
  expect(c.between("abc", c.regex("ab*c?"), "").compiled()).not.toBe(rests[0]);
});

describe("expressions with values", () => {
  property.prop([fc.string({ unit: "grapheme", maxLength: 5 }), fc.constantFrom("", "u", "v", "s")])(
    "take the values as they are",
    (value, flags) => {
      const made = c.pattern(["<", ">{2}"], [value], flags);
      expect(made.test(`<${value}>>`)).toBe(true);
      expect(c.pattern(["", "{2}"], [value], flags).test(value + value)).toBe(true);
      expect(made.test(`<${value}x>>`)).toBe(false);
    },
  );

  it("within brackets, and beside escapes", () => {
    const made = c.pattern(["[^", "]\\[", ""], ["]-^", "."]);
    expect([made.test("a[."), made.test("][."), made.test("-[."), made.test("a[x")]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it("within brackets in brackets", () => {
    const union = c.pattern(["[[ab]", "]"], ["?"], "v");
    expect(["a", "?", "(", ":"].map((text) => union.test(text))).toEqual([true, true, false, false]);
    // Without the flag the second `[` is a character, and the first `]` the end.
    expect(c.pattern(["[[a]", "{2}"], ["b+"]).test("ab+b+")).toBe(true);
  });
});

describe("predicates", () => {
  const even: TextPredicate = {
    prefixPossible: (t) => /^[aé]*$/.test(t) && t.length <= 4,
    complete: (t) => /^(?:[aé]{2})*$/.test(t) && t.length <= 4,
  };

  it("say which texts are meant", () => {
    expectMeaning(c.predicate(even), (t) => even.complete(t), ["a", "b", "é"], 5);
    expect(c.predicate(even)).toBe(c.predicate(even));
  });

  it("that contradict themselves, or are none, are errors", () => {
    const wrong = c.predicate({ prefixPossible: (t) => t.length < 2, complete: (t) => t.length === 2 });
    expect(code(() => recognises(wrong.compiled()!.recogniser, "ab"))).toBe("PGLC010");
    const vague = c.predicate({ prefixPossible: () => 1, complete: () => true } as unknown as TextPredicate);
    expect(code(() => recognises(vague.compiled()!.recogniser, "ab"))).toBe("PGLC010");
    expect(code(() => c.predicate({} as TextPredicate))).toBe("PGLC003");
  });
});

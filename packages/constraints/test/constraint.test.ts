import { fc, test as property } from "@fast-check/vitest";
import { textSymbol, type Environment } from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import { constraint, ConstraintError } from "../src/index.js";

const code = (f: () => unknown): string | undefined => {
  try {
    f();
  } catch (error) {
    if (error instanceof ConstraintError) return error.code;
    throw error;
  }
  return undefined;
};

describe("regex", () => {
  it("matches the whole text", () => {
    const c = constraint.regex("a|bc*");
    expect(["a", "b", "bcc"].every((s) => c.test(s))).toBe(true);
    expect(["", "ab", "xa", "a\n", "bcx"].some((s) => c.test(s))).toBe(false);
  });

  it("tries every way to match the whole", () => {
    expect(constraint.regex("a|ab").test("ab")).toBe(true);
    expect(constraint.regex("a*?").test("aaa")).toBe(true);
  });

  it("keeps the meaning of flags, and looks at the whole text whatever they are", () => {
    expect(constraint.regex("HI", "i").test("hi")).toBe(true);
    expect(constraint.regex("a.b").test("a\nb")).toBe(false);
    expect(constraint.regex("a.b", "s").test("a\nb")).toBe(true);
    expect(constraint.regex("^a$", "m").test("a\nb")).toBe(false);
    expect(constraint.regex("^a$\n^b$", "m").test("a\nb")).toBe(true);
    expect(constraint.regex(".", "u").test("😀")).toBe(true);
    expect(constraint.regex(".").test("😀")).toBe(false);
  });

  it("means the same with the flag `v`, whatever the engine makes of it", () => {
    expect(constraint.regex("(?:a[^a])+", "v").test("abac")).toBe(true);
    expect(constraint.regex("(?:a[^a])+", "v").test("aa")).toBe(false);
    // What no automaton can check is asked of the engine.
    expect(constraint.regex("(a|b)\\1", "v").test("bb")).toBe(true);
  });

  it("has no memory between tests", () => {
    const c = constraint.regex(".*x");
    expect([c.test("ax"), c.test("ax"), c.test("ax")]).toEqual([true, true, true]);
  });

  it("refuses malformed expressions and flags that search", () => {
    expect(code(() => constraint.regex("("))).toBe("PGLC001");
    expect(code(() => constraint.regex("a)(b"))).toBe("PGLC001");
    expect(code(() => constraint.regex("a", "g"))).toBe("PGLC001");
    expect(code(() => constraint.regex("a", "ii"))).toBe("PGLC001");
  });
});

describe("lengths", () => {
  it("count characters as code points and words as runs of non-space, both ends inclusive", () => {
    expect(constraint.chars(2, 3).test("a😀")).toBe(true);
    expect(constraint.chars(2, 3).test("abc")).toBe(true);
    expect(constraint.chars(2, 3).test("a")).toBe(false);
    expect(constraint.chars(2, 3).test("abcd")).toBe(false);
    expect(constraint.words(2, 2).test("  one\n two\t")).toBe(true);
    expect(constraint.words(0, 0).test(" \n")).toBe(true);
  });

  it("count a model's tokens by the run's model", () => {
    const seen: unknown[] = [];
    const lm = {
      name: "m",
      countTokens: (text: string, environment: Environment) => (seen.push(environment), text.length * 2),
    };
    const environment = {} as Environment;
    const c = constraint.tokens(4, 6, lm);
    expect(c.test("ab", environment)).toBe(true);
    expect(constraint.and(c, constraint.not(constraint.tokens(1, 5, lm))).test("abc", environment)).toBe(true);
    expect(c.test("a", environment)).toBe(false);
    expect(seen.every((e) => e === environment)).toBe(true);
    expect(code(() => c.test("ab"))).toBe("PGLC005");
  });

  it("refuse ranges that are none", () => {
    for (const [low, high] of [
      [2, 1],
      [-1, 3],
      [0.5, 2],
      [NaN, 2],
    ] as const) {
      expect(code(() => constraint.chars(low, high))).toBe("PGLC002");
      expect(code(() => constraint.words(low, high))).toBe("PGLC002");
    }
    expect(constraint.chars(1, Infinity).test("x".repeat(1000))).toBe(true);
  });
});

describe("strings", () => {
  it("text is equality with one or one of several", () => {
    expect(constraint.text("yes").test("yes")).toBe(true);
    expect(constraint.text("yes").test("yes.")).toBe(false);
    expect(constraint.text(["yes", "no"]).test("no")).toBe(true);
    expect(constraint.text([]).test("")).toBe(false);
  });

  it("contains, starts_with, ends_with", () => {
    expect(constraint.contains("b").test("abc")).toBe(true);
    expect(constraint.starts_with("a").test("abc")).toBe(true);
    expect(constraint.ends_with("a").test("abc")).toBe(false);
  });

  it("look at tokens and contexts through their text, and refuse other values", () => {
    expect(constraint.text("hi").test({ [textSymbol]: () => "hi" })).toBe(true);
    for (const value of [1, null, undefined, ["a"], {}])
      expect(code(() => constraint.text("1").test(value))).toBe("PGLC004");
  });
});

describe("combinations", () => {
  property.prop([fc.string({ unit: fc.constantFrom("a", "b", " "), maxLength: 6 })])(
    "are the boolean algebra of their parts",
    (s) => {
      const [p, q] = [constraint.contains("a"), constraint.words(1, 2)];
      const { and, or, not } = constraint;
      expect(and(p, q).test(s)).toBe(p.test(s) && q.test(s));
      expect(or(p, q).test(s)).toBe(p.test(s) || q.test(s));
      expect(not(and(p, q)).test(s)).toBe(or(not(p), not(q)).test(s));
      expect([and().test(s), or().test(s)]).toEqual([true, false]);
    },
  );

  it("describe themselves as programs write them", () => {
    const { and, not, or, regex, contains, chars, text } = constraint;
    expect(and(regex("a+", "i"), not(or(contains("x"), chars(1, 2)))).describe()).toBe(
      '(/a+/i and not (contains("x") or chars(1..2)))',
    );
    expect(text(["a", "b"]).describe()).toBe('["a", "b"]');
  });

  it("refuse what is no constraint", () => {
    const wrong = "a" as unknown as ReturnType<typeof constraint.text>;
    expect(code(() => constraint.and(wrong))).toBe("PGLC003");
    expect(code(() => constraint.or(constraint.text("a"), wrong))).toBe("PGLC003");
    expect(code(() => constraint.not(wrong))).toBe("PGLC003");
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Type } from "../../src/types.js";
import { assignable, join, Unknowns } from "../../src/types/relate.js";
import { showType } from "../../src/types/show.js";
import {
  BOOL,
  dist,
  FLOAT,
  functionType,
  INT,
  list,
  literal,
  map,
  mapType,
  NEVER,
  NONE,
  optional,
  posterior,
  record,
  sameType,
  STRING,
  TOKEN,
  tuple,
  union,
} from "../../src/types/type.js";

const { type } = fc.letrec<{ type: Type }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(INT, FLOAT, BOOL, STRING, TOKEN, NONE, literal("a"), literal("b")),
    tie("type").map(list),
    fc.tuple(tie("type"), tie("type")).map(([key, value]) => map(key, value)),
    fc.array(tie("type"), { minLength: 2, maxLength: 3 }).map(tuple),
    fc.array(tie("type"), { minLength: 1, maxLength: 3 }).map(union),
    fc
      .dictionary(fc.constantFrom("x", "y", "z"), tie("type"), { maxKeys: 3 })
      .map((fields) => record(Object.entries(fields))),
    fc
      .tuple(tie("type"), fc.constantFrom("finite" as const, "continuous" as const, "unknown" as const))
      .map(([element, domain]) => dist(element, domain)),
    tie("type").map(posterior),
    fc
      .tuple(tie("type"), tie("type"), fc.constantFrom("pure" as const, "async" as const, "generative" as const))
      .map(([p, r, effect]) => functionType([{ name: "x", type: p, optional: false }], r, effect)),
  ),
}));

describe("assignable", () => {
  it("is reflexive and transitive", () => {
    fc.assert(fc.property(type, (a) => assignable(a, a)));
    // Random types are seldom related: wider ones are made from narrower ones.
    const wider = (a: Type, other: Type, float: boolean): Type =>
      union([
        float ? mapType(a, (part) => (part.kind === "function" ? part : part.kind === "int" ? FLOAT : undefined)) : a,
        other,
      ]);
    fc.assert(
      fc.property(type, type, type, fc.boolean(), fc.boolean(), (a, x, y, f, g) => {
        const b = wider(a, x, f);
        const c = wider(b, y, g);
        expect([assignable(a, b), assignable(b, c), assignable(a, c)]).toEqual([true, true, true]);
      }),
      { numRuns: 1000 },
    );
  });

  it("takes every member of a union into it, and never from it", () => {
    fc.assert(fc.property(type, type, (a, b) => assignable(a, union([a, b])) && assignable(NEVER, a)));
    expect(assignable(union([INT, STRING]), INT)).toBe(false);
  });

  it.each([
    ["int widens", INT, FLOAT, true],
    ["float does not narrow", FLOAT, INT, false],
    ["inside lists too", list(INT), list(FLOAT), true],
    ["a literal is a string", literal("a"), STRING, true],
    ["a string is not a literal", STRING, literal("a"), false],
    [
      "more fields are fine",
      record([
        ["x", INT],
        ["y", INT],
      ]),
      record([["x", FLOAT]]),
      true,
    ],
    [
      "fewer are not",
      record([["x", INT]]),
      record([
        ["x", INT],
        ["y", INT],
      ]),
      false,
    ],
    ["a posterior is a distribution", posterior(INT), dist(FLOAT, "continuous"), true],
    ["a distribution is no posterior", dist(INT), posterior(INT), false],
    [
      "a plain function may stand for one that draws",
      functionType([], INT, "pure"),
      functionType([], INT, "generative"),
      true,
    ],
    ["not the other way round", functionType([], INT, "generative"), functionType([], INT, "async"), false],
    [
      "parameters go the other way",
      functionType([{ name: "x", type: FLOAT, optional: false }], INT, "pure"),
      functionType([{ name: "x", type: INT, optional: false }], INT, "pure"),
      true,
    ],
    ["tokens are not strings", TOKEN, STRING, false],
  ] as const)("%s", (_name, a, b, expected) => expect(assignable(a, b)).toBe(expected));
});

describe("join", () => {
  it("is an upper bound, whichever comes first", () => {
    fc.assert(
      fc.property(type, type, (a, b) => {
        const joined = join(a, b);
        const other = join(b, a);
        expect(joined === undefined).toBe(other === undefined);
        if (joined === undefined) return;
        expect(assignable(a, joined) && assignable(b, joined)).toBe(true);
        expect(assignable(joined, other!) && assignable(other!, joined)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it("never claims more of a distribution than both have", () => {
    expect(join(dist(INT, "finite"), dist(INT, "continuous"))).toEqual(dist(INT, "unknown"));
    expect(join(list(dist(INT, "finite")), list(dist(INT, "countable")))).toEqual(list(dist(INT, "unknown")));
    expect(join(posterior(INT), dist(INT, "continuous"))).toEqual(dist(INT, "unknown"));
  });

  it.each([
    [INT, FLOAT, "float"],
    [INT, NONE, "int?"],
    [literal("a"), literal("b"), '"a" | "b"'],
    [list(INT), list(optional(FLOAT)), "list<float?>"],
    [list(NEVER), list(STRING), "list<string>"],
    [INT, STRING, undefined],
    [record([["x", INT]]), record([["x", FLOAT]]), "{ x: float }"],
    [tuple([INT, NONE]), tuple([FLOAT, STRING]), "(float, string?)"],
  ] as const)("of %j and %j", (a, b, expected) => {
    const joined = join(a, b);
    expect(joined && showType(joined)).toBe(expected);
  });
});

describe("union", () => {
  it("is the same in any order and grouping", () => {
    fc.assert(
      fc.property(type, type, type, (a, b, c) => {
        expect(sameType(union([a, b, c]), union([c, union([b, a])]))).toBe(true);
        expect(sameType(union([a, a]), a)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("unknowns", () => {
  it("collect what is passed, within their bound", () => {
    const unknowns = new Unknowns();
    const t = unknowns.fresh();
    const n = unknowns.fresh("number");
    expect(assignable(list(INT), list(t), unknowns)).toBe(true);
    expect(assignable(FLOAT, t, unknowns)).toBe(true);
    expect(unknowns.finish(list(t))).toEqual(list(FLOAT));
    expect(assignable(STRING, t, unknowns)).toBe(false);
    expect(assignable(STRING, n, unknowns)).toBe(false);
    // Nothing is known of the numbers of an empty list, and their sum is the int 0.
    expect(unknowns.finish(n)).toEqual(INT);
    expect(unknowns.finish(unknowns.fresh())).toEqual(NEVER);
  });

  it("take from an overloaded parameter what they can be", () => {
    const unknowns = new Unknowns();
    const n = unknowns.fresh("number");
    unknowns.hint(n, union([FLOAT, STRING]));
    expect(unknowns.finish(n)).toEqual(FLOAT);
    const ordered = unknowns.fresh("ordered");
    unknowns.hint(ordered, union([FLOAT, STRING]));
    expect(unknowns.finish(ordered)).toEqual(NEVER);
  });

  it("take the rest of an optional", () => {
    const unknowns = new Unknowns();
    const t = unknowns.fresh();
    expect(assignable(optional(INT), optional(t), unknowns)).toBe(true);
    expect(unknowns.finish(t)).toEqual(INT);
  });
});

import { constraint, type Constraint } from "@pgl/constraints";
import { fc, test as property } from "@fast-check/vitest";
import { enumerate } from "@pgl/runtime";
import { describe, expect } from "vitest";
import { lm, type SpanOptions, type TextProcess } from "../../src/index.js";
import { draw, environment, program, returnLast, runWith } from "../programs.js";
import { randomTable } from "../tables.js";
import { byteModel, type RowModel, spans } from "./spans.js";

async function measure(process: TextProcess): Promise<Map<string, number>> {
  const posterior = await runWith(enumerate({ tolerance: 0 }), program(draw(process), returnLast), environment());
  const z = Math.exp(posterior.logZ.estimate!);
  return new Map(posterior.atoms.filter((a) => a.weight > 0).map((a) => [a.value as string, a.weight * z]));
}

async function expectConditioned(
  model: RowModel,
  options: SpanOptions,
  wanted: Constraint,
  guide?: "mask" | "awrs" | "none",
): Promise<void> {
  const expected = new Map([...spans(model, options)].filter(([text]) => wanted.test(text)));
  const actual = await measure(lm("m", model).text({ ...options, matching: wanted, guide }));
  const keys = new Set([...expected.keys(), ...actual.keys()]);
  for (const text of keys) {
    expect(
      Math.abs((actual.get(text) ?? 0) - (expected.get(text) ?? 0)),
      `${wanted.describe()} ${JSON.stringify(options)} ${JSON.stringify(text)}: ${actual.get(text)} for ${expected.get(text)}`,
    ).toBeLessThan(1e-9);
  }
}

const letters = ["a", "b", "ab", ".", "é", "</s>"];

const pattern: fc.Arbitrary<string> = fc.letrec<{ r: string }>((tie) => ({
  r: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom("a", "b", "\\.", "é", "[ab]", ".", "\\b", "^", "$", ""),
    fc.tuple(tie("r"), tie("r")).map(([a, b]) => a + b),
    fc.tuple(tie("r"), tie("r")).map(([a, b]) => `(?:${a}|${b})`),
    fc.tuple(tie("r"), fc.constantFrom("*", "+", "?", "{2}")).map(([a, q]) => `(?:${a})${q}`),
    fc.tuple(fc.constantFrom("(?=", "(?!", "(?<=", "(?<!"), tie("r")).map(([o, r]) => `${o}${r})`),
  ),
})).r;

const options: fc.Arbitrary<SpanOptions> = fc.record({
  max_tokens: fc.integer({ min: 1, max: 4 }),
  must_stop: fc.boolean(),
  stop_at: fc.constantFrom([], ["."], ["ab"], ["b.", "."]),
  stop_before: fc.constantFrom([], ["bb"], ["a"], ["aba"]),
});

const bytes = [
  [0x61],
  [0x61],
  [0xc3],
  [0xa9],
  [0xc3, 0xa9],
  [0xe2, 0x82],
  [0xac, 0x2e],
  [0xff],
  [0x2e, 0x61],
  null,
  null,
];
const byteRows = fc
  .array(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: bytes.length, maxLength: bytes.length }), {
    minLength: bytes.length + 1,
    maxLength: bytes.length + 1,
  })
  .filter((rows) => rows.every((row) => row.some((n) => n > 0)));
const constraints: fc.Arbitrary<Constraint> = fc.letrec<{ c: Constraint }>((tie) => ({
  c: fc.oneof(
    { maxDepth: 2, depthSize: "small" },
    fc.constantFrom("a*", "[^]*", ".", "[^a]+", "é.*", "\ufffd+", "a?€?\\.?a?", "\\W*").map((s) => constraint.regex(s)),
    fc.constantFrom("a", "é", ".", "", "aé").map((s) => constraint.contains(s)),
    fc.constantFrom("a", "é").map((s) => constraint.starts_with(s)),
    fc.constantFrom("a", ".a").map((s) => constraint.ends_with(s)),
    fc.constantFrom([0, 1], [1, 2], [2, Infinity]).map(([a, b]) => constraint.chars(a!, b!)),
    fc.constantFrom([0, 1], [1, 1], [2, Infinity]).map(([a, b]) => constraint.words(a!, b!)),
    fc.subarray(["a", "aa", "é", "", "a.a", "€"]).map((list) => constraint.text(list)),
    fc.constantFrom(["a", "é"], ["aa"], [".a", "a."]).map((parts) => constraint.phrases(parts)),
    fc.constantFrom(["a", "."], ["é", "é"]).map((parts) => constraint.in_order(parts)),
    fc.constantFrom(["a"], ["é", "aa"], ["€"]).map((parts) => constraint.without_words(parts)),
    fc
      .tuple(fc.constantFrom("a", "aa", "é"), fc.constantFrom([0, 1], [1, 2], [1, Infinity]))
      .map(([part, [low, high]]) => constraint.count(part, low!, high!)),
    fc.array(tie("c"), { maxLength: 3 }).map((cs) => constraint.sequence(...cs)),
    fc
      .tuple(tie("c"), fc.constantFrom([0, 1], [1, 2], [2, Infinity]), fc.option(tie("c"), { nil: undefined }))
      .map(([c, [low, high], separator]) => constraint.repeated(c, low!, high!, separator)),
    fc
      .tuple(fc.constantFrom("", "a", "é."), tie("c"), fc.constantFrom("", "a", "€", null))
      .map(([before, c, after]) => constraint.between(before, c, after)),
    fc.array(tie("c"), { maxLength: 3 }).map((cs) => constraint.and(...cs)),
    fc.array(tie("c"), { maxLength: 3 }).map((cs) => constraint.or(...cs)),
    tie("c").map((c) => constraint.not(c)),
  ),
})).c;

describe("a span conditioned on a constraint", () => {
  property.prop([randomTable(letters, "</s>"), pattern, options], { numRuns: 300 })(
    "is the model's span restricted to the texts that match",
    async (model, source, how) => {
      await expectConditioned(model, how, constraint.regex(source));
    },
  );

  property.prop([randomTable(["a", "b", "."], null), pattern, options], { numRuns: 60 })(
    "with a model that has no end token",
    async (model, source, how) => {
      if (how.must_stop === true && how.stop_at!.length + how.stop_before!.length === 0) return;
      await expectConditioned(model, how, constraint.regex(source));
    },
  );

  property.prop([byteRows, constraints, options], { numRuns: 250 })(
    "with tokens that are parts of characters, no UTF-8, equal to each other, or special",
    async (rows, wanted, how) => {
      const model = byteModel(bytes, 10, (last) => rows[last + 1]!);
      await expectConditioned(model, { ...how, max_tokens: Math.min(how.max_tokens!, 3) }, wanted);
    },
  );

  property.prop([randomTable(["a", "b", "</s>"], "</s>"), pattern, options], { numRuns: 60 })(
    "by trying tokens",
    async (model, source, how) => {
      await expectConditioned(
        model,
        { ...how, max_tokens: Math.min(how.max_tokens!, 2) },
        constraint.regex(source),
        "awrs",
      );
    },
  );

  property.prop([randomTable(["1", "2", "0", "-", ".5", "</s>"], "</s>"), options], { numRuns: 60 })(
    "to numbers and dates",
    async (model, how) => {
      const { int, number, decimal, date } = constraint;
      for (const wanted of [int(-12, 21), number(0, 2), decimal(0, 12, 1), date("MM-D")])
        await expectConditioned(model, how, wanted);
    },
  );

  property.prop([randomTable(["a", "b", "</s>"], "</s>"), options, fc.integer({ min: 0, max: 3 })], {
    numRuns: 30,
  })("to what functions of one's own say, by trying tokens, masks or at the end", async (model, how, length) => {
    const alternating = constraint.predicate({
      prefixPossible: (text) => !/aa|bb/.test(text),
      complete: (text) => !/aa|bb/.test(text) && text.length >= length,
    });
    const short = { ...how, max_tokens: Math.min(how.max_tokens!, 2) };
    for (const guide of [undefined, "mask", "none"] as const) await expectConditioned(model, short, alternating, guide);
    await expectConditioned(model, short, constraint.and(alternating, constraint.regex("[^.]*b[^]*")));
  });

  property.prop([randomTable(letters, "</s>"), pattern, options], { numRuns: 30 })(
    "by asking about the finished text",
    async (model, source, how) => {
      await expectConditioned(
        model,
        { ...how, max_tokens: Math.min(how.max_tokens!, 3) },
        constraint.regex(source),
        "none",
      );
    },
  );
});

import { constraint, type Constraint } from "@pgl/constraints";
import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { lm, SpanRule, Vocabulary } from "../../src/index.js";
import { guideOf } from "../../src/guided/guide.js";
import { draw, environment, exact, logDensityOf } from "../programs.js";
import { randomTable, table } from "../tables.js";
import type { RowModel } from "./spans.js";

interface Tokens extends Pick<RowModel, "vocabulary"> {
  /** Tokens of which the others are like one to every constraint here. All by default. */
  readonly kinds?: readonly number[];
}

/** Whether a span that begins with these tokens can match, with tokens of any probability. */
function canMatch(model: Tokens, rule: SpanRule, wanted: Constraint, ids: readonly number[], state: number): boolean {
  const { vocabulary, kinds = Array.from({ length: vocabulary.size }, (_, id) => id) } = model;
  if (ids.length === rule.maxTokens) return !rule.mustStop && wanted.test(rule.textOf(vocabulary, ids));
  return kinds.some((id) => mayFollow(model, rule, wanted, ids, state, id));
}

function mayFollow(
  model: Tokens,
  rule: SpanRule,
  wanted: Constraint,
  ids: readonly number[],
  state: number,
  id: number,
): boolean {
  const { vocabulary } = model;
  if (id === vocabulary.eosId) return wanted.test(rule.textOf(vocabulary, ids));
  const next = rule.read(state, vocabulary, id);
  if (next < 0) return wanted.test(rule.textOf(vocabulary, [...ids, id]));
  return canMatch(model, rule, wanted, [...ids, id], next);
}

const model = table(["a", "b", "ab", ".", "</s>"], "</s>", { "": [0.2, 0.2, 0.2, 0.2, 0.2] }, 0);

/** All bytes, as tokens of real models have them, and the tokens above. */
const bytes: Tokens = {
  vocabulary: new Vocabulary({
    tokens: [...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)), Uint8Array.of(97, 98), null],
    labels: new Map([[257, "</s>"]]),
    eosId: 257,
    bosId: null,
    encode: (text) => [...new TextEncoder().encode(text)],
  }),
  kinds: ["a", "b", ".", "z"].map((letter) => letter.charCodeAt(0)).concat(256, 257),
};

/** Without an end token a span ends by itself at the limit alone. */
const endless: Tokens = {
  vocabulary: table(["a", "b", "ab", "."], null, { "": [0.25, 0.25, 0.25, 0.25] }, 0).vocabulary,
  kinds: [0, 1, 2, 3],
};

const pattern = fc.letrec<{ r: string }>((tie) => ({
  r: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom("a", "b", "\\.", "[ab]", ".", "\\b"),
    fc.tuple(tie("r"), tie("r")).map(([a, b]) => a + b),
    fc.tuple(tie("r"), tie("r")).map(([a, b]) => `(?:${a}|${b})`),
    fc.tuple(tie("r"), fc.constantFrom("*", "+", "?", "{2}")).map(([a, q]) => `(?:${a})${q}`),
  ),
})).r;

describe("the mask of a token automaton", () => {
  property.prop(
    [
      fc.constantFrom<Tokens>(model, bytes, endless),
      pattern,
      fc.record({ max_tokens: fc.integer({ min: 1, max: 4 }), must_stop: fc.boolean() }),
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
    ],
    { numRuns: 300 },
  )("holds the tokens that can lead to a match in time, and no others", (tokens, source, how, path) => {
    const wanted = constraint.regex(source);
    const rule = SpanRule.of(how);
    const { vocabulary, kinds = [0, 1, 2, 3, 4] } = tokens;
    const automaton = guideOf(wanted)!.automaton(rule, vocabulary);
    let state = automaton.start;
    const ids: number[] = [];
    for (const next of [...path, -1]) {
      if (state < 0 || ids.length === rule.maxTokens) return;
      const mask = automaton.mask(state, rule.maxTokens - ids.length);
      const held = kinds.map((id) => mask.has(id));
      const possible = kinds.map((id) => mayFollow(tokens, rule, wanted, ids, 0, id));
      expect(held, `/${source}/ after ${ids.join()}`).toEqual(possible);
      expect(kinds.map((id) => automaton.allows(state, id, rule.maxTokens - ids.length))).toEqual(possible);
      if (next < 0 || !possible[next]) return;
      ids.push(kinds[next]!);
      state = automaton.step(state, kinds[next]!);
    }
  });
});

it("where spans fill the limit, a place has other tokens with one more left, though as many", () => {
  const text = (letters: string): Uint8Array => new TextEncoder().encode(letters);
  const vocabulary = new Vocabulary({
    tokens: ["x", "xx", "a", "b"].map(text),
    eosId: null,
    bosId: null,
    encode: () => null,
  });
  const automaton = guideOf(constraint.regex("xx(a|bb)"))!.automaton(SpanRule.of({ max_tokens: 3 }), vocabulary);
  const state = automaton.step(automaton.start, 1);
  const held = (left: number): boolean[] => [2, 3].map((id) => automaton.mask(state, left).has(id));
  expect([2, 1, 2].map(held)).toEqual([
    [false, true],
    [true, false],
    [false, true],
  ]);
});

it("what is too far to be looked for in a large vocabulary is not ruled out", () => {
  const words = [1, 2, 4].flatMap((length) => Array.from({ length: 10 ** length }, (_, n) => wordOf(n, length)));
  const vocabulary = new Vocabulary({
    tokens: [...words.map((word) => new TextEncoder().encode(word)), null],
    eosId: words.length,
    bosId: null,
    encode: () => null,
  });
  const rule = SpanRule.of({ max_tokens: 200 });
  const automaton = guideOf(constraint.chars(300, 400))!.automaton(rule, vocabulary);
  expect(automaton.mask(automaton.start, 200).count).toBe(words.length);
  expect(automaton.mask(automaton.start, 20).count).toBe(0);
});

const wordOf = (n: number, length: number): string =>
  [...String(n).padStart(length, "0")].map((digit) => "abcdefghij"[Number(digit)]!).join("");

it("one byte that is no UTF-8 shows as a character of three", () => {
  const wanted = constraint.regex("a\ufffd");
  const automaton = guideOf(wanted)!.automaton(SpanRule.of({ max_tokens: 2 }), bytes.vocabulary);
  const mask = automaton.mask(automaton.step(automaton.start, 0x61), 1);
  // What may begin a character is left out of a text that ends there.
  expect([0x61, 0x80, 0xff].map((id) => mask.has(id))).toEqual([false, true, false]);
});

describe("a masked text", () => {
  property.prop([randomTable(["a", "b", ".", "</s>"], "</s>"), pattern, fc.integer({ min: 1, max: 3 })], {
    numRuns: 100,
  })("renormalises every token, and says the same of a given string", async (random, source, max_tokens) => {
    const wanted = constraint.regex(source);
    const rule = SpanRule.of({ max_tokens });
    const { vocabulary } = random;
    const expected = new Map<string, number>();
    const visit = (ids: readonly number[], p: number): void => {
      const row = random.row([...ids]);
      const allowed = Array.from({ length: vocabulary.size }, (_, id) => mayFollow(random, rule, wanted, ids, 0, id));
      const weights = allowed.map((a, id) => (a ? Math.exp(row.logProbability(id)) : 0));
      const total = weights.reduce((a, b) => a + b, 0);
      weights.forEach((w, id) => {
        if (w === 0) return;
        const longer = id === vocabulary.eosId ? ids : [...ids, id];
        if (id === vocabulary.eosId || longer.length === max_tokens) {
          const text = rule.textOf(vocabulary, longer);
          expected.set(text, (expected.get(text) ?? 0) + (p * w) / total);
        } else visit(longer, (p * w) / total);
      });
    };
    visit([], 1);
    const masked = lm("m", random).text({ max_tokens }).masked(wanted);
    const actual = await exact(masked, environment());
    for (const text of new Set([...expected.keys(), ...actual.keys()])) {
      expect(Math.abs((actual.get(text) ?? 0) - (expected.get(text) ?? 0))).toBeLessThan(1e-12);
      const p = Math.exp(await logDensityOf(masked, text, environment()));
      expect(Math.abs(p - (expected.get(text) ?? 0))).toBeLessThan(1e-12);
    }
  });

  it("differs from the conditioned one, and can be proposed for it", async () => {
    const writer = table(["a", "b", "c", "</s>"], "</s>", {
      "": [0.5, 0.5, 0, 0],
      a: [0, 0, 0.01, 0.99],
      b: [0, 0, 1, 0],
      c: [0, 0, 0, 1],
      "</s>": [0, 0, 0, 1],
    });
    const wanted = constraint.ends_with("c");
    const text = lm("m", writer).text({ max_tokens: 4 });
    const local = await exact(text.masked(wanted), environment());
    const global = await exact(text.matching(wanted), environment());
    expect(local.get("ac")).toBeCloseTo(0.5, 12);
    expect(global.get("ac")).toBeCloseTo(0.005, 12);
    expect(global.get("bc")).toBeCloseTo(0.5, 12);
    expect(draw(text.matching(wanted), text.masked(wanted))).toBeTypeOf("function");
  });

  it("is refused for what says nothing before the end", () => {
    const counter = { name: "m", countTokens: () => 1 };
    expect(() =>
      lm("m", model)
        .text({})
        .masked(constraint.tokens(1, 2, counter)),
    ).toThrow(/PGLM017|finished/);
    expect(() => lm("m", model).text({}).masked(constraint.regex("a")).masked(constraint.regex("b"))).toThrow(/once/);
  });
});

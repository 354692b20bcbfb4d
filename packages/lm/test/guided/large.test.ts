import { constraint, type Constraint } from "@pgl/constraints";
import { seeded } from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import { LogRow, restrictTokens, SpanRule, TokenDistribution, TokenMask, Vocabulary } from "../../src/index.js";
import { guideOf } from "../../src/guided/guide.js";

const SIZE = 4000;
const alphabet = [...'aeibdfrgonE ,."\\{}[]:0123-\n', "é", "ß", "漢", "😀", "\u{10FFFF}"];

/** All bytes, strings of letters and signs, parts of characters, and special tokens. */
const vocabulary = ((): Vocabulary => {
  const random = seeded(7);
  const encoder = new TextEncoder();
  const tokens: (Uint8Array | null)[] = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
  while (tokens.length < SIZE - 3) {
    const length = 1 + random.below(random.below(8) === 0 ? 40 : 6);
    const bytes = encoder.encode(Array.from({ length }, () => alphabet[random.below(alphabet.length)]!).join(""));
    tokens.push(bytes.slice(random.below(6) === 0 ? 1 : 0, random.below(6) === 0 ? -1 : undefined));
  }
  return new Vocabulary({
    tokens: [...tokens, null, null, null].map((bytes) => (bytes?.length === 0 ? null : bytes)),
    eosId: SIZE - 1,
    bosId: null,
    encode: () => null,
  });
})();

const constraints: readonly (readonly [string, Constraint])[] = [
  ["a keyword", constraint.regex("[^]*\\b(dog|bird|frog)\\b[^]*")],
  ["a letter less", constraint.regex("[^eE]*")],
  ["letters that are counted", constraint.regex("[a-z ,]{3,25}\\.")],
  ["words", constraint.words(2, 4)],
  [
    "several at once",
    constraint.and(constraint.contains("dog"), constraint.not(constraint.contains("fire")), constraint.chars(5, 30)),
  ],
  ["few characters that are no ASCII", constraint.regex("[\\u00e0-\\u00ff\\u6f00-\\u6fff]{1,9}a?")],
  [
    "a schema",
    constraint.json({ type: "object", properties: { ab: { type: "string", maxLength: 12 }, c: {} }, required: ["ab"] }),
  ],
  ["a grammar", constraint.grammar('start: (WORD | "(" start ")" | STRING)+\nWORD: /[a-z]+ /\nSTRING: /"[^"\\n]*"/')],
];

describe("masks of a large vocabulary", () => {
  for (const options of [{}, { stop_before: "\n" }, { stop_at: [". ", "a."], must_stop: true }]) {
    it.each(constraints)(`hold what each token by itself comes to: %s ${JSON.stringify(options)}`, (_, wanted) => {
      const random = seeded(3);
      const rule = SpanRule.of({ max_tokens: 12, ...options });
      const automaton = guideOf(wanted)!.automaton(rule, vocabulary);
      for (let span = 0; span < 3; span++) {
        let state = automaton.start;
        for (let left = 12; left > 0 && state >= 0 && !automaton.hasEnded(state); left--) {
          const mask = automaton.mask(state, left);
          const held: number[] = [];
          for (let id = 0; id < SIZE; id++) {
            if (mask.has(id) !== automaton.allows(state, id, left)) expect.fail(`token ${id} with ${left} left`);
            if (mask.has(id) && id !== vocabulary.eosId) held.push(id);
          }
          if (held.length === 0) break;
          state = automaton.step(state, held[random.below(held.length)]!);
        }
      }
    });
  }
});

describe("a distribution restricted to many tokens", () => {
  const cases: readonly (readonly [string, number, (id: number) => number])[] = [
    ["half of them", 0.5, () => 0],
    ["more than half", 0.6, () => 0],
    ["most", 0.999, () => 0],
    ["more than half, of little probability", 0.6, (id) => (id === 5 ? 12 : 0)],
    ["half, of next to none", 0.45, (id) => (id === 5 ? 900 : 0)],
  ];
  it.each(cases)("has their probability and draws each of them by its own: %s", (_, share, more) => {
    const random = seeded(11);
    const logits = Float64Array.from({ length: SIZE }, (_, id) => 4 * random.uniform() + more(id));
    const left = Array.from({ length: SIZE }, (_, id) => id).filter((id) => id === 5 || random.uniform() >= share);
    const mask = TokenMask.allBut(left, SIZE);
    const { logMass, tokens } = restrictTokens(new TokenDistribution(vocabulary, new LogRow(logits)), mask);
    const top = Math.max(...logits.filter((_, id) => mask.has(id)));
    const weights = logits.map((l, id) => (mask.has(id) ? Math.exp(l - top) : 0));
    const sum = weights.reduce((a, b) => a + b, 0);
    const all = new LogRow(logits).logNormaliser;
    expect(Math.abs(logMass - (top + Math.log(sum) - all))).toBeLessThan(1e-11);
    for (let id = 0; id < SIZE; id++) {
      const p = Math.exp(tokens!.logProbability(id));
      expect(Math.abs(p - weights[id]! / sum)).toBeLessThan(1e-13);
    }
    // The k-th of n even numbers falls on the token that has that share of the sum.
    for (let k = 0; k < 200; k++) {
      const uniform = (k + 0.5) / 200;
      const token = tokens!.sample({ ...seeded(1), uniformAmong: () => uniform });
      let id = -1;
      for (let before = 0; before <= uniform * sum;) before += weights[++id]!;
      expect(vocabulary.idOf(token)).toBe(id);
    }
  });
});

import { fc, test as property } from "@fast-check/vitest";
import { expect } from "vitest";
import { SpanRule, Vocabulary } from "../src/index.js";

// Letters, whole characters, and parts of characters, some of which never become one; a special token.
const pieces = [
  [97],
  [98, 99],
  [],
  [0xc3],
  [0xa9],
  [0xc3, 0xa9],
  [0xf0, 0x9f],
  [0x98, 0x80],
  [0xe2, 0x82],
  [0xff],
  null,
];
const vocabulary = new Vocabulary({
  tokens: pieces.map((bytes) => (bytes === null ? null : Uint8Array.from(bytes))),
  eosId: null,
  bosId: null,
  encode: () => null,
});
const id = fc.nat(pieces.length - 1);

property.prop(
  [fc.array(id, { maxLength: 6 }), fc.constantFrom({}, { stop_at: ["bca"] }, { stop_before: ["é", "aa"] })],
  { numRuns: 400, seed: 1 },
)("texts with one more token are those of all tokens together", (tokens, stops) => {
  const rule = SpanRule.of({ max_tokens: 8, ...stops });
  const next = pieces.map((_, i) => i);
  expect(rule.textsWith(vocabulary, Int32Array.from(tokens), next)).toEqual(
    next.map((token) => rule.textOf(vocabulary, [...tokens, token])),
  );
});

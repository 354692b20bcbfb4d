import { fc, test as property } from "@fast-check/vitest";
import { expect } from "vitest";
import { largest } from "../src/largest.js";

property.prop(
  [fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(-Infinity)), { maxLength: 300 }), fc.nat(60)],
  { numRuns: 300, seed: 1 },
)("the largest entries come first, and of equal ones the earlier", (values, k) => {
  const sorted = values
    .map((_, place) => place)
    .sort((a, b) => (values[a] === values[b] ? a - b : values[b]! - values[a]!));
  expect(largest(values, k)).toEqual(sorted.slice(0, k));
});

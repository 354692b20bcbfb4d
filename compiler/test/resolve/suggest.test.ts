import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance, Suggester } from "../../src/resolve/suggest.js";

const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 7 });

/** Straight from the definition, by recursion. */
function reference(a: string, b: string): number {
  if (a === "" || b === "") return a.length + b.length;
  let best = Math.min(
    reference(a.slice(1), b) + 1,
    reference(a, b.slice(1)) + 1,
    reference(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
  );
  if (a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0])
    best = Math.min(best, reference(a.slice(2), b.slice(2)) + 1);
  return best;
}

describe("editDistance", () => {
  it("is the number of edits, cut at the limit", () => {
    fc.assert(
      fc.property(word, word, fc.integer({ min: 1, max: 8 }), (a, b, limit) => {
        expect(editDistance(a, b, limit)).toBe(Math.min(reference(a, b), limit));
      }),
      { numRuns: 300 },
    );
  });
});

describe("suggestions", () => {
  it.each([
    ["bernouli", ["bernoulli", "binomial"], "bernoulli"],
    ["lenght", ["len", "log"], "len"],
    ["contians", ["contains"], "contains"],
    ["maxTokens", ["max_tokens", "stop_at"], "max_tokens"],
    ["startsWith", ["starts_with", "ends_with"], "starts_with"],
    ["null", ["none"], "none"],
    ["x", ["y", "z"], undefined],
    ["happiness", ["sadness"], undefined],
  ])("for %s", (name, candidates, expected) => expect(new Suggester().suggest(name, candidates)).toBe(expected));

  it("end when many have been asked for, so that checking stays quick", () => {
    const suggester = new Suggester();
    const answers = Array.from({ length: 500 }, () => suggester.suggest("contians", ["contains"]));
    expect(answers[0]).toBe("contains");
    expect(answers[499]).toBeUndefined();
  });
});

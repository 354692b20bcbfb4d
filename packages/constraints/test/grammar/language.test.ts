import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grammarRecogniser } from "../../src/grammar/index.js";
import type { Recogniser } from "../../src/recogniser.js";
import { DEAD } from "../../src/recogniser.js";

/** A grammar over the letters a and b, as options of sequences of names and letters. */
type Rules = Readonly<Record<string, readonly (readonly string[])[]>>;

const LETTERS = ["a", "b"];

/**
 * All strings of up to `length` letters of each rule, by growing sets until nothing is added: the meaning of a grammar as a
 * least fixed point, with nothing of Earley in it.
 */
function languages(rules: Rules, length: number): Map<string, Set<string>> {
  const found = new Map(Object.keys(rules).map((name) => [name, new Set<string>()]));
  for (let grown = true; grown;) {
    grown = false;
    for (const [name, options] of Object.entries(rules)) {
      for (const option of options) {
        let texts = new Set([""]);
        for (const part of option) {
          const next = new Set<string>();
          for (const text of texts) {
            for (const more of found.get(part) ?? [part])
              if (text.length + more.length <= length) next.add(text + more);
          }
          texts = next;
        }
        for (const text of texts) {
          if (found.get(name)!.has(text)) continue;
          found.get(name)!.add(text);
          grown = true;
        }
      }
    }
  }
  return found;
}

const written = (rules: Rules): string =>
  Object.entries(rules)
    .map(
      ([name, options]) =>
        `${name}: ${options.map((o) => o.map((p) => (p in rules ? p : `"${p}"`)).join(" ")).join(" | ")}`,
    )
    .join("\n");

const names = ["start", "x", "y", "z"];
const grammars: fc.Arbitrary<Rules> = fc
  .tuple(
    ...names.map(() =>
      fc.array(fc.array(fc.constantFrom(...LETTERS, ...LETTERS, ...names), { maxLength: 4 }), {
        minLength: 1,
        maxLength: 4,
      }),
    ),
  )
  .map((options) => Object.fromEntries(names.map((name, i) => [name, options[i]!])));

/** Every rule has a text; others are errors. */
function productive(rules: Rules): boolean {
  const done = new Set(LETTERS);
  for (let size = -1; size < done.size;) {
    size = done.size;
    for (const name of Object.keys(rules))
      if (rules[name]!.some((o) => o.every((part) => done.has(part)))) done.add(name);
  }
  return Object.keys(rules).every((name) => done.has(name));
}

function check(rules: Rules, length: number): void {
  const recogniser = grammarRecogniser(written(rules));
  const wanted = languages(rules, length).get("start")!;
  const walk = (state: number, text: string): void => {
    expect([text, state !== DEAD && recogniser.accepts(state)]).toEqual([text, wanted.has(text)]);
    if (state === DEAD) {
      expect([...wanted].some((t) => t.startsWith(text))).toBe(false);
      return;
    }
    const least = shortestBy(wanted, text);
    // The nearest text may be longer than what was enumerated.
    if (least <= length - text.length) expect([text, recogniser.shortest(state)]).toEqual([text, least]);
    else expect(recogniser.shortest(state)).toBeGreaterThan(length - text.length);
    if (text.length < length) for (const c of LETTERS) walk(recogniser.step(state, c.charCodeAt(0)), text + c);
  };
  if (recogniser.start !== DEAD) walk(recogniser.start, "");
}

const shortestBy = (texts: Iterable<string>, prefix: string): number =>
  Math.min(Infinity, ...[...texts].filter((t) => t.startsWith(prefix)).map((t) => t.length - prefix.length));

describe("the language of a grammar", () => {
  it.each<[string, Rules]>([
    ["left recursion", { start: [["start", "a"], ["b"]] }],
    ["right recursion", { start: [["a", "start"], ["b"]] }],
    ["both", { start: [["start", "start"], ["a"], []] }],
    ["hidden left recursion", { start: [["x", "start", "b"], ["a"]], x: [[], ["b"]] }],
    [
      "mutual left recursion",
      {
        start: [["x", "a"], ["a"]],
        x: [
          ["start", "b"],
          ["b", "x"],
        ],
      },
    ],
    ["nested pairs", { start: [["a", "start", "b"], []] }],
    ["palindromes", { start: [["a", "start", "a"], ["b", "start", "b"], ["a"], ["b"], []] }],
    ["a rule of itself", { start: [["start"], ["x"]], x: [["x"], ["a"]] }],
    ["bounded tails", { start: [["a", "start", "x"], []], x: [["b"], []] }],
  ])("%s", (_, rules) => check(rules, 8));

  it("is the least fixed point of its rules (random grammars)", () => {
    fc.assert(
      fc.property(grammars, (rules) => {
        fc.pre(productive(rules));
        check(rules, 6);
      }),
      { numRuns: 400 },
    );
  });
});

const run = (recogniser: Recogniser, text: string): number => {
  let state = recogniser.start;
  for (const byte of new TextEncoder().encode(text)) if (state !== DEAD) state = recogniser.step(state, byte);
  return state;
};

describe("states", () => {
  it("are the same number after right recursion, however long", () => {
    const recogniser = grammarRecogniser('start: "a" start | "b"');
    expect(run(recogniser, "a".repeat(5))).toBe(run(recogniser, "a".repeat(5000)));
    expect(recogniser.states).toBeLessThan(5);
  });

  it("are the same number after left recursion, however long", () => {
    const recogniser = grammarRecogniser('start: start "a" | "b"');
    expect(run(recogniser, "b" + "a".repeat(5))).toBe(run(recogniser, "b" + "a".repeat(5000)));
  });

  it("are the same number at the same depth of brackets", () => {
    const recogniser = grammarRecogniser('start: "(" start ")" start | ');
    expect(run(recogniser, "(()(")).toBe(run(recogniser, "((()())("));
    expect(recogniser.shortest(run(recogniser, "((("))).toBe(3);
  });
});

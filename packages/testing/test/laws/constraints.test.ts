import { constraint } from "@pgl/constraints";
import { expect, test } from "vitest";
import { expectConstraintLaws, LawError } from "../../src/laws/index.js";

const alphabet = ["a", "b", " "];

test("constraints decide every short text as they should", () => {
  const cases: [Parameters<typeof expectConstraintLaws>[0], (text: string) => boolean][] = [
    [constraint.regex("a*b"), (t) => /^a*b$/.test(t)],
    [constraint.regex("a|b "), (t) => t === "a" || t === "b "],
    [constraint.text(["a", "ab"]), (t) => t === "a" || t === "ab"],
    [constraint.contains("ab"), (t) => t.includes("ab")],
    [constraint.starts_with("a"), (t) => t.startsWith("a")],
    [constraint.ends_with("b"), (t) => t.endsWith("b")],
    [constraint.chars(1, 3), (t) => t.length >= 1 && t.length <= 3],
    [constraint.words(2, 2), (t) => t.split(" ").filter((w) => w !== "").length === 2],
    [constraint.not(constraint.contains("a")), (t) => !t.includes("a")],
    [
      constraint.and(constraint.contains("a"), constraint.or(constraint.ends_with("b"), constraint.chars(0, 1))),
      (t) => t.includes("a") && (t.endsWith("b") || t.length <= 1),
    ],
  ];
  for (const [subject, accepts] of cases) {
    const { texts, accepted } = expectConstraintLaws(subject, { alphabet, maxLength: 5, accepts });
    expect(texts).toBe(1 + 3 + 9 + 27 + 81 + 243);
    expect(accepted).toBeGreaterThan(0);
    expect(accepted).toBeLessThan(texts);
  }
});

test("a wrong constraint is caught, with the text it gets wrong", () => {
  const unanchored = { test: (t: unknown) => /a*b/.test(t as string), describe: () => "/a*b/" };
  expect(() => expectConstraintLaws(unanchored, { alphabet, maxLength: 3, accepts: (t) => /^a*b$/.test(t) })).toThrow(
    new LawError('/a*b/ accepts "ba".'),
  );
});

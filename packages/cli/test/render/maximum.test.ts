import type { Choice, Decision } from "@pgl/core";
import picocolors from "picocolors";
import { expect, test } from "vitest";
import { renderMaximum } from "../../src/render/maximum.js";

const plain = picocolors.createColors(false);
const choice = (name: string, value: unknown): Choice => ({ site: { name, kind: "sample" }, value });

test("the draws that attain a maximum", () => {
  const shown = renderMaximum(
    { logValue: 0, logEvidence: 0, choices: [choice("who", "butler"), choice("n", 2)], policy: [] },
    80,
    plain,
  );
  expect(shown).toBe('attained by\n  who = "butler"\n  n = 2\n');
});

test("a policy: what to do after what, and how likely it is to come to that", () => {
  const decide = (value: string, after: readonly Choice[], probability: number): Decision => ({
    ...choice("act", value),
    after,
    probability,
    logValue: 0,
  });
  const policy = [decide("wait", [], 1), decide("go", [choice("act", "wait"), choice("light", "green")], 0.25)];
  expect(renderMaximum({ logValue: 0, logEvidence: 0, choices: [], policy }, 80, plain)).toBe(
    'policy\n  act = "wait"\n  act = "go" after act = "wait", light = "green"  (25.0%)\n',
  );
});

test("of a long way to a decision the end is shown", () => {
  const after = Array.from({ length: 20 }, (_, i) => choice("light", i));
  const policy = [{ ...choice("act", 1), after, probability: 0.5, logValue: 0 }];
  const [, line] = renderMaximum({ logValue: 0, logEvidence: 0, choices: [], policy }, 62, plain).split("\n");
  expect(line).toBe("  act = 1 after …, light = 17, light = 18, light = 19  (50.0%)");
});

test("is cut where it is long", () => {
  const choices = Array.from({ length: 100 }, (_, i) => choice("x", i));
  const lines = renderMaximum({ logValue: 0, logEvidence: 0, choices, policy: [] }, 80, plain).trimEnd().split("\n");
  expect(lines.length).toBe(22);
  expect(lines.at(-1)).toBe("  … 80 more");
});

import { describe, expect, test } from "vitest";
import { expectPotentialLaws, expectTwistLaws, LawError, t3 } from "../../src/index.js";

const texts = ["", "a", "b", "ab"];
const bs = (text: string): number => [...text].filter((c) => c === "b").length;
const potential = (text: string): number => Math.log(t3.potential[bs(text)]!);
const next = (text: string): { token: string; probability: number }[] =>
  text.length === t3.steps
    ? []
    : t3.table.tokens.map((token, i) => ({ token, probability: t3.table.rows[text.slice(-1)]![i]! }));

describe("potentials", () => {
  test("a function of its text, also one that rules texts out", async () => {
    await expectPotentialLaws((t) => t.length, { texts });
    await expectPotentialLaws((t) => (t === "a" ? -Infinity : 0), { texts });
  });
  test("NaN, +Infinity and no number are caught", async () => {
    for (const bad of [NaN, Infinity, "0" as unknown as number, undefined as unknown as number])
      await expect(expectPotentialLaws((t) => (t === "b" ? bad : 0), { texts })).rejects.toThrow(LawError);
  });
  test("one that keeps a state of its own is caught", async () => {
    let calls = 0;
    await expect(expectPotentialLaws(() => calls++, { texts })).rejects.toThrow(/was .* and is now/);
  });
});

describe("twists", () => {
  test("the optimal one is at distance 0, the imperfect one is not", async () => {
    const optimal = await expectTwistLaws((t) => Math.log(t3.optimalTwist[t]!) + t.length, { next, potential });
    expect(optimal).toEqual({ prefixes: 7, distance: expect.closeTo(0, 12) as number });
    const imperfect = await expectTwistLaws((t) => Math.log(t3.imperfectTwist(t)), { next, potential });
    expect(imperfect.distance).toBeGreaterThan(0.1);
  });
  test("one that rules out what may still come true is caught", async () => {
    const run = expectTwistLaws((t) => (t.startsWith("a") ? -Infinity : 0), { next, potential });
    await expect(run).rejects.toThrow(/The twist of "a{1,2}b?" is -Infinity/);
  });
  test("where nothing can come of it, -Infinity is right", async () => {
    const onlyB = (t: string): number => (t.includes("a") ? -Infinity : 0);
    await expectTwistLaws(onlyB, { next, potential: onlyB });
  });
});

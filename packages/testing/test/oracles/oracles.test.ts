import { expect, test } from "vitest";
import { forwardBackward, t3, threeStates } from "../../src/oracles/index.js";

test("T3 has the numbers of its table", () => {
  expect(t3.Z).toBeCloseTo(0.8754, 12);
  expect(t3.logZ).toBeCloseTo(-0.133074, 6);
  const expected = [
    ["aaa", 0.294, 0.1, 0.033585],
    ["aab", 0.126, 1, 0.143934],
    ["aba", 0.036, 1, 0.041124],
    ["abb", 0.144, 0.5, 0.082248],
    ["baa", 0.056, 1, 0.063971],
    ["bab", 0.024, 0.5, 0.013708],
    ["bba", 0.064, 0.5, 0.036555],
    ["bbb", 0.256, 2, 0.584875],
  ] as const;
  expected.forEach(([text, prior, potential, target], i) => {
    const s = t3.strings[i]!;
    expect(s.text).toBe(text);
    expect(s.prior).toBeCloseTo(prior, 12);
    expect(s.potential).toBe(potential);
    expect(s.target).toBeCloseTo(target, 6);
  });
  const twists = { "": 0.8754, a: 0.439, b: 1.53, aa: 0.37, ab: 0.6, ba: 0.85, bb: 1.7 };
  for (const [prefix, value] of Object.entries(twists)) expect(t3.optimalTwist[prefix]).toBeCloseTo(value, 12);
  expect(t3.imperfectTwist("bab")).toBe(3);
});

test("forward-backward equals the sum over all paths", () => {
  const observations = [0.9, -0.2, 1.4, 0.1];
  const model = threeStates.model(observations);
  const exact = forwardBackward(model);
  let total = 0;
  const joint = Array.from({ length: 4 }, () => [0, 0, 0]);
  const visit = (path: number[], p: number): void => {
    const t = path.length;
    if (t === 4) {
      total += p;
      path.forEach((state, i) => (joint[i]![state]! += p));
      return;
    }
    for (let j = 0; j < 3; j++) {
      const step = t === 0 ? model.initial[j]! : model.transition[path[t - 1]!]![j]!;
      visit([...path, j], p * step * Math.exp(model.logLikelihood(j, t)));
    }
  };
  visit([], 1);
  expect(exact.logZ).toBeCloseTo(Math.log(total), 12);
  for (let t = 0; t < 4; t++)
    for (let i = 0; i < 3; i++) expect(exact.smoothing[t]![i]).toBeCloseTo(joint[t]![i]! / total, 12);
});

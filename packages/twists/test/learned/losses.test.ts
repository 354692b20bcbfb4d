import { tensorFlow } from "@pgl/runtime";
import { beforeAll, describe, expect, it } from "vitest";
import { stretchNormalisers, withGradients, type Tf } from "../../src/learned/gradients.js";
import { NOTHING, type LossBatch } from "../../src/learned/losses/loss.js";
import { twistLosses } from "../../src/learned/losses/index.js";

/** A model of two tokens, texts of three, and a potential of the number of `b`: everything is known by enumeration. */
const after = (s: string): readonly number[] => (s === "" ? [0.6, 0.4] : s.endsWith("a") ? [0.7, 0.3] : [0.2, 0.8]);
const next = Object.fromEntries(["", "a", "b", "aa", "ab", "ba", "bb"].map((s) => [s, after(s)]));
const phi = (s: string): number => [0.1, 1, 0.5, 2][s.split("b").length - 1]!;
const texts = ["a", "b"].flatMap((x) => ["a", "b"].flatMap((y) => ["a", "b"].map((z) => x + y + z)));
const p0 = (s: string): number => [...s].reduce((p, c, i) => p * next[s.slice(0, i)]![c === "a" ? 0 : 1]!, 1);

/** The executions of the model, as if each had been drawn once and weighed by its probability. */
function batch(): LossBatch {
  const weights = texts.map((s) => p0(s) * phi(s));
  const total = weights.reduce((a, b) => a + b, 0);
  const logs = Float32Array.from(texts.flatMap((s) => [0, 1, 2].map(() => Math.log(p0(s)))));
  return {
    paths: 8,
    steps: 3,
    groups: 1,
    mask: new Float32Array(24).fill(1),
    positive: Float32Array.from(weights, (w) => w / total),
    logBefore: logs,
    logRatio: logs,
    between: new Float32Array(24),
    logPotential: Float32Array.from(texts, (s) => Math.log(phi(s))),
    largest: Math.log(Math.max(...texts.map(phi))),
    behaviour: Float32Array.from(texts, p0),
    contrast: Float32Array.of(1),
  };
}

/** A table of log ψ by beginning: the parameters. */
const beginnings = ["a", "b", "aa", "ab", "ba", "bb", ...texts];

describe("losses of twists", () => {
  let tf: Tf;
  beforeAll(async () => {
    tf = withGradients(await tensorFlow());
  });

  /** The loss and its gradient in the table. */
  function gradient(name: keyof typeof twistLosses, table: readonly number[], of: LossBatch): Map<string, number> {
    const which = new Float32Array(24 * beginnings.length);
    texts.forEach((s, k) =>
      [0, 1, 2].forEach((t) => (which[(3 * k + t) * beginnings.length + beginnings.indexOf(s.slice(0, t + 1))] = 1)),
    );
    const both = new Float32Array(48 * beginnings.length);
    texts.forEach((s, k) =>
      [0, 1, 2].forEach((t) =>
        ["a", "b"].forEach(
          (c, v) => (both[(2 * (3 * k + t) + v) * beginnings.length + beginnings.indexOf(s.slice(0, t) + c)] = 1),
        ),
      ),
    );
    const prior = Float32Array.from(
      texts.flatMap((s) => [0, 1, 2].flatMap((t) => next[s.slice(0, t)]!.map((p) => Math.log(p)))),
    );
    const value = (parameters: ReturnType<Tf["tensor"]>) =>
      twistLosses[name].value(tf, of, {
        chosen: () => tf.reshape(tf.matMul(tf.tensor2d(which, [24, beginnings.length]), parameters), [8, 3]),
        logMeans: () =>
          tf.reshape(
            stretchNormalisers(
              tf,
              tf.reshape(tf.matMul(tf.tensor2d(both, [48, beginnings.length]), parameters), [48]),
              prior,
              Int32Array.from({ length: 24 }, (_, i) => 2 * i + 2),
            ),
            [8, 3],
          ),
      });
    const found = tf
      .grad(value)(tf.tensor2d([...table], [beginnings.length, 1]))
      .dataSync();
    return new Map(beginnings.map((s, i) => [s, found[i]!]));
  }

  const optimal = beginnings.map((s) => {
    const some = texts.filter((x) => x.startsWith(s));
    return Math.log(some.reduce((sum, x) => sum + p0(x) * phi(x), 0) / some.reduce((sum, x) => sum + p0(x), 0));
  });
  const table = beginnings.map((_, i) => Math.sin(3 * i) / 2);

  it("CTL: the gradient is the target's expectation less the twisted model's, at each step", () => {
    const found = gradient("ctl", table, batch());
    const z = texts.reduce((sum, s) => sum + p0(s) * phi(s), 0);
    for (const length of [1, 2, 3]) {
      const some = beginnings.filter((s) => s.length === length);
      const model = (s: string): number => texts.filter((x) => x.startsWith(s)).reduce((sum, x) => sum + p0(x), 0);
      const twisted = some.map((s) => model(s) * Math.exp(table[beginnings.indexOf(s)]!));
      const total = twisted.reduce((a, b) => a + b, 0);
      some.forEach((s, i) => {
        const target = texts.filter((x) => x.startsWith(s)).reduce((sum, x) => sum + p0(x) * phi(x), 0) / z;
        expect(found.get(s)! * 3).toBeCloseTo(-(target - twisted[i]! / total), 5);
      });
    }
  });

  it("CTL: the numbers of the twist 1 + number of b", () => {
    const psi = beginnings.map((s) => Math.log(s.split("b").length));
    const found = gradient("ctl", psi, batch());
    // Ascent directions, each a mean over three steps here.
    const ascent = (s: string): number => -3 * found.get(s)!;
    const expected = { a: -0.12768, b: 0.12768, aa: -0.043534, ab: -0.066102, ba: -0.006532, bb: 0.116167 };
    for (const [s, number] of Object.entries(expected)) expect(Math.abs(ascent(s) - number)).toBeLessThan(1.5e-6);
  });

  it("CTL: an exact positive beside any one draw of the model has its minimum at the optimal twist", () => {
    // Every pair of them, by how often it comes.
    const z = texts.reduce((sum, s) => sum + p0(s) * phi(s), 0);
    const mean = (psi: readonly number[]): number[] => {
      const sums = beginnings.map(() => 0);
      const own = batch();
      for (const [i, positive] of texts.entries()) {
        for (const [j, negative] of texts.entries()) {
          const weighs = (k: number): number => (k === i || k === j ? 0 : NOTHING);
          const pair = {
            ...own,
            positive: Float32Array.from(texts, (_, k) => (k === i ? 1 : 0)),
            logBefore: Float32Array.from(texts.flatMap((_, k) => [0, 1, 2].map(() => weighs(k)))),
          };
          const share = ((p0(positive) * phi(positive)) / z) * p0(negative);
          [...gradient("ctl", psi, pair).values()].forEach((g, b) => (sums[b]! += share * g));
        }
      }
      return sums;
    };
    for (const g of mean(optimal)) expect(Math.abs(g)).toBeLessThan(1e-6);
    expect(Math.max(...mean(table).map(Math.abs))).toBeGreaterThan(1e-3);
  });

  it.each(["ctl", "sixo", "rl", "dpg"] as const)("%s has no gradient at the optimal twist", (name) => {
    const z = texts.reduce((sum, s) => sum + p0(s) * phi(s), 0);
    const psi = name === "sixo" ? optimal.map((x) => x - Math.log(z)) : optimal;
    for (const g of gradient(name, psi, batch()).values()) expect(Math.abs(g)).toBeLessThan(1e-6);
    const away = [...gradient(name, table, batch()).values()];
    expect(Math.max(...away.map(Math.abs))).toBeGreaterThan(1e-3);
  });

  it.each(["ctl", "sixo", "rl", "dpg", "fudge"] as const)("%s moves a twist that says nothing", (name) => {
    const found = gradient(
      name,
      beginnings.map(() => 0),
      batch(),
    );
    expect(Math.max(...[...found.values()].map(Math.abs))).toBeGreaterThan(1e-3);
  });

  it("FUDGE has no gradient where ψ is the expected label", () => {
    const most = Math.max(...texts.map(phi));
    const logits = optimal.map((log) => {
      const p = Math.exp(log) / most;
      return Math.log(p / (1 - p + 1e-12));
    });
    // The largest label is 1, whose logit has no end.
    const found = gradient(
      "fudge",
      logits.map((x) => Math.min(x, 25)),
      batch(),
    );
    for (const g of found.values()) expect(Math.abs(g)).toBeLessThan(1e-6);
  });

  it("executions that ended before count with what they weigh", () => {
    const short = batch();
    const mask = short.mask.slice();
    const logBefore = short.logBefore.slice();
    // The first text ends after one token, having weighed 2.
    mask[1] = mask[2] = 0;
    logBefore[1] = logBefore[2] = Math.log(p0("aaa") * 2);
    const ended = { ...short, mask, logBefore };
    const found = gradient("ctl", table, ended);
    const others = texts.slice(1);
    const psi = (s: string): number => Math.exp(table[beginnings.indexOf(s)]!);
    // Of each beginning of one token that goes on, both that may come next.
    const weight = (s: string, c: string): number => p0(s) * next[s[0]!]![c === "a" ? 0 : 1]! * psi(s[0]! + c);
    const total = others.reduce((sum, s) => sum + weight(s, "a") + weight(s, "b"), 0) + p0("aaa") * 2;
    const expected = others.reduce((sum, s) => {
      const target = s.startsWith("bb") ? short.positive[texts.indexOf(s)]! : 0;
      return sum + target - (s.startsWith("b") ? weight(s, "b") / total : 0);
    }, 0);
    expect(found.get("bb")! * 3).toBeCloseTo(-expected, 5);
    expect(NOTHING).toBeLessThan(-1e29);
  });
});

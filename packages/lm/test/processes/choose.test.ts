import { describe, expect, it } from "vitest";
import { choice } from "@pgl/runtime";
import fc from "fast-check";
import { lm } from "../../src/index.js";
import { answer, draw, exact, logDensityOf, program, returnLast, run } from "../programs.js";
import { letters, lookUp, randomTable, table } from "../tables.js";

/** What is similar to the sky? By its first token "skill" looks good; as a whole it is nearly impossible. */
const sky = () =>
  table(["sk", "y", "ill", "cl", "oud", "</s>"], "</s>", {
    "": [0.6, 0.05, 0.05, 0.3, 0, 0],
    sk: [0, 0.96, 0.02, 0, 0, 0.02],
    y: [0, 0, 0, 0, 0, 1],
    ill: [0, 0, 0, 0, 0, 1],
    cl: [0, 0.05, 0, 0, 0.95, 0],
    oud: [0, 0, 0, 0, 0, 1],
    "</s>": [0, 0, 0, 0, 0, 1],
  });

describe("choose", () => {
  it("is proportional to the probability of the whole strings: `cloud`, not `skill`", async () => {
    const p = await exact(lm("m", sky()).choose({ options: ["skill", "cloud"] }));
    const [skill, cloud] = [0.6 * 0.02, 0.3 * 0.95];
    expect(p.get("skill")).toBeCloseTo(skill / (skill + cloud), 14);
    expect(p.get("cloud")).toBeCloseTo(cloud / (skill + cloud), 14);
  });

  it("matches numbers looked up one by one, on random tables", async () => {
    await fc.assert(
      fc.asyncProperty(
        randomTable(["a", "b", "c", "$"], "$"),
        fc.uniqueArray(fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 3 }), {
          minLength: 1,
          maxLength: 4,
        }),
        async (model, options) => {
          const weights = options.map((o) => lookUp(model, [...o], ["b"]));
          const total = weights.reduce((a, b) => a + b, 0);
          fc.pre(total > 0);
          const choose = lm("m", model).choose({ after: "b", options });
          const p = await exact(choose);
          for (const [i, option] of options.entries()) {
            expect(p.get(option) ?? 0).toBeCloseTo(weights[i]! / total, 12);
            expect(Math.exp(await logDensityOf(choose, option))).toBeCloseTo(weights[i]! / total, 12);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("gives an option that begins another its own probability, without an ending", async () => {
    const p = await exact(lm("m", letters()).choose({ options: ["a", "ab"] }));
    expect(p.get("ab")! / p.get("a")!).toBeCloseTo(0.6, 13);
  });

  it("is proportional to exp(score), token by token after the tokens of the context", async () => {
    const model = table(["a", "b", "ab"], null, {
      "": [0.5, 0.2, 0.3],
      a: [0.9, 0.05, 0.05],
      b: [1, 0, 0],
      ab: [0.2, 0.4, 0.4],
    });
    const m = lm("m", model);
    const p = await exact(m.choose({ after: "a", options: ["b", "a", "aba"] }));
    const scores = await Promise.all(["b", "a", "aba"].map((o) => answer(m.score(o, { after: "a" }))));
    expect(scores.map(Math.exp)).toEqual([0.05, 0.9, 0.05 * 0.2].map((x) => expect.closeTo(x, 14) as number));
    const total = 0.05 + 0.9 + 0.01;
    expect(["b", "a", "aba"].map((o) => p.get(o))).toEqual(
      [0.05, 0.9, 0.01].map((x) => expect.closeTo(x / total, 13) as number),
    );
  });

  it("counts equal options once, and takes proposals", async () => {
    const m = lm("m", letters());
    expect((await exact(m.choose({ options: ["a", "b", "a"] }))).get("a")).toBeCloseTo(0.5 / 0.8, 13);
    const particle = await run(program(draw(m.choose({ options: ["a", "b"] }), choice(["b"])), returnLast));
    expect(particle.value).toBe("b");
    expect(particle.logWeight).toBeCloseTo(Math.log(0.3 / 0.8), 12);
    expect(particle.trace!.logDensity).toBeCloseTo(Math.log(0.3 / 0.8), 12);
    const proposed = await run(
      program(draw(m.choose({ options: ["a", "b"] }), m.choose({ options: ["b"] })), returnLast),
    );
    expect(proposed.logWeight).toBeCloseTo(Math.log(0.3 / 0.8), 12);
  });

  it("refuses no options, impossible options and what it cannot spell", async () => {
    const m = lm("m", sky());
    expect(() => m.choose({ options: [] })).toThrow(/at least one/);
    await expect(exact(m.choose({ options: ["oud"] }))).rejects.toMatchObject({ code: "PGLM009" });
    await expect(exact(m.choose({ options: ["sky", "x"] }))).rejects.toMatchObject({ code: "PGLM008" });
  });
});

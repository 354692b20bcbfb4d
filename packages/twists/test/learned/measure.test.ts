import { compile, train } from "@pgl/core";
import { TableModel } from "@pgl/lm";
import { importance, RunEnvironment, seeded, smc, target, type Method, type Model } from "@pgl/runtime";
import { expectProperlyWeighted } from "@pgl/testing";
import { beforeAll, describe, expect, it } from "vitest";
import type { LearnedTwist } from "../../src/index.js";
import { drawExecutions } from "../../src/learned/executions.js";
import { ratiosTowards } from "../../src/learned/learned-twist.js";

/** Two tokens of it are never likely: they are beyond the shortlist of a learned twist. */
const rare = TableModel.from({
  tokens: ["a", "b", "c", "d", "</s>"],
  eos: "</s>",
  order: 1,
  rows: {
    "": [0.6, 0.2999, 0.0001, 0, 0.1],
    a: [0.3, 0.4998, 0.0001, 0.0001, 0.2],
    b: [0.5, 0.1999, 0.0001, 0.2, 0.1],
    c: [0.3, 0.3, 0.3, 0, 0.1],
    d: [0.25, 0.25, 0.25, 0, 0.25],
    "</s>": [0.2, 0.2, 0.2, 0.2, 0.2],
  },
});

const source = (length: number): string => `lm toy = "toy"
model wanted(bonus: float): string {
  let x ~ toy.text(after: "", max_tokens: ${length})
  factor bonus * count(x, "b") + (if ends_with(x, "a") { 0.0 } else { -1.5 })
  return x
}
`;

/** The method, of runs that draw `x` towards a twist. */
const towards = (method: Method, twist: LearnedTwist): Method => ({
  name: method.name,
  options: method.options,
  guarantee: method.guarantee,
  run: (of, { random }) => {
    const twists = { automatic: false, given: new Map([["x", twist]]) };
    const services = new Map<string, unknown>([
      ["lm:toy", rare],
      ["twists", twists],
    ]);
    return method.run(of, new RunEnvironment(services, random));
  },
});

describe.each(["ctl", "dpg", "fudge"] as const)("a twist learned by %s", (loss) => {
  const wanted = async (length: number): Promise<Model> =>
    (await compile.source(source(length), { lms: { toy: rare }, passes: "none" })).models["wanted"]!;
  let twist: LearnedTwist;

  beforeAll(async () => {
    const trainer = await train(await wanted(2), [[0.8]], { lms: { toy: rare }, loss, steps: 16, seed: 2 });
    twist = trainer.twist.with([0.8]).trusting(rare);
  });

  it.each([
    [2, importance({ samples: 1 })],
    [1, smc({ particles: 2, ess: 1, resampler: "multinomial" })],
  ] as const)("leaves the measure as it is, of at most %i tokens", async (length, method) => {
    const { outcomes } = await expectProperlyWeighted({
      program: await wanted(length),
      args: [0.8],
      lms: { toy: rare },
      method: towards(method, twist),
    });
    expect(outcomes).toBeGreaterThan(20);
  });

  it("is drawn towards by as much as is said", async () => {
    const model = await wanted(2);
    const services = new Map([["lm:toy", rare]]);
    const options = { span: "x", twist, window: 2 };
    const { executions } = await drawExecutions(target(model, [0.8] as never), services, seeded(1), 300, options);
    for (const { places, tokens, logRatio, logRatioBefore } of executions) {
      const said = ratiosTowards(twist, null, places, tokens);
      tokens.forEach((_, t) => {
        expect(said.logRatio[t]).toBeCloseTo(logRatio[t]!, 5);
        expect(said.logRatioBefore[t]).toBeCloseTo(logRatioBefore[t]!, 5);
      });
    }
    expect(new Set(executions.flatMap((e) => e.tokens)).size).toBeGreaterThan(2);
  });
});

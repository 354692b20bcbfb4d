import { compile, train } from "@pgl/core";
import { TableModel } from "@pgl/lm";
import {
  answerRequests,
  importance,
  Particle,
  RunEnvironment,
  runToCheckpoint,
  seeded,
  smc,
  startJournal,
  Status,
  target,
  type JournalNode,
  type Method,
  type Model,
} from "@pgl/runtime";
import { expectProperlyWeighted } from "@pgl/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { LearnedTwist } from "../../src/index.js";
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

/** What runs need that draw `x` towards a twist. */
const services = (twist: LearnedTwist): ReadonlyMap<string, unknown> =>
  new Map<string, unknown>([
    ["lm:toy", rare],
    ["twists", { automatic: false, given: new Map([["x", twist]]) }],
  ]);

/** The method, of runs that draw `x` towards a twist. */
const towards = (method: Method, twist: LearnedTwist): Method => ({
  name: method.name,
  options: method.options,
  guarantee: method.guarantee,
  run: (of, { random }) => method.run(of, new RunEnvironment(services(twist), random)),
});

/** One execution: its twist before each token, and log p0/q of each. */
async function steered(
  model: Model,
  twist: LearnedTwist,
  seed: number,
): Promise<{ readonly twists: readonly number[]; readonly logRatios: readonly number[] }> {
  const random = seeded(seed);
  const environment = new RunEnvironment(services(twist), random.split(0));
  const particle = new Particle(model.start(0.8), random.split(1), environment);
  particle.twists = "given";
  startJournal(particle);
  const twists: number[] = [];
  for (let tick = 0; ;) {
    const status = runToCheckpoint(particle);
    if (status === Status.Waiting) await answerRequests([particle], environment, tick++);
    else if (status === Status.Checkpoint) twists.push(particle.logTwist);
    else break;
  }
  const logRatios: number[] = [];
  for (let at: JournalNode | null = particle.journal; at !== null && at.length > 0; at = at.previous)
    if (at.site.kind === "token") logRatios.unshift(at.logRatio);
  return { twists, logRatios };
}

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

  it("steers by the weight that it expects, and a proposal by what it has made more probable", async () => {
    const model = await wanted(3);
    const more = new LearnedTwist({ ...twist.data, offset: twist.data.offset + 1 }, [0.8]).trusting(rare);
    const lengths = new Set<number>();
    for (let seed = 1; seed <= 30; seed++) {
      const { twists: all, logRatios } = await steered(model, twist, seed);
      // A text that ends early waits for the longest.
      expect(all).toHaveLength(3);
      const twists = all.slice(0, logRatios.length);
      lengths.add(twists.length);
      let made = 0;
      twists.forEach((log, t) => {
        if (loss === "dpg") expect(log).toBeCloseTo(made, 9);
        // A hundredth of each draw is plain.
        made += Math.log((Math.exp(-logRatios[t]!) - 0.01) / 0.99);
      });
      const others = await steered(model, more, seed);
      others.twists.slice(0, twists.length).forEach((log, t) => {
        expect(others.logRatios[t]).toBeCloseTo(logRatios[t]!, 9);
        expect(log - twists[t]!).toBeCloseTo(loss === "dpg" ? 0 : 1, 9);
      });
    }
    expect([...lengths].sort()).toEqual([1, 2, 3]);
  });
});

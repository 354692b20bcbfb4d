import { constraint, TextConstraint, type Constraint } from "@pgl/constraints";
import { lm, TableModel, type GuideChoice } from "@pgl/lm";
import {
  alive,
  Frame,
  importance,
  smc,
  site,
  type Method,
  type Model,
  type Op,
  type Particle,
  type Process,
} from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import { expectProperlyWeighted } from "../../src/index.js";

const DRAW = site({ name: "t", kind: "sample" });

class DrawOne extends Frame {
  constructor(
    private readonly text: Process<string>,
    private readonly proposal: Process<string> | null,
  ) {
    super();
  }
  step(particle: Particle): Op {
    return this.pc++ === 0 ? particle.sample(this.text, DRAW, this.proposal) : particle.return(particle.value);
  }
  protected copy(): Frame {
    return new DrawOne(this.text, this.proposal);
  }
}

const drawing = (text: Process<string>, proposal: Process<string> | null = null): Model<[], unknown> => ({
  kind: "model",
  name: "drawing",
  parameters: [],
  sites: [],
  start: () => new DrawOne(text, proposal),
});

const model = TableModel.from({
  tokens: ["a", "b", "</s>"],
  eos: "</s>",
  order: 1,
  rows: { "": [0.6, 0.3, 0.1], a: [0.2, 0.5, 0.3], b: [0.7, 0.1, 0.2], "</s>": [0.3, 0.3, 0.4] },
});
const other = TableModel.from({
  tokens: ["a", "b", "</s>"],
  eos: "</s>",
  order: 1,
  rows: { "": [0.2, 0.6, 0.2], a: [0.4, 0.4, 0.2], b: [0.1, 0.6, 0.3], "</s>": [0.3, 0.3, 0.4] },
});

const wanted: readonly [string, Constraint][] = [
  ["a regular expression", constraint.regex("a*b|ba")],
  ["one that a mask must look ahead for", constraint.regex("(ab)*")],
  ["a contained string", constraint.contains("ab")],
  ["a negation", constraint.not(constraint.contains("a"))],
];

const methods: readonly [string, Method][] = [
  ["smc of 2", smc({ particles: 2 })],
  ["smc of 2, resampled at every step", smc({ particles: 2, ess: 1, resampler: "multinomial" })],
  ["smc of 1", smc({ particles: 1 })],
  ["importance of 2", importance({ samples: 2 })],
];

describe("guided spans", () => {
  for (const [what, c] of wanted) {
    for (const [how, method] of methods) {
      it(`are properly weighted with ${what}, by ${how}`, async () => {
        const text = lm("m", model).text({ max_tokens: 3, matching: c });
        const { outcomes } = await expectProperlyWeighted({ program: drawing(text), method });
        expect(outcomes).toBeGreaterThan(0);
      });
    }
  }

  it.each<GuideChoice>(["awrs", "mask", "none"])("mean the same by %s", async (guide) => {
    for (const [, c] of wanted) {
      const free = lm("m", model).text({ max_tokens: 2, matching: c, guide: "none" });
      const guided = lm("m", model).text({ max_tokens: 2, matching: c, guide });
      for (const method of [smc({ particles: 1 }), ...(guide === "awrs" ? [] : [smc({ particles: 2, ess: 1 })])]) {
        await expectProperlyWeighted({
          program: drawing(guided),
          method,
          expected: await exactly(free),
        });
      }
    }
  });

  it.each<GuideChoice>(["awrs", "mask", "none"])(
    "are properly weighted by the alive filter, guided by %s",
    async (guide) => {
      // Trying tokens, or whole texts, has many outcomes: spans of one token then.
      const max_tokens = guide === "mask" ? 2 : 1;
      for (const [, c] of wanted) {
        const text = lm("m", model).text({ max_tokens, matching: c, guide });
        const expected = await exactly(lm("m", model).text({ max_tokens, matching: c, guide: "none" }));
        const method = alive({ particles: guide === "awrs" ? 1 : 2, max_attempts: guide === "awrs" ? 2 : 3 });
        await expectProperlyWeighted({ program: drawing(text), method, expected });
      }
    },
  );

  it("mean the same when a part of the constraint can only be asked at the end", async () => {
    const odd = new TextConstraint(
      "of an odd length",
      (text) => text.length % 2 === 1,
      () => null,
    );
    const c = constraint.and(constraint.regex("a*b|ba"), odd);
    const free = lm("m", model).text({ max_tokens: 3, matching: c, guide: "none" });
    for (const guide of ["awrs", "mask"] as const) {
      const guided = lm("m", model).text({ max_tokens: 3, matching: c, guide });
      await expectProperlyWeighted({
        program: drawing(guided),
        method: smc({ particles: 1 }),
        expected: await exactly(free),
      });
    }
  });

  it("mean the same when their tokens are masked by another constraint", async () => {
    const mask = constraint.regex("(a|b)*a(a|b)*");
    const wanted = constraint.contains("b");
    for (const [particles, max_tokens] of [
      [1, 3],
      [2, 2],
    ] as const) {
      const free = lm("m", model).text({ max_tokens, matching: wanted, guide: "none" });
      const guided = lm("m", model).text({ max_tokens, matching: wanted, guide: "mask" });
      await expectProperlyWeighted({
        program: drawing(guided.masked(mask)),
        method: smc({ particles, ess: 1 }),
        expected: await exactly(free.masked(mask)),
      });
    }
  });

  it("are properly weighted when drawn from a proposal, masked or not", async () => {
    const c = constraint.regex("a*b|ba");
    const text = lm("m", model).text({ max_tokens: 3, matching: c });
    const better = lm("n", other).text({ max_tokens: 3 });
    for (const proposal of [better, better.masked(c), lm("m", model).text({ max_tokens: 3 }).masked(c)]) {
      await expectProperlyWeighted({
        program: drawing(text, proposal),
        method: smc({ particles: 2 }),
        expected: await exactly(text),
      });
    }
  });
});

describe("a masked span", () => {
  it("is a distribution: drawn by any method as it is", async () => {
    const text = lm("m", model).text({ max_tokens: 3 }).masked(constraint.regex("a*b|ba"));
    await expectProperlyWeighted({ program: drawing(text), method: smc({ particles: 2 }) });
    const measure = await exactly(text);
    expect(Math.exp(measure.logZ)).toBeCloseTo(1, 12);
  });
});

async function exactly(text: Process<string>) {
  const { enumerate, RunEnvironment, seeded, target } = await import("@pgl/runtime");
  const { measureOf } = await import("../../src/index.js");
  const posterior = await enumerate({ tolerance: 0 }).run(
    target(drawing(text), []),
    new RunEnvironment(new Map(), seeded(1)),
  );
  return measureOf(posterior);
}

import { constraint } from "@pgl/constraints";
import { fc, test as property } from "@fast-check/vitest";
import { answerRequests, Particle, RunEnvironment, runToCheckpoint, site, smc, Status } from "@pgl/runtime";
import { seeded, type Drawable } from "@pgl/runtime";
import { enumerateOutcomes, expectProperlyWeighted } from "@pgl/testing";
import { describe, expect, test } from "vitest";
import { lm } from "../../src/index.js";
import { draw, OBSERVE, program, returnLast, runWith } from "../programs.js";
import { letters, randomTable } from "../tables.js";

const MAX_TOKENS = 4;
const writer = lm("m", letters());
const cut = { max_tokens: MAX_TOKENS, stop_at: "." };
const plain = writer.text(cut);
const bs = (text: string): number => text.split("b").length - 1;

const draws: readonly (readonly [string, Drawable<string>])[] = [
  ["a text", plain],
  ["one that must match", writer.text({ ...cut, matching: constraint.regex("[^]*a[^]*") })],
  ["one whose tokens are tried", writer.text({ ...cut, matching: constraint.regex("[ab]*\\.?"), guide: "awrs" })],
  ["one under a mask", plain.masked(constraint.regex("a*b?\\.?"))],
  ["one towards a function", writer.text({ ...cut, twist: bs })],
  [
    "a product",
    plain.multiply([
      { part: plain, exponent: 1 },
      { part: plain.tempered(2), exponent: 1 },
    ]),
  ],
];

/** By text, the checkpoints of executions up to where a text has been observed after it. */
async function checkpointsOf(text: Drawable<string>, twists: Particle["twists"]): Promise<ReadonlyMap<string, number>> {
  // To observe is to ask the model first, and an execution that was weighed comes to a checkpoint before it asks.
  const model = program(
    draw(text),
    (particle) => particle.observe(plain, "ab", OBSERVE),
    draw(plain, null, site({ name: "y", kind: "sample" })),
    returnLast,
  );
  const found = new Map<string, number>();
  for (let seed = 1; seed <= 60; seed++) {
    const environment = new RunEnvironment(new Map(), seeded(seed).split(0));
    const particle = new Particle(model.start(), seeded(seed).split(1), environment);
    particle.twists = twists;
    let status: Status = Status.Checkpoint;
    let asked: number | null = null;
    for (let tick = 0; asked === null && status < Status.Done;) {
      const before = particle.checkpoints;
      const logWeight = particle.logWeight;
      status = runToCheckpoint(particle);
      if (status === Status.Waiting) await answerRequests([particle], environment, tick++);
      if (particle.trace !== null && particle.logWeight < logWeight - 1) asked = before;
    }
    if (asked !== null) found.set(String(particle.trace!.value), asked);
  }
  return found;
}

describe("a text that ends before others", () => {
  test.each(draws)("comes to what is next at the same checkpoint: %s", async (_, text) => {
    const checkpoints = await checkpointsOf(text, "automatic");
    const lengths = new Set([...checkpoints.keys()].map((value) => value.length));
    expect(lengths.size).toBeGreaterThan(2);
    expect(new Set(checkpoints.values()).size).toBe(1);
  });

  test("does not wait where nobody compares executions", async () => {
    const checkpoints = await checkpointsOf(plain, "none");
    expect(new Set(checkpoints.values()).size).toBeGreaterThan(2);
  });

  test("waits at most a thousand steps or so", async () => {
    const long = writer.text({ stop_at: ".", max_tokens: 1_000_000 });
    const all = [...(await checkpointsOf(long, "automatic")).values()];
    expect(Math.max(...all)).toBeLessThan(1200);
  });

  // Resampled between texts that have paid and texts that have not, Ẑ would vary by whom it keeps.
  test("is not held against those that go on: what every text weighs leaves no variance", async () => {
    const model = program(draw(plain), (particle) => particle.factor(-3, OBSERVE), returnLast);
    const method = smc({ particles: 2, ess: 1, resampler: "multinomial" });
    const outcomes = await enumerateOutcomes(
      async (random) => (await runWith(method, model, new RunEnvironment(new Map(), random))).logZ.estimate,
      { maxOutcomes: 400_000 },
    );
    for (const { value } of outcomes) expect(value).toBeCloseTo(-3, 9);
  });

  property.prop([randomTable(["a", "b", "."], "."), fc.constantFrom(1, 0.6), fc.boolean()], { numRuns: 12, seed: 5 })(
    "leaves the measure as it is",
    async (model, ess, isTwisted) => {
      const text = lm("m", model).text({ max_tokens: 2, stop_at: ".", ...(isTwisted ? { twist: bs } : {}) });
      await expectProperlyWeighted({
        program: program(
          draw(text),
          (particle, [first]) => particle.factor(bs(first as string), OBSERVE),
          draw(text),
          (particle, [first, , second]) => particle.factor(first === second ? 1 : 0, OBSERVE),
          (particle, [first, , second]) => particle.return(`${first as string},${second as string}`),
        ),
        method: smc({ particles: 1, ess }),
        maxOutcomes: 400_000,
      });
      await expectProperlyWeighted({
        program: program(draw(text), (particle, [first]) => particle.factor(bs(first as string), OBSERVE), returnFirst),
        method: smc({ particles: 2, ess, resampler: "multinomial" }),
        maxOutcomes: 400_000,
      });
    },
  );
});

const returnFirst = (particle: Particle, [first]: readonly unknown[]) => particle.return(first);

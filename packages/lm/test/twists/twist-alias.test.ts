import { constraint } from "@pgl/constraints";
import { enumerate, RunEnvironment, seeded, site, smc } from "@pgl/runtime";
import { enumerateOutcomes, t3 } from "@pgl/testing";
import { expect, test } from "vitest";
import { lm, type SpanTwist, TableModel, TwistAlias, type TwistService } from "../../src/index.js";
import { draw, OBSERVE, program, returnLast, runWith } from "../programs.js";

const toy = TableModel.from(t3.table);
const alias = new TwistAlias("ahead", "twists/t.json", site({ name: "ahead", kind: "twist", line: 2, column: 1 }));

/** Prefers what comes later in the vocabulary, more so with fewer tokens left, and outlasts the text. */
const uneven: SpanTwist = {
  name: "uneven",
  open: ({ session }) => ({
    start: null,
    outlasts: true,
    next: (_state, _node, left) => Float64Array.from({ length: session.model.vocabulary.size }, (_, id) => id / left),
    advance: () => null,
  }),
};

const named = (twist: SpanTwist | null): TwistService => ({ automatic: true, named: () => twist });

test.each([
  ["free", {}],
  ["conditioned", { matching: constraint.regex("a*(ba*ba*)*") }],
])("a %s text that names its twist by an alias keeps its measure, over all outcomes", async (_, options) => {
  const text = program(
    draw(lm("m", toy).text({ max_tokens: 3, twist: alias, ...options })),
    (particle, [drawn]) => particle.factor((drawn as string).split("b").length, OBSERVE),
    (particle, [drawn]) => particle.return(drawn),
  );
  const exact = (await runWith(enumerate(), text, new RunEnvironment(new Map(), seeded(1)))).logZ.estimate!;
  for (const service of [named(uneven), named(null)]) {
    const outcomes = await enumerateOutcomes((random) =>
      smc({ particles: 1 }).run(
        { name: "t", model: text, arguments: [], start: () => text.start() },
        new RunEnvironment(new Map([["twists", service]]), random),
      ),
    );
    let mean = 0;
    for (const { value, probability } of outcomes) mean += probability * Math.exp(value.logZ.estimate!);
    expect(mean / Math.exp(exact)).toBeCloseTo(1, 10);
  }
});

test("the twist of an alias comes before those that a run is given; without one these are asked", async () => {
  const text = program(draw(lm("m", toy).text({ max_tokens: 3, twist: alias })), returnLast);
  const used: string[] = [];
  const given: SpanTwist = { ...uneven, name: "given" };
  for (const twist of [uneven, null]) {
    const service: TwistService = {
      ...named(twist),
      given: { get: () => given } as unknown as ReadonlyMap<string, SpanTwist>,
      used: (_draw, name) => used.push(name),
    };
    await smc({ particles: 1 }).run(
      { name: "t", model: text, arguments: [], start: () => text.start() },
      new RunEnvironment(new Map([["twists", service]]), seeded(1)),
    );
  }
  expect(used).toEqual(["uneven", "given"]);
});

test("a run that reads no files says so", async () => {
  const text = program(draw(lm("m", toy).text({ max_tokens: 3, twist: alias })), returnLast);
  const run = smc({ particles: 1 }).run(
    { name: "t", model: text, arguments: [], start: () => text.start() },
    new RunEnvironment(new Map(), seeded(1)),
  );
  await expect(run).rejects.toMatchObject({
    code: "PGLM022",
    message: "This run reads no file for the twist `ahead`.",
  });
});

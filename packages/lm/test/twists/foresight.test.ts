import { constraint, type Constraint } from "@pgl/constraints";
import { fc, test as property } from "@fast-check/vitest";
import { type Drawable, importance, Op, Particle, RunEnvironment, seeded, smc } from "@pgl/runtime";
import { expectProperlyWeighted, t3 } from "@pgl/testing";
import { describe, expect, test } from "vitest";
import {
  type Foresight,
  foreseen,
  foreseenTwist,
  type LanguageModel,
  lm,
  settle,
  type SpanOptions,
  TableModel,
} from "../../src/index.js";
import { DenseChain } from "../../src/twists/dense-chain.js";
import { spans } from "../guided/spans.js";
import { DRAW, OBSERVE, program, runWith } from "../programs.js";
import { randomTable } from "../tables.js";

const FEATURES: readonly Constraint[] = [
  constraint.contains("ab"),
  constraint.ends_with("a"),
  constraint.not(constraint.contains("b")),
  constraint.count("a", 2, Infinity),
  constraint.chars(2, 3),
];

/** A text, and a factor of its features; `given` conditions the text besides. */
const weighed = (
  model: LanguageModel,
  options: SpanOptions & { readonly matching?: Constraint; readonly twist?: "none" },
  { features, logWeight, exact }: Foresight,
  { weight = logWeight, outer }: { readonly weight?: Foresight["logWeight"]; readonly outer?: number } = {},
) => {
  const text = foreseen(lm("m", model).text(options), features, logWeight, exact) as Drawable<unknown>;
  return program(
    (particle) => (outer === undefined ? Op.Continue : particle.twist(outer, OBSERVE)),
    (particle) => {
      particle.value = particle.logTwist;
      return Op.Continue;
    },
    (particle) => particle.sample(text, DRAW),
    (particle, [, before, drawn]) => {
      settle(particle, foreseenTwist(particle, before as number, DRAW));
      if (outer !== undefined) expect(particle.logTwist).toBeCloseTo(outer, 12);
      return particle.factor(weight(...features.map((feature) => feature.test(drawn))), OBSERVE);
    },
    (particle, [, , drawn]) => particle.return(drawn),
  );
};

/** log-weights by combination of features, with −∞ among them. */
const logWeights = (count: number) =>
  fc
    .array(fc.oneof({ weight: 6, arbitrary: fc.integer({ min: -30, max: 20 }) }, fc.constant(-Infinity)), {
      minLength: 2 ** count,
      maxLength: 2 ** count,
    })
    .map(
      (table) =>
        (...holds: boolean[]): number =>
          table[holds.reduce((n, hold, i) => n + (hold ? 2 ** i : 0), 0)]! / 5,
    );

const foresights: fc.Arbitrary<Foresight> = fc
  .uniqueArray(fc.constantFrom(...FEATURES), { minLength: 1, maxLength: 3 })
  .chain((features) => logWeights(features.length).map((logWeight) => ({ features, logWeight, exact: true })));

const options: fc.Arbitrary<SpanOptions> = fc.record({
  max_tokens: fc.integer({ min: 1, max: 4 }),
  must_stop: fc.boolean(),
  stop_at: fc.constantFrom([], ["."], ["ab"]),
  stop_before: fc.constantFrom([], ["bb"], ["a"]),
});
const matching = fc.option(fc.constantFrom(constraint.regex("a*b?.*"), constraint.contains("a")), { nil: undefined });

describe("a weight that is foreseen", () => {
  property.prop(
    [
      randomTable(["a", "b", "ab", ".", "</s>"], "</s>"),
      options,
      matching,
      foresights,
      fc.constantFrom(1, 5),
      fc.integer({ min: 0, max: 99 }),
    ],
    { numRuns: 200, seed: 5 },
  )("leaves no variance where the surrogate is the model", async (model, how, c, foresight, particles, seed) => {
    let z = 0;
    for (const [text, p] of spans(model, how)) {
      const holds = foresight.features.map((feature) => feature.test(text));
      if (c === undefined || c.test(text)) z += p * Math.exp(foresight.logWeight(...holds));
    }
    const posterior = await runWith(
      smc({ particles, ess: 1 }),
      weighed(model, { ...how, matching: c }, foresight),
      new RunEnvironment(new Map(), seeded(seed)),
    );
    if (z === 0) expect(posterior.isEmpty).toBe(true);
    else expect(Math.exp(posterior.logZ.estimate!) / z).toBeCloseTo(1, 9);
  });

  property.prop(
    [
      randomTable(["a", "b", "ab", ".", "</s>"], "</s>"),
      options,
      matching,
      foresights,
      fc.integer({ min: 0, max: 99 }),
    ],
    { numRuns: 100, seed: 8 },
  )("stands on the twist when the text is drawn, as it will be", async (model, how, c, foresight, seed) => {
    const { features, logWeight, exact } = foresight;
    const text = foreseen(lm("m", model).text({ ...how, matching: c }), features, logWeight, exact);
    const drawn = program(
      (particle) => particle.twist(0.7, OBSERVE),
      (particle) => particle.sample(text, DRAW),
      (particle, [, text]) => {
        const foreseen = logWeight(...features.map((feature) => feature.test(text as string)));
        expect(particle.logTwist).toBeCloseTo(0.7 + foreseen, 9);
        return particle.return(text);
      },
    );
    const found = [...spans(model, how)].filter(([text]) => c?.test(text) !== false);
    const isFor = (text: string): boolean => logWeight(...features.map((feature) => feature.test(text))) > -Infinity;
    if (found.some(([text]) => isFor(text)))
      await runWith(smc({ particles: 3, ess: 1 }), drawn, new RunEnvironment(new Map(), seeded(seed)));
  });

  const rows = (salt: number): Float64Array[] =>
    [0, 1, 2, 3].map((place) => {
      const raw = [1, 2, 3].map((token) => 1 + ((salt * token + 7 * place * token) % 11));
      const total = raw.reduce((a, b) => a + b, 0);
      return Float64Array.from(raw, (n) => n / total);
    });
  const methods = [
    smc({ particles: 1 }),
    smc({ particles: 2, ess: 1, resampler: "multinomial" }),
    smc({ particles: 2, ess: 0.9 }),
    importance({ samples: 1 }),
  ];

  property.prop(
    [
      randomTable(["a", "b", "</s>"], "</s>"),
      matching,
      foresights,
      fc.nat(),
      fc.nat(methods.length - 1),
      fc.boolean(),
      fc.constantFrom(undefined, 0.7),
    ],
    { numRuns: 12, seed: 9 },
  )("leaves the measure as it is, whatever the surrogate", async (model, c, foresight, salt, m, exact, outer) => {
    const wrong = new DenseChain({
      name: "wrong",
      exact: false,
      rows: rows(salt),
      after: rows(salt).map(() => Int32Array.of(1, 2, 3)),
      start: (tokens) => (tokens.length === 0 ? 0 : tokens[tokens.length - 1]! + 1),
    });
    const misled: LanguageModel = Object.create(model, { surrogate: { value: wrong } }) as LanguageModel;
    await expectProperlyWeighted({
      program: weighed(misled, { max_tokens: 2, matching: c }, { ...foresight, exact }, { outer }),
      method: methods[m]!,
      maxOutcomes: 400_000,
    });
  });

  const toy = TableModel.from(t3.table);
  const c = FEATURES[3]!;
  const spread = async (
    foresight: Foresight,
    services: ReadonlyMap<string, unknown> = new Map(),
    twist?: "none",
    weight?: Foresight["logWeight"],
  ) => {
    const logs: number[] = [];
    const warnings = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const posterior = await runWith(
        smc({ particles: 1 }),
        weighed(toy, { max_tokens: 3, twist }, foresight, { weight }),
        new RunEnvironment(services, seeded(seed)),
      );
      logs.push(posterior.logZ.estimate!);
      for (const { code } of posterior.diagnostics.warnings) warnings.add(code);
    }
    return { spread: Math.max(...logs) - Math.min(...logs), warnings: [...warnings] };
  };
  const liked: Foresight = { features: [c], logWeight: (holds) => (holds ? 2 : 0), exact: true };

  test("of zero is not taken for zero where it is not known to be", async () => {
    const foresight: Foresight = { ...liked, logWeight: (holds) => (holds ? 2 : -Infinity), exact: false };
    for (const weight of [liked.logWeight, foresight.logWeight])
      await expectProperlyWeighted({
        program: weighed(toy, { max_tokens: 3 }, foresight, { weight }),
        method: smc({ particles: 1 }),
      });
  });

  test("is left out when the program or the run says so", async () => {
    expect((await spread(liked)).spread).toBeLessThan(1e-12);
    expect((await spread(liked, new Map(), "none")).spread).toBeGreaterThan(0.1);
    expect((await spread(liked, new Map([["twists", { automatic: false }]]))).spread).toBeGreaterThan(0.1);
  });

  test("does not take away what the run has given the draw", () => {
    const particle = (given: readonly string[]): Particle => {
      const service = { automatic: true, given: new Map(given.map((name) => [name, null])) };
      const made = new Particle(null, seeded(1), new RunEnvironment(new Map([["twists", service]]), seeded(1)));
      made.logTwist = 1.5;
      return made;
    };
    expect(foreseenTwist(particle([]), 0.5, DRAW)).toBe(1);
    expect(foreseenTwist(particle([DRAW.name]), 0.5, DRAW)).toBe(0);
  });

  test("is reported", async () => {
    const used: string[] = [];
    const service = { automatic: true, used: (span: string, twist: string) => used.push(`${span}: ${twist}`) };
    await spread(liked, new Map([["twists", service]]));
    expect(new Set(used)).toEqual(new Set(["x: the model itself"]));
  });

  test("is let alone where it is no weight, or is made anew in every execution", async () => {
    const expected = new Map([["twists", { automatic: true, expected: new Set([toy]) }]]);
    for (const weight of [NaN, Infinity]) {
      const wrong: Foresight = { ...liked, logWeight: (holds) => (holds ? weight : 0) };
      const found = await spread(wrong, expected, undefined, liked.logWeight);
      expect(found.spread).toBeGreaterThan(0.1);
      expect(found.warnings).toEqual(["PGLW020"]);
    }
    let made = 0;
    const restless: Foresight = { ...liked, logWeight: (holds) => (holds ? 2 + (made++ % 1000) * 1e-9 : 0) };
    expect((await spread(restless, expected)).warnings).toEqual(["PGLW020"]);
    const unasked: Foresight = {
      ...liked,
      features: [constraint.predicate({ prefixPossible: () => true, complete: (text) => text.endsWith("b") })],
    };
    const found = await spread(unasked, expected);
    expect(found.spread).toBeGreaterThan(0.1);
    expect(found.warnings).toEqual(["PGLW020"]);
  });
});

import { constraint, type Constraint } from "@pgl/constraints";
import { fc, test as property } from "@fast-check/vitest";
import { alive, importance, particleGibbs, RunEnvironment, smc, seeded, uniformInt } from "@pgl/runtime";
import { expectProperlyWeighted, enumerateOutcomes, t3 } from "@pgl/testing";
import { describe, expect, test } from "vitest";
import {
  type LanguageModel,
  lm,
  NgramModel,
  type OpenTwist,
  type SpanOptions,
  type SpanTwist,
  TableModel,
} from "../../src/index.js";
import { DenseChain } from "../../src/twists/dense-chain.js";
import { draw, DRAW, OBSERVE, program, returnLast, runWith } from "../programs.js";
import { randomTable } from "../tables.js";
import { spans } from "../guided/spans.js";

const evenBs = constraint.regex("a*(ba*ba*)*");

/** ψ by the text drawn so far, of a model with one token sequence a text. */
function tabular(
  name: string,
  size: number,
  logPsi: (path: readonly number[]) => number,
  plainShare?: number,
): SpanTwist {
  return {
    name,
    open: () =>
      ({
        start: [],
        plainShare,
        next: (path) => Float64Array.from({ length: size }, (_, id) => logPsi([...path, id])),
        advance: (path, token) => [...path, token],
      }) satisfies OpenTwist<readonly number[]>,
  };
}

/** A number that looks random but is a function of the path. */
const hashed = (path: readonly number[], salt: number): number => {
  let h = salt | 0;
  for (const id of path) h = Math.imul(h ^ (id + 1), 0x9e3779b1) ^ (h >>> 13);
  return ((h >>> 0) % 1000) / 1000;
};

describe("the backward filter of an exact surrogate", () => {
  const toy = TableModel.from(t3.table);
  const span = program(draw(lm("m", toy).text({ max_tokens: 3, matching: evenBs })), returnLast);

  test("makes every run of one particle return Z, and draw from the posterior", async () => {
    const outcomes = await enumerateOutcomes((random) =>
      smc({ particles: 1 }).run(
        { name: "t", model: span, arguments: [], start: () => span.start() },
        new RunEnvironment(new Map(), random),
      ),
    );
    const found = new Map<string, number>();
    for (const { value, probability } of outcomes) {
      expect(Math.exp(value.logZ.estimate!)).toBeCloseTo(0.526, 12);
      const text = value.atoms[0]!.value as string;
      found.set(text, (found.get(text) ?? 0) + probability);
    }
    const expected = { aaa: 0.294, abb: 0.144, bab: 0.024, bba: 0.064 };
    expect([...found.keys()].sort()).toEqual(Object.keys(expected));
    for (const [text, p] of Object.entries(expected)) expect(found.get(text)).toBeCloseTo(p / 0.526, 12);
  });

  test.each<readonly [string, readonly (readonly number[])[]]>([
    [
      "that is wrong",
      [
        [0.5, 0.5],
        [0.2, 0.8],
        [0.9, 0.1],
      ],
    ],
    [
      "that gives nothing to what there is",
      [
        [0.5, 0.5],
        [1, 0],
        [0, 1],
      ],
    ],
  ])("of a chain %s costs variance, not truth", async (_, probabilities) => {
    const rows = probabilities.map((row) => Float64Array.from(row));
    const wrong = new DenseChain({
      name: "wrong",
      exact: false,
      rows,
      after: rows.map(() => Int32Array.of(1, 2)),
      start: (tokens) => (tokens.length === 0 ? 0 : tokens[tokens.length - 1]! + 1),
    });
    const misled: LanguageModel = Object.create(toy, { surrogate: { value: wrong } }) as LanguageModel;
    const other = program(draw(lm("m", misled).text({ max_tokens: 3, matching: evenBs })), returnLast);
    const outcomes = await enumerateOutcomes((random) =>
      smc({ particles: 1 }).run(
        { name: "t", model: other, arguments: [], start: () => other.start() },
        new RunEnvironment(new Map(), random),
      ),
    );
    let [mean, square] = [0, 0];
    for (const { value, probability } of outcomes) {
      const z = Math.exp(value.logZ.estimate!);
      mean += probability * z;
      square += probability * z * z;
    }
    expect(mean).toBeCloseTo(0.526, 10);
    expect(square - mean * mean).toBeGreaterThan(0.001);
    await expectProperlyWeighted({ program: other, method: smc({ particles: 1 }) });
  });

  const options: fc.Arbitrary<SpanOptions> = fc.record({
    max_tokens: fc.integer({ min: 1, max: 4 }),
    must_stop: fc.boolean(),
    stop_at: fc.constantFrom([], ["."], ["ab"]),
    stop_before: fc.constantFrom([], ["bb"], ["a"]),
  });
  const wanted: fc.Arbitrary<Constraint> = fc.constantFrom(
    constraint.regex("a*b?.*"),
    constraint.contains("ab"),
    constraint.not(constraint.contains("b")),
    constraint.ends_with("."),
    constraint.chars(2, 3),
    constraint.and(constraint.contains("a"), constraint.not(constraint.ends_with("a"))),
  );

  property.prop(
    [randomTable(["a", "b", "ab", ".", "</s>"], "</s>"), options, wanted, fc.integer({ min: 0, max: 99 })],
    {
      numRuns: 150,
      seed: 2,
    },
  )("has no variance, whatever the table, the stopping rule and the constraint", async (model, how, c, seed) => {
    let z = 0;
    for (const [text, p] of spans(model, how)) if (c.test(text)) z += p;
    const posterior = await runWith(
      smc({ particles: 1 }),
      program(draw(lm("m", model).text({ ...how, matching: c })), returnLast),
      new RunEnvironment(new Map(), seeded(seed)),
    );
    if (z === 0) expect(posterior.isEmpty).toBe(true);
    else expect(Math.exp(posterior.logZ.estimate!) / z).toBeCloseTo(1, 9);
  });

  test("is found for n-grams too", async () => {
    const model = NgramModel.from("the cat sat\nthe dog ate\na cat ran\nthe end\na dog sat on the cat\n");
    const text = lm("m", model).text({ max_tokens: 24, matching: constraint.contains("dog ran") });
    const seen: number[] = [];
    for (let seed = 0; seed < 6; seed++) {
      const p = await runWith(
        smc({ particles: 1 }),
        program(draw(text), returnLast),
        new RunEnvironment(new Map(), seeded(seed)),
      );
      expect(p.atoms[0]!.value as string).toContain("dog ran");
      seen.push(p.logZ.estimate!);
    }
    expect(Math.max(...seen) - Math.min(...seen)).toBeLessThan(1e-9);
  });

  test("knows what a text comes after: of two texts it is Z for both", async () => {
    const rows: Readonly<Record<string, readonly [number, number]>> = {
      ...(t3.table.rows as Readonly<Record<"" | "a" | "b", readonly [number, number]>>),
      "a a": [0.9, 0.1],
      "a b": [0.3, 0.7],
      "b a": [0.4, 0.6],
      "b b": [0.8, 0.2],
    };
    const of = lm("m", TableModel.from({ tokens: ["a", "b"], eos: null, order: 2, rows }));
    const options = { max_tokens: 3, matching: evenBs };
    const two = program(
      draw(of.text({ ...options, after: "a" })),
      draw(of.text({ ...options, after: "b" })),
      returnLast,
    );
    const even = (after: readonly string[], left: number, isOdd: boolean): number =>
      left === 0
        ? Number(!isOdd)
        : ["a", "b"].reduce((sum, v, id) => {
            const p = rows[after.slice(-2).join(" ")]![id]!;
            return sum + p * even([...after, v], left - 1, isOdd !== (v === "b"));
          }, 0);
    for (let seed = 0; seed < 10; seed++) {
      const { logZ } = await runWith(smc({ particles: 1 }), two, new RunEnvironment(new Map(), seeded(seed)));
      expect(Math.exp(logZ.estimate!)).toBeCloseTo(even(["a"], 3, false) * even(["b"], 3, false), 12);
    }
  });

  test("is right for particle Gibbs and alive, which keep and repeat executions", async () => {
    for (const method of [particleGibbs({ particles: 3, sweeps: 1000 }), alive({ particles: 2000 })]) {
      const posterior = await runWith(method, span, new RunEnvironment(new Map(), seeded(4)));
      for (const [text, p] of Object.entries({ aaa: 0.294, abb: 0.144, bab: 0.024, bba: 0.064 }))
        expect(Math.abs(posterior.probability((value) => value === text) - p / 0.526)).toBeLessThan(0.05);
    }
  });

  test("is made for a few constraints of a run, not for one in every execution", async () => {
    const many = program(
      draw(uniformInt(0, 40)),
      (particle, [n]) => {
        const c = constraint.regex(`a{0,${String(n)}}b?`);
        return particle.sample(lm("m", toy).text({ max_tokens: 3, matching: c }), DRAW);
      },
      returnLast,
    );
    const warnings = async (services: ReadonlyMap<string, unknown>) => {
      const posterior = await runWith(smc({ particles: 100 }), many, new RunEnvironment(services, seeded(4)));
      return posterior.diagnostics.warnings.map((w) => w.code);
    };
    expect(await warnings(new Map())).not.toContain("PGLW020");
    // A surrogate that the run was given is expected to be used.
    expect(await warnings(new Map([["twists", { automatic: true, expected: new Set([toy]) }]]))).toContain("PGLW020");
  });

  test("is left out when the program or the run says so", async () => {
    const free = program(draw(lm("m", toy).text({ max_tokens: 3, matching: evenBs, twist: "none" })), returnLast);
    const spread = async (p: typeof free, services: ReadonlyMap<string, unknown>): Promise<number> => {
      const logs: number[] = [];
      for (let seed = 0; seed < 20; seed++)
        logs.push((await runWith(smc({ particles: 1 }), p, new RunEnvironment(services, seeded(seed)))).logZ.estimate!);
      return Math.max(...logs) - Math.min(...logs);
    };
    expect(await spread(free, new Map())).toBeGreaterThan(0.1);
    expect(await spread(span, new Map([["twists", { automatic: false }]]))).toBeGreaterThan(0.1);
    expect(await spread(span, new Map())).toBeLessThan(1e-12);
  });
});

describe("any twist of a span", () => {
  const size = 3;
  const tables = randomTable(["a", "b", "</s>"], "</s>");
  const methods = [
    smc({ particles: 2, ess: 1, resampler: "multinomial" }),
    smc({ particles: 2, ess: 0.9 }),
    importance({ samples: 1 }),
  ];

  property.prop(
    [
      tables,
      fc.integer(),
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom(0.01, 0.3),
      fc.nat(methods.length - 1),
      fc.boolean(),
    ],
    { numRuns: 6, seed: 3 },
  )("leaves the measure as it is", async (model, salt, isConditioned, hasZeros, share, m, isTempered) => {
    const twist = tabular(
      "hashed",
      size,
      (path) => {
        const u = hashed(path, salt);
        return hasZeros && u < 0.4 ? -Infinity : 4 * u;
      },
      share,
    );
    const plain = lm("m", model).text({
      max_tokens: 2,
      twist,
      matching: isConditioned ? constraint.regex("a?b?") : undefined,
    });
    const text = isTempered ? plain.tempered(2) : plain;
    await expectProperlyWeighted({
      program: program(draw(text), returnLast),
      method: methods[m]!,
      maxOutcomes: 400_000,
    });
  });

  // ψ of tokens that the constraint leaves out is no zero here.
  property.prop(
    [randomTable(["a", "b", "c", "</s>"], "</s>"), fc.integer(), fc.constantFrom("[ab]*", "c?a*", "b?c?")],
    { numRuns: 12, seed: 4 },
  )("that is read as a table leaves it too", async (model, salt, pattern) => {
    const twist: SpanTwist = {
      name: "table",
      open: () =>
        ({
          start: [],
          next: (path) => ({
            read: (into, from, to) => {
              for (let id = from; id < to; id++) into[id] = Math.max(0, 8 * hashed([...path, id], salt) - 2);
            },
          }),
          advance: (path, token) => [...path, token],
        }) satisfies OpenTwist<readonly number[]>,
    };
    const text = lm("m", model).text({ max_tokens: 2, twist, matching: constraint.regex(pattern) });
    await expectProperlyWeighted({ program: program(draw(text), returnLast), method: smc({ particles: 1 }) });
  });

  property.prop([tables, fc.integer()], { numRuns: 15, seed: 1 })("beside a proposal", async (model, salt) => {
    const even = TableModel.from({
      tokens: ["a", "b", "</s>"],
      eos: "</s>",
      order: 0,
      rows: { "": [0.3, 0.3, 0.4] },
    });
    const twist = tabular("hashed", size, (path) => 3 * hashed(path, salt));
    const text = lm("m", model).text({ max_tokens: 2, twist, matching: constraint.regex("[ab]*") });
    await expectProperlyWeighted({
      program: program(draw(text, lm("q", even).text()), returnLast),
      method: smc({ particles: 1 }),
    });
  });

  test("stands on the twist that the program has, and puts it back", async () => {
    const model = TableModel.from(t3.table);
    const twist = tabular("hashed", 2, (path) => hashed(path, 7));
    const text = lm("m", model).text({ max_tokens: 2, twist });
    const outer = program(
      (particle) => particle.twist(0.7, OBSERVE),
      draw(text),
      (particle) => {
        expect(particle.logTwist).toBe(0.7);
        return particle.return(particle.value);
      },
    );
    await expectProperlyWeighted({ program: outer, method: smc({ particles: 2, ess: 1 }), maxOutcomes: 400_000 });
  });

  test("may come late, and ask", async () => {
    const model = TableModel.from(t3.table);
    let asked = 0;
    const twist: SpanTwist = {
      name: "late",
      open: () =>
        Promise.resolve<OpenTwist<null>>({
          start: null,
          ask: (_state, node, left) => ({
            handler: {
              name: "answers",
              answer: (payloads) => {
                asked += payloads.length;
                return payloads.map((n) => (n as number) / 10);
              },
            },
            payload: node + left,
          }),
          next: (_state, _node, _left, answer) => Float64Array.of(0, answer as number),
          advance: () => null,
        }),
    };
    const text = lm("m", model).text({ max_tokens: 2, twist });
    await expectProperlyWeighted({ program: program(draw(text), returnLast), method: smc({ particles: 1 }) });
    expect(asked).toBeGreaterThan(0);
  });

  test("is asked once for executions that stand at one node, and goes on from the state that it was asked in", async () => {
    const model = TableModel.from(t3.table);
    let asked = 0;
    const twist: SpanTwist = {
      name: "remembers",
      open: () =>
        ({
          start: { ahead: null },
          next: (state) => {
            asked++;
            return (state.ahead = Float64Array.of(0, 0.5));
          },
          advance: ({ ahead }, token) => {
            expect(ahead![token]).toBe(0.5 * token);
            return { ahead: null };
          },
        }) satisfies OpenTwist<{ ahead: Float64Array | null }>,
    };
    const text = lm("m", model).text({ max_tokens: 3, twist });
    const environment = new RunEnvironment(new Map(), seeded(1));
    await runWith(smc({ particles: 50 }), program(draw(text), returnLast), environment);
    // The empty beginning, and those of one token and of two.
    expect(asked).toBe(7);
  });

  test("that is none, or cannot be followed, is refused", () => {
    const model = TableModel.from(t3.table);
    expect(() => lm("m", model).text({ twist: "some" as never })).toThrow(/PGLM012|twist/);
    expect(() => lm("m", model).text({ twist: tabular("t", 2, () => 0), guide: "awrs" })).toThrow(/awrs/);
  });
});

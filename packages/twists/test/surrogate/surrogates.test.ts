import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { constraint } from "@pgl/constraints";
import {
  BackoffChain,
  Future,
  type Futures,
  lm,
  SpanRule,
  TableModel,
  TokenAutomaton,
  type TokenSurrogate,
} from "@pgl/lm";
import { importance, RunEnvironment, seeded, smc } from "@pgl/runtime";
import { expectProperlyWeighted } from "@pgl/testing";
import { afterAll, describe, expect, test } from "vitest";
import { BackwardFilter } from "../../../lm/src/twists/backward-filter.js";
import { draw, program, returnLast, runWith } from "../../../lm/test/programs.js";
import { distill, readSurrogate, surrogateFor, writeSurrogate, type StoredSurrogate } from "../../src/index.js";
import type { HmmSurrogate } from "../../src/surrogate/hmm.js";
import { surrogateOf } from "../../src/surrogate/surrogate-file.js";

const model = TableModel.from({
  tokens: ["a", "b", ".", "</s>"],
  eos: "</s>",
  order: 1,
  rows: {
    "": [0.5, 0.3, 0.1, 0.1],
    a: [0.1, 0.6, 0.2, 0.1],
    b: [0.4, 0.1, 0.25, 0.25],
    ".": [0.3, 0.3, 0.2, 0.2],
    "</s>": [0.25, 0.25, 0.25, 0.25],
  },
});
const folder = mkdtempSync(join(tmpdir(), "pgl-surrogate-"));
afterAll(() => rmSync(folder, { recursive: true }));

const made = new Map<string, Promise<StoredSurrogate>>();
function distilled(kind: "markov" | "hmm", order = 2): Promise<StoredSurrogate> {
  const key = `${kind}${order}`;
  if (!made.has(key)) made.set(key, distill(model, { kind, order, samples: 300, length: 12, states: 3, rounds: 30 }));
  return made.get(key)!;
}

/** P(token | tokens before) of a surrogate, by one step back from a future that is sure after that token alone. */
function probabilityOf(surrogate: TokenSurrogate, before: readonly number[], token: number): number {
  // Two steps of `look`: the future after `last` is whether `token` follows.
  const nothing: Futures = { of: new Int32Array(4).fill(-1), after: [] };
  const values = new Float64Array(surrogate.places);
  const of = nothing.of.slice();
  of[token] = 0;
  surrogate.pull({ of, after: [new Future(new Float64Array(surrogate.places).fill(1))] }, values);
  const expected = new Float64Array(4);
  const last = before[before.length - 1]!;
  const at = new Int32Array(4).fill(-1);
  at[last] = 0;
  surrogate.look(
    surrogate.start(Int32Array.from(before.slice(0, -1))),
    { of: at, after: [new Future(values)] },
    expected,
    0,
    4,
  );
  return expected[last]!;
}

describe.each(["markov", "hmm"] as const)("a %s surrogate", (kind) => {
  test("comes close to the model's entropy, and cannot be below", async () => {
    const { training } = await distilled(kind);
    expect(training.crossEntropy).toBeGreaterThan(training.entropy - 0.03);
    expect(training.crossEntropy).toBeLessThan(training.entropy + 0.08);
  });

  test("has probabilities that sum to one, none of them zero", async () => {
    const surrogate = surrogateOf((await distilled(kind)).content, null);
    for (const before of [[0], [1], [0, 1], [2, 1, 0], [0, 0, 0]]) {
      const row = [0, 1, 2, 3].map((token) => probabilityOf(surrogate, before, token));
      expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
      expect(Math.min(...row)).toBeGreaterThan(0);
    }
  });

  test("looks ahead by its own probabilities, one after the other", async () => {
    const surrogate = surrogateOf((await distilled(kind)).content, null);
    const { vocabulary } = model;
    const wanted = constraint.contains("bb");
    const rule = SpanRule.of({ max_tokens: 4 });
    const automaton = TokenAutomaton.of(wanted, wanted.compiled()!, rule, vocabulary);
    const filter = BackwardFilter.of(surrogate, automaton, rule, 4) as BackwardFilter;
    const probability = (place: unknown, token: number): number =>
      surrogate instanceof BackoffChain
        ? surrogate.probability(place as number, token)
        : Math.exp((surrogate as HmmSurrogate).logProbability(place as Float64Array, token));
    /** That a text that begins so comes out as it is wanted. */
    const expected = (ids: readonly number[], place: unknown): number =>
      ids.length === 4 || ids.at(-1) === vocabulary.eosId
        ? Number(wanted.test(rule.textOf(vocabulary, ids)))
        : [0, 1, 2, 3].reduce(
            (sum, token) =>
              sum + probability(place, token) * expected([...ids, token], surrogate.advance(place, token)),
            0,
          );
    for (const before of [[], [1], [2, 0]]) {
      const place = surrogate.start(Int32Array.from(before));
      const found = new Float64Array(4);
      filter.look(place, automaton.start, 4, found, 0, 4);
      for (let token = 0; token < 4; token++)
        expect(found[token]).toBeCloseTo(expected([token], surrogate.advance(place, token)), 12);
    }
  });

  test("steers draws without changing the measure", async () => {
    const surrogate = surrogateOf((await distilled(kind)).content, null);
    const twisted = Object.create(model, { surrogate: { value: surrogate } }) as TableModel;
    const text = lm("m", twisted).text({ max_tokens: 3, matching: constraint.contains("bb") });
    for (const method of [importance({ samples: 1 }), smc({ particles: 1 })])
      await expectProperlyWeighted({ program: program(draw(text), returnLast), method });
  });

  test("is the same after a file", async () => {
    const stored = await distilled(kind);
    const path = join(folder, `${kind}.json`);
    writeSurrogate(path, stored);
    const one = surrogateOf(stored.content, null);
    const two = await surrogateFor(model, readSurrogate(path), path);
    for (const before of [[0], [1, 2], [3, 0]])
      for (let token = 0; token < 4; token++)
        expect(probabilityOf(two, before, token)).toBeCloseTo(probabilityOf(one, before, token), 2);
    expect(two.name).toBe(one.name);
  });

  test("is refused for another model, and what is no surrogate is refused", async () => {
    const path = join(folder, `${kind}-other.json`);
    writeSurrogate(path, await distilled(kind));
    const rows = { "": [0.25, 0.25, 0.25, 0.25] };
    const weights = TableModel.from({ tokens: ["a", "b", ".", "</s>"], eos: "</s>", order: 0, rows });
    await expect(surrogateFor(weights, readSurrogate(path), path)).rejects.toThrow(/other weights/);
    const tokens = TableModel.from({ tokens: ["a", "c", ".", "</s>"], eos: "</s>", order: 0, rows });
    await expect(surrogateFor(tokens, readSurrogate(path), path)).rejects.toThrow(/other tokens/);
    const text = readFileSync(path, "utf8");
    for (const [broken, message] of [
      [text.slice(0, 50), /JSON/],
      [text.replace("pgl-surrogate", "x"), /format/],
      [text.replace(`"kind":"${kind}"`, '"kind":"oracle"'), /oracle/],
      [text.replace(/"size":4/, '"size":5'), /numbers|row|token|order/],
    ] as const) {
      writeFileSync(path, broken);
      expect(() => readSurrogate(path)).toThrow(message);
    }
    expect(() => readSurrogate(join(folder, "none.json"))).toThrow(/cannot be read/);
  });
});

test("a step back from a step that is nearly the same is the same step", async () => {
  const surrogate = surrogateOf((await distilled("markov")).content, null);
  const random = seeded(3);
  const future = (key: number): Future => {
    const source = random.split(key);
    return new Future(Float64Array.from({ length: surrogate.places }, () => source.uniform()));
  };
  for (let key = 0; key < 20; key++) {
    const after = [future(3 * key), future(3 * key + 1), future(3 * key + 2)];
    const source = random.split(1000 + key);
    const random4 = (): Int32Array => Int32Array.from({ length: 4 }, () => source.below(4) - 1);
    const [one, two] = [random4(), random4()];
    const [from, expected, found] = [0, 1, 2].map(() => new Float64Array(surrogate.places)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    surrogate.pull({ of: one, after }, from);
    surrogate.pull({ of: two, after }, expected);
    const tokens = Int32Array.from([0, 1, 2, 3].filter((token) => one[token] !== two[token]));
    surrogate.change!({ futures: { of: one, after }, values: from }, { of: two, after }, tokens, found);
    for (let place = 0; place < found.length; place++) expect(found[place]).toBeCloseTo(expected[place]!, 12);
  }
});

test("what would take too much is said, not done", async () => {
  const surrogate = surrogateOf((await distilled("markov")).content, null);
  const dear: TokenSurrogate = Object.create(surrogate, { cost: { value: 1e9 } }) as TokenSurrogate;
  const wanted = constraint.contains("ab");
  const rule = SpanRule.of({ max_tokens: 3 });
  const automaton = TokenAutomaton.of(wanted, wanted.compiled()!, rule, model.vocabulary);
  expect(BackwardFilter.of(dear, automaton, rule, 4)).toHaveProperty("tooLarge");
  const text = lm("m", model).text({ max_tokens: 3, matching: wanted });
  const twists = { automatic: true, surrogates: new Map([[model, dear]]), expected: new Set([model]) };
  const services = new Map([["twists", twists]]);
  const environment = new RunEnvironment(services, seeded(1));
  const posterior = await runWith(smc({ particles: 2 }), program(draw(text), returnLast), environment);
  expect(posterior.diagnostics.warnings.map((w) => w.code)).toContain("PGLW020");
});

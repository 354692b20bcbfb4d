import { constraint } from "@pgl/constraints";
import { fc, test as property } from "@fast-check/vitest";
import { importance, smc } from "@pgl/runtime";
import { enumerateOutcomes, expectProperlyWeighted } from "@pgl/testing";
import { describe, expect, test } from "vitest";
import {
  likelyTokens,
  lm,
  type NextPsi,
  TableModel,
  TokenDistribution,
  type OpenTwist,
  type SpanTwist,
} from "../../src/index.js";
import { LogRow } from "../../src/log-row.js";
import { TokenMask } from "../../src/guided/token-mask.js";
import { restrict } from "../../src/guided/restricted.js";
import { twistTokens } from "../../src/twists/twisted-tokens.js";
import { draw, program, returnLast } from "../programs.js";
import { randomTable } from "../tables.js";

/** A number that looks random but is a function of the path. */
const hashed = (path: readonly number[], salt: number): number => {
  let h = salt | 0;
  for (const id of path) h = Math.imul(h ^ (id + 1), 0x9e3779b1) ^ (h >>> 13);
  return ((h >>> 0) % 1000) / 1000;
};

/** ψ of the tokens with a probability of `least` or more by the path; one for all others. */
const listed = (salt: number, least: number, share: number, rest: number | null): SpanTwist => ({
  name: "listed",
  open: () =>
    ({
      start: [],
      plainShare: share,
      outlasts: true,
      next: (path, _node, _left, _answer, tokens) => {
        const ids = tokens.above(least, 8);
        return {
          ids,
          logPsi: Float64Array.from(ids, (id) => 4 * hashed([...path, id], salt)),
          rest: rest ?? 4 * hashed([...path, 99], salt),
        };
      },
      advance: (path, token) => [...path, token],
    }) satisfies OpenTwist<readonly number[]>,
});

describe("a twist of a shortlist", () => {
  const tables = randomTable(["a", "b", "c", "</s>"], "</s>");
  const methods = [smc({ particles: 2, ess: 1, resampler: "multinomial" }), importance({ samples: 1 })];

  property.prop(
    [
      tables,
      fc.integer(),
      fc.constantFrom(0.05, 0.2, 0.3, 0.6, 1.1),
      fc.constantFrom(0.01, 0.3),
      fc.constantFrom(null, null, -Infinity),
      fc.boolean(),
      fc.nat(methods.length - 1),
    ],
    { numRuns: 12, seed: 5 },
  )("leaves the measure as it is", async (model, salt, least, share, rest, isConditioned, m) => {
    const text = lm("m", model).text({
      max_tokens: m === 0 ? 1 : 2,
      twist: listed(salt, least, share, rest),
      matching: isConditioned ? constraint.regex("[ab]*") : undefined,
    });
    await expectProperlyWeighted({
      program: program(draw(text), returnLast),
      method: methods[m]!,
      maxOutcomes: 400_000,
    });
  });
});

test("a twist that nothing is drawn without leaves out nothing, however little it is", async () => {
  const model = TableModel.from({
    tokens: ["a", "b", "c"],
    eos: null,
    order: 0,
    rows: { "": [0.6, 0.4 - 1e-7, 1e-7] },
  });
  const twist: SpanTwist = {
    name: "all but c",
    open: () => ({
      start: null,
      plainShare: 0,
      next: () => ({ ids: Int32Array.of(0, 1), logPsi: Float64Array.of(1, 0), rest: 0 }),
      advance: () => null,
    }),
  };
  await expectProperlyWeighted({
    program: program(draw(lm("m", model).text({ max_tokens: 1, twist })), returnLast),
    method: smc({ particles: 1 }),
  });
});

const ALL = [0, 1, 2, 3, 4];
const psi = [1.5, 0.2, 0, 3, 0.7];
/** ψ by token, and how a twist gives it of those that may come next. */
const forms: readonly (readonly [string, readonly number[], (left: readonly number[]) => NextPsi])[] = [
  ["of logarithms", psi, () => Float64Array.from(psi, Math.log)],
  ["of ψ itself", psi, () => ({ read: (into, from, to) => into.set(psi.slice(from, to), from) })],
  [
    "of a shortlist",
    [1.5, 0.4, 0.4, 3, 0.4],
    (left) => {
      const ids = Int32Array.from([0, 3].filter((id) => left.includes(id)));
      return { ids, logPsi: Float64Array.from(ids, (id) => Math.log(psi[id]!)), rest: Math.log(0.4) };
    },
  ],
  [
    "of a shortlist that names what may not come, and much of it",
    [1.5, 0.4, 0.4, 3, 0.4],
    (left) => ({
      ids: Int32Array.of(0, 3),
      logPsi: Float64Array.of(left.includes(0) ? Math.log(1.5) : 2000, left.includes(3) ? Math.log(3) : 2000),
      rest: Math.log(0.4),
    }),
  ],
];

test.each(forms)("a draw towards a twist %s has the law that it says", async (_, psi, next) => {
  const { vocabulary } = TableModel.from({ tokens: ["a", "b", "c", "d", "e"], eos: null, order: 0, rows: {} });
  const share = 0.2;
  const p = [0.1, 0.4, 0.2, 0.25, 0.05];
  const whole = TokenDistribution.of(vocabulary, new LogRow(Float64Array.from(p, Math.log)));
  for (const left of [ALL, [0, 1, 2, 4], [0, 2], [1, 4]]) {
    const mask =
      left === ALL
        ? null
        : TokenMask.allBut(
            ALL.filter((id) => !left.includes(id)),
            5,
          );
    const target = mask === null ? whole : restrict(whole, mask).tokens!;
    const { tokens, logMean } = twistTokens(target, whole, mask, next(left), share);
    const drawn = ALL.map(() => 0);
    for (const { value, probability } of await enumerateOutcomes((random) => Promise.resolve(tokens.sample(random))))
      drawn[vocabulary.idOf(value)]! += probability;
    const total = left.reduce((sum, id) => sum + p[id]!, 0);
    const mean = left.reduce((sum, id) => sum + (p[id]! / total) * psi[id]!, 0);
    expect(logMean).toBeCloseTo(Math.log(mean), 12);
    for (const id of ALL) {
      const q = left.includes(id) ? (p[id]! / total) * ((1 - share) * (psi[id]! / mean) + share) : 0;
      expect(drawn[id]).toBeCloseTo(q, 12);
      if (q > 0) expect(Math.exp(tokens.logProbability(id))).toBeCloseTo(q, 12);
    }
  }
});

test("likely tokens are those above a bound, which rises until there are few enough", () => {
  const model = TableModel.from({
    tokens: ["a", "b", "c", "d", "e"],
    eos: null,
    order: 0,
    rows: { "": [0.1, 0.4, 0.2, 0.3, 0] },
  });
  const probabilities = [0.1, 0.4, 0.2, 0.3, 0];
  const all = TokenDistribution.of(model.vocabulary, new LogRow(Float64Array.from(probabilities, Math.log)));
  expect([...likelyTokens(all, 5, 0.15, 8)]).toEqual([1, 2, 3]);
  expect([...likelyTokens(all, 5, 0.0001, 8)]).toEqual([0, 1, 2, 3]);
  expect([...likelyTokens(all, 5, 0.14, 2)]).toEqual([1, 3]);
  // Of what a mask leaves: probabilities given the mask.
  const some = restrict(all, TokenMask.allBut([1], 5)).tokens!;
  expect([...likelyTokens(some, 5, 0.3, 8)]).toEqual([2, 3]);
});

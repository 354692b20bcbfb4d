import { constraint, type Constraint, DEAD } from "@pgl/constraints";
import { fc, test as property } from "@fast-check/vitest";
import { expectProperlyWeighted } from "@pgl/testing";
import { smc } from "@pgl/runtime";
import { describe, expect } from "vitest";
import { lm, type OpenTwist, SpanRule, type SpanTwist } from "../../src/index.js";
import { guideOf } from "../../src/guided/guide.js";
import { backwardFilter, type ExpectedFutures } from "../../src/twists/backward-filter.js";
import { foreseenSpans, type ForeseenSpans } from "../../src/twists/feature-automaton.js";
import { marginalFilter } from "../../src/twists/marginal-filter.js";
import { draw, program, returnLast } from "../programs.js";
import { randomTable } from "../tables.js";

const contains = (part: string): Constraint => constraint.contains(part);
/** Each excludes or implies the others. */
const FAMILIES: readonly (readonly Constraint[])[] = [
  [contains("ab")],
  [constraint.not(contains("b"))],
  [1, 2, 3].map((n) => constraint.count("a", n, Infinity)),
  ["ab", "ba", ""].map((text) => constraint.text(text)),
];
const rules = fc.record({
  max_tokens: fc.integer({ min: 1, max: 4 }),
  must_stop: fc.boolean(),
  stop_at: fc.constantFrom([], ["bb"]),
});
const tables = randomTable(["a", "b", "ab", "</s>"], "</s>");
const weightOf =
  (table: readonly number[]) =>
  (...holds: boolean[]): number =>
    table[holds.reduce((n, hold, i) => n + (hold ? 2 ** i : 0), 0)]! / 5;
const weights = (count: number) =>
  fc
    .array(fc.integer({ min: -20, max: 10 }), { minLength: 2 ** count, maxLength: 2 ** count })
    .map((table) => weightOf(table));

describe("features that are followed one by one", () => {
  property.prop(
    [
      tables,
      rules,
      fc.option(fc.constant(constraint.regex("a?[ab]*")), { nil: null }),
      fc.constantFrom(...FAMILIES).chain((features) => fc.tuple(fc.constant(features), weights(features.length))),
    ],
    { numRuns: 60, seed: 4 },
  )("are as good as all together where they depend on each other", (model, options, c, [features, logWeight]) => {
    const rule = SpanRule.of(options);
    const { vocabulary, surrogate } = model;
    const conditioning = c === null ? null : guideOf(c)!.automaton(rule, vocabulary);
    const spans = foreseenSpans({ features, logWeight, exact: true }, conditioning, rule, vocabulary) as ForeseenSpans;
    const { size } = vocabulary;
    const filters = [backwardFilter, marginalFilter].map(
      (make) => make(surrogate, spans, rule, size) as ExpectedFutures,
    );
    const visit = (place: unknown, state: number, left: number): void => {
      if (left === 0 || state === DEAD || spans.hasEnded(state)) return;
      const [whole, single] = filters.map((filter) => {
        const psi = new Float64Array(size);
        filter.look(place, state, left, psi, 0, size);
        return psi;
      }) as [Float64Array, Float64Array];
      for (let token = 0; token < size; token++) {
        expect(single[token]).toBeCloseTo(whole[token]!, 12);
        if (token !== vocabulary.eosId) visit(surrogate.advance(place, token), spans.step(state, token), left - 1);
      }
    };
    visit(surrogate.start(new Int32Array(0)), spans.start, rule.maxTokens);
  });

  property.prop([tables, weights(2)], { numRuns: 12, seed: 2 })(
    "leave the measure as it is",
    async (model, logWeight) => {
      const features = [contains("ab"), constraint.ends_with("b")];
      const { surrogate } = model;
      const twist: SpanTwist = {
        name: "one by one",
        open: ({ rule, session }) => {
          const { vocabulary } = session.model;
          const spans = foreseenSpans({ features, logWeight, exact: true }, null, rule, vocabulary) as ForeseenSpans;
          const filter = marginalFilter(surrogate, spans, rule, vocabulary.size) as ExpectedFutures;
          return {
            start: { place: surrogate.start(new Int32Array(0)), state: spans.start },
            next: ({ place, state }, _node, left) => ({
              read: (into, from, to) => filter.look(place, state, left, into, from, to),
            }),
            advance: ({ place, state }, token) => ({
              place: surrogate.advance(place, token),
              state: spans.step(state, token),
            }),
          } satisfies OpenTwist<{ place: unknown; state: number }>;
        },
      };
      await expectProperlyWeighted({
        program: program(draw(lm("m", model).text({ max_tokens: 2, twist })), returnLast),
        method: smc({ particles: 1 }),
      });
    },
  );
});

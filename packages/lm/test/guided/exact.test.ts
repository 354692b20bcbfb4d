import { constraint, type Constraint } from "@pgl/constraints";
import { fc, test as property } from "@fast-check/vitest";
import { enumerate } from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import { lm, SpanRule, type SpanOptions, type TableModel, type TextProcess } from "../../src/index.js";
import { draw, environment, program, returnLast, runWith } from "../programs.js";
import { randomTable, table } from "../tables.js";

/** Every span the model can draw, token by token, with its probability: nothing of the guided draws is used. */
function spans(model: TableModel, options: SpanOptions): Map<string, number> {
  const rule = SpanRule.of(options);
  const { vocabulary } = model;
  const found = new Map<string, number>();
  const add = (ids: readonly number[], p: number): void => {
    const text = rule.textOf(vocabulary, ids);
    found.set(text, (found.get(text) ?? 0) + p);
  };
  const visit = (ids: readonly number[], state: number, p: number): void => {
    const row = model.row([...ids]);
    for (let id = 0; id < vocabulary.size; id++) {
      const q = p * Math.exp(row.logProbability(id));
      if (!(q > 0)) continue;
      if (id === vocabulary.eosId) {
        add(ids, q);
        continue;
      }
      const longer = [...ids, id];
      const next = rule.read(state, vocabulary, id);
      if (next < 0) add(longer, q);
      else if (longer.length === rule.maxTokens) {
        if (!rule.mustStop) add(longer, q);
      } else visit(longer, next, q);
    }
  };
  visit([], 0, 1);
  return found;
}

async function measure(process: TextProcess): Promise<Map<string, number>> {
  const posterior = await runWith(enumerate({ tolerance: 0 }), program(draw(process), returnLast), environment());
  const z = Math.exp(posterior.logZ.estimate!);
  return new Map(posterior.atoms.filter((a) => a.weight > 0).map((a) => [a.value as string, a.weight * z]));
}

async function expectConditioned(model: TableModel, options: SpanOptions, wanted: Constraint): Promise<void> {
  const expected = new Map([...spans(model, options)].filter(([text]) => wanted.test(text)));
  const actual = await measure(lm("m", model).text({ ...options, matching: wanted }));
  const keys = new Set([...expected.keys(), ...actual.keys()]);
  for (const text of keys) {
    expect(
      Math.abs((actual.get(text) ?? 0) - (expected.get(text) ?? 0)),
      `${wanted.describe()} ${JSON.stringify(options)} ${JSON.stringify(text)}: ${actual.get(text)} for ${expected.get(text)}`,
    ).toBeLessThan(1e-9);
  }
}

const letters = ["a", "b", "ab", ".", "é", "</s>"];

const pattern: fc.Arbitrary<string> = fc.letrec<{ r: string }>((tie) => ({
  r: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom("a", "b", "\\.", "é", "[ab]", ".", "\\b", "^", "$", ""),
    fc.tuple(tie("r"), tie("r")).map(([a, b]) => a + b),
    fc.tuple(tie("r"), tie("r")).map(([a, b]) => `(?:${a}|${b})`),
    fc.tuple(tie("r"), fc.constantFrom("*", "+", "?", "{2}")).map(([a, q]) => `(?:${a})${q}`),
    fc.tuple(fc.constantFrom("(?=", "(?!", "(?<=", "(?<!"), tie("r")).map(([o, r]) => `${o}${r})`),
  ),
})).r;

const options: fc.Arbitrary<SpanOptions> = fc.record({
  max_tokens: fc.integer({ min: 1, max: 4 }),
  must_stop: fc.boolean(),
  stop_at: fc.constantFrom([], ["."], ["ab"], ["b.", "."]),
  stop_before: fc.constantFrom([], ["bb"], ["a"], ["aba"]),
});

describe("a span conditioned on a constraint", () => {
  property.prop([randomTable(letters, "</s>"), pattern, options], { numRuns: 300 })(
    "is the model's span restricted to the texts that match",
    async (model, source, how) => {
      await expectConditioned(model, how, constraint.regex(source));
    },
  );

  property.prop([randomTable(["a", "b", "."], null), pattern, options], { numRuns: 60 })(
    "with a model that has no end token",
    async (model, source, how) => {
      if (how.must_stop === true && how.stop_at!.length + how.stop_before!.length === 0) return;
      await expectConditioned(model, how, constraint.regex(source));
    },
  );
});

import { constraint, type Constraint } from "@pgl/constraints";
import { fc, test as property } from "@fast-check/vitest";
import { enumerate } from "@pgl/runtime";
import { describe, expect } from "vitest";
import { lm, type SpanOptions } from "../../src/index.js";
import { draw, environment, program, returnLast, runWith } from "../programs.js";
import { randomTable } from "../tables.js";
import { type RowModel, spans } from "./spans.js";

/** The law of the guided span is the model's own, restricted: every text's probability, and with them their sum. */
async function expectConditioned(model: RowModel, options: SpanOptions, wanted: Constraint): Promise<void> {
  const expected = new Map([...spans(model, options)].filter(([text]) => wanted.test(text)));
  const process = lm("m", model).text({ ...options, matching: wanted, guide: "mask" });
  const posterior = await runWith(enumerate({ tolerance: 0 }), program(draw(process), returnLast), environment());
  const z = Math.exp(posterior.logZ.estimate!);
  const total = [...expected.values()].reduce((a, b) => a + b, 0);
  expect(Math.abs(z - total)).toBeLessThan(1e-9);
  const actual = new Map(posterior.atoms.map((a) => [a.value as string, a.weight * z]));
  for (const text of new Set([...expected.keys(), ...actual.keys()])) {
    const difference = Math.abs((actual.get(text) ?? 0) - (expected.get(text) ?? 0));
    expect(difference, `${wanted.describe()} ${JSON.stringify(text)}`).toBeLessThan(1e-9);
  }
}

const options: fc.Arbitrary<SpanOptions> = fc.record({
  max_tokens: fc.integer({ min: 1, max: 4 }),
  must_stop: fc.boolean(),
});

// ---------------------------------------------------------------------------------------------------- schemas

const jsonTokens = [
  "{",
  '{"a"',
  ":",
  "1",
  "2",
  '"',
  "a",
  '"a"',
  ",",
  "[",
  "]",
  "[1",
  "}",
  "true",
  "null",
  "-",
  ".5",
  "</s>",
];

const schema: fc.Arbitrary<object | boolean> = fc.letrec<{ s: object | boolean }>((tie) => ({
  s: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom<object | boolean>(
      true,
      { type: "integer" },
      { type: "number", minimum: 1.5 },
      { type: "integer", maximum: 12, multipleOf: 2 },
      { type: "string", maxLength: 2 },
      { type: "string", pattern: "^a" },
      { enum: [1, 12, "a", null, [1, 2]] },
      { type: ["null", "boolean"] },
      { not: { type: "integer" } },
      { type: "array", items: { enum: [1, 2, "a"] }, uniqueItems: true },
      {
        oneOf: [
          { type: "integer", minimum: 2 },
          { type: "integer", multipleOf: 2 },
        ],
      },
    ),
    tie("s").map((items) => ({ type: "array", items })),
    fc.tuple(tie("s"), tie("s")).map((prefixItems) => ({ type: "array", prefixItems, maxItems: 2 })),
    fc.tuple(tie("s"), fc.boolean(), fc.boolean()).map(([a, required, open]) => ({
      type: "object",
      properties: { a },
      required: required ? ["a"] : [],
      additionalProperties: open ? { type: "integer" } : false,
    })),
    fc.tuple(tie("s"), tie("s")).map((anyOf) => ({ anyOf })),
  ),
})).s;

// --------------------------------------------------------------------------------------------------- grammars

const names = ["start", "x"];
const grammar: fc.Arbitrary<string> = fc
  .tuple(
    ...names.map(() =>
      fc.array(fc.array(fc.constantFrom("a", "b", "c", "", ...names), { maxLength: 3 }), {
        minLength: 1,
        maxLength: 3,
      }),
    ),
  )
  .map((rules) =>
    rules
      .map((options, i) => {
        // The first option ends: every rule has a text.
        const ended = [options[0]!.filter((part) => !names.includes(part)), ...options];
        const shown = ended.map((o) => o.map((part) => (names.includes(part) ? part : JSON.stringify(part))).join(" "));
        return `${names[i]}: ${shown.join(" | ")}`;
      })
      .join("\n"),
  );

describe("a span conditioned on", () => {
  property.prop([randomTable(jsonTokens, "</s>"), schema, options], { numRuns: 120 })(
    "a schema is the model's span restricted to its documents",
    async (model, wanted, how) => {
      await expectConditioned(model, { ...how, max_tokens: Math.min(how.max_tokens!, 3) }, constraint.json(wanted));
    },
  );

  property.prop([randomTable(["a", "b", "ab", "c", "bca", "</s>"], "</s>"), grammar, options], { numRuns: 150 })(
    "a grammar is the model's span restricted to its texts",
    async (model, wanted, how) => {
      await expectConditioned(model, how, constraint.grammar(wanted));
    },
  );

  property.prop([randomTable(["a", "b", "ab", "c", "</s>"], "</s>"), grammar, options], { numRuns: 60 })(
    "a grammar and other constraints is restricted to what satisfies all",
    async (model, wanted, how) => {
      const both = constraint.and(
        constraint.grammar(wanted),
        constraint.not(constraint.contains("aa")),
        constraint.chars(1, 5),
      );
      await expectConditioned(model, how, both);
    },
  );

  property.prop([randomTable(jsonTokens, "</s>")], { numRuns: 20 })(
    "a recursive schema, in any layout",
    async (model) => {
      const wanted = constraint.json(
        {
          $defs: { v: { anyOf: [{ type: "integer" }, { type: "array", items: { $ref: "#/$defs/v" } }] } },
          $ref: "#/$defs/v",
        },
        { style: "free" },
      );
      await expectConditioned(model, { max_tokens: 4 }, wanted);
    },
  );
});

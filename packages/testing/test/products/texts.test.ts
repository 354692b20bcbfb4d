import { compile } from "@pgl/core";
import { TableModel } from "@pgl/lm";
import { enumerate, importance, kernels, resamplers, seeded, smc, type Method } from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import {
  expectIrreducible,
  expectProperlyWeighted,
  expectReversible,
  expectSameMeasure,
  measureOf,
  runMethod,
  type LawSubject,
} from "../../src/index.js";
import { executionsOf, expectInvariantOnExecutions } from "../methods/kernels/executions.js";
import { measureText } from "../module-of.js";

const tokens = ["a", "b", "</s>"];
const tables = {
  p: { tokens, eos: "</s>", order: 1, rows: { "": [0.6, 0.3, 0.1], a: [0.2, 0.5, 0.3], b: [0.7, 0.1, 0.2] } },
  q: { tokens, eos: "</s>", order: 1, rows: { "": [0.2, 0.6, 0.2], a: [0.4, 0.4, 0.2], b: [0.1, 0.6, 0.3] } },
};

/** Products of texts that end in their own ways: what is drawn, and how often an outcome of two particles has to be visited. */
const products = {
  "the end token": `product(p.text("", max_tokens: 2), q.text(""))`,
  "guidance, of several lengths": `product(p.text("", max_tokens: 2) ^ 2, q.text("") ^ -1)`,
  "a string to stop at": `product(p.text("", stop_at: "b", max_tokens: 2) ^ 0.5, q.text("") ^ 0.5)`,
  "a string to stop before": `product(p.text("", stop_before: "ab", max_tokens: 2), q.text("") ^ -0.5)`,
  "an end that must come": `p.text("", stop_at: "b", max_tokens: 2, must_stop: true) ^ 2`,
  "after different beginnings": `product(p.text("a", max_tokens: 2), p.text("b"))`,
  "a regular expression": `product(p.text("", max_tokens: 3, matching: /a*b|ba/), q.text(""))`,
  "constraints of both parts": `product(p.text("", max_tokens: 2, matching: contains("b")) ^ 2, q.text("", matching: not "b"))`,
  "one that needs looking ahead": `product(p.text("", max_tokens: 2, matching: /(ab)*/) ^ 2, q.text("") ^ -1)`,
  "a constraint asked at the end": `product(p.text("", max_tokens: 2, matching: /a*b/, guide: "none"), q.text(""))`,
  "exponents along the way": `product(p.text("", max_tokens: 2) ^ [0.5, 1, 2], q.text("") ^ [0, -1])`,
  "as many exponents as tokens, and matching": `product(p.text("", max_tokens: 3, matching: /ab*/) ^ range(1, 4).map(t => 0.4 * t), q.text(""))`,
} as const;

const source = (drawn: string): string => `
lm p = "table:p.json"
lm q = "table:q.json"
model m(): string {
  let s ~ ${drawn}
  return s
}
`;

async function subjectOf(drawn: string): Promise<LawSubject> {
  const program = await compile.source(source(drawn), { passes: "all" });
  return {
    program: program.models["m"]!,
    lms: { p: TableModel.from(tables.p, "p"), q: TableModel.from(tables.q, "q") },
  };
}

const exactly = async (subject: LawSubject) =>
  measureOf(await runMethod(subject, enumerate({ tolerance: 0 }), seeded(1)));

const methods: readonly (readonly [string, Method])[] = [
  ...Object.keys(resamplers).map(
    (resampler) => [`smc, ${resampler}`, smc({ particles: 2, ess: 1, resampler: resampler as "systematic" })] as const,
  ),
  ["smc of 1", smc({ particles: 1 })],
  ["importance", importance({ samples: 2 })],
];

describe.each(Object.entries(products))("a product of texts with %s", (_, drawn) => {
  it("has the measure of the reference", async () => {
    const expected = measureText(source(drawn), [], { lms: tables });
    expect(expected.atoms.length).toBeGreaterThan(1);
    expectSameMeasure(await exactly(await subjectOf(drawn)), expected, 1e-12);
  });

  it("is properly weighted by every resampler", async () => {
    const subject = await subjectOf(drawn);
    const expected = await exactly(subject);
    for (const [, method] of methods) await expectProperlyWeighted({ ...subject, method, expected });
  });

  it("is left as it is by the kernels of Markov chains", async () => {
    const subject = await subjectOf(drawn);
    const states = await executionsOf(subject);
    const { gibbs, prior, single, suffix } = kernels;
    for (const [name, kernel] of Object.entries({ single, suffix, prior, gibbs: gibbs() })) {
      const matrix = await expectInvariantOnExecutions({ ...subject, kernel }, states);
      expectReversible(matrix);
      if (name === "suffix" || name === "prior") expectIrreducible(matrix);
    }
  });

  it("has a local variant with the measure of the reference", async () => {
    const local = `${drawn.startsWith("product") ? drawn : `(${drawn})`}.local()`;
    const subject = await subjectOf(local);
    const measure = await exactly(subject);
    expectSameMeasure(measure, measureText(source(local), [], { lms: tables }), 1e-12);
    await expectProperlyWeighted({ ...subject, method: smc({ particles: 2, ess: 1 }), expected: measure });
  });

  it("gives the texts that can be spelt in one way the density that they are drawn with", async () => {
    for (const law of [drawn, `(${drawn}).local()`]) {
      const scored = `
lm p = "table:p.json"
lm q = "table:q.json"
model m(): string {
  let s ~ ${law}
  factor -log_prob(${law}, s)
  return s
}
`;
      const program = await compile.source(scored);
      const lms = { p: TableModel.from(tables.p, "p"), q: TableModel.from(tables.q, "q") };
      const { atoms } = await exactly({ program: program.models["m"]!, lms });
      for (const { mass } of atoms) expect(mass).toBeCloseTo(1, 12);
    }
  });
});

describe("a product of texts refuses", () => {
  it.each([
    [`product(p.text("", matching: /a/) ^ -1, q.text(""))`, /has the exponent -1/],
    [`product(p.text("", guide: "awrs", matching: /a/), q.text(""))`, /no `guide: "awrs"`/],
    [`product(p.text("").masked(/a/), q.text(""))`, /not masked by itself/],
    [`product(p.text("", max_tokens: 2), q.text("", max_tokens: 3))`, /stop by different rules/],
    [`product(p.text(""), choice(["a"]))`, /cannot be multiplied by/],
    [`product(p.text("") ^ [1, 0], q.text(""))`, /come down from above zero/],
  ])("%s", async (drawn, message) => {
    await expect(exactly(await subjectOf(drawn))).rejects.toThrow(message);
  });
});

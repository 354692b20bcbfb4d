import { expect, test } from "vitest";
import type { Feature } from "../../src/index.js";
import { examineBatch, failureFile, replayCommand, Tally, type ExamineOptions } from "../harness/examine.js";

/**
 * The first laws, on at least 2 000 random programs: whatever passes run, the compiled program has the measure that the
 * reference interpreter gives the syntax tree; methods are properly weighted, kernels invariant, exactly. Further:
 * `npm run test:nightly`.
 */
const options: ExamineOptions = { bits: 7, smallEnough: 12, maxOutcomes: 250 };
const BATCHES = 8;
const RUNS = 250;

const tally = new Tally();
for (let batch = 0; batch < BATCHES; batch++) {
  test(`random programs, batch ${batch}`, { timeout: 600_000 }, async () => {
    const failure = await examineBatch({ seed: 1000 + batch, runs: RUNS }, options, tally);
    if (failure !== null) throw new Error(`${replayCommand(failure, options)}\n${failureFile(failure, options)}`);
  });
}

test("have been what they should be", () => {
  console.log(summary());
  expect(tally.programs).toBeGreaterThanOrEqual(BATCHES * RUNS);
  expect(tally.beyond).toBeLessThan(20);
  expect(tally.contradictory).toBeLessThan(20);
  expect(tally.failing).toBeGreaterThan(2);
  expect(tally.algorithms).toBeGreaterThan(2000);
  expect(tally.passSets.size).toBeGreaterThanOrEqual(16);
  for (const kernel of ["single", "suffix", "prior", "gibbs"])
    expect(tally.methods.get(`kernel ${kernel}`) ?? 0, kernel).toBeGreaterThan(30);
  for (const method of ["importance", "marginal", "conditional SMC", "importance with a proposal"])
    expect(tally.methods.get(method) ?? 0, method).toBeGreaterThan(50);
  for (const scheme of ["systematic", "stratified", "multinomial", "residual", "optimal"])
    expect(tally.methods.get(`smc, ${scheme}`) ?? 0, scheme).toBeGreaterThan(50);
  const features: Feature[] = [
    "lm",
    "infer",
    "closure",
    "recursion",
    "early return",
    "loop",
    "while",
    "match",
    "guide",
    "twist",
    "site proposal",
    "higher order",
    "empty posterior",
    "constraint",
    "product",
    "local product",
    "masked",
    "matching",
    "independent",
  ];
  for (const feature of features) expect(tally.features.get(feature) ?? 0, feature).toBeGreaterThan(50);
});

function summary(): string {
  const { programs, compilations, executions, algorithms, outcomes, passSets } = tally;
  return `${programs} programs, ${compilations} compilations with ${passSets.size} sets of passes, ${executions} executions compared; ${algorithms} algorithms run through ${outcomes} outcomes of their draws`;
}

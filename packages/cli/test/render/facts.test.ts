import { Posterior, type ChainDiagnostics, type LogEvidence } from "@pgl/core";
import picocolors from "picocolors";
import { expect, test } from "vitest";
import { posteriorFacts } from "../../src/render/facts.js";

const plain = picocolors.createColors(false);

const of = (
  method: Partial<Posterior<unknown>["method"]>,
  logZ: Partial<LogEvidence>,
  diagnostics: Partial<Posterior<unknown>["diagnostics"]> = {},
): readonly string[] =>
  posteriorFacts(
    new Posterior<unknown>(
      [{ value: true, weight: 1, trace: null }],
      { estimate: -1.25, stderr: null, exact: false, ...logZ },
      {
        ess: 12.5,
        history: [],
        distinctAncestors: null,
        chains: null,
        unvisitedMass: 0,
        executions: 1000,
        partial: false,
        warnings: [],
        ...diagnostics,
      },
      { name: "smc", guarantee: "unbiased", options: {}, ...method },
    ),
    plain,
  );

test("of weighted executions: log Z with its error, the effective sample size, ancestors after a resampling", () => {
  expect(of({}, { stderr: 0.0312 })).toEqual(["log Z -1.25 ± 0.031 (on average a lower bound)", "ESS 12.5 of 1,000"]);
  const step = { step: 1, ess: 3, logZ: 0, alive: 10, resampled: true };
  expect(of({}, {}, { distinctAncestors: 1, history: [step] })).toEqual([
    "log Z -1.25 (on average a lower bound)",
    "ESS 12.5 of 1,000",
    "1 ancestor",
  ]);
  expect(of({ name: "nested" }, { sign: -1 })[0]).toBe("log -Z -1.25");
});

test("of a program that draws from local products: that they are approximations", () => {
  const site = { name: "s", kind: "sample", file: "m.pgl", line: 1, column: 1, start: 0, end: 1 } as const;
  const warnings = [{ code: "PGLW018", message: "…", site, count: 3 }];
  expect(of({}, {}, { warnings }).at(-1)).toBe("approximate: `s` is drawn from a local product");
});

test("of particles that are moved or tried again: the particles, and the executions behind them", () => {
  expect(of({ name: "tempered", options: { particles: 50, islands: 2 } }, {}).slice(1)).toEqual([
    "ESS 12.5 of 100",
    "1,000 executions",
  ]);
  expect(of({ name: "dc_smc", options: { particles: 10 } }, {}, { executions: 1 })[1]).toBe("ESS 12.5 of 1");
  expect(of({ name: "smc", options: { particles: 1000 } }, {}).slice(1)).toEqual(["ESS 12.5 of 1,000"]);
});

test("of exact methods: how much they visited", () => {
  expect(of({ name: "enumerate", guarantee: "exact" }, { exact: true })).toEqual([
    "log Z -1.25 (exact)",
    "1,000 executions",
  ]);
  expect(of({ name: "marginal", guarantee: "exact" }, { exact: true })[1]).toBe("1,000 states");
});

test("of chains: whether they agree, and how many draws they are worth", () => {
  const chains: ChainDiagnostics = {
    count: 4,
    draws: 1000,
    acceptance: 0.345,
    rHat: 1.00261,
    essBulk: 1300.46,
    summary: "x",
  };
  const mh = { name: "mh", guarantee: "consistent" };
  expect(of(mh, { estimate: null }, { chains })).toEqual([
    "R-hat 1.003",
    "ESS 1,300 of 4,000 draws",
    "4 chains",
    "35% accepted",
  ]);
  expect(of({ name: "pimh", guarantee: "consistent" }, { stderr: 0.5 }, { chains })[0]).toBe("log Z -1.25 ± 0.5");
  const one = { ...chains, count: 1, rHat: null, essBulk: null };
  expect(of(mh, { estimate: null }, { chains: one })).toEqual(["1,000 draws", "1 chain", "35% accepted"]);
});

test("of maxima: the maximum, its share of log Z, and the states", () => {
  const maximum = { logValue: -3, logEvidence: -2, choices: [], policy: [] };
  const map = { name: "map", guarantee: "maximum" };
  expect(of(map, { estimate: -3, exact: true }, { maximum, executions: 17 })).toEqual([
    "log max -3 (exact)",
    "probability 0.3679",
    "log Z -2",
    "17 states",
  ]);
});

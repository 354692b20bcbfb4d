import { describe, expect, test, vi } from "vitest";
import {
  annealed,
  bernoulli,
  beta,
  exponential,
  gibbs,
  importance,
  inferRequest,
  kernels,
  listTrace,
  mh,
  normal,
  parallelTempering,
  smc,
  temperedSmc,
  TraceLedger,
  uniform,
  uniformInt,
  seeded,
  type Kernel,
  type Method,
  type Progress,
  type RequestHandler,
} from "../../../src/index.js";
import { environment, measureOf, model, run, type Program } from "../../support/script.js";

/** Two draws that know of each other, one of them only on one branch. */
const branching: Program<string> = (s) => {
  const a = s.sample("a", bernoulli(0.3));
  s.factor(a ? 1 : 0);
  if (!a) return "none";
  const b = s.sample("b", uniformInt(0, 2));
  s.factor(0.5 * b);
  return `some ${b}`;
};

const methods: Record<string, Method> = {
  mh: mh({ samples: 8000, thin: 2 }),
  "mh, suffix": mh({ samples: 8000, kernel: "suffix" }),
  "mh, prior": mh({ samples: 8000, kernel: "prior" }),
  "mh, block": mh({ samples: 8000, kernel: "block", sites: ["a", "b"] }),
  "mh, a kernel of one's own": mh({ samples: 6000, kernel: kernels.cycle(kernels.single, kernels.prior) }),
  gibbs: gibbs({ samples: 8000 }),
  "gibbs of one site": gibbs({ samples: 8000, sites: ["b"] }),
  parallel_tempering: parallelTempering({ samples: 20000, rungs: 3 }),
  annealed: annealed({ particles: 8000, temperatures: 4 }),
  tempered: temperedSmc({ particles: 8000, temperatures: 4 }),
  "smc with moves": smc({ particles: 8000, moves: 1 }),
};

describe("the posterior of a program whose number of draws changes", () => {
  const measure = measureOf(branching);
  const total = [...measure.values()].reduce((a, b) => a + b, 0);
  for (const [name, method] of Object.entries(methods)) {
    test(name, async () => {
      const posterior = await run(method, branching, 3);
      for (const [key, mass] of measure) {
        const value = JSON.parse(key) as string;
        // Standard errors are below 0.01 for every method here.
        expect(posterior.probability((v) => v === value)).toBeCloseTo(mass / total, 1.3);
      }
      if (method.guarantee === "unbiased") {
        expect(Math.abs(posterior.logZ.estimate! - Math.log(total))).toBeLessThan(0.1);
        expect(posterior.diagnostics.chains).toBe(null);
      } else {
        const chains = posterior.diagnostics.chains!;
        expect(posterior.logZ.estimate).toBe(null);
        expect(chains.draws * chains.count).toBe(posterior.samples.length);
        expect(chains.acceptance).toBeGreaterThan(0.2);
        expect(chains.acceptance).toBeLessThanOrEqual(1);
        expect(chains.rHat!).toBeLessThan(1.02);
        expect(chains.essBulk!).toBeGreaterThan(200);
        expect(posterior.samples[0]!.weight).toBe(1 / posterior.samples.length);
      }
    });
  }

  test("each sample has the trace of its own execution", async () => {
    for (const method of [
      // Long enough for the ledger to be compacted.
      mh({ samples: 60_000, chains: 1 }),
      gibbs({ samples: 2000 }),
      parallelTempering({ samples: 2000 }),
      temperedSmc({ particles: 500 }),
      smc({ particles: 500, moves: 2 }),
    ]) {
      const posterior = await run(method, branching, 5);
      for (const { value, trace } of posterior.samples) {
        const draws = listTrace(trace);
        const [a, b] = draws.map((d) => d.value);
        expect(value).toBe(a === true ? `some ${String(b)}` : "none");
        expect(draws.length).toBe(a === true ? 2 : 1);
      }
    }
  });
});

describe("draws that nobody needs any more are forgotten, and the others are not", () => {
  const sequence =
    (length: number): Program<readonly number[]> =>
    (s) => {
      const xs: number[] = [];
      for (let i = 0; i < length; i++) {
        xs.push(s.sample("x", uniformInt(0, 9)));
        s.factor(0.01 * xs[i]!);
      }
      return xs;
    };
  for (const [name, method, length] of [
    ["mh", mh({ samples: 15_000, chains: 1, kernel: "prior" }), 8],
    ["annealed", annealed({ particles: 200, temperatures: 30, moves: 3, kernel: "prior" }), 8],
    ["smc with moves", smc({ particles: 400, moves: 1, ess: 1 }), 30],
  ] as const) {
    test(name, async () => {
      let renumbered = 0;
      const compact = vi.spyOn(TraceLedger.prototype, "compact").mockImplementation(function (this: TraceLedger, all) {
        renumbered++;
        compact.mockRestore();
        this.compact(all);
      });
      const posterior = await run(method, sequence(length), 8);
      compact.mockRestore();
      expect(renumbered).toBe(1);
      for (const { value, trace } of posterior.samples) expect(listTrace(trace).map((d) => d.value)).toEqual(value);
    });
  }
});

describe("continuous draws", () => {
  // Conjugate: y₁…y₅ ~ normal(m, 1), m ~ normal(0, 2).
  const ys = [1.2, 0.4, 2.1, 1.7, 0.9];
  const mean = ys.reduce((a, b) => a + b, 0) / (5 + 1 / 4);
  const program: Program<number> = (s) => {
    const m = s.sample("m", normal(0, 2));
    for (const y of ys) s.observe(normal(m, 1), y);
    return m;
  };
  for (const [name, method] of Object.entries({
    single: mh({ samples: 12_000 }),
    drift: mh({ samples: 6000, kernel: "drift" }),
    annealed: annealed({ particles: 2000, kernel: "drift" }),
  })) {
    test(`a normal mean, by ${name}`, async () => {
      const posterior = await run(method, program, 7);
      expect(Math.abs(posterior.mean() - mean)).toBeLessThan(0.05);
      const second = posterior.mean((m) => (m - mean) ** 2);
      expect(Math.abs(second - 1 / (5 + 1 / 4))).toBeLessThan(0.03);
    });
  }

  test("drift accepts about as often as random walks should, and more than draws from the prior", async () => {
    const drifting = await run(mh({ samples: 4000, kernel: "drift" }), program, 1);
    const drawing = await run(mh({ samples: 4000 }), program, 1);
    expect(drifting.diagnostics.chains!.acceptance).toBeGreaterThan(0.34);
    expect(drifting.diagnostics.chains!.acceptance).toBeLessThan(0.54);
    expect(drifting.diagnostics.chains!.essBulk!).toBeGreaterThan(drawing.diagnostics.chains!.essBulk!);
  });

  test("drift keeps to half-lines, intervals and what is discrete", async () => {
    const mixed: Program<readonly [number, number, boolean]> = (s) => {
      const rate = s.sample("rate", exponential(1));
      const p = s.sample("p", beta(2, 2));
      const coin = s.sample("coin", bernoulli(p));
      s.observe(normal(rate, 0.5), 1.5);
      s.factor(coin ? 1 : 0);
      return [rate, p, coin];
    };
    const posterior = await run(mh({ samples: 10_000, kernel: "drift" }), mixed, 2);
    for (const { value } of posterior.samples) {
      expect(value[0]).toBeGreaterThan(0);
      expect(value[1] > 0 && value[1] < 1).toBe(true);
    }
    // The coin's law: e·E[p] against E[1 − p].
    expect(Math.abs(posterior.mean(([, , coin]) => (coin ? 1 : 0)) - Math.E / (1 + Math.E))).toBeLessThan(0.03);
    // Beta(2, 2) given the coin: mean 3/5 or 2/5.
    const expected = (0.6 * Math.E + 0.4) / (1 + Math.E);
    expect(Math.abs(posterior.mean(([, p]) => p) - expected)).toBeLessThan(0.02);
  });
});

describe("chains side by side", () => {
  const double: RequestHandler = { name: "double", answer: (payloads) => payloads.map((x) => 2 * (x as number)) };
  const asking: Program<number> = (s) => {
    const a = s.sample("a", uniformInt(0, 5));
    const twice = s.ask({ handler: double as RequestHandler<number>, payload: a });
    s.factor(-0.2 * twice);
    return s.sample("b", uniformInt(0, 1)) + twice;
  };

  test("what they wait for is asked for in one call", async () => {
    const sizes: number[] = [];
    const later: RequestHandler<number> = {
      name: "later",
      answer: (payloads) => {
        sizes.push(payloads.length);
        return Promise.resolve(payloads.map((x) => 2 * (x as number)));
      },
    };
    const program: Program<number> = (s) => {
      const a = s.sample("a", uniformInt(0, 5));
      s.factor(-0.2 * s.ask({ handler: later, payload: a }));
      return a;
    };
    await run(mh({ samples: 50, chains: 8, kernel: "prior" }), program);
    expect(Math.max(...sizes)).toBe(8);
    expect(sizes.length).toBe(1 + 75);
  });

  test("a chain does not depend on how many there are", async () => {
    const valuesOf = async (chains: number): Promise<unknown[]> => {
      const posterior = await run(mh({ samples: 40, chains }), asking, 11);
      return posterior.samples.slice(0, 40).map(({ value }) => value);
    };
    const alone = await valuesOf(1);
    expect(await valuesOf(3)).toEqual(alone);
    expect(new Set(alone).size).toBeGreaterThan(2);
  });

  test("the same seed gives the same answer", async () => {
    for (const method of [mh({ samples: 50 }), gibbs({ samples: 50 }), smc({ particles: 20, moves: 1 })]) {
      const [a, b] = [await run(method, asking, 4), await run(method, asking, 4)];
      expect(a.samples.map((s) => s.value)).toEqual(b.samples.map((s) => s.value));
    }
  });

  test("nested inference with a random answer is asked for again", async () => {
    const coin = model((s) => s.sample("coin", bernoulli(0.3)));
    const program: Program<boolean> = (s) =>
      s.sample("x", s.ask(inferRequest(coin, [], importance({ samples: 1 }))) as never);
    const posterior = await run(mh({ samples: 3000 }), program, 2);
    expect(Math.abs(posterior.mean() - 0.3)).toBeLessThan(0.03);
  });
});

describe("what goes wrong is said", () => {
  const codes = (posterior: { diagnostics: { warnings: readonly { code: string }[] } }): string[] =>
    posterior.diagnostics.warnings.map((w) => w.code);

  test("no execution of positive weight to start from", async () => {
    const posterior = await run(mh({ samples: 10 }), (s) => {
      s.sample("a", bernoulli(0.5));
      s.condition(false, "never");
    });
    expect(posterior.isEmpty).toBe(true);
    expect(codes(posterior)).toEqual(["PGLW003"]);
  });

  test("a rare start is looked for", async () => {
    const posterior = await run(mh({ samples: 10, chains: 2 }), (s) => {
      const a = s.sample("a", uniformInt(0, 999));
      s.condition(a === 7);
      return a;
    });
    expect(posterior.mode()).toBe(7);
  });

  test("a chain that never moved", async () => {
    const tied: Program = (s) => {
      const a = s.sample("a", uniform(0, 1));
      s.condition(Math.abs(a - s.sample("b", uniform(0, 1))) < 1e-4);
    };
    expect(codes(await run(mh({ samples: 20, chains: 1 }), tied))).toContain("PGLW009");
  });

  test("chains that do not agree", async () => {
    const two: Program<number> = (s) => {
      const a = s.sample("a", uniformInt(0, 1));
      const b = s.sample("b", uniformInt(0, 1));
      s.condition(a === b);
      return a;
    };
    expect(codes(await run(mh({ samples: 200, chains: 8 }), two))).toContain("PGLW011");
    const together = mh({ samples: 2000, kernel: "block", sites: ["a", "b"] });
    expect(codes(await run(together, two))).not.toContain("PGLW009");
  });

  test("temperatures that are too far apart", async () => {
    const sharp: Program<number> = (s) => {
      const xs = Array.from({ length: 40 }, () => s.sample("x", bernoulli(0.5)));
      for (const x of xs) s.factor(x ? 20 : 0);
      return 0;
    };
    const method = parallelTempering({ samples: 1000, temperatures: [1, 1e6] });
    expect(codes(await run(method, sharp))).toContain("PGLW014");
  });

  test("options", () => {
    for (const bad of [
      () => mh({ samples: 0 }),
      () => mh({ burn: -1 }),
      () => mh({ kernel: "other" as never }),
      () => mh({ kernel: "block" }),
      () => mh({ kernel: "block", sites: [] }),
      () => mh({ sites: ["a"] }),
      () => mh({ other: 1 } as never),
      () => gibbs({ thin: 0.5 }),
      () => annealed({ temperatures: 0 }),
      () => temperedSmc({ ess: 2 }),
      () => temperedSmc({ resampler: "none" as never }),
      () => parallelTempering({ temperatures: [2, 3] }),
      () => parallelTempering({ temperatures: [1, 3, 2] }),
      () => parallelTempering({ temperatures: [1, 2], rungs: 2 }),
      () => parallelTempering({ max_temperature: 0.5 }),
      () => parallelTempering({ inner: "other" as never }),
      () => smc({ moves: -1 }),
      () => kernels.cycle(),
      () => kernels.mixture([kernels.single], [0]),
      () => kernels.repeat(kernels.single, 0),
    ]) {
      expect(bad).toThrow(/PGLR|must be|needs|no option|sites|weights|times/);
    }
  });
});

describe("a run that is ended early", () => {
  test("by a limit on steps keeps what it has", async () => {
    const posterior = await run(
      mh({ samples: 1000, burn: 10 }),
      branching,
      environment(seeded(1), undefined, { max_steps: 110 }),
    );
    expect(posterior.diagnostics.partial).toBe(true);
    expect(posterior.samples.length).toBe(4 * 100);
  });

  test("annealing goes to the end at once", async () => {
    const method = annealed({ particles: 4000, temperatures: 50 });
    const posterior = await run(method, branching, environment(seeded(1), undefined, { max_steps: 10 }));
    expect(posterior.diagnostics.partial).toBe(true);
    const measure = measureOf(branching);
    const total = [...measure.values()].reduce((a, b) => a + b, 0);
    expect(Math.abs(posterior.logZ.estimate! - Math.log(total))).toBeLessThan(0.1);
  });

  test("progress is told", async () => {
    const told: Progress[] = [];
    await run(mh({ samples: 300, burn: 0, chains: 2 }), branching, 1, { onProgress: (p) => told.push(p) });
    expect(told[told.length - 1]).toMatchObject({ method: "mh", step: 300, total: 300, finished: 600, logZ: null });
  });
});

describe("a kernel of one's own", () => {
  test("composes what there is", async () => {
    const half: Kernel = {
      name: "half",
      *step(execution, walk) {
        if (walk.random.bernoulli(0.5)) return execution;
        return yield* kernels.through(kernels.single.step(execution, walk));
      },
    };
    const posterior = await run(mh({ samples: 8000, kernel: half }), branching, 6);
    expect(posterior.method.options["kernel"]).toBe("half");
    expect(posterior.diagnostics.chains!.rHat!).toBeLessThan(1.02);
  });
});

import { describe, expect, test } from "vitest";
import {
  bernoulli,
  defaultMethod,
  enumerate,
  importance,
  listTrace,
  methods,
  MethodError,
  normal,
  rejection,
  seeded,
  smc,
  smcSteps,
  target,
  uniformInt,
  type Method,
  type Model,
  type Progress,
  type Request,
  type RunLimits,
} from "../../src/index.js";
import { environment, model, run, type Program } from "../support/script.js";

const longChain =
  (steps: number): Program<number> =>
  (s) => {
    let x = 0;
    for (let i = 0; i < steps; i++) {
      x = s.sample(`x${i}`, normal(x, 1)) as number;
      s.observe(normal(x, 1), i % 3);
    }
    return x;
  };

describe("the same seed gives the same posterior, bit for bit", () => {
  test.each<Method>([
    smc({ particles: 40 }),
    smc({ particles: 40, resampler: "multinomial", ess: 1 }),
    importance({ samples: 40 }),
  ])("$name", async (method) => {
    const answer = async (seed: number): Promise<unknown> => {
      const { samples, logZ, diagnostics } = await run(method, longChain(8), seed);
      return [
        samples.map((x) => [x.value, x.weight, listTrace(x.trace).map((d) => d.value)]),
        logZ,
        diagnostics.history,
      ];
    };
    expect(await answer(7)).toEqual(await answer(7));
    expect(await answer(7)).not.toEqual(await answer(8));
  });

  test("rejection", async () => {
    const program: Program = (s) => {
      const a = s.sample("a", uniformInt(0, 99));
      s.condition(a % 7 === 0);
      return a;
    };
    const values = async (): Promise<unknown[]> =>
      (await run(rejection({ samples: 30 }), program, 4)).samples.map((x) => x.value);
    expect(await values()).toEqual(await values());
  });
});

describe("a run that is stopped", () => {
  test("by its signal, during a step of others, has what had finished", async () => {
    const stop = new AbortController();
    const posterior = await run(
      smc({ particles: 30 }),
      (s) => {
        const early = s.sample("early", bernoulli(0.5));
        s.factor(early ? -1 : 0);
        if (early) return "early";
        for (let i = 0; i < 100; i++) {
          s.sample(`x${i}`, bernoulli(0.5));
          s.factor(-0.1);
        }
        return "late";
      },
      environment(seeded(1), stop.signal),
      { onProgress: (p) => p.step === 3 && stop.abort() },
    );
    expect(posterior.diagnostics.partial).toBe(true);
    expect(posterior.diagnostics.history.length).toBe(3);
    expect(posterior.atoms).toEqual([{ value: "early", weight: expect.closeTo(1, 12) }]);
    expect(posterior.logZ.stderr).toBeNull();
    expect(posterior.diagnostics.warnings).toMatchObject([
      { code: "PGLW008", message: expect.stringMatching(/interrupted\. \d+ of 30/) },
    ]);
  });

  test("while an answer is awaited that never comes", async () => {
    const stop = new AbortController();
    const never: Request = { handler: { name: "never", answer: () => new Promise(() => undefined) }, payload: 0 };
    setTimeout(() => stop.abort(), 20);
    const posterior = await run(
      smc({ particles: 3 }),
      (s) => {
        s.factor(-1);
        s.sample("a", bernoulli(0.5));
        return s.ask(never);
      },
      environment(seeded(1), stop.signal),
    );
    expect(posterior.diagnostics.partial).toBe(true);
    expect(posterior.isEmpty).toBe(true);
  });

  test("before its first step there is nothing to show: an AbortError", async () => {
    const stop = new AbortController();
    stop.abort();
    for (const method of [smc(), importance(), enumerate(), rejection()]) {
      await expect(run(method, longChain(3), environment(seeded(1), stop.signal))).rejects.toMatchObject({
        name: "AbortError",
      });
    }
  });

  test("by a timer, although its steps wait for nothing", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    const program: Program = (s) => {
      for (;;) s.factor(-1e-6 * (s.sample("x", uniformInt(0, 1)) as number));
    };
    const posterior = await run(smc({ particles: 2 }), program, environment(seeded(1), stop.signal));
    expect(posterior.diagnostics.partial).toBe(true);
  });

  test("by max_time", async () => {
    const program: Program = (s) => {
      for (let i = 0; ; i++) s.factor(-1e-6 * (s.sample(`x${i}`, uniformInt(0, 1)) as number));
    };
    for (const method of [smc({ particles: 2 }), enumerate()]) {
      const posterior = await run(method, program, environment(seeded(1), undefined, { max_time: 0.05 }));
      expect(posterior.diagnostics.partial).toBe(true);
      expect(posterior.diagnostics.warnings[0]).toMatchObject({
        code: "PGLW008",
        message: expect.stringContaining("max_time"),
      });
    }
  });

  test("by max_steps: of a population exactly so many", async () => {
    const posterior = await run(
      smc({ particles: 5 }),
      longChain(20),
      environment(seeded(1), undefined, { max_steps: 4 }),
    );
    expect(posterior.diagnostics.history.length).toBe(4);
    expect(posterior.diagnostics.partial).toBe(true);
  });

  test("at its very last step is not partial", async () => {
    const posterior = await run(
      smc({ particles: 5 }),
      longChain(4),
      environment(seeded(1), undefined, { max_steps: 5 }),
    );
    expect(posterior.diagnostics.partial).toBe(false);
  });

  test.each<RunLimits>([{ max_time: 0 }, { max_steps: -1 }, { max_recursion: NaN }])(
    "limits are checked: %j",
    (limits) => {
      expect(() => environment(seeded(1), undefined, limits)).toThrow(MethodError);
    },
  );
});

describe("what can be followed", () => {
  test("progress and steps", async () => {
    const seen: Progress[] = [];
    const ancestors: number[] = [];
    const posterior = await run(smc({ particles: 50 }), longChain(6), 1, {
      onProgress: (p) => seen.push(p),
      onStep: ({ population }) => ancestors.push(new Set(population.eve).size),
    });
    expect(seen.map((p) => p.step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(seen[5]).toMatchObject({
      method: "smc",
      alive: 50,
      finished: 50,
      total: null,
      logZ: posterior.logZ.estimate,
    });
    expect(ancestors.every((n, i) => i === 0 || n <= ancestors[i - 1]!)).toBe(true);
    expect(posterior.diagnostics.distinctAncestors).toBe(ancestors[5]);
    expect(posterior.diagnostics.history.map((h) => h.ess)).toEqual(seen.map((p) => p.ess));
  });

  test("the steps of sequential Monte Carlo one by one, as an iterator", async () => {
    const logZs: number[] = [];
    for await (const step of smcSteps(target(model(longChain(5)), []), { particles: 20 }, environment(seeded(3))))
      logZs.push(step.logZ);
    const posterior = await run(smc({ particles: 20 }), longChain(5), 3);
    expect(logZs).toEqual(posterior.diagnostics.history.map((h) => h.logZ));
  });

  test("a population with few executions left is warned of", async () => {
    const { diagnostics } = await run(importance({ samples: 100 }), (s) => {
      const x = s.sample("x", normal(0, 1)) as number;
      s.observe(normal(x, 0.001), 3);
      return x;
    });
    expect(diagnostics.warnings.map((w) => w.code)).toEqual(["PGLW004"]);
  });
});

describe("methods by name", () => {
  test("have these names, and one is the default", () => {
    for (const [name, make] of Object.entries(methods as Record<string, (options: object) => Method>)) {
      // Options that some cannot do without.
      const needed = {
        pmmh: { parameters: ["x"] },
        smc2: { parameters: ["x"] },
        mmap: { vars: ["x"] },
        plan: { decisions: ["x"] },
      };
      expect(make((needed as Record<string, object>)[name] ?? {}).name).toBe(name);
    }
    expect(defaultMethod).toMatchObject({
      name: "smc",
      options: { particles: 100, resampler: "systematic", ess: 0.5 },
    });
  });

  test.each<[() => Method, RegExp]>([
    [() => smc({ particles: 0 }), /smc: `particles` must be a positive whole number, not 0/],
    [() => smc({ particles: 1.5 }), /particles/],
    [() => smc({ ess: 2 }), /`ess` must be a share of the particles between 0 and 1/],
    [() => smc({ ess: NaN }), /ess/],
    [
      () => smc({ resampler: "best" as never }),
      /`resampler` must be one of systematic, stratified, multinomial, residual, optimal, not "best"/,
    ],
    [() => smc({ samples: 3 } as never), /smc has no option `samples`/],
    [() => importance({ samples: -1 }), /samples/],
    [() => importance({ particles: 1 } as never), /importance has no option `particles`/],
    [() => rejection({ samples: 0 }), /samples/],
    [() => rejection({ bound: Infinity }), /bound/],
    [() => rejection({ tries: 3 } as never), /rejection has no option `tries`/],
  ])("options are checked: %s", (make, message) => {
    expect(make).toThrow(MethodError);
    expect(make).toThrow(message);
  });

  test("an option left undefined has its default, and a proposal is reported by its name", () => {
    expect(smc({ particles: undefined }).options).toEqual({ particles: 100, resampler: "systematic", ess: 0.5 });
    const proposal = model(() => 0, [], "guide") as Model;
    expect(smc({ proposal }).options).toMatchObject({ proposal: "guide" });
  });
});

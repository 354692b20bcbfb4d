import { describe, expect, test } from "vitest";
import {
  bernoulli,
  categorical,
  enumerate,
  geometric,
  MethodError,
  normal,
  poisson,
  uniformInt,
  type Request,
} from "../../src/index.js";
import { environment, measureOf, run, type Program } from "../support/script.js";

const { log, exp } = Math;

async function expectExact(program: Program): Promise<void> {
  const posterior = await run(enumerate(), program);
  const exact = measureOf(program);
  expect(posterior.logZ.exact).toBe(true);
  expect(posterior.logZ.stderr).toBe(0);
  expect(posterior.diagnostics.unvisitedMass).toBe(0);
  expect(posterior.method.guarantee).toBe("exact");
  for (const [key, mass] of exact) {
    const found = posterior.atoms.find((a) => JSON.stringify(a.value) === key)?.weight ?? 0;
    expect(Math.abs(found * exp(posterior.logZ.estimate!) - mass)).toBeLessThan(1e-13);
  }
}

describe("exact on finite programs", () => {
  test("with factors, conditions, twists and proposals", async () => {
    await expectExact((s) => {
      const a = s.sample("a", uniformInt(0, 3), uniformInt(0, 9));
      s.twist(5 * a);
      s.factor(-0.3 * a);
      const b = s.sample("b", categorical([0.5, 0, 0.25, 0.25]));
      s.condition(a !== b);
      s.twist(-Infinity);
      return a * b;
    });
  });

  test("with draws of many values, opened one after the other", async () => {
    await expectExact((s) => {
      const a = s.sample("a", categorical(Array.from({ length: 40 }, (_, i) => (i * 7) % 13)));
      s.factor(-0.1 * a);
      const b = s.sample("b", uniformInt(0, 29));
      return (a + b) % 5;
    });
  });

  test("a heavy execution that is improbable beforehand is not left out", async () => {
    const posterior = await run(enumerate(), (s) => {
      const rare = s.sample("rare", bernoulli(1e-14));
      s.factor(rare ? 40 : 0);
      return rare;
    });
    expect(posterior.mode()).toBe(true);
    expect(posterior.logZ.estimate).toBeCloseTo(log(1e-14 * exp(40) + 1 - 1e-14), 10);
    expect(posterior.logZ.exact).toBe(true);
  });

  test("without a draw", async () => {
    const posterior = await run(enumerate(), (s) => {
      s.factor(-2);
      return "only";
    });
    expect(posterior.atoms).toEqual([{ value: "only", weight: 1 }]);
    expect(posterior.logZ.estimate).toBe(-2);
  });
});

describe("programs without end", () => {
  test("stop at the tolerance and say what was not visited", async () => {
    const program: Program<number> = (s) => {
      let n = 0;
      while (s.sample(`go${n}`, bernoulli(0.5))) n++;
      return n;
    };
    const posterior = await run(enumerate({ tolerance: 1e-6 }), program);
    expect(posterior.logZ.exact).toBe(false);
    expect(posterior.logZ.stderr).toBeNull();
    expect(posterior.diagnostics.unvisitedMass).toBeGreaterThan(0);
    expect(posterior.diagnostics.unvisitedMass).toBeLessThan(1e-6);
    expect(posterior.mean()).toBeCloseTo(1, 4);
  });

  test("countable draws are opened value by value", async () => {
    const posterior = await run(enumerate(), (s) => {
      const n = s.sample("n", poisson(2));
      s.observe(bernoulli(n === 0 ? 0 : 1 / n), true);
      return n;
    });
    // E[1/n · 1{n > 0}] under Poisson(2), summed here.
    let z = 0;
    for (let n = 1, p = exp(-2); n < 60; n++) z += (p *= 2 / n) / n;
    expect(posterior.logZ.estimate).toBeCloseTo(log(z), 10);
    expect(posterior.diagnostics.unvisitedMass).toBeLessThan(1e-11);
  });

  test("two of them", async () => {
    const posterior = await run(enumerate({ tolerance: 1e-8 }), (s) => {
      const a = s.sample("a", geometric(0.5));
      const b = s.sample("b", geometric(0.5));
      s.condition(a === b);
      return a;
    });
    // Σ 4^-(n+1) = 1/3, and the posterior is geometric(3/4).
    expect(posterior.logZ.estimate).toBeCloseTo(log(1 / 3), 6);
    expect(posterior.probability((n) => n === 0)).toBeCloseTo(3 / 4, 6);
  });

  test("max_traces bounds finished executions", async () => {
    const posterior = await run(enumerate({ max_traces: 10 }), (s) => s.sample("a", uniformInt(0, 99)));
    expect(posterior.samples.length).toBe(10);
    expect(posterior.diagnostics.unvisitedMass).toBeCloseTo(0.9, 12);
    expect(posterior.diagnostics.warnings.map((w) => w.code)).toContain("PGLW006");
  });

  test("the heaviest come first", async () => {
    const posterior = await run(enumerate({ max_traces: 2 }), (s) =>
      s.sample("a", categorical([0.1, 0.5, 0.05, 0.35])),
    );
    expect(posterior.samples.map((x) => x.value)).toEqual([1, 3]);
  });
});

test("a continuous draw is an error that names the place and a remedy", async () => {
  const error = await run(enumerate(), (s) => s.sample("height", normal(0, 1))).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(MethodError);
  expect(error).toMatchObject({ code: "PGLR040", site: { name: "height" }, hint: expect.stringContaining("smc") });
});

test("an impossible condition gives an empty posterior that says where the last one ended", async () => {
  const posterior = await run(enumerate(), (s) => {
    s.sample("a", bernoulli(0.5));
    s.condition(false, "never");
    return 1;
  });
  expect(posterior.isEmpty).toBe(true);
  expect(posterior.logZ.estimate).toBe(-Infinity);
  expect(posterior.diagnostics.warnings[0]).toMatchObject({ code: "PGLW003", site: { name: "never" } });
});

test("what executions wait for is asked in batches", async () => {
  const sizes: number[] = [];
  const double = (n: number): Request<number> => ({
    handler: {
      name: "double",
      answer: (payloads) => (sizes.push(payloads.length), payloads.map((p) => 2 * (p as number))),
    },
    payload: n,
  });
  const { handler } = double(0);
  const posterior = await run(enumerate(), (s) => {
    const a = s.sample("a", uniformInt(0, 9));
    return s.ask({ handler, payload: a } as Request<number>);
  });
  expect(sizes).toEqual([10]);
  expect(posterior.mean()).toBeCloseTo(9, 12);
});

test("options are checked by name", () => {
  expect(() => enumerate({ max_traces: 0 })).toThrow(/max_traces/);
  expect(() => enumerate({ tolerance: 1 })).toThrow(/tolerance/);
  expect(() => enumerate({ particles: 3 } as never)).toThrow(/no option `particles`/);
});

test("a program that finishes no execution is ended by max_steps", async () => {
  const program: Program = (s) => {
    for (let i = 0; ; i++) s.sample(`a${i}`, bernoulli(0.5));
  };
  const posterior = await run(enumerate(), program, environment(undefined, undefined, { max_steps: 500 }));
  expect(posterior.isEmpty).toBe(true);
  expect(posterior.diagnostics.unvisitedMass).toBeCloseTo(1, 12);
});

test("max_steps ends it with what it has", async () => {
  const posterior = await run(
    enumerate(),
    (s) => [s.sample("a", uniformInt(0, 9)), s.sample("b", uniformInt(0, 9))],
    environment(undefined, undefined, { max_steps: 40 }),
  );
  expect(posterior.diagnostics.partial).toBe(true);
  expect(posterior.samples.length).toBeGreaterThan(0);
  expect(posterior.diagnostics.warnings.map((w) => w.code)).toEqual(["PGLW008"]);
});

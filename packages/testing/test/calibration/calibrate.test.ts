import { calibrate, compile } from "@pgl/core";
import { enumerate, importance, mh, particleGibbs, Posterior, rejection, smc, type Method } from "@pgl/runtime";
import { describe, expect, test } from "vitest";

const load = async (text: string) => (await compile.source(text, { passes: "none" })).models["m"]!;

const normal = `
model m(ys: list<float>): float {
  let mu ~ normal(1, 2)
  for y in ys { observe y ~ normal(mu, 1.5) }
  return mu
}`;
const ys = [0, 0, 0];

/** A method whose answer is changed afterwards. */
const changed = (method: Method, change: (p: Posterior<unknown>) => Posterior<unknown>): Method => ({
  ...method,
  name: `changed ${method.name}`,
  run: async (program, environment, options) =>
    change((await method.run(program, environment, options)) as Posterior<unknown>) as never,
});
const reweighed = (p: Posterior<unknown>, weight: (w: number) => number): Posterior<unknown> => {
  const weights = p.samples.map((s) => (s.weight > 0 ? weight(s.weight) : 0));
  const total = weights.reduce((a, b) => a + b, 0);
  const samples = p.samples.map((s, i) => ({ ...s, weight: weights[i]! / total }));
  return new Posterior(samples, p.logZ, p.diagnostics, p.method);
};
const moved = (p: Posterior<number>, move: (x: number, mean: number) => number): Posterior<unknown> => {
  const mean = p.mean();
  const samples = p.samples.map((s) => ({ ...s, value: move(s.value, mean) }));
  return new Posterior(samples, p.logZ, p.diagnostics, p.method);
};

describe("right methods are calibrated", () => {
  test("importance sampling with many samples, on numbers", async () => {
    const found = await calibrate(await load(normal), [ys], importance({ samples: 2000 }), {
      seed: 1,
      simulations: 200,
    });
    expect(found.tests.map((t) => t.kind)).toEqual(["rank", "rank by data", "coverage", "coverage by data"]);
    expect(found.tests.filter((t) => !t.passed)).toEqual([]);
    expect(found.calibrated).toBe(true);
    expect(found.attempts).toBe(1);
  });

  test("on booleans, strings and records, with loops, conditions and branches", async () => {
    const model = await load(`
model m(flips: list<bool>): { fair: bool, which: string, extra: int } {
  let fair ~ bernoulli(0.5)
  let which ~ choice(["a", "b", "c"])
  condition fair || which != "a"
  let extra ~ uniform_int(0, 3)
  for f in flips {
    if f { observe f ~ bernoulli(if fair { 0.5 } else { 0.8 }) } else { observe f ~ bernoulli(if which == "b" { 0.2 } else { 0.6 }) }
  }
  observe extra ~ categorical([0.1 + extra, 0.3, 0.2, 0.1])
  return { fair, which, extra }
}`);
    const flips = [true, false, true, true, false];
    for (const method of [enumerate(), rejection({ samples: 30 }), mh({ samples: 200, chains: 1, burn: 100 })]) {
      const found = await calibrate(model, [flips], method, { seed: 3, simulations: 100, draws: 30 });
      expect(
        found.tests.filter((t) => !t.passed),
        method.name,
      ).toEqual([]);
      expect(found.tests.map((t) => t.statistic)).toContain(".which");
      expect(found.attempts).toBeGreaterThan(1);
    }
  });

  test("methods that copy executions, and go back in them", async () => {
    const model = await load(`
model m(ys: list<int>): int {
  var s ~ uniform_int(0, 2)
  for y in ys {
    s = sample categorical([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]][s])
    observe y ~ categorical([[0.7, 0.2, 0.1], [0.2, 0.6, 0.2], [0.1, 0.2, 0.7]][s])
  }
  return s
}`);
    for (const method of [
      smc({ particles: 200, ess: 1 }),
      mh({ samples: 400, chains: 1, burn: 200 }),
      particleGibbs({ particles: 8, sweeps: 200, burn: 40 }),
    ]) {
      const found = await calibrate(model, [[0, 1, 2, 0]], method, { seed: 5, simulations: 100, draws: 50 });
      expect(
        found.tests.filter((t) => !t.passed),
        method.name,
      ).toEqual([]);
    }
  });

  test("what an inference inside observes stays as it is", async () => {
    const model = await load(`
model inner(p: float): bool { let c ~ bernoulli(p); observe true ~ bernoulli(if c { 0.9 } else { 0.3 }); return c }
model m(y: bool): bool {
  let a ~ bernoulli(0.4)
  observe y ~ infer inner(if a { 0.2 } else { 0.7 }) using enumerate()
  return a
}`);
    const found = await calibrate(model, [true], enumerate(), { seed: 1, simulations: 300 });
    expect(found.calibrated).toBe(true);
  });

  test("no more often called wrong than is said", { timeout: 120_000 }, async () => {
    const model = await load(`
model m(y: bool): bool { let a ~ bernoulli(0.3); observe y ~ bernoulli(if a { 0.9 } else { 0.4 }); return a }`);
    let wrong = 0;
    const runs = 200;
    for (let seed = 0; seed < runs; seed++) {
      const options = { seed, simulations: 40, draws: 10, falseAlarmRate: 0.1 };
      if (!(await calibrate(model, [true], enumerate(), options)).calibrated) wrong++;
    }
    // 33 or more of 200 at a rate of 0.1 have probability 0.003.
    expect(wrong).toBeLessThan(33);
    expect(wrong).toBeGreaterThan(0);
  });
});

describe("wrong methods are caught", () => {
  const right = importance({ samples: 500 });
  const wrong: Record<string, [Method, RegExp]> = {
    "weights forgotten: the prior for the posterior": [changed(right, (p) => reweighed(p, () => 1)), /data/],
    "weights squared": [changed(right, (p) => reweighed(p, (w) => w * w)), /narrow/],
    "half the spread": [changed(right, (p) => moved(p as Posterior<number>, (x, m) => m + (x - m) / 2)), /narrow/],
    "twice the spread": [changed(right, (p) => moved(p as Posterior<number>, (x, m) => m + 2 * (x - m))), /wide/],
    "moved to one side": [changed(right, (p) => moved(p as Posterior<number>, (x) => x - 1)), /above/],
  };
  for (const [name, [method, finding]] of Object.entries(wrong)) {
    test(name, async () => {
      const found = await calibrate(await load(normal), [ys], method, { seed: 2, simulations: 200 });
      expect(found.calibrated).toBe(false);
      expect(found.tests.map((t) => t.finding).join("; ")).toMatch(finding);
    });
  }

  test("a method that ignores the data passes where references and statistics do not look at them", async () => {
    const [prior] = wrong["weights forgotten: the prior for the posterior"]!;
    const found = await calibrate(await load(normal), [ys], prior, { seed: 2, simulations: 200 });
    const passed = Object.fromEntries(found.tests.map((t) => [t.kind, t.passed]));
    expect(passed).toEqual({ rank: true, "rank by data": false, coverage: true, "coverage by data": false });
  });

  test("posteriors that are empty", async () => {
    const model = await load(`
model m(y: int): int { let a ~ uniform_int(0, 60); observe y ~ uniform_int(a, a); return a }`);
    const found = await calibrate(model, [1], importance({ samples: 3 }), { seed: 1, simulations: 30 });
    expect(found.empty).toBeGreaterThan(20);
    expect(found.calibrated).toBe(false);
  });
});

describe("what cannot be calibrated is said", () => {
  const codeOf = async (
    text: string,
    args: readonly unknown[] = [],
    method: Method = enumerate(),
  ): Promise<unknown> => {
    const model = await load(text);
    const error: unknown = await calibrate(model, args, method, { simulations: 20, seed: 1, maxAttempts: 200 }).then(
      () => null,
      (e: unknown) => e,
    );
    const { code, site } = (error ?? {}) as { code?: string; site?: { line?: number } };
    return [code, site?.line];
  };
  test("a factor", async () => {
    expect(
      await codeOf("model m(): bool {\n let a ~ bernoulli(0.5)\n factor if a { 0.5 } else { 0.0 }\n return a\n}"),
    ).toEqual(["PGLR100", 3]);
  });
  test("a factor that is a condition is one", async () => {
    expect(
      await codeOf("model m(): bool { let a ~ bernoulli(0.5)\n factor if a { -inf } else { 0.0 }\n return a }"),
    ).toEqual([undefined, undefined]);
  });
  test("a number of observations that is drawn", async () => {
    expect(
      await codeOf(
        "model m(): int {\n let n ~ uniform_int(1, 3)\n for i in 0..n {\n  observe true ~ bernoulli(0.5) }\n return n\n}",
      ),
    ).toEqual(["PGLR101", 4]);
  });
  test("a condition that never holds", async () => {
    expect(await codeOf("model m(): bool {\n let a ~ bernoulli(0.5)\n condition a && !a\n return a\n}")).toEqual([
      "PGLR102",
      3,
    ]);
  });
});

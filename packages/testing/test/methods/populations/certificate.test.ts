import { compile } from "@pgl/core";
import {
  alive,
  bernoulli,
  certify,
  drawsByStates,
  enumerate,
  importance,
  mh,
  repeatRuns,
  RunEnvironment,
  seeded,
  smc,
  type BoundsCertificate,
  type Certificate,
  type CertifyOptions,
  type ExactDraws,
  type Method,
  type Model,
  type RandomSource,
  type SequentialPlan,
} from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import { enumerateOutcomes, t3 } from "../../../src/index.js";
import { scriptModel, type Script } from "../../script-model.js";
import { targetOf, type Subject } from "./executions.js";
import { t3Model } from "./t3-models.js";

const environment = (random: RandomSource): RunEnvironment => new RunEnvironment(new Map(), random);

const certified = (
  subject: Subject,
  method: Method,
  options: CertifyOptions,
  random: RandomSource,
): Promise<Certificate> => certify(targetOf(subject), method, null, environment(random), options);

async function finish<T>(steps: Generator<unknown, T, void>): Promise<T> {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
    await next.value;
  }
}

const load = async (text: string): Promise<Subject> => {
  const { models } = await compile.source(text, { passes: "none" });
  return { program: models["m"] as unknown as Model };
};

/** Σ p f over all ways a run's own draws can come out. */
async function expectation<T>(run: (random: RandomSource) => Promise<T>, f: (value: T) => number): Promise<number> {
  let sum = 0;
  for (const { value, probability } of await enumerateOutcomes(run)) {
    const x = f(value);
    if (x !== 0) sum += probability * x;
  }
  return sum;
}

/** log Ẑ of one run, or of one that is given an exact draw. */
const oneRun =
  (subject: Subject, plan: SequentialPlan, given: boolean) =>
  async (random: RandomSource): Promise<number> => {
    const own = environment(random);
    const program = targetOf(subject);
    const draws = (await finish(drawsByStates(program, own, 1000, "test"))) as ExactDraws;
    const draw = given ? await draws.draw(0, random.split(9)) : null;
    const [found] = await finish(
      repeatRuns(program, plan, [{ environment: own, random: random.split(8), draw, free: !given }]),
    );
    return (given ? found!.given : found!.free)!;
  };

/** The law of the one value drawn from a run, by enumeration; `null` for a run that lost everything. */
async function lawOf(subject: Subject, method: Method): Promise<Map<unknown, number>> {
  const law = new Map<unknown, number>();
  const outcomes = await enumerateOutcomes(async (random) => {
    const found = await method.run(targetOf(subject), environment(random.split(1)));
    return found.isEmpty ? null : found.sample(random.split(2));
  });
  for (const { value, probability } of outcomes) law.set(value, (law.get(value) ?? 0) + probability);
  return law;
}

const kl = (p: ReadonlyMap<unknown, number>, q: ReadonlyMap<unknown, number>): number =>
  [...p].reduce((sum, [value, mass]) => (mass === 0 ? sum : sum + mass * Math.log(mass / (q.get(value) ?? 0))), 0);

const posteriorOf = async (subject: Subject): Promise<{ law: Map<unknown, number>; logZ: number }> => {
  const found = await enumerate().run(targetOf(subject), environment(seeded(1)));
  return { law: new Map(found.atoms.map(({ value, weight }) => [value, weight])), logZ: found.logZ.estimate! };
};

describe("the numbers of a certificate are, in expectation, the exact ones", () => {
  test("on T3, one particle", async () => {
    const subject = { program: t3Model("none", "base") };
    const mean = { lower: 0, upper: 0, divergence: 0, towards: 0, from: 0 };
    const outcomes = await enumerateOutcomes((random) =>
      certified(subject, importance({ samples: 1 }), { repetitions: 2 }, random),
    );
    for (const { value, probability } of outcomes) {
      const found = value as BoundsCertificate;
      expect(found).toMatchObject({ kind: "bounds", of: "posterior", exactDraws: { by: "enumeration" } });
      expect(found).toMatchObject({ survived: 2, deaths: false });
      expect(found.logZ.exact).toBeCloseTo(t3.logZ, 12);
      mean.lower += probability * found.logZ.lower.estimate;
      mean.upper += probability * found.logZ.upper.estimate;
      mean.divergence += probability * found.divergence.estimate;
      mean.towards += probability * found.towardsPosterior!.estimate;
      mean.from += probability * found.fromPosterior!.estimate;
    }
    // algorithms: base proposal, K = 1. With one particle the bounds are the divergences.
    expect(mean.lower).toBeCloseTo(-0.660324, 6);
    expect(mean.upper).toBeCloseTo(0.236224, 6);
    expect(mean.towards).toBeCloseTo(0.52725, 6);
    expect(mean.from).toBeCloseTo(0.369298, 6);
    expect(mean.divergence).toBeCloseTo(0.52725 + 0.369298, 6);
  });

  test("of islands of one particle are those of as many draws", async () => {
    const subject = { program: t3Model("none") };
    const plan = smc({ particles: 1, islands: 2 }).sequential!;
    expect(await expectation(oneRun(subject, plan, false), (x) => x)).toBeCloseTo(-0.381775, 6);
    expect(await expectation(oneRun(subject, plan, true), (x) => x)).toBeCloseTo(0.054579, 6);
  });

  test("on data that are simulated", async () => {
    const text = `model m(): bool {
  let x ~ bernoulli(0.3)
  observe true ~ bernoulli(if x { 0.8 } else { 0.4 })
  return x
}`;
    const program = targetOf(await load(text));
    let mean = 0;
    const outcomes = await enumerateOutcomes((random) =>
      certify(program, importance({ samples: 1 }), null, environment(random), { repetitions: 2, exact: "simulate" }),
    );
    for (const { value, probability } of outcomes) {
      expect(value).toMatchObject({ kind: "bounds", of: "simulated data", logZ: { exact: null } });
      mean += probability * (value as BoundsCertificate).divergence.estimate;
    }
    // Of each datum: both divergences between prior and posterior, which is what one particle gives.
    let exact = 0;
    const prior = new Map([
      [true, 0.3],
      [false, 0.7],
    ]);
    for (const datum of [true, false]) {
      const joint = [...prior].map(([x, p]) => [x, p * (datum ? (x ? 0.8 : 0.4) : x ? 0.2 : 0.6)] as const);
      const z = joint.reduce((sum, [, p]) => sum + p, 0);
      const posterior = new Map(joint.map(([x, p]) => [x, p / z]));
      exact += z * (kl(prior, posterior) + kl(posterior, prior));
    }
    expect(mean).toBeCloseTo(exact, 10);
  });
});

describe("the bound is above the true divergences", () => {
  test("on T3, with two particles resampled at each step, and with two islands", async () => {
    const subject = { program: t3Model("imperfect") };
    const { law: sigma, logZ } = await posteriorOf(subject);
    for (const [particles, islands] of [
      [2, 1],
      [1, 2],
    ] as const) {
      const method = smc({ particles, islands, ess: 1, resampler: "multinomial" });
      const q = await lawOf(subject, method);
      const lower = await expectation(oneRun(subject, method.sequential!, false), (x) => x);
      const upper = await expectation(oneRun(subject, method.sequential!, true), (x) => x);
      expect(logZ - lower).toBeGreaterThan(kl(q, sigma));
      expect(upper - logZ).toBeGreaterThan(kl(sigma, q));
      // E_σ[1/Ẑ] = 1/Z.
      const inverse = await expectation(oneRun(subject, method.sequential!, true), (x) => Math.exp(-x));
      expect(inverse).toBeCloseTo(Math.exp(-logZ), 9);

      // And so is what is printed of simulations.
      const found = (await certified(subject, method, { repetitions: 400 }, seeded(1))) as BoundsCertificate;
      const [, printed, error] = /within ([0-9.]+) ± ([0-9.]+) nats/.exec(found.statement)!;
      expect(Number(printed)).toBeGreaterThan(kl(q, sigma) + kl(sigma, q));
      expect(Math.abs(Number(printed) - (upper - lower))).toBeLessThan(4 * Number(error));
    }
  });
});

describe("runs that can lose all their executions", () => {
  const subject = {
    program: scriptModel("m", (s: Script) => {
      const a = s.sample("a", bernoulli(0.5));
      s.factor(a ? 0 : -Infinity);
      const b = s.sample("b", bernoulli(0.7));
      s.factor(b ? -0.2 : -1.5);
      return b;
    }),
  };

  test("E_σ[1/Ẑ] = P(Ẑ > 0)/Z, and P(survival) is in each bound and not in their sum", async () => {
    const method = smc({ particles: 2, ess: 1, resampler: "multinomial" });
    const plan = method.sequential!;
    const { law: sigma, logZ } = await posteriorOf(subject);
    const free = oneRun(subject, plan, false);
    const survival = await expectation(free, (x) => (x > -Infinity ? 1 : 0));
    expect(survival).toBeCloseTo(0.75, 12);
    const inverse = await expectation(oneRun(subject, plan, true), (x) => Math.exp(-x));
    expect(inverse).toBeCloseTo(survival / Math.exp(logZ), 12);

    const all = await lawOf(subject, method);
    all.delete(null);
    const q = new Map([...all].map(([value, mass]) => [value, mass / survival]));
    const alive = (await expectation(free, (x) => (x > -Infinity ? x : 0))) / survival;
    const upper = await expectation(oneRun(subject, plan, true), (x) => x);
    // What the mean over the surviving runs alone would say is wrong: it is no lower bound of log Z here.
    expect(alive).toBeGreaterThan(logZ);
    expect(alive + Math.log(survival)).toBeLessThan(logZ);
    expect(logZ - alive - Math.log(survival)).toBeGreaterThan(kl(q, sigma));
    expect(upper - logZ + Math.log(survival)).toBeGreaterThan(kl(sigma, q));
    expect(upper - alive).toBeGreaterThan(kl(q, sigma) + kl(sigma, q));
  });

  const repeated = async (particles: number, repetitions: number): Promise<BoundsCertificate> =>
    (await certified(subject, smc({ particles }), { repetitions }, seeded(1))) as BoundsCertificate;

  test("are said to, and E[log Ẑ] is -inf as soon as one did", async () => {
    const found = await repeated(2, 100);
    expect(found.deaths).toBe(true);
    expect(found.survived).toBeLessThan(100);
    expect(found.logZ.mean.estimate).toBe(-Infinity);
    expect(found.logZ.lower.estimate).toBeLessThan(found.logZ.exact!);
    expect(found.divergence.estimate).toBeCloseTo(found.towardsPosterior!.estimate + found.fromPosterior!.estimate, 12);
    expect(found.statement).toMatch(
      /^Given that a run does not lose all its executions, .*\d+ of 100 runs did, .*infinite/,
    );
    const many = await repeated(64, 20);
    expect(many.survived).toBe(20);
    expect(many.statement).toMatch(/None of 20 runs did, and some executions do/);
  });

  test("are said to of simulated data too", async () => {
    const text = `model m(): bool {
  let a ~ bernoulli(0.9)
  condition a
  let x ~ bernoulli(0.3)
  observe true ~ bernoulli(if x { 0.8 } else { 0.4 })
  return x
}`;
    const options = { exact: "simulate", repetitions: 4 } as const;
    const found = (await certified(await load(text), smc({ particles: 8 }), options, seeded(1))) as BoundsCertificate;
    expect(found).toMatchObject({ deaths: true, survived: 4 });
    expect(found.statement).toMatch(
      /^On data that .* would give, given that a run does not lose all its executions, this .*, on average over the data\)\. None of 4 runs did, .* Nothing is said about the data at hand\.$/,
    );
  });
});

describe("what cannot be certified is said, with the reason", () => {
  const factor = "model m(): float {\n  let x ~ normal(0, 1)\n  factor -x * x\n  return x\n}";
  const density = "model m(): float {\n  let x ~ normal(0, 1)\n  observe 1.0 ~ normal(x, 0.01)\n  return x\n}";
  const finite = { program: t3Model("none") };

  test.each([
    ["chains", finite, mh({ samples: 10 }), /mh has no unbiased estimate of Z/],
    ["alive", finite, alive(), /no run of alive that is given an exact draw/],
    ["moves", finite, smc({ moves: 1 }), /particles are moved/],
  ] as const)("%s", async (_, subject, method, reason) => {
    const found = await certified(subject, method, {}, seeded(1));
    expect(found).toMatchObject({ kind: "none" });
    expect(found.statement).toMatch(reason);
  });

  test("a factor of no known bound; one that is given makes rejection possible", async () => {
    const subject = await load(factor);
    const found = await certified(subject, smc({ particles: 8 }), {}, seeded(1));
    expect(found).toMatchObject({ kind: "none", remedy: expect.stringContaining("`bound`") as string });
    expect(found.statement).toMatch(
      /^No certificate: enumeration goes .*continuous.*; rejection: a factor at .*3:3.*; simulation: .*cannot be simulated\.$/,
    );
    const given = await certified(subject, smc({ particles: 8 }), { bound: 0, repetitions: 40 }, seeded(1));
    expect(given).toMatchObject({ kind: "bounds", exactDraws: { by: "rejection" } });
    const wrong = await certified(subject, smc({ particles: 8 }), { bound: -2, exact: "rejection" }, seeded(1));
    expect(wrong.statement).toMatch(/above the bound -2/);
  });

  test("a density is no probability: then data are simulated, and it is said", async () => {
    const subject = await load(density);
    const found = await certified(subject, smc({ particles: 2000 }), { repetitions: 4 }, seeded(1));
    expect(found).toMatchObject({ kind: "bounds", of: "simulated data" });
    expect(found.statement).toContain("Nothing is said about the data at hand.");
    const strict = await certified(subject, smc({ particles: 8 }), { exact: "rejection" }, seeded(1));
    expect(strict.statement).toMatch(/a density of normal/);
  });

  test("data that are observed in some executions only", async () => {
    const subject = await load(
      "model m(): bool {\n  let x ~ bernoulli(0.95)\n  if x { observe true ~ bernoulli(0.5) }\n  return x\n}",
    );
    for (let seed = 1; seed <= 8; seed++) {
      // That all simulations agree is not enough: their runs have to observe all that was simulated.
      const options = { exact: "simulate", repetitions: 4 } as const;
      const found = await certified(subject, smc({ particles: 16 }), options, seeded(seed));
      expect(found).toMatchObject({ kind: "none" });
      expect(found.statement).toMatch(/^No certificate: simulation: .*3:10.* observes/);
    }
  });

  test("a proposal that leaves out what the posterior has", async () => {
    const subject = await load("model m(): bool {\n  let x ~ bernoulli(0.5) proposal bernoulli(1.0)\n  return x\n}");
    const found = await certified(subject, smc({ particles: 4 }), {}, seeded(1));
    expect(found.statement).toMatch(/a proposal leaves it out, and KL\(σ‖q\) is infinite/);
  });

  test("too few executions, and options out of range", async () => {
    const rare = await load("model m(): float {\n  let x ~ uniform(0, 1)\n  condition x < 0.0001\n  return x\n}");
    const found = await certified(rare, smc({ particles: 8 }), { executions: 500 }, seeded(1));
    expect(found.statement).toMatch(/only \d of 20 draws were accepted in 500 executions/);
    await expect(certified(finite, smc(), { repetitions: 1 }, seeded(1))).rejects.toMatchObject({ code: "PGLR030" });
    await expect(
      certified(finite, smc(), { exact: "guess" } as unknown as CertifyOptions, seeded(1)),
    ).rejects.toMatchObject({ code: "PGLR030" });
  });

  test("a limit on time, and an interrupt", async () => {
    const end = new AbortController();
    end.abort();
    const program = targetOf(finite);
    for (const own of [
      new RunEnvironment(new Map(), seeded(1), end.signal),
      new RunEnvironment(new Map(), seeded(1), undefined, { max_time: 1e-9 }),
    ])
      expect((await certify(program, smc(), null, own)).statement).toMatch(/ended before|before it was complete/);
    let seen = 0;
    const later = new AbortController();
    const own = new RunEnvironment(new Map(), seeded(1), later.signal);
    const found = await certify(program, smc({ particles: 600 }), null, own, {
      onProgress: ({ phase }) => phase === "runs" && ++seen === 2 && later.abort(),
    });
    expect(found.statement).toBe("No certificate: it was interrupted before it was complete.");
  });

  test("exact methods need no bounds", async () => {
    const program = targetOf(finite);
    const found = await enumerate().run(program, environment(seeded(1)));
    expect(await certify(program, enumerate(), found, environment(seeded(1)))).toMatchObject({ kind: "exact" });
  });

  test("enumeration is not exact where an inference inside is answered at random", async () => {
    const text = `model inside(): bool {
  let x ~ bernoulli(0.5)
  observe true ~ bernoulli(if x { 0.9 } else { 0.2 })
  return x
}
model m(): bool {
  let d = infer inside() using importance(samples: 2)
  let x ~ d
  factor if x { 0.0 } else { -1.0 }
  return x
}`;
    const program = targetOf(await load(text));
    const found = await enumerate().run(program, environment(seeded(1)));
    expect(found.diagnostics.unvisitedMass).toBe(0);
    expect(found.logZ.exact).toBe(false);
    expect(found.method.guarantee).toBe("unbiased");
    const certificate = await certify(program, enumerate(), found, environment(seeded(1)));
    expect(certificate.statement).toMatch(/^No certificate: every execution was visited, but .* at random\.$/);
  });
});

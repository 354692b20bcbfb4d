import { describe, expect, test } from "vitest";
import {
  bernoulli,
  categorical,
  choice,
  enumerate,
  importance,
  inferRequest,
  seeded,
  smc,
  uniformInt,
  type Method,
  type Model,
  type Posterior,
} from "../../src/index.js";
import { expectProperlyWeighted } from "../support/properly-weighted.js";
import { environment, model, run, type Program, type Script } from "../support/script.js";

const infer = <R>(s: Script, program: Program<R>, method: Method): Posterior<R> =>
  s.ask(inferRequest(model(program) as Model, [], method)) as Posterior<R>;

describe("scalar implicature, inference three deep", () => {
  const holds = (u: string, n: number): boolean => (u === "none" ? n === 0 : u === "some" ? n > 0 : n === 3);
  const listener0 =
    (u: string): Program<number> =>
    (s) => {
      const n = s.sample("n", uniformInt(0, 3)) as number;
      s.condition(holds(u, n));
      return n;
    };
  const speaker =
    (n: number): Program<string> =>
    (s) => {
      const u = s.sample("u", choice(["none", "some", "all"])) as string;
      s.observe(infer(s, listener0(u), enumerate()), n);
      return u;
    };
  const listener =
    (u: string): Program<number> =>
    (s) => {
      const n = s.sample("n", uniformInt(0, 3)) as number;
      s.observe(infer(s, speaker(n), enumerate()), u);
      return n;
    };

  test("is exact", async () => {
    const posterior = await run(enumerate(), listener("some"));
    // By hand: L0(n | some) = 1/3 for 1..3, L0(3 | all) = 1; S(some | 3) = (1/3)/(1/3 + 1) = 1/4, S(some | 1, 2) = 1.
    expect(posterior.logDensity(3)).toBeCloseTo(Math.log(0.25 / 2.25), 12);
    expect(posterior.logDensity(1)).toBeCloseTo(Math.log(1 / 2.25), 12);
    expect(posterior.logDensity(0)).toBe(-Infinity);
    // An impossible inner condition is an answer, not a warning about the run.
    expect(posterior.diagnostics.warnings).toEqual([]);
  });
});

test("exact answers are asked for once a run, sampled ones each time anew", async () => {
  let started = 0;
  const inner: Model = {
    ...model((s) => s.sample("a", bernoulli(0.5))),
    start: () => (started++, model((s) => s.sample("a", bernoulli(0.5))).start()),
  };
  const asking =
    (method: Method): Program =>
    (s) => {
      s.sample("i", uniformInt(0, 9));
      return s.ask(inferRequest(inner, [], method)).samples.length;
    };
  await run(importance({ samples: 20 }), asking(enumerate()));
  expect(started).toBe(1);
  started = 0;
  await run(importance({ samples: 20 }), asking(importance({ samples: 3 })));
  expect(started).toBe(60);
});

test("a sampled posterior does not depend on how many ask", async () => {
  const program: Program<number> = (s) => {
    s.factor(0);
    return infer(s, (t) => t.sample("x", uniformInt(0, 1e9)) as number, importance({ samples: 1 })).mode();
  };
  const few = await run(importance({ samples: 2 }), program);
  const many = await run(importance({ samples: 9 }), program);
  expect(many.samples.slice(0, 2).map((x) => x.value)).toEqual(few.samples.map((x) => x.value));
  expect(new Set(many.samples.map((x) => x.value)).size).toBe(9);
});

test("weighing by a nested estimate of Z is properly weighted", async () => {
  const inner =
    (a: boolean): Program =>
    (s) => {
      const b = s.sample("b", bernoulli(0.3));
      s.factor(a === b ? 0.5 : -0.5);
      return b;
    };
  // By hand: Z(a) of the inner program, which the outer one multiplies in.
  const z = (a: boolean): number => (a ? 0.3 : 0.7) * Math.exp(0.5) + (a ? 0.7 : 0.3) * Math.exp(-0.5);
  const marginal: Program = (s) => {
    const a = s.sample("a", bernoulli(0.4));
    s.factor(Math.log(z(a)));
    return a;
  };
  for (const method of [smc({ particles: 2, ess: 1 }), importance({ samples: 2 }), enumerate()]) {
    for (const nested of [smc({ particles: 2 }), importance({ samples: 1 })]) {
      const pseudo: Program = (s) => {
        const a = s.sample("a", bernoulli(0.4));
        s.factor(infer(s, inner(a), nested).logZ.estimate!);
        return a;
      };
      const wrapped: Method = {
        ...method,
        run: (_, env, options) =>
          method.run(
            { name: "", model: model(pseudo), arguments: [], start: () => model(pseudo).start() } as never,
            env,
            options,
          ),
      };
      await expectProperlyWeighted(wrapped, marginal);
    }
  }
});

test("half an inner answer is none: the outer run ends with what it had", async () => {
  const stop = new AbortController();
  const posterior = await run(
    smc({ particles: 4 }),
    (s) => {
      if (s.sample("early", bernoulli(0.5))) return "early";
      s.factor(0);
      s.sample("late", bernoulli(0.5));
      infer(
        s,
        (t) => {
          for (let i = 0; ; i++) {
            if (i === 50) stop.abort();
            t.factor(-0.1 * (t.sample(`x${i}`, uniformInt(0, 1)) as number));
          }
        },
        smc({ particles: 2 }),
      );
      return "late";
    },
    environment(seeded(2), stop.signal),
  );
  expect(posterior.diagnostics.partial).toBe(true);
  expect(posterior.atoms.every((a) => a.value === "early")).toBe(true);
});

test("warnings of inner runs are the run's", async () => {
  const { diagnostics } = await run(importance({ samples: 3 }), (s) =>
    infer(s, (t) => t.sample("inner", categorical([1, 1]), categorical([1, 0])), importance({ samples: 2 })).mode(),
  );
  expect(diagnostics.warnings).toMatchObject([{ code: "PGLW001", site: { name: "inner" } }]);
});

import { describe, expect, test } from "vitest";
import {
  bernoulli,
  importance,
  Population,
  resamplers,
  RunError,
  seeded,
  smc,
  Status,
  target,
  uniformInt,
  type Request,
  type RequestHandler,
} from "../../src/index.js";
import { environment, model, run, type Program } from "../support/script.js";

const spawn = (program: Program, n: number): Population =>
  Population.spawn(target(model(program), []), n, environment(), seeded(1));

/** Counts what it is asked in each call, and answers with the payload. */
function echo(later = false): { request: <A>(payload: A) => Request<A>; calls: unknown[][] } {
  const calls: unknown[][] = [];
  const handler: RequestHandler = {
    name: "echo",
    answer: (payloads) => {
      calls.push([...payloads]);
      return later ? Promise.resolve([...payloads]) : payloads;
    },
  };
  return { request: <A>(payload: A) => ({ handler, payload }) as Request<A>, calls };
}

describe("advancing", () => {
  test("asks once for all that wait, and needs no promise where answers are there", async () => {
    const now = echo();
    const program =
      (e: ReturnType<typeof echo>): Program =>
      (s) => {
        const a = s.sample("a", uniformInt(0, 9));
        const b = s.ask(e.request(a));
        s.factor(-b);
        return s.ask(e.request(b + 1));
      };
    const population = spawn(program(now), 7);
    expect(population.advance()).toBeUndefined();
    expect(now.calls.map((c) => c.length)).toEqual([7]);
    const later = echo(true);
    const waiting = spawn(program(later), 5);
    expect(waiting.count(Status.Waiting)).toBe(0);
    const pending = waiting.advance();
    expect(pending).toBeInstanceOf(Promise);
    expect(waiting.count(Status.Waiting)).toBe(5);
    await pending;
    expect(waiting.count(Status.Checkpoint)).toBe(5);
    await waiting.advance();
    expect(waiting.finished).toBe(true);
    expect(later.calls.map((c) => c.length)).toEqual([5, 5]);
  });

  test("does not touch finished particles, and does not run dead ones on", () => {
    const seen: string[] = [];
    const e = echo();
    const population = spawn((s) => {
      const a = s.sample("a", uniformInt(0, 2));
      if (a === 0) return "early";
      s.condition(a === 1);
      seen.push("lives");
      s.ask(e.request(a));
      s.factor(-1);
      s.sample("b", bernoulli(0.5));
      return "late";
    }, 30);
    void population.advance();
    const early = population.particles.filter((_, i) => population.status[i] === Status.Done);
    const dead = population.count(Status.Dead);
    expect(early.length).toBeGreaterThan(0);
    expect(dead).toBeGreaterThan(0);
    void population.advance();
    void population.advance();
    expect(e.calls.flat().every((payload) => payload === 1)).toBe(true);
    expect(e.calls.flat().length).toBe(30 - early.length - dead);
    for (const p of early) expect([p.logWeight, p.value]).toEqual([0, "early"]);
    expect(population.finished).toBe(true);
  });

  test("an error says where it happened", async () => {
    const error = await run(smc({ particles: 3 }), (s) => {
      s.sample("first", bernoulli(0.5));
      s.factor(-1);
      s.sample("second", bernoulli(0.5));
      throw new Error("user code");
    }).catch((e: unknown) => e);
    expect(error).toMatchObject({ message: "user code", site: { name: "second" }, step: 2 });
  });

  test("a handler that does not answer everyone is an error", async () => {
    const silent: Request = { handler: { name: "silent", answer: () => [] }, payload: 0 };
    await expect(run(importance({ samples: 2 }), (s) => s.ask(silent))).rejects.toThrow(
      /`silent` gave 0 answers to 2 requests/,
    );
  });
});

describe("weights that are none", () => {
  test.each([
    ["NaN", NaN, /is NaN/],
    ["plus infinity", Infinity, /is \+Infinity/],
  ])("a factor of %s names the line and the step", async (_, nats, message) => {
    const error = await run(smc({ particles: 4 }), (s) => {
      s.sample("a", bernoulli(0.5));
      s.factor(-1, "fine");
      s.sample("b", bernoulli(0.5));
      s.factor(nats, "bad");
      return 0;
    }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(RunError);
    expect(error).toMatchObject({
      code: "PGLR062",
      site: { name: "bad" },
      step: 2,
      message: expect.stringMatching(message),
    });
    expect((error as RunError).message).toMatch(/test\.pgl:\d+:1/);
  });

  test("so is a twist of NaN", async () => {
    await expect(run(smc(), (s) => s.twist(NaN))).rejects.toThrow(/is NaN/);
    await expect(run(smc(), (s) => s.twist(Infinity))).rejects.toThrow(/\+Infinity/);
  });
});

describe("all particles dead", () => {
  test("is a defined answer that names the last place, and the run stops there", async () => {
    let later = 0;
    const posterior = await run(smc({ particles: 20 }), (s) => {
      s.sample("a", bernoulli(0.5));
      s.factor(-1);
      s.sample("b", bernoulli(0.5));
      s.condition(false, "impossible");
      later++;
      return 1;
    });
    expect(later).toBe(0);
    expect(posterior.isEmpty).toBe(true);
    expect(posterior.samples).toEqual([]);
    expect(posterior.logZ).toEqual({ estimate: -Infinity, stderr: null, exact: false });
    expect(posterior.diagnostics.ess).toBe(0);
    expect(posterior.diagnostics.history.map((h) => h.alive)).toEqual([20, 0]);
    expect(posterior.diagnostics.warnings).toMatchObject([
      { code: "PGLW003", site: { name: "impossible" }, message: expect.stringContaining("step 2") },
    ]);
    expect(JSON.stringify(posterior)).toContain('"estimate":"-inf"');
  });

  test("with twists, without NaN", async () => {
    for (const ess of [0.5, 1]) {
      const posterior = await run(smc({ particles: 5, ess }), (s) => {
        s.twist(-Infinity);
        s.sample("a", bernoulli(0.5));
        s.twist(3);
        s.condition(false);
        return 1;
      });
      expect(posterior.logZ.estimate).toBe(-Infinity);
    }
  });
});

describe("resampling", () => {
  const history = async (program: Program, ess: number): Promise<boolean[]> =>
    (await run(smc({ particles: 10, ess }), program)).diagnostics.history.map((h) => h.resampled);

  test("does not happen on weights that say nothing", async () => {
    expect(
      await history((s) => {
        for (let i = 0; i < 4; i++) {
          s.sample(`a${i}`, bernoulli(0.5));
          s.factor(-0.1 * i);
        }
        return 0;
      }, 1),
    ).toEqual([false, false, false, false]);
  });

  test("does not happen where only steps were taken since, whatever the scheme", async () => {
    for (const resampler of Object.keys(resamplers) as (keyof typeof resamplers)[]) {
      const { diagnostics } = await run(smc({ particles: 10, ess: 1, resampler }), (s) => {
        const a = s.sample("a", uniformInt(0, 5));
        s.factor(a);
        s.sample("b", bernoulli(0.5));
        s.step();
        s.sample("c", bernoulli(0.5));
        s.step();
        return s.sample("d", bernoulli(0.5));
      });
      const { resampled } = diagnostics.history[0]!;
      expect(resampled).toBe(true);
      expect(diagnostics.history.slice(1).some((h) => h.resampled)).toBe(false);
    }
  });

  test("does not happen after the last weight", async () => {
    expect(
      await history((s) => {
        const a = s.sample("a", bernoulli(0.5));
        s.factor(a ? 3 : -3);
        return a;
      }, 1),
    ).toEqual([false]);
  });

  test("keeps slots' streams: what a slot draws does not depend on how many there are", async () => {
    const program: Program<readonly number[]> = (s) =>
      [0, 1, 2].map((i) => s.sample(`a${i}`, uniformInt(0, 1_000_000)) as number);
    const few = await run(smc({ particles: 3 }), program);
    const many = await run(smc({ particles: 8 }), program);
    expect(many.samples.slice(0, 3).map((x) => x.value)).toEqual(few.samples.map((x) => x.value));
  });

  test("a particle that is held aside for its twist is said so", async () => {
    const { diagnostics } = await run(smc({ particles: 20, ess: 1 }), (s) => {
      const a = s.sample("a", uniformInt(0, 3));
      s.twist(a === 0 ? -Infinity : a);
      s.step();
      return s.sample("b", bernoulli(0.5));
    });
    expect(diagnostics.warnings).toMatchObject([
      { code: "PGLW002", site: { kind: expect.stringMatching(/twist|step/) } },
    ]);
  });
});

describe("a single ancestor", () => {
  const long: Program = (s) => {
    const first = s.sample("first", uniformInt(0, 99));
    for (let i = 0; i < 60; i++) s.observe(bernoulli(s.sample("x", bernoulli(0.5)) ? 0.9 : 0.1), true);
    return first;
  };

  test("is warned of: what is drawn early rests on it", async () => {
    const { diagnostics } = await run(smc({ particles: 12 }), long);
    expect(diagnostics.distinctAncestors).toBe(1);
    expect(diagnostics.warnings).toMatchObject([
      { code: "PGLW015", message: expect.stringContaining("all 12 particles descend from one") },
    ]);
  });

  test("is none of many, and no news of very few", async () => {
    for (const particles of [5, 2000]) {
      const { diagnostics } = await run(smc({ particles }), long);
      expect(diagnostics.warnings).toEqual([]);
    }
  });
});

describe("proposals that do not cover", () => {
  test("are reported where it can be seen, once a place", async () => {
    const { diagnostics } = await run(importance({ samples: 50 }), (s) =>
      s.sample("a", uniformInt(0, 3), uniformInt(0, 1)),
    );
    expect(diagnostics.warnings).toMatchObject([{ code: "PGLW001", site: { name: "a" } }]);
  });

  test("are not reported where they do", async () => {
    const { diagnostics } = await run(importance({ samples: 50 }), (s) =>
      s.sample("a", uniformInt(0, 1), uniformInt(0, 3)),
    );
    expect(diagnostics.warnings).toEqual([]);
  });

  test("in a whole-trace proposal too", async () => {
    const proposal = model((s) => s.sample("a", bernoulli(1)), ["a"]);
    const { diagnostics } = await run(importance({ samples: 5, proposal }), (s) => s.sample("a", bernoulli(0.5)));
    expect(diagnostics.warnings.map((w) => w.code)).toEqual(["PGLW001"]);
  });
});

describe("whole-trace proposals that cannot be", () => {
  test.each<[string, Program, RegExp]>([
    ["weigh", (s) => s.factor(1), /may draw, but not observe/],
    ["condition", (s) => s.condition(true), /may draw, but not observe/],
    ["twist", (s) => s.twist(1), /may draw, but not observe/],
  ])("because they %s", async (_, guide, message) => {
    const proposal = model(guide, ["a"]);
    await expect(run(smc({ proposal }), (s) => s.sample("a", bernoulli(0.5)))).rejects.toThrow(message);
  });

  test("wait for answers in batches like anyone", async () => {
    const e = echo(true);
    const proposal = model((s) => s.sample("a", bernoulli(s.ask(e.request(0.25)) as number)), ["a"]);
    const posterior = await run(importance({ samples: 400, proposal }), (s) => s.sample("a", bernoulli(0.5)));
    expect(e.calls.map((c) => c.length)).toEqual([400]);
    // Four standard errors of the estimate of E[1] under the proposal: weights 2 and 2/3.
    expect(Math.abs(Math.exp(posterior.logZ.estimate!) - 1)).toBeLessThan(0.12);
  });
});

describe("what resampling is due to", () => {
  test("the death of some is news, whichever slots they are in", async () => {
    let seen = 0;
    for (let seed = 0; seed < 20; seed++) {
      const program: Program = (s) => {
        s.condition(s.sample("a", bernoulli(0.5)));
        s.sample("b", bernoulli(0.5));
        s.factor(0);
        return s.sample("c", bernoulli(0.5));
      };
      const { diagnostics } = await run(smc({ particles: 8, ess: 1 }), program, seed);
      const { ess, resampled } = diagnostics.history[0]!;
      if (ess === 0 || ess === 8) continue;
      seen++;
      expect(resampled).toBe(true);
    }
    expect(seen).toBeGreaterThan(10);
  });
});

import { bernoulli, beta, choice, delta, enumerate, importance, rejection, smc, uniformInt } from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import type { Program } from "../../src/index.js";
import {
  begin,
  call,
  condition,
  factor,
  fold,
  forEach,
  infer,
  inferred,
  loop,
  model,
  observe,
  pure,
  repeat,
  runModel,
  sample,
  step,
  suspend,
  traverse,
  twist,
  when,
} from "../../src/index.js";

const flips = [true, true, true, true, false];

/** Posterior odds by hand: fair 0.5^5; biased E[p^4 (1-p)] under beta(5, 1) = B(9, 2) / B(5, 1) = (1/90) / (1/5). */
const FAIR = 0.5 ** 5 / (0.5 ** 5 + 5 / 90);

const fairOrNot = model("fair_or_not", (observed: readonly boolean[]) =>
  begin()
    .draw("fair", bernoulli(0.5))
    .bind("p", ({ fair }) => (fair ? pure(0.5) : sample(beta(5, 1), "p")))
    .do(({ p }) => forEach(observed, (flip) => observe(bernoulli(p), flip)))
    .return(({ fair }) => fair),
);

describe("programs written in TypeScript", () => {
  test("have the posterior that is computed by hand", async () => {
    const posterior = await infer(fairOrNot, [flips], importance({ samples: 20_000 }), { seed: 1 });
    expect(posterior.probability((fair) => fair)).toBeCloseTo(FAIR, 1.7);
    expect(posterior.logZ.estimate).toBeCloseTo(Math.log(0.5 * (0.5 ** 5 + 5 / 90)), 1);
  });

  test("give the same posterior for the same seed, and another for another", async () => {
    const once = await infer(fairOrNot, [flips], smc({ particles: 50 }), { seed: 7 });
    const again = await infer(fairOrNot, [flips], smc({ particles: 50 }), { seed: 7 });
    const other = await infer(fairOrNot, [flips], smc({ particles: 50 }), { seed: 8 });
    expect(again.atoms).toEqual(once.atoms);
    expect(again.logZ).toEqual(once.logZ);
    expect(other.logZ).not.toEqual(once.logZ);
    expect(once.run.seed).toBe(7);
  });

  test("record their draws under their names", async () => {
    const posterior = await infer(fairOrNot, [flips], rejection({ samples: 5 }), { seed: 3 });
    for (const { draws, value } of posterior.traces()) {
      expect(draws[0]!.site.name).toBe("fair");
      expect(draws[0]!.value).toBe(value);
      expect(draws.map((d) => d.site.name)).toEqual(value ? ["fair"] : ["fair", "p"]);
    }
  });

  const sums = model("sum of dice that is even", (n: number) =>
    repeat(n, () => sample(uniformInt(1, 6))).chain((dice) => {
      const sum = dice.reduce((a, b) => a + b, 0);
      return condition(sum % 2 === 0).map(() => sum);
    }),
  );

  test("are enumerated exactly, each branch from its own copy", async () => {
    const posterior = await infer(sums, [2], enumerate());
    expect(posterior.logZ.exact).toBe(true);
    expect(posterior.logZ.estimate).toBeCloseTo(Math.log(0.5), 12);
    // Of the 18 even outcomes: 2, 4, 6, 8, 10, 12 in 1, 3, 5, 5, 3, 1 ways.
    const ways = new Map([2, 4, 6, 8, 10, 12].map((sum, i) => [sum, [1, 3, 5, 5, 3, 1][i]! / 18]));
    for (const { value, weight } of posterior.atoms) expect(weight).toBeCloseTo(ways.get(value)!, 12);
    expect(posterior.atoms).toHaveLength(6);
  });

  test("agree between enumeration and every sampling method, twists and steps included", async () => {
    const program = model("walk", () =>
      fold([1, 2, 3, 4], 0, (at, _, i) =>
        sample(choice([-1, 1]), `move`).chain((move) => {
          const next = at + move;
          return factor(0.3 * next)
            .and(twist(-0.2 * Math.abs(next - i)))
            .and(step())
            .map(() => next);
        }),
      ),
    );
    const exact = await infer(program, [], enumerate());
    for (const method of [smc({ particles: 4000 }), smc({ particles: 4000, ess: 1 }), importance({ samples: 8000 })]) {
      const sampled = await infer(program, [], method, { seed: 11 });
      expect(sampled.logZ.estimate!).toBeCloseTo(exact.logZ.estimate!, 1);
      for (const { value, weight } of exact.atoms) {
        expect(Math.exp(sampled.logDensity(value))).toBeCloseTo(weight, 1);
      }
    }
  });

  test("can call models, and infer inside inference", async () => {
    const listener = model("literal listener", (u: string) =>
      sample(uniformInt(0, 3), "n").chain((n) =>
        condition(u === "none" ? n === 0 : u === "all" ? n === 3 : n > 0).map(() => n),
      ),
    );
    const speaker = model("speaker", (n: number) =>
      sample(choice(["none", "some", "all"]), "u").chain((u) =>
        inferred(listener, [u], enumerate()).chain((heard) => observe(heard, n).map(() => u)),
      ),
    );
    const pragmatic = model("listener", (u: string) =>
      sample(uniformInt(0, 3), "n").chain((n) =>
        inferred(speaker, [n], enumerate()).chain((said) => observe(said, u).map(() => n)),
      ),
    );
    const posterior = await infer(pragmatic, ["some"], enumerate());
    // "some" is said of 1 and 2 always, of 3 with (1/3) / (1/3 + 1) = 1/4, of 0 never.
    expect(posterior.probability((n) => n === 3)).toBeCloseTo(0.25 / 2.25, 12);
    expect(posterior.probability((n) => n === 1)).toBeCloseTo(1 / 2.25, 12);

    const twice = model("twice", () =>
      runModel(pragmatic, ["none"]).chain((a) => runModel(pragmatic, ["all"]).map((b) => [a, b] as const)),
    );
    expect((await infer(twice, [], enumerate())).mode()).toEqual([0, 3]);
  });

  test("wait for functions of the host, which are called once for each particle", async () => {
    let calls = 0;
    const judge = async (x: number): Promise<number> => {
      calls++;
      await Promise.resolve();
      return -x;
    };
    const judged = model("judged", () =>
      sample(uniformInt(0, 1)).chain((x) => call(judge, [x]).chain((score) => factor(score).map(() => x))),
    );
    const posterior = await infer(judged, [], enumerate());
    expect(calls).toBe(2);
    expect(posterior.probability((x) => x === 1)).toBeCloseTo(Math.exp(-1) / (1 + Math.exp(-1)), 12);
  });

  test("do not run what comes after an impossible condition", async () => {
    const ran: boolean[] = [];
    const program = model("stops", () =>
      sample(bernoulli(0.5)).chain((x) =>
        condition(x).chain(() => {
          ran.push(x);
          return pure(x);
        }),
      ),
    );
    await infer(program, [], smc({ particles: 100 }), { seed: 1 });
    expect(ran.length).toBeGreaterThan(0);
    expect(ran).not.toContain(false);
  });

  test("run long loops and deep nesting without overflowing", async () => {
    const n = 200_000;
    const counted = loop(0, (i) => pure(i < n ? { again: i + 1 } : { done: i }));
    const summed = fold(
      Array.from({ length: n }, (_, i) => i),
      0,
      (a, b) => pure(a + b),
    );
    let left: Program<number> = pure(0);
    for (let i = 0; i < n; i++) left = left.map((x) => x + 1);
    const right = (i: number): Program<number> => (i === 0 ? pure(0) : suspend(() => right(i - 1)).map((x) => x + 1));
    const all = model("long", () =>
      counted.chain((a) => summed.chain((b) => left.chain((c) => right(n).map((d) => [a, b, c, d])))),
    );
    expect((await infer(all, [], importance({ samples: 1 }), { seed: 1 })).mode()).toEqual([
      n,
      (n * (n - 1)) / 2,
      n,
      n,
    ]);
  });

  test("keep the lists of particles that have parted apart", async () => {
    const program = model("lists", () =>
      traverse([0, 1, 2, 3], (i) => sample(bernoulli(0.5)).chain((x) => factor(x ? 0.5 : 0).map(() => (x ? i : -i)))),
    );
    const posterior = await infer(program, [], enumerate());
    expect(posterior.atoms).toHaveLength(8);
    const bits = posterior.atoms.map(({ value }) => value.map((v, i) => (v === i ? "1" : "0")).join(""));
    expect(new Set(bits).size).toBe(8);
    for (const { value, weight } of posterior.atoms) {
      // Elements 1 to 3 say which way they fell; element 0 is 0 either way.
      const ups = value.filter((v, i) => i > 0 && v === i).length;
      expect(weight).toBeCloseTo(Math.exp(0.5 * ups) / (1 + Math.exp(0.5)) ** 3, 12);
    }
  });

  test("propose where they are told to, and weigh by the ratio", async () => {
    const program = model("proposed", () =>
      begin()
        .draw("x", bernoulli(0.1), { proposal: bernoulli(0.5) })
        .return(({ x }) => x),
    );
    const posterior = await infer(program, [], importance({ samples: 20_000 }), { seed: 5 });
    expect(posterior.probability((x) => x)).toBeCloseTo(0.1, 2);
    expect(posterior.logZ.estimate).toBeCloseTo(0, 1);
  });

  test("serve as proposals for the draws they name", async () => {
    const target = model("target", () =>
      begin()
        .draw("x", bernoulli(0.01))
        .do(({ x }) => factor(x ? 0 : -5))
        .return(({ x }) => x),
    );
    const guide = model(
      "guide",
      () =>
        begin()
          .draw("x", bernoulli(0.6))
          .return(() => null),
      { draws: ["x"] },
    );
    const exact = await infer(target, [], enumerate());
    const guided = await infer(target, [], importance({ samples: 5000, proposal: guide }), { seed: 2 });
    expect(guided.logZ.estimate!).toBeCloseTo(exact.logZ.estimate!, 1);
    expect(guided.probability((x) => x)).toBeCloseTo(
      exact.probability((x) => x),
      1,
    );
  });

  test("are refused as proposals when they do not name their draws", async () => {
    const target = model("target", () => sample(bernoulli(0.5), "x"));
    const silent = model("silent", () => sample(bernoulli(0.9), "x"));
    await expect(infer(target, [], smc({ particles: 2, proposal: silent }))).rejects.toMatchObject({ code: "PGLT004" });
  });

  test("skip what does not hold", async () => {
    const program = model("when", () =>
      when(false, () => factor(NaN))
        .and(when(true, () => condition(true)))
        .map(() => "ok"),
    );
    expect((await infer(program, [], enumerate())).mode()).toBe("ok");
  });

  test("say what is wrong with a program, and where", async () => {
    const notAProgram = model("wrong", () =>
      sample(bernoulli(0.5), "coin").chain((() => 3) as unknown as () => Program<number>),
    );
    await expect(infer(notAProgram, [], enumerate())).rejects.toThrow(/`chain` returned 3, which is not a program/);
    const promised = model("promise", (() => Promise.resolve(pure(1))) as unknown as () => Program<number>);
    await expect(infer(promised, [], enumerate())).rejects.toThrow(/returned a promise/);
    expect(() => sample(0.5 as never)).toThrow(/sample takes a distribution, not 0.5/);
    expect(() => observe("d" as never, 1 as never)).toThrow(/observe takes a distribution/);
    expect(() => condition(1 as never)).toThrow(/true or false, not 1/);
    expect(() => repeat(1.5, () => pure(1))).toThrow(/whole number of times, not 1.5/);
    const thrower = model("thrower", () =>
      sample(delta(1), "first").map(() => {
        throw new TypeError("no such thing");
      }),
    );
    await expect(infer(thrower, [], enumerate())).rejects.toMatchObject({
      code: "PGLT012",
      message: "The program failed: no such thing",
      site: { name: "first" },
    });
  });

  test("are no promises: awaiting one does not run it", async () => {
    const program = pure(3);
    expect("then" in program).toBe(false);
    expect(await program).toBe(program);
  });
});

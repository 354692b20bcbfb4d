import { compile, infer, type CompiledProgram } from "@pgl/core";
import { TableModel } from "@pgl/lm";
import { enumerate, map, marginal, mmap, plan, type Method, type Model, type Posterior } from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import { forwardBackward, threeStates } from "../../../src/index.js";

const run = (program: CompiledProgram, name: string, args: readonly unknown[], method: Method) =>
  infer(program.models[name]! as Model, args, method, { seed: 1 });

const probabilities = (posterior: Posterior<unknown>): Record<string, number> =>
  Object.fromEntries(posterior.atoms.map(({ value, weight }) => [JSON.stringify(value), weight]));

/** Two decimals, so that a program's text has the same numbers. */
const observations = (length: number): number[] =>
  Array.from({ length }, (_, t) => Math.round(100 * (Math.sin(t) + Math.cos(t * t))) / 100);

describe("hidden Markov models (the three states of monad-bayes)", () => {
  const { initial, transition, means } = threeStates;
  const text = `
const initial = ${JSON.stringify(initial)}
const transition = ${JSON.stringify(transition)}
const means: list<float> = ${JSON.stringify(means.map((m) => `${m}.0`)).replaceAll('"', "")}

model last_state(ys: list<float>): int {
  var z = 0
  var first = true
  for y in ys {
    z = sample categorical(if first { initial } else { transition[z] })
    first = false
    observe y ~ normal(means[z], 1)
  }
  return z
}

model in_a_loop(ys: list<float>): list<int> {
  var path: list<int> = []
  var weights = initial
  for y in ys {
    let z ~ categorical(weights)
    observe y ~ normal(means[z], 1)
    path = push(path, z)
    weights = transition[z]
  }
  return path
}

model recursive(ys: list<float>, t: int, weights: list<float>, path: list<int>): list<int> {
  if t == len(ys) { return path }
  let z ~ categorical(weights)
  observe ys[t] ~ normal(means[z], 1)
  return recursive(ys, t + 1, transition[z], push(path, z))
}
model in_recursion(ys: list<float>): list<int> { return recursive(ys, 0, initial, []) }

model forward_in_fold(ys: list<float>): int {
  return fold(ys, -1, (z, y) => {
    let next ~ categorical(if z < 0 { initial } else { transition[z] })
    observe y ~ normal(means[next], 1)
    next
  })
}

model emitted(z: int, y: float): int {
  observe y ~ normal(means[z], 1)
  return z
}
model counting(ys: list<float>): { last: int, text: string } {
  var z = sample categorical(initial)
  var count = 0
  var text = ""
  for t in 0..len(ys) {
    if t > 0 { z = sample categorical(transition[z]) }
    let kept = emitted(z, ys[t])
    if kept == 1 { count = count + 1 }
    for i in 0..2 { text = text + string(kept) }
  }
  return { last: z, text: text + string(count) }
}
`;

  /** The most probable states, by the Viterbi algorithm. */
  function viterbi(ys: readonly number[]): { readonly states: readonly number[]; readonly logWeight: number } {
    const model = threeStates.model(ys);
    let best = initial.map((p, z) => ({ logWeight: Math.log(p) + model.logLikelihood(z, 0), states: [z] }));
    for (let t = 1; t < ys.length; t++) {
      best = means.map((_, z) => {
        const ways = best.map((b, i) => b.logWeight + Math.log(transition[i]![z]!));
        const from = ways.indexOf(Math.max(...ways));
        return { logWeight: ways[from]! + model.logLikelihood(z, t), states: [...best[from]!.states, z] };
      });
    }
    return best.reduce((a, b) => (b.logWeight > a.logWeight ? b : a));
  }

  it("of length 100 are filtered exactly, in three states a step, however they are written", async () => {
    const program = await compile.source(text);
    const ys = observations(100);
    const { logZ, filtering } = forwardBackward(threeStates.model(ys));
    for (const name of ["last_state", "forward_in_fold"]) {
      const posterior = await run(program, name, [ys], marginal());
      expect(posterior.logZ.estimate).toBeCloseTo(logZ, 10);
      expect(posterior.logZ.exact).toBe(true);
      for (const z of [0, 1, 2]) expect(probabilities(posterior)[z]).toBeCloseTo(filtering[99]![z]!, 12);
      expect(posterior.diagnostics.executions).toBeLessThan(320);
    }
  });

  it("have their most probable path found with the whole path returned, as Viterbi's algorithm finds it", async () => {
    const program = await compile.source(text);
    const ys = observations(100);
    const expected = viterbi(ys);
    for (const name of ["in_a_loop", "in_recursion"]) {
      const best = await run(program, name, [ys], map());
      expect(best.mode(), name).toEqual(expected.states);
      expect(best.logZ.estimate).toBeCloseTo(expected.logWeight, 10);
      expect(best.diagnostics.executions, name).toBeLessThan(320);
      expect(best.diagnostics.maximum!.logEvidence).toBeCloseTo(forwardBackward(threeStates.model(ys)).logZ, 10);
      expect(best.diagnostics.maximum!.choices.map(({ value }) => value)).toEqual(expected.states);
      expect(best.traces()[0]!.draws.map(({ value }) => value)).toEqual(expected.states);
    }
    const counted = await run(program, "counting", [ys], map());
    expect(counted.mode()).toEqual({
      last: expected.states.at(-1),
      text: expected.states.map((z) => `${z}${z}`).join("") + String(expected.states.filter((z) => z === 1).length),
    });
    expect(counted.diagnostics.executions).toBeLessThan(320);
  });

  it("are told apart by what is returned when that is asked for", async () => {
    const program = await compile.source(text);
    const ys = observations(6);
    const [all, found] = [
      await run(program, "in_a_loop", [ys], enumerate({ tolerance: 0 })),
      await run(program, "in_a_loop", [ys], marginal()),
    ];
    expect(found.atoms).toHaveLength(3 ** 6);
    expect(found.logZ.estimate).toBeCloseTo(all.logZ.estimate!, 12);
    await expect(run(program, "in_a_loop", [observations(40)], marginal({ max_states: 5000 }))).rejects.toMatchObject({
      code: "PGLR090",
      message: expect.stringMatching(/^marginal has met more than 5000 states, the last ones after .*\(sample z\)\.$/),
    });
  });

  it("are as deep as calls may be nested", async () => {
    const program = await compile.source(text);
    const ys = observations(2000);
    const best = await run(program, "in_recursion", [ys], map());
    expect(best.mode()).toEqual(viterbi(ys).states);
  });
});

describe("planning: chance is seen, then an action has to match it", () => {
  const text = `
model matching(): string {
  let chance ~ choice(["L", "R"])
  let action ~ choice(["L", "R"])
  condition action == chance
  return action
}
query matching() using plan(decisions: ["action"])
query open = matching() using mmap(vars: ["action"])
`;

  it("closed loop 1, open loop .5, evidence .5", async () => {
    const program = await compile.source(text);
    const closed = await run(program, "matching", [], plan({ decisions: ["action"] }));
    expect(Math.exp(closed.logZ.estimate!)).toBeCloseTo(1, 14);
    expect(Math.exp(closed.diagnostics.maximum!.logEvidence)).toBeCloseTo(0.5, 14);
    expect(probabilities(closed)).toEqual({ '"L"': expect.closeTo(0.5, 14), '"R"': expect.closeTo(0.5, 14) });
    const { policy } = closed.diagnostics.maximum!;
    expect(
      policy.map(({ site, value, after, probability, logValue }) => [
        site.name,
        value,
        after.map((c) => [c.site.name, c.value]),
        probability,
        logValue,
      ]),
    ).toEqual([
      ["action", "R", [["chance", "R"]], expect.closeTo(0.5, 14), expect.closeTo(0, 14)],
      ["action", "L", [["chance", "L"]], expect.closeTo(0.5, 14), expect.closeTo(0, 14)],
    ]);

    // The action's own probability, 1/2 for either, counts in mmap; without it the value is that of deciding blindly.
    const open = await run(program, "matching", [], mmap({ vars: ["action"] }));
    expect(Math.exp(open.logZ.estimate!) / 0.5).toBeCloseTo(0.5, 14);
    expect(Math.exp(open.logZ.estimate! - open.diagnostics.maximum!.logEvidence)).toBeCloseTo(0.5, 14);
    expect(open.diagnostics.maximum!.choices.map(({ site, value }) => [site.name, value])).toEqual([["action", "L"]]);
    expect(probabilities(open)).toEqual({ '"L"': 1 });
  });

  it("with the order reversed the decision is blind", async () => {
    const program = await compile.source(`
model blind(): bool {
  let action ~ choice(["L", "R"])
  let chance ~ categorical(map { "L": 0.3, "R": 0.7 })
  factor if action == chance { log(2.0) } else { 0.0 }
  return action == chance
}`);
    const best = await run(program, "blind", [], plan({ decisions: ["action"] }));
    expect(Math.exp(best.logZ.estimate!)).toBeCloseTo(0.3 + 2 * 0.7, 14);
    expect(best.diagnostics.maximum!.policy.map(({ value }) => value)).toEqual(["R"]);
    expect(best.probability((v) => v === true)).toBeCloseTo(1.4 / 1.7, 14);
  });

  it("over many steps takes the time of the states, and shows the most probable outcome where there are too many", async () => {
    // Walk on 0..10; each step moves as decided with probability .8, else stays; every step at 10 doubles the reward.
    const program = await compile.source(`
model walk(steps: int): list<int> {
  var at = 5
  var path = [at]
  for t in 0..steps {
    let move ~ choice([-1, 1])
    let works ~ bernoulli(0.8)
    if works { at = max(0, min(10, at + move)) }
    path = push(path, at)
    factor if at == 10 { log(2.0) } else { 0.0 }
  }
  return path
}`);
    const value = (steps: number): number => {
      let ahead = Array.from({ length: 11 }, () => 0);
      for (let t = 0; t < steps; t++) {
        const reward = ahead.map((v, at) => v + (at === 10 ? Math.LN2 : 0));
        ahead = ahead.map((_, at) =>
          Math.max(
            ...[-1, 1].map((move) =>
              Math.log(0.8 * Math.exp(reward[Math.max(0, Math.min(10, at + move))]!) + 0.2 * Math.exp(reward[at]!)),
            ),
          ),
        );
      }
      return ahead[5]!;
    };
    const short = await run(program, "walk", [6], plan({ decisions: ["move"] }));
    expect(short.logZ.estimate).toBeCloseTo(value(6), 12);
    expect(short.diagnostics.unvisitedMass).toBe(0);
    expect(short.diagnostics.warnings).toEqual([]);
    const long = await run(program, "walk", [100], plan({ decisions: ["move"], max_states: 20_000 }));
    expect(long.logZ.estimate).toBeCloseTo(value(100), 9);
    expect(long.diagnostics.executions).toBeLessThan(100 * 11 * 6);
    // Where the end is too near for any reward, all moves are as good, and the first is taken.
    const worthwhile = long.diagnostics.maximum!.policy.filter(({ logValue }) => logValue > 0);
    expect(worthwhile.length).toBeGreaterThan(500);
    expect(new Set(worthwhile.map(({ value: move }) => move))).toEqual(new Set([1]));
    expect(long.samples).toHaveLength(1);
    expect((long.mode() as number[]).at(-1)).toBe(10);
    expect(long.diagnostics.unvisitedMass).toBeGreaterThan(0.9);
    expect(long.diagnostics.unvisitedMass).toBeLessThan(1);
    expect(long.diagnostics.warnings.map(({ code }) => code)).toEqual(["PGLW030"]);
  });
});

describe("a scalar implicature, two levels of listeners and a speaker", () => {
  it("S1(some | all) = 1/3, L1(some, not all | some) = 3/4, with exact inference of either kind inside", async () => {
    for (const method of ["enumerate", "marginal"]) {
      const program = await compile.source(`
fn holds(word: string, world: string): bool = word == "some" || world == "all"
model literal(word: string): string {
  let world ~ choice(["some-not-all", "all"])
  condition holds(word, world)
  return world
}
model speaker(world: string, alpha: float): string {
  let word ~ choice(["some", "all"])
  factor alpha * log_prob(infer literal(word) using ${method}(), world)
  return word
}
model listener(word: string): string {
  let world ~ choice(["some-not-all", "all"])
  observe word ~ infer speaker(world, 1.0) using ${method}()
  return world
}`);
      const speaker = await run(program, "speaker", ["all", 1], marginal());
      expect(probabilities(speaker)['"some"']).toBeCloseTo(1 / 3, 14);
      const listener = await run(program, "listener", ["some"], marginal());
      expect(probabilities(listener)['"some-not-all"']).toBeCloseTo(0.75, 14);
      const best = await run(program, "listener", ["some"], map());
      expect(best.mode()).toBe("some-not-all");
    }
  });

  it("with a sampling method inside there is no exact answer, and that is said", async () => {
    const program = await compile.source(`
model inner(): bool { let x ~ bernoulli(0.3)
  return x }
model outer(): bool {
  let y ~ infer inner() using smc(particles: 10)
  return y
}`);
    for (const method of [marginal(), map(), mmap({ vars: ["y"] }), plan({ decisions: ["y"] })]) {
      await expect(run(program, "outer", [], method)).rejects.toMatchObject({ code: "PGLR094" });
    }
  });
});

describe("language models", () => {
  const rows = { "": [0.5, 0.3, 0.2], a: [0.7, 0.2, 0.1], b: [0.1, 0.6, 0.3] };
  const table = TableModel.from({ tokens: ["a", "b", "<end>"], eos: "<end>", order: 1, rows }, "writer");
  const text = `
lm writer = "table:unused.json"
model chain(n: int): int {
  var ctx = writer.context("")
  var bs = 0
  for i in 0..n {
    let t ~ writer.next(ctx)
    if t == eos { return bs }
    ctx = ctx + t
    if t.text == "b" { bs = bs + 1 }
  }
  return bs
}
model windowed(n: int): int {
  var last = ""
  var bs = 0
  for i in 0..n {
    let t ~ writer.next(last)
    if t == eos { return bs }
    last = t.text
    if last == "b" { bs = bs + 1 }
  }
  return bs
}
model story(): string {
  let opening ~ writer.choose(after: "", options: ["a", "b", "ab"])
  let rest ~ writer.text(after: opening, stop_at: "b", max_tokens: 4)
  observe opening + rest matches contains("ab")
  return opening + rest
}
model length(): int {
  let rest ~ writer.text(after: "", stop_at: "bb", max_tokens: 6)
  return len(rest)
}
`;
  const lms = { writer: table };
  const ask = (program: CompiledProgram, name: string, args: readonly unknown[], method: Method) =>
    infer(program.models[name]! as Model, args, method, { seed: 1, lms });

  it("are finite: tokens, choices and texts, asked in batches, as enumeration finds", async () => {
    const program = await compile.source(text);
    for (const [name, args] of [
      ["chain", [5]],
      ["windowed", [5]],
      ["story", []],
      ["length", []],
    ] as const) {
      const [all, found] = [
        await ask(program, name, args, enumerate({ tolerance: 0 })),
        await ask(program, name, args, marginal()),
      ];
      expect(found.logZ.estimate, name).toBeCloseTo(all.logZ.estimate!, 12);
      expect(found.atoms.length).toBe(all.atoms.length);
      for (const { value, weight } of all.atoms) expect(found.probability((v) => v === value)).toBeCloseTo(weight, 12);
    }
  });

  it("keep executions apart by their contexts, and only by those", async () => {
    const program = await compile.source(text);
    const windowed = await ask(program, "windowed", [60], marginal());
    expect(windowed.diagnostics.executions).toBeLessThan(60 * 60 * 4);
    expect(windowed.mean()).toBeGreaterThan(0);
  });

  it("give the most probable text", async () => {
    const program = await compile.source(text);
    const all = await ask(program, "story", [], enumerate({ tolerance: 0 }));
    const best = await ask(program, "story", [], map());
    const heaviest = Math.max(...all.samples.map(({ weight }) => weight));
    expect(Math.exp(best.logZ.estimate! - all.logZ.estimate!)).toBeCloseTo(heaviest, 12);
    expect(all.samples.find(({ weight }) => weight === heaviest)!.value).toBe(best.mode());
    expect(best.traces()[0]!.draws.map(({ site }) => site.name)).toEqual(["opening", "rest"]);
  });
});

import { compile } from "@pgl/core";
import { TableModel, type OpenTwist, type SpanTwist, type TwistService } from "@pgl/lm";
import { dcSmc, enumerate, importance, RunEnvironment, seeded, smc, target, type Method } from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import {
  enumerateOutcomes,
  expectProperlyWeighted,
  expectSameMeasure,
  measure,
  measureOf,
  runMethod,
} from "../../../src/index.js";
import { moduleOf } from "../../module-of.js";

const programs: Record<string, string> = {
  "two chains with a coupling factor": `
model chain(p: float): bool {
  let x ~ bernoulli(p)
  factor if x { 0.4 } else { -0.3 }
  let y ~ bernoulli(if x { 0.8 } else { 0.3 })
  return y
}
model m(): (bool, bool) {
  let (a, b) = independent(() => chain(0.6), () => chain(0.3))
  factor if a == b { 0.9 } else { -0.7 }
  return (a, b)
}`,
  "draws after the parts, and a weight before them": `
model m(): (int, bool, bool) {
  factor 0.3
  let (a, b) = independent(() => { let x ~ uniform_int(0, 2); factor 0.2 * x; x }, () => { let y ~ bernoulli(0.4); y })
  factor if b { 0.1 * a } else { -0.2 }
  let c ~ bernoulli(if b { 0.7 } else { 0.2 })
  factor if c { 0.5 } else { 0.0 }
  return (a, b, c)
}`,
  "parts of parts": `
model bit(p: float): bool { let x ~ bernoulli(p); factor if x { 0.2 } else { -0.1 }; return x }
model pair(): int {
  let (a, b) = independent(() => bit(0.3), () => bit(0.6))
  factor if a && b { 0.8 } else { 0.0 }
  return int(a) + int(b)
}
model m(): (int, bool) {
  let (n, c) = independent(() => pair(), () => bit(0.5))
  factor if c { 0.3 * n } else { -0.2 * n }
  return (n, c)
}`,
  "three parts, of which one draws nothing and one is impossible in places": `
model m(): (bool, int, bool) {
  let (a, b, c) = independent(() => { let x ~ bernoulli(0.5); condition x; x }, () => 7, () => { let x ~ bernoulli(0.2); x })
  factor if c { 1.0 } else { 0.0 }
  return (a, b, c)
}`,
  "parts that are reached after a draw": `
model m(): (bool, bool, bool) {
  let p ~ bernoulli(0.4)
  let (a, b) = independent(() => { let x ~ bernoulli(if p { 0.8 } else { 0.3 }); x }, () => { let y ~ bernoulli(0.5); y })
  factor if a == b { 0.5 } else { -0.5 }
  return (p, a, b)
}`,
  "a part of parts that nothing weighs, one of three": `
model bit(p: float): bool { let x ~ bernoulli(p); factor if x { 0.2 } else { -0.1 }; return x }
model both(): bool {
  let (a, b) = independent(() => bit(0.3), () => bit(0.6))
  return a && b
}
model m(): (bool, bool, int) {
  let (x, y, z) = independent(() => both(), () => bit(0.5), () => 1)
  factor if x == y { 0.3 } else { -0.2 }
  return (x, y, z)
}`,
  "a twist of what the parts have come to": `
model m(): (bool, bool) {
  let (a, b) = independent(() => { let x ~ bernoulli(0.6); x }, () => { let y ~ bernoulli(0.3); y })
  twist if a == b { 0.8 } else { -0.5 }
  let c ~ bernoulli(0.5)
  factor if c == (a == b) { 0.4 } else { -0.1 }
  return (a, c)
}`,
};

describe("divide-and-conquer is properly weighted", () => {
  for (const [name, text] of Object.entries(programs)) {
    for (const merge of ["pairs", "mixture"] as const) {
      for (const resampler of ["systematic", "multinomial", "optimal"] as const) {
        test(`${name}, ${merge}, ${resampler}`, async () => {
          const { models } = await compile.source(text);
          const expected = measure(moduleOf(text), "m", []);
          const subject = { program: models["m"]!, expected };
          // N² pairs that go on drawing have many outcomes.
          const particles = merge === "mixture" && resampler === "multinomial" ? 1 : 2;
          const method = dcSmc({ particles, merge, resampler, ess: 1 });
          await expectProperlyWeighted({ ...subject, method, maxOutcomes: 150_000 });
        });
      }
    }
    test(`${name}: every other method runs the parts in turn`, async () => {
      const { models } = await compile.source(text);
      const expected = measure(moduleOf(text), "m", []);
      const subject = { program: models["m"]! };
      expectSameMeasure(measureOf(await runMethod(subject, enumerate(), seeded(1))), expected);
      for (const method of [importance({ samples: 1 }), smc({ particles: 1 })] satisfies Method[])
        await expectProperlyWeighted({ ...subject, expected, method });
    });
  }
});

// Among two slots resampling does not tell the first from the last; among three the one between them is another.
test("what stands in a slot of one part says nothing about that slot of another", async () => {
  const text = `
model bit(): bool { let x ~ bernoulli(0.3); factor if x { 1.5 } else { 0.0 }; factor if x { 0.3 } else { 0.0 }; return x }
model m(): bool {
  let (a, b) = independent(() => bit(), () => bit())
  factor if a == b { 1.0 } else { 0.0 }
  return a == b
}`;
  const { models } = await compile.source(text);
  const expected = measure(moduleOf(text), "m", []);
  const method = dcSmc({ particles: 3, merge: "pairs", resampler: "systematic", ess: 1 });
  await expectProperlyWeighted({ program: models["m"]!, expected, method, maxOutcomes: 150_000 });
});

test("Gaussian parts whose product is known", async () => {
  // Two parts with the prior N(0, 9), each seen through N(·, 1) at μ; then asked to be equal, softly.
  const text = `
model part(mu: float): float { let x ~ normal(0.0, 3.0); observe mu ~ normal(x, 1.0); return x }
model m(): float {
  let (a, b) = independent(() => part(0.5), () => part(1.5))
  observe a - b ~ normal(0.0, 0.5)
  return (a + b) / 2.0
}`;
  const { models } = await compile.source(text);
  for (const merge of ["pairs", "mixture"] as const) {
    const particles = merge === "pairs" ? 10_000 : 150;
    const posterior = await dcSmc({ particles, merge }).run(
      target(models["m"]!, []),
      new RunEnvironment(new Map(), seeded(1)),
    );
    // The average and the difference are independent: the average keeps its mean, 0.9 · (0.5 + 1.5)/2.
    expect(Math.abs(posterior.mean() - 0.9)).toBeLessThan(merge === "pairs" ? 0.05 : 0.2);
    const logZ =
      -Math.log(2 * Math.PI * 10) -
      0.5 * (0.5 ** 2 / 10 + 1.5 ** 2 / 10) +
      // a − b given the observations is N(−0.9, 1.8).
      -0.5 * Math.log(2 * Math.PI * (1.8 + 0.25)) -
      0.5 * (0.9 ** 2 / (1.8 + 0.25));
    expect(Math.abs(posterior.logZ.estimate! - logZ)).toBeLessThan(merge === "pairs" ? 0.1 : 0.4);
    expect(posterior.logZ.stderr).toBe(null);
  }
});

test("a program without parts says that there was nothing to divide", async () => {
  const { models } = await compile.source("model m(): bool { let x ~ bernoulli(0.5); return x }");
  const posterior = await dcSmc().run(target(models["m"]!, []), new RunEnvironment(new Map(), seeded(1)));
  expect(posterior.diagnostics.warnings.map(({ code }) => code)).toEqual(["PGLW016"]);
});

describe("texts in parts", () => {
  const tokens = ["a", "b", "</s>"];
  const rows = { "": [0.6, 0.3, 0.1], a: [0.2, 0.5, 0.3], b: [0.7, 0.1, 0.2] };
  const p = TableModel.from({ tokens, eos: "</s>", order: 1, rows }, "p");
  const w = [1.3, -0.8, 0.4, -1.9, 2.2];

  /** ψ that looks random but is a function of the tokens so far, zero at some. */
  const given: SpanTwist = {
    name: "given",
    open: () =>
      ({
        start: [],
        next: (path) =>
          Float64Array.from(tokens, (_, id) => {
            const at = [...path, id].reduce((sum, token) => 3 * sum + token + 1, 0) % 6;
            return w[at] ?? -Infinity;
          }),
        advance: (path, token) => [...path, token],
      }) satisfies OpenTwist<readonly number[]>,
  };

  /** The method, of runs with these twists. */
  const withTwists = (method: Method, twists: TwistService): Method => ({
    ...method,
    run: (program, { random }) => {
      const services = new Map<string, unknown>([
        ["lm:p", p],
        ["twists", twists],
      ]);
      return method.run(program, new RunEnvironment(services, random));
    },
  });

  const source = (part: string): string => `
lm p = "table:p.json"
${part}
model one(w: list<float>): (string, int) {
  let (a, n) = independent(() => part(2, w), () => len(w))
  factor 0.3 * n * len(a)
  return (a, n)
}
model both(w: list<float>): (string, string) {
  let (a, b) = independent(() => part(1, w), () => part(1, w))
  factor if a == b { 0.7 } else { -0.4 }
  return (a, b)
}
model apart(w: list<float>): string {
  let (a, b) = independent(() => part(2, w), () => part(1, w))
  return a + b
}`;

  const hashed = 'fn hashed(t: string, w: list<float>): float = w[(3 * count(t, "a") + 2 * len(t)) % len(w)]';

  /** Ways to say where a text of a part is to go: the part, and what the run says. */
  const steered: Record<string, readonly [part: string, run: TwistService]> = {
    "an automatic twist": [
      `model part(n: int, _w: list<float>): string { let x ~ p.text(after: "", max_tokens: n); observe x matches /a?b?/; return x }`,
      { automatic: true },
    ],
    "a weight that is foreseen": [
      `model part(n: int, _w: list<float>): string { let x ~ p.text(after: "", max_tokens: n); factor 1.3 * count(x, "b") - 0.5; return x }`,
      { automatic: true },
    ],
    "a function of the text": [
      `${hashed}
model part(n: int, w: list<float>): string {
  let x ~ p.text(after: "", max_tokens: n, twist: t => hashed(t, w))
  factor if ends_with(x, "b") { 1.0 } else { 0.0 }
  return x
}`,
      { automatic: false },
    ],
    "a twist that the run is given": [
      `model part(n: int, w: list<float>): string { let x ~ p.text(after: "", max_tokens: n); factor w[1] * count(x, "b"); return x }`,
      { automatic: false, given: new Map([["x", given]]) },
    ],
    "a twist of the part's own body": [
      `${hashed}
model part(n: int, w: list<float>): string {
  var s = ""
  for _ in 0..n {
    let y ~ p.text(after: s, max_tokens: 1)
    s += y
    twist hashed(s, w)
  }
  return s
}`,
      { automatic: false },
    ],
  };

  for (const [name, [part, run]] of Object.entries(steered)) {
    for (const [model, merge] of [
      ["one", "pairs"],
      ["both", "pairs"],
      ["both", "mixture"],
    ] as const) {
      test(`${name} leaves the measure of ${model} as it is, ${merge}`, async () => {
        const { models } = await compile.source(source(part), { passes: "all" });
        const subject = { program: models[model]!, args: [w], lms: { p } };
        const expected = measureOf(await runMethod(subject, enumerate({ tolerance: 0 }), seeded(1)));
        const used = new Set<string>();
        const method = withTwists(dcSmc({ particles: 2, ess: 1, merge }), { ...run, used: (at) => used.add(at) });
        await expectProperlyWeighted({ ...subject, expected, method, maxOutcomes: 100_000 });
        // The last is no twist of a draw.
        expect([...used]).toEqual(part.includes("let x") ? ["x"] : []);
      });
    }
  }

  test("need one particle where what is known of them is exact", async () => {
    for (const name of ["an automatic twist", "a weight that is foreseen"]) {
      const [part, run] = steered[name]!;
      const { models } = await compile.source(source(part), { passes: "all" });
      const subject = { program: models["apart"]!, args: [w], lms: { p } };
      const { logZ } = await runMethod(subject, enumerate({ tolerance: 0 }), seeded(1));
      const method = withTwists(dcSmc({ particles: 1 }), run);
      const outcomes = await enumerateOutcomes((random) => runMethod(subject, method, random));
      expect(outcomes.length).toBeGreaterThan(1);
      for (const { value } of outcomes) expect(value.logZ.estimate).toBeCloseTo(logZ.estimate!, 12);
    }
  });

  test("and a twist apart from the model leave its measure as it is", async () => {
    const { models, queries } = await compile.source(`
model m(): (bool, bool, bool) {
  let (a, b) = independent(() => { let x ~ bernoulli(0.6); factor if x { 0.5 } else { 0.0 }; x }, () => { let y ~ bernoulli(0.3); y })
  let c ~ bernoulli(if a == b { 0.8 } else { 0.3 })
  let d ~ bernoulli(0.4)
  factor if c && d { 1.2 } else { -0.3 }
  return (a, b, c)
}
twist aside for m {
  var n = 0
  on c { if c { n += 1 }; twist 1.4 * n }
  on d { if d { n += 1 }; twist if n == 1 { -0.7 } else { 0.9 } }
}
query m() using dc_smc(particles: 2, ess: 1.0, twist: aside)
query mixture = m() using dc_smc(particles: 2, ess: 1.0, merge: "mixture", twist: aside)`);
    const expected = measureOf(await runMethod({ program: models["m"]! }, enumerate({ tolerance: 0 }), seeded(1)));
    for (const { model, method } of queries)
      await expectProperlyWeighted({ program: model, expected, method: method()!, maxOutcomes: 100_000 });
  });
});

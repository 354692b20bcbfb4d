import { hmc, MethodError, normal, nuts, RunError } from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import { compile, factor, host, infer, model, observe, pgl, sample } from "../../src/index.js";
import { bothWays } from "./log-joint.js";

const short = hmc({ samples: 40, burn: 40, chains: 2 });
const warning = async (work: ReturnType<typeof infer>, code: string): Promise<string | undefined> =>
  (await work).diagnostics.warnings.find((w) => w.code === code)?.message;
const refusal = async (work: Promise<unknown>): Promise<MethodError> => {
  const error: unknown = await work.catch((e: unknown) => e);
  expect(error).toBeInstanceOf(MethodError);
  return error as MethodError;
};
const modelOf = async (text: string) => (await compile.source(text)).models["m"]!;

describe("a program's gradients", () => {
  it("are those of its twin, without a word", async () => {
    const m = await modelOf("model m(): float {\n  let x ~ normal(0, 1)\n  observe 1.0 ~ normal(x, 1)\n  return x\n}");
    const result = await infer(m, [], hmc({ samples: 200, burn: 200 }), { seed: 3 });
    expect(result.diagnostics.warnings.map((w) => w.code)).not.toContain("PGLW012");
    expect(result.diagnostics.chains!.gradients).toBe("reverse mode");
  });

  it("branch by value, and follow the branch", async () => {
    const m = await modelOf(
      "model m(): float {\n  let x ~ normal(0, 1)\n  if x > 0 { factor(2 * x) } else { factor(-x * x) }\n  return x\n}",
    );
    const joint = bothWays(m, []);
    await joint.start(1);
    for (const [x, slope] of [
      [0.7, 2 - 0.7],
      [-0.7, -2 * -0.7 + 0.7],
    ] as const) {
      const { reverse } = await joint.at(Float64Array.of(x));
      expect(reverse.gradient[0]).toBeCloseTo(slope, 12);
    }
  });

  it("pass bounds that are draws", async () => {
    const m = await modelOf(
      "model m(): float {\n  let top ~ exponential(1)\n  let x ~ uniform(0, top)\n  observe 0.4 ~ normal(x, 0.3)\n  return x\n}",
    );
    const joint = bothWays(m, []);
    await joint.start(1);
    const { reverse, central } = await joint.at(Float64Array.of(0.3, -0.8));
    expect(reverse.logJoint).toBe(central.logJoint);
    reverse.gradient.forEach((g, i) => expect(g).toBeCloseTo(central.gradient[i]!, 7));
  });

  it("go on through strings, maps and sorting by value", async () => {
    const m = await modelOf(
      'model m(): float {\n  let x ~ normal(0, 1)\n  let y ~ normal(0, 1)\n  let s = "${x}"\n  let order = sort_by([x, y], v => -v)\n  let best = max([x, y, 0.0])\n  factor(best * 0.5 + order[1] * 0.25 + (if len(s) > 0 { 0.1 * y } else { 0.0 }))\n  condition(x in [x, y])\n  return x\n}',
    );
    const joint = bothWays(m, []);
    await joint.start(1);
    const { reverse, central } = await joint.at(Float64Array.of(0.3, -0.2));
    expect(joint.reverse.loss).toBeNull();
    expect(reverse.logJoint).toBe(central.logJoint);
    reverse.gradient.forEach((g, i) => expect(g).toBeCloseTo(central.gradient[i]!, 7));
  });
});

describe("where derivatives are lost, differences take their place", () => {
  it("in a host function, and the run says so", async () => {
    const square = host("(float) -> float", (x: number) => x * x);
    const { models } = await pgl`
      model m(): float {
        let x ~ normal(0, 1)
        factor(-0.5 * ${square}(x))
        return x
      }`;
    const message = await warning(infer(models["m"]!, [], hmc({ samples: 500, burn: 200 }), { seed: 1 }), "PGLW012");
    expect(message).toContain("host function");
    expect(message).toContain("2 runs each");
    const joint = bothWays(models["m"]!, []);
    await joint.start(1);
    const { reverse, central } = await joint.at(Float64Array.of(0.6));
    expect(reverse).toEqual(central);
    expect(reverse.gradient[0]).toBeCloseTo(-1.2, 8);
  });

  it("in a host function that answers later", async () => {
    const later = host.async("(float) -> float", async (x: number) => x * x);
    const { models } = await pgl`
      model m(): float {
        let x ~ normal(0, 1)
        let y = ${later}(x)
        factor(-0.5 * y)
        return x
      }`;
    const result = await infer(models["m"]!, [], hmc({ samples: 300, burn: 100, chains: 2 }), { seed: 1 });
    expect(result.diagnostics.warnings.map((w) => w.code)).toContain("PGLW012");
    expect(result.variance()).toBeGreaterThan(0.3);
    expect(result.variance()).toBeLessThan(0.7);
  });

  it("in an inference inside the program", async () => {
    const m = await modelOf(
      "model inner(p: float): bool {\n  let b ~ bernoulli(p)\n  observe true ~ bernoulli(if b { 0.9 } else { 0.2 })\n  return b\n}\nmodel m(): float {\n  let p ~ beta(2, 2)\n  let d = infer inner(p) using enumerate()\n  observe true ~ d\n  return p\n}",
    );
    expect(await warning(infer(m, [], short, { seed: 1 }), "PGLW012")).toContain("inference inside the program");
  });

  it("with constants that are not the same each time", async () => {
    let count = 0;
    const next = host("() -> float", () => ++count);
    const { models } = await pgl`
      const n = ${next}()
      model m(): float {
        let x ~ normal(n, 1)
        return x
      }`;
    const result = await infer(models["m"]!, [], hmc({ samples: 500, burn: 200 }), { seed: 1 });
    expect(result.diagnostics.warnings.find((w) => w.code === "PGLW012")!.message).toContain("not the same each time");
    expect(result.diagnostics.chains!.gradients).toBe("central differences");
    expect(result.mean()).toBeGreaterThan(0.85);
    expect(result.mean()).toBeLessThan(1.15);
  });

  it("with the TypeScript library", async () => {
    const line = model("line", () =>
      sample(normal(0, 1), "x").chain((x) => observe(normal(x, 1), 2).and(factor(0.1 * Math.sin(x)).map(() => x))),
    );
    const result = await infer(line, [], nuts({ samples: 500, burn: 200 }), { seed: 1 });
    expect(result.diagnostics.warnings.find((w) => w.code === "PGLW012")!.message).toContain("TypeScript library");
    expect(result.mean()).toBeGreaterThan(0.85);
    expect(result.mean()).toBeLessThan(1.15);
  });
});

describe("what these methods cannot do is said", () => {
  it("discrete draws, by their place", async () => {
    const m = await modelOf("model m(): float {\n  let x ~ normal(0, 1)\n  let k ~ poisson(3)\n  return x + k\n}");
    const error = await refusal(infer(m, [], short));
    expect(error.code).toBe("PGLR072");
    expect(error.message).toContain(":3:");
    expect(error.message).toContain("poisson");
    expect(error.hint).toContain("mh");
  });

  it("draws that depend on continuous values", async () => {
    for (const text of [
      "model m(): float {\n  let x ~ normal(0, 1)\n  if x > 0 { let y ~ normal(0, 1)\n factor(y) }\n  let z ~ normal(0, 1)\n  return x + z\n}",
      "model m(): float {\n  let x ~ normal(0, 1)\n  let y = if x > 0 { sample exponential(1) } else { sample normal(0, 1) }\n  return y\n}",
      "model m(): float {\n  let x ~ normal(0, 1)\n  let z ~ normal(0, 1)\n  if x > 0 { let y ~ normal(0, 1)\n factor(y) }\n  return x + z\n}",
    ]) {
      expect((await refusal(infer(await modelOf(text), [], short, { seed: 1 }))).code).toBe("PGLR071");
    }
  });

  it("answers that are random", async () => {
    const m = await modelOf(
      "model inner(): float {\n  let y ~ normal(0, 1)\n  return y\n}\nmodel m(): float {\n  let x ~ normal(0, 1)\n  let d = infer inner() using importance(samples: 5)\n  factor(x * mean(d))\n  return x\n}",
    );
    expect((await refusal(infer(m, [], short))).code).toBe("PGLR073");
  });

  it("options out of range", () => {
    for (const make of [
      () => hmc({ samples: 0 }),
      () => hmc({ burn: -1 }),
      () => hmc({ leapfrog: 1.5 }),
      () => hmc({ step_size: 0 }),
      () => hmc({ target_accept: 1 }),
      () => nuts({ chains: 0 }),
      () => nuts({ max_depth: 21 }),
      () => nuts({ target_accept: 0 }),
      () => nuts({ leapfrog: 3 } as never),
    ]) {
      expect(make).toThrow(MethodError);
    }
  });

  it("an execution that fails, at its place", async () => {
    const m = await modelOf("model m(): float {\n  let x ~ normal(0, 1)\n  let xs = [1.0]\n  return xs[3] + x\n}");
    const error: unknown = await infer(m, [], short).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(RunError);
    expect((error as RunError).site?.line).toBe(4);
  });
});

describe("places without a density", () => {
  it("count as density zero when a trajectory comes there, and the run says so", async () => {
    // Above 1.5 the deviation is negative. The starts are below, but trajectories pass beyond.
    const m = await modelOf(
      "model m(): float {\n  let x ~ normal(0, 1)\n  observe 0.2 ~ normal(0, 1.5 - x)\n  return x\n}",
    );
    const result = await infer(m, [], hmc({ samples: 200, burn: 100, chains: 2, step_size: 0.5 }), { seed: 2 });
    const warned = result.diagnostics.warnings.find((w) => w.code === "PGLW013")!;
    expect(warned.message).toContain("sd");
    expect(warned.count).toBeGreaterThan(1);
    expect(result.atoms.every(({ value }) => (value as number) < 1.5)).toBe(true);
  });

  it("no execution of positive weight: an empty posterior that says so", async () => {
    const m = await modelOf("model m(): float {\n  let x ~ normal(0, 1)\n  condition(x > 100)\n  return x\n}");
    const result = await infer(m, [], short, { seed: 1 });
    expect(result.isEmpty).toBe(true);
    expect(result.logZ.estimate).toBe(-Infinity);
    expect(result.diagnostics.warnings.map((w) => w.code)).toEqual(["PGLW003"]);
  });

  it("nothing to draw: the program's value", async () => {
    const m = await modelOf("model m(): float {\n  let x ~ delta(2.5)\n  factor(-1)\n  return x\n}");
    const result = await infer(m, [], hmc({ samples: 10, burn: 5, chains: 1 }));
    expect(result.atoms).toEqual([{ value: 2.5, weight: expect.closeTo(1, 12) as number }]);
  });
});

it("the same seed gives the same posterior; another another", async () => {
  const m = await modelOf("model m(): float {\n  let x ~ normal(0, 1)\n  observe 1.0 ~ normal(x, 1)\n  return x\n}");
  const [a, b, c] = [
    await infer(m, [], short, { seed: 5 }),
    await infer(m, [], short, { seed: 5 }),
    await infer(m, [], short, { seed: 6 }),
  ];
  expect(a.samples.map((s) => s.value)).toEqual(b.samples.map((s) => s.value));
  expect(a.samples.map((s) => s.value)).not.toEqual(c.samples.map((s) => s.value));
});

it("traces have the draws of the program's own places", async () => {
  const m = await modelOf("model m(): float {\n  let x ~ normal(0, 1)\n  let y ~ gamma(2, 1)\n  return x + y\n}");
  const [first] = (await infer(m, [], short, { seed: 5 })).traces();
  expect(first!.draws.map((d) => d.site.name)).toEqual(["x", "y"]);
  expect(m.sites).toContain(first!.draws[0]!.site);
  expect((first!.draws[0]!.value as number) + (first!.draws[1]!.value as number)).toBe(first!.value);
});

it("limits end a run with what it has", async () => {
  const m = await modelOf("model m(): float {\n  let x ~ normal(0, 1)\n  return x\n}");
  const result = await infer(m, [], hmc({ samples: 1000, burn: 10, chains: 2 }), {
    seed: 1,
    limits: { max_steps: 60 },
  });
  expect(result.diagnostics.partial).toBe(true);
  expect(result.samples.length).toBe(100);
  expect(result.samples.reduce((sum, s) => sum + s.weight, 0)).toBeCloseTo(1, 9);
});

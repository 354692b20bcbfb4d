import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder, pgl } from "../buffer-io.js";

const hmm = `model weather(activities: list<int>): int {
  var state ~ categorical([0.6, 0.4])
  for activity in activities {
    state = sample categorical(if state == 0 { [0.7, 0.3] } else { [0.4, 0.6] })
    observe activity ~ categorical(if state == 0 { [0.6, 0.3, 0.1] } else { [0.1, 0.4, 0.5] })
  }
  return state
}
query weather([0, 0, 1, 2, 2, 1]) using smc(particles: 8)
`;

interface Point {
  readonly budget: number | null;
  readonly tokens: number;
  readonly executions: number;
  readonly survived: number;
  readonly lower: { readonly estimate: number | "-inf"; readonly stderr: number | null };
  readonly upper: { readonly estimate: number; readonly stderr: number } | null;
  readonly gap: { readonly estimate: number; readonly stderr: number } | null;
  readonly spread: number | null;
}
interface Json {
  readonly cost: string;
  readonly exactDraws: { readonly by: string; readonly logZ: number } | null;
  readonly notes: readonly string[];
  readonly methods: readonly { readonly label: string; readonly points: readonly Point[] }[];
}

const two = ["--using", "smc(ess: 1)", "--using", "importance()", "--seed", "1"];

test("draws the gap of the bounds against what a run costs, and lists the numbers", async () => {
  const directory = folder({ "hmm.pgl": hmm });
  const { status, out, err } = await pgl(directory, ["compare", "hmm.pgl", ...two, "--svg", "gap.svg"]);
  expect(err).toBe("");
  expect(status).toBe(0);
  expect(out).toContain("20 runs at each point, and 20 given an exact draw (enumeration,");
  expect(out).toMatch(/gap of the bounds, nats/);
  expect(out).toMatch(/┤.*●/);
  expect(out).toContain("● smc(ess: 1)");
  expect(out).toContain("▲ importance()");
  expect(out).toMatch(/importance\(\) +64 +64 .*-6\.\d+ ± 0\.\d+ +-6\.\d+ ± 0\.\d+ +-?0?\.?\d/);
  const svg = readFileSync(join(directory, "gap.svg"), "utf8");
  expect(svg).toMatch(/^<svg [\s\S]*<polyline[\s\S]*smc\(ess: 1\)[\s\S]*<\/svg>\n$/);
  expect(svg).not.toContain("NaN");
});

test("writes one JSON object: bounds on both sides of log Z, closer with a larger budget", async () => {
  const directory = folder({ "hmm.pgl": hmm });
  const argv = ["compare", "hmm.pgl", ...two, "--budgets", "32,2", "--repeats", "100", "--json"];
  const { out } = await pgl(directory, argv);
  const found = JSON.parse(out) as Json;
  expect(found).toMatchObject({ cost: "executions", exactDraws: { by: "enumeration" }, notes: [] });
  for (const { points } of found.methods) {
    expect(points.map(({ budget }) => budget)).toEqual([2, 32]);
    expect(points.map(({ executions }) => executions)).toEqual([2, 32]);
    for (const { lower, upper, gap, survived } of points) {
      expect(survived).toBe(100);
      expect((lower.estimate as number) - 3 * lower.stderr!).toBeLessThan(found.exactDraws!.logZ);
      expect(upper!.estimate + 3 * upper!.stderr).toBeGreaterThan(found.exactDraws!.logZ);
      expect(gap!.estimate).toBeCloseTo(upper!.estimate - (lower.estimate as number), 12);
    }
    expect(points[0]!.lower.estimate).toBeLessThan(found.exactDraws!.logZ);
    expect(points[0]!.upper!.estimate).toBeGreaterThan(found.exactDraws!.logZ);
    expect(points[1]!.gap!.estimate).toBeLessThan(0.3 * points[0]!.gap!.estimate);
  }
  expect((await pgl(directory, argv)).out.replace(/"time": [\d.]+/g, "")).toBe(out.replace(/"time": [\d.]+/g, ""));
});

test("without upper bounds draws the lower ones, and says why", async () => {
  const text = "model m(): float {\n  let x ~ normal(0, 1)\n  factor -x * x\n  return x\n}\nquery m()\n";
  const directory = folder({ "m.pgl": text, "hmm.pgl": hmm });
  const { status, out } = await pgl(directory, [
    "compare",
    "m.pgl",
    "--budgets",
    "4,16",
    "--repeats",
    "5",
    "--seed",
    "1",
  ]);
  expect(status).toBe(0);
  expect(out).toContain("E[log Ẑ] ≤ log Z, nats");
  expect(out.replace(/\s+/g, " ")).toContain(
    "No upper bound: rejection: a factor at m.pgl:3:3 (factor) may weigh more",
  );
  const bounded = await pgl(directory, ["compare", "m.pgl", "--certify-bound", "0", "--repeats", "5", "--seed", "1"]);
  expect(bounded.out).toContain("(rejection,");
  const mixed = await pgl(directory, [
    "compare",
    "hmm.pgl",
    "--using",
    "smc()",
    "--using",
    "alive()",
    "--repeats",
    "3",
  ]);
  expect(mixed.out).toContain("E[log Ẑ] ≤ log Z, nats");
  expect(mixed.out.replace(/\s+/g, " ")).toContain("No upper bound: alive(): no run of it that is given an exact draw");
});

test("runs that lose all their executions are counted", async () => {
  const text = "model m(): bool {\n  let x ~ bernoulli(0.3)\n  condition x\n  return x\n}\nquery m()\n";
  const directory = folder({ "m.pgl": text });
  const argv = [
    "compare",
    "m.pgl",
    "--budgets",
    "1,2",
    "--repeats",
    "20",
    "--seed",
    "1",
    "--using",
    "smc()",
    "--no-pass",
    "all",
  ];
  const { out } = await pgl(directory, argv);
  expect(out).toMatch(/survived/);
  expect(out).toMatch(/\d+ of 20/);
  expect(out).toContain("log P(survival)");
  const { points } = (JSON.parse((await pgl(directory, [...argv, "--json"])).out) as Json).methods[0]!;
  // With one particle Ẑ is 0 or 1: log Z = log P(survival), whose estimate is what is left.
  expect(points[0]!.lower.estimate).toBeCloseTo(Math.log(points[0]!.survived / 20), 12);
});

test("command lines that make no sense", async () => {
  const directory = folder({ "hmm.pgl": hmm });
  const of = (...argv: string[]) => pgl(directory, ["compare", "hmm.pgl", ...argv]);
  expect(await of("--budgets", "8,x")).toMatchObject({ status: 2 });
  expect(await of("--repeats", "1")).toMatchObject({ status: 2 });
  expect((await of("--using", "smk()")).err).toContain("there is no method `smk`");
  const chains = await of("--using", "mh(samples: 10)");
  expect(chains.status).toBe(3);
  expect(chains.err).toContain("PGLR104");
  expect((await of("--using", "enumerate()")).err).toContain("there is nothing to compare");
  expect(await of("--budgets", "2", "--repeats", "2", "--svg", "no/such/file.svg")).toMatchObject({ status: 2 });
  expect(existsSync(join(directory, "no"))).toBe(false);
});

test("twists written apart from the model are given the model's own exact draws", async () => {
  const text = `model all_up(): int {
  var ups = 0
  for i in 0..4 {
    let up ~ bernoulli(0.3)
    if up { ups += 1 }
  }
  factor if ups > 2 { 0.0 } else { -4.0 }
  return ups
}
twist hopeful for all_up {
  var down = 0
  on up {
    if !up { down += 1 }
    twist if down > 1 { -2.0 } else { 0.0 }
  }
}
query all_up() using smc(particles: 8)
`;
  const directory = folder({ "up.pgl": text });
  const { out, err } = await pgl(directory, [
    "compare",
    "up.pgl",
    ...["--using", "smc(ess: 1)", "--using", "smc(ess: 1, twist: hopeful)"],
    ...["--budgets", "16", "--repeats", "200", "--seed", "1", "--json"],
  ]);
  expect(err).toBe("");
  const { methods, exactDraws, notes } = JSON.parse(out) as Json;
  expect(notes).toEqual([]);
  const [plain, twisted] = methods.map(({ points }) => points[0]!);
  for (const { lower, upper } of [plain!, twisted!]) {
    expect((lower.estimate as number) - 3 * lower.stderr!).toBeLessThan(exactDraws!.logZ);
    expect(upper!.estimate + 3 * upper!.stderr).toBeGreaterThan(exactDraws!.logZ);
  }
  expect(twisted!.gap!.estimate).toBeLessThan(plain!.gap!.estimate);
});

test("a method that cannot be given an exact draw has its lower bounds all the same, and it is said why", async () => {
  const text = "model m(): bool {\n  let x ~ bernoulli(0.5) proposal bernoulli(1.0)\n  return x\n}\nquery m()\n";
  const directory = folder({ "m.pgl": text });
  const argv = ["compare", "m.pgl", "--using", "smc()", "--budgets", "4", "--repeats", "4", "--seed", "1", "--json"];
  const found = JSON.parse((await pgl(directory, argv)).out) as Json;
  expect(found.methods[0]!.points[0]).toMatchObject({ upper: null, gap: null, survived: 4 });
  expect(found.notes).toEqual([expect.stringMatching(/^smc\(\), 4: .* a proposal leaves it out$/)]);
});

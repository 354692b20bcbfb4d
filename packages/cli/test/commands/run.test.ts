import { describe, expect, test } from "vitest";
import type { Interrupt } from "../../src/io.js";
import { folder, pgl } from "../buffer-io.js";

const coin = `model fair_or_not(flips: list<bool>): bool {
  let fair ~ bernoulli(0.5)
  let p = if fair { 0.5 } else { 0.9 }
  for f in flips { observe f ~ bernoulli(p) }
  return fair
}
query fair_or_not([true, true, true, true, false]) using enumerate()
`;
/** The posterior by hand: 0.5^5 against 0.9^4 · 0.1. */
const FAIR = 0.5 ** 5 / (0.5 ** 5 + 0.9 ** 4 * 0.1);
const LOG_Z = Math.log(0.5 * (0.5 ** 5 + 0.9 ** 4 * 0.1));

const two = `model die(n: int): int { return sample uniform_int(1, n) }
query small = die(4) using enumerate()
query large = die(6) using enumerate()
`;

describe("the result for people", () => {
  test("is a table with the heaviest value first, and what is known of log Z", async () => {
    const { status, out, err } = await pgl(folder({ "coin.pgl": coin }), ["run", "coin.pgl", "--seed", "1"]);
    expect(err).toBe("");
    expect(status).toBe(0);
    expect(out).toContain("fair_or_not([true, true, true, true, false]) using enumerate(");
    expect(out).toContain("seed 1");
    const rows = out.split("\n").filter((line) => /\d%/.test(line));
    expect(rows[0]).toMatch(/67\.74%.*false/);
    expect(rows[1]).toMatch(/32\.26%.*true/);
    expect(out).toContain(`log Z ${LOG_Z.toPrecision(4)} (exact)`);
  });

  test("several queries are run one after the other", async () => {
    const { status, out } = await pgl(folder({ "two.pgl": two }), ["run", "two.pgl"]);
    expect(status).toBe(0);
    expect(out.indexOf("small = die(4)")).toBeGreaterThanOrEqual(0);
    expect(out.indexOf("large = die(6)")).toBeGreaterThan(out.indexOf("small = die(4)"));
  });

  test("a query can be named", async () => {
    const { status, out } = await pgl(folder({ "two.pgl": two }), ["run", "two.pgl", "large"]);
    expect(status).toBe(0);
    expect(out).toContain("die(6)");
    expect(out).not.toContain("die(4)");
  });

  test("many different numbers are summarised", async () => {
    const program = "model m(): float { return sample normal(3, 2) }\nquery m() using importance(samples: 4000)\n";
    const { out } = await pgl(folder({ "m.pgl": program }), ["run", "m.pgl", "--seed", "4"]);
    const [, mean, sd] = /mean ([\d.]+) {3}sd ([\d.]+)/.exec(out)!;
    expect(Number(mean)).toBeCloseTo(3, 0);
    expect(Number(sd)).toBeCloseTo(2, 0);
    expect(out).toContain("ESS 4,000 of 4,000");
  });

  test("many different records of numbers are summarised by component", async () => {
    const program = `model m() {
  let slope ~ normal(2, 1)
  let level ~ normal(-5, 0.5)
  return { slope: slope, level: level }
}
query m() using importance(samples: 4000)
`;
    const { out } = await pgl(folder({ "m.pgl": program }), ["run", "m.pgl", "--seed", "4"]);
    const row = (name: string) => new RegExp(`^ +${name} +(.*)$`, "m").exec(out)![1]!.split(/ +/).map(Number);
    const [mean, sd, q05, , median, , q95] = row("slope") as [number, number, number, number, number, number, number];
    expect(mean).toBeCloseTo(2, 0);
    expect(sd).toBeCloseTo(1, 0);
    expect(median).toBeCloseTo(2, 0);
    expect(q05).toBeCloseTo(2 - 1.645, 0);
    expect(q95).toBeCloseTo(2 + 1.645, 0);
    expect(row("level")[0]).toBeCloseTo(-5, 0);
  });

  test("has colours only where they are wanted", async () => {
    const directory = folder({ "coin.pgl": coin });
    const escape = "\u001b[";
    const run = (flags: string[], surroundings = {}) => pgl(directory, ["run", "coin.pgl", ...flags], surroundings);
    expect((await run([])).out).not.toContain(escape);
    expect((await run(["--color", "always"])).out).toContain(escape);
    expect((await run([], { terminal: true })).out).toContain(escape);
    expect((await run([], { terminal: true, environment: { NO_COLOR: "1" } })).out).not.toContain(escape);
    expect((await run(["--color", "never"], { terminal: true })).out).not.toContain(escape);
  });
});

describe("--json", () => {
  test("prints one object with everything that is known of the run", async () => {
    const { status, out, err } = await pgl(folder({ "coin.pgl": coin }), ["run", "coin.pgl", "--json", "--seed", "5"]);
    expect(status).toBe(0);
    expect(err).toBe("");
    const result = JSON.parse(out);
    expect(result).toMatchObject({
      query: "fair_or_not",
      args: [[true, true, true, true, false]],
      method: { name: "enumerate" },
      seed: 5,
      logZ: { exact: true },
      lm: { calls: 0, tokens: 0, cachedTokens: 0 },
      warnings: [],
      partial: false,
    });
    expect(result.logZ.estimate).toBeCloseTo(LOG_Z, 10);
    expect(result.posterior.map((a: { value: unknown }) => a.value)).toEqual([false, true]);
    expect(result.posterior[1].weight).toBeCloseTo(FAIR, 10);
    expect(result.time.total).toBeGreaterThan(0);
    expect(result.engine.node).toBe(process.version);
  });

  test("is reproducible: the reported seed gives the same posterior again", async () => {
    const directory = folder({
      "m.pgl": "model m(): int { return sample poisson(3) }\nquery m() using smc(particles: 200)\n",
    });
    const first = JSON.parse((await pgl(directory, ["run", "m.pgl", "--json"])).out);
    const again = JSON.parse((await pgl(directory, ["run", "m.pgl", "--json", "--seed", String(first.seed)])).out);
    expect(again.posterior).toEqual(first.posterior);
    const other = JSON.parse((await pgl(directory, ["run", "m.pgl", "--json", "--seed", String(first.seed + 1)])).out);
    expect(other.posterior).not.toEqual(first.posterior);
  });

  test("of a program with several queries needs the name of one", async () => {
    const directory = folder({ "two.pgl": two });
    const unnamed = await pgl(directory, ["run", "two.pgl", "--json"]);
    expect(unnamed).toMatchObject({ status: 2, out: "" });
    expect(unnamed.err).toContain("small, large");
    expect(JSON.parse((await pgl(directory, ["run", "two.pgl", "small", "--json"])).out).query).toBe("small");
  });

  test("writes infinities as strings, and exits with 3 when nothing is possible", async () => {
    const program =
      "model m(): int {\n  let n ~ uniform_int(1, 6)\n  condition n > 6\n  return n\n}\nquery m() using enumerate()\n";
    const { status, out, err } = await pgl(folder({ "m.pgl": program }), ["run", "m.pgl", "--json"]);
    expect(status).toBe(3);
    const result = JSON.parse(out);
    expect(result.logZ.estimate).toBe("-inf");
    expect(result.posterior).toEqual([]);
    expect(result.warnings[0]).toMatchObject({ code: "PGLW003", span: { start: { line: 3, column: 3 } } });
    expect(err).toContain("condition n > 6");
  });
});

describe("arguments, methods and models from the command line", () => {
  const greet = `model greet(name: string, times: int = 2): string {
  let n ~ uniform_int(1, times)
  return "\${name} \${n}"
}
query greet("Max") using enumerate()
`;

  test.each([
    ['["Ada", 1]', ["Ada 1"]],
    ['["Ada"]', ["Ada 1", "Ada 2"]],
    ['{"name": "Ada", "times": 1}', ["Ada 1"]],
    ['{"name": "Ada"}', ["Ada 1", "Ada 2"]],
  ])("--args %s", async (args, values) => {
    const { status, out } = await pgl(folder({ "g.pgl": greet }), ["run", "g.pgl", "--json", "--args", args]);
    expect(status).toBe(0);
    expect(JSON.parse(out).posterior.map((a: { value: unknown }) => a.value)).toEqual(values);
  });

  test.each([
    ["not json", "--args is not JSON"],
    ["[1]", "--args[0]: expected string, but it is 1"],
    ["[]", "`name: string` is missing"],
    ['["a", 1, 2]', "3 arguments for the 2"],
    ['["a", 1.5]', "--args[1]: expected int, but it is 1.5"],
    ['{"nam": "a"}', "no parameter `nam`"],
    ["3", "a list of arguments or an object"],
  ])("--args '%s' exits with 2: %s", async (args, message) => {
    const { status, out, err } = await pgl(folder({ "g.pgl": greet }), ["run", "g.pgl", "--args", args]);
    expect(status).toBe(2);
    expect(out).toBe("");
    expect(err).toContain(message);
  });

  test("--using and --particles replace the method of the query", async () => {
    const directory = folder({ "coin.pgl": coin });
    const run = async (...flags: string[]) =>
      JSON.parse((await pgl(directory, ["run", "coin.pgl", "--json", ...flags])).out).method;
    expect(await run("--using", "smc(particles: 32, ess: 0.25)")).toMatchObject({
      name: "smc",
      particles: 32,
      ess: 0.25,
    });
    expect(await run("--using", "importance(samples: 10)", "--particles", "20")).toMatchObject({
      name: "importance",
      samples: 20,
    });
    expect(await run("--using", 'smc(resampler: "residual")', "--particles", "20")).toMatchObject({
      particles: 20,
      resampler: "residual",
    });
  });

  test.each([
    ["smc(particles: )", "--using"],
    ["smc(", "--using"],
    ["", "--using"],
    ["magic()", "no method `magic`"],
    ["smc(particle: 10)", "no option `particle`"],
    ["smc(particles: 1.5)", "`particles` is a whole number"],
    ["smc(particles: 0)", "positive whole number"],
    ["smc(10)", "by its name"],
    ['smc(resampler: "best")', '"systematic"'],
    ["smc(proposal: guide)", "not a proposal"],
    ["smc(particles: 1, particles: 2)", "twice"],
  ])("--using '%s' exits with 2", async (using, message) => {
    const { status, err } = await pgl(folder({ "coin.pgl": coin }), ["run", "coin.pgl", "--using", using]);
    expect(status).toBe(2);
    expect(err).toContain(message);
  });

  test("--particles is refused by a method that has none", async () => {
    const { status, err } = await pgl(folder({ "coin.pgl": coin }), ["run", "coin.pgl", "--particles", "10"]);
    expect(status).toBe(2);
    expect(err).toContain("enumerate has no particles");
  });

  const table = JSON.stringify({ tokens: ["a", "b", "</s>"], eos: "</s>", order: 0, rows: { "": [0.5, 0.25, 0.25] } });
  const biased = JSON.stringify({
    tokens: ["a", "b", "</s>"],
    eos: "</s>",
    order: 0,
    rows: { "": [0.125, 0.625, 0.25] },
  });
  const word = `lm writer = "table:half.json"
model word(): string {
  let w ~ writer.text(after: "", max_tokens: 1)
  return w
}
query word() using enumerate()
`;

  test("--lm replaces a language model; paths in the program start beside it", async () => {
    const directory = folder({ "sub/word.pgl": word, "sub/half.json": table, "biased.json": biased });
    const weight = async (...flags: string[]) => {
      const { out, err } = await pgl(directory, ["run", "sub/word.pgl", "--json", ...flags]);
      const result = JSON.parse(out === "" ? JSON.stringify({ err }) : out);
      expect(result.lm.calls).toBeGreaterThan(0);
      return result.posterior.find((a: { value: unknown }) => a.value === "b").weight;
    };
    expect(await weight()).toBeCloseTo(0.25, 10);
    expect(await weight("--lm", `writer=table:${directory}/biased.json`)).toBeCloseTo(0.625, 10);
  });

  test.each([
    ["wrtier=stories", "Did you mean writer?"],
    ["writer=magic:x", "no kind of language model `magic`"],
    ["writer=table:missing.json", "missing.json"],
  ])("--lm %s exits with 2", async (lm, message) => {
    const { status, err } = await pgl(folder({ "word.pgl": word, "half.json": table }), [
      "run",
      "word.pgl",
      "--lm",
      lm,
    ]);
    expect(err).toContain(message);
    expect(status).toBe(2);
  });

  test("--no-pass keeps the result, and knows the passes", async () => {
    const directory = folder({ "coin.pgl": coin });
    const { status, out } = await pgl(directory, ["run", "coin.pgl", "--json", "--no-pass", "all"]);
    expect(status).toBe(0);
    expect(JSON.parse(out).posterior[1].weight).toBeCloseTo(FAIR, 10);
    const wrong = await pgl(directory, ["run", "coin.pgl", "--no-pass", "magic"]);
    expect(wrong.status).toBe(2);
    expect(wrong.err).toContain("there is no such pass");
  });
});

describe("what goes wrong", () => {
  test("in the program is shown with its lines, all of it, and exits with 1", async () => {
    const program = "model m(): int {\n  let x ~ bernuolli(0.5)\n  return y\n}\nquery m()\n";
    const { status, out, err } = await pgl(folder({ "m.pgl": program }), ["run", "m.pgl"]);
    expect(status).toBe(1);
    expect(out).toBe("");
    expect(err).toContain("bernuolli(0.5)");
    expect(err).toContain("PGL2001");
    expect(err).toContain("return y");
    expect(err).toContain("m.pgl");
  });

  test("a program without a query says how to write one", async () => {
    const { status, err } = await pgl(folder({ "m.pgl": "model m(): int { return 1 }\n" }), ["run", "m.pgl"]);
    expect(status).toBe(2);
    expect(err).toContain("query m(");
  });

  test("an unknown query: which ones there are", async () => {
    const { status, err } = await pgl(folder({ "two.pgl": two }), ["run", "two.pgl", "smal"]);
    expect(status).toBe(2);
    expect(err).toContain("Did you mean small?");
  });

  test("an impossible condition exits with 3 and shows where the last particle died", async () => {
    const program =
      "model m(): int {\n  let n ~ uniform_int(1, 6)\n  condition n > 6\n  return n\n}\nquery m() using smc(particles: 10)\n";
    const { status, err } = await pgl(folder({ "m.pgl": program }), ["run", "m.pgl", "--quiet"]);
    expect(status).toBe(3);
    expect(err).toContain("condition n > 6");
    expect(err).toMatch(/last one ended at .*m\.pgl:3:3.*step 1/s);
  });

  test("an error while it runs has the line of the program, and exits with 3", async () => {
    const program =
      "model m(xs: list<int>): int {\n  let i ~ uniform_int(1, 2)\n  let y = xs[i + 5]\n  return y\n}\nquery m([1, 2]) using enumerate()\n";
    const { status, err } = await pgl(folder({ "m.pgl": program }), ["run", "m.pgl"]);
    expect(status).toBe(3);
    expect(err).toContain("let y = xs[i + 5]");
    expect(err).toContain("PGLR");
    expect(err).not.toContain("at ");
  });

  test("a host function that throws is named, with the line that called it", async () => {
    const directory = folder({
      "judge.ts":
        'export function judge(x: number): number {\n  if (x > 0) throw new Error("no opinion");\n  return 0;\n}\n',
      "m.pgl":
        'import { judge } from "./judge.ts"\nmodel m(): int {\n  let n ~ uniform_int(0, 1)\n  factor judge(n)\n  return n\n}\nquery m() using enumerate()\n',
    });
    const { status, err } = await pgl(directory, ["run", "m.pgl"]);
    expect(status).toBe(3);
    expect(err).toContain("host function `judge` failed: no opinion");
    expect(err).toContain("factor judge(n)");
    expect(err).toContain("judge.ts:2");
  });

  test("a host function that returns what it did not declare is named", async () => {
    const directory = folder({
      "judge.ts": 'export function judge(_x: number): number {\n  return "high" as unknown as number;\n}\n',
      "m.pgl":
        'import { judge } from "./judge.ts"\nmodel m(): int {\n  let n ~ uniform_int(0, 1)\n  factor judge(n)\n  return n\n}\nquery m() using enumerate()\n',
    });
    const { status, err } = await pgl(directory, ["run", "m.pgl"]);
    expect(status).toBe(3);
    expect(err).toContain('`judge` returned what its type does not allow: "high" where float is declared');
  });

  test("a host function that never answers is named when --max-time is over", async () => {
    const directory = folder({
      "judge.ts": "export function judge(_x: number): Promise<number> {\n  return new Promise(() => {});\n}\n",
      "m.pgl":
        'import { judge } from "./judge.ts"\nmodel m(): int {\n  let n ~ uniform_int(0, 1)\n  factor judge(n)\n  return n\n}\nquery m() using smc(particles: 4)\n',
    });
    const { status, err } = await pgl(directory, ["run", "m.pgl", "--max-time", "0.2"]);
    expect(status).toBe(3);
    expect(err).toContain("the host function `judge` has not answered");
  });

  test("a host module that is not there is a diagnostic of the program", async () => {
    const program = 'import { judge } from "./nowhere.ts"\nmodel m(): int { factor judge(1)\n return 1 }\nquery m()\n';
    const { status, err } = await pgl(folder({ "m.pgl": program }), ["run", "m.pgl"]);
    expect(status).toBe(1);
    expect(err).toContain("./nowhere.ts");
  });
});

test("a program can come from standard input", async () => {
  const { status, out } = await pgl(folder({}), ["run", "-", "--json"], { input: coin });
  expect(status).toBe(0);
  expect(JSON.parse(out).query).toBe("fair_or_not");
});

const endless = `model m(): int {
  var n = 0
  while true {
    let x ~ bernoulli(0.5)
    observe x ~ bernoulli(0.5)
    n += 1
  }
  return n
}
model quick(): int {
  let n ~ geometric(0.5)
  factor -0.1 * n
  return n
}
query m() using smc(particles: 10)
query quick() using rejection(samples: 100000000, max_attempts: 100000000)
`;

test("--max-time ends a run; what it has by then is shown, with a warning", async () => {
  const { status, out } = await pgl(folder({ "e.pgl": endless }), [
    "run",
    "e.pgl",
    "quick",
    "--json",
    "--max-time",
    "0.3",
  ]);
  const result = JSON.parse(out);
  expect(status).toBe(0);
  expect(result.partial).toBe(true);
  expect(result.posterior.length).toBeGreaterThan(2);
  expect(result.warnings.map((w: { code: string }) => w.code)).toContain("PGLW008");
  expect(result.time.total).toBeLessThan(5000);
});

test("an interrupt ends a run; what it has by then is shown, and the status is 130", async () => {
  let requested = false;
  const interrupt: Interrupt = {
    get requested() {
      return requested;
    },
    listen: () => () => {},
    running: () => {
      // As the supervising thread does it: while the program runs, without the event loop turning.
      const end = performance.now() + 200;
      Object.defineProperty(interrupt, "requested", { get: () => requested || (requested = performance.now() > end) });
      return () => {};
    },
  };
  const { status, out } = await pgl(folder({ "e.pgl": endless }), ["run", "e.pgl", "quick", "--json"], { interrupt });
  expect(status).toBe(130);
  expect(JSON.parse(out).partial).toBe(true);
  expect(JSON.parse(out).posterior.length).toBeGreaterThan(2);
});

test("progress is drawn on a terminal and gone at the end", async () => {
  const program =
    "model m(): int {\n  var n = 0\n  for i in 0..2000 {\n    let x ~ bernoulli(0.5)\n    observe true ~ bernoulli(0.6)\n    n += 1\n  }\n  return n\n}\nquery m() using smc(particles: 50)\n";
  const directory = folder({ "m.pgl": program });
  const seen = await pgl(directory, ["run", "m.pgl"], { terminal: true });
  expect(seen.err).toMatch(/smc {2}step \d+ {2}50 alive {2}ESS/);
  expect(seen.err.endsWith("\r\u001b[2K")).toBe(true);
  expect((await pgl(directory, ["run", "m.pgl"])).err).toBe("");
  expect((await pgl(directory, ["run", "m.pgl", "--quiet"], { terminal: true })).err).toBe("");
});

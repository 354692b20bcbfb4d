import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { enumerate, smc } from "@pgl/runtime";
import { describe, expect, onTestFinished, test } from "vitest";
import { compile, CompileError, infer, LoadError, run } from "../../src/index.js";

function folder(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), "pgl-core-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return directory;
}

const coin = `lm writer = "stories"
model fair_or_not(flips: list<bool>): bool {
  let fair ~ bernoulli(0.5)
  let p = if fair { 0.5 } else { 0.9 }
  for f in flips { observe f ~ bernoulli(p) }
  return fair
}
query fair_or_not([true, true, true, true, false]) using enumerate()
query again = fair_or_not([true])
`;
const FAIR = 0.5 ** 5 / (0.5 ** 5 + 0.9 ** 4 * 0.1);

describe("a compiled program", () => {
  test("has models, queries and aliases", async () => {
    const program = await compile.source(coin);
    expect(Object.keys(program.models)).toEqual(["fair_or_not"]);
    expect(program.fair_or_not).toBe(program.models["fair_or_not"]);
    expect(program.queries.map((q) => q.name)).toEqual(["fair_or_not", "again"]);
    expect(program.lms).toEqual(["writer"]);
    expect(program.parametersOf("fair_or_not").map((p) => p.name)).toEqual(["flips"]);
    expect(() => program.parametersOf("nothing")).toThrow("no model `nothing`");
    expect(inspect(program)).toBe(
      'PGL program program.pgl\n  lm writer = "stories"\n  model fair_or_not(flips: list<bool>)\n  query fair_or_not\n  query again',
    );
  });

  test("runs", async () => {
    const program = await compile.source(coin.replace(/^lm.*\n/, ""));
    const exact = await run(program.queries[0]!);
    expect(exact.probability((fair) => fair === true)).toBeCloseTo(FAIR, 12);
    const sampled = await run(program.queries[0]!, { method: smc({ particles: 5000 }), seed: 1 });
    expect(sampled.probability((fair) => fair === true)).toBeCloseTo(FAIR, 1);
    const other = await run(program.queries[0]!, { args: [[]], method: enumerate() });
    expect(other.probability((fair) => fair === true)).toBeCloseTo(0.5, 12);
    const inferred = await infer(program.fair_or_not!, [[true, true, true, true, false]], enumerate());
    expect(inferred.atoms).toEqual(exact.atoms);
  });

  test("gives the same posterior with and without the compiler's passes", async () => {
    const text = coin.replace(/^lm.*\n/, "");
    const [all, none] = await Promise.all([compile.source(text), compile.source(text, { passes: "none" })]);
    expect((await run(none.queries[0]!)).atoms).toEqual((await run(all.queries[0]!)).atoms);
  });

  test("checks the arguments that TypeScript gives it", async () => {
    const program = await compile.source(coin.replace(/^lm.*\n/, ""));
    await expect(infer(program.fair_or_not!, [[true, 1]], enumerate())).rejects.toThrow(
      "fair_or_not[0][1]: expected bool, but it is 1.",
    );
    await expect(infer(program.fair_or_not!, [], enumerate())).rejects.toThrow("is missing");
  });

  test("with a model called like one of its members has it among `models`", async () => {
    const program = await compile.source("model queries(): int { return 1 }\nmodel file(): int { return 2 }\n");
    expect(program.queries).toEqual([]);
    expect(program.file).toMatch(/program\.pgl$/);
    expect((await infer(program.models["file"]!, [], enumerate())).mode()).toBe(2);
    expect((await infer(program.models["queries"]!, [], enumerate())).mode()).toBe(1);
  });

  test("with a model called like something of JavaScript or of the prelude works", async () => {
    const program = await compile.source(
      "model delete(): int { return 1 }\nmodel compare(): int { return delete() + 1 }\nmodel constructor(): int { return compare() + 1 }\n",
    );
    for (const [name, value] of [
      ["delete", 1],
      ["compare", 2],
      ["constructor", 3],
    ] as const) {
      expect((await infer(program.models[name]!, [], enumerate())).mode()).toBe(value);
    }
  });
});

describe("errors", () => {
  test("of a program come all at once, as data and with their lines", async () => {
    const error = await compile
      .source("model m(): int {\n  return nothing\n}\nconst c: int = true\n")
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(CompileError);
    const { diagnostics, message, rendered } = error as CompileError;
    expect(diagnostics.filter((d) => d.severity === "error").length).toBeGreaterThanOrEqual(2);
    expect(message).toContain("The program has");
    expect(rendered).toContain("return nothing");
    expect(rendered).toContain("const c: int = true");
  });

  test("a file that is not there", async () => {
    await expect(compile.file("/nowhere/at/all.pgl")).rejects.toThrow(LoadError);
    await expect(compile.file("/nowhere/at/all.pgl")).rejects.toThrow("cannot be read");
  });

  test("while a program runs have the place in the program", async () => {
    const program = await compile.source(
      "fn pick(xs: list<int>): int = xs[7]\nmodel m(): int {\n  let i ~ uniform_int(1, 2)\n  return pick([i])\n}\n",
    );
    await expect(infer(program.m!, [], enumerate())).rejects.toMatchObject({ site: { file: "program.pgl", line: 1 } });
  });

  test("a deterministic function without an end", async () => {
    const program = await compile.source("fn down(n: int): int = down(n + 1)\nmodel m(): int { return down(0) }\n");
    await expect(infer(program.m!, [], enumerate())).rejects.toMatchObject({
      code: "PGLT011",
      message: "A function calls itself too deeply.",
      site: { line: 1 },
    });
  });

  test("a recursive model has a limit of its own, which can be raised", async () => {
    const program = await compile.source(
      "model count(n: int): int {\n  if n == 0 { return 0 }\n  let x ~ delta(1)\n  return x + count(n - x)\n}\n",
    );
    await expect(infer(program.count!, [100_000], enumerate())).rejects.toMatchObject({ code: "PGLR060" });
    const posterior = await infer(program.count!, [100_000], enumerate(), { limits: { max_recursion: 200_000 } });
    expect(posterior.mode()).toBe(100_000);
  });
});

describe("host modules", () => {
  const user =
    'import { judge, limit } from "./judge.ts"\nmodel m(): float {\n  let x ~ uniform_int(0, 3)\n  factor judge(x)\n  return limit\n}\n';

  test("in TypeScript, with imports of their own, are loaded", async () => {
    const directory = folder({
      "m.pgl": user,
      "judge.ts":
        'import { weight } from "./weight";\nexport const limit: number = 4;\nexport function judge(x: number): number {\n  return x * weight;\n}\n',
      "weight.ts": "export const weight: number = -1;\n",
    });
    const program = await compile.file(join(directory, "m.pgl"));
    const posterior = await infer(program.m!, [], enumerate());
    expect(posterior.mode()).toBe(4);
    expect(posterior.logZ.estimate).toBeCloseTo(Math.log((1 + Math.exp(-1) + Math.exp(-2) + Math.exp(-3)) / 4), 12);
  });

  test("in JavaScript are loaded", async () => {
    const directory = folder({
      "m.pgl": user.replaceAll("judge.ts", "judge.mjs"),
      "judge.mjs":
        "/** @param {number} x @returns {number} */\nexport const judge = (x) => -x;\n/** @type {number} */\nexport const limit = 2;\n",
    });
    const program = await compile.file(join(directory, "m.pgl"));
    expect((await infer(program.m!, [], enumerate())).mode()).toBe(2);
  });

  test("that are asynchronous are waited for", async () => {
    const directory = folder({
      "m.pgl":
        'import { judge } from "./judge.ts"\nmodel m(): bool {\n  let x ~ bernoulli(0.5)\n  factor judge(x)\n  return x\n}\n',
      "judge.ts":
        "export async function judge(x: boolean): Promise<number> {\n  await new Promise((done) => setTimeout(done, 5));\n  return x ? 1 : 0;\n}\n",
    });
    const program = await compile.file(join(directory, "m.pgl"));
    const posterior = await infer(program.m!, [], enumerate());
    expect(posterior.probability((x) => x === true)).toBeCloseTo(Math.E / (1 + Math.E), 12);
  });

  test("that fail while they are loaded are named", async () => {
    const directory = folder({
      "m.pgl": user,
      "judge.ts":
        'export const limit: number = 1;\nexport const judge = (x: number): number => x;\nthrow new Error("no network");\n',
    });
    await expect(compile.file(join(directory, "m.pgl"))).rejects.toMatchObject({
      name: "LoadError",
      code: "PGLL002",
      message: 'The host module "./judge.ts" could not be loaded: no network',
    });
  });

  test("can be given as values", async () => {
    const directory = folder({
      "judge.ts": "export declare const limit: number;\nexport declare function judge(x: number): number;\n",
    });
    const program = await compile.source(user, {
      file: join(directory, "m.pgl"),
      hosts: { "./judge.ts": { limit: 9, judge: () => 0 } },
    });
    expect((await infer(program.m!, [], enumerate())).mode()).toBe(9);
  });

  test("that lack what they declare are named", async () => {
    const directory = folder({
      "judge.ts": "export declare const limit: number;\nexport declare function judge(x: number): number;\n",
    });
    const program = compile.source(user, {
      file: join(directory, "m.pgl"),
      hosts: { "./judge.ts": Object.freeze({ limit: 9 }) },
    });
    await expect(program.then((p) => infer(p.m!, [], enumerate()))).rejects.toThrow(
      'The host module "./judge.ts" exports no `judge`',
    );
  });

  test("what their functions throw is named once, with the line of the program", async () => {
    const directory = folder({
      "m.pgl": user,
      "judge.ts":
        "export const limit: number = 1;\nexport const judge = (x: number): number => {\n  throw new Error(`not ${x}`);\n};\n",
    });
    const program = await compile.file(join(directory, "m.pgl"));
    await expect(infer(program.m!, [], enumerate())).rejects.toMatchObject({
      code: "PGLR002",
      message: "The host function `judge` failed: not 0",
      site: { file: "m.pgl", line: 4 },
    });
  });

  test("what their asynchronous functions reject with is named once", async () => {
    const directory = folder({
      "m.pgl":
        'import { judge } from "./judge.ts"\nmodel m(): bool {\n  let x ~ bernoulli(0.5)\n  factor judge(x)\n  return x\n}\n',
      "judge.ts": 'export async function judge(_x: boolean): Promise<number> {\n  throw new Error("busy");\n}\n',
    });
    const program = await compile.file(join(directory, "m.pgl"));
    await expect(infer(program.m!, [], enumerate())).rejects.toMatchObject({
      code: "PGLR002",
      message: "The host function `judge` failed: busy",
      site: { line: 4 },
    });
  });
});

test("modules import each other's models and constants", async () => {
  const directory = folder({
    "main.pgl":
      'import { die, SIDES as sides } from "./dice.pgl"\nmodel two(): int { return die(sides) + die(sides) }\nquery two() using enumerate()\n',
    "dice.pgl":
      "export const SIDES = 4\nexport model die(n: int): int {\n  let face ~ uniform_int(1, n)\n  return face\n}\n",
  });
  const program = await compile.file(join(directory, "main.pgl"));
  const posterior = await run(program.queries[0]!);
  expect(posterior.atoms.length).toBe(7);
  expect(posterior.mode()).toBe(5);
});

test("a text drawn from a tempered or cut model changes token by token", async () => {
  const sky = new URL("../../../../examples/models/sky.json", import.meta.url).pathname;
  const program = await compile.source(`lm words = "table:${sky}"
model greedy(): string { return sample words.text("").top_k(1) }
model cold(): string { return sample words.text("").tempered(0.5).top_p(0.9) }
query greedy() using enumerate()
query cold() using enumerate()
`);
  const [greedy, cold] = await Promise.all(program.queries.map((query) => run(query)));
  expect(greedy!.atoms).toEqual([{ value: "sky", weight: 1 }]);
  // 0.6² : 0.3² : 0.1² without the last, which lies outside of 90 %.
  expect(cold!.probability((s) => s === "sky")).toBeCloseTo(0.8, 12);
});

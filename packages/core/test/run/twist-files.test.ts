import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  compile,
  distill,
  LearnedTwist,
  loadLanguageModel,
  pgl,
  readTwist,
  run,
  train,
  unloadLanguageModels,
  writeSurrogate,
  writeTwist,
} from "../../src/index.js";

const table = (share: number, tokens = ["a", "b", "</s>"]): string =>
  JSON.stringify({
    tokens,
    eos: "</s>",
    order: 1,
    rows: {
      "": [0.6, 0.3, 0.1],
      [tokens[0]!]: [share, 0.9 - share, 0.1],
      [tokens[1]!]: [0.5, 0.4, 0.1],
      "</s>": [0.4, 0.4, 0.2],
    },
  });

/** A text whose last letters decide; `twist` stands where a twist may be named. */
const program = (twist: string, declared = "", draw = "x"): string => `lm toy = "table:toy.json"
${declared}
export model ends(bonus: float): string {
  let ${draw} ~ toy.text(after: "", max_tokens: 5${twist})
  factor if ends_with(${draw}, "bb") { bonus } else { -5.0 }
  return ${draw}
}
query ends(1.0) using smc(particles: 20)
query other = ends(2.0) using smc(particles: 20)
`;
const naming = program(", twist: ahead", 'twist ahead = "twists/ends.json"');

let folder: string;
let plain: LearnedTwist;
let conditional: LearnedTwist;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pgl-twist-files-"));
  mkdirSync(join(folder, "twists"));
  writeFileSync(join(folder, "toy.json"), table(0.5));
  writeFileSync(join(folder, "heavy.json"), table(0.7));
  writeFileSync(join(folder, "letters.json"), table(0.5, ["a", "c", "</s>"]));
  const { ends } = (await source(program(""))).models;
  const learned = async (file: string, sets: readonly (readonly unknown[])[]): Promise<LearnedTwist> => {
    const trainer = await train(ends!, sets, { steps: 24, seed: 1 });
    writeTwist(join(folder, file), trainer.twist, trainer.curve);
    return readTwist(join(folder, file));
  };
  plain = await learned("twists/ends.json", [[1]]);
  conditional = await learned("twists/conditional.json", [[1], [2]]);
});
afterAll(async () => {
  await unloadLanguageModels();
  rmSync(folder, { recursive: true, force: true });
});

const source = (text: string, file = "ends.pgl") => compile.source(text, { file: join(folder, file) });

describe("a twist that a program names by its file", () => {
  test("gives what the same twist gives that the run is given, and is reported by name and file", async () => {
    const without = await source(program(""));
    const named = await source(naming);
    for (const seed of [1, 2, 3]) {
      const given = await run(without.queries[0]!, { seed, twists: [plain] });
      const found = await run(named.queries[0]!, { seed });
      expect(found.atoms).toEqual(given.atoms);
      expect(found.logZ).toEqual(given.logZ);
      expect(found.logZ.estimate).not.toBe((await run(without.queries[0]!, { seed })).logZ.estimate);
      expect(found.run.twists).toEqual([{ draw: "x", twist: "ahead (twists/ends.json)" }]);
    }
  });

  test("comes before twists that the run is given, and stays where the run chooses none by itself", async () => {
    const named = await source(naming);
    const found = await run(named.queries[0]!, { seed: 1, twists: [conditional], automaticTwists: false });
    expect(found.atoms).toEqual((await run(named.queries[0]!, { seed: 1 })).atoms);
    expect(found.run.twists).toEqual([{ draw: "x", twist: "ahead (twists/ends.json)" }]);
    expect(found.diagnostics.warnings).toMatchObject([
      {
        code: "PGLW021",
        message: "The twist that is given for `x` is not used: the program names ahead (twists/ends.json).",
      },
    ]);
  });

  test("knows the arguments of the query, and of an inference inside a program", async () => {
    const inside = `
model outer(bonus: float): float {
  let texts = infer ends(2.0) using smc(particles: 20)
  let y ~ texts
  factor bonus
  return log_z(texts)
}
query outer(1.0) using smc(particles: 1)
`;
    const given = await source(program("") + inside);
    const found = await source(program(", twist: ahead", 'twist ahead = "twists/conditional.json"') + inside);
    for (const i of [0, 1]) {
      const expected = await run(given.queries[i]!, { seed: 4, twists: [conditional] });
      expect((await run(found.queries[i]!, { seed: 4 })).atoms).toEqual(expected.atoms);
    }
    /** As given to a run whose own arguments do not matter. */
    const fixed = (args: readonly unknown[]): LearnedTwist =>
      Object.assign(Object.create(LearnedTwist.prototype) as LearnedTwist, {
        data: conditional.data,
        with: () => conditional.with(args),
      });
    const nested = async (args: readonly unknown[]) =>
      (await run(given.queries[2]!, { seed: 4, twists: [fixed(args)] })).atoms;
    const own = (await run(found.queries[2]!, { seed: 4 })).atoms;
    expect(own).toEqual(await nested([2]));
    expect(own).not.toEqual(await nested([1]));
  });

  test("is imported from other modules, from whose folder its file is looked for", async () => {
    mkdirSync(join(folder, "lib"), { recursive: true });
    writeFileSync(join(folder, "lib/twists.pgl"), 'export twist learned = "../twists/ends.json"\n');
    const imported = await source(program(", twist: ahead", 'import { learned as ahead } from "./lib/twists.pgl"'));
    const found = await run(imported.queries[0]!, { seed: 1 });
    expect(found.atoms).toEqual((await run((await source(naming)).queries[0]!, { seed: 1 })).atoms);
    expect(found.run.twists).toEqual([{ draw: "x", twist: "learned (../twists/ends.json)" }]);
  });

  test("is a value: of constants, parameters and functions", async () => {
    const passed = await source(`lm toy = "table:toy.json"
twist ahead = "twists/ends.json"
const chosen = ahead
fn same(t: twist): twist = t
model ends(bonus: float, t: twist): string {
  let x ~ toy.text(after: "", max_tokens: 5, twist: same(t))
  factor if ends_with(x, "bb") { bonus } else { -5.0 }
  return x
}
query ends(1.0, chosen) using smc(particles: 20)
`);
    const found = await run(passed.queries[0]!, { seed: 1 });
    expect(found.atoms).toEqual((await run((await source(naming)).queries[0]!, { seed: 1 })).atoms);
  });

  test("is a value of TypeScript in a template", async () => {
    const model = await loadLanguageModel(`table:${join(folder, "toy.json")}`);
    const written = await pgl`lm toy = ${model}
twist ahead = ${plain}
model ends(bonus: float): string {
  let x ~ toy.text(after: "", max_tokens: 5, twist: ahead)
  factor if ends_with(x, "bb") { bonus } else { -5.0 }
  return x
}
query ends(1.0) using smc(particles: 20)
`;
    const found = await run(written.queries[0]!, { seed: 1 });
    expect(found.atoms).toEqual((await run((await source(naming)).queries[0]!, { seed: 1 })).atoms);
    expect(found.run.twists).toEqual([{ draw: "x", twist: "ahead" }]);
    await expect(
      pgl`lm toy = ${model}
twist ahead = ${plain}
model m() { let y ~ toy.text(after: "", twist: ahead) }`,
    ).rejects.toThrow("PGL4035");
  });

  test("is shown with the program", async () => {
    expect(inspect(await source(naming))).toContain('\n  twist ahead = "twists/ends.json"\n');
  });

  test("is the one of another model, draw or program: an error with the place", async () => {
    const named = await source(naming);
    const failing = (lms: Record<string, string>) => run(named.queries[0]!, { seed: 1, lms });
    const place = expect.objectContaining({ file: "ends.pgl", line: 4, name: "x" }) as unknown;
    const spec = (file: string) => `table:${join(folder, file)}`;
    await expect(failing({ toy: spec("heavy.json") })).rejects.toMatchObject({
      code: "PGLM019",
      message: expect.stringContaining("has other weights") as unknown,
      site: place,
    });
    await expect(failing({ toy: spec("letters.json") })).rejects.toMatchObject({
      code: "PGLM019",
      message: expect.stringContaining("has another vocabulary") as unknown,
      site: place,
    });
    const ahead = 'twist ahead = "twists/ends.json"';
    await expect(source(program(", twist: ahead", ahead, "y"))).rejects.toThrow("PGL4035");
    // As a value it is known when it is used.
    const other = await source(program(", twist: chosen", `${ahead}; const chosen = ahead`, "y"));
    await expect(run(other.queries[0]!, { seed: 1 })).rejects.toMatchObject({
      code: "PGLM019",
      message: "The twist ahead (twists/ends.json) was learned for the draw `x` of ends, and this is `y`.",
      site: { file: "ends.pgl", line: 4, name: "y" },
    });
    const unlike = await source(
      program(", twist: ahead", 'twist ahead = "twists/conditional.json"')
        .replaceAll("(bonus: float)", "(bonus: float, more: float)")
        .replace("query ends(1.0)", "query ends(1.0, 2.0)")
        .replace("ends(2.0)", "ends(2.0, 1.0)"),
    );
    await expect(run(unlike.queries[0]!, { seed: 1 })).rejects.toMatchObject({
      code: "PGLM019",
      message: expect.stringContaining("was learned for other arguments") as unknown,
      site: place,
    });
  });

  test("whose file is missing or of another kind is an error of the program; whose contents cannot be used, of the run", async () => {
    await expect(source(naming.replace("ends.json", "end.json"))).rejects.toThrow(
      /There is no file `twists\/end\.json` here\.[^]*Did you mean `ends\.json`\?/,
    );
    await expect(source(naming.replace("twists/ends.json", "toy.json"))).rejects.toThrow(
      "`toy.json` is no learned twist",
    );
    writeFileSync(join(folder, "twists/empty.json"), '{"format":"pgl-learned-twist","version":2}');
    const empty = await source(naming.replace("ends.json", "empty.json"));
    await expect(run(empty.queries[0]!, { seed: 1 })).rejects.toMatchObject({
      code: "PGLX004",
      site: { file: "ends.pgl", line: 2, name: "ahead" },
    });
  });

  test("gives way to the twist that is trained for its draw, and need not be there before", async () => {
    const file = join(folder, "ends.pgl");
    const before = await compile.source(naming.replace("ends.json", "new.json"), { file, untrained: true });
    for (const { models } of [before, await source(naming)]) {
      const { twist } = await train(models["ends"]!, [[1]], { steps: 24, seed: 1 });
      expect(twist.data.network.parameters).toEqual(plain.data.network.parameters);
    }
  });
});

describe("a surrogate that a program names", () => {
  const looking = (surrogate: string): string => `lm toy = "table:toy.json"${surrogate}
model ends(): string {
  let x ~ toy.text(after: "", max_tokens: 5)
  observe x matches ends_with("bb")
  return x
}
query ends() using smc(particles: 20)
`;

  test("is used as one that the run is given, which comes before it", async () => {
    const spec = `table:${join(folder, "toy.json")}`;
    const surrogate = await distill(await loadLanguageModel(spec), { samples: 100, length: 6 });
    writeSurrogate(join(folder, "surrogate.json"), surrogate);
    const path = join(folder, "surrogate.json");
    const without = await source(looking(""));
    const named = await source(looking(', surrogate: "surrogate.json"'));
    const given = await run(without.queries[0]!, { seed: 1, surrogates: { toy: path } });
    const found = await run(named.queries[0]!, { seed: 1 });
    expect(found.atoms).toEqual(given.atoms);
    expect(found.run.twists).toEqual([{ draw: "x", twist: expect.stringMatching(/^a Markov chain of/) }]);
    // A table is its own surrogate: without a file every run gives log Z exactly.
    const own = await run(without.queries[0]!, { seed: 1 });
    expect(own.logZ.estimate).not.toBe(found.logZ.estimate);
    expect((await run(named.queries[0]!, { seed: 1, lms: { toy: spec } })).logZ).toEqual(own.logZ);
    expect((await run(named.queries[0]!, { seed: 1, automaticTwists: false })).run.twists).toEqual([]);
    const hmm = await distill(await loadLanguageModel(spec), { samples: 100, length: 6, kind: "hmm", states: 2 });
    writeSurrogate(join(folder, "hmm.json"), hmm);
    // Of a file that has changed, what is in it now.
    writeSurrogate(path, hmm);
    expect((await run(named.queries[0]!, { seed: 1 })).run.twists).toEqual([
      { draw: "x", twist: expect.stringMatching(/^a hidden Markov model/) },
    ]);
    writeSurrogate(path, surrogate);
    const other = await run(named.queries[0]!, { seed: 1, surrogates: { toy: join(folder, "hmm.json") } });
    expect(other.run.twists).toEqual([{ draw: "x", twist: expect.stringMatching(/^a hidden Markov model/) }]);
  });

  test("of another model is an error at the declaration, and of no use where another model is given", async () => {
    const mixed = await source(looking(', surrogate: "surrogate.json"').replace("toy.json", "heavy.json"));
    await expect(run(mixed.queries[0]!, { seed: 1 })).rejects.toMatchObject({
      code: "PGLM019",
      site: { file: "ends.pgl", line: 1, name: "toy" },
    });
    const named = await source(looking(', surrogate: "surrogate.json"'));
    const lms = { toy: `table:${join(folder, "heavy.json")}` };
    expect((await run(named.queries[0]!, { seed: 1, lms })).run.twists).toEqual([
      { draw: "x", twist: expect.stringMatching(/itself/) },
    ]);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { compile, infer, LearnedTwist, smc, train, unloadLanguageModels, writeTwist } from "../../src/index.js";

/** What is said depends on what was thought, of which it is all that is known. */
const program = (declared: string, twist: string): string => `lm toy = "table:toy.json"
${declared}
export model thought(said: string): string {
  let x ~ toy.text(after: "", max_tokens: 2${twist})
  observe said ~ toy.text(after: x, max_tokens: 2)
  return x
}
`;

let folder: string;
let learned: LearnedTwist;

const compiled = async (declared = "", twist = "") =>
  (await compile.source(program(declared, twist), { file: join(folder, "thought.pgl") })).models["thought"]!;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pgl-bound-twists-"));
  const rows = { "": [0.5, 0.4, 0.1], a: [0.7, 0.2, 0.1], b: [0.2, 0.7, 0.1], "</s>": [0.4, 0.5, 0.1] };
  writeFileSync(join(folder, "toy.json"), JSON.stringify({ tokens: ["a", "b", "</s>"], eos: "</s>", order: 1, rows }));
  const trainer = await train(await compiled(), [["bb"]], { simulate: true, steps: 48, seed: 1 });
  learned = trainer.twist;
  writeTwist(join(folder, "thought.json"), learned, trainer.curve);
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await unloadLanguageModels();
  rmSync(folder, { recursive: true, force: true });
});

/** What twists were made for while a run was certified on data that was simulated. */
async function certifiedFor(named: boolean): Promise<ReadonlySet<unknown>> {
  const bind = vi.spyOn(LearnedTwist.prototype, "with");
  const model = named ? await compiled('twist ahead = "thought.json"', ", twist: ahead") : await compiled();
  const { certificate } = await infer(model, ["bb"], smc({ particles: 4 }), {
    seed: 2,
    certify: { exact: "simulate", repetitions: 24 },
    ...(named ? {} : { twists: [learned] }),
  });
  if (certificate?.kind !== "bounds") throw new Error("There is no certificate.");
  return new Set(bind.mock.calls.map(([args]) => args[0]));
}

describe("the twist of a run that is certified on simulated data", () => {
  test.each([
    ["given to the run", false],
    ["named by the program", true],
  ])("is that for the data: %s", async (_, named) => {
    const said = await certifiedFor(named);
    // What is asked about, and other things that might have been said.
    expect(said).toContain("bb");
    expect(said.size).toBeGreaterThan(4);
  });
});

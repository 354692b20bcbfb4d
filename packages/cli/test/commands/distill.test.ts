import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder, pgl } from "../buffer-io.js";

const letters = JSON.stringify({
  tokens: ["a", "b", ".", "</s>"],
  eos: "</s>",
  order: 1,
  rows: {
    "": [0.5, 0.3, 0.1, 0.1],
    a: [0.1, 0.6, 0.2, 0.1],
    b: [0.4, 0.1, 0.25, 0.25],
    ".": [0.3, 0.3, 0.2, 0.2],
    "</s>": [0.25, 0.25, 0.25, 0.25],
  },
});
const program = `lm writer = "table:letters.json"
model bs(): string {
  let text ~ writer.text(after: "", max_tokens: 6)
  observe text matches /[^]*bb[^]*/
  return text
}
query bs() using smc(particles: 4)
`;
const files = { "letters.json": letters, "bs.pgl": program };

interface Run {
  readonly logZ: { readonly estimate: number };
  readonly twists: readonly { readonly draw: string; readonly twist: string }[];
}

test("writes a surrogate that runs look ahead with", async () => {
  const directory = folder(files);
  const distilled = await pgl(directory, [
    "distill",
    "table:letters.json",
    "-o",
    "s/letters.json",
    "--samples",
    "200",
    "--length",
    "8",
  ]);
  expect(distilled.err).toBe("");
  expect(distilled.status).toBe(0);
  expect(distilled.out).toMatch(/^s\/letters\.json: a Markov chain of \d+ histories for table:letters\.json, 1 KB/);
  expect(distilled.out).toMatch(/in nats a token: 1\.\d+ \(the model itself: 1\.\d+\)/);
  const { status, out } = await pgl(directory, [
    "run",
    "bs.pgl",
    "--seed",
    "1",
    "--surrogate",
    "writer=s/letters.json",
  ]);
  expect(status).toBe(0);
  expect(out).toMatch(/looking ahead in text with a Markov chain of \d+ histories/);
});

test("a table looks ahead by itself, and --no-twists does not", async () => {
  const directory = folder(files);
  const run = async (...more: string[]): Promise<Run> =>
    JSON.parse((await pgl(directory, ["run", "bs.pgl", "--json", ...more])).out) as Run;
  const [one, two] = [await run("--seed", "1"), await run("--seed", "2")];
  expect(one.twists).toEqual([{ draw: "text", twist: "the model itself" }]);
  expect(one.logZ.estimate).toBeCloseTo(two.logZ.estimate, 10);
  const [blind, again] = [await run("--seed", "1", "--no-twists"), await run("--seed", "2", "--no-twists")];
  expect(blind.twists).toEqual([]);
  expect(Math.abs(blind.logZ.estimate - again.logZ.estimate)).toBeGreaterThan(0.01);
});

test("a surrogate of another model is refused, and one for a name that is not there", async () => {
  const directory = folder(files);
  await pgl(directory, [
    "distill",
    "table:letters.json",
    "-o",
    "s.json",
    "--samples",
    "20",
    "--kind",
    "hmm",
    "--states",
    "2",
    "--rounds",
    "2",
  ]);
  expect(JSON.parse(readFileSync(join(directory, "s.json"), "utf8"))).toMatchObject({ kind: "hmm", states: 2 });
  writeFileSync(join(directory, "letters.json"), letters.replace("0.5,0.3", "0.4,0.4").replace("0.1,0.6", "0.2,0.5"));
  const other = await pgl(directory, ["run", "bs.pgl", "--surrogate", "writer=s.json"]);
  expect(other.status).toBe(3);
  expect(other.err).toContain("PGLM019");
  expect(other.err).toContain("other weights");
  const nobody = await pgl(directory, ["run", "bs.pgl", "--surrogate", "reader=s.json"]);
  expect(nobody.status).toBe(2);
  expect(nobody.err).toContain("no language model called reader");
});

test("options that make no sense are refused, and nothing is written", async () => {
  const directory = folder(files);
  const { status, err } = await pgl(directory, ["distill", "table:letters.json", "-o", "s.json", "--order", "7"]);
  expect(status).toBe(3);
  expect(err).toContain("`order` is 1 or 2");
  expect(existsSync(join(directory, "s.json"))).toBe(false);
  expect((await pgl(directory, ["distill", "tables:letters.json"])).status).toBe(2);
});

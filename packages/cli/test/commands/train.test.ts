import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder, pgl } from "../buffer-io.js";

const table = (share: number): string =>
  JSON.stringify({
    tokens: ["a", "b", "</s>"],
    eos: "</s>",
    order: 1,
    rows: { "": [0.6, 0.3, 0.1], a: [share, 0.9 - share, 0.1], b: [0.5, 0.4, 0.1], "</s>": [0.4, 0.4, 0.2] },
  });

const files = {
  "toy.json": table(0.5),
  "other.json": table(0.7),
  "end.pgl": `lm toy = "table:toy.json"
model ends(): string {
  let x ~ toy.text(after: "", max_tokens: 5)
  factor if ends_with(x, "bb") { 0.0 } else { -5.0 }
  return x
}
query ends() using smc(particles: 20)
`,
};

test("trains a twist, which a run then uses; goes on from its checkpoint", async () => {
  const directory = folder(files);
  const trained = await pgl(directory, ["train", "end.pgl", "--steps", "16"]);
  expect(trained.status).toBe(0);
  expect(trained.err).toMatch(/round 1, step 16 {2}· {2}loss .* ESS .* gap/);
  expect(trained.out).toMatch(/twists\/end\.json: a twist for x of ends, loss ctl, 16 steps/);
  expect(trained.out).toContain(
    'pgl run end.pgl --twist twists/end.json, or in the program: twist ahead = "twists/end.json"',
  );

  const log = (out: string): number => (JSON.parse(out) as { logZ: { estimate: number } }).logZ.estimate;
  const run = ["run", "end.pgl", "--seed", "2", "--json"];
  const twisted = await pgl(directory, [...run, "--twist", "twists/end.json"]);
  expect(twisted.status).toBe(0);
  expect(log(twisted.out)).not.toBe(log((await pgl(directory, run)).out));

  const more = await pgl(directory, [
    "train",
    "end.pgl",
    "-o",
    "twists/end.json",
    "--steps",
    "32",
    "--resume",
    "--json",
  ]);
  const { curve } = JSON.parse(more.out) as { curve: readonly { step: number }[] };
  expect(curve.map(({ step }) => step)).toEqual([16, 32]);
  expect(more.err).toBe("");
});

test("a place where nothing can be written is said before training", async () => {
  const directory = folder(files);
  const refused = await pgl(directory, ["train", "end.pgl", "-o", "end.pgl/twists/", "--steps", "1"]);
  expect([refused.status, refused.err]).toEqual([2, expect.stringMatching(/^error: -o end\.pgl\/twists\/end\.json: /)]);
});

test("a twist of another model, for another draw or of no file is refused", async () => {
  const directory = folder(files);
  await pgl(directory, ["train", "end.pgl", "-o", "end.json", "--steps", "1", "--quiet"]);
  const other = await pgl(directory, ["run", "end.pgl", "--twist", "end.json", "--lm", "toy=table:other.json"]);
  expect(other.status).toBe(3);
  expect(other.err).toContain("PGLM019");
  expect(other.err).toContain("has other weights");

  writeFileSync(
    join(directory, "named.json"),
    readFileSync(join(directory, "end.json"), "utf8").replace('"draw":"x"', '"draw":"y"'),
  );
  const named = await pgl(directory, ["run", "end.pgl", "--twist", "named.json"]);
  expect(named.status).toBe(2);
  expect(named.err).toContain("it is for a draw `y`, which the program has not");
  const { err } = await pgl(directory, ["run", "end.pgl", "--twist", "none.json"]);
  expect(err).toContain("cannot be read");
  expect(err).toMatch(/pgl train FILE -o .*none\.json/);
});

test("what cannot be trained says why", async () => {
  const directory = folder({
    ...files,
    "coin.pgl": "model coin(): bool {\n  let x ~ bernoulli(0.5)\n  return x\n}\nquery coin()\n",
  });
  const coin = await pgl(directory, ["train", "coin.pgl", "-o", "x.json"]);
  expect(coin.status).toBe(3);
  expect(coin.err).toContain("coin draws no text");
  expect(existsSync(join(directory, "x.json"))).toBe(false);
  expect((await pgl(directory, ["train", "end.pgl", "-o", "x.json", "--resume"])).status).toBe(2);
  expect((await pgl(directory, ["train", "end.pgl", "none", "-o", "x.json"])).err).toContain("has no query none");
  expect((await pgl(directory, ["train", "end.pgl", "-o", "x.json", "--simulate"])).err).toContain(
    "observes none of its arguments",
  );
});

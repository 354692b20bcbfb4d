import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder, pgl } from "../buffer-io.js";

const table = JSON.stringify({
  tokens: ["a", "b", "</s>"],
  eos: "</s>",
  order: 1,
  rows: { "": [0.6, 0.3, 0.1], a: [0.5, 0.4, 0.1], b: [0.5, 0.4, 0.1], "</s>": [0.4, 0.4, 0.2] },
});
const program = (twist: string, declared = ""): string => `lm toy = "table:toy.json"${declared}
model ends(): string {
  let x ~ toy.text(after: "", max_tokens: 5${twist})
  factor if ends_with(x, "bb") { 0.0 } else { -5.0 }
  return x
}
query ends() using smc(particles: 20)
`;
const named = program(", twist: ahead", '\ntwist ahead = "twists/end.json"');
const files = { "toy.json": table, "other.json": table.replaceAll("[0.5,0.4,0.1]", "[0.7,0.2,0.1]") };

/** A folder with the programs and the twist that one of them names. */
async function trained(): Promise<string> {
  const directory = folder({ ...files, "plain.pgl": program(""), "end.pgl": named });
  const { status, out, err } = await pgl(directory, ["train", "end.pgl", "--steps", "16", "--quiet"]);
  expect({ status, err }).toEqual({ status: 0, err: "" });
  expect(out.split("\n").at(-2)).toBe("pgl run end.pgl");
  return directory;
}

interface Run {
  readonly logZ: unknown;
  readonly posterior: unknown;
  readonly twists: unknown;
  readonly method: { readonly twist?: string };
}
const json = async (directory: string, ...argv: string[]): Promise<Run> => {
  const { status, out, err } = await pgl(directory, ["run", ...argv, "--seed", "2", "--json"]);
  expect({ status, err }).toEqual({ status: 0, err: "" });
  return JSON.parse(out) as Run;
};

test("a twist that the program names gives what --twist gives", async () => {
  const directory = await trained();
  const given = await json(directory, "plain.pgl", "--twist", "twists/end.json");
  const found = await json(directory, "end.pgl");
  expect([found.logZ, found.posterior]).toEqual([given.logZ, given.posterior]);
  expect(found.twists).toEqual([{ draw: "x", twist: "ahead (twists/end.json)" }]);
  const { out } = await pgl(directory, ["run", "end.pgl", "--seed", "2"]);
  expect(out).toContain("looking ahead in x with ahead (twists/end.json)");
  // What the program names comes first, and is no automatic twist.
  const both = await json(directory, "end.pgl", "--twist", "twists/end.json", "--no-twists");
  expect([both.posterior, both.twists]).toEqual([found.posterior, found.twists]);
});

test("a twist may be what a branch gives", async () => {
  const directory = await trained();
  const branch = (kind: string): string =>
    named
      .replace("model ends()", 'model ends(kind: "learned" | "function" | "none")')
      .replace("query ends()", `query ends(${JSON.stringify(kind)})`)
      .replace(
        "twist: ahead",
        'twist: if kind == "learned" { ahead } else if kind == "function" { t => 1.5 * count(t, "b") } else { "none" }',
      );
  const found: [unknown, unknown][] = [];
  for (const kind of ["learned", "function", "none"]) {
    writeFileSync(join(directory, `${kind}.pgl`), branch(kind));
    const { posterior, twists } = await json(directory, `${kind}.pgl`);
    found.push([posterior, twists]);
  }
  expect(found.map(([, twists]) => twists)).toEqual([
    [{ draw: "x", twist: "ahead (twists/end.json)" }],
    [{ draw: "x", twist: "a function" }],
    [],
  ]);
  const [learned, , none] = found.map(([posterior]) => posterior);
  expect((await json(directory, "end.pgl")).posterior).toEqual(learned);
  expect((await json(directory, "plain.pgl", "--no-twists")).posterior).toEqual(none);
});

test("mismatches are errors with the place in the program", async () => {
  const directory = await trained();
  const run = (...argv: string[]) => pgl(directory, ["run", ...argv]);
  const model = await run("end.pgl", "--lm", "toy=table:other.json");
  expect(model.status).toBe(3);
  expect(model.err).toMatch(/^end\.pgl:4:3 error PGLM019 [^]*has other weights/);
  writeFileSync(
    join(directory, "y.pgl"),
    named.replace("let x", "let y").replaceAll("(x,", "(y,").replace("return x", "return y"),
  );
  const draw = await run("y.pgl");
  expect(draw.status).toBe(1);
  expect(draw.err).toMatch(/^y\.pgl:4:53 error PGL4035 `ahead` was learned for the draw `x`, and this is `y`/);
  // Training makes it one for this draw.
  expect((await pgl(directory, ["train", "y.pgl", "-o", "twists/end.json", "--steps", "1", "--quiet"])).status).toBe(0);
  expect((await run("y.pgl")).status).toBe(0);
});

test("files that are not there, or of another kind, are found when the program is checked", async () => {
  const directory = await trained();
  writeFileSync(join(directory, "missing.pgl"), named.replace("end.json", "ends.json"));
  const missing = await pgl(directory, ["check", "missing.pgl"]);
  expect(missing.status).toBe(1);
  expect(missing.err + missing.out).toMatch(/missing\.pgl:2:15 error PGL2003[^]*Did you mean `end\.json`\?/);
  writeFileSync(join(directory, "kind.pgl"), named.replace("twists/end.json", "toy.json"));
  const kind = await pgl(directory, ["run", "kind.pgl"]);
  expect(kind.status).toBe(1);
  expect(kind.err).toMatch(/^kind\.pgl:2:15 error PGL4034 `toy\.json` is no learned twist/);
  // A file that is broken further inside: when a draw asks for it.
  const whole = readFileSync(join(directory, "twists/end.json"), "utf8");
  writeFileSync(join(directory, "twists/broken.json"), whole.replace('"offset"', '"offest"'));
  writeFileSync(join(directory, "broken.pgl"), named.replace("end.json", "broken.json"));
  const broken = await pgl(directory, ["run", "broken.pgl"]);
  expect(broken.status).toBe(3);
  expect(broken.err).toMatch(/^broken\.pgl:2:1 error PGLX004 /);
  expect(broken.err).not.toContain("    at ");
});

test("a surrogate that the program names gives what --surrogate gives", async () => {
  const directory = await trained();
  const source = (declared: string): string =>
    program("", declared).replace(/factor .*/, 'observe x matches ends_with("bb")');
  writeFileSync(join(directory, "rare.pgl"), source(""));
  writeFileSync(join(directory, "named.pgl"), source(', surrogate: "s.json"'));
  await pgl(directory, ["distill", "table:toy.json", "-o", "s.json", "--samples", "100", "--length", "6"]);
  const given = await json(directory, "rare.pgl", "--surrogate", "toy=s.json");
  const found = await json(directory, "named.pgl");
  expect([found.posterior, found.twists]).toEqual([given.posterior, given.twists]);
  // Of another model it is not the surrogate.
  const other = await json(directory, "named.pgl", "--lm", "toy=table:other.json");
  expect(other.posterior).toEqual((await json(directory, "rare.pgl", "--lm", "toy=table:other.json")).posterior);
  writeFileSync(join(directory, "mixed.pgl"), source(', surrogate: "s.json"').replace("toy.json", "other.json"));
  const mixed = await pgl(directory, ["run", "mixed.pgl"]);
  expect(mixed.status).toBe(3);
  expect(mixed.err).toMatch(/^mixed\.pgl:1:1 error PGLM019 [^]*was distilled from a model with other weights/);
});

test("the header has the twist that is written in the query", async () => {
  const hopeful = `model m(): bool {
  let a ~ bernoulli(0.5)
  factor if a { 0.0 } else { -1.0 }
  return a
}
twist ahead for m { on a { twist if a { 0.0 } else { -1.0 } } }
query m() using smc(particles: 4, twist: ahead)
query plain = m() using smc(particles: 4)
`;
  const there = folder({ "m.pgl": hopeful });
  const title = async (...argv: string[]) => (await pgl(there, ["run", "m.pgl", ...argv])).out.split("\n")[0];
  expect(await title("m")).toMatch(/^m\(\) using smc\(particles: 4, .*twist: ahead\), seed/);
  expect(await title("m", "--particles", "8")).toMatch(/using smc\(particles: 8, .*twist: ahead\)/);
  expect(await title("plain")).not.toContain("twist");
  expect(await title("plain", "--using", "smc(particles: 4, twist: ahead)")).toMatch(/particles: 4, .*twist: ahead\)/);
  const { out } = await pgl(there, ["run", "m.pgl", "m", "--json"]);
  expect((JSON.parse(out) as Run).method.twist).toBe("ahead");
});

test("pgl compile writes the file and its type, pgl fmt leaves them as they are", async () => {
  const directory = await trained();
  expect((await pgl(directory, ["fmt", "--check", "end.pgl"])).status).toBe(0);
  expect((await pgl(directory, ["compile", "end.pgl", "--out", "out"])).status).toBe(0);
  const code = readFileSync(join(directory, "out/end.pgl.ts"), "utf8");
  expect(code).toContain('export const ahead = twistFile("ahead", "twists/end.json", AHEAD);');
  expect(code).toContain("twist: ahead");
});

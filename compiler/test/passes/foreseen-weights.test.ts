import { RunEnvironment, seeded, smc, target, type Model } from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import { TableModel } from "../../../packages/lm/src/index.js";
import { load, measure, modulesOf } from "../emit/evaluate.js";
import { programOf } from "../ir/outline.js";

const table = TableModel.from({
  tokens: ["a", "b", "ab", "</s>"],
  eos: "</s>",
  order: 1,
  rows: {
    "": [0.4, 0.3, 0.2, 0.1],
    a: [0.1, 0.5, 0.1, 0.3],
    b: [0.6, 0.1, 0.1, 0.2],
    ab: [0.2, 0.2, 0.2, 0.4],
    "</s>": [0.25, 0.25, 0.25, 0.25],
  },
});
const services = new Map<string, unknown>([["lm:m", table]]);

const DECLARATIONS = `lm m = "table:t.json"
const W = map { "a": 0.5, "ab": 2.0, "b": -1.0 }
fn has(t: string, w: string): float { return if contains(t, w) { 1.0 } else { 0.0 } }
fn begins(t: string): float {
  if starts_with(t, "a") { return 1.0 }
  var n = 0.0
  for w in ["ab", "ba", "bb"] { if contains(t, w) { n = n + 0.5 } }
  let more = match t { "b" => -0.25, "bb" => 0.75, _ => 0.0 }
  return n + more
}
fn endless(t: string): float { return if contains(t, "a") { endless(t) } else { 0.0 } }
`;
const source = (body: string) =>
  `${DECLARATIONS}model main(p: string, n: int, x: float): string {\n${body}\nreturn t }`;
const args = ["b", 2, 0.7] as const;

/** What the draws of `main` look ahead by: how many features, and whether by all there is. */
async function foreseenIn(body: string): Promise<string[]> {
  const program = await programOf(source(body), ["foreseen-weights"]);
  return program.modules
    .at(-1)!
    .functions.find((fn) => fn.global.name === "main")!
    .body.flatMap((statement) => {
      if (statement.kind !== "draw") return [];
      const { distribution } = statement;
      if (distribution.kind !== "foreseen") return ["no"];
      return [`${distribution.features.length}${distribution.exact ? "" : " at most"}`];
    });
}

/** log Ẑ of some runs. */
async function estimates(body: string, particles: number, passes: "all" | "none" = "all"): Promise<number[]> {
  const { main } = await load(source(body), { passes });
  const found: number[] = [];
  for (let seed = 0; seed < 6; seed++) {
    const posterior = await smc({ particles, ess: 1 }).run(
      target(main as Model, args),
      new RunEnvironment(services, seeded(seed)),
    );
    found.push(posterior.logZ.estimate!);
  }
  return found;
}

async function expectForeseen(body: string): Promise<void> {
  const exact = await measure((await load(source(body), { passes: "none" })).main, args, services);
  const z = [...exact.values()].reduce((a, b) => a + b, 0);
  for (const passes of [
    "all",
    ["foreseen-weights"],
    ["foreseen-weights", "guided-draws", "early-weighting"],
  ] as const) {
    const found = await measure((await load(source(body), { passes })).main, args, services);
    for (const [text, mass] of exact) expect(found.get(text) ?? 0).toBeCloseTo(mass, 12);
  }
  for (const particles of [1, 4])
    for (const log of await estimates(body, particles)) expect(log).toBeCloseTo(Math.log(z), 9);
}

const draw = 'let t ~ m.text(after: "", max_tokens: 3)\n';

describe("weights that are foreseen", () => {
  it.each([
    ["a test", 'factor if contains(t, "ab") { 1.5 } else { -0.5 }', "1"],
    ["a function of a sum of tests", 'factor log(sigmoid(3.0 * (has(t, "a") - has(t, "bb")) - x))', "2"],
    ["by way of definitions", "let j = 2.0 * has(t, p)\n let l = j + x\n factor l * l", "1"],
    ["functions with branches and loops", "factor begins(t)", "6"],
    ["tables, and values that are known", "factor (get(W, t) ?? 0.25) + if t == p { x } else { 0.0 }", "4"],
    ["several weights", 'factor has(t, "a")\n factor x * has(t, "b")\n condition !ends_with(t, "ab") || x > 5.0', "3"],
    ["lengths in tests", "factor if len(t) > n && t matches /a.*/ { x } else { 0.0 }", "33 at most"],
    ["what is known by a variable", 'factor k * has(t, "a")', "1"],
  ])("are those of %s", async (_, weights, features) => {
    const body = `var k = x\n k = k + 1.0\n${draw}${weights}`;
    expect(await foreseenIn(body)).toEqual([features]);
    await expectForeseen(body);
  });

  it("are not those of what fails, is not known, asks for more or stands elsewhere", async () => {
    for (const [weights, expected] of [
      ['factor if lower(t) == "a" { 1.0 } else { 0.0 }', ["no"]],
      ["factor endless(t)", ["no"]],
      ['factor [1.0, 2.0][count(t, "a")]', ["no"]],
      ["factor x", ["no"]],
      ["let u ~ m.text(after: t)\n factor has(u, t)", ["no", "1"]],
      ['let u ~ m.text(after: t)\n factor has(t, "a") * has(u, "b")', ["no", "1"]],
      ['if x > 2.0 { return "" }\n factor has(t, "a")', ["no"]],
      ['twist 0.5\n factor has(t, "a")', ["no"]],
      ['let u ~ m.text(after: t, matching: /a*/)\n factor has(t, "a")', ["1", "no"]],
      // Of a second text, steered as the program says.
      ['let u ~ m.text(after: t, twist: "none")\n factor has(u, "a")', ["no", "no"]],
    ] as const)
      expect(await foreseenIn(draw + weights), weights).toEqual(expected);
  });

  it("are foreseen once, in any order of the passes", async () => {
    const text = source(`${draw}factor has(t, "a")`);
    const draws = async (passes: readonly string[]) =>
      JSON.stringify((await programOf(text, passes)).modules.at(-1)!.functions.at(-1)!.body).split('"foreseen"')
        .length - 1;
    expect(await draws(["foreseen-weights", "foreseen-weights"])).toBe(1);
    expect(await draws(["foreseen-weights", "guided-draws", "foreseen-weights"])).toBe(1);
  });

  it("count up to some number", async () => {
    const body = `${draw}factor 0.3 * count(t, "a") - 0.1 * len(words(t))`;
    expect(await foreseenIn(body)).toEqual(["30 at most"]);
    await expectForeseen(body);
  });

  it("settle what they have put on the twist", async () => {
    const modules = await modulesOf(source(`${draw}factor has(t, "a")\n factor has(t, "b")`));
    const code = modules.at(-1)!.javascript;
    expect(code.match(/settle\(particle, /g)).toHaveLength(2);
    // Texts of one length, so that all executions come to each of them together.
    const both = `var t = ""
      for i in 0..3 {
        let u ~ m.text(after: "a", max_tokens: 1)
        factor has(u, "a")
        factor x * has(u, "b")
        t = t + u
      }`;
    const z = Math.log(0.1 * Math.E + 0.5 * Math.exp(0.7) + 0.1 * Math.exp(1.7) + 0.3);
    for (const log of await estimates(both, 5)) expect(log).toBeCloseTo(3 * z, 9);
  });
});

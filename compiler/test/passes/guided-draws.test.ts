import { describe, expect, it } from "vitest";
import { TableModel } from "../../../packages/lm/src/index.js";
import { load, measure } from "../emit/evaluate.js";
import { outline, programOf } from "../ir/outline.js";

const LM = 'lm m = "table:t.json"\n';
const after = (body: string, before = "") =>
  outline(`${LM}${before}\nmodel main(p: string, n: int): string {\n${body}\nreturn "" }`, ["guided-draws"]);

const table = TableModel.from({
  tokens: ["a", "b", "ab", "</s>"],
  eos: "</s>",
  order: 1,
  rows: { "": [0.4, 0.3, 0.2, 0.1], a: [0.1, 0.5, 0.1, 0.3], b: [0.6, 0.1, 0.1, 0.2], ab: [0.2, 0.2, 0.2, 0.4] },
});
const services = new Map<string, unknown>([["lm:m", table]]);

/** The measure of a body's text, with all passes, with this one alone, and without any. */
async function measures(body: string): Promise<ReadonlyMap<unknown, number>[]> {
  const text = `${LM}model main(p: string): string {\n${body}\n}`;
  return Promise.all(
    (["all", ["guided-draws"], "none"] as const).map(async (passes) =>
      measure((await load(text, { passes })).main, ["b"], services),
    ),
  );
}

async function expectSame(body: string): Promise<void> {
  const [all, alone, none] = await measures(body);
  expect(none!.size).toBeGreaterThan(0);
  for (const found of [all!, alone!]) {
    expect([...found.keys()].sort()).toEqual([...none!.keys()].sort());
    for (const [key, mass] of none!) expect(Math.abs(found.get(key)! - mass)).toBeLessThan(1e-12);
  }
}

describe("guided draws", () => {
  it("take what is observed of a text into its draw", async () => {
    expect(await after('let t ~ m.text(after: "x")\n observe t matches /a+/')).toEqual(["draw t", "return"]);
    await expectSame('let t ~ m.text(after: "", max_tokens: 3)\n observe t matches /a+b?/\n return t');
  });

  it("take several conditions, of all the kinds a constraint can say", async () => {
    const body = [
      'let t ~ m.text(after: "", max_tokens: 3)',
      "let u = t + p",
      'observe t matches contains(p) and not "bb"',
      'condition contains(t, "a") && !ends_with(t, "bb")',
      "condition len(t) <= 4 && 1 < len(t)",
      'condition t != "ab" || t in ["ab", "ba"]',
      "return u",
    ].join("\n");
    expect(await after(body.replace(/return u$/, ""))).toEqual(["draw t", "let u", "return"]);
    await expectSame(body);
  });

  it("take counts, places and factors that rule out", async () => {
    const body = [
      'let t ~ m.text(after: "", max_tokens: 4)',
      'let bs = count(t, "b")',
      'condition bs <= 2 && count(t, "ab") != 2 && 1 <= len(words(t))',
      'condition index_of(t, "bbb") == none && "a" in t',
      'factor if contains(t, "aa") { -inf } else { 0.0 }',
      "factor if len(t) > 1 { 0.0 } else { -inf }",
      "factor if bs == 1 { 0.5 } else { 0.0 }",
      "return t",
    ].join("\n");
    expect(await after(body.replace(/return t$/, ""))).toEqual(["draw t", "let bs", "factor", "return"]);
    await expectSame(body);
  });

  it("take what is said of several texts into each of them", async () => {
    for (const said of [
      'observe s + "." + t matches /a*\\.(ab|b)*/',
      'let whole = "${p}${s}-${k}${t}"\n condition ends_with(whole, "b") && whole matches not contains("ba") and /[^-]*-1.*/',
      "let ctx = m.context(p) + s\n observe ctx + t matches /b.b.*/ and chars(3..5)",
      'observe s + t matches sequence("a", repeated("b", 1..2), /a*/)',
      'condition count(s + t, "b") == 2 && s + t == "abab"',
    ]) {
      const body = [
        "let k ~ uniform_int(1, 2)",
        'let s ~ m.text(after: "", max_tokens: 2)',
        "factor 0.1 * len(s)",
        "let t ~ m.text(after: s, max_tokens: 2)",
        said,
        "return s + t",
      ].join("\n");
      await expectSame(body);
      expect((await after(body.replace(/return.*$/, ""))).includes("condition"), said).toBe(false);
    }
    const text = 'let s ~ m.text(after: "")\n let t ~ m.text(after: s)\n observe s + t matches /ab*/';
    const main = (
      await programOf(`${LM}model main(p: string, n: int): string {\n${text}\nreturn "" }`, ["guided-draws"])
    ).modules[0]!.functions[0]!;
    const draws = main.body.filter((each) => each.kind === "draw");
    expect(draws.map(({ distribution }) => distribution.kind)).toEqual(["guided", "guided"]);
  });

  it("do not look past where an execution may turn", async () => {
    await expectSame(
      [
        'let s ~ m.text(after: "", max_tokens: 2)',
        'if contains(s, "b") { return s }',
        "let t ~ m.text(after: s, max_tokens: 2)",
        "observe s + t matches /a*/",
        "return s + t",
      ].join("\n"),
    );
    await expectSame(
      [
        'var s = "b"',
        's = sample m.text(after: "", max_tokens: 2)',
        "s = sample m.text(after: s, max_tokens: 2)",
        "let t ~ m.text(after: s, max_tokens: 2)",
        "observe s + t matches /a*/",
        "return s + t",
      ].join("\n"),
    );
  });

  it("leave what says more than a constraint can", async () => {
    expect(await after('let t ~ m.text(after: "x")\n condition contains(t, "a") && count(t, "b") == n')).toEqual([
      "draw t",
      "condition",
      "return",
    ]);
    expect(await after('let t ~ m.text(after: "x")\n condition len(t) > n')).toEqual(["draw t", "condition", "return"]);
    expect(await after('let t ~ m.text(after: "x")\n observe t matches tokens(1..2, m)')).toEqual([
      "draw t",
      "condition",
      "return",
    ]);
    await expectSame(
      'let t ~ m.text(after: "", max_tokens: 3)\n condition contains(t, "a") && count(t, "b") == 1\n return t',
    );
  });

  it("know nothing of the text, and of what is made of it, before it is drawn", async () => {
    expect(await after('let t ~ m.text(after: "x")\n let u = lower(t)\n observe t matches contains(u)')).toEqual([
      "draw t",
      "let u",
      "condition",
      "return",
    ]);
    expect(await after('let t ~ m.text(after: "x")\n observe p matches /a/')).toEqual([
      "draw t",
      "condition",
      "return",
    ]);
    await expectSame('let t ~ m.text(after: "", max_tokens: 2)\n let u = t\n observe t matches contains(u)\n return t');
  });

  it("leave draws alone that have a proposal, here or in a guide", async () => {
    expect(await after('let t ~ m.text(after: "x") proposal m.text(after: "y")\n observe t matches /a/')).toEqual([
      "draw t",
      "condition",
      "return",
    ]);
    const guide = 'proposal g(p: string, n: int) for main { let t ~ m.text(after: "z") }';
    expect(await after('let t ~ m.text(after: "x")\n observe t matches /a/', guide)).toEqual([
      "draw t",
      "condition",
      "return",
    ]);
  });

  it("guide texts that have been changed, masked, or conditioned already", async () => {
    await expectSame(
      'let d = m.text(after: "", max_tokens: 3).tempered(2.0)\n let t ~ d\n observe t matches /.*b/\n return t',
    );
    await expectSame(
      'let t ~ m.text(after: "", max_tokens: 3, matching: /a.*/ or "b").masked(not contains("bb"))\n observe t matches /.*b/\n return t',
    );
    await expectSame(
      'let t ~ mix([0.3, 0.7], [m.text(after: "", max_tokens: 2), m.text(after: "a", max_tokens: 2)])\n observe t matches /.*b/\n return t',
    );
  });

  it("keep patterns that no automaton can check", async () => {
    await expectSame('let t ~ m.text(after: "", max_tokens: 3)\n observe t matches /(a|b)\\1.*/\n return t');
  });

  it("run twice as once", async () => {
    const text = `${LM}model main(p: string): string { let t ~ m.text(after: p)\n observe t matches /a/\n return t }`;
    expect(await outline(text, ["guided-draws", "guided-draws"])).toEqual(await outline(text, ["guided-draws"]));
    expect((await programOf(text, ["guided-draws"])).modules[0]!.constants.length).toBe(1);
  });
});

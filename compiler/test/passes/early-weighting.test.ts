import { describe, expect, it } from "vitest";
import { load, run } from "../emit/evaluate.js";
import { outline } from "../ir/outline.js";

const after = (body: string, before = "") =>
  outline(`${before}\nlm writer = "stories"\nmodel main(p: float, n: int): int {\n${body}\nreturn 1 }`, [
    "early-weighting",
  ]);

describe("early weighting", () => {
  it("moves a weight up to where its inputs are known", async () => {
    expect(await after("let a ~ bernoulli(p)\n let b ~ bernoulli(p)\n condition a")).toEqual([
      "draw a",
      "condition",
      "draw b",
      "return",
    ]);
    expect(
      await after(
        "let b ~ bernoulli(p)\n let c = infer other() using enumerate()\n factor p",
        "model other(): int { return 1 }",
      ),
    ).toEqual(["factor", "draw b", "infer", "return"]);
  });

  it("takes along the definitions it needs", async () => {
    expect(
      await after("let a ~ uniform_int(0, 3)\n let b ~ bernoulli(p)\n let twice = a * 2\n condition twice > 1"),
    ).toEqual(["draw a", "let twice", "condition", "draw b", "return"]);
  });

  it("passes branches, loops and calls whose weights cannot matter to it", async () => {
    expect(await after("let a ~ bernoulli(p)\n if n > 0 { let b ~ bernoulli(p)\n factor 1.0 }\n condition a")).toEqual([
      "draw a",
      "condition",
      "if(factor; draw b | )",
      "return",
    ]);
    expect(await after("let a ~ bernoulli(p)\n for i in 0..3 { let b ~ bernoulli(p) }\n condition a")).toEqual([
      "draw a",
      "condition",
      "for-range(draw b)",
      "return",
    ]);
    expect(
      await after(
        "let a ~ bernoulli(p)\n let r = part()\n condition a",
        "model part(): bool { let x ~ bernoulli(0.5)\n condition x\n return x }",
      ),
    ).toEqual(["draw a", "condition", "enter", "return"]);
  });

  it("stays in its own block", async () => {
    expect(await after("let a ~ bernoulli(p)\n let b ~ bernoulli(p)\n if n > 0 { condition a }")).toEqual([
      "draw a",
      "draw b",
      "if(condition | )",
      "return",
    ]);
  });

  it("stays behind what it reads, exits, twists, steps and loops that may not end", async () => {
    expect(await after("var x = 0\n let a ~ bernoulli(p)\n x = if a { 1 } else { 2 }\n condition x > 1")).toEqual([
      "let x",
      "draw a",
      "assign x",
      "condition",
      "return",
    ]);
    expect(await after("let a ~ bernoulli(p)\n if n > 1 { return 2 }\n let b ~ bernoulli(p)\n condition a")).toEqual([
      "draw a",
      "if(return | )",
      "condition",
      "draw b",
      "return",
    ]);
    expect(await after("let a ~ bernoulli(p)\n twist p\n factor 0.5")).toEqual(["draw a", "twist", "factor", "return"]);
    expect(await after("let a ~ bernoulli(p)\n step\n factor 0.5")).toEqual(["draw a", "step", "factor", "return"]);
    expect(
      await after("let a ~ bernoulli(p)\n while sample bernoulli(0.5) { let b ~ bernoulli(p) }\n condition a"),
    ).toEqual(["draw a", "while(draw drawn; if(break | ); draw b)", "condition", "return"]);
  });

  it("stays behind a condition that guards it against failing", async () => {
    expect(
      await after("let xs = [0.5]\n let i ~ uniform_int(0, 3)\n condition i < 1\n let b ~ bernoulli(p)\n factor xs[i]"),
    ).toEqual(["let xs", "draw i", "condition", "factor", "draw b", "return"]);
    const { main } = await load(
      "model main(): float { let xs = [0.5]\n let i ~ uniform_int(0, 3)\n condition i < 1\n factor xs[i]\n return xs[i] }",
    );
    expect((await run(main)).mode()).toBe(0.5);
  });

  it("never changes when host functions are called", async () => {
    const log: string[] = [];
    const hosts = { "./h.ts": { note: (s: string) => (log.push(s), 1) } };
    const files = { "/h.ts": "export function note(s: string): number { return s.length; }" };
    const text = `import { note } from "./h.ts"
      model main(): float {
        let a ~ bernoulli(0.5)
        let x = note("x\${a}")
        let b ~ bernoulli(0.5)
        condition a
        factor note("f\${a}")
        return x
      }`;
    const { main } = await load(text, { files, hosts, passes: ["early-weighting"] });
    await run(main);
    const all = [...log].sort();
    log.length = 0;
    await run((await load(text, { files, hosts, passes: "none" }))["main"]);
    expect(all).toEqual([...log].sort());
    expect(all).not.toContain("ffalse");
  });
});

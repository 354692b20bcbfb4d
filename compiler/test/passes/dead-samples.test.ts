import { describe, expect, it } from "vitest";
import { outline, programOf } from "../ir/outline.js";

const left = (body: string, before = "") =>
  outline(`${before}\nlm writer = "stories"\nmodel main(p: float, n: int): int {\n${body}\nreturn 1 }`, [
    "dead-samples",
  ]);

describe("dead samples", () => {
  it("are left out when the distribution is certain to exist", async () => {
    expect(await left("let x ~ bernoulli(0.5)")).toEqual(["return"]);
    expect(await left("let _ ~ normal(0, 1)")).toEqual(["return"]);
    expect(await left("let x ~ choice([n, 2])")).toEqual(["return"]);
    expect(await left("let x ~ bernoulli(if n > 0 { 0.5 } else { 0.9 })")).toEqual(["return"]);
    expect(await left('let x ~ writer.text(after: "a", stop_at: ".", max_tokens: 3)')).toEqual(["return"]);
    expect(await left('let ctx = writer.context("a")\n let t ~ writer.next(ctx)')).toEqual(["return"]);
  });

  it("take what only they read along", async () => {
    expect(await left("let x ~ bernoulli(0.5)\n let y = if x { 1 } else { 2 }\n let z ~ choice([y, 3])")).toEqual([
      "return",
    ]);
    expect(await left("var s = 0\n for i in 0..2 { let x ~ uniform_int(0, 1)\n s = s + x }")).toEqual([
      "for-range()",
      "return",
    ]);
    expect(await left("var s = 0\n if n > 0 { s = 3 } else { s = sample uniform_int(0, 1) }")).toEqual([
      "if( | )",
      "return",
    ]);
  });

  it("stay when the distribution may not exist", async () => {
    expect(await left("let x ~ bernoulli(p)")).toEqual(["draw _", "return"]);
    expect(await left("let x ~ uniform_int(0, n)")).toEqual(["draw _", "return"]);
    expect(await left("let x ~ choice([[1][n], 2])")).toEqual(["draw _", "return"]);
    expect(await left("let x ~ bernoulli(0.5).where(b => b && n > 3)")).toEqual(["draw _", "return"]);
    expect(await left('let x ~ writer.text(after: "a", max_tokens: n)')).toEqual(["draw _", "return"]);
  });

  it("stay when they weigh or are proposed for", async () => {
    expect(await left("let x ~ bernoulli(0.5) proposal bernoulli(0.1)")).toEqual(["draw _", "return"]);
    expect(await left('let x ~ writer.text(after: "a", stop_at: ".", must_stop: true)')).toEqual(["draw _", "return"]);
    expect(
      await left("let x ~ bernoulli(0.5)", "proposal g(p: float, n: int) for main { let x ~ bernoulli(0.1) }"),
    ).toEqual(["draw _", "return"]);
  });

  it("stay when the program asks a posterior for the size that counts them", async () => {
    const other = (asked: string) => `model other(): float { return ${asked}(infer main(0.5, 1) using enumerate()) }`;
    expect(await left("let x ~ bernoulli(0.5)", other("log_z"))).toEqual(["return"]);
    expect(await left("let x ~ bernoulli(0.5)", other("ess"))).toEqual(["draw x", "return"]);
  });

  it("stay when a method of the program takes the maximum over them", async () => {
    const body = "let x ~ bernoulli(0.5)\n let y ~ bernoulli(0.5)";
    const query = (method: string) => `query main(0.5, 1) using ${method}`;
    expect(await left(body, query("enumerate()"))).toEqual(["return"]);
    expect(await left(body, query("marginal()"))).toEqual(["return"]);
    expect(await left(body, query("map()"))).toEqual(["draw x", "draw y", "return"]);
    expect(await left(body, query('mmap(vars: ["x"])'))).toEqual(["draw _", "return"]);
    expect(await left(body, query('plan(decisions: ["y"])'))).toEqual(["draw _", "return"]);
    const inside = 'model other(): float { return log_z(infer main(0.5, 1) using plan(decisions: ["x", "y"])) }';
    expect(await left(body, inside)).toEqual(["draw _", "draw _", "return"]);
  });

  it("are no samples that are read, nor calls that weigh", async () => {
    expect(await left("let x ~ bernoulli(0.5)\n condition x")).toEqual(["draw x", "condition", "return"]);
    expect(
      await left(
        "let f = (k: int) => { let y ~ bernoulli(0.5)\n factor if y { 0.0 } else { 1.0 }\n k }\n let z = f(1)",
      ),
    ).toEqual(["let f", "enter", "return"]);
  });

  it("are not looked for in proposals", async () => {
    const text =
      "model main(): bool { let x ~ bernoulli(0.5)\n return x }\nproposal g for main { let x ~ bernoulli(0.1)\n let y = sample bernoulli(0.2) }";
    const guide = (await programOf(text, ["dead-samples"])).modules[0]!.functions.find((fn) => fn.global.name === "g")!;
    expect(guide.body.filter((s) => s.kind === "draw")).toHaveLength(2);
  });
});

import { describe, expect, it } from "vitest";
import { load, measure, modulesOf, run } from "../emit/evaluate.js";
import { outline } from "../ir/outline.js";

const after = (body: string, before = "") =>
  outline(`${before}\nmodel main(p: float, n: int): int {\n${body}\nreturn 1 }`, ["restricted-draws"]);

describe("restricted draws", () => {
  it("draw from what the condition allows, and weigh by its mass", async () => {
    expect(await after("let x ~ uniform_int(0, 3)\n condition x > n")).toEqual([
      "let restricted",
      "factor",
      "draw x",
      "return",
    ]);
    const { main } = await load(
      "model main(): int { let x ~ categorical([1.0, 2.0, 5.0])\n condition x > 0\n return x }",
    );
    const posterior = await run<number>(main);
    expect(posterior.logZ.estimate).toBeCloseTo(Math.log(7 / 8), 12);
    expect(posterior.diagnostics.executions).toBeLessThan(6);
    expect((await measure(main)).get(2)).toBeCloseTo(5 / 8, 12);
  });

  it("leave decisions as they are, whose conditions are rewards", async () => {
    const text = (method: string) =>
      `model main(n: int): int { let x ~ uniform_int(0, 3)\n condition x > n\n return x }\nquery main(1) using ${method}`;
    const plain = ["draw x", "condition", "return"];
    expect(await outline(text('plan(decisions: ["x"])'), ["restricted-draws"])).toEqual(plain);
    expect(await outline(text("map()"), ["restricted-draws"])).not.toEqual(plain);
  });

  it("take several conditions at once", async () => {
    expect(
      await after("let x ~ uniform_int(0, 9)\n condition x > n\n condition x % 2 != 7 || x > 3\n condition x < 8"),
    ).toContain("factor");
    const { main } = await load(
      "model main(): int { let x ~ uniform_int(0, 9)\n condition x > 2\n condition x < 5\n return x }",
    );
    expect([...(await measure(main))]).toEqual([
      [3, expect.closeTo(0.1, 12)],
      [4, expect.closeTo(0.1, 12)],
    ]);
  });

  it("fall back on drawing and conditioning where the values are too many to list", async () => {
    expect(await after("let x ~ uniform_int(0, n)\n condition x > 1")).toEqual([
      "let distribution",
      "let restricted",
      "declare x",
      "if(factor; draw x | draw x; condition)",
      "return",
    ]);
    const { main } = await load("model main(n: int): int { let x ~ uniform_int(0, n)\n condition x < 2\n return x }");
    expect((await measure(main, [3])).get(1)).toBeCloseTo(1 / 4, 12);
    const { enumerate, importance } = await import("@pgl/runtime");
    expect(enumerate).toBeDefined();
    const wide = await run<number>(main, [10_000_000], importance({ samples: 50 }));
    expect(wide.logZ.estimate).toBe(-Infinity);
  });

  it("end the execution, without an error, where nothing is allowed", async () => {
    const { main } = await load(
      "model main(n: int): int { let x ~ uniform_int(0, 3)\n condition x > n\n return 10 % (x - n) }",
    );
    const posterior = await run(main, [7]);
    expect(posterior.isEmpty).toBe(true);
    expect(posterior.logZ.estimate).toBe(-Infinity);
    expect(posterior.diagnostics.warnings[0]?.site?.name).toMatch(/^condition@/);
  });

  it("see the values that other variables have at the condition", async () => {
    const { main } = await load(
      "model main(): int { var low = 1\n let x ~ uniform_int(0, 3)\n condition x > low\n low = 3\n return x * 10 + low }",
    );
    expect([...(await measure(main)).keys()].sort()).toEqual([23, 33]);
  });

  it("leave alone what has a proposal, may fail, or is not about the draw", async () => {
    expect(await after("let x ~ uniform_int(0, 3) proposal uniform_int(0, 3)\n condition x > n")).toEqual([
      "draw x",
      "condition",
      "return",
    ]);
    expect(
      await after(
        "let x ~ uniform_int(0, 3)\n condition x > n",
        "proposal g(p: float, n: int) for main { let x ~ uniform_int(0, 3) }",
      ),
    ).toEqual(["draw x", "condition", "return"]);
    expect(await after("let x ~ uniform_int(0, 3)\n condition [true][x]")).toEqual(["draw x", "condition", "return"]);
    expect(await after("let x ~ uniform_int(0, 3)\n condition p > 0.0")).toEqual(["draw x", "condition", "return"]);
    expect(await after("let x ~ normal(0, 1)\n condition x > 0.0")).toEqual(["draw x", "condition", "return"]);
    const counted = 'lm writer = "stories"';
    expect(await after('let x ~ choice(["a", "b"])\n observe x matches tokens(1..2, writer)', counted)).toEqual([
      "draw x",
      "condition",
      "return",
    ]);
    expect(await after("let x ~ uniform_int(0, 3)\n factor 1.0\n condition x > 1")).toEqual([
      "draw x",
      "factor",
      "condition",
      "return",
    ]);
  });

  it("are made once where everything is constant", async () => {
    const [module] = await modulesOf(
      "model main(): int { for i in 0..3 { let x ~ uniform_int(0, 3)\n condition x > 1 }\n return 0 }",
    );
    expect(module!.javascript).toContain("const RESTRICTED = restrict(UNIFORM_INT, (x) => x > 1);");
  });
});

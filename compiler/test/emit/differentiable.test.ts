import { describe, expect, it } from "vitest";
import { compile, memoryFiles } from "../../src/index.js";

async function emitted(text: string): Promise<{ plain: string; differentiable: string }> {
  const { program, modules } = await compile(memoryFiles({ "/m.pgl": text }), "/m.pgl", { passes: "none" });
  expect(program.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  return { plain: modules[0]!.javascript, differentiable: modules[0]!.differentiable() };
}

describe("the differentiable twin of a program", () => {
  it("calls built-ins for the arithmetic of floats, and keeps that of whole numbers", async () => {
    const { plain, differentiable } = await emitted(
      "fn f(x: float, n: int): float { return -x * (n + 1) - x / 2 }\nfn g(n: int): bool { return n * 2 < 7 && n - 1 == 3 }\n",
    );
    expect(plain).toContain("return -x * (n + 1) - x / 2;");
    expect(differentiable).toContain("return $.minus($.times($.negate(x), n + 1), $.over(x, 2));");
    const whole = "return n * 2 < 7 && n - 1 === 3;";
    expect(plain).toContain(whole);
    expect(differentiable).toContain(whole);
  });

  it("compares floats by value, and what may be one", async () => {
    const { differentiable } = await emitted(
      "fn f(x: float, y: float?): bool { return x < 1 && (x == 2.0 || y != none) && x >= 0.5 && x != 3.5 }\n",
    );
    expect(differentiable).toContain(
      "return $.less(x, 1) && ($.same(x, 2) || !$.same(y, null)) && $.greater_or_equal(x, 0.5) && !$.same(x, 3.5);",
    );
  });

  it("assigns without the operators that combine", async () => {
    const { plain, differentiable } = await emitted(
      "fn f(xs: list<float>): float {\n  var sum = 0.0\n  for x in xs { sum += x }\n  return sum\n}\n",
    );
    expect(plain).toContain("sum += x;");
    expect(differentiable).toContain("sum = $.plus(sum, x);");
  });

  it("does not take a number with a derivative for a record", async () => {
    const { differentiable } = await emitted(
      "fn f(x: float | { at: float }): float {\n  return match x {\n    { at } => at\n    other => 2.0\n  }\n}\n",
    );
    expect(differentiable).toContain("&& !$.is_number(x)");
  });

  it("changes default values, closures and constants too", async () => {
    const { differentiable } = await emitted(
      "const half = 1.0 / 2.0\nfn f(x: float, y: float = half * 2.0): float { return map([x], z => z * y)[0] }\n",
    );
    expect(differentiable).toContain("$.over(1, 2)");
    expect(differentiable).toContain("y = $.times(half, 2)");
    expect(differentiable).toContain("(z) => $.times(z, y)");
  });

  it("exports what the program exports, under the same names", async () => {
    const { plain, differentiable } = await emitted(
      "model m(): float {\n  let x ~ normal(0, 1)\n  observe 1.0 ~ normal(x * 2.0, 1)\n  return x\n}\nquery m()\n",
    );
    const exported = (text: string) => text.match(/exports\.\w+/g);
    expect(exported(differentiable)).toEqual(exported(plain));
  });
});

import { describe, expect, it } from "vitest";
import { load, modulesOf, run } from "../emit/evaluate.js";
import { outline } from "../ir/outline.js";

const javascript = async (text: string, passes: readonly string[] = ["constant-folding"]): Promise<string> =>
  (await modulesOf(text, { passes })).at(-1)!.javascript;
const folded = (text: string) => outline(text, ["constant-folding"]);

describe("constant folding", () => {
  it("evaluates what is known", async () => {
    const code = await javascript(
      'model main(): string { let a = 2 * 3 + 1\n let b = "x${a}" + "y"\n return if a > 5 && !(a == 8) { b } else { "no" } }',
    );
    expect(code).toContain('return particle.return("x7y");');
  });

  it("takes the branch that is decided", async () => {
    expect(
      await folded("model main(): int { if 1 < 2 { let x ~ bernoulli(0.5) } else { factor 1.0 }\n return 0 }"),
    ).toEqual(["draw x", "return"]);
    expect(await folded("model main(): int { while false { step }\n return 0 }")).toEqual(["return"]);
    expect(await folded("model main(): int { if true { return 1 }\n factor 2.0\n return 0 }")).toEqual(["return"]);
  });

  it("computes as the running program would", async () => {
    const text = `model main(): list<string> {
      return ["\${0.1 + 0.2}", "\${1 / 0}", "\${-(0 * 1)}", "\${7 / 2}", "\${"a" < "b"}", "\${none ?? 3}"]
    }`;
    const value = async (passes: "all" | "none") => (await run((await load(text, { passes }))["main"])).mode();
    expect(await value("all")).toEqual(await value("none"));
  });

  it("makes constant distributions and constraints once", async () => {
    const code = await javascript(`const words = ["a", "b"]
      model main(): string {
        for i in 0..3 { let x ~ bernoulli(0.5)
          let y ~ bernoulli(0.5) }
        let w ~ choice(words)
        observe w matches /[ab]/
        return w
      }`);
    expect(code.match(/dist\.bernoulli/g)).toHaveLength(1);
    expect(code).toContain("particle.sample(BERNOULLI, X)");
    expect(code.indexOf("const words")).toBeLessThan(code.indexOf("const CHOICE = dist.choice(words);"));
    expect(code).toContain('const CONSTRAINT = constraint.regex("[ab]", "");');
  });

  it("makes the distributions of a constant list's elements once each", async () => {
    const text = `const rows = [[0.7, 0.3], [0.2, 0.8]]
      model main(n: int, from: int): int {
        var state = from
        for i in 0..n { state = sample categorical(rows[state]) }
        observe 1 ~ binomial(2, [0.5, 0.25][state])
        return state
      }`;
    const code = await javascript(text);
    expect(code.indexOf("const rows")).toBeLessThan(
      code.indexOf("const CATEGORICAL = $.map(rows, (row) => dist.categorical(row));"),
    );
    expect(code).toContain("particle.sample($.at(CATEGORICAL, this.state), ");
    expect(code.match(/dist\.categorical/g)).toHaveLength(1);
    const law = async (passes: readonly string[]) => (await run((await load(text, { passes }))["main"], [3, 0])).atoms;
    expect(await law(["constant-folding"])).toEqual(await law([]));
    const { main } = await load(text, { passes: ["constant-folding"] });
    await expect(run(main, [1, 2])).rejects.toThrow("2");
    expect(await run(main, [0, 2]).catch((error: Error) => error.message)).toBe(
      await run((await load(text, { passes: [] }))["main"], [0, 2]).catch((error: Error) => error.message),
    );
  });

  it("leaves where it stands what may fail to be made", async () => {
    const code = await javascript(
      "fn minus(): float = 0.0 - 1.0\nmodel main(never: bool): float { if never { let x ~ normal(0, minus())\n return x }\n return 0.0 }",
    );
    expect(code).toContain("particle.sample(dist.normal(0, minus()), X)");
    const { main } = await load(
      "const weights = [0.0, 0.0]\nmodel main(never: bool): int { if never { let x ~ categorical(weights)\n return x }\n return 1 }",
    );
    const rows = await load(
      "const rows = [[0.5, 0.5], [0.0, 0.0]]\nmodel main(k: int): int { let x ~ categorical(rows[k])\n return 1 }",
    );
    expect((await run(rows["main"], [0])).mode()).toBe(1);
    await expect(run(rows["main"], [1])).rejects.toThrow(/categorical/);
    expect((await run(main, [false])).mode()).toBe(1);
    await expect(run(main, [true])).rejects.toThrow(/categorical/);
  });

  it("does not mistake special numbers for each other", async () => {
    const code = await javascript(
      "model main(): float { let x ~ delta(0.0)\n let y ~ delta(-0.0)\n let z ~ delta(inf)\n return x + y + z }",
    );
    expect(code.match(/= dist\.delta/g)?.length).toBe(2);
  });
});

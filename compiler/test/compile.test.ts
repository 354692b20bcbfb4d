import { describe, expect, it } from "vitest";
import { compile } from "../src/compile.js";
import { memoryFiles } from "../src/hosts/source-host.js";

const files = (text: string, others: Readonly<Record<string, string>> = {}) =>
  memoryFiles({ "/main.pgl": text, ...others });

describe("compile", () => {
  it("gives modules in dependency order, with what they need", async () => {
    const { modules } = await compile(
      files(
        'import { one } from "./lib/one.pgl"\nimport { f } from "./host.ts"\nmodel main(): float { return f(one()) }',
        {
          "/lib/one.pgl": "export fn one(): int = 1",
          "/host.ts": "export function f(x: number): number { return x; }",
        },
      ),
      "/main.pgl",
    );
    expect(modules.map(({ file, dependencies, hosts }) => ({ file, dependencies, hosts }))).toEqual([
      { file: "/lib/one.pgl", dependencies: [], hosts: [] },
      { file: "/main.pgl", dependencies: ["/lib/one.pgl"], hosts: ["./host.ts"] },
    ]);
    expect(modules[1]!.javascript).toContain('const { one } = require("./lib/one.pgl");');
    expect((await modules[1]!.typescript()).text).toContain('import { one } from "./lib/one.pgl.js";');
  });

  it("gives no modules for a program with errors, and says what they are", async () => {
    const { program, modules } = await compile(files("model main(): int { return missing }"), "/main.pgl");
    expect(modules).toEqual([]);
    expect(program.diagnostics.some((d) => d.severity === "error" && d.message.includes("missing"))).toBe(true);
  });

  it("compiles a program with warnings", async () => {
    const { program, modules } = await compile(files("model main(): int { let unused = 1\n return 2 }"), "/main.pgl");
    expect(program.diagnostics.map((d) => d.severity)).toContain("warning");
    expect(modules).toHaveLength(1);
  });

  it("compiles without passes, or with some", async () => {
    const text = "model main(): int { let x ~ bernoulli(0.5)\n return 1 + 1 }";
    const code = async (passes: readonly string[] | "all" | "none") =>
      (await compile(files(text), "/main.pgl", { passes })).modules[0]!.javascript;
    expect(await code("none")).toContain("bernoulli");
    expect(await code(["constant-folding"])).toContain("particle.return(2)");
    expect(await code(["dead-samples"])).toContain("particle.return(1 + 1)");
    expect(await code("all")).not.toContain("particle.sample");
    expect(await code("all")).toBe(await code("all"));
  });
});

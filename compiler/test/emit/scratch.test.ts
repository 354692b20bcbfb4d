import { readdirSync, readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { test } from "vitest";
import { compile } from "../../src/compile.js";
import { nodeFiles } from "../../src/hosts/source-host.js";
test("print", async () => {
  mkdirSync("/tmp/c2/out", { recursive: true });
  for (const f of readdirSync("/work/main/examples").filter((f) => f.endsWith(".pgl"))) {
    try {
      const { program, modules } = await compile(nodeFiles("/work/main/examples"), f, { passes: (process.env.PASSES ?? "none") as "none" });
      for (const d of program.diagnostics) if (d.severity === "error") console.log(f, d.message);
      for (const m of modules) writeFileSync(`/tmp/c2/out/${f}.js`, m.javascript);
      if (process.env.TS) for (const m of modules) { const t = await m.typescript(); writeFileSync(`/tmp/c2/out/${f}.ts`, t.text); writeFileSync(`/tmp/c2/out/${f}.d.ts`, t.declarations); }
    } catch (e) { console.log(f, (e as Error).stack); }
  }
});

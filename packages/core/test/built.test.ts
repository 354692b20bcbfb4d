import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { PRELUDE_VALUES } from "../../../compiler/src/emit/names.js";
import * as prelude from "../src/prelude.js";

// The package as it is installed, in both module systems. Needs `npm run build`.
const root = fileURLToPath(new URL("../", import.meta.url));
const built = existsSync(`${root}dist/index.js`) && existsSync(`${root}dist/index.cjs`);

function node(
  type: "module" | "commonjs",
  code: string,
): { readonly status: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`--input-type=${type}`, "-e", code], {
    cwd: root,
    encoding: "utf8",
  });
  return { status, out: stdout, err: stderr };
}

test("the prelude has exactly the names that emitted code imports", () => {
  expect(Object.keys(prelude).sort()).toEqual([...PRELUDE_VALUES].sort());
});

describe.skipIf(!built)("the built package", () => {
  const program = `
    const coin = await core.pgl\`model m(): int {
      let x ~ uniform_int(1, \${4})
      condition x > 1
      factor \${core.host("(float) -> float", (x) => -x)}(x)
      return x
    }\`;
    const first = await core.infer(coin.m, [], core.enumerate());
    // A second program, after one has run: nothing of the first may have changed the modules.
    const again = await core.compile.source("model m(): bool { return sample bernoulli(0.25) }");
    const second = await core.infer(again.m, [], core.smc({ particles: 400 }), { seed: 1 });
    console.log(JSON.stringify([first.mode(), second.mode(), second.atoms.length]));
  `;

  test.each([
    ["module", `import * as core from "@pgl/core"; ${program}`],
    ["commonjs", `const core = require("@pgl/core"); (async () => { ${program} })();`],
  ] as const)("runs programs as %s", (type, code) => {
    const { status, out, err } = node(type, code);
    expect(err).toBe("");
    expect(status).toBe(0);
    expect(JSON.parse(out)).toEqual([2, false, 2]);
  });

  test.each(["@pgl/core", "@pgl/core/prelude"])(
    "importing %s loads no engine and no compiler of TypeScript",
    (name) => {
      const { out, err } = node(
        "module",
        `import Module from "node:module"; await import(${JSON.stringify(name)}); console.log(JSON.stringify(Object.keys(Module._cache)));`,
      );
      expect(err).toBe("");
      // These are CommonJS packages: whoever imports them leaves them here.
      const heavy = (JSON.parse(out) as string[]).filter((file) =>
        /onnxruntime|@tensorflow|ts-morph|node_modules\/typescript|jiti/.test(file),
      );
      expect(heavy).toEqual([]);
    },
  );
});

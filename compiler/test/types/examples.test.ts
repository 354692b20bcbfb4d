import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { check } from "../../src/check.js";
import { nodeFiles } from "../../src/hosts/source-host.js";

const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));

describe("the examples", () => {
  for (const name of readdirSync(examples).filter((n) => n.endsWith(".pgl"))) {
    it(`${name} has nothing to report, and a type for every expression`, async () => {
      const program = await check(nodeFiles(examples), name);
      expect(program.diagnostics).toEqual([]);
    });
  }
});

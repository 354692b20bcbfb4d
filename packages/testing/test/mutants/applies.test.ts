import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { mutants } from "./list.mjs";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

for (const { block, mistake, file, from, to } of mutants) {
  test(`the source still has what the mutant changes: ${block}, ${mistake}`, () => {
    const parts = readFileSync(root + file, "utf8").split(from);
    expect(parts.length - 1, `occurrences in ${file}`).toBe(1);
    expect(to).not.toBe(from);
  });
}

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compile, run } from "@pgl/core";
import { format } from "@pgl/grammar";
import { describe, expect, it } from "vitest";
import { expectationsOf, failureOf } from "./expectations.js";

const folder = fileURLToPath(new URL("..", import.meta.url));
const files = readdirSync(folder).filter((file) => file.endsWith(".pgl"));

it("every example is written as `pgl fmt` prints it", () => {
  const texts = files.map((file): [string, string] => [file, readFileSync(folder + file, "utf8")]);
  expect(texts.filter(([, text]) => format(text).text !== text).map(([file]) => file)).toEqual([]);
});

describe("every example does what its comments say", () => {
  for (const file of files) {
    const text = readFileSync(folder + file, "utf8");
    it(file, async () => {
      const expectations = expectationsOf(text);
      expect(text.startsWith("// "), "an example begins with a comment on what it shows").toBe(true);
      expect(expectations.length, "an example says what to expect of it").toBeGreaterThan(0);
      const program = await compile.file(folder + file);
      expect(program.queries.length).toBeGreaterThan(0);
      const failures: string[] = [];
      for (const query of program.queries) {
        const result = await run(query, { seed: 1 });
        const total = result.atoms.reduce((sum, atom) => sum + atom.weight, 0);
        expect(Math.abs(total - 1), `${query.name}: weights sum to one`).toBeLessThan(1e-9);
        for (const { query: about, claim } of expectations) {
          if (about !== null && about !== query.name) continue;
          const failure = failureOf(claim, result);
          if (failure !== undefined) failures.push(`${query.name}: expected ${claim}; found ${failure}`);
        }
      }
      for (const { query } of expectations) {
        if (query !== null) expect(program.queries.map((q) => q.name)).toContain(query);
      }
      expect(failures).toEqual([]);
    });
  }
});

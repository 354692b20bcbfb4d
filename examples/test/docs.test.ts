import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compile, run } from "@pgl/core";
import { describe, expect, it } from "vitest";
import { expectationsOf, failureOf } from "./expectations.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const pages = ["README.md", ...readdirSync(`${root}docs`).map((name) => `docs/${name}`)].filter((p) =>
  p.endsWith(".md"),
);

interface Block {
  readonly line: number;
  readonly text: string;
  /** The codes of the errors it is there to show: ```pgl error PGL3001 */
  readonly errors: readonly string[];
}

function programsOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  const fence = /^```pgl(?: error((?: PGL\d{4})+))?\n([\s\S]*?)^```$/gm;
  for (const match of markdown.matchAll(fence)) {
    const line = markdown.slice(0, match.index).split("\n").length;
    blocks.push({ line, text: match[2]!, errors: match[1]?.trim().split(" ") ?? [] });
  }
  return blocks;
}

describe("every program in the documentation compiles, and its queries run", () => {
  for (const page of pages) {
    const blocks = programsOf(readFileSync(root + page, "utf8"));
    if (blocks.length === 0) continue;
    describe(page, () => {
      for (const { line, text, errors } of blocks) {
        it(`line ${line}`, async () => {
          // Imports in the documentation are relative to the examples.
          const file = `${root}examples/documentation.pgl`;
          if (errors.length > 0) {
            const failure = await compile.source(text, { file }).then(
              () => null,
              (error: { diagnostics?: readonly { code: string; severity: string }[] }) => error,
            );
            const found = failure?.diagnostics?.filter((d) => d.severity === "error").map((d) => d.code);
            expect(found?.sort()).toEqual([...errors].sort());
            return;
          }
          const program = await compile.source(text, { file });
          const failures: string[] = [];
          for (const query of program.queries) {
            const result = await run(query, { seed: 1 });
            for (const { query: about, claim } of expectationsOf(text)) {
              if (about !== null && about !== query.name) continue;
              const failure = failureOf(claim, result);
              if (failure !== undefined) failures.push(`${query.name}: expected ${claim}; found ${failure}`);
            }
          }
          expect(failures).toEqual([]);
        });
      }
    });
  }
});

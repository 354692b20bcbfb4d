import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile, run, train, writeTwist } from "@pgl/core";
import { describe, expect, it, onTestFinished } from "vitest";
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

/**
 * A folder like that of the examples, in which the twists that a program names have been trained, as readers of the
 * documentation would.
 */
async function folderWith(text: string): Promise<string> {
  const twists = [...text.matchAll(/^twist \w+ = "(.+)"$/gm)].map((match) => match[1]!);
  if (twists.length === 0) return `${root}examples`;
  const folder = mkdtempSync(join(tmpdir(), "pgl-docs-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(`${root}examples/models`, join(folder, "models"));
  const { queries } = await compile.source(text, { file: join(folder, "documentation.pgl"), untrained: true });
  for (const path of twists) {
    const { twist, curve } = await train(queries[0]!.model, [queries[0]!.args()], { steps: 32 });
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeTwist(join(folder, path), twist, curve);
  }
  return folder;
}

describe("every program in the documentation compiles, and its queries run", () => {
  for (const page of pages) {
    const blocks = programsOf(readFileSync(root + page, "utf8"));
    if (blocks.length === 0) continue;
    describe(page, () => {
      for (const { line, text, errors } of blocks) {
        it(`line ${line}`, async () => {
          // Imports in the documentation are relative to the examples.
          const file = join(await folderWith(text), "documentation.pgl");
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

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { compile, run } from "../../src/index.js";

const folder = mkdtempSync(join(tmpdir(), "pgl-boundary-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("turns missing values and maps into those of the other side, as the declarations have them", async () => {
  writeFileSync(
    join(folder, "host.ts"),
    `
export function find(text: string): number | undefined { return text === "a" ? 1 : undefined; }
export async function later(text: string): Promise<string | null> { return text === "a" ? "A" : null; }
export function tally(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const c of text) counts.set(c, (counts.get(c) ?? 0) + 1);
  return counts;
}
export function size(m: ReadonlyMap<string, number>): number { return m instanceof Map ? m.size : -1; }
export function orNull(x: string | null): string { return x === null ? "null" : typeof x; }
export function orUndefined(x: string | undefined): string { return x === undefined ? "undefined" : typeof x; }
export function nested(): { a?: number; b: (number | undefined)[] } { return { b: [1, undefined] }; }
`,
  );
  const program = await compile.source(
    `
import { find, later, tally, size, orNull, orUndefined, nested } from "./host.ts"
model m(c: string): list<string> {
  let found = find(c)
  let text = later(c)
  let counts = tally("abca")
  let missing: string? = if c == "a" { none } else { "x" }
  let n = nested()
  return [
    "\${found ?? 7} \${found == none}",
    text ?? "nothing",
    "\${counts["a"]} \${size(counts)}",
    "\${orNull(missing)} \${orUndefined(missing)}",
    "\${n.a == none} \${n.b[0] == none} \${n.b[1] == none}",
  ]
}
query a = m("a") using enumerate()
query b = m("b") using enumerate()
`,
    { file: join(folder, "program.pgl") },
  );
  const [a, b] = [await run(program.queries[0]!), await run(program.queries[1]!)];
  expect(a.mode()).toEqual(["1 false", "A", "2 3", "null undefined", "true false true"]);
  expect(b.mode()).toEqual(["7 true", "nothing", "2 3", "string string", "true false true"]);
});

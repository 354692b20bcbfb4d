import { readFileSync } from "node:fs";
import { parse } from "@pgl/grammar";
import { expect, it } from "vitest";

const page = readFileSync(new URL("../../docs/language.md", import.meta.url), "utf8");
const limits = /### Limits\n\n([^]*?)\n\n/.exec(page)![1]!.replaceAll("\n", " ");
const [brackets, expressions, chains] = [
  /nested at most (\d+)/,
  /expressions at most (\d+)/,
  /at most (\d+) counting/,
].map((pattern) => Number(pattern.exec(limits)![1]));

const refused = (expression: string): boolean =>
  parse(`const a = ${expression}\n`).diagnostics.some((d) => d.code === "PGL1009");

it("docs/language.md states the limits of nesting as they are", () => {
  for (const [limit, nested] of [
    [brackets!, (n: number) => `${"(".repeat(n)}1${")".repeat(n)}`],
    [expressions!, (n: number) => `${"x => ".repeat(n - 1)}1`],
    [chains!, (n: number) => `1${" + 1".repeat(n - 1)}`],
  ] as const) {
    expect(refused(nested(limit - 2)), `${limit} are allowed`).toBe(false);
    expect(refused(nested(limit + 2)), `more than ${limit} are not`).toBe(true);
  }
});

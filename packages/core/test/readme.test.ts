import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import { afterAll, expect, test } from "vitest";

// Runs every TypeScript block of the README as a module of its own and compares the values its comments promise.

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = fileURLToPath(new URL("./generated/", import.meta.url));
const text = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => ({
  source: match[1]!,
  line: text.slice(0, match.index).split("\n").length + 1,
}));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PROMISE = /^(.*?);? \/\/ → (.+)$/;

/** The block with `expression; // → value` as calls of `check`. */
const instrumented = (source: string): string =>
  source
    .split("\n")
    .map((line, i) => {
      const promise = PROMISE.exec(line);
      return promise === null ? line : `check(${i}, ${promise[1]!}, ${JSON.stringify(promise[2]!)});`;
    })
    .join("\n");

function promised(actual: unknown, expected: string): void {
  const interval = /^(\S+) ± (\S+)$/.exec(expected);
  if (interval !== null) {
    expect(Math.abs((actual as number) - Number(interval[1]))).toBeLessThan(Number(interval[2]));
  } else if (/^-?\d+\.\d+$/.test(expected)) {
    expect((actual as number).toFixed(expected.split(".")[1]!.length)).toBe(expected);
  } else {
    expect(actual).toEqual(JSON.parse(expected));
  }
}

test("there are blocks to run", () => expect(blocks.length).toBeGreaterThan(5));

test.each(blocks)("the block at line $line of the README does what it says", async ({ source }) => {
  const checks = [...source.matchAll(new RegExp(PROMISE, "gm"))].length;
  let checked = 0;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `block-${blocks.findIndex((b) => b.source === source)}.ts`);
  const seen: { actual: unknown; expected: string }[] = [];
  (globalThis as Record<string, unknown>)["check"] = (_line: number, actual: unknown, expected: string) => {
    checked++;
    seen.push({ actual, expected });
  };
  writeFileSync(file, instrumented(source));
  const before = process.cwd();
  try {
    process.chdir(root);
    await import(pathToFileURL(file).href);
  } finally {
    process.chdir(before);
  }
  for (const { actual, expected } of seen) promised(actual, expected);
  expect(checked).toBe(checks);
  expect(checks).toBeGreaterThan(0);
});

test("the blocks have no type errors", () => {
  const files = new Map(blocks.map(({ source }, i) => [join(root, "packages/core/test", `readme-${i}.ts`), source]));
  const { config } = ts.readConfigFile(join(root, "tsconfig.base.json"), (path) => readFileSync(path, "utf8"));
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...(config as { compilerOptions: object }).compilerOptions,
      noEmit: true,
      declaration: false,
      declarationMap: false,
      sourceMap: false,
      composite: false,
    },
    root,
  );
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...rest) => {
    const source = files.get(name);
    return source === undefined
      ? getSourceFile.call(host, name, ...rest)
      : ts.createSourceFile(name, source, ts.ScriptTarget.ES2022);
  };
  host.fileExists = (name) => files.has(name) || fileExists.call(host, name);
  host.readFile = (name) => files.get(name) ?? readFile.call(host, name);
  const program = ts.createProgram([...files.keys()], options, host);
  const problems = [...files.keys()].flatMap((name) => {
    const file = program.getSourceFile(name)!;
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map((d) => {
      const { line } = file.getLineAndCharacterOfPosition(d.start ?? 0);
      return `${name}:${line + 1} ${ts.flattenDiagnosticMessageText(d.messageText, "\n")}`;
    });
  });
  expect(problems).toEqual([]);
}, 120_000);

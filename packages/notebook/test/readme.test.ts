import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import * as notebook from "../src/index.js";

const text = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const folder = fileURLToPath(new URL("./generated/", import.meta.url));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the cell in the README gives a posterior", async () => {
  const [, cell] = /^```ts\n([\s\S]*?)^```$/m.exec(text)!;
  mkdirSync(folder, { recursive: true });
  const file = `${folder}cell.ts`;
  writeFileSync(file, cell!.replace(/^posterior$/m, "export { posterior };"));
  const { posterior } = (await import(pathToFileURL(file).href)) as { posterior: notebook.Posterior<number> };
  expect(posterior).toBeInstanceOf(notebook.Posterior);
  expect(posterior.isEmpty).toBe(false);
});

test("the README names what there is", () => {
  const table = text.slice(text.indexOf("|---"));
  const names = [...table.matchAll(/`(\w+)(?:\(\w+\))?`/g)].map((match) => match[1]!);
  expect(names.length).toBeGreaterThan(7);
  for (const name of names) expect(notebook, name).toHaveProperty(name);
});

import { fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { reached, type Row } from "./row.js";
import { suites } from "./suites.js";
import { showTable } from "./table.js";

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(suites, name));
if (unknown.length > 0) {
  console.error(`There is no suite \`${unknown.join("`, `")}\`. There are: ${Object.keys(suites).join(", ")}.`);
  process.exit(2);
}

const rows: Row[] = [];
const failures: string[] = [];
for (const name of wanted.length > 0 ? wanted : Object.keys(suites)) {
  process.stderr.write(`${name} …\n`);
  try {
    rows.push(...(await inProcess(name)));
  } catch (error) {
    failures.push(`${name}: ${(error as Error).message}`);
  }
}

const results = fileURLToPath(new URL("../results/", import.meta.url));
mkdirSync(results, { recursive: true });
const machine = { node: process.version, cores: cpus().length, platform: `${process.platform} ${process.arch}` };
writeFileSync(
  `${results}latest.json`,
  `${JSON.stringify({ machine, rows: rows.map((row) => ({ ...row, reached: reached(row) })), failures }, null, 2)}\n`,
);
console.log(showTable(rows));
for (const failure of failures) console.error(`\n${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;

function inProcess(name: string): Promise<readonly Row[]> {
  const child = fork(fileURLToPath(new URL("./run-suite.js", import.meta.url)), [name], { execArgv: ["--expose-gc"] });
  return new Promise((resolve, reject) => {
    let rows: readonly Row[] | null = null;
    child.on("message", (message) => (rows = message as readonly Row[]));
    child.on("error", reject);
    child.on("exit", (code) => {
      if (rows !== null && code === 0) resolve(rows);
      else reject(new Error(`the suite ended with code ${String(code)} and no result`));
    });
  });
}

import {
  reached,
  showTable,
  suites
} from "./chunk-FRGJEBSF.js";
import "./chunk-PZ5AY32C.js";

// src/main.ts
import { fork } from "child_process";
import { mkdirSync, writeFileSync } from "fs";
import { cpus } from "os";
import { fileURLToPath } from "url";
var wanted = process.argv.slice(2);
var unknown = wanted.filter((name) => !Object.hasOwn(suites, name));
if (unknown.length > 0) {
  console.error(`There is no suite \`${unknown.join("`, `")}\`. There are: ${Object.keys(suites).join(", ")}.`);
  process.exit(2);
}
var rows = [];
var failures = [];
for (const name of wanted.length > 0 ? wanted : Object.keys(suites)) {
  process.stderr.write(`${name} \u2026
`);
  try {
    rows.push(...await inProcess(name));
  } catch (error) {
    failures.push(`${name}: ${error.message}`);
  }
}
var results = fileURLToPath(new URL("../results/", import.meta.url));
mkdirSync(results, { recursive: true });
var machine = { node: process.version, cores: cpus().length, platform: `${process.platform} ${process.arch}` };
writeFileSync(
  `${results}latest.json`,
  `${JSON.stringify({ machine, rows: rows.map((row) => ({ ...row, reached: reached(row) })), failures }, null, 2)}
`
);
console.log(showTable(rows));
for (const failure of failures) console.error(`
${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
function inProcess(name) {
  const child = fork(fileURLToPath(new URL("./run-suite.js", import.meta.url)), [name], { execArgv: ["--expose-gc"] });
  return new Promise((resolve, reject) => {
    let rows2 = null;
    child.on("message", (message) => rows2 = message);
    child.on("error", reject);
    child.on("exit", (code) => {
      if (rows2 !== null && code === 0) resolve(rows2);
      else reject(new Error(`the suite ended with code ${String(code)} and no result`));
    });
  });
}
//# sourceMappingURL=main.js.map
// The tests of the tests: each deliberately wrong variant of an inference block must be told from the right code by the
// exact tests. Prints the table of mutants × test files, and fails when one survives.
// A mutant that two files have caught, or one when some time has gone by, is not run through the others.
//   npm run test:mutants                 all
//   npm run test:mutants -- metropolis   those whose block or mistake has this in its name
import { fork } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { mutants } from "../packages/testing/test/mutants/list.mjs";
import { bundle } from "./bundle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const only = process.argv.slice(2).join(" ");
const chosen = mutants.filter(({ block, mistake }) => `${block}: ${mistake}`.includes(only));
if (chosen.length === 0) {
  console.error(`No mutant has "${only}" in its name.`);
  process.exit(2);
}

/** Seconds of a mutant, after which it counts as caught: the tests have limits too. */
const LIMIT = 180;
/** Files that have to catch a mutant until it is enough. */
const ENOUGH = 2;
/** Seconds of processor time from which on one is enough. */
const PATIENCE = 4;
const started = performance.now();
const right = await runTests(null, "right");
const files = right.map(({ file }) => file);
for (const { file, failed } of right) {
  if (failed === null) continue;
  console.error(`The tests fail without a mutant: ${file}, ${failed.test}: ${failed.message}`);
  process.exit(1);
}
const tests = right.reduce((n, r) => n + r.tests, 0);
const cost = right.reduce((sum, r) => sum + r.time, 0) / 1000;
console.log(`${tests} exact tests in ${files.length} files pass, in ${cost.toFixed(1)} s of processor time.`);
console.log(
  `${chosen.length} mutants. ✗: the test file fails, so the mutant is caught; ·: it passes; ∞: it does not end.\n`,
);
files.forEach((file, i) => console.log(`  ${"│ ".repeat(i)}┌ ${file}`));

const survivors = [];
let next = 0;
const rows = chosen.map(() => null);
let printed = 0;
await Promise.all(Array.from({ length: Math.min(availableParallelism(), chosen.length) }, work));
console.log(
  `\n${chosen.length - survivors.length} of ${chosen.length} mutants caught, in ${((performance.now() - started) / 1000).toFixed(0)} s.`,
);
if (survivors.length > 0) {
  console.log(`Survivors:\n${survivors.map((s) => `  ${s}`).join("\n")}`);
  process.exit(1);
}

async function work() {
  while (next < chosen.length) {
    const index = next++;
    const mutant = chosen[index];
    const results = await runTests(mutant, String(index));
    rows[index] = rowOf(mutant, results);
    while (printed < rows.length && rows[printed] !== null) console.log(rows[printed++]);
  }
}

function rowOf({ block, mistake }, results) {
  const isEnough = results.some(({ failed }) => failed !== null);
  let open = !isEnough;
  const cells = files.map((file) => {
    const result = results.find((r) => r.file === file);
    if (result !== undefined) return result.failed === null ? "·" : "✗";
    // The file that it was in when its time was over.
    const cell = open ? "∞" : " ";
    open = false;
    return cell;
  });
  if (!cells.some((c) => c === "✗" || c === "∞")) survivors.push(`${block}: ${mistake}`);
  return `  ${cells.join(" ")}  ${block}: ${mistake}`;
}

/** What each test file comes to with a mutant in the source. Files that were not come to are missing. */
async function runTests(mutant, name) {
  const directory = `${root}.cache/mutants/${name}`;
  const script = await bundle("packages/testing/test/mutants/run.ts", directory, {
    alias: { vitest: `${root}packages/testing/test/mutants/vitest.ts` },
    plugins: mutant === null ? [] : [patch(mutant)],
    sourcemap: false,
  });
  const results = [];
  await new Promise((resolve) => {
    const child = fork(script, mutant === null ? [] : likelyFirst(mutant), {
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      execArgv: ["--max-old-space-size=2048"],
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT * 1000);
    let caught = 0;
    let seconds = 0;
    child.on("message", (result) => {
      results.push(result);
      seconds += result.time / 1000;
      if (result.failed !== null) caught++;
      if (mutant !== null && (caught >= ENOUGH || (caught > 0 && seconds > PATIENCE))) child.kill();
    });
    child.on("exit", () => {
      clearTimeout(timer);
      resolve();
    });
  });
  rmSync(directory, { recursive: true, force: true });
  return results;
}

/** Test files about the part of the source that is changed, to be run before the others. */
function likelyFirst({ file }) {
  if (file.includes("/kernels/")) return ["kernels", "rejuvenation"];
  if (file.endsWith("/alive.ts")) return ["alive"];
  if (file.endsWith("/pimh.ts")) return ["pimh"];
  if (/conditional|pick|sequential/.test(file)) return ["conditional SMC", "pimh"];
  if (file.endsWith("/guide.ts") || file.endsWith("/frame.ts")) return ["guides"];
  return [];
}

/** Changes one source file as it is read. */
function patch({ file, from, to }) {
  return {
    name: "mutant",
    setup(build) {
      const path = root + file;
      const parts = readFileSync(path, "utf8").split(from);
      if (parts.length !== 2) throw new Error(`${file} has the text to change ${parts.length - 1} times: ${from}`);
      const filter = new RegExp(`${path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
      build.onLoad({ filter }, () => ({ contents: parts.join(to), loader: "ts" }));
    },
  };
}

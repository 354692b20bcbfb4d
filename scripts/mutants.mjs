// The tests of the tests: each deliberately wrong variant of an inference block must be told from the right code by the
// exact tests. Prints the table of mutants × test files, and fails when one survives.
// A mutant that two files have caught, or one when some time has gone by, is not run through the others.
//   npm run test:mutants                 all
//   npm run test:mutants -- --write      all, and writes the table to docs/evidence-mutants.md
//   npm run test:mutants -- metropolis   those whose block or mistake has this in its name
import { fork } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { mutants } from "../packages/testing/test/mutants/list.mjs";
import { bundle } from "./bundle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const here = `${root}packages/testing/test/mutants/`;
const table = `${root}docs/evidence-mutants.md`;
const args = process.argv.slice(2);
const writes = args.includes("--write");
const only = args.filter((arg) => arg !== "--write").join(" ");
const chosen = mutants.filter((mutant) => nameOf(mutant).includes(only));
if (chosen.length === 0) fail(`No mutant has "${only}" in its name.`);
if (writes && only !== "") fail("The table that is written is of all mutants: --write takes no name.");
checkTexts();

/** Processes at once. */
const WORKERS = Math.min(2, availableParallelism());
/** Files that have to catch a mutant until it is enough. */
const ENOUGH = 2;
/** Seconds of processor time from which on one is enough. */
const PATIENCE = 1;

const started = performance.now();
const files = await namesOfFiles();
/** Seconds of processor time by file, once they are known. */
const costs = new Map();
const right = await runRight();
for (const [file, { time }] of right) costs.set(file, time / 1000);
const tests = [...right.values()].reduce((n, r) => n + r.tests, 0);
const cost = [...right.values()].reduce((sum, r) => sum + r.time, 0) / 1000;
const basis = `${tests} exact tests in ${files.length} files pass without a mutant, in ${cost.toFixed(0)} s of processor time.`;
progress(basis);

const survivors = [];
const results = new Array(chosen.length);
let next = 0;
let done = 0;
await Promise.all(Array.from({ length: Math.min(WORKERS, chosen.length) }, work));
rmSync(`${root}.cache/mutants`, { recursive: true, force: true });

const legend = "✗: the test file fails, so the mutant is caught; ∞: it does not end; ·: it passes; blank: not run.";
const verdict = `${chosen.length - survivors.length} of ${chosen.length} mutants caught`;
print();
if (writes) await write();
if (survivors.length > 0) fail(`Survivors:\n${survivors.map((s) => `  ${s}`).join("\n")}`, 1);

async function work() {
  while (next < chosen.length) {
    const index = next++;
    const mutant = chosen[index];
    const order = [...likely(mutant), ...[...files].sort((a, b) => costs.get(a) - costs.get(b))];
    const cells = await runTests(mutant, String(index), [...new Set(order)]);
    results[index] = cells;
    const caught = [...cells].filter(([, { mark }]) => mark !== "·");
    if (caught.length === 0) survivors.push(nameOf(mutant));
    const by = caught.map(([file, { failed }]) => `${file}${failed === null ? " does not end" : `: ${failed.test}`}`);
    progress(`${++done}/${chosen.length} ${nameOf(mutant)} — ${by.length === 0 ? "SURVIVES" : by.join("; ")}`);
  }
}

/** The tests without a mutant. */
async function runRight() {
  const shares = Array.from({ length: WORKERS }, (_, w) => files.filter((_, i) => i % WORKERS === w));
  const all = await Promise.all(shares.map((share, w) => runTests(null, `right-${w}`, share)));
  const found = new Map(all.flatMap((cells) => [...cells]));
  for (const [file, { mark, failed }] of found) {
    if (mark !== "·") fail(`The tests fail without a mutant: ${file}, ${failed?.test}: ${failed?.message}`, 1);
  }
  return new Map(files.map((file) => [file, found.get(file)]));
}

/** By test file, what it comes to with a mutant in the source. Files that were not come to are missing. */
async function runTests(mutant, name, order) {
  const { child, directory } = await start(mutant, name, order);
  const cells = new Map();
  await new Promise((resolve) => {
    let seconds = 0;
    let caught = 0;
    let timer = null;
    const expect = () => {
      const file = order[cells.size];
      clearTimeout(timer);
      timer = setTimeout(() => child.kill("SIGKILL"), limitOf(file) * 1000);
    };
    expect();
    child.on("message", (result) => {
      if (result.failed?.isBroken) fail(`${nameOf(mutant)} is no program: ${result.failed.message}`, 1);
      cells.set(result.file, { ...result, mark: result.failed === null ? "·" : "✗" });
      seconds += result.time / 1000;
      if (result.failed !== null) caught++;
      if (mutant !== null && (caught >= ENOUGH || (caught > 0 && seconds > PATIENCE))) child.kill("SIGKILL");
      else if (cells.size < order.length) expect();
    });
    child.on("exit", () => {
      clearTimeout(timer);
      // The file that it was in when its time was over, or that has ended the process.
      if (caught === 0 && cells.size < order.length) {
        cells.set(order[cells.size], { mark: "∞", failed: null, tests: 0, time: 0 });
      }
      resolve();
    });
  });
  rmSync(directory, { recursive: true, force: true });
  return cells;
}

/**
 * Seconds after which a test file counts as one that does not end: what it takes without a mutant, many times, and more than a
 * busy machine keeps a process waiting.
 */
function limitOf(file) {
  return costs.has(file) ? 300 + 20 * costs.get(file) : 900;
}

async function namesOfFiles() {
  const { child, directory } = await start(null, "list", ["--list"]);
  const [names] = await Promise.all([
    new Promise((resolve) => child.once("message", resolve)),
    new Promise((resolve) => child.once("exit", resolve)),
  ]);
  rmSync(directory, { recursive: true, force: true });
  return names;
}

async function start(mutant, name, argv) {
  const directory = `${root}.cache/mutants/${name}`;
  const script = await bundle("packages/testing/test/mutants/run.ts", directory, {
    alias: { vitest: `${here}vitest.ts`, "@fast-check/vitest": `${here}fast-check-vitest.ts` },
    change: mutant === null ? undefined : (text, path) => changed(text, path, mutant),
    sourcemap: false,
  });
  const child = fork(script, argv, {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    execArgv: ["--max-old-space-size=2048"],
  });
  return { child, directory };
}

function changed(text, path, { file, from, to }) {
  return path === root + file ? text.split(from).join(to) : text;
}

/** Test files about the block that is changed, to be run before the others. */
function likely({ block, file }) {
  const about = {
    conditional: file.includes("resamplers") ? ["conditional resamplers"] : ["particle Gibbs", "conditional SMC"],
    pick: ["pimh", "particle Gibbs"],
    "ancestor sampling": ["conditional SMC"],
    "particle gibbs": ["particle Gibbs"],
    guide: ["guides", "T3 and branches"],
    fork: ["T3 and branches", "guides"],
    islands: ["blocks and islands"],
    "empty posterior": ["empty posteriors"],
    gibbs: ["kernels"],
    metropolis: ["kernels", "exchanges"],
    rerun: ["kernels", "exchanges", "moves and tempering"],
    suffix: ["kernels"],
    prior: ["kernels"],
    block: ["kernels"],
    drift: ["random walks", "kernels"],
    moves: ["moves and tempering"],
    tempering: ["moves and tempering"],
    exchange: ["exchanges"],
    alive: ["alive"],
    pimh: ["pimh"],
    pmmh: ["pmmh"],
    parameters: ["pmmh", "smc2"],
    smc2: ["smc2"],
    dc_smc: ["dc_smc"],
    nested: ["nested"],
    elimination: ["elimination", "known maxima"],
    marginal: ["elimination", "known maxima"],
    map: ["elimination", "known maxima"],
    mmap: ["elimination", "known maxima"],
    plan: ["elimination", "known maxima"],
    "guided span": ["guided spans"],
    awrs: ["guided spans"],
    restriction: ["guided spans"],
    "look-ahead": ["guided spans"],
    "twisted span": ["what steers", "twisted spans"],
    "twisted draw": ["shortlists", "twisted spans"],
    shortlist: ["shortlists"],
    "function twist": ["functions as twists"],
    alias: ["aliases of twists", "twisted spans"],
    settling: ["foresight"],
    foresight: ["foresight"],
    features: ["features one by one", "foresight"],
    "backward filter": ["twisted spans"],
    "dense chain": ["twisted spans"],
    "backoff chain": ["surrogates", "twisted spans"],
    hmm: ["surrogates"],
    "learned twist": ["learned twists"],
    losses: ["losses"],
    "exact draws": ["bounds of evidence", "certificates"],
    certificate: ["certificates", "bounds of evidence"],
    "product of tokens": ["guidance"],
    "product of texts": ["products of texts", "guidance"],
    products: ["products of texts", "guidance"],
    "log joint": ["log joint"],
    coordinates: ["log joint", "coordinates"],
    leapfrog: ["leapfrog"],
    hmc: ["trajectories"],
    nuts: ["trajectories"],
  };
  return about[block] ?? ["resamplers", "T3 and branches"];
}

function print() {
  console.log(`${basis}\n${chosen.length} mutants. ${legend}\n`);
  files.forEach((file, i) => console.log(`  ${"│ ".repeat(i)}┌ ${file}`));
  chosen.forEach((mutant, i) => {
    const row = files.map((file) => results[i].get(file)?.mark ?? " ");
    console.log(`  ${row.join(" ")}  ${nameOf(mutant)}`);
  });
  console.log(`\n${verdict}, in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
}

async function write() {
  const heads = ["Block", "Mistake", ...files.map((_, i) => i + 1)];
  const rows = chosen.map(({ block, mistake }, i) => [
    block,
    mistake,
    ...files.map((file) => results[i].get(file)?.mark ?? ""),
  ]);
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const text = `# Mutants of the inference blocks

Each mutant is one deliberate mistake in one source file: an exact replacement of some text
(\`packages/testing/test/mutants/list.mjs\`). The exact tests run against the source with the mistake in it, and have to fail.
\`npm run test:mutants -- --write\` makes this table.

**${verdict}.** ${basis}

The test files, each of which is run until its first failure; a mutant is not run through all of them once it is caught:

${files.map((file, i) => `${i + 1}. ${file}`).join("\n")}

${legend}

${line(heads)}
${line(heads.map((_, i) => (i < 2 ? "---" : ":-:")))}
${rows.map(line).join("\n")}
`;
  writeFileSync(table, await format(text, { ...(await resolveConfig(table)), parser: "markdown" }));
  progress(`Written to ${table}.`);
}

/** Before anything is run: the source must still have, once, what each mutant changes. */
function checkTexts() {
  const rotten = chosen.flatMap((mutant) => {
    const times = readFileSync(root + mutant.file, "utf8").split(mutant.from).length - 1;
    return times === 1 ? [] : [`  ${nameOf(mutant)}: ${mutant.file} has this ${times} times: ${mutant.from}`];
  });
  if (rotten.length > 0) fail(`The source no longer has, once, what these mutants change:\n${rotten.join("\n")}`);
}

function nameOf({ block, mistake }) {
  return `${block}: ${mistake}`;
}

function progress(text) {
  console.error(`[${((performance.now() - started) / 1000).toFixed(0)} s] ${text}`);
}

function fail(message, code = 2) {
  console.error(message);
  process.exit(code);
}

// Random programs through the compiler's passes, the methods and the kernels, compared exactly with the reference.
//   npm run test:nightly -- --programs 100000          from a fresh seed, in as many processes as there are processors
//   npm run test:nightly -- --programs 500 --seed 7    from a given seed
//   npm run test:nightly -- --replay SEED PATH         one failure again, as it was printed
// After the programs: the statistical tests (known evidence, joint laws) with the same fresh seed; --no-statistics leaves them.
// With --minutes M it begins no batch after M minutes, and reports what it has done.
// Also: --bits B (size of programs, 7), --workers N, --failures DIRECTORY (where failing programs are written).
import { fork, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const options = read(process.argv.slice(2));
const worker = await bundle("packages/testing/test/harness/worker.ts", `${root}.cache/nightly`);
const examine = { bits: options.bits, smallEnough: 12, maxOutcomes: 250 };

/** Programs of one batch: each has a seed of its own, and a worker starts the next when it is done. */
const BATCH = 100;
const batches = options.replay === null ? Math.ceil(options.programs / BATCH) : 1;
const totals = {
  programs: 0,
  failing: 0,
  beyond: 0,
  contradictory: 0,
  compilations: 0,
  executions: 0,
  algorithms: 0,
  outcomes: 0,
  tooMany: 0,
};
const passSets = new Set();
const methods = new Map();
const failures = [];
const started = performance.now();
let next = 0;
let shown = 0;
/** Seeds of the batches that have been examined, in order. */
const examined = [];
/** Seeds are far from each other, so that runs with near seeds share no batch. */
const STRIDE = 7919;

console.log(
  options.replay === null
    ? `${options.programs} random programs from seed ${options.seed}, in ${options.workers} processes`
    : `The program at ${options.replay.path} of seed ${options.replay.seed}`,
);
await Promise.all(Array.from({ length: Math.min(options.workers, batches) }, work));
report();
const statistical = options.statistics && options.replay === null ? runStatistics() : true;
process.exit(failures.length === 0 && statistical ? 0 : 1);

/** True when the statistical tests pass. Each may fail for right code, at the rate it states. */
function runStatistics() {
  console.log(`\nStatistical tests with seed ${options.seed}`);
  const run = spawnSync(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", "packages/testing/test/statistics"],
    {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, PGL_TEST_SEED: String(options.seed) },
    },
  );
  return run.status === 0;
}

/** One process: batches, until there are none. A process that ends by itself is a failure of the batch it had. */
function work() {
  return new Promise((resolve) => {
    const child = fork(worker, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    let order = null;
    const give = () => {
      if (next === batches || minutes() > options.minutes) {
        child.kill();
        resolve();
        return;
      }
      const index = next++;
      const batch = options.replay ?? {
        seed: (options.seed + index * STRIDE) | 0,
        runs: Math.min(BATCH, options.programs - index * BATCH),
      };
      order = { batch, options: examine };
      child.send(order);
    };
    child.on("message", ({ tally, failure }) => {
      examined.push(order.batch.seed);
      order = null;
      for (const key of Object.keys(totals)) totals[key] += tally[key];
      for (const set of tally.passSets) passSets.add(set);
      for (const [name, n] of tally.methods) methods.set(name, (methods.get(name) ?? 0) + n);
      if (failure !== null) write(failure);
      progress();
      give();
    });
    child.on("exit", (code, signal) => {
      if (order === null) return;
      failures.push(`A worker ended by itself (${signal ?? code}) in the batch of seed ${order.batch.seed}.`);
      resolve(next < batches && minutes() <= options.minutes ? work() : undefined);
    });
    give();
  });
}

/** A failing program, with its tables beside it: `npx pgl run` takes it as it is. */
function write(failure) {
  const directory = `${options.failures}/${failure.seed}-${failures.length}`;
  mkdirSync(directory, { recursive: true });
  writeFileSync(`${directory}/program.pgl`, failure.file);
  for (const [name, table] of Object.entries(failure.lms))
    writeFileSync(`${directory}/${name}.json`, JSON.stringify({ kind: "table", ...table }, null, 2));
  const replay = `npm run test:nightly -- --replay ${failure.seed} ${failure.path} --bits ${options.bits}`;
  failures.push(`${directory}/program.pgl\n  ${replay}`);
  console.log(`\n${failure.file}\nwritten to ${directory}/program.pgl`);
}

function minutes() {
  return (performance.now() - started) / 60_000;
}

function progress() {
  const seconds = 60 * minutes();
  if (seconds - shown < 10 || options.replay !== null) return;
  shown = seconds;
  const rate = totals.programs / seconds;
  const left = Math.min(
    Math.max(0, options.programs - totals.programs) / rate,
    Math.max(0, 60 * options.minutes - seconds),
  );
  console.log(
    `${totals.programs} programs, ${rate.toFixed(1)}/s, about ${Math.ceil(left / 60)} min left, ${failures.length} failures`,
  );
}

function report() {
  const seconds = 60 * minutes();
  const seeds =
    examined.length === 0
      ? "none"
      : `${examined.length} batches of up to ${BATCH} programs, seeds ${examined.reduce((a, b) => Math.min(a, b))} to ${examined.reduce((a, b) => Math.max(a, b))}, ${STRIDE} apart`;
  console.log(`
Seeds: ${seeds}.
${totals.programs} programs in ${seconds.toFixed(0)} s, ${(totals.programs / seconds).toFixed(1)}/s: ${totals.compilations} compilations with ${passSets.size} sets of passes, ${totals.executions} executions compared with the reference,
${totals.algorithms} pairs of a program and an algorithm run through all ${totals.outcomes} outcomes of their draws.
Left out: ${totals.beyond} programs beyond the reference, ${totals.contradictory} with constraints that contradict each other, ${totals.tooMany} pairs with more outcomes than ${examine.maxOutcomes}. ${totals.failing} programs mean an error, and gave one.`);
  for (const [name, n] of [...methods].sort(([a], [b]) => (a < b ? -1 : 1)))
    console.log(`  ${String(n).padStart(8)}  ${name}`);
  console.log(failures.length === 0 ? "No failures." : `${failures.length} FAILURES:\n${failures.join("\n")}`);
}

function read(args) {
  const found = {
    programs: 1000,
    seed: randomInt(2 ** 31),
    bits: 7,
    workers: availableParallelism(),
    failures: `${root}.cache/nightly/failures`,
    replay: null,
    statistics: true,
    minutes: Infinity,
  };
  for (let i = 0; i < args.length; i++) {
    const name = args[i].replace(/^--/, "");
    if (name === "replay") {
      found.replay = { seed: Number(args[++i]), path: args[++i] ?? "", runs: 1 };
      if (!Number.isInteger(found.replay.seed) || found.replay.path === "") usage("--replay takes a seed and a path.");
    } else if (name === "no-statistics") {
      found.statistics = false;
    } else if (name === "failures") {
      found.failures = args[++i] ?? usage("--failures takes a directory.");
    } else if (["programs", "seed", "bits", "workers", "minutes"].includes(name)) {
      const value = Number(args[++i]);
      if (!Number.isInteger(value) || (name !== "seed" && value < 1)) usage(`--${name} takes a whole number.`);
      found[name] = value;
    } else usage(`There is no option ${args[i]}.`);
  }
  return found;
}

function usage(problem) {
  console.error(
    `${problem}\nnpm run test:nightly -- [--programs N] [--seed S] [--bits B] [--workers N] [--minutes M] [--failures DIRECTORY] [--no-statistics] [--replay SEED PATH]`,
  );
  process.exit(2);
}

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { interleaved, median } from "../clock.js";
import type { Row } from "../row.js";
import { largeProgram } from "./large-program.js";

const ROUNDS = 15;
const root = fileURLToPath(new URL("../../", import.meta.url));
const pgl = `${root}packages/cli/bin/pgl.js`;
const coin = `${root}examples/coin.pgl`;

/** Whole processes, from nothing to their end. What one does more than the one before it says where the time goes. */
const stages = {
  node: ["-e", "0"],
  version: [pgl, "--version"],
  check: [pgl, "check", coin],
  run: [pgl, "run", coin],
} as const;

const says: Readonly<Record<keyof typeof stages, string>> = {
  node: "node and nothing else",
  version: "pgl --version",
  check: "pgl check coin.pgl: and parser, checker",
  run: "pgl run coin.pgl: and a thread, emitter, runtime, 10000 samples",
};

/** The start of the built command, as a user waits for it, and checking a large program: wall-clock time. */
export async function startSuite(): Promise<Row[]> {
  if (!existsSync(`${root}packages/cli/dist/start.js`)) throw new Error("the command is not built: npm run build");
  return [...(await stageRows()), await largeRow()];
}

async function stageRows(): Promise<Row[]> {
  const names = Object.keys(stages) as (keyof typeof stages)[];
  const results = await interleaved(
    Object.fromEntries(names.map((name) => [name, () => wholeProcess(stages[name])])) as Record<
      keyof typeof stages,
      () => Promise<number>
    >,
    { rounds: ROUNDS, warmup: 2 },
  );
  const row = (name: keyof typeof stages): Row => ({
    suite: "start",
    what: says[name],
    unit: "s",
    measured: median(results[name]),
    rounds: results[name],
    note: `fastest ${Math.min(...results[name]).toFixed(3)} s`,
  });
  const run = row("run");
  return [
    ...names.filter((name) => name !== "run").map(row),
    {
      ...run,
      peer: { name: "node", measured: median(results.node), rounds: results.node },
      ratio: run.measured / median(results.node),
      ratioOf: "times as long",
      goal: { of: "measured", relation: "at most", bound: 0.6 },
    },
  ];
}

/** Checking a program of 5,000 lines, beside one of half as many: time that grows like the square would be four times as much. */
async function largeRow(): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), "pgl-bench-"));
  try {
    const check = (name: string, copies: number) => {
      const file = join(folder, name);
      writeFileSync(file, largeProgram(copies));
      return () => wholeProcess([pgl, "check", file]);
    };
    const { whole, half } = await interleaved(
      { whole: check("whole.pgl", 147), half: check("half.pgl", 73) },
      { rounds: ROUNDS, warmup: 1 },
    );
    return {
      suite: "start",
      what: "pgl check of a program of 5,000 lines",
      unit: "s",
      measured: median(whole),
      rounds: whole,
      peer: { name: "2,500 lines", measured: median(half), rounds: half },
      ratio: median(whole) / median(half),
      ratioOf: "times as long",
      goal: { of: "measured", relation: "at most", bound: 1 },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds from spawning a process to its end. */
function wholeProcess(args: readonly string[]): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: "ignore" });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) resolve((performance.now() - start) / 1000);
      else reject(new Error(`node ${args.join(" ")} ended with code ${String(code)}.`));
    });
  });
}

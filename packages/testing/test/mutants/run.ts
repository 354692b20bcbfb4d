/**
 * Runs the exact tests in this process and tells the parent what came of each file: its tests one after the other, until
 * one fails. Bundled with a changed source by scripts/mutants.mjs.
 */
import { taken } from "./vitest.js";

/** The files, each of which registers its tests when it is loaded. */
const files: readonly (readonly [name: string, load: () => Promise<unknown>])[] = [
  ["resamplers", () => import("../laws/resamplers.test.js")],
  ["T3 and branches", () => import("../laws/methods.test.js")],
  ["empty posteriors", () => import("../compiled/empty-posterior.test.js")],
  ["guides", () => import("../compiled/guides.test.js")],
  ["pimh", () => import("../methods/populations/pimh.test.js")],
  ["kernels", () => import("../methods/kernels/invariant.test.js")],
  ["conditional SMC", () => import("../methods/populations/conditional.test.js")],
  ["alive", () => import("../methods/populations/alive.test.js")],
  ["rejuvenation", () => import("../methods/kernels/properly-weighted.test.js")],
];

export interface FileResult {
  readonly file: string;
  readonly tests: number;
  /** The first test that failed, and how; null when all passed. */
  readonly failed: { readonly test: string; readonly message: string } | null;
  /** Milliseconds of processor time. */
  readonly time: number;
}

async function runFile(file: string, load: () => Promise<unknown>): Promise<FileResult> {
  const before = process.cpuUsage();
  let tests = 0;
  let failed: FileResult["failed"] = null;
  const fail = (test: string, error: unknown): void => {
    failed = { test, message: (error instanceof Error ? error.message : String(error)).slice(0, 400) };
  };
  try {
    await load();
    for (const { name, run } of taken()) {
      tests++;
      try {
        await run();
      } catch (error) {
        fail(name, error);
        break;
      }
    }
  } catch (error) {
    fail("(loading)", error);
  }
  const used = process.cpuUsage(before);
  return { file, tests, failed, time: (used.user + used.system) / 1000 };
}

// Those that the parent names come first.
const first = process.argv.slice(2);
const ordered = [...files].sort(([a], [b]) => Number(first.includes(b)) - Number(first.includes(a)));
for (const [file, load] of ordered) {
  const result = await runFile(file, load);
  await new Promise((resolve) => process.send!(result, resolve));
}
process.disconnect();

/**
 * Runs the exact tests in this process and tells the parent what came of each file: its tests one after the other, until
 * one fails. Bundled, with a changed source, by scripts/mutants.mjs. The parent names the files to run, in their order; the
 * names alone are asked for with `--list`.
 */
import { taken } from "./vitest.js";

/** The files, each of which registers its tests when it is loaded. */
const files: readonly (readonly [name: string, load: () => Promise<unknown>])[] = [
  ["resamplers", () => import("../laws/resamplers.test.js")],
  ["conditional resamplers", () => import("../../../../runtime/test/weights/conditional-resampling.test.js")],
  ["T3 and branches", () => import("../laws/methods.test.js")],
  ["empty posteriors", () => import("../compiled/empty-posterior.test.js")],
  ["guides", () => import("../compiled/guides.test.js")],
  ["blocks and islands", () => import("../methods/populations/blocks.test.js")],
  ["pimh", () => import("../methods/populations/pimh.test.js")],
  ["pmmh", () => import("../../../../runtime/test/inference/pmmh.test.js")],
  ["smc2", () => import("../methods/populations/smc2.test.js")],
  ["alive", () => import("../methods/populations/alive.test.js")],
  ["conditional SMC", () => import("../methods/populations/conditional.test.js")],
  ["particle Gibbs", () => import("../methods/populations/particle-gibbs-kernel.test.js")],
  ["kernels", () => import("../methods/kernels/invariant.test.js")],
  ["random walks", () => import("../../../../runtime/test/inference/kernels/drift.test.js")],
  ["exchanges", () => import("../methods/kernels/exchange.test.js")],
  ["moves and tempering", () => import("../methods/kernels/properly-weighted.test.js")],
  ["dc_smc", () => import("../methods/populations/dc-smc.test.js")],
  ["nested", () => import("../../../../runtime/test/inference/nested-method.test.js")],
  ["elimination", () => import("../methods/elimination/constructs.test.js")],
  ["known maxima", () => import("../methods/elimination/known.test.js")],
  ["guided spans", () => import("../guided/properly-weighted.test.js")],
  ["products of texts", () => import("../products/texts.test.js")],
  ["guidance", () => import("../products/guidance-numbers.test.js")],
  ["log joint", () => import("../gradients/log-joint.test.js")],
  ["leapfrog", () => import("../../../../runtime/test/inference/gradients/leapfrog.test.js")],
  ["coordinates", () => import("../../../../runtime/test/inference/gradients/coordinates.test.js")],
  ["trajectories", () => import("../../../../runtime/test/inference/gradients/trajectory.test.js")],
  ["twisted spans", () => import("../../../lm/test/twists/exact.test.js")],
  ["what steers", () => import("../../../lm/test/twists/steering.test.js")],
  ["shortlists", () => import("../../../lm/test/twists/shortlisted.test.js")],
  ["functions as twists", () => import("../../../lm/test/twists/function-twist.test.js")],
  ["aliases of twists", () => import("../../../lm/test/twists/twist-alias.test.js")],
  ["foresight", () => import("../../../lm/test/twists/foresight.test.js")],
  ["features one by one", () => import("../../../lm/test/twists/marginal-filter.test.js")],
  ["surrogates", () => import("../../../twists/test/surrogate/surrogates.test.js")],
  ["learned twists", () => import("../../../twists/test/learned/measure.test.js")],
  ["losses", () => import("../../../twists/test/learned/losses.test.js")],
  ["bounds of evidence", () => import("../methods/populations/evidence-bounds.test.js")],
  ["certificates", () => import("../methods/populations/certificate.test.js")],
];

export interface Failure {
  readonly test: string;
  readonly message: string;
  /** The source means nothing: it was changed to something that is no program. */
  readonly isBroken: boolean;
}

export interface FileResult {
  readonly file: string;
  readonly tests: number;
  /** The first test that failed, and how; null when all passed. */
  readonly failed: Failure | null;
  /** Milliseconds of processor time. */
  readonly time: number;
}

async function runFile(file: string, load: () => Promise<unknown>): Promise<FileResult> {
  const before = process.cpuUsage();
  let tests = 0;
  let failed: FileResult["failed"] = null;
  const fail = (test: string, error: unknown): void => {
    failed = { test, message: String(error).slice(0, 400), isBroken: error instanceof ReferenceError };
  };
  try {
    await load();
    const registered = taken();
    for (const { name, run } of registered.tests) {
      tests++;
      try {
        await run();
      } catch (error) {
        fail(name, error);
        break;
      }
    }
    for (const run of registered.after) await run();
  } catch (error) {
    fail("(loading)", error);
  }
  const used = process.cpuUsage(before);
  return { file, tests, failed, time: (used.user + used.system) / 1000 };
}

const send = (message: FileResult | readonly string[]): Promise<void> =>
  new Promise((resolve) => process.send!(message, () => resolve()));

const named = process.argv.slice(2);
if (named[0] === "--list") await send(files.map(([name]) => name));
else {
  for (const name of named) {
    const [, load] = files.find(([file]) => file === name)!;
    await send(await runFile(name, load));
  }
}
process.disconnect();

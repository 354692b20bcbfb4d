import type { Program } from "../ir/program.js";
import { constantFolding } from "./constant-folding.js";
import { deadSamples } from "./dead-samples.js";
import { earlyWeighting } from "./early-weighting.js";
import { foreseenWeights } from "./foreseen-weights.js";
import { guidedDraws } from "./guided-draws.js";
import type { Pass } from "./pass.js";
import { restrictedDraws } from "./restricted-draws.js";

export type { Pass } from "./pass.js";

/** All passes, in the order in which they run. Any other order, and any subset, means the same. */
export const passes: readonly Pass[] = [
  constantFolding,
  deadSamples,
  earlyWeighting,
  restrictedDraws,
  guidedDraws,
  foreseenWeights,
];

/** `"all"`, `"none"`, or names in the order in which to run. */
export type PassSelection = readonly string[] | "all" | "none";

/** A pass was asked for that does not exist. */
export class PassError extends Error {
  constructor(name: string) {
    super(`There is no compiler pass \`${name}\`; there are ${passes.map((pass) => pass.name).join(", ")}.`);
    this.name = "PassError";
  }
}

/** @throws PassError */
export function applyPasses(program: Program, selection: PassSelection): Program {
  if (selection === "none") return program;
  const chosen = selection === "all" ? passes : selection.map(passNamed);
  return chosen.reduce((current, pass) => pass.run(current), program);
}

function passNamed(name: string): Pass {
  const found = passes.find((pass) => pass.name === name);
  if (found === undefined) throw new PassError(name);
  return found;
}

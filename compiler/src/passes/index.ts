import type { Program } from "../ir/program.js";

/** A pass keeps the measure every model denotes; `law` says why. */
export interface Pass {
  readonly name: string;
  readonly law: string;
  readonly run: (program: Program) => Program;
}

/** All passes, in the order in which they run. Any other order, and any subset, means the same. */
export const passes: readonly Pass[] = [];

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

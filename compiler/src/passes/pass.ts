import type { Program } from "../ir/program.js";

/** A pass keeps the measure every model denotes; `law` says why. */
export interface Pass {
  readonly name: string;
  readonly law: string;
  readonly run: (program: Program) => Program;
}

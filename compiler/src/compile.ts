import { check, type CheckOptions } from "./check.js";
import type { CheckedProgram } from "./checked.js";
import { emit, type EmittedModule } from "./emit/index.js";
import type { SourceHost } from "./hosts/source-host.js";
import { lower } from "./ir/index.js";
import { applyPasses, type PassSelection } from "./passes/index.js";

export interface CompileOptions extends CheckOptions {
  /** Which passes run, in the order given; `"all"` by default. */
  readonly passes?: PassSelection;
}

export interface Compiled {
  readonly program: CheckedProgram;
  /** In dependency order, the entry last; empty when the program has errors. */
  readonly modules: readonly EmittedModule[];
}

/**
 * From text to code: checks the program that begins in `entry`, lowers it, runs the passes, and emits a module for each of
 * its files. What is wrong with the program is in `program.diagnostics`.
 *
 * @throws PassError for a pass that does not exist.
 */
export async function compile(host: SourceHost, entry: string, options: CompileOptions = {}): Promise<Compiled> {
  const program = await check(host, entry, options);
  if (program.diagnostics.some(({ severity }) => severity === "error")) return { program, modules: [] };
  return { program, modules: emit(applyPasses(lower(program), options.passes ?? "all")) };
}

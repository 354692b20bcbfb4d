import type { FiledDiagnostic } from "@pgl/compiler";
import { inspect } from "../inspect.js";

/** A program has errors. The message shows them all, each with the lines it is about. */
export class CompileError extends Error {
  constructor(
    readonly diagnostics: readonly FiledDiagnostic[],
    /** The diagnostics with code frames, without colours. */
    readonly rendered: string,
  ) {
    const errors = diagnostics.filter((d) => d.severity === "error").length;
    super(`The program has ${errors === 1 ? "an error" : `${errors} errors`}.\n\n${rendered}`);
    this.name = "CompileError";
  }

  /** What consoles show: where the compiler was when it found the errors is of no interest. */
  [inspect](): string {
    return `${this.name}: ${this.message.trimEnd()}`;
  }
}

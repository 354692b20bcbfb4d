import type { FiledDiagnostic } from "@pgl/compiler";

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
}

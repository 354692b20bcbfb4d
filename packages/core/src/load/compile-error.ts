import type { Diagnostic } from "@pgl/grammar";

/** A diagnostic with the file it belongs to. */
export type FileDiagnostic = Diagnostic & { readonly file: string };

/** A program has errors. The message shows them all, each with the lines it is about. */
export class CompileError extends Error {
  constructor(
    readonly diagnostics: readonly FileDiagnostic[],
    /** The diagnostics with code frames, without colours. */
    readonly rendered: string,
  ) {
    const errors = diagnostics.filter((d) => d.severity === "error").length;
    super(`The program has ${errors === 1 ? "an error" : `${errors} errors`}.\n\n${rendered}`);
    this.name = "CompileError";
  }
}

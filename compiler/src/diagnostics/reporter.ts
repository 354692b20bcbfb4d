import type { Diagnostic, Span } from "@pgl/grammar";
import { catalogue, type Code } from "./catalogue.js";

type Extra = Pick<Diagnostic, "hint" | "fix" | "related">;

/** Collects the diagnostics of one module. What is reported while trying something out can be taken back. */
export class Reporter {
  readonly diagnostics: Diagnostic[] = [];

  report(code: Code, at: { readonly span: Span }, message: string, extra: Extra | string = {}): void {
    const { severity } = catalogue[code];
    const more = typeof extra === "string" ? { hint: extra } : extra;
    this.diagnostics.push({ code, severity, span: at.span, message, ...more });
  }

  /** How much has been reported; `rollback` forgets what came after. */
  mark(): number {
    return this.diagnostics.length;
  }

  rollback(mark: number): void {
    this.diagnostics.length = mark;
  }
}

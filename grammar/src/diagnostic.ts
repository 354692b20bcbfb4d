import type { Span } from "./ast.js";

export type Severity = "error" | "warning" | "info";

/**
 * Something the user should know about their program, as data. Codes are `PGLnnnn`: 1xxx lexer and parser, 2xxx names and
 * imports, 3xxx types, 4xxx effects and meaning, 5xxx what would run but is probably not meant (warnings).
 */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  /** Where it is; empty for a place between two characters, as where something is missing. */
  readonly span: Span;
  /** What is wrong and what was expected, one sentence, in words of the language. */
  readonly message: string;
  /** What to do about it, where there is something to say. */
  readonly hint?: string;
  /** A replacement that would mend it. */
  readonly fix?: { readonly span: Span; readonly text: string };
  /** Other places that explain it, as "declared here". */
  readonly related?: readonly { readonly span: Span; readonly message: string }[];
}

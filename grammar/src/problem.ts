import type { Span } from "./ast.js";
import type { Diagnostic } from "./diagnostic.js";

/** A diagnostic on its way through the parser; thrown where the parser gives up on what it is reading. */
export class Problem {
  constructor(readonly diagnostic: Diagnostic) {}
}

export function problem(
  code: string,
  span: Span,
  message: string,
  more: Partial<Pick<Diagnostic, "severity" | "hint" | "fix" | "related">> = {},
): Problem {
  return new Problem({
    code,
    severity: more.severity ?? "error",
    span,
    message,
    ...(more.hint === undefined ? {} : { hint: more.hint }),
    ...(more.fix === undefined ? {} : { fix: more.fix }),
    ...(more.related === undefined ? {} : { related: more.related }),
  });
}

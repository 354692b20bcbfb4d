import type { ErrorDetails } from "@pgl/runtime";
import { ConstraintError } from "../errors.js";

/** Something is wrong with a grammar, at a place in its text. Lines and columns count from 1. */
export class GrammarError extends ConstraintError {
  constructor(
    code: string,
    message: string,
    readonly line: number,
    readonly column: number,
    details: ErrorDetails = {},
  ) {
    super(code, `Grammar, line ${line}, column ${column}: ${message}`, details);
  }
}

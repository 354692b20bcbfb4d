import type { ErrorDetails } from "@pgl/runtime";
import { ConstraintError } from "../errors.js";

/**
 * Something is wrong with a schema, or is beyond what can be recognised. Codes: PGLC030 a keyword that is not supported,
 * PGLC031 a malformed one, PGLC032 a combination that cannot be decided, PGLC033 a schema no value satisfies, PGLC034 one
 * that is too large.
 */
export class SchemaError extends ConstraintError {
  constructor(
    code: string,
    message: string,
    /** JSON pointer to the place in the schema. */
    readonly pointer: string,
    details: ErrorDetails = {},
  ) {
    super(code, `JSON schema, at ${pointer === "" ? "its root" : `\`${pointer}\``}: ${message}`, details);
  }
}

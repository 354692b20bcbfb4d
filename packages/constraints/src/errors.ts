import { PglError } from "@pgl/runtime";

/**
 * What this package raises on purpose. Codes: PGLC001 a malformed regular expression, PGLC002 a range that is none, PGLC003
 * something that is no constraint, PGLC004 a value that is no text, PGLC005 a constraint that needs a run.
 */
export class ConstraintError extends PglError {}

import { PglError } from "@pgl/runtime";

/**
 * What this package raises on purpose. Codes: PGLC001 a malformed regular expression, PGLC002 a range that is none, PGLC003
 * something that is no constraint, PGLC004 a value that is no text, PGLC005 a constraint that needs a run, PGLC006 a constraint
 * that is too large, PGLC007 what no automaton can check, PGLC009 an
 * argument of a constraint that makes no sense, PGLC010 a predicate that answers wrongly.
 */
export class ConstraintError extends PglError {}

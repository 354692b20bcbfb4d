import { PglError } from "@pgl/runtime";

/**
 * A program could not be put together from its parts: PGLL001 a host module is not there, PGLL002 it failed while it was
 * loaded, PGLL003 it lacks an export, PGLL004 emitted code could not be evaluated, PGLL005 a module was asked for that the
 * compiler did not name.
 */
export class LoadError extends PglError {}

import { PglError, RunError } from "@pgl/runtime";
import type { Places } from "../load/places.js";

/**
 * Makes of whatever a run threw an error of PGL that says where in the program it happened. What the user's own code
 * threw is kept as its `cause`.
 */
export function explain(error: unknown, places: Places | null): PglError {
  const thrown = innermost(error);
  const place = thrown instanceof Error ? places?.of(thrown) : undefined;
  if (thrown instanceof PglError) {
    // The stack of an error made in the program's own code is nearer than the last draw or weight the particle came by.
    if (place !== undefined) thrown.site = place;
    return thrown;
  }
  const site = place ?? (thrown as { site?: PglError["site"] } | null)?.site;
  const step = (thrown as { step?: number } | null)?.step;
  if (thrown instanceof RangeError && /call stack/i.test(thrown.message)) {
    return new RunError("PGLT011", "A function calls itself too deeply.", {
      site,
      step,
      cause: thrown,
      hint: "Is there a case that ends the recursion? A model may recurse without bound; a deterministic `fn` may not.",
    });
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new RunError("PGLT012", `The program failed: ${message}`, { site, step, cause: thrown });
}

/** A failure of a host function is reported once, however many layers pass it on. */
function innermost(error: unknown): unknown {
  let current = error;
  while (isHostFailure(current) && isHostFailure(current.cause)) {
    current.cause.site ??= current.site;
    current.cause.step ??= current.step;
    current = current.cause;
  }
  return current;
}

const isHostFailure = (error: unknown): error is PglError => error instanceof PglError && error.code === "PGLR002";

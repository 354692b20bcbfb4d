import { RunError } from "../errors.js";
import type { Site } from "../machine/site.js";
import { show } from "../values.js";
import { functionOf, stringOf } from "./arguments.js";

/** Stops the run. @throws RunError PGLR005 with the message, always. */
function fail(message: string, site?: Site): never {
  throw new RunError("PGLR005", stringOf("fail", message), { site });
}

/** The value of an optional. @throws RunError PGLR059 when there is none. */
function unwrap<T>(x: T | null | undefined): T {
  if (x === null) {
    throw new RunError("PGLR059", "unwrap: the value is none.", { hint: "`x ?? other` gives a value in its place." });
  }
  return x as T;
}

/** What each of the functions gives, as a tuple. Those that draw or wait are entered with `frames.independent`. */
const independent = (...parts: readonly (() => unknown)[]): readonly unknown[] =>
  parts.map((part) => functionOf("independent", part)());

export const other = { fail, independent, show, unwrap, is_none: (x: unknown): boolean => x === null };

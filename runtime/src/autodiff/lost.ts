import { PglError } from "../errors.js";

/**
 * A number whose derivative is followed went where it cannot be: into a function of the host, into inference, into a
 * built-in that looks at plain numbers only. Methods that need gradients answer it with finite differences.
 */
export class LostDerivativeError extends PglError {
  constructor(
    /** What took the number, as a message says it: "the host function `f`". */
    readonly taker: string,
  ) {
    super("PGLR070", `The derivative of a number is lost in ${taker}.`, {
      hint: "Differences need no derivatives: hmc and nuts take them instead, and say so.",
    });
  }
}

/** The loss that is behind an error, if any is: what runs host functions wraps what they throw. */
export function lossBehind(error: unknown): LostDerivativeError | null {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof LostDerivativeError) return at;
  return null;
}

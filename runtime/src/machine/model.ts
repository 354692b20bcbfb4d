import type { Frame } from "./frame.js";
import type { Site } from "./site.js";

/** A compiled model: what `query` and `infer` run, and what inline calls enter. */
export interface Model<A extends readonly unknown[] = readonly unknown[], R = unknown> {
  readonly kind: "model";
  readonly name: string;
  /** A fresh activation. Arguments are complete (defaults filled in by the caller's code or by `parameters`). */
  start(...args: A): Frame;
  readonly parameters: readonly { readonly name: string; readonly type: string; readonly optional: boolean }[];
  /** Every site of this model's own body, for diagnostics and proposals. */
  readonly sites: readonly Site[];
  /** Phantom: the type of the result. */
  readonly result?: R;
}

/** A closure that may suspend. Closures that cannot are plain JavaScript functions. */
export interface Closure {
  readonly kind: "closure";
  enter(args: readonly unknown[]): Frame;
}

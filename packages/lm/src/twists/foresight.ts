import type { Constraint } from "@pgl/constraints";

/** A weight that comes after a text, as far as it follows from which constraints the text meets. */
export interface Foresight {
  /** The constraints. */
  readonly features: readonly Constraint[];
  /** log of the weight of a text that meets those that are true, in nats. It neither draws nor waits. */
  readonly logWeight: (...holds: boolean[]) => number;
  /** Whether a text that is said to have the weight zero has none. */
  readonly exact: boolean;
}

import type { RandomSource } from "../random/source.js";

/** What a run hands to its particles: services by key (language models, caches, limits). One per run, shared by all. */
export interface Environment {
  /** A service registered under `key`, as `lm:writer`. @throws RunError when there is none. */
  service<T>(key: string): T;
  readonly services: ReadonlyMap<string, unknown>;
  /** For nested inference and other machine-level randomness that belongs to no particle. */
  readonly random: RandomSource;
  readonly signal?: AbortSignal;
  /** Collects warnings; the same code and site is kept once, with a count. */
  warn(warning: { readonly code: string; readonly message: string; readonly site?: import("./site.js").Site }): void;
}

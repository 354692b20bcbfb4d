import type { RandomSource } from "../random/source.js";
import type { Op } from "./op.js";
import type { Particle } from "./particle.js";
import type { Drawable } from "./process.js";
import type { Site } from "./site.js";

/** What stands in for the values that a program observes: see `diagnostics/calibration`. */
export interface Observations {
  /** Does what `particle.observe` does, with another value. */
  observe(particle: Particle, distribution: Drawable<unknown>, value: unknown, site: Site): Op;
}

/** What one execution of a program may use. Beyond it the run ends with an error that names the place. */
export interface ExecutionLimits {
  /** Nested calls of models and of functions that may suspend. */
  readonly max_recursion: number;
  /** Draws, weights, calls and returns, each counted once. */
  readonly max_operations: number;
}

/** Deep enough for long texts; an endless recursion is noticed before it fills the memory. */
export const defaultLimits: ExecutionLimits = Object.freeze({ max_recursion: 20_000, max_operations: 10_000_000 });

/** What a run hands to its particles: services by key (language models, caches, limits). One per run, shared by all. */
export interface Environment {
  /** A service registered under `key`, as `lm:writer`. @throws RunError when there is none. */
  service<T>(key: string): T;
  readonly services: ReadonlyMap<string, unknown>;
  /** For nested inference and other machine-level randomness that belongs to no particle. */
  readonly random: RandomSource;
  readonly signal?: AbortSignal;
  /** By default `defaultLimits`. */
  readonly limits?: ExecutionLimits;
  /** By default the program observes what it says. Inferences inside it always do. */
  readonly observations?: Observations;
  /** Collects warnings; the same code and site is kept once, with a count. */
  warn(warning: { readonly code: string; readonly message: string; readonly site?: Site }): void;
}

import type { Particle } from "../../machine/particle.js";
import type { Site } from "../../machine/site.js";

/** Adds where the particle was to an error that does not say so itself. `step` is left out where there are none. */
export function located(error: unknown, particle: Particle, step?: number): unknown {
  if (error instanceof Error && Object.isExtensible(error)) {
    const details = error as Error & { site?: Site; step?: number };
    if (details.site === undefined && particle.site !== null) details.site = particle.site;
    if (details.step === undefined && step !== undefined) details.step = step;
  }
  return error;
}

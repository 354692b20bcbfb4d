import type { Site } from "./site.js";

/** What knows the log-density of a drawn value: a number for spans, else the distribution (asked on demand). */
export type Density = number | { logDensity(value: never): number };

/** One recorded draw; newest first, shared between particles that have a past in common. */
export class TraceNode {
  constructor(
    readonly site: Site,
    readonly value: unknown,
    private readonly density: Density,
    readonly previous: TraceNode | null,
  ) {}

  /** Log-density of the value under the distribution it was drawn for (nats). */
  get logDensity(): number {
    return typeof this.density === "number" ? this.density : this.density.logDensity(this.value as never);
  }
}

/** A trace, oldest draw first, as data. */
export function listTrace(newest: TraceNode | null): { site: Site; value: unknown; logDensity: number }[] {
  const draws: { site: Site; value: unknown; logDensity: number }[] = [];
  for (let node = newest; node !== null; node = node.previous) {
    draws.push({ site: node.site, value: node.value, logDensity: node.logDensity });
  }
  return draws.reverse();
}

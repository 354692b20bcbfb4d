import type { Site } from "../../machine/site.js";

/** Acceptance rates that serve random walks well: in one dimension, and in many (Roberts & Rosenthal 2001). */
const WANTED = { one: 0.44, many: 0.234 };

interface Scale {
  logScale: number;
  steps: number;
}

/** How far draws are moved, by site: a function of the site alone once burn-in is over. */
export class Scales {
  private readonly bySite = new Map<Site, Scale>();

  at(site: Site): number {
    return Math.exp(this.bySite.get(site)?.logScale ?? 0);
  }

  /** Robbins–Monro: further after steps that were accepted, less far after others, and less and less of it. */
  learn(site: Site, dimensions: number, accepted: boolean): void {
    let scale = this.bySite.get(site);
    if (scale === undefined) this.bySite.set(site, (scale = { logScale: 0, steps: 0 }));
    const wanted = dimensions === 1 ? WANTED.one : WANTED.many;
    scale.logScale += ((accepted ? 1 : 0) - wanted) / (1 + scale.steps++) ** 0.6;
  }
}

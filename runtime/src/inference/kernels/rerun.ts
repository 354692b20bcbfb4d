import type { Distribution } from "../../distributions/distribution.js";
import { journalDraw, type DrawSource } from "../../machine/journal.js";
import type { Particle } from "../../machine/particle.js";
import { lawOf } from "../../machine/request.js";
import type { Site } from "../../machine/site.js";
import type { Execution } from "../blocks/execution.js";
import { drawn, nothing } from "../blocks/forward.js";

/** The value a kernel has chosen for the first choice of a rerun. */
export interface Change {
  readonly value: unknown;
  /**
   * log of (density of the new value × of proposing the old one from it) over (of the old × of proposing the new), in nats:
   * what the change adds to the logarithm of the acceptance ratio.
   */
  readonly logRatio: number;
}

/** Which draws after the first are drawn again though they could be kept: a function of the site alone. */
export type Redraws = (site: Site) => boolean;

export const redrawAll: Redraws = () => true;

/**
 * An execution run again from its `from`-th choice on. The draws there are made so: what the old execution drew at the same
 * address (the k-th visit of the site) is kept where it is possible; the others are drawn, from their proposals if they have
 * any. Answers that were drawn at random are asked for again.
 *
 * It adds up what the acceptance ratio of Metropolis and Hastings needs: with x the old execution, x′ the new one, K the
 * draws that are kept, N those of x′ that are new and G those of x that are gone,
 *
 *     log ratio = Σ_K (log D′ − log D) + Σ_N (log D′ − log Q′) − Σ_G (log D − log Q),
 *
 * where a draw without a proposal has Q = D and adds nothing. The way back must be possible: a value that the way there
 * replaced, because it had become impossible, must not be replaceable by keeping the new one; else the rerun ends
 * (`Rerun.draw`), and the step is a rejection.
 */
export class Rerun implements DrawSource {
  /** Σ_K + Σ_N so far, and what the change adds. */
  private logRatio = 0;
  /** Draws kept so far, by place in the old execution: for the sum over those that are gone. Null when they weigh nothing. */
  private readonly kept: Uint8Array | null;
  /** Once the two executions have parted: the places in the old one of the draws to come, by site, the next one last. */
  private coming: Map<Site, number[]> | null = null;
  /** True when something was drawn that the change alone did not determine. Only ended reruns of `fixed` know. */
  redrew = false;

  constructor(
    private readonly old: Execution,
    /** −1: from the program's beginning. */
    private readonly from: number,
    private readonly change: Change | null,
    private readonly redraws: Redraws | null = null,
    /** End at the first draw that is not kept. */
    private readonly fixed = false,
  ) {
    this.kept = old.hasProposals ? new Uint8Array(old.length) : null;
  }

  draw(
    particle: Particle,
    distribution: Distribution<unknown>,
    proposal: Distribution<unknown> | null,
    site: Site,
  ): boolean {
    const at = particle.journal!.length;
    if (at === this.from && this.change !== null) {
      journalDraw(particle, distribution, proposal, site, this.change.value);
      this.logRatio += this.change.logRatio;
      return true;
    }
    const place = this.placeOf(at, site);
    if (place < 0 || (this.redraws !== null && (at === this.from || this.redraws(site))))
      return this.drawNew(particle, distribution, proposal, site, null);
    const old = this.old.nodes[place]!;
    const before = old.distribution!;
    if (distribution === before) {
      // Possible then, possible now.
      journalDraw(particle, distribution, proposal, site, old.value).knowAs(old);
    } else {
      const logDensity = sameMeasure(before, distribution) ? distribution.logDensity(old.value) : -Infinity;
      if (logDensity === -Infinity) return this.drawNew(particle, distribution, proposal, site, before);
      journalDraw(particle, distribution, proposal, site, old.value).knowDensity(logDensity);
      this.logRatio += logDensity - old.logDensity;
    }
    if (this.kept !== null) this.kept[place] = 1;
    return true;
  }

  request(particle: Particle): "ask" | "ended" {
    const request = particle.request!;
    if (lawOf(request) === null) return "ask";
    if (this.fixed) {
      this.redrew = true;
      particle.die();
      return "ended";
    }
    const at = particle.journal!.length;
    const old = this.old.nodes[at];
    if (this.coming === null && !(old !== undefined && old.distribution === null && old.site === particle.site))
      this.part(at);
    return "ask";
  }

  /** The logarithm of the ratio, for a particle that has come to where executions end. */
  logRatioOf(): number {
    if (this.kept === null) return this.logRatio;
    const { nodes } = this.old;
    let sum = this.logRatio;
    // The first one is in the change's own ratio.
    for (let i = this.change === null ? Math.max(0, this.from) : this.from + 1; i < nodes.length; i++)
      if (this.kept[i] === 0) sum -= nodes[i]!.logRatio;
    return sum;
  }

  /** @param before what the old value at this address came from, when it is impossible here. */
  private drawNew(
    particle: Particle,
    distribution: Distribution<unknown>,
    proposal: Distribution<unknown> | null,
    site: Site,
    before: Distribution<unknown> | null,
  ): boolean {
    if (this.fixed) {
      this.redrew = true;
      particle.die();
      return false;
    }
    const value = drawn(particle, proposal ?? distribution);
    if (value === nothing) return false;
    // From the new execution, the value would be kept: there is no way back.
    if (before !== null && sameMeasure(before, distribution) && before.logDensity(value) > -Infinity) {
      particle.die();
      return false;
    }
    const node = journalDraw(particle, distribution, proposal, site, value);
    if (proposal === null) return true;
    this.logRatio += node.logRatio;
    if (node.logDensity > -Infinity) return true;
    particle.die();
    return false;
  }

  /** The place of the old execution's draw at the same address; −1 when it has none. */
  private placeOf(at: number, site: Site): number {
    if (this.coming === null) {
      const { nodes } = this.old;
      if (at < nodes.length) {
        const old = nodes[at]!;
        if (old.site === site && old.distribution !== null) return at;
      }
      this.part(at);
    }
    return this.coming!.get(site)?.pop() ?? -1;
  }

  /** The executions have the same addresses up to here: from now on they are looked up. */
  private part(at: number): void {
    const { nodes } = this.old;
    const coming = new Map<Site, number[]>();
    for (let i = nodes.length - 1; i >= at; i--) {
      const { site, distribution } = nodes[i]!;
      if (distribution === null) continue;
      const places = coming.get(site);
      if (places === undefined) coming.set(site, [i]);
      else places.push(i);
    }
    this.coming = coming;
  }
}

/** Whether densities under the two are with respect to one measure: a mass is no density. */
function sameMeasure(a: Distribution<unknown>, b: Distribution<unknown>): boolean {
  return isDiscrete(a) === isDiscrete(b);
}

function isDiscrete(d: Distribution<unknown>): boolean {
  const { discrete } = d as { readonly discrete?: unknown };
  if (typeof discrete === "boolean") return discrete;
  const { kind } = d.support;
  return kind === "finite" || kind === "countable";
}

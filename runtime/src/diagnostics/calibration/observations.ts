import { RunError } from "../../errors.js";
import type { Observations } from "../../machine/environment.js";
import { Frame } from "../../machine/frame.js";
import type { JournalNode } from "../../machine/journal.js";
import type { Op } from "../../machine/op.js";
import type { Particle } from "../../machine/particle.js";
import type { Drawable } from "../../machine/process.js";
import { showSite, type Site } from "../../machine/site.js";
import { equal } from "../../values.js";

/** The values of observations, by site, in the order they were come to there. */
export type Observed = ReadonlyMap<Site, readonly unknown[]>;

/** Simulates: each `observe v ~ D` draws a value of D, keeps it, and weighs nothing. For one execution. */
export class Simulated implements Observations {
  readonly values = new Map<Site, unknown[]>();
  /** The program's, with what was drawn in place of those that it observes. */
  readonly arguments: unknown[];

  constructor(private readonly known: readonly unknown[]) {
    this.arguments = [...known];
  }

  observe(particle: Particle, distribution: Drawable<unknown>, value: unknown, site: Site): Op {
    return drawObserved(particle, distribution, site, ({ value: drawn }) => {
      const argument = argumentObserved(this.known, value);
      if (typeof argument === "number") this.arguments[argument] = drawn;
      const known = this.values.get(site);
      if (known === undefined) this.values.set(site, [drawn]);
      else known.push(drawn);
    });
  }
}

/** Which of a program's arguments is the value that it observes; else why that cannot be said. */
export function argumentObserved(known: readonly unknown[], value: unknown): number | "none" | "several" {
  const which = known.flatMap((argument, i) => (equal(argument, value) ? [i] : []));
  return which.length === 1 ? which[0]! : which.length === 0 ? "none" : "several";
}

/**
 * Draws a value of `distribution` where one is observed, and weighs nothing. `keep` sees the particle when it has the value,
 * which is then the last draw of its trace. The journal is that of the result alone: an execution that observes does not
 * draw this.
 */
export const drawObserved = (
  particle: Particle,
  distribution: Drawable<unknown>,
  site: Site,
  keep: (particle: Particle) => void,
): Op => particle.call(new DrawObserved(distribution, site, keep));

class DrawObserved extends Frame {
  private before: JournalNode | null = null;

  constructor(
    private readonly distribution: Drawable<unknown>,
    private readonly site: Site,
    private readonly keep: (particle: Particle) => void,
  ) {
    super();
  }

  step(particle: Particle): Op {
    if (this.pc++ === 0) {
      this.before = particle.journal;
      return particle.sample(this.distribution, this.site);
    }
    particle.journal = this.before;
    this.keep(particle);
    return particle.return(undefined);
  }

  protected copy(): Frame {
    const copy = new DrawObserved(this.distribution, this.site, this.keep);
    copy.before = this.before;
    return copy;
  }
}

/**
 * Observes values that were simulated: the k-th time an execution comes to a site, the k-th value there. How often it has
 * been there is in its trace, so that whoever copies an execution, or goes back in it, takes that along.
 */
export class Given implements Observations {
  constructor(private readonly values: Observed) {}

  observe(particle: Particle, distribution: Drawable<unknown>, _value: unknown, site: Site): Op {
    const visit = visitsOf(particle, site);
    const values = this.values.get(site) ?? [];
    if (visit >= values.length) {
      throw new RunError(
        "PGLR101",
        `${showSite(site)} observes more in one execution than in another: there are ${values.length} simulated values, and this is observation ${visit + 1}.`,
        {
          site,
          hint: "Only programs whose number of observations does not depend on what they draw can be calibrated.",
        },
      );
    }
    particle.record(site, visit, 0);
    return particle.observed(distribution, values[visit], site);
  }
}

/** How often an execution has observed at a site. */
function visitsOf(particle: Particle, site: Site): number {
  const { ledger } = particle;
  for (let at = particle.lastDraw; at >= 0; at = ledger.previous(at))
    if (ledger.site(at) === site) return (ledger.value(at) as number) + 1;
  return 0;
}

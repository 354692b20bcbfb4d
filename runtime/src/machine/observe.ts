import { Frame } from "./frame.js";
import type { Op } from "./op.js";
import type { Particle } from "./particle.js";
import type { Process } from "./process.js";
import type { Site } from "./site.js";

/** Asks a process for the log-density of a value, then weighs by it: one observation, one weight. */
export class ObserveFrame extends Frame {
  constructor(
    private readonly process: Process<unknown>,
    private readonly observed: unknown,
    private readonly site: Site,
  ) {
    super();
  }

  step(particle: Particle): Op {
    switch (this.pc++) {
      case 0:
        return particle.call(this.process.logDensity(this.observed));
      case 1:
        return particle.factor(particle.value as number, this.site);
      default:
        return particle.return(undefined);
    }
  }

  protected copy(): Frame {
    return new ObserveFrame(this.process, this.observed, this.site);
  }
}

import type { RandomSource } from "../random/source.js";
import type { Environment } from "./environment.js";
import type { Frame } from "./frame.js";
import type { Guide } from "./guide.js";
import { ObserveFrame } from "./observe.js";
import { Op } from "./op.js";
import type { Drawable } from "./process.js";
import type { Request } from "./request.js";
import type { Site } from "./site.js";
import { TraceNode } from "./trace.js";

/**
 * A running program: its frame stack, its weight and its past. Forking is O(1): everything it points to is immutable or
 * copied on write.
 */
export class Particle {
  /** Top of the frame stack; null when the program has returned. */
  frame: Frame | null;
  /** The answer to the last operation, or the program's result. */
  value: unknown = undefined;
  /** log of the target weight: Σ factors + Σ (log density − log proposal density), in nats. Twists are not in it. */
  logWeight = 0;
  /** The running twist log ψ, in nats; zero when the program ends. */
  logTwist = 0;
  trace: TraceNode | null = null;
  /** A whole-trace proposal running beside this program, if the method was given one. */
  guide: Guide | null = null;

  // Registers: operands of the operation last returned by `step`.
  distribution: Drawable<unknown> | null = null;
  proposal: Drawable<unknown> | null = null;
  site: Site | null = null;
  increment = 0;
  request: Request | null = null;

  constructor(
    frame: Frame,
    /** Draws of this particle. Belongs to the particle's slot in its population, not to its history. */
    public random: RandomSource,
    readonly environment: Environment,
  ) {
    this.frame = frame;
  }

  // What emitted code calls: `this.pc = k; return particle.sample(d, SITE);`

  sample(distribution: Drawable<unknown>, site: Site, proposal: Drawable<unknown> | null = null): Op {
    this.distribution = distribution;
    this.proposal = proposal;
    this.site = site;
    return Op.Sample;
  }

  /** A factor of `weight` nats. `-Infinity` ends the particle. The machine rejects NaN and `+Infinity`. */
  factor(weight: number, site: Site): Op {
    this.increment = weight;
    this.site = site;
    return Op.Weight;
  }

  condition(holds: boolean, site: Site): Op {
    this.increment = holds ? 0 : -Infinity;
    this.site = site;
    return Op.Weight;
  }

  /** Weighs by the density of `value` under `distribution`; a process scores with frames of its own. */
  observe(distribution: Drawable<unknown>, value: unknown, site: Site): Op {
    if (distribution.kind === "process") return this.call(new ObserveFrame(distribution, value, site));
    this.increment = distribution.logDensity(value);
    this.site = site;
    return Op.Weight;
  }

  twist(weight: number, site: Site): Op {
    this.increment = weight;
    this.site = site;
    return Op.Twist;
  }

  step(site: Site): Op {
    this.site = site;
    return Op.Step;
  }

  ask(request: Request, site: Site): Op {
    this.request = request;
    this.site = site;
    return Op.Request;
  }

  /** Records a draw that was made in parts (a text span) under its own site. `logDensity` in nats. */
  record(site: Site, value: unknown, logDensity: number): void {
    this.trace = new TraceNode(site, value, logDensity, this.trace);
  }

  /** Enters `frame`; its result is in `value` when the caller goes on. */
  call(frame: Frame): Op {
    frame.parent = this.frame;
    this.frame = frame;
    return Op.Continue;
  }

  /** Leaves the current frame with a result. */
  return(value: unknown): Op {
    this.value = value;
    const parent = this.frame!.parent;
    if (parent === null) {
      this.frame = null;
      return Op.Done;
    }
    this.frame = parent;
    return Op.Continue;
  }

  /** An independent particle with the same state; this one stays usable. Its stream is to be set by whoever forks. */
  fork(random: RandomSource): Particle {
    if (this.frame !== null) this.frame.shared = true;
    const twin = new Particle(this.frame as Frame, random, this.environment);
    twin.value = this.value;
    twin.logWeight = this.logWeight;
    twin.logTwist = this.logTwist;
    twin.trace = this.trace;
    if (this.guide !== null) twin.guide = this.guide.fork(random);
    twin.distribution = this.distribution;
    twin.proposal = this.proposal;
    twin.site = this.site;
    twin.increment = this.increment;
    twin.request = this.request;
    return twin;
  }

  /** Runs frames until the machine is needed. The only place where a shared frame is made writable. */
  advance(): Op {
    for (;;) {
      const frame = this.frame!;
      const writable = frame.shared ? (this.frame = frame.owned()) : frame;
      const op = writable.step(this);
      if (op !== Op.Continue) return op;
    }
  }
}

import { RunError } from "../errors.js";
import type { RandomSource } from "../random/source.js";
import { defaultLimits, type Environment, type ExecutionLimits } from "./environment.js";
import type { Frame } from "./frame.js";
import type { Guide } from "./guide.js";
import { opOf, type DrawSource, type JournalNode } from "./journal.js";
import { ObserveFrame } from "./observe.js";
import { Op } from "./op.js";
import type { Drawable } from "./process.js";
import type { Request } from "./request.js";
import { showSite, type Site } from "./site.js";
import { Trace, TraceLedger, type Density, type TraceHolder } from "./trace.js";

/** Twists of spans: none, those the program gives, or beside them those that are found automatically. */
export type TwistUse = "none" | "given" | "automatic";

/**
 * A running program: its frame stack, its weight and its past. Forking copies the frame on top; everything else it points
 * to is immutable or copied on write.
 */
export class Particle implements TraceHolder {
  /** Top of the frame stack; null when the program has returned. */
  frame: Frame | null;
  /** The answer to the last operation, or the program's result. */
  value: unknown = undefined;
  /** A whole-trace proposal running beside this program, if the method was given one. */
  guide: Guide | null = null;

  // Registers: operands of the operation last returned by `step`.
  distribution: Drawable<unknown> | null = null;
  proposal: Drawable<unknown> | null = null;
  site: Site | null = null;
  /** Not a number at first, so that the engine keeps a reference to numbers it has instead of copies. */
  increment!: number;
  request: Request | null = null;
  /** An operation that was asked for and is still to be done: its operands are in the registers. */
  held: Op | null = null;

  /** The number of the last draw in the ledger. */
  lastDraw = -1;
  /** What it has consumed, seen from the last; null unless it keeps a journal. */
  journal: JournalNode | null = null;
  /** Where its draws come from, if it keeps a journal; null: they are drawn. */
  source: DrawSource | null = null;
  /** Σ factors and observations in nats, without what proposals weigh. Kept only beside a journal. */
  logFactors = 0;
  /**
   * Which twists its draws of text may bring with them: methods that only draw and weigh have no use for any. Belongs to
   * the particle's slot, like its randomness.
   */
  twists: TwistUse = "none";
  /** Checkpoints it has come to. */
  checkpoints = 0;
  /** How often a frame has been run, for `max_operations`. */
  operations = 0;
  private readonly limits: ExecutionLimits;

  constructor(
    frame: Frame | null,
    /** Draws of this particle. Belongs to the particle's slot in its population, not to its history. */
    public random: RandomSource,
    readonly environment: Environment,
    /** Where its weight and its twist are kept: two entries from `place` on. A population has those of all its particles in one. */
    private readonly weights: Float64Array = new Float64Array(2),
    private readonly place = 0,
    /** Where its draws are recorded; shared by all particles that may have a past in common. */
    readonly ledger: TraceLedger = new TraceLedger(),
  ) {
    this.frame = frame;
    this.limits = environment.limits ?? defaultLimits;
  }

  /** log of the target weight: Σ factors + Σ (log density − log proposal density), in nats. Twists are not in it. */
  get logWeight(): number {
    return this.weights[this.place]!;
  }

  set logWeight(weight: number) {
    this.weights[this.place] = weight;
  }

  /** The running twist log ψ, in nats; zero when the program ends. */
  get logTwist(): number {
    return this.weights[this.place + 1]!;
  }

  set logTwist(twist: number) {
    this.weights[this.place + 1] = twist;
  }

  /**
   * Whether it is one of a population, whose executions are compared at their checkpoints: a draw in many steps that ends
   * before others then takes empty ones, so that all come to what is next at the same checkpoint.
   */
  get isCompared(): boolean {
    return this.twists !== "none";
  }

  /** The draws so far, seen from the last; null when there were none. */
  get trace(): Trace | null {
    return Trace.of(this.ledger, this.lastDraw);
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
    const { observations } = this.environment;
    return observations === undefined
      ? this.observed(distribution, value, site)
      : observations.observe(this, distribution, value, site);
  }

  /** `observe` of this very value. */
  observed(distribution: Drawable<unknown>, value: unknown, site: Site): Op {
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

  /** Records a draw; one made in parts (a text span) under its own site, with its log-density in nats. */
  record(site: Site, value: unknown, density: Density): void {
    this.lastDraw = this.ledger.append(this.lastDraw, site, value, density);
  }

  /**
   * Enters `frame`; its result is in `value` when the caller goes on.
   * @throws RunError PGLR060 beyond `max_recursion` frames.
   */
  call(frame: Frame): Op {
    const caller = this.frame;
    frame.parent = caller;
    if (caller !== null && (frame.depth = caller.depth + 1) > this.limits.max_recursion) this.tooDeep();
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

  /** An independent particle with the same state; this one stays usable. It draws from `random`. */
  fork(random: RandomSource): Particle {
    const twin = new Particle(null, random, this.environment, new Float64Array(2), 0, this.ledger);
    twin.become(this);
    twin.twists = this.twists;
    return twin;
  }

  /**
   * Takes over the state of `other`, which stays usable and records in the same ledger; only the stream of randomness
   * remains this particle's own.
   */
  become(other: Particle): void {
    this.frame = other.frame === null ? null : other.frame.twin();
    this.value = other.value;
    this.logWeight = other.logWeight;
    this.logTwist = other.logTwist;
    this.lastDraw = other.lastDraw;
    this.guide = other.guide === null ? null : other.guide.fork(this.random);
    this.distribution = other.distribution;
    this.proposal = other.proposal;
    this.site = other.site;
    this.increment = other.increment;
    this.request = other.request;
    this.held = other.held;
    this.operations = other.operations;
    this.checkpoints = other.checkpoints;
    this.journal = other.journal;
    this.source = other.source;
    this.logFactors = other.logFactors;
  }

  /**
   * Goes back (or over) to the state just before `node`, of a journal that keeps states: what the entry was the answer to is
   * asked for again when the particle runs on. The weight is left as it is: in a population it is not the execution's alone.
   */
  resume(node: JournalNode): void {
    this.frame = node.frame;
    this.held = opOf(node);
    this.distribution = node.distribution;
    this.proposal = node.proposal;
    this.request = node.request;
    this.site = node.site;
    this.journal = node.previous;
    this.logFactors = node.logFactors;
    this.logTwist = node.logTwist;
    this.lastDraw = node.lastDraw;
    this.operations = node.operations;
    this.checkpoints = node.checkpoints;
  }

  /** The frame on top, for somebody to hold on to: whoever goes on with it makes a copy. */
  shareFrame(): Frame {
    const frame = this.frame!;
    frame.shared = true;
    return frame;
  }

  /**
   * Multiplies the weight by `exp(increment)`. False when it became zero: then the particle has stopped, and nothing of it is
   * kept but where that was.
   * @throws RunError PGLR062 for NaN, +Infinity, and what is no number.
   */
  weigh(increment: number, site: Site): boolean {
    if (increment === -Infinity) {
      this.die();
      return false;
    }
    if (!(increment < Infinity)) throw badWeight(site, increment);
    this.logWeight += increment;
    return true;
  }

  /** Stops with weight zero. */
  die(): void {
    this.logWeight = -Infinity;
    this.frame = null;
    this.guide = null;
  }

  /**
   * Runs frames until the machine is needed. The only place where a shared frame is made writable.
   * @throws RunError PGLR061 beyond `max_operations` runs of a frame.
   */
  advance(): Op {
    for (;;) {
      const frame = this.frame!;
      const writable = frame.shared ? (this.frame = frame.owned()) : frame;
      if (++this.operations > this.limits.max_operations) this.tooLong();
      const op = writable.step(this);
      if (op !== Op.Continue) return op;
    }
  }

  private tooDeep(): never {
    throw new RunError("PGLR060", `Calls are nested more than ${this.limits.max_recursion} deep.`, {
      site: this.site ?? undefined,
      hint: "Is there a case that ends the recursion? The limit is `max_recursion`.",
    });
  }

  private tooLong(): never {
    throw new RunError("PGLR061", `An execution has taken more than ${this.limits.max_operations} operations.`, {
      site: this.site ?? undefined,
      hint: "Does a loop of the program never end? The limit is `max_operations`.",
    });
  }
}

/** @returns RunError PGLR062. */
export function badWeight(site: Site, increment: unknown): RunError {
  const what = typeof increment !== "number" ? "not a number" : Number.isNaN(increment) ? "NaN" : "+Infinity";
  return new RunError("PGLR062", `The weight at ${showSite(site)} is ${what}.`, {
    site,
    hint: "A weight is a number of nats below +Infinity; -Infinity rules the execution out.",
  });
}

import type { Distribution } from "../distributions/distribution.js";
import { equal } from "../values.js";
import { MethodError, RunError } from "../errors.js";
import type { Frame } from "./frame.js";
import { Op } from "./op.js";
import type { Particle } from "./particle.js";
import type { Drawable } from "./process.js";
import { lawOf, type Request } from "./request.js";
import { showSite, type Site } from "./site.js";

/**
 * One thing an execution has consumed that does not follow from what it had consumed before: a draw, or an answer that was
 * drawn at random (`RequestHandler.law`). Draws inside a text span are entries of their own.
 */
export interface JournalEntry {
  readonly kind: "draw" | "answer";
  readonly site: Site;
  readonly value: unknown;
  /** What the program drew from; null for an answer. */
  readonly distribution: Distribution<unknown> | null;
  /** Log-density of the value under `distribution`, in nats; 0 for an answer, which counts as drawn from its own law. */
  readonly logDensity: number;
  /** Log-density of the value under the proposal it was drawn from, in nats; null when there was none. */
  readonly logProposal: number | null;
  /** What an answer was drawn from: equal texts are equal laws. Null for a draw. */
  readonly law: string | null;
}

/**
 * An entry in the journal of one particle, or of several that have this past in common: a list from the last entry to the
 * first, of which nothing changes once it is written. Where the journal keeps states, an entry is also a fork of the
 * particle from just before it (`Particle.resume`): it holds on to the frame, which is copied when somebody wants to write
 * to it, and to nothing else that the program does not hold on to itself.
 */
export class JournalNode implements JournalEntry {
  // Not numbers at first: the engine then shares the number it has when one is passed on.
  private density: number | undefined = undefined;
  private proposed: number | undefined = undefined;

  constructor(
    readonly previous: JournalNode | null,
    /** Entries up to this one. */
    readonly length: number,
    readonly site: Site,
    readonly value: unknown,
    readonly distribution: Distribution<unknown> | null,
    readonly proposal: Distribution<unknown> | null,
    readonly request: Request | null,
    /** The state before: null when the journal keeps none. */
    readonly frame: Frame | null,
    readonly logFactors: number,
    readonly logTwist: number,
    /** Of the ledger: renumbered with it. */
    public lastDraw: number,
    readonly operations: number,
    readonly checkpoints: number,
  ) {}

  /** The beginning of a journal, which is no entry. */
  static begin(keepsStates: boolean): JournalNode {
    return keepsStates ? BEGIN_WITH_STATES : BEGIN;
  }

  get keepsStates(): boolean {
    return this.frame !== null || this === BEGIN_WITH_STATES;
  }

  get kind(): "draw" | "answer" {
    return this.distribution === null ? "answer" : "draw";
  }

  get logDensity(): number {
    if (this.distribution === null) return 0;
    return (this.density ??= this.distribution.logDensity(this.value));
  }

  get logProposal(): number | null {
    if (this.proposal === null) return null;
    return (this.proposed ??= this.proposal.logDensity(this.value));
  }

  /** log of the density under the program over that under what it was drawn from, in nats; 0 without a proposal. */
  get logRatio(): number {
    return this.proposal === null ? 0 : this.logDensity - this.logProposal!;
  }

  get law(): string | null {
    return this.request === null ? null : lawOf(this.request);
  }

  // What is known already is not worked out again.

  knowDensity(logDensity: number): void {
    this.density = logDensity;
  }

  /** The same value from the same distribution as at `other`. */
  knowAs(other: JournalNode): void {
    this.density = other.density;
    if (this.proposal === other.proposal) this.proposed = other.proposed;
  }
}

const NOWHERE: Site = Object.freeze({ name: "start", kind: "call" });
const BEGIN = new JournalNode(null, 0, NOWHERE, undefined, null, null, null, null, 0, 0, -1, 0, 0);
const BEGIN_WITH_STATES = new JournalNode(null, 0, NOWHERE, undefined, null, null, null, null, 0, 0, -1, 0, 0);

/**
 * Where the draws of a particle that keeps a journal come from, when they are not just drawn. It depends on the particle's
 * journal alone, so that a fork can use it too, or belongs to one particle.
 */
export interface DrawSource {
  /**
   * Makes the draw the particle stands at, and writes it down with `journalDraw`. False when the particle has died of it;
   * null when it is to be drawn as without a source.
   */
  draw(
    particle: Particle,
    distribution: Distribution<unknown>,
    proposal: Distribution<unknown> | null,
    site: Site,
  ): boolean | null;
  /** What to do about the particle's request: answer it now, ask for it, or end the particle. */
  request(particle: Particle): "answered" | "ask" | "ended";
}

/**
 * Makes a particle that has not begun write down what it consumes. With `states`, an entry keeps the state before it.
 */
export function startJournal(particle: Particle, { states = false }: { readonly states?: boolean } = {}): void {
  particle.journal = JournalNode.begin(states);
}

/** What a particle has consumed, the oldest first. @throws MethodError PGLR080 when it keeps no journal. */
export function journalOf(particle: Particle): readonly JournalNode[] {
  const last = particle.journal;
  if (last === null) {
    throw new MethodError("PGLR080", "This particle keeps no journal.", {
      hint: "Call `startJournal` before it runs.",
    });
  }
  return nodesOf(last);
}

/** The entries up to `last`, the oldest first. */
export function nodesOf(last: JournalNode): JournalNode[] {
  const nodes = new Array<JournalNode>(last.length);
  for (let at = last; at.previous !== null; at = at.previous) nodes[at.length - 1] = at;
  return nodes;
}

/** Writes down a draw, gives its value to the program and to the trace. It weighs nothing. */
export function journalDraw(
  particle: Particle,
  distribution: Distribution<unknown>,
  proposal: Distribution<unknown> | null,
  site: Site,
  value: unknown,
): JournalNode {
  const before = particle.journal!;
  const node = new JournalNode(
    before,
    before.length + 1,
    site,
    value,
    distribution,
    proposal,
    null,
    before.keepsStates ? particle.shareFrame() : null,
    particle.logFactors,
    particle.logTwist,
    particle.lastDraw,
    particle.operations,
    particle.checkpoints,
  );
  particle.journal = node;
  particle.value = value;
  if (site.kind === "sample") particle.record(site, value, distribution);
  return node;
}

/** Writes down an answer to the particle's request, if it was drawn at random. */
export function journalAnswer(particle: Particle, value: unknown): void {
  const before = particle.journal!;
  const request = particle.request!;
  if (lawOf(request) === null) return;
  particle.journal = new JournalNode(
    before,
    before.length + 1,
    particle.site ?? NOWHERE,
    value,
    null,
    null,
    request,
    before.keepsStates ? particle.shareFrame() : null,
    particle.logFactors,
    particle.logTwist,
    particle.lastDraw,
    particle.operations,
    particle.checkpoints,
  );
}

/** How a replay went so far. */
export type ReplayVerdict =
  /** `next` of `of` entries have been consumed; once all are, the particle draws by itself. */
  | { readonly kind: "following"; readonly next: number; readonly of: number }
  | { readonly kind: "complete" }
  /** The particle has died at `site`, where it asked for something else than `entry`. */
  | {
      readonly kind: "diverged";
      readonly entry: JournalEntry;
      readonly site: Site;
      /** Another site; a value that cannot come from the distribution (or its proposal) there; another random answer. */
      readonly reason: "site" | "support" | "law";
    };

/** What a replayed draw weighs. */
export type ReplayWeight =
  /** As much as when it is drawn: D/Q where the program proposes, else nothing. For reference paths. */
  | "ratio"
  /** Its density D. For the probability of the entries given the particle's past. */
  | "density";

/**
 * Makes a particle consume `entries` in their order instead of drawing: each draw must come to the same site and its value
 * must be possible there, else the particle dies with weight zero (`replayVerdict` says why). Requests whose answers are
 * functions of what is asked are asked again; random answers are taken from the entries, if their law is the same. After the
 * last entry the particle draws by itself. A particle without a journal begins one; forks go on with the replay.
 *
 * @throws MethodError PGLR081 for a particle with a whole-trace proposal, whose own draws are not in the entries.
 */
export function replay(
  particle: Particle,
  entries: readonly JournalEntry[],
  { weigh = "ratio" }: { readonly weigh?: ReplayWeight } = {},
): void {
  if (particle.guide !== null) {
    throw new MethodError("PGLR081", "An execution with a whole-trace proposal cannot be replayed.", {
      hint: "Run the method without `proposal`; proposals at the draws (`x ~ D proposing Q`) are fine.",
    });
  }
  if (particle.journal === null) startJournal(particle);
  particle.source = new Replay(entries, particle.journal!.length, weigh);
}

/** How the replay of a particle went; null when none was begun. */
export function replayVerdict(particle: Particle): ReplayVerdict | null {
  return particle.source instanceof Replay ? particle.source.verdict(particle) : null;
}

/** The place in the entries is how much the journal has grown, so there is no state to fork. */
class Replay implements DrawSource {
  constructor(
    private readonly entries: readonly JournalEntry[],
    private readonly start: number,
    private readonly weigh: ReplayWeight,
    private readonly diverged: (ReplayVerdict & { readonly kind: "diverged" }) | null = null,
  ) {}

  verdict(particle: Particle): ReplayVerdict {
    if (this.diverged !== null) return this.diverged;
    const next = particle.journal!.length - this.start;
    const of = this.entries.length;
    return next < of ? { kind: "following", next, of } : { kind: "complete" };
  }

  draw(
    particle: Particle,
    distribution: Distribution<unknown>,
    proposal: Distribution<unknown> | null,
    site: Site,
  ): boolean | null {
    const entry = this.next(particle);
    if (entry === undefined) return null;
    if (entry.kind !== "draw" || !sameSite(entry.site, site)) return this.end(particle, entry, site, "site");
    const logDensity = distribution.logDensity(entry.value);
    const logProposal = proposal === null || this.weigh === "density" ? NaN : proposal.logDensity(entry.value);
    if (logDensity === -Infinity || logProposal === -Infinity) {
      return this.end(particle, entry, site, "support");
    }
    journalDraw(particle, distribution, proposal, site, entry.value).knowDensity(logDensity);
    if (this.weigh === "density") particle.logWeight += logDensity;
    else if (proposal !== null) particle.logWeight += logDensity - logProposal;
    return true;
  }

  request(particle: Particle): "answered" | "ask" | "ended" {
    const request = particle.request!;
    const law = lawOf(request);
    const entry = this.next(particle);
    if (law === null || entry === undefined) return "ask";
    const site = particle.site ?? NOWHERE;
    const reason = entry.kind !== "answer" || !sameSite(entry.site, site) ? "site" : entry.law !== law ? "law" : null;
    if (reason !== null) {
      this.end(particle, entry, site, reason);
      return "ended";
    }
    journalAnswer(particle, entry.value);
    particle.value = entry.value;
    particle.request = null;
    return "answered";
  }

  private next(particle: Particle): JournalEntry | undefined {
    return this.entries[particle.journal!.length - this.start];
  }

  private end(particle: Particle, entry: JournalEntry, site: Site, reason: "site" | "support" | "law"): false {
    particle.source = new Replay(this.entries, this.start, this.weigh, { kind: "diverged", entry, site, reason });
    particle.die();
    return false;
  }
}

/** Sites are constants of the program; those of two loads of it are told apart by what they say. */
const sameSite = (a: Site, b: Site): boolean => a === b || (a.kind === b.kind && a.name === b.name && equal(a, b));

/** @returns RunError PGLR006. */
export function notOfOneKind(distribution: Drawable<unknown>, proposal: Drawable<unknown>, site: Site): RunError {
  return new RunError(
    "PGLR006",
    `At ${showSite(site)} a ${proposal.name} is proposed for a ${distribution.name}: a proposal must be of the same kind.`,
    { site },
  );
}

/** The operation that an entry is the answer to. */
export const opOf = (node: JournalNode): Op => (node.request === null ? Op.Sample : Op.Request);

import type { Environment } from "../../machine/environment.js";
import { Guide } from "../../machine/guide.js";
import type { Model } from "../../machine/model.js";
import { Particle, type TwistUse } from "../../machine/particle.js";
import type { Site } from "../../machine/site.js";
import { TraceLedger, type TraceHolder } from "../../machine/trace.js";
import type { RandomSource } from "../../random/source.js";
import { LogWeights, type ConditionalScheme, type Resampled, type ResamplingScheme } from "../../weights/index.js";
import type { Target } from "../method.js";
import { answerRequests } from "./answer.js";
import { runToCheckpoint, Status } from "./forward.js";
import type { Checkpoint, ReferencePath } from "./lineage.js";
import { located } from "./located.js";

/** More requests than this between two checkpoints of a particle share their randomness keys with the next step's. */
const MAX_ROUNDS = 65536;

/** Differences of log-weights below this are rounding. */
const ROUNDING = 1e-12;

/** Where the last particle died, for the message that says so. */
export interface Death {
  readonly site: Site | null;
  readonly step: number;
}

export interface PopulationOptions {
  /** A whole-trace proposal running beside each particle. */
  readonly proposal?: Model;
  /** Keep, per slot, the states at the checkpoints (`Population.lineage`). Off by default: it costs a fork a step. */
  readonly lineage?: boolean;
  /** An execution that is carried along in the first slot; its ledger is used. Resampling is then to be conditional. */
  readonly given?: ReferencePath;
  /** Another way to give an execution: the particle in the first slot was prepared to replay it. */
  readonly replayed?: boolean;
  /** Factors count by this power: the target is `prior × exp(beta · factors)`. Needs particles that keep a journal. Default 1. */
  readonly beta?: number;
  /** Where draws are recorded. By default a new one, in which nobody else has a past. */
  readonly ledger?: TraceLedger;
  /** Everybody else with a past in the ledger. A population that shares one without saying so never compacts it. */
  readonly others?: () => Iterable<TraceHolder>;
  /** Called for each particle before it begins. */
  readonly prepare?: (particle: Particle) => void;
  /** Which twists draws of text bring with them. All, by default. */
  readonly twists?: TwistUse;
}

/** An execution that a population carries along: it is given, not drawn. */
interface Reference {
  slot: number;
  path: ReferencePath;
}

/**
 * N particles in N slots. The measure it stands for is `(1/N) Σ exp(logWeight_i) δ(particle_i)`, in expectation: spawning,
 * advancing and resampling keep it (Ścibior et al. 2018, Denotational validation of higher-order Bayesian inference). Each
 * slot has its own stream of randomness, so what happens in slot i does not depend on how many slots there are.
 */
export class Population {
  readonly status: Uint8Array;
  /** The slot of the first generation each particle descends from. */
  readonly eve: Int32Array;
  step = 0;
  lastDeath: Death | null = null;
  /** Σ log(1 − c) over the resamplings, c the variance each has added; NaN when a scheme does not say. */
  resampled = 0;
  /** By slot, the last checkpoint of the particle there; null unless asked for. */
  readonly lineage: (Checkpoint | null)[] | null;
  private reference: Reference | null = null;
  /** See `PopulationOptions`. */
  private beta = 1;
  /** Steering weights after the last resampling: news is what differs from them. */
  private readonly settled: Float64Array;

  private constructor(
    readonly particles: readonly Particle[],
    /** Of slot i: the log of its target weight at 2i, its log twist at 2i + 1. The particles keep them here. */
    private readonly weights: Float64Array,
    private readonly ledger: TraceLedger,
    /** Who else has a past in the ledger; null when that is not known. */
    private readonly others: (() => Iterable<TraceHolder>) | null,
    readonly environment: Environment,
    lineage: boolean,
  ) {
    this.status = new Uint8Array(particles.length);
    this.eve = Int32Array.from(particles, (_, i) => i);
    this.settled = new Float64Array(particles.length);
    this.lineage = lineage ? new Array<Checkpoint | null>(particles.length).fill(null) : null;
  }

  /** See `spawn` in blocks.ts. */
  static spawn(
    program: Target,
    count: number,
    environment: Environment,
    random: RandomSource,
    options: PopulationOptions | Model | undefined = {},
  ): Population {
    const settings: PopulationOptions = isModel(options) ? { proposal: options } : options;
    const {
      proposal,
      lineage = false,
      given,
      replayed = false,
      others,
      prepare,
      beta = 1,
      twists = "automatic",
    } = settings;
    const ledger = given?.[0]!.state.ledger ?? settings.ledger;
    const sites =
      proposal === undefined ? null : new Set(proposal.sites.filter((s) => s.kind === "sample").map((s) => s.name));
    const weights = new Float64Array(2 * count);
    const records = ledger ?? new TraceLedger();
    const particles = Array.from({ length: count }, (_, i) => {
      const stream = random.split(i);
      const particle = new Particle(program.start(), stream, environment, weights, 2 * i, records);
      if (proposal !== undefined) {
        const guide = new Particle(proposal.start(...program.arguments), stream, environment);
        particle.guide = new Guide(guide, sites!);
      }
      particle.twists = twists;
      prepare?.(particle);
      return particle;
    });
    const known = others ?? (ledger === undefined ? nobody : null);
    const population = new Population(particles, weights, records, known, environment, lineage);
    if (given !== undefined || replayed) population.reference = { slot: 0, path: given ?? [] };
    population.beta = beta;
    return population;
  }

  /**
   * See `spawnFrom` in blocks.ts. The i-th particle takes over `states[i]`, with its weight; the ledger is theirs.
   */
  static from(
    states: readonly Particle[],
    environment: Environment,
    random: RandomSource,
    { lineage = false, others }: Pick<PopulationOptions, "lineage" | "others"> = {},
  ): Population {
    const count = states.length;
    const weights = new Float64Array(2 * count);
    const { ledger } = states[0]!;
    const particles = states.map((state, i) => {
      const particle = new Particle(null, random.split(i), environment, weights, 2 * i, ledger);
      particle.become(state);
      particle.twists = state.twists === "none" ? "automatic" : state.twists;
      return particle;
    });
    const population = new Population(particles, weights, ledger, others ?? null, environment, lineage);
    for (let i = 0; i < count; i++) {
      const { frame, logWeight } = particles[i]!;
      population.status[i] = logWeight === -Infinity ? Status.Dead : frame === null ? Status.Done : Status.Checkpoint;
    }
    population.settle();
    return population;
  }

  /** An independent population in the same state, with streams of its own; the ledger is shared. */
  fork(random: RandomSource): Population {
    const twin = Population.from(this.particles, this.environment, random, {
      lineage: this.lineage !== null,
      others: this.others ?? undefined,
    });
    twin.status.set(this.status);
    twin.eve.set(this.eve);
    twin.step = this.step;
    twin.lastDeath = this.lastDeath;
    twin.resampled = this.resampled;
    twin.settled.set(this.settled);
    if (this.lineage !== null) for (let i = 0; i < this.size; i++) twin.lineage![i] = this.lineage[i]!;
    return twin;
  }

  get size(): number {
    return this.particles.length;
  }

  count(status: Status): number {
    const { status: all } = this;
    let n = 0;
    for (let i = 0; i < all.length; i++) if (all[i] === status) n++;
    return n;
  }

  /** True when no particle can go on. */
  get finished(): boolean {
    const { status } = this;
    for (let i = 0; i < status.length; i++) if (status[i]! < Status.Done) return false;
    return true;
  }

  /** The slot of the execution that is given, or −1. */
  get referenceSlot(): number {
    return this.reference?.slot ?? -1;
  }

  /** The state in which the execution that is given has finished; null without one. */
  get referenceEnd(): Particle | null {
    if (this.reference === null) return null;
    const { slot, path } = this.reference;
    return path[path.length - 1]?.state ?? this.particles[slot]!;
  }

  /** From now on, what comes of the particle in `slot` is given: `future` are its states at the checkpoints to come. */
  followFrom(slot: number, future: ReferencePath): void {
    this.reference = { slot, path: [...new Array<Checkpoint>(this.step), ...future] };
  }

  /** See `advance` in blocks.ts. */
  advance(): void | Promise<void> {
    const waiting = this.begin();
    return waiting.length === 0 ? undefined : answerAll([this], [waiting], 0);
  }

  /** Begins a step: runs every particle that can go on. @returns the slots of those that wait for an answer. */
  begin(): number[] {
    this.step++;
    if (this.others !== null && this.ledger.isDue) this.ledger.compact(new Set([...this.holders(), ...this.others()]));
    const waiting: number[] = [];
    const { status } = this;
    const taken = this.reference !== null && this.takeReference(this.reference) ? this.reference.slot : -1;
    for (let slot = 0; slot < status.length; slot++) {
      if (status[slot]! >= Status.Done || slot === taken) continue;
      if (this.runOne(slot) === Status.Waiting) waiting.push(slot);
    }
    return waiting;
  }

  /** Runs these on. @returns the slots of those that wait for another answer. */
  runThese(slots: readonly number[]): number[] {
    return slots.filter((slot) => this.runOne(slot) === Status.Waiting);
  }

  /** Everybody here with a past in the ledger. */
  *holders(): Iterable<TraceHolder> {
    yield* this.particles;
    const seen = new Set<Checkpoint>();
    for (const last of this.lineage ?? []) {
      for (let at = last; at !== null && !seen.has(at); at = at.previous) {
        seen.add(at);
        yield at.state;
      }
    }
    for (const at of this.reference?.path ?? []) {
      if (at === undefined || seen.has(at)) continue;
      seen.add(at);
      yield at.state;
    }
  }

  private runOne(slot: number): Status {
    const particle = this.particles[slot]!;
    // Before the first run of a step, not before those after an answer, it is at a checkpoint.
    const before = particle.logWeight;
    const factors = particle.logFactors;
    try {
      const status = runToCheckpoint(particle);
      if (this.beta !== 1 && status !== Status.Dead) {
        particle.logWeight += (this.beta - 1) * (particle.logFactors - factors);
      }
      this.status[slot] = status;
      if (status === Status.Dead) this.lastDeath = { site: particle.site, step: this.step };
      if (this.lineage !== null) this.extend(slot, before, status);
      return status;
    } catch (error) {
      throw located(error, particle, this.step);
    }
  }

  private pending: Float64Array | null = null;

  /** Adds to the slot's lineage where its particle has come to. What it weighed before it waited counts too. */
  private extend(slot: number, before: number, status: Status): void {
    const lineage = this.lineage!;
    this.pending ??= new Float64Array(this.size);
    const particle = this.particles[slot]!;
    const increment = this.pending[slot]! + (particle.logWeight - before);
    if (status === Status.Waiting) {
      this.pending[slot] = increment;
      return;
    }
    this.pending[slot] = 0;
    const state = particle.fork(particle.random);
    // Whoever goes on from here draws for itself.
    state.source = null;
    lineage[slot] = { state, status, increment, previous: lineage[slot]! };
  }

  /** False when it has no state for this step: then the particle there runs by itself. */
  private takeReference({ slot, path }: Reference): boolean {
    const next = path[this.step - 1];
    if (next === undefined) return false;
    const particle = this.particles[slot]!;
    const before = particle.logWeight;
    const { logTwist } = next.state;
    particle.become(next.state);
    particle.logWeight = before + next.increment;
    particle.logTwist = logTwist;
    this.status[slot] = next.status;
    if (this.lineage !== null) {
      const previous = this.lineage[slot]!;
      this.lineage[slot] = next.previous === previous ? next : { ...next, previous };
    }
    return true;
  }

  /** The log-weights that say which particles deserve to go on: target weight times running twist. */
  steeringWeights(): Float64Array {
    const { weights } = this;
    const steering = new Float64Array(this.size);
    for (let i = 0; i < steering.length; i++) steering[i] = weights[2 * i]! + weights[2 * i + 1]!;
    return steering;
  }

  /** True when the weight of some particle and what steers it differ. */
  get isTwisted(): boolean {
    const { weights } = this;
    for (let i = 1; i < weights.length; i += 2) if (weights[i] !== 0) return true;
    return false;
  }

  /** The target's log-weights: what log Z and the posterior are made of. */
  logWeights(): LogWeights {
    const { weights } = this;
    const target = new Float64Array(this.size);
    for (let i = 0; i < target.length; i++) target[i] = weights[2 * i]!;
    return new LogWeights(target, true);
  }

  /**
   * The slots that resampling may fill anew: all but those of particles whose twist is zero and whose target weight is
   * not. See `resample`.
   */
  openSlots(steering: Float64Array): number {
    let open = 0;
    for (let i = 0; i < steering.length; i++) if (!this.isHeld(steering, i)) open++;
    return open;
  }

  /** True when the steering weights say something that they did not say after the last resampling. */
  hasNews(steering: Float64Array): boolean {
    const { settled } = this;
    let common = NaN;
    for (let i = 0; i < steering.length; i++) {
      const now = steering[i]!;
      const before = settled[i]!;
      if (now === -Infinity) {
        if (before === -Infinity) continue;
        return true;
      }
      const increment = now - before;
      if (Number.isNaN(common)) common = increment;
      else if (increment !== common && !(Math.abs(increment - common) <= ROUNDING * Math.max(1, Math.abs(now))))
        return true;
    }
    return false;
  }

  /**
   * See `resample` in blocks.ts. An ancestor's first offspring stays in the ancestor's slot; the others take the slots of
   * those that have none.
   *
   * A twist of `-Infinity` on a particle that the target has not ruled out cannot be divided out again: such particles are
   * held aside, with their weights, in their slots, and the others are resampled among the rest. So no twist removes an
   * execution or changes what the answer converges to; only `condition` and `factor` do. A warning says that it happened.
   */
  resample(scheme: ResamplingScheme, steering: Float64Array, random: RandomSource): void {
    this.redistribute(steering, (weights) => scheme.resample(weights, weights.length, random));
  }

  /** See `conditionalResample` in blocks.ts. The particle that is given stays in its slot. */
  resampleGiven(scheme: ConditionalScheme, steering: Float64Array, random: RandomSource): void {
    const { slot } = this.reference!;
    this.redistribute(steering, (weights, slots) =>
      // A reference that is held aside has its place without having to be drawn.
      this.isHeld(steering, slot)
        ? scheme.resample(weights, weights.length, random)
        : scheme.resampleGiven(weights, weights.length, slots === null ? slot : slots.indexOf(slot), random),
    );
  }

  private redistribute(
    steering: Float64Array,
    draw: (weights: LogWeights, slots: Int32Array | null) => Resampled,
  ): void {
    const { particles, status, eve, lineage, weights: kept } = this;
    const slots = this.slotsToFill(steering);
    const n = slots === null ? particles.length : slots.length;
    const weights = new LogWeights(
      slots === null ? steering : Float64Array.from(slots, (slot) => steering[slot]!),
      true,
    );
    const { ancestors, logWeights, variance } = draw(weights, slots);
    this.resampled += variance === undefined ? NaN : Math.log1p(-variance);
    const offspring = new Int32Array(n);
    for (let j = 0; j < n; j++) offspring[ancestors[j]!]!++;
    let free = 0;
    for (let j = 0; j < n; j++) {
      const a = ancestors[j]!;
      const ancestor = slots === null ? a : slots[a]!;
      const source = particles[ancestor]!;
      let slot = ancestor;
      if (offspring[a]! > 0) {
        // First met: it stays where it is, and is marked so.
        offspring[a] = -1;
      } else {
        while (offspring[free] !== 0) free++;
        slot = slots === null ? free : slots[free]!;
        free++;
        particles[slot]!.become(source);
        // What a reference replays is its own.
        particles[slot]!.source = null;
        status[slot] = status[ancestor]!;
        eve[slot] = eve[ancestor]!;
        if (lineage !== null) lineage[slot] = lineage[ancestor]!;
      }
      kept[2 * slot] = logWeights[j]! - kept[2 * slot + 1]!;
    }
    this.settle();
  }

  /** From now on, news is what the steering weights say beside what they say now. */
  settle(): void {
    const { settled, weights } = this;
    for (let i = 0; i < settled.length; i++) settled[i] = weights[2 * i]! + weights[2 * i + 1]!;
  }

  /** Null when all are. */
  private slotsToFill(steering: Float64Array): Int32Array | null {
    const open = this.openSlots(steering);
    if (open === steering.length) return null;
    const slots = new Int32Array(open);
    for (let i = 0, k = 0; i < steering.length; i++) {
      if (!this.isHeld(steering, i)) {
        slots[k++] = i;
        continue;
      }
      const { site } = this.particles[i]!;
      this.environment.warn({
        code: "PGLW002",
        message:
          "A twist of -Infinity rules nothing out: the execution keeps its weight and its place. To rule it out, use `condition` or `factor`.",
        site: site ?? undefined,
      });
    }
    return slots;
  }

  private isHeld(steering: Float64Array, slot: number): boolean {
    return steering[slot] === -Infinity && this.weights[2 * slot]! > -Infinity;
  }
}

const nobody = (): Iterable<TraceHolder> => [];

const isModel = (options: PopulationOptions | Model): options is Model => (options as Model).kind === "model";

/**
 * Advances several populations by one step: what their particles wait for is asked for together. Nothing in the answer
 * depends on what is advanced together.
 *
 * @returns a promise only when an answer is not there at once.
 */
export function advanceTogether(populations: readonly Population[]): void | Promise<void> {
  if (populations.length === 1) return populations[0]!.advance();
  const going = populations.filter((p) => !p.finished);
  return answerAll(
    going,
    going.map((p) => p.begin()),
    0,
  );
}

function answerAll(
  populations: readonly Population[],
  slots: readonly (readonly number[])[],
  round: number,
): void | Promise<void> {
  let waiting = slots;
  while (waiting.some((w) => w.length > 0)) {
    const asking: Particle[] = [];
    const steps: number[] = [];
    for (let p = 0; p < populations.length; p++) {
      const { particles, step } = populations[p]!;
      for (const slot of waiting[p]!) {
        asking.push(particles[slot]!);
        steps.push(step);
      }
    }
    const here = round++;
    const pending = answerRequests(asking, populations[0]!.environment, here, (particle, i) =>
      particle.random.split(steps[i]! * MAX_ROUNDS + here),
    );
    const goOn = (): number[][] => populations.map((p, i) => p.runThese(waiting[i]!));
    if (pending !== undefined) return pending.then(() => answerAll(populations, goOn(), round));
    waiting = goOn();
  }
}

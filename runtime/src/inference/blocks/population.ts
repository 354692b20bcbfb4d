import type { Environment } from "../../machine/environment.js";
import { Guide } from "../../machine/guide.js";
import type { Model } from "../../machine/model.js";
import { Particle } from "../../machine/particle.js";
import type { Site } from "../../machine/site.js";
import { TraceLedger } from "../../machine/trace.js";
import type { RandomSource } from "../../random/source.js";
import { LogWeights, type ResamplingScheme } from "../../weights/index.js";
import type { Target } from "../method.js";
import { answerRequests } from "./answer.js";
import { runToCheckpoint, Status } from "./forward.js";
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

/**
 * N particles in N slots. The measure it stands for is `(1/N) Σ exp(logWeight_i) δ(particle_i)`, in expectation: spawning,
 * advancing and resampling keep it (Ścibior et al. 2018, Denotational validation of higher-order Bayesian inference). Each
 * slot has its own stream of randomness, so what happens in slot i does not depend on how many slots there are.
 */
export class Population {
  readonly particles: readonly Particle[];
  readonly status: Uint8Array;
  /** The slot of the first generation each particle descends from. */
  readonly eve: Int32Array;
  step = 0;
  lastDeath: Death | null = null;
  /** Σ log(1 − c) over the resamplings, c the variance each has added; NaN when a scheme does not say. */
  resampled = 0;
  /** Steering weights after the last resampling: news is what differs from them. */
  private readonly settled: Float64Array;

  private constructor(
    particles: Particle[],
    /** Of slot i: the log of its target weight at 2i, its log twist at 2i + 1. The particles keep them here. */
    private readonly weights: Float64Array,
    private readonly ledger: TraceLedger,
    private readonly environment: Environment,
  ) {
    this.particles = particles;
    this.status = new Uint8Array(particles.length);
    this.eve = Int32Array.from(particles, (_, i) => i);
    this.settled = new Float64Array(particles.length);
  }

  /** Block `spawn`: N fresh copies of the program, each of weight one in the average. */
  static spawn(
    program: Target,
    count: number,
    environment: Environment,
    random: RandomSource,
    proposal?: Model,
  ): Population {
    const sites =
      proposal === undefined ? null : new Set(proposal.sites.filter((s) => s.kind === "sample").map((s) => s.name));
    const weights = new Float64Array(2 * count);
    const ledger = new TraceLedger();
    const particles = Array.from({ length: count }, (_, i) => {
      const stream = random.split(i);
      const particle = new Particle(program.start(), stream, environment, weights, 2 * i, ledger);
      if (proposal !== undefined) {
        const guide = new Particle(proposal.start(...program.arguments), stream, environment);
        particle.guide = new Guide(guide, sites!);
      }
      return particle;
    });
    return new Population(particles, weights, ledger, environment);
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

  /**
   * Block `advance`: every particle that can goes on to its next weight, twist or step, or to its end. What they wait
   * for is answered in batches. Finished particles are not touched: their later increments are exactly one. Dead ones are
   * not run on.
   *
   * @returns a promise only when an answer is not there at once.
   */
  advance(): void | Promise<void> {
    this.step++;
    if (this.ledger.isDue) this.ledger.compact(this.particles);
    return this.goOn(this.runAll(), 0);
  }

  private goOn(slots: number[], round: number): void | Promise<void> {
    let waiting = slots;
    while (waiting.length > 0) {
      const pending = answerRequests(
        waiting.map((slot) => this.particles[slot]!),
        this.environment,
        this.step * MAX_ROUNDS + round++,
      );
      if (pending !== undefined) return pending.then(() => this.goOn(this.runThese(waiting), round));
      waiting = this.runThese(waiting);
    }
  }

  private runAll(): number[] {
    const waiting: number[] = [];
    const { status } = this;
    for (let slot = 0; slot < status.length; slot++) {
      if (status[slot]! < Status.Done && this.runOne(slot) === Status.Waiting) waiting.push(slot);
    }
    return waiting;
  }

  private runThese(slots: readonly number[]): number[] {
    return slots.filter((slot) => this.runOne(slot) === Status.Waiting);
  }

  private runOne(slot: number): Status {
    const particle = this.particles[slot]!;
    try {
      const status = runToCheckpoint(particle);
      this.status[slot] = status;
      if (status === Status.Dead) this.lastDeath = { site: particle.site, step: this.step };
      return status;
    } catch (error) {
      throw located(error, particle, this.step);
    }
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
      if (now === -Infinity && before === -Infinity) continue;
      const increment = now - before;
      if (Number.isNaN(common)) common = increment;
      else if (increment !== common && !(Math.abs(increment - common) <= ROUNDING * Math.max(1, Math.abs(now))))
        return true;
    }
    return false;
  }

  /**
   * Block `resample`: ancestors drawn by the steering weights; each offspring's target weight is its share divided by
   * its twist, so that the measure is the same in expectation and no twist stays in it. An ancestor's first offspring
   * stays in the ancestor's slot; the others take the slots of those that have none.
   *
   * A twist of `-Infinity` on a particle that the target has not ruled out cannot be divided out again: such particles are
   * held aside, with their weights, in their slots, and the others are resampled among the rest. So no twist removes an
   * execution or changes what the answer converges to; only `condition` and `factor` do. A warning says that it happened.
   */
  resample(scheme: ResamplingScheme, steering: Float64Array, random: RandomSource): void {
    const { particles, status, eve, weights: kept } = this;
    const slots = this.slotsToFill(steering);
    const n = slots === null ? particles.length : slots.length;
    const weights = new LogWeights(
      slots === null ? steering : Float64Array.from(slots, (slot) => steering[slot]!),
      true,
    );
    const { ancestors, logWeights, variance } = scheme.resample(weights, n, random);
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
        status[slot] = status[ancestor]!;
        eve[slot] = eve[ancestor]!;
      }
      kept[2 * slot] = logWeights[j]! - kept[2 * slot + 1]!;
    }
    for (let i = 0; i < particles.length; i++) this.settled[i] = kept[2 * i]! + kept[2 * i + 1]!;
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

import type { Environment } from "../../machine/environment.js";
import { Particle } from "../../machine/particle.js";
import { Guide } from "../../machine/guide.js";
import type { Model } from "../../machine/model.js";
import type { Site } from "../../machine/site.js";
import type { RandomSource } from "../../random/source.js";
import type { ResamplingScheme } from "../../weights/index.js";
import { LogWeights } from "../../weights/index.js";
import type { Target } from "../method.js";
import { answerRequests } from "./answer.js";
import { runToCheckpoint, Status } from "./forward.js";

/** More requests than this between two checkpoints of a particle share their randomness keys with the next step's. */
const MAX_ROUNDS = 65536;

/** Where the last particle died, for the message that says so. */
export interface Death {
  readonly site: Site | null;
  readonly step: number;
}

/**
 * N particles in N slots. The measure it stands for is `(1/N) Σ exp(logWeight_i) δ(particle_i)`, in expectation: spawning,
 * advancing and resampling keep it (algorithms C3). Each slot has its own stream of randomness, so what happens in slot i
 * does not depend on how many slots there are.
 */
export class Population {
  readonly particles: Particle[];
  readonly status: Uint8Array;
  /** The slot of the first generation each particle descends from. */
  readonly eve: Int32Array;
  step = 0;
  lastDeath: Death | null = null;

  private constructor(
    particles: Particle[],
    private readonly streams: readonly RandomSource[],
    private readonly environment: Environment,
  ) {
    this.particles = particles;
    this.status = new Uint8Array(particles.length);
    this.eve = Int32Array.from(particles, (_, i) => i);
  }

  /** Block `spawn`: N fresh copies of the program, each of weight one in the average. */
  static spawn(program: Target, count: number, environment: Environment, random: RandomSource, proposal?: Model): Population {
    const streams = Array.from({ length: count }, (_, i) => random.split(i));
    const sites = proposal === undefined ? null : new Set(proposal.sites.filter((s) => s.kind === "sample").map((s) => s.name));
    const particles = streams.map((stream) => {
      const particle = new Particle(program.start(), stream, environment);
      if (proposal !== undefined) {
        const guide = new Particle(proposal.start(...program.arguments), stream, environment);
        particle.guide = new Guide(guide, sites!);
      }
      return particle;
    });
    return new Population(particles, streams, environment);
  }

  get size(): number {
    return this.particles.length;
  }

  count(status: Status): number {
    let n = 0;
    for (const s of this.status) if (s === status) n++;
    return n;
  }

  /** True when no particle can go on. */
  get finished(): boolean {
    for (const s of this.status) if (s < Status.Done) return false;
    return true;
  }

  /**
   * Block `advance`: every particle that can goes on to its next weight, twist or step, or to its end. What they wait
   * for is answered in batches. Finished particles are not touched: their later increments are exactly one.
   */
  async advance(): Promise<void> {
    this.step++;
    let waiting = this.runAll();
    let round = 0;
    while (waiting.length > 0) {
      this.environment.signal?.throwIfAborted();
      await answerRequests(
        waiting.map((slot) => this.particles[slot]!),
        this.environment,
        this.step * MAX_ROUNDS + round++,
      );
      waiting = waiting.filter((slot) => this.runOne(slot) === Status.Waiting);
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
    const n = this.size;
    const weights = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const p = this.particles[i]!;
      weights[i] = p.logWeight === -Infinity ? -Infinity : p.logWeight + p.logTwist;
    }
    return weights;
  }

  /** The target's log-weights: what log Z and the posterior are made of. */
  logWeights(): LogWeights {
    return new LogWeights(Float64Array.from(this.particles, (p) => p.logWeight));
  }

  /**
   * Block `resample`: ancestors drawn by the steering weights; each offspring's target weight is its share divided by
   * its twist, so that the measure is the same in expectation and no twist stays in it. An ancestor's first offspring
   * stays in the ancestor's slot; the others take the slots of those that have none.
   */
  resample(scheme: ResamplingScheme, steering: Float64Array, random: RandomSource): void {
    const n = this.size;
    const { ancestors, logWeights } = scheme.resample(new LogWeights(steering), n, random);
    const taken = new Uint8Array(n);
    for (let j = 0; j < n; j++) taken[ancestors[j]!] = 1;
    this.warnOfLostMass(steering, taken);
    const eve = Int32Array.from(this.eve);
    const copied = new Uint8Array(n);
    let free = 0;
    for (let j = 0; j < n; j++) {
      const ancestor = ancestors[j]!;
      const source = this.particles[ancestor]!;
      if (copied[ancestor] === 0) {
        copied[ancestor] = 1;
        source.logWeight = logWeights[j]! - source.logTwist;
        continue;
      }
      while (taken[free] === 1) free++;
      const slot = free++;
      const twin = source.fork(this.streams[slot]!);
      twin.logWeight = logWeights[j]! - twin.logTwist;
      this.particles[slot] = twin;
      this.status[slot] = this.status[ancestor]!;
      this.eve[slot] = eve[ancestor]!;
    }
  }

  private warnOfLostMass(steering: Float64Array, taken: Uint8Array): void {
    for (let i = 0; i < steering.length; i++) {
      const particle = this.particles[i]!;
      if (taken[i] === 0 && steering[i] === -Infinity && particle.logWeight > -Infinity) {
        this.environment.warn({
          code: "PGLW002",
          message:
            "A twist of -Infinity removed an execution that the target had not ruled out. If its future has mass, the posterior misses it.",
          site: particle.site ?? undefined,
        });
      }
    }
  }
}


/** Adds where the particle was to an error that does not say so itself. */
export function located(error: unknown, particle: Particle, step: number): unknown {
  if (error instanceof Error) {
    const details = error as Error & { site?: Site; step?: number };
    if (details.site === undefined && particle.site !== null) details.site = particle.site;
    if (details.step === undefined) details.step = step;
  }
  return error;
}

import type { Environment } from "../../machine/environment.js";
import { startJournal } from "../../machine/journal.js";
import type { TraceHolder } from "../../machine/trace.js";
import type { RandomSource } from "../../random/source.js";
import { Execution } from "../blocks/execution.js";
import { Status } from "../blocks/forward.js";
import { Population } from "../blocks/population.js";
import type { Target } from "../method.js";
import { addJournal } from "./holders.js";
import { through, type Kernel, type Steps } from "./kernel.js";
import { together, Walk } from "./walk.js";

/**
 * Moves of the particles of a population by a kernel on executions up to the checkpoint they have come to (Gilks & Berzuini,
 * Following a moving target, JRSS B 2001).
 *
 * Identity: after the t-th step the particles, weighted by target weight times running twist ψ, are properly weighted for
 * γₜ·ψ, γₜ the program's measure of executions up to t checkpoints or to their end. Restricted to those that took the t-th
 * step, the kernel leaves γₜ·ψ invariant, so they still are; divided by the new twist, the weights are proper for γₜ again. A
 * particle of twist −∞ is held aside, and not moved; none is moved to such a state.
 *
 * For the identity to hold, whether a particle is moved must not depend on the population, nor on itself, but for what the
 * move cannot change. So particles are moved at every step, and not only when the weights made it resample: of the
 * executions that a population was resampled in, the kernel leaves nothing invariant. And those that ended in earlier steps
 * rest: when all have ended nothing is moved any more, so nobody may be moved to where others are at rest.
 */
export class Rejuvenation {
  private readonly walks: readonly Walk[];

  private constructor(
    readonly population: Population,
    program: Target,
    environment: Environment,
    random: RandomSource,
  ) {
    const { ledger } = population.particles[0]!;
    this.walks = population.particles.map((_, i) => new Walk(program, environment, random.split(i), ledger));
  }

  /** A population whose particles can be moved. @param random what the moves draw from. */
  static spawn(
    program: Target,
    count: number,
    environment: Environment,
    particles: RandomSource,
    random: RandomSource,
  ): Rejuvenation {
    const spawned: Population[] = [];
    const population = Population.spawn(program, count, environment, particles, {
      prepare: (particle) => startJournal(particle, { states: true }),
      others: () => statesOf(spawned[0]!),
      // Moves run executions with the twists that the program gives; those of a population are to be the same.
      twists: "given",
    });
    spawned.push(population);
    return new Rejuvenation(population, program, environment, random);
  }

  /** The slots of particles that can be moved. */
  private movable(): number[] {
    const { status, particles, step } = this.population;
    return particles.flatMap((particle, slot) =>
      status[slot] !== Status.Dead && particle.checkpoints >= step - 1 && particle.logTwist > -Infinity ? [slot] : [],
    );
  }

  /** Moves of one population each, side by side. */
  static *move(
    rejuvenations: readonly Rejuvenation[],
    kernel: Kernel,
    moves: number,
    environment: Environment,
  ): Generator<Promise<void>, void, void> {
    const movers = rejuvenations.flatMap((rejuvenation) =>
      rejuvenation.movable().map((slot) => ({ rejuvenation, slot, walk: rejuvenation.walks[slot]! })),
    );
    const before = movers.map(({ rejuvenation, slot }) => Execution.of(rejuvenation.population.particles[slot]!));
    for (const { rejuvenation, walk } of movers) walk.until = rejuvenation.population.step;
    const after = yield* together(
      movers.map(({ walk }, i) => moved(before[i]!, walk, kernel, moves)),
      movers.map(({ walk }) => walk),
      environment,
    );
    movers.forEach(({ rejuvenation, slot }, i) => {
      if (after[i] !== before[i]) rejuvenation.put(slot, after[i]!);
    });
  }

  private put(slot: number, execution: Execution): void {
    const { population } = this;
    const particle = population.particles[slot]!;
    const steering = particle.logWeight + particle.logTwist;
    execution.restore(particle);
    particle.logWeight = steering - particle.logTwist;
    population.status[slot] = execution.end === null ? Status.Done : Status.Checkpoint;
  }
}

function* moved(execution: Execution, walk: Walk, kernel: Kernel, moves: number): Steps<Execution> {
  let at = execution;
  for (let i = 0; i < moves; i++) at = yield* through(kernel.step(at, walk));
  return at;
}

/** The states that the particles may be moved back to have a past in the ledger too. */
function statesOf({ particles }: Population): Set<TraceHolder> {
  const holders = new Set<TraceHolder>();
  for (const { journal } of particles) addJournal(journal, holders);
  return holders;
}

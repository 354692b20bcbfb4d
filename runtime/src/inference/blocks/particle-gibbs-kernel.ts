import { replay, startJournal } from "../../machine/journal.js";
import type { ConditionalScheme } from "../../weights/index.js";
import type { Kernel, Steps } from "../kernels/kernel.js";
import type { Walk } from "../kernels/walk.js";
import { LogWeights } from "../../weights/index.js";
import { Execution } from "./execution.js";
import { pick } from "./pick.js";
import { Population } from "./population.js";
import { isDue } from "./sequential.js";

/**
 * A sweep of particle Gibbs as a kernel on executions, at any inverse temperature: conditional sequential Monte Carlo whose
 * first particle replays the execution, of which one is drawn by the final weights.
 *
 * Invariant: `prior × exp(beta · factors)` on executions that have ended, for every number of particles from 2.
 *
 * @param ess resample below this share of the particles.
 */
export function particleGibbsKernel(particles: number, scheme: ConditionalScheme, ess = 0.5): Kernel {
  return {
    name: "particle_gibbs",
    *step(execution, walk) {
      // A number of its own for every step of the walk.
      const random = walk.random.split(++walk.proposed);
      const population = Population.spawn(walk.program, particles, walk.environment, random.split(1), {
        ledger: walk.ledger,
        replayed: true,
        beta: walk.beta,
        prepare: (particle) => startJournal(particle, { states: true }),
      });
      replay(population.particles[0]!, execution.nodes);
      const choices = random.split(2);
      while (!population.finished) {
        yield* advance(population);
        const steering = population.steeringWeights();
        if (isDue(population, steering, new LogWeights(steering, true).ess(), ess))
          population.resampleGiven(scheme, steering, choices.split(population.step));
      }
      const slot = pick(population, random.split(3))!;
      if (slot === population.referenceSlot) return execution;
      walk.accepted++;
      return executionOf(population, slot, walk);
    },
  };
}

function* advance(population: Population): Steps<void> {
  let waiting = population.begin();
  while (waiting.length > 0) {
    yield waiting.map((slot) => population.particles[slot]!);
    waiting = population.runThese(waiting);
  }
}

/** Of the same ledger as the walk's others. */
function executionOf(population: Population, slot: number, walk: Walk): Execution {
  const particle = population.particles[slot]!;
  particle.source = null;
  walk.lastDeath = population.lastDeath?.site ?? walk.lastDeath;
  return Execution.of(particle);
}

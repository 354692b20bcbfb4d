import type { Environment } from "../../machine/environment.js";
import type { Particle } from "../../machine/particle.js";
import type { RandomSource } from "../../random/source.js";
import { LogWeights, resamplers, type ConditionalScheme, type ResamplingScheme } from "../../weights/index.js";
import type { Target } from "../method.js";
import { collect } from "./collect.js";
import { Status } from "./forward.js";
import { sweep } from "./conditional.js";
import { pick } from "./pick.js";
import { pathTo, type ReferencePath } from "./lineage.js";
import { advanceTogether, Population, type PopulationOptions } from "./population.js";

/*
 * The building blocks of methods. A population stands for the measure
 *
 *     M = E[ (1/N) Σ exp(logWeight_i) δ(particle_i) ],
 *
 * where a particle that has not finished stands for what the rest of the program makes of it, without its twist. Every block
 * here says which measure it leaves behind; one that leaves M can be put anywhere, in any order, any number of times, and the
 * method made of them is unbiased (Ścibior et al. 2018, Denotational validation of higher-order Bayesian inference).
 */

/**
 * Spawn: N fresh copies of a program, each of weight one. With `given`, the first slot carries a given execution along.
 * Identity: M is the program's measure (given an execution: see `conditionalResample`).
 */
export function spawn(
  program: Target,
  count: number,
  environment: Environment,
  random: RandomSource,
  options: PopulationOptions = {},
): Population {
  return Population.spawn(program, count, environment, random, options);
}

/**
 * Spawn from a particle's state: N copies of it, each of its weight.
 * Identity: M is the measure that the particle stands for, weight included.
 */
export function spawnFrom(
  state: Particle,
  count: number,
  environment: Environment,
  random: RandomSource,
  options: Pick<PopulationOptions, "lineage"> = {},
): Population {
  return Population.from(new Array<Particle>(count).fill(state), environment, random, options);
}

/**
 * Advance: every particle that can goes on to its next weight, twist or `step`, or to its end. What they wait for is asked
 * for in batches, over all the populations given. Finished particles are not touched: their later increments are exactly one.
 * Dead ones are not run on. The particle in the slot of a reference takes over the reference's next state.
 *
 * Identity: M stays (with a reference: the conditional law of the others does).
 *
 * @returns a promise only when an answer is not there at once.
 */
export function advance(...populations: readonly Population[]): void | Promise<void> {
  return advanceTogether(populations);
}

/**
 * Weight: multiplies each weight by exp(f(particle)), f in nats.
 * Identity: M becomes f·M, the measure with that density with respect to M.
 * @throws RunError PGLR062 when f gives NaN or +Infinity.
 */
export function weigh(population: Population, f: (particle: Particle, slot: number) => number): void {
  population.particles.forEach((particle, slot) => {
    if (population.status[slot] === Status.Dead) return;
    const nats = f(particle, slot);
    const { site } = particle;
    if (!particle.weigh(nats, site ?? { name: "weigh", kind: "factor" })) population.status[slot] = Status.Dead;
  });
}

/** Effective sample size of the steering weights (target times twist), between 0 and N. */
export function ess(population: Population): number {
  return new LogWeights(population.steeringWeights(), true).ess();
}

/**
 * Resample: ancestors drawn by the steering weights; each offspring's target weight is its share divided by its twist.
 * Does nothing when every steering weight is zero.
 * Identity: M stays, for every scheme with E[Σ offspring's weight] = weight (all of `resamplers`), whatever the twists.
 */
export function resample(
  population: Population,
  random: RandomSource,
  scheme: ResamplingScheme = resamplers.systematic,
): void {
  if (ess(population) > 0) population.resample(scheme, population.steeringWeights(), random);
}

/**
 * Conditional resample: as `resample`, given that the particle in the reference's slot has offspring there.
 *
 * Identity: let σ be the law of everything in a run of the unconditional blocks, weighed by Ẑ/Z, together with one execution
 * drawn from the final weights. The conditional blocks draw from σ given that execution. So if it is a draw from the
 * posterior, an execution drawn from the final weights is one again (Andrieu, Doucet & Holenstein 2010), and
 * E_σ[1/Ẑ] = P(Ẑ > 0)/Z: 1/Z, unless an unconditional run can lose all its particles.
 */
export function conditionalResample(
  population: Population,
  random: RandomSource,
  scheme: ConditionalScheme = resamplers.systematic,
): void {
  if (ess(population) > 0) population.resampleGiven(scheme, population.steeringWeights(), random);
}

/** log of the average target weight, in nats: log M(1) of this population, E[exp(·)] = M(1). */
export function logEvidence(population: Population): number {
  return population.logWeights().logMean();
}

/**
 * Extract evidence: divides the weights by their average and returns its log (nats), for somebody outside to hold.
 * Identity: M = E[ exp(returned) · population ]. Whoever drops what is returned changes the measure.
 * -Infinity is returned, and nothing divided, when every weight is zero.
 */
export function extractEvidence(population: Population): number {
  const nats = logEvidence(population);
  if (nats > -Infinity) shift(population, -nats);
  return nats;
}

/**
 * Push evidence: multiplies every weight by exp(nats).
 * Identity: M becomes exp(nats)·M; it undoes `extractEvidence`.
 */
export function pushEvidence(population: Population, nats: number): void {
  shift(population, nats);
}

function shift(population: Population, nats: number): void {
  for (const particle of population.particles) particle.logWeight += nats;
}

/**
 * Collapse: one particle, drawn by the target weights, whose weight is the average of all. Null when all are zero.
 * Identity: M = E[ exp(logWeight) δ(particle) ]: a population becomes one properly weighted particle, for nested inference.
 */
export function collapse(population: Population, random: RandomSource): Particle | null {
  const slot = pick(population, random);
  if (slot === null) return null;
  const chosen = population.particles[slot]!.fork(random);
  chosen.logWeight = logEvidence(population);
  return chosen;
}

/**
 * Lineage: the states of the particle in `slot` at its checkpoints, the oldest first; of a population spawned with
 * `lineage: true`. A finished particle's is an execution that another population can be `given`.
 */
export function lineage(population: Population, slot: number): ReferencePath {
  const last = population.lineage?.[slot] ?? null;
  return last === null ? [] : pathTo(last);
}

/** The blocks by their names, as a user of the library composes them. */
export const blocks = {
  spawn,
  spawnFrom,
  advance,
  weigh,
  ess,
  resample,
  conditionalResample,
  lineage,
  logEvidence,
  extractEvidence,
  pushEvidence,
  collapse,
  pick,
  sweep,
  collect,
} as const;

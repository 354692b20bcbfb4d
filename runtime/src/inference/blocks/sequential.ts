import type { RandomSource } from "../../random/source.js";
import { LogWeights, resamplers, type ConditionalScheme, type ResamplerName } from "../../weights/index.js";
import { refused } from "../options.js";
import type { HistoryEntry } from "../posterior.js";
import { Status } from "./forward.js";
import { advanceTogether, type Population } from "./population.js";

/** When and how a sequential Monte Carlo resamples. */
export interface Resampling {
  readonly scheme: ConditionalScheme;
  /** Resample when ESS falls below this share of the particles; 0 never, 1 at every informative step. */
  readonly ess: number;
}

/** What happened to a population at a step. */
export interface PopulationStep extends HistoryEntry {
  readonly population: Population;
}

/** What a method adds to the plain loop. Each may have to wait, and yields what for. */
export interface SequentialHooks {
  /** Just before a population is resampled. */
  readonly before?: (population: Population, random: RandomSource) => Iterable<Promise<void>>;
  /**
   * At the end of every step, for all populations that took it: kernels that leave the measure of the particles invariant.
   * Not only after resamplings: whether there is one depends on how the particles are doing, and what is left of the measure
   * on the runs where a population was resampled is no measure that the kernel knows. Moves made there only would leave E[Ẑ]
   * right and E[Ẑ·p̂(r)] wrong.
   */
  readonly after?: (populations: readonly Population[]) => Iterable<Promise<void>>;
}

/**
 * One step of sequential Monte Carlo in each of the populations that are not finished: advance, then resample those in
 * which the ESS of the steering weights has fallen below the threshold and they say anything new. The populations are
 * independent; they only ask together. A population with a reference is resampled given it.
 *
 * Identity: each population is properly weighted before and after, for any twist, any proposal and any rule of when to
 * resample that looks at nothing but the population.
 *
 * @param choices what resampling the i-th population at a step draws from.
 */
export function* stepTogether(
  populations: readonly Population[],
  { scheme, ess: threshold }: Resampling,
  choices: (index: number, step: number) => RandomSource,
  { before, after }: SequentialHooks = {},
): Generator<Promise<void>, readonly PopulationStep[], void> {
  const going: number[] = [];
  for (let i = 0; i < populations.length; i++) if (!populations[i]!.finished) going.push(i);
  const pending = advanceTogether(going.map((i) => populations[i]!));
  if (pending !== undefined) yield pending;
  const steps: PopulationStep[] = [];
  for (const i of going) {
    const population = populations[i]!;
    const steering = population.steeringWeights();
    const weights = new LogWeights(steering, true);
    const ess = weights.ess();
    const due = isDue(population, steering, ess, threshold);
    if (due) {
      const random = choices(i, population.step);
      if (before !== undefined) yield* before(population, random.split(1));
      if (population.referenceSlot < 0) population.resample(scheme, steering, random);
      else population.resampleGiven(scheme, steering, random);
    }
    steps.push({
      step: population.step,
      ess,
      // Without twists these are the target's weights, and resampling keeps their sum.
      logZ: (population.isTwisted ? population.logWeights() : weights).logMean(),
      alive: population.size - population.count(Status.Dead),
      resampled: due,
      population,
    });
  }
  if (after !== undefined) yield* after(steps.map(({ population }) => population));
  return steps;
}

/** Resampling on weights that say nothing new only adds noise; after the last step it would only lose information. */
export function isDue(population: Population, steering: Float64Array, ess: number, threshold: number): boolean {
  if (threshold === 0 || ess === 0 || population.finished) return false;
  if (threshold < 1 && ess >= threshold * population.openSlots(steering)) return false;
  return population.hasNews(steering);
}

/** All steps of `stepTogether`, to the end of every population. */
export function* runTogether(
  populations: readonly Population[],
  resampling: Resampling,
  choices: (index: number, step: number) => RandomSource,
  hooks: SequentialHooks = {},
): Generator<Promise<void>, void, void> {
  while (populations.some((p) => !p.finished)) yield* stepTogether(populations, resampling, choices, hooks);
}

/** @throws MethodError PGLR030 when there is no scheme of that name. */
export function schemeNamed(method: string, name: string): ConditionalScheme {
  if (Object.hasOwn(resamplers, name)) return resamplers[name as ResamplerName];
  throw refused(method, "resampler", `one of ${Object.keys(resamplers).join(", ")}`, name);
}

/** @throws MethodError PGLR030 unless `ess` is a share of the particles. */
export function checkShare(method: string, ess: number): void {
  if (!(ess >= 0 && ess <= 1)) throw refused(method, "ess", "a share of the particles between 0 and 1", ess);
}

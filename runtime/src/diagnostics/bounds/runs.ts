import { MethodError } from "../../errors.js";
import { Status } from "../../inference/blocks/forward.js";
import { pathTo, type ReferencePath } from "../../inference/blocks/lineage.js";
import { advanceTogether, Population } from "../../inference/blocks/population.js";
import { runTogether } from "../../inference/blocks/sequential.js";
import type { SequentialPlan, Target } from "../../inference/method.js";
import type { Environment } from "../../machine/environment.js";
import { replay } from "../../machine/journal.js";
import type { Particle } from "../../machine/particle.js";
import type { RandomSource } from "../../random/source.js";
import { logSumExp } from "../../weights/index.js";
import type { ExactDraw } from "./exact-draws.js";

/** A run to be made as the plan says, and one that is given an exact draw of the posterior. */
export interface Repetition {
  readonly environment: Environment;
  readonly random: RandomSource;
  /** Null: there is no run that is given one. */
  readonly draw: ExactDraw | null;
  /** False: there is only the run that is given a draw. Default true. */
  readonly free?: boolean;
  /** Is shown every execution that has finished. It throws at one that the draw is no exact draw beside. */
  readonly check?: (finished: Particle) => void;
}

/** What a repetition gave. */
export interface Repeated {
  /** log Ẑ of the run, in nats; null when none was wanted. */
  readonly free: number | null;
  /** log Ẑ of the run that was given a draw, in nats. */
  readonly given: number | null;
  /** Some particle lost all its weight. */
  readonly deaths: boolean;
}

/** Particles that are run together, so that a language model is asked in batches. Not a setting: it changes no answer. */
const TOGETHER = 512;
/** Streams of islands after the first. */
const ISLANDS = 16;

/** Makes the repetitions, and yields how many are done. */
export function* repeatRuns(
  program: Target,
  plan: SequentialPlan,
  repetitions: readonly Repetition[],
): Generator<{ readonly step: number } | Promise<void>, readonly Repeated[], void> {
  const found: Repeated[] = [];
  const batch = Math.max(1, Math.floor(TOGETHER / (2 * plan.particles * plan.islands)));
  for (let from = 0; from < repetitions.length; from += batch) {
    const some = repetitions.slice(from, from + batch);
    const paths = yield* pathsOf(program, some);
    const runs = some.flatMap((repetition, k) => [
      ...(repetition.free === false ? [] : [start(program, plan, repetition, 1, null)]),
      ...(repetition.draw === null ? [] : [start(program, plan, repetition, 2, paths[k]!)]),
    ]);
    const populations = runs.flatMap((run) => run.populations);
    const choices = runs.flatMap((run) => run.choices);
    const checks = new Map(runs.flatMap((run) => run.populations.map((p) => [p, run.check] as const)));
    const look = (population: Population): void => {
      const check = checks.get(population);
      if (check === undefined) return;
      population.particles.forEach((particle, slot) => population.status[slot] === Status.Done && check(particle));
    };
    // Before a resampling, which may leave some behind, and in the end.
    yield* runTogether(populations, plan.resampling, (i, step) => choices[i]!.split(step), {
      before: (population) => (look(population), []),
    });
    populations.forEach(look);
    let at = 0;
    for (const { draw, free = true } of some) {
      const own = [free ? runs[at++]! : null, draw === null ? null : runs[at++]!] as const;
      found.push({
        free: logEstimate(own[0]),
        given: logEstimate(own[1]),
        deaths: own.some((run) => run?.populations.some((p) => p.lastDeath !== null) === true),
      });
    }
    yield { step: found.length };
  }
  return found;
}

interface Run {
  readonly populations: readonly Population[];
  readonly choices: readonly RandomSource[];
  readonly check: Repetition["check"];
}

/**
 * The islands of a run. An exact draw is given to the first: which one it is given to is a choice at random of the extended
 * law, and the islands are alike.
 */
function start(
  program: Target,
  { particles, islands }: SequentialPlan,
  { environment, random: all, check }: Repetition,
  stream: number,
  given: ReferencePath | null,
): Run {
  const random = all.split(stream);
  const sources = Array.from({ length: islands }, (_, i) => (i === 0 ? random : random.split(ISLANDS + i)));
  return {
    populations: sources.map((source, i) =>
      Population.spawn(program, particles, environment, source.split(1), given === null || i > 0 ? {} : { given }),
    ),
    choices: sources.map((source) => source.split(2)),
    check,
  };
}

const logEstimate = (run: Run | null): number | null =>
  run === null
    ? null
    : run.populations.length === 1
      ? run.populations[0]!.logWeights().logMean()
      : logSumExp(run.populations.map((p) => p.logWeights().logMean())) - Math.log(run.populations.length);

/** The states of the exact draws at their checkpoints, weighed as a run that draws from the program's proposals weighs them. */
function* pathsOf(
  program: Target,
  repetitions: readonly Repetition[],
): Generator<Promise<void>, readonly (ReferencePath | null)[], void> {
  const populations = repetitions.map(({ environment, random, draw }) =>
    draw === null
      ? null
      : Population.spawn(program, 1, environment, random.split(4), {
          lineage: true,
          prepare: (particle) => replay(particle, draw),
        }),
  );
  const all = populations.filter((p) => p !== null);
  while (all.some((p) => !p.finished)) {
    const pending = advanceTogether(all);
    if (pending !== undefined) yield pending;
  }
  return populations.map((population, k) => {
    if (population === null) return null;
    const last = population.lineage![0]!;
    const [particle] = population.particles;
    if (
      last === null ||
      population.status[0] !== Status.Done ||
      particle!.journal!.length !== repetitions[k]!.draw!.length
    ) {
      throw new MethodError("PGLR089", "An exact draw does not fit the program, or has weight zero.", {
        site: particle!.site ?? undefined,
        hint: "Draws come from executions of the same program with the same arguments; its proposals must be able to make them.",
      });
    }
    return pathTo(last);
  });
}

import {
  blocks,
  listTrace,
  RunEnvironment,
  startJournal,
  target,
  type ConditionalScheme,
  type Environment,
  type Model,
  type RandomSource,
  type ReferencePath,
} from "@pgl/runtime";
import { enumerateOutcomes, runtimeKey } from "../../../src/index.js";

/** A program with all that is needed to run it. */
export interface Subject {
  readonly program: Model<never, unknown> | Model;
  readonly args?: readonly unknown[];
  readonly lms?: Readonly<Record<string, unknown>>;
}

/** One execution of a program: its states at the checkpoints. */
export interface Execution {
  readonly path: ReferencePath;
  readonly value: unknown;
  /** Equal for executions that draw the same. */
  readonly key: string;
}

export const environmentOf = (subject: Subject, random: RandomSource): Environment =>
  new RunEnvironment(new Map(Object.entries(subject.lms ?? {}).map(([name, lm]) => [`lm:${name}`, lm])), random);

export const targetOf = (subject: Subject) => target(subject.program as Model, [...(subject.args ?? [])]);

export function executionOf(path: ReferencePath): Execution {
  const { state } = path[path.length - 1]!;
  const draws = listTrace(state.trace).map(({ site, value }) => `${site.name}=${runtimeKey(value)}`);
  // A text can come of different tokens, which a product weighs differently on the way.
  const weights = path.map(({ increment }) => increment.toPrecision(9));
  const key = `${draws.join(" ")} -> ${runtimeKey(state.value)} by ${weights.join(" ")}`;
  return { path, value: state.value, key };
}

/**
 * Every execution of positive weight with its mass: one particle of the runtime's own, for every way its draws can come out.
 * Proposals are used, and their ratio is in the mass. Executions that only differ in auxiliary draws are put together.
 */
export async function executionsOf(subject: Subject, journal = false): Promise<{ state: Execution; mass: number }[]> {
  const found = new Map<string, { state: Execution; mass: number }>();
  const outcomes = await enumerateOutcomes(async (random) => {
    const environment = environmentOf(subject, random);
    const population = blocks.spawn(targetOf(subject), 1, environment, random.split(1), {
      lineage: true,
      ...(journal ? { prepare: startJournal } : {}),
    });
    while (!population.finished) await blocks.advance(population);
    const logWeight = blocks.logEvidence(population);
    return logWeight === -Infinity ? null : { state: executionOf(blocks.lineage(population, 0)), logWeight };
  });
  for (const { value, probability } of outcomes) {
    if (value === null) continue;
    const mass = probability * Math.exp(value.logWeight);
    const known = found.get(value.state.key);
    if (known === undefined) found.set(value.state.key, { state: value.state, mass });
    else known.mass += mass;
  }
  return [...found.values()];
}

/** One run of (conditional) sequential Monte Carlo by the blocks; `after` says after which steps it resamples. */
export async function runBlocks(
  subject: Subject,
  path: ReferencePath | null,
  particles: number,
  scheme: ConditionalScheme,
  after: (step: number) => boolean,
  random: RandomSource,
): Promise<{ readonly logEvidence: number; readonly picked: Execution | null }> {
  const environment = environmentOf(subject, random);
  const population = blocks.spawn(targetOf(subject), particles, environment, random.split(1), {
    lineage: true,
    ...(path === null ? {} : { given: path }),
  });
  while (!population.finished) {
    await blocks.advance(population);
    if (population.finished || !after(population.step)) continue;
    const choices = random.split(2).split(population.step);
    if (path === null) blocks.resample(population, choices, scheme);
    else blocks.conditionalResample(population, choices, scheme);
  }
  return {
    logEvidence: blocks.logEvidence(population),
    // Drawn only where somebody looks.
    get picked() {
      const slot = blocks.pick(population, random.split(3));
      return slot === null ? null : executionOf(blocks.lineage(population, slot));
    },
  };
}

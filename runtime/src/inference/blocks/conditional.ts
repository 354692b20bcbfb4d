import { nodesOf, replay, startJournal, type JournalEntry } from "../../machine/journal.js";
import type { Particle } from "../../machine/particle.js";
import { TraceLedger, type TraceHolder } from "../../machine/trace.js";
import type { Environment } from "../../machine/environment.js";
import { lawOf } from "../../machine/request.js";
import type { RandomSource } from "../../random/source.js";
import { LogWeights, resamplers, type ConditionalScheme } from "../../weights/index.js";
import type { Target } from "../method.js";
import { pick } from "./pick.js";
import { Status } from "./forward.js";
import { pathTo, type ReferencePath } from "./lineage.js";
import { Population } from "./population.js";
import { runTogether, type Resampling, type SequentialHooks } from "./sequential.js";

/** How a sweep of conditional sequential Monte Carlo is done. */
export interface SweepSettings extends Resampling {
  readonly particles: number;
  /** Choose, at each resampling, a past for what is still to come of the reference. */
  readonly ancestorSampling: boolean;
  readonly ledger: TraceLedger;
  /** Everybody but the population and the reference with a past in the ledger; it is not compacted without. */
  readonly others?: () => Iterable<TraceHolder>;
}

/**
 * A run of sequential Monte Carlo that keeps its lineages; with a path, conditional on it: the path is the particle in one
 * slot, the others are drawn given it.
 *
 * Identity: see `conditionalResample`. If the path is a draw from the posterior, one drawn by the final weights is too.
 */
export function* runConditional(
  program: Target,
  path: ReferencePath | null,
  settings: SweepSettings,
  environment: Environment,
  random: RandomSource,
): Generator<Promise<void>, Population, void> {
  const { particles, ancestorSampling, ledger, others } = settings;
  const population = Population.spawn(program, particles, environment, random.split(1), {
    lineage: true,
    ledger,
    ...(others === undefined ? {} : { others }),
    ...(path === null ? {} : { given: path }),
    ...(ancestorSampling ? { prepare: startJournal } : {}),
  });
  const choices = random.split(2);
  const hooks: SequentialHooks = ancestorSampling && path !== null ? { before: sampleAncestor } : {};
  yield* runTogether([population], settings, (_, step) => choices.split(step), hooks);
  return population;
}

/** What a sweep of particle Gibbs may be told; see the options of the method. */
export interface SweepOptions {
  readonly particles: number;
  readonly scheme?: ConditionalScheme;
  readonly ess?: number;
  readonly ancestor_sampling?: boolean;
}

/**
 * Sweep: a whole run of conditional sequential Monte Carlo (unconditional for null), and one execution drawn by its final
 * weights; null when all are zero.
 * Identity: a Markov kernel on executions that leaves the posterior invariant, from 2 particles on.
 */
export async function sweep(
  program: Target,
  path: ReferencePath | null,
  { particles, scheme = resamplers.systematic, ess = 0.5, ancestor_sampling = false }: SweepOptions,
  environment: Environment,
  random: RandomSource,
): Promise<ReferencePath | null> {
  const ledger = path?.[0]!.state.ledger ?? new TraceLedger();
  // Whoever calls may hold on to other paths in the ledger, so it is not compacted.
  const settings = { particles, scheme, ess, ancestorSampling: ancestor_sampling, ledger };
  const run = runConditional(program, path, settings, environment, random);
  for (let next = run.next(); ; next = run.next()) {
    if (next.done === true) return pickPath(next.value, random.split(3));
    await next.value;
  }
}

/** The lineage of a finished particle drawn by the final weights; null when all are zero. */
export function pickPath(population: Population, random: RandomSource): ReferencePath | null {
  const slot = pick(population, random);
  return slot === null ? null : pathTo(population.lineage![slot]!);
}

/**
 * Ancestor sampling (Lindsten, Jordan & Schön 2014, Particle Gibbs with ancestor sampling, JMLR 15): gives what is still to
 * come of the reference another past, particle i's with probability proportional to
 *
 *     exp(logWeight_i) · γ(past_i, future) / γ(past_i),
 *
 * γ being the target: densities of draws, factors, observations. The second quotient is found by replaying the future's
 * draws from particle i. Zero where they do not fit: another site comes next, a value is impossible, draws are left over or
 * missing. To be done just before the population is resampled given the reference.
 *
 * Identity: given everything before and the future's draws, the ancestor is drawn from its law under σ (see
 * `conditionalResample`), so σ stays.
 */
export function* sampleAncestor(population: Population, random: RandomSource): Generator<Promise<void>, void, void> {
  const slot = population.referenceSlot;
  const past = population.particles[slot]!.journal!.length;
  const entries = nodesOf(population.referenceEnd!.journal!).slice(past);
  const candidates: number[] = [];
  for (let i = 0; i < population.size; i++) if (population.status[i] !== Status.Dead) candidates.push(i);
  if (candidates.length < 2) return;
  const streams = random.split(2);
  const states = candidates.map((i) => population.particles[i]!);
  const replayed = yield* replayTogether(states, entries, "density", population.environment, streams.split(1));
  const logs = new LogWeights(
    replayed.particles.map((p, k) => (fits(replayed, k, states[k]!, entries.length) ? p.logWeight : -Infinity)),
  );
  const chosen = candidates[random.split(1).categorical(logs.normalized())]!;
  if (chosen === slot) return;
  const state = population.particles[chosen]!;
  const again = yield* replayTogether([state], entries, "ratio", population.environment, streams.split(2));
  const last = again.lineage![0]!;
  population.followFrom(chosen, last === null ? [] : pathTo(last));
}

/** Runs a copy of each state to its end, its draws being `entries`. It dies where they do not fit. */
function* replayTogether(
  states: readonly Particle[],
  entries: readonly JournalEntry[],
  weigh: "density" | "ratio",
  environment: Environment,
  random: RandomSource,
): Generator<Promise<void>, Population, void> {
  const population = Population.from(states, environment, random, { lineage: weigh === "ratio" });
  population.particles.forEach((particle, i) => {
    if (population.status[i] !== Status.Checkpoint) return;
    replay(particle, entries, { weigh });
    stopAtEnd(particle, entries.length);
  });
  while (!population.finished) {
    const pending = population.advance();
    if (pending !== undefined) yield pending;
  }
  return population;
}

/** Lets a particle die that would draw after the entries it replays: it is another execution. */
function stopAtEnd(particle: Particle, entries: number): void {
  const source = particle.source!;
  const end = particle.journal!.length + entries;
  const isOver = (p: Particle): boolean => p.journal!.length >= end;
  particle.source = {
    draw(p, distribution, proposal, site) {
      if (!isOver(p)) return source.draw(p, distribution, proposal, site);
      p.die();
      return false;
    },
    request(p) {
      if (!isOver(p) || lawOf(p.request!) === null) return source.request(p);
      p.die();
      return "ended";
    },
  };
}

/** True when a replay from `state` has come to its end by consuming all entries. */
const fits = ({ status, particles }: Population, i: number, state: Particle, entries: number): boolean =>
  status[i] === Status.Done && particles[i]!.journal!.length === state.journal!.length + entries;

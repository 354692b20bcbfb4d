import type { Environment } from "../../machine/environment.js";
import { TraceLedger, type TraceHolder } from "../../machine/trace.js";
import type { RandomSource } from "../../random/source.js";
import { LogWeights, type ResamplerName } from "../../weights/index.js";
import { accepts } from "../blocks/accept.js";
import { drive, warningsOf, warnOfStop } from "../blocks/drive.js";
import { Status } from "../blocks/forward.js";
import {
  checkNoneLater,
  checkParameters,
  holdersOf,
  ParameterWalk,
  spawnAfter,
  type ParameterProposal,
  type Parameters,
} from "../blocks/parameters.js";
import type { Population } from "../blocks/population.js";
import { checkShare, schemeNamed, stepTogether, type Resampling } from "../blocks/sequential.js";
import { together } from "../kernels/walk.js";
import type { Method, Progress, RunOptions, Target } from "../method.js";
import { checkCount, checkFromZero, complete } from "../options.js";
import { Posterior, type HistoryEntry, type WeightedSample } from "../posterior.js";

export interface Smc2Options {
  /** Names of the draws that are parameters: the program makes them before all others. */
  readonly parameters: readonly string[];
  /** Number of parameter particles. Default 64. */
  readonly particles?: number;
  /** Particles of the population that each of them has. Default 64. */
  readonly inner_particles?: number;
  /** Resample the parameters when their ESS falls below this share of them. Default 0.5. */
  readonly ess?: number;
  /** Steps of particle marginal Metropolis–Hastings on each, at times that are fixed beforehand. Default 1. */
  readonly moves?: number;
  /** Resampling scheme, of parameters and populations; `systematic` by default. */
  readonly resampler?: ResamplerName;
}

type Settings = Required<Smc2Options>;

/** ESS, as a share of the particles, below which populations resample. */
const INNER_RESAMPLE_BELOW = 0.5;

/**
 * SMC² (Chopin, Jacob & Papaspiliopoulos, JRSS B 2013): particles over the parameters, each with a population for the rest
 * of the program, all advanced step by step; a parameter particle weighs as much as its population's Ẑ. When few carry the
 * weight they are resampled, populations and all. At some steps each is moved by particle marginal Metropolis–Hastings, whose
 * proposals run a population of their own up to the same step.
 *
 * Unbiased: E[Ẑ·p̂(r)] = Z·p(r), for every number of parameters, particles and moves: it is sequential Monte Carlo on the
 * parameters and all that their populations drew, for which the moves are invariant kernels. For that, when to move must not
 * depend on how the particles are doing: moves after those steps only at which the ESS is low, as in the paper, leave
 * E[Ẑ] right and what is expected of the posterior wrong (a program of one bit shows it). So they are made at steps 1, 2, 3,
 * 4, 5, 6, 8, 10, …, each a quarter further: all of them together cost about as much as a few runs to the end.
 *
 * @throws MethodError PGLR030 or PGLR034 for options that are out of range or that it has not; PGLR085 in the run when a
 * parameter is not drawn before all other draws.
 */
export function smc2(options: Smc2Options): Method {
  const settings = complete<Settings>("smc2", options, {
    parameters: [],
    particles: 64,
    inner_particles: 64,
    ess: 0.5,
    moves: 1,
    resampler: "systematic",
  });
  checkParameters("smc2", settings.parameters);
  checkCount("smc2", "particles", settings.particles);
  checkCount("smc2", "inner_particles", settings.inner_particles);
  checkShare("smc2", settings.ess);
  checkFromZero("smc2", "moves", settings.moves);
  schemeNamed("smc2", settings.resampler);
  return {
    name: "smc2",
    guarantee: "unbiased",
    options: { ...settings },
    run: (program, environment, run) => runSmc2(program, settings, environment, run),
  };
}

async function runSmc2<R>(
  program: Target<R>,
  settings: Settings,
  environment: Environment,
  { onProgress }: RunOptions = {},
): Promise<Posterior<R>> {
  const outer = new ParameterPopulation(program, settings, environment);
  const history: HistoryEntry[] = [];
  const stop = await drive(outer.run(), environment, (step: HistoryEntry & Progress) => {
    const { step: index, ess, logZ, alive, resampled } = step;
    history.push({ step: index, ess, logZ, alive, resampled });
    onProgress?.(step);
  });
  const all = outer.members.flatMap((member) => samplesOf(member, settings));
  const weights = new LogWeights(all.map(({ logWeight }) => logWeight));
  const normalized = weights.normalized();
  let covered = 0;
  all.forEach(({ ended }, i) => (covered += ended ? normalized[i]! : 0));
  const samples = all.flatMap(({ ended, value, trace }, i): WeightedSample<R>[] =>
    ended ? [{ value: value as R, weight: covered > 0 ? normalized[i]! / covered : 0, trace }] : [],
  );
  if (weights.max() === -Infinity) {
    environment.warn({ code: "PGLW003", message: "Every execution had weight zero, whatever the parameters." });
  }
  if (stop !== null) {
    warnOfStop(
      environment,
      stop,
      `${samples.length} of ${all.length} executions had finished; the posterior is about those only, and log Z counts the factors met so far.`,
    );
  }
  return new Posterior<R>(
    samples,
    { estimate: outer.logWeights().logMean(), stderr: null, exact: false },
    {
      ess: outer.logWeights().ess(),
      history,
      distinctAncestors: new Set(outer.members.map(({ eve }) => eve)).size,
      unvisitedMass: 0,
      executions: outer.populations * settings.inner_particles,
      chains: null,
      partial: stop !== null,
      warnings: warningsOf(environment),
    },
    { name: "smc2", guarantee: "unbiased", options: { ...settings } },
    environment.random.split(3),
  );
}

/** Moves are made at steps a factor of this apart: a function of the step alone. */
const FURTHER = 1.25;
const isMoving = (step: number): boolean => step === 1 || stage(step) > stage(step - 1);
const stage = (step: number): number => Math.floor(Math.log(step) / Math.log(FURTHER));

/** A parameter particle. */
interface Member {
  readonly eve: number;
  /** Null when the parameters themselves have weight zero. */
  parameters: Parameters | null;
  population: Population | null;
  /** log of what it weighs beside its population's Ẑ, in nats. */
  offset: number;
}

const logWeightOf = ({ population, offset }: Member): number =>
  population === null ? -Infinity : offset + population.logWeights().logMean();

interface Sample {
  readonly value: unknown;
  readonly trace: WeightedSample<unknown>["trace"];
  readonly logWeight: number;
  readonly ended: boolean;
}

/** The executions of a member's population, with their shares of its weight. */
function samplesOf({ population, parameters, offset }: Member, { parameters: names }: Settings): Sample[] {
  if (population === null) return [];
  return population.particles.map((particle, i) => {
    const ended = population.status[i] === Status.Done;
    if (ended && particle.logWeight > -Infinity) checkNoneLater("smc2", names, parameters!, particle);
    return { value: particle.value, trace: particle.trace, logWeight: offset + particle.logWeight, ended };
  });
}

class ParameterPopulation {
  members: Member[] = [];
  populations = 0;
  private step = 0;
  private readonly ledger = new TraceLedger();
  private readonly walks: readonly ParameterWalk[];
  private readonly inner: Resampling;
  private readonly sources: readonly RandomSource[];

  constructor(
    program: Target,
    private readonly settings: Settings,
    private readonly environment: Environment,
  ) {
    const streams = environment.random.split(1);
    this.sources = Array.from({ length: settings.particles }, (_, m) => streams.split(m));
    this.walks = this.sources.map(
      (random) => new ParameterWalk("smc2", settings.parameters, program, environment, random.split(1), this.ledger),
    );
    this.inner = { scheme: schemeNamed("smc2", settings.resampler), ess: INNER_RESAMPLE_BELOW };
  }

  logWeights(): LogWeights {
    return new LogWeights(this.members.map(logWeightOf));
  }

  *run(): Generator<(HistoryEntry & Progress) | Promise<void>, void, void> {
    const { environment, settings, walks } = this;
    const starts = yield* together(
      walks.map((walk) => walk.start()),
      walks.map((walk) => walk.answers),
      environment,
    );
    this.members = starts.map((parameters, eve) => ({
      eve,
      parameters,
      population: parameters === null ? null : this.spawn(parameters, this.sources[eve]!.split(2)),
      offset: parameters?.logWeight ?? 0,
    }));
    do {
      this.step++;
      yield* this.advance(this.members.map(({ population }) => population));
      const weights = this.logWeights();
      const ess = weights.ess();
      // After the last step it would only lose information.
      const due = ess > 0 && ess < settings.ess * settings.particles && !this.finished;
      if (due) this.resample(weights);
      if (isMoving(this.step)) for (let move = 0; move < settings.moves; move++) yield* this.move(move);
      yield {
        method: "smc2",
        step: this.step,
        total: null,
        alive: this.members.filter((member) => logWeightOf(member) > -Infinity).length,
        finished: this.members.filter(({ population }) => population?.finished === true).length,
        ess,
        logZ: weights.logMean(),
        resampled: due,
      };
      if (this.ledger.isDue) this.ledger.compact(new Set(this.holders()));
    } while (!this.finished);
  }

  private get finished(): boolean {
    return this.members.every(({ population }) => population === null || population.finished);
  }

  private spawn(parameters: Parameters, random: RandomSource): Population {
    this.populations++;
    return spawnAfter(parameters, this.settings.inner_particles, this.environment, random);
  }

  /** One step of the populations, those of the i-th resampling from the i-th member's stream. */
  private *advance(
    populations: readonly (Population | null)[],
    sources: readonly RandomSource[] = this.sources.map((random) => random.split(3)),
  ): Generator<Promise<void>, void, void> {
    const there = populations.flatMap((population, m) => (population === null ? [] : [{ population, m }]));
    yield* stepTogether(
      there.map(({ population }) => population),
      this.inner,
      (i, step) => sources[there[i]!.m]!.split(step),
    );
  }

  /** Parameters with their populations, by weight; afterwards each weighs its share. */
  private resample(weights: LogWeights): void {
    const { settings, step } = this;
    const random = this.environment.random.split(2).split(step);
    const { ancestors, logWeights } = this.inner.scheme.resample(weights, settings.particles, random);
    const taken = new Set<number>();
    const before = this.members;
    this.members = Array.from(ancestors, (a, m) => {
      const { eve, parameters, population } = before[a]!;
      // The first copy goes on with the population itself.
      const own = taken.has(a) ? population!.fork(this.sources[m]!.split(4).split(step)) : population!;
      taken.add(a);
      return { eve, parameters, population: own, offset: logWeights[m]! - own.logWeights().logMean() };
    });
  }

  /**
   * A step of particle marginal Metropolis–Hastings on each whose population has taken a step now; it changes nothing about
   * what they weigh, and does not lead to a population that would have finished before.
   */
  private *move(move: number): Generator<Promise<void>, void, void> {
    const { walks, environment, step } = this;
    const members = this.members.map((member) =>
      member.population?.step === step && logWeightOf(member) > -Infinity ? member : null,
    );
    const moving = members.flatMap((member, m) => (member === null ? [] : [m]));
    const proposed = yield* together(
      moving.map((m) => walks[m]!.propose(members[m]!.parameters!)),
      moving.map((m) => walks[m]!.answers),
      environment,
    );
    const proposals = members.map((): ParameterProposal | null => null);
    moving.forEach((m, i) => (proposals[m] = proposed[i]!));
    const sources = this.sources.map((random) => random.split(5).split(step).split(move));
    const populations = proposals.map((proposal, m) =>
      proposal === null ? null : this.spawn(proposal.parameters, sources[m]!.split(1)),
    );
    const choices = sources.map((random) => random.split(2));
    for (let s = 0; s < step; s++) yield* this.advance(populations, choices);
    members.forEach((member, m) => {
      const proposal = proposals[m]!;
      const population = populations[m]!;
      if (member === null || proposal === null || population?.step !== step) return;
      const current = member.population!.logWeights().logMean();
      const logRatio = proposal.logRatio + population.logWeights().logMean() - current;
      if (!accepts(logRatio, sources[m]!.split(3))) return;
      member.offset += current - population.logWeights().logMean();
      member.parameters = proposal.parameters;
      member.population = population;
    });
  }

  private *holders(): Iterable<TraceHolder> {
    for (const { parameters, population } of this.members) {
      if (parameters !== null) yield* holdersOf(parameters);
      if (population !== null) yield* population.holders();
    }
  }
}

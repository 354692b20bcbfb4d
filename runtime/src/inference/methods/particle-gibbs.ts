import type { Environment } from "../../machine/environment.js";
import { TraceLedger, type TraceHolder } from "../../machine/trace.js";
import type { RandomSource } from "../../random/source.js";
import type { ResamplerName } from "../../weights/index.js";
import { posteriorOfChains, type ChainDraw, type ChainRecord } from "../blocks/chain-posterior.js";
import { pickPath, runConditional, type SweepSettings } from "../blocks/conditional.js";
import { drive } from "../blocks/drive.js";
import { logWeightOf, type ReferencePath } from "../blocks/lineage.js";
import type { Death } from "../blocks/population.js";
import { schemeNamed } from "../blocks/sequential.js";
import type { Method, Progress, RunOptions, Target } from "../method.js";
import { checkCount, checkFromZero, checkFlag, complete } from "../options.js";
import type { Posterior } from "../posterior.js";

export interface ParticleGibbsOptions {
  /** Particles of a sweep, the reference among them; at least 2. Default 16. */
  readonly particles?: number;
  /** Sweeps kept. Default 200. */
  readonly sweeps?: number;
  /** Sweeps before those. Default a quarter of `sweeps`. */
  readonly burn?: number;
  /** Draw the reference a new past at every resampling. Default false. */
  readonly ancestor_sampling?: boolean;
  /** Resampling scheme; `systematic` by default. */
  readonly resampler?: ResamplerName;
}

type Settings = Required<ParticleGibbsOptions>;

/** ESS, as a share of the particles, below which a sweep resamples. */
export const RESAMPLE_BELOW = 0.5;
/** Populations run in search of an execution of positive weight. */
export const MOST_STARTS = 100;

/**
 * Particle Gibbs: a Markov chain on executions whose step is a run of sequential Monte Carlo conditional on the current one,
 * of which one is drawn by the final weights (Andrieu, Doucet & Holenstein, Particle Markov chain Monte Carlo methods, JRSS B
 * 2010). It leaves the posterior of executions invariant for every number of particles from 2; with few, the beginning of
 * long executions seldom changes. With `ancestor_sampling` (Lindsten, Jordan & Schön 2014) it does, where what comes later
 * fits another past: then the program's later draws are replayed from every particle at each resampling.
 *
 * The first execution is drawn from a run of sequential Monte Carlo. Resampling is below an ESS of half the particles.
 * Consistent: the draws have the posterior's law in the limit only, and are not independent; log Z is not estimated.
 *
 * @throws MethodError PGLR030 or PGLR034 for options that are out of range or that it has not.
 */
export function particleGibbs(options: ParticleGibbsOptions = {}): Method {
  const sweeps = options.sweeps ?? 200;
  const settings = complete<Settings>("particle_gibbs", options, {
    particles: 16,
    sweeps,
    burn: Math.floor(sweeps / 4),
    ancestor_sampling: false,
    resampler: "systematic",
  });
  checkCount("particle_gibbs", "particles", settings.particles, 2);
  checkCount("particle_gibbs", "sweeps", settings.sweeps);
  checkFromZero("particle_gibbs", "burn", settings.burn);
  checkFlag("particle_gibbs", "ancestor_sampling", settings.ancestor_sampling);
  schemeNamed("particle_gibbs", settings.resampler);
  return {
    name: "particle_gibbs",
    guarantee: "consistent",
    options: { ...settings },
    run: (program, environment, run) => runParticleGibbs(program, settings, environment, run),
  };
}

async function runParticleGibbs<R>(
  program: Target<R>,
  settings: Settings,
  environment: Environment,
  { onProgress }: RunOptions = {},
): Promise<Posterior<R>> {
  const chain = new GibbsChain(program, settings, environment);
  const stop = await drive(chain.run(), environment, (progress) => onProgress?.(progress));
  return posteriorOfChains<R>(
    chain.path === null ? [] : [chain.record],
    { name: "particle_gibbs", guarantee: "consistent", options: { ...settings } },
    environment,
    {
      ledger: chain.ledger,
      wanted: settings.sweeps,
      executions: chain.sweeps * settings.particles,
      stop,
      death: chain.death,
    },
  );
}

class GibbsChain {
  readonly ledger = new TraceLedger();
  readonly record: ChainRecord = { draws: [], accepted: 0, steps: 0 };
  path: ReferencePath | null = null;
  death: Death | null = null;
  /** Populations run. */
  sweeps = 0;
  private readonly sweep: SweepSettings;

  constructor(
    private readonly program: Target,
    private readonly settings: Settings,
    private readonly environment: Environment,
  ) {
    this.sweep = {
      particles: settings.particles,
      scheme: schemeNamed("particle_gibbs", settings.resampler),
      ess: RESAMPLE_BELOW,
      ancestorSampling: settings.ancestor_sampling,
      ledger: this.ledger,
      others: () => this.holders(),
    };
  }

  *run(): Generator<Progress | Promise<void>, void, void> {
    const { environment, record, settings } = this;
    const { burn, sweeps, particles } = settings;
    const total = burn + sweeps;
    const starts = environment.random.split(1);
    for (let attempt = 0; this.path === null && attempt < MOST_STARTS; attempt++) {
      this.path = yield* this.go(starts.split(attempt));
    }
    let path: ReferencePath | null = this.path;
    if (path === null) return;
    const streams = environment.random.split(2);
    for (let t = 0; t < total; t++) {
      const before: ReferencePath = path;
      // The reference is among the particles, so there is always one.
      this.path = path = (yield* this.go(streams.split(t)))!;
      const last = path[path.length - 1]!;
      if (t >= burn) {
        record.steps++;
        if (last.state !== before[before.length - 1]!.state) record.accepted++;
        const { value, lastDraw } = last.state;
        record.draws.push({ value, lastDraw, logWeight: logWeightOf(path) } satisfies ChainDraw);
      }
      yield {
        method: "particle_gibbs",
        step: t + 1,
        total,
        alive: particles,
        finished: record.draws.length,
        ess: record.draws.length,
        logZ: null,
      };
    }
  }

  /** One population, given the current execution if there is one, and the execution drawn from it. */
  private *go(random: RandomSource): Generator<Promise<void>, ReferencePath | null, void> {
    this.sweeps++;
    const population = yield* runConditional(this.program, this.path, this.sweep, this.environment, random);
    this.death = population.lastDeath ?? this.death;
    return pickPath(population, random.split(3));
  }

  private *holders(): Iterable<TraceHolder> {
    yield* this.record.draws;
    for (const { state } of this.path ?? []) yield state;
  }
}

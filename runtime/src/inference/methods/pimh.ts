import type { Environment } from "../../machine/environment.js";
import { TraceLedger } from "../../machine/trace.js";
import { LogWeights, type ResamplerName } from "../../weights/index.js";
import { accepts } from "../blocks/accept.js";
import { spawn } from "../blocks/blocks.js";
import { posteriorOfChains, type ChainDraw, type ChainRecord } from "../blocks/chain-posterior.js";
import { errorOfMean } from "../blocks/collect.js";
import { drive } from "../blocks/drive.js";
import { pick } from "../blocks/pick.js";
import type { Death } from "../blocks/population.js";
import { runTogether, schemeNamed } from "../blocks/sequential.js";
import type { Method, Progress, RunOptions, Target } from "../method.js";
import { checkCount, checkFromZero, complete } from "../options.js";
import type { Posterior } from "../posterior.js";
import { RESAMPLE_BELOW } from "./particle-gibbs.js";

export interface PimhOptions {
  /** Particles of a population. Default 100. */
  readonly particles?: number;
  /** Executions kept. Default 1000. */
  readonly samples?: number;
  /** Steps before those. Default a quarter of `samples`. */
  readonly burn?: number;
  /** Resampling scheme; `systematic` by default. */
  readonly resampler?: ResamplerName;
}

type Settings = Required<PimhOptions>;

/** Populations run at once, so that a language model is asked in batches. Not a setting: it does not change the answer. */
const BATCH = 8;

/**
 * Particle independent Metropolis–Hastings: each step runs a population of its own, draws an execution by its weights, and
 * accepts it with probability min(1, Ẑ′/Ẑ) (Andrieu, Doucet & Holenstein 2010, section 2.4.1). The posterior of executions is
 * invariant for any number of particles. Resampling is below an ESS of half the particles.
 *
 * Consistent: the draws have the posterior's law in the limit only. Log Z is the log of the average of all Ẑ, which are
 * independent and unbiased; its standard error is from their spread.
 *
 * @throws MethodError PGLR030 or PGLR034 for options that are out of range or that it has not.
 */
export function pimh(options: PimhOptions = {}): Method {
  const samples = options.samples ?? 1000;
  const settings = complete<Settings>("pimh", options, {
    particles: 100,
    samples,
    burn: Math.floor(samples / 4),
    resampler: "systematic",
  });
  checkCount("pimh", "particles", settings.particles);
  checkCount("pimh", "samples", settings.samples);
  checkFromZero("pimh", "burn", settings.burn);
  schemeNamed("pimh", settings.resampler);
  return {
    name: "pimh",
    guarantee: "consistent",
    options: { ...settings },
    run: (program, environment, run) => runPimh(program, settings, environment, run),
  };
}

async function runPimh<R>(
  program: Target<R>,
  settings: Settings,
  environment: Environment,
  { onProgress }: RunOptions = {},
): Promise<Posterior<R>> {
  const chain = new IndependenceChain(program, settings, environment);
  const stop = await drive(chain.run(), environment, (progress) => onProgress?.(progress));
  const { estimates } = chain;
  return posteriorOfChains<R>(
    chain.current === null ? [] : [chain.record],
    { name: "pimh", guarantee: "consistent", options: { ...settings } },
    environment,
    {
      ledger: chain.ledger,
      wanted: settings.samples,
      executions: estimates.length * settings.particles,
      stop,
      death: chain.death,
      logEvidence: {
        estimate: new LogWeights(estimates).logMean(),
        stderr: errorOfMean(estimates),
        exact: false,
      },
    },
  );
}

class IndependenceChain {
  readonly ledger = new TraceLedger();
  readonly record: ChainRecord = { draws: [], accepted: 0, steps: 0 };
  /** log Ẑ of every population, in nats. */
  readonly estimates: number[] = [];
  current: ChainDraw | null = null;
  death: Death | null = null;

  constructor(
    private readonly program: Target,
    private readonly settings: Settings,
    private readonly environment: Environment,
  ) {}

  *run(): Generator<Progress | Promise<void>, void, void> {
    const { burn, samples, particles, resampler } = this.settings;
    const { environment, program, ledger } = this;
    const total = burn + samples;
    const resampling = { scheme: schemeNamed("pimh", resampler), ess: RESAMPLE_BELOW };
    const streams = environment.random.split(1);
    for (let t = 0; t < total; t += BATCH) {
      const size = Math.min(BATCH, total - t);
      const sources = Array.from({ length: size }, (_, k) => streams.split(t + k));
      const populations = sources.map((random) => spawn(program, particles, environment, random.split(1), { ledger }));
      const choices = sources.map((random) => random.split(2));
      yield* runTogether(populations, resampling, (k, step) => choices[k]!.split(step));
      for (let k = 0; k < size; k++) {
        this.judge(t + k, populations[k]!, sources[k]!);
        yield this.progress(t + k + 1, total);
      }
      if (ledger.isDue)
        ledger.compact(new Set(this.current === null ? this.record.draws : [...this.record.draws, this.current]));
    }
  }

  private judge(t: number, population: ReturnType<typeof spawn>, random: Environment["random"]): void {
    const { record, settings } = this;
    const logZ = population.logWeights().logMean();
    this.estimates.push(logZ);
    this.death = population.lastDeath ?? this.death;
    const slot = pick(population, random.split(3));
    const before = this.current;
    if (slot !== null && (before === null || accepts(logZ - before.logWeight, random.split(4)))) {
      const { value, lastDraw } = population.particles[slot]!;
      this.current = { value, lastDraw, logWeight: logZ };
    }
    if (t < settings.burn || this.current === null) return;
    record.steps++;
    if (this.current !== before) record.accepted++;
    record.draws.push({ ...this.current });
  }

  private progress(step: number, total: number): Progress {
    const kept = this.record.draws.length;
    const logZ = new LogWeights(this.estimates).logMean();
    return { method: "pimh", step, total, alive: this.settings.particles, finished: kept, ess: kept, logZ };
  }
}

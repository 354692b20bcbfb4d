import type { Environment } from "../../machine/environment.js";
import { TraceLedger, type TraceHolder } from "../../machine/trace.js";
import type { RandomSource } from "../../random/source.js";
import type { ResamplerName } from "../../weights/index.js";
import { accepts } from "../blocks/accept.js";
import { posteriorOfChains, type ChainDraw, type ChainRecord } from "../blocks/chain-posterior.js";
import { drive } from "../blocks/drive.js";
import {
  checkNoneLater,
  checkParameters,
  holdersOf,
  ParameterWalk,
  spawnAfter,
  type Parameters,
} from "../blocks/parameters.js";
import { pick } from "../blocks/pick.js";
import type { Death, Population } from "../blocks/population.js";
import { runTogether, schemeNamed, type Resampling } from "../blocks/sequential.js";
import { together } from "../kernels/walk.js";
import type { Method, Progress, RunOptions, Target } from "../method.js";
import { checkCount, checkFromZero, complete } from "../options.js";
import type { Posterior } from "../posterior.js";
import { MOST_STARTS, RESAMPLE_BELOW } from "./particle-gibbs.js";

export interface PmmhOptions {
  /** Names of the draws that are parameters: the program makes them before all others. */
  readonly parameters: readonly string[];
  /** Particles of a population. Default 100. */
  readonly particles?: number;
  /** Executions kept of each chain. Default 1000. */
  readonly samples?: number;
  /** Steps before those. Default a quarter of `samples`. */
  readonly burn?: number;
  /** Default 1. */
  readonly chains?: number;
  /** Resampling scheme; `systematic` by default. */
  readonly resampler?: ResamplerName;
}

type Settings = Required<PmmhOptions>;

/**
 * Particle marginal Metropolis–Hastings: a chain on the parameters, in whose acceptance ratio the rest of the program counts
 * by the Ẑ of a population spawned from the state after them (Andrieu, Doucet & Holenstein 2010, section 2.4.2). One
 * parameter moves at a step: a continuous one by a random walk whose scale is learnt in burn-in, another is drawn again. The
 * posterior of executions is invariant for every number of particles, because Ẑ is unbiased.
 *
 * Consistent: the draws have the posterior's law in the limit only, and are not independent; log Z is not estimated.
 *
 * @throws MethodError PGLR030 or PGLR034 for options that are out of range or that it has not; PGLR085 in the run when a
 * parameter is not drawn before all other draws.
 */
export function pmmh(options: PmmhOptions): Method {
  const samples = options.samples ?? 1000;
  const settings = complete<Settings>("pmmh", options, {
    parameters: [],
    particles: 100,
    samples,
    burn: Math.floor(samples / 4),
    chains: 1,
    resampler: "systematic",
  });
  checkParameters("pmmh", settings.parameters);
  for (const option of ["particles", "samples", "chains"] as const) checkCount("pmmh", option, settings[option]);
  checkFromZero("pmmh", "burn", settings.burn);
  schemeNamed("pmmh", settings.resampler);
  return {
    name: "pmmh",
    guarantee: "consistent",
    options: { ...settings },
    run: (program, environment, run) => runPmmh(program, settings, environment, run),
  };
}

async function runPmmh<R>(
  program: Target<R>,
  settings: Settings,
  environment: Environment,
  { onProgress }: RunOptions = {},
): Promise<Posterior<R>> {
  const chains = new MarginalChains(program, settings, environment);
  const stop = await drive(chains.run(), environment, (progress) => onProgress?.(progress));
  return posteriorOfChains<R>(
    chains.chains.filter((chain) => chain.draw !== null).map((chain) => chain.record),
    { name: "pmmh", guarantee: "consistent", options: { ...settings } },
    environment,
    {
      ledger: chains.ledger,
      wanted: settings.samples,
      executions: chains.populations * settings.particles,
      stop,
      death: chains.death,
    },
  );
}

interface MarginalChain {
  readonly walk: ParameterWalk;
  readonly random: RandomSource;
  readonly record: ChainRecord;
  parameters: Parameters | null;
  /** The current execution; its log-weight is log Ẑ. */
  draw: ChainDraw | null;
}

/** Chains side by side: their populations are run together. */
export class MarginalChains {
  readonly chains: readonly MarginalChain[];
  populations = 0;
  death: Death | null = null;
  private readonly resampling: Resampling;

  constructor(
    program: Target,
    private readonly settings: Settings,
    private readonly environment: Environment,
    readonly ledger = new TraceLedger(),
  ) {
    const streams = environment.random.split(1);
    this.chains = Array.from({ length: settings.chains }, (_, c) => ({
      walk: new ParameterWalk(
        "pmmh",
        settings.parameters,
        program,
        environment,
        streams.split(c).split(1),
        this.ledger,
      ),
      random: streams.split(c).split(2),
      record: { draws: [], accepted: 0, steps: 0 },
      parameters: null,
      draw: null,
    }));
    this.resampling = { scheme: schemeNamed("pmmh", settings.resampler), ess: RESAMPLE_BELOW };
  }

  *run(): Generator<Progress | Promise<void>, void, void> {
    const { chains, settings } = this;
    const { burn, samples } = settings;
    for (let attempt = 0; attempt < MOST_STARTS; attempt++) {
      const missing = chains.filter((chain) => chain.draw === null);
      if (missing.length === 0) break;
      yield* this.start(missing, attempt);
    }
    if (chains.some((chain) => chain.draw === null)) return;
    for (let t = 0; t < burn + samples; t++) {
      yield* this.step(t, t < burn);
      const kept = chains.reduce((sum, { record }) => sum + record.draws.length, 0);
      yield {
        method: "pmmh",
        step: t + 1,
        total: burn + samples,
        alive: chains.length,
        finished: kept,
        ess: kept,
        logZ: null,
      };
      if (this.ledger.isDue) this.ledger.compact(new Set(this.holders()));
    }
  }

  /** Parameters and an execution for chains that have none yet. */
  *start(missing: readonly MarginalChain[], attempt: number): Generator<Promise<void>, void, void> {
    const starts = yield* together(
      missing.map(({ walk }) => walk.start()),
      missing.map(({ walk }) => walk.answers),
      this.environment,
    );
    const found = missing.flatMap((chain, i) => (starts[i] === null ? [] : [{ chain, parameters: starts[i]! }]));
    const drawn = yield* this.complete(found, (chain) => chain.random.split(1).split(attempt));
    found.forEach(({ chain, parameters }, i) => {
      if (drawn[i] === null) return;
      chain.parameters = parameters;
      chain.draw = drawn[i]!;
    });
  }

  /** One step of every chain: a Metropolis–Hastings kernel that leaves the posterior of executions and of Ẑ invariant. */
  *step(t: number, burning: boolean): Generator<Promise<void>, void, void> {
    const proposals = yield* together(
      this.chains.map(({ walk, parameters }) => walk.propose(parameters!)),
      this.chains.map(({ walk }) => walk.answers),
      this.environment,
    );
    const found = proposals.flatMap((proposal, c) =>
      proposal === null ? [] : [{ ...proposal, chain: this.chains[c]! }],
    );
    const streamOf = ({ random }: MarginalChain): RandomSource => random.split(2).split(t);
    const drawn = yield* this.complete(found, streamOf);
    const accepted = new Set<MarginalChain>();
    found.forEach(({ chain, parameters, logRatio, learn }, i) => {
      const draw = drawn[i]!;
      const isAccepted =
        draw !== null && accepts(logRatio + draw.logWeight - chain.draw!.logWeight, streamOf(chain).split(4));
      if (burning) learn(isAccepted);
      if (!isAccepted) return;
      accepted.add(chain);
      chain.parameters = parameters;
      chain.draw = draw;
    });
    if (burning) return;
    for (const chain of this.chains) {
      chain.record.steps++;
      if (accepted.has(chain)) chain.record.accepted++;
      chain.record.draws.push({ ...chain.draw! });
    }
  }

  /** The rest of the program, by a population for each: an execution drawn from it, with log Ẑ; null when that is zero. */
  private *complete(
    found: readonly { readonly chain: MarginalChain; readonly parameters: Parameters }[],
    streamOf: (chain: MarginalChain) => RandomSource,
  ): Generator<Promise<void>, (ChainDraw | null)[], void> {
    const { environment, settings } = this;
    const streams = found.map(({ chain }) => streamOf(chain));
    const populations = found.map(({ parameters }, i) =>
      spawnAfter(parameters, settings.particles, environment, streams[i]!.split(1)),
    );
    this.populations += populations.length;
    const choices = streams.map((random) => random.split(2));
    yield* runTogether(populations, this.resampling, (i, step) => choices[i]!.split(step));
    return populations.map((population, i) => this.drawFrom(population, found[i]!.parameters, streams[i]!.split(3)));
  }

  private drawFrom(population: Population, parameters: Parameters, random: RandomSource): ChainDraw | null {
    this.death = population.lastDeath ?? this.death;
    const slot = pick(population, random);
    if (slot === null) return null;
    const particle = population.particles[slot]!;
    checkNoneLater("pmmh", this.settings.parameters, parameters, particle);
    const { value, lastDraw } = particle;
    return { value, lastDraw, logWeight: population.logWeights().logMean() };
  }

  private *holders(): Iterable<TraceHolder> {
    for (const { record, parameters, draw } of this.chains) {
      yield* record.draws;
      if (draw !== null) yield draw;
      if (parameters !== null) yield* holdersOf(parameters);
    }
  }
}

import { MethodError } from "../../errors.js";
import type { Environment } from "../../machine/environment.js";
import type { Model } from "../../machine/model.js";
import type { RandomSource } from "../../random/source.js";
import { logSumExp, type ResamplerName } from "../../weights/index.js";
import { isPromise } from "../blocks/answer.js";
import { spawn } from "../blocks/blocks.js";
import { collect } from "../blocks/collect.js";
import { drive } from "../blocks/drive.js";
import { Status } from "../blocks/forward.js";
import type { Population } from "../blocks/population.js";
import { checkShare, schemeNamed, stepTogether, type PopulationStep } from "../blocks/sequential.js";
import type { Kernel } from "../kernels/kernel.js";
import { kernelNamed, type KernelName } from "../kernels/named.js";
import { Rejuvenation } from "../kernels/rejuvenation.js";
import { single } from "../kernels/single-site.js";
import type { Method, RunOptions, SequentialPlan, Target } from "../method.js";
import { checkCount, checkFromZero, complete } from "../options.js";
import type { HistoryEntry, Posterior } from "../posterior.js";

export interface SmcOptions {
  /** Number of particles. Default 100. */
  readonly particles?: number;
  /** Resampling scheme; `systematic` by default. */
  readonly resampler?: ResamplerName;
  /** Resample when ESS falls below this share of the particles; 0 never, 1 at every informative step. Default 0.5. */
  readonly ess?: number;
  /** A whole-trace proposal for the program. */
  readonly proposal?: Model;
  /** Independent populations, each of that many particles; the spread of their Ẑ is the error of log Z. Default 1. */
  readonly islands?: number;
  /** Kernel steps of each particle after each step of the population. Default 0. */
  readonly moves?: number;
  /** What a move does, as in `mh`. Default `single`. */
  readonly kernel?: KernelName | Kernel;
}

type Settings = Required<Omit<SmcOptions, "proposal" | "kernel">> &
  Pick<SmcOptions, "proposal"> & { readonly kernel: Kernel };

/** One step of a run: what collectors are given. */
export interface SmcStep extends HistoryEntry {
  /** The first of `populations`. */
  readonly population: Population;
  readonly populations: readonly Population[];
}

/** Streams of islands after the first, whose streams are those of a run of its own. */
const ISLANDS = 16;

/** The source that an island's streams are split from: of its particles 1, of its resampling 2. */
const sourceOf = (environment: Environment, island: number): RandomSource =>
  island === 0 ? environment.random : environment.random.split(ISLANDS + island);

/**
 * Sequential Monte Carlo: spawn, then advance and, where it is due, resample, until all have finished. All three blocks keep
 * the population properly weighted for any twist and proposal (Zhao et al. 2024, arXiv 2404.17546, eq. 10), so
 * E[Ẑ·p̂(r)] = Z·p(r) at every N. Particles that have finished keep their weight and take part in resampling; their later
 * increments are one.
 *
 * Yields each step after resampling, and what has to be waited for as a promise.
 */
function* steps(
  { populations, movable }: Islands,
  settings: Settings,
  environment: Environment,
): Generator<SmcStep | Promise<void>, void, void> {
  const resampling = { scheme: schemeNamed("smc", settings.resampler), ess: settings.ess };
  const sources = populations.map((_, island) => sourceOf(environment, island).split(2));
  const move = (stepped: readonly Population[]): Iterable<Promise<void>> =>
    Rejuvenation.move(
      movable.filter(({ population }) => stepped.includes(population)),
      settings.kernel,
      settings.moves,
      environment,
    );
  const hooks = movable.length === 0 ? {} : { after: move };
  while (populations.some((p) => !p.finished)) {
    const islands = yield* stepTogether(populations, resampling, (island, step) => sources[island]!.split(step), hooks);
    yield { ...(populations.length === 1 ? islands[0]! : summary(populations, islands)), populations };
  }
}

/** The islands at one step, as one. */
function summary(populations: readonly Population[], islands: readonly PopulationStep[]): PopulationStep {
  return {
    population: populations[0]!,
    step: islands[0]!.step,
    ess: islands.reduce((sum, { ess }) => sum + ess, 0),
    logZ: logSumExp(populations.map((p) => p.logWeights().logMean())) - Math.log(populations.length),
    alive: populations.reduce((sum, p) => sum + p.size - p.count(Status.Dead), 0),
    resampled: islands.some(({ resampled }) => resampled),
  };
}

interface Islands {
  readonly populations: readonly Population[];
  /** The same, where their particles are moved. */
  readonly movable: readonly Rejuvenation[];
}

function spawnIslands(program: Target, settings: Settings, environment: Environment): Islands {
  const { particles, proposal, islands, moves } = settings;
  const sources = Array.from({ length: islands }, (_, island) => sourceOf(environment, island));
  if (moves === 0) {
    const populations = sources.map((source) => spawn(program, particles, environment, source.split(1), { proposal }));
    return { populations, movable: [] };
  }
  const movable = sources.map((source) =>
    Rejuvenation.spawn(program, particles, environment, source.split(1), source.split(4)),
  );
  return { populations: movable.map(({ population }) => population), movable };
}

/**
 * Sequential Monte Carlo as an async iterator: one value a step, after resampling. Stop pulling and the population is the
 * partial answer. With several islands it is the first that is returned.
 *
 * @throws the reason of the environment's signal, once it is aborted.
 */
export async function* smcSteps(
  program: Target,
  options: SmcOptions,
  environment: Environment,
): AsyncGenerator<SmcStep, Population, void> {
  const settings = checked(options);
  const islands = spawnIslands(program, settings, environment);
  for (const step of steps(islands, settings, environment)) {
    environment.signal?.throwIfAborted();
    if (isPromise(step)) await step;
    else yield step;
  }
  return islands.populations[0]!;
}

/**
 * Sequential Monte Carlo.
 * @throws MethodError PGLR030 or PGLR034 for options that are out of range or that it has not; PGLR081 for `moves` with a
 * whole-trace proposal.
 */
export function smc(options: SmcOptions = {}): Method {
  const settings = checked(options);
  return {
    name: "smc",
    guarantee: "unbiased",
    options: describe(settings),
    sequential: planOf("smc", settings),
    run: (program, environment, run) => runPopulation("smc", describe(settings), program, settings, environment, run),
  };
}

export interface ImportanceOptions {
  /** Number of independent executions. Default 1000. */
  readonly samples?: number;
  /** A whole-trace proposal for the program. */
  readonly proposal?: Model;
  /** Independent sets of that many executions; the spread of their Ẑ is the error of log Z. Default 1. */
  readonly islands?: number;
}

/**
 * Importance sampling: independent executions from the prior, or the proposals, weighted. It is SMC that never resamples.
 * E[Ẑ·p̂(r)] = Z·p(r) for every number of samples.
 */
export function importance(options: ImportanceOptions = {}): Method {
  const { samples, proposal, islands } = complete<
    Required<Omit<ImportanceOptions, "proposal">> & Pick<ImportanceOptions, "proposal">
  >("importance", options, { samples: 1000, islands: 1 }, ["proposal"]);
  checkCount("importance", "samples", samples);
  checkCount("importance", "islands", islands);
  const settings: Settings = {
    particles: samples,
    resampler: "systematic",
    ess: 0,
    islands,
    proposal,
    moves: 0,
    kernel: single,
  };
  const described = describe({ samples, islands, proposal });
  return {
    name: "importance",
    guarantee: "unbiased",
    options: described,
    sequential: planOf("importance", settings),
    run: (program, environment, run) => runPopulation("importance", described, program, settings, environment, run),
  };
}

/** Collects a posterior and what there is to tell about it. */
async function runPopulation<R>(
  name: string,
  described: Readonly<Record<string, unknown>>,
  program: Target<R>,
  settings: Settings,
  environment: Environment,
  { onProgress, onStep }: RunOptions = {},
): Promise<Posterior<R>> {
  const islands = spawnIslands(program, settings, environment);
  const { populations } = islands;
  const history: HistoryEntry[] = [];
  const stop = await drive(steps(islands, settings, environment), environment, (step: SmcStep) => {
    const { step: index, ess, logZ, alive, resampled } = step;
    history.push({ step: index, ess, logZ, alive, resampled });
    onStep?.(step);
    const finished = populations.reduce((sum, p) => sum + p.count(Status.Done), 0);
    onProgress?.({ method: name, step: index, total: null, alive, finished, ess, logZ });
  });
  const report = { name, guarantee: "unbiased", options: described };
  return collect<R>(populations, report, environment, { history, stop });
}

function checked(options: SmcOptions): Settings {
  const { kernel, ...settings } = complete<Omit<Settings, "kernel"> & { readonly kernel: KernelName | Kernel }>(
    "smc",
    options,
    { particles: 100, resampler: "systematic", ess: 0.5, islands: 1, moves: 0, kernel: "single" },
    ["proposal"],
  );
  checkCount("smc", "particles", settings.particles);
  checkCount("smc", "islands", settings.islands);
  checkShare("smc", settings.ess);
  checkFromZero("smc", "moves", settings.moves);
  schemeNamed("smc", settings.resampler);
  if (settings.moves > 0 && settings.proposal !== undefined) {
    throw new MethodError("PGLR081", "smc: executions with a whole-trace proposal cannot be moved.", {
      hint: "Leave `proposal` or `moves` away; proposals at the draws (`x ~ D proposing Q`) are fine.",
    });
  }
  return { ...settings, kernel: kernelNamed("smc", kernel) };
}

const planOf = (method: string, { particles, islands, resampler, ess, moves, proposal }: Settings): SequentialPlan => ({
  particles,
  islands,
  moves,
  proposal,
  resampling: { scheme: schemeNamed(method, resampler), ess },
});

/** Options as reports show them: a proposal and a kernel by its name, one island and no moves not at all. */
function describe({
  moves = 0,
  kernel,
  ...options
}: Partial<Omit<Settings, "kernel">> & ImportanceOptions & { readonly kernel?: Kernel }): Readonly<
  Record<string, unknown>
> {
  return Object.fromEntries(
    Object.entries(moves === 0 ? options : { ...options, moves, kernel: kernel?.name })
      .filter(([k, v]) => v !== undefined && !(k === "islands" && v === 1))
      .map(([k, v]) => [k, k === "proposal" ? (v as Model).name : v]),
  );
}

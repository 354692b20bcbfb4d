import type { Environment } from "../../machine/environment.js";
import type { Model } from "../../machine/model.js";
import { showSite } from "../../machine/site.js";
import { LogWeights, resamplers, type ResamplerName, type ResamplingScheme } from "../../weights/index.js";
import { isPromise } from "../blocks/answer.js";
import { drive, warningsOf, warnOfStop } from "../blocks/drive.js";
import { logEvidenceError } from "../blocks/evidence-error.js";
import { Status } from "../blocks/forward.js";
import { Population } from "../blocks/population.js";
import type { Stop } from "../environment.js";
import type { Method, RunOptions, Target } from "../method.js";
import { checkCount, complete, refused } from "../options.js";
import { Posterior, type HistoryEntry, type WeightedSample } from "../posterior.js";

export interface SmcOptions {
  /** Number of particles. Default 100. */
  readonly particles?: number;
  /** Resampling scheme; `systematic` by default. */
  readonly resampler?: ResamplerName;
  /** Resample when ESS falls below this share of the particles; 0 never, 1 at every informative step. Default 0.5. */
  readonly ess?: number;
  /** A whole-trace proposal for the program. */
  readonly proposal?: Model;
}

type Settings = Required<Omit<SmcOptions, "proposal">> & Pick<SmcOptions, "proposal">;

/** One step of a run: what collectors are given. */
export interface SmcStep extends HistoryEntry {
  readonly population: Population;
}

/**
 * Sequential Monte Carlo, step by step (weights that follow each other without a draw, a token, a `step`): `advance`, then `resample` when the
 * ESS of the steering weights has fallen below the threshold and they say anything new. Both keep the population properly
 * weighted for any twist and proposal (Zhao et al. 2024, arXiv 2404.17546, eq. 10), so E[Ẑ·p̂(r)] = Z·p(r) at every N.
 * Particles that have finished keep their weight and take part in resampling; their later increments are one.
 *
 * Yields each step after resampling, and what has to be waited for as a promise.
 */
function* steps(
  population: Population,
  settings: Settings,
  environment: Environment,
): Generator<SmcStep | Promise<void>, void, void> {
  const scheme = schemeNamed("smc", settings.resampler);
  const choices = environment.random.split(2);
  while (!population.finished) {
    const pending = population.advance();
    if (pending !== undefined) yield pending;
    const steering = population.steeringWeights();
    const weights = new LogWeights(steering, true);
    const ess = weights.ess();
    const due = isDue(population, steering, ess, settings.ess);
    if (due) population.resample(scheme, steering, choices.split(population.step));
    yield {
      step: population.step,
      ess,
      // Without twists these are the target's weights, and resampling keeps their sum.
      logZ: (population.isTwisted ? population.logWeights() : weights).logMean(),
      alive: population.size - population.count(Status.Dead),
      resampled: due,
      population,
    };
  }
}

/** Resampling on weights that say nothing new only adds noise; after the last step it would only lose information. */
function isDue(population: Population, steering: Float64Array, ess: number, threshold: number): boolean {
  if (threshold === 0 || ess === 0 || population.finished) return false;
  if (threshold < 1 && ess >= threshold * population.openSlots(steering)) return false;
  return population.hasNews(steering);
}

function spawn(program: Target, settings: Settings, environment: Environment): Population {
  return Population.spawn(program, settings.particles, environment, environment.random.split(1), settings.proposal);
}

/**
 * Sequential Monte Carlo as an async iterator: one value a step, after resampling. Stop pulling and the population is the
 * partial answer.
 *
 * @throws the reason of the environment's signal, once it is aborted.
 */
export async function* smcSteps(
  program: Target,
  options: SmcOptions,
  environment: Environment,
): AsyncGenerator<SmcStep, Population, void> {
  const settings = checked(options);
  const population = spawn(program, settings, environment);
  for (const step of steps(population, settings, environment)) {
    environment.signal?.throwIfAborted();
    if (isPromise(step)) await step;
    else yield step;
  }
  return population;
}

/**
 * Sequential Monte Carlo.
 * @throws MethodError PGLR030 or PGLR034 for options that are out of range or that it has not.
 */
export function smc(options: SmcOptions = {}): Method {
  const settings = checked(options);
  return {
    name: "smc",
    guarantee: "unbiased",
    options: describe(settings),
    run: (program, environment, run) => runPopulation("smc", describe(settings), program, settings, environment, run),
  };
}

export interface ImportanceOptions {
  /** Number of independent executions. Default 1000. */
  readonly samples?: number;
  /** A whole-trace proposal for the program. */
  readonly proposal?: Model;
}

/**
 * Importance sampling: independent executions from the prior, or the proposals, weighted. It is SMC that never resamples.
 * E[Ẑ·p̂(r)] = Z·p(r) for every number of samples.
 */
export function importance(options: ImportanceOptions = {}): Method {
  const { samples, proposal } = complete<Required<Pick<ImportanceOptions, "samples">> & ImportanceOptions>(
    "importance",
    options,
    { samples: 1000 },
    ["proposal"],
  );
  checkCount("importance", "samples", samples);
  const settings: Settings = { particles: samples, resampler: "systematic", ess: 0, proposal };
  const described = describe({ samples, proposal });
  return {
    name: "importance",
    guarantee: "unbiased",
    options: described,
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
  const population = spawn(program, settings, environment);
  const history: HistoryEntry[] = [];
  const stop = await drive(steps(population, settings, environment), environment, (step: SmcStep) => {
    const { step: index, ess, logZ, alive, resampled } = step;
    history.push({ step: index, ess, logZ, alive, resampled });
    onStep?.(step);
    onProgress?.({ method: name, step: index, total: null, alive, finished: population.count(Status.Done), ess, logZ });
  });
  return collect<R>({ name, guarantee: "unbiased", options: described }, population, history, stop, environment);
}

function collect<R>(
  method: Posterior<R>["method"],
  population: Population,
  history: readonly HistoryEntry[],
  stop: Stop | null,
  environment: Environment,
): Posterior<R> {
  const logWeights = population.logWeights();
  const weights = logWeights.normalized();
  const alive = logWeights.max() > -Infinity;
  const ess = logWeights.ess();
  const finished = population.count(Status.Done);
  if (!alive) warnOfDeath(population, environment);
  else if (stop === null) warnOfFew(ess, population.size, environment);
  if (stop !== null) {
    warnOfStop(
      environment,
      stop,
      `${finished} of ${population.size} executions had finished; the posterior is about those only, and log Z counts the factors met so far.`,
    );
  }
  const samples: WeightedSample<R>[] = [];
  let covered = 0;
  for (let i = 0; i < population.size; i++) if (population.status[i] === Status.Done) covered += weights[i]!;
  for (let i = 0; i < population.size; i++) {
    if (population.status[i] !== Status.Done) continue;
    const { value, trace } = population.particles[i]!;
    // A partial answer is about the executions that had finished.
    samples.push({
      value: value as R,
      weight: covered > 0 ? (stop === null ? weights[i]! : weights[i]! / covered) : 0,
      trace,
    });
  }
  return new Posterior<R>(
    samples,
    {
      estimate: logWeights.logMean(),
      stderr: alive && stop === null ? logEvidenceError(weights, population.eve, population.resampled) : null,
      exact: false,
    },
    {
      ess: stop === null ? ess : essOf(samples),
      history,
      distinctAncestors: distinctAncestors(population),
      chains: null,
      unvisitedMass: 0,
      executions: population.size,
      partial: stop !== null,
      warnings: warningsOf(environment),
    },
    method,
    environment.random.split(3),
  );
}

function warnOfDeath(population: Population, environment: Environment): void {
  if (population.lastDeath === null) return;
  const { site, step } = population.lastDeath;
  environment.warn({
    code: "PGLW003",
    message: `Every execution had weight zero. The last one ended at ${site === null ? "the program's end" : showSite(site)}, step ${step}.`,
    site: site ?? undefined,
  });
}

function warnOfFew(ess: number, size: number, environment: Environment): void {
  if (size < 10 || ess >= Math.max(2, size / 50)) return;
  environment.warn({
    code: "PGLW004",
    message: `The effective sample size is ${ess.toFixed(1)} of ${size}: few executions carry all the weight. More particles, a proposal or a twist would help.`,
  });
}

function distinctAncestors(population: Population): number {
  const seen = new Uint8Array(population.size);
  let distinct = 0;
  for (let i = 0; i < population.size; i++) {
    const root = population.eve[i]!;
    if (population.status[i] === Status.Dead || seen[root] === 1) continue;
    seen[root] = 1;
    distinct++;
  }
  return distinct;
}

function essOf(samples: readonly WeightedSample<unknown>[]): number {
  let squares = 0;
  for (const { weight } of samples) squares += weight * weight;
  return squares === 0 ? 0 : 1 / squares;
}

function checked(options: SmcOptions): Settings {
  const settings = complete<Settings>("smc", options, { particles: 100, resampler: "systematic", ess: 0.5 }, [
    "proposal",
  ]);
  checkCount("smc", "particles", settings.particles);
  if (!(settings.ess >= 0 && settings.ess <= 1)) {
    throw refused("smc", "ess", "a share of the particles between 0 and 1", settings.ess);
  }
  schemeNamed("smc", settings.resampler);
  return settings;
}

function schemeNamed(method: string, name: string): ResamplingScheme {
  if (Object.hasOwn(resamplers, name)) return resamplers[name as ResamplerName];
  throw refused(method, "resampler", `one of ${Object.keys(resamplers).join(", ")}`, name);
}

/** Options as reports show them: a proposal by its name. */
function describe(options: SmcOptions | ImportanceOptions): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(options)
      .filter(([, v]) => v !== undefined)
      .map(([k, v]) => [k, k === "proposal" ? (v as Model).name : v]),
  );
}

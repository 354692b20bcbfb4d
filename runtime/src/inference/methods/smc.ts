import { MethodError, RunError } from "../../errors.js";
import type { Environment } from "../../machine/environment.js";
import type { Model } from "../../machine/model.js";
import { showSite } from "../../machine/site.js";
import { LogWeights, resamplers, type ResamplerName, type ResamplingScheme } from "../../weights/index.js";
import { logEvidenceError } from "../blocks/evidence-error.js";
import { Status } from "../blocks/forward.js";
import { Population } from "../blocks/population.js";
import type { Method, Progress, RunOptions, Target } from "../method.js";
import { Posterior, type HistoryEntry, type WeightedSample } from "../posterior.js";
import { RunEnvironment } from "../environment.js";

export interface SmcOptions {
  /** Number of particles. */
  readonly particles?: number;
  /** Resampling scheme; `systematic` by default. */
  readonly resampler?: ResamplerName;
  /** Resample when ESS falls below this share of the particles; 0 never, 1 at every informative step. Default 0.5. */
  readonly ess?: number;
  /** A whole-trace proposal for the program. */
  readonly proposal?: Model;
}

/** One step of a run: what collectors are given. */
export interface SmcStep extends HistoryEntry {
  readonly population: Population;
}

/**
 * Sequential Monte Carlo as an async iterator: one value a step (a factor, an observation, a twist, a token), after
 * resampling. Stop pulling and the population is the partial answer.
 *
 * Each step is `advance`, then `resample` when the ESS of the steering weights has fallen below the threshold and the
 * weights differ at all. Both keep the population properly weighted for any twist and proposal (Lawson et al. / Zhao et
 * al. 2024, arXiv 2404.17546, eq. 10), so E[Ẑ·p̂(r)] = Z·p(r) at every N. Particles that have finished keep their weight and
 * take part in resampling; their later increments are one.
 */
export async function* smcSteps(
  program: Target,
  options: SmcOptions,
  environment: Environment,
): AsyncGenerator<SmcStep, Population, void> {
  const { particles = 100, resampler = "systematic", ess: threshold = 0.5 } = options;
  const scheme = resamplerNamed(resampler);
  const slots = environment.random.split(1);
  const choices = environment.random.split(2);
  const population = Population.spawn(program, particles, environment, slots, options.proposal);
  while (!population.finished) {
    environment.signal?.throwIfAborted();
    await population.advance();
    const steering = population.steeringWeights();
    const ess = new LogWeights(steering).ess();
    const due = threshold > 0 && !population.finished && ess > 0 && (threshold >= 1 ? informative(steering) : ess < threshold * particles);
    if (due) population.resample(scheme, steering, choices.split(population.step));
    yield {
      step: population.step,
      ess,
      logZ: population.logWeights().logMean(),
      alive: particles - population.count(Status.Dead),
      resampled: due,
      population,
    };
  }
  return population;
}

/** Sequential Monte Carlo. */
export function smc(options: SmcOptions = {}): Method {
  const resolved = { particles: 100, resampler: "systematic" as ResamplerName, ess: 0.5, ...defined(options) };
  checkCount("smc", "particles", resolved.particles);
  if (!(resolved.ess >= 0 && resolved.ess <= 1)) {
    throw new MethodError("PGLR030", `smc: \`ess\` is a share of the particles between 0 and 1, not ${resolved.ess}.`);
  }
  resamplerNamed(resolved.resampler);
  return {
    name: "smc",
    guarantee: "unbiased",
    options: describe(resolved),
    run: (program, environment, run) => runPopulation("smc", program, resolved, environment, run),
  };
}

export interface ImportanceOptions {
  /** Number of independent executions. */
  readonly samples?: number;
  readonly proposal?: Model;
}

/**
 * Importance sampling: independent executions from the prior, or the proposals, weighted. It is SMC that never resamples.
 * E[Ẑ·p̂(r)] = Z·p(r) for every number of samples.
 */
export function importance(options: ImportanceOptions = {}): Method {
  const { samples, proposal } = { samples: 1000, ...defined(options) } as { samples: number; proposal?: Model };
  checkCount("importance", "samples", samples);
  return {
    name: "importance",
    guarantee: "unbiased",
    options: describe({ samples, proposal }),
    run: (program, environment, run) =>
      runPopulation("importance", program, { particles: samples, resampler: "systematic", ess: 0, proposal }, environment, run),
  };
}

async function runPopulation<R>(
  name: string,
  program: Target<R>,
  options: Required<Omit<SmcOptions, "proposal">> & Pick<SmcOptions, "proposal">,
  environment: Environment,
  run: RunOptions = {},
): Promise<Posterior<R>> {
  const history: HistoryEntry[] = [];
  let resamplings = 0;
  let population: Population | null = null;
  let partial = false;
  try {
    const steps = smcSteps(program, options, environment);
    for (;;) {
      const next = await steps.next();
      if (next.done === true) {
        population = next.value;
        break;
      }
      const step = next.value;
      population = step.population;
      history.push({ step: step.step, ess: step.ess, logZ: step.logZ, alive: step.alive, resampled: step.resampled });
      if (step.resampled) resamplings++;
      run.onProgress?.(progressOf(name, step, population));
    }
  } catch (error) {
    if (environment.signal?.aborted !== true || population === null) throw error;
    partial = true;
  }
  return collect<R>(name, options, population, history, resamplings, partial, environment);
}

const progressOf = (method: string, step: SmcStep, population: Population): Progress => ({
  method,
  step: step.step,
  total: null,
  alive: step.alive,
  finished: population.count(Status.Done),
  ess: step.ess,
  logZ: step.logZ,
});

function collect<R>(
  name: string,
  options: SmcOptions,
  population: Population,
  history: readonly HistoryEntry[],
  resamplings: number,
  partial: boolean,
  environment: Environment,
): Posterior<R> {
  const logWeights = population.logWeights();
  const normalised = logWeights.normalized();
  const alive = logWeights.max() > -Infinity;
  if (!alive && population.lastDeath !== null) {
    const { site, step } = population.lastDeath;
    environment.warn({
      code: "PGLW003",
      message: `Every execution had weight zero. The last one ended at ${site === null ? "the program's end" : showSite(site)}, step ${step}.`,
      site: site ?? undefined,
    });
  }
  const ess = alive ? logWeights.ess() : 0;
  if (alive && population.size >= 10 && ess < Math.max(2, population.size / 50)) {
    environment.warn({
      code: "PGLW004",
      message: `The effective sample size is ${ess.toFixed(1)} of ${population.size}: few executions carry all the weight. More particles, a proposal or a twist would help.`,
    });
  }
  const samples: WeightedSample<R>[] = [];
  let unfinished = 0;
  for (let i = 0; i < population.size; i++) {
    if (population.status[i] !== Status.Done) {
      if (population.status[i] !== Status.Dead) unfinished++;
      continue;
    }
    const particle = population.particles[i]!;
    samples.push({ value: particle.value as R, weight: alive ? normalised[i]! : 0, trace: particle.trace });
  }
  if (partial && unfinished > 0) renormalise(samples);
  const roots = new Set<number>();
  for (let i = 0; i < population.size; i++) if (population.status[i] !== Status.Dead) roots.add(population.eve[i]!);
  return new Posterior<R>(
    samples,
    {
      estimate: logWeights.logMean(),
      stderr: alive ? logEvidenceError(normalised, population.eve, resamplings) : null,
      exact: false,
    },
    {
      ess,
      history,
      distinctAncestors: roots.size,
      unvisitedMass: 0,
      executions: population.size,
      partial,
      warnings: environment instanceof RunEnvironment ? environment.warnings : [],
    },
    { name, guarantee: "unbiased", options: describe(options) },
  );
}

/** A partial answer is about the executions that had finished. */
function renormalise<R>(samples: WeightedSample<R>[]): void {
  let sum = 0;
  for (const s of samples) sum += s.weight;
  if (sum > 0) for (let i = 0; i < samples.length; i++) samples[i] = { ...samples[i]!, weight: samples[i]!.weight / sum };
}

function informative(weights: Float64Array): boolean {
  for (let i = 1; i < weights.length; i++) if (weights[i] !== weights[0]) return true;
  return false;
}

function resamplerNamed(name: string): ResamplingScheme {
  const scheme = (resamplers as Readonly<Record<string, ResamplingScheme>>)[name];
  if (scheme === undefined) {
    throw new MethodError("PGLR031", `There is no resampler \`${name}\`; there are ${Object.keys(resamplers).join(", ")}.`);
  }
  return scheme;
}

/** @throws MethodError unless `value` is a positive whole number. */
export function checkCount(method: string, option: string, value: unknown): void {
  if (!Number.isSafeInteger(value) || (value as number) < 1) {
    throw new MethodError("PGLR030", `${method}: \`${option}\` must be a positive whole number, not ${String(value)}.`);
  }
}

/** Options as reports show them: a proposal by its name. */
function describe(options: SmcOptions | ImportanceOptions): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(options)
      .filter(([, v]) => v !== undefined)
      .map(([k, v]) => [k, k === "proposal" ? (v as Model).name : v]),
  );
}

/** Without the keys whose value is undefined, so that defaults apply. */
export function defined<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, v]) => v !== undefined)) as Partial<T>;
}

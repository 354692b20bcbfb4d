import { MethodError } from "../errors.js";
import type { Environment } from "../machine/environment.js";
import type { ResamplerName } from "../weights/index.js";
import { isPromise } from "../inference/blocks/answer.js";
import { checkShare, schemeNamed } from "../inference/blocks/sequential.js";
import type { Target } from "../inference/method.js";
import { checkCount, complete, refused } from "../inference/options.js";
import { drawsByRejection, NoRejection } from "./bounds/by-rejection.js";
import { drawsByStates, isNotFinite } from "./bounds/by-states.js";
import { differenceOf, estimateOf, type Estimate } from "./bounds/estimate.js";
import type { ExactDraw, ExactDraws } from "./bounds/exact-draws.js";
import { repeatRuns } from "./bounds/runs.js";

export type { Estimate, ExactDraw };

export interface EvidenceBoundsOptions {
  /** Particles of each run. Default 16. */
  readonly particles?: number;
  readonly resampler?: ResamplerName;
  /** Resample when ESS falls below this share of the particles; 0 never. Default 0.5. */
  readonly ess?: number;
  /** Runs for each bound. Default 100. */
  readonly runs?: number;
  /**
   * Where exact draws of the posterior come from: all states are visited (`enumerate`, for finite programs, the default);
   * executions of the prior are accepted by their weight (`rejection`); or they are given, as by simulating and then
   * conditioning on what was simulated. Those given are used in turn.
   */
  readonly exact?: "enumerate" | "rejection" | readonly ExactDraw[];
  /** For `rejection`: a number of nats that no weight exceeds. Default 0. */
  readonly bound?: number;
  /** For `rejection`: give up after this many executions, all together. Default 1 000 000. */
  readonly max_attempts?: number;
  /** For `enumerate`: give up beyond this many states of executions. Default 100 000. */
  readonly max_states?: number;
}

type Settings = Required<EvidenceBoundsOptions>;

export interface EvidenceBounds {
  /** E[log Ẑ] ≤ log Z. −Infinity when some run loses all its particles. */
  readonly lower: Estimate;
  /** E_σ[log Ẑ] ≥ log Z. */
  readonly upper: Estimate;
  /**
   * `upper` − `lower`: bounds KL(q‖σ) + KL(σ‖q), q being the law of an execution drawn from a run's final weights and σ the
   * posterior. How far, at most, such draws are from the posterior.
   */
  readonly divergence: Estimate;
}

/**
 * Bounds of log Z from both sides by sequential Monte Carlo (Zhao, Brekelmans, Makhzani & Grosse 2024, arXiv 2404.17546,
 * prop. 5.1; after Grosse, Ancha & Roy, Measuring the reliability of MCMC inference with bidirectional Monte Carlo, 2016): the
 * expected log Ẑ of a run is below, that of a run with an exact draw of the posterior among its particles above log Z. By data
 * processing their difference bounds the symmetrised Kullback–Leibler divergence between the posterior and an execution drawn
 * from a run. Without resampling they are the importance-weighted bounds.
 *
 * Both hold for every number of particles; what is estimated from `runs` runs has an error of simulation, given beside it.
 *
 * @throws MethodError PGLR030 or PGLR034 for options that are out of range or that it has not; PGLR032 when a weight exceeds
 * the bound; PGLR089 when a program has no exact draws of the wanted kind.
 */
export async function evidenceBounds(
  program: Target,
  environment: Environment,
  options: EvidenceBoundsOptions = {},
): Promise<EvidenceBounds> {
  const name = "evidenceBounds";
  const settings = complete<Settings>(name, options, {
    particles: 16,
    resampler: "systematic",
    ess: 0.5,
    runs: 100,
    exact: "enumerate",
    bound: 0,
    max_attempts: 1_000_000,
    max_states: 100_000,
  });
  for (const option of ["particles", "runs", "max_attempts", "max_states"] as const)
    checkCount(name, option, settings[option]);
  checkShare(name, settings.ess);
  const { particles, resampler, ess, runs } = settings;
  const plan = { particles, islands: 1, moves: 0, resampling: { scheme: schemeNamed(name, resampler), ess } };
  const { random } = environment;
  const draws = await exactDraws(program, environment, settings);
  const drawn: ExactDraw[] = [];
  for (let run = 0; run < runs; run++) drawn.push(await draws.draw(run, random.split(3).split(run)));
  const found = await finish(
    repeatRuns(
      program,
      plan,
      drawn.map((draw, run) => ({ environment, random: random.split(6).split(run), draw })),
    ),
  );
  const lower = estimateOf(found.map(({ free }) => free!));
  const upper = estimateOf(found.map(({ given }) => given!));
  return { lower, upper, divergence: differenceOf(upper, lower) };
}

async function exactDraws(
  program: Target,
  environment: Environment,
  { exact, bound, runs, max_attempts, max_states }: Settings,
): Promise<ExactDraws> {
  if (exact === "rejection") {
    if (!Number.isFinite(bound)) throw refused("evidenceBounds", "bound", "a finite number of nats", bound);
    const wanted = { count: runs, bound, executions: max_attempts };
    try {
      return await finish(drawsByRejection(program, environment, environment.random.split(5), wanted));
    } catch (error) {
      // With a bound, all that can be in the way is too few of them.
      throw error instanceof NoRejection ? noDraws(error.reason, "Raise `max_attempts`, or want fewer `runs`.") : error;
    }
  }
  if (exact === "enumerate") {
    let found: ExactDraws | null;
    try {
      found = await finish(drawsByStates(program, environment, max_states, "evidenceBounds"));
    } catch (error) {
      throw isNotFinite(error) ? noDraws(error.message) : error;
    }
    if (found === null) throw noDraws("every execution has weight zero");
    return found;
  }
  if (!Array.isArray(exact) || exact.length === 0)
    throw refused("evidenceBounds", "exact", "enumerate, rejection or a list of executions", exact);
  return { logZ: null, looked: exact.length, draw: (run) => (exact as readonly ExactDraw[])[run % exact.length]! };
}

const noDraws = (
  why: string,
  hint = 'Use `exact: "rejection"`, or give executions that are known to be draws of the posterior.',
): MethodError =>
  new MethodError(
    "PGLR089",
    `evidenceBounds: there are no exact draws of the posterior, because ${why.replace(/\.$/, "")}.`,
    { hint },
  );

/** All of a generator's steps, waiting where it waits. */
async function finish<T>(steps: Generator<unknown, T, void>): Promise<T> {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
    if (isPromise(next.value)) await next.value;
  }
}

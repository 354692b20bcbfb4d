import type { Distribution } from "../distributions/distribution.js";
import { MethodError } from "../errors.js";
import type { Environment } from "../machine/environment.js";
import {
  journalDraw,
  journalOf,
  replay,
  startJournal,
  type DrawSource,
  type JournalEntry,
} from "../machine/journal.js";
import { Particle } from "../machine/particle.js";
import { TraceLedger } from "../machine/trace.js";
import type { RandomSource } from "../random/source.js";
import { LogWeights, type ResamplerName } from "../weights/index.js";
import { answerRequests } from "../inference/blocks/answer.js";
import { choose, runToCheckpoint, runToChoice, Status } from "../inference/blocks/forward.js";
import { pathTo, type ReferencePath } from "../inference/blocks/lineage.js";
import { Population } from "../inference/blocks/population.js";
import { checkShare, runTogether, schemeNamed } from "../inference/blocks/sequential.js";
import type { Target } from "../inference/method.js";
import { checkCount, complete, refused } from "../inference/options.js";

/** An execution drawn exactly from the posterior: what it consumed (`journalOf`). */
export type ExactDraw = readonly JournalEntry[];

export interface EvidenceBoundsOptions {
  /** Particles of each run. Default 16. */
  readonly particles?: number;
  readonly resampler?: ResamplerName;
  /** Resample when ESS falls below this share of the particles; 0 never. Default 0.5. */
  readonly ess?: number;
  /** Runs for each bound. Default 100. */
  readonly runs?: number;
  /**
   * Where exact draws of the posterior come from: all executions are visited (`enumerate`, for finite programs, the default);
   * executions of the prior are accepted by their weight (`rejection`); or they are given, as by simulating and then
   * conditioning on what was simulated. Those given are used in turn.
   */
  readonly exact?: "enumerate" | "rejection" | readonly ExactDraw[];
  /** For `rejection`: a number of nats that no weight exceeds. Default 0. */
  readonly bound?: number;
  /** For `rejection`: give up after this many executions for a draw. Default 1 000 000. */
  readonly max_attempts?: number;
}

type Settings = Required<EvidenceBoundsOptions>;

/** A number of nats from simulation, with its standard error; null for one run, or where a run gave −Infinity. */
export interface Estimate {
  readonly estimate: number;
  readonly stderr: number | null;
}

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

/** Runs at once, so that a language model is asked in batches. Not a setting: it does not change the answer. */
const BATCH = 8;
/** Executions visited by `enumerate`. */
const MOST_EXECUTIONS = 100_000;
/** Excess over the bound that is rounding. */
const ROUNDING = 1e-9;

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
  });
  for (const option of ["particles", "runs", "max_attempts"] as const) checkCount(name, option, settings[option]);
  checkShare(name, settings.ess);
  const resampling = { scheme: schemeNamed(name, settings.resampler), ess: settings.ess };
  const { random } = environment;
  const drawsOf = await exactDraws(program, environment, settings);
  const lower: number[] = [];
  const upper: number[] = [];
  for (let first = 0; first < settings.runs; first += BATCH) {
    const size = Math.min(BATCH, settings.runs - first);
    const own = (side: number) => Array.from({ length: size }, (_, k) => random.split(side).split(first + k));
    const paths: ReferencePath[] = [];
    for (let k = 0; k < size; k++) {
      const run = first + k;
      paths.push(await pathOf(program, await drawsOf(run, random.split(3).split(run)), environment));
    }
    for (const [side, found] of [
      [1, lower],
      [2, upper],
    ] as const) {
      const sources = own(side);
      const populations = sources.map((source, k) =>
        Population.spawn(program, settings.particles, environment, source.split(1), {
          ...(side === 2 ? { given: paths[k]! } : {}),
        }),
      );
      const choices = sources.map((source) => source.split(2));
      for (const pending of runTogether(populations, resampling, (k, step) => choices[k]!.split(step))) await pending;
      found.push(...populations.map((population) => population.logWeights().logMean()));
    }
  }
  const [below, above] = [estimateOf(lower), estimateOf(upper)];
  return { lower: below, upper: above, divergence: differenceOf(above, below) };
}

function estimateOf(values: readonly number[]): Estimate {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  if (n < 2 || !Number.isFinite(mean)) return { estimate: mean, stderr: null };
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { estimate: mean, stderr: Math.sqrt(squares / (n * (n - 1))) };
}

const differenceOf = (a: Estimate, b: Estimate): Estimate => ({
  estimate: a.estimate - b.estimate,
  stderr: a.stderr === null || b.stderr === null ? null : Math.hypot(a.stderr, b.stderr),
});

/** The states of an exact draw at its checkpoints, weighed as a run that draws from the program's proposals weighs it. */
async function pathOf(program: Target, draw: ExactDraw, environment: Environment): Promise<ReferencePath> {
  const population = Population.spawn(program, 1, environment, environment.random.split(4), {
    lineage: true,
    prepare: (particle) => replay(particle, draw),
  });
  while (!population.finished) await population.advance();
  const last = population.lineage![0]!;
  const [particle] = population.particles;
  if (last === null || population.status[0] !== Status.Done || particle!.journal!.length !== draw.length) {
    throw new MethodError("PGLR089", "evidenceBounds: an exact draw does not fit the program, or has weight zero.", {
      site: particle!.site ?? undefined,
      hint: "Draws come from executions of the same program with the same arguments; its proposals must be able to make them.",
    });
  }
  return pathTo(last);
}

type Draws = (run: number, random: RandomSource) => Promise<ExactDraw> | ExactDraw;

async function exactDraws(program: Target, environment: Environment, settings: Settings): Promise<Draws> {
  const { exact, bound, max_attempts } = settings;
  if (exact === "rejection") {
    if (!Number.isFinite(bound)) throw refused("evidenceBounds", "bound", "a finite number of nats", bound);
    return (_, random) => accepted(program, environment, random, bound, max_attempts);
  }
  if (exact === "enumerate") {
    const all = await allExecutions(program, environment);
    const weights = new LogWeights(all.map(({ logMass }) => logMass));
    if (weights.max() === -Infinity) throw noDraws("every execution has weight zero");
    const probabilities = weights.normalized();
    return (_, random) => all[random.categorical(probabilities)]!.entries;
  }
  if (!Array.isArray(exact) || exact.length === 0)
    throw refused("evidenceBounds", "exact", "enumerate, rejection or a list of executions", exact);
  return (run) => (exact as readonly ExactDraw[])[run % exact.length]!;
}

const noDraws = (why: string): MethodError =>
  new MethodError("PGLR089", `evidenceBounds: there are no exact draws of the posterior, because ${why}.`, {
    hint: 'Use `exact: "rejection"`, or give executions that are known to be draws of the posterior.',
  });

/** Draws from the program's own distributions. */
const fromPrior: DrawSource = {
  draw(particle, distribution, proposal, site) {
    if (proposal === null) return null;
    journalDraw(particle, distribution, proposal, site, distribution.sample(particle.random));
    return true;
  },
  request: () => "ask",
};

async function accepted(
  program: Target,
  environment: Environment,
  random: RandomSource,
  bound: number,
  most: number,
): Promise<ExactDraw> {
  for (let attempt = 0; attempt < most; attempt++) {
    const own = random.split(attempt);
    const particle = new Particle(program.start(), own.split(0), environment, undefined, undefined, new TraceLedger());
    startJournal(particle);
    particle.source = fromPrior;
    for (let tick = 0; ; tick++) {
      const status = runToCheckpoint(particle);
      if (status === Status.Waiting) await answerRequests([particle], environment, tick);
      else if (status !== Status.Checkpoint) break;
    }
    // Without the proposals' ratios, which the journal's source leaves out.
    if (particle.logWeight === -Infinity) continue;
    const excess = particle.logFactors - bound;
    if (excess > ROUNDING) {
      throw new MethodError(
        "PGLR032",
        `evidenceBounds: an execution weighs ${particle.logFactors.toFixed(3)} nats, above the bound ${bound}.`,
        { site: particle.site ?? undefined, hint: "Pass a larger `bound`." },
      );
    }
    if (excess >= 0 || own.split(1).bernoulli(Math.exp(excess))) return journalOf(particle);
  }
  throw noDraws(`none of ${most} executions was accepted`);
}

/** Every execution of a finite program, with the log of its prior probability times its weight (nats). */
async function allExecutions(
  program: Target,
  environment: Environment,
): Promise<{ readonly entries: ExactDraw; readonly logMass: number }[]> {
  const random = environment.random.split(5);
  const found: { entries: ExactDraw; logMass: number }[] = [];
  const first = new Particle(program.start(), random, environment);
  startJournal(first);
  const open = [{ particle: first, logPrior: 0 }];
  for (let tick = 0; open.length > 0;) {
    const { particle, logPrior } = open.pop()!;
    const status = runToChoice(particle);
    if (status === Status.Waiting) {
      await answerRequests([particle], environment, tick++);
      open.push({ particle, logPrior });
    } else if (status === Status.Done) {
      if (found.length >= MOST_EXECUTIONS) throw noDraws(`it has more than ${MOST_EXECUTIONS} executions to visit`);
      const entries = journalOf(particle);
      if (entries.some(({ kind }) => kind === "answer")) throw noDraws("an inference inside it is answered at random");
      found.push({ entries, logMass: logPrior + particle.logFactors });
    } else if (status === Status.Choice) {
      const { support } = particle.distribution as Distribution<unknown>;
      if (support.kind !== "finite") throw noDraws(`\`${particle.site!.name}\` has no finite list of values`);
      support.values.forEach((value, i) => {
        const p = support.probabilities[i]!;
        if (!(p > 0)) return;
        const branch = particle.fork(random);
        choose(branch, value);
        open.push({ particle: branch, logPrior: logPrior + Math.log(p) });
      });
    }
  }
  return found;
}

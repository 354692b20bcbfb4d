import { MethodError, RunError } from "../../errors.js";
import type { Environment } from "../../machine/environment.js";
import type { Frame } from "../../machine/frame.js";
import { Particle } from "../../machine/particle.js";
import { showSite, type Site } from "../../machine/site.js";
import { Trace, TraceLedger, type TraceHolder } from "../../machine/trace.js";
import type { RandomSource } from "../../random/source.js";
import { answerRequests } from "../blocks/answer.js";
import { drive, warningsOf, warnOfStop } from "../blocks/drive.js";
import { runToCheckpoint, Status } from "../blocks/forward.js";
import { located } from "../blocks/located.js";
import type { Steps } from "../kernels/kernel.js";
import type { Method, Progress, RunOptions, Target } from "../method.js";
import type { NestedPayload } from "../nested.js";
import { checkCount, complete, refused } from "../options.js";
import { Posterior } from "../posterior.js";
import { SignedPosterior } from "../signed-posterior.js";

export interface NestedOptions {
  /** Independent executions of the program. Default 1000. */
  readonly samples?: number;
  /** Success probability r of the geometric level N: an inference inside gets 2^N draws. Between 0.5 and 1; default 0.62. */
  readonly rate?: number;
}

type Settings = Required<NestedOptions>;

/** How many draws an inference inside gets: 2^level, with the probability of that level. */
export type Levels = (random: RandomSource) => { readonly level: number; readonly probability: number };

/** P(N = n) = r (1 − r)^n. */
export const geometric =
  (rate: number): Levels =>
  (random) => {
    let level = 0;
    let probability = rate;
    while (!random.bernoulli(rate)) {
      level++;
      probability *= 1 - rate;
    }
    return { level, probability };
  };

/** Executions run at once, so that a language model is asked in batches. Not a setting: it does not change the answer. */
const BATCH = 32;
/** Beyond 2^24 draws for one inference memory would end before the run does. */
const DEEPEST = 24;
/** Streams of what an inference inside draws: far from those of answers. */
const INSIDE = 2 ** 40;

/**
 * Unbiased nested expectations (Syed, Zhou, Blanchet et al., READ: randomized estimators of repeatedly nested expectations,
 * after the multilevel Monte Carlo of Rhee & Glynn 2015): executions from the prior or the program's proposals, in which an
 * `infer` with a sampling method is not answered by one estimate (any function of which, but a linear one, would be biased).
 * Instead, with N geometric, 2^N independent executions of the model inside are drawn, and the rest of the program is run
 * on the posterior of all of them, on that of every second one and on that of the others, with signed weights
 *
 *     Δ_N / P(N),   Δ_0 = g(all),   Δ_n = g(all) − ½ g(odd) − ½ g(even):
 *
 * the sum over n telescopes to the rest of the program on the true posterior. Inferences inside those inside are treated the
 * same way. Exact methods (`using enumerate`) are left as they are.
 *
 * Unbiased: E[Ẑ·p̂(r)] = Z·p(r), with the exact posteriors inside; weights may be negative, and a warning says so. In a
 * program that weighs nothing Ẑ is 1, the weights need not sum to one, and means are unbiased by themselves. Variance and
 * cost are finite together for r in (1/2, 3/4) where the rest of the program is smooth in the posterior inside, and for r
 * below 0.646 where it has kinks (as `max`): the default serves both. What jumps with the posterior, as a condition or a draw
 * on its mode, has no finite variance. The rest of the program cannot draw from a signed posterior.
 *
 * @throws MethodError PGLR030 or PGLR034 for options that are out of range or that it has not; PGLR087 in the run when a
 * model inside both infers and weighs: the signed weights of its executions cannot be divided by their sum. RunError PGLR088
 * when a level is beyond what memory holds.
 */
export function nested(options: NestedOptions = {}): Method {
  const settings = complete<Settings>("nested", options, { samples: 1000, rate: 0.62 });
  checkCount("nested", "samples", settings.samples);
  if (!(settings.rate > 0.5 && settings.rate < 1))
    throw refused("nested", "rate", "above 0.5 and below 1", settings.rate);
  return {
    name: "nested",
    guarantee: "unbiased",
    options: { ...settings },
    run: (program, environment, run) => runNested(program, settings, geometric(settings.rate), environment, run),
  };
}

/** @param levels by which the number of draws inside is chosen; for every law of them the weights are right. */
export async function runNested<R>(
  program: Target<R>,
  settings: Settings,
  levels: Levels,
  environment: Environment,
  { onProgress }: RunOptions = {},
): Promise<Posterior<R>> {
  const read = new Read(program, settings.samples, levels, environment);
  const stop = await drive(read.run(), environment, (progress) => onProgress?.(progress));
  const { executions, lastDeath, ledger } = read;
  const done = executions.length;
  if (stop !== null) warnOfStop(environment, stop, `${done} of ${settings.samples} executions had finished.`);
  const all = executions.flat();
  if (done > 0 && all.length === 0 && stop === null) {
    environment.warn({
      code: "PGLW003",
      message: `Every execution had weight zero. The last one ended at ${lastDeath === null ? "the program's end" : showSite(lastDeath)}.`,
      site: lastDeath ?? undefined,
    });
  }
  // Relative to the largest, for weights that are far from 1.
  const scale = Math.max(...all.map(({ logWeight }) => logWeight), 0);
  const weigh = ({ coefficient, logWeight }: Signed): number => coefficient * Math.exp(logWeight - scale);
  const totals = executions.map((one) => one.reduce((sum, signed) => sum + weigh(signed), 0));
  const mean = totals.reduce((a, b) => a + b, 0) / done;
  const weighs = executions.some((one) => one.length === 0 || one.some(({ logWeight }) => logWeight !== 0));
  const divisor = weighs ? mean * done : done;
  const estimate = weighs ? Math.log(Math.abs(mean)) + scale : 0;
  const samples = all.map((signed) => ({
    value: signed.value as R,
    weight: divisor === 0 ? 0 : weigh(signed) / divisor,
    trace: Trace.of(ledger, signed.lastDraw),
  }));
  const posterior = { absolute: 0, squares: 0, negative: 0 };
  for (const { weight } of samples) {
    posterior.absolute += Math.abs(weight);
    posterior.squares += weight ** 2;
    if (weight < 0) posterior.negative -= weight;
  }
  if (posterior.negative > 0) {
    environment.warn({
      code: "PGLW017",
      message: `Some weights are negative, ${posterior.negative.toFixed(3)} in all: means and probabilities are unbiased, but this is no distribution to draw from.`,
    });
  }
  const isSigned = executions.some(branched);
  return new (isSigned ? SignedPosterior : Posterior)<R>(
    samples,
    {
      estimate: done === 0 ? -Infinity : estimate,
      ...(weighs && mean < 0 ? { sign: -1 as const } : {}),
      stderr: weighs ? errorOf(totals, mean) : 0,
      exact: false,
    },
    {
      ess: posterior.squares === 0 ? 0 : posterior.absolute ** 2 / posterior.squares,
      history: [],
      distinctAncestors: null,
      unvisitedMass: 0,
      executions: read.begun,
      chains: null,
      partial: stop !== null,
      warnings: warningsOf(environment),
    },
    { name: "nested", guarantee: "unbiased", options: { ...settings } },
    environment.random.split(3),
  );
}

const branched = (ends: readonly Signed[]): boolean =>
  ends.length > 1 || ends.some(({ coefficient }) => coefficient !== 1);

/** Standard error of log |mean|, to first order. */
function errorOf(totals: readonly number[], mean: number): number | null {
  const n = totals.length;
  if (n < 2 || mean === 0) return null;
  const squares = totals.reduce((sum, total) => sum + (total - mean) ** 2, 0);
  return Math.sqrt(squares / (n * (n - 1))) / Math.abs(mean);
}

/** The end of one execution, with the product of its levels' signed weights. */
interface Signed extends TraceHolder {
  readonly value: unknown;
  readonly coefficient: number;
  readonly logWeight: number;
}

class Read {
  /** By execution of the program, what its branches came to. */
  readonly executions: (readonly Signed[])[] = [];
  readonly ledger = new TraceLedger();
  lastDeath: Site | null = null;
  /** Executions begun, those of models inside too. */
  begun = 0;

  constructor(
    private readonly program: Target,
    private readonly samples: number,
    private readonly levels: Levels,
    private readonly environment: Environment,
  ) {}

  *run(): Generator<Progress | Promise<void>, void, void> {
    const { environment, executions, program, samples } = this;
    const streams = environment.random.split(1);
    for (let begun = 0; begun < samples; begun += BATCH) {
      const size = Math.min(BATCH, samples - begun);
      const batch = sideBySide(
        Array.from({ length: size }, (_, i) => this.begin(() => program.start(), streams.split(begun + i))),
      );
      let next = batch.next();
      for (let tick = 0; next.done !== true; tick++) {
        const pending = answerRequests(next.value, environment, tick);
        if (pending !== undefined) yield pending;
        next = batch.next();
      }
      executions.push(...next.value);
      if (this.ledger.isDue) this.ledger.compact(executions.flat());
      yield {
        method: "nested",
        step: executions.length,
        total: samples,
        alive: executions.length,
        finished: executions.length,
        ess: executions.length,
        logZ: null,
      };
    }
  }

  private begin(start: () => Frame, random: RandomSource): Steps<readonly Signed[]> {
    this.begun++;
    return this.goOn(new Particle(start(), random, this.environment, undefined, undefined, this.ledger));
  }

  /** What becomes of an execution: one end, none if it dies, several where an inference inside makes it branch. */
  private *goOn(particle: Particle): Steps<readonly Signed[]> {
    for (;;) {
      const status = this.runOne(particle);
      if (status === Status.Dead) {
        this.lastDeath = particle.site ?? this.lastDeath;
        return [];
      }
      if (status === Status.Done) {
        const { value, logWeight, lastDraw } = particle;
        return [{ value, coefficient: 1, logWeight, lastDraw }];
      }
      const question = sampledInference(particle);
      if (question !== null) return yield* this.branch(particle, question);
      yield [particle];
    }
  }

  private *branch(particle: Particle, { model, args, method }: NestedPayload): Steps<readonly Signed[]> {
    const random = particle.random.split(INSIDE);
    const { level, probability } = this.levels(random.split(0));
    if (level > DEEPEST) throw tooDeep(particle.site, level);
    const draws = yield* sideBySide(
      Array.from({ length: 2 ** level }, (_, i) => this.begin(() => model.start(...args), random.split(1).split(i))),
    );
    const half = (parity: number): typeof draws => draws.filter((_, i) => i % 2 === parity);
    const parts =
      level === 0
        ? [{ draws, coefficient: 1 / probability }]
        : [
            { draws, coefficient: 1 / probability },
            { draws: half(0), coefficient: -0.5 / probability },
            { draws: half(1), coefficient: -0.5 / probability },
          ];
    const rests: Steps<readonly Signed[]>[] = parts.map((part) => {
      // The same draws for all three: their difference is what counts.
      const rest = particle.fork(random.split(2));
      rest.value = this.posterior(part.draws, method, particle);
      rest.request = null;
      return this.goOn(rest);
    });
    const ends = yield* sideBySide(rests);
    return ends.flatMap((end, i) =>
      end.map((signed) => ({ ...signed, coefficient: signed.coefficient * parts[i]!.coefficient })),
    );
  }

  /** What executions of a model inside say together: the answer to the inference. */
  private posterior(
    draws: readonly (readonly Signed[])[],
    { name, options }: Method,
    { site, random }: Particle,
  ): Posterior<unknown> {
    const all = draws.flat();
    const branches = draws.some(branched);
    const weighs = draws.some((one) => one.length === 0) || all.some(({ logWeight }) => logWeight !== 0);
    if (branches && weighs) throw cannotNormalise(site);
    const scale = Math.max(...all.map(({ logWeight }) => logWeight), -Infinity);
    const weights = all.map(({ coefficient, logWeight }) => coefficient * Math.exp(logWeight - scale));
    // Signed weights are not divided by their sum, which is an estimate of 1 and may be anything.
    const total = branches ? draws.length : weights.reduce((a, b) => a + b, 0);
    const sum = weights.reduce((a, b) => a + b, 0);
    const squares = weights.reduce((a, b) => a + b * b, 0);
    return new (branches ? SignedPosterior : Posterior)<unknown>(
      all.map(({ value }, i) => ({ value, weight: weights[i]! / total, trace: null })),
      {
        estimate: all.length === 0 ? -Infinity : Math.log(Math.abs(sum) / draws.length) + scale,
        stderr: null,
        exact: false,
      },
      {
        ess: squares === 0 ? 0 : sum ** 2 / squares,
        history: [],
        distinctAncestors: null,
        unvisitedMass: 0,
        executions: draws.length,
        chains: null,
        partial: false,
        warnings: [],
      },
      { name, guarantee: "unbiased", options },
      random.split(INSIDE + 1),
    );
  }

  private runOne(particle: Particle): Status {
    try {
      for (;;) {
        const status = runToCheckpoint(particle);
        if (status !== Status.Checkpoint) return status;
      }
    } catch (error) {
      throw located(error, particle);
    }
  }
}

/** The question of an inference that is not exact; null when the particle waits for something else. */
function sampledInference({ request }: Particle): NestedPayload | null {
  // By name: the handler knows the methods, and this is one of them.
  if (request?.handler.name !== "infer") return null;
  const question = request.payload as NestedPayload;
  return question.method.guarantee === "exact" || question.method.guarantee === "maximum" ? null : question;
}

/** Computations whose particles wait together. */
function* sideBySide<T>(computations: readonly Steps<T>[]): Steps<T[]> {
  const results = new Array<T>(computations.length);
  let going = computations.map((_, i) => i);
  for (;;) {
    const waiting: Particle[] = [];
    going = going.filter((i) => {
      const next = computations[i]!.next();
      if (next.done === true) {
        results[i] = next.value;
        return false;
      }
      waiting.push(...next.value);
      return true;
    });
    if (going.length === 0) return results;
    yield waiting;
  }
}

const cannotNormalise = (site: Site | null): MethodError =>
  new MethodError(
    "PGLR087",
    `nested: the model inferred${site === null ? "" : ` at ${showSite(site)}`} weighs its executions and infers itself: its signed weights cannot be divided by their sum.`,
    {
      site: site ?? undefined,
      hint: "Infer inside it with an exact method (`using enumerate`), or with `smc` as the method of the whole.",
    },
  );

const tooDeep = (site: Site | null, level: number): RunError =>
  new RunError("PGLR088", `nested: an inference was to have 2^${level} draws.`, {
    site: site ?? undefined,
    hint: "Raise `rate`: high levels become rarer.",
  });

import type { Environment } from "../../machine/environment.js";
import { Particle } from "../../machine/particle.js";
import { showSite } from "../../machine/site.js";
import { TraceLedger } from "../../machine/trace.js";
import type { RandomSource } from "../../random/source.js";
import { LogWeights } from "../../weights/index.js";
import { answerRequests } from "../blocks/answer.js";
import { drive, warningsOf, warnOfStop } from "../blocks/drive.js";
import { runToCheckpoint, Status } from "../blocks/forward.js";
import { located } from "../blocks/located.js";
import type { Death } from "../blocks/population.js";
import type { Method, Progress, RunOptions, Target } from "../method.js";
import { checkCount, complete } from "../options.js";
import { Posterior, type HistoryEntry } from "../posterior.js";

export interface AliveOptions {
  /** Particles that each step keeps. Default 100. */
  readonly particles?: number;
  /** Give up a step after this many attempts. Default 1 000 000. */
  readonly max_attempts?: number;
}

type Settings = Required<AliveOptions>;

/**
 * The alive particle filter, for conditions that few executions meet: at each step, particles are drawn from those of the
 * step before (by weight) and run on, until P + 1 have a weight above zero; the last one is dropped, and Ẑ is multiplied by
 * Σ w / (n − 1), n being the number of attempts (Del Moral, Jasra, Lee, Yau & Zhang, The alive particle filter and its use in
 * particle Markov chain Monte Carlo, 2015; with general weights Kudlicka, Murray, Ronquist & Schön, Particle filter with
 * rejection control and unbiased estimator of the marginal likelihood, 2020). So a population never dies out, at the price of
 * a random amount of work.
 *
 * Unbiased: E[Ẑ·p̂(r)] = Z·p(r), also when a step gives up after `max_attempts` = M with fewer than P + 1: then it keeps all
 * it has and the factor is Σ w / M (Girshick, Mosteller & Savage 1946).
 *
 * @throws MethodError PGLR030 or PGLR034 for options that are out of range or that it has not.
 */
export function alive(options: AliveOptions = {}): Method {
  const settings = complete<Settings>("alive", options, { particles: 100, max_attempts: 1_000_000 });
  checkCount("alive", "particles", settings.particles);
  checkCount("alive", "max_attempts", settings.max_attempts);
  return {
    name: "alive",
    guarantee: "unbiased",
    options: { ...settings },
    run: (program, environment, run) => runAlive(program, settings, environment, run),
  };
}

async function runAlive<R>(
  program: Target<R>,
  settings: Settings,
  environment: Environment,
  { onProgress }: RunOptions = {},
): Promise<Posterior<R>> {
  const filter = new AliveFilter(program, settings, environment);
  const history: HistoryEntry[] = [];
  const stop = await drive(filter.run(), environment, (step: HistoryEntry & Progress) => {
    const { step: index, ess, logZ, alive: left } = step;
    history.push({ step: index, ess, logZ, alive: left, resampled: true });
    onProgress?.(step);
  });
  const { population, death } = filter;
  const logWeights = new LogWeights(population.map((p) => p.logWeight));
  const logZ = population.length === 0 ? -Infinity : logWeights.logSum() - Math.log(filter.divisor);
  const ended = population.filter((p) => p.frame === null);
  if (population.length === 0 && stop === null) {
    const site = death?.site ?? null;
    const place = site === null ? "the program's end" : showSite(site);
    environment.warn({
      code: "PGLW003",
      message: `No execution was alive after ${settings.max_attempts} attempts at step ${filter.step}. The last one ended at ${place}.`,
      site: site ?? undefined,
    });
  }
  if (stop !== null) {
    warnOfStop(
      environment,
      stop,
      `${ended.length} of ${population.length} executions had finished; the posterior is about those only, and log Z counts the factors met so far.`,
    );
  }
  const weights = new LogWeights(ended.map((p) => p.logWeight)).normalized();
  return new Posterior<R>(
    ended.map(({ value, trace }, i) => ({ value: value as R, weight: weights[i]!, trace })),
    { estimate: logZ, stderr: null, exact: false },
    {
      ess: logWeights.ess(),
      history,
      distinctAncestors: null,
      unvisitedMass: 0,
      executions: filter.attempts,
      chains: null,
      partial: stop !== null,
      warnings: warningsOf(environment),
    },
    { name: "alive", guarantee: "unbiased", options: { ...settings } },
    environment.random.split(3),
  );
}

class AliveFilter {
  /** Those kept of the last step. The measure is Σ exp(logWeight) δ / divisor. */
  population: Particle[] = [];
  divisor = 1;
  step = 0;
  /** Of all steps together. */
  attempts = 0;
  death: Death | null = null;
  private readonly ledger = new TraceLedger();

  constructor(
    private readonly program: Target,
    private readonly settings: Settings,
    private readonly environment: Environment,
  ) {}

  *run(): Generator<(HistoryEntry & Progress) | Promise<void>, void, void> {
    const streams = this.environment.random.split(1);
    let going = true;
    while (going) {
      yield* this.takeStep(streams.split(++this.step));
      const weights = new LogWeights(this.population.map((p) => p.logWeight));
      going = this.population.some((p) => p.frame !== null);
      yield {
        method: "alive",
        step: this.step,
        total: null,
        alive: this.population.length,
        finished: this.population.filter((p) => p.frame === null).length,
        ess: weights.ess(),
        logZ: this.population.length === 0 ? -Infinity : weights.logSum() - Math.log(this.divisor),
        resampled: true,
      };
    }
  }

  private *takeStep(streams: RandomSource): Generator<Promise<void>, void, void> {
    const { particles, max_attempts } = this.settings;
    const ancestors = this.step === 1 ? null : new Ancestors(this.population, this.divisor);
    const kept: Particle[] = [];
    let tried = 0;
    let size = particles + 1;
    while (kept.length <= particles && tried < max_attempts) {
      const before = kept.length;
      // At least so many are missing. Where none is alive, more are tried at once, for the sake of language models.
      const batch = Array.from({ length: Math.min(size, max_attempts - tried) }, (_, i) =>
        this.begin(ancestors, streams.split(tried + i)),
      );
      yield* this.runAll(batch);
      // In the order they were begun, so that the size of the batch changes nothing.
      for (let i = 0; i < batch.length && kept.length <= particles; i++, tried++) {
        if (batch[i]!.logWeight > -Infinity) kept.push(batch[i]!);
        else this.death = { site: batch[i]!.site, step: this.step };
      }
      size = kept.length === before ? 2 * size : particles + 1 - kept.length;
      if (this.ledger.isDue) this.ledger.compact(new Set([...kept, ...this.population]));
    }
    this.attempts += tried;
    const isWhole = kept.length > particles;
    if (isWhole) kept.pop();
    this.population = kept;
    this.divisor = isWhole ? tried - 1 : tried;
    if (!isWhole && kept.length > 0) {
      this.environment.warn({
        code: "PGLW005",
        message: `Only ${kept.length} of ${particles} executions were alive after ${max_attempts} attempts at step ${this.step}.`,
      });
    }
  }

  private begin(ancestors: Ancestors | null, random: RandomSource): Particle {
    const { environment, ledger, program } = this;
    const own = random.split(1);
    if (ancestors === null) {
      const first = new Particle(program.start(), own, environment, undefined, undefined, ledger);
      first.twists = "automatic";
      return first;
    }
    return ancestors.draw(random.split(0), own);
  }

  private *runAll(batch: readonly Particle[]): Generator<Promise<void>, void, void> {
    let waiting = batch.filter((p) => p.frame !== null && this.runOne(p) === Status.Waiting);
    for (let round = 0; waiting.length > 0; round++) {
      const pending = answerRequests(waiting, this.environment, round);
      if (pending !== undefined) yield pending;
      waiting = waiting.filter((p) => this.runOne(p) === Status.Waiting);
    }
  }

  private runOne(particle: Particle): Status {
    try {
      return runToCheckpoint(particle);
    } catch (error) {
      throw located(error, particle, this.step);
    }
  }
}

/** The particles of a step, to be drawn from by target weight times twist. */
class Ancestors {
  private readonly steering: LogWeights;
  private readonly shares: Float64Array;
  private readonly logTotal: number;

  constructor(
    private readonly particles: readonly Particle[],
    divisor: number,
  ) {
    this.steering = new LogWeights(particles.map((p) => p.logWeight + twistOf(p)));
    this.shares = this.steering.normalized();
    this.logTotal = this.steering.logSum() - Math.log(divisor);
  }

  /** A copy of one, which weighs what all do together, without its twist. */
  draw(choice: RandomSource, own: RandomSource): Particle {
    const ancestor = this.particles[choice.categorical(this.shares)]!;
    const particle = ancestor.fork(own);
    particle.logWeight = this.logTotal - twistOf(ancestor);
    return particle;
  }
}

/** A twist of -Infinity rules nothing out: it steers nothing. */
const twistOf = ({ logTwist }: Particle): number => (logTwist === -Infinity ? 0 : logTwist);

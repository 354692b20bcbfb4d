import { MethodError } from "../../errors.js";
import type { Environment } from "../../machine/environment.js";
import { Particle } from "../../machine/particle.js";
import { showSite, type Site } from "../../machine/site.js";
import { Trace, TraceLedger, type TraceHolder } from "../../machine/trace.js";
import { answerRequests } from "../blocks/answer.js";
import { drive, warningsOf, warnOfStop } from "../blocks/drive.js";
import { chooseAtRandom, runToChoice, Status } from "../blocks/forward.js";
import { located } from "../blocks/located.js";
import type { Method, Progress, RunOptions, Target } from "../method.js";
import { checkCount, complete, refused } from "../options.js";
import { Posterior, type WeightedSample } from "../posterior.js";

export interface RejectionOptions {
  /** Accepted executions wanted. Default 100. */
  readonly samples?: number;
  /** Give up after this many attempts. Default 1 000 000. */
  readonly max_attempts?: number;
  /** A number of nats that the weight of an execution never exceeds. Default 0. */
  readonly bound?: number;
}

type Settings = Required<RejectionOptions>;

/** Attempts made at once, so that a language model is asked in batches. Not a setting: it does not change the answer. */
const BATCH = 64;
/** Excess over the bound that is rounding. */
const ROUNDING = 1e-9;

/**
 * Rejection sampling: executions from the prior (proposals of the program are not used), each accepted with probability
 * `exp(weight − bound)`. Accepted values are exact, independent draws from the posterior. Z is estimated from the number of
 * attempts n: (k−1)/(n−1) when the last of k acceptances wanted was attempt n (Haldane 1945), and j/n when only j < k came
 * by the limit; this is unbiased for the acceptance probability (Girshick, Mosteller & Savage 1946), but for k = 1, where it
 * is 1/n.
 *
 * @throws MethodError PGLR032 when a weight exceeds the bound (the draws so far would be wrong); PGLR030 or PGLR034 for
 * options that are out of range or that it has not.
 */
export function rejection(options: RejectionOptions = {}): Method {
  const settings = complete<Settings>("rejection", options, { samples: 100, max_attempts: 1_000_000, bound: 0 });
  checkCount("rejection", "samples", settings.samples);
  checkCount("rejection", "max_attempts", settings.max_attempts);
  if (!Number.isFinite(settings.bound)) throw refused("rejection", "bound", "a finite number of nats", settings.bound);
  const guarantee = settings.samples > 1 ? "unbiased" : "consistent";
  return {
    name: "rejection",
    guarantee,
    options: { ...settings },
    run: (program, environment, run) => runRejection(program, settings, guarantee, environment, run),
  };
}

async function runRejection<R>(
  program: Target<R>,
  settings: Settings,
  guarantee: string,
  environment: Environment,
  { onProgress }: RunOptions = {},
): Promise<Posterior<R>> {
  const { samples, max_attempts, bound } = settings;
  const trial = new Trial(program, settings, environment);
  const stop = await drive(trial.run(), environment, (progress) => onProgress?.(progress));
  const { accepted, attempts, lastDeath } = trial;
  const k = accepted.length;
  if (stop !== null)
    warnOfStop(environment, stop, `${k} of ${samples} executions had been accepted in ${attempts} attempts.`);
  if (k === 0) {
    const place = lastDeath === null ? "" : `; the last one ended at ${showSite(lastDeath)}`;
    environment.warn({
      code: "PGLW003",
      message: `No execution was accepted in ${attempts} attempts${place}.`,
      site: lastDeath ?? undefined,
    });
  } else if (k < samples && stop === null) {
    environment.warn({
      code: "PGLW005",
      message: `Only ${k} of ${samples} executions were accepted in ${max_attempts} attempts.`,
    });
  }
  const rate = k === samples && attempts > k && k > 1 ? (k - 1) / (attempts - 1) : k / attempts;
  const values: WeightedSample<R>[] = accepted.map(({ value, lastDraw }) => ({
    value: value as R,
    weight: 1 / k,
    trace: Trace.of(trial.ledger, lastDraw),
  }));
  return new Posterior<R>(
    values,
    {
      estimate: Math.log(rate) + bound,
      stderr: k < 2 ? null : Math.sqrt((1 - k / attempts) / k),
      exact: false,
    },
    {
      ess: k,
      history: [],
      distinctAncestors: null,
      chains: null,
      unvisitedMass: 0,
      executions: attempts,
      partial: stop !== null,
      warnings: warningsOf(environment),
    },
    { name: "rejection", guarantee, options: { ...settings } },
    environment.random.split(3),
  );
}

interface Accepted extends TraceHolder {
  readonly value: unknown;
}

class Trial {
  readonly accepted: Accepted[] = [];
  readonly ledger = new TraceLedger();
  attempts = 0;
  lastDeath: Site | null = null;

  constructor(
    private readonly program: Target,
    private readonly settings: Settings,
    private readonly environment: Environment,
  ) {}

  *run(): Generator<Progress | Promise<void>, void, void> {
    const { program, environment, accepted } = this;
    const { samples, max_attempts } = this.settings;
    const streams = environment.random.split(1);
    while (accepted.length < samples && this.attempts < max_attempts) {
      const size = Math.min(BATCH, max_attempts - this.attempts);
      const particles = Array.from(
        { length: size },
        (_, i) =>
          new Particle(
            program.start(),
            streams.split(this.attempts + i),
            environment,
            undefined,
            undefined,
            this.ledger,
          ),
      );
      let going = particles.filter((p) => runOn(p) === Status.Waiting);
      for (let round = 0; going.length > 0; round++) {
        const pending = answerRequests(going, environment, round);
        if (pending !== undefined) yield pending;
        going = going.filter((p) => runOn(p) === Status.Waiting);
      }
      // In the order they were begun, so that the size of the batch changes nothing.
      for (let i = 0; i < size && accepted.length < samples; i++) this.judge(particles[i]!);
      if (this.ledger.isDue) this.ledger.compact(accepted);
      yield this.progress(size);
    }
  }

  private judge(particle: Particle): void {
    const { bound } = this.settings;
    this.attempts++;
    if (particle.logWeight === -Infinity) {
      this.lastDeath = particle.site ?? this.lastDeath;
      return;
    }
    const excess = particle.logWeight - bound;
    if (excess > ROUNDING) {
      throw new MethodError(
        "PGLR032",
        `rejection: an execution weighs ${particle.logWeight.toFixed(3)} nats, above the bound ${bound}.`,
        { site: particle.site ?? undefined, hint: "Pass a larger `bound`, or use importance or smc." },
      );
    }
    if (excess >= 0 || particle.random.bernoulli(Math.exp(excess))) {
      this.accepted.push({ value: particle.value, lastDraw: particle.lastDraw });
    }
  }

  private progress(alive: number): Progress {
    const k = this.accepted.length;
    return {
      method: "rejection",
      step: this.attempts,
      total: null,
      alive,
      finished: k,
      ess: k,
      logZ: Math.log(k / this.attempts) + this.settings.bound,
    };
  }
}

/** Runs to the end, or to a request, drawing from the program's own distributions. */
function runOn(particle: Particle): Status {
  try {
    for (;;) {
      const status = runToChoice(particle);
      if (status !== Status.Choice) return status;
      if (!chooseAtRandom(particle)) return Status.Dead;
    }
  } catch (error) {
    throw located(error, particle);
  }
}

import { MethodError } from "../../errors.js";
import type { Environment } from "../../machine/environment.js";
import { Particle } from "../../machine/particle.js";
import { showSite, type Site } from "../../machine/site.js";
import { answerRequests } from "../blocks/answer.js";
import { runToCheckpoint, Status } from "../blocks/forward.js";
import { located } from "../blocks/population.js";
import { RunEnvironment } from "../environment.js";
import type { Method, RunOptions, Target } from "../method.js";
import { Posterior, type WeightedSample } from "../posterior.js";
import { checkCount, defined } from "./smc.js";

export interface RejectionOptions {
  /** Accepted executions wanted. */
  readonly samples?: number;
  /** Give up after this many attempts. */
  readonly max_attempts?: number;
  /** A number of nats that the weight of an execution never exceeds. */
  readonly bound?: number;
}

/** Attempts made at once, so that a language model is asked in batches. Not a setting: it does not change the answer. */
const BATCH = 64;

/**
 * Rejection sampling: executions from the prior, each accepted with probability `exp(weight − bound)`. Accepted values are
 * exact, independent draws from the posterior. log Z is estimated from the number of attempts needed: (k−1)/(n−1) is
 * unbiased for the acceptance probability when the k-th acceptance is the n-th attempt (Haldane 1945).
 *
 * @throws MethodError when a weight exceeds the bound (the draws so far would be wrong).
 */
export function rejection(options: RejectionOptions = {}): Method {
  const settings = { samples: 100, max_attempts: 1_000_000, bound: 0, ...defined(options) } as Required<RejectionOptions>;
  checkCount("rejection", "samples", settings.samples);
  checkCount("rejection", "max_attempts", settings.max_attempts);
  if (!Number.isFinite(settings.bound)) throw new MethodError("PGLR030", "rejection: `bound` must be a finite number of nats.");
  return {
    name: "rejection",
    guarantee: "unbiased",
    options: { ...settings },
    run: (program, environment, run) => runRejection(program, settings, environment, run),
  };
}

async function runRejection<R>(
  program: Target<R>,
  { samples, max_attempts, bound }: Required<RejectionOptions>,
  environment: Environment,
  run: RunOptions = {},
): Promise<Posterior<R>> {
  const streams = environment.random.split(1);
  const accepted: { value: R; trace: Particle["trace"] }[] = [];
  let attempts = 0;
  let started = 0;
  let partial = false;
  let lastDeath: Site | null = null;
  const batch = Math.min(BATCH, max_attempts);
  while (accepted.length < samples && attempts < max_attempts) {
    if (environment.signal?.aborted === true) {
      partial = true;
      break;
    }
    const size = Math.min(batch, max_attempts - started);
    const particles = Array.from({ length: size }, () => new Particle(program.start(), streams.split(started++), environment));
    await runToEnd(particles, environment);
    // In the order they were begun, so that the batch size changes nothing.
    for (const particle of particles) {
      if (accepted.length >= samples) break;
      attempts++;
      if (particle.logWeight === -Infinity) {
        lastDeath = particle.site ?? lastDeath;
        continue;
      }
      const excess = particle.logWeight - bound;
      if (excess > 1e-9) {
        throw new MethodError("PGLR032", `rejection: an execution weighs ${particle.logWeight.toFixed(3)} nats, above the bound ${bound}.`, {
          site: particle.site ?? undefined,
          hint: "Pass a larger `bound`, or use importance or smc.",
        });
      }
      if (excess >= 0 || particle.random.bernoulli(Math.exp(excess))) {
        accepted.push({ value: particle.value as R, trace: particle.trace });
      }
    }
    run.onProgress?.({
      method: "rejection",
      step: attempts,
      total: null,
      alive: particles.length,
      finished: accepted.length,
      ess: accepted.length,
      logZ: Math.log(accepted.length / attempts) + bound,
    });
  }
  const k = accepted.length;
  const complete = k === samples;
  if (k < samples) {
    environment.warn({
      code: k === 0 ? "PGLW003" : "PGLW005",
      message:
        k === 0
          ? `No execution was accepted in ${attempts} attempts${lastDeath === null ? "" : `; the last one ended at ${showSite(lastDeath)}`}.`
          : `Only ${k} of ${samples} executions were accepted in ${attempts} attempts.`,
      site: lastDeath ?? undefined,
    });
  }
  const rate = complete && k > 1 ? (k - 1) / (attempts - 1) : k / attempts;
  const exactlyOne = k === attempts;
  const values: WeightedSample<R>[] = accepted.map((a) => ({ ...a, weight: 1 / k }));
  return new Posterior<R>(
    values,
    {
      estimate: attempts === 0 ? NaN : Math.log(exactlyOne ? 1 : rate) + bound,
      stderr: k < 2 ? null : Math.sqrt((1 - k / attempts) / k),
      exact: false,
    },
    {
      ess: k,
      history: [],
      distinctAncestors: null,
      unvisitedMass: 0,
      executions: attempts,
      partial,
      warnings: environment instanceof RunEnvironment ? environment.warnings : [],
    },
    { name: "rejection", guarantee: "unbiased", options: { samples, max_attempts, bound } },
  );
}

async function runToEnd(particles: readonly Particle[], environment: Environment): Promise<void> {
  let going = particles.filter((p) => runOn(p) === Status.Waiting);
  let round = 0;
  while (going.length > 0) {
    environment.signal?.throwIfAborted();
    await answerRequests(going, environment, round++);
    going = going.filter((p) => runOn(p) === Status.Waiting);
  }
}

function runOn(particle: Particle): Status {
  try {
    for (;;) {
      const status = runToCheckpoint(particle);
      if (status !== Status.Checkpoint) return status;
    }
  } catch (error) {
    throw located(error, particle, 0);
  }
}

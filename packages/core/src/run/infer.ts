import {
  PglError,
  RunEnvironment,
  RunError,
  seeded,
  smc,
  target,
  type Method,
  type Model,
  type Progress,
} from "@pgl/runtime";
import type { ModelUsage } from "@pgl/lm";
import { originOf } from "../load/origin.js";
import { pendingHostCalls } from "../load/host-calls.js";
import { engineOf } from "./engine.js";
import { explain } from "./explain.js";
import { bindLanguageModels, meter, type LanguageModels } from "./language-models.js";
import { withReport, type Result } from "./report.js";
import { seedOr } from "./seed.js";

/** What a run shows of itself while it goes on. */
export interface RunProgress extends Progress {
  /** Milliseconds since the run began. */
  readonly elapsed: number;
  readonly lm: ModelUsage;
}

/** Bounds on a run. One that is reached ends it like an interrupt: the posterior so far, marked `partial`. */
export interface Limits {
  /** Seconds of wall-clock time. */
  readonly max_time?: number;
  /** Steps of sequential inference, executions of an enumeration, attempts of a rejection sampler. */
  readonly max_steps?: number;
}

export interface InferOptions {
  /** Language models by alias, in place of those the program declares: loaded models, or specs. */
  readonly lms?: LanguageModels;
  /** Seed of all randomness, a whole number; a random one by default. The one used is in `posterior.run.seed`. */
  readonly seed?: number;
  /** Ends the run early: what there is by then is the result, marked `partial`. */
  readonly signal?: AbortSignal;
  /** Called after every step. */
  readonly onProgress?: (progress: RunProgress) => void;
  readonly limits?: Limits;
}

/** How long after its end was asked for a run may wait for an answer from outside, in milliseconds. */
const GRACE = 1000;

/**
 * Finds the posterior of a model's return value. Without a method: `smc(particles: 100)`.
 *
 * A condition that no execution meets is not an error: the posterior is empty, its log Z is `-Infinity`, and a warning
 * names the place.
 *
 * @throws ArgumentError when the arguments do not have the types of the model's parameters; RunError, MethodError,
 * DistributionError or LanguageModelError when the run fails, with the place in the program in `site`.
 */
export async function infer<A extends readonly unknown[], R>(
  model: Model<A, R>,
  args: NoInfer<A>,
  method: Method = smc(),
  options: InferOptions = {},
): Promise<Result<R>> {
  checkLimits(options.limits);
  const start = performance.now();
  const origin = originOf(model as unknown as Model);
  const seed = seedOr(options.seed);
  const complete = (origin?.checkArguments?.(args, model.name) ?? args) as A;
  const models = await bindLanguageModels(origin?.aliases ?? [], options.lms);
  const services = new Map([...models].map(([alias, lm]) => [`lm:${alias}`, lm] as const));
  const usage = meter(models.values());
  const stop = new Stop(options);
  const begun = performance.now();
  try {
    const environment = new RunEnvironment(services, seeded(seed), stop.signal);
    const posterior = await stop.race(
      method.run(target(model, complete), environment, {
        onProgress: (progress) => {
          stop.reached(progress.step);
          options.onProgress?.({ ...progress, elapsed: performance.now() - begun, lm: usage() });
        },
      }),
    );
    const { time: lmTime, ...lm } = usage();
    return withReport(posterior, {
      seed,
      time: { total: performance.now() - start, lm: lmTime },
      lm,
      engine: engineOf(models),
    });
  } catch (error) {
    if (stop.signal.aborted && isAbort(error)) {
      if (pendingHostCalls().length > 0) throw unanswered("was told to end");
      throw new RunError("PGLT013", "The run was ended before its first step: there is nothing to show yet.");
    }
    throw explain(error, origin?.places ?? null);
  } finally {
    stop.dispose();
  }
}

/** The reasons a run ends early, as one signal. */
class Stop {
  private readonly controller = new AbortController();
  private readonly start = performance.now();
  private readonly timer: NodeJS.Timeout | undefined;
  private grace: NodeJS.Timeout | undefined;
  private readonly forward = (): void => this.controller.abort(this.options.signal?.reason);

  constructor(private readonly options: InferOptions) {
    const { max_time } = options.limits ?? {};
    if (max_time !== undefined) this.timer = setTimeout(() => this.controller.abort(), max_time * 1000);
    if (options.signal?.aborted === true) this.forward();
    else options.signal?.addEventListener("abort", this.forward, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Called at each step: a run that never lets the event loop turn would not see the timer. */
  reached(step: number): void {
    const { max_time, max_steps } = this.options.limits ?? {};
    if (max_time !== undefined && performance.now() - this.start >= max_time * 1000) this.controller.abort();
    if (max_steps !== undefined && step >= max_steps) this.controller.abort();
  }

  /** The answer of `work`; or an error, when an answer from outside that it waits for does not come. */
  async race<T>(work: Promise<T>): Promise<T> {
    let silent: (() => void) | undefined;
    const never = new Promise<never>((_, reject) => {
      const onAbort = (): void => {
        this.grace = setTimeout(() => reject(unanswered("was told to end, and cannot")), GRACE);
      };
      if (this.signal.aborted) onAbort();
      else this.signal.addEventListener("abort", onAbort, { once: true });
      // The event loop is empty: nothing is left that could answer.
      silent = () => reject(unanswered("waits for an answer that cannot come any more"));
      process.once("beforeExit", silent);
    });
    try {
      return await Promise.race([work, never]);
    } finally {
      if (silent !== undefined) process.removeListener("beforeExit", silent);
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    clearTimeout(this.grace);
    this.options.signal?.removeEventListener("abort", this.forward);
  }
}

function unanswered(what: string): PglError {
  const oldest = pendingHostCalls()[0];
  return oldest === undefined
    ? new RunError("PGLT014", `The run ${what}: something outside it has not answered.`)
    : new RunError(
        "PGLT014",
        `The run ${what}: the host function \`${oldest.name}\` has not answered for ${((performance.now() - oldest.since) / 1000).toFixed(1)} s.`,
      );
}

function checkLimits({ max_time, max_steps }: Limits = {}): void {
  if (max_time !== undefined && !(max_time > 0)) {
    throw new RunError("PGLT015", `\`max_time\` is a number of seconds above 0, not ${max_time}.`);
  }
  if (max_steps !== undefined && !(Number.isInteger(max_steps) && max_steps >= 1)) {
    throw new RunError("PGLT015", `\`max_steps\` is a whole number from 1, not ${max_steps}.`);
  }
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === "AbortError";

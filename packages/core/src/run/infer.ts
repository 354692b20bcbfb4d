import type { Given } from "../given.js";
import {
  certify as certifyRun,
  checkCertifyOptions,
  defaultMethod,
  RunEnvironment,
  RunError,
  seeded,
  target,
  type Certificate,
  type CertifyOptions,
  type Method,
  type Model,
  type Posterior,
  type Progress,
  type RunLimits,
  type Target,
} from "@pgl/runtime";
import type { LanguageModel, ModelUsage } from "@pgl/lm";
import { originOf, type Origin } from "../load/origin.js";
import { pendingHostCalls } from "../load/host-calls.js";
import { engineOf } from "./engine.js";
import { explain } from "./explain.js";
import { bindLanguageModels, meter, type LanguageModels } from "./language-models.js";
import { withReport, type Result } from "./report.js";
import { seedOr } from "./seed.js";
import { runTwists, type TwistOptions } from "./twist-service.js";

/** What a run shows of itself while it goes on. */
export interface RunProgress extends Progress {
  /** Milliseconds since the run began. */
  readonly elapsed: number;
  readonly lm: ModelUsage;
}

export interface InferOptions extends TwistOptions {
  /** Language models by alias, in place of those the program declares: loaded models, or specs. */
  readonly lms?: LanguageModels;
  /** Seed of all randomness, a whole number; a random one by default. The one used is in `posterior.run.seed`. */
  readonly seed?: number;
  /** Ends the run early: what there is by then is the result, marked `partial`. */
  readonly signal?: AbortSignal;
  /** Called after every step. */
  readonly onProgress?: (progress: RunProgress) => void;
  /** Bounds. One on time or steps ends the run like `signal` does; one on an execution is an error. */
  readonly limits?: RunLimits;
  /**
   * Bound how far the law of one value drawn from the result is from the posterior: the answer is in `certificate`. It takes
   * many more runs (twice `repetitions`), and exact draws of the posterior; see docs/certificates.md. `"auto"`: where that is
   * little work, and nobody outside is asked for it. Default false.
   */
  readonly certify?: boolean | "auto" | CertifyOptions;
}

/** How long after `max_time` a run may still wait for an answer from outside, in milliseconds. */
const GRACE = 200;

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
  args: Given<A>,
  method: Method = defaultMethod,
  options: InferOptions = {},
): Promise<Result<R>> {
  const start = performance.now();
  const origin = originOf(model as unknown as Model);
  const seed = seedOr(options.seed);
  const complete = (origin?.checkArguments?.(args, model.name) ?? args) as A;
  const models = await bindLanguageModels(origin?.aliases ?? [], options.lms);
  const services = new Map<string, unknown>([...models].map(([alias, lm]) => [`lm:${alias}`, lm] as const));
  const twists = await runTwists(options, models, complete, origin);
  services.set("twists", twists.service);
  const usage = meter(models.values());
  const certify = options.certify ?? false;
  if (typeof certify === "object") checkCertifyOptions(certify);
  const end = new End(options);
  try {
    const environment = new RunEnvironment(services, seeded(seed), end.signal, options.limits);
    end.warnIn(environment);
    const { onProgress } = options;
    const begun = performance.now();
    const program = target(model, complete);
    const run = method.run(
      program,
      environment,
      onProgress === undefined
        ? {}
        : { onProgress: (progress) => onProgress({ ...progress, elapsed: performance.now() - begun, lm: usage() }) },
    );
    const posterior = await end.orSilence(run);
    const { time: lmTime, ...lm } = usage();
    // What the certificate costs is not part of the run.
    const report = {
      seed,
      time: { total: performance.now() - start, lm: lmTime },
      lm,
      twists: twists.used(),
      engine: engineOf(models),
    };
    const wanted =
      certify === "auto"
        ? littleWork(posterior, models, origin)
        : certify === true
          ? {}
          : certify === false
            ? null
            : certify;
    const certificate =
      wanted === null
        ? null
        : await end.orSilence(certified(program, method, posterior, environment, options.limits, wanted));
    // Nobody has asked why there is none, or whether an exact method is exact.
    const shown = certify === "auto" && certificate?.kind !== "bounds" ? null : certificate;
    return withReport(posterior, report, shown);
  } catch (error) {
    if (!(error instanceof Error && error.name === "AbortError")) throw explain(error, origin?.places ?? null);
    throw (
      unanswered("was ended before its first step") ??
      new RunError("PGLT013", "The run was ended before its first step: there is nothing to show.")
    );
  } finally {
    end.dispose();
  }
}

/** The certificate's own key, so that it draws nothing that the run has drawn. */
const CERTIFICATE = 0x63657274;

/** Executions of a certificate that is made without being asked for, times the states of the program: some tenths of a second. */
const LITTLE_WORK = 2e6;
/** States up to which they are looked for. */
const FEW_STATES = 1000;
const REPETITIONS = 20;

/** How to certify at little cost; null where that cannot be known before, or the answers of models and hosts may be dear. */
function littleWork(
  { diagnostics }: Posterior<unknown>,
  models: ReadonlyMap<string, LanguageModel>,
  origin: Origin | undefined,
): CertifyOptions | null {
  if (origin?.callsHosts !== false || [...models.values()].some(({ surrogate }) => surrogate?.exact !== true))
    return null;
  const executions = 2 * REPETITIONS * diagnostics.executions;
  const max_states = Math.min(FEW_STATES, Math.floor(LITTLE_WORK / executions));
  return max_states < 1 ? null : { exact: "enumerate", repetitions: REPETITIONS, max_states };
}

/** Certifies in what is left of the run's time. */
function certified(
  program: Target,
  method: Method,
  posterior: Posterior<unknown>,
  { services, random, signal, remaining }: RunEnvironment,
  limits: RunLimits = {},
  options: CertifyOptions,
): Promise<Certificate> {
  const { max_steps: _, max_time: __, ...execution } = limits;
  const left = remaining === Infinity ? {} : { max_time: Math.max(remaining, Number.MIN_VALUE) };
  const environment = new RunEnvironment(services, random.split(CERTIFICATE), signal, { ...execution, ...left });
  return certifyRun(program, method, posterior, environment, options);
}

/** Ends a run from outside: the user's signal, the time limit of a run that waits, or an answer that cannot come. */
class End {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout | undefined;
  private environment: RunEnvironment | null = null;
  private readonly interrupt = (): void => {
    const waiting = unanswered("was ended");
    if (waiting !== null) this.environment?.warn({ code: waiting.code, message: waiting.message });
    this.controller.abort();
  };

  constructor(private readonly options: InferOptions) {
    const { signal, limits } = options;
    // The method sees the limit between two steps; a step that waits is ended from here.
    if (limits?.max_time !== undefined) this.timer = setTimeout(this.interrupt, limits.max_time * 1000 + GRACE);
    if (signal?.aborted === true) this.interrupt();
    else signal?.addEventListener("abort", this.interrupt, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Where it is noted what the run was waiting for when it was ended. */
  warnIn(environment: RunEnvironment): void {
    this.environment = environment;
  }

  /** What `work` gives; or an error when the event loop runs empty, so that nothing is left that could answer it. */
  async orSilence<T>(work: Promise<T>): Promise<T> {
    let silent = (): void => {};
    const silence = new Promise<never>((_, reject) => {
      silent = () =>
        reject(
          unanswered("cannot go on") ??
            new RunError("PGLT014", "The run waits for an answer that cannot come any more."),
        );
    });
    process.once("beforeExit", silent);
    try {
      return await Promise.race([work, silence]);
    } finally {
      process.removeListener("beforeExit", silent);
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.options.signal?.removeEventListener("abort", this.interrupt);
  }
}

/** What is to be said of a host function that has not answered, or null when there is none. */
function unanswered(what: string): RunError | null {
  const oldest = pendingHostCalls()[0];
  if (oldest === undefined) return null;
  const seconds = ((performance.now() - oldest.since) / 1000).toFixed(1);
  return new RunError(
    "PGLT014",
    `The run ${what}: the host function \`${oldest.name}\` has not answered for ${seconds} s.`,
  );
}

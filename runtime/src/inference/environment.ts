import { MethodError, RunError } from "../errors.js";
import { defaultLimits, type Environment, type ExecutionLimits, type Observations } from "../machine/environment.js";
import type { Site } from "../machine/site.js";
import type { RandomSource } from "../random/source.js";

/** A warning of a run, as data. `count` says how often it came up. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly site?: Site;
  readonly count: number;
}

/** Bounds on a run. One on time or steps ends it like an interrupt: the posterior so far, marked `partial`. */
export interface RunLimits extends Partial<ExecutionLimits> {
  /** Seconds of wall-clock time, from the moment the environment is made; seen between two steps. */
  readonly max_time?: number;
  /** Steps of sequential inference, executions of an enumeration, attempts of a rejection sampler. */
  readonly max_steps?: number;
}

/** The services, randomness, limits and warnings of one run. */
export class RunEnvironment implements Environment {
  readonly limits: ExecutionLimits;
  readonly maxSteps: number;
  /** Not for inferences inside this one: what they observe belongs to the program. */
  observations?: Observations;
  /**
   * Of the program that runs in it, where they are not those that services were made for: it is inside another, or observes
   * what was simulated in place of some of them.
   */
  arguments?: readonly unknown[];
  private deadline: number;
  private outer: RunEnvironment | null = null;
  private readonly found = new Map<string, { code: string; message: string; site?: Site; count: number }>();

  /** @throws MethodError PGLR033 for a limit that is no positive number. */
  constructor(
    readonly services: ReadonlyMap<string, unknown>,
    readonly random: RandomSource,
    readonly signal?: AbortSignal,
    limits: RunLimits = {},
  ) {
    for (const [name, value] of Object.entries(limits)) {
      if (value !== undefined && !(value > 0))
        throw new MethodError("PGLR033", `The limit \`${name}\` is a number above 0, not ${String(value)}.`);
    }
    this.limits = {
      max_recursion: limits.max_recursion ?? defaultLimits.max_recursion,
      max_operations: limits.max_operations ?? defaultLimits.max_operations,
    };
    this.maxSteps = limits.max_steps ?? Infinity;
    this.deadline = limits.max_time === undefined ? Infinity : performance.now() + 1000 * limits.max_time;
  }

  /**
   * For an inference inside this one: the same services, deadline and limits of an execution, other randomness. Its
   * warnings are passed on, but for an empty posterior, which inside a program is an answer like any other.
   */
  nested(random: RandomSource, args: readonly unknown[]): RunEnvironment {
    const inner = new RunEnvironment(this.services, random, this.signal, this.limits);
    inner.arguments = args;
    inner.deadline = this.deadline;
    inner.outer = this;
    return inner;
  }

  service<T>(key: string): T {
    const service = this.services.get(key);
    if (service === undefined) {
      const [kind, name] = key.split(":", 2);
      throw kind === "lm"
        ? new RunError("PGLR007", `No language model is loaded for \`${name}\`.`, {
            hint: `Pass one: --lm ${name}=stories, or { lms: { ${name}: await loadLanguageModel("stories") } }.`,
          })
        : new RunError("PGLR007", `This run has no service \`${key}\`.`);
    }
    return service as T;
  }

  warn(warning: { code: string; message: string; site?: Site }): void {
    const key = `${warning.code}@${warning.site?.file ?? ""}:${warning.site?.start ?? ""}:${warning.site?.name ?? ""}`;
    const known = this.found.get(key);
    if (known !== undefined) known.count++;
    else this.found.set(key, { ...warning, count: 1 });
    if (warning.code !== "PGLW003") this.outer?.warn(warning);
  }

  get warnings(): readonly Warning[] {
    return [...this.found.values()];
  }

  /** Seconds that are left of `max_time`; Infinity without one. */
  get remaining(): number {
    return (this.deadline - performance.now()) / 1000;
  }

  /** Why the run should end now, if it should. `step` is the last that was taken. */
  whyStop(step: number): Stop | null {
    if (this.signal?.aborted === true) return "interrupted";
    if (this.deadline !== Infinity && performance.now() >= this.deadline) return "max_time";
    return step >= this.maxSteps ? "max_steps" : null;
  }
}

/** What ended a run early. */
export type Stop = "interrupted" | "max_time" | "max_steps";

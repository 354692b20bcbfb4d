import type { Environment } from "../machine/environment.js";
import type { Frame } from "../machine/frame.js";
import type { Model } from "../machine/model.js";
import type { Resampling } from "./blocks/sequential.js";
import type { SmcStep } from "./methods/smc.js";
import type { Posterior } from "./posterior.js";

/** A program with its arguments: what a method runs. */
export interface Target<R = unknown> {
  readonly name: string;
  start(): Frame;
  readonly model: Model<readonly unknown[], R>;
  readonly arguments: readonly unknown[];
}

export function target<A extends readonly unknown[], R>(model: Model<A, R>, args: A): Target<R> {
  return {
    name: model.name,
    model: model as unknown as Model<readonly unknown[], R>,
    arguments: args,
    start: () => model.start(...args),
  };
}

/** What collectors see of a run while it goes on. */
export interface Progress {
  readonly method: string;
  /** Steps taken: checkpoints of a population, traces of an enumeration, attempts of a rejection sampler. */
  readonly step: number;
  readonly total: number | null;
  readonly alive: number;
  readonly finished: number;
  readonly ess: number;
  /** Null where the method estimates none. */
  readonly logZ: number | null;
}

export interface RunOptions {
  /** Called after every step. Must not change anything. */
  readonly onProgress?: (progress: Progress) => void;
  /** Like `onProgress`, with the population itself; methods without one do not call it. Must not change anything. */
  readonly onStep?: (step: SmcStep) => void;
}

export type Guarantee = "exact" | "unbiased" | "consistent" | "maximum";

/**
 * How a posterior is found. `guarantee` says what its numbers mean: `exact` answers are the posterior itself, `unbiased`
 * ones are properly weighted (E[Ẑ·p̂(r)] = Z·p(r) for every return value r), `consistent` ones only become right with
 * growing budgets. `maximum` is no posterior: the answer is what attains an exact maximum.
 */
export interface Method {
  readonly name: string;
  readonly guarantee: Guarantee;
  readonly options: Readonly<Record<string, unknown>>;
  run<R>(program: Target<R>, environment: Environment, options?: RunOptions): Promise<Posterior<R>>;
  /** How its runs go, for methods whose runs are populations that are advanced and resampled: what a certificate repeats. */
  readonly sequential?: SequentialPlan;
}

/** A run of sequential Monte Carlo: importance sampling when it never resamples. */
export interface SequentialPlan {
  /** Of each island. */
  readonly particles: number;
  readonly islands: number;
  readonly resampling: Resampling;
  /** Kernel steps of each particle after each step. */
  readonly moves: number;
  /** A whole-trace proposal. */
  readonly proposal?: Model | undefined;
  /** The program that is run in place of the one asked about: of the same measure, with the same draws. */
  readonly program?: (program: Target) => Target;
}

import type { Given } from "../given.js";
import {
  hostCall,
  inferRequest,
  RunError,
  type Drawable,
  type Method,
  type Model,
  type Posterior,
  type Request,
} from "@pgl/runtime";
import { watched } from "../load/host-calls.js";
import { Program } from "./program.js";

/** How a draw is named and proposed for. */
export interface SampleOptions<T> {
  /** What traces, proposals and messages call the draw. */
  readonly name?: string;
  /** Draw from this instead, weighted by the ratio of the densities. Must cover the distribution. */
  readonly proposal?: Drawable<T>;
}

/** A program that draws nothing and gives `value`. */
export function pure<T>(value: T): Program<T> {
  return new Program<T>({ kind: "pure", value });
}

/** A program that is made when it is run: for recursion, whose programs would otherwise be infinite. */
export function suspend<T>(make: () => Program<T>): Program<T> {
  return new Program<T>({ kind: "suspend", make });
}

/** Draws from `distribution`. `sample(d, "x")` is short for `sample(d, { name: "x" })`. */
export function sample<T>(distribution: Drawable<T>, options: string | SampleOptions<T> = {}): Program<T> {
  const { name = "sample", proposal } = typeof options === "string" ? { name: options } : options;
  checkDrawable(distribution, "sample");
  if (proposal !== undefined) checkDrawable(proposal, "the proposal of a draw");
  return new Program<T>({
    kind: "sample",
    distribution: distribution as Drawable<unknown>,
    proposal: (proposal as Drawable<unknown> | undefined) ?? null,
    name,
  });
}

/** Multiplies the weight by the density of `value` under `distribution`. */
export function observe<T>(distribution: Drawable<T>, value: Given<T>, name = "observe"): Program<void> {
  checkDrawable(distribution, "observe");
  return new Program<void>({ kind: "observe", distribution: distribution as Drawable<unknown>, value, name });
}

/** Multiplies the weight by exp(`weight`); nats. `-Infinity` rules the execution out; NaN and +Infinity are errors. */
export function factor(weight: number, name = "factor"): Program<void> {
  return new Program<void>({ kind: "factor", weight, name });
}

/** Rules the execution out unless `holds`. */
export function condition(holds: boolean, name = "condition"): Program<void> {
  if (typeof holds !== "boolean") {
    throw new RunError("PGLT001", `\`condition\` takes true or false, not ${String(holds)}.`, {
      hint: "Compare explicitly: `condition(text.length > 0)`.",
    });
  }
  return new Program<void>({ kind: "condition", holds, name });
}

/** An intermediate potential, in nats: it steers particles and cancels out of the target at the next twist or the end. */
export function twist(weight: number, name = "twist"): Program<void> {
  return new Program<void>({ kind: "twist", weight, name });
}

/** A point where sequential inference may resample. */
export function step(name = "step"): Program<void> {
  return new Program<void>({ kind: "step", name });
}

/** Asks the outside: what language models' `score`, `tokens` and `chat` return. Answered in batches over a population. */
export function ask<T>(request: Request<T>, name = "ask"): Program<T> {
  return new Program<T>({ kind: "ask", request: request as Request, name });
}

/** Calls an asynchronous function of the host and goes on with its answer. Calls of one population run concurrently. */
export function call<A extends readonly unknown[], T>(
  fn: (...args: A) => Promise<T> | T,
  args: A,
  name = fn.name || "host function",
): Program<T> {
  const host = watched(fn as unknown as (...values: unknown[]) => unknown, name);
  return new Program<T>({ kind: "ask", request: hostCall(host, args, name), name });
}

/** Runs a model inside this program: its draws and weights are this program's own. */
export function run<A extends readonly unknown[], R>(model: Model<A, R>, args: Given<A>): Program<R> {
  return new Program<R>({ kind: "enter", model: model as unknown as Model, args });
}

/** Inference inside inference: the posterior of `model`, as a value that can be drawn from and observed under. */
export function inferred<A extends readonly unknown[], R>(
  model: Model<A, R>,
  args: Given<A>,
  method: Method,
): Program<Posterior<R>> {
  const request = inferRequest(model as unknown as Model, args, method);
  return new Program<Posterior<R>>({ kind: "ask", request: request as Request, name: model.name });
}

function checkDrawable(value: unknown, what: string): void {
  const kind = (value as { kind?: unknown } | null)?.kind;
  if (kind === "distribution" || kind === "process") return;
  throw new RunError("PGLT002", `${what} takes a distribution, not ${String(value)}.`, {
    hint: "As `bernoulli(0.5)`, a posterior, or `writer.text({ after: … })`.",
  });
}

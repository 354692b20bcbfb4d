import {
  infer as inferQuietly,
  run as runQuietly,
  type InferOptions,
  type Method,
  type Model,
  type Query,
  type Result,
  type RunQueryOptions,
} from "@pgl/core";
import { posteriorHtml } from "./posterior-view.js";
import { ProgressView } from "./progress-view.js";
import { locateError, locateWarnings } from "./programs.js";
import { inNotebook } from "./kernel.js";

/** The type of an argument that takes no part in finding out what `T` is. */
type Given<T> = [T][T extends unknown ? 0 : never];

/**
 * `infer` of @pgl/core, which shows in the cell how far it is when it takes its time. Interrupting the kernel ends the run,
 * shows the posterior it had by then, and throws an `AbortError`. Outside of a notebook it is core's own.
 *
 * @throws as core's `infer`.
 */
export function infer<A extends readonly unknown[], R>(
  model: Model<A, R>,
  args: Given<A>,
  method?: Method,
  options: InferOptions = {},
): Promise<Result<R>> {
  return watched(model, options, (watching) => inferQuietly(model, args, method, watching));
}

/** `run` of @pgl/core, in the same way. */
export function run<R>(query: Query<R>, options: RunQueryOptions = {}): Promise<Result<R>> {
  return watched(query.model, options, (watching) => runQuietly(query, { ...options, ...watching }));
}

/** Runs, and makes of the cell a witness: of how far the run is, of interrupts, and of what went wrong where. */
async function watched<R>(
  model: object,
  options: InferOptions,
  begin: (options: InferOptions) => Promise<Result<R>>,
): Promise<Result<R>> {
  if (!inNotebook()) return begin(options);
  const progress = new ProgressView();
  const end = new AbortController();
  let interrupted = false;
  const abort = (): void => end.abort();
  const interrupt = (): void => {
    interrupted = true;
    abort();
  };
  const { signal, onProgress } = options;
  if (signal?.aborted === true) abort();
  signal?.addEventListener("abort", abort, { once: true });
  // Not in the cell's own turn: while that lasts Node watches for Ctrl-C itself, and afterwards would take back the signal
  // from whoever has begun to listen meanwhile, so that the next interrupt ends the kernel.
  await Promise.resolve();
  process.once("SIGINT", interrupt);
  try {
    const result = await begin({
      ...options,
      signal: end.signal,
      onProgress: (now) => {
        progress.update(now);
        onProgress?.(now);
      },
    });
    locateWarnings(result.diagnostics.warnings, model);
    if (interrupted) {
      // The kernel has given the cell up, and what follows in it must not run on: here is what the cell would have got.
      progress.replace(posteriorHtml(result));
      throw new DOMException("The run was interrupted; the cell shows what it had by then.", "AbortError");
    }
    progress.finish(result.diagnostics.partial ? "ended early" : "done");
    return result;
  } catch (error) {
    if (!interrupted) progress.finish("failed");
    locateError(error, model);
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
    process.removeListener("SIGINT", interrupt);
  }
}

import type { Environment } from "../../machine/environment.js";
import { RunEnvironment, type Stop, type Warning } from "../environment.js";
import { isPromise } from "./answer.js";

/** Milliseconds of work after which the event loop is given a turn: for signals, timers, and whoever else has work. */
const BREATH = 50;

/**
 * Runs a method to its end or until the run is stopped. A method is a generator that yields its steps, and, as a promise,
 * what it has to wait for; so a step that waits for nothing costs no promise. The event loop gets a turn every 50 ms.
 *
 * @returns why it was stopped early, or null when it came to its end.
 * @throws DOMException `AbortError` when it was stopped before its first step: there is nothing to show.
 */
export async function drive<S extends { readonly step: number }>(
  method: Iterator<S | Promise<unknown>, unknown, void>,
  environment: Environment,
  onStep: (step: S) => void,
): Promise<Stop | null> {
  const run = environment instanceof RunEnvironment ? environment : null;
  let step = 0;
  let breath = performance.now();
  const stopped = (): Stop | null =>
    run !== null ? run.whyStop(step) : environment.signal?.aborted === true ? "interrupted" : null;
  for (;;) {
    const stop = stopped();
    if (stop !== null) return began(step, stop);
    if (performance.now() - breath > BREATH) {
      await new Promise((resolve) => setImmediate(resolve));
      breath = performance.now();
    }
    const next = method.next();
    if (next.done === true) return null;
    if (!isPromise(next.value)) {
      step = next.value.step;
      onStep(next.value);
      continue;
    }
    try {
      await unlessAborted(next.value, environment.signal);
      breath = performance.now();
    } catch (error) {
      // What was waited for may end with the run.
      const cause = stopped();
      if (cause === null || cause === "max_steps") throw error;
      return began(step, cause);
    }
  }
}

function began(step: number, stop: Stop): Stop {
  if (step === 0) throw new DOMException("The run was ended before its first step.", "AbortError");
  return stop;
}

/** `work`, or a rejection as soon as the signal is aborted: an answer may never come. */
function unlessAborted(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<unknown> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new DOMException("The run was interrupted.", "AbortError"));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    // Also when nobody waits for it any more: its failure must not end the process.
    void work.then(resolve, reject).then(() => signal.removeEventListener("abort", abort));
  });
}

const reasons: Readonly<Record<Stop, string>> = {
  interrupted: "was interrupted",
  max_time: "has reached its limit `max_time`",
  max_steps: "has reached its limit `max_steps`",
};

/** Says in the run's warnings that its answer is what it had when it was stopped. `what` is a sentence about that. */
export function warnOfStop(environment: Environment, stop: Stop, what: string): void {
  environment.warn({ code: "PGLW008", message: `The run ${reasons[stop]}. ${what}` });
}

/** The warnings of a run, where its environment keeps them. */
export const warningsOf = (environment: Environment): readonly Warning[] =>
  environment instanceof RunEnvironment ? environment.warnings : [];

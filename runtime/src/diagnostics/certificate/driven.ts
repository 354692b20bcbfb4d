import { RunError } from "../../errors.js";
import { drive } from "../../inference/blocks/drive.js";
import type { RunEnvironment, Stop } from "../../inference/environment.js";

/** PGLR105: stopped before it was complete, by the signal or a limit. */
export class Ended extends RunError {
  constructor(stop: Stop) {
    super("PGLR105", `It ${ENDED[stop]} before it was complete.`, {
      hint: "Give it more time, or want fewer repetitions.",
    });
  }
}

const ENDED: Readonly<Record<Stop, string>> = {
  interrupted: "was interrupted",
  max_time: "has reached its limit `max_time`",
  max_steps: "has reached its limit `max_steps`",
};

/** Runs to the end. @throws Ended when it was stopped; whatever the steps throw. */
export async function driven<T>(
  steps: Generator<{ readonly step: number } | Promise<void>, T, void>,
  environment: RunEnvironment,
  onStep: (step: number) => void,
): Promise<T> {
  const result = { value: undefined as T | undefined };
  const watched = (function* () {
    result.value = yield* steps;
  })();
  // Steps here are not those of a run, which `max_steps` counts: the environment has none.
  const stop = await drive(watched, environment, ({ step }) => onStep(step));
  if (stop !== null) throw new Ended(stop);
  return result.value as T;
}

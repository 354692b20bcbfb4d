import { drive } from "../../inference/blocks/drive.js";
import type { RunEnvironment, Stop } from "../../inference/environment.js";

/** Stopped before it was complete. */
export class Ended extends Error {}

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
  if (stop !== null) throw new Ended(`the certificate ${ENDED[stop]} before it was complete`);
  return result.value as T;
}

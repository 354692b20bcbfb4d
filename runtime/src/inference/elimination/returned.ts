import type { WeightedSample } from "../posterior.js";
import { Outcome, type StateGraph } from "./state-graph.js";
import { sum } from "./semirings.js";
import { ValueKeys } from "./value-keys.js";

/** The values returned with their shares of the mass that comes to the ends, and the log of that mass (nats). */
export interface Returned<R> {
  readonly samples: readonly WeightedSample<R>[];
  readonly logMass: number;
}

/** @param masses by state, as `forward` gives them. */
export function returnedValues<R>(graph: StateGraph, masses: Float64Array): Returned<R> {
  const keys = new ValueKeys();
  const found = new Map<string, { value: R; logMass: number }>();
  let logMass = -Infinity;
  for (let state = 0; state < graph.size; state++) {
    if (graph.outcomes[state] !== Outcome.Ended) continue;
    const mass = masses[state]! + graph.weights[state]!;
    if (mass === -Infinity) continue;
    logMass = sum(logMass, mass);
    const value = graph.returned[state] as R;
    const key = keys.of(value);
    const known = found.get(key);
    if (known === undefined) found.set(key, { value, logMass: mass });
    else known.logMass = sum(known.logMass, mass);
  }
  const samples = Array.from(found.values(), ({ value, logMass: mass }) => ({
    value,
    weight: Math.exp(mass - logMass),
    trace: null,
  }));
  return { samples, logMass };
}

import type { RandomSource } from "@pgl/runtime";
import { enumerateOutcomes } from "../random/index.js";
import { LawError } from "./difference.js";
import type { StateMass } from "./kernel.js";
import { runtimeKey } from "./key.js";

export interface EvidenceBoundOptions<S> {
  /** Exact draws of the target: every execution with its mass. The masses sum to Z, not to one. */
  readonly states: readonly StateMass<S>[];
  /** log Ẑ (nats) of one run of the method. */
  readonly estimate: (random: RandomSource) => number | Promise<number>;
  /** log Ẑ (nats) of one run with an exact draw of the target among its particles (conditional SMC). */
  readonly conditional: (state: S, random: RandomSource) => number | Promise<number>;
  /** Relative to Z, or to 1/Z. Default 1e-10. */
  readonly tolerance?: number;
  /** Default 100 000, of each run. */
  readonly maxOutcomes?: number;
}

/** Exact expectations over a method's own draws, in nats. */
export interface EvidenceBounds {
  readonly logZ: number;
  /** E[log Ẑ]; −∞ when Ẑ is zero with positive probability. */
  readonly lower: number;
  /** E_σ[log Ẑ]. */
  readonly upper: number;
  /** Outcomes visited, of all runs together. */
  readonly outcomes: number;
}

/**
 * Throws unless both bounds of an evidence estimator hold, each by the equality that is behind it: E[Ẑ] = Z, so that
 * E[log Ẑ] ≤ log Z; and E_σ[1/Ẑ] = 1/Z, so that log Z ≤ E_σ[log Ẑ], where E_σ runs the conditional method from an exact
 * draw of the target (Zhao et al. 2024, prop. 5.1; Andrieu, Doucet & Holenstein 2010). When Ẑ may be zero, 1/Ẑ is over the
 * runs where it is not, which under σ are all.
 *
 * @throws LawError naming the equality or bound that fails.
 */
export async function expectLogZBounds<S>(options: EvidenceBoundOptions<S>): Promise<EvidenceBounds> {
  const { states, tolerance = 1e-10, maxOutcomes } = options;
  const Z = states.reduce((sum, { mass }) => sum + mass, 0);
  if (!(Z > 0 && Z < Infinity)) throw new LawError(`The target has mass ${Z}.`);
  const logZ = Math.log(Z);
  let outcomes = 0;
  let mean = 0;
  let lower = 0;
  for (const { value, probability } of await enumerateOutcomes(options.estimate, { maxOutcomes })) {
    outcomes++;
    mean += probability * Math.exp(value);
    lower += probability * value;
  }
  if (!(Math.abs(mean - Z) <= tolerance * Z)) throw new LawError(`E[Ẑ] = Z does not hold: ${mean} instead of ${Z}.`);
  let inverse = 0;
  let upper = 0;
  for (const { state, mass } of states) {
    const runs = await enumerateOutcomes((random) => options.conditional(state, random), { maxOutcomes });
    for (const { value, probability } of runs) {
      outcomes++;
      if (!(value > -Infinity))
        throw new LawError(`With ${runtimeKeyOrType(state)} among the particles, log Ẑ is ${value}.`);
      inverse += (mass / Z) * probability * Math.exp(-value);
      upper += (mass / Z) * probability * value;
    }
  }
  if (!(Math.abs(inverse - 1 / Z) <= tolerance / Z))
    throw new LawError(`E_σ[1/Ẑ] = 1/Z does not hold: ${inverse} instead of ${1 / Z}.`);
  const slack = tolerance * Math.max(1, Math.abs(logZ));
  if (!(lower <= logZ + slack)) throw new LawError(`E[log Ẑ] ≤ log Z does not hold: ${lower} and ${logZ}.`);
  if (!(upper >= logZ - slack)) throw new LawError(`log Z ≤ E_σ[log Ẑ] does not hold: ${logZ} and ${upper}.`);
  return { logZ, lower, upper, outcomes };
}

function runtimeKeyOrType(state: unknown): string {
  try {
    return runtimeKey(state);
  } catch {
    return "a state";
  }
}

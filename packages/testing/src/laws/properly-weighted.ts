import {
  enumerate,
  RunEnvironment,
  target,
  type Method,
  type Model,
  type Posterior,
  type RandomSource,
} from "@pgl/runtime";
import { enumerateOutcomes, visitOutcomes } from "../random/index.js";
import { logSum, type Measure, type MeasureAtom } from "../reference/index.js";
import { expectMasses, LawError, massesOf, type Masses } from "./difference.js";
import { runtimeKey } from "./key.js";

export interface LawSubject {
  readonly program: Model<never, unknown> | Model;
  readonly args?: readonly unknown[];
  /** Language models by alias. */
  readonly lms?: Readonly<Record<string, unknown>>;
}

export interface ProperWeightOptions extends LawSubject {
  readonly method: Method;
  /** What the program means; by default what `enumerate()` says, which is exact for a finite program. */
  readonly expected?: Measure;
  /** Relative to Z. Default 1e-10: rounding, not noise. */
  readonly tolerance?: number;
  /** Outcomes of the method's own draws to visit. Default 100 000. */
  readonly maxOutcomes?: number;
  /**
   * For methods that stop by chance: ways less probable than this are left out (see `visitOutcomes`). What is left out may
   * hold up to its probability times `evidenceBound`, which then has to be given.
   */
  readonly negligible?: number;
  /** A number that Ẑ never exceeds. */
  readonly evidenceBound?: number;
}

/**
 * Throws unless a method is properly weighted on a program: E[Ẑ · p̂(r)] = Z · p(r) for every return value r, the expectation
 * taken over every outcome of the method's own draws. E[Ẑ] = Z follows.
 *
 * @throws LawError with the values that differ most; EnumerationError when the method's draws cannot be enumerated.
 */
export async function expectProperlyWeighted(
  options: ProperWeightOptions,
): Promise<{ readonly outcomes: number; readonly unvisited: number }> {
  const { tolerance = 1e-10, maxOutcomes, negligible, evidenceBound } = options;
  if (negligible !== undefined && evidenceBound === undefined)
    throw new TypeError("With `negligible`, `evidenceBound` says what the outcomes left out may hold.");
  const expected = options.expected === undefined ? await exactMasses(options) : massesOf(options.expected);
  const { outcomes, unvisited } = await visitOutcomes((random) => runMethod(options, options.method, random), {
    maxOutcomes,
    negligible,
  });
  const mean = new Map<string, number>();
  for (const { value: posterior, probability } of outcomes) {
    const evidence = Math.exp(logEvidenceOf(posterior));
    for (const { value, weight } of posterior.atoms) {
      const key = runtimeKey(value);
      mean.set(key, (mean.get(key) ?? 0) + probability * evidence * weight);
    }
  }
  expectMasses(
    `E[Ẑ·p̂(r)] = Z·p(r) for ${options.method.name}(${JSON.stringify(options.method.options)})`,
    mean,
    expected,
    tolerance,
    unvisited * (evidenceBound ?? 0),
  );
  return { outcomes: outcomes.length, unvisited };
}

/** The measure that a method's answer stands for. `logZ` and the atoms' weights are put together again. */
export function measureOf(posterior: Posterior<unknown>): Measure {
  const logZ = logEvidenceOf(posterior);
  const byKey = new Map<string, MeasureAtom>();
  for (const { value, weight } of posterior.atoms) {
    const key = runtimeKey(value);
    const logMass = logSum([byKey.get(key)?.logMass ?? -Infinity, Math.log(weight) + logZ]);
    byKey.set(key, { value, key, logMass, mass: Math.exp(logMass) });
  }
  return { logZ, total: Math.exp(logZ), atoms: [...byKey.values()], executions: posterior.diagnostics.executions };
}

/** @throws LawError for a method that estimates no log Z: it stands for no measure, only for a distribution. */
function logEvidenceOf({ logZ, method }: Posterior<unknown>): number {
  if (logZ.estimate !== null) return logZ.estimate;
  throw new LawError(`${method.name} estimates no log Z, so it cannot be properly weighted.`);
}

/** Runs a method on a program with a given source of randomness. */
export function runMethod(subject: LawSubject, method: Method, random: RandomSource): Promise<Posterior<unknown>> {
  const services = new Map(Object.entries(subject.lms ?? {}).map(([name, lm]) => [`lm:${name}`, lm]));
  return method.run(target(subject.program as Model, [...(subject.args ?? [])]), new RunEnvironment(services, random));
}

async function exactMasses(subject: LawSubject): Promise<Masses> {
  // Enumeration draws nothing, so this has one outcome.
  const [only] = await enumerateOutcomes((random) => runMethod(subject, enumerate(), random));
  return massesOf(measureOf(only!.value));
}

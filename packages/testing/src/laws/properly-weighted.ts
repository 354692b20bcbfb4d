import {
  enumerate,
  RunEnvironment,
  target,
  type Method,
  type Model,
  type Posterior,
  type RandomSource,
} from "@pgl/runtime";
import { enumerateOutcomes } from "../random/index.js";
import { logSum, type Measure, type MeasureAtom } from "../reference/index.js";
import { expectMasses, massesOf, type Masses } from "./difference.js";
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
}

/**
 * Throws unless a method is properly weighted on a program: E[Ẑ · p̂(r)] = Z · p(r) for every return value r, the expectation
 * taken over every outcome of the method's own draws. E[Ẑ] = Z follows.
 *
 * @throws LawError with the values that differ most; EnumerationError when the method's draws cannot be enumerated.
 */
export async function expectProperlyWeighted(options: ProperWeightOptions): Promise<{ readonly outcomes: number }> {
  const { tolerance = 1e-10, maxOutcomes } = options;
  const expected = options.expected === undefined ? await exactMasses(options) : massesOf(options.expected);
  const outcomes = await enumerateOutcomes((random) => runMethod(options, options.method, random), { maxOutcomes });
  const mean = new Map<string, number>();
  for (const { value: posterior, probability } of outcomes) {
    for (const { value, weight } of posterior.atoms) {
      const key = runtimeKey(value);
      mean.set(key, (mean.get(key) ?? 0) + probability * Math.exp(posterior.logZ.estimate) * weight);
    }
  }
  expectMasses(
    `E[Ẑ·p̂(r)] = Z·p(r) for ${options.method.name}(${JSON.stringify(options.method.options)})`,
    mean,
    expected,
    tolerance,
  );
  return { outcomes: outcomes.length };
}

/** The measure that a method's answer stands for. `logZ` and the atoms' weights are put together again. */
export function measureOf(posterior: Posterior<unknown>): Measure {
  const byKey = new Map<string, MeasureAtom>();
  for (const { value, weight } of posterior.atoms) {
    const key = runtimeKey(value);
    const logMass = logSum([byKey.get(key)?.logMass ?? -Infinity, Math.log(weight) + posterior.logZ.estimate]);
    byKey.set(key, { value, key, logMass, mass: Math.exp(logMass) });
  }
  const logZ = posterior.logZ.estimate;
  return { logZ, total: Math.exp(logZ), atoms: [...byKey.values()], executions: posterior.diagnostics.executions };
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

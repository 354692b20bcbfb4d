import type { Distribution } from "@pgl/runtime";
import { enumerateOutcomes } from "../random/index.js";
import { LawError } from "./difference.js";
import { runtimeKey } from "./key.js";

export interface DistributionLawOptions<T> {
  /** Values that are outside the support: their log-density must be -Infinity. */
  readonly outside?: readonly T[];
  readonly tolerance?: number;
  /** How many values of a countable support to look at. Default 10 000. */
  readonly values?: number;
  readonly maxOutcomes?: number;
}

/**
 * The laws of a distribution: its densities sum to one (a finite or countable support), integrate to one (an interval); the
 * support, the density and the sampler agree, the sampler by enumeration of its draws; moments are those of the density; the
 * gradient is the density's.
 *
 * @throws LawError naming the law and the worst value.
 */
export async function expectDistributionLaws<T>(
  distribution: Distribution<T>,
  options: DistributionLawOptions<T> = {},
): Promise<void> {
  for (const value of options.outside ?? []) {
    const log = distribution.logDensity(value);
    if (log !== -Infinity) fail(distribution, `the log-density of ${String(value)}, outside the support, is ${log}`);
  }
  const { support } = distribution;
  if (support.kind === "finite")
    return finiteLaws(distribution, support.values, Array.from(support.probabilities), options);
  if (support.kind === "countable") return countableLaws(distribution, support.values(), options);
  if (support.kind === "interval") {
    return intervalLaws(
      distribution as unknown as Distribution<number>,
      support.lower,
      support.upper,
      options.tolerance ?? 1e-6,
    );
  }
  throw new LawError(`${distribution.name}: there are no laws yet for a support that is a ${support.kind}.`);
}

async function finiteLaws<T>(
  d: Distribution<T>,
  values: readonly T[],
  probabilities: readonly number[],
  { tolerance = 1e-10, maxOutcomes }: DistributionLawOptions<T>,
): Promise<void> {
  const keys = values.map(runtimeKey);
  if (new Set(keys).size !== keys.length) fail(d, "the support lists a value twice");
  near(
    d,
    "the sum of the probabilities",
    probabilities.reduce((a, b) => a + b, 0),
    1,
    tolerance,
  );
  values.forEach((v, i) =>
    near(d, `the density of ${keys[i]}`, Math.exp(d.logDensity(v)), probabilities[i]!, tolerance),
  );
  const sampled = new Map<string, number>();
  for (const { value, probability } of await enumerateOutcomes((random) => d.sample(random), { maxOutcomes })) {
    const key = runtimeKey(value);
    sampled.set(key, (sampled.get(key) ?? 0) + probability);
  }
  for (const key of sampled.keys())
    if (!keys.includes(key)) fail(d, `the sampler gives ${key}, which is not in the support`);
  keys.forEach((key, i) =>
    near(d, `the probability that the sampler gives ${key}`, sampled.get(key) ?? 0, probabilities[i]!, tolerance),
  );
  moments(d, values, probabilities, tolerance);
}

async function countableLaws<T>(
  d: Distribution<T>,
  values: Iterable<T>,
  options: DistributionLawOptions<T>,
): Promise<void> {
  const { tolerance = 1e-9, values: limit = 10_000 } = options;
  const seen: T[] = [];
  const probabilities: number[] = [];
  let sum = 0;
  for (const v of values) {
    const p = Math.exp(d.logDensity(v));
    if (!(p >= 0)) fail(d, `the density of ${runtimeKey(v)} is ${p}`);
    seen.push(v);
    probabilities.push(p);
    sum += p;
    if (seen.length >= limit || sum > 1 - tolerance / 10) break;
  }
  near(d, `the sum of ${seen.length} densities`, sum, 1, tolerance);
  moments(d, seen, probabilities, Math.sqrt(tolerance));
}

function moments<T>(
  d: Distribution<T>,
  values: readonly T[],
  probabilities: readonly number[],
  tolerance: number,
): void {
  if (!values.every((v) => typeof v === "number" || typeof v === "boolean")) return;
  const numbers = values.map(Number);
  const mean = numbers.reduce((sum, x, i) => sum + probabilities[i]! * x, 0);
  const variance = numbers.reduce((sum, x, i) => sum + probabilities[i]! * (x - mean) ** 2, 0);
  const scale = 1 + Math.abs(mean) + variance;
  const m = d.mean?.();
  const v = d.variance?.();
  if (typeof m === "number") near(d, "the mean", m, mean, tolerance * scale);
  if (typeof v === "number") near(d, "the variance", v, variance, tolerance * scale);
}

/** Integrals by the tanh-sinh rule after mapping the interval to (-1, 1): it does not mind densities that are infinite at an end. */
function intervalLaws(d: Distribution<number>, lower: number, upper: number, tolerance: number): void {
  const nodes = quadrature(lower, upper);
  const integral = (f: (x: number) => number): number =>
    nodes.reduce((sum, { x, weight }) => {
      const p = Math.exp(d.logDensity(x));
      return p === 0 ? sum : sum + weight * p * f(x);
    }, 0);
  near(
    d,
    "the integral of the density",
    integral(() => 1),
    1,
    tolerance,
  );
  const mean = d.mean?.();
  const variance = d.variance?.();
  if (typeof mean === "number" && Number.isFinite(mean) && typeof variance === "number" && Number.isFinite(variance)) {
    near(
      d,
      "the mean",
      mean,
      integral((x) => x),
      tolerance * (1 + Math.abs(mean) + variance),
    );
    near(
      d,
      "the variance",
      variance,
      integral((x) => (x - mean) ** 2),
      Math.sqrt(tolerance) * (1 + variance),
    );
  }
  if (d.gradient === undefined) return;
  for (const { x, weight } of nodes.filter((_, i) => i % 293 === 0)) {
    const p = Math.exp(d.logDensity(x));
    if (weight === 0 || !(p > 1e-6 && p < 1e6)) continue;
    const h = 1e-6 * Math.max(1e-3, Math.abs(x));
    const difference = (d.logDensity(x + h) - d.logDensity(x - h)) / (2 * h);
    if (!Number.isFinite(difference)) continue;
    near(d, `the gradient at ${x}`, d.gradient(x) as number, difference, 1e-3 * (1 + Math.abs(difference)));
  }
}

function quadrature(lower: number, upper: number): { x: number; weight: number }[] {
  const nodes: { x: number; weight: number }[] = [];
  // Fine enough for a density with a kink (error of the order of the square).
  const step = 1 / 512;
  for (let k = -2560; k <= 2560; k++) {
    const t = k * step;
    // x(t) and dx/dt: tanh-sinh on an interval, exp-sinh on a half-line, sinh-sinh on the line (Takahasi & Mori 1974).
    const s = (Math.PI / 2) * Math.sinh(t);
    const ds = (Math.PI / 2) * Math.cosh(t);
    let x: number;
    let dx: number;
    if (Number.isFinite(lower) && Number.isFinite(upper)) {
      // From the nearer end, so that nothing is lost close to it.
      const fromEnd = (upper - lower) / (1 + Math.exp(2 * Math.abs(s)));
      x = s < 0 ? lower + fromEnd : upper - fromEnd;
      dx = ((upper - lower) / 2) * (ds / Math.cosh(s) ** 2);
    } else if (Number.isFinite(lower)) {
      x = lower + Math.exp(s);
      dx = Math.exp(s) * ds;
    } else if (Number.isFinite(upper)) {
      x = upper - Math.exp(-s);
      dx = Math.exp(-s) * ds;
    } else {
      x = Math.sinh(s);
      dx = Math.cosh(s) * ds;
    }
    if (Number.isFinite(x) && Number.isFinite(dx) && x > lower && x < upper) nodes.push({ x, weight: dx * step });
  }
  return nodes;
}

function near<T>(d: Distribution<T>, what: string, actual: number, expected: number, tolerance: number): void {
  if (!(Math.abs(actual - expected) <= tolerance)) fail(d, `${what} is ${actual} instead of ${expected}`);
}

function fail<T>(d: Distribution<T>, what: string): never {
  throw new LawError(`${d.name}: ${what}.`);
}

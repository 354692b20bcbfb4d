import { ProgramError, UnsupportedError } from "./errors.js";
import { logBeta, logChoose, logFactorial, logGamma } from "./special.js";
import type { Weighed } from "./execution.js";
import type { Factor } from "./product.js";
import type { TextSpan } from "./text-span.js";
import { Dictionary, keyOf, type Value } from "./value.js";

/** What some distributions remember of how they were made, because others are made of the parts. */
export type Made =
  | { readonly kind: "text"; readonly span: TextSpan }
  | { readonly kind: "product"; readonly factors: readonly Factor[] };

export interface Outcome {
  readonly value: Value;
  readonly probability: number;
}

/**
 * A distribution as the reference holds it: the list of what a draw can give, and the log-density of a given value. The two
 * are separate because for a text span they are different functions (language.md, "Text spans, exactly"). A draw's
 * probabilities may sum to less than one: the rest is ruled out (`must_stop`). Those of a product sum to its normaliser.
 */
export class ReferenceDistribution {
  constructor(
    readonly name: string,
    /** What drawing gives; throws UnsupportedError when that is not a finite list. */
    readonly draws: () => readonly Outcome[],
    readonly logDensity: (value: Value) => number,
    readonly posterior: { readonly logZ: number; readonly ess: number } | null = null,
    readonly made: Made | null = null,
  ) {}

  /** The draws, with equal values merged, for what asks about the distribution as a whole. */
  get outcomes(): readonly Outcome[] {
    return merged(this.draws());
  }
}

/** Equal values merged, impossible ones left out, in order of first appearance. */
export function merged(outcomes: readonly Outcome[]): readonly Outcome[] {
  const byKey = new Map<unknown, { value: Value; probability: number }>();
  for (const { value, probability } of outcomes) {
    if (!(probability > 0)) continue;
    const key = mergeKey(value);
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, { value, probability });
    else known.probability += probability;
  }
  return [...byKey.values()];
}

/** Values without a key of their own (functions, distributions) are equal to themselves only. */
function mergeKey(value: Value): unknown {
  try {
    return keyOf(value);
  } catch {
    return value;
  }
}

/** A finite distribution from weights that need not sum to one. */
export function finite(name: string, values: readonly Value[], weights: readonly number[]): ReferenceDistribution {
  for (const w of weights) if (!(w >= 0 && w < Infinity)) throw new ProgramError(`${name}: a weight is ${w}.`);
  const total = weights.reduce((a, b) => a + b, 0);
  if (!(total > 0)) throw new ProgramError(`${name}: all weights are zero.`);
  const outcomes = merged(values.map((value, i) => ({ value, probability: weights[i]! / total })));
  return exactly(name, outcomes);
}

/** A finite distribution from outcomes whose probabilities are right as they are. */
export function exactly(
  name: string,
  outcomes: readonly Outcome[],
  posterior: { logZ: number; ess: number } | null = null,
): ReferenceDistribution {
  const index = new Map(outcomes.map(({ value, probability }) => [mergeKey(value), probability]));
  return new ReferenceDistribution(
    name,
    () => outcomes,
    (value) => Math.log(index.get(mergeKey(value)) ?? 0),
    posterior,
  );
}

/** Equal return values together, with the log of their mass. */
export function collect(results: readonly Weighed[]): readonly Weighed[] {
  const byKey = new Map<unknown, { value: Value; logs: number[] }>();
  for (const { value, logMass } of results) {
    const key = mergeKey(value);
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, { value, logs: [logMass] });
    else known.logs.push(logMass);
  }
  return [...byKey.values()].map(({ value, logs }) => ({ value, logMass: logSum(logs) }));
}

/** The normalised measure as a distribution; with no draws at all where the measure is zero. */
export function posterior(results: readonly Weighed[]): ReferenceDistribution {
  const atoms = collect(results);
  const logZ = logSum(atoms.map((a) => a.logMass));
  const outcomes = atoms.map(({ value, logMass }) => ({ value, probability: Math.exp(logMass - logZ) }));
  // Of the executions, not of the merged values.
  const ess = results.length === 0 ? 0 : 1 / results.reduce((s, r) => s + Math.exp(2 * (r.logMass - logZ)), 0);
  return exactly("posterior", outcomes, { logZ, ess });
}

export function logSum(values: readonly number[]): number {
  const max = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (max === -Infinity) return -Infinity;
  return max + Math.log(values.reduce((sum, v) => sum + Math.exp(v - max), 0));
}

export function where(d: ReferenceDistribution, keep: (value: Value) => boolean): ReferenceDistribution {
  const kept = d.outcomes.filter(({ value }) => keep(value));
  return finite(
    "where",
    kept.map((o) => o.value),
    kept.map((o) => o.probability),
  );
}

export function tempered(d: ReferenceDistribution, t: number): ReferenceDistribution {
  if (!(t > 0 && t < Infinity)) throw new ProgramError(`tempered: the temperature is ${t}.`);
  return finite(
    "tempered",
    d.outcomes.map((o) => o.value),
    d.outcomes.map((o) => o.probability ** (1 / t)),
  );
}

/** The k likeliest outcomes; of equally likely ones the earlier. */
export function topK(d: ReferenceDistribution, k: number): ReferenceDistribution {
  if (!(Number.isInteger(k) && k >= 1)) throw new ProgramError(`top_k: k is ${k}.`);
  return first(d, (n) => n >= k);
}

/** The fewest likeliest outcomes with probability `p` or more together; of equally likely ones the earlier first. */
export function topP(d: ReferenceDistribution, p: number): ReferenceDistribution {
  if (!(p > 0 && p <= 1)) throw new ProgramError(`top_p: p is ${p}.`);
  return first(d, (_, mass) => mass >= p);
}

function first(d: ReferenceDistribution, enough: (count: number, mass: number) => boolean): ReferenceDistribution {
  const ranked = d.outcomes.map((o, i) => ({ ...o, i })).sort((a, b) => b.probability - a.probability || a.i - b.i);
  const kept: typeof ranked = [];
  let mass = 0;
  for (const o of ranked) {
    kept.push(o);
    mass += o.probability;
    if (enough(kept.length, mass)) break;
  }
  kept.sort((a, b) => a.i - b.i);
  return finite(
    "top",
    kept.map((o) => o.value),
    kept.map((o) => o.probability),
  );
}

export function mix(weights: readonly number[], parts: readonly ReferenceDistribution[]): ReferenceDistribution {
  if (weights.length !== parts.length) throw new ProgramError("mix: as many weights as distributions are needed.");
  for (const w of weights) if (!(w >= 0 && w < Infinity)) throw new ProgramError(`mix: a weight is ${w}.`);
  const total = weights.reduce((a, b) => a + b, 0);
  if (!(total > 0)) throw new ProgramError("mix: all weights are zero.");
  return new ReferenceDistribution(
    "mix",
    () =>
      merged(
        parts.flatMap((part, i) =>
          weights[i]! > 0
            ? part.outcomes.map((o) => ({ value: o.value, probability: (o.probability * weights[i]!) / total }))
            : [],
        ),
      ),
    (value) =>
      Math.log(parts.reduce((sum, part, i) => sum + (weights[i]! / total) * Math.exp(part.logDensity(value)), 0)),
  );
}

const numberOf = (value: Value): number => {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  throw new ProgramError("This distribution is not over numbers.");
};

/** The outcomes of something that has some: an empty posterior has no mean, and no probability is one under it. */
export function someOutcomes(d: ReferenceDistribution): readonly Outcome[] {
  const { outcomes } = d;
  if (d.posterior !== null && outcomes.length === 0) throw new ProgramError("The nested posterior is empty.");
  return outcomes;
}

export const meanOf = (d: ReferenceDistribution): number =>
  someOutcomes(d).reduce((sum, o) => sum + o.probability * numberOf(o.value), 0);

export function varianceOf(d: ReferenceDistribution): number {
  const mean = meanOf(d);
  return d.outcomes.reduce((sum, o) => sum + o.probability * (numberOf(o.value) - mean) ** 2, 0);
}

// ---------------------------------------------------------------------------------------------------- constructors

/** Parameters of each constructor, in order; `?` marks what may be left out. */
export const distributionParameters: Readonly<Record<string, readonly string[]>> = {
  bernoulli: ["p"],
  categorical: ["weights"],
  choice: ["options"],
  uniform: ["low", "high"],
  uniform_int: ["low", "high"],
  normal: ["mean", "sd"],
  lognormal: ["mean", "sd"],
  student_t: ["df", "location", "scale"],
  cauchy: ["location", "scale"],
  laplace: ["location", "scale"],
  logistic: ["location", "scale"],
  exponential: ["rate"],
  gamma: ["shape", "rate"],
  inverse_gamma: ["shape", "scale"],
  beta: ["a", "b"],
  dirichlet: ["concentration"],
  multivariate_normal: ["mean", "covariance"],
  poisson: ["rate"],
  binomial: ["n", "p"],
  geometric: ["p"],
  negative_binomial: ["r", "p"],
  multinomial: ["n", "probabilities"],
  delta: ["value"],
  mixture: ["weights", "dists"],
  mix: ["weights", "dists"],
  empirical: ["values"],
};

type Constructor = (args: readonly Value[]) => ReferenceDistribution;

const num = (name: string, value: Value, ok: (x: number) => boolean = () => true): number => {
  if (typeof value !== "number" || Number.isNaN(value) || !ok(value)) {
    throw new ProgramError(`${name}: a parameter is ${String(value)}.`);
  }
  return value;
};
const positive = (x: number): boolean => x > 0;
const unit = (x: number): boolean => x >= 0 && x <= 1;
const count = (x: number): boolean => Number.isInteger(x) && x >= 0;
const list = (name: string, value: Value): readonly Value[] => {
  if (!Array.isArray(value)) throw new ProgramError(`${name}: a list is wanted.`);
  return value as readonly Value[];
};
const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

/** A density alone: drawing has no finite list of outcomes. */
const density = (name: string, logDensity: (x: number) => number): ReferenceDistribution =>
  new ReferenceDistribution(
    name,
    () => {
      throw new UnsupportedError(`A draw from ${name} has no finite list of outcomes.`);
    },
    (value) => (typeof value === "number" && !Number.isNaN(value) ? logDensity(value) : -Infinity),
  );

/** A density on lists of numbers. */
const vectorDensity = (
  name: string,
  size: number,
  logDensity: (x: readonly number[]) => number,
): ReferenceDistribution =>
  new ReferenceDistribution(
    name,
    () => {
      throw new UnsupportedError(`A draw from ${name} has no finite list of outcomes.`);
    },
    (value) => {
      const x = list(name, value) as readonly number[];
      return x.length === size ? logDensity(x) : -Infinity;
    },
  );

/** log det A and xᵀ A⁻¹ x of a symmetric positive definite matrix, by elimination. */
function quadratic(matrix: readonly (readonly number[])[], x: readonly number[]): { logDet: number; form: number } {
  const a = matrix.map((row) => [...row]);
  const y = [...x];
  let logDet = 0;
  let form = 0;
  for (let i = 0; i < a.length; i++) {
    const pivot = a[i]![i]!;
    if (!(pivot > 0)) throw new ProgramError("multivariate_normal: the covariance is not positive definite.");
    logDet += Math.log(pivot);
    form += y[i]! ** 2 / pivot;
    for (let j = i + 1; j < a.length; j++) {
      const f = a[j]![i]! / pivot;
      for (let k = i; k < a.length; k++) a[j]![k]! -= f * a[i]![k]!;
      y[j]! -= f * y[i]!;
    }
  }
  return { logDet, form };
}

/** log x^a, with 0^0 = 1: densities at the ends of their support are the limits from inside. */
const power = (x: number, a: number): number => (a === 0 ? 0 : a * Math.log(x));

const standardised =
  (name: string, log: (z: number) => number): Constructor =>
  ([location, scale]) => {
    const m = num(name, location);
    const s = num(name, scale, positive);
    return density(name, (x) => log((x - m) / s) - Math.log(s));
  };

export const distributionConstructors: Readonly<Record<string, Constructor>> = {
  bernoulli: ([p]) => {
    const q = num("bernoulli", p, unit);
    return finite("bernoulli", [true, false], [q, 1 - q]);
  },
  categorical: ([weights]) => {
    if (weights instanceof Dictionary) {
      return finite(
        "categorical",
        weights.entries.map(([k]) => k),
        weights.entries.map(([, w]) => num("categorical", w)),
      );
    }
    const w = list("categorical", weights).map((x) => num("categorical", x));
    return finite("categorical", range(0, w.length), w);
  },
  choice: ([options]) => {
    const values = list("choice", options);
    return finite(
      "choice",
      values,
      values.map(() => 1),
    );
  },
  empirical: ([values]) => {
    const vs = list("empirical", values);
    return finite(
      "empirical",
      vs,
      vs.map(() => 1),
    );
  },
  uniform_int: ([low, high]) => {
    const a = num("uniform_int", low, Number.isInteger);
    const b = num("uniform_int", high, (x) => Number.isInteger(x) && x >= a);
    const values = range(a, b + 1);
    return finite(
      "uniform_int",
      values,
      values.map(() => 1),
    );
  },
  binomial: ([n, p]) => {
    const size = num("binomial", n, count);
    const q = num("binomial", p, unit);
    const ks = range(0, size + 1);
    return exactly(
      "binomial",
      merged(ks.map((k) => ({ value: k, probability: Math.exp(logChoose(size, k)) * q ** k * (1 - q) ** (size - k) }))),
    );
  },
  multinomial: ([n, probabilities]) => {
    const size = num("multinomial", n, count);
    const ws = list("multinomial", probabilities).map((p) => num("multinomial", p, (x) => x >= 0));
    const total = ws.reduce((a, b) => a + b, 0);
    const counts = (left: number, cells: number): number[][] =>
      cells === 1
        ? [[left]]
        : range(0, left + 1).flatMap((k) => counts(left - k, cells - 1).map((rest) => [k, ...rest]));
    return exactly(
      "multinomial",
      merged(
        counts(size, ws.length).map((ks) => ({
          value: ks,
          probability: ks.reduce(
            (p, k, i) => p * (ws[i]! / total) ** k,
            Math.exp(logFactorial(size) - ks.reduce((s, k) => s + logFactorial(k), 0)),
          ),
        })),
      ),
    );
  },
  delta: ([value]) => finite("delta", [value as Value], [1]),
  mix: ([weights, dists]) =>
    mix(
      list("mix", weights).map((w) => num("mix", w)),
      list("mix", dists).map((d) => {
        if (!(d instanceof ReferenceDistribution)) throw new ProgramError("mix: distributions are wanted.");
        return d;
      }),
    ),
  mixture: (args) => distributionConstructors.mix!(args),

  poisson: ([rate]) => {
    const r = num("poisson", rate, positive);
    return density("poisson", (k) => (count(k) ? k * Math.log(r) - r - logFactorial(k) : -Infinity));
  },
  geometric: ([p]) => {
    const q = num("geometric", p, (x) => x > 0 && x <= 1);
    return density("geometric", (k) => (count(k) ? Math.log(q) + (k === 0 ? 0 : k * Math.log(1 - q)) : -Infinity));
  },
  negative_binomial: ([r, p]) => {
    const s = num("negative_binomial", r, positive);
    const q = num("negative_binomial", p, (x) => x > 0 && x <= 1);
    return density("negative_binomial", (k) =>
      count(k)
        ? logGamma(k + s) - logGamma(s) - logFactorial(k) + s * Math.log(q) + (k === 0 ? 0 : k * Math.log(1 - q))
        : -Infinity,
    );
  },
  uniform: ([low, high]) => {
    const a = num("uniform", low);
    const b = num("uniform", high, (x) => x > a);
    return density("uniform", (x) => (x >= a && x <= b ? -Math.log(b - a) : -Infinity));
  },
  normal: standardised("normal", (z) => -0.5 * z * z - 0.5 * Math.log(2 * Math.PI)),
  laplace: standardised("laplace", (z) => -Math.abs(z) - Math.LN2),
  cauchy: standardised("cauchy", (z) => -Math.log(Math.PI * (1 + z * z))),
  logistic: standardised("logistic", (z) => -Math.abs(z) - 2 * Math.log1p(Math.exp(-Math.abs(z)))),
  lognormal: ([mean, sd]) => {
    const inner = distributionConstructors.normal!([mean, sd]);
    return density("lognormal", (x) => (x > 0 ? inner.logDensity(Math.log(x)) - Math.log(x) : -Infinity));
  },
  student_t: ([df, location = 0, scale = 1]) => {
    const v = num("student_t", df, positive);
    const norm = logGamma((v + 1) / 2) - logGamma(v / 2) - 0.5 * Math.log(v * Math.PI);
    return standardised("student_t", (z) => norm - ((v + 1) / 2) * Math.log1p((z * z) / v))([location, scale]);
  },
  exponential: ([rate]) => {
    const r = num("exponential", rate, positive);
    return density("exponential", (x) => (x >= 0 ? Math.log(r) - r * x : -Infinity));
  },
  gamma: ([shape, rate]) => {
    const a = num("gamma", shape, positive);
    const r = num("gamma", rate, positive);
    return density("gamma", (x) => (x >= 0 ? a * Math.log(r) - logGamma(a) + power(x, a - 1) - r * x : -Infinity));
  },
  inverse_gamma: ([shape, scale]) => {
    const a = num("inverse_gamma", shape, positive);
    const s = num("inverse_gamma", scale, positive);
    return density("inverse_gamma", (x) =>
      x > 0 ? a * Math.log(s) - logGamma(a) - (a + 1) * Math.log(x) - s / x : -Infinity,
    );
  },
  beta: ([a, b]) => {
    const p = num("beta", a, positive);
    const q = num("beta", b, positive);
    return density("beta", (x) =>
      x >= 0 && x <= 1 ? power(x, p - 1) + power(1 - x, q - 1) - logBeta(p, q) : -Infinity,
    );
  },
  dirichlet: ([concentration]) => {
    const as = list("dirichlet", concentration).map((a) => num("dirichlet", a, positive));
    const total = as.reduce((sum, a) => sum + a, 0);
    const norm = logGamma(total) - as.reduce((sum, a) => sum + logGamma(a), 0);
    return vectorDensity("dirichlet", as.length, (x) =>
      x.every((p) => p >= 0) && Math.abs(x.reduce((sum, p) => sum + p, 0) - 1) < 1e-9
        ? norm + x.reduce((sum, p, i) => sum + power(p, as[i]! - 1), 0)
        : -Infinity,
    );
  },
  multivariate_normal: ([mean, covariance]) => {
    const m = list("multivariate_normal", mean) as readonly number[];
    const s = list("multivariate_normal", covariance) as readonly (readonly number[])[];
    return vectorDensity("multivariate_normal", m.length, (x) => {
      const { logDet, form } = quadratic(
        s,
        x.map((v, i) => v - m[i]!),
      );
      return -0.5 * (m.length * Math.log(2 * Math.PI) + logDet + form);
    });
  },
};

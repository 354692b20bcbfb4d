import digamma from "@stdlib/math-base-special-digamma";
import { distributions } from "../distributions/catalogue.js";
import type { Distribution, Support } from "../distributions/distribution.js";
import type { Drawable } from "../machine/process.js";
import { hashKey, ValueMap } from "../values.js";
import { byValue, DifferentiableDistribution } from "./distribution.js";
import { refuseReals, carriesReal, plain } from "./plain.js";
import { invertedCovariance } from "./covariance.js";
import { scalarRules, type ScalarRule } from "./scalar-densities.js";
import { Real, valueOf, type Num, type Tape } from "./tape.js";

// The constructors of distributions for programs that are differentiated, by their PGL names. Each makes the plain
// distribution, which checks the parameters and gives the density, and adds how the density changes.

/** Adds an edge when the source carries a derivative; `partial` is asked for only then. */
function along(tape: Tape, source: unknown, partial: () => number): void {
  if (source instanceof Real) tape.edge(source, partial());
}

type Make = (a: number, b?: number, c?: number) => Distribution<unknown>;

/**
 * A distribution whose parameters are numbers, three at most. The common case, made once for every observation: it goes
 * without lists and closures.
 */
class ScalarDistribution extends DifferentiableDistribution {
  constructor(
    plainDistribution: Distribution<unknown>,
    private readonly rule: ScalarRule,
    private readonly a: Num,
    private readonly b: Num | undefined,
    private readonly c: Num | undefined,
    support: Support<unknown> | null,
  ) {
    super(plainDistribution, [a, b, c], byValue, support);
  }

  override logDensity(value: unknown): number {
    const { a, b, c } = this;
    const given = value instanceof Real ? value.value : value;
    const logDensity = this.plain.logDensity(given);
    const tape =
      value instanceof Real
        ? value.tape
        : a instanceof Real
          ? a.tape
          : b instanceof Real
            ? b.tape
            : c instanceof Real
              ? c.tape
              : null;
    // Outside the support nothing is to be learned from a slope.
    if (tape === null || !Number.isFinite(logDensity)) return logDensity;
    const x = Number(given);
    const va = valueOf(a);
    const vb = b === undefined ? NaN : valueOf(b);
    const vc = c === undefined ? NaN : valueOf(c);
    const { value: byX, parameters } = this.rule;
    if (value instanceof Real && byX !== null) tape.edge(value, byX(x, va, vb, vc));
    if (a instanceof Real) tape.edge(a, parameters[0]!(x, va, vb, vc));
    if (b instanceof Real) tape.edge(b, parameters[1]!(x, va, vb, vc));
    if (c instanceof Real) tape.edge(c, parameters[2]!(x, va, vb, vc));
    return tape.close(logDensity) as unknown as number;
  }
}

/** A family whose parameters are numbers. */
function scalar(name: keyof typeof scalarRules, bounds?: (lower: Num, upper: Num) => Support<unknown>) {
  const make = distributions[name] as unknown as Make;
  const rule: ScalarRule = scalarRules[name];
  return (a: Num, b?: Num, c?: Num): DifferentiableDistribution => {
    const made = make(valueOf(a), b === undefined ? b : valueOf(b), c === undefined ? c : valueOf(c));
    return new ScalarDistribution(made, rule, a, b, c, bounds === undefined ? null : bounds(a, b!));
  };
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0);

/** log w_i − log Σ w by each weight. */
function weightSlope(tape: Tape, weights: readonly Num[], chosen: number, total: number): void {
  weights.forEach((weight, i) => along(tape, weight, () => (i === chosen ? 1 / valueOf(weight) : 0) - 1 / total));
}

function categorical(weights: readonly Num[] | ValueMap<unknown, Num>): Distribution<unknown> {
  if (!(weights instanceof ValueMap)) {
    const numbers = Array.from(weights, valueOf);
    const total = sumOf(numbers);
    return new DifferentiableDistribution<unknown>(
      distributions.categorical(numbers) as Distribution<unknown>,
      [weights],
      (index, _, tape) => weightSlope(tape, weights, valueOf(index as Num), total),
    );
  }
  const keys = weights.keys().map(hashKey);
  const list = weights.values();
  const total = sumOf(list.map(valueOf));
  return new DifferentiableDistribution<unknown>(
    distributions.categorical(plain(weights) as ValueMap<unknown, number>),
    [list],
    (value, _, tape) => weightSlope(tape, list, keys.indexOf(hashKey(plain(value))), total),
  );
}

function multinomial(n: number, probabilities: readonly Num[]): Distribution<unknown> {
  const numbers = probabilities.map(valueOf);
  const total = sumOf(numbers);
  return new DifferentiableDistribution<unknown>(
    distributions.multinomial(n, numbers) as Distribution<unknown>,
    [probabilities],
    (counts, _, tape) =>
      probabilities.forEach((p, i) =>
        along(tape, p, () => {
          const count = (counts as readonly number[])[i]!;
          return (count === 0 ? 0 : count / valueOf(p)) - n / total;
        }),
      ),
  );
}

function dirichlet(concentration: readonly Num[]): Distribution<unknown> {
  const alpha = concentration.map(valueOf);
  return new DifferentiableDistribution<unknown>(
    distributions.dirichlet(alpha) as Distribution<unknown>,
    [concentration],
    (value, _, tape) => {
      const x = value as readonly Num[];
      x.forEach((xi, i) => along(tape, xi, () => (alpha[i] === 1 ? 0 : (alpha[i]! - 1) / valueOf(xi))));
      if (!carriesReal(concentration)) return;
      const ofTotal = digamma(sumOf(alpha));
      concentration.forEach((a, i) => along(tape, a, () => Math.log(valueOf(x[i]!)) - digamma(alpha[i]!) + ofTotal));
    },
  );
}

/**
 * With s = Σ⁻¹(x − mean): −s by the value, s by the mean, ½(s sᵀ − Σ⁻¹) by the covariance, whose two halves count as
 * numbers of their own.
 */
function multivariateNormal(mean: readonly Num[], covariance: readonly (readonly Num[])[]): Distribution<unknown> {
  const center = mean.map(valueOf);
  const matrix = covariance.map((row) => row.map(valueOf));
  const made = distributions.multivariate_normal(center, matrix);
  return new DifferentiableDistribution<unknown>(
    made as Distribution<unknown>,
    [mean, covariance],
    (value, _, tape) => {
      const x = value as readonly Num[];
      const score = made.gradient(x.map(valueOf));
      x.forEach((xi, i) => along(tape, xi, () => score[i]!));
      mean.forEach((m, i) => along(tape, m, () => -score[i]!));
      if (!carriesReal(covariance)) return;
      const inverse = invertedCovariance(matrix);
      covariance.forEach((row, i) =>
        row.forEach((entry, j) => along(tape, entry, () => 0.5 * (score[i]! * score[j]! - inverse[i]![j]!))),
      );
    },
  );
}

/**
 * The parts' log-densities by their responsibility for the value; of weight wᵢ the part's density over that of the mixture,
 * less one, over Σ w.
 */
function mixture(weights: readonly Num[], dists: readonly Drawable<unknown>[]): Drawable<unknown> {
  const numbers = weights.map(valueOf);
  if (dists.some((d) => d.kind === "process")) {
    return distributions.mixture(refuseReals("a mixture of texts", [weights] as const)[0] as readonly number[], dists);
  }
  const parts = dists as readonly Distribution<unknown>[];
  const plainParts = parts.map((part) => (part instanceof DifferentiableDistribution ? part.plain : part));
  const mixed = distributions.mixture(numbers, plainParts);
  const total = sumOf(numbers);
  return new DifferentiableDistribution<unknown>(
    mixed,
    [weights, parts],
    (value, _, tape, logDensity) => {
      // The parts' nodes first: the edges of a node must be added one after the other.
      const logs = parts.map((part) => part.logDensity(value) as Num);
      parts.forEach((_part, i) => {
        const ratio = Math.exp(valueOf(logs[i]!) - logDensity) / total;
        along(tape, logs[i], () => numbers[i]! * ratio);
        along(tape, weights[i], () => ratio - 1 / total);
      });
    },
    mixedBounds(mixed.support, parts, numbers),
  );
}

/** The bounds of a mixture with the derivatives of the part they are from. */
function mixedBounds(
  support: Support<unknown>,
  parts: readonly Distribution<unknown>[],
  weights: readonly number[],
): Support<unknown> | null {
  if (support.kind !== "interval" || !carriesReal(parts)) return null;
  const bounds = parts
    .filter((_, i) => weights[i]! > 0)
    .flatMap((p) => (p.support.kind === "interval" ? [p.support] : []));
  const lower = bounds.find((b) => valueOf(b.lower) === support.lower)!.lower;
  const upper = bounds.find((b) => valueOf(b.upper) === support.upper)!.upper;
  return { kind: "interval", lower, upper };
}

/** A family over values that are not numbers with derivatives. */
function discrete<A extends readonly unknown[]>(name: string, make: (...args: A) => Distribution<unknown>) {
  return (...parameters: A): Distribution<unknown> =>
    new DifferentiableDistribution(make(...refuseReals(`the distribution ${name}`, parameters)), parameters, byValue);
}

/** A draw from it is its value, with the derivatives that has. */
const delta = (value: unknown): Distribution<unknown> =>
  new DifferentiableDistribution(distributions.delta(plain(value)), [value], byValue, {
    kind: "finite",
    values: [value],
    probabilities: [1],
  });

const studentT = scalar("student_t");

/** What `dist` is in a program that is differentiated. */
export const differentiableDistributions = {
  ...distributions,
  normal: scalar("normal"),
  lognormal: scalar("lognormal"),
  uniform: scalar("uniform", (lower, upper) => ({
    kind: "interval",
    lower: lower as number,
    upper: upper as number,
  })),
  student_t: (df: Num, location: Num = 0, scale: Num = 1) => studentT(df, location, scale),
  cauchy: scalar("cauchy"),
  laplace: scalar("laplace"),
  logistic: scalar("logistic"),
  exponential: scalar("exponential"),
  gamma: scalar("gamma"),
  inverse_gamma: scalar("inverse_gamma"),
  beta: scalar("beta"),
  bernoulli: scalar("bernoulli"),
  poisson: scalar("poisson"),
  binomial: scalar("binomial"),
  geometric: scalar("geometric"),
  negative_binomial: scalar("negative_binomial"),
  categorical,
  multinomial,
  dirichlet,
  multivariate_normal: multivariateNormal,
  mixture,
  delta,
  choice: discrete("choice", distributions.choice as (options: readonly unknown[]) => Distribution<unknown>),
  empirical: discrete("empirical", distributions.empirical as (values: readonly unknown[]) => Distribution<unknown>),
  uniform_int: discrete(
    "uniform_int",
    distributions.uniform_int as (...args: readonly number[]) => Distribution<unknown>,
  ),
} as const;

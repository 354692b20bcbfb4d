import dists from "@stdlib/stats-base-dists";
import fc from "fast-check";
import type { Distribution } from "../../src/distributions/index.js";
import { distributions as d } from "../../src/distributions/index.js";

type Moment = (...parameters: number[]) => number;

/** A family beside the oracle it is compared with: @stdlib/stats-base-dists, parameters translated. */
export interface FamilyCase {
  readonly name: string;
  readonly discrete: boolean;
  make(...parameters: number[]): Distribution<number>;
  /** Ranges where the oracle's own formulas keep ten digits; extremes.test.ts has the rest. */
  readonly parameters: fc.Arbitrary<readonly number[]>;
  /** Other ranges for testing draws: those whose mass does not pile up where doubles are coarse. */
  readonly sampled?: fc.Arbitrary<readonly number[]>;
  logDensity(x: number, ...parameters: number[]): number;
  cdf(x: number, ...parameters: number[]): number;
  quantile(q: number, ...parameters: number[]): number;
  readonly mean: Moment;
  readonly variance: Moment;
}

const between = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
/** Spread evenly over orders of magnitude. */
const scale = (low: number, high: number): fc.Arbitrary<number> =>
  between(Math.log(low), Math.log(high)).map((x) => Math.exp(x));
const location = between(-1e3, 1e3);
const located = fc.tuple(location, scale(1e-3, 1e3));
const probability = fc.oneof(between(0.001, 0.999), scale(1e-4, 0.1));

const continuous = (
  name: string,
  oracle: { logpdf: unknown; cdf: unknown; quantile: unknown; mean?: unknown; variance?: unknown },
  make: (...parameters: number[]) => Distribution<number>,
  parameters: fc.Arbitrary<readonly number[]>,
  more: Partial<FamilyCase> = {},
): FamilyCase => ({
  name,
  discrete: false,
  make,
  parameters,
  logDensity: oracle.logpdf as Moment,
  cdf: oracle.cdf as Moment,
  quantile: oracle.quantile as Moment,
  mean: (oracle.mean ?? ((): number => NaN)) as Moment,
  variance: (oracle.variance ?? ((): number => NaN)) as Moment,
  ...more,
});

const counting = (
  name: string,
  oracle: { logpmf?: unknown; cdf: unknown; quantile: unknown; mean: unknown; variance: unknown },
  make: (...parameters: number[]) => Distribution<number>,
  parameters: fc.Arbitrary<readonly number[]>,
  more: Partial<FamilyCase> = {},
): FamilyCase => ({
  name,
  discrete: true,
  make,
  parameters,
  logDensity: oracle.logpmf as Moment,
  cdf: oracle.cdf as Moment,
  quantile: oracle.quantile as Moment,
  mean: oracle.mean as Moment,
  variance: oracle.variance as Moment,
  ...more,
});

const infiniteIf = (x: number, condition: boolean): number => (condition ? Infinity : x);

/** Univariate families whose oracle exists. */
export const families: readonly FamilyCase[] = [
  continuous(
    "uniform",
    dists.uniform,
    d.uniform,
    fc.tuple(between(-1e3, 1e3), scale(1e-3, 1e3)).map(([low, width]) => [low, low + width]),
  ),
  continuous("normal", dists.normal, d.normal, located),
  continuous("lognormal", dists.lognormal, d.lognormal, fc.tuple(between(-5, 5), scale(1e-2, 3))),
  continuous(
    "student_t",
    dists.t,
    (df) => d.student_t(df!),
    scale(0.2, 1e3).map((df) => [df]),
    {
      // Where the moment is infinite or does not exist the oracle says NaN for both.
      variance: (df) => (df! > 2 ? df! / (df! - 2) : df! > 1 ? Infinity : NaN),
    },
  ),
  continuous("cauchy", dists.cauchy, d.cauchy, located),
  continuous("laplace", dists.laplace, d.laplace, located),
  continuous("logistic", dists.logistic, d.logistic, located),
  continuous(
    "exponential",
    dists.exponential,
    d.exponential,
    scale(1e-3, 1e3).map((r) => [r]),
  ),
  continuous("gamma", dists.gamma, d.gamma, fc.tuple(scale(0.05, 1e3), scale(1e-3, 1e3))),
  continuous("inverse_gamma", dists.invgamma, d.inverse_gamma, fc.tuple(scale(0.05, 1e3), scale(1e-3, 1e3)), {
    mean: (shape, s) => infiniteIf(s! / (shape! - 1), shape! <= 1),
    variance: (shape, s) => (shape! <= 1 ? NaN : infiniteIf((s! / (shape! - 1)) ** 2 / (shape! - 2), shape! <= 2)),
  }),
  continuous("beta", dists.beta, d.beta, fc.tuple(scale(0.05, 1e3), scale(0.05, 1e3)), {
    sampled: fc.tuple(scale(0.3, 1e3), scale(0.3, 1e3)),
  }),
  counting(
    "bernoulli",
    dists.bernoulli,
    (p) => asNumbers(d.bernoulli(p!)),
    probability.map((p) => [p]),
    { logDensity: (x, p) => Math.log(dists.bernoulli.pmf(x, p!)) },
  ),
  counting(
    "uniform_int",
    dists.discreteUniform,
    d.uniform_int,
    fc.tuple(fc.integer({ min: -100, max: 100 }), fc.nat(100)).map(([low, more]) => [low, low + more]),
  ),
  counting(
    "poisson",
    dists.poisson,
    d.poisson,
    scale(1e-3, 1e4).map((r) => [r]),
  ),
  counting("binomial", dists.binomial, d.binomial, fc.tuple(fc.integer({ min: 1, max: 2000 }), probability)),
  counting(
    "geometric",
    dists.geometric,
    d.geometric,
    probability.map((p) => [p]),
  ),
  counting("negative_binomial", dists.negativeBinomial, d.negative_binomial, fc.tuple(scale(0.05, 1e3), probability)),
];

/** A distribution over booleans, over 0 and 1. */
function asNumbers(b: Distribution<boolean>): Distribution<number> {
  return {
    kind: "distribution",
    name: b.name,
    support: {
      kind: "finite",
      values: [1, 0],
      probabilities: (b.support as { probabilities: ArrayLike<number> }).probabilities,
    },
    logDensity: (x) => (x === 0 || x === 1 ? b.logDensity(x === 1) : -Infinity),
    sample: (random) => Number(b.sample(random)),
    mean: () => b.mean!(),
    variance: () => b.variance!(),
  };
}

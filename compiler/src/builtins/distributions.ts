import type { Builtin } from "./catalogue.js";

/**
 * What a parameter must satisfy for the distribution to exist; checked where the argument is a number known when
 * compiling, and by the runtime always.
 */
export type ParameterRange = "probability" | "positive" | "non-negative" | "count";

const distribution = (
  name: string,
  signatures: string | readonly string[],
  doc: string,
  ranges: Readonly<Record<string, ParameterRange>> = {},
  ordered?: readonly [low: string, high: string],
): Builtin => ({
  name,
  signatures: typeof signatures === "string" ? [signatures] : signatures,
  effect: "pure",
  prelude: "dist",
  group: "distributions",
  doc,
  ranges,
  ordered,
});

/** The distribution constructors. Parameters in this order; all may be named. */
export const distributions: readonly Builtin[] = [
  distribution("bernoulli", "bernoulli(p: float): dist<bool, finite>", "`true` with probability p.", {
    p: "probability",
  }),
  distribution(
    "categorical",
    ["categorical(weights: list<float>): dist<int, finite>", "categorical(weights: map<T, float>): dist<T, finite>"],
    "An index 0..n-1, or a key of the map, with probability proportional to its weight.",
  ),
  distribution("choice", "choice(options: list<T>): dist<T, finite>", "Each of the options with the same probability."),
  distribution(
    "uniform",
    "uniform(low: float, high: float): dist<float, continuous>",
    "A number between low and high.",
    {},
    ["low", "high"],
  ),
  distribution(
    "uniform_int",
    "uniform_int(low: int, high: int): dist<int, finite>",
    "A whole number from low to high, both included.",
    {},
    ["low", "high"],
  ),
  distribution(
    "normal",
    "normal(mean: float, sd: float): dist<float, continuous>",
    "The normal distribution with that mean and standard deviation.",
    { sd: "positive" },
  ),
  distribution(
    "lognormal",
    "lognormal(mean: float, sd: float): dist<float, continuous>",
    "A positive number whose logarithm is normal with that mean and standard deviation.",
    { sd: "positive" },
  ),
  distribution(
    "student_t",
    "student_t(df: float, location?: float, scale?: float): dist<float, continuous>",
    "Student's t with df degrees of freedom, moved by location (0) and stretched by scale (1).",
    { df: "positive", scale: "positive" },
  ),
  distribution("cauchy", "cauchy(location: float, scale: float): dist<float, continuous>", "The Cauchy distribution.", {
    scale: "positive",
  }),
  distribution(
    "laplace",
    "laplace(location: float, scale: float): dist<float, continuous>",
    "The Laplace (double exponential) distribution.",
    { scale: "positive" },
  ),
  distribution(
    "logistic",
    "logistic(location: float, scale: float): dist<float, continuous>",
    "The logistic distribution.",
    { scale: "positive" },
  ),
  distribution(
    "exponential",
    "exponential(rate: float): dist<float, continuous>",
    "The exponential distribution with mean 1 / rate.",
    { rate: "positive" },
  ),
  distribution(
    "gamma",
    "gamma(shape: float, rate: float): dist<float, continuous>",
    "The gamma distribution with mean shape / rate.",
    { shape: "positive", rate: "positive" },
  ),
  distribution(
    "inverse_gamma",
    "inverse_gamma(shape: float, scale: float): dist<float, continuous>",
    "A number whose inverse is gamma(shape, rate: scale).",
    { shape: "positive", scale: "positive" },
  ),
  distribution("beta", "beta(a: float, b: float): dist<float, continuous>", "A probability, with mean a / (a + b).", {
    a: "positive",
    b: "positive",
  }),
  distribution(
    "dirichlet",
    "dirichlet(concentration: list<float>): dist<list<float>, continuous>",
    "Probabilities that sum to 1.",
  ),
  distribution("poisson", "poisson(rate: float): dist<int, countable>", "A count with mean rate.", {
    rate: "non-negative",
  }),
  distribution(
    "binomial",
    "binomial(n: int, p: float): dist<int, finite>",
    "Successes in n trials, each with probability p.",
    { n: "count", p: "probability" },
  ),
  distribution("geometric", "geometric(p: float): dist<int, countable>", "Failures before the first success, from 0.", {
    p: "probability",
  }),
  distribution(
    "negative_binomial",
    "negative_binomial(r: float, p: float): dist<int, countable>",
    "Failures before the r-th success; r may be a fraction.",
    { r: "positive", p: "probability" },
  ),
  distribution(
    "multinomial",
    "multinomial(n: int, probabilities: list<float>): dist<list<int>, finite>",
    "How often each of the outcomes came in n draws.",
    { n: "count" },
  ),
  distribution(
    "multivariate_normal",
    "multivariate_normal(mean: list<float>, covariance: list<list<float>>): dist<list<float>, continuous>",
    "The normal distribution over vectors.",
  ),
  distribution("delta", "delta(value: T): dist<T, finite>", "Always this value."),
  {
    ...distribution(
      "mixture",
      "mixture(weights: list<float>, dists: list<dist<T>>): dist<T>",
      "One of the distributions, with probability proportional to its weight.",
    ),
    domain: "of-list",
  },
  distribution(
    "product",
    [
      "product(d1: dist<T>, d2?: dist<T>, d3?: dist<T>, d4?: dist<T>, d5?: dist<T>, d6?: dist<T>, d7?: dist<T>, d8?: dist<T>): dist<T, product>",
      "product(dists: list<dist<T>>): dist<T, product>",
    ],
    "The product of the distributions, of which `d ^ a` is one to a power: a global one, because the draw weighs by the normaliser.",
  ),
  distribution("empirical", "empirical(values: list<T>): dist<T, finite>", "One of the values, equal ones merged."),
];

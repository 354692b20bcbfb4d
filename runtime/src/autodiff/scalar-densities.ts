import digamma from "@stdlib/math-base-special-digamma";

/**
 * How the log-density of a family changes: its partial derivatives, at a point inside the support. The log-density itself
 * is the family's own, so there is one formula for it, and only its slope is written here.
 */
export interface ScalarRule {
  /** By the value; null where values are whole numbers or booleans. */
  readonly value: Slope | null;
  /** By each parameter, in the order of the constructor; null for one that is a whole number. */
  readonly parameters: readonly (Slope | null)[];
}

/** Of a value and up to three parameters. Booleans count as 0 and 1. */
export type Slope = (x: number, a: number, b: number, c: number) => number;

const square = (x: number): number => x * x;

/** x / y where 0 successes leave no term, whatever the probability. */
const share = (x: number, y: number): number => (x === 0 ? 0 : x / y);

const normal: ScalarRule = {
  value: (x, mean, sd) => (mean - x) / sd / sd,
  parameters: [(x, mean, sd) => (x - mean) / sd / sd, (x, mean, sd) => (square((x - mean) / sd) - 1) / sd],
};

const lognormal: ScalarRule = {
  value: (x, mean, sd) => -(1 + (Math.log(x) - mean) / sd / sd) / x,
  parameters: [
    (x, mean, sd) => (Math.log(x) - mean) / sd / sd,
    (x, mean, sd) => (square((Math.log(x) - mean) / sd) - 1) / sd,
  ],
};

const uniform: ScalarRule = {
  value: () => 0,
  parameters: [(_, low, high) => 1 / (high - low), (_, low, high) => -1 / (high - low)],
};

/** −d log f / dz of Student's t, z = (x − location)/scale. */
const tScore = (z: number, df: number): number => (Math.abs(z) > 1e150 ? (df + 1) / z : ((df + 1) * z) / (df + z * z));

const studentT: ScalarRule = {
  value: (x, df, location, scale) => -tScore((x - location) / scale, df) / scale,
  parameters: [
    (x, df, location, scale) => {
      const z = (x - location) / scale;
      const ratio = (z / df) * z;
      return 0.5 * (digamma((df + 1) / 2) - digamma(df / 2) - Math.log1p(ratio) + (z * tScore(z, df) - 1) / df);
    },
    (x, df, location, scale) => tScore((x - location) / scale, df) / scale,
    (x, df, location, scale) => {
      const z = (x - location) / scale;
      return (z * tScore(z, df) - 1) / scale;
    },
  ],
};

const cauchyScore = (z: number): number => (Math.abs(z) > 1e150 ? 2 / z : (2 * z) / (1 + z * z));

const cauchy: ScalarRule = {
  value: (x, location, scale) => -cauchyScore((x - location) / scale) / scale,
  parameters: [
    (x, location, scale) => cauchyScore((x - location) / scale) / scale,
    (x, location, scale) => {
      const z = (x - location) / scale;
      return (z * cauchyScore(z) - 1) / scale;
    },
  ],
};

const laplace: ScalarRule = {
  value: (x, location, scale) => Math.sign(location - x) / scale,
  parameters: [
    (x, location, scale) => Math.sign(x - location) / scale,
    (x, location, scale) => (Math.abs(x - location) / scale - 1) / scale,
  ],
};

const logistic: ScalarRule = {
  value: (x, location, scale) => -Math.tanh((x - location) / scale / 2) / scale,
  parameters: [
    (x, location, scale) => Math.tanh((x - location) / scale / 2) / scale,
    (x, location, scale) => {
      const z = (x - location) / scale;
      return (z * Math.tanh(z / 2) - 1) / scale;
    },
  ],
};

const exponential: ScalarRule = { value: (_, rate) => -rate, parameters: [(x, rate) => 1 / rate - x] };

const gamma: ScalarRule = {
  value: (x, shape, rate) => (shape - 1) / x - rate,
  parameters: [(x, shape, rate) => Math.log(rate) + Math.log(x) - digamma(shape), (x, shape, rate) => shape / rate - x],
};

const inverseGamma: ScalarRule = {
  value: (x, shape, scale) => (scale / x - shape - 1) / x,
  parameters: [
    (x, shape, scale) => Math.log(scale) - Math.log(x) - digamma(shape),
    (x, shape, scale) => shape / scale - 1 / x,
  ],
};

const beta: ScalarRule = {
  value: (x, a, b) => (a - 1) / x - (b - 1) / (1 - x),
  parameters: [
    (x, a, b) => Math.log(x) - digamma(a) + digamma(a + b),
    (x, a, b) => Math.log1p(-x) - digamma(b) + digamma(a + b),
  ],
};

/** `x` is 1 for true. */
const bernoulli: ScalarRule = { value: null, parameters: [(x, p) => share(x, p) - share(1 - x, 1 - p)] };

const poisson: ScalarRule = { value: null, parameters: [(k, rate) => share(k, rate) - 1] };

const binomial: ScalarRule = { value: null, parameters: [null, (k, n, p) => share(k, p) - share(n - k, 1 - p)] };

const geometric: ScalarRule = { value: null, parameters: [(k, p) => 1 / p - share(k, 1 - p)] };

const negativeBinomial: ScalarRule = {
  value: null,
  parameters: [(k, r, p) => digamma(k + r) - digamma(r) + Math.log(p), (k, r, p) => r / p - share(k, 1 - p)],
};

/** Families whose parameters are numbers, by their PGL names. */
export const scalarRules = {
  normal,
  lognormal,
  uniform,
  student_t: studentT,
  cauchy,
  laplace,
  logistic,
  exponential,
  gamma,
  inverse_gamma: inverseGamma,
  beta,
  bernoulli,
  poisson,
  binomial,
  geometric,
  negative_binomial: negativeBinomial,
} as const satisfies Readonly<Record<string, ScalarRule>>;

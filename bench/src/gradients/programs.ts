/** A log joint with its gradient, written by hand in the coordinates that the program has. */
export interface Written {
  /** Writes the gradient to `into`, and gives the log joint up to a constant. */
  (u: Float64Array, into: Float64Array): number;
}

export interface Subject {
  readonly what: string;
  readonly source: string;
  readonly args: readonly unknown[];
  readonly written: Written;
}

const effects = [28, 8, -3, 7, -1, 1, 18, 12];
const errors = [15, 10, 16, 11, 9, 11, 10, 18];

/** Coordinates: mu, log tau, z₁ … z₈. */
const schools: Subject = {
  what: "eight schools, 10 coordinates",
  source: `
model m(effects: list<float>, errors: list<float>): float {
  let mu ~ normal(0, 5)
  let tau ~ exponential(0.2)
  for (y, se) in zip(effects, errors) {
    let z ~ normal(0, 1)
    observe y ~ normal(mu + tau * z, se)
  }
  return mu
}`,
  args: [effects, errors],
  written: (u, into) => {
    const mu = u[0]!;
    const tau = Math.exp(u[1]!);
    let log = -0.5 * (mu / 5) ** 2 - 0.2 * tau + u[1]!;
    into[0] = -mu / 25;
    let byTau = -0.2;
    for (let i = 0; i < effects.length; i++) {
      const z = u[2 + i]!;
      const r = (effects[i]! - mu - tau * z) / errors[i]!;
      const score = r / errors[i]!;
      log += -0.5 * z * z - 0.5 * r * r;
      into[0]! += score;
      byTau += score * z;
      into[2 + i] = -z + score * tau;
    }
    into[1] = 1 + byTau * tau;
    return log;
  },
};

/** A fixed design that is not degenerate; no randomness, so that every run measures the same. */
const rows = 200;
const features = 4;
const design = Array.from({ length: rows }, (_, i) =>
  Array.from({ length: features }, (_x, j) => Math.sin(1.7 * i * (j + 1) + j)),
);
const answers = design.map((row, i) => row.reduce((sum, x, j) => sum + (j % 2 === 0 ? x : -x), 0) + Math.sin(i) > 0);

const regression: Subject = {
  what: `logistic regression, ${features + 1} coordinates, ${rows} rows`,
  source: `
model m(xs: list<list<float>>, ys: list<bool>): float {
  let a ~ normal(0, 2)
  var b: list<float> = []
  for j in 0..${features} {
    let bj ~ normal(0, 1)
    b = push(b, bj)
  }
  for (x, y) in zip(xs, ys) {
    var logit = a
    for j in 0..${features} { logit += b[j] * x[j] }
    observe y ~ bernoulli(sigmoid(logit))
  }
  return a
}`,
  args: [design, answers],
  written: (u, into) => {
    let log = -(u[0]! ** 2) / 8;
    into[0] = -u[0]! / 4;
    for (let j = 1; j <= features; j++) {
      log -= u[j]! ** 2 / 2;
      into[j] = -u[j]!;
    }
    for (let i = 0; i < rows; i++) {
      const x = design[i]!;
      let logit = u[0]!;
      for (let j = 0; j < features; j++) logit += u[j + 1]! * x[j]!;
      const sign = answers[i]! ? 1 : -1;
      const miss = 1 / (1 + Math.exp(sign * logit));
      log += Math.log1p(-miss);
      into[0]! += sign * miss;
      for (let j = 0; j < features; j++) into[j + 1]! += sign * miss * x[j]!;
    }
    return log;
  },
};

/** Many coordinates: what differences cost grows with them, what the tape costs does not. */
const length = 100;
const walked = Array.from({ length }, (_, i) => 3 * Math.sin(i / 9) + Math.cos(5 * i));

const walk: Subject = {
  what: `random walk, ${length + 1} coordinates`,
  source: `
model m(ys: list<float>): float {
  let s ~ gamma(2, 2)
  var x = 0.0
  for y in ys {
    let next ~ normal(x, s)
    observe y ~ normal(next, 0.5)
    x = next
  }
  return x
}`,
  args: [walked],
  written: (u, into) => {
    const s = Math.exp(u[0]!);
    let log = u[0]! - 2 * s + u[0]!;
    let byS = 1 / s - 2;
    let before = 0;
    into.fill(0);
    for (let i = 0; i < length; i++) {
      const x = u[i + 1]!;
      const z = (x - before) / s;
      const r = (walked[i]! - x) / 0.5;
      log += -0.5 * z * z - u[0]! - 0.5 * r * r;
      byS += (z * z - 1) / s;
      into[i + 1]! += -z / s + r / 0.5;
      if (i > 0) into[i]! += z / s;
      before = x;
    }
    into[0] = 1 + byS * s;
    return log;
  },
};

export const subjects: readonly Subject[] = [schools, regression, walk];

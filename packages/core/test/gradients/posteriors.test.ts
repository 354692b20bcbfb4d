import { hmc, nuts, type Method } from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import { bulkEss } from "../../../../runtime/src/diagnostics/convergence.js";
import { compile, infer, type Result } from "../../src/index.js";

/**
 * Posterior means against exact ones. Each of the 44 comparisons fails by chance with probability 7·10⁻⁶ (4.5 standard errors,
 * by the bulk ESS of the very statistic), all of them together with less than 4·10⁻⁴; seeds are fixed.
 */
const ERRORS = 4.5;
const CHAINS = 4;

function expectMean(result: Result<unknown>, f: (value: never) => number, exact: number, what: string): void {
  const values = result.samples.map(({ value }) => f(value as never));
  const length = values.length / CHAINS;
  const ess = bulkEss(Array.from({ length: CHAINS }, (_, c) => values.slice(c * length, (c + 1) * length)))!;
  expect(ess, `${what}: effective sample size`).toBeGreaterThan(200);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
  const error = Math.sqrt(variance / ess);
  expect(Math.abs(mean - exact), `${what}: ${mean} ± ${error} against ${exact}`).toBeLessThan(ERRORS * error);
}

/** Expectations under exp(log), by the trapezoid rule on a grid that covers it. */
function onGrid(
  log: (x: number, y: number) => number,
  [left, right]: readonly [number, number],
  [low, high]: readonly [number, number],
  fs: readonly ((x: number, y: number) => number)[],
  points = 400,
): number[] {
  const sums = fs.map(() => 0);
  let total = 0;
  for (let i = 0; i <= points; i++) {
    for (let j = 0; j <= points; j++) {
      const x = left + ((right - left) * i) / points;
      const y = low + ((high - low) * j) / points;
      const edges = (i % points === 0 ? 0.5 : 1) * (j % points === 0 ? 0.5 : 1);
      const weight = edges * Math.exp(log(x, y));
      total += weight;
      fs.forEach((f, k) => (sums[k]! += weight * f(x, y)));
    }
  }
  return sums.map((s) => s / total);
}

const methods: readonly (readonly [string, (options?: object) => Method])[] = [
  ["hmc", (options) => hmc({ samples: 1000, burn: 500, chains: CHAINS, ...options })],
  ["nuts", (options) => nuts({ samples: 1000, burn: 500, chains: CHAINS, ...options })],
];

const modelOf = async (text: string) => (await compile.source(text)).models["m"]!;

describe.each(methods)("%s finds known posteriors", (_, method) => {
  it("normal mean, normal observations", async () => {
    const m = await modelOf(
      "model m(xs: list<float>): float {\n  let mu ~ normal(1, 2)\n  for x in xs { observe x ~ normal(mu, 0.5) }\n  return mu\n}",
    );
    const result = await infer(m, [[1.2, 0.7, 2.1]], method(), { seed: 1 });
    const precision = 1 / 4 + 3 / 0.25;
    const mean = (1 / 4 + 4 / 0.25) / precision;
    expectMean(result, (x: number) => x, mean, "mean");
    expectMean(result, (x: number) => (x - mean) ** 2, 1 / precision, "variance");
    expect(result.logZ).toEqual({ estimate: null, stderr: null, exact: false });
    const { chains, warnings } = result.diagnostics;
    expect(warnings).toEqual([]);
    expect(chains).toMatchObject({ count: 4, draws: 1000 });
    expect(chains!.rHat).toBeLessThan(1.01);
    expect(chains!.essBulk).toBeGreaterThan(400);
    expect(chains!.acceptance).toBeGreaterThan(0.6);
  });

  it("beta prior, binomial observation", async () => {
    const m = await modelOf("model m(): float {\n  let p ~ beta(2, 3)\n  observe 7 ~ binomial(10, p)\n  return p\n}");
    const result = await infer(m, [], method(), { seed: 2 });
    expectMean(result, (x: number) => x, 9 / 15, "mean");
    expectMean(result, (x: number) => (x - 0.6) ** 2, (9 * 6) / (225 * 16), "variance");
  });

  it("Dirichlet prior, multinomial observation", async () => {
    const m = await modelOf(
      "model m(): list<float> {\n  let p ~ dirichlet([1.0, 0.5, 2.0, 1.0])\n  observe [3, 0, 1, 6] ~ multinomial(10, p)\n  return p\n}",
    );
    const result = await infer(m, [], method(), { seed: 3 });
    [4, 0.5, 3, 7].forEach((a, i) => expectMean(result, (p: number[]) => p[i]!, a / 14.5, `part ${i}`));
    expectMean(result, (p: number[]) => p[1]! * p[3]!, (0.5 * 7) / (14.5 * 15.5), "a product of parts");
  });

  it("gamma rate, Poisson and exponential observations", async () => {
    const m = await modelOf(
      "model m(): float {\n  let rate ~ gamma(2, 1)\n  for k in [3, 1, 4] { observe k ~ poisson(rate) }\n  observe 0.4 ~ exponential(rate)\n  return rate\n}",
    );
    const result = await infer(m, [], method(), { seed: 4 });
    // gamma(2 + 8 + 1, 1 + 3 + 0.4)
    expectMean(result, (x: number) => x, 11 / 4.4, "mean");
    expectMean(result, (x: number) => x * x, (11 * 12) / 4.4 ** 2, "second moment");
  });

  it("logistic regression, against a grid", async () => {
    const xs = [-2, -1.2, -0.3, 0.4, 1.1, 2.3];
    const ys = [false, false, true, false, true, true];
    const m = await modelOf(
      "model m(xs: list<float>, ys: list<bool>): { a: float, b: float } {\n  let a ~ normal(0, 2)\n  let b ~ normal(0, 2)\n  for (x, y) in zip(xs, ys) { observe y ~ bernoulli(sigmoid(a + b * x)) }\n  return { a, b }\n}",
    );
    const log = (a: number, b: number): number =>
      -(a * a + b * b) / 8 - xs.reduce((sum, x, i) => sum + Math.log1p(Math.exp((ys[i]! ? -1 : 1) * (a + b * x))), 0);
    const [ea, eb, eab, ebb] = onGrid(
      log,
      [-9, 9],
      [-8, 12],
      [(a) => a, (_a, b) => b, (a, b) => a * b, (_a, b) => b * b],
    );
    const result = await infer(m, [xs, ys], method(), { seed: 5 });
    expectMean(result, (v: { a: number }) => v.a, ea!, "a");
    expectMean(result, (v: { b: number }) => v.b, eb!, "b");
    expectMean(result, (v: { a: number; b: number }) => v.a * v.b, eab!, "ab");
    expectMean(result, (v: { b: number }) => v.b * v.b, ebb!, "b²");
  });

  it("eight schools, non-centred, against a grid", async () => {
    const effects = [28, 8, -3, 7, -1, 1, 18, 12];
    const sds = [15, 10, 16, 11, 9, 11, 10, 18];
    const m = await modelOf(
      "model m(ys: list<float>, sds: list<float>): { mu: float, tau: float, first: float } {\n  let mu ~ normal(0, 5)\n  let tau ~ exponential(0.2)\n  var first = 0.0\n  for (i, (y, s)) in indexed(zip(ys, sds)) {\n    let z ~ normal(0, 1)\n    let theta = mu + tau * z\n    if i == 0 { first = theta }\n    observe y ~ normal(theta, s)\n  }\n  return { mu, tau, first }\n}",
    );
    const log = (mu: number, tau: number): number =>
      -(mu * mu) / 50 -
      0.2 * tau -
      effects.reduce((sum, y, i) => {
        const v = sds[i]! ** 2 + tau * tau;
        return sum + 0.5 * Math.log(v) + (y - mu) ** 2 / (2 * v);
      }, 0);
    const first = (mu: number, tau: number): number => mu + ((28 - mu) * tau * tau) / (tau * tau + 225);
    const [emu, etau, efirst] = onGrid(log, [-20, 30], [0, 60], [(mu) => mu, (_mu, tau) => tau, first]);
    const result = await infer(m, [effects, sds], method(), { seed: 6 });
    expectMean(result, (v: { mu: number }) => v.mu, emu!, "mu");
    expectMean(result, (v: { tau: number }) => v.tau, etau!, "tau");
    expectMean(result, (v: { first: number }) => v.first, efirst!, "the first school");
  });

  it("a multivariate normal and bounds that are draws", async () => {
    const m = await modelOf(
      "model m(): list<float> {\n  let x ~ multivariate_normal([1.0, -1.0], [[2.0, 0.6], [0.6, 1.0]])\n  let top ~ uniform(1, 3)\n  let u ~ uniform(0, top)\n  return [x[0], x[1], top, u]\n}",
    );
    const result = await infer(m, [], method(), { seed: 7 });
    expectMean(result, (v: number[]) => v[0]!, 1, "first");
    expectMean(result, (v: number[]) => (v[0]! - 1) * (v[1]! + 1), 0.6, "covariance");
    expectMean(result, (v: number[]) => v[2]!, 2, "bound");
    expectMean(result, (v: number[]) => v[3]!, 1, "below the bound");
  });
});

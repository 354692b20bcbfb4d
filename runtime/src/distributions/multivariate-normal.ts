import { DistributionError } from "../errors.js";
import type { RandomSource } from "../random/source.js";
import { Family } from "./base.js";
import { finite } from "./check.js";
import type { Support } from "./distribution.js";
import { standardNormal } from "./samplers.js";
import { LOG_2PI } from "./special.js";

/**
 * exp(−½ (x−mean)ᵀ Σ⁻¹ (x−mean)) / √det 2πΣ.
 * @param covariance Σ, as rows; symmetric and positive definite.
 * @throws DistributionError unless the shapes agree and Σ is as it must be.
 */
export const multivariateNormal = (
  mean: readonly number[],
  covariance: readonly (readonly number[])[],
): MultivariateNormal => new MultivariateNormal(mean, covariance);

export class MultivariateNormal extends Family<readonly number[]> {
  readonly name = "multivariate_normal";
  readonly discrete = false;
  /** The Cholesky factor: lower triangular, row by row. */
  private readonly factor: Float64Array;
  private readonly logNorm: number;

  constructor(
    private readonly center: readonly number[],
    private readonly covariance: readonly (readonly number[])[],
  ) {
    super();
    const n = center.length;
    if (n === 0) throw new DistributionError("multivariate_normal", "mean", "a list of one number or more", "empty");
    for (let i = 0; i < n; i++) finite("multivariate_normal", `mean[${i}]`, center[i]!);
    this.factor = cholesky(covariance, n);
    let log = -0.5 * n * LOG_2PI;
    for (let i = 0; i < n; i++) log -= Math.log(this.factor[i * n + i]!);
    this.logNorm = log;
  }
  get support(): Support<readonly number[]> {
    return { kind: "vector", dimension: this.center.length };
  }
  logDensity(x: readonly number[]): number {
    if (x.length !== this.center.length) return -Infinity;
    const z = this.whiten(x);
    let squares = 0;
    for (const zi of z) squares += zi * zi;
    const density = this.logNorm - 0.5 * squares;
    return density === density ? density : -Infinity;
  }
  sample(random: RandomSource): readonly number[] {
    const n = this.center.length;
    const z = new Float64Array(n);
    for (let i = 0; i < n; i++) z[i] = standardNormal(random);
    return this.center.map((m, i) => {
      let x = m;
      for (let j = 0; j <= i; j++) x += this.factor[i * n + j]! * z[j]!;
      return x;
    });
  }
  mean(): readonly number[] {
    return this.center;
  }
  /** The diagonal of the covariance. */
  variance(): readonly number[] {
    return this.covariance.map((row, i) => row[i]!);
  }
  gradient(x: readonly number[]): readonly number[] {
    // −Σ⁻¹ (x − mean) = −L⁻ᵀ L⁻¹ (x − mean).
    const n = this.center.length;
    const g = this.whiten(x);
    for (let i = n - 1; i >= 0; i--) {
      for (let j = i + 1; j < n; j++) g[i]! -= this.factor[j * n + i]! * g[j]!;
      g[i]! /= this.factor[i * n + i]!;
    }
    return Array.from(g, (v) => -v);
  }
  protected parameters(): readonly unknown[] {
    return [this.center, this.covariance];
  }
  /** L⁻¹ (x − mean). */
  private whiten(x: readonly number[]): Float64Array {
    const n = this.center.length;
    const z = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let rest = x[i]! - this.center[i]!;
      for (let j = 0; j < i; j++) rest -= this.factor[i * n + j]! * z[j]!;
      z[i] = rest / this.factor[i * n + i]!;
    }
    return z;
  }
}

function cholesky(covariance: readonly (readonly number[])[], n: number): Float64Array {
  const wrong = (requirement: string, value: unknown): DistributionError =>
    new DistributionError("multivariate_normal", "covariance", requirement, value);
  if (covariance.length !== n || covariance.some((row) => row.length !== n)) {
    throw wrong(
      `a ${n} × ${n} matrix, as long as the mean`,
      `${covariance.length} rows of ${covariance.map((r) => r.length).join(", ")}`,
    );
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const gap = Math.abs(covariance[i]![j]! - covariance[j]![i]!);
      if (!(gap <= 1e-8 * Math.sqrt(Math.abs(covariance[i]![i]! * covariance[j]![j]!)))) {
        throw wrong("symmetric", `${covariance[i]![j]} at [${i}][${j}] and ${covariance[j]![i]} at [${j}][${i}]`);
      }
    }
  }
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = covariance[i]![j]!;
      for (let k = 0; k < j; k++) sum -= factor[i * n + k]! * factor[j * n + k]!;
      if (i === j) {
        // A pivot that rounding has left of a singular matrix is not a variance.
        if (!(sum > 1e-14 * covariance[i]![i]! && sum < Infinity)) {
          throw wrong(
            "positive definite",
            `not: given the variables before it, number ${i} has variance ${sum.toPrecision(3)}`,
          );
        }
        factor[i * n + i] = Math.sqrt(sum);
      } else factor[i * n + j] = sum / factor[j * n + j]!;
    }
  }
  return factor;
}

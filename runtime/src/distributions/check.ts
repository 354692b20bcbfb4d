import { DistributionError } from "../errors.js";

// Parameters are checked when a distribution is made; the inner loops of models make one a step, so these stay small
// enough to be inlined. Each throws DistributionError.

export function finite(distribution: string, parameter: string, x: number): void {
  if (!Number.isFinite(x)) throw new DistributionError(distribution, parameter, "a finite number", x);
}

export function positive(distribution: string, parameter: string, x: number): void {
  if (!(x > 0 && x < Infinity)) throw new DistributionError(distribution, parameter, "a positive number", x);
}

export function notNegative(distribution: string, parameter: string, x: number): void {
  if (!(x >= 0 && x < Infinity))
    throw new DistributionError(distribution, parameter, "a number that is not negative", x);
}

export function probability(distribution: string, parameter: string, p: number): void {
  if (!(p >= 0 && p <= 1)) throw new DistributionError(distribution, parameter, "a probability between 0 and 1", p);
}

export function positiveProbability(distribution: string, parameter: string, p: number): void {
  if (!(p > 0 && p <= 1)) throw new DistributionError(distribution, parameter, "a probability above 0, at most 1", p);
}

export function whole(distribution: string, parameter: string, n: number): void {
  if (!Number.isSafeInteger(n)) throw new DistributionError(distribution, parameter, "a whole number", n);
}

export function count(distribution: string, parameter: string, n: number): void {
  if (!(Number.isSafeInteger(n) && n >= 0)) {
    throw new DistributionError(distribution, parameter, "a whole number that is not negative", n);
  }
}

/** The sum of weights that may be used unnormalised. */
export function totalWeight(distribution: string, parameter: string, weights: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (!(weight >= 0)) {
      throw new DistributionError(distribution, `${parameter}[${i}]`, "a weight that is not negative", weight);
    }
    total += weight;
  }
  if (!(total > 0)) {
    throw new DistributionError(
      distribution,
      parameter,
      "weights of which one at least is positive",
      describe(weights),
    );
  }
  if (total === Infinity) {
    throw new DistributionError(distribution, parameter, "weights with a finite sum", describe(weights));
  }
  return total;
}

function describe(weights: ArrayLike<number>): string {
  const shown = Array.from({ length: Math.min(weights.length, 8) }, (_, i) => String(weights[i]));
  return `[${shown.join(", ")}${weights.length > 8 ? ", …" : ""}]`;
}

/** The largest difference between the empirical distribution functions of two samples. */
export function twoSampleDistance(a: readonly number[], b: readonly number[]): number {
  const x = Float64Array.from(a).sort();
  const y = Float64Array.from(b).sort();
  let i = 0;
  let j = 0;
  let largest = 0;
  while (i < x.length && j < y.length) {
    const at = Math.min(x[i]!, y[j]!);
    while (i < x.length && x[i]! <= at) i++;
    while (j < y.length && y[j]! <= at) j++;
    largest = Math.max(largest, Math.abs(i / x.length - j / y.length));
  }
  return largest;
}

/** The number that a standard normal one exceeds, in absolute value, with this probability (by bisection). */
export function normalQuantile(probability: number): number {
  let low = 0;
  let high = 40;
  for (let k = 0; k < 100; k++) {
    const middle = (low + high) / 2;
    if (complementaryError(middle / Math.SQRT2) > probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** erfc for x ≥ 0: the rational approximation of Numerical Recipes, to 1.2e-7 relative. */
function complementaryError(x: number): number {
  const t = 1 / (1 + 0.5 * x);
  const c = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  let sum = 0;
  for (let k = c.length - 1; k >= 0; k--) sum = sum * t + c[k]!;
  return t * Math.exp(-x * x + sum);
}

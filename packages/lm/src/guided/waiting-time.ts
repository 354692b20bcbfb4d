/** Step of the trapezoidal rule on a logarithmic scale: its error falls as exp(−2π²/step), below the last digit here. */
const STEP = 0.5;

/**
 * E[1 / T], where T is a sum of independent exponential waiting times with the given rates, at least two of them:
 * ∫₀^∞ Πᵢ rᵢ/(rᵢ+u) du, because 1/T = ∫ exp(−uT) du.
 */
export function meanReciprocalTime(rates: readonly number[]): number {
  // With u = e^y the integrand is analytic in a strip and falls off exponentially on both sides.
  let least = Infinity;
  for (const rate of rates) least = Math.min(least, rate);
  const from = Math.log(least) - 40;
  const to = Math.log(Math.max(...rates)) + 40;
  let sum = 0;
  for (let y = from; y <= to; y += STEP) {
    const u = Math.exp(y);
    let product = u;
    for (const rate of rates) product *= rate / (rate + u);
    sum += product;
  }
  return sum * STEP;
}

import { logGamma, logPoisson } from "./special.js";

/** The gamma density by the Poisson mass it resembles (Loader 2000): no cancellation at large shapes. */
export function logGammaDensity(x: number, shape: number, rate: number): number {
  if (!(x >= 0 && x < Infinity)) return -Infinity;
  if (x === 0) return shape > 1 ? -Infinity : shape === 1 ? Math.log(rate) : Infinity;
  const scaled = x * rate;
  if (shape < 1) {
    // Mass and density differ by the factor shape / x. A product that underflows leaves only the power.
    const mass = scaled > 0 ? logPoisson(shape, scaled) : -Infinity;
    if (mass > -Infinity) return mass + Math.log(shape) - Math.log(x);
  } else if (scaled > 0 && scaled < Infinity) {
    return logPoisson(shape - 1, scaled) + Math.log(rate);
  }
  const power = (shape - 1) * Math.log(x) + shape * Math.log(rate);
  return scaled === Infinity ? -Infinity : power - logGamma(shape);
}

import { MethodError } from "../errors.js";
import { Posterior } from "./posterior.js";

/**
 * A measure of signed weights that need not sum to one, whose expectations are unbiased: what `nested` gives, also where the
 * weights of a value cancel or none happens to be negative. It has means, probabilities and variances; what only a
 * distribution has is an error.
 */
export class SignedPosterior<T> extends Posterior<T> {
  override get isSigned(): boolean {
    return true;
  }

  /** True when there is no execution of positive weight; weights that cancel do not make it empty. */
  override get isEmpty(): boolean {
    return this.samples.every(({ weight }) => weight === 0);
  }

  /** @throws MethodError PGLR024, always. */
  override mode(): T {
    throw new MethodError(
      "PGLR024",
      "A posterior of signed weights has no mode: some of its weights may be negative.",
      {
        hint: "Its means and probabilities are unbiased; for the rest use more samples or a method of positive weights.",
      },
    );
  }

  /** E[f²] − E[f]²: unlike the means, not unbiased. */
  override variance(f?: (value: T) => number): number {
    const mean = this.mean(f);
    const value = f ?? ((x: T): number => Number(x));
    return this.mean((x) => value(x) ** 2) - mean ** 2;
  }
}

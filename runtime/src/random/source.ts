/**
 * Where all randomness comes from. Every random decision of a model or of an inference method is asked of a
 * `RandomSource`, in a form that says what the decision depends on: so the seeded source can answer with one draw, and an
 * enumerating source can visit every outcome with its exact probability.
 */
export interface RandomSource {
  /**
   * A uniform number in the open interval (0, 1) whose every bit matters (a continuous draw).
   * @throws EnumerationError from a source that enumerates: a continuous draw has no finite list of outcomes.
   */
  uniform(): number;

  /**
   * An index drawn with probability `weights[i] / Σ weights` among the first `n` entries. Weights are finite, not
   * negative, and not all zero.
   */
  categorical(weights: ArrayLike<number>, n?: number): number;

  /** True with probability `p` in [0, 1]. */
  bernoulli(p: number): boolean;

  /** A whole number in [0, n), each with probability 1/n. */
  below(n: number): number;

  /**
   * A uniform number in [0, 1) that is used only through its place among `breakpoints` (ascending, inside (0, 1)): all
   * numbers of one piece lead to the same decision. Systematic and stratified resampling ask this way.
   */
  uniformAmong(breakpoints: () => Float64Array): number;

  /** An independent source, a function of this source's identity and `key` only: asking for it draws nothing here. */
  split(key: number): RandomSource;
}

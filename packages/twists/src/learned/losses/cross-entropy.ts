import { softplus } from "../softplus.js";
import { forEachToken, shareOfStep, type LossBatch, type LossValue } from "./loss.js";

/**
 * Of a classifier that says yes with the logistic function of x: Σ −yes·log σ(x) − no·log(1 − σ(x)), whose derivative in x is
 * no·σ(x) − yes·(1 − σ(x)).
 *
 * @param yes how much an entry of an execution counts as one for which yes is right; `no` likewise
 */
export function crossEntropy(
  batch: LossBatch,
  x: Float64Array,
  yes: (at: number, k: number) => number,
  no: (at: number, k: number) => number,
): LossValue {
  const step = shareOfStep(batch);
  const byChosen = new Float64Array(x.length);
  let value = 0;
  forEachToken(batch, (at, k) => {
    const wanted = step * yes(at, k);
    const unwanted = step * no(at, k);
    value += wanted * softplus(-x[at]!) + unwanted * softplus(x[at]!);
    byChosen[at] = unwanted * logistic(x[at]!) - wanted * logistic(-x[at]!);
  });
  return { value, byChosen, byLogMeans: null };
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

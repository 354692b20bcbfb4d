import type { RandomSource } from "@pgl/runtime";

/** Draws a place in proportion to its weight; `total` is what the weights add up to. */
export function drawPlace(weights: Float64Array, total: number, random: RandomSource): number {
  const target = random.uniformAmong(() => pointsOf(weights, total)) * total;
  let sum = 0;
  let last = 0;
  for (let at = 0; at < weights.length; at++) {
    if (weights[at] === 0) continue;
    last = at;
    if ((sum += weights[at]!) > target) break;
  }
  return last;
}

/** The first place whose cumulative sum exceeds the target; the last place when none does. */
export function firstAbove(sums: Float64Array, target: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sums[middle]! > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Between 0 and 1, where the place that a uniform number draws changes: what sources that enumerate ask for. */
export function pointsOf(weights: Float64Array, total: number): Float64Array {
  const points: number[] = [];
  let sum = 0;
  let last = 0;
  for (const weight of weights) {
    const point = (sum += weight) / total;
    if (point > last && point < 1) points.push((last = point));
  }
  return Float64Array.from(points);
}

import { RunError } from "../errors.js";

/**
 * A vector of log-weights, in nats, as float64. Immutable. `-Infinity` is an ordinary weight (zero); NaN and `+Infinity`
 * are not weights.
 */
export class LogWeights {
  private readonly values: Float64Array;
  private readonly largest: number;
  /** Σ exp(v − max) and Σ exp(v − max)², once somebody has asked. */
  private sum = -1;
  private squares = 0;

  /**
   * Copies `values`; a `Float64Array` only if it is not said to be `owned`, which promises that nobody writes to it again.
   * @throws RunError PGLR053 when one of them is NaN or +Infinity.
   */
  constructor(values: ArrayLike<number>, owned = false) {
    const kept = owned && values instanceof Float64Array ? values : new Float64Array(values);
    let max = -Infinity;
    for (let i = 0; i < kept.length; i++) {
      const v = kept[i]!;
      if (!(v < Infinity)) throw notAWeight(v, i);
      if (v > max) max = v;
    }
    this.values = kept;
    this.largest = max;
  }

  get length(): number {
    return this.values.length;
  }

  at(index: number): number {
    return this.values[index]!;
  }

  /** The largest; `-Infinity` when every weight is zero or there is none. */
  max(): number {
    return this.largest;
  }

  /** log Σ exp(v). `-Infinity` when every weight is zero. */
  logSum(): number {
    return this.largest === -Infinity ? -Infinity : this.largest + Math.log(this.scaledSum());
  }

  /** log of the average weight: what estimates log Z. */
  logMean(): number {
    return this.logSum() - Math.log(this.values.length);
  }

  /** Effective sample size (Σ w)² / Σ w²: between 1 and the length; 0 when every weight is zero. */
  ess(): number {
    if (this.largest === -Infinity) return 0;
    const sum = this.scaledSum();
    return (sum * sum) / this.squares;
  }

  /** The weights, divided by their sum; all zero when every weight is zero. A fresh array. */
  normalized(): Float64Array {
    const { values, largest } = this;
    const out = new Float64Array(values.length);
    if (largest === -Infinity) return out;
    const sum = this.scaledSum();
    for (let i = 0; i < values.length; i++) out[i] = Math.exp(values[i]! - largest) / sum;
    return out;
  }

  /** Running totals of the weights, up to a common factor; the last is the sum. A fresh array. */
  cumulative(): Float64Array {
    const { values, largest } = this;
    const out = new Float64Array(values.length);
    if (largest === -Infinity) return out;
    let total = 0;
    for (let i = 0; i < values.length; i++) out[i] = total += Math.exp(values[i]! - largest);
    return out;
  }

  /** A copy of the log-weights. */
  toArray(): Float64Array {
    return this.values.slice();
  }

  private scaledSum(): number {
    if (this.sum < 0) {
      const { values, largest } = this;
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < values.length; i++) {
        const w = Math.exp(values[i]! - largest);
        sum += w;
        squares += w * w;
      }
      this.sum = sum;
      this.squares = squares;
    }
    return this.sum;
  }
}

function notAWeight(value: number, index: number): RunError {
  return new RunError("PGLR053", `Log-weight ${index} is ${Number.isNaN(value) ? "NaN" : "+Infinity"}.`, {
    hint: "A log-weight is a number of nats below +Infinity; -Infinity stands for a weight of zero.",
  });
}

/** log Σ exp(v), in nats, without overflow; `-Infinity` for no values. */
export function logSumExp(values: ArrayLike<number>): number {
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) if (values[i]! > max || Number.isNaN(values[i])) max = values[i]!;
  if (max === -Infinity || max === Infinity || Number.isNaN(max)) return max;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i]! - max);
  return max + Math.log(sum);
}

/** log(exp(a) + exp(b)). */
export function logAddExp(a: number, b: number): number {
  if (a === b) return a + Math.LN2;
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}

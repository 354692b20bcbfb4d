import type { Distribution, Support } from "../../distributions/distribution.js";

/** A value of a draw, with its log-probability in nats. */
export interface Taken {
  readonly value: unknown;
  readonly logProbability: number;
}

/** The values of a draw that have not been taken yet, each to be taken once. */
export interface Remaining {
  /** Probability of those that are left. */
  readonly mass: number;
  /** A bound on the log-probability of the next one. */
  readonly logNext: number;
  /** Takes the next one; null when there is none. */
  take(): Taken | null;
}

type FiniteSupport = Support<unknown> & { readonly kind: "finite" };

export interface Sorted {
  readonly order: Uint32Array;
  /** Their log-probabilities, in this order. */
  readonly logs: Float64Array;
  /** Probability of the values from the i-th on, added up from the least probable. */
  readonly tail: Float64Array;
}

/** By support: distributions that are made once are drawn from often. */
const sorted = new WeakMap<FiniteSupport, Sorted>();

/** The possible values of a finite support, by place, the most probable first. Found once. */
export function likeliestFirst(support: FiniteSupport): Sorted {
  const known = sorted.get(support);
  if (known !== undefined) return known;
  const { probabilities } = support;
  const possible: number[] = [];
  for (let i = 0; i < probabilities.length; i++) if (probabilities[i]! > 0) possible.push(i);
  const order = Uint32Array.from(possible).sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
  const tail = new Float64Array(order.length + 1);
  for (let i = order.length - 1; i >= 0; i--) tail[i] = tail[i + 1]! + probabilities[order[i]!]!;
  const found = { order, logs: Float64Array.from(order, (i) => Math.log(probabilities[i]!)), tail };
  sorted.set(support, found);
  return found;
}

/** The values of a finite support, the most probable first. */
export class FiniteRemaining implements Remaining {
  private readonly order: Uint32Array;
  private readonly logs: Float64Array;
  private readonly tail: Float64Array;
  private at = 0;

  constructor(private readonly support: FiniteSupport) {
    const known = likeliestFirst(support);
    this.order = known.order;
    this.logs = known.logs;
    this.tail = known.tail;
  }

  get mass(): number {
    return this.tail[this.at]!;
  }

  get logNext(): number {
    return this.at === this.order.length ? -Infinity : this.logs[this.at]!;
  }

  take(): Taken | null {
    if (this.at === this.order.length) return null;
    const logProbability = this.logNext;
    return { value: this.support.values[this.order[this.at++]!], logProbability };
  }
}

/** Below this the mass left is the rounding of what was taken: there is no telling it from zero. */
const ROUNDING = 1e-15;

/** The values of a countable support, in its order. */
export class CountableRemaining implements Remaining {
  private readonly values: Iterator<unknown>;
  private left = 1;

  constructor(
    private readonly distribution: Distribution<unknown>,
    support: Support<unknown> & { readonly kind: "countable" },
  ) {
    this.values = support.values()[Symbol.iterator]();
  }

  get mass(): number {
    return this.left;
  }

  get logNext(): number {
    return Math.log(this.left);
  }

  take(): Taken | null {
    if (this.left <= ROUNDING) return null;
    const next = this.values.next();
    if (next.done === true) {
      this.left = 0;
      return null;
    }
    const logProbability = this.distribution.logDensity(next.value);
    this.left = Math.max(0, this.left - Math.exp(logProbability));
    return { value: next.value, logProbability };
  }
}

import type { RandomSource } from "../../random/source.js";
import { drawMomentum, leapfrog, phaseAt, type Asking, type InverseMass } from "./leapfrog.js";
import type { Point } from "./log-joint.js";

/**
 * The step size, by dual averaging of the acceptance statistic (Hoffman & Gelman, The No-U-Turn Sampler, JMLR 2014, §3.2, with
 * their constants).
 */
export class DualAveraging {
  private shrink: number;
  private error = 0;
  private average = 0;
  private count = 0;
  private current: number;

  constructor(
    step: number,
    private readonly target: number,
  ) {
    this.current = Math.log(step);
    this.shrink = Math.log(10) + this.current;
  }

  /** The step size of the next transition. */
  get step(): number {
    return Math.exp(this.current);
  }

  /** The average step size: what to use from now on. */
  get settled(): number {
    return this.count === 0 ? this.step : Math.exp(this.average);
  }

  update(acceptance: number): void {
    const n = ++this.count;
    const weight = 1 / (n + 10);
    this.error = (1 - weight) * this.error + weight * (this.target - acceptance);
    this.current = this.shrink - (Math.sqrt(n) / 0.05) * this.error;
    const forget = n ** -0.75;
    this.average = forget * this.current + (1 - forget) * this.average;
  }

  /** Begins anew from the average: what was learned for another mass is not kept. */
  restart(): void {
    this.current = Math.log(this.settled);
    this.shrink = Math.log(10) + this.current;
    this.error = 0;
    this.average = 0;
    this.count = 0;
  }
}

/** Means and variances of coordinates in one pass (Welford 1962). */
export class RunningVariance {
  private count = 0;
  private readonly mean: Float64Array;
  private readonly squares: Float64Array;

  constructor(dimension: number) {
    this.mean = new Float64Array(dimension);
    this.squares = new Float64Array(dimension);
  }

  add(x: Float64Array): void {
    this.count++;
    for (let i = 0; i < x.length; i++) {
      const before = x[i]! - this.mean[i]!;
      this.mean[i]! += before / this.count;
      this.squares[i]! += before * (x[i]! - this.mean[i]!);
    }
  }

  /** Drawn towards 10⁻³ by five pseudo-observations, as in Stan: a few draws must not make a mass of nothing. */
  regularized(): Float64Array {
    const n = this.count;
    return this.squares.map((sum) => ((n / (n + 5)) * sum) / Math.max(1, n - 1) + 1e-3 * (5 / (n + 5)));
  }
}

/**
 * The transitions of a burn-in after which the mass is set anew: after a start that only finds the place, windows that double,
 * before an end in which the step size settles (Stan's schedule of 75 + 25·2ᵏ + 50, scaled down for short burn-ins).
 *
 * @returns the first transition that counts, and the last one of each window, ascending.
 */
export function windows(burn: number): { readonly begin: number; readonly ends: readonly number[] } {
  const long = burn >= 150;
  const begin = long ? 75 : Math.floor(0.15 * burn);
  const end = burn - (long ? 50 : Math.ceil(0.1 * burn));
  const ends: number[] = [];
  let from = begin;
  for (let size = long ? 25 : end - begin; from < end; size *= 2) {
    // A last window that is too short for another joins the one before it.
    const to = from + 3 * size > end ? end : from + size;
    ends.push(to - 1);
    from = to;
  }
  return { begin, ends: burn >= 20 ? ends : [] };
}

/**
 * A step size to begin with: doubled or halved until one leapfrog step is accepted with a probability on the other side of
 * 0.8 (Hoffman & Gelman, algorithm 4, with Stan's level).
 */
export function* firstStep(from: Point, inverseMass: InverseMass, random: RandomSource): Asking<number> {
  const start = phaseAt(from, drawMomentum(inverseMass, random), inverseMass);
  const accepts = function* (step: number): Asking<boolean> {
    const { energy } = yield* leapfrog(start, step, inverseMass);
    return start.energy - energy > Math.log(0.8);
  };
  let step = 1;
  const grows = yield* accepts(step);
  while (step > 1e-10 && step < 1e10) {
    const next = grows ? 2 * step : step / 2;
    if ((yield* accepts(next)) !== grows) return grows ? step : next;
    step = next;
  }
  return step;
}

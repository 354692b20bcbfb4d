import type { Distribution, Support } from "../distributions/distribution.js";
import type { Drawable } from "../machine/process.js";
import type { RandomSource } from "../random/source.js";
import { equal, equalsSymbol, hashKey, keySymbol, show, showSymbol, type ValueHooks } from "../values.js";
import { LostDerivativeError } from "./lost.js";
import { carriedSymbol, carriesReal, plain } from "./plain.js";
import { Real, type Tape } from "./tape.js";

/** Adds to a tape's next value how a log-density changes by whatever of `value` and `parameters` carries a derivative. */
export type Slope = (value: unknown, parameters: readonly unknown[], tape: Tape, logDensity: number) => void;

/**
 * A distribution whose parameters, or values, may carry derivatives. What it says in numbers is what the family itself
 * says; `slope` adds the partial derivatives.
 */
export class DifferentiableDistribution<T = unknown> implements Distribution<T>, ValueHooks {
  readonly kind = "distribution" as const;

  constructor(
    /** The same distribution, of plain numbers. */
    readonly plain: Distribution<T>,
    private readonly parameters: readonly unknown[],
    private readonly slope: Slope,
    private readonly supported: Support<unknown> | null = null,
  ) {}

  get name(): string {
    return this.plain.name;
  }

  /** Bounds that depend on draws carry their derivatives. */
  get support(): Support<T> {
    return (this.supported as Support<T> | null) ?? this.plain.support;
  }

  /** A number, or one with derivatives: callers of the machine's own interface hand it on as it is. */
  logDensity(value: T): number {
    const logDensity = this.plain.logDensity(plain(value));
    // Outside the support nothing is to be learned from a slope.
    if (!Number.isFinite(logDensity)) return logDensity;
    const tape = findTape(value) ?? findTape(this.parameters);
    if (tape === null) return logDensity;
    this.slope(value, this.parameters, tape, logDensity);
    return tape.close(logDensity) as unknown as number;
  }

  sample(random: RandomSource): T {
    if (this[carriedSymbol]()) throw new LostDerivativeError(`a draw from ${this.name}`);
    return this.plain.sample(random);
  }

  /** The tape that a parameter is on. */
  tape(): Tape | null {
    return findTape(this.parameters);
  }

  [carriedSymbol](): boolean {
    return carriesReal(this.parameters);
  }
  [equalsSymbol](other: unknown): boolean {
    return equal(this.comparable(), other instanceof DifferentiableDistribution ? other.comparable() : other);
  }
  [keySymbol](): string {
    return hashKey(this.comparable());
  }
  [showSymbol](): string {
    return show(this.plain);
  }
  toString(): string {
    return this[showSymbol]();
  }

  private comparable(): Distribution<T> {
    if (this[carriedSymbol]()) throw new LostDerivativeError(`a comparison of ${this.name}`);
    return this.plain;
  }
}

/** The plain distribution behind one that is not, where nothing of it carries a derivative. @throws LostDerivativeError */
export function plainDistribution<T>(taker: string, d: Drawable<T>): Drawable<T> {
  if (!(d instanceof DifferentiableDistribution)) return d;
  if (carriesReal(d)) throw new LostDerivativeError(taker);
  return d.plain as Distribution<T>;
}

/** A distribution whose density jumps: values are compared, and have no derivative. */
export const byValue: Slope = () => undefined;

/** A tape that something inside the value is on. */
export function findTape(value: unknown): Tape | null {
  if (typeof value !== "object" || value === null) return null;
  if (value instanceof Real) return value.tape;
  if (Array.isArray(value)) {
    for (const element of value) {
      const tape = findTape(element);
      if (tape !== null) return tape;
    }
    return null;
  }
  if (value instanceof DifferentiableDistribution) return value.tape();
  if (Symbol.iterator in value) return findTape([...(value as Iterable<unknown>)]);
  return null;
}

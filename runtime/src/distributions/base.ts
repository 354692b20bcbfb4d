import { RunError } from "../errors.js";
import type { RandomSource } from "../random/source.js";
import { equal, equalsSymbol, hashKey, keySymbol, kindOf, show, showSymbol, type ValueHooks } from "../values.js";
import type { Distribution, Support } from "./distribution.js";

/** Distributions with this many values or fewer are listed by `support`; larger ones are gone through one by one. */
export const LIST_LIMIT = 1_000_000;

/** What every distribution of the catalogue is: a family's name and parameters, by which it is compared and shown. */
export abstract class Family<T> implements Distribution<T>, ValueHooks {
  readonly kind = "distribution" as const;
  abstract readonly name: string;
  /** Densities are with respect to counting (true) or Lebesgue (false) measure. */
  abstract readonly discrete: boolean;
  abstract readonly support: Support<T>;
  abstract logDensity(value: T): number;
  abstract sample(random: RandomSource): T;
  protected abstract parameters(): readonly unknown[];

  [equalsSymbol](other: unknown): boolean {
    return other instanceof Family && other.name === this.name && equal(this.parameters(), other.parameters());
  }
  [keySymbol](): string {
    return this.name + hashKey(this.parameters());
  }
  [showSymbol](): string {
    return `${this.name}(${this.parameters().map(show).join(", ")})`;
  }
  toString(): string {
    return this[showSymbol]();
  }
}

/** A density on an interval of the real line. */
export abstract class Continuous extends Family<number> {
  get discrete(): boolean {
    return false;
  }
  get lower(): number {
    return -Infinity;
  }
  get upper(): number {
    return Infinity;
  }
  get support(): Support<number> {
    return { kind: "interval", lower: this.lower, upper: this.upper };
  }
  abstract mean(): number;
  abstract variance(): number;
  abstract gradient(value: number): number;
}

/** Masses on whole numbers. */
export abstract class Counting extends Family<number> {
  get discrete(): boolean {
    return true;
  }
  abstract mean(): number;
  abstract variance(): number;
}

/** Masses on a finite list of values. */
export abstract class FiniteFamily<T> extends Family<T> {
  get discrete(): boolean {
    return true;
  }
  abstract override readonly support: Support<T> & { readonly kind: "finite" };

  /** Expectation of the values, booleans as 0 and 1. @throws RunError when they are not numbers. */
  mean(): number {
    const { values, probabilities } = this.support;
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += probabilities[i]! * numberOf("mean", this.name, values[i]);
    return sum;
  }
  variance(): number {
    const { values, probabilities } = this.support;
    const mean = this.mean();
    let sum = 0;
    for (let i = 0; i < values.length; i++) {
      sum += probabilities[i]! * (numberOf("variance", this.name, values[i]) - mean) ** 2;
    }
    return sum;
  }
}

/** A value as a number where a moment is asked for. */
export function numberOf(what: string, distribution: string, value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  throw new RunError(
    "PGLR052",
    `${what}: the values of this ${distribution} are not numbers: one is ${kindOf(value)}.`,
  );
}

/**
 * The whole numbers of a unimodal distribution, likeliest first, from the mode outwards until the masses vanish in floating
 * point.
 */
export function* outwards(
  mode: number,
  lowest: number,
  highest: number,
  logMass: (k: number) => number,
): Iterable<number> {
  let down = mode - 1;
  let up = mode;
  let below = down >= lowest ? logMass(down) : -Infinity;
  let above = logMass(up);
  while (Math.max(below, above) > NEGLIGIBLE) {
    if (above >= below) {
      yield up;
      above = ++up <= highest ? logMass(up) : -Infinity;
    } else {
      yield down;
      below = --down >= lowest ? logMass(down) : -Infinity;
    }
  }
}

/** log of the smallest positive float, about: no sum notices a mass below. */
const NEGLIGIBLE = -745;

import { LazyRecogniser } from "../automata/lazy.js";
import { whole } from "../automata/dfa.js";
import { regexRecogniser } from "../regex/index.js";
import type { Recogniser } from "../recogniser.js";
import { decimal } from "./json.js";
import { type RegularSet, Universe } from "./regular-set.js";

/**
 * Numbers as they are written: each value in one way. No exponent, no leading zeros, no zeros at the end of a fraction, no
 * `1.0` for 1, no `-0`.
 */
export const numbers = new Universe(regexRecogniser("0|-?[1-9][0-9]*|-?(?:0|[1-9][0-9]*)\\.[0-9]*[1-9]"));

export const integers: RegularSet = numbers.accepted(regexRecogniser("0|-?[1-9][0-9]*"), true);

/** These values. */
export const oneOfNumbers = (values: readonly number[]): RegularSet => numbers.listed(values.map(decimal));

/** Numbers of at most this many digits, before and after the point together. */
export function upToDigits(most: number): RegularSet {
  return cached(`digits ${most}`, () =>
    machine({
      start: 0,
      next: (n, byte) => (byte === MINUS || byte === POINT ? n : n < most ? n + 1 : null),
      accepts: () => true,
    }),
  );
}

/** How many digits a number is written with. */
export const digitsOf = (value: number): number => decimal(value).replace(/[^0-9]/g, "").length;

export type Comparison = "<" | "<=" | ">" | ">=";

/** What compares so with a bound, which is written as numbers are here. Exact decimals, not floating point. */
export const compared = (operator: Comparison, bound: string): RegularSet =>
  cached(`${operator} ${bound}`, () => comparison(operator, bound));

/** The same for numbers written with zeros at the end of a fraction too; what is no number it may accept. */
export function comparison(operator: Comparison, bound: string): Recogniser {
  const [integer, fraction = ""] = bound.replace("-", "").split(".") as [string, string | undefined];
  const sign = bound === "0" ? 0 : bound.startsWith("-") ? -1 : 1;
  const holds = (order: number): boolean =>
    operator === "<" ? order < 0 : operator === "<=" ? order <= 0 : operator === ">" ? order > 0 : order >= 0;
  /** How the value compares with the bound, from how the magnitudes compare. */
  const order = (negative: boolean, magnitudes: number): number => {
    if (negative) return sign >= 0 ? -1 : -magnitudes;
    return sign < 0 ? 1 : magnitudes;
  };
  // Where in the number, and how its digits so far compare with as many of the bound's.
  interface Place {
    readonly negative: boolean;
    readonly integers: number;
    readonly fractions: number;
    readonly so: number;
  }
  const settled = ({ integers, so }: Place): number => (integers === integer.length ? so : integers - integer.length);
  return machine<Place>({
    start: { negative: false, integers: 0, fractions: -1, so: 0 },
    next: (place, byte) => {
      if (byte === MINUS) return { ...place, negative: true };
      if (byte === POINT) return { ...place, so: Math.sign(settled(place)), integers: integer.length, fractions: 0 };
      const { integers, fractions, so } = place;
      const digit = byte - ZERO;
      if (fractions < 0) {
        const against = integers < integer.length ? integer.charCodeAt(integers) - ZERO : digit;
        // Longer is larger, whatever the digits.
        if (integers >= integer.length) return { ...place, integers: integer.length + 1 };
        return { ...place, integers: integers + 1, so: so !== 0 ? so : Math.sign(digit - against) };
      }
      if (so !== 0) return place;
      const against = fractions < fraction.length ? fraction.charCodeAt(fractions) - ZERO : 0;
      return { ...place, fractions: Math.min(fraction.length, fractions + 1), so: Math.sign(digit - against) };
    },
    accepts: (place) => {
      const rest = place.so === 0 && Math.max(0, place.fractions) < fraction.length ? -1 : place.so;
      const magnitudes = place.fractions >= 0 ? rest : settled(place) !== 0 ? settled(place) : fraction === "" ? 0 : -1;
      return holds(order(place.negative, Math.sign(magnitudes)));
    },
  });
}

/** The largest numerator of a `multipleOf`: its remainders are states. */
export const MOST_REMAINDERS = 20_000;

/** Multiples of a positive number; null when it would take too many remainders to check. */
export function multiplesOf(divisor: number): RegularSet | null {
  const [integer, fraction = ""] = decimal(divisor).split(".") as [string, string | undefined];
  const modulus = Number(integer + fraction);
  if (modulus > MOST_REMAINDERS) return null;
  return cached(`multiple ${divisor}`, () =>
    // The remainder of the digits so far, and how many of them are after the point (-1 before it).
    machine<{ readonly remainder: number; readonly after: number }>({
      start: { remainder: 0, after: -1 },
      next: ({ remainder, after }, byte) => {
        if (byte === MINUS) return { remainder, after };
        if (byte === POINT) return { remainder, after: 0 };
        if (after === fraction.length) return null;
        return { remainder: (remainder * 10 + byte - ZERO) % modulus, after: after < 0 ? after : after + 1 };
      },
      accepts: ({ remainder, after }) => {
        for (let i = Math.max(0, after); i < fraction.length; i++) remainder = (remainder * 10) % modulus;
        return remainder === 0;
      },
    }),
  );
}

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

const sets = new Map<string, RegularSet>();

function cached(key: string, make: () => Recogniser): RegularSet {
  let set = sets.get(key);
  if (set === undefined) {
    if (sets.size >= 1000) sets.clear();
    sets.set(key, (set = numbers.accepted(make(), false)));
  }
  return set;
}

interface Machine<S> {
  readonly start: S;
  next(state: S, byte: number): S | null;
  accepts(state: S): boolean;
}

/** A machine that is asked about the bytes of numbers alone. */
class NumberMachine<S> extends LazyRecogniser<S> {
  constructor(private readonly machine: Machine<S>) {
    super(
      "a set of numbers",
      Uint8Array.from({ length: 256 }, (_, byte) => (isNumeric(byte) ? 1 + byte - MINUS : 0)),
    );
  }

  protected begin(): S {
    return this.machine.start;
  }

  protected next(value: S, byte: number): S | null {
    return isNumeric(byte) ? this.machine.next(value, byte) : null;
  }

  protected isAccepting(value: S): boolean {
    return this.machine.accepts(value);
  }

  protected bound(): number {
    return 1;
  }

  protected key(value: S): string {
    return JSON.stringify(value);
  }
}

const isNumeric = (byte: number): boolean => byte === MINUS || byte === POINT || (byte >= ZERO && byte < ZERO + 10);

// The universe cuts what a machine accepts down to well-formed numbers, so machines need not check form; but then their
// states must be finitely many on all strings of these bytes.
const machine = <S>(definition: Machine<S>): Recogniser => whole(new NumberMachine(definition), Infinity);

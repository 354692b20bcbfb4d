import { RunError } from "../errors.js";
import { compare, equal, hooksOf, kindOf, plusSymbol, text, ValueMap } from "../values.js";
import { brief, checkIndex, isText, missingKey, stringOf, wrongKind } from "./arguments.js";

/** `a // b`: the quotient rounded down. @throws RunError PGLR057 when b is zero. */
export function int_div(a: number, b: number): number {
  if (b === 0) throw divisionByZero("//", a);
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    // Without its remainder a number divides exactly, where a quotient of floats could round up.
    const rest = a % b;
    const whole = (a - rest) / b;
    return rest !== 0 && rest < 0 !== b < 0 ? whole - 1 : whole + 0;
  }
  return Math.floor(a / b) + 0;
}

/** `a % b`: what is left of a after whole b's; it has the sign of b. @throws RunError PGLR057 when b is zero. */
export function mod(a: number, b: number): number {
  if (b === 0) throw divisionByZero("%", a);
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest + 0;
}

const divisionByZero = (operator: string, a: number): RunError =>
  new RunError("PGLR057", `${a} ${operator} 0: division by zero.`, { hint: "Test the divisor first." });

/** `a ^ b`. */
export const pow = (a: number, b: number): number => a ** b;

/** `a + b` where the kinds are not known to be numbers: numbers, texts, lists, a context with what goes after it. */
export function add(a: unknown, b: unknown): unknown {
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (typeof a === "string" && typeof b === "string") return a + b;
  if (typeof a === "object" && a !== null) {
    const plus = hooksOf(a)[plusSymbol];
    if (plus !== undefined) return plus.call(a, b);
    if (Array.isArray(a) && Array.isArray(b)) return concat(a as readonly unknown[], b as readonly unknown[]);
  }
  if (isText(a) && isText(b)) return stringOf("+", a) + stringOf("+", b);
  throw new RunError("PGLR051", `${kindOf(a, true)} and ${kindOf(b)} cannot be added (${brief(a)} + ${brief(b)}).`, {
    hint: typeof a === "string" || typeof b === "string" ? "`${x}` inside a string puts a value into it." : undefined,
  });
}

/** Both lists, one after the other. */
export function concat<T, U>(xs: readonly T[], ys: readonly U[]): readonly (T | U)[] {
  if (!Array.isArray(xs)) throw wrongKind("concat", "a list", xs);
  if (!Array.isArray(ys)) throw wrongKind("concat", "a list", ys);
  return (xs as readonly (T | U)[]).concat(ys);
}

/** `xs[i]` and `m[k]`. @throws RunError PGLR050 when there is no such element. */
export function at<K, V>(m: ValueMap<K, V>, key: K): V;
export function at<T>(xs: readonly T[], index: number): T;
export function at(collection: readonly unknown[] | ValueMap, index: unknown): unknown {
  if (Array.isArray(collection)) {
    const element: unknown = collection[index as number];
    // One test in the ordinary case; an element that is the unit value is looked at again.
    if (element === undefined) checkIndex("", index as number, collection.length);
    return element;
  }
  if (collection instanceof ValueMap) {
    const value = collection.get(index);
    if (value === undefined && !collection.has(index)) throw missingKey(collection, index);
    return value;
  }
  throw wrongKind("An index", "a list or a map", collection);
}

/** `x in xs`: an element of a list, a key of a map, a part of a text. */
function isIn(x: unknown, collection: unknown): boolean {
  if (Array.isArray(collection)) {
    for (const element of collection) if (equal(element, x)) return true;
    return false;
  }
  if (collection instanceof ValueMap) return collection.has(x);
  if (isText(collection)) return stringOf("in", collection).includes(stringOf("in", x));
  throw wrongKind("in", "a list, a map or a string", collection);
}

/** `map { k: v, … }`; of equal keys the last counts. */
export const map_of = <K, V>(entries: Iterable<readonly [K, V]>): ValueMap<K, V> => ValueMap.from(entries);

/** What `==`, the order of `<` and `${…}` are, and the operators JavaScript has not. */
export const operators = { equal, compare, text, int_div, mod, pow, add, concat, at, in: isIn, map_of };

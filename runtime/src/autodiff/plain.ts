import { isRecord, ValueMap } from "../values.js";
import { LostDerivativeError } from "./lost.js";
import { Real } from "./tape.js";

/** Does the value contain a number whose derivative is followed? Functions and objects of libraries are not looked into. */
export function carriesReal(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (value instanceof Real) return true;
  if (Array.isArray(value)) {
    for (const element of value) if (typeof element === "object" && carriesReal(element)) return true;
    return false;
  }
  if (value instanceof ValueMap) return value.values().some(carriesReal);
  const inner = (value as { [carriedSymbol]?: () => boolean })[carriedSymbol];
  if (inner !== undefined) return inner.call(value);
  if (!isRecord(value)) return false;
  for (const name in value) if (carriesReal(value[name])) return true;
  return false;
}

/** `value[carriedSymbol]()` says for an object that has values inside whether one carries a derivative. */
export const carriedSymbol: unique symbol = Symbol("carries derivatives");

/** The same value with plain numbers: for comparing and showing, where only values count. */
export function plain<T>(value: T): T;
export function plain(value: unknown): unknown {
  if (!carriesReal(value)) return value;
  if (value instanceof Real) return value.value;
  if (Array.isArray(value)) return value.map((element: unknown) => plain(element));
  if (value instanceof ValueMap) return ValueMap.from(value.entries().map(([k, v]) => [k, plain(v)] as const));
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
  throw new LostDerivativeError("a comparison of distributions");
}

/** The values as they are. @throws LostDerivativeError naming `taker` when one carries a derivative. */
export function refuseReals<A extends readonly unknown[]>(taker: string, values: A): A {
  if (values.some(carriesReal)) throw new LostDerivativeError(taker);
  return values;
}

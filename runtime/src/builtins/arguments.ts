import { RunError } from "../errors.js";
import { hooksOf, kindOf, show, textSymbol, type ValueMap } from "../values.js";

// The checker has seen to the kinds of a program's values. What comes from outside (host functions, arguments given as JSON,
// library code) can still be anything, so built-ins look at what they are given where JavaScript would go wrong silently.

/** A text: a string, or a token or context, which know theirs. */
export type Text = string | { [textSymbol](): string };

export const isText = (value: unknown): value is Text =>
  typeof value === "string" ||
  (typeof value === "object" && value !== null && hooksOf(value)[textSymbol] !== undefined);

/** The string of a text. @throws RunError PGLR051 for anything else. */
export function stringOf(operation: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null) {
    const hook = hooksOf(value)[textSymbol];
    if (hook !== undefined) return hook.call(value);
  }
  throw wrongKind(operation, "a string", value);
}

export function listOf<T>(operation: string, value: readonly T[]): readonly T[] {
  if (!Array.isArray(value)) throw wrongKind(operation, "a list", value);
  return value;
}

/** A function that can be called in place. */
export function functionOf<F extends (...args: never[]) => unknown>(operation: string, value: F): F {
  if (typeof value === "function") return value;
  const kind = (value as { readonly kind?: unknown } | null | undefined)?.kind;
  if (kind === "closure" || kind === "model") {
    throw new RunError("PGLR051", `${operation}: the function draws or waits, which it may not do here.`);
  }
  throw wrongKind(operation, "a function", value);
}

export const wrongKind = (operation: string, wanted: string, value: unknown): RunError =>
  new RunError("PGLR051", `${operation} takes ${wanted}, not ${kindOf(value)} (${brief(value)}).`);

/** A place in a list. @throws RunError PGLR050 naming index and length. */
export function checkIndex(operation: string, index: number, length: number): void {
  if (Number.isInteger(index) && index >= 0 && index < length) return;
  const what = operation === "" ? "" : `${operation}: `;
  throw new RunError("PGLR050", `${what}index ${show(index)} is outside a list of length ${length}.`, {
    hint:
      index < 0
        ? "Indices begin at 0; `last(xs)` is the last element, `slice(xs, -n)` the last n."
        : length === 0
          ? "The list is empty."
          : `Indices go from 0 to ${length - 1}.`,
  });
}

/** Lists above this length are a mistake rather than a wish, and would exhaust the memory. */
const LONGEST = 100_000_000;

export function checkLength(operation: string, length: number): void {
  if (length > LONGEST || Number.isNaN(length)) {
    throw new RunError("PGLR057", `${operation}: a result of length ${show(length)} is too long.`);
  }
}

export const missingKey = (map: ValueMap, key: unknown): RunError =>
  new RunError("PGLR050", `The map has no key ${brief(key)}; it has ${map.size} ${map.size === 1 ? "key" : "keys"}.`, {
    hint: "`get(m, k)` gives none for a missing key.",
  });

/** A value as messages show it: not longer than a line. */
export function brief(value: unknown): string {
  const shown = show(value);
  return shown.length <= 60 ? shown : `${shown.slice(0, 59)}…`;
}

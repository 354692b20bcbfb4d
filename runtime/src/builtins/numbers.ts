import { RunError } from "../errors.js";
import { compare, kindOf } from "../values.js";
import { brief, listOf, wrongKind } from "./arguments.js";

/** The rounding functions give an `int`, which is finite. */
function toInt(operation: string, x: number, rounded: number): number {
  if (!Number.isFinite(rounded)) {
    throw new RunError("PGLR057", `${operation}: ${brief(x)} is not a finite number.`, {
      hint: "Test it with is_finite.",
    });
  }
  // Without the negative zero.
  return rounded + 0;
}

const floor = (x: number): number => toInt("floor", x, Math.floor(x));
const ceil = (x: number): number => toInt("ceil", x, Math.ceil(x));
const trunc = (x: number): number => toInt("trunc", x, Math.trunc(x));
/** Halves away from zero. */
const round = (x: number): number => toInt("round", x, Math.sign(x) * Math.round(Math.abs(x)));

/** The smaller of two values, or the smallest of a list. @throws RunError PGLR059 for an empty list. */
function min<T>(xs: readonly T[]): T;
function min<T>(a: T, b: T): T;
function min(a: unknown, b?: unknown): unknown {
  if (typeof a === "number" && typeof b === "number") return Math.min(a, b);
  return extreme("min", -1, b === undefined ? (a as readonly unknown[]) : [a, b]);
}

/** The larger of two values, or the largest of a list. @throws RunError PGLR059 for an empty list. */
function max<T>(xs: readonly T[]): T;
function max<T>(a: T, b: T): T;
function max(a: unknown, b?: unknown): unknown {
  if (typeof a === "number" && typeof b === "number") return Math.max(a, b);
  return extreme("max", 1, b === undefined ? (a as readonly unknown[]) : [a, b]);
}

function extreme(operation: string, sign: number, values: readonly unknown[]): unknown {
  const xs = listOf(operation, values);
  if (xs.length === 0) throw emptyList(operation);
  let best = xs[0];
  // Not a number wins, as between two: it must not be lost.
  for (let i = 1; i < xs.length && best === best; i++) {
    if (xs[i] !== xs[i] || Math.sign(compare(xs[i], best)) === sign) best = xs[i];
  }
  return best;
}

/** Of the numbers; 0 when there are none. */
function sum(values: readonly number[]): number {
  let total = 0;
  for (const x of listOf("sum", values)) total += number("sum", x);
  return total;
}

/** The average of a list. @throws RunError PGLR059 when it is empty. */
export function meanOfList(values: readonly number[]): number {
  if (values.length === 0) throw emptyList("mean");
  let total = 0;
  for (const x of values) total += number("mean", x);
  return total / values.length;
}

/** log Σ exp(xᵢ) without overflow; −∞ for an empty list. */
function log_sum_exp(values: readonly number[]): number {
  const xs = listOf("log_sum_exp", values);
  let largest = -Infinity;
  for (const x of xs) {
    if (x !== x) return NaN;
    if (number("log_sum_exp", x) > largest) largest = x;
  }
  if (largest === -Infinity || largest === Infinity) return largest;
  let total = 0;
  for (const x of xs) total += Math.exp(x - largest);
  return largest + Math.log(total);
}

function number(operation: string, x: unknown): number {
  if (typeof x !== "number") throw wrongKind(operation, "numbers", x);
  return x;
}

const emptyList = (operation: string): RunError =>
  new RunError("PGLR059", `${operation}: the list is empty.`, { hint: "Test `len(xs) > 0` first." });

/** Log-odds to probability. */
const sigmoid = (x: number): number => {
  const e = Math.exp(-Math.abs(x));
  return x >= 0 ? 1 / (1 + e) : e / (1 + e);
};

/** Probability to log-odds. */
const logit = (p: number): number => Math.log(p) - Math.log1p(-p);

const WHOLE = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The whole number written in s, or none. */
function parse_int(s: string): number | null {
  const trimmed = s.trim();
  return WHOLE.test(trimmed) ? Number(trimmed) + 0 : null;
}

/** The number written in s, or none. */
function parse_float(s: string): number | null {
  const trimmed = s.trim();
  return DECIMAL.test(trimmed) ? Number(trimmed) : null;
}

/** Cuts a float off, reads a string, counts `true` as 1. @throws RunError PGLR057, PGLR058. */
function int(x: number | string | boolean): number {
  switch (typeof x) {
    case "number":
      return toInt("int", x, Math.trunc(x));
    case "boolean":
      return x ? 1 : 0;
    case "string":
      return parse_int(x) ?? malformed("int", x, "a whole number", "parse_int");
    default:
      throw wrongKind("int", "a number, a string or a boolean", x);
  }
}

/** Reads a string, counts `true` as 1. @throws RunError PGLR058. */
function float(x: number | string | boolean): number {
  switch (typeof x) {
    case "number":
      return x;
    case "boolean":
      return x ? 1 : 0;
    case "string":
      return parse_float(x) ?? malformed("float", x, "a number", "parse_float");
    default:
      throw wrongKind("float", "a number, a string or a boolean", x);
  }
}

function malformed(operation: string, s: string, wanted: string, instead: string): never {
  throw new RunError("PGLR058", `${operation}: ${kindOf(s)} ${brief(s)} is not ${wanted}.`, {
    hint: `\`${instead}(s)\` gives none for such strings.`,
  });
}

export const numbers = {
  pi: Math.PI,
  e: Math.E,
  inf: Infinity,
  abs: (x: number): number => Math.abs(x),
  sqrt: (x: number): number => Math.sqrt(x),
  exp: (x: number): number => Math.exp(x),
  log: (x: number): number => Math.log(x),
  log1p: (x: number): number => Math.log1p(x),
  expm1: (x: number): number => Math.expm1(x),
  sin: (x: number): number => Math.sin(x),
  cos: (x: number): number => Math.cos(x),
  tan: (x: number): number => Math.tan(x),
  tanh: (x: number): number => Math.tanh(x),
  atan2: (y: number, x: number): number => Math.atan2(y, x),
  is_nan: (x: number): boolean => Number.isNaN(x),
  is_finite: (x: number): boolean => Number.isFinite(x),
  floor,
  ceil,
  trunc,
  round,
  min,
  max,
  sum,
  log_sum_exp,
  sigmoid,
  logit,
  int,
  float,
  parse_int,
  parse_float,
};

import { mod as plainMod, int_div as plainIntDiv } from "../builtins/operators.js";
import { builtins } from "../builtins/index.js";
import { Real, valueOf, type Num } from "./tape.js";

// The arithmetic of programs on numbers that may carry derivatives. Each function gives bit for bit the value that the
// program's own arithmetic gives, and of plain numbers a plain number: only what depends on a draw is recorded.

export function plus(a: Num, b: Num): Num {
  if (a instanceof Real)
    return b instanceof Real ? a.tape.binary(a.value + b.value, a, 1, b, 1) : a.tape.unary(a.value + b, a, 1);
  return b instanceof Real ? b.tape.unary(a + b.value, b, 1) : a + b;
}

export function minus(a: Num, b: Num): Num {
  if (a instanceof Real)
    return b instanceof Real ? a.tape.binary(a.value - b.value, a, 1, b, -1) : a.tape.unary(a.value - b, a, 1);
  return b instanceof Real ? b.tape.unary(a - b.value, b, -1) : a - b;
}

export function times(a: Num, b: Num): Num {
  if (a instanceof Real) {
    return b instanceof Real
      ? a.tape.binary(a.value * b.value, a, b.value, b, a.value)
      : a.tape.unary(a.value * b, a, b);
  }
  return b instanceof Real ? b.tape.unary(a * b.value, b, a) : a * b;
}

export function over(a: Num, b: Num): Num {
  if (a instanceof Real) {
    if (!(b instanceof Real)) return a.tape.unary(a.value / b, a, 1 / b);
    const quotient = a.value / b.value;
    return a.tape.binary(quotient, a, 1 / b.value, b, -quotient / b.value);
  }
  if (!(b instanceof Real)) return a / b;
  const quotient = a / b.value;
  return b.tape.unary(quotient, b, -quotient / b.value);
}

export const negate = (a: Num): Num => (a instanceof Real ? a.tape.unary(-a.value, a, -1) : -a);

/** `a ^ b`. By the exponent only where the base is positive: elsewhere the power is defined for whole exponents alone. */
export function pow(a: Num, b: Num): Num {
  const x = valueOf(a);
  const y = valueOf(b);
  const value = x ** y;
  if (a instanceof Real) a.tape.edge(a, y === 0 ? 0 : y * x ** (y - 1));
  if (b instanceof Real) b.tape.edge(b, x > 0 ? value * Math.log(x) : 0);
  return a instanceof Real ? a.tape.close(value) : b instanceof Real ? b.tape.close(value) : value;
}

/** The quotient rounded down: where it has a derivative, that is zero. */
export const int_div = (a: Num, b: Num): number => plainIntDiv(valueOf(a), valueOf(b));

/** `a − b ⌊a/b⌋`, between its jumps. */
export function mod(a: Num, b: Num): Num {
  const x = valueOf(a);
  const y = valueOf(b);
  const value = plainMod(x, y);
  if (a instanceof Real) a.tape.edge(a, 1);
  if (b instanceof Real) b.tape.edge(b, -Math.floor(x / y));
  return a instanceof Real ? a.tape.close(value) : b instanceof Real ? b.tape.close(value) : value;
}

// A program that branches does so by values.
export const less = (a: Num, b: Num): boolean => valueOf(a) < valueOf(b);
export const lessOrEqual = (a: Num, b: Num): boolean => valueOf(a) <= valueOf(b);
export const greater = (a: Num, b: Num): boolean => valueOf(a) > valueOf(b);
export const greaterOrEqual = (a: Num, b: Num): boolean => valueOf(a) >= valueOf(b);

/** A function of one number with its derivative, which is given the argument and the value. */
const smooth =
  (f: (x: number) => number, derivative: (x: number, value: number) => number) =>
  (a: Num): Num => {
    if (!(a instanceof Real)) return f(a);
    const value = f(a.value);
    return a.tape.unary(value, a, derivative(a.value, value));
  };

/** A function that is constant between its jumps, or whose answer is no number. */
const byValue =
  <R>(f: (x: number) => R) =>
  (a: Num): R =>
    f(valueOf(a));

const { sigmoid, logit, floor, ceil, trunc, round, is_nan, is_finite } = builtins;

export const functions = {
  abs: smooth(Math.abs, (x) => Math.sign(x)),
  sqrt: smooth(Math.sqrt, (_, value) => 0.5 / value),
  exp: smooth(Math.exp, (_, value) => value),
  log: smooth(Math.log, (x) => 1 / x),
  log1p: smooth(Math.log1p, (x) => 1 / (1 + x)),
  expm1: smooth(Math.expm1, (x) => Math.exp(x)),
  sin: smooth(Math.sin, (x) => Math.cos(x)),
  cos: smooth(Math.cos, (x) => -Math.sin(x)),
  tan: smooth(Math.tan, (_, value) => 1 + value * value),
  tanh: smooth(Math.tanh, (x) => 1 / Math.cosh(x) ** 2),
  sigmoid: smooth(sigmoid, (x) => sigmoid(x) * sigmoid(-x)),
  logit: smooth(logit, (p) => 1 / p + 1 / (1 - p)),
  floor: byValue(floor),
  ceil: byValue(ceil),
  trunc: byValue(trunc),
  round: byValue(round),
  is_nan: byValue(is_nan),
  is_finite: byValue(is_finite),
} as const;

export function atan2(a: Num, b: Num): Num {
  const y = valueOf(a);
  const x = valueOf(b);
  const value = Math.atan2(y, x);
  const squares = x * x + y * y;
  if (a instanceof Real) a.tape.edge(a, x / squares);
  if (b instanceof Real) b.tape.edge(b, -y / squares);
  return a instanceof Real ? a.tape.close(value) : b instanceof Real ? b.tape.close(value) : value;
}

/** The tape of the first number that has one. */
export function tapeOf(values: readonly Num[]): Real["tape"] | null {
  for (const value of values) if (value instanceof Real) return value.tape;
  return null;
}

export function sum(values: readonly Num[]): Num {
  const tape = tapeOf(values);
  if (tape === null) return builtins.sum(values as readonly number[]);
  const total = builtins.sum(values.map(valueOf));
  for (const value of values) if (value instanceof Real) tape.edge(value, 1);
  return tape.close(total);
}

export const meanOfList = (values: readonly Num[]): Num =>
  tapeOf(values) === null ? builtins.mean(values as readonly number[]) : over(sum(values), values.length);

export function log_sum_exp(values: readonly Num[]): Num {
  const tape = tapeOf(values);
  if (tape === null) return builtins.log_sum_exp(values as readonly number[]);
  const total = builtins.log_sum_exp(values.map(valueOf));
  for (const value of values) if (value instanceof Real) tape.edge(value, Math.exp(value.value - total));
  return tape.close(total);
}

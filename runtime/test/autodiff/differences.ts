import { expect } from "vitest";
import { Real, Tape, valueOf, type Num } from "../../src/autodiff/tape.js";

/** The derivatives that a tape gives of `f` at `x`, and the value. */
export function recorded(f: (x: readonly Num[]) => Num, x: readonly number[]): { value: number; gradient: number[] } {
  const tape = new Tape();
  const inputs = x.map((xi) => tape.input(xi));
  const output = f(inputs);
  const gradient = new Float64Array(x.length);
  if (output instanceof Real) tape.gradient([output], x.length, gradient);
  return { value: valueOf(output), gradient: Array.from(gradient) };
}

/** Fourth-order central differences of `f` by each of `x`, with how far rounding may have put them off. */
export function differences(
  f: (x: readonly number[]) => number,
  x: readonly number[],
  relative = 1e-4,
): { readonly slope: number; readonly noise: number }[] {
  return x.map((xi, i) => {
    const h = relative * Math.max(Math.abs(xi), 1e-3);
    const at = (by: number): number => f(x.map((xj, j) => (j === i ? xj + by : xj)));
    const values = [at(h), at(-h), at(2 * h), at(-2 * h)] as const;
    const slope = (8 * (values[0] - values[1]) - (values[2] - values[3])) / (12 * h);
    return { slope, noise: (4e-15 * (1 + Math.max(...values.map(Math.abs)))) / h };
  });
}

/** @param tolerance of the derivatives, relative to their size. */
export function expectGradient(
  f: (x: readonly Num[]) => Num,
  x: readonly number[],
  { tolerance = 1e-6, relative = 1e-4 } = {},
): void {
  const { value, gradient } = recorded(f, x);
  const plain = f(x);
  expect(plain, "plain numbers stay plain").toBeTypeOf("number");
  expect(value, "the value is that of plain arithmetic").toBe(plain);
  differences(f as (x: readonly number[]) => number, x, relative).forEach(({ slope, noise }, i) => {
    const gap = Math.abs(gradient[i]! - slope);
    expect(gap, `derivative ${i}: ${gradient[i]} against ${slope}`).toBeLessThanOrEqual(
      tolerance * Math.abs(slope) + 10 * noise + 1e-10,
    );
  });
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compared, digitsOf, integers, multiplesOf, numbers, upToDigits } from "../../src/json-schema/numbers.js";
import { recognises } from "../../src/recogniser.js";
import { decimal } from "../../src/json-schema/json.js";

/** Decimals as whole numbers of ten-thousandths: exact. */
const amounts = fc.integer({ min: -2_000_000, max: 2_000_000 });
const near = fc.integer({ min: -60_000, max: 60_000 }).map((n) => n - (n % 100));
const written = (n: number): string => decimal(Number((n / 10_000).toFixed(4)));

describe("numbers as they are written", () => {
  it("compare with bounds as decimals do", () => {
    fc.assert(
      fc.property(fc.oneof(amounts, near), fc.oneof(amounts, near), (n, bound) => {
        const text = written(n);
        expect([text, compared("<", written(bound)).has(text)]).toEqual([text, n < bound]);
        expect(compared("<=", written(bound)).has(text)).toBe(n <= bound);
        expect(compared(">", written(bound)).has(text)).toBe(n > bound);
        expect(compared(">=", written(bound)).has(text)).toBe(n >= bound);
      }),
      { numRuns: 600 },
    );
  });

  it("are multiples as decimals are", () => {
    const divisors = fc.constantFrom(1, 2, 7, 10, 12, 0.5, 0.25, 0.01, 1.5, 2.25, 100, 0.0125);
    fc.assert(
      fc.property(fc.oneof(amounts, near), divisors, (n, divisor) => {
        const text = written(n);
        const exact = Math.round(divisor * 10_000);
        expect([text, divisor, multiplesOf(divisor)!.has(text)]).toEqual([text, divisor, n % exact === 0]);
      }),
      { numRuns: 400 },
    );
  });

  it("are written in one way", () => {
    for (const text of ["0", "-1", "10", "0.5", "-0.05", "12.25"])
      expect(recognises(numbers.all.recogniser, text)).toBe(true);
    for (const text of ["-0", "01", "1.0", "1.", ".5", "1e3", "+1", "", "-", "0.50", "-0.0", "--1"]) {
      expect([text, recognises(numbers.all.recogniser, text)]).toEqual([text, false]);
    }
    expect(integers.has("0.5")).toBe(false);
    expect(decimal(1e21)).toBe("1000000000000000000000");
    expect(decimal(-1.5e-7)).toBe("-0.00000015");
    expect(digitsOf(-12.5)).toBe(3);
    expect([upToDigits(3).has("12.3"), upToDigits(3).has("-1234"), upToDigits(3).has("0.123")]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

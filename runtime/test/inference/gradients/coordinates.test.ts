import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Real, Tape, valueOf, type Num } from "../../../src/autodiff/tape.js";
import type { Support } from "../../../src/distributions/index.js";
import { constrain, shapeOf, unconstrain } from "../../../src/inference/gradients/coordinates.js";
import { differences, expectGradient } from "../../autodiff/differences.js";

const interval = (lower: number, upper: number): Support<unknown> => ({ kind: "interval", lower, upper });

const supports: readonly (readonly [string, Support<unknown>])[] = [
  ["the line", interval(-Infinity, Infinity)],
  ["above 0", interval(0, Infinity)],
  ["above −3", interval(-3, Infinity)],
  ["below 2", interval(-Infinity, 2)],
  ["between 0 and 1", interval(0, 1)],
  ["between −2 and 5", interval(-2, 5)],
  ["a simplex of 2", { kind: "simplex", dimension: 2 }],
  ["a simplex of 4", { kind: "simplex", dimension: 4 }],
  ["a vector of 3", { kind: "vector", dimension: 3 }],
];

const coordinate = fc.double({ min: -6, max: 6, noNaN: true });
const numbersOf = (value: unknown): number[] => (Array.isArray(value) ? value : [value]).map((x) => valueOf(x as Num));

/** log |det| of a square matrix, by elimination with pivots. */
function logDeterminant(matrix: readonly (readonly number[])[]): number {
  const rows = matrix.map((row) => [...row]);
  let log = 0;
  for (let k = 0; k < rows.length; k++) {
    const pivot = rows
      .slice(k)
      .reduce((best, row, i) => (Math.abs(row[k]!) > Math.abs(rows[best]![k]!) ? i + k : best), k);
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    log += Math.log(Math.abs(rows[k]![k]!));
    for (const row of rows.slice(k + 1)) {
      const share = row[k]! / rows[k]![k]!;
      for (let j = k; j < row.length; j++) row[j]! -= share * rows[k]![j]!;
    }
  }
  return log;
}

describe.each(supports)("coordinates of %s", (_, support) => {
  const shape = shapeOf(support)!;
  const coordinates = fc.array(coordinate, { minLength: shape.count, maxLength: shape.count });

  it("lead into the support, and back", () => {
    fc.assert(
      fc.property(coordinates, (u) => {
        const { value } = constrain(shape, support, u);
        const x = numbersOf(value);
        if (support.kind === "interval") {
          expect(x[0]).toBeGreaterThan(support.lower);
          expect(x[0]).toBeLessThan(support.upper);
        } else if (support.kind === "simplex") {
          expect(x.length).toBe(support.dimension);
          expect(Math.abs(x.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-12);
          for (const part of x) expect(part).toBeGreaterThan(0);
        }
        unconstrain(shape, support, value).forEach((back, i) => {
          expect(Math.abs(back - u[i]!)).toBeLessThan(1e-9);
        });
      }),
    );
  });

  it("have the Jacobian of differences", () => {
    fc.assert(
      fc.property(coordinates, (u) => {
        const { logJacobian } = constrain(shape, support, u);
        // The last number of a simplex follows from the others.
        const rows = u.map((_coordinate, i) =>
          differences((v) => numbersOf(constrain(shape, support, v).value)[i]!, u, 1e-3).map(({ slope }) => slope),
        );
        expect(Math.abs(valueOf(logJacobian) - logDeterminant(rows))).toBeLessThan(1e-5);
      }),
    );
  });

  it("have derivatives: of values and of the log-Jacobian", () => {
    fc.assert(
      fc.property(coordinates, (u) => {
        expectGradient((v) => constrain(shape, support, v).logJacobian, u, { tolerance: 1e-5 });
        const { length } = numbersOf(constrain(shape, support, u).value);
        for (let i = 0; i < length; i++) {
          expectGradient((v) => ([] as Num[]).concat(constrain(shape, support, v).value as Num)[i]!, u, {
            tolerance: 1e-5,
          });
        }
      }),
      { numRuns: 50 },
    );
  });

  it("far away lead to the inside still", () => {
    for (const far of [-800, -40, 40, 800]) {
      const { value } = constrain(shape, support, new Array<number>(shape.count).fill(far));
      if (support.kind !== "interval") continue;
      expect(numbersOf(value)[0]).toBeGreaterThan(support.lower);
      if (support.upper < Infinity) expect(numbersOf(value)[0]).toBeLessThan(support.upper);
    }
  });
});

it("bounds that carry derivatives are differentiated by", () => {
  const value =
    (of: "value" | "logJacobian") =>
    (x: readonly Num[]): Num => {
      const bounds = interval(x[0] as number, x[1] as number);
      return constrain(shapeOf(bounds)!, bounds, [x[2]!])[of] as Num;
    };
  expectGradient(value("value"), [-1, 3, 0.4], { tolerance: 1e-5 });
  expectGradient(value("logJacobian"), [-1, 3, 0.4], { tolerance: 1e-5 });
});

it("of a value on its bound are those of the nearest number inside", () => {
  expect(unconstrain({ kind: "above", count: 1 }, interval(0, Infinity), 0)[0]).toBe(Math.log(Number.MIN_VALUE));
  expect(Number.isFinite(unconstrain({ kind: "between", count: 1 }, interval(0, 1), 1)[0]!)).toBe(true);
  expect(
    unconstrain({ kind: "simplex", count: 1 }, { kind: "simplex", dimension: 2 }, [0, 1]).every(Number.isFinite),
  ).toBe(true);
});

it("discrete supports have none", () => {
  expect(shapeOf({ kind: "finite", values: [1, 2], probabilities: [0.5, 0.5] })).toBeNull();
  expect(shapeOf({ kind: "countable", values: () => [1, 2] })).toBeNull();
});

it("plain coordinates leave no record", () => {
  const tape = new Tape();
  constrain({ kind: "simplex", count: 2 }, { kind: "simplex", dimension: 3 }, [0.1, 0.2]);
  expect(tape.size).toBe(0);
  expect(constrain({ kind: "above", count: 1 }, interval(0, Infinity), [tape.input(1)]).value).toBeInstanceOf(Real);
});

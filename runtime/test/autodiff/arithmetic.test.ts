import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as arithmetic from "../../src/autodiff/arithmetic.js";
import { carriesReal, plain } from "../../src/autodiff/plain.js";
import { LostDerivativeError } from "../../src/autodiff/lost.js";
import { Real, Tape, type Num } from "../../src/autodiff/tape.js";
import { equal, hashKey, show, text, toJson } from "../../src/values.js";
import { expectGradient, recorded } from "./differences.js";

const { plus, minus, times, over, negate, pow, mod, atan2, sum, log_sum_exp, meanOfList, functions } = arithmetic;
const number = fc.double({ min: -5, max: 5, noNaN: true });
const positive = fc.double({ min: 0.05, max: 5, noNaN: true });
const share = fc.double({ min: 0.05, max: 0.95, noNaN: true });

type Unary = keyof typeof functions;
const domains: Partial<Record<Unary, fc.Arbitrary<number>>> = {
  sqrt: positive,
  log: positive,
  log1p: positive,
  logit: share,
  tan: fc.double({ min: -1.2, max: 1.2, noNaN: true }),
  abs: positive,
};
const steps = new Set<Unary>(["floor", "ceil", "trunc", "round", "is_nan", "is_finite"]);

describe("arithmetic on numbers with derivatives", () => {
  it.each((Object.keys(functions) as Unary[]).filter((name) => !steps.has(name)))("%s", (name) => {
    const f = functions[name] as (x: Num) => Num;
    fc.assert(fc.property(domains[name] ?? number, (x) => expectGradient(([a]) => f(a!), [x])));
  });

  it.each([
    ["plus", plus, number, number],
    ["minus", minus, number, number],
    ["times", times, number, number],
    ["over", over, number, positive],
    ["pow", pow, positive, number],
    ["atan2", atan2, positive, positive],
  ] as const)("%s, by both sides and by one", (_, f, left, right) => {
    fc.assert(
      fc.property(left, right, (x, y) => {
        expectGradient(([a, b]) => f(a!, b!), [x, y]);
        expectGradient(([a]) => f(a!, y), [x]);
        expectGradient(([b]) => f(x, b!), [y]);
        expectGradient(([a]) => f(a!, a!), [Math.abs(x) + 0.1]);
      }),
    );
  });

  it("powers of whole exponents, of any base", () => {
    expectGradient(([a]) => pow(a!, 3), [-1.5]);
    expectGradient(([a]) => pow(a!, 2), [0]);
    expect(recorded(([a]) => pow(a!, 0), [0]).gradient).toEqual([0]);
  });

  it("remainders, between their jumps", () => {
    expectGradient(([a, b]) => mod(a!, b!), [7.3, 2.1]);
    expectGradient(([a, b]) => mod(a!, b!), [-7.3, 2.1]);
  });

  it("sums of lists", () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 6 }), (xs) => {
        expectGradient((list) => sum(list), xs);
        expectGradient((list) => meanOfList([...list, 3]), xs);
        expectGradient((list) => log_sum_exp([...list, 0.5]), xs);
      }),
    );
  });

  it("random expressions, with values used again", () => {
    const operations = [
      plus,
      minus,
      times,
      (a: Num, b: Num) => over(a, plus(2, times(b, b))),
      (a: Num) => functions.sin(a),
      (a: Num) => functions.tanh(a),
      (a: Num) => negate(a),
    ];
    const step = fc.record({ op: fc.nat(operations.length - 1), a: fc.nat(99), b: fc.nat(99) });
    fc.assert(
      fc.property(
        fc.array(number, { minLength: 1, maxLength: 4 }),
        fc.array(step, { minLength: 1, maxLength: 12 }),
        (xs, program) => {
          const run = (inputs: readonly Num[]): Num => {
            const values = [...inputs, 0.7];
            for (const { op, a, b } of program) {
              const next = operations[op]!(values[a % values.length]!, values[b % values.length]!);
              values.push(functions.tanh(next));
            }
            return values[values.length - 1]!;
          };
          expectGradient(run, xs, { tolerance: 1e-5 });
        },
      ),
      { numRuns: 500 },
    );
  });

  it("plain numbers stay plain, and leave nothing on the tape", () => {
    const tape = new Tape();
    tape.input(1);
    expect(plus(1, 2)).toBe(3);
    expect(functions.floor(tape.input(1.7))).toBe(1);
    expect(arithmetic.less(tape.input(1), 2)).toBe(true);
    expect(tape.size).toBe(3);
  });
});

describe("a number with a derivative, where it is not known", () => {
  const real = new Tape().input(1.5);

  it("is not taken for its value", () => {
    const lost = (f: () => unknown): void => expect(f).toThrow(LostDerivativeError);
    lost(() => (real as unknown as number) + 1);
    lost(() => Math.exp(real as unknown as number));
    lost(() => (real as unknown as number) < 2);
    lost(() => hashKey(real));
    lost(() => equal(real, { value: 1.5 }));
    lost(() => toJson([real]));
  });

  it("is shown by its value", () => {
    expect(show([real])).toBe("[1.5]");
    expect(text(real)).toBe("1.5");
    expect(`${real as unknown as string}`).toBe("1.5");
  });

  it("is found inside values, and taken out", () => {
    expect(carriesReal({ a: [1, "x", { b: real }] })).toBe(true);
    expect(carriesReal({ a: [1, "x", null, undefined] })).toBe(false);
    expect(plain({ a: [real, "x"] })).toEqual({ a: [1.5, "x"] });
    expect(real).toBeInstanceOf(Real);
  });
});

it("derivatives that do not matter may be infinite", () => {
  expect(recorded(([x]) => times(0, functions.sqrt(x!)), [0]).gradient).toEqual([0]);
});

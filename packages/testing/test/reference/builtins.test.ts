import { builtins as theirs, distributions, ValueMap } from "@pgl/runtime";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { builtins as ours } from "../../src/reference/builtins.js";
import { distributionConstructors } from "../../src/reference/distribution.js";
import { Dictionary, FunctionValue, keyOf, type Value } from "../../src/reference/value.js";
import { runtimeKey } from "../../src/laws/key.js";

/** The runtime's built-ins and the reference's were written apart: where they agree, both are probably right. */
type Call = (...args: never[]) => unknown;

const toOurs = (value: unknown): Value => {
  if (value instanceof ValueMap) return new Dictionary(value.entries().map(([k, v]) => [toOurs(k), toOurs(v)]));
  if (typeof value === "function")
    return new FunctionValue("f", (args) => toOurs((value as (...a: readonly unknown[]) => unknown)(...args)));
  return Array.isArray(value) ? value.map(toOurs) : (value as Value);
};

const outcome = (run: () => string): string => {
  try {
    return run();
  } catch {
    return "an error";
  }
};

function agree(name: string, ...args: fc.Arbitrary<unknown>[]): void {
  fc.assert(
    fc.property(fc.tuple(...args), (values) => {
      const runtime = outcome(() =>
        runtimeKey((theirs as unknown as Record<string, Call>)[name]!(...(values as never[]))),
      );
      const reference = outcome(() => keyOf(ours[name]!(values.map(toOurs))));
      expect(runtime, `${name}(${values.map((v) => fc.stringify(v)).join(", ")})`).toBe(reference);
    }),
    { numRuns: 60, seed: 1 },
  );
}

const int = fc.integer({ min: -9, max: 9 });
const float = fc.oneof(fc.double({ min: -5, max: 5, noNaN: true }), int, fc.constantFrom(0.5, -2.5, 1.5));
const positive = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", " ", "ñ", "😀", "1", "\n", "."), maxLength: 6 }),
  fc.constantFrom("12", "-3", "1.5", " 7 "),
);
const ints = fc.array(int, { maxLength: 5 });
const pairs = fc.array(fc.tuple(fc.constantFrom("k", "l", "m"), int), { maxLength: 4 });
const map = pairs.map((entries) => ValueMap.from(entries as [string, number][]));
const key = fc.constantFrom("k", "l", "z");
const maybe = fc.option(int, { nil: null });
const isEven = fc.constant((x: number) => x % 2 === 0);
const third = fc.constant((x: number) => ((x % 3) + 3) % 3);

describe("built-ins agree with the runtime's", () => {
  for (const name of [
    "abs",
    "exp",
    "expm1",
    "floor",
    "ceil",
    "round",
    "trunc",
    "sin",
    "cos",
    "tan",
    "tanh",
    "sigmoid",
    "is_nan",
    "is_finite",
    "int",
    "float",
  ]) {
    test(name, () => agree(name, float));
  }
  for (const name of ["sqrt", "log", "log1p", "logit"]) test(name, () => agree(name, positive));
  test("arithmetic", () => {
    agree("int_div", int, int);
    agree("atan2", float, float);
    agree("min", int, int);
    agree("max", float, float);
    agree("min", ints);
    agree("max", fc.array(text, { maxLength: 3 }));
    agree("sum", ints);
    agree("mean", ints);
    agree("log_sum_exp", fc.array(float, { maxLength: 4 }));
    agree("int", fc.oneof(text, fc.boolean()));
    agree("float", fc.oneof(text, fc.boolean()));
    agree("parse_int", text);
    agree("parse_float", text);
  });
  test("strings", () => {
    for (const name of ["len", "lines", "words", "chars", "lower", "upper", "trim", "reverse", "text", "show"])
      agree(name, text);
    for (const name of ["contains", "starts_with", "ends_with", "count", "index_of"]) agree(name, text, text);
    agree("split", text, fc.constantFrom("a", " ", "."));
    agree("join", fc.array(text, { maxLength: 3 }), text);
    agree("replace", text, fc.constantFrom("a", "ab", "😀"), text);
    agree("slice", text, int, maybe);
    agree("slice", text, int);
    agree("repeat", text, fc.integer({ min: 0, max: 3 }));
    agree("show", fc.oneof(int, fc.boolean(), ints, fc.constant(null), map));
  });
  test("lists", () => {
    for (const name of ["len", "first", "last", "reverse", "sort", "unique", "indexed"]) agree(name, ints);
    for (const name of ["contains", "index_of", "count", "push", "take", "drop"]) agree(name, ints, int);
    agree("concat", ints, ints);
    agree("slice", ints, int, maybe);
    agree("zip", ints, ints);
    agree("range", int, int);
    agree("fill", fc.integer({ min: 0, max: 4 }), int);
    agree("set", ints, int, int);
    for (const name of ["map", "sort_by", "group_by"]) agree(name, ints, third);
    for (const name of ["filter", "any", "all", "find"]) agree(name, ints, isEven);
    agree(
      "fold",
      ints,
      int,
      fc.constant((a: number, x: number) => 2 * a - x),
    );
    agree(
      "flat_map",
      ints,
      fc.constant((x: number) => (x > 0 ? [x, x] : [])),
    );
    agree("sort", fc.array(fc.tuple(int, text), { maxLength: 4 }));
  });
  test("maps and optionals", () => {
    for (const name of ["len", "keys", "values", "entries"]) agree(name, map);
    for (const name of ["get", "has", "remove"]) agree(name, map, key);
    agree("put", map, key, int);
    agree("is_none", maybe);
    agree("unwrap", maybe);
  });
});

describe("densities agree with the runtime's", () => {
  const rates = fc.double({ min: 0.2, max: 4, noNaN: true });
  const parameters: Record<string, fc.Arbitrary<unknown>[]> = {
    bernoulli: [positive],
    categorical: [fc.array(rates, { minLength: 1, maxLength: 4 })],
    choice: [fc.array(int, { minLength: 1, maxLength: 5 })],
    empirical: [fc.array(int, { minLength: 1, maxLength: 5 })],
    uniform_int: [fc.integer({ min: -3, max: 0 }), fc.integer({ min: 0, max: 3 })],
    binomial: [fc.integer({ min: 0, max: 6 }), positive],
    poisson: [rates],
    geometric: [positive],
    negative_binomial: [rates, positive],
    uniform: [fc.constant(-1), rates],
    normal: [float, rates],
    lognormal: [float, rates],
    laplace: [float, rates],
    cauchy: [float, rates],
    logistic: [float, rates],
    student_t: [rates, float, rates],
    exponential: [rates],
    gamma: [rates, rates],
    inverse_gamma: [rates, rates],
    beta: [rates, rates],
    delta: [int],
  };
  for (const [name, args] of Object.entries(parameters)) {
    test(name, () => {
      const values = ["bernoulli"].includes(name)
        ? fc.boolean()
        : fc.oneof(int, fc.double({ min: 0.05, max: 0.95, noNaN: true }));
      fc.assert(
        fc.property(fc.tuple(...args), values, (parameters, value) => {
          const make = (
            distributions as unknown as Record<string, (...a: unknown[]) => { logDensity(v: unknown): number }>
          )[name]!;
          const runtime = make(...parameters).logDensity(value);
          const reference = distributionConstructors[name]!(parameters.map(toOurs)).logDensity(toOurs(value));
          if (Number.isFinite(reference)) expect(runtime).toBeCloseTo(reference, 9);
          else expect(runtime).toBe(reference);
        }),
        { numRuns: 100, seed: 2 },
      );
    });
  }
});

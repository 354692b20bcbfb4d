import { expect, test } from "vitest";
import { duration, grouped, short } from "../../src/render/number.js";

test("numbers have four significant digits and no padding", () => {
  expect([0, 1, -3, 1234567, 0.5, 0.12345, 1 / 3, 123.456, 1300.46, 120.04, 1e-9, 1.5e30].map((x) => short(x))).toEqual(
    ["0", "1", "-3", "1234567", "0.5", "0.1235", "0.3333", "123.5", "1300", "120", "1e-9", "1.5e+30"],
  );
  expect([Infinity, -Infinity, NaN].map((x) => short(x))).toEqual(["inf", "-inf", "nan"]);
});

test("counts are grouped by thousands", () => {
  expect([0, 999, 1000, 1234567].map(grouped)).toEqual(["0", "999", "1,000", "1,234,567"]);
});

test("times have the unit that fits", () => {
  expect([12, 3456, 12_345, 125_000].map(duration)).toEqual(["12 ms", "3.46 s", "12.3 s", "2 min 5 s"]);
});

import { describe, expect, test } from "vitest";
import { counted, duration, grouped, particles, percent, short } from "../src/numbers.js";

test.each([
  [0, "0"],
  [-0, "0"],
  [3, "3"],
  [-3.14159, "−3.142"],
  [0.5, "0.5"],
  [100.04, "100"],
  [0.0000123456, "0.00001235"],
  [1.5e-9, "1.5e−9"],
  [1e-9, "1e−9"],
  [-42040.3, "−42040"],
  [1234567, "1234567"],
  [2.5e12, "2.5e+12"],
  [Infinity, "inf"],
  [-Infinity, "−inf"],
  [NaN, "nan"],
])("short(%d) is %s", (value, text) => {
  expect(short(value)).toBe(text);
});

test("as many digits as asked for", () => {
  expect(short(0.12345, 2)).toBe("0.12");
});

test.each([
  [0, "0.00 %"],
  [1, "100.00 %"],
  [0.4531, "45.31 %"],
  [0.0001, "0.01 %"],
  [1e-9, "< 0.01 %"],
])("percent(%d) is %s", (share, text) => {
  expect(percent(share)).toBe(text);
});

describe("counts and times", () => {
  test("are grouped", () => {
    expect(grouped(999)).toBe("999");
    expect(grouped(1234567.4)).toBe("1,234,567");
    expect(particles(8114.2)).toBe("8,114");
    expect(particles(26.523)).toBe("26.52");
  });

  test("agree in number", () => {
    expect(counted(1, "value")).toBe("1 value");
    expect(counted(2000, "value")).toBe("2,000 values");
  });

  test("have units", () => {
    expect(duration(12.4)).toBe("12 ms");
    expect(duration(3440)).toBe("3.4 s");
    expect(duration(125_000)).toBe("2 min 5 s");
  });
});

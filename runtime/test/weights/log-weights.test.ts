import { expect, test } from "vitest";
import { LogWeights, logAddExp, logSumExp, RunError } from "../../src/index.js";

const { log, exp } = Math;

test("sums, means and normalises without overflow", () => {
  const w = new LogWeights([1000, 1000 + log(3), -Infinity, 0]);
  expect(w.max()).toBe(1000 + log(3));
  expect(w.logSum()).toBeCloseTo(1000 + log(4), 12);
  expect(w.logMean()).toBeCloseTo(1000, 12);
  expect([...w.normalized()].map((x) => Math.round(x * 1e12) / 1e12)).toEqual([0.25, 0.75, 0, 0]);
  expect(w.ess()).toBeCloseTo(1 / (0.25 ** 2 + 0.75 ** 2), 12);
});

test("copies what it is given, unless it owns it", () => {
  const values = new Float64Array([0, -1]);
  const [copied, owned] = [new LogWeights(values), new LogWeights(values, true)];
  expect(owned.toArray()).not.toBe(values);
  values[0] = 5;
  expect([copied.at(0), owned.at(0)]).toEqual([0, 5]);
  expect(() => new LogWeights(new Float64Array([NaN]), true)).toThrow(RunError);
});

test("equal weights have an ESS of exactly their number", () => {
  expect(new LogWeights([-7.3, -7.3, -7.3]).ess()).toBe(3);
});

test("all weights zero is a defined state, without NaN", () => {
  const w = new LogWeights([-Infinity, -Infinity]);
  expect([w.max(), w.logSum(), w.logMean(), w.ess()]).toEqual([-Infinity, -Infinity, -Infinity, 0]);
  expect([...w.normalized()]).toEqual([0, 0]);
  expect([...w.cumulative()]).toEqual([0, 0]);
});

test("no weights at all sum to zero", () => {
  expect(new LogWeights([]).logSum()).toBe(-Infinity);
});

test.each([NaN, Infinity])("%d is refused, and its place named", (bad) => {
  const make = (): LogWeights => new LogWeights([0, bad]);
  expect(make).toThrow(RunError);
  expect(make).toThrow(/Log-weight 1 is/);
});

test("is a copy, and gives copies", () => {
  const values = Float64Array.from([0, 1]);
  const w = new LogWeights(values);
  values[0] = 9;
  w.normalized()[0] = 9;
  w.toArray()[0] = 9;
  expect(w.at(0)).toBe(0);
  expect(w.length).toBe(2);
  expect(w.normalized()[0]).toBeCloseTo(1 / (1 + exp(1)), 15);
});

test("log-sum-exp of numbers", () => {
  expect(logSumExp([])).toBe(-Infinity);
  expect(logSumExp([-Infinity, -Infinity])).toBe(-Infinity);
  expect(logSumExp([-2000, -2000])).toBeCloseTo(-2000 + log(2), 12);
  expect(logSumExp([1, Infinity])).toBe(Infinity);
  expect(logSumExp([NaN, 1])).toBeNaN();
  expect(logAddExp(-Infinity, -Infinity)).toBe(-Infinity);
  expect(logAddExp(3, -Infinity)).toBe(3);
  expect(logAddExp(log(2), log(5))).toBeCloseTo(log(7), 14);
});

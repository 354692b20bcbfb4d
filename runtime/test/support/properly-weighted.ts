import { enumerateOutcomes } from "@pgl/testing";
import { expect } from "vitest";
import type { Method } from "../../src/index.js";
import { environment, measureOf, run, type Program } from "./script.js";

/**
 * Checks E[Ẑ·p̂(r)] = Z·p(r) to 1e-10 for every value r, the expectation over every outcome of the method's own draws, the
 * right side by visiting the program's executions without the runtime.
 */
export async function expectProperlyWeighted(method: Method, program: Program, maxOutcomes = 200_000): Promise<void> {
  const exact = measureOf(program);
  const mean = new Map<string, number>();
  let total = 0;
  const outcomes = await enumerateOutcomes((random) => run(method, program, environment(random)), { maxOutcomes });
  for (const { value: posterior, probability } of outcomes) {
    total += probability;
    for (const { value, weight } of posterior.samples) {
      const key = JSON.stringify(value) ?? "undefined";
      mean.set(key, (mean.get(key) ?? 0) + probability * Math.exp(posterior.logZ.estimate!) * weight);
    }
  }
  expect(Math.abs(total - 1)).toBeLessThan(1e-10);
  for (const key of new Set([...exact.keys(), ...mean.keys()])) {
    const difference = Math.abs((mean.get(key) ?? 0) - (exact.get(key) ?? 0));
    if (!(difference < 1e-10)) {
      expect.fail(
        `${method.name}(${JSON.stringify(method.options)}), value ${key}: ${mean.get(key)} for ${exact.get(key)}`,
      );
    }
  }
}

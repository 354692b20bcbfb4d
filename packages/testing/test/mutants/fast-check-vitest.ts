/**
 * As much of @fast-check/vitest as the exact tests use, which itself runs under vitest only: properties of lists of
 * arbitraries. What a property fails for is not made smaller: that would take longer than all the tests.
 */
import fc from "fast-check";
import { test as registering } from "./vitest.js";

export { fc };

export const test = {
  prop:
    <T extends [unknown, ...unknown[]]>(
      arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
      parameters: fc.Parameters<T> = {},
    ) =>
    (name: string, body: (...values: T) => unknown): void =>
      registering(name, () =>
        fc.assert(
          fc.asyncProperty(...arbitraries, async (...values: T) => {
            await body(...values);
          }),
          { ...parameters, endOnFailure: true },
        ),
      ),
};

export const it = test;

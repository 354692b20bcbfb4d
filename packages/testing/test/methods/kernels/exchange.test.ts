import type { Execution } from "@pgl/runtime";
import { bernoulli, kernels, uniformInt } from "@pgl/runtime";
import { Ladder } from "../../../../../runtime/src/inference/methods/parallel-tempering.js";
import { describe, expect, test } from "vitest";
import { expectInvariantKernel, expectIrreducible } from "../../../src/index.js";
import { scriptModel, type Script } from "../../script-model.js";
import { executionsOf, keyOf, stepOf } from "./executions.js";

const program = scriptModel("m", (s: Script) => {
  const a = s.sample("a", bernoulli(0.3));
  s.factor(a ? 1.2 : 0);
  const b = a ? s.sample("b", uniformInt(0, 1)) : 0;
  s.factor(0.5 * b);
  return [a, b];
});

/** Every combination of executions, one a rung, with the product of their masses. */
async function product(betas: readonly number[]) {
  let all: { state: readonly Execution[]; mass: number }[] = [{ state: [], mass: 1 }];
  for (const beta of betas) {
    const states = await executionsOf({ program, beta });
    all = all.flatMap((s) => states.map(({ state, mass }) => ({ state: [...s.state, state], mass: s.mass * mass })));
  }
  return all;
}

const key = (state: readonly Execution[]): string => state.map(keyOf).join(" | ");

describe("exchanges between temperatures leave the product of the targets invariant", () => {
  for (const betas of [
    [1, 0.4],
    [1, 0.5, 0.1],
    [1, 0.6, 0.3, 0],
  ]) {
    for (const step of [1, 2]) {
      test(`${betas.length} rungs, pairs from the ${step === 2 ? "first" : "second"} on`, async () => {
        const matrix = await expectInvariantKernel({
          states: await product(betas),
          kernel: (state, random) => {
            const executions = [...state];
            new Ladder(betas, random).exchange(executions, step);
            return executions;
          },
          key,
        });
        expect(matrix.outcomes).toBeGreaterThanOrEqual(matrix.keys.length);
      });
    }
  }

  test("together with moves it reaches everything", async () => {
    const betas = [1, 0.3];
    const matrix = await expectInvariantKernel({
      states: await product(betas),
      kernel: async (state, random) => {
        const executions: Execution[] = [];
        for (const [rung, beta] of betas.entries()) {
          executions.push(await stepOf(kernels.single, { program, beta }, state[rung]!, random.split(rung)));
        }
        new Ladder(betas, random.split(9)).exchange(executions, 2);
        return executions;
      },
      key,
    });
    expectIrreducible(matrix);
  });
});

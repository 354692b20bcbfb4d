import {
  bernoulli,
  kernels,
  RunEnvironment,
  seeded,
  target,
  uniformInt,
  type Execution,
  type Kernel,
  type Method,
} from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import { runTogether, schemeNamed } from "../../../../../runtime/src/inference/blocks/sequential.js";
import { collect } from "../../../../../runtime/src/inference/blocks/collect.js";
import { drive } from "../../../../../runtime/src/inference/blocks/drive.js";
import { metropolis, redrawn } from "../../../../../runtime/src/inference/kernels/metropolis.js";
import { Rejuvenation } from "../../../../../runtime/src/inference/kernels/rejuvenation.js";
import { expectProperlyWeighted, LawError } from "../../../src/index.js";
import { scriptModel, type Script } from "../../script-model.js";
import { expectInvariantOnExecutions } from "./executions.js";

const { single, through } = kernels;

const program = scriptModel("m", (s: Script) => {
  const a = s.sample("a", bernoulli(0.4), bernoulli(0.7));
  s.factor(a ? 0.7 : 0);
  const b = a ? s.sample("b", uniformInt(0, 2)) : 0;
  s.factor(0.4 * b);
  return [a, b];
});

/** Single-site steps with something changed. */
const variant = (
  name: string,
  step: (execution: Execution, walk: kernels.Walk, at: number) => kernels.Next,
): Kernel => ({
  name,
  step: (execution, walk) => step(execution, walk, walk.random.below(execution.length)),
});

describe("kernels that are deliberately wrong are caught", () => {
  const wrong: Kernel[] = [
    variant("no term for the number of choices", (execution, walk, from) =>
      metropolis(execution, walk, {
        from,
        change: redrawn(execution.nodes[from]!, walk),
        redraws: null,
        logPick: null,
      }),
    ),
    variant("the proposal's ratio upside down", (execution, walk, from) => {
      const { value, logRatio } = redrawn(execution.nodes[from]!, walk)!;
      const change = { value, logRatio: -logRatio };
      return metropolis(execution, walk, { from, change, redraws: null, logPick: (n) => -Math.log(n) });
    }),
    variant("the proposal's ratio left away", (execution, walk, from) => {
      const change = { ...redrawn(execution.nodes[from]!, walk)!, logRatio: 0 };
      return metropolis(execution, walk, { from, change, redraws: null, logPick: (n) => -Math.log(n) });
    }),
    variant("another temperature", (execution, walk, from) => {
      walk.beta = 0.5;
      return metropolis(execution, walk, {
        from,
        change: redrawn(execution.nodes[from]!, walk),
        redraws: null,
        logPick: (n) => -Math.log(n),
      });
    }),
    {
      name: "everything accepted",
      *step(execution, walk) {
        const fresh = yield* walk.start();
        return fresh ?? execution;
      },
    },
    {
      name: "stops at the first step that is accepted",
      *step(execution, walk) {
        for (let i = 0; i < 3; i++) {
          const next = yield* through(single.step(execution, walk));
          if (next !== execution) return next;
        }
        return execution;
      },
    },
  ];
  test("what they are wrong about is right in `single`", async () => {
    await expectInvariantOnExecutions({ program, kernel: single });
  });
  for (const kernel of wrong) {
    test(kernel.name, async () => {
      await expect(expectInvariantOnExecutions({ program, kernel })).rejects.toThrow(LawError);
    });
  }
});

describe("moves after resampling only", () => {
  const moved = scriptModel("m", (s: Script) => {
    const a = s.sample("a", bernoulli(0.3));
    s.factor(a ? 1 : -0.5);
    const b = s.sample("b", bernoulli(a ? 0.8 : 0.4));
    s.factor(b ? 0.5 : 0);
    return [a, b];
  });
  /** Whether a population is resampled depends on where its particles are: so would, then, whether they are moved. */
  const method: Method = {
    name: "moves where it resamples",
    guarantee: "unbiased",
    options: {},
    async run(subject, environment) {
      const { random } = environment;
      const movable = Rejuvenation.spawn(subject, 2, environment, random.split(1), random.split(4));
      let resampled = false;
      const run = runTogether(
        [movable.population],
        { scheme: schemeNamed("smc", "systematic"), ess: 1 },
        (_, step) => random.split(2).split(step),
        {
          *before() {
            resampled = true;
          },
          *after() {
            if (resampled) yield* Rejuvenation.move([movable], single, 1, environment);
            resampled = false;
          },
        },
      );
      await drive(run as Generator<Promise<void>, void, void>, environment, () => {});
      return collect(movable.population, { name: "", guarantee: "unbiased", options: {} }, environment);
    },
  };
  test("are biased, and caught", async () => {
    await expect(expectProperlyWeighted({ program: moved, method })).rejects.toThrow(LawError);
  });
  test("run, all the same", async () => {
    const environment = new RunEnvironment(new Map(), seeded(1));
    expect((await method.run(target(moved, []), environment)).isEmpty).toBe(false);
  });
});

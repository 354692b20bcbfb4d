import { MethodError } from "../../errors.js";
import type { Particle } from "../../machine/particle.js";
import { Execution } from "../blocks/execution.js";
import type { Walk } from "./walk.js";

/** A computation that yields the particles it waits for, and goes on when their requests have been answered. */
export type Steps<T> = Generator<readonly Particle[], T, void>;

/** Where a step leads: at once, or, when it has to wait for something, as a computation. */
export type Next = Execution | Steps<Execution>;

/** A step as a computation, whether it waits or not. */
export function* through(next: Next): Steps<Execution> {
  return next instanceof Execution ? next : yield* next;
}

/**
 * A Markov kernel on the executions of a program: what `mh`, `parallel_tempering`, `annealed`, `tempered` and the moves of
 * `smc` are made of, and what a program's author may write in TypeScript.
 *
 * What it must hold: the measure `prior × exp(β · logFactors + logTwist)` is invariant, where β is `walk.beta` and the prior
 * that of the program's own distributions. To have reached an execution is no reason to leave its support: one of weight
 * zero is never returned. It draws from `walk.random` alone, and nothing it decides may depend on what it did in earlier
 * steps, unless `walk.adapting`.
 *
 * ```ts
 * const kernel = cycle(single, repeat(drift(), 5));
 * const posterior = await mh({ kernel }).run(target(model, []), environment);
 * ```
 */
export interface Kernel {
  readonly name: string;
  /** One step. @returns where it leads: the same object when nothing has changed. */
  step(execution: Execution, walk: Walk): Next;
}

/** One kernel after the other. Invariant when each is. @throws MethodError PGLR082 for none. */
export function cycle(...kernels: readonly Kernel[]): Kernel {
  atLeastOne("cycle", kernels);
  return {
    name: `cycle(${kernels.map((k) => k.name).join(", ")})`,
    *step(execution, walk) {
      let at = execution;
      for (const kernel of kernels) at = yield* through(kernel.step(at, walk));
      return at;
    },
  };
}

/**
 * One of the kernels, drawn with probability in proportion to its weight, whatever the execution. Invariant when each is.
 * @throws MethodError PGLR082 for none, or weights that are none.
 */
export function mixture(kernels: readonly Kernel[], weights: readonly number[] = kernels.map(() => 1)): Kernel {
  atLeastOne("mixture", kernels);
  const total = weights.reduce((a, b) => a + b, 0);
  if (weights.length !== kernels.length || !weights.every((w) => w >= 0) || !(total > 0 && total < Infinity)) {
    throw new MethodError("PGLR082", `mixture: ${kernels.length} kernels need as many weights, not all zero.`);
  }
  return {
    name: `mixture(${kernels.map((k) => k.name).join(", ")})`,
    step: (execution, walk) => kernels[walk.random.categorical(weights)]!.step(execution, walk),
  };
}

/** A kernel so many times. @throws MethodError PGLR082 unless `times` is a positive whole number. */
export function repeat(kernel: Kernel, times: number): Kernel {
  if (!Number.isSafeInteger(times) || times < 1)
    throw new MethodError("PGLR082", `repeat: a kernel is repeated a positive whole number of times, not ${times}.`);
  return {
    name: `repeat(${kernel.name}, ${times})`,
    *step(execution, walk) {
      let at = execution;
      for (let i = 0; i < times; i++) at = yield* through(kernel.step(at, walk));
      return at;
    },
  };
}

function atLeastOne(name: string, kernels: readonly Kernel[]): void {
  if (kernels.length === 0) throw new MethodError("PGLR082", `${name} needs a kernel.`);
}

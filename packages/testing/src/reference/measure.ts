import type { Module } from "@pgl/grammar";
import { collect, logSum } from "./distribution.js";
import { BudgetError } from "./errors.js";
import { Interpreter } from "./interpreter.js";
import type { TableModel } from "./language-model.js";
import { fromPlain, keyOf, toPlain, type Value } from "./value.js";

export interface MeasureOptions {
  /** Table models by the alias the program declares. */
  readonly lms?: Readonly<Record<string, TableModel>>;
  /** Host functions by the name they have in the module: plain data in, plain data out. */
  readonly hosts?: Readonly<Record<string, (...args: unknown[]) => unknown>>;
  /**
   * What becomes of an execution that fails: an error (`throw`, the default), or it is left out (`leave`), as it is where its
   * weight is found to be zero before it comes to fail.
   */
  readonly failing?: "throw" | "leave";
  readonly limits?: {
    /** Executions of the program, and of each nested inference. Default 100 000. */
    readonly executions?: number;
    /** Statements and calls in one execution. Default 100 000. */
    readonly steps?: number;
  };
}

/** One value of a measure. */
export interface MeasureAtom {
  /** Plain data: records are objects, `none` is null, tokens are `{ token, id }`, maps are `Map`. */
  readonly value: unknown;
  /** Equal for equal values: what measures are compared by. */
  readonly key: string;
  /** Not normalised. */
  readonly mass: number;
  readonly logMass: number;
}

/** An unnormalised measure on the return values of a finite program. */
export interface Measure {
  /** log of `total`, in nats; -Infinity when every execution has weight zero. */
  readonly logZ: number;
  readonly total: number;
  /** Heaviest first. Values of mass zero are left out. */
  readonly atoms: readonly MeasureAtom[];
  readonly executions: number;
}

/**
 * The exact measure a model denotes, by running every execution from its beginning. What every other way to run a program is
 * compared with: slow, and simple enough to be read in one sitting.
 *
 * @throws ProgramError when an execution fails; UnsupportedError where the program is not finite or uses what the reference
 * does not define; BudgetError (an UnsupportedError) beyond `limits`.
 */
export function measure(
  module: Module,
  model: string,
  args: readonly unknown[],
  options: MeasureOptions = {},
): Measure {
  const limits = { executions: options.limits?.executions ?? 100_000, steps: options.limits?.steps ?? 100_000 };
  const hosts = Object.fromEntries(
    Object.entries(options.hosts ?? {}).map(([name, f]) => [
      name,
      (...values: Value[]) => fromPlain(f(...values.map(toPlain))),
    ]),
  );
  const interpreter = new Interpreter({
    module,
    lms: options.lms ?? {},
    hosts,
    limits,
    failing: options.failing ?? "throw",
  });
  try {
    const { results, executions } = interpreter.runs(model, args.map(fromPlain));
    const atoms = collect(results);
    const logZ = logSum(atoms.map((a) => a.logMass));
    return {
      logZ,
      total: Math.exp(logZ),
      atoms: atoms

        .map(({ value, logMass }) => ({ value: toPlain(value), key: keyOf(value), mass: Math.exp(logMass), logMass }))
        .sort((a, b) => b.logMass - a.logMass || (a.key < b.key ? -1 : 1)),
      executions,
    };
  } catch (error) {
    if (error instanceof RangeError && /call stack/i.test(error.message))
      throw new BudgetError("levels of recursion", limits.steps);
    throw error;
  }
}

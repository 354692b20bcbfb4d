import type { Value } from "./value.js";
import type { Outcome } from "./distribution.js";
import { BudgetError, ProgramError } from "./errors.js";

/** Thrown where the weight becomes zero: nothing after that statement runs. */
export class ZeroWeight extends Error {}

interface Fork {
  taken: number;
  readonly options: number;
}

/** One execution of a program: which way it goes at every draw, and the log of its weight. */
export class Execution {
  logMass = 0;
  private depth = 0;
  private steps = 0;

  constructor(
    private readonly path: Fork[],
    private readonly maxSteps: number,
  ) {}

  draw(outcomes: readonly Outcome[]): Value {
    if (outcomes.length === 0) throw new ZeroWeight();
    if (this.depth === this.path.length) this.path.push({ taken: 0, options: outcomes.length });
    const outcome = outcomes[this.path[this.depth++]!.taken]!;
    this.weigh(Math.log(outcome.probability));
    return outcome.value;
  }

  weigh(nats: number): void {
    if (nats === -Infinity) throw new ZeroWeight();
    this.logMass += nats;
  }

  tick(): void {
    if (++this.steps > this.maxSteps) throw new BudgetError("steps in one execution", this.maxSteps);
  }
}

/** The return value of one execution and the log of its weight. */
export interface Weighed {
  readonly value: Value;
  readonly logMass: number;
}

export interface Limits {
  /** Of a model or a nested inference. */
  readonly executions: number;
  /** Statements and calls of one execution. */
  readonly steps: number;
}

/**
 * Visits every execution, depth first, each from its beginning. Executions of weight zero are not reported; nor are those
 * that fail, where `failing` is `leave`.
 */
export function everyExecution(
  run: (execution: Execution) => Value,
  limits: Limits,
  failing: "throw" | "leave" = "throw",
): { readonly results: readonly Weighed[]; readonly executions: number } {
  const results: Weighed[] = [];
  const path: Fork[] = [];
  let executions = 0;
  do {
    if (++executions > limits.executions) throw new BudgetError("executions", limits.executions);
    const execution = new Execution(path, limits.steps);
    try {
      const value = run(execution);
      results.push({ value, logMass: execution.logMass });
    } catch (error) {
      const isLeft = error instanceof ZeroWeight || (failing === "leave" && error instanceof ProgramError);
      if (!isLeft) throw error;
    }
    while (path.length > 0 && path[path.length - 1]!.taken + 1 === path[path.length - 1]!.options) path.pop();
    if (path.length > 0) path[path.length - 1]!.taken++;
  } while (path.length > 0);
  return { results, executions };
}

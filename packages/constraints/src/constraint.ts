import { type Environment, showSymbol } from "@pgl/runtime";
import { ConstraintError } from "./errors.js";
import { textOf } from "./text-of.js";

/**
 * A condition on finished text, decided on the whole of it. Immutable. A text is a string, a token or a context.
 */
export abstract class Constraint {
  readonly kind = "constraint";

  /**
   * Whether `value` meets the constraint. The environment is needed by constraints on tokens alone.
   * @throws ConstraintError PGLC004 when the value is no text, PGLC005 when an environment is needed and missing.
   */
  test(value: unknown, environment?: Environment): boolean {
    return this.holds(textOf(value), environment);
  }

  /** The constraint as a program would write it. */
  abstract describe(): string;

  protected abstract holds(text: string, environment: Environment | undefined): boolean;

  toString(): string {
    return this.describe();
  }

  [showSymbol](): string {
    return this.describe();
  }
}

/** A constraint decided by one function of the text. */
export class TextConstraint extends Constraint {
  constructor(
    private readonly description: string,
    private readonly decide: (text: string, environment: Environment | undefined) => boolean,
  ) {
    super();
  }

  describe(): string {
    return this.description;
  }

  protected holds(text: string, environment: Environment | undefined): boolean {
    return this.decide(text, environment);
  }
}

/** @throws ConstraintError PGLC003 unless `value` is a constraint. */
export function checkConstraint(value: unknown): Constraint {
  if (value instanceof Constraint) return value;
  throw new ConstraintError("PGLC003", "`and`, `or` and `not` combine constraints; they were given something else.", {
    hint: "A string becomes a constraint as `text`, a regular expression as `regex`.",
  });
}

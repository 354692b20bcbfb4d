import { type Environment, showSymbol } from "@pgl/runtime";
import { ConstraintError } from "./errors.js";
import type { Recogniser } from "./recogniser.js";
import { compiling } from "./compiling.js";
import { throughStore } from "./store.js";
import { textOf } from "./text-of.js";

/** A constraint in the form that can guide the drawing of a text. */
export interface Compiled {
  /** Accepts every text of the constraint. */
  readonly recogniser: Recogniser;
  /** Accepts no other text: the constraint need not be asked about the finished one. */
  readonly decides: boolean;
}

/**
 * A condition on finished text, decided on the whole of it. Immutable. A text is a string, a token or a context.
 */
export abstract class Constraint {
  readonly kind = "constraint";
  private compilation: Compiled | null | undefined;

  /**
   * What guides a text towards the constraint, made once; null when nothing can be said before the text is finished.
   * @throws ConstraintError PGLC006 when it would be too large, PGLC007 when no automaton can check it.
   */
  compiled(): Compiled | null {
    if (this.compilation === undefined) {
      const { identity } = this;
      const compile = (): Compiled | null =>
        compiling(
          () => this.describe(),
          () => this.compile(),
        );
      this.compilation = identity === null ? compile() : rememberedBy(identity, () => throughStore(identity, compile));
    }
    return this.compilation;
  }

  /**
   * Equal for constraints that mean the same, so that one a program makes anew in every execution is compiled once; null
   * when that cannot be said.
   */
  abstract readonly identity: string | null;

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

  protected abstract compile(): Compiled | null;

  toString(): string {
    return this.describe();
  }

  [showSymbol](): string {
    return this.describe();
  }
}

/** A constraint decided by one function of the text, and what can guide towards it. */
export class TextConstraint extends Constraint {
  constructor(
    private readonly description: string,
    private readonly decide: (text: string, environment: Environment | undefined) => boolean,
    private readonly compiler: () => Compiled | null,
    override readonly identity: string | null = null,
  ) {
    super();
  }

  describe(): string {
    return this.description;
  }

  protected holds(text: string, environment: Environment | undefined): boolean {
    return this.decide(text, environment);
  }

  protected compile(): Compiled | null {
    return this.compiler();
  }
}

/** Constraints of which the compiled form is kept, the latest. */
const REMEMBERED = 256;
const remembered = new Map<string, Compiled | null>();

function rememberedBy(identity: string, compile: () => Compiled | null): Compiled | null {
  let compiled = remembered.get(identity);
  if (compiled === undefined) compiled = compile();
  else remembered.delete(identity);
  remembered.set(identity, compiled);
  if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value!);
  return compiled;
}

/** The compiler of a constraint whose texts are just those that a recogniser accepts. */
export const decidedBy = (recogniser: () => Recogniser) => (): Compiled => ({
  recogniser: recogniser(),
  decides: true,
});

/** What a constraint compiles to; null also where it is too large, or says what no automaton can. */
export function compiledIfPossible(constraint: Constraint): Compiled | null {
  try {
    return constraint.compiled();
  } catch (error) {
    if (error instanceof ConstraintError) return null;
    throw error;
  }
}

/** @throws ConstraintError PGLC003 unless `value` is a constraint. */
export function checkConstraint(value: unknown): Constraint {
  if (value instanceof Constraint) return value;
  throw new ConstraintError("PGLC003", "`and`, `or` and `not` combine constraints; they were given something else.", {
    hint: "A string becomes a constraint as `text`, a regular expression as `regex`.",
  });
}

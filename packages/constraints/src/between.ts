import { Dfa, whole } from "./automata/dfa.js";
import { checkConstraint, type Compiled, type Constraint, TextConstraint } from "./constraint.js";
import { ConstraintError } from "./errors.js";
import { DEAD, read, type Recogniser } from "./recogniser.js";

/**
 * The texts that stand between `before` and `after` in a text of `part`: `before + text + after` matches. With `after` null
 * those after which a text of `part` that begins with `before` can still go on; what cannot be said of unfinished texts does
 * not rule anything out then.
 * @throws ConstraintError PGLC003 for what is no constraint.
 */
export function between(before: string, part: Constraint, after: string | null): Constraint {
  checkConstraint(part);
  const end = after === null ? "…" : JSON.stringify(after);
  const description = `between(${JSON.stringify(before)}, ${part.describe()}, ${end})`;
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  return new TextConstraint(
    description,
    (text, environment) => {
      if (after !== null) return part.test(before + text + after, environment);
      const compiled = compiledIfPossible(part);
      return compiled === null || read(compiled.recogniser, bytes(before + text)) !== DEAD;
    },
    () => {
      const compiled = part.compiled();
      if (compiled === null) return null;
      const recogniser = new Between(compiled.recogniser, bytes(before), after === null ? null : bytes(after));
      // What has to follow may be impossible in places: in an automaton they are found.
      const known = after !== null && after !== "" && compiled.recogniser instanceof Dfa;
      return { recogniser: known ? whole(recogniser) : recogniser, decides: after === null || compiled.decides };
    },
    part.identity === null ? null : `between ${JSON.stringify([before, after])} ${part.identity}`,
  );
}

/** A constraint too large to guide says nothing of beginnings. */
function compiledIfPossible(part: Constraint): Compiled | null {
  try {
    return part.compiled();
  } catch (error) {
    if (error instanceof ConstraintError) return null;
    throw error;
  }
}

class Between implements Recogniser {
  readonly start: number;
  readonly exact: boolean;
  readonly classes: Uint8Array | null;
  readonly costly: boolean;

  constructor(
    private readonly whole: Recogniser,
    before: Uint8Array,
    private readonly after: Uint8Array | null,
  ) {
    this.start = whole.start === DEAD ? DEAD : read(whole, before);
    this.exact = after === null || (after.length === 0 && whole.exact);
    this.classes = whole.classes;
    this.costly = whole.costly ?? false;
  }

  step(state: number, byte: number): number {
    return this.whole.step(state, byte);
  }

  accepts(state: number): boolean {
    if (this.after === null) return true;
    const end = read(this.whole, this.after, state);
    return end !== DEAD && this.whole.accepts(end);
  }

  shortest(state: number): number {
    if (this.accepts(state)) return 0;
    return Math.max(1, this.whole.shortest(state) - this.after!.length);
  }
}

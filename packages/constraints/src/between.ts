import { Dfa, whole } from "./automata/dfa.js";
import { checkConstraint, type Compiled, compiledIfPossible, type Constraint, TextConstraint } from "./constraint.js";
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
      // A constraint too large to guide says nothing of beginnings.
      const compiled = compiledIfPossible(part);
      return compiled === null || read(compiled.recogniser, bytes(before + text)) !== DEAD;
    },
    () => {
      const compiled = part.compiled();
      return compiled && from(compiled, bytes(before), after === null ? null : bytes(after));
    },
    part.identity === null ? null : `between ${JSON.stringify([before, after])} ${part.identity}`,
  );
}

/** Places in one constraint that are kept. */
const KEPT = 4096;
const kept = new WeakMap<Compiled, Map<string, Compiled>>();

/**
 * The rest of a constraint. Different beginnings that come to the same place have the same rest, and so the same automaton
 * over tokens: executions have read many beginnings, which stand in few places.
 */
function from(compiled: Compiled, before: Uint8Array, after: Uint8Array | null): Compiled {
  const { recogniser } = compiled;
  const start = recogniser.start === DEAD ? DEAD : read(recogniser, before);
  let places = kept.get(compiled);
  if (places === undefined) kept.set(compiled, (places = new Map()));
  const key = `${start} ${after === null ? "" : `:${after.join()}`}`;
  let rest = places.get(key);
  if (rest === undefined) {
    const own = new Between(recogniser, start, after);
    // What has to follow may be impossible in places: in an automaton they are found.
    const known = after !== null && after.length > 0 && recogniser instanceof Dfa;
    rest = { recogniser: known ? whole(own) : own, decides: after === null || compiled.decides };
    if (places.size >= KEPT) places.clear();
    places.set(key, rest);
  }
  return rest;
}

class Between implements Recogniser {
  readonly exact: boolean;
  readonly classes: Uint8Array | null;
  readonly costly: boolean;

  constructor(
    private readonly whole: Recogniser,
    readonly start: number,
    private readonly after: Uint8Array | null,
  ) {
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

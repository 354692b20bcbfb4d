import { allOf, anyOf, noneOf } from "./automata/combine.js";
import { checkConstraint, type Compiled, type Constraint, TextConstraint } from "./constraint.js";

const joined = (parts: readonly Constraint[], word: string): string => `(${parts.map((c) => c.describe()).join(word)})`;

const identityOf = (word: string, parts: readonly Constraint[]): string | null => {
  const identities = parts.map((p) => p.identity);
  return identities.includes(null) ? null : `${word}${JSON.stringify(identities)}`;
};

const numbers = new WeakMap<Compiled, number>();
let numbered = 0;
const intersections = new Map<string, Compiled>();
const MOST_INTERSECTIONS = 256;

/** All at once. Constraints that differ in what has been read before them may compile to the same: then so does this. */
function together(parts: readonly Compiled[], description: string): Compiled {
  const key = parts
    .map((part) => {
      let number = numbers.get(part);
      if (number === undefined) numbers.set(part, (number = numbered++));
      return number;
    })
    .join();
  let made = intersections.get(key);
  if (made === undefined) {
    const recogniser = allOf(
      parts.map((c) => c.recogniser),
      description,
    );
    made = { recogniser, decides: parts.every((c) => c.decides) };
    if (intersections.size >= MOST_INTERSECTIONS) intersections.clear();
    intersections.set(key, made);
  }
  return made;
}

export const combine = {
  /** All of them hold; true for none. @throws ConstraintError PGLC003 for what is no constraint. */
  and(...parts: readonly Constraint[]): Constraint {
    parts.forEach(checkConstraint);
    const description = joined(parts, " and ");
    return new TextConstraint(
      description,
      (text, environment) => parts.every((c) => c.test(text, environment)),
      () => {
        // What cannot guide is asked at the end.
        const known = parts.map((p) => p.compiled()).filter((c) => c !== null);
        if (known.length === 0 && parts.length > 0) return null;
        const all = together(known, description);
        return known.length === parts.length ? all : { ...all, decides: false };
      },
      identityOf("and", parts),
    );
  },

  /** At least one of them holds; false for none. @throws ConstraintError PGLC003 for what is no constraint. */
  or(...parts: readonly Constraint[]): Constraint {
    parts.forEach(checkConstraint);
    const description = joined(parts, " or ");
    return new TextConstraint(
      description,
      (text, environment) => parts.some((c) => c.test(text, environment)),
      () => {
        const all = parts.map((p) => p.compiled());
        if (!all.every((c): c is Compiled => c !== null)) return null;
        return {
          recogniser: anyOf(
            all.map((c) => c.recogniser),
            description,
          ),
          decides: all.every((c) => c.decides),
        };
      },
      identityOf("or", parts),
    );
  },

  /** It does not hold. @throws ConstraintError PGLC003 for what is no constraint. */
  not(part: Constraint): Constraint {
    checkConstraint(part);
    const description = `not ${part.describe()}`;
    return new TextConstraint(
      description,
      (text, environment) => !part.test(text, environment),
      () => {
        const compiled = part.compiled();
        // A recogniser that accepts too much says nothing about what is outside.
        if (compiled === null || !compiled.decides) return null;
        return { recogniser: noneOf(compiled.recogniser, description), decides: true };
      },
      identityOf("not", [part]),
    );
  },
} as const;

/** Constraints on text: what `observe s matches C` decides. */
import { checkConstraint, type Constraint, TextConstraint } from "./constraint.js";
import { chars, tokens, words } from "./lengths.js";
import { regex } from "./regex.js";

export { Constraint } from "./constraint.js";
export { ConstraintError } from "./errors.js";
export type { TokenCounter } from "./lengths.js";

/** Makers of constraints, by the names programs use. */
export const constraint = {
  regex,
  chars,
  words,
  tokens,

  /** The text is this string, or one of these. */
  text(options: string | readonly string[]): Constraint {
    const all = typeof options === "string" ? [options] : [...options];
    const set = new Set(all);
    const shown = all.map((s) => JSON.stringify(s));
    return new TextConstraint(typeof options === "string" ? shown[0]! : `[${shown.join(", ")}]`, (text) =>
      set.has(text),
    );
  },

  /** The text has this string in it. */
  contains(part: string): Constraint {
    return new TextConstraint(`contains(${JSON.stringify(part)})`, (text) => text.includes(part));
  },

  starts_with(part: string): Constraint {
    return new TextConstraint(`starts_with(${JSON.stringify(part)})`, (text) => text.startsWith(part));
  },

  ends_with(part: string): Constraint {
    return new TextConstraint(`ends_with(${JSON.stringify(part)})`, (text) => text.endsWith(part));
  },

  /** All of them hold; true for none. @throws ConstraintError PGLC003 for what is no constraint. */
  and(...parts: readonly Constraint[]): Constraint {
    parts.forEach(checkConstraint);
    return new TextConstraint(joined(parts, " and "), (text, environment) =>
      parts.every((c) => c.test(text, environment)),
    );
  },

  /** At least one of them holds; false for none. @throws ConstraintError PGLC003 for what is no constraint. */
  or(...parts: readonly Constraint[]): Constraint {
    parts.forEach(checkConstraint);
    return new TextConstraint(joined(parts, " or "), (text, environment) =>
      parts.some((c) => c.test(text, environment)),
    );
  },

  /** It does not hold. @throws ConstraintError PGLC003 for what is no constraint. */
  not(part: Constraint): Constraint {
    checkConstraint(part);
    return new TextConstraint(`not ${part.describe()}`, (text, environment) => !part.test(text, environment));
  },
} as const;

const joined = (parts: readonly Constraint[], word: string): string => `(${parts.map((c) => c.describe()).join(word)})`;

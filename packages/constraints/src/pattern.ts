import type { Constraint } from "./constraint.js";
import { regex } from "./regex.js";
import { escapeRegex } from "./regex/escape.js";

/**
 * A regular expression with values in it: `texts` are its pieces, `values` stand between them and mean themselves, whatever
 * characters they are made of. A value is one piece, so that what follows it (`*`, `{2}`) is said of all of it; within `[…]`
 * it adds its characters.
 * @throws ConstraintError PGLC001 when the expression is malformed.
 */
export function pattern(texts: readonly string[], values: readonly string[], flags = ""): Constraint {
  let source = "";
  let depth = 0;
  texts.forEach((text, i) => {
    source += text;
    depth = classesAfter(text, depth, flags.includes("v"));
    const value = values[i];
    if (value === undefined) return;
    source += depth > 0 ? escapeRegex(value) : `(?:${escapeRegex(value)})`;
  });
  return regex(source, flags);
}

/** How many `[` are open after a piece of an expression: one at most, but with the flag `v`. */
function classesAfter(source: string, depth: number, nested: boolean): number {
  for (let i = 0; i < source.length; i++) {
    if (source[i] === "\\") i++;
    else if (source[i] === "[" && (depth === 0 || nested)) depth++;
    else if (source[i] === "]" && depth > 0) depth--;
  }
  return depth;
}

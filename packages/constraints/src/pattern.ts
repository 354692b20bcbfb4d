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
  let inClass = false;
  texts.forEach((text, i) => {
    source += text;
    inClass = endsInClass(text, inClass);
    const value = values[i];
    if (value === undefined) return;
    source += inClass ? escapeRegex(value) : `(?:${escapeRegex(value)})`;
  });
  return regex(source, flags);
}

/** Whether a piece of an expression ends within `[…]`. */
export function endsInClass(source: string, within: boolean): boolean {
  for (let i = 0; i < source.length; i++) {
    if (source[i] === "\\") i++;
    else if (source[i] === "[") within = true;
    else if (source[i] === "]") within = false;
  }
  return within;
}

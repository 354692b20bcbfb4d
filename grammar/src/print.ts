import { render } from "./print/document.js";
import { Printer, type Printable } from "./print/printer.js";

/** The width that lines are broken to fit. */
export const lineWidth = 100;

/**
 * A tree as PGL text, for trees that were made and not read: `parse(print(tree))` gives the same tree up to spans and the
 * `raw` spelling of literals, for every tree that a program can have. Numbers and strings are written as their `raw` says
 * where that agrees with their value, and from the value otherwise.
 *
 * Trees that no program has are printed as near as can be: a `MissingExpression` as `none`, a list of one union member as
 * the member.
 */
export function print(node: Printable): string {
  const text = render(new Printer().print(node), lineWidth);
  return node.kind === "Module" && text !== "" ? `${text}\n` : text;
}

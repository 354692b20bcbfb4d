import type { Diagnostic } from "./diagnostic.js";
import { lineStarts } from "./locate.js";
import { parseWithComments } from "./parse.js";
import { lineWidth } from "./print.js";
import { Comments } from "./print/comments.js";
import { render } from "./print/document.js";
import { Printer } from "./print/printer.js";

/**
 * A program in the standard layout: two spaces a level, lines of at most 100 characters where they can be broken. Keeps
 * every comment, blank lines between things (one at most), brackets around operations, the spelling of literals, and lists,
 * records and bodies that were opened over several lines.
 *
 * The formatted text reads as the same tree, and formatting it again changes nothing. A text with syntax errors is given
 * back as it is, with them.
 */
export function format(text: string): { text: string; diagnostics: readonly Diagnostic[] } {
  const { tree, diagnostics, comments, bracketed } = parseWithComments(text);
  if (diagnostics.some((each) => each.severity === "error")) return { text, diagnostics };
  const printer = new Printer({ text, comments: new Comments(text, comments, lineStarts(text)), bracketed });
  const formatted = render(printer.print(tree), lineWidth);
  return { text: formatted === "" ? "" : `${formatted}\n`, diagnostics };
}

import type { Module } from "./ast.js";
import type { Diagnostic } from "./diagnostic.js";
import type { Comment } from "./lexer.js";
import { lineStarts } from "./locate.js";
import { parseWithComments } from "./parse.js";
import { lineWidth } from "./print.js";
import { Comments } from "./print/comments.js";
import { render } from "./print/document.js";
import { Printer } from "./print/printer.js";
import { problem } from "./problem.js";

/**
 * A program in the standard layout: two spaces a level, lines of at most 100 characters where they can be broken. Keeps
 * every comment, blank lines between things (one at most), brackets around operations, the spelling of literals, and lists,
 * records and bodies that were opened over several lines.
 *
 * The formatted text reads as the same tree, and formatting it again changes nothing. A text with syntax errors is given
 * back as it is, with them. A text that could not be laid out without a change of meaning would be given back as it is as
 * well, with the warning PGL1034.
 */
export function format(text: string): { text: string; diagnostics: readonly Diagnostic[] } {
  const original = parseWithComments(text);
  const { diagnostics } = original;
  if (diagnostics.some((each) => each.severity === "error")) return { text, diagnostics };
  let current = { text, parsed: original };
  // A comment that finds its place in one pass may move what is around it in the next.
  for (let pass = 0; pass < maximumPasses; pass++) {
    const next = layOut(current.text, current.parsed);
    if (next === current.text) return { text: next, diagnostics };
    const parsed = parseWithComments(next);
    if (!sameProgram(original, parsed)) break;
    current = { text: next, parsed };
  }
  const span = { start: 0, end: Math.min(1, text.length) };
  const left = problem(
    "PGL1034",
    span,
    "this program could not be formatted without changing it and was left as it is",
    {
      severity: "warning",
      hint: "comments in unusual places can be the reason",
    },
  );
  return { text, diagnostics: [...diagnostics, left.diagnostic] };
}

const maximumPasses = 6;

type Parsed = ReturnType<typeof parseWithComments>;

function layOut(text: string, { tree, comments, bracketed }: Parsed): string {
  const printer = new Printer({ text, comments: new Comments(text, comments, lineStarts(text)), bracketed });
  const formatted = render(printer.print(tree), lineWidth);
  return formatted === "" ? "" : `${formatted}\n`;
}

function sameProgram(before: Parsed, after: Parsed): boolean {
  if (after.diagnostics.some((each) => each.severity === "error")) return false;
  return sameComments(before.comments, after.comments) && sameTree(before.tree, after.tree);
}

function sameComments(before: readonly Comment[], after: readonly Comment[]): boolean {
  const texts = (comments: readonly Comment[]) => comments.map((each) => each.text.trimEnd()).sort();
  const [a, b] = [texts(before), texts(after)];
  return a.length === b.length && a.every((each, i) => each === b[i]);
}

/** Whether two trees are equal but for their spans; without recursion into them. */
function sameTree(before: Module, after: Module): boolean {
  const stack: [unknown, unknown][] = [[before, after]];
  for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
    const [a, b] = pair;
    if (Object.is(a, b)) continue;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length) return false;
    for (const key of keys) {
      if (key !== "span") stack.push([(a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]]);
    }
  }
  return true;
}

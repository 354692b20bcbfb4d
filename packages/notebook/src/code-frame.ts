import type { Site } from "@pgl/core";

/** The line of a site with those around it, and a mark below what the site covers; null when the text has no such line. */
export function codeFrame(
  text: string,
  { line = 0, column = 1, start, end }: Pick<Site, "line" | "column" | "start" | "end">,
): string | null {
  const lines = text.split(/\r?\n/);
  const at = lines[line - 1];
  if (at === undefined) return null;
  const first = Math.max(1, line - 1);
  const last = Math.min(lines.length, line + 1);
  const digits = String(last).length;
  // A site that knows only where it begins covers the word there.
  const length =
    start !== undefined && end !== undefined ? end - start : (/^\w+/.exec(at.slice(column - 1))?.[0].length ?? 1);
  const marked = Math.max(1, Math.min(length, at.length - column + 1));
  const shown: string[] = [];
  for (let n = first; n <= last; n++) {
    shown.push(`${n === line ? "> " : "  "}${String(n).padStart(digits)} | ${lines[n - 1]}`.trimEnd());
    // Tabs of the line above keep the mark below what it is about.
    if (n === line)
      shown.push(`  ${" ".repeat(digits)} | ${at.slice(0, column - 1).replace(/[^\t]/g, " ")}${"^".repeat(marked)}`);
  }
  return shown.join("\n");
}

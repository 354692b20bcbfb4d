/** Characters of a line shown at most. */
const WIDTH = 160;
/** Characters shown before what is marked, where the line's beginning is cut off. */
const BEFORE = 40;

/** What is shown of a line, and how far its characters have moved to the left. */
export interface Excerpt {
  readonly text: string;
  readonly shift: number;
}

/**
 * A line as a code frame shows it: very long ones cut around the columns that matter (from 1; the end is the first not
 * marked), with `…` for what is left out. Columns of the line less `shift` are columns of the excerpt.
 */
export function excerpt(line: string, column = 1, end = column): Excerpt {
  if (line.length <= WIDTH) return { text: line, shift: 0 };
  const fits = end <= WIDTH;
  const from = fits ? 0 : Math.max(0, Math.min(column - 1 - BEFORE, line.length - WIDTH));
  const to = Math.min(line.length, from + WIDTH);
  const head = from > 0 ? "…" : "";
  return { text: `${head}${line.slice(from, to)}${to < line.length ? "…" : ""}`, shift: from - head.length };
}

import { reached, type Row } from "./row.js";

/** The rows as people read them. */
export function showTable(rows: readonly Row[]): string {
  const lines = rows.map((row) => [
    row.suite,
    row.what,
    `${number(row.measured)} ${row.unit}`,
    row.peer === undefined ? "" : `${row.peer.name}: ${number(row.peer.measured)}`,
    row.ratio === undefined ? "" : `${number(row.ratio)} ${row.ratioOf ?? ""}`,
    goalOf(row),
  ]);
  const head = ["suite", "what", "measured", "against", "ratio", "goal"];
  const widths = head.map((title, i) => Math.max(title.length, ...lines.map((line) => line[i]!.length)));
  const show = (line: readonly string[]): string =>
    line
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join("  ")
      .trimEnd();
  const notes = rows.filter((row) => row.note !== undefined).map((row) => `${row.suite}, ${row.what}: ${row.note}`);
  return [
    show(head),
    show(widths.map((w) => "─".repeat(w))),
    ...lines.map(show),
    ...(notes.length > 0 ? ["", ...notes] : []),
  ].join("\n");
}

function goalOf(row: Row): string {
  if (row.goal === undefined) return "";
  const { of, relation, bound } = row.goal;
  const sign = relation === "at least" ? "≥" : "≤";
  return `${sign} ${number(bound)}${of === "ratio" ? "×" : ""} ${reached(row) === true ? "reached" : "MISSED"}`;
}

/** Three digits are all that a benchmark on a busy machine can tell. */
export function number(x: number): string {
  if (x >= 1e6) return `${digits(x / 1e6)}M`;
  if (x >= 1e4) return `${digits(x / 1e3)}k`;
  return digits(x);
}

const digits = (x: number): string => (Math.abs(x) >= 100 ? x.toFixed(0) : x.toPrecision(3));

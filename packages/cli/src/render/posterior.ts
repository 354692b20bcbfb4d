import { show, type Posterior } from "@pgl/core";
import { short } from "./number.js";
import type { Colors } from "./paint.js";
import { width, wrap } from "./width.js";

/** Rows of a table, bins of a histogram, columns of a bar. */
const ROWS = 12;
const BINS = 10;
const BAR = 20;
/** More different numbers than this are summarised, not listed. */
const MANY = 24;
/** Lines a single value may take. */
const LINES = 6;

/**
 * A posterior for people: its values by weight, each with a bar; many different numbers as their mean, quantiles and a
 * histogram.
 */
export function renderPosterior(posterior: Posterior<unknown>, columns: number, c: Colors): string {
  const { atoms } = posterior;
  if (atoms.length === 0) return `${c.dim("(nothing has positive weight)")}\n`;
  const numbers = atoms.every((a) => typeof a.value === "number" && Number.isFinite(a.value));
  return numbers && atoms.length > MANY
    ? renderNumbers(posterior as Posterior<number>, c)
    : renderTable(posterior, columns, c);
}

function renderTable({ atoms }: Posterior<unknown>, columns: number, c: Colors): string {
  const shown = atoms.slice(0, ROWS);
  const largest = shown[0]!.weight;
  const lines: string[] = [];
  const label = 8;
  const indent = label + 2 + BAR + 2;
  for (const { value, weight } of shown) {
    const pieces = wrap(typeof value === "string" ? `"${harmless(value)}"` : show(value), columns - indent);
    const head = `${percent(weight).padStart(label)}  ${c.cyan(bar(weight / largest).padEnd(BAR))}  `;
    pieces.slice(0, LINES).forEach((piece, i) => lines.push(i === 0 ? head + piece : " ".repeat(indent) + piece));
    if (pieces.length > LINES) lines.push(" ".repeat(indent) + c.dim(`… ${pieces.length - LINES} more lines`));
  }
  const rest = atoms.slice(ROWS);
  if (rest.length > 0) {
    const mass = rest.reduce((sum, a) => sum + a.weight, 0);
    lines.push(`${percent(mass).padStart(label)}  ${c.dim(`${rest.length} more values`)}`);
  }
  return `${lines.join("\n")}\n`;
}

function renderNumbers(posterior: Posterior<number>, c: Colors): string {
  const { atoms } = posterior;
  const lines = [
    `mean ${c.bold(short(posterior.mean()))}   sd ${short(Math.sqrt(posterior.variance()))}   ` +
      [0.05, 0.25, 0.5, 0.75, 0.95].map((q) => `${c.dim(`${q * 100}%`)} ${short(posterior.quantile(q))}`).join("   "),
  ];
  // The outermost half percent on each side would squeeze the rest into one bin.
  const low = posterior.quantile(0.005);
  const high = posterior.quantile(0.995);
  if (high > low) {
    const mass = new Array<number>(BINS).fill(0);
    for (const { value, weight } of atoms) {
      const bin = Math.floor(((value - low) / (high - low)) * BINS);
      if (value >= low && value <= high) mass[Math.min(bin, BINS - 1)]! += weight;
    }
    const edges = mass.map((_, i) => short(low + ((high - low) * i) / BINS));
    const room = Math.max(...edges.map(width));
    const largest = Math.max(...mass);
    mass.forEach((m, i) =>
      lines.push(`  ${edges[i]!.padStart(room)}  ${c.cyan(bar(m / largest).padEnd(BAR))}  ${percent(m)}`),
    );
  }
  return `${lines.join("\n")}\n`;
}

/** A text as it is, line breaks too; control characters, which a language model may well draw, are spelled out. */
const harmless = (text: string): string =>
  text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (c) => (c === "\n" ? c : `\\u{${c.codePointAt(0)!.toString(16)}}`));

const percent = (weight: number): string =>
  weight >= 0.0001 || weight === 0 ? `${(weight * 100).toFixed(2)}%` : `${(weight * 100).toExponential(1)}%`;

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of `share` (0 to 1) of its full length, to an eighth of a column. */
function bar(share: number): string {
  const eighths = Math.round(share * BAR * 8);
  return "█".repeat(eighths >> 3) + EIGHTHS[eighths & 7]!;
}

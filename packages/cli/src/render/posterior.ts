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
const LINES = 12;

/** Records and lists with more numbers than this are listed as they are. */
const COMPONENTS = 32;

/**
 * A posterior for people: its values by weight, each with a bar. Many different numbers are shown by their mean, quantiles
 * and a histogram; many different records, tuples or lists of numbers by the mean and quantiles of each component.
 */
export function renderPosterior(posterior: Posterior<unknown>, columns: number, c: Colors): string {
  const { atoms } = posterior;
  if (posterior.isSigned) return renderSigned(posterior, columns, c);
  if (atoms.length === 0) return `${c.dim("(nothing has positive weight)")}\n`;
  if (atoms.length > MANY) {
    if (atoms.every((a) => isFinite(a.value))) return renderNumbers(posterior as Posterior<number>, c);
    const names = componentsOf(posterior);
    if (names !== null) return renderComponents(posterior as Posterior<Components>, names, c);
  }
  return renderTable(posterior, columns, c);
}

const isFinite = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

type Components = Readonly<Record<string, number>>;

/** What the components of every value are called, when all are numbers and all values have the same. */
function componentsOf({ atoms }: Posterior<unknown>): readonly string[] | null {
  const parts = (value: unknown): readonly (readonly [string, unknown])[] | null => {
    if (typeof value !== "object" || value === null) return null;
    const prototype: unknown = Object.getPrototypeOf(value);
    return Array.isArray(value) || prototype === Object.prototype || prototype === null ? Object.entries(value) : null;
  };
  const first = parts(atoms[0]!.value)?.map(([name]) => name) ?? [];
  if (first.length === 0 || first.length > COMPONENTS) return null;
  const alike = atoms.every(({ value }) => {
    const own = parts(value);
    return (
      own !== null && own.length === first.length && own.every(([name, part], i) => name === first[i] && isFinite(part))
    );
  });
  return alike ? first : null;
}

/** Weights below zero: there is a mean, and no other summary; of many numbers each by itself says nothing. */
function renderSigned(posterior: Posterior<unknown>, columns: number, c: Colors): string {
  const { atoms } = posterior;
  const numbers = atoms.every((a) => isFinite(a.value));
  const negative = atoms.reduce((sum, { weight }) => sum - Math.min(0, weight), 0);
  const positive = atoms.reduce((sum, { weight }) => sum + Math.max(0, weight), 0);
  const signs = c.dim(`weights with signs: ${short(positive)} positive, ${short(negative)} negative`);
  if (!numbers) return `${signs}\n${renderTable(posterior, columns, c)}`;
  const mean = `mean ${c.bold(short(posterior.mean()))}   ${signs}\n`;
  return atoms.length > MANY ? mean : mean + renderTable(posterior, columns, c);
}

const LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95];

function renderComponents(posterior: Posterior<Components>, names: readonly string[], c: Colors): string {
  const rows = names.map((name) => {
    const part = (value: Components): number => value[name]!;
    return [
      name,
      short(posterior.mean(part)),
      short(Math.sqrt(posterior.variance(part))),
      ...LEVELS.map((q) => short(posterior.quantile(q, part))),
    ];
  });
  const heads = ["", "mean", "sd", ...LEVELS.map((q) => `${q * 100}%`)];
  const widths = heads.map((head, i) => Math.max(width(head), ...rows.map((row) => width(row[i]!))));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("   ");
  return `${[c.dim(line(heads)), ...rows.map(line)].map((text) => `  ${text}`).join("\n")}\n`;
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
    if (pieces.length > LINES)
      lines.push(
        " ".repeat(indent) + c.dim(`… ${pieces.length - LINES} more line${pieces.length === LINES + 1 ? "" : "s"}`),
      );
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
      LEVELS.map((q) => `${c.dim(`${q * 100}%`)} ${short(posterior.quantile(q))}`).join("   "),
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
  Math.abs(weight) >= 0.0001 || weight === 0 ? `${(weight * 100).toFixed(2)}%` : `${(weight * 100).toExponential(1)}%`;

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of `share` (0 to 1) of its full length, to an eighth of a column. */
function bar(share: number): string {
  const eighths = Math.round(Math.max(0, share) * BAR * 8);
  return "█".repeat(eighths >> 3) + EIGHTHS[eighths & 7]!;
}

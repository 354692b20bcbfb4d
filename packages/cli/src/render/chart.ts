import { short } from "./number.js";

/** A point of a line: its place, and how far its error reaches up and down. */
export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  readonly error: number;
}

export interface ChartLine {
  readonly label: string;
  readonly points: readonly ChartPoint[];
}

/** An axis: positions of values in [0, 1], and the numbers written beside it. */
export interface Axis {
  readonly ticks: readonly number[];
  readonly isLogarithmic: boolean;
  at(value: number): number;
}

/** Values this many times apart are shown by their logarithms, and costs, which are doubled and doubled again. */
const WIDE = 12;
const WIDE_COSTS = 4;

/** By logarithms when all values are positive and `wide` times apart; with some room at both ends. */
export function axisOf(values: readonly number[], wide = WIDE): Axis {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const isLogarithmic = low > 0 && high / low >= wide;
  const scaled = (value: number): number => (isLogarithmic ? Math.log10(value) : value);
  const [from, to] = [scaled(low), scaled(high)];
  const room = to > from ? 0.06 * (to - from) : Math.max(0.5, Math.abs(from) * 0.1);
  const [start, end] = [from - room, to + room];
  return {
    isLogarithmic,
    ticks: isLogarithmic ? decades(start, end) : rounds(start, end),
    at: (value) => (scaled(value) - start) / (end - start),
  };
}

/** Powers of ten, with 2 and 5 between them where there are few. */
function decades(start: number, end: number): number[] {
  const found: number[] = [];
  const between = end - start > 3 ? [1] : end - start > 1.6 ? [1, 3] : [1, 2, 5];
  for (let power = Math.floor(start); power <= Math.ceil(end); power++) {
    for (const factor of between) {
      const at = power + Math.log10(factor);
      if (at >= start && at <= end) found.push(Number((factor * 10 ** power).toPrecision(12)));
    }
  }
  return found;
}

/** Four or so round numbers. */
function rounds(start: number, end: number): number[] {
  const raw = (end - start) / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((m) => m * power >= raw) ?? 10);
  const found: number[] = [];
  for (let k = Math.ceil(start / step); k * step <= end; k++) found.push(Number((k * step).toPrecision(12)));
  return found;
}

/** Marks of the first lines; those after begin anew. */
export const MARKS = ["●", "▲", "■", "◆", "✚", "○", "△", "□"] as const;

/** The axes of lines: of the values and, on the vertical one, of what their errors reach where that can be shown. */
export function axesOf(lines: readonly ChartLine[]): { readonly x: Axis; readonly y: Axis } {
  const points = lines.flatMap((line) => line.points);
  const values = points.map(({ y }) => y);
  const allPositive = values.every((v) => v > 0);
  const reached = points.flatMap(({ y, error }) => [y - error, y + error]).filter((v) => !allPositive || v > 0);
  return {
    x: axisOf(
      points.map(({ x }) => x),
      WIDE_COSTS,
    ),
    y: axisOf([...values, ...reached]),
  };
}

const COLUMNS = 56;
const ROWS = 13;

/** Lines as a drawing of characters; `color` paints what belongs to the line of that number. */
export function drawChart(
  lines: readonly ChartLine[],
  xName: string,
  yName: string,
  yDetail: string,
  color: (line: number, text: string) => string,
  dim: (text: string) => string,
): string[] {
  const { x, y } = axesOf(lines);
  const cells = Array.from({ length: ROWS }, () => new Array<string>(COLUMNS).fill(" "));
  const column = (value: number): number => clamp(Math.round(x.at(value) * (COLUMNS - 1)), COLUMNS);
  const row = (value: number): number => clamp(Math.round((1 - y.at(value)) * (ROWS - 1)), ROWS);
  lines.forEach(({ points }, i) => {
    for (const { x: at, y: value, error } of points) {
      const bottom = y.isLogarithmic && value - error <= 0 ? ROWS - 1 : row(value - error);
      for (let r = row(value + error); r <= bottom; r++) cells[r]![column(at)] = color(i, "│");
    }
  });
  // Marks are drawn over errors; where two meet, the first is seen.
  [...lines.entries()].reverse().forEach(([i, { points }]) => {
    for (const point of points) cells[row(point.y)]![column(point.x)] = color(i, MARKS[i % MARKS.length]!);
  });
  const labels = new Map(y.ticks.map((tick) => [row(tick), short(tick, 3)]));
  const margin = Math.max(...[...labels.values()].map((text) => text.length));
  const below = new Array<string>(COLUMNS + 8).fill(" ");
  let free = 0;
  for (const tick of x.ticks) {
    const text = short(tick, 3);
    const from = Math.max(0, column(tick) - (text.length >> 1));
    if (from < free) continue;
    for (let k = 0; k < text.length; k++) below[from + k] = text[k]!;
    free = from + text.length + 1;
  }
  const at = " ".repeat(margin);
  return [
    `${at}   ${yName}${y.isLogarithmic ? " (logarithmic)" : ""}${dim(yDetail)}`,
    ...cells.map(
      (cell, r) => ` ${dim(`${(labels.get(r) ?? "").padStart(margin)} ${labels.has(r) ? "┤" : "│"}`)}${cell.join("")}`,
    ),
    ` ${at} ${dim(`└${"─".repeat(COLUMNS)}`)}`,
    ` ${at}  ${dim(below.join("").trimEnd())}`,
    `${at}   ${" ".repeat(Math.max(0, COLUMNS - xName.length))}${xName}`,
    ...lines.map(({ label }, i) => ` ${at}  ${color(i, MARKS[i % MARKS.length]!)} ${label}`),
  ];
}

const clamp = (value: number, size: number): number => Math.max(0, Math.min(size - 1, value));

const WIDTH = 640;
const HEIGHT = 400;
const AREA = { left: 70, right: WIDTH - 20, top: 46, bottom: HEIGHT - 64 };
/** Told apart by people who see colours differently too (Okabe & Ito). */
const PALETTE = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

/** Lines as an SVG document, with error bars and a legend. */
export function chartSvg(
  lines: readonly ChartLine[],
  title: string,
  xName: string,
  yName: string,
  yDetail: string,
): string {
  const { x, y } = axesOf(lines);
  const px = (value: number): number => AREA.left + x.at(value) * (AREA.right - AREA.left);
  const py = (value: number): number => AREA.bottom - y.at(value) * (AREA.bottom - AREA.top);
  const height = HEIGHT + 18 * lines.length;
  const n = (value: number): string => value.toFixed(1);
  const grid = [
    ...y.ticks.map(
      (tick) =>
        `<line x1="${AREA.left}" x2="${AREA.right}" y1="${n(py(tick))}" y2="${n(py(tick))}" stroke="#ddd"/>` +
        `<text x="${AREA.left - 8}" y="${n(py(tick) + 4)}" text-anchor="end">${short(tick, 3)}</text>`,
    ),
    ...x.ticks.map(
      (tick) =>
        `<line x1="${n(px(tick))}" x2="${n(px(tick))}" y1="${AREA.bottom}" y2="${AREA.bottom + 5}" stroke="#888"/>` +
        `<text x="${n(px(tick))}" y="${AREA.bottom + 19}" text-anchor="middle">${short(tick, 3)}</text>`,
    ),
  ];
  const drawn = lines.map(({ points }, i) => {
    const stroke = PALETTE[i % PALETTE.length]!;
    const bars = points.map(({ x: at, y: value, error }) => {
      const bottom = y.isLogarithmic && value - error <= 0 ? AREA.bottom : Math.min(AREA.bottom, py(value - error));
      return `<line x1="${n(px(at))}" x2="${n(px(at))}" y1="${n(py(value + error))}" y2="${n(bottom)}" stroke="${stroke}" stroke-opacity="0.6"/>`;
    });
    const path = points.map((p) => `${n(px(p.x))},${n(py(p.y))}`).join(" ");
    const marks = points.map((p) => svgMark(i, px(p.x), py(p.y), stroke));
    return `${bars.join("")}<polyline points="${path}" fill="none" stroke="${stroke}" stroke-width="1.75"/>${marks.join("")}`;
  });
  const legend = lines.map(
    ({ label }, i) =>
      `${svgMark(i, AREA.left + 6, HEIGHT - 4 + 18 * i, PALETTE[i % PALETTE.length]!)}<text x="${AREA.left + 18}" y="${HEIGHT + 18 * i}">${escape(label)}</text>`,
  );
  const named = (name: string, axis: Axis): string => escape(axis.isLogarithmic ? `${name} (logarithmic)` : name);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12">` +
    `<rect width="${WIDTH}" height="${height}" fill="white"/>` +
    `<text x="${AREA.left}" y="16" font-weight="bold">${escape(title)}</text>` +
    `<text x="${AREA.left}" y="36">${named(yName, y)}${escape(yDetail)}</text>` +
    `<text x="${AREA.right}" y="${AREA.bottom + 38}" text-anchor="end">${named(xName, x)}</text>` +
    grid.join("") +
    `<rect x="${AREA.left}" y="${AREA.top}" width="${AREA.right - AREA.left}" height="${AREA.bottom - AREA.top}" fill="none" stroke="#888"/>` +
    `${drawn.join("")}${legend.join("")}</svg>\n`
  );
}

/** Lines differ in shape too, not only in colour. */
function svgMark(line: number, x: number, y: number, fill: string): string {
  const n = (value: number): string => value.toFixed(1);
  switch (line % 4) {
    case 0:
      return `<circle cx="${n(x)}" cy="${n(y)}" r="4" fill="${fill}"/>`;
    case 1:
      return `<path d="M${n(x)} ${n(y - 5)}l5 9h-10z" fill="${fill}"/>`;
    case 2:
      return `<rect x="${n(x - 4)}" y="${n(y - 4)}" width="8" height="8" fill="${fill}"/>`;
    default:
      return `<path d="M${n(x)} ${n(y - 5)}l5 5l-5 5l-5-5z" fill="${fill}"/>`;
  }
}

const escape = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

import type { CalibrationResult, CalibrationTest } from "@pgl/core";
import { grouped } from "./number.js";
import type { Colors } from "./paint.js";

/** Bins of a rank histogram; columns of its longest bar. */
const BINS = 10;
const BAR = 40;
/** Columns and rows of the coverage curve. */
const COLUMNS = 41;
const ROWS = 11;

/** A calibration for people: the verdict, each test, a rank histogram and the coverage curve. */
export function renderCalibration(result: CalibrationResult, title: string, c: Colors): string {
  const { simulations, draws, attempts, empty, tests } = result;
  const lines = [
    title,
    c.dim(
      `${grouped(simulations)} simulations of result and data, ${grouped(draws)} draws of each posterior` +
        (attempts > 1.005 ? `; ${attempts.toFixed(1)} executions for one whose conditions hold` : ""),
    ),
    "",
  ];
  const ranks = worstOf(tests, "rank");
  if (ranks !== undefined) lines.push(...histogram(ranks, c), "");
  const coverage = worstOf(tests, "coverage");
  if (coverage !== undefined) lines.push(...curve(coverage, c), "");
  const width = Math.max(0, ...tests.map((t) => nameOf(t).length));
  for (const test of tests) {
    const p = `p ${test.probability < 0.001 ? "< 0.001" : `= ${test.probability.toFixed(3)}`}`;
    const finding = test.finding === "" ? "" : `  ${test.finding}`;
    lines.push(`  ${test.passed ? c.green("✓") : c.red("✗")} ${nameOf(test).padEnd(width)}  ${p}${finding}`);
  }
  if (empty > 0)
    lines.push(`  ${c.red("✗")} ${grouped(empty)} posteriors were empty: no execution had positive weight`);
  lines.push("", verdict(result, c));
  return `${lines.join("\n")}\n`;
}

function verdict({ calibrated, falseAlarmRate, tests, simulations, empty }: CalibrationResult, c: Colors): string {
  const rate = c.dim(`A right method is called wrong in ${falseAlarmRate * 100}% of calibrations.`);
  if (calibrated)
    return `${c.green("Calibrated:")} in ${grouped(simulations)} simulations nothing is wrong that these tests show. ${rate}`;
  const failed = tests.filter((t) => !t.passed).length;
  const what = [
    ...(failed > 0 ? [`${failed} of ${tests.length} tests failed`] : []),
    ...(empty > 0 ? [`${grouped(empty)} of ${grouped(simulations)} posteriors were empty`] : []),
  ];
  return `${c.red("Not calibrated:")} ${what.join(", and ")}. ${rate}`;
}

/** Of several parts, what looks worst is drawn. */
const worstOf = (tests: readonly CalibrationTest[], kind: CalibrationTest["kind"]): CalibrationTest | undefined =>
  tests
    .filter((t) => t.kind === kind)
    .reduce<CalibrationTest | undefined>(
      (worst, t) => (worst === undefined || t.probability < worst.probability ? t : worst),
      undefined,
    );

function nameOf({ kind, statistic }: CalibrationTest): string {
  const of = statistic === "" ? "the result" : `result${statistic}`;
  switch (kind) {
    case "rank":
      return `rank of ${of}`;
    case "rank by data":
      return `rank of ${of}, turned by the data`;
    case "coverage":
      return "coverage";
    case "coverage by data":
      return "coverage, by data";
  }
}

function binsOf({ values }: CalibrationTest, bins: number): number[] {
  const counts = Array.from({ length: bins }, () => 0);
  for (const v of values) counts[Math.min(bins - 1, Math.floor(v * bins))]!++;
  return counts;
}

/** How many values a bin has in all but 1% of cases, by the normal approximation. */
function bandOf(n: number, bins: number): readonly [number, number] {
  const expected = n / bins;
  const half = 2.576 * Math.sqrt(expected * (1 - 1 / bins));
  return [Math.max(0, expected - half), expected + half];
}

function histogram(test: CalibrationTest, c: Colors): string[] {
  const counts = binsOf(test, BINS);
  const [low, high] = bandOf(test.values.length, BINS);
  const scale = BAR / Math.max(high, ...counts);
  const [from, to] = [Math.round(low * scale), Math.round(high * scale)];
  const lines = [`${nameOf(test)}; 99% of bars end between ▓ and ]`];
  counts.forEach((count, i) => {
    const length = Math.round(count * scale);
    const inside = count >= low && count <= high;
    const bar = Array.from({ length }, (_, k) => (k === from ? "▓" : k === to ? "]" : "█")).join("");
    const rest = Array.from({ length: Math.max(to + 1, length) - length }, (_, k) => {
      const at = length + k;
      return at === from ? "[" : at === to ? "]" : " ";
    }).join("");
    const label = `${(i / BINS).toFixed(1)}–${((i + 1) / BINS).toFixed(1)}`;
    lines.push(`  ${c.dim(label)} ${inside ? bar : c.red(bar)}${c.dim(rest)} ${count}`);
  });
  return lines;
}

/** Share of values that are at most `x`. */
const shareUpTo = (values: readonly number[], x: number): number =>
  values.filter((v) => v <= x).length / Math.max(1, values.length);

function curve(test: CalibrationTest, c: Colors): string[] {
  const rows = Array.from({ length: ROWS }, () => Array.from({ length: COLUMNS }, () => " "));
  for (let k = 0; k < COLUMNS; k++) {
    const x = k / (COLUMNS - 1);
    const place = (share: number): number => ROWS - 1 - Math.round(share * (ROWS - 1));
    rows[place(x)]![k] = c.dim("·");
    rows[place(shareUpTo(test.values, x))]![k] = "●";
  }
  return [
    `${nameOf(test)}: how often the true result is inside (up), of regions that should have it so often (right)`,
    ...rows.map((row, i) => {
      const label = i === 0 ? "1.0" : i === ROWS - 1 ? "0.0" : i === (ROWS - 1) / 2 ? "0.5" : "   ";
      return `  ${c.dim(`${label} │`)}${row.join("")}`;
    }),
    `  ${c.dim(`    └${"─".repeat(COLUMNS)}`)}`,
    `  ${c.dim(`     0.0${" ".repeat((COLUMNS - 9) / 2)}0.5${" ".repeat((COLUMNS - 9) / 2)}1.0`)}`,
  ];
}

const SIDE = 240;
const MARGIN = 40;

/** The rank histogram and the coverage curve as one picture. */
export function calibrationSvg(result: CalibrationResult): string {
  const panels = [
    ...(["rank", "coverage"] as const).flatMap((kind) => {
      const test = worstOf(result.tests, kind);
      return test === undefined ? [] : [test];
    }),
  ];
  const width = panels.length * (SIDE + MARGIN) + MARGIN;
  const height = SIDE + 2 * MARGIN + 20;
  const drawn = panels.map((test, i) => {
    const inside = test.kind === "rank" ? svgHistogram(test) : svgCurve(test);
    return `<g transform="translate(${MARGIN + i * (SIDE + MARGIN)},${MARGIN})"><text x="0" y="-12">${escape(nameOf(test))}, p = ${test.probability.toFixed(3)}</text>${inside}<rect width="${SIDE}" height="${SIDE}" fill="none" stroke="#888"/></g>`;
  });
  const word = result.calibrated ? "calibrated" : "not calibrated";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12"><rect width="${width}" height="${height}" fill="white"/>${drawn.join("")}<text x="${MARGIN}" y="${height - 24}">${word}; ${result.simulations} simulations, ${result.draws} draws each, false-alarm rate ${result.falseAlarmRate}</text></svg>\n`;
}

function svgHistogram(test: CalibrationTest): string {
  const bins = 20;
  const counts = binsOf(test, bins);
  const [low, high] = bandOf(test.values.length, bins);
  const scale = SIDE / (1.1 * Math.max(high, ...counts));
  const y = (count: number): string => (SIDE - count * scale).toFixed(1);
  const step = SIDE / bins;
  const bars = counts.map((count, i) => {
    const fill = count < low || count > high ? "#c0392b" : "#4a7ab5";
    return `<rect x="${(i * step + 1).toFixed(1)}" y="${y(count)}" width="${(step - 2).toFixed(1)}" height="${(count * scale).toFixed(1)}" fill="${fill}"/>`;
  });
  const band = `<rect x="0" y="${y(high)}" width="${SIDE}" height="${((high - low) * scale).toFixed(1)}" fill="#ddd"/>`;
  return band + bars.join("");
}

function svgCurve(test: CalibrationTest): string {
  const n = test.values.length;
  // Where 99% of curves are all the way: the Kolmogorov–Smirnov band.
  const half = (1.628 / Math.sqrt(n)) * SIDE;
  const sorted = [...test.values].sort((a, b) => a - b);
  const points = sorted.map((v, i) => `${(v * SIDE).toFixed(1)},${(SIDE - ((i + 1) / n) * SIDE).toFixed(1)}`);
  const clip = `<clipPath id="panel"><rect width="${SIDE}" height="${SIDE}"/></clipPath>`;
  const band = `<polygon points="0,${SIDE - half} ${SIDE},${-half} ${SIDE},${half} 0,${SIDE + half}" fill="#ddd" clip-path="url(#panel)"/>`;
  return `${clip}${band}<line x1="0" y1="${SIDE}" x2="${SIDE}" y2="0" stroke="#888" stroke-dasharray="4"/><polyline points="0,${SIDE} ${points.join(" ")} ${SIDE},0" fill="none" stroke="#4a7ab5" stroke-width="2"/>`;
}

const escape = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

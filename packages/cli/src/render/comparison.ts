import type { ComparedPoint, Comparison, Estimate } from "@pgl/core";
import { chartSvg, drawChart, type ChartLine } from "./chart.js";
import { duration, grouped, short } from "./number.js";
import type { Colors } from "./paint.js";
import { wrap } from "./width.js";

/** What is drawn: the gap of the bounds where every method has one, else the lower bounds with the spread of log Ẑ. */
interface Drawing {
  readonly lines: readonly ChartLine[];
  readonly x: string;
  readonly y: string;
  readonly detail: string;
}

function drawingOf({ methods, cost, repeats }: Comparison): Drawing {
  const gaps = methods.every(({ points }) => points.some(({ gap }) => gap !== null));
  const lines = methods.map(({ label, points }) => ({
    label,
    points: points.flatMap((point) => {
      const x = costOf(point, cost);
      if (gaps) return point.gap === null ? [] : [{ x, y: point.gap.estimate, error: point.gap.stderr ?? 0 }];
      return point.lower.estimate === -Infinity
        ? []
        : [{ x, y: point.lower.estimate, error: point.spread ?? point.lower.stderr ?? 0 }];
    }),
  }));
  return {
    lines: lines.filter(({ points }) => points.length > 0),
    x: `${cost} of one run`,
    y: gaps ? "gap of the bounds, nats" : "E[log Ẑ] ≤ log Z, nats",
    detail: gaps
      ? "; KL(q‖σ) + KL(σ‖q) is below; bars: standard errors"
      : `; bars: spread of log Ẑ over ${repeats} runs`,
  };
}

const costOf = ({ tokens, executions }: ComparedPoint, cost: Comparison["cost"]): number =>
  cost === "model tokens" ? tokens : executions;

/** A comparison for people: the drawing, a table, and why some bounds are missing. */
export function renderComparison(comparison: Comparison, title: string, columns: number, c: Colors): string {
  const { exactDraws, notes, repeats, methods } = comparison;
  const { lines, x, y, detail } = drawingOf(comparison);
  const paints = [c.cyan, c.yellow, c.green, c.magenta, c.blue, c.red];
  const text = [
    title,
    c.dim(
      `${repeats} runs at each point` +
        (exactDraws === null
          ? "; no upper bounds"
          : `, and ${repeats} given an exact draw (${exactDraws.by}, ${grouped(exactDraws.looked)} ${exactDraws.by === "enumeration" ? "states" : "executions"})` +
            (exactDraws.logZ === null ? "" : `; log Z is ${short(exactDraws.logZ)}`)),
    ),
    "",
    ...(lines.length === 0
      ? [c.yellow("Every run lost all its executions: there is nothing to draw.")]
      : drawChart(lines, x, y, detail, (line, mark) => paints[line % paints.length]!(mark), c.dim)),
    "",
    ...table(comparison, c),
  ];
  if (methods.some(({ points }) => points.some(({ survived }) => survived < repeats))) {
    text.push(
      "",
      ...wrap(
        "Where runs lost all their executions, the lower bound is E[log Ẑ | survival] + log P(survival), and the gap is about what survives.",
        columns,
      ).map(c.dim),
    );
  }
  for (const note of notes) text.push(...wrap(`No upper bound: ${note}.`, columns).map(c.dim));
  return `${text.join("\n")}\n`;
}

function table({ methods, cost, repeats }: Comparison, c: Colors): string[] {
  const heads = ["", "budget", cost, "time", "lower bound", "upper bound", "gap", "spread of log Ẑ", "survived"];
  const rows = methods.flatMap(({ label, points }) =>
    points.map((point) => [
      label,
      point.budget === null ? "" : grouped(point.budget),
      grouped(costOf(point, cost)),
      duration(point.time),
      withError(point.lower),
      point.upper === null ? "–" : withError(point.upper),
      point.gap === null ? "–" : withError(point.gap),
      point.spread === null ? "–" : short(point.spread, 3),
      point.survived === repeats ? "" : `${point.survived} of ${repeats}`,
    ]),
  );
  const shown = heads.map((_, i) => i === 0 || rows.some((row) => row[i] !== "" && row[i] !== "–"));
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, i) => (i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!)))
      .filter((_, i) => shown[i])
      .join("  ")
      .trimEnd();
  return [c.dim(line(heads)), ...rows.map(line)].map((text) => `  ${text}`);
}

const withError = ({ estimate, stderr }: Estimate): string =>
  stderr === null ? short(estimate) : `${short(estimate, 3)} ± ${short(stderr, 2)}`;

/** The drawing as an SVG document; null when there is nothing to draw. */
export function comparisonSvg(comparison: Comparison, title: string): string | null {
  const { lines, x, y, detail } = drawingOf(comparison);
  return lines.length === 0 ? null : chartSvg(lines, title, x, y, detail);
}

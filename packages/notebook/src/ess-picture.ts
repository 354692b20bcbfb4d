import type { HistoryEntry, Posterior } from "@pgl/core";
import { element, type Markup } from "./markup.js";
import { counted, grouped, particles, short } from "./numbers.js";
import { axes, bottomAxis, colors, curve, emptyPicture, picture, scale, WIDTH } from "./picture.js";

const AREA = { left: 46, right: WIDTH - 12, top: 30, bottom: 150 };
const counts = (values: readonly number[]): readonly string[] => values.map(grouped);
const HEIGHT = 186;
const TITLE = "ESS by step";
/** More steps than this are drawn as the lowest ESS of some neighbouring ones. */
const MOST_POINTS = 200;
/** More than so many have no marks of their own. */
const MOST_MARKS = 80;
/** The description names so many steps that were resampled. */
const NAMED_STEPS = 12;

/**
 * The effective sample size of a run by step: how evenly the particles shared the weight before each decision to
 * resample, where they were resampled, and below which ESS that is done.
 */
export function essPicture({ diagnostics, method }: Pick<Posterior<unknown>, "diagnostics" | "method">): Markup {
  const history = diagnostics.history.filter((entry) => Number.isFinite(entry.ess));
  if (history.length === 0) return emptyPicture(TITLE, "There were no steps.");
  const size = numberOption(method.options, "particles") ?? numberOption(method.options, "samples") ?? 0;
  const share = numberOption(method.options, "ess") ?? 0;
  const threshold = size > 0 && share > 0 ? share * size : null;
  const points = thinned(history);
  const most = Math.max(size, ...points.map((entry) => entry.ess), 1);
  const first = history[0]!.step;
  const last = history[history.length - 1]!.step;
  const x = scale(first, last, AREA.left + 4, AREA.right - 4);
  const y = scale(0, most, AREA.bottom, AREA.top);
  const resampled = history.filter((entry) => entry.resampled);
  const crowded = history.length > MOST_MARKS;
  return picture(
    TITLE,
    description(history, resampled, threshold),
    HEIGHT,
    axes(
      AREA,
      { ...bottomAxis(AREA, first, last, true, "step", counts), scale: x },
      { scale: y, ticks: [0, most / 2, most], texts: [0, most / 2, most].map(particles) },
    ),
    threshold !== null && thresholdLine(threshold, y),
    points.length > 1 && curve(points.map((entry) => [x(entry.step), y(entry.ess)])),
    crowded
      ? resampled.map((entry) => tick(x(entry.step)))
      : points.map((entry) => point(entry, x(entry.step), y(entry.ess))),
    legend(resampled.length, crowded, threshold),
  );
}

function thresholdLine(threshold: number, y: (ess: number) => number): Markup {
  const at = y(threshold);
  return element(
    "g",
    {},
    element("title", {}, `Particles are resampled when the ESS is below ${short(threshold)}.`),
    element("line", {
      x1: AREA.left,
      x2: AREA.right,
      y1: at,
      y2: at,
      stroke: colors.accent,
      "stroke-dasharray": "5 4",
      "stroke-width": 1.25,
    }),
  );
}

/** Resampled steps have another shape, not only another colour. */
function point(entry: HistoryEntry, x: number, y: number): Markup {
  const { step, ess, logZ, alive, resampled } = entry;
  const text = `step ${step}: ESS ${short(ess)}, log Z ${short(logZ)}, ${alive} alive${resampled ? ", resampled" : ""}`;
  const shape = resampled
    ? { d: `M${x.toFixed(2)} ${(y - 5).toFixed(2)}l4.5 8h-9z`, fill: colors.accent }
    : { cx: x, cy: y, r: 2.25, fill: colors.mark };
  return element(resampled ? "path" : "circle", shape, element("title", {}, text));
}

/** Where there is no room for a mark on the line. */
const tick = (x: number): Markup =>
  element("line", { x1: x, x2: x, y1: AREA.bottom - 8, y2: AREA.bottom, stroke: colors.accent, "stroke-width": 1 });

const times = (count: number): string => (count === 1 ? "once" : `${grouped(count)} times`);

function legend(resampled: number, crowded: boolean, threshold: number | null): Markup {
  const mark = (text: string): Markup => element("tspan", { fill: colors.accent, "font-weight": 700 }, text);
  return element(
    "text",
    { x: WIDTH, y: 13, "text-anchor": "end", "font-size": 11 },
    resampled > 0 && [mark(crowded ? "|" : "▲"), ` resampled ${times(resampled)}`],
    threshold !== null && ["\u2003", mark("- -"), ` threshold ${particles(threshold)}`],
  );
}

function description(
  history: readonly HistoryEntry[],
  resampled: readonly HistoryEntry[],
  threshold: number | null,
): string {
  const lowest = history.reduce((low, entry) => (entry.ess < low.ess ? entry : low));
  const named = resampled.slice(0, NAMED_STEPS).map((entry) => entry.step);
  const steps = named.join(", ") + (resampled.length > named.length ? " and later ones" : "");
  return [
    `${counted(history.length, "step")}; ESS ${short(history[0]!.ess)} at the first, ${short(history[history.length - 1]!.ess)} at the last, lowest ${short(lowest.ess)} at step ${lowest.step}.`,
    threshold === null ? "" : `Resampling below ${short(threshold)}.`,
    resampled.length === 0
      ? "Never resampled."
      : `Resampled ${times(resampled.length)}, at ${resampled.length === 1 ? "step" : "steps"} ${steps}.`,
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

/** Of each group of neighbouring steps the one with the lowest ESS, and where it was resampled that. */
function thinned(history: readonly HistoryEntry[]): readonly HistoryEntry[] {
  if (history.length <= MOST_POINTS) return history;
  const size = Math.ceil(history.length / MOST_POINTS);
  const kept: HistoryEntry[] = [];
  for (let i = 0; i < history.length; i += size) {
    const group = history.slice(i, i + size);
    const lowest = group.reduce((low, entry) => (entry.ess < low.ess ? entry : low));
    kept.push(group.find((entry) => entry.resampled) ?? lowest);
  }
  const last = history[history.length - 1]!;
  if (kept[kept.length - 1] !== last) kept.push(last);
  return kept;
}

function numberOption(options: Readonly<Record<string, unknown>>, name: string): number | null {
  const value = options[name];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

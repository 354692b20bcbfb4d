import { element, fragment, type Attributes, type Child, type Markup } from "./markup.js";
import { short } from "./numbers.js";

/** Pictures are this many units wide; they shrink with the page and never grow. */
export const WIDTH = 420;

/** Readable on light and on dark pages: texts and lines take the page's own colour. */
export const colors = { mark: "#4a86c9", accent: "#c96f12", line: "currentColor" } as const;

const FONT = "system-ui, -apple-system, 'Segoe UI', sans-serif";

/**
 * An SVG picture that stands for itself: no styles, fonts or scripts from elsewhere. `title` and `description` are what
 * those hear who do not see it.
 */
export function picture(title: string, description: string, height: number, ...children: readonly Child[]): Markup {
  const content = fragment(...children).toString();
  // From the content: the same picture is the same text each time, and two that share an id have the same title.
  const id = `pgl-${hash(`${title}\n${description}\n${content}`)}`;
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${WIDTH} ${height}`,
      width: WIDTH,
      height,
      role: "img",
      "aria-labelledby": `${id}-title ${id}-description`,
      "font-family": FONT,
      "font-size": 12,
      style: `max-width: min(100%, ${WIDTH}px); height: auto`,
    },
    element("title", { id: `${id}-title` }, title),
    element("desc", { id: `${id}-description` }, description),
    element("g", { fill: "currentColor", "aria-hidden": "true" }, heading(title), children),
  );
}

const heading = (title: string): Markup => label(title, { x: 0, y: 13, "font-weight": 600 });

export const label = (text: string, attributes: Attributes): Markup =>
  element("text", { fill: "currentColor", ...attributes }, text);

/** A picture of nothing, which says why. */
export const emptyPicture = (title: string, reason: string): Markup =>
  picture(title, reason, 60, label(reason, { x: 0, y: 38, opacity: 0.75 }));

/** Maps a range of values to a range of units. */
export type Scale = (value: number) => number;

export const scale = (low: number, high: number, from: number, to: number): Scale => {
  const span = high - low;
  return (value) => (span > 0 ? from + ((value - low) / span) * (to - from) : (from + to) / 2);
};

/** About `count` round numbers from `low` to `high`, in steps of 1, 2 or 5 times a power of ten. */
export function ticks(low: number, high: number, count: number, whole = false): number[] {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return [low];
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  let step = power * ([1, 2, 5].find((m) => m * power >= raw * 0.999) ?? 10);
  if (whole) step = Math.max(1, Math.round(step));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Too fine a step for the numbers' precision.
  if (last - first > 100) return [low, high];
  // Counting in steps keeps rounding errors from piling up.
  const found = Array.from({ length: last - first + 1 }, (_, i) => round(first + i, step));
  return [...new Set(found)];
}

/** Numbers below each other, with as many digits as it takes to tell them apart. */
export function distinctTexts(values: readonly number[]): readonly string[] {
  for (let digits = 4; digits < 15; digits++) {
    const texts = values.map((value) => short(value, digits));
    if (new Set(texts).size === values.length) return texts;
  }
  return values.map((value) => short(value, 15));
}

const round = (multiple: number, step: number): number => Number((multiple * step).toPrecision(14));

/** The plot's area inside a picture. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Axis {
  readonly scale: Scale;
  readonly ticks: readonly number[];
  /** Beside the ticks, in their order. */
  readonly texts: readonly string[];
}

/** Horizontal grid lines with their numbers, numbers below the area, and what those are. */
export function axes(area: Area, x: Axis & { readonly name: string }, y: Axis): Markup {
  return fragment(
    y.ticks.map((tick, i) => [
      element("line", {
        x1: area.left,
        x2: area.right,
        y1: y.scale(tick),
        y2: y.scale(tick),
        stroke: colors.line,
        "stroke-opacity": 0.18,
      }),
      label(y.texts[i]!, { x: area.left - 6, y: y.scale(tick) + 4, "text-anchor": "end", "font-size": 11 }),
    ]),
    x.ticks.map((tick, i) =>
      label(x.texts[i]!, { x: x.scale(tick), y: area.bottom + 16, "text-anchor": "middle", "font-size": 11 }),
    ),
    label(x.name, { x: area.right, y: area.bottom + 31, "text-anchor": "end", "font-size": 11, opacity: 0.75 }),
  );
}

/** Ticks below an area, as many as their texts have room for. */
export function bottomAxis(
  area: Area,
  low: number,
  high: number,
  whole: boolean,
  name: string,
  textsOf: (values: readonly number[]) => readonly string[] = distinctTexts,
): Axis & { readonly name: string } {
  const axis = (count: number): Axis & { readonly name: string } => {
    const found = ticks(low, high, count, whole);
    // With the ends among them, so that a single number has the digits that matter too.
    const texts = textsOf([low, ...found, high]).slice(1, -1);
    return { scale: scale(low, high, area.left, area.right), ticks: found, texts, name };
  };
  const room = (area.right - area.left) / 7;
  const fits = ({ texts }: Axis): boolean => Math.max(...texts.map((text) => text.length + 2)) * texts.length <= room;
  return [6, 4, 3, 2].map(axis).find(fits) ?? axis(1);
}

/** A line through points, in units of the picture. */
export const curve = (points: readonly (readonly [x: number, y: number])[]): Markup =>
  element("polyline", {
    points: points.map(([x, y]) => `${Math.round(x * 100) / 100},${Math.round(y * 100) / 100}`).join(" "),
    fill: "none",
    stroke: colors.mark,
    "stroke-width": 1.75,
    "stroke-linejoin": "round",
  });

/** FNV-1a, for names only. */
function hash(text: string): string {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h >>> 0).toString(36);
}

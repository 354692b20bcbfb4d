import type { BoundsCertificate, Estimate } from "@pgl/core";
import { element, type Child, type Markup } from "./markup.js";
import { short } from "./numbers.js";
import { bottomAxis, colors, label, picture, WIDTH, type Scale } from "./picture.js";

const AREA = { left: 96, right: WIDTH - 12, top: 28, bottom: 84 };
const HEIGHT = 120;
const TITLE = "Bounds of log Z";
const ROWS = { lower: 44, upper: 68 };

/**
 * The two bounds of log Z with their standard errors, and log Z itself where it is known: how far they are apart is how far
 * a sample's law can be from the posterior.
 */
export function boundsPicture({ logZ: { lower, upper, exact }, of }: BoundsCertificate): Markup {
  const reached = [lower, upper].flatMap(({ estimate, stderr }) => [
    estimate - (stderr ?? 0),
    estimate + (stderr ?? 0),
  ]);
  const values = exact === null ? reached : [...reached, exact];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = high > low ? 0.05 * (high - low) : Math.max(0.01, Math.abs(low) * 0.01);
  const axis = bottomAxis(
    AREA,
    low - room,
    high + room,
    false,
    of === "posterior" ? "nats" : "nats, average over data",
  );
  const ticks = axis.ticks.map((tick, i) =>
    label(axis.texts[i]!, { x: axis.scale(tick), y: AREA.bottom + 16, "text-anchor": "middle", "font-size": 11 }),
  );
  return picture(
    TITLE,
    `The lower bound is ${words(lower)} nats, the upper bound ${words(upper)}${exact === null ? "" : `; log Z is ${short(exact)}`}.`,
    HEIGHT,
    ticks,
    label(axis.name, { x: AREA.right, y: AREA.bottom + 31, "text-anchor": "end", "font-size": 11, opacity: 0.75 }),
    element("line", {
      x1: AREA.left,
      x2: AREA.right,
      y1: AREA.bottom,
      y2: AREA.bottom,
      stroke: colors.line,
      "stroke-opacity": 0.3,
    }),
    exact === null ? null : known(axis.scale(exact)),
    bar("lower bound", lower, ROWS.lower, axis.scale, colors.mark),
    bar("upper bound", upper, ROWS.upper, axis.scale, colors.accent),
  );
}

const words = ({ estimate, stderr }: Estimate): string =>
  stderr === null ? short(estimate) : `${short(estimate)} ± ${short(stderr, 2)}`;

const known = (x: number): Markup =>
  element("line", { x1: x, x2: x, y1: AREA.top, y2: AREA.bottom, stroke: colors.line, "stroke-dasharray": "4 3" });

function bar(name: string, { estimate, stderr }: Estimate, y: number, at: Scale, fill: string): readonly Child[] {
  const error = stderr ?? 0;
  return [
    label(name, { x: AREA.left - 10, y: y + 4, "text-anchor": "end", "font-size": 11 }),
    element("line", {
      x1: at(estimate - error),
      x2: at(estimate + error),
      y1: y,
      y2: y,
      stroke: fill,
      "stroke-width": 2,
    }),
    element("circle", { cx: at(estimate), cy: y, r: 4, fill }, element("title", {}, words({ estimate, stderr }))),
  ];
}

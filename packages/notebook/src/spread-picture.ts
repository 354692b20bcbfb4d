import type { Posterior } from "@pgl/core";
import { element, type Markup } from "./markup.js";
import { counted, grouped, percent, short } from "./numbers.js";
import { axes, bottomAxis, colors, curve, emptyPicture, picture, scale, WIDTH } from "./picture.js";

const AREA = { left: 52, right: WIDTH - 12, top: 26, bottom: 150 };
const counts = (values: readonly number[]): readonly string[] => values.map(grouped);
const HEIGHT = 186;
const MOST_POINTS = 200;

/**
 * For methods without steps: how much of the weight the heaviest executions carry. The diagonal would be executions that
 * all weigh the same.
 */
export function spreadPicture({ samples, diagnostics }: Pick<Posterior<unknown>, "samples" | "diagnostics">): Markup {
  const title = "Weight of the heaviest executions";
  const weights = samples.map((s) => s.weight).filter((w) => w > 0);
  if (weights.length === 0) return emptyPicture(title, "No execution has positive weight.");
  weights.sort((a, b) => b - a);
  let total = 0;
  const totals = weights.map((w) => (total += w));
  const x = scale(0, weights.length, AREA.left, AREA.right);
  const y = scale(0, 1, AREA.bottom, AREA.top);
  const share = (n: number): number => (n === 0 ? 0 : Math.min(1, totals[n - 1]! / total));
  const stride = Math.ceil(weights.length / MOST_POINTS);
  const drawn = Array.from({ length: Math.ceil(weights.length / stride) }, (_, i) => i * stride).concat(weights.length);
  const half = totals.findIndex((t) => t >= 0.5 * total) + 1;
  return picture(
    title,
    `${counted(weights.length, "execution")} with positive weight; the heaviest has ${percent(share(1))}, ` +
      `the ${half === 1 ? "first" : `first ${grouped(half)}`} at least half. ESS ${short(diagnostics.ess)}.`,
    HEIGHT,
    axes(AREA, bottomAxis(AREA, 0, weights.length, true, "executions, heaviest first", counts), {
      scale: y,
      ticks: [0, 0.25, 0.5, 0.75, 1],
      texts: ["0 %", "25 %", "50 %", "75 %", "100 %"],
    }),
    element("line", {
      x1: x(0),
      y1: y(0),
      x2: x(weights.length),
      y2: y(1),
      stroke: colors.line,
      "stroke-opacity": 0.5,
      "stroke-dasharray": "3 4",
    }),
    curve(drawn.map((n) => [x(n), y(share(n))])),
  );
}

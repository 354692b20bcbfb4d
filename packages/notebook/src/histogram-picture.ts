import { element, type Markup } from "./markup.js";
import type { NumberSummary } from "./number-summary.js";
import { percent, short } from "./numbers.js";
import { axes, bottomAxis, colors, distinctTexts, emptyPicture, picture, scale, ticks, WIDTH } from "./picture.js";

const AREA = { left: 46, right: WIDTH - 8, top: 26, bottom: 160 };
const HEIGHT = 196;
/** Whole numbers have a bar each up to so many. */
const MOST_BARS = 60;

/** How the weight of a posterior over many numbers is spread. */
export function histogramPicture(numbers: NumberSummary, ess: number): Markup {
  const title = numbers.name === "" ? "Weight by value" : `Weight by ${numbers.name}`;
  const [low, high] = range(numbers);
  if (!Number.isFinite(high - low)) return emptyPicture(title, "The values span more than a picture can show.");
  const { from, width, masses } = bins(numbers, low, high, ess);
  const to = from + width * masses.length;
  const outside = numbers.atoms.reduce((sum, { value, weight }) => sum + (value < low || value > high ? weight : 0), 0);
  const largest = Math.max(...masses);
  const shares = ticks(0, largest, 4);
  const y = scale(0, largest, AREA.bottom, AREA.top);
  const cut = outside > 1e-9 ? ` ${percent(outside)} of the weight lies outside the picture.` : "";
  const below = bottomAxis(
    AREA,
    from,
    to,
    numbers.whole && width === 1,
    cut === "" ? "value" : `value (${percent(outside)} outside)`,
  );
  const { scale: x } = below;
  const [median, lower, upper] = [0.5, 0.05, 0.95].map((level) => short(numbers.quantile(level)));
  return picture(
    title,
    `Values from ${short(low)} to ${short(high)}; median ${median}, 90 % between ${lower} and ${upper}.${cut}`,
    HEIGHT,
    axes(AREA, below, {
      scale: y,
      ticks: shares,
      texts: distinctTexts(shares.map((share) => share * 100)).map((text) => `${text} %`),
    }),
    masses.map((mass, i) => {
      const left = x(from + i * width);
      const right = x(from + (i + 1) * width);
      const name =
        width === 1 && numbers.whole
          ? short(from + i + 0.5)
          : `${short(from + i * width)} to ${short(from + (i + 1) * width)}`;
      return (
        mass > 0 &&
        element(
          "rect",
          {
            x: left + 0.5,
            y: y(mass),
            width: Math.max(0.5, right - left - 1),
            height: AREA.bottom - y(mass),
            fill: colors.mark,
          },
          element("title", {}, `${name}: ${percent(mass)}`),
        )
      );
    }),
    element("line", {
      x1: AREA.left,
      x2: AREA.right,
      y1: AREA.bottom,
      y2: AREA.bottom,
      stroke: colors.line,
      "stroke-opacity": 0.6,
    }),
  );
}

/** All values, unless half a percent on either side would squeeze the rest. */
function range({ atoms, quantile }: NumberSummary): readonly [number, number] {
  const low = atoms[0]!.value;
  const high = atoms[atoms.length - 1]!.value;
  const inner = [quantile(0.005), quantile(0.995)] as const;
  return inner[1] > inner[0] && high - low > 1.5 * (inner[1] - inner[0]) ? inner : [low, high];
}

function bins({ atoms, whole }: NumberSummary, low: number, high: number, ess: number) {
  const units = whole && high - low < MOST_BARS;
  // Rice's rule, for as many independent draws as the weights are worth.
  const count = units ? high - low + 1 : Math.round(Math.min(50, Math.max(8, 2 * Math.cbrt(Math.max(1, ess || 1)))));
  const from = units ? low - 0.5 : low;
  const width = units ? 1 : (high - low) / count || 1;
  const masses = new Array<number>(count).fill(0);
  for (const { value, weight } of atoms) {
    if (value < low || value > high) continue;
    masses[Math.min(count - 1, Math.floor((value - from) / width))]! += weight;
  }
  return { from, width, masses };
}

import type { Atom, Posterior } from "@pgl/core";
import { element, type Markup } from "./markup.js";
import { counted, percent } from "./numbers.js";
import { colors, emptyPicture, label, picture, WIDTH } from "./picture.js";
import { clipToWidth, valueLine } from "./value-text.js";

const SHOWN = 8;
const ROW = 30;
const TOP = 24;
/** Units a label may take beside its percentage, in half ems of the font. */
const ROOM = (WIDTH - 70) / 6;

/** A bar for each of the heaviest values, with its weight. */
export function weightsPicture({ atoms }: Pick<Posterior<unknown>, "atoms">): Markup {
  const shown = atoms.slice(0, SHOWN);
  if (shown.length === 0) return emptyPicture("Weights", "No value has positive weight.");
  const rest = atoms.slice(SHOWN);
  const title = rest.length === 0 ? "Weights" : `Weights of the ${SHOWN} heaviest values`;
  const mass = rest.reduce((sum, atom) => sum + atom.weight, 0);
  const description = [
    ...shown.map(({ value, weight }) => `${clipToWidth(valueLine(value), 120)}: ${percent(weight)}`),
    ...(rest.length === 0 ? [] : [`${counted(rest.length, "more value")}: ${percent(mass)}`]),
  ].join("; ");
  const more = rest.length === 0 ? 0 : 20;
  return picture(
    title,
    description,
    TOP + shown.length * ROW + more,
    shown.map((atom, i) => bar(atom, TOP + i * ROW)),
    rest.length > 0 && [
      label(counted(rest.length, "more value"), { x: 0, y: TOP + shown.length * ROW + 13, opacity: 0.75 }),
      weightLabel(mass, TOP + shown.length * ROW + 13),
    ],
  );
}

/** The label stands above its bar, so that long texts have the picture's whole width. */
function bar({ value, weight }: Atom<unknown>, y: number): Markup {
  const line = valueLine(value);
  return element(
    "g",
    {},
    element("title", {}, `${clipToWidth(line, 600)}: ${percent(weight)}`),
    label(clipToWidth(line, ROOM), { x: 0, y: y + 13 }),
    weightLabel(weight, y + 13),
    element("rect", { x: 0, y: y + 18, width: WIDTH, height: 7, rx: 1.5, fill: "currentColor", "fill-opacity": 0.1 }),
    // Of the whole width, not of the largest bar: how sure the posterior is shows.
    element("rect", {
      x: 0,
      y: y + 18,
      width: Math.max(0.75, Math.min(1, weight) * WIDTH),
      height: 7,
      rx: 1.5,
      fill: colors.mark,
    }),
  );
}

const weightLabel = (weight: number, y: number): Markup =>
  label(percent(weight), { x: WIDTH, y, "text-anchor": "end" });

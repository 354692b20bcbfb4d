import type { Posterior } from "@pgl/core";
import { element, type Child, type Markup } from "./markup.js";
import type { NumberSummary } from "./number-summary.js";
import { counted, percent, short } from "./numbers.js";
import { valueLine, valueText } from "./value-text.js";

/** Records of more fields than this are shown in one column. */
const MOST_FIELDS = 8;

/** The heaviest values with their weights. Records that have the same fields get a column for each. */
export function valuesTable({ atoms }: Pick<Posterior<unknown>, "atoms">, rows: number): Markup {
  const shown = atoms.slice(0, rows);
  const rest = atoms.slice(rows);
  const fields = commonFields(shown.map((atom) => atom.value));
  const largest = shown[0]?.weight ?? 1;
  const caption =
    rest.length === 0
      ? counted(atoms.length, "value")
      : `The ${counted(shown.length, "heaviest value")} of ${counted(atoms.length, "value").split(" ")[0]}`;
  return table(
    caption,
    ["weight", "", ...(fields ?? ["value"])],
    [
      ...shown.map(({ value, weight }) =>
        row(
          cell("pgl-number", percent(weight)),
          bar(weight / largest),
          ...(fields === null ? [value] : fields.map((name) => (value as Record<string, unknown>)[name])).map(
            valueCell,
          ),
        ),
      ),
      rest.length > 0 &&
        row(
          cell("pgl-number", percent(rest.reduce((sum, atom) => sum + atom.weight, 0))),
          element("td"),
          element("td", { class: "pgl-more", colspan: fields?.length ?? 1 }, counted(rest.length, "more value")),
        ),
    ],
  );
}

/** Mean, spread and quantiles of many different numbers. */
export function numbersTable({ mean, sd, quantiles, notFinite, atoms }: NumberSummary): Markup {
  const number = (value: number): Markup => cell("pgl-number", short(value));
  return table(
    `${counted(atoms.length, "different number")}`,
    ["mean", "sd", ...quantiles.map(([level]) => `${level * 100} %`), ...(notFinite > 0 ? ["not finite"] : [])],
    [
      row(
        number(mean),
        number(sd),
        ...quantiles.map(([, value]) => number(value)),
        notFinite > 0 && cell("pgl-number", percent(notFinite)),
      ),
    ],
    "pgl-number",
  );
}

const table = (caption: string, names: readonly string[], body: Child, headClass?: string): Markup =>
  element(
    "div",
    { class: "pgl-scroll" },
    element(
      "table",
      { class: "pgl-table" },
      element("caption", {}, caption),
      element(
        "thead",
        {},
        row(
          ...names.map((name, i) =>
            name === ""
              ? element("td")
              : element("th", { scope: "col", class: headClass ?? (i === 0 ? "pgl-number" : null) }, name),
          ),
        ),
      ),
      element("tbody", {}, body),
    ),
  );

const row = (...cells: readonly Child[]): Markup => element("tr", {}, cells);
const cell = (kind: string, text: string): Markup => element("td", { class: kind }, text);

const valueCell = (value: unknown): Markup =>
  typeof value === "number"
    ? element("td", {}, valueLine(value))
    : element("td", {}, element("div", { class: "pgl-text" }, valueText(value)));

/** The weight's number is beside it: the bar is for the eye only. */
const bar = (share: number): Markup =>
  element(
    "td",
    { "aria-hidden": "true" },
    element(
      "div",
      { class: "pgl-bar" },
      element("div", { style: `width: ${(100 * Math.min(1, Math.max(0, share || 0))).toFixed(1)}%` }),
    ),
  );

function commonFields(values: readonly unknown[]): readonly string[] | null {
  const [first] = values;
  if (!isRecord(first)) return null;
  const names = Object.keys(first);
  if (names.length === 0 || names.length > MOST_FIELDS) return null;
  const same = (value: unknown): boolean =>
    isRecord(value) && Object.keys(value).length === names.length && names.every((name) => Object.hasOwn(value, name));
  return values.every(same) ? names : null;
}

/** Records of PGL are plain objects; models and closures have methods of the machine. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    (prototype === Object.prototype || prototype === null) && Object.values(value).every((v) => typeof v !== "function")
  );
}

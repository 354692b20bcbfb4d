import type { Choice, Decision, Maximum, Posterior } from "@pgl/core";
import { element, type Child, type Markup } from "./markup.js";
import { componentNames, sameNames, type NumberSummary } from "./number-summary.js";
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

/** The draws that attain a maximum, or what the best policy does after which draws. */
export function maximumTable({ choices, policy }: Maximum, rows: number): Markup {
  const all = policy.length === 0 ? choices : policy;
  const rest = all.length - rows;
  const written = (some: readonly Choice[]): string =>
    some.map((d) => `${d.site.name} = ${valueLine(d.value)}`).join(", ");
  const columns = policy.length === 0 ? 2 : 3;
  return table(
    policy.length === 0 ? "Attained by" : "Policy",
    ["draw", "value", ...(policy.length === 0 ? [] : ["after"])],
    [
      ...all
        .slice(0, rows)
        .map((choice) =>
          row(
            element("td", {}, choice.site.name),
            valueCell(choice.value),
            "after" in choice && element("td", {}, written((choice as Decision).after)),
          ),
        ),
      rest > 0 && row(element("td", { class: "pgl-more", colspan: columns }, counted(rest, "more row"))),
    ],
  );
}

const LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95];

/** Mean, spread and quantiles of many different numbers, or of each component of many different records of numbers. */
export function numbersTable(summaries: readonly NumberSummary[], values: number): Markup {
  const number = (value: number, digits?: number): Markup => cell("pgl-number", short(value, digits));
  const named = summaries.some(({ name }) => name !== "");
  const finite = summaries.every(({ notFinite }) => notFinite === 0);
  return table(
    `${counted(values, "different value")}`,
    [
      ...(named ? [""] : []),
      "mean",
      "sd",
      ...LEVELS.map((level) => `${level * 100} %`),
      ...(finite ? [] : ["not finite"]),
    ],
    summaries.map(({ name, mean, sd, quantile, notFinite }) => {
      const digits = digitsFor(mean, sd);
      return row(
        named && element("th", { scope: "row" }, name),
        number(mean, digits),
        number(sd),
        ...LEVELS.map((level) => number(quantile(level), digits)),
        !finite && cell("pgl-number", percent(notFinite)),
      );
    }),
    "pgl-number",
  );
}

/** Enough to tell numbers apart that are a part of an sd from each other. */
const digitsFor = (mean: number, sd: number): number =>
  sd > 0 && Number.isFinite(sd) ? Math.min(15, Math.max(4, Math.ceil(Math.log10(Math.abs(mean) / sd)) + 2)) : 4;

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

/** The fields of the values, when all are records with the same ones. */
function commonFields(values: readonly unknown[]): readonly string[] | null {
  const names = fieldsOf(values[0]);
  if (names === null || names.length === 0 || names.length > MOST_FIELDS) return null;
  return values.every((value) => sameNames(fieldsOf(value), names)) ? names : null;
}

/** Models and closures are plain objects as well, but have methods of the machine. */
function fieldsOf(value: unknown): readonly string[] | null {
  if (Array.isArray(value)) return null;
  const names = componentNames(value);
  return names !== null && Object.values(value as object).some((part) => typeof part === "function") ? null : names;
}

import { allOf } from "./automata/combine.js";
import { type Constraint, decidedBy, TextConstraint } from "./constraint.js";
import { ConstraintError } from "./errors.js";
import { decimal as decimalOf } from "./json-schema/json.js";
import { comparison } from "./json-schema/numbers.js";
import { type Recogniser, recognises } from "./recogniser.js";
import { escapeRegex } from "./regex/escape.js";
import { regexRecogniser } from "./regex/index.js";

const INTEGER = "0|-?[1-9][0-9]*";
const NUMBER = `${INTEGER}|-?(?:0|[1-9][0-9]*)\\.[0-9]*[1-9]`;

/**
 * A whole number from `low` to `high`, both included, as one writes it: no leading zeros, no `+`, no `-0`. Either end may be
 * infinite. @throws ConstraintError PGLC002 for a range that is none.
 */
export function int(low = -Infinity, high = Infinity): Constraint {
  checkEnds("int", low, high);
  return written(`int(${shown(low, high)})`, INTEGER, low, high);
}

/**
 * A number from `low` to `high`, both included, each value written in one way: decimal, no exponent, no zeros that say
 * nothing. The bounds are compared exactly, not in floating point. @throws ConstraintError PGLC002 for a range that is none.
 */
export function number(low = -Infinity, high = Infinity): Constraint {
  checkEnds("number", low, high);
  return written(`number(${shown(low, high)})`, NUMBER, low, high);
}

/**
 * A number from `low` to `high`, both included, with just `places` digits after the point (0: no point).
 * @throws ConstraintError PGLC002 for a range that is none, or places that are no whole number from 0 to 100.
 */
export function decimal(low: number, high: number, places: number): Constraint {
  checkEnds("decimal", low, high);
  if (!Number.isSafeInteger(places) || places < 0 || places > 100) {
    throw new ConstraintError("PGLC002", `\`decimal\` has a whole number of places from 0 to 100, not ${places}.`);
  }
  const form = places === 0 ? INTEGER : `(?!-[0.]*$)-?(?:0|[1-9][0-9]*)\\.[0-9]{${places}}`;
  return written(`decimal(${low}..${high}, ${places})`, form, low, high);
}

const LEAP_YEAR = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;
const FIELD = /YYYY|MMMM|MMM|MM|M|DD|D|hh|mm|ss/g;
/** The fields that say the same of a date. */
const SAYS: Readonly<Record<string, string>> = { MMMM: "M", MMM: "M", MM: "M", DD: "D" };

/**
 * A date, a time of day or both, as `format` writes them: `YYYY` (0000 to 9999), `MM` or `M`, `MMMM` (January) or `MMM` (Jan),
 * `DD` or `D`, `hh` (00 to 23), `mm`, `ss`; everything else stands for itself. Days are those of the Gregorian calendar: 30
 * February never matches, 29 February only in leap years (or where there is no year).
 * @throws ConstraintError PGLC009 when the format has no field, or one twice.
 */
export function date(format = "YYYY-MM-DD"): Constraint {
  const fields = [...format.matchAll(FIELD)].map(([field]) => SAYS[field] ?? field);
  const twice = fields.find((field, i) => fields.indexOf(field) !== i);
  if (fields.length === 0 || twice !== undefined) {
    throw new ConstraintError(
      "PGLC009",
      fields.length === 0
        ? `The format ${JSON.stringify(format)} has no part of a date.`
        : `The format ${JSON.stringify(format)} says the ${NAMES[twice!]} twice.`,
      { hint: "Fields are YYYY, MM, M, MMMM, MMM, DD, D, hh, mm and ss, each once, as in `YYYY-MM-DD`." },
    );
  }
  const description = `date(${JSON.stringify(format)})`;
  return regular(description, () => regexRecogniser(datesOf(format)));
}

const NAMES: Readonly<Record<string, string>> = {
  YYYY: "year",
  M: "month",
  D: "day",
  hh: "hour",
  mm: "minute",
  ss: "second",
};

/** The expression of a format: months by how many days they have, and leap days. */
function datesOf(format: string): string {
  const hasDay = /D/.test(format.replace(/MMMM?|YYYY/g, ""));
  const kinds: readonly (readonly [months: readonly number[], days: number, year: string])[] = hasDay
    ? [
        [[1, 3, 5, 7, 8, 10, 12], 31, "[0-9]{4}"],
        [[4, 6, 9, 11], 30, "[0-9]{4}"],
        [[2], 28, "[0-9]{4}"],
        [[2], 29, LEAP_YEAR],
      ]
    : [[MONTHS.map((_, i) => i + 1), 31, "[0-9]{4}"]];
  const two = (n: number): string => String(n).padStart(2, "0");
  const oneOf = (texts: readonly string[]): string => `(?:${texts.join("|")})`;
  const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
  const ways = kinds.map(([months, days, year]) => {
    // Of the last kind the 29th alone: the other days are in the one before.
    const all = hasDay && days === 29 ? [29] : upTo(days);
    const write: Readonly<Record<string, () => string>> = {
      YYYY: () => year,
      MMMM: () => oneOf(months.map((m) => MONTHS[m - 1]!)),
      MMM: () => oneOf(months.map((m) => MONTHS[m - 1]!.slice(0, 3))),
      MM: () => oneOf(months.map(two)),
      M: () => oneOf(months.map(String)),
      DD: () => oneOf(all.map(two)),
      D: () => oneOf(all.map(String)),
      hh: () => "(?:[01][0-9]|2[0-3])",
      mm: () => "[0-5][0-9]",
      ss: () => "[0-5][0-9]",
    };
    let source = "";
    let at = 0;
    for (const { 0: field, index } of format.matchAll(FIELD)) {
      source += escapeRegex(format.slice(at, index)) + write[field]!();
      at = index + field.length;
    }
    return source + escapeRegex(format.slice(at));
  });
  return ways.join("|");
}

function written(description: string, form: string, low: number, high: number): Constraint {
  return regular(description, () => {
    const parts: Recogniser[] = [regexRecogniser(form)];
    if (low > -Infinity) parts.push(comparison(">=", decimalOf(low)));
    if (high < Infinity) parts.push(comparison("<=", decimalOf(high)));
    return allOf(parts, description);
  });
}

/** A constraint that a recogniser decides. */
function regular(description: string, make: () => Recogniser): Constraint {
  const compile = decidedBy(make);
  const constraint: Constraint = new TextConstraint(
    description,
    (text) => recognises(constraint.compiled()!.recogniser, text),
    compile,
    description,
  );
  return constraint;
}

const shown = (low: number, high: number): string =>
  low === -Infinity && high === Infinity ? "" : `${end(low)}..${end(high)}`;

const end = (n: number): string => (n === Infinity ? "inf" : n === -Infinity ? "-inf" : String(n));

function checkEnds(name: string, low: number, high: number): void {
  if (!Number.isNaN(low) && !Number.isNaN(high) && low <= high && low < Infinity && high > -Infinity) return;
  throw new ConstraintError("PGLC002", `\`${name}\` needs a range, the smaller end first, not ${low}..${high}.`);
}

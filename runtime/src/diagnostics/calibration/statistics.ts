import { compare, equal, show } from "../../values.js";
import type { Observed } from "./observations.js";

/** One thing about a result that has an order: a number, a boolean, a string, a field of a record. */
export interface Statistic {
  /** Empty for the value itself; else the way to it, as `.slope` or `.0`. */
  readonly name: string;
  of(value: unknown): unknown;
}

/** Parts of large values beyond these are not looked at one by one. */
const MOST_PARTS = 12;

/**
 * What is ranked of results: numbers by size, `false` before `true`, strings by their characters' codes; of records, tuples
 * and lists that are alike in shape, each part; of everything else, how it is written.
 */
export function statisticsOf(values: readonly unknown[]): readonly Statistic[] {
  return partsOf(values, "", (value) => value).slice(0, MOST_PARTS);
}

function partsOf(values: readonly unknown[], name: string, of: (value: unknown) => unknown): Statistic[] {
  const own = values.map(of);
  for (const kind of ["number", "boolean", "string"]) if (own.every((v) => typeof v === kind)) return [{ name, of }];
  const keys = sharedKeys(own);
  if (keys !== null) {
    return keys.flatMap((key) =>
      partsOf(values, `${name}.${key}`, (value) => (of(value) as Readonly<Record<string, unknown>>)[key]),
    );
  }
  return [{ name, of: (value) => show(of(value)) }];
}

/** Names of the parts that all have; null when they are not alike, or have none. */
function sharedKeys(values: readonly unknown[]): readonly string[] | null {
  const first = values[0];
  const isParts = (v: unknown): v is object =>
    Array.isArray(v) || (typeof v === "object" && v !== null && Object.getPrototypeOf(v) === Object.prototype);
  if (!isParts(first)) return null;
  const keys = Object.keys(first);
  if (keys.length === 0) return null;
  const alike = values.every(
    (v) => isParts(v) && Array.isArray(v) === Array.isArray(first) && equal(Object.keys(v).sort(), [...keys].sort()),
  );
  return alike ? keys : null;
}

/** How many of the draws are below the value, and how many equal it, by a statistic. */
export function counts(
  { of }: Statistic,
  value: unknown,
  draws: readonly unknown[],
): { readonly less: number; readonly equal: number } {
  const own = of(value);
  let less = 0;
  let same = 0;
  for (const draw of draws) {
    const order = compare(of(draw), own);
    if (order < 0) less++;
    else if (order === 0) same++;
  }
  return { less, equal: same };
}

/**
 * How far apart two results are: over their parts, the sum of differences of numbers as shares of their range, and 1 for each
 * other part that is not equal.
 */
export function distanceOn(
  statistics: readonly Statistic[],
  values: readonly unknown[],
): (a: unknown, b: unknown) => number {
  const ranges = statistics.map(({ of }) => {
    const numbers = values.map(of).filter((v): v is number => typeof v === "number" && Number.isFinite(v));
    if (numbers.length === 0) return 0;
    return numbers.reduce((a, b) => Math.max(a, b)) - numbers.reduce((a, b) => Math.min(a, b));
  });
  return (a, b) =>
    statistics.reduce((sum, { of }, i) => {
      const [x, y] = [of(a), of(b)];
      if (typeof x === "number" && typeof y === "number")
        return sum + (x === y ? 0 : Math.abs(x - y) / (ranges[i]! || 1));
      return sum + (equal(x, y) ? 0 : 1);
    }, 0);
}

/** The average of everything observed: numbers as they are, booleans as 0 and 1, texts by their length. */
export function summaryOf(observed: Observed): number {
  let sum = 0;
  let n = 0;
  const add = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(add);
    n++;
    if (typeof value === "number") sum += value;
    else if (typeof value === "boolean") sum += value ? 1 : 0;
    else sum += show(value).length;
  };
  for (const values of observed.values()) values.forEach(add);
  return n === 0 ? 0 : sum / n;
}

import { RunError } from "../errors.js";
import { equal, ValueMap } from "../values.js";
import { isText, listOf, stringOf, wrongKind, type Text } from "./arguments.js";
import { codePointCount, codePointOffset, codePoints, codePointSlice } from "./code-points.js";

// What strings and lists have in common.

/** Code points of a text, elements of a list, entries of a map. */
function len(x: Text | readonly unknown[] | ValueMap): number {
  if (Array.isArray(x)) return x.length;
  if (typeof x === "string") return codePointCount(x);
  if (x instanceof ValueMap) return x.size;
  if (isText(x)) return codePointCount(stringOf("len", x));
  throw wrongKind("len", "a string, a list or a map", x);
}

/** Is `x` a part of the text, an element of the list? */
function contains(s: Text, sub: Text): boolean;
function contains<T>(xs: readonly T[], x: T): boolean;
function contains(collection: Text | readonly unknown[], x: unknown): boolean {
  if (Array.isArray(collection)) return collection.some((element) => equal(element, x));
  return stringOf("contains", collection).includes(stringOf("contains", x));
}

/** How often, without overlap. @throws RunError PGLR057 when the string to count is empty. */
function count(s: Text, sub: Text): number;
function count<T>(xs: readonly T[], x: T): number;
function count(collection: Text | readonly unknown[], x: unknown): number {
  let found = 0;
  if (Array.isArray(collection)) {
    for (const element of collection) if (equal(element, x)) found++;
    return found;
  }
  const s = stringOf("count", collection);
  const sub = stringOf("count", x);
  if (sub === "") throw new RunError("PGLR057", "count: the string to count is empty.");
  for (let at = s.indexOf(sub); at >= 0; at = s.indexOf(sub, at + sub.length)) found++;
  return found;
}

/** Where it is first, from 0 (in code points), or none. */
function index_of(s: Text, sub: Text): number | null;
function index_of<T>(xs: readonly T[], x: T): number | null;
function index_of(collection: Text | readonly unknown[], x: unknown): number | null {
  if (Array.isArray(collection)) {
    const at = collection.findIndex((element) => equal(element, x));
    return at < 0 ? null : at;
  }
  const s = stringOf("index_of", collection);
  const at = s.indexOf(stringOf("index_of", x));
  return at < 0 ? null : codePointOffset(s, at);
}

function reverse(s: Text): string;
function reverse<T>(xs: readonly T[]): readonly T[];
function reverse(x: Text | readonly unknown[]): string | readonly unknown[] {
  if (Array.isArray(x)) return x.slice().reverse();
  return codePoints(stringOf("reverse", x)).slice().reverse().join("");
}

/** From `from` up to, not including, `to`; negative places count from the end, places outside are moved to the ends. */
function slice(s: Text, from: number, to?: number | null): string;
function slice<T>(xs: readonly T[], from: number, to?: number | null): readonly T[];
function slice(x: Text | readonly unknown[], from: number, to?: number | null): string | readonly unknown[] {
  if (Array.isArray(x)) {
    const [start, end] = bounds(x.length, from, to);
    return x.slice(start, end);
  }
  const s = stringOf("slice", x);
  const [start, end] = bounds(codePointCount(s), from, to);
  return codePointSlice(s, start, end);
}

function bounds(length: number, from: number, to: number | null | undefined): [number, number] {
  const place = (i: number): number => Math.min(length, Math.max(0, i < 0 ? length + i : i));
  const start = place(from);
  return [start, Math.max(start, to === undefined || to === null ? length : place(to))];
}

/** The first n elements; all when there are fewer. */
const take = <T>(xs: readonly T[], n: number): readonly T[] => listOf("take", xs).slice(0, Math.max(0, n));
/** All but the first n elements. */
const drop = <T>(xs: readonly T[], n: number): readonly T[] => listOf("drop", xs).slice(Math.max(0, n));

export const sequences = { len, contains, count, index_of, reverse, slice, take, drop };

import { compare, hashKey, ValueMap } from "../values.js";
import { checkIndex, checkLength, functionOf, listOf } from "./arguments.js";

/** Ascending; equal elements keep their order. */
const sort = <T>(xs: readonly T[]): readonly T[] => listOf("sort", xs).slice().sort(compare);

/** Ascending in the key; elements with equal keys keep their order. The key is computed once for each. */
function sort_by<T, K>(xs: readonly T[], key: (x: T) => K): readonly T[] {
  const by = functionOf("sort_by", key);
  return listOf("sort_by", xs)
    .map((x) => ({ x, k: by(x) }))
    .sort((a, b) => compare(a.k, b.k))
    .map(({ x }) => x);
}

function unique<T>(xs: readonly T[]): readonly T[] {
  const first = new Map<string, T>();
  for (const x of listOf("unique", xs)) {
    const key = hashKey(x);
    if (!first.has(key)) first.set(key, x);
  }
  return [...first.values()];
}

function zip<T, U>(xs: readonly T[], ys: readonly U[]): readonly (readonly [T, U])[] {
  const length = Math.min(listOf("zip", xs).length, listOf("zip", ys).length);
  return Array.from({ length }, (_, i) => [xs[i]!, ys[i]!] as const);
}

/** The whole numbers from a up to, not including, b; none when b ≤ a. */
function range(a: number, b: number): readonly number[] {
  const length = Math.max(0, Math.ceil(b - a));
  checkLength("range", length);
  return Array.from({ length }, (_, i) => a + i);
}

function fill<T>(n: number, x: T): readonly T[] {
  checkLength("fill", n);
  return new Array<T>(Math.max(0, Math.trunc(n))).fill(x);
}

/** @throws RunError PGLR050 when there is no element i. */
function set<T>(xs: readonly T[], i: number, x: T): readonly T[] {
  checkIndex("set", i, listOf("set", xs).length);
  const copy = xs.slice();
  copy[i] = x;
  return copy;
}

/** Lists from this length on are copied once by `concat`, where a copy that then grows is copied twice. */
const LONG = 32;

function push<T>(xs: readonly T[], x: T): readonly T[] {
  if (listOf("push", xs).length >= LONG) return xs.concat([x]);
  const copy = xs.slice();
  copy.push(x);
  return copy;
}

function flat_map<T, U>(xs: readonly T[], f: (x: T) => readonly U[]): readonly U[] {
  const each = functionOf("flat_map", f);
  return listOf("flat_map", xs).flatMap((x) => listOf("flat_map", each(x)));
}

function find<T>(xs: readonly T[], p: (x: T) => boolean): T | null {
  const holds = functionOf("find", p);
  for (const x of listOf("find", xs)) if (holds(x)) return x;
  return null;
}

/** By the key, in order of its first appearance. */
function group_by<T, K>(xs: readonly T[], key: (x: T) => K): ValueMap<K, readonly T[]> {
  const by = functionOf("group_by", key);
  const groups = new Map<string, { key: K; members: T[] }>();
  for (const x of listOf("group_by", xs)) {
    const k = by(x);
    const id = hashKey(k);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, { key: k, members: [x] });
    else group.members.push(x);
  }
  return ValueMap.from(Array.from(groups.values(), ({ key: k, members }) => [k, members] as const));
}

export const lists = {
  push,
  first: <T>(xs: readonly T[]): T | null => (listOf("first", xs).length === 0 ? null : xs[0]!),
  last: <T>(xs: readonly T[]): T | null => (listOf("last", xs).length === 0 ? null : xs[xs.length - 1]!),
  sort,
  sort_by,
  unique,
  zip,
  indexed: <T>(xs: readonly T[]): readonly (readonly [number, T])[] =>
    listOf("indexed", xs).map((x, i) => [i, x] as const),
  range,
  fill,
  set,
  group_by,

  // With functions that neither draw nor wait; `frames` has the others.
  map: <T, U>(xs: readonly T[], f: (x: T) => U): readonly U[] => {
    const each = functionOf("map", f);
    return listOf("map", xs).map((x) => each(x));
  },
  filter: <T>(xs: readonly T[], p: (x: T) => boolean): readonly T[] => {
    const holds = functionOf("filter", p);
    return listOf("filter", xs).filter((x) => holds(x));
  },
  fold: <T, U>(xs: readonly T[], init: U, f: (acc: U, x: T) => U): U => {
    const step = functionOf("fold", f);
    let acc = init;
    for (const x of listOf("fold", xs)) acc = step(acc, x);
    return acc;
  },
  flat_map,
  any: <T>(xs: readonly T[], p: (x: T) => boolean): boolean => {
    const holds = functionOf("any", p);
    return listOf("any", xs).some((x) => holds(x));
  },
  all: <T>(xs: readonly T[], p: (x: T) => boolean): boolean => {
    const holds = functionOf("all", p);
    return listOf("all", xs).every((x) => holds(x));
  },
  find,
  each: <T>(xs: readonly T[], f: (x: T) => unknown): void => {
    const call = functionOf("each", f);
    for (const x of listOf("each", xs)) call(x);
  },
};

import { builtins } from "../builtins/index.js";
import { frames } from "../builtins/frames.js";
import type { Distribution } from "../distributions/distribution.js";
import type { Frame } from "../machine/frame.js";
import type { Drawable } from "../machine/process.js";
import { compare, equal, hashKey, ValueMap } from "../values.js";
import * as arithmetic from "./arithmetic.js";
import { byValue, DifferentiableDistribution, plainDistribution } from "./distribution.js";
import { differentiableDistributions } from "./distributions.js";
import { carriesReal, plain, refuseReals } from "./plain.js";
import { Real, valueOf, type Num } from "./tape.js";

type AnyFunction = (...args: readonly never[]) => unknown;

/**
 * Built-ins that hand values on without looking at them: they are the same in a program that is differentiated. What is
 * neither here nor below takes plain numbers only.
 */
const HANDING_ON = [
  ...[
    "at",
    "concat",
    "push",
    "first",
    "last",
    "slice",
    "take",
    "drop",
    "reverse",
    "zip",
    "indexed",
    "fill",
    "set",
    "len",
  ],
  ...["map", "filter", "fold", "flat_map", "any", "all", "find", "each", "values", "entries", "keys"],
  ...["is_none", "unwrap"],
] as const satisfies readonly (keyof typeof builtins)[];

/** Every other built-in refuses numbers with derivatives, by its name. */
function refusing(): Record<string, unknown> {
  const guarded = Object.entries(builtins as unknown as Record<string, unknown>).map(([name, value]) => {
    if (typeof value !== "function" || (HANDING_ON as readonly string[]).includes(name)) return [name, value] as const;
    const call = value as AnyFunction;
    return [
      name,
      (...args: readonly unknown[]) => call(...(refuseReals(`\`${name}\``, args).map(unwrapped(name)) as never[])),
    ] as const;
  });
  return Object.fromEntries(guarded);
}

const unwrapped =
  (taker: string) =>
  (value: unknown): unknown =>
    value instanceof DifferentiableDistribution ? plainDistribution(`\`${taker}\``, value) : value;

// ------------------------------------------------------------------------- what compares values compares plain numbers

/** The element for which `before` says that it is before all others; not a number is before everything. */
function extreme(operation: "min" | "max", values: readonly unknown[]): unknown {
  const best = builtins[operation](plain(values));
  const at = plain(values).findIndex((value) => Object.is(value, best) || equal(value, best));
  return values[at < 0 ? 0 : at];
}

function minOrMax(operation: "min" | "max", a: unknown, b: unknown): unknown {
  if (typeof a === "number" && typeof b === "number") return builtins[operation](a, b);
  return extreme(operation, b === undefined ? (a as readonly unknown[]) : [a, b]);
}

/** The elements in the order of their keys, which are compared by value. */
function sortedBy<T>(xs: readonly T[], keys: readonly unknown[]): readonly T[] {
  const order = keys.map((key, i) => ({ key, i }));
  return order.sort((a, b) => compare(a.key, b.key)).map(({ i }) => xs[i]!);
}

const comparing = {
  equal: (a: unknown, b: unknown): boolean => equal(plain(a), plain(b)),
  compare: (a: unknown, b: unknown): number => compare(plain(a), plain(b)),
  in: (x: unknown, collection: never): boolean => builtins.in(plain(x), plain(collection)),
  contains: (xs: never, x: unknown): boolean => builtins.contains(plain(xs), plain(x) as never),
  count: (xs: never, x: unknown): number => builtins.count(plain(xs), plain(x) as never),
  index_of: (xs: never, x: unknown): number | null => builtins.index_of(plain(xs), plain(x) as never),
  min: (a: unknown, b?: unknown): unknown => minOrMax("min", a, b),
  max: (a: unknown, b?: unknown): unknown => minOrMax("max", a, b),
  sort: (xs: readonly unknown[]): readonly unknown[] => (carriesReal(xs) ? sortedBy(xs, plain(xs)) : builtins.sort(xs)),
  sort_by: (xs: readonly unknown[], key: (x: unknown) => unknown): readonly unknown[] => {
    const keys = builtins.map(xs, key).map((k) => plain(k));
    return sortedBy(xs, keys);
  },
  unique: (xs: readonly unknown[]): readonly unknown[] => {
    const first = new Map<string, unknown>();
    for (const x of xs) {
      const key = hashKey(plain(x));
      if (!first.has(key)) first.set(key, x);
    }
    return [...first.values()];
  },
  group_by: (xs: readonly unknown[], key: (x: unknown) => unknown): ValueMap =>
    builtins.group_by(xs, (x) => plain(key(x))),
  map_of: (entries: Iterable<readonly [unknown, unknown]>): ValueMap =>
    ValueMap.from(Array.from(entries, ([k, v]) => [plain(k), v] as const)),
  get: (m: ValueMap, k: unknown): unknown => builtins.get(m, plain(k)),
  has: (m: ValueMap, k: unknown): boolean => builtins.has(m, plain(k)),
  put: (m: ValueMap, k: unknown, v: unknown): ValueMap => builtins.put(m, plain(k), v),
  remove: (m: ValueMap, k: unknown): ValueMap => builtins.remove(m, plain(k)),
  at: (collection: never, index: unknown): unknown =>
    builtins.at(collection, (typeof index === "object" ? plain(index) : index) as never),
};

// ------------------------------------------------------------------------------------------------------------- others

/** People are shown values. */
const showing = {
  text: builtins.text,
  string: builtins.string,
  show: builtins.show,
};

/** Restricted and flattened distributions have finitely many values, and normalisers of plain numbers. */
const reshaping = (name: "where" | "tempered" | "top_k" | "top_p") => (d: Drawable<unknown>, change: never) => {
  refuseReals(`\`${name}\``, [change]);
  return reshaped(builtins[name](plainDistribution(`\`${name}\``, d), change));
};

const reshaped = (d: Drawable<unknown>): Drawable<unknown> =>
  d.kind === "process" ? d : new DifferentiableDistribution<unknown>(d, [], byValue);

const onDistributions = {
  where: reshaping("where"),
  tempered: reshaping("tempered"),
  top_k: reshaping("top_k"),
  top_p: reshaping("top_p"),
  mix: differentiableDistributions.mixture,
  log_prob: (d: Distribution<unknown>, value: unknown): number =>
    d instanceof DifferentiableDistribution
      ? d.logDensity(value)
      : builtins.log_prob(d, refuseReals("`log_prob`", [value])[0]),
  mean: (x: unknown): unknown =>
    Array.isArray(x)
      ? arithmetic.meanOfList(x as readonly Num[])
      : builtins.mean(plainDistribution("`mean`", x as Drawable<unknown>) as Distribution<unknown>),
};

/** `$` of a program that is differentiated: the built-ins, and the operators that JavaScript has for plain numbers only. */
export const differentiableBuiltins = {
  ...refusing(),
  ...comparing,
  ...showing,
  ...onDistributions,
  ...arithmetic.functions,
  plus: arithmetic.plus,
  minus: arithmetic.minus,
  times: arithmetic.times,
  over: arithmetic.over,
  negate: arithmetic.negate,
  less: arithmetic.less,
  less_or_equal: arithmetic.lessOrEqual,
  greater: arithmetic.greater,
  greater_or_equal: arithmetic.greaterOrEqual,
  /** `===` of numbers and what else JavaScript compares by value. */
  same: (a: unknown, b: unknown): boolean => plain(a) === plain(b),
  /** A number that looks like an object. */
  is_number: (x: unknown): boolean => x instanceof Real,
  add: (a: unknown, b: unknown): unknown =>
    a instanceof Real || b instanceof Real ? arithmetic.plus(a as Num, b as Num) : builtins.add(a, b),
  pow: arithmetic.pow,
  int_div: arithmetic.int_div,
  mod: arithmetic.mod,
  atan2: arithmetic.atan2,
  sum: arithmetic.sum,
  log_sum_exp: arithmetic.log_sum_exp,
  float: (x: unknown): unknown => (x instanceof Real ? x : builtins.float(x as number)),
  int: (x: unknown): number => builtins.int(x instanceof Real ? valueOf(x) : (x as number)),
} as unknown as typeof builtins & Readonly<Record<string, AnyFunction>>;

/** `frames` of a program that is differentiated. */
export const differentiableFrames = {
  ...frames,
  log_prob: (d: Drawable<unknown>, value: unknown): Frame =>
    d.kind === "process" ? frames.log_prob(d, refuseReals("`log_prob`", [value])[0]) : frames.log_prob(d, value),
} satisfies Record<keyof typeof frames, (...args: never[]) => Frame>;

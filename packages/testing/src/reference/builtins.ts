import * as dists from "./distribution.js";
import { ReferenceDistribution } from "./distribution.js";
import { ProgramError } from "./errors.js";
import { local, power, product } from "./product.js";
import { changed, masked } from "./text-span.js";
import {
  compare,
  ConstraintValue,
  ContextValue,
  Dictionary,
  equal,
  FunctionValue,
  show,
  textOf,
  TokenValue,
  type Value,
} from "./value.js";

type Builtin = (args: readonly Value[]) => Value;

const number = (v: Value): number => {
  if (typeof v !== "number") throw new ProgramError("A number is wanted.");
  return v;
};
const string = (v: Value): string => {
  if (typeof v === "string") return v;
  if (v instanceof TokenValue || v instanceof ContextValue) return v.text;
  throw new ProgramError("A string is wanted.");
};
const list = (v: Value): readonly Value[] => {
  if (!Array.isArray(v)) throw new ProgramError("A list is wanted.");
  return v as readonly Value[];
};
const map = (v: Value): Dictionary => {
  if (!(v instanceof Dictionary)) throw new ProgramError("A map is wanted.");
  return v;
};
const dist = (v: Value): ReferenceDistribution => {
  if (!(v instanceof ReferenceDistribution)) throw new ProgramError("A distribution is wanted.");
  return v;
};
const posterior = (v: Value): { logZ: number; ess: number } => {
  const found = dist(v).posterior;
  if (found === null) throw new ProgramError("A posterior is wanted.");
  return found;
};
/** A change of a distribution: of a span of text that of each token's. */
const eachToken = (
  d: ReferenceDistribution,
  change: (d: ReferenceDistribution) => ReferenceDistribution,
): ReferenceDistribution => (d.made?.kind === "text" ? changed(d.made.span, change) : change(d));
const call = (f: Value, ...args: Value[]): Value => {
  if (!(f instanceof FunctionValue)) throw new ProgramError("A function is wanted.");
  return f.call(args);
};
const truth = (v: Value): boolean => {
  if (typeof v !== "boolean") throw new ProgramError("A boolean is wanted.");
  return v;
};
const isText = (v: Value): boolean => typeof v === "string" || v instanceof TokenValue || v instanceof ContextValue;
const points = (s: Value): string[] => Array.from(string(s));
const index = (i: number): Value => (i < 0 ? null : i);
const place = (i: number, length: number): number => Math.min(length, Math.max(0, i < 0 ? length + i : i));
const toNumber = (s: string): number => {
  const trimmed = s.trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : NaN;
};
const parseInteger = (s: string): number => (/^[+-]?\d+$/.test(s.trim()) ? Number(s.trim()) : NaN);
const orNone = (x: number): Value => (Number.isNaN(x) ? null : x);
const one =
  (f: (x: number) => number): Builtin =>
  ([x]) =>
    f(number(x));
/** What gives an `int`: never infinite, never the negative zero. */
const whole =
  (f: (x: number) => number): Builtin =>
  ([x]) => {
    const n = f(number(x));
    if (!Number.isFinite(n)) throw new ProgramError("A number that is not finite cannot be made whole.");
    return n + 0;
  };
const extreme =
  (better: (c: number) => boolean): Builtin =>
  (args) => {
    const xs = args.length === 1 ? list(args[0]) : args;
    if (xs.length === 0) throw new ProgramError("min and max need at least one value.");
    return xs.reduce((best, x) => (better(compare(x, best)) ? x : best));
  };
const logSumExp = (xs: readonly number[]): number => {
  const max = Math.max(-Infinity, ...xs);
  return max === -Infinity ? -Infinity : max + Math.log(xs.reduce((s, x) => s + Math.exp(x - max), 0));
};
const occurrences = (s: string, sub: string): number => {
  if (sub === "") throw new ProgramError("count: the string to count is empty.");
  return s.split(sub).length - 1;
};
const stableSort = (xs: readonly Value[], key: (x: Value) => Value): readonly Value[] =>
  xs
    .map((x, i) => ({ x, i, k: key(x) }))
    .sort((a, b) => compare(a.k, b.k) || a.i - b.i)
    .map(({ x }) => x);
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Built-in functions by name, arguments in order. */
export const builtins: Readonly<Record<string, Builtin>> = {
  // Numbers.
  abs: one(Math.abs),
  sqrt: one(Math.sqrt),
  exp: one(Math.exp),
  log: one(Math.log),
  log1p: one(Math.log1p),
  expm1: one(Math.expm1),
  floor: whole(Math.floor),
  ceil: whole(Math.ceil),
  round: whole((x) => Math.sign(x) * Math.round(Math.abs(x))),
  trunc: whole(Math.trunc),
  sin: one(Math.sin),
  cos: one(Math.cos),
  tan: one(Math.tan),
  tanh: one(Math.tanh),
  sigmoid: one(sigmoid),
  logit: one((p) => Math.log(p / (1 - p))),
  atan2: ([y, x]) => Math.atan2(number(y), number(x)),
  int_div: ([a, b]) => operate("//", a, b),
  is_nan: ([x]) => Number.isNaN(number(x)),
  is_finite: ([x]) => Number.isFinite(number(x)),
  min: extreme((c) => c < 0),
  max: extreme((c) => c > 0),
  sum: ([xs]) => list(xs).reduce((a: number, x) => a + number(x), 0),
  mean: ([x]) => {
    if (x instanceof ReferenceDistribution) return dists.meanOf(x);
    const xs = list(x);
    if (xs.length === 0) throw new ProgramError("mean: the list is empty.");
    return xs.reduce((a: number, v) => a + number(v), 0) / xs.length;
  },
  log_sum_exp: ([xs]) => logSumExp(list(xs).map(number)),
  int: ([x]) => {
    if (typeof x === "boolean") return Number(x);
    if (typeof x === "number") {
      if (!Number.isFinite(x)) throw new ProgramError("int: the number is not finite.");
      return Math.trunc(x);
    }
    const n = parseInteger(string(x));
    if (Number.isNaN(n)) throw new ProgramError("int: the string is not a whole number.");
    return n;
  },
  float: ([x]) => {
    if (typeof x === "number" || typeof x === "boolean") return Number(x);
    const n = toNumber(string(x));
    if (Number.isNaN(n)) throw new ProgramError("float: the string is not a number.");
    return n;
  },
  parse_int: ([s]) => orNone(parseInteger(string(s))),
  parse_float: ([s]) => orNone(toNumber(string(s))),
  string: ([x]) => textOf(x as Value),
  show: ([x]) => show(x as Value),

  // Strings and lists that share a name.
  len: ([x]) => (Array.isArray(x) ? x.length : x instanceof Dictionary ? x.entries.length : points(x).length),
  contains: ([x, y]) => (isText(x) ? string(x).includes(string(y)) : list(x).some((v) => equal(v, y))),
  count: ([x, y]) => (isText(x) ? occurrences(string(x), string(y)) : list(x).filter((v) => equal(v, y)).length),
  index_of: ([x, y]) => {
    if (!isText(x)) return index(list(x).findIndex((v) => equal(v, y)));
    const at = string(x).indexOf(string(y));
    return at < 0 ? null : Array.from(string(x).slice(0, at)).length;
  },
  reverse: ([x]) => (typeof x === "string" ? points(x).reverse().join("") : [...list(x)].reverse()),
  slice: ([x, from, to]) => {
    const items: readonly Value[] = typeof x === "string" ? points(x) : list(x);
    const a = place(number(from), items.length);
    const b = to === undefined || to === null ? items.length : place(number(to), items.length);
    const part = items.slice(a, Math.max(a, b));
    return typeof x === "string" ? part.join("") : part;
  },

  // Strings.
  starts_with: ([s, t]) => string(s).startsWith(string(t)),
  ends_with: ([s, t]) => string(s).endsWith(string(t)),
  split: ([s, sep]) => string(s).split(string(sep)),
  lines: ([s]) => string(s).split(/\r?\n/),
  words: ([s]) => string(s).match(/\S+/gu) ?? [],
  chars: ([s]) => points(s),
  join: ([xs, sep = ""]) => list(xs).map(string).join(string(sep)),
  lower: ([s]) => string(s).toLowerCase(),
  upper: ([s]) => string(s).toUpperCase(),
  trim: ([s]) => string(s).trim(),
  replace: ([s, from, to]) => string(s).split(string(from)).join(string(to)),
  repeat: ([s, n]) => string(s).repeat(number(n)),
  text: ([x]) => string(x),

  // Lists.
  push: ([xs, x]) => [...list(xs), x],
  concat: ([xs, ys]) => [...list(xs), ...list(ys)],
  take: ([xs, n]) => list(xs).slice(0, Math.max(0, number(n))),
  drop: ([xs, n]) => list(xs).slice(Math.max(0, number(n))),
  first: ([xs]) => (list(xs).length === 0 ? null : list(xs)[0]),
  last: ([xs]) => (list(xs).length === 0 ? null : list(xs)[list(xs).length - 1]),
  sort: ([xs]) => stableSort(list(xs), (x) => x),
  sort_by: ([xs, f]) => stableSort(list(xs), (x) => call(f, x)),
  unique: ([xs]) => list(xs).filter((x, i) => list(xs).findIndex((y) => equal(x, y)) === i),
  zip: ([xs, ys]) =>
    list(xs)
      .slice(0, list(ys).length)
      .map((x, i) => [x, list(ys)[i]]),
  indexed: ([xs]) => list(xs).map((x, i) => [i, x]),
  range: ([a, b]) => Array.from({ length: Math.max(0, number(b) - number(a)) }, (_, i) => number(a) + i),
  fill: ([n, x]) => Array.from({ length: number(n) }, () => x),
  set: ([xs, i, x]) => {
    const at = number(i);
    if (!(Number.isInteger(at) && at >= 0 && at < list(xs).length)) throw new ProgramError("set: no such place.");
    return list(xs).map((y, j) => (j === at ? x : y));
  },
  map: ([xs, f]) => list(xs).map((x) => call(f, x)),
  filter: ([xs, f]) => list(xs).filter((x) => truth(call(f, x))),
  fold: ([xs, init, f]) => list(xs).reduce((acc: Value, x) => call(f, acc, x), init),
  independent: (parts) => parts.map((part) => call(part)),
  flat_map: ([xs, f]) => list(xs).flatMap((x) => list(call(f, x))),
  any: ([xs, f]) => list(xs).some((x) => truth(call(f, x))),
  all: ([xs, f]) => list(xs).every((x) => truth(call(f, x))),
  find: ([xs, f]) => list(xs).find((x) => truth(call(f, x))) ?? null,
  each: ([xs, f]) => {
    for (const x of list(xs)) call(f, x);
    return undefined;
  },
  group_by: ([xs, f]) =>
    list(xs).reduce((groups: Dictionary, x) => {
      const key = call(f, x);
      return groups.put(key, [...list(groups.get(key) ?? []), x]);
    }, new Dictionary()),

  // Maps.
  get: ([m, k]) => map(m).get(k) ?? null,
  has: ([m, k]) => map(m).has(k),
  put: ([m, k, v]) => map(m).put(k, v),
  remove: ([m, k]) => map(m).remove(k),
  keys: ([m]) => map(m).entries.map(([k]) => k),
  values: ([m]) => map(m).entries.map(([, v]) => v),
  entries: ([m]) => map(m).entries.map(([k, v]) => [k, v]),

  // Optionals.
  is_none: ([x]) => x === null,
  unwrap: ([x]) => {
    if (x === null) throw new ProgramError("unwrap: the value is none.");
    return x;
  },

  // Distributions as values.
  where: ([d, f]) => dists.where(dist(d), (v) => truth(call(f, v))),
  tempered: ([d, t]) => eachToken(dist(d), (each) => dists.tempered(each, number(t))),
  top_k: ([d, k]) => eachToken(dist(d), (each) => dists.topK(each, number(k))),
  top_p: ([d, p]) => eachToken(dist(d), (each) => dists.topP(each, number(p))),
  masked: ([d, c]) => {
    if (!(c instanceof ConstraintValue)) throw new ProgramError("masked: a constraint is wanted.");
    return masked(dist(d), c.test);
  },
  product: (ds) => product((ds.length === 1 && Array.isArray(ds[0]) ? list(ds[0]) : ds).map(dist)),
  local: ([d]) => local(dist(d)),
  log_prob: ([d, v]) => dist(d).logDensity(v),
  variance: ([d]) => dists.varianceOf(dist(d)),
  support: ([d]) => dist(d).outcomes.map((o) => o.value),
  probability: ([d, f]) =>
    dists.someOutcomes(dist(d)).reduce((s, o) => s + (truth(call(f, o.value)) ? o.probability : 0), 0),
  mode: ([d]) => {
    const best = dist(d).outcomes.reduce<dists.Outcome | null>(
      (b, o) => (b === null || o.probability > b.probability ? o : b),
      null,
    );
    if (best === null) throw new ProgramError("mode: the posterior is empty.");
    return best.value;
  },
  quantile: ([d, q]) => {
    const sorted = [...dist(d).outcomes].sort((a, b) => number(a.value) - number(b.value));
    let sum = 0;
    for (const o of sorted) if ((sum += o.probability) >= number(q) - 1e-12) return o.value;
    throw new ProgramError("quantile: no such level.");
  },
  entropy: ([d]) => dist(d).outcomes.reduce((s, o) => s - o.probability * Math.log(o.probability), 0),
  log_z: ([d]) => posterior(d).logZ,
  ess: ([d]) => posterior(d).ess,

  fail: ([message]) => {
    throw new ProgramError(string(message));
  },
};

/** Constants by name. */
export const constants: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E, inf: Infinity };

/** Operators apart from the short-circuiting ones. */
export function operate(operator: string, a: Value, b: Value): Value {
  switch (operator) {
    case "==":
      return equal(a, b);
    case "!=":
      return !equal(a, b);
    case "<":
      return compare(a, b) < 0;
    case "<=":
      return compare(a, b) <= 0;
    case ">":
      return compare(a, b) > 0;
    case ">=":
      return compare(a, b) >= 0;
    case "in":
      if (Array.isArray(b)) return b.some((x: Value) => equal(x, a));
      if (b instanceof Dictionary) return b.has(a);
      return string(b).includes(string(a));
    case "+":
      if (typeof a === "number" && typeof b === "number") return a + b;
      if (a instanceof ContextValue) return a.model.extend(a, b);
      if (Array.isArray(a) && Array.isArray(b)) return [...(a as readonly Value[]), ...(b as readonly Value[])];
      if (isText(a) && isText(b)) return string(a) + string(b);
      throw new ProgramError("`+` is for numbers, strings, lists and contexts.");
  }
  if (operator === "^" && a instanceof ReferenceDistribution) return power(a, b);
  const x = number(a);
  const y = number(b);
  switch (operator) {
    case "-":
      return x - y;
    case "*":
      return x * y;
    case "/":
      return x / y;
    case "//":
      if (y === 0) throw new ProgramError("Division by zero.");
      return Math.floor(x / y);
    case "%":
      if (y === 0) throw new ProgramError("Division by zero.");
      return x - y * Math.floor(x / y);
    case "^":
      return x ** y;
  }
  throw new ProgramError(`There is no operator ${operator}.`);
}

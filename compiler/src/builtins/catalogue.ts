import type { DistributionDomain } from "../types.js";
import { distributions, type ParameterRange } from "./distributions.js";

/**
 * A built-in function or constant, as data: the checker types calls by it, the emitter finds its place in the prelude by
 * it, editors show it.
 */
export interface Builtin {
  readonly name: string;
  /** The ways to call it, in the notation of signature.ts; of a constant, `name: type`. Told apart by number and kind of the arguments. */
  readonly signatures: readonly string[];
  /**
   * `pure`: called in place. `argument`: what its function arguments may do. `density`: waits when the distribution is a
   * text or a token of a language model, or not known not to be.
   */
  readonly effect: "pure" | "argument" | "density";
  /** Which object of the prelude has it, under its own name. */
  readonly prelude: "$" | "dist";
  readonly group:
    | "constants"
    | "numbers"
    | "strings"
    | "lists"
    | "maps"
    | "optionals"
    | "distributions"
    | "using distributions"
    | "other";
  /** One line for people. */
  readonly doc: string;
  readonly constant?: boolean;
  /** How the domain of the resulting distribution follows from the first (`same`) or second (`of-list`) argument. */
  readonly domain?: "same" | "of-list";
  /** Domains for which it can be computed; others are an error when compiling. */
  readonly domains?: readonly DistributionDomain[];
  readonly ranges?: Readonly<Record<string, ParameterRange>>;
  /** Two parameters of which the first must not exceed the second. */
  readonly ordered?: readonly [low: string, high: string];
}

type Row = readonly [signature: string | readonly string[], doc: string, more?: Partial<Builtin>];

const rows = (group: Builtin["group"], table: readonly Row[]): readonly Builtin[] =>
  table.map(([signature, doc, more]) => {
    const signatures = typeof signature === "string" ? [signature] : signature;
    const name = /^\w+/.exec(signatures[0]!)![0];
    return { name, signatures, effect: "pure", prelude: "$", group, doc, ...more };
  });

const byFunction = { effect: "argument" } as const;
const constant = { constant: true } as const;
const MASKABLE: readonly DistributionDomain[] = ["finite", "countable", "next-token"];
/** Of texts, each token's distribution is changed. */
const RESHAPABLE: readonly DistributionDomain[] = [...MASKABLE, "text"];
const FINITE: readonly DistributionDomain[] = ["finite"];

export const builtins: readonly Builtin[] = [
  ...rows("constants", [
    ["pi: float", "The ratio of a circle's circumference to its diameter.", constant],
    ["e: float", "The base of natural logarithms.", constant],
    ["inf: float", "Positive infinity; `-inf` is the weight of the impossible.", constant],
  ]),
  ...rows("numbers", [
    ["abs(x: N): N", "The number without its sign."],
    ["sqrt(x: float): float", "The square root."],
    ["exp(x: float): float", "e to the power of x."],
    ["log(x: float): float", "The natural logarithm."],
    ["log1p(x: float): float", "log(1 + x), exact for small x."],
    ["expm1(x: float): float", "exp(x) - 1, exact for small x."],
    ["floor(x: float): int", "The largest whole number not above x."],
    ["ceil(x: float): int", "The smallest whole number not below x."],
    ["round(x: float): int", "The nearest whole number; halves go away from zero."],
    ["trunc(x: float): int", "The whole part."],
    [["min(a: N, b: N): N", "min(xs: list<N>): N"], "The smaller of two numbers, or the smallest of a list."],
    [["max(a: N, b: N): N", "max(xs: list<N>): N"], "The larger of two numbers, or the largest of a list."],
    ["sum(xs: list<N>): N", "The sum; 0 for an empty list."],
    [
      ["mean(xs: list<float>): float", "mean(d: dist<float | bool>): float", "mean(d: dist<list<float>>): list<float>"],
      "The average of numbers, or the expected value of a distribution.",
    ],
    ["log_sum_exp(xs: list<float>): float", "log(sum of exp(x)), without overflow."],
    ["sigmoid(x: float): float", "1 / (1 + exp(-x)): log-odds to probability."],
    ["logit(p: float): float", "log(p / (1 - p)): probability to log-odds."],
    ["sin(x: float): float", "The sine of an angle in radians."],
    ["cos(x: float): float", "The cosine of an angle in radians."],
    ["tan(x: float): float", "The tangent of an angle in radians."],
    ["tanh(x: float): float", "The hyperbolic tangent."],
    ["atan2(y: float, x: float): float", "The angle of the point (x, y), in radians."],
    ["int_div(a: N, b: N): N", "The largest whole number not above a / b."],
    ["is_nan(x: float): bool", "Whether x is not a number."],
    ["is_finite(x: float): bool", "Whether x is neither infinite nor NaN."],
    ["int(x: float | string | bool): int", "A whole number: cuts a float off, reads a string, counts `true` as 1."],
    ["float(x: float | string | bool): float", "A float: of a whole number, read from a string, 1 for `true`."],
    ["parse_int(s: string): int?", "The whole number written in s, or none."],
    ["parse_float(s: string): float?", "The number written in s, or none."],
    ["string(x: any): string", "The value as text, as `${x}` shows it."],
  ]),
  ...rows("strings", [
    [["len(x: string | list<any> | map<any, any>): int"], "How many characters (code points), elements or entries."],
    [
      ["contains(s: string | token | context, sub: string): bool", "contains(xs: list<T>, x: T): bool"],
      "Whether the text has `sub` in it, or the list has `x`.",
    ],
    ["starts_with(s: string | token | context, sub: string): bool", "Whether the text begins with `sub`."],
    ["ends_with(s: string | token | context, sub: string): bool", "Whether the text ends with `sub`."],
    [
      ["count(s: string, sub: string): int", "count(xs: list<T>, x: T): int"],
      "How often `sub` is in the text without overlap, or `x` in the list.",
    ],
    [
      ["index_of(s: string, sub: string): int?", "index_of(xs: list<T>, x: T): int?"],
      "Where `sub` or `x` is first, from 0, or none.",
    ],
    ["split(s: string, sep: string): list<string>", "The parts between the separators."],
    ["lines(s: string): list<string>", "The lines of a text."],
    ["words(s: string): list<string>", "The runs of characters that are not spaces."],
    ["chars(s: string): list<string>", "The characters (code points)."],
    ["join(xs: list<string>, sep: string): string", "The strings with the separator between them."],
    ["lower(s: string): string", "The text in lower case."],
    ["upper(s: string): string", "The text in upper case."],
    ["trim(s: string): string", "The text without spaces at its ends."],
    ["replace(s: string, from: string, to: string): string", "The text with every `from` replaced."],
    [
      ["slice(s: string, from: int, to?: int): string", "slice(xs: list<T>, from: int, to?: int): list<T>"],
      "The part from `from` up to, not including, `to`; negative numbers count from the end.",
    ],
    ["repeat(s: string, n: int): string", "The text n times."],
    [["reverse(s: string): string", "reverse(xs: list<T>): list<T>"], "Back to front."],
    ["text(x: token | context | string): string", "The text of a token or context."],
  ]),
  ...rows("lists", [
    ["push(xs: list<T>, x: T): list<T>", "A new list with x at the end."],
    ["concat(xs: list<T>, ys: list<T>): list<T>", "A new list of both."],
    ["take(xs: list<T>, n: int): list<T>", "The first n elements."],
    ["drop(xs: list<T>, n: int): list<T>", "All but the first n elements."],
    ["first(xs: list<T>): T?", "The first element, or none."],
    ["last(xs: list<T>): T?", "The last element, or none."],
    ["sort(xs: list<O>): list<O>", "In ascending order."],
    ["sort_by(xs: list<T>, key: (T) => O): list<T>", "In ascending order of the key."],
    ["unique(xs: list<T>): list<T>", "Without repetitions, in order of first appearance."],
    ["zip(xs: list<T>, ys: list<U>): list<(T, U)>", "Pairs, as many as the shorter list has."],
    ["indexed(xs: list<T>): list<(int, T)>", "Each element with its index."],
    ["range(a: int, b: int): list<int>", "The whole numbers from a up to, not including, b."],
    ["fill(n: int, x: T): list<T>", "The same value n times."],
    ["set(xs: list<T>, i: int, x: T): list<T>", "A new list with element i replaced."],
    ["map(xs: list<T>, f: (T) ~> U): list<U>", "What the function gives for each element.", byFunction],
    ["filter(xs: list<T>, p: (T) ~> bool): list<T>", "The elements for which p holds.", byFunction],
    ["fold(xs: list<T>, init: U, f: (U, T) ~> U): U", "Goes through the list with an accumulated value.", byFunction],
    [
      "flat_map(xs: list<T>, f: (T) ~> list<U>): list<U>",
      "The lists the function gives, one after the other.",
      byFunction,
    ],
    ["any(xs: list<T>, p: (T) ~> bool): bool", "Whether p holds for some element.", byFunction],
    ["all(xs: list<T>, p: (T) ~> bool): bool", "Whether p holds for every element.", byFunction],
    ["find(xs: list<T>, p: (T) ~> bool): T?", "The first element for which p holds, or none.", byFunction],
    ["each(xs: list<T>, f: (T) ~> unit): unit", "Calls the function for each element.", byFunction],
    ["group_by(xs: list<T>, key: (T) => K): map<K, list<T>>", "The elements by their key."],
  ]),
  ...rows("maps", [
    ["get(m: map<K, V>, k: K): V?", "The value for the key, or none."],
    ["has(m: map<K, V>, k: K): bool", "Whether the map has the key."],
    ["put(m: map<K, V>, k: K, v: V): map<K, V>", "A new map with the entry."],
    ["remove(m: map<K, V>, k: K): map<K, V>", "A new map without the key."],
    ["keys(m: map<K, V>): list<K>", "The keys, in order of insertion."],
    ["values(m: map<K, V>): list<V>", "The values, in order of insertion."],
    ["entries(m: map<K, V>): list<(K, V)>", "Pairs of key and value, in order of insertion."],
  ]),
  ...rows("optionals", [
    ["is_none(x: any): bool", "Whether the value is missing."],
    ["unwrap(x: T?): T", "The value; an error when it is missing."],
  ]),
  ...distributions,
  ...rows("using distributions", [
    [
      "where(d: dist<T>, pred: (T) => bool): dist<T>",
      "The distribution restricted to the values for which pred holds, renormalised: a local mask.",
      { domain: "same", domains: MASKABLE },
    ],
    [
      "tempered(d: dist<T>, t: float): dist<T>",
      "Probabilities to the power of 1 / t, renormalised; of a model's text, token by token.",
      { domain: "same", domains: RESHAPABLE, ranges: { t: "positive" } },
    ],
    [
      "top_k(d: dist<T>, k: int): dist<T>",
      "Restricted to the k most probable values; of a model's text, token by token.",
      { domain: "same", domains: RESHAPABLE, ranges: { k: "count" } },
    ],
    [
      "top_p(d: dist<T>, p: float): dist<T>",
      "Restricted to the most probable values that make up p; of a model's text, token by token.",
      { domain: "same", domains: RESHAPABLE, ranges: { p: "probability" } },
    ],
    [
      "masked(d: dist<T>, matching: constraint): dist<T>",
      "Of a model's text: every token restricted to those that can still lead to a match, and renormalised: a local mask, which changes how likely the matching texts are. `matching: …` and `observe … matches` condition instead.",
      { domain: "same", domains: ["text"] },
    ],
    [
      "local(d: dist<T>): dist<T>",
      "Of a product or a power: every step of the draw renormalised, and nothing weighed. Another distribution, which only approximates the product.",
      { domains: ["product"] },
    ],
    [
      "mix(weights: list<float>, dists: list<dist<T>>): dist<T>",
      "One of the distributions, with probability proportional to its weight.",
      { domain: "of-list" },
    ],
    [
      "log_prob(d: dist<T>, v: T): float",
      "The log-probability (or log-density) of a value, in nats.",
      { effect: "density" },
    ],
    ["variance(d: dist<float | bool>): float", "The variance.", { domains: ["finite", "countable", "continuous"] }],
    ["support(d: dist<T>): list<T>", "The values that can be drawn.", { domains: FINITE }],
    ["probability(d: dist<T>, pred: (T) => bool): float", "How probable it is that pred holds.", { domains: FINITE }],
    ["mode(d: dist<T>): T", "The most probable value.", { domains: FINITE }],
    [
      "quantile(d: dist<float>, q: float): float",
      "The value below which lies the share q.",
      { domains: ["finite", "countable", "continuous"], ranges: { q: "probability" } },
    ],
    ["entropy(d: dist<any>): float", "The entropy, in nats.", { domains: FINITE }],
    ["log_z(p: posterior<any>): float", "The log of the normalising constant, in nats."],
    ["ess(p: posterior<any>): float", "The effective sample size."],
  ]),
  ...rows("other", [
    ["fail(message: string): never", "Stops the run with an error at this place."],
    [
      [
        "independent(f1: () ~> A, f2: () ~> B): (A, B)",
        "independent(f1: () ~> A, f2: () ~> B, f3: () ~> C): (A, B, C)",
        "independent(f1: () ~> A, f2: () ~> B, f3: () ~> C, f4: () ~> D): (A, B, C, D)",
        "independent(f1: () ~> A, f2: () ~> B, f3: () ~> C, f4: () ~> D, f5: () ~> E): (A, B, C, D, E)",
        "independent(f1: () ~> A, f2: () ~> B, f3: () ~> C, f4: () ~> D, f5: () ~> E, f6: () ~> F): (A, B, C, D, E, F)",
      ],
      "What each function gives, as a tuple. It says that they do not depend on each other: `dc_smc` gives each its own population.",
      byFunction,
    ],
    ["show(x: any): string", "The value as PGL writes it."],
  ]),
];

export const builtinByName: ReadonlyMap<string, Builtin> = new Map(builtins.map((builtin) => [builtin.name, builtin]));

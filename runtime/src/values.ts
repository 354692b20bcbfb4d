import { RunError } from "./errors.js";

/**
 * Values of PGL as JavaScript holds them: `int` and `float` are numbers, `none` is null, `unit` is undefined, lists and
 * tuples are arrays, records are plain objects, maps are `ValueMap`s. What is none of these (tokens, contexts,
 * distributions) is an object of a class that says by the hooks below how it is compared and shown; an object without
 * hooks, and a function, is equal to itself only.
 *
 * Values are immutable and finite: nothing here looks for cycles.
 */

/** `value[equalsSymbol](other): boolean`. Must agree with `keySymbol`. */
export const equalsSymbol: unique symbol = Symbol.for("pgl.equals");
/** `value[keySymbol](): string`, the same for equal values and different for others of its class; begins with the class. */
export const keySymbol: unique symbol = Symbol.for("pgl.key");
/** `value[showSymbol](): string`, as PGL would write the value. */
export const showSymbol: unique symbol = Symbol.for("pgl.show");
/** `value[jsonSymbol](): unknown`, plain data without NaN and infinities. */
export const jsonSymbol: unique symbol = Symbol.for("pgl.json");
/** `value[plusSymbol](other): unknown`, what `value + other` is. */
export const plusSymbol: unique symbol = Symbol.for("pgl.plus");
/** `value[textSymbol](): string`, what `${value}` puts into a string, and what string functions see. */
export const textSymbol: unique symbol = Symbol.for("pgl.text");

/** What a class of PGL values may implement. */
export interface ValueHooks {
  [equalsSymbol]?(other: unknown): boolean;
  [keySymbol]?(): string;
  [showSymbol]?(): string;
  [jsonSymbol]?(): unknown;
  [plusSymbol]?(other: unknown): unknown;
  [textSymbol]?(): string;
}

/** The hooks of an object. */
export const hooksOf = (value: object): ValueHooks => value as ValueHooks;

/** A record: an object made by a literal, here or in another realm. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A map of the language: immutable, keys compared by `equal`, in order of first insertion. */
export class ValueMap<K = unknown, V = unknown> implements Iterable<readonly [K, V]> {
  private constructor(private readonly table: ReadonlyMap<string, readonly [K, V]>) {}

  static readonly empty: ValueMap<never, never> = new ValueMap(new Map());

  /** Of equal keys the last value counts, at the place of the first. */
  static from<K, V>(entries: Iterable<readonly [K, V]>): ValueMap<K, V> {
    const table = new Map<string, readonly [K, V]>();
    for (const [key, value] of entries) insert(table, key, value);
    return new ValueMap(table);
  }

  get size(): number {
    return this.table.size;
  }

  /** The value of `key`, or undefined; `has` tells a unit value from a missing one. */
  get(key: K): V | undefined {
    return this.table.get(hashKey(key))?.[1];
  }

  has(key: K): boolean {
    return this.table.has(hashKey(key));
  }

  /** A map with this entry. Costs O(size). */
  put(key: K, value: V): ValueMap<K, V> {
    const table = new Map(this.table);
    insert(table, key, value);
    return new ValueMap(table);
  }

  /** A map without this key. Costs O(size). */
  remove(key: K): ValueMap<K, V> {
    const table = new Map(this.table);
    return table.delete(hashKey(key)) ? new ValueMap(table) : this;
  }

  keys(): K[] {
    return Array.from(this.table.values(), (entry) => entry[0]);
  }

  values(): V[] {
    return Array.from(this.table.values(), (entry) => entry[1]);
  }

  entries(): (readonly [K, V])[] {
    return [...this.table.values()];
  }

  [Symbol.iterator](): Iterator<readonly [K, V]> {
    return this.table.values();
  }

  [equalsSymbol](other: unknown): boolean {
    if (!(other instanceof ValueMap) || other.size !== this.size) return false;
    for (const [key, [, value]] of this.table) {
      const theirs = (other as ValueMap).table.get(key);
      if (theirs === undefined || !equal(value, theirs[1])) return false;
    }
    return true;
  }

  [keySymbol](): string {
    const entries = Array.from(this.table.values(), ([key, value]) => `${encode(key)}:${encode(value)}`);
    return `map{${entries.sort().join(",")}}`;
  }

  [showSymbol](): string {
    if (this.size === 0) return "map {}";
    return `map { ${this.entries()
      .map(([key, value]) => `${show(key)}: ${show(value)}`)
      .join(", ")} }`;
  }

  /** An object when every key is a string, else a list of pairs. */
  [jsonSymbol](): unknown {
    const entries = this.entries().map(([key, value]) => [toJson(key), toJson(value)] as const);
    const named = entries.every(([key]) => typeof key === "string") && this.keys().every((k) => typeof k === "string");
    return named ? Object.fromEntries(entries) : entries;
  }
}

function insert<K, V>(table: Map<string, readonly [K, V]>, key: K, value: V): void {
  const id = hashKey(key);
  const known = table.get(id);
  table.set(id, known === undefined ? [key, value] : [known[0], value]);
}

/**
 * `==` of the language: structural; records and maps without regard to order; an integer equals the float of the same
 * value. As in floating-point arithmetic, NaN equals nothing.
 */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!equal(a[i], b[i])) return false;
    return true;
  }
  const hook = hooksOf(a)[equalsSymbol];
  if (hook !== undefined) return hook.call(a, b);
  if (!isRecord(a) || !isRecord(b) || hooksOf(b)[equalsSymbol] !== undefined) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  for (const name of names) if (!Object.hasOwn(b, name) || !equal(a[name], b[name])) return false;
  return true;
}

/**
 * A string that two values share exactly when they are equal (and NaN with itself, so that a posterior lists it once). For
 * comparing within one process: functions and other objects without structure are numbered as they come.
 */
export function hashKey(value: unknown): string {
  // Once a particle, so the common cases come first. A string's key is the one kind that begins with a quote; it need not
  // be delimited, since nothing follows it.
  if (typeof value === "string") return `"${value}`;
  return encode(value);
}

/** A key that can stand among others: no key of a value is the beginning of another's. */
function encode(value: unknown): string {
  switch (typeof value) {
    case "number":
      return value === 0 ? "0" : String(value);
    case "string":
      return `"${value.length}:${value}`;
    case "boolean":
      return value ? "T" : "F";
    case "undefined":
      return "U";
    case "object":
      return value === null ? "_" : encodeObject(value);
    case "function":
      return identity(value);
    case "bigint":
      return `${value}n`;
    default:
      // A symbol can be in a host's value only; its description is all there is to tell it by.
      return `$${String(value).length}:${String(value)}`;
  }
}

function encodeObject(value: object): string {
  if (Array.isArray(value)) {
    let key = "[";
    for (let i = 0; i < value.length; i++) key += encode(value[i]) + ",";
    return key + "]";
  }
  const hook = hooksOf(value)[keySymbol];
  if (hook !== undefined) {
    const own = hook.call(value);
    return `@${own.length}:${own}`;
  }
  if (!isRecord(value)) return identity(value);
  let key = "{";
  for (const name of Object.keys(value).sort()) key += `${name.length}:${name}=${encode(value[name])},`;
  return key + "}";
}

const identities = new WeakMap<object, string>();
let identitiesGiven = 0;

function identity(value: object): string {
  let id = identities.get(value);
  if (id === undefined) identities.set(value, (id = `#${identitiesGiven++};`));
  return id;
}

/**
 * The order of `sort`, `min` and `max`: numbers (NaN after all others), strings by code unit, `false` before `true`, lists
 * and tuples by their first difference. Zero exactly when `equal` (or both NaN).
 * @throws RunError for values that have no order.
 */
export function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") {
    if (a < b) return -1;
    if (a > b) return 1;
    if (a === b) return 0;
    return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : -1;
  }
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    const shorter = Math.min(a.length, b.length);
    for (let i = 0; i < shorter; i++) {
      const order = compare(a[i], b[i]);
      if (order !== 0) return order;
    }
    return Math.sign(a.length - b.length);
  }
  throw new RunError("PGLR041", `${kindOf(a, true)} and ${kindOf(b)} have no order between them.`, {
    hint: "Numbers, strings, booleans, and lists of these can be compared; use sort_by with a key for others.",
  });
}

/** A value as PGL writes it, for people. */
export function show(value: unknown): string {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      return value === Infinity ? "inf" : value === -Infinity ? "-inf" : String(value);
    case "undefined":
      return "()";
    case "function":
      return value.name === "" ? "<function>" : `<function ${value.name}>`;
    case "object":
      return value === null ? "none" : showObject(value);
    default:
      return String(value);
  }
}

function showObject(value: object): string {
  // Loops rather than callbacks, here and below: half the stack for deep values.
  const parts: string[] = [];
  if (Array.isArray(value)) {
    for (const element of value) parts.push(show(element));
    return `[${parts.join(", ")}]`;
  }
  const hook = hooksOf(value)[showSymbol];
  if (hook !== undefined) return hook.call(value);
  if (isRecord(value)) {
    if (isClosure(value)) return "<function>";
    if (isModel(value)) return `<model ${String(value.name)}>`;
    for (const name of Object.keys(value)) parts.push(`${fieldName(name)}: ${show(value[name])}`);
    return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
  }
  // Classes of libraries have a text of their own or none that means anything.
  return Object.prototype.toString === value.toString ? `<${value.constructor?.name ?? "object"}>` : String(value);
}

// Functions that may suspend are objects of the machine; a user's record may have a `kind` too.
const isClosure = (value: Readonly<Record<string, unknown>>): boolean =>
  value.kind === "closure" && typeof value.enter === "function";
const isModel = (value: Readonly<Record<string, unknown>>): boolean =>
  value.kind === "model" && typeof value.start === "function";

const fieldName = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : quote(name));

/** A string literal: what PGL would read back as the same string. */
const quote = (value: string): string => JSON.stringify(value).replaceAll("${", "\\${");

/** What `${value}` puts into a string: texts as they are, everything else as PGL writes it. */
export function text(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null) {
    const hook = hooksOf(value)[textSymbol];
    if (hook !== undefined) return hook.call(value);
  }
  return show(value);
}

/**
 * Plain data for JSON: `-Infinity`, `Infinity` and NaN are the strings "-inf", "inf" and "nan"; `none` and `unit` are null;
 * a map is an object when its keys are strings, else a list of pairs; what has no data (a function) is shown.
 */
export function toJson(value: unknown): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Number.isFinite(value)) return value === 0 ? 0 : value;
      return Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
    case "undefined":
      return null;
    case "object":
      return value === null ? null : objectToJson(value);
    default:
      return show(value);
  }
}

function objectToJson(value: object): unknown {
  if (Array.isArray(value)) {
    const elements: unknown[] = [];
    for (const element of value) elements.push(toJson(element));
    return elements;
  }
  const hook = hooksOf(value)[jsonSymbol];
  if (hook !== undefined) return hook.call(value);
  const own = (value as { toJSON?: unknown }).toJSON;
  if (typeof own === "function") return (own as () => unknown).call(value);
  if (!isRecord(value) || isClosure(value) || isModel(value)) return show(value);
  const fields: [string, unknown][] = [];
  for (const name of Object.keys(value)) fields.push([name, toJson(value[name])]);
  return Object.fromEntries(fields);
}

/** What kind of value it is, as messages say it: "a string". */
export function kindOf(value: unknown, capital = false): string {
  const kind = plainKind(value);
  return capital ? kind[0]!.toUpperCase() + kind.slice(1) : kind;
}

function plainKind(value: unknown): string {
  switch (typeof value) {
    case "number":
      return "a number";
    case "string":
      return "a string";
    case "boolean":
      return "a boolean";
    case "undefined":
      return "the unit value";
    case "function":
      return "a function";
    case "object":
      break;
    default:
      return `a ${typeof value}`;
  }
  if (value === null) return "none";
  if (Array.isArray(value)) return "a list";
  if (value instanceof ValueMap) return "a map";
  const kind = (value as { readonly kind?: unknown }).kind;
  if (kind === "distribution" || kind === "process") return "a distribution";
  if (isRecord(value)) return isClosure(value) ? "a function" : isModel(value) ? "a model" : "a record";
  const name = value.constructor?.name ?? "object";
  return `a ${name.toLowerCase()}`;
}

import { ProgramError } from "./errors.js";
import type { ReferenceDistribution } from "./distribution.js";
import type { TableLanguageModel } from "./language-model.js";

/** Values of the language as the reference interpreter holds them; `null` is `none`, `undefined` is the unit value. */
export type Value =
  | number
  | string
  | boolean
  | null
  | undefined
  | readonly Value[]
  | RecordValue
  | Dictionary
  | TokenValue
  | ContextValue
  | FunctionValue
  | ConstraintValue
  | ReferenceDistribution
  | TableLanguageModel;

export class RecordValue {
  constructor(readonly fields: ReadonlyMap<string, Value>) {}
}

/** A map of the language: insertion order, structural keys. */
export class Dictionary {
  constructor(readonly entries: readonly (readonly [Value, Value])[] = []) {}

  get(key: Value): Value | undefined {
    return this.entries.find(([k]) => equal(k, key))?.[1];
  }
  has(key: Value): boolean {
    return this.entries.some(([k]) => equal(k, key));
  }
  put(key: Value, value: Value): Dictionary {
    if (!this.has(key)) return new Dictionary([...this.entries, [key, value]]);
    return new Dictionary(this.entries.map(([k, v]) => (equal(k, key) ? [k, value] : [k, v])));
  }
  remove(key: Value): Dictionary {
    return new Dictionary(this.entries.filter(([k]) => !equal(k, key)));
  }
}

/** One token of a table model; `model` is null for the literal `eos`. */
export class TokenValue {
  constructor(
    readonly model: TableLanguageModel | null,
    readonly id: number,
    readonly text: string,
    readonly isEos: boolean,
  ) {}
}

export const eos = new TokenValue(null, -1, "", true);

/**
 * What a model has read: texts and tokens in order. Texts next to each other are one text, tokenised canonically; tokens stay
 * the tokens they are.
 */
export class ContextValue {
  constructor(
    readonly model: TableLanguageModel,
    readonly pieces: readonly (string | TokenValue)[],
  ) {}

  get text(): string {
    return this.pieces.map((p) => (typeof p === "string" ? p : p.text)).join("");
  }

  get tokens(): readonly TokenValue[] {
    return this.pieces.flatMap((p) => (typeof p === "string" ? this.model.tokens(p) : [p]));
  }

  plus(more: readonly (string | TokenValue)[]): ContextValue {
    const pieces = [...this.pieces];
    for (const piece of more) {
      const last = pieces[pieces.length - 1];
      if (piece === "") continue;
      if (typeof piece === "string" && typeof last === "string") pieces[pieces.length - 1] = last + piece;
      else pieces.push(piece);
    }
    return new ContextValue(this.model, pieces);
  }
}

export class FunctionValue {
  constructor(
    readonly name: string,
    readonly call: (args: readonly Value[]) => Value,
    /** Names of the parameters, for calls that name their arguments; null where there are none to name. */
    readonly parameters: readonly string[] | null = null,
  ) {}
}

/** A constraint given as an argument. */
export class ConstraintValue {
  constructor(readonly test: (text: string) => boolean) {}
}

/** A string that is equal for equal values and different for different ones. Functions and distributions have none. */
export function keyOf(value: Value): string {
  if (value === null) return "none";
  if (value === undefined) return "unit";
  if (typeof value === "number") return `#${numberKey(value)}`;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map(keyOf).join(",")}]`;
  if (value instanceof RecordValue) {
    const fields = [...value.fields].map(([name, v]) => `${JSON.stringify(name)}:${keyOf(v)}`);
    return `{${fields.sort().join(",")}}`;
  }
  if (value instanceof Dictionary)
    return `map{${value.entries
      .map(([k, v]) => `${keyOf(k)}:${keyOf(v)}`)
      .sort()
      .join(",")}}`;
  if (value instanceof TokenValue) return value.isEos ? "eos" : `token:${value.id}:${JSON.stringify(value.text)}`;
  if (value instanceof ContextValue) return `context[${value.pieces.map(keyOf).join(",")}]`;
  throw new ProgramError("Functions and distributions cannot be compared.");
}

/**
 * Twelve digits: two ways to compute one float differ in the last places, and are one value of a measure.
 */
export function numberKey(value: number): string {
  if (Number.isInteger(value)) return String(value + 0);
  return Number.isFinite(value) ? String(Number(value.toPrecision(12))) : String(value);
}

/** `==` of the language: structural; maps without order; every end token equals `eos`. */
export function equal(a: Value, b: Value): boolean {
  if (typeof a === "number" && typeof b === "number") return a === b;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x: Value, i) => equal(x, b[i]));
  if (a instanceof RecordValue && b instanceof RecordValue) {
    return (
      a.fields.size === b.fields.size && [...a.fields].every(([k, v]) => b.fields.has(k) && equal(v, b.fields.get(k)))
    );
  }
  if (a instanceof Dictionary && b instanceof Dictionary) {
    return a.entries.length === b.entries.length && a.entries.every(([k, v]) => b.has(k) && equal(v, b.get(k)));
  }
  if (a instanceof TokenValue && b instanceof TokenValue) {
    return a.isEos || b.isEos ? a.isEos && b.isEos : a.model === b.model && a.id === b.id;
  }
  if (a instanceof ContextValue && b instanceof ContextValue) {
    return a.model === b.model && equal(a.pieces, b.pieces);
  }
  return a === b;
}

/** The order of `<` and `sort`: numbers, strings by code unit, booleans, lists and tuples lexicographically. */
export function compare(a: Value, b: Value): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const c = compare(a[i] as Value, b[i] as Value);
      if (c !== 0) return c;
    }
    return a.length - b.length;
  }
  throw new ProgramError("These values have no order.");
}

/** What `${…}` shows, and `string(x)`: strings as they are, everything else as it is written in the language. */
export function textOf(value: Value): string {
  if (typeof value === "string") return value;
  if (value instanceof TokenValue || value instanceof ContextValue) return value.text;
  return show(value);
}

export function show(value: Value): string {
  if (value === null) return "none";
  if (value === undefined) return "()";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return value === Infinity ? "inf" : value === -Infinity ? "-inf" : String(value);
  if (typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (value instanceof RecordValue)
    return braces(
      "",
      [...value.fields].map(([k, v]) => `${k}: ${show(v)}`),
    );
  if (value instanceof Dictionary)
    return braces(
      "map ",
      value.entries.map(([k, v]) => `${show(k)}: ${show(v)}`),
    );
  if (value instanceof TokenValue) return value.isEos ? "eos" : JSON.stringify(value.text);
  if (value instanceof ContextValue) return JSON.stringify(value.text);
  throw new ProgramError("This value cannot be shown.");
}

const braces = (before: string, parts: readonly string[]): string =>
  `${before}${parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`}`;

/** A value of the reference interpreter from plain data: arrays are lists, objects are records. */
export function fromPlain(data: unknown): Value {
  if (Array.isArray(data)) return data.map(fromPlain);
  if (data instanceof Map) return new Dictionary([...data].map(([k, v]) => [fromPlain(k), fromPlain(v)]));
  if (typeof data === "object" && data !== null && Object.getPrototypeOf(data) === Object.prototype) {
    return new RecordValue(new Map(Object.entries(data).map(([k, v]) => [k, fromPlain(v)])));
  }
  return data as Value;
}

/** Plain data for a value: records as objects, maps as `Map`, tokens as `{ token }`, contexts as `{ context }`. */
export function toPlain(value: Value): unknown {
  if (Array.isArray(value)) return value.map(toPlain);
  if (value instanceof RecordValue) return Object.fromEntries([...value.fields].map(([k, v]) => [k, toPlain(v)]));
  if (value instanceof Dictionary) return new Map(value.entries.map(([k, v]) => [toPlain(k), toPlain(v)]));
  if (value instanceof TokenValue) return value.isEos ? { eos: true } : { token: value.text, id: value.id };
  if (value instanceof ContextValue) return { context: value.pieces.map(toPlain) };
  return value;
}

import { ValueMap } from "../values.js";

/**
 * A TypeScript type as far as it matters to how its values are passed. Most values are the same on both sides of the
 * border; `none` is `null` or `undefined` there, as the declaration has it, and a map is a `Map`.
 */
export type HostType =
  | "number"
  | "boolean"
  | "string"
  | "null"
  | "undefined"
  /** Passed as it is: functions, distributions, values PGL does not look into. */
  | "other"
  | { readonly list: HostType }
  | { readonly tuple: readonly HostType[] }
  | { readonly map: readonly [key: HostType, value: HostType] }
  | { readonly record: Readonly<Record<string, HostType>> }
  | { readonly union: readonly HostType[] };

type Conversion = (value: unknown) => unknown;

/**
 * A host function as the program calls it: arguments become the host's values, the result becomes PGL's. A result that is
 * a promise is converted when it comes. Functions among the arguments are passed as they are.
 */
export function hostFunction<F extends (...args: never[]) => unknown>(
  fn: (...args: never[]) => unknown,
  parameters: readonly HostType[],
  result: HostType,
): F {
  const incoming = parameters.map((type) => conversion(type, TO_HOST));
  const outgoing = conversion(result, FROM_HOST) ?? same;
  const call = (...args: readonly unknown[]): unknown => {
    // An argument that was left out stays so.
    const values = args.map((arg, i) => (arg === undefined ? arg : (incoming[i] ?? same)(arg)));
    const answer = (fn as (...args: unknown[]) => unknown)(...values);
    return answer instanceof Promise ? answer.then(outgoing) : outgoing(answer);
  };
  return call as unknown as F;
}

/** A host constant as the program sees it. */
export function hostValue<T>(value: unknown, type: HostType): T {
  return (conversion(type, FROM_HOST) ?? same)(value) as T;
}

interface Direction {
  readonly null: Conversion | null;
  readonly undefined: Conversion | null;
  map(entries: Iterable<readonly [unknown, unknown]>): unknown;
}

const FROM_HOST: Direction = { null: null, undefined: () => null, map: (entries) => ValueMap.from(entries) };
const TO_HOST: Direction = { null: null, undefined: () => undefined, map: (entries) => new Map(entries) };

/** Null where values are the same on both sides. */
function conversion(type: HostType, direction: Direction): Conversion | null {
  if (type === "null" || type === "undefined") return direction[type];
  if (typeof type === "string") return null;
  if ("list" in type) {
    const element = conversion(type.list, direction);
    return element && ((value) => (value as readonly unknown[]).map(element));
  }
  if ("tuple" in type) {
    const elements = type.tuple.map((element) => conversion(element, direction));
    if (elements.every((element) => element === null)) return null;
    return (value) => (value as readonly unknown[]).map((v, i) => (elements[i] ?? same)(v));
  }
  if ("map" in type) {
    const [key, value] = type.map.map((part) => conversion(part, direction) ?? same) as [Conversion, Conversion];
    return (map) =>
      direction.map(Array.from(map as Iterable<readonly [unknown, unknown]>, ([k, v]) => [key(k), value(v)] as const));
  }
  if ("record" in type) {
    const fields = Object.entries(type.record).flatMap(([name, field]) => {
      const convert = conversion(field, direction);
      return convert === null ? [] : [[name, convert] as const];
    });
    if (fields.length === 0) return null;
    return (value) => {
      const copy: Record<string, unknown> = { ...(value as Readonly<Record<string, unknown>>) };
      for (const [name, convert] of fields) if (name in copy) copy[name] = convert(copy[name]);
      return copy;
    };
  }
  const members = type.union.map((member) => ({ member, convert: conversion(member, direction) }));
  if (members.every(({ convert }) => convert === null)) return null;
  return (value) => (members.find(({ member }) => looksLike(member, value))?.convert ?? same)(value);
}

/** Whether the outermost layer of a value, of either side, is of the type. */
function looksLike(type: HostType, value: unknown): boolean {
  if (type === "other") return true;
  // `none` of a program is null, whatever the host calls it.
  if (type === "null" || type === "undefined") return value === null || value === undefined;
  if (typeof type === "string") return typeof value === type;
  if ("list" in type) return Array.isArray(value);
  if ("tuple" in type) return Array.isArray(value) && value.length === type.tuple.length;
  if ("map" in type) return value instanceof Map || value instanceof ValueMap;
  if ("record" in type) return typeof value === "object" && value !== null && !Array.isArray(value);
  return type.union.some((member) => looksLike(member, value));
}

const same: Conversion = (value) => value;

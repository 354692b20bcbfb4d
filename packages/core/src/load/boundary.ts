import type { Type } from "@pgl/compiler";
import { ValueMap } from "@pgl/runtime";

/**
 * Values on their way between a program and its host functions. Most are the same on both sides; `none` is `null` or
 * `undefined` there, as the declaration has it, and a map is a `Map`. Functions are passed as they are: what they take and
 * give is not converted.
 */
export type Conversion = (value: unknown) => unknown;

/** What makes a host's value of this type one of PGL's; null when nothing has to be done. */
export const fromHost = (type: Type): Conversion | null => conversion(type, incoming);

/** What makes a PGL value of this type a host's; null when nothing has to be done. */
export const toHost = (type: Type): Conversion | null => conversion(type, outgoing);

/** Whether the outermost layer of a host's value is of the type. */
export function fits(type: Type, value: unknown): boolean {
  switch (type.kind) {
    case "int":
      return typeof value === "number" && Number.isInteger(value);
    case "float":
      return typeof value === "number";
    case "bool":
      return typeof value === "boolean";
    case "string":
      return typeof value === "string";
    case "literal":
      return value === type.value;
    case "none":
      return value === null || value === undefined;
    case "list":
      return Array.isArray(value);
    case "tuple":
      return Array.isArray(value) && value.length === type.elements.length;
    case "map":
      return value instanceof Map || value instanceof ValueMap;
    case "record":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "union":
      return type.members.some((member) => fits(member, value));
    default:
      return true;
  }
}

interface Direction {
  none(undefinedThere: boolean): Conversion | null;
  map(entries: (map: unknown) => (readonly [unknown, unknown])[]): Conversion;
}

const incoming: Direction = {
  none: () => () => null,
  map: (entries) => (value) => ValueMap.from(entries(value)),
};
const outgoing: Direction = {
  none: (undefinedThere) => (undefinedThere ? () => undefined : null),
  map: (entries) => (value) => new Map(entries(value)),
};

function conversion(type: Type, direction: Direction): Conversion | null {
  switch (type.kind) {
    case "none":
      return direction.none(type.host === "undefined");
    case "list": {
      const element = conversion(type.element, direction);
      return element && ((value) => (value as readonly unknown[]).map(element));
    }
    case "tuple": {
      const elements = type.elements.map((element) => conversion(element, direction));
      if (elements.every((element) => element === null)) return null;
      return (value) => (value as readonly unknown[]).map((v, i) => (elements[i] ?? same)(v));
    }
    case "map": {
      const key = conversion(type.key, direction) ?? same;
      const value = conversion(type.value, direction) ?? same;
      return direction.map((map) =>
        Array.from(map as Iterable<readonly [unknown, unknown]>, ([k, v]) => [key(k), value(v)] as const),
      );
    }
    case "record": {
      const fields = [...type.fields].flatMap(([name, field]) => {
        const convert = conversion(field.type, direction);
        return convert === null ? [] : [[name, convert] as const];
      });
      if (fields.length === 0) return null;
      return (value) => {
        const copy: Record<string, unknown> = { ...(value as Readonly<Record<string, unknown>>) };
        for (const [name, convert] of fields) if (name in copy) copy[name] = convert(copy[name]);
        return copy;
      };
    }
    case "union": {
      const members = type.members.map((member) => ({ member, convert: conversion(member, direction) }));
      if (members.every(({ convert }) => convert === null)) return null;
      return (value) => (members.find(({ member }) => fits(member, value))?.convert ?? same)(value);
    }
    default:
      return null;
  }
}

const same: Conversion = (value) => value;

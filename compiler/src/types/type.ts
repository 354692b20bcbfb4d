import type { DistributionDomain, Effect, ParameterType, Type } from "../types.js";

export const INT: Type = { kind: "int" };
export const FLOAT: Type = { kind: "float" };
export const BOOL: Type = { kind: "bool" };
export const STRING: Type = { kind: "string" };
export const TOKEN: Type = { kind: "token" };
export const CONTEXT: Type = { kind: "context" };
export const UNIT: Type = { kind: "unit" };
export const NONE: Type = { kind: "none" };
export const LM: Type = { kind: "lm" };
export const TWIST: Type = { kind: "twist" };
export const CONSTRAINT: Type = { kind: "constraint" };
export const NEVER: Type = { kind: "never" };
export const ERROR: Type = { kind: "error" };
/** A host's `any` or `unknown`: as a parameter it takes anything. */
export const UNKNOWN: Type = { kind: "opaque", name: "unknown" };

export const list = (element: Type): Type => ({ kind: "list", element });
export const map = (key: Type, value: Type): Type => ({ kind: "map", key, value });
export const tuple = (elements: readonly Type[]): Type => ({ kind: "tuple", elements });
export const literal = (value: string): Type => ({ kind: "literal", value });
export const dist = (element: Type, domain: DistributionDomain = "unknown"): Type => ({
  kind: "dist",
  element,
  domain,
});
export const posterior = (element: Type): Type => ({ kind: "posterior", element });
export const functionType = (parameters: readonly ParameterType[], result: Type, effect: Effect): Type => ({
  kind: "function",
  parameters,
  result,
  effect,
});
export const record = (fields: Iterable<readonly [string, Type]>): Type => ({
  kind: "record",
  fields: new Map([...fields].map(([name, type]) => [name, { type, optional: false }])),
});
export const optional = (type: Type): Type => union([type, NONE]);

export const isNumber = (type: Type): boolean => type.kind === "int" || type.kind === "float";
export const isText = (type: Type): boolean => type.kind === "string" || type.kind === "literal";

/** The alternatives a value of the type may be; the type itself when it is not a union. */
export const membersOf = (type: Type): readonly Type[] => (type.kind === "union" ? type.members : [type]);

export const mayBeNone = (type: Type): boolean => membersOf(type).some((member) => member.kind === "none");

/** The type without `none`. */
export const withoutNone = (type: Type): Type =>
  type.kind === "none"
    ? NEVER
    : type.kind === "union"
      ? union(type.members.filter((member) => member.kind !== "none"))
      : type;

/**
 * The union of types, in normal form: flat, without repetition, `never` or members that another one covers
 * (`int` beside `float`, `"a"` beside `string`). An error among them makes it an error.
 */
export function union(types: readonly Type[]): Type {
  const members: Type[] = [];
  const literals = new Set<string>();
  let hasString = false;
  let hasFloat = false;
  let failed = false;
  const add = (type: Type): void => {
    switch (type.kind) {
      case "union":
        type.members.forEach(add);
        return;
      case "never":
        return;
      case "error":
        failed = true;
        return;
      case "literal":
        if (literals.has(type.value)) return;
        literals.add(type.value);
        break;
      case "string":
        hasString = true;
        break;
      case "float":
        hasFloat = true;
        break;
    }
    if (type.kind !== "literal" && members.some((member) => sameType(member, type))) return;
    members.push(type);
  };
  types.forEach(add);
  if (failed) return ERROR;
  const kept =
    hasString || hasFloat
      ? members.filter((m) => !(hasString && m.kind === "literal") && !(hasFloat && m.kind === "int"))
      : members;
  if (kept.length === 0) return NEVER;
  return kept.length === 1 ? kept[0]! : { kind: "union", members: kept };
}

/** Structural equality. The members of unions may come in any order. */
export function sameType(a: Type, b: Type): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case "literal":
      return a.value === (b as typeof a).value;
    case "list":
    case "posterior":
      return sameType(a.element, (b as typeof a).element);
    case "dist":
      return a.domain === (b as typeof a).domain && sameType(a.element, (b as typeof a).element);
    case "map":
      return sameType(a.key, (b as typeof a).key) && sameType(a.value, (b as typeof a).value);
    case "tuple":
      return sameAll(a.elements, (b as typeof a).elements);
    case "record": {
      const other = (b as typeof a).fields;
      if (a.fields.size !== other.size) return false;
      for (const [name, field] of a.fields) {
        const match = other.get(name);
        if (match === undefined || match.optional !== field.optional || !sameType(field.type, match.type)) return false;
      }
      return true;
    }
    case "union": {
      const other = (b as typeof a).members;
      if (a.members.length !== other.length) return false;
      const values = literalsOf(b as typeof a);
      return a.members.every((m) => (m.kind === "literal" ? values.has(m.value) : other.some((n) => sameType(m, n))));
    }
    case "function": {
      const other = b as typeof a;
      return (
        a.effect === other.effect &&
        a.parameters.length === other.parameters.length &&
        a.parameters.every(
          (p, i) => p.optional === other.parameters[i]!.optional && sameType(p.type, other.parameters[i]!.type),
        ) &&
        sameType(a.result, other.result)
      );
    }
    case "opaque":
      return a.name === (b as typeof a).name;
    case "variable":
      return a.id === (b as typeof a).id;
    default:
      return true;
  }
}

function sameAll(a: readonly Type[], b: readonly Type[]): boolean {
  return a.length === b.length && a.every((type, i) => sameType(type, b[i]!));
}

const literalCache = new WeakMap<Type, ReadonlySet<string>>();

/** The string literals among a type's members. */
export function literalsOf(type: Type): ReadonlySet<string> {
  let values = literalCache.get(type);
  if (values === undefined) {
    values = new Set(membersOf(type).flatMap((member) => (member.kind === "literal" ? [member.value] : [])));
    literalCache.set(type, values);
  }
  return values;
}

/** What every part of a type is replaced by; parts that map to themselves are shared. */
export function mapType(type: Type, replace: (part: Type) => Type | undefined): Type {
  const replaced = replace(type);
  if (replaced !== undefined) return replaced;
  const go = (part: Type): Type => mapType(part, replace);
  switch (type.kind) {
    case "list": {
      const element = go(type.element);
      return element === type.element ? type : list(element);
    }
    case "posterior": {
      const element = go(type.element);
      return element === type.element ? type : posterior(element);
    }
    case "dist": {
      const element = go(type.element);
      return element === type.element ? type : dist(element, type.domain);
    }
    case "map": {
      const [key, value] = [go(type.key), go(type.value)];
      return key === type.key && value === type.value ? type : map(key, value);
    }
    case "tuple": {
      const elements = type.elements.map(go);
      return elements.every((element, i) => element === type.elements[i]) ? type : tuple(elements);
    }
    case "record": {
      let changed = false;
      const fields = new Map<string, { readonly type: Type; readonly optional: boolean }>();
      for (const [name, field] of type.fields) {
        const mapped = go(field.type);
        changed ||= mapped !== field.type;
        fields.set(name, mapped === field.type ? field : { type: mapped, optional: field.optional });
      }
      return changed ? { kind: "record", fields } : type;
    }
    case "union": {
      const members = type.members.map(go);
      return members.every((member, i) => member === type.members[i]) ? type : union(members);
    }
    case "function": {
      const parameters = type.parameters.map((p) => {
        const mapped = go(p.type);
        return mapped === p.type ? p : { ...p, type: mapped };
      });
      const result = go(type.result);
      return result === type.result && parameters.every((p, i) => p === type.parameters[i])
        ? type
        : functionType(parameters, result, type.effect);
    }
    default:
      return type;
  }
}

/** Whether some part of the type satisfies `test`. */
export function someType(type: Type, test: (part: Type) => boolean): boolean {
  if (test(type)) return true;
  const go = (part: Type): boolean => someType(part, test);
  switch (type.kind) {
    case "list":
    case "posterior":
    case "dist":
      return go(type.element);
    case "map":
      return go(type.key) || go(type.value);
    case "tuple":
      return type.elements.some(go);
    case "record":
      return [...type.fields.values()].some((field) => go(field.type));
    case "union":
      return type.members.some(go);
    case "function":
      return type.parameters.some((p) => go(p.type)) || go(type.result);
    default:
      return false;
  }
}

/** A mistake in some part of it has been reported already: what else does not fit may be its consequence. */
export const hasError = (type: Type): boolean => someType(type, (part) => part.kind === "error");

import type { Effect, Type } from "../types.js";
import {
  dist,
  ERROR,
  FLOAT,
  functionType,
  INT,
  list,
  literalsOf,
  map,
  mapType,
  membersOf,
  NEVER,
  posterior,
  sameType,
  someType,
  tuple,
  union,
} from "./type.js";

const rank: Record<Effect, number> = { pure: 0, async: 1, generative: 2 };

/** Whether something with effect `a` may stand where `b` is allowed. */
export const allows = (b: Effect, a: Effect): boolean => rank[a] <= rank[b];

/** The larger of two effects. */
export const bothEffects = (a: Effect, b: Effect): Effect => (rank[a] >= rank[b] ? a : b);

/** What a type variable of a built-in may stand for: anything, numbers, or what has an order. */
export type Bound = "any" | "number" | "ordered";

/**
 * The unknowns of one call of a generic function. Each collects the join of what is passed for it; `hint` is what the
 * place of the call would like it to be, used only where nothing was passed.
 */
export class Unknowns {
  private solutions = new Map<number, Type>();
  private readonly hints = new Map<number, Type>();
  private readonly bounds = new Map<number, Bound>();
  private static next = 0;

  fresh(bound: Bound = "any"): Type & { kind: "variable" } {
    const id = Unknowns.next++;
    this.bounds.set(id, bound);
    return { kind: "variable", id };
  }

  /** Takes in one more value for an unknown. False when it does not go together with those before, or with its bound. */
  take(id: number, type: Type): boolean {
    if (!meetsBound(type, this.bounds.get(id) ?? "any")) return false;
    const before = this.solutions.get(id);
    const joined = before === undefined ? type : join(before, type);
    if (joined === undefined) return false;
    this.solutions.set(id, joined);
    return true;
  }

  solution(id: number): Type | undefined {
    return this.solutions.get(id);
  }

  /** Notes what the result is wanted as: walks the declared result beside the wanted type. */
  hint(declared: Type, wanted: Type): void {
    switch (declared.kind) {
      case "variable":
        if (wanted.kind !== "error" && wanted.kind !== "variable") {
          // Of an overloaded parameter only the alternatives that this one can be say something about it.
          const bound = this.bounds.get(declared.id) ?? "any";
          const possible = union(membersOf(wanted).filter((member) => meetsBound(member, bound)));
          if (possible.kind !== "never" && meetsBound(possible, bound)) this.hints.set(declared.id, possible);
        }
        return;
      case "union": {
        const variables = declared.members.filter((m) => m.kind === "variable");
        const rest = membersOf(wanted).filter((w) => !declared.members.some((m) => m.kind === w.kind));
        if (variables.length === 1 && rest.length > 0) this.hint(variables[0]!, union(rest));
        return;
      }
      default:
        for (const member of membersOf(wanted)) {
          if (declared.kind === "list" && member.kind === "list") this.hint(declared.element, member.element);
          else if (declared.kind === "map" && member.kind === "map") {
            this.hint(declared.key, member.key);
            this.hint(declared.value, member.value);
          } else if (declared.kind === "dist" && member.kind === "dist") this.hint(declared.element, member.element);
          else if (declared.kind === "tuple" && member.kind === "tuple") {
            declared.elements.forEach((e, i) => member.elements[i] !== undefined && this.hint(e, member.elements[i]));
          }
        }
    }
  }

  /** A type with every solved unknown replaced; unsolved ones by their hint; others stay. */
  apply(type: Type): Type {
    return mapType(type, (part) =>
      part.kind === "variable" ? (this.solutions.get(part.id) ?? this.hints.get(part.id) ?? part) : undefined,
    );
  }

  /**
   * Like `apply`, and what nothing is known about becomes `never` (the element of an empty list); a number of which no
   * more is known is an `int`, as the sum of an empty list.
   */
  finish(type: Type): Type {
    return mapType(type, (part) => {
      if (part.kind !== "variable") return undefined;
      const known = this.apply(part);
      if (known.kind !== "variable" && known.kind !== "never") return this.finish(known);
      return this.bounds.get(part.id) === "number" ? INT : NEVER;
    });
  }

  /** A type for messages: what is not known shows as what it could be. */
  describe(type: Type): Type {
    return mapType(this.apply(type), (part) => {
      if (part.kind !== "variable") return undefined;
      const bound = this.bounds.get(part.id);
      return bound === "number" ? FLOAT : { kind: "opaque", name: bound === "ordered" ? "number | string" : "any" };
    });
  }

  /** Runs `attempt`; what it learnt is forgotten when it returns false. */
  try(attempt: () => boolean): boolean {
    const before = new Map(this.solutions);
    if (attempt()) return true;
    this.solutions = before;
    return false;
  }
}

function meetsBound(type: Type, bound: Bound): boolean {
  if (bound === "any" || type.kind === "never" || type.kind === "error" || type.kind === "variable") return true;
  if (bound === "number") return type.kind === "int" || type.kind === "float";
  return isOrdered(type);
}

/** Whether `<` and `sort` make sense of values of the type. */
export function isOrdered(type: Type): boolean {
  switch (type.kind) {
    case "int":
    case "float":
    case "bool":
    case "string":
    case "literal":
    case "never":
    case "error":
      return true;
    case "list":
      return isOrdered(type.element);
    case "tuple":
      return type.elements.every(isOrdered);
    case "union":
      return type.members.every((member) => member.kind === "literal");
    default:
      return false;
  }
}

/**
 * Whether a value of type `a` may stand where `b` is wanted: `int` widens to `float`, a record may have more fields,
 * functions are contravariant, a posterior is a distribution, containers are covariant because values are immutable.
 * Unknowns met in `b` take `a` in.
 */
export function assignable(a: Type, b: Type, unknowns?: Unknowns): boolean {
  if (a === b || a.kind === "error" || b.kind === "error" || a.kind === "never") return true;
  if (b.kind === "variable") {
    if (a.kind === "variable") return a.id === b.id || unknowns === undefined || unknowns.solution(a.id) === undefined;
    return unknowns?.take(b.id, a) ?? false;
  }
  if (a.kind === "variable") {
    const known = unknowns?.solution(a.id);
    return known === undefined ? (unknowns?.take(a.id, b) ?? false) : assignable(known, b, unknowns);
  }
  if (a.kind === "union") {
    if (b.kind === "union" && a.members.length > 4) {
      const values = literalsOf(b);
      return a.members.every((m) => (m.kind === "literal" && values.has(m.value)) || assignable(m, b, unknowns));
    }
    return a.members.every((member) => assignable(member, b, unknowns));
  }
  if (b.kind === "union") {
    if (a.kind === "literal" && literalsOf(b).has(a.value)) return true;
    const tries = (member: Type): boolean =>
      member.kind !== "literal" &&
      (unknowns === undefined ? assignable(a, member) : unknowns.try(() => assignable(a, member, unknowns)));
    return (
      b.members.some((member) => member.kind !== "variable" && tries(member)) ||
      b.members.some((member) => member.kind === "variable" && tries(member))
    );
  }
  switch (b.kind) {
    case "opaque":
      return b.name === "unknown" || (a.kind === "opaque" && a.name === b.name);
    case "float":
      return a.kind === "float" || a.kind === "int";
    case "string":
      return a.kind === "string" || a.kind === "literal";
    case "literal":
      return a.kind === "literal" && a.value === b.value;
    case "list":
      return a.kind === "list" && assignable(a.element, b.element, unknowns);
    case "map":
      return a.kind === "map" && assignable(a.key, b.key, unknowns) && assignable(a.value, b.value, unknowns);
    case "tuple":
      return (
        a.kind === "tuple" &&
        a.elements.length === b.elements.length &&
        a.elements.every((element, i) => assignable(element, b.elements[i]!, unknowns))
      );
    case "record":
      if (a.kind !== "record") return false;
      for (const [name, field] of b.fields) {
        const own = a.fields.get(name);
        if (own === undefined) {
          if (!field.optional) return false;
        } else if ((own.optional && !field.optional) || !assignable(own.type, field.type, unknowns)) {
          return false;
        }
      }
      return true;
    case "dist":
      return (a.kind === "dist" || a.kind === "posterior") && assignable(a.element, b.element, unknowns);
    case "posterior":
      return a.kind === "posterior" && assignable(a.element, b.element, unknowns);
    case "function": {
      if (a.kind !== "function" || !allows(b.effect, a.effect)) return false;
      // A function that takes fewer arguments than it is given is a mistake in PGL, not a convenience.
      const required = a.parameters.filter((p) => !p.optional).length;
      if (b.parameters.length < required || b.parameters.length > a.parameters.length) return false;
      return (
        b.parameters.every((p, i) => assignable(p.type, a.parameters[i]!.type, unknowns)) &&
        (b.result.kind === "unit" || assignable(a.result, b.result, unknowns))
      );
    }
    default:
      return a.kind === b.kind;
  }
}

/**
 * The least type that both go into, without making a union of unlike things: `int` and `float` make `float`, `T` and
 * `none` make `T?`, literals make an enumeration. `undefined` when they do not go together.
 */
export function join(a: Type, b: Type): Type | undefined {
  if (sameType(a, b)) return a;
  if (a.kind === "error" || b.kind === "error") return ERROR;
  if (assignable(a, b) && !hasMixedDomain(a, b)) return b;
  if (assignable(b, a) && !hasMixedDomain(a, b)) return a;
  if (a.kind === "none" || b.kind === "none") return union([a, b]);
  if (a.kind === "union" || b.kind === "union") return joinUnions(a, b);
  if (a.kind === "literal" && b.kind === "literal") return union([a, b]);
  if ((a.kind === "dist" || a.kind === "posterior") && (b.kind === "dist" || b.kind === "posterior")) {
    const element = join(a.element, b.element);
    if (element === undefined) return undefined;
    if (a.kind === "posterior" && b.kind === "posterior") return posterior(element);
    const domainOf = (t: typeof a | typeof b) => (t.kind === "posterior" ? "finite" : t.domain);
    return dist(element, domainOf(a) === domainOf(b) ? domainOf(a) : "unknown");
  }
  if (a.kind === "list" && b.kind === "list") return lift([a.element], [b.element], ([e]) => list(e!));
  if (a.kind === "map" && b.kind === "map") {
    return lift([a.key, a.value], [b.key, b.value], ([k, v]) => map(k!, v!));
  }
  if (a.kind === "tuple" && b.kind === "tuple" && a.elements.length === b.elements.length) {
    return lift(a.elements, b.elements, tuple);
  }
  if (a.kind === "record" && b.kind === "record") {
    const fields = new Map<string, { readonly type: Type; readonly optional: boolean }>();
    for (const [name, field] of a.fields) {
      const other = b.fields.get(name);
      if (other === undefined) return undefined;
      const type = join(field.type, other.type);
      if (type === undefined) return undefined;
      fields.set(name, { type, optional: field.optional || other.optional });
    }
    return fields.size === b.fields.size ? { kind: "record", fields } : undefined;
  }
  if (a.kind === "function" && b.kind === "function" && a.parameters.length === b.parameters.length) {
    if (!a.parameters.every((p, i) => sameType(p.type, b.parameters[i]!.type))) return undefined;
    const result = join(a.result, b.result);
    return result && functionType(a.parameters, result, bothEffects(a.effect, b.effect));
  }
  return undefined;
}

/** Distributions are assignable whatever their domain; a join must not claim the narrower one. */
function hasMixedDomain(a: Type, b: Type): boolean {
  switch (a.kind) {
    case "dist":
    case "posterior": {
      if (b.kind !== "dist" && b.kind !== "posterior") return false;
      const domain = (t: typeof a | typeof b) => (t.kind === "posterior" ? "finite" : t.domain);
      return a.kind !== b.kind || domain(a) !== domain(b) || hasMixedDomain(a.element, b.element);
    }
    case "list":
      return b.kind === "list" && hasMixedDomain(a.element, b.element);
    case "map":
      return b.kind === "map" && (hasMixedDomain(a.key, b.key) || hasMixedDomain(a.value, b.value));
    case "tuple":
      return (
        b.kind === "tuple" && a.elements.some((e, i) => b.elements[i] !== undefined && hasMixedDomain(e, b.elements[i]))
      );
    case "record":
      if (b.kind !== "record") return false;
      for (const [name, { type }] of a.fields) {
        const other = b.fields.get(name);
        if (other !== undefined && hasMixedDomain(type, other.type)) return true;
      }
      return false;
    default:
      return false;
  }
}

/** Unions join when what they have beside literals and `none` joins. */
function joinUnions(a: Type, b: Type): Type | undefined {
  const simple: Type[] = [];
  let rest: Type | undefined;
  for (const member of [...membersOf(a), ...membersOf(b)]) {
    if (member.kind === "literal" || member.kind === "none") simple.push(member);
    else if (rest === undefined) rest = member;
    else {
      const joined = join(rest, member);
      if (joined === undefined) return undefined;
      rest = joined;
    }
  }
  if (rest === undefined) return union(simple);
  if (simple.some((member) => member.kind === "literal") && rest.kind !== "string") return undefined;
  return union([...simple, rest]);
}

/** Unlike types, where the place of the value takes unlike ones; which, is for the place to say. */
export function joinAsWanted(before: Type, type: Type, wanted: Type | undefined): Type | undefined {
  if (wanted?.kind !== "union" || someType(wanted, ({ kind }) => kind === "variable")) return undefined;
  return union([before, type]);
}

function lift(a: readonly Type[], b: readonly Type[], make: (elements: readonly Type[]) => Type): Type | undefined {
  const elements: Type[] = [];
  for (let i = 0; i < a.length; i++) {
    const joined = join(a[i]!, b[i]!);
    if (joined === undefined) return undefined;
    elements.push(joined);
  }
  return make(elements);
}

export const widenToFloat = (type: Type): Type => (type.kind === "int" ? FLOAT : type);

import type { Effect, Type } from "../types.js";

/** Names given by `type` declarations, so that messages say `Suspect` and not what it stands for. */
const names = new WeakMap<Type, string>();

/** Lets messages call `type` by its declared name. Only for types made by that declaration: shared constants keep theirs. */
export function nameType(type: Type, name: string): void {
  if (type.kind === "record" || type.kind === "union" || type.kind === "tuple" || type.kind === "function") {
    names.set(type, name);
  }
}

const arrows: Record<Effect, string> = { pure: "->", async: "->", generative: "~>" };

/** Longer than this, a union or record is cut off in messages. */
const MAX_PARTS = 8;

/** A type as it is written in PGL. */
export function showType(type: Type): string {
  const name = names.get(type);
  if (name !== undefined) return name;
  switch (type.kind) {
    case "literal":
      return JSON.stringify(type.value);
    case "list":
      return `list<${showType(type.element)}>`;
    case "map":
      return `map<${showType(type.key)}, ${showType(type.value)}>`;
    case "tuple":
      return `(${type.elements.map(showType).join(", ")})`;
    case "record": {
      const fields = [...type.fields].map(
        ([field, { type: t, optional }]) => `${field}${optional ? "?" : ""}: ${showType(t)}`,
      );
      return `{ ${cut(fields).join(", ")} }`;
    }
    case "union": {
      const rest = type.members.filter((member) => member.kind !== "none");
      const parts = cut(
        rest.map((member) => (member.kind === "function" ? `(${showType(member)})` : showType(member))),
      );
      if (rest.length === type.members.length) return parts.join(" | ");
      return rest.length === 1 ? `${parts[0]!}?` : `(${parts.join(" | ")})?`;
    }
    case "function":
      return `(${type.parameters.map((p) => `${showType(p.type)}${p.optional ? "?" : ""}`).join(", ")}) ${arrows[type.effect]} ${showType(type.result)}`;
    case "dist":
      return `dist<${showType(type.element)}>`;
    case "posterior":
      return `posterior<${showType(type.element)}>`;
    case "opaque":
      return type.name;
    case "variable":
      return "_";
    case "error":
      return "…";
    default:
      return type.kind;
  }
}

const cut = (parts: readonly string[]): readonly string[] =>
  parts.length > MAX_PARTS ? [...parts.slice(0, MAX_PARTS), "…"] : parts;

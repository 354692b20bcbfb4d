import type { Type } from "../types.js";
import { propertyKey, stringLiteral } from "./literals.js";

/**
 * A type as the runtime's `HostType`, in JavaScript: what has to be known of it to pass its values to and from TypeScript.
 * Undefined when they are the same on both sides.
 */
export function hostType(type: Type): string | undefined {
  return differs(type) ? written(type) : undefined;
}

/** The same for a type beside others, of which one has to be converted. */
export function written(type: Type): string {
  switch (type.kind) {
    case "int":
    case "float":
      return '"number"';
    case "bool":
      return '"boolean"';
    case "string":
    case "literal":
      return '"string"';
    case "none":
      return stringLiteral(type.host ?? "null");
    case "list":
      return `{ list: ${written(type.element)} }`;
    case "tuple":
      return `{ tuple: [${type.elements.map(written).join(", ")}] }`;
    case "map":
      return `{ map: [${written(type.key)}, ${written(type.value)}] }`;
    case "record":
      return `{ record: { ${[...type.fields].map(([name, { type: field }]) => `${propertyKey(name)}: ${written(field)}`).join(", ")} } }`;
    case "union":
      return `{ union: [${type.members.map(written).join(", ")}] }`;
    default:
      return '"other"';
  }
}

function differs(type: Type): boolean {
  switch (type.kind) {
    case "none":
      return type.host === "undefined";
    case "map":
      return true;
    case "list":
      return differs(type.element);
    case "tuple":
      return type.elements.some(differs);
    case "record":
      return [...type.fields.values()].some((field) => differs(field.type));
    case "union":
      return type.members.some(differs);
    default:
      return false;
  }
}

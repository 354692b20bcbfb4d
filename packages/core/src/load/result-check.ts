import type { CheckedProgram, Type } from "@pgl/compiler";
import type { ResultCheck } from "./host-calls.js";

/**
 * Checks of what host functions return, from their declared types. TypeScript's types are promises nobody keeps at run
 * time; a string where a number was declared would otherwise surface as a NaN far away.
 */
export function resultCheckOf(
  program: CheckedProgram,
): (importer: string, specifier: string, name: string) => ResultCheck | undefined {
  return (importer, _specifier, name) => {
    for (const symbol of program.modules.get(importer)?.symbols.values() ?? []) {
      if (symbol.kind !== "host" || symbol.imported !== name || symbol.type.kind !== "function") continue;
      const { result } = symbol.type;
      return (value) => mismatch(result, value);
    }
    return undefined;
  };
}

/** Looks at the outermost layer only: results can be large, and a call should cost O(1) more. */
function mismatch(type: Type, value: unknown): string | undefined {
  if (fits(type, value)) return undefined;
  return `${shown(value)} where ${named(type)} is declared`;
}

function fits(type: Type, value: unknown): boolean {
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
      return value instanceof Map;
    case "record":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "union":
      return type.members.some((member) => fits(member, value));
    default:
      return true;
  }
}

function named(type: Type): string {
  switch (type.kind) {
    case "literal":
      return JSON.stringify(type.value);
    case "union":
      return type.members.map(named).join(" or ");
    case "list":
      return "a list";
    case "record":
      return "a record";
    case "tuple":
      return `a tuple of ${type.elements.length}`;
    default:
      return type.kind;
  }
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "function" ? "a function" : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

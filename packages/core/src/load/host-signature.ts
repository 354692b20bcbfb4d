import type { CheckedProgram, Type } from "@pgl/compiler";
import { fits, fromHost, toHost } from "./boundary.js";
import type { HostSignature } from "./host-calls.js";

/**
 * What is known of the host functions a program imports: how values go in and come out, and a check of what comes out. TypeScript's types are promises nobody keeps at run
 * time; a string where a number was declared would otherwise surface as a NaN far away.
 */
export function hostSignatureOf(
  program: CheckedProgram,
): (importer: string, specifier: string, name: string) => HostSignature | undefined {
  return (importer, _specifier, name) => {
    for (const symbol of program.modules.get(importer)?.symbols.values() ?? []) {
      if (symbol.kind !== "host" || symbol.imported !== name || symbol.type.kind !== "function") continue;
      const { parameters, result } = symbol.type;
      return {
        arguments: parameters.map(({ type }) => toHost(type)),
        check: (value) => mismatch(result, value),
        result: fromHost(result),
      };
    }
    return undefined;
  };
}

/** Looks at the outermost layer only: results can be large, and a call should cost O(1) more. */
function mismatch(type: Type, value: unknown): string | undefined {
  if (fits(type, value)) return undefined;
  return `${shown(value)} where ${named(type)} is declared`;
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

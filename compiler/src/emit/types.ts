import { membersOf } from "../types/type.js";
import type { Type } from "../types.js";
import { propertyKey, stringLiteral } from "./literals.js";
import type { PreludeType, PreludeValue } from "./names.js";

/** Told of what a module has to import for the types it mentions. */
export interface TypeUses {
  useType(name: PreludeType): void;
  useValue(name: PreludeValue): void;
  /** A name the module declares for exactly this type. */
  nameOf(type: Type): string | undefined;
}

/** A PGL type as TypeScript. */
export function typeScriptOf(type: Type, uses: TypeUses, named = true): string {
  const name = named ? uses.nameOf(type) : undefined;
  if (name !== undefined) return name;
  const go = (t: Type): string => typeScriptOf(t, uses);
  const prelude = (t: PreludeType): string => {
    uses.useType(t);
    return t;
  };
  switch (type.kind) {
    case "int":
    case "float":
      return "number";
    case "bool":
      return "boolean";
    case "string":
      return "string";
    case "literal":
      return stringLiteral(type.value);
    case "unit":
      return "undefined";
    case "none":
      return "null";
    case "token":
      return prelude("Token");
    case "context":
      return prelude("Context");
    case "lm":
      return prelude("LanguageModelAlias");
    case "twist":
      return prelude("TwistAlias");
    case "constraint":
      return prelude("Constraint");
    case "list":
      return `readonly ${operand(type.element, go)}[]`;
    case "tuple":
      return `readonly [${type.elements.map(go).join(", ")}]`;
    case "map":
      uses.useValue("ValueMap");
      return `ValueMap<${go(type.key)}, ${go(type.value)}>`;
    case "record": {
      const fields = [...type.fields].map(
        ([field, f]) => `readonly ${propertyKey(field)}${f.optional ? "?" : ""}: ${go(f.type)}`,
      );
      return fields.length === 0 ? "{}" : `{ ${fields.join("; ")} }`;
    }
    case "union":
      return membersOf(type)
        .map((member) => (member.kind === "function" ? `(${go(member)})` : go(member)))
        .join(" | ");
    case "function": {
      const parameters = type.parameters.map(
        (p, i) => `${parameterName(p.name, i)}${p.optional ? "?" : ""}: ${go(p.type)}`,
      );
      const plainFunction = `(${parameters.join(", ")}) => ${resultOf(type.result, go)}`;
      if (type.effect === "pure") return plainFunction;
      return `${prelude("Closure")} | ${prelude("Model")} | (${plainFunction})`;
    }
    case "dist":
      return `${prelude("Drawable")}<${go(type.element)}>`;
    case "posterior":
      return `${prelude("Posterior")}<${go(type.element)}>`;
    case "never":
      return "never";
    case "opaque":
    case "error":
    case "variable":
      return "unknown";
  }
}

/** What a function returns: one that returns unit need not say so. */
export const resultOf = (type: Type, go: (type: Type) => string): string => (type.kind === "unit" ? "void" : go(type));

/** In `T[]`, what is not a single word needs parentheses. */
function operand(type: Type, go: (type: Type) => string): string {
  const text = go(type);
  return /^[\w.]+$|^"[^"]*"$|^[\w]+<.*>$|^\{.*\}$/.test(text) && !/ \| |=>/.test(withoutBrackets(text))
    ? text
    : `(${text})`;
}

const withoutBrackets = (text: string): string => text.replace(/<.*>|\{.*\}/g, "");

const parameterName = (name: string, i: number): string =>
  /^[a-z]\w*$/i.test(name) ? (name === "function" || name === "default" ? `${name}_` : name) : `argument${i + 1}`;

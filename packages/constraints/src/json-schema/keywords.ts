import { isObject, type Json, pointerStep } from "./json.js";

/** Keywords that say something about a schema and nothing about values. */
export const annotations: ReadonlySet<string> = new Set([
  "$schema",
  "$comment",
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
]);

/** Keywords one might expect, and what to do instead. */
export const unsupported: Readonly<Record<string, string>> = {
  $dynamicRef: "Use `$ref`: what a dynamic reference means depends on who refers.",
  $dynamicAnchor: "Use `$anchor` and `$ref`.",
  $recursiveRef: "Use `$ref`.",
  $recursiveAnchor: "Use `$anchor` and `$ref`.",
  $vocabulary: "Only meta-schemas have it.",
  unevaluatedProperties: "Write all properties into one schema with `additionalProperties: false`.",
  unevaluatedItems: "Write all items into one schema with `prefixItems` and `items: false`.",
  additionalItems: "In 2020-12 it is `items`, beside `prefixItems`.",
  dependencies: "In 2020-12 it is `dependentRequired` or `dependentSchemas`.",
  id: "In 2020-12 it is `$id`.",
  nullable: 'Write `type: ["string", "null"]`.',
  discriminator: "Give each option of `oneOf` its own `const` instead.",
  example: "In 2020-12 it is `examples`.",
  contentEncoding: "What is in the text is not looked at; a `pattern` can say what it looks like.",
  contentMediaType: "What is in the text is not looked at; a `pattern` can say what it looks like.",
  contentSchema: "What is in the text is not looked at.",
};

/** What is wrong with the argument of a keyword: null, or what it must be. */
type Check = (value: Json) => string | null;

const isSchema = (value: Json): boolean => typeof value === "boolean" || isObject(value);
const schema: Check = (value) => (isSchema(value) ? null : "a schema");
const schemas: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every(isSchema) ? null : "a list of at least one schema";
const schemaMap: Check = (value) =>
  isObject(value) && Object.values(value).every(isSchema) ? null : "an object of schemas";
const count: Check = (value) =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? null : "a whole number of at least 0";
const number: Check = (value) => (typeof value === "number" ? null : "a number");
const bool: Check = (value) => (typeof value === "boolean" ? null : "true or false");
const text: Check = (value) => (typeof value === "string" ? null : "a string");
const isNames = (value: Json): boolean =>
  Array.isArray(value) && value.every((x) => typeof x === "string") && new Set(value).size === value.length;
const names: Check = (value) => (isNames(value) ? null : "a list of different strings");

export const TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"] as const;
const isType = (value: Json): boolean => (TYPES as readonly Json[]).includes(value);

/** The keywords there are, each with the check of its argument. */
export const known: Readonly<Record<string, Check>> = {
  $id: text,
  $anchor: text,
  $ref: text,
  $defs: schemaMap,
  definitions: schemaMap,
  type: (value) =>
    isType(value) ||
    (Array.isArray(value) && value.length > 0 && value.every(isType) && new Set(value).size === value.length)
      ? null
      : `one or several of ${TYPES.map((t) => `"${t}"`).join(", ")}`,
  enum: (value) => (Array.isArray(value) && value.length > 0 ? null : "a list of at least one value"),
  const: () => null,
  minimum: number,
  maximum: number,
  exclusiveMinimum: number,
  exclusiveMaximum: number,
  multipleOf: (value) => (typeof value === "number" && value > 0 ? null : "a number larger than 0"),
  minLength: count,
  maxLength: count,
  pattern: text,
  format: text,
  prefixItems: schemas,
  items: (value) => (isSchema(value) ? null : "a schema (a list of them is `prefixItems` in 2020-12)"),
  contains: schema,
  minContains: count,
  maxContains: count,
  minItems: count,
  maxItems: count,
  uniqueItems: bool,
  properties: schemaMap,
  patternProperties: schemaMap,
  additionalProperties: schema,
  propertyNames: schema,
  required: names,
  minProperties: count,
  maxProperties: count,
  dependentRequired: (value) =>
    isObject(value) && Object.values(value).every(isNames) ? null : "an object of lists of different strings",
  dependentSchemas: schemaMap,
  allOf: schemas,
  anyOf: schemas,
  oneOf: schemas,
  not: schema,
  if: schema,
  then: schema,
  else: schema,
};

/** Keywords that have a meaning beside another only. */
export const companions: Readonly<Record<string, string | undefined>> = {
  then: "if",
  else: "if",
  minContains: "contains",
  maxContains: "contains",
};

/** The schemas within the argument of a keyword, with their pointers from there. */
export function subschemas(keyword: string, value: Json): (readonly [string, Json])[] {
  const check = known[keyword];
  if (check === schema || keyword === "items") return [["", value]];
  if (check === schemas) return (value as readonly Json[]).map((part, i) => [pointerStep(i), part] as const);
  if (check === schemaMap)
    return Object.entries(value as object).map(([k, part]) => [pointerStep(k), part as Json] as const);
  return [];
}

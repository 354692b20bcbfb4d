import type * as ast from "@pgl/grammar";

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a name stands for when it is a constant of the module; `undefined` for any other. */
export type ConstantOf = (name: ast.Identifier) => ast.Expression | undefined;

/** Constants that refer to each other are followed this deep. */
const MOST_NAMES = 100;

/**
 * The value of an expression made of literals, lists, records, maps with strings as keys, and names of constants.
 * @returns the value, or the part that is not known when compiling.
 */
export function constantJson(
  expression: ast.Expression,
  constantOf: ConstantOf,
  names = 0,
): { readonly value: Json } | { readonly unknown: ast.Expression } {
  const go = (part: ast.Expression): ReturnType<typeof constantJson> => constantJson(part, constantOf, names);
  switch (expression.kind) {
    case "NumberLiteral":
    case "BooleanLiteral":
    case "StringLiteral":
      return { value: expression.value };
    case "NoneLiteral":
      return { value: null };
    case "UnaryExpression": {
      const { operand, operator } = expression;
      if (operator === "-" && operand.kind === "NumberLiteral") return { value: -operand.value };
      return { unknown: expression };
    }
    case "Identifier": {
      const constant = names < MOST_NAMES ? constantOf(expression) : undefined;
      if (constant === undefined) return { unknown: expression };
      const found = constantJson(constant, constantOf, names + 1);
      return "value" in found ? found : { unknown: expression };
    }
    case "ListExpression": {
      const values: Json[] = [];
      for (const element of expression.elements) {
        const found = go(element);
        if ("unknown" in found) return found;
        values.push(found.value);
      }
      return { value: values };
    }
    case "RecordExpression": {
      const fields: [string, Json][] = [];
      for (const field of expression.fields) {
        const found = go(field.value);
        if ("unknown" in found) return found;
        if (field.kind === "Field") fields.push([field.name.name, found.value]);
        else if (typeof found.value === "object" && found.value !== null) {
          fields.push(...(Object.entries(found.value) as [string, Json][]));
        }
      }
      return { value: Object.fromEntries(fields) };
    }
    case "MapExpression": {
      const entries: [string, Json][] = [];
      for (const { key, value } of expression.entries) {
        const [k, v] = [go(key), go(value)];
        if ("unknown" in k) return k;
        if ("unknown" in v) return v;
        if (typeof k.value !== "string") return { unknown: key };
        entries.push([k.value, v.value]);
      }
      return { value: Object.fromEntries(entries) };
    }
    default:
      return { unknown: expression };
  }
}

/** The part of a written value that a JSON pointer leads to, as far as it is written here. */
export function partAt(expression: ast.Expression, pointer: string): ast.Expression {
  let at = expression;
  for (const step of pointer.split("/").slice(1)) {
    const key = step.replace(/~1/g, "/").replace(/~0/g, "~");
    const next = childAt(at, key);
    if (next === undefined) return at;
    at = next;
  }
  return at;
}

function childAt(expression: ast.Expression, key: string): ast.Expression | undefined {
  switch (expression.kind) {
    case "ListExpression":
      return expression.elements[Number(key)];
    case "RecordExpression":
      for (const field of expression.fields) if (field.kind === "Field" && field.name.name === key) return field.value;
      return undefined;
    case "MapExpression":
      return expression.entries.find((entry) => entry.key.kind === "StringLiteral" && entry.key.value === key)?.value;
    default:
      return undefined;
  }
}

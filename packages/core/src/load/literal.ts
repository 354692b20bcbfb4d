import type { Expression, Identifier, Span } from "@pgl/grammar";
import { isRecord, MethodError, ValueMap } from "@pgl/runtime";

const span: Span = { start: 0, end: 0 };
const identifier = (name: string): Identifier => ({ kind: "Identifier", name, span });

/**
 * The PGL expression that stands for a JavaScript value: numbers, strings, booleans, null, and lists, records and maps of
 * these.
 *
 * @throws MethodError that names the part which has no counterpart in PGL.
 */
export function literalOf(value: unknown, path = "the value"): Expression {
  switch (typeof value) {
    case "number":
      return numberLiteral(value, path);
    case "string":
      // `$` is escaped, so that a text holding `${` is not taken for an interpolation.
      return {
        kind: "StringLiteral",
        value,
        raw: JSON.stringify(value).replaceAll("$", "\\$"),
        multiline: false,
        span,
      };
    case "boolean":
      return { kind: "BooleanLiteral", value, span };
    case "object":
      if (value === null) return { kind: "NoneLiteral", span };
      if (Array.isArray(value) || ArrayBuffer.isView(value)) {
        const elements = Array.from(value as ArrayLike<unknown>, (element, i) => literalOf(element, `${path}[${i}]`));
        return { kind: "ListExpression", elements, span };
      }
      if (value instanceof Map || value instanceof ValueMap) {
        const entries = [...(value as Iterable<readonly [unknown, unknown]>)].map(([key, entry]) => ({
          key: literalOf(key, `a key of ${path}`),
          value: literalOf(entry, `${path}[${String(key)}]`),
          span,
        }));
        return { kind: "MapExpression", entries, span };
      }
      if (isRecord(value)) {
        const fields = Object.entries(value).map(([name, field]) => {
          if (!/^[A-Za-z_]\w*$/.test(name)) {
            throw cannot(
              `${path} has a field ${JSON.stringify(name)}, which is not a name in PGL`,
              "Use a Map: its keys can be any strings.",
            );
          }
          return {
            kind: "Field" as const,
            name: identifier(name),
            value: literalOf(field, `${path}.${name}`),
            shorthand: false,
            span,
          };
        });
        return { kind: "RecordExpression", fields, span };
      }
      throw cannot(
        `${path} is an object of the class ${value.constructor?.name ?? "unknown"}, which PGL does not know`,
      );
    case "function":
      throw cannot(`${path} is a function, whose type is not known`, 'Say it: ${host("(string) -> float", f)}.');
    case "undefined":
      throw cannot(`${path} is undefined`, "For `none`, use null.");
    default:
      throw cannot(`${path} is a ${typeof value}, which PGL does not know`);
  }
}

function numberLiteral(value: number, path: string): Expression {
  if (Number.isNaN(value)) throw cannot(`${path} is NaN`);
  const magnitude = Math.abs(value);
  const literal: Expression =
    magnitude === Infinity
      ? identifier("inf")
      : {
          kind: "NumberLiteral",
          value: magnitude,
          integer: Number.isSafeInteger(magnitude),
          raw: spelled(magnitude),
          span,
        };
  return value < 0 || Object.is(value, -0)
    ? { kind: "UnaryExpression", operator: "-", operand: literal, span }
    : literal;
}

/** A whole number too large to be an `int` exactly is written as a float. */
const spelled = (magnitude: number): string =>
  Number.isInteger(magnitude) && !Number.isSafeInteger(magnitude) ? magnitude.toExponential() : String(magnitude);

const cannot = (problem: string, hint?: string): MethodError =>
  new MethodError("PGLT030", `${problem}: it cannot stand in a program.`, { hint });

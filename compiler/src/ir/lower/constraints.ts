import { type ConstraintCall, type ConstraintNode, type RegexConstraint, regexTexts } from "@pgl/grammar";
import { constraintKind } from "../../builtins/constraints.js";
import type { ConstraintDocument } from "../../documents/read.js";
import type { ConstraintExpr, Expr } from "../expression.js";
import type { Type } from "../../types.js";
import { LoweringError, type Scope } from "./scope.js";

/** What stands after `matches`. A range is two numbers, both included. */
export function lowerConstraint(scope: Scope, node: ConstraintNode): ConstraintExpr {
  const { span } = node;
  const one = (expression: Parameters<typeof scope.module.lower.expression>[1]): Expr =>
    scope.module.lower.expression(scope, expression);
  switch (node.kind) {
    case "RegexConstraint":
      if (node.values === undefined) return { kind: "regex", source: node.source, flags: node.flags, span };
      return lowerPattern(node, node.values.map(one));
    case "ValueConstraint":
      return { kind: "text", value: one(node.value), span };
    case "ConstraintCall": {
      const document = scope.module.checked.documents.get(node);
      if (document !== undefined) return lowerDocument(node, document);
      if (!constraintKind.has(node.name.name)) {
        throw new LoweringError(`There is no constraint \`${node.name.name}\`.`, span);
      }
      return {
        kind: "call",
        name: node.name.name,
        arguments: node.arguments.flatMap(({ value }) =>
          value.kind === "RangeExpression" ? [one(value.start), one(value.end)] : [one(value)],
        ),
        span,
      };
    }
    case "NotConstraint":
      return { kind: "not", operand: lowerConstraint(scope, node.operand), span };
    case "AndConstraint":
    case "OrConstraint":
      return {
        kind: node.kind === "AndConstraint" ? "and" : "or",
        operands: node.operands.map((operand) => lowerConstraint(scope, operand)),
        span,
      };
  }
}

/** An expression with values in it, as its pieces and the texts of the values. */
function lowerPattern({ source, flags, span }: RegexConstraint, values: readonly Expr[]): ConstraintExpr {
  const type: Type = { kind: "string" };
  const literal = (value: string): Expr => ({ kind: "literal", value, type, span });
  const all = (elements: readonly Expr[]): Expr => ({
    kind: "list",
    elements,
    type: { kind: "list", element: type },
    span,
  });
  const texts = values.map((value): Expr =>
    value.type.kind === "string"
      ? value
      : { kind: "template", texts: ["", ""], expressions: [value], type, span: value.span },
  );
  return {
    kind: "call",
    name: "pattern",
    arguments: [all(regexTexts(source).map(literal)), all(texts), literal(flags)],
    span,
  };
}

/** A schema or a grammar, as its text and its option. */
function lowerDocument({ name, span }: ConstraintCall, { text, option }: ConstraintDocument): ConstraintExpr {
  const literal = (value: string): Expr => ({ kind: "literal", value, type: { kind: "string" }, span });
  const options: Expr[] =
    option === null
      ? []
      : [
          {
            kind: "record",
            fields: [{ kind: "field", name: option.name, value: literal(option.value) }],
            type: { kind: "record", fields: new Map([[option.name, { type: { kind: "string" }, optional: false }]]) },
            span,
          },
        ];
  return { kind: "call", name: name.name, arguments: [literal(text), ...options], span };
}

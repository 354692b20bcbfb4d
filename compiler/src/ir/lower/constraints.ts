import type { ConstraintNode } from "@pgl/grammar";
import { constraintKind } from "../../builtins/constraints.js";
import type { ConstraintExpr, Expr } from "../expression.js";
import { LoweringError, type Scope } from "./scope.js";

/** What stands after `matches`. A range is two numbers, both included. */
export function lowerConstraint(scope: Scope, node: ConstraintNode): ConstraintExpr {
  const { span } = node;
  const one = (expression: Parameters<typeof scope.module.lower.expression>[1]): Expr =>
    scope.module.lower.expression(scope, expression);
  switch (node.kind) {
    case "RegexConstraint":
      return { kind: "regex", source: node.source, flags: node.flags, span };
    case "ValueConstraint":
      return { kind: "text", value: one(node.value), span };
    case "ConstraintCall":
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

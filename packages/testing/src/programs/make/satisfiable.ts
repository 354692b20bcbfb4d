import type * as ast from "@pgl/grammar";
import { satisfies } from "../../reference/constraint.js";
import { ConstraintValue, type Value } from "../../reference/value.js";
import { alphabet } from "../tables.js";

const LONGEST = 4;
const texts = Array.from({ length: LONGEST })
  .reduce<string[][]>(
    (levels) => [...levels, levels[levels.length - 1]!.flatMap((text) => alphabet.map((c) => text + c))],
    [[""]],
  )
  .flat();

/**
 * Whether some short text matches what is known of a constraint before the program runs. One that no text matches is an
 * error when compiling.
 */
export function isSatisfiable(constraint: ast.ConstraintNode): boolean {
  const known = partsOf(constraint).filter(isKnown);
  return texts.some((text) => known.every((part) => satisfies(text, part, literal)));
}

const partsOf = (constraint: ast.ConstraintNode): readonly ast.ConstraintNode[] =>
  constraint.kind === "AndConstraint" ? constraint.operands.flatMap(partsOf) : [constraint];

function isKnown(constraint: ast.ConstraintNode): boolean {
  switch (constraint.kind) {
    case "RegexConstraint":
      return true;
    case "ValueConstraint":
      return isLiteral(constraint.value);
    case "NotConstraint":
      return isKnown(constraint.operand);
    case "AndConstraint":
    case "OrConstraint":
      return constraint.operands.every(isKnown);
    case "ConstraintCall":
      return constraint.arguments.every(({ value }) => isLiteral(value));
  }
}

function isLiteral(expression: ast.Expression): boolean {
  switch (expression.kind) {
    case "StringLiteral":
    case "NumberLiteral":
      return true;
    case "ListExpression":
      return expression.elements.every(isLiteral);
    case "RangeExpression":
      return isLiteral(expression.start) && isLiteral(expression.end);
    case "ConstraintExpression":
      return isKnown(expression.constraint);
    case "Identifier":
      return expression.name === "inf";
    default:
      return false;
  }
}

/** The value of a literal. */
function literal(expression: ast.Expression): Value {
  switch (expression.kind) {
    case "StringLiteral":
    case "NumberLiteral":
      return expression.value;
    case "ListExpression":
      return expression.elements.map(literal);
    case "ConstraintExpression":
      return new ConstraintValue((text) => satisfies(text, expression.constraint, literal));
    case "Identifier":
      return Infinity;
    default:
      throw new Error(`A ${expression.kind} is no literal.`);
  }
}

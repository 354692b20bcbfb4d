import type { ConstraintNode, Expression } from "../ast.js";
import { operators, precedence } from "../operators.js";

/** How tightly an expression holds together; what is written where more is wanted needs brackets. */
export function levelOf(expression: Expression): number {
  switch (expression.kind) {
    case "LambdaExpression":
    case "ConstraintExpression":
      return 0;
    case "BinaryExpression":
      if (expression.operator === "//") return precedence.postfix;
      return expression.operator === "^"
        ? precedence.power
        : (operators.get(expression.operator as "+") ?? precedence.product);
    case "RangeExpression":
      return precedence.range;
    case "MatchesExpression":
      return precedence.comparison;
    case "UnaryExpression":
      return precedence.prefix;
    case "NumberLiteral":
      return expression.value < 0 || Object.is(expression.value, -0) ? precedence.prefix : precedence.postfix;
    // They would take what follows as theirs, or look as if they did.
    case "SampleExpression":
    case "InferExpression":
    case "IfExpression":
    case "MatchExpression":
    case "BlockExpression":
    case "RecordExpression":
      return precedence.power;
    default:
      return precedence.postfix;
  }
}

export const constraintLevels = { or: 1, and: 2, not: 3, atom: 4 } as const;

export function constraintLevelOf(constraint: ConstraintNode): number {
  switch (constraint.kind) {
    case "OrConstraint":
      return constraintLevels.or;
    case "AndConstraint":
      return constraintLevels.and;
    case "NotConstraint":
      return constraintLevels.not;
    default:
      return constraintLevels.atom;
  }
}

/** The expression that an expression's text begins with. */
export function leftmost(expression: Expression): Expression {
  for (;;) {
    const left = leftOf(expression);
    if (left === undefined) return expression;
    expression = left;
  }
}

function leftOf(expression: Expression): Expression | undefined {
  const level = levelOf(expression);
  switch (expression.kind) {
    case "BinaryExpression":
      if (isBodied(expression.left) || expression.operator === "//") return undefined;
      return levelOf(expression.left) >= (expression.operator === "^" ? precedence.postfix : level)
        ? expression.left
        : undefined;
    case "RangeExpression":
      return levelOf(expression.start) > level ? expression.start : undefined;
    case "MatchesExpression":
      return levelOf(expression.value) > level ? expression.value : undefined;
    case "CallExpression":
      return levelOf(expression.callee) >= precedence.postfix ? expression.callee : undefined;
    case "MemberExpression":
    case "IndexExpression":
      return levelOf(expression.object) >= precedence.postfix ? expression.object : undefined;
    default:
      return undefined;
  }
}

/** `if`, `match` and bodies: in brackets before an operator, lest they look like statements. */
export const isBodied = (expression: Expression): boolean =>
  expression.kind === "IfExpression" || expression.kind === "MatchExpression" || expression.kind === "BlockExpression";

/** Whether an expression's text ends with a `sample …` that would take a following `proposal` for its own. */
export function endsWithSample(expression: Expression): boolean {
  switch (expression.kind) {
    case "SampleExpression":
      return expression.proposal === undefined;
    case "BinaryExpression":
      return endsWithSample(expression.right);
    case "UnaryExpression":
      return endsWithSample(expression.operand);
    case "RangeExpression":
      return endsWithSample(expression.end);
    case "MatchesExpression":
    case "ConstraintExpression":
      return endsWithSampleConstraint(expression.constraint);
    case "LambdaExpression":
      return expression.body.result !== undefined && endsWithSample(expression.body.result);
    default:
      return false;
  }
}

function endsWithSampleConstraint(constraint: ConstraintNode): boolean {
  switch (constraint.kind) {
    case "ValueConstraint":
      return endsWithSample(constraint.value);
    case "NotConstraint":
      return endsWithSampleConstraint(constraint.operand);
    case "AndConstraint":
    case "OrConstraint": {
      const last = constraint.operands.at(-1);
      return last !== undefined && endsWithSampleConstraint(last);
    }
    default:
      return false;
  }
}

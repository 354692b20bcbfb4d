import type * as ast from "@pgl/grammar";

/**
 * The value of an expression made of literals only, for diagnostics about what can never work; `undefined` when it is not
 * known. Names are not followed, but for `inf`, `pi` and `e`, which the caller says are the built-in ones.
 */
export function constantOf(
  expression: ast.Expression,
  isBuiltin: (identifier: ast.Identifier) => boolean,
): number | string | boolean | undefined {
  const go = (part: ast.Expression): number | string | boolean | undefined => constantOf(part, isBuiltin);
  switch (expression.kind) {
    case "NumberLiteral":
    case "BooleanLiteral":
    case "StringLiteral":
      return expression.value;
    case "Identifier":
      if (!isBuiltin(expression)) return undefined;
      return expression.name === "inf"
        ? Infinity
        : expression.name === "pi"
          ? Math.PI
          : expression.name === "e"
            ? Math.E
            : undefined;
    case "UnaryExpression": {
      const value = go(expression.operand);
      if (expression.operator === "-") return typeof value === "number" ? -value : undefined;
      return typeof value === "boolean" ? !value : undefined;
    }
    case "BinaryExpression": {
      // Only the last operator of a chain: long chains of literals are not worth following.
      if (expression.left.kind === "BinaryExpression" && expression.left.left.kind === "BinaryExpression")
        return undefined;
      const [a, b] = [go(expression.left), go(expression.right)];
      if (expression.operator === "&&" && (a === false || b === false)) return false;
      if (expression.operator === "||" && (a === true || b === true)) return true;
      if (a === undefined || b === undefined) return undefined;
      if (expression.operator === "==") return a === b;
      if (expression.operator === "!=") return a !== b;
      if (typeof a === "boolean" && typeof b === "boolean") {
        return expression.operator === "&&" ? a && b : expression.operator === "||" ? a || b : undefined;
      }
      if (typeof a !== "number" || typeof b !== "number") return undefined;
      switch (expression.operator) {
        case "+":
          return a + b;
        case "-":
          return a - b;
        case "*":
          return a * b;
        case "/":
          return a / b;
        case "<":
          return a < b;
        case "<=":
          return a <= b;
        case ">":
          return a > b;
        case ">=":
          return a >= b;
        default:
          return undefined;
      }
    }
    default:
      return undefined;
  }
}

import type * as ast from "@pgl/grammar";
import type { Type } from "../types.js";
import { elementOf, type Checking } from "./checking.js";
import { a, mismatchHint } from "./mismatch.js";
import { assume } from "./narrowing.js";
import { assignable, isOrdered, join, joinAsWanted } from "./relate.js";
import {
  BOOL,
  CONTEXT,
  dist,
  ERROR,
  FLOAT,
  hasError,
  INT,
  isNumber,
  isText,
  list,
  literalsOf,
  mayBeNone,
  membersOf,
  STRING,
  withoutNone,
} from "./type.js";

const isSilent = (type: Type): boolean => type.kind === "never" || hasError(type);
const isTextual = (type: Type): boolean => membersOf(type).every(isText);

export function inferUnary(c: Checking, expression: ast.UnaryExpression): Type {
  if (expression.operator === "!") {
    checkTruth(c, expression.operand, "`!`");
    return BOOL;
  }
  const type = c.infer(expression.operand);
  if (hasError(type)) return ERROR;
  if (type.kind === "never" || isNumber(type)) return type;
  c.report("PGL3005", expression, `\`-\` takes a number, not ${a(type)}.`, {
    hint: operandHint(c, expression.operand, type),
  });
  return ERROR;
}

/** An expression that must be a `bool`. */
export function checkTruth(
  c: Checking,
  expression: ast.Expression,
  what: string,
  hintOf?: (type: Type) => string | undefined,
): void {
  const type = c.infer(expression, BOOL);
  if (assignable(type, BOOL)) return;
  c.report("PGL3017", expression, `${what} takes a \`bool\`, not ${a(type)}.`, {
    hint:
      hintOf?.(type) ??
      (mayBeNone(type)
        ? "Compare it: `x != none`."
        : isNumber(type)
          ? "Compare it: `x != 0`."
          : isTextual(type)
            ? 'Compare it: `s != ""`.'
            : elementOf(type) !== undefined
              ? "This is a distribution. Draw from it first: `let x ~ …`."
              : mismatchHint(c, expression, type, BOOL)),
  });
}

/**
 * A chain of binary operators. The tree leans to the left, a thousand deep in long sums, so the chain is followed in a
 * loop.
 */
export function inferBinary(c: Checking, expression: ast.BinaryExpression, hint: Type | undefined): Type {
  const chain: ast.BinaryExpression[] = [];
  let leftmost: ast.Expression = expression;
  while (leftmost.kind === "BinaryExpression") {
    chain.push(leftmost);
    leftmost = leftmost.left;
  }
  chain.reverse();
  const first = chain[0]!;
  let type = c.infer(leftmost, operandHintType(first.operator, hint));
  const before = c.flow;
  let previous: ast.BinaryExpression | undefined;
  for (const node of chain) {
    if (node.operator === "&&" || node.operator === "||") {
      requireTruth(c, node.left, type, node.operator);
      // In a chain of the same operator what is known only grows.
      if (previous?.operator === node.operator) assume(c, previous.right, node.operator === "&&");
      else {
        c.flow = { reachable: c.flow.reachable, narrowed: before.narrowed };
        assume(c, node.left, node.operator === "&&");
      }
      const { reachable } = c.flow;
      const right = c.infer(node.right, BOOL);
      requireTruth(c, node.right, right, node.operator);
      c.flow = { reachable, narrowed: c.flow.narrowed };
      type = BOOL;
    } else if (node.operator === "??") {
      type = inferAlternative(c, node, type, hint);
    } else {
      const right = c.infer(node.right, rightHint(node.operator, type, hint));
      type = combine(c, node, type, right);
    }
    // The chain's own nodes are not gone through by `infer`.
    if (node !== expression) c.types.set(node, type);
    previous = node;
  }
  c.flow = { reachable: c.flow.reachable, narrowed: before.narrowed };
  return type;
}

const operandHintType = (operator: ast.BinaryOperator, hint: Type | undefined): Type | undefined =>
  operator === "+" || operator === "??" ? hint : undefined;

function rightHint(operator: ast.BinaryOperator, left: Type, hint: Type | undefined): Type | undefined {
  switch (operator) {
    case "==":
    case "!=":
      return withoutNone(left);
    case "in":
      return list(left);
    case "+":
      return left.kind === "list" ? (left.element.kind === "never" ? hint : left) : undefined;
    default:
      return undefined;
  }
}

function requireTruth(c: Checking, operand: ast.Expression, type: Type, operator: string): void {
  if (assignable(type, BOOL)) return;
  c.report("PGL3017", operand, `\`${operator}\` takes a \`bool\`, not ${a(type)}.`, {
    hint: mayBeNone(type)
      ? "For another value in place of `none`, write `??`."
      : isNumber(type)
        ? "Compare it: `x != 0`."
        : mismatchHint(c, operand, type, BOOL),
  });
}

function inferAlternative(c: Checking, node: ast.BinaryExpression, left: Type, hint: Type | undefined): Type {
  const { reachable } = c.flow;
  const right = c.infer(node.right, hint ?? withoutNone(left));
  c.flow = { reachable, narrowed: c.flow.narrowed };
  if (hasError(left) || hasError(right)) return ERROR;
  if (!mayBeNone(left) && left.kind !== "never") {
    c.report("PGL5009", node.left, `This is ${a(left)} and never \`none\`.`, "Leave `??` and what follows away.");
    return left;
  }
  const joined = join(withoutNone(left), right) ?? joinAsWanted(withoutNone(left), right, hint);
  if (joined !== undefined) return joined;
  c.report(
    "PGL3007",
    node.right,
    `The alternative to ${a(withoutNone(left))} is ${a(right)}: they do not go together.`,
    {
      hint: mismatchHint(c, node.right, right, withoutNone(left)),
    },
  );
  return ERROR;
}

function operandHint(c: Checking, operand: ast.Expression, type: Type): string | undefined {
  const element = elementOf(type);
  if (element !== undefined) return "This is a distribution. Draw from it first: `let x ~ …`.";
  if (mayBeNone(type)) return "It may be `none`: say what then with `??`, or test it before.";
  return mismatchHint(c, operand, type, FLOAT);
}

function combine(c: Checking, node: ast.BinaryExpression, left: Type, right: Type): Type {
  const { operator } = node;
  switch (operator) {
    case "==":
    case "!=":
      checkComparable(c, node, left, right);
      return BOOL;
    case "<":
    case "<=":
    case ">":
    case ">=":
      checkOrdered(c, node, left, right);
      return BOOL;
    case "in":
      checkIn(c, node, left, right);
      return BOOL;
  }
  if (hasError(left) || hasError(right)) return ERROR;
  // `never` is what an empty list has for elements: anything can be done with them.
  if (left.kind === "never") return right;
  if (right.kind === "never") return left;
  if (operator === "+") return add(c, node, left, right);
  if (isNumber(left) && isNumber(right)) {
    const both = left.kind === "int" && right.kind === "int";
    if (operator === "/") return FLOAT;
    if (operator === "^") {
      const whole = node.right.kind === "NumberLiteral" && node.right.integer;
      return both && whole ? INT : FLOAT;
    }
    return both ? INT : FLOAT;
  }
  const drawn = elementOf(left);
  if (operator === "^" && drawn !== undefined) {
    if (isNumber(right) || (right.kind === "list" && assignable(right.element, FLOAT))) return dist(drawn, "product");
    c.report("PGL3005", node.right, `A distribution is raised to a number or a list of numbers, not ${a(right)}.`, {
      hint: operandHint(c, node.right, right),
    });
    return ERROR;
  }
  if (operator === "*" && drawn !== undefined && elementOf(right) !== undefined) {
    c.report(
      "PGL3005",
      node,
      "`*` takes numbers, not distributions.",
      "The product of distributions is `product(d, e)`.",
    );
    return ERROR;
  }
  const [operand, type] = isNumber(left) ? [node.right, right] : [node.left, left];
  const hint =
    operator === "*" && isTextual(left) && right.kind === "int"
      ? "To repeat a text, write `repeat(s, n)`."
      : operandHint(c, operand, type);
  c.report("PGL3005", operand, `\`${operator}\` takes numbers, not ${a(type)}.`, { hint });
  return ERROR;
}

function add(c: Checking, node: ast.BinaryExpression, left: Type, right: Type): Type {
  if (isNumber(left) && isNumber(right)) return left.kind === "int" && right.kind === "int" ? INT : FLOAT;
  if (isTextual(left) && (isTextual(right) || right.kind === "token")) return STRING;
  if (left.kind === "context" && (isTextual(right) || right.kind === "token" || right.kind === "context"))
    return CONTEXT;
  if (left.kind === "list" && right.kind === "list") {
    const joined = join(left, right);
    if (joined !== undefined) return joined;
  }
  const text = (type: Type) => isTextual(type) || type.kind === "token" || type.kind === "context";
  // Blame the side that does not go with the other, the right one first.
  const [operand, type, other] =
    isNumber(left) || text(left) || left.kind === "list" ? [node.right, right, left] : [node.left, left, right];
  let hint: string | undefined;
  if (elementOf(type) !== undefined) hint = operandHint(c, operand, type);
  else if (mayBeNone(type)) hint = "It may be `none`: say what then with `??`, or test it before.";
  else if (isTextual(left) || isTextual(right)) {
    hint =
      type.kind === "token" || type.kind === "context" || left.kind === "token"
        ? "Add its text: `x.text`."
        : operand.kind === "Identifier"
          ? `Write it into a string: \`"\${${operand.name}}"\`, or \`string(${operand.name})\`.`
          : 'Write it into a string: `"${…}"`, or `string(x)`.';
  } else if (other.kind === "list" && assignable(type, other.element))
    hint = "To add an element, write `push(xs, x)`, or `xs + [x]`.";
  else if (left.kind === "token") hint = "Add its text: `x.text`.";
  c.report("PGL3005", operand, `\`+\` cannot add ${a(left)} and ${a(right)}.`, { hint });
  return ERROR;
}

/** Whether a value of one type can ever equal one of the other. */
function mayEqual(left: Type, right: Type): boolean {
  if (isSilent(left) || isSilent(right)) return true;
  if (left.kind === "union" || right.kind === "union") {
    return membersOf(left).some((l) => membersOf(right).some((r) => mayEqual(l, r)));
  }
  if (isNumber(left) && isNumber(right)) return true;
  if (isText(left) && isText(right))
    return left.kind !== "literal" || right.kind !== "literal" || left.value === right.value;
  if (left.kind === "list" && right.kind === "list") return mayEqual(left.element, right.element);
  return assignable(left, right) || assignable(right, left) || join(left, right) !== undefined;
}

function checkComparable(c: Checking, node: ast.BinaryExpression, left: Type, right: Type): void {
  if (isSilent(left) || isSilent(right)) return;
  if (node.left.kind === "NoneLiteral" || node.right.kind === "NoneLiteral") {
    const [value, type] = node.left.kind === "NoneLiteral" ? [node.right, right] : [node.left, left];
    if (!mayBeNone(type) && type.kind !== "opaque") {
      c.report(
        "PGL5009",
        node,
        `This is ${a(type)} and never \`none\`.`,
        value.kind === "Identifier" ? `Leave the test of \`${value.name}\` away.` : "Leave the test away.",
      );
    }
    return;
  }
  for (const [literal, type] of [
    [node.right, left],
    [node.left, right],
  ] as const) {
    const options = literalsOf(type);
    if (
      literal.kind === "StringLiteral" &&
      options.size > 0 &&
      !membersOf(type).some((m) => m.kind === "string") &&
      !options.has(literal.value)
    ) {
      c.report("PGL3019", literal, `\`${literal.raw}\` is not among the values of ${a(type)}.`, {
        hint:
          c.suggester.hint(literal.value, options) ??
          `They are ${[...options]
            .slice(0, 8)
            .map((v) => JSON.stringify(v))
            .join(", ")}.`,
      });
      return;
    }
  }
  const unlike = left.kind === "function" || right.kind === "function" || !mayEqual(left, right);
  if (!unlike) return;
  const token = left.kind === "token" || right.kind === "token";
  const context = left.kind === "context" || right.kind === "context";
  const tokenNode = left.kind === "token" || left.kind === "context" ? node.left : node.right;
  c.report(
    "PGL3019",
    node,
    left.kind === "function" || right.kind === "function"
      ? "Functions cannot be compared."
      : `${a(left)} and ${a(right)} are never equal.`,
    {
      hint:
        (token || context) && (isTextual(left) || isTextual(right))
          ? `Compare its text: \`${tokenNode.kind === "Identifier" ? tokenNode.name : "x"}.text\`. The end of the text is \`eos\`.`
          : elementOf(left) !== undefined || elementOf(right) !== undefined
            ? "This is a distribution. Draw from it first: `let x ~ …`."
            : undefined,
    },
  );
}

function checkOrdered(c: Checking, node: ast.BinaryExpression, left: Type, right: Type): void {
  if (isSilent(left) || isSilent(right)) return;
  if ((isNumber(left) && isNumber(right)) || (isTextual(left) && isTextual(right))) return;
  if (isOrdered(left) && isOrdered(right) && join(left, right) !== undefined) return;
  const bad =
    isNumber(left) || isTextual(left) || isOrdered(left)
      ? ([node.right, right] as const)
      : ([node.left, left] as const);
  c.report("PGL3019", node, `\`${node.operator}\` cannot compare ${a(left)} with ${a(right)}.`, {
    hint:
      bad[1].kind === "token" || bad[1].kind === "context"
        ? "Compare texts: `x.text`."
        : operandHint(c, bad[0], bad[1]),
  });
}

function checkIn(c: Checking, node: ast.BinaryExpression, left: Type, right: Type): void {
  if (isSilent(right) || hasError(left)) return;
  if (isTextual(right)) {
    if (!assignable(left, STRING)) {
      c.report("PGL3019", node.left, `${a(left)} is never in a string.`, {
        hint: mismatchHint(c, node.left, left, STRING),
      });
    }
    return;
  }
  const element = right.kind === "list" ? right.element : right.kind === "map" ? right.key : undefined;
  if (element === undefined) {
    c.report("PGL3005", node.right, `\`in\` looks into lists, maps, strings and ranges, not ${a(right)}.`, {
      hint:
        right.kind === "token" || right.kind === "context"
          ? "Look into its text: `x.text`."
          : right.kind === "dist" || right.kind === "posterior"
            ? "To look into the values it can have, write `x in support(d)`."
            : operandHint(c, node.right, right),
    });
    return;
  }
  if (mayEqual(left, element)) return;
  c.report("PGL3019", node.left, `${a(left)} is never in ${a(right)}.`, {
    hint: left.kind === "token" && isTextual(element) ? "Look for its text: `x.text`." : undefined,
  });
}

/** Type of `x op= y`. */
export function combineAssigned(c: Checking, statement: ast.AssignStatement, target: Type, value: Type): Type {
  const operator = statement.operator.slice(0, -1) as ast.BinaryOperator;
  const node: ast.BinaryExpression = {
    kind: "BinaryExpression",
    operator,
    left: statement.target,
    right: statement.value,
    span: statement.span,
  };
  return combine(c, node, target, value);
}

/** Types of the ends of `a..b`. */
export function inferRange(c: Checking, expression: ast.RangeExpression): Type {
  for (const end of [expression.start, expression.end]) {
    c.check(end, INT, "PGL3001", "The end of a range");
  }
  return list(INT);
}

import type { Expr, LiteralExpr } from "../ir/expression.js";
import type { FunctionIr, Program, Variable } from "../ir/program.js";
import { mapChildren, mapStatement } from "../ir/rewrite.js";
import type { Statement } from "../ir/statement.js";
import { leaves } from "../ir/walk.js";

/** Evaluates what is known, and takes the branches that are decided. Only operations that cannot fail. */
export function fold(program: Program): Program {
  return {
    ...program,
    modules: program.modules.map((module) => ({
      ...module,
      constants: module.constants.map((c) => ({ ...c, value: new Folder().expression(c.value) })),
      functions: module.functions.map(foldFunction),
      queries: module.queries.map((q) => ({ ...q, arguments: q.arguments.map((a) => new Folder().expression(a)) })),
    })),
  };
}

function foldFunction(fn: FunctionIr): FunctionIr {
  return { ...fn, body: new Folder().block(fn.body) };
}

class Folder {
  /** Variables that stand for a number, a truth value or a short text. */
  private readonly known = new Map<Variable, LiteralExpr>();

  readonly expression = (expr: Expr): Expr => {
    if (expr.kind === "variable") {
      const value = this.known.get(expr.variable);
      return value === undefined ? expr : { ...value, span: expr.span };
    }
    return simplify(mapChildren(expr, this.expression, this.block));
  };

  readonly block = (statements: readonly Statement[]): readonly Statement[] => {
    const out: Statement[] = [];
    for (const statement of statements) {
      if (leaves(out)) break;
      out.push(...this.statement(mapStatement(statement, this.expression, (inner) => inner)));
    }
    return out;
  };

  /** A statement whose own expressions have been folded. */
  private statement(statement: Statement): readonly Statement[] {
    switch (statement.kind) {
      case "let":
        if (statement.variable.mutable || statement.value.kind !== "literal" || !isShort(statement.value))
          return [statement];
        this.known.set(statement.variable, statement.value);
        return [];
      case "if": {
        const { test } = statement;
        if (test.kind === "literal") return this.block(test.value === true ? statement.then : statement.otherwise);
        const then = this.block(statement.then);
        const otherwise = this.block(statement.otherwise);
        return [{ ...statement, then, otherwise }];
      }
      case "while":
        if (statement.test.kind === "literal" && statement.test.value === false) return [];
        return [{ ...statement, body: this.block(statement.body) }];
      case "for-each":
      case "for-range":
        return [{ ...statement, body: this.block(statement.body) }];
      default:
        return [statement];
    }
  }
}

/** Long texts stay in one place. */
const isShort = (literal: LiteralExpr): boolean => typeof literal.value !== "string" || literal.value.length <= 24;

function simplify(expr: Expr): Expr {
  const literal = (value: LiteralExpr["value"]): Expr => ({ kind: "literal", value, type: expr.type, span: expr.span });
  switch (expr.kind) {
    case "unary": {
      const { operand } = expr;
      if (operand.kind !== "literal") return expr;
      if (expr.operator === "!" && typeof operand.value === "boolean") return literal(!operand.value);
      if (expr.operator === "-" && typeof operand.value === "number") return literal(-operand.value);
      return expr;
    }
    case "binary":
      return binary(expr, literal);
    case "conditional":
      if (expr.test.kind !== "literal") return expr;
      return { ...(expr.test.value === true ? expr.then : expr.otherwise), type: expr.type };
    case "template":
      return template(expr);
    default:
      return expr;
  }
}

function binary(expr: Expr & { kind: "binary" }, literal: (value: LiteralExpr["value"]) => Expr): Expr {
  const { left, right, operator } = expr;
  if (left.kind !== "literal") return expr;
  switch (operator) {
    case "&&":
      return left.value === true ? right : left;
    case "||":
      return left.value === true ? left : right;
    case "??":
      return left.value === null ? { ...right, type: expr.type } : { ...left, type: expr.type };
  }
  if (right.kind !== "literal") return expr;
  const [a, b] = [left.value, right.value];
  if (operator === "==" || operator === "!=") {
    // As at run time: NaN equals nothing, and values of different kinds are different.
    return literal((a === b) === (operator === "=="));
  }
  if (typeof a === "string" && typeof b === "string") {
    switch (operator) {
      case "+":
        return literal(a + b);
      case "<":
        return literal(a < b);
      case "<=":
        return literal(a <= b);
      case ">":
        return literal(a > b);
      case ">=":
        return literal(a >= b);
    }
  }
  if (typeof a !== "number" || typeof b !== "number") return expr;
  switch (operator) {
    case "+":
      return literal(a + b);
    case "-":
      return literal(a - b);
    case "*":
      return literal(a * b);
    case "/":
      return literal(a / b);
    case "<":
      return literal(a < b);
    case "<=":
      return literal(a <= b);
    case ">":
      return literal(a > b);
    case ">=":
      return literal(a >= b);
    default:
      return expr;
  }
}

/** Texts and whole numbers inside a template become part of its text. */
function template(expr: Expr & { kind: "template" }): Expr {
  const texts = [expr.texts[0]!];
  const expressions: Expr[] = [];
  expr.expressions.forEach((inner, i) => {
    const after = expr.texts[i + 1]!;
    if (
      inner.kind === "literal" &&
      (typeof inner.value === "string" || (inner.type.kind === "int" && Number.isSafeInteger(inner.value)))
    ) {
      texts[texts.length - 1] += String(inner.value) + after;
    } else {
      expressions.push(inner);
      texts.push(after);
    }
  });
  if (expressions.length === 0) return { kind: "literal", value: texts[0]!, type: expr.type, span: expr.span };
  return { ...expr, texts, expressions };
}

import type { Expr } from "../ir/expression.js";
import type { ModuleIr, ParameterIr, Program } from "../ir/program.js";
import { mapChildren, mapStatement } from "../ir/rewrite.js";
import type { Statement } from "../ir/statement.js";
import { membersOf } from "../types/type.js";
import type { Type } from "../types.js";

/** What the operators on numbers are called in the table of built-ins that a differentiable program runs on. */
const OPERATORS: Readonly<Record<string, string>> = {
  "+": "plus",
  "-": "minus",
  "*": "times",
  "/": "over",
  "<": "less",
  "<=": "less_or_equal",
  ">": "greater",
  ">=": "greater_or_equal",
};

/**
 * The same program with its arithmetic on floats as calls of built-ins, so that numbers may be objects that record how they
 * were made. Everything else stays: JavaScript's own operators cannot be redefined, and a call for each of them would be
 * felt by programs that are not differentiated. Whole numbers keep the operators: they carry no derivatives.
 *
 * It is run against a prelude whose built-ins and distributions know such numbers.
 */
export function differentiable(program: Program): Program {
  return { ...program, modules: program.modules.map(differentiableModule) };
}

const differentiableModule = (module: ModuleIr): ModuleIr => ({
  ...module,
  constants: module.constants.map((c) => ({ ...c, value: expression(c.value) })),
  functions: module.functions.map((fn) => ({ ...fn, parameters: parameters(fn.parameters), body: block(fn.body) })),
});

const parameters = (all: readonly ParameterIr[]): readonly ParameterIr[] =>
  all.map((p) => (p.defaultValue === undefined ? p : { ...p, defaultValue: expression(p.defaultValue) }));

const block = (statements: readonly Statement[]): readonly Statement[] =>
  statements.map((statement) => mapStatement(statement, expression, block));

function expression(original: Expr): Expr {
  const expr = mapChildren(original, expression, block);
  const call = (name: string, args: readonly Expr[], type: Type = expr.type): Expr => ({
    kind: "builtin",
    name,
    arguments: args,
    type,
    span: expr.span,
  });
  const not = (operand: Expr): Expr => ({ kind: "unary", operator: "!", operand, type: BOOL, span: expr.span });
  switch (expr.kind) {
    case "unary":
      return expr.operator === "-" && mayBeFloat(expr.operand.type) ? call("negate", [expr.operand]) : expr;
    case "binary": {
      const { operator, left, right } = expr;
      if (!mayBeFloat(left.type) && !mayBeFloat(right.type)) return expr;
      if (operator === "==") return call("same", [left, right]);
      if (operator === "!=") return not(call("same", [left, right], BOOL));
      const name = OPERATORS[operator];
      // Others are calls already; what is compared and is not two numbers has an order of its own.
      return name !== undefined && isNumber(left.type) && isNumber(right.type) ? call(name, [left, right]) : expr;
    }
    case "shape":
      // A number with a derivative looks like a record to JavaScript.
      if (expr.shape !== "record") return expr;
      return {
        kind: "binary",
        operator: "&&",
        left: expr,
        right: not(call("is_number", [expr.value], BOOL)),
        type: BOOL,
        span: expr.span,
      };
    default:
      return expr;
  }
}

const BOOL: Type = { kind: "bool" };

const isNumber = (type: Type): boolean => type.kind === "int" || type.kind === "float";
const mayBeFloat = (type: Type): boolean => membersOf(type).some((member) => member.kind === "float");

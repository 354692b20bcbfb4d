import type { ConstraintExpr, Expr, LambdaExpr } from "./expression.js";
import type { FunctionIr, MethodIr, ModuleIr, ParameterIr, Program } from "./program.js";
import type { Statement } from "./statement.js";

/** Rebuilds an expression with `f` applied to each direct child; a lambda's statements go through `block`. */
export function mapChildren(
  expr: Expr,
  f: (child: Expr) => Expr,
  block: (statements: readonly Statement[]) => readonly Statement[] = (statements) => statements,
): Expr {
  const all = (exprs: readonly Expr[]) => exprs.map(f);
  const some = (exprs: readonly (Expr | undefined)[]) => exprs.map((e) => (e === undefined ? e : f(e)));
  switch (expr.kind) {
    case "literal":
    case "eos":
    case "variable":
    case "global":
    case "builtin-value":
    case "running-twist":
      return expr;
    case "list":
    case "tuple":
      return { ...expr, elements: all(expr.elements) };
    case "record":
      return { ...expr, fields: expr.fields.map((field) => ({ ...field, value: f(field.value) })) };
    case "map":
      return { ...expr, entries: expr.entries.map(({ key, value }) => ({ key: f(key), value: f(value) })) };
    case "template":
      return { ...expr, expressions: all(expr.expressions) };
    case "unary":
      return { ...expr, operand: f(expr.operand) };
    case "binary":
      return { ...expr, left: f(expr.left), right: f(expr.right) };
    case "conditional":
      return { ...expr, test: f(expr.test), then: f(expr.then), otherwise: f(expr.otherwise) };
    case "builtin":
    case "distribution":
      return { ...expr, arguments: some(expr.arguments) };
    case "lm":
      return {
        ...expr,
        model: f(expr.model),
        positional: all(expr.positional),
        named: expr.named.map(({ name, value }) => ({ name, value: f(value) })),
      };
    case "call":
      return { ...expr, callee: f(expr.callee), arguments: some(expr.arguments) };
    case "field":
    case "element":
      return { ...expr, object: f(expr.object) };
    case "lambda":
      return { ...expr, parameters: mapParameters(expr.parameters, f), body: block(expr.body) };
    case "matches":
      return { ...expr, value: f(expr.value), constraint: mapConstraint(expr.constraint, f) };
    case "shape":
      return { ...expr, value: f(expr.value) };
    case "constraint":
      return { ...expr, constraint: mapConstraint(expr.constraint, f) };
    case "restrict":
      return { ...expr, distribution: f(expr.distribution), predicate: f(expr.predicate) as LambdaExpr };
    case "guided":
      return { ...expr, distribution: f(expr.distribution), constraint: mapConstraint(expr.constraint, f) };
    case "foreseen-twist":
      return { ...expr, before: f(expr.before) };
    case "foreseen":
      return {
        ...expr,
        distribution: f(expr.distribution),
        features: all(expr.features),
        logWeight: f(expr.logWeight) as LambdaExpr,
      };
  }
}

function mapParameters(parameters: readonly ParameterIr[], f: (expr: Expr) => Expr): readonly ParameterIr[] {
  return parameters.map((p) => (p.defaultValue === undefined ? p : { ...p, defaultValue: f(p.defaultValue) }));
}

function mapConstraint(constraint: ConstraintExpr, f: (expr: Expr) => Expr): ConstraintExpr {
  switch (constraint.kind) {
    case "regex":
    case "constant":
      return constraint;
    case "text":
      return { ...constraint, value: f(constraint.value) };
    case "call":
      return { ...constraint, arguments: constraint.arguments.map(f) };
    case "not":
      return { ...constraint, operand: mapConstraint(constraint.operand, f) };
    case "and":
    case "or":
      return { ...constraint, operands: constraint.operands.map((operand) => mapConstraint(operand, f)) };
  }
}

const mapMethod = (method: MethodIr, f: (expr: Expr) => Expr): MethodIr => ({
  ...method,
  options: method.options.map(({ name, value }) => ({ name, value: f(value) })),
});

/** Rebuilds a statement with `f` applied to the expressions it evaluates itself and `block` to the blocks inside it. */
export function mapStatement(
  statement: Statement,
  f: (operand: Expr) => Expr,
  block: (statements: readonly Statement[]) => readonly Statement[],
): Statement {
  const some = (exprs: readonly (Expr | undefined)[]) => exprs.map((e) => (e === undefined ? e : f(e)));
  switch (statement.kind) {
    case "let":
    case "assign":
    case "expression":
    case "return":
      return { ...statement, value: f(statement.value) };
    case "declare":
    case "break":
    case "continue":
    case "step":
      return statement;
    case "if":
      return {
        ...statement,
        test: f(statement.test),
        then: block(statement.then),
        otherwise: block(statement.otherwise),
      };
    case "while":
      return { ...statement, test: f(statement.test), body: block(statement.body) };
    case "for-range":
      return { ...statement, from: f(statement.from), to: f(statement.to), body: block(statement.body) };
    case "for-each":
      return { ...statement, iterable: f(statement.iterable), body: block(statement.body) };
    case "condition":
      return { ...statement, test: f(statement.test) };
    case "draw":
      return {
        ...statement,
        distribution: f(statement.distribution),
        proposal: statement.proposal === undefined ? undefined : f(statement.proposal),
      };
    case "observe":
      return { ...statement, value: f(statement.value), distribution: f(statement.distribution) };
    case "factor":
      return statement.settles === undefined
        ? { ...statement, weight: f(statement.weight) }
        : { ...statement, weight: f(statement.weight), settles: f(statement.settles) };
    case "twist":
      return { ...statement, weight: f(statement.weight) };
    case "enter":
      return { ...statement, callee: f(statement.callee), arguments: some(statement.arguments) };
    case "apply":
      return { ...statement, arguments: some(statement.arguments) };
    case "ask":
      return statement.request.kind === "lm"
        ? { ...statement, request: { ...statement.request, call: f(statement.request.call) as Expr & { kind: "lm" } } }
        : {
            ...statement,
            request: {
              ...statement.request,
              callee: f(statement.request.callee),
              arguments: some(statement.request.arguments),
            },
          };
    case "infer":
      return {
        ...statement,
        arguments: some(statement.arguments),
        method: statement.method && mapMethod(statement.method, f),
      };
  }
}

/** A pass that works function by function. */
export function mapFunctions(program: Program, f: (fn: FunctionIr, module: ModuleIr) => FunctionIr): Program {
  return {
    ...program,
    modules: program.modules.map((module) => ({ ...module, functions: module.functions.map((fn) => f(fn, module)) })),
  };
}

/**
 * A pass over every list of statements of the program, innermost lists first, those of lambdas included. `block` sees a list
 * whose inner blocks have been rewritten.
 */
export function mapBlocks(
  program: Program,
  block: (statements: readonly Statement[], fn: FunctionIr | null) => readonly Statement[],
): Program {
  const inFunction = (fn: FunctionIr | null) => {
    const expression = (expr: Expr): Expr => mapChildren(expr, expression, blocks);
    const blocks = (statements: readonly Statement[]): readonly Statement[] =>
      block(
        statements.map((statement) => mapStatement(statement, expression, blocks)),
        fn,
      );
    return { blocks, expression };
  };
  return {
    ...program,
    modules: program.modules.map((module) => ({
      ...module,
      constants: module.constants.map((c) => ({ ...c, value: inFunction(null).expression(c.value) })),
      functions: module.functions.map((fn) => ({ ...fn, body: inFunction(fn).blocks(fn.body) })),
    })),
  };
}

/** An expression with some of its variables replaced; `replace` says by what, or nothing. */
export function substitute(expr: Expr, replace: (variable: Expr & { kind: "variable" }) => Expr | undefined): Expr {
  const expression = (e: Expr): Expr =>
    e.kind === "variable" ? (replace(e) ?? e) : mapChildren(e, expression, blocks);
  const blocks = (statements: readonly Statement[]): readonly Statement[] =>
    statements.map((statement) => mapStatement(statement, expression, blocks));
  return expression(expr);
}

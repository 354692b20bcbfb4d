import type { ConstraintExpr, Expr } from "./expression.js";
import type { MethodIr, Variable } from "./program.js";
import { isSuspension, targetOf, type Statement } from "./statement.js";

/** The expressions directly inside one. A lambda's are those of its defaults: its body is made of statements. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "literal":
    case "eos":
    case "variable":
    case "global":
    case "builtin-value":
    case "running-twist":
      return [];
    case "list":
    case "tuple":
      return expr.elements;
    case "record":
      return expr.fields.map((field) => field.value);
    case "map":
      return expr.entries.flatMap(({ key, value }) => [key, value]);
    case "template":
      return expr.expressions;
    case "unary":
      return [expr.operand];
    case "binary":
      return [expr.left, expr.right];
    case "conditional":
      return [expr.test, expr.then, expr.otherwise];
    case "builtin":
    case "distribution":
      return present(expr.arguments);
    case "lm":
      return [expr.model, ...expr.positional, ...expr.named.map(({ value }) => value)];
    case "call":
      return [expr.callee, ...present(expr.arguments)];
    case "field":
    case "element":
      return [expr.object];
    case "lambda":
      return present(expr.parameters.map((parameter) => parameter.defaultValue));
    case "matches":
      return [expr.value, ...constraintChildren(expr.constraint)];
    case "shape":
      return [expr.value];
    case "constraint":
      return constraintChildren(expr.constraint);
    case "restrict":
      return [expr.distribution, expr.predicate];
    case "guided":
      return [expr.distribution, ...constraintChildren(expr.constraint)];
    case "foreseen-twist":
      return [expr.before];
    case "foreseen":
      return [expr.distribution, ...expr.features, expr.logWeight];
  }
}

const present = (exprs: readonly (Expr | undefined)[]): Expr[] => exprs.filter((e): e is Expr => e !== undefined);

export function constraintChildren(constraint: ConstraintExpr): readonly Expr[] {
  switch (constraint.kind) {
    case "regex":
      return [];
    case "constant":
      return [{ kind: "global", global: constraint.global, type: { kind: "constraint" }, span: constraint.span }];
    case "text":
      return [constraint.value];
    case "call":
      return constraint.arguments;
    case "not":
      return constraintChildren(constraint.operand);
    case "and":
    case "or":
      return constraint.operands.flatMap(constraintChildren);
  }
}

const methodChildren = (method: MethodIr | undefined): Expr[] => method?.options.map(({ value }) => value) ?? [];

/** The expressions a statement evaluates itself; those of the statements inside it are not among them. */
export function operandsOf(statement: Statement): readonly Expr[] {
  switch (statement.kind) {
    case "let":
    case "assign":
    case "expression":
    case "return":
      return [statement.value];
    case "declare":
    case "break":
    case "continue":
    case "step":
      return [];
    case "if":
    case "while":
    case "condition":
      return [statement.test];
    case "for-range":
      return [statement.from, statement.to];
    case "for-each":
      return [statement.iterable];
    case "draw":
      return present([statement.distribution, statement.proposal]);
    case "observe":
      return [statement.value, statement.distribution];
    case "factor":
      return present([statement.weight, statement.settles]);
    case "twist":
      return [statement.weight];
    case "enter":
      return [statement.callee, ...present(statement.arguments)];
    case "apply":
      return present(statement.arguments);
    case "ask":
      return statement.request.kind === "lm"
        ? [statement.request.call]
        : [statement.request.callee, ...present(statement.request.arguments)];
    case "infer":
      return [...present(statement.arguments), ...methodChildren(statement.method)];
  }
}

/** The blocks directly inside a statement. */
export function blocksOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case "if":
      return [statement.then, statement.otherwise];
    case "for-range":
    case "for-each":
    case "while":
      return [statement.body];
    default:
      return [];
  }
}

/** Every statement, outermost first; not those inside lambdas. */
export function* statementsIn(statements: readonly Statement[]): Generator<Statement> {
  for (const statement of statements) {
    yield statement;
    for (const block of blocksOf(statement)) yield* statementsIn(block);
  }
}

/** Every expression of the statements, outermost first, with those inside lambdas. */
export function* expressionsIn(statements: readonly Statement[]): Generator<Expr> {
  for (const statement of statementsIn(statements))
    for (const operand of operandsOf(statement)) yield* expressionsOf(operand);
}

/** An expression and everything in it, outermost first, with what is inside lambdas. */
export function* expressionsOf(expr: Expr): Generator<Expr> {
  yield expr;
  for (const child of childrenOf(expr)) yield* expressionsOf(child);
  if (expr.kind === "lambda") yield* expressionsIn(expr.body);
}

/** Does running the statements include anything only the machine can do? */
export function suspends(statements: readonly Statement[]): boolean {
  for (const statement of statementsIn(statements)) if (isSuspension(statement)) return true;
  return false;
}

/** Variables an expression reads, with those its lambdas capture. */
export function readsOf(expr: Expr, reads: Set<Variable> = new Set()): Set<Variable> {
  if (expr.kind === "variable") reads.add(expr.variable);
  else if (expr.kind === "lambda") for (const captured of capturesOf(expr)) reads.add(captured);
  else for (const child of childrenOf(expr)) readsOf(child, reads);
  return reads;
}

/** Free variables of a lambda, in order of first use; the variable it is bound to is not one. */
export function capturesOf(lambda: Expr & { kind: "lambda" }): Set<Variable> {
  const used = new Set<Variable>();
  for (const { defaultValue } of lambda.parameters) if (defaultValue !== undefined) readsOf(defaultValue, used);
  readsOfAll(lambda.body, used);
  for (const { variable } of lambda.parameters) used.delete(variable);
  for (const variable of declarationsIn(lambda.body)) used.delete(variable);
  if (lambda.self !== undefined) used.delete(lambda.self);
  return used;
}

/** Variables the statements read, and those they assign but do not declare. */
export function readsOfAll(statements: readonly Statement[], reads: Set<Variable> = new Set()): Set<Variable> {
  for (const statement of statementsIn(statements))
    for (const operand of operandsOf(statement)) readsOf(operand, reads);
  return reads;
}

/** Variables a statement declares itself (a loop's variable too). */
export function declaredBy(statement: Statement): Variable | undefined {
  switch (statement.kind) {
    case "let":
    case "declare":
    case "for-range":
    case "for-each":
      return statement.variable;
    default: {
      const target = isSuspension(statement) ? targetOf(statement) : null;
      return target?.declares === true ? target.variable : undefined;
    }
  }
}

/** Variables the statement gives a value to itself, declaring or not. */
export function writtenBy(statement: Statement): Variable | undefined {
  if (statement.kind === "assign") return statement.variable;
  if (isSuspension(statement)) return targetOf(statement)?.variable;
  return declaredBy(statement);
}

export function declarationsIn(statements: readonly Statement[]): Set<Variable> {
  const declared = new Set<Variable>();
  for (const statement of statementsIn(statements)) {
    const variable = declaredBy(statement);
    if (variable !== undefined) declared.add(variable);
  }
  return declared;
}

export function writesIn(statements: readonly Statement[]): Set<Variable> {
  const written = new Set<Variable>();
  for (const statement of statementsIn(statements)) {
    const variable = writtenBy(statement);
    if (variable !== undefined) written.add(variable);
  }
  return written;
}

/** Does control always leave the statements before their end (return, break, continue)? */
export function leaves(statements: readonly Statement[]): boolean {
  const last = statements[statements.length - 1];
  if (last === undefined) return false;
  switch (last.kind) {
    case "return":
    case "break":
    case "continue":
      return true;
    case "if":
      return leaves(last.then) && leaves(last.otherwise);
    case "expression":
      return last.value.kind === "builtin" && last.value.name === "fail";
    default:
      return false;
  }
}

import type { Expr } from "../ir/expression.js";
import { Facts } from "../ir/facts.js";
import type { FunctionIr, Variable } from "../ir/program.js";
import { mapChildren, mapFunctions, mapStatement } from "../ir/rewrite.js";
import { isSuspension, targetOf, type Statement } from "../ir/statement.js";
import { expressionsOf, operandsOf } from "../ir/walk.js";
import type { Pass } from "./pass.js";
import { Constants, isProper } from "./proper.js";
import { allStatements, asksForSize, maximisedDraws, proposedNames } from "./protected.js";

export const deadSamples: Pass = {
  name: "dead-samples",
  law:
    "A draw that nothing reads is summed over: Σ_x D(x) · f = f for a normalised D and an f without x. So it is left out, but " +
    "only where D is certain to exist, is drawn from itself (no proposal), and is named by no proposal of the program. Where a " +
    "method of the program takes the maximum over x and not the sum, it stays; and so it does where the program asks a " +
    "posterior for its `ess`, which counts executions.",
  run(program) {
    const maximised = maximisedDraws(program);
    if (maximised.all || asksForSize(program)) return program;
    const context: Context = {
      facts: new Facts(program),
      constants: new Constants(program),
      kept: new Set([...proposedNames(program), ...maximised.names]),
    };
    return mapFunctions(program, (fn) => (fn.global.kind === "proposal" ? fn : eliminate(fn, context)));
  },
};

interface Context {
  readonly facts: Facts;
  readonly constants: Constants;
  /** Names of draws that are not left out. */
  readonly kept: ReadonlySet<string>;
}

/** Removes what gives a value to variables that nothing kept depends on. */
function eliminate(fn: FunctionIr, context: Context): FunctionIr {
  const live = liveVariables(fn.body, context);
  let changed = false;
  const block = (statements: readonly Statement[]): readonly Statement[] =>
    statements.flatMap((statement) => {
      const variable = definedBy(statement, context);
      if (variable !== undefined && (variable === null || !live.has(variable))) {
        changed = true;
        return [];
      }
      const kept = forgetful(statement, live);
      if (kept !== statement) changed = true;
      return [mapStatement(kept, expression, block)];
    });
  const expression = (expr: Expr): Expr => mapChildren(expr, expression, block);
  const body = block(fn.body);
  return changed ? { ...fn, body } : fn;
}

/**
 * The variables that matter: those read by a statement that stays whatever becomes of its variable, and those that give
 * such a variable its value.
 */
function liveVariables(body: readonly Statement[], context: Context): ReadonlySet<Variable> {
  const readers = new Map<Variable, Statement[]>();
  const live = new Set<Variable>();
  const use = (statement: Statement): void => {
    for (const operand of operandsOf(statement))
      for (const part of expressionsOf(operand)) if (part.kind === "variable") live.add(part.variable);
  };
  for (const statement of allStatements(body)) {
    const variable = definedBy(statement, context);
    if (variable === undefined) use(statement);
    else if (variable !== null) readers.set(variable, [...(readers.get(variable) ?? []), statement]);
  }
  // A set goes through what is added on the way.
  for (const variable of live) readers.get(variable)?.forEach(use);
  // A declaration stays while something that stays assigns its variable.
  for (const statement of allStatements(body)) {
    const assigned =
      statement.kind === "assign" && definedBy(statement, context) === undefined ? statement.variable : undefined;
    if (assigned !== undefined) live.add(assigned);
  }
  for (const variable of live) readers.get(variable)?.forEach(use);
  return live;
}

/**
 * The variable a statement is there for, where giving it a value is all the statement does; null for a draw that is not
 * even given a name. Undefined for what has to stay.
 */
function definedBy(statement: Statement, context: Context): Variable | null | undefined {
  switch (statement.kind) {
    case "let":
    case "assign":
      return context.facts.mayFail(statement.value) ? undefined : statement.variable;
    case "declare":
      return statement.variable;
    case "draw":
      if (statement.proposal !== undefined || context.kept.has(statement.site.name)) return undefined;
      return sumsToOne(statement.distribution, context) ? (statement.target?.variable ?? null) : undefined;
    default:
      return undefined;
  }
}

/** The suspension without the variable nobody reads. */
function forgetful(statement: Statement, live: ReadonlySet<Variable>): Statement {
  if (!isSuspension(statement)) return statement;
  const target = targetOf(statement);
  return target === null || live.has(target.variable) ? statement : ({ ...statement, target: null } as Statement);
}

/** Certain to exist and normalised. */
function sumsToOne(distribution: Expr, { facts, constants }: Context): boolean {
  if (isProper(distribution, constants, facts)) return true;
  if (
    distribution.kind !== "lm" ||
    distribution.positional.some((e) => facts.mayFail(e)) ||
    facts.mayFail(distribution.model)
  )
    return false;
  return distribution.named.every(({ name, value }) => {
    const known = constants.valueOf(value);
    switch (name) {
      case "after":
        return !facts.mayFail(value);
      case "stop_at":
      case "stop_before":
        return isStop(known) || (Array.isArray(known) && known.length > 0 && known.every(isStop));
      case "max_tokens":
        return Number.isSafeInteger(known) && (known as number) > 0;
      case "must_stop":
        // A span that must stop is weighed by how likely it is to.
        return known === false;
      case "options":
        return Array.isArray(known) && known.length > 0 && known.every((option) => typeof option === "string");
      default:
        return false;
    }
  });
}

const isStop = (value: unknown): boolean => typeof value === "string" && value !== "";

import type { Expr } from "../ir/expression.js";
import { Facts } from "../ir/facts.js";
import type { FunctionIr, Program, Variable } from "../ir/program.js";
import { mapChildren, mapFunctions, mapStatement } from "../ir/rewrite.js";
import { isSuspension, targetOf, type Statement } from "../ir/statement.js";
import { expressionsIn } from "../ir/walk.js";
import type { Pass } from "./pass.js";
import { Constants, isProper } from "./proper.js";
import { allStatements, proposedNames } from "./protected.js";

export const deadSamples: Pass = {
  name: "dead-samples",
  law:
    "A draw that nothing reads is summed over: Σ_x D(x) · f = f for a normalised D and an f without x. So it is left out, but " +
    "only where D is certain to exist, is drawn from itself (no proposal), and is named by no proposal of the program.",
  run(program) {
    const context: Context = { facts: new Facts(program), constants: new Constants(program), proposed: proposedNames(program) };
    return mapFunctions(program, (fn) => (fn.global.kind === "proposal" ? fn : eliminate(fn, context)));
  },
};

interface Context {
  readonly facts: Facts;
  readonly constants: Constants;
  readonly proposed: ReadonlySet<string>;
}

/** What only a removed statement read is dead in turn. */
function eliminate(fn: FunctionIr, context: Context): FunctionIr {
  let body = fn.body;
  for (;;) {
    const uses = usesIn(body);
    let removed = 0;
    const block = (statements: readonly Statement[]): readonly Statement[] =>
      statements
        .filter((statement) => {
          if (!isDead(statement, uses, context)) return true;
          removed++;
          return false;
        })
        .map((statement) => {
          const kept = forgetful(statement, uses);
          if (kept !== statement) removed++;
          return mapStatement(kept, expression, block);
        });
    const expression = (expr: Expr): Expr => mapChildren(expr, expression, block);
    body = block(body);
    if (removed === 0) return body === fn.body ? fn : { ...fn, body };
  }
}

interface Uses {
  readonly read: ReadonlySet<Variable>;
  /** Given a value by something else than their declaration. */
  readonly assigned: ReadonlySet<Variable>;
}

function usesIn(body: readonly Statement[]): Uses {
  const read = new Set<Variable>();
  for (const expr of expressionsIn(body)) if (expr.kind === "variable") read.add(expr.variable);
  const assigned = new Set<Variable>();
  for (const statement of allStatements(body)) {
    if (statement.kind === "assign") assigned.add(statement.variable);
    const target = isSuspension(statement) ? targetOf(statement) : null;
    if (target?.declares === false) assigned.add(target.variable);
  }
  return { read, assigned };
}

/** The suspension without the variable nobody reads. */
function forgetful(statement: Statement, { read }: Uses): Statement {
  if (!isSuspension(statement)) return statement;
  const target = targetOf(statement);
  return target === null || read.has(target.variable) ? statement : ({ ...statement, target: null } as Statement);
}

function isDead(statement: Statement, { read, assigned }: Uses, context: Context): boolean {
  switch (statement.kind) {
    case "draw":
      return (
        (statement.target === null || !read.has(statement.target.variable)) &&
        statement.proposal === undefined &&
        !context.proposed.has(statement.site.name) &&
        sumsToOne(statement.distribution, context)
      );
    case "assign":
      return !read.has(statement.variable) && !context.facts.mayFail(statement.value);
    case "let":
      // Its assignments go first; one that has to stay keeps it.
      return !read.has(statement.variable) && !assigned.has(statement.variable) && !context.facts.mayFail(statement.value);
    case "declare":
      return !read.has(statement.variable) && !assigned.has(statement.variable);
    default:
      return false;
  }
}

/** Certain to exist and normalised. */
function sumsToOne(distribution: Expr, { facts, constants }: Context): boolean {
  if (isProper(distribution, constants, facts)) return true;
  if (distribution.kind !== "lm" || distribution.positional.some((e) => facts.mayFail(e)) || facts.mayFail(distribution.model)) return false;
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

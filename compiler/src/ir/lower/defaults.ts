import type { Span } from "@pgl/grammar";
import type { Expr } from "../expression.js";
import { domainOf } from "../facts.js";
import type { FunctionIr, Global, MethodIr, Program } from "../program.js";
import { mapBlocks } from "../rewrite.js";
import type { Statement } from "../statement.js";
import { expressionsOf, operandsOf } from "../walk.js";

/**
 * Chooses a method where a program says none: exact enumeration where the model certainly has few and finitely many
 * executions, sequential Monte Carlo otherwise. A query that cannot be enumerated is left open, for whoever runs it.
 */
export function chooseMethods(program: Program): Program {
  const enumerable = new Enumerable(program);
  const chosen = mapBlocks(program, (statements) =>
    statements.map((statement) =>
      statement.kind === "infer" && statement.method === undefined
        ? { ...statement, method: enumerable.has(statement.model) ? enumerate(statement.span) : smc(statement.span) }
        : statement,
    ),
  );
  return {
    ...chosen,
    modules: chosen.modules.map((module) => ({
      ...module,
      queries: module.queries.map((query) =>
        query.method === undefined && enumerable.has(query.model) ? { ...query, method: enumerate(query.span) } : query,
      ),
    })),
  };
}

const enumerate = (span: Span): MethodIr => ({ name: "enumerate", options: [], span });
const smc = (span: Span): MethodIr => {
  const particles: Expr = { kind: "literal", value: 100, type: { kind: "int" }, span };
  return { name: "smc", options: [{ name: "particles", value: particles }], span };
};

/** Models every draw of which is finite and made at most once: none in a loop, a recursion or a function value. */
class Enumerable {
  private readonly functions = new Map<Global, FunctionIr>();
  private readonly known = new Map<Global, boolean>();

  constructor(program: Program) {
    for (const module of program.modules) for (const fn of module.functions) this.functions.set(fn.global, fn);
  }

  has(global: Global): boolean {
    const known = this.known.get(global);
    if (known !== undefined) return known;
    // A recursive call finds this: it may draw any number of times.
    this.known.set(global, false);
    const fn = this.functions.get(global);
    const finite = fn !== undefined && this.block(fn.body, false);
    this.known.set(global, finite);
    return finite;
  }

  private block(statements: readonly Statement[], repeated: boolean): boolean {
    return statements.every((statement) => this.statement(statement, repeated));
  }

  private statement(statement: Statement, repeated: boolean): boolean {
    for (const operand of operandsOf(statement)) {
      for (const part of expressionsOf(operand)) if (part.kind === "lambda" && part.suspends) return false;
    }
    switch (statement.kind) {
      case "draw":
        return !repeated && domainOf(statement.distribution.type) === "finite";
      case "enter": {
        const { callee } = statement;
        return !repeated && callee.kind === "global" && this.has(callee.global);
      }
      case "apply":
        return statement.name === "log_prob";
      case "if":
        return this.block(statement.then, repeated) && this.block(statement.otherwise, repeated);
      case "for-each":
      case "for-range":
      case "while":
        return this.block(statement.body, true);
      default:
        return true;
    }
  }
}

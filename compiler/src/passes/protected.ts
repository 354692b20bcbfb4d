import { Facts } from "../ir/facts.js";
import type { FunctionIr, MethodIr, Program } from "../ir/program.js";
import type { Statement } from "../ir/statement.js";
import { expressionsIn, expressionsOf, statementsIn } from "../ir/walk.js";

/**
 * Names of draws that some `proposal` of the program makes, itself or in what it calls. A guide finds a model's draws by
 * these names, so passes leave them as they are.
 */
export function proposedNames(program: Program): ReadonlySet<string> {
  const facts = new Facts(program);
  const names = new Set<string>();
  const seen = new Set<FunctionIr>();
  const visit = (fn: FunctionIr): void => {
    if (seen.has(fn)) return;
    seen.add(fn);
    for (const statement of allStatements(fn.body)) {
      if (statement.kind === "draw") names.add(statement.site.name);
    }
    for (const expr of expressionsIn(fn.body)) {
      const called = expr.kind === "global" ? facts.functionOf(expr.global) : undefined;
      if (called !== undefined) visit(called);
    }
  };
  for (const module of program.modules) {
    for (const fn of module.functions) if (fn.global.kind === "proposal") visit(fn);
  }
  return names;
}

/** Draws that some method of the program maximises over, where summing over them first would give something else. */
export interface Maximised {
  /** Some method takes the maximum over every draw. */
  readonly all: boolean;
  /** Names of the others. */
  readonly names: ReadonlySet<string>;
}

/** Options that name such draws. */
const MAXIMISING: ReadonlySet<string> = new Set(["vars", "decisions"]);

/** Of the methods that the program itself asks for. */
export function maximisedDraws(program: Program): Maximised {
  const methods: (MethodIr | undefined)[] = [];
  for (const module of program.modules) {
    for (const query of module.queries) methods.push(query.method);
    for (const fn of module.functions)
      for (const statement of allStatements(fn.body)) if (statement.kind === "infer") methods.push(statement.method);
  }
  const names = new Set<string>();
  for (const method of methods) {
    for (const { name, value } of method?.options ?? []) {
      if (!MAXIMISING.has(name)) continue;
      for (const part of expressionsOf(value)) if (part.kind === "literal") names.add(String(part.value));
    }
  }
  return { all: methods.some((method) => method?.name === "map"), names };
}

/** Whether the program asks a posterior for its effective sample size: of executions, which summing over a draw joins. */
export function asksForSize(program: Program): boolean {
  for (const module of program.modules) {
    for (const fn of module.functions)
      for (const expr of expressionsIn(fn.body))
        if ((expr.kind === "builtin" || expr.kind === "builtin-value") && expr.name === "ess") return true;
  }
  return false;
}

/** Every statement, those inside lambdas included. */
export function* allStatements(statements: readonly Statement[]): Generator<Statement> {
  yield* statementsIn(statements);
  for (const expr of expressionsIn(statements)) if (expr.kind === "lambda") yield* statementsIn(expr.body);
}

import type { Expr } from "../ir/expression.js";
import { callsOut, domainOf, Facts } from "../ir/facts.js";
import type { Global, Program, Variable } from "../ir/program.js";
import { mapBlocks } from "../ir/rewrite.js";
import type { Statement } from "../ir/statement.js";
import {
  blocksOf,
  expressionsOf,
  operandsOf,
  readsOf,
  readsOfAll,
  statementsIn,
  suspends,
  writesIn,
} from "../ir/walk.js";
import type { Pass } from "./pass.js";

export const earlyWeighting: Pass = {
  name: "early-weighting",
  law:
    "Weights multiply, and multiplication commutes: Σ_x D(x) · w · f(x) = w · Σ_x D(x) · f(x) for a w without x. So a factor, " +
    "observation or condition moves up in its own block to where its inputs are known. It passes what cannot change its inputs " +
    "or whether it is reached: never a host call, an exit, a loop that may not end, nor, when evaluating it may fail, anything " +
    "that may end the execution before. It stays behind twists and steps: a twist says what the weights after it will be, and a " +
    "step is where the program wants resampling, so passing them would keep the measure but steer otherwise than the program " +
    "says. Executions of weight zero may stop earlier; what they would have drawn or raised afterwards is not drawn or raised.",
  run(program) {
    const mover = new Mover(program);
    return mapBlocks(program, (statements, fn) =>
      fn?.global.kind === "proposal" ? statements : mover.block(statements),
    );
  },
};

class Mover {
  private readonly facts: Facts;
  private readonly quiet = new Map<Global, boolean>();

  constructor(program: Program) {
    this.facts = new Facts(program);
  }

  block(statements: readonly Statement[]): readonly Statement[] {
    let current = statements;
    for (const statement of statements) {
      if (isWeight(statement)) current = this.move(current, current.indexOf(statement));
    }
    return current;
  }

  /**
   * Moves the weight at `index` up, with the plain definitions it needs. It goes to just before the first suspension that it
   * can pass; passing plain statements alone gains nothing.
   */
  private move(statements: readonly Statement[], index: number): readonly Statement[] {
    const weight = statements[index]!;
    if (operandsOf(weight).some(callsOut)) return statements;
    const group = new Set<Statement>([weight]);
    let reads = readsOfStatement(weight);
    const writes = new Set<Variable>();
    const fails = operandsOf(weight).some((operand) => this.facts.mayFail(operand));
    let best = index;
    let bestGroup: ReadonlySet<Statement> = group;
    for (let i = index - 1; i >= 0; i--) {
      const statement = statements[i]!;
      if (intersects(writesIn([statement]), reads)) {
        if (!this.canCome(statement)) break;
        group.add(statement);
        writes.add(statement.variable);
        reads = new Set([...reads, ...readsOfStatement(statement)]);
        continue;
      }
      if (intersects(writes, readsOfAll([statement])) || !this.passable(statement, fails)) break;
      if (suspends([statement])) {
        best = i;
        bestGroup = new Set(group);
      }
    }
    if (best === index) return statements;
    const before = statements.slice(0, best);
    const passed = statements.slice(best, index).filter((s) => !bestGroup.has(s));
    const moved = statements.slice(best, index + 1).filter((s) => bestGroup.has(s));
    return [...before, ...moved, ...passed, ...statements.slice(index + 1)];
  }

  /** A definition that may go along: it always has a value, and the same one wherever it stands. */
  private canCome(statement: Statement): statement is Statement & { kind: "let" } {
    return (
      statement.kind === "let" &&
      !statement.variable.mutable &&
      !this.facts.mayFail(statement.value) &&
      !callsOut(statement.value)
    );
  }

  /** May a weight be evaluated before the statement in place of after it? `fails`: evaluating the weight may fail. */
  private passable(statement: Statement, fails: boolean): boolean {
    if (operandsOf(statement).some(callsOut)) return false;
    switch (statement.kind) {
      case "let":
      case "assign":
      case "expression":
        return !this.facts.mayFail(operandsOf(statement)[0]!);
      case "declare":
        return true;
      case "draw":
        return (
          !(fails && mayEnd(statement)) &&
          this.makesDistribution(statement.distribution) &&
          (statement.proposal === undefined || this.makesDistribution(statement.proposal))
        );
      case "ask":
        return statement.request.kind === "lm";
      case "infer":
        return true;
      case "observe":
      case "condition":
      case "factor":
        return !fails;
      case "enter":
        return !fails && statement.callee.kind === "global" && this.isQuiet(statement.callee.global);
      case "if":
      case "for-each":
      case "for-range":
        return (
          !fails &&
          !operandsOf(statement).some((operand) => this.facts.mayFail(operand)) &&
          !leavesSomewhere(statement) &&
          blocksOf(statement).every((block) => block.every((s) => this.passable(s, fails)))
        );
      default:
        // A loop that may not end, an exit, a twist, a step, a call of what is not known.
        return false;
    }
  }

  /** An expression that fails at most because its parameters do not make a distribution. */
  private makesDistribution(expr: Expr): boolean {
    if (expr.kind === "distribution")
      return expr.arguments.every((a) => a === undefined || !this.facts.mayFail(a) || this.makesDistribution(a));
    if (expr.kind === "lm")
      return [...expr.positional, ...expr.named.map(({ value }) => value)].every((a) => !this.facts.mayFail(a));
    return !this.facts.mayFail(expr);
  }

  /** Does the function, with all it calls, neither reach outside nor steer? */
  private isQuiet(global: Global): boolean {
    const known = this.quiet.get(global);
    if (known !== undefined) return known;
    // A recursive call is as quiet as the rest.
    this.quiet.set(global, true);
    const fn = this.facts.functionOf(global);
    const quiet =
      fn !== undefined &&
      [...statementsIn(fn.body)].every((statement) => {
        if (operandsOf(statement).some((operand) => callsOut(operand) || hasClosure(operand))) return false;
        switch (statement.kind) {
          case "twist":
          case "step":
          case "while":
          case "apply":
            return false;
          case "ask":
            return statement.request.kind === "lm";
          case "enter":
            return statement.callee.kind === "global" && this.isQuiet(statement.callee.global);
          default:
            return true;
        }
      });
    this.quiet.set(global, quiet);
    return quiet;
  }
}

const isWeight = (statement: Statement): boolean =>
  statement.kind === "factor" || statement.kind === "condition" || statement.kind === "observe";

/** Can the draw itself end the execution? Of those of the language, a span that must stop can, and what is not known. */
function mayEnd(statement: Statement & { kind: "draw" }): boolean {
  const domain = domainOf(statement.distribution.type);
  if (domain === "finite" || domain === "countable" || domain === "continuous") return statement.proposal !== undefined;
  return true;
}

/** Does something in it leave for outside: a return, or a break or continue of a loop around it? */
function leavesSomewhere(statement: Statement, inLoop = false): boolean {
  switch (statement.kind) {
    case "return":
      return true;
    case "break":
    case "continue":
      return !inLoop;
    default: {
      const loop =
        inLoop || statement.kind === "for-each" || statement.kind === "for-range" || statement.kind === "while";
      return blocksOf(statement).some((block) => block.some((s) => leavesSomewhere(s, loop)));
    }
  }
}

const hasClosure = (expr: Expr): boolean =>
  [...expressionsOf(expr)].some((part) => part.kind === "lambda" && part.suspends);

function readsOfStatement(statement: Statement): Set<Variable> {
  const reads = new Set<Variable>();
  for (const operand of operandsOf(statement)) readsOf(operand, reads);
  return reads;
}

function intersects(a: ReadonlySet<Variable>, b: ReadonlySet<Variable>): boolean {
  for (const variable of a) if (b.has(variable)) return true;
  return false;
}

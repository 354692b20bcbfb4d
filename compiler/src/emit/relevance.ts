import type { Expr } from "../ir/expression.js";
import type { FunctionIr, Global, Program, Variable } from "../ir/program.js";
import type { Statement, Suspension } from "../ir/statement.js";
import { expressionsOf, operandsOf, readsOf, statementsIn, writesIn } from "../ir/walk.js";
import { cut, eachCode, type Block, type Code } from "./blocks.js";

/**
 * What a frame's future depends on, where it stands at a draw of its own or of something it has called: the future's
 * distributions and weights, and what is returned if that matters. Two activations that agree on it go on alike.
 */
export interface Relevance {
  /** By the block in which the frame goes on: the variables it depends on, when what it returns matters and when not. */
  readonly live: ReadonlyMap<Block, Relevant<ReadonlySet<Variable>>>;
  /** Whether it depends on the answer with which it goes on. */
  readonly awaits: ReadonlyMap<Block, Relevant<boolean>>;
}

export interface Relevant<T> {
  readonly returned: T;
  readonly dropped: T;
}

/** What is known of calling a function. */
interface Summary {
  /** Places of the parameters that its distributions and weights depend on, and its result if that matters. */
  readonly parameters: ReadonlySet<number>;
  /** It may draw or weigh. */
  readonly acts: boolean;
}

/** Stands among variables for: something is drawn, weighed or (where that matters) returned later on. */
const ACTION: Variable = { name: "", type: { kind: "never" }, mutable: false };

type Set_ = ReadonlySet<Variable>;

/**
 * Which values the rest of an execution depends on (the *strongly live* or not *faint* variables; Giegerich, Möncke and
 * Wilhelm 1981): like liveness, but a variable that is only used to compute others counts only when one of them does. So a
 * list that grows in a loop and is then returned is not needed by those who do not want what is returned.
 *
 * Expressions are taken to have a value: one that could fail does not make relevant what it is made of, unless it says `fail`
 * itself. Twists and proposals leave the measure as it is and do not count either.
 */
export class RelevanceAnalysis {
  private readonly summaries = new Map<Global, Relevant<Summary>>();

  constructor(program: Program) {
    const functions = program.modules.flatMap((module) => module.functions.filter((fn) => fn.global.suspends));
    const none: Summary = { parameters: new Set(), acts: false };
    for (const fn of functions) this.summaries.set(fn.global, { returned: none, dropped: none });
    const cuts = new Map(functions.map((fn) => [fn, cut(fn.body).blocks]));
    for (let changed = true; changed;) {
      changed = false;
      for (const [fn, blocks] of cuts) {
        const before = this.summaries.get(fn.global)!;
        const now: Relevant<Summary> = {
          returned: this.summary(fn, blocks, true),
          dropped: this.summary(fn, blocks, false),
        };
        if (sizeOf(now.returned) === sizeOf(before.returned) && sizeOf(now.dropped) === sizeOf(before.dropped))
          continue;
        this.summaries.set(fn.global, now);
        changed = true;
      }
    }
  }

  /** Of a body that has been cut into these blocks. */
  of(blocks: readonly Block[]): Relevance {
    const [returned, dropped] = [this.solve(blocks, true), this.solve(blocks, false)];
    const live = new Map<Block, Relevant<Set_>>();
    const awaits = new Map<Block, Relevant<boolean>>();
    for (const block of resumedAtDraws(blocks)) {
      live.set(block, { returned: returned.before(block), dropped: dropped.before(block) });
      awaits.set(block, { returned: returned.awaited(block), dropped: dropped.awaited(block) });
    }
    return { live, awaits };
  }

  private summary(fn: FunctionIr, blocks: readonly Block[], result: boolean): Summary {
    const entry = new Set(this.solve(blocks, result).at(blocks[0]!));
    // A default is computed of the parameters before.
    for (let i = fn.parameters.length - 1; i >= 0; i--) {
      const { variable, defaultValue } = fn.parameters[i]!;
      if (defaultValue !== undefined && entry.has(variable)) readsOf(defaultValue, entry);
    }
    const parameters = new Set<number>();
    fn.parameters.forEach(({ variable }, i) => entry.has(variable) && parameters.add(i));
    return { parameters, acts: entry.has(ACTION) };
  }

  private solve(blocks: readonly Block[], result: boolean): Solution {
    const solution = new Solution(blocks, result, this.summaries);
    solution.solve();
    return solution;
  }
}

const sizeOf = ({ parameters, acts }: Summary): number => parameters.size + (acts ? 1 : 0);

/** Blocks in which a frame goes on after a draw, of its own or of what it has called. */
function resumedAtDraws(blocks: readonly Block[]): ReadonlySet<Block> {
  const resumed = new Set<Block>();
  for (const block of blocks) {
    eachCode(block.code, (code) => {
      if (code.kind !== "suspend") return;
      const { kind } = code.statement;
      if (kind === "draw" || kind === "enter" || kind === "apply") resumed.add(code.resume);
    });
  }
  return resumed;
}

/** Where `break` and `continue` lead inside a loop that does not suspend. */
interface Loop {
  readonly after: Set_;
  readonly again: Set_;
}

class Solution {
  private readonly entries = new Map<Block, Set_>();
  /** Those that begin with an answer that matters. */
  private readonly answers = new Set<Block>();

  constructor(
    private readonly blocks: readonly Block[],
    private readonly result: boolean,
    private readonly summaries: ReadonlyMap<Global, Relevant<Summary>>,
  ) {
    for (const block of blocks) this.entries.set(block, new Set());
  }

  /** Sets only grow, so this ends. */
  solve(): void {
    const { blocks, entries } = this;
    for (let changed = true; changed;) {
      changed = false;
      for (let i = blocks.length - 1; i >= 0; i--) {
        const block = blocks[i]!;
        const [first, ...rest] = block.code;
        const receives = first?.kind === "receive";
        const now = this.code(receives ? rest : block.code, new Set());
        if (receives && now.delete(first.variable) && !this.answers.has(block)) {
          this.answers.add(block);
          changed = true;
        }
        if (now.size === entries.get(block)!.size) continue;
        entries.set(block, now);
        changed = true;
      }
    }
  }

  at(block: Block): Set_ {
    return this.entries.get(block)!;
  }

  /** The variables alone. */
  before(block: Block): Set_ {
    const variables = new Set(this.at(block));
    variables.delete(ACTION);
    return variables;
  }

  awaited(block: Block): boolean {
    return this.answers.has(block);
  }

  private code(code: readonly Code[], after: Set_): Set<Variable> {
    let now = new Set(after);
    for (let i = code.length - 1; i >= 0; i--) {
      const one = code[i]!;
      switch (one.kind) {
        case "jump":
          now = new Set(this.at(one.to));
          break;
        case "suspend":
          now = new Set(this.at(one.resume));
          this.suspension(one.statement, this.awaited(one.resume), now);
          break;
        case "receive":
          throw new Error("An answer is taken where a block begins.");
        case "take": {
          const wanted = one.variable !== null && now.delete(one.variable);
          if (wanted) now.add(one.counter);
          if (wanted && one.list !== null) readsOf(one.list, now);
          break;
        }
        case "branch": {
          const union = new Set([...this.code(one.then, now), ...this.code(one.otherwise, now)]);
          if (union.has(ACTION)) readsOf(one.test, union);
          now = union;
          break;
        }
        case "statement":
          now = this.plain(one.statement, now, null);
          break;
      }
    }
    return now;
  }

  /** `answered`: the answer matters. */
  private suspension(statement: Suspension, answered: boolean, now: Set<Variable>): void {
    const read = (...exprs: readonly (Expr | undefined)[]): void => {
      for (const expr of exprs) if (expr !== undefined) readsOf(expr, now);
    };
    switch (statement.kind) {
      case "draw":
        read(statement.distribution);
        now.add(ACTION);
        break;
      case "observe":
      case "condition":
        read(...operandsOf(statement));
        now.add(ACTION);
        break;
      case "factor":
        read(statement.weight);
        now.add(ACTION);
        break;
      case "twist":
      case "step":
        break;
      case "enter": {
        const { callee } = statement;
        const known = callee.kind === "global" ? this.summaries.get(callee.global) : undefined;
        const summary = answered ? known?.returned : known?.dropped;
        if (summary === undefined) {
          read(callee, ...statement.arguments);
          now.add(ACTION);
          break;
        }
        statement.arguments.forEach((argument, i) => summary.parameters.has(i) && read(argument));
        if (summary.acts) now.add(ACTION);
        break;
      }
      case "apply":
        if (answered || statement.name !== "log_prob") read(...statement.arguments);
        if (statement.name !== "log_prob") now.add(ACTION);
        break;
      case "ask":
      case "infer":
        if (answered) read(...operandsOf(statement));
        break;
    }
  }

  private statements(statements: readonly Statement[], after: Set_, loop: Loop | null): Set<Variable> {
    let now = new Set(after);
    for (let i = statements.length - 1; i >= 0; i--) now = this.plain(statements[i]!, now, loop);
    return now;
  }

  /** A statement that does not suspend. */
  private plain(statement: Statement, now: Set<Variable>, loop: Loop | null): Set<Variable> {
    switch (statement.kind) {
      case "let":
      case "assign": {
        const wanted = now.delete(statement.variable);
        if (wanted) readsOf(statement.value, now);
        else if (saysFail(statement.value)) readsOf(statement.value, now).add(ACTION);
        return now;
      }
      case "declare":
        now.delete(statement.variable);
        return now;
      case "expression":
        if (saysFail(statement.value)) readsOf(statement.value, now).add(ACTION);
        return now;
      case "return": {
        const reads = new Set<Variable>();
        if (this.result) readsOf(statement.value, reads).add(ACTION);
        else if (saysFail(statement.value)) readsOf(statement.value, reads).add(ACTION);
        return reads;
      }
      case "break":
        return new Set(loop?.after);
      case "continue":
        return new Set(loop?.again);
      case "if": {
        const [then, otherwise] = [
          this.statements(statement.then, now, loop),
          this.statements(statement.otherwise, now, loop),
        ];
        const matters = this.decides(statement, new Set([...now, ...then, ...otherwise]));
        for (const variable of otherwise) then.add(variable);
        if (matters) readsOf(statement.test, then);
        return then;
      }
      case "while":
      case "for-range":
      case "for-each":
        return this.loop(statement, now);
      default:
        throw new Error(`\`${statement.kind}\` stands where nothing may suspend.`);
    }
  }

  private loop(statement: Statement & { kind: "while" | "for-range" | "for-each" }, after: Set_): Set<Variable> {
    let again = new Set(after);
    const matters = this.decides(statement, again);
    if (matters) for (const operand of operandsOf(statement)) readsOf(operand, again);
    for (;;) {
      const before = this.statements(statement.body, again, { after, again });
      const size = again.size;
      again = new Set([...again, ...before]);
      if (statement.kind !== "while") {
        // What it goes over matters where an element does.
        if (again.delete(statement.variable)) for (const operand of operandsOf(statement)) readsOf(operand, again);
      }
      if (again.size === size) return again;
    }
  }

  /** Does it matter which way a statement goes: does it give values that count, or end what counts? */
  private decides(statement: Statement, after: Set_): boolean {
    for (const variable of writesIn([statement])) if (after.has(variable)) return true;
    if (!after.has(ACTION)) return false;
    for (const inner of statementsIn([statement])) {
      if (inner.kind === "return" || inner.kind === "break" || inner.kind === "continue") return true;
      if (operandsOf(inner).some(saysFail)) return true;
    }
    return false;
  }
}

/** Ends the run by its own word. */
export function saysFail(expr: Expr): boolean {
  for (const part of expressionsOf(expr)) if (part.kind === "builtin" && part.name === "fail") return true;
  return false;
}

import type { Span } from "@pgl/grammar";
import type { Expr } from "../ir/expression.js";
import type { Variable } from "../ir/program.js";
import { isSuspension, targetOf, type Statement, type Suspension } from "../ir/statement.js";
import {
  blocksOf,
  declarationsIn,
  leaves,
  operandsOf,
  readsOf,
  statementsIn,
  suspends,
  writesIn,
  writtenBy,
} from "../ir/walk.js";

/**
 * A body cut where it suspends: blocks that the program counter can point to. Branches stay inside their block up to their
 * first suspension, so that straight code reads as it was written.
 */
export interface Block {
  id: number;
  readonly code: Code[];
}

export type Code =
  /** Does not suspend and stays in its block (it may return). */
  | { readonly kind: "statement"; readonly statement: Statement }
  | {
      readonly kind: "branch";
      readonly test: Expr;
      readonly then: Code[];
      readonly otherwise: Code[];
      readonly span: Span;
    }
  | { readonly kind: "suspend"; readonly statement: Suspension; resume: Block }
  /** Takes the answer of the suspension that led here. */
  | { readonly kind: "receive"; readonly variable: Variable; readonly declares: boolean; readonly span: Span }
  /** The next element of a loop: `variable = list[counter++]`, or the counter itself. */
  | {
      readonly kind: "take";
      readonly variable: Variable | null;
      readonly list: Expr | null;
      readonly counter: Variable;
      readonly span: Span;
    }
  | { readonly kind: "jump"; to: Block; readonly span: Span };

interface Loop {
  readonly head: Block;
  readonly after: Block;
  broken: boolean;
}

export interface Cut {
  /** The first is where the body begins. */
  readonly blocks: readonly Block[];
  /** Variables that must outlive a block. */
  readonly fields: ReadonlySet<Variable>;
}

/** Cuts a body into blocks and finds what has to be kept between them. */
export function cut(body: readonly Statement[]): Cut {
  const cutter = new Cutter();
  const entry = cutter.block();
  const end = cutter.run(body, entry);
  if (end !== null) {
    const span = body[body.length - 1]?.span ?? { start: 0, end: 0 };
    const value: Expr = { kind: "literal", value: undefined, type: { kind: "unit" }, span };
    end.push({ kind: "statement", statement: { kind: "return", value, span } });
  }
  const blocks = cutter.finished();
  return { blocks, fields: fieldsOf(blocks) };
}

class Cutter {
  private readonly placed: Block[] = [];

  block(): Block {
    return { id: -1, code: [] };
  }

  run(body: readonly Statement[], entry: Block): Code[] | null {
    this.place(entry);
    return this.walk(body, entry.code, null);
  }

  /** The blocks that can be reached, numbered in order; one that only goes elsewhere is skipped. */
  finished(): readonly Block[] {
    const through = (block: Block): Block => {
      const seen = new Set<Block>();
      let to = block;
      for (let first = to.code[0]; first?.kind === "jump" && !seen.has(to); first = to.code[0]) {
        seen.add(to);
        to = first.to;
      }
      return to;
    };
    const reached = new Set<Block>([this.placed[0]!]);
    for (const block of reached) {
      eachCode(block.code, (code) => {
        if (code.kind === "jump") reached.add((code.to = through(code.to)));
        if (code.kind === "suspend") reached.add((code.resume = through(code.resume)));
      });
    }
    const blocks = this.placed.filter((block) => reached.has(block));
    blocks.forEach((block, i) => (block.id = i));
    return blocks;
  }

  private place(block: Block): void {
    this.placed.push(block);
  }

  /** Where control goes on after the statements; null when it does not. */
  private walk(statements: readonly Statement[], code: Code[], loop: Loop | null): Code[] | null {
    let now: Code[] | null = code;
    for (const statement of statements) {
      if (now === null) return null;
      now = this.statement(statement, now, loop);
    }
    return now;
  }

  private statement(statement: Statement, code: Code[], loop: Loop | null): Code[] | null {
    const { span } = statement;
    if (isSuspension(statement)) {
      const resume = this.block();
      code.push({ kind: "suspend", statement, resume });
      this.place(resume);
      const target = targetOf(statement);
      if (target !== null) resume.code.push({ kind: "receive", ...target, span });
      return resume.code;
    }
    switch (statement.kind) {
      case "break":
        if (loop === null) break;
        loop.broken = true;
        code.push({ kind: "jump", to: loop.after, span });
        return null;
      case "continue":
        if (loop === null) break;
        code.push({ kind: "jump", to: loop.head, span });
        return null;
      case "if":
        if (suspends([statement]) || (loop !== null && escapes(statement))) return this.branch(statement, code, loop);
        break;
      case "while":
      case "for-each":
      case "for-range":
        if (suspends([statement])) return this.loop(statement, code);
    }
    code.push({ kind: "statement", statement });
    return leaves([statement]) ? null : code;
  }

  private branch(statement: Statement & { kind: "if" }, code: Code[], loop: Loop | null): Code[] | null {
    const then: Code[] = [];
    const otherwise: Code[] = [];
    code.push({ kind: "branch", test: statement.test, then, otherwise, span: statement.span });
    const ends = [this.walk(statement.then, then, loop), this.walk(statement.otherwise, otherwise, loop)] as const;
    const open = ends.filter((end): end is Code[] => end !== null);
    if (open.length === 0) return null;
    if (open.every((end) => end === then || end === otherwise)) return code;
    if (open.length === 1) return open[0]!;
    const join = this.block();
    for (const end of open) end.push({ kind: "jump", to: join, span: statement.span });
    this.place(join);
    return join.code;
  }

  private loop(statement: Statement & { kind: "while" | "for-each" | "for-range" }, code: Code[]): Code[] | null {
    const { span } = statement;
    const loop: Loop = { head: this.block(), after: this.block(), broken: false };
    const body: Code[] = [];
    let test: Expr | null;
    if (statement.kind === "while") {
      test = statement.test.kind === "literal" && statement.test.value === true ? null : statement.test;
    } else {
      test = this.counted(statement, code, body);
    }
    code.push({ kind: "jump", to: loop.head, span });
    this.place(loop.head);
    const end = this.walk(statement.body, body, loop);
    if (end !== null) end.push({ kind: "jump", to: loop.head, span });
    if (test === null) loop.head.code.push(...body);
    else loop.head.code.push({ kind: "branch", test, then: body, otherwise: [], span });
    if (!loop.broken) return test === null ? null : loop.head.code;
    if (test !== null) loop.head.code.push({ kind: "jump", to: loop.after, span });
    this.place(loop.after);
    return loop.after.code;
  }

  /** A `for` keeps its own counter. Returns its test. */
  private counted(statement: Statement & { kind: "for-each" | "for-range" }, code: Code[], body: Code[]): Expr {
    const { span, variable } = statement;
    const int = { kind: "int" } as const;
    const counter: Variable = {
      name: `${variable.name === "unused" ? "i" : variable.name}_next`,
      type: int,
      mutable: true,
    };
    const now: Expr = { kind: "variable", variable: counter, type: int, span };
    const start = (value: Expr) =>
      code.push({ kind: "statement", statement: { kind: "let", variable: counter, value, span } });
    const held = (value: Expr, name: string): Expr => {
      if (value.kind === "literal" || value.kind === "global" || (value.kind === "variable" && !value.variable.mutable))
        return value;
      const kept: Variable = { name, type: value.type, mutable: false };
      code.push({ kind: "statement", statement: { kind: "let", variable: kept, value, span } });
      return { kind: "variable", variable: kept, type: value.type, span };
    };
    const used = uses(statement.body, variable);
    if (statement.kind === "for-range") {
      const from = statement.to.kind === "literal" ? statement.from : held(statement.from, "start");
      const end = held(statement.to, "end");
      start(from);
      body.push({ kind: "take", variable: used ? variable : null, list: null, counter, span });
      return { kind: "binary", operator: "<", left: now, right: end, type: { kind: "bool" }, span };
    }
    const list = held(statement.iterable, `${variable.name}_list`);
    start({ kind: "literal", value: 0, type: int, span });
    body.push({ kind: "take", variable: used ? variable : null, list, counter, span });
    const length: Expr = { kind: "builtin", name: "$length", arguments: [list], type: int, span };
    return { kind: "binary", operator: "<", left: now, right: length, type: { kind: "bool" }, span };
  }
}

function uses(statements: readonly Statement[], variable: Variable): boolean {
  for (const statement of statementsIn(statements))
    for (const operand of operandsOf(statement)) if (readsOf(operand).has(variable)) return true;
  return false;
}

/** Does a break or continue inside it leave for the loop around it? */
function escapes(statement: Statement): boolean {
  if (statement.kind === "break" || statement.kind === "continue") return true;
  if (statement.kind !== "if") return false;
  return blocksOf(statement).some((block) => block.some(escapes));
}

export function eachCode(code: readonly Code[], visit: (code: Code) => void): void {
  for (const one of code) {
    visit(one);
    if (one.kind === "branch") {
      eachCode(one.then, visit);
      eachCode(one.otherwise, visit);
    }
  }
}

// ----------------------------------------------------------------------------------------------------------- liveness

/** Variables whose value is wanted after a block boundary: those live where some block begins. */
function fieldsOf(blocks: readonly Block[]): ReadonlySet<Variable> {
  const live = new Map<Block, Set<Variable>>(blocks.map((block) => [block, new Set()]));
  for (let changed = true; changed;) {
    changed = false;
    for (let i = blocks.length - 1; i >= 0; i--) {
      const block = blocks[i]!;
      const before = live.get(block)!;
      const now = liveBefore(block.code, new Set(), live);
      if (now.size > before.size) {
        live.set(block, now);
        changed = true;
      }
    }
  }
  const fields = new Set<Variable>();
  for (const block of blocks.slice(1)) for (const variable of live.get(block)!) fields.add(variable);
  // An assignment whose value is never read still needs somewhere to go when its declaration is in another block.
  for (const block of blocks) {
    const { assigned, declared } = writesOf(block);
    for (const variable of assigned) if (!declared.has(variable)) fields.add(variable);
  }
  // A loop may lead back to where the body begins.
  if (blocks.some((block) => leadsTo(block, blocks[0]!)))
    for (const variable of live.get(blocks[0]!)!) fields.add(variable);
  return fields;
}

function writesOf(block: Block): { assigned: ReadonlySet<Variable>; declared: ReadonlySet<Variable> } {
  const assigned = new Set<Variable>();
  const declared = new Set<Variable>();
  eachCode(block.code, (code) => {
    if (code.kind === "receive") (code.declares ? declared : assigned).add(code.variable);
    if (code.kind === "take" && code.variable !== null) declared.add(code.variable);
    if (code.kind !== "statement") return;
    for (const variable of declarationsIn([code.statement])) declared.add(variable);
    for (const variable of writesIn([code.statement])) assigned.add(variable);
  });
  return { assigned, declared };
}

function leadsTo(block: Block, to: Block): boolean {
  let found = false;
  eachCode(block.code, (code) => {
    if ((code.kind === "jump" && code.to === to) || (code.kind === "suspend" && code.resume === to)) found = true;
  });
  return found;
}

function liveBefore(
  code: readonly Code[],
  after: ReadonlySet<Variable>,
  live: ReadonlyMap<Block, ReadonlySet<Variable>>,
): Set<Variable> {
  let now = new Set(after);
  for (let i = code.length - 1; i >= 0; i--) {
    const one = code[i]!;
    switch (one.kind) {
      case "jump":
        now = new Set(live.get(one.to));
        break;
      case "suspend":
        now = new Set(live.get(one.resume));
        for (const operand of operandsOf(one.statement)) readsOf(operand, now);
        // An assigned variable is written by whoever resumes; nothing of it is read here.
        break;
      case "receive":
        now.delete(one.variable);
        break;
      case "take":
        if (one.variable !== null) now.delete(one.variable);
        now.add(one.counter);
        if (one.list !== null) readsOf(one.list, now);
        break;
      case "branch": {
        const then = liveBefore(one.then, now, live);
        for (const variable of liveBefore(one.otherwise, now, live)) then.add(variable);
        readsOf(one.test, then);
        now = then;
        break;
      }
      case "statement": {
        const { statement } = one;
        if (statement.kind === "return") now = new Set();
        const written = blocksOf(statement).length === 0 ? writtenBy(statement) : undefined;
        if (written !== undefined) now.delete(written);
        const inside = declarationsIn([statement]);
        const reads = new Set<Variable>();
        for (const inner of statementsIn([statement])) for (const operand of operandsOf(inner)) readsOf(operand, reads);
        for (const variable of reads) if (!inside.has(variable) || variable === written) now.add(variable);
        break;
      }
    }
  }
  return now;
}

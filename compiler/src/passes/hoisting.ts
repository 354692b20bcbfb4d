import type { ConstraintExpr, Expr } from "../ir/expression.js";
import { orderConstants } from "../ir/lower/order.js";
import type { ConstantIr, Global, ModuleIr, Program, Variable } from "../ir/program.js";
import { mapChildren, mapStatement } from "../ir/rewrite.js";
import type { Statement } from "../ir/statement.js";
import { constraintChildren } from "../ir/walk.js";
import type { Type } from "../types.js";
import { functionType } from "../types/type.js";
import { Constants } from "./proper.js";

/** What can be hoisted: things that take time to make and are the same every time. */
export type Hoistable = "distribution" | "constraint" | "restrict";

/** Longer lists are not gone through when a module is loaded, only to have distributions that may not be needed. */
const MAX_TABLE = 4096;

/**
 * Makes what has only constant parts once, when the module is loaded. So are distributions of which one argument is an
 * element of a constant list, as the rows of a transition matrix: one for each element.
 */
export function hoist(program: Program, kinds: readonly Hoistable[]): Program {
  const constants = new Constants(program);
  return { ...program, modules: program.modules.map((module) => new Hoister(module, constants, new Set(kinds)).run()) };
}

class Hoister {
  private readonly made = new Map<string, Global>();
  private readonly shared = new Set<Global>();
  private readonly hoisted: ConstantIr[] = [];
  private readonly named = new Map<Variable, Expr>();

  constructor(
    private readonly module: ModuleIr,
    private readonly constants: Constants,
    private readonly kinds: ReadonlySet<Hoistable>,
  ) {
    for (const { global, value, hoisted } of module.constants) {
      if (hoisted !== true) continue;
      this.made.set(keyOf(value), global);
      this.shared.add(global);
    }
  }

  run(): ModuleIr {
    const functions = this.module.functions.map((fn) => ({ ...fn, body: this.block(fn.body) }));
    if (this.hoisted.length === 0) return this.module;
    const constants = orderConstants([...this.hoisted, ...this.module.constants], functions);
    return { ...this.module, functions, constants };
  }

  private readonly block = (statements: readonly Statement[]): readonly Statement[] =>
    statements.flatMap((statement) => {
      const mapped = mapStatement(statement, this.expression, this.block);
      const isName = mapped.kind === "let" && !mapped.variable.mutable && mapped.value.kind === "global";
      if (!isName || !this.shared.has(mapped.value.global)) return [mapped];
      // Another name for what has been hoisted is not needed.
      this.named.set(mapped.variable, mapped.value);
      return [];
    });

  private readonly expression = (expr: Expr): Expr => {
    if (expr.kind === "variable") return this.named.get(expr.variable) ?? expr;
    if (
      (expr.kind === "distribution" || expr.kind === "restrict") &&
      this.kinds.has(expr.kind) &&
      this.constants.isConstant(expr)
    ) {
      const global = this.share(expr, expr.kind === "restrict" ? "restricted" : expr.name);
      return { kind: "global", global, type: expr.type, span: expr.span };
    }
    if (expr.kind === "matches" || expr.kind === "guided" || expr.kind === "constraint") {
      // A constraint of constants as one, not its parts.
      const made = this.constraint(expr);
      return made.kind === "global" ? made : mapChildren(made, this.expression, this.block);
    }
    const inner = mapChildren(expr, this.expression, this.block);
    if (inner.kind === "distribution" && this.kinds.has(inner.kind)) return this.fromTable(inner) ?? inner;
    return inner;
  };

  private constraint(expr: Expr & { readonly kind: "matches" | "guided" | "constraint" }): Expr {
    const { constraint } = expr;
    if (!this.kinds.has("constraint") || constraint.kind === "constant" || !this.isConstant(constraint)) return expr;
    const made: Expr = { kind: "constraint", constraint, type: { kind: "constraint" }, span: constraint.span };
    const global = this.share(made, "constraint");
    if (expr.kind === "constraint") return { kind: "global", global, type: expr.type, span: expr.span };
    return {
      ...expr,
      constraint: { kind: "constant", global, needsRun: needsRun(constraint), span: constraint.span },
    };
  }

  /** `categorical(rows[i])` as an element of a list of distributions, one for each of `rows`. */
  private fromTable(expr: Expr & { kind: "distribution" }): Expr | undefined {
    const place = expr.arguments.findIndex((a) => a !== undefined && !this.constants.isConstant(a));
    const element = expr.arguments[place];
    if (element?.kind !== "builtin" || element.name !== "at") return undefined;
    const [list, index] = element.arguments;
    const known = list && this.constants.resolve(list);
    if (known?.kind !== "list" || known.elements.length > MAX_TABLE) return undefined;
    const made = (argument: Expr): Expr & { kind: "distribution" } => ({
      ...expr,
      arguments: expr.arguments.map((a, i) => (i === place ? argument : a)),
    });
    if (!known.elements.every((e) => this.constants.isConstant(e) && this.constants.isConstant(made(e))))
      return undefined;
    const row: Variable = { name: "row", type: element.type, mutable: false };
    const make: Expr = {
      kind: "lambda",
      name: undefined,
      parameters: [{ variable: row, defaultValue: undefined }],
      result: expr.type,
      body: [
        {
          kind: "return",
          value: made({ kind: "variable", variable: row, type: row.type, span: element.span }),
          span: expr.span,
        },
      ],
      suspends: false,
      self: undefined,
      type: functionType([{ name: row.name, type: row.type, optional: false }], expr.type, "pure"),
      span: expr.span,
    };
    const type: Type = { kind: "list", element: expr.type };
    const table = this.share(
      { kind: "builtin", name: "map", arguments: [list, make], type, span: expr.span },
      expr.name,
    );
    return {
      kind: "builtin",
      name: "at",
      arguments: [{ kind: "global", global: table, type, span: element.span }, index],
      type: expr.type,
      span: expr.span,
    };
  }

  private isConstant(constraint: ConstraintExpr): boolean {
    return constraintChildren(constraint).every((part) =>
      part.kind === "constraint" ? this.isConstant(part.constraint) : this.constants.isConstant(part),
    );
  }

  private share(value: Expr, name: string): Global {
    const key = keyOf(value);
    let global = this.made.get(key);
    if (global === undefined) {
      global = { kind: "const", name, module: this.module.file, suspends: false, type: value.type };
      this.made.set(key, global);
      this.shared.add(global);
      this.hoisted.push({ global, value, hoisted: true, doc: undefined, span: value.span });
    }
    return global;
  }
}

/** Equal for expressions that make the same thing. */
export function keyOf(expr: Expr): string {
  return JSON.stringify(expr, (key, value: unknown) => {
    if (key === "span" || key === "type" || key === "doc") return undefined;
    if (key === "global") return `${(value as Global).module}:${(value as Global).name}`;
    // What JSON has no words for.
    if (value === undefined || Object.is(value, -0) || (typeof value === "number" && !Number.isFinite(value))) {
      return { special: Object.is(value, -0) ? "-0" : String(value) };
    }
    return value;
  });
}

function needsRun(constraint: ConstraintExpr): boolean {
  switch (constraint.kind) {
    case "constant":
      return constraint.needsRun;
    case "call":
      return (
        constraint.name === "tokens" ||
        constraint.arguments.some((part) => part.kind === "constraint" && needsRun(part.constraint))
      );
    case "not":
      return needsRun(constraint.operand);
    case "and":
    case "or":
      return constraint.operands.some(needsRun);
    default:
      return false;
  }
}

import {
  lineStarts,
  locate,
  type Block,
  type Expression,
  type Identifier,
  type OnStatement,
  type Span,
} from "@pgl/grammar";
import type { CheckedModule, Symbol } from "../../checked.js";
import type { Type } from "../../types.js";
import type { Expr } from "../expression.js";
import type { Global, SiteIr, Variable } from "../program.js";
import type { Statement } from "../statement.js";
import { leaves } from "../walk.js";

/** Something the checker should have refused. Reaching it is a defect of the compiler, not of the program. */
export class LoweringError extends Error {
  constructor(
    message: string,
    readonly span: Span,
  ) {
    super(message);
    this.name = "LoweringError";
  }
}

/** What becomes of an expression's value. */
export type Destination =
  | { readonly kind: "declare"; readonly variable: Variable }
  | { readonly kind: "assign"; readonly variable: Variable }
  | { readonly kind: "return" }
  | { readonly kind: "discard" };

/** How the parts of lowering call each other: expressions hold blocks, blocks hold expressions. */
export interface Lowering {
  /** Emits what has to be done first, and returns what is left of the expression. */
  expression(scope: Scope, expression: Expression): Expr;
  /** Emits the expression with its value going to `destination`. */
  into(scope: Scope, expression: Expression, destination: Destination): void;
  /** The block's statements, and its value to `destination`. */
  block(scope: Scope, block: Block, destination: Destination): void;
}

/** What all functions of one module share. */
export class ModuleScope {
  /** What `isSimple` has found. */
  readonly simple = new WeakMap<Expression, boolean>();
  private readonly starts: ReturnType<typeof lineStarts>;

  constructor(
    readonly checked: CheckedModule,
    readonly lower: Lowering,
    /** The global a symbol of this module stands for. */
    readonly globalOf: (symbol: Symbol) => Global | undefined,
  ) {
    this.starts = lineStarts(checked.text);
  }

  typeOf(node: Expression | Identifier): Type {
    const type = this.checked.types.get(node);
    if (type !== undefined) return type;
    const symbol = node.kind === "Identifier" ? this.checked.symbols.get(node) : undefined;
    if (symbol !== undefined && "type" in symbol) return symbol.type;
    return { kind: "error" };
  }

  symbolOf(identifier: Identifier): Symbol {
    const symbol = this.checked.symbols.get(identifier);
    if (symbol === undefined) throw new LoweringError(`\`${identifier.name}\` has not been resolved.`, identifier.span);
    return symbol;
  }

  /** `sample@8:3`, or the variable's name. */
  site(kind: SiteIr["kind"], span: Span, name?: string): SiteIr {
    const { line, column } = locate(this.starts, span.start);
    return { kind, span, name: name ?? `${kind}@${line}:${column}` };
  }
}

/** One activation: a function, model, lambda or module-level expression being lowered. */
export class Scope {
  private out: Statement[] = [];
  private readonly bindings = new Map<Identifier, Expr>();
  /** What is done after the draws of this activation. */
  handlers: readonly OnStatement[] = [];

  constructor(
    readonly module: ModuleScope,
    private readonly outer: Scope | null = null,
  ) {}

  emit(statement: Statement): void {
    // What stands after a return is never run.
    if (!leaves(this.out)) this.out.push(statement);
  }

  /** The statements that `f` emits, apart. */
  buffered(f: () => void): Statement[] {
    const saved = this.out;
    const buffer: Statement[] = [];
    this.out = buffer;
    try {
      f();
    } finally {
      this.out = saved;
    }
    return buffer;
  }

  append(statements: readonly Statement[]): void {
    for (const statement of statements) this.emit(statement);
  }

  get unreachable(): boolean {
    return leaves(this.out);
  }

  /** A new variable for what `identifier` declares. */
  declare(identifier: Identifier, mutable: boolean, type: Type = this.module.typeOf(identifier)): Variable {
    const variable: Variable = { name: identifier.name, type, mutable };
    this.alias(identifier, { kind: "variable", variable, type, span: identifier.span });
    return variable;
  }

  /** `identifier` stands for `value`, which evaluates to the same whenever it is used. */
  alias(identifier: Identifier, value: Expr): void {
    this.bindings.set(identifier, value);
  }

  /**
   * What a declaration's name stands for here. A `var` of an enclosing function is copied where the closure is made, so
   * that closures see values, not places.
   */
  lookup(declaration: Identifier): Expr | undefined {
    const own = this.bindings.get(declaration);
    if (own !== undefined) return own;
    const outside = this.outer?.lookup(declaration);
    if (outside === undefined || outside.kind !== "variable" || !outside.variable.mutable) return outside;
    const copy: Variable = { ...outside.variable, mutable: false };
    this.outer!.emit({ kind: "let", variable: copy, value: outside, span: outside.span });
    const inside: Expr = { ...outside, variable: copy };
    this.bindings.set(declaration, inside);
    return inside;
  }

  temporary(name: string, type: Type): Variable {
    return { name, type, mutable: false };
  }

  /** Evaluates `value` here and now, and stands for it afterwards. */
  hold(value: Expr, name: string): Expr {
    if (isStable(value)) return value;
    const variable = this.temporary(name, value.type);
    this.emit({ kind: "let", variable, value, span: value.span });
    return { kind: "variable", variable, type: value.type, span: value.span };
  }
}

/** Evaluates to the same value at any time, at no cost and without failing. */
export function isStable(expr: Expr): boolean {
  switch (expr.kind) {
    case "literal":
    case "eos":
    case "global":
    case "builtin-value":
      return true;
    case "variable":
      return !expr.variable.mutable;
    case "field":
      return expr.object.type.kind === "record" && isStable(expr.object);
    case "element":
      return expr.object.type.kind === "tuple" && isStable(expr.object);
    default:
      return false;
  }
}

export const unit = (span: Span): Expr => ({ kind: "literal", value: undefined, type: { kind: "unit" }, span });
export const boolean = (value: boolean, span: Span): Expr => ({ kind: "literal", value, type: { kind: "bool" }, span });

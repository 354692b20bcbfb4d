import type * as ast from "@pgl/grammar";
import type { Symbol } from "../checked.js";
import type { Code } from "../diagnostics/catalogue.js";
import type { Reporter } from "../diagnostics/reporter.js";
import type { BodySummary } from "../effects/summary.js";
import type { Binding, FunctionNode, Local, Resolution, Unit } from "../resolve/bindings.js";
import type { Suggester } from "../resolve/suggest.js";
import type { DistributionDomain, Effect, ParameterType, Type } from "../types.js";

/** What is known at a point of the program beyond the declared types. Immutable: branches start from the same one. */
export interface Flow {
  readonly reachable: boolean;
  /** Narrowed types by access path (`pathOf`). */
  readonly narrowed: ReadonlyMap<string, Type>;
}

/** The function, constant or query whose code is being checked. */
export interface Context {
  readonly kind: "fn" | "model" | "proposal" | "twist" | "lambda" | "const" | "default" | "query" | "option";
  /** For messages: `fn f`, `the arguments of a query`. */
  readonly name: string;
  readonly node: FunctionNode | null;
  readonly outer: Context | null;
  effect: Effect;
  /** The written result type, or what a lambda's place wants. */
  readonly result: Type | undefined;
  /** Whether `result` is an obligation, not a hint. */
  readonly declared: boolean;
  /** The join of what has been returned. */
  returned: Type | undefined;
  /** Loops around the current statement, innermost last. */
  readonly loops: { broken: boolean }[];
}

export interface CallTarget {
  readonly name: string;
  readonly parameters: readonly ParameterType[];
  readonly result: Type;
}

/** The table a module's check fills, and the operations its parts use of each other. */
export interface Checking {
  readonly file: string;
  readonly reporter: Reporter;
  readonly suggester: Suggester;
  readonly resolution: Resolution;
  readonly types: Map<ast.Expression | ast.Identifier, Type>;
  readonly typeNodes: Map<ast.TypeNode, Type>;
  readonly effects: Map<FunctionNode, Effect>;
  readonly calls: Map<ast.CallExpression | ast.InferExpression, readonly (ast.Expression | undefined)[]>;
  readonly methodCalls: Map<ast.CallExpression, string>;
  readonly localTypes: Map<Local, Type>;
  /** What the program's functions draw and weigh, by declaration, in every module so far. */
  readonly summaries: Map<ast.Declaration, BodySummary>;
  /** The model each proposal and each twist is for. */
  readonly targets: Map<ast.ProposalDeclaration | ast.TwistDeclaration, ast.ModelDeclaration>;
  /** Checks that need to know what every function draws; run once, after all. By node: code may be gone through twice. */
  readonly deferred: Map<object, () => void>;
  /** Variables whose type is written. */
  readonly annotated: Set<Local>;
  /** Of the declaration being checked. */
  summary: BodySummary;
  flow: Flow;
  context: Context;
  /**
   * How often lambdas may still be gone through again because their accumulator turned out wider. Nested ones multiply:
   * when it is used up, types stay as they are, which is at worst too narrow inside the lambda.
   */
  retries: number;
  /** Set when something learnt calls for checking the declaration again: a `var` that is wider, an effect that is larger. */
  dirty: boolean;

  report(code: Code, at: { readonly span: ast.Span }, message: string, extra?: Parameters<Reporter["report"]>[3]): void;
  binding(identifier: ast.Identifier): Binding;
  unitType(unit: Unit, at: ast.Identifier): Type;
  unitEffect(unit: Unit): Effect;
  /** The type of an expression; `hint` is what its place would like, and decides nothing but how literals are read. */
  infer(expression: ast.Expression, hint?: Type): Type;
  /** Infers, and reports when the value may not stand where `expected` is wanted. */
  check(expression: ast.Expression, expected: Type, code?: Code, what?: string): Type;
  /** An expression for its effect. */
  discard(expression: ast.Expression): void;
  /** A block whose value is wanted. */
  blockValue(block: ast.Block, hint?: Type): Type;
  /** A block for its effect. */
  blockEffect(block: ast.Block): void;
  typeNode(node: ast.TypeNode): Type;
  localFunction(declaration: ast.FunctionDeclaration): void;
  /** Notes that the code being checked draws, weighs or waits; reports where that is not allowed. */
  perform(effect: Effect, at: { readonly span: ast.Span }, what: string): void;
  /** Runs `body` in a context of its own. */
  within<T>(context: Omit<Context, "outer" | "effect" | "returned" | "loops">, body: (context: Context) => T): T;
  declareLocal(identifier: ast.Identifier, type: Type): void;
  /** Takes note that a `var` without a written type is also given values of this type; false when that cannot be. */
  widen(local: Local, type: Type): boolean;
}

/** The symbol an imported name stands for, else the binding. */
export const importedSymbol = (binding: Binding): Symbol | undefined =>
  binding.kind === "imported" ? binding.symbol : undefined;

export const domainOf = (type: Type): DistributionDomain =>
  type.kind === "dist" ? type.domain : type.kind === "posterior" ? "finite" : "unknown";

/** The element of a distribution or posterior type. */
export const elementOf = (type: Type): Type | undefined =>
  type.kind === "dist" || type.kind === "posterior" ? type.element : undefined;

import type { Span } from "@pgl/grammar";
import type { Expr, LmExpr } from "./expression.js";
import type { Global, MethodIr, SiteIr, Variable } from "./program.js";

interface Base {
  readonly span: Span;
}

export type Statement = PlainStatement | ControlStatement | Suspension;

/** Computes, without control flow. */
export type PlainStatement = LetStatement | DeclareStatement | AssignStatement | ExpressionStatement;
export type ControlStatement =
  | IfStatement
  | ForRangeStatement
  | ForEachStatement
  | WhileStatement
  | BreakStatement
  | ContinueStatement
  | ReturnStatement;

export interface LetStatement extends Base {
  readonly kind: "let";
  readonly variable: Variable;
  readonly value: Expr;
}
/** Declares a variable that the branches after it assign. */
export interface DeclareStatement extends Base {
  readonly kind: "declare";
  readonly variable: Variable;
}
export interface AssignStatement extends Base {
  readonly kind: "assign";
  readonly variable: Variable;
  readonly value: Expr;
}
/** Evaluates and forgets the value: a host call, or something that may fail. */
export interface ExpressionStatement extends Base {
  readonly kind: "expression";
  readonly value: Expr;
}
export interface IfStatement extends Base {
  readonly kind: "if";
  readonly test: Expr;
  readonly then: readonly Statement[];
  readonly otherwise: readonly Statement[];
}
/** `for variable in from..to`: bounds are evaluated once. */
export interface ForRangeStatement extends Base {
  readonly kind: "for-range";
  readonly variable: Variable;
  readonly from: Expr;
  readonly to: Expr;
  readonly body: readonly Statement[];
}
/** Over a list, evaluated once. */
export interface ForEachStatement extends Base {
  readonly kind: "for-each";
  readonly variable: Variable;
  readonly iterable: Expr;
  readonly body: readonly Statement[];
}
export interface WhileStatement extends Base {
  readonly kind: "while";
  readonly test: Expr;
  readonly body: readonly Statement[];
}
export interface BreakStatement extends Base {
  readonly kind: "break";
}
export interface ContinueStatement extends Base {
  readonly kind: "continue";
}
export interface ReturnStatement extends Base {
  readonly kind: "return";
  readonly value: Expr;
}

/** Where a suspension's answer goes. */
export interface Target {
  readonly variable: Variable;
  /** The answer declares the variable; otherwise it is assigned. */
  readonly declares: boolean;
}

/** What only the machine can do. The program goes on with the answer. */
export type Suspension =
  | DrawStatement
  | ObserveStatement
  | ConditionStatement
  | FactorStatement
  | TwistStatement
  | StepStatement
  | EnterStatement
  | ApplyStatement
  | AskStatement
  | InferStatement;

interface SuspensionBase extends Base {
  readonly site: SiteIr;
}
export interface DrawStatement extends SuspensionBase {
  readonly kind: "draw";
  readonly target: Target | null;
  readonly distribution: Expr;
  readonly proposal: Expr | undefined;
}
export interface ObserveStatement extends SuspensionBase {
  readonly kind: "observe";
  readonly value: Expr;
  readonly distribution: Expr;
}
/** Also `observe s matches C`, whose site says `observe`. */
export interface ConditionStatement extends SuspensionBase {
  readonly kind: "condition";
  readonly test: Expr;
}
export interface FactorStatement extends SuspensionBase {
  readonly kind: "factor";
  readonly weight: Expr;
  /** What a draw that has foreseen the weight has put on the execution's twist, in nats: it is taken away with it. */
  readonly settles?: Expr;
}
export interface TwistStatement extends SuspensionBase {
  readonly kind: "twist";
  readonly weight: Expr;
}
export interface StepStatement extends SuspensionBase {
  readonly kind: "step";
}
/** A call of a model, function or function value that may suspend. */
export interface EnterStatement extends SuspensionBase {
  readonly kind: "enter";
  readonly target: Target | null;
  readonly callee: Expr;
  readonly arguments: readonly (Expr | undefined)[];
}
/** A higher-order built-in whose function may suspend, or one that scores under a process (`log_prob`). */
export interface ApplyStatement extends SuspensionBase {
  readonly kind: "apply";
  readonly target: Target | null;
  readonly name: string;
  readonly arguments: readonly (Expr | undefined)[];
}
/** Something answered from outside: a language model's service, or a host function that returns a promise. */
export interface AskStatement extends SuspensionBase {
  readonly kind: "ask";
  readonly target: Target | null;
  readonly request:
    | { readonly kind: "lm"; readonly call: LmExpr }
    | {
        readonly kind: "host";
        readonly callee: Expr;
        readonly name: string;
        readonly arguments: readonly (Expr | undefined)[];
      };
}
export interface InferStatement extends SuspensionBase {
  readonly kind: "infer";
  readonly target: Target | null;
  readonly model: Global;
  readonly arguments: readonly (Expr | undefined)[];
  /** Undefined only until lowering has seen the whole program, and chosen. */
  readonly method: MethodIr | undefined;
}

const suspensions: ReadonlySet<Statement["kind"]> = new Set<Suspension["kind"]>([
  "draw",
  "observe",
  "condition",
  "factor",
  "twist",
  "step",
  "enter",
  "apply",
  "ask",
  "infer",
]);

export const isSuspension = (statement: Statement): statement is Suspension => suspensions.has(statement.kind);

/** The variable a suspension's answer goes to. */
export function targetOf(statement: Suspension): Target | null {
  return "target" in statement ? statement.target : null;
}

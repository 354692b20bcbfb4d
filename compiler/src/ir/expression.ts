import type { BinaryOperator, Span } from "@pgl/grammar";
import type { Type } from "../types.js";
import type { Global, ParameterIr, SiteIr, Variable } from "./program.js";
import type { Statement } from "./statement.js";

interface Base {
  readonly type: Type;
  readonly span: Span;
}

/** Pure: evaluating it computes a value or fails. It never draws, weighs or waits. */
export type Expr =
  | LiteralExpr
  | EosExpr
  | VariableExpr
  | GlobalExpr
  | ListExpr
  | TupleExpr
  | RecordExpr
  | MapExpr
  | TemplateExpr
  | UnaryExpr
  | BinaryExpr
  | ConditionalExpr
  | BuiltinExpr
  | BuiltinValueExpr
  | DistributionExpr
  | LmExpr
  | CallExpr
  | FieldExpr
  | ElementExpr
  | LambdaExpr
  | MatchesExpr
  | ShapeExpr
  | RestrictExpr
  | GuidedExpr
  | ForeseenExpr
  | RunningTwistExpr
  | ForeseenTwistExpr
  | ConstraintValueExpr;

/** `null` is `none`, `undefined` is the unit value. */
export interface LiteralExpr extends Base {
  readonly kind: "literal";
  readonly value: number | string | boolean | null | undefined;
}
export interface EosExpr extends Base {
  readonly kind: "eos";
}
/** `type` may be narrower than the variable's where a test has shown more. */
export interface VariableExpr extends Base {
  readonly kind: "variable";
  readonly variable: Variable;
}
export interface GlobalExpr extends Base {
  readonly kind: "global";
  readonly global: Global;
}
export interface ListExpr extends Base {
  readonly kind: "list";
  readonly elements: readonly Expr[];
}
export interface TupleExpr extends Base {
  readonly kind: "tuple";
  readonly elements: readonly Expr[];
}
export interface RecordExpr extends Base {
  readonly kind: "record";
  readonly fields: readonly (
    | { readonly kind: "field"; readonly name: string; readonly value: Expr }
    | { readonly kind: "spread"; readonly value: Expr }
  )[];
}
export interface MapExpr extends Base {
  readonly kind: "map";
  readonly entries: readonly { readonly key: Expr; readonly value: Expr }[];
}
/** `texts.length === expressions.length + 1`. */
export interface TemplateExpr extends Base {
  readonly kind: "template";
  readonly texts: readonly string[];
  readonly expressions: readonly Expr[];
}
export interface UnaryExpr extends Base {
  readonly kind: "unary";
  readonly operator: "-" | "!";
  readonly operand: Expr;
}
/** `&&`, `||` and `??` evaluate their right side only when its value matters. */
export interface BinaryExpr extends Base {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
}
export interface ConditionalExpr extends Base {
  readonly kind: "conditional";
  readonly test: Expr;
  readonly then: Expr;
  readonly otherwise: Expr;
}
/** A call of a built-in that does not suspend. Arguments in parameter order; missing at the end or `undefined` within. */
export interface BuiltinExpr extends Base {
  readonly kind: "builtin";
  readonly name: string;
  readonly arguments: readonly (Expr | undefined)[];
}
/** A built-in function as a value: `map(xs, len)`; also the constants `pi`, `e`, `inf`. */
export interface BuiltinValueExpr extends Base {
  readonly kind: "builtin-value";
  readonly name: string;
}
/** `beta(5, 1)`: makes a distribution, draws nothing. */
export interface DistributionExpr extends Base {
  readonly kind: "distribution";
  readonly name: string;
  readonly arguments: readonly (Expr | undefined)[];
}
/** A method of a language model. `text`, `next`, `choose` and `context` are pure; others are only operands of `ask`. */
export interface LmExpr extends Base {
  readonly kind: "lm";
  readonly model: Expr;
  readonly method: string;
  readonly positional: readonly Expr[];
  readonly named: readonly { readonly name: string; readonly value: Expr }[];
}
/** A call of a function that does not suspend: the program's own, a function value, or (`host`) TypeScript. */
export interface CallExpr extends Base {
  readonly kind: "call";
  readonly callee: Expr;
  readonly arguments: readonly (Expr | undefined)[];
  /** It may do more than compute: it is neither repeated, left out, nor moved. */
  readonly host: boolean;
}
export interface FieldExpr extends Base {
  readonly kind: "field";
  readonly object: Expr;
  readonly name: string;
}
/** A tuple's component. */
export interface ElementExpr extends Base {
  readonly kind: "element";
  readonly object: Expr;
  readonly index: number;
}
/**
 * A function value. Captured variables are immutable: a `var` is copied where the closure is made. `self` is the variable
 * the function is bound to, when its body uses that.
 */
export interface LambdaExpr extends Base {
  readonly kind: "lambda";
  readonly name: string | undefined;
  readonly parameters: readonly ParameterIr[];
  readonly result: Type;
  readonly body: readonly Statement[];
  readonly suspends: boolean;
  readonly self: Variable | undefined;
}
export interface MatchesExpr extends Base {
  readonly kind: "matches";
  readonly value: Expr;
  readonly constraint: ConstraintExpr;
}
/** Is the value a record, or a tuple of so many? Asked where a pattern meets a union. */
export interface ShapeExpr extends Base {
  readonly kind: "shape";
  readonly value: Expr;
  readonly shape: "record" | "tuple";
  readonly length: number;
}
/**
 * `distribution` given `predicate` and the log of the predicate's mass, or `none` where the support cannot be listed
 * (see the runtime's `restrict`). Made by the pass `restricted-draw`.
 */
export interface RestrictExpr extends Base {
  readonly kind: "restrict";
  readonly distribution: Expr;
  readonly predicate: LambdaExpr;
}

/**
 * A distribution of texts conditioned on a constraint, which `site` would have observed of the text drawn. Made by the pass
 * `guided-draws`.
 */
export interface GuidedExpr extends Base {
  readonly kind: "guided";
  readonly distribution: Expr;
  readonly constraint: ConstraintExpr;
  readonly site: SiteIr;
}

/**
 * A distribution of texts whose draws may look ahead to a weight that comes after them: it depends on the text through which
 * of some constraints the text meets. It changes nothing but how the texts are drawn. Made by the pass `foreseen-weights`.
 */
export interface ForeseenExpr extends Base {
  readonly kind: "foreseen";
  readonly distribution: Expr;
  readonly features: readonly Expr[];
  /** Which features hold, as log of the weight. */
  readonly logWeight: LambdaExpr;
  /** Whether a text that is said to have the weight zero has none. */
  readonly exact: boolean;
}

/** The execution's twist as it stands, in nats. Made by the pass `foreseen-weights`, in functions that suspend. */
export interface RunningTwistExpr extends Base {
  readonly kind: "running-twist";
}

/** What a draw at `site` has put on the execution's twist for the weight that it foresees, in nats; it stood at `before`. */
export interface ForeseenTwistExpr extends Base {
  readonly kind: "foreseen-twist";
  readonly before: Expr;
  readonly site: SiteIr;
}

/** A constraint by itself: an argument, or what a constant holds that `matches` tests refer to. */
export interface ConstraintValueExpr extends Base {
  readonly kind: "constraint";
  readonly constraint: ConstraintExpr;
}

/** What stands after `matches`. */
export type ConstraintExpr =
  /** Made once, when the module is loaded; `needsRun` when testing it needs the run's services. */
  | { readonly kind: "constant"; readonly global: Global; readonly needsRun: boolean; readonly span: Span }
  | { readonly kind: "regex"; readonly source: string; readonly flags: string; readonly span: Span }
  | { readonly kind: "text"; readonly value: Expr; readonly span: Span }
  | { readonly kind: "call"; readonly name: string; readonly arguments: readonly Expr[]; readonly span: Span }
  | { readonly kind: "not"; readonly operand: ConstraintExpr; readonly span: Span }
  | { readonly kind: "and" | "or"; readonly operands: readonly ConstraintExpr[]; readonly span: Span };

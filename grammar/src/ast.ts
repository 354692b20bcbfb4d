/**
 * The syntax tree of PGL. Plain data: every node has a `kind` and a `span`, nothing has methods, and nothing here knows
 * about names or types. The compiler keeps what it learns in side tables keyed by node identity.
 */

/** A half-open range `[start, end)` of UTF-16 offsets in the source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

interface Node {
  readonly span: Span;
}

export interface Identifier extends Node {
  readonly kind: "Identifier";
  readonly name: string;
}

/** A whole file, in source order. */
export interface Module extends Node {
  readonly kind: "Module";
  readonly declarations: readonly Declaration[];
}

// ---------------------------------------------------------------------------------------------------- declarations

export type Declaration =
  | ImportDeclaration
  | LmDeclaration
  | ConstDeclaration
  | TypeDeclaration
  | FunctionDeclaration
  | ModelDeclaration
  | ProposalDeclaration
  | TwistDeclaration
  | TwistFileDeclaration
  | QueryDeclaration;

interface Documented {
  /** The text of the `///` lines above the declaration, joined with newlines; `undefined` when there are none. */
  readonly doc?: string;
  readonly exported: boolean;
}

/** `import { a, b as c } from "./file.ts"` or `from "./file.pgl"`. */
export interface ImportDeclaration extends Node {
  readonly kind: "ImportDeclaration";
  readonly specifiers: readonly ImportSpecifier[];
  readonly source: StringLiteral;
}
export interface ImportSpecifier extends Node {
  readonly kind: "ImportSpecifier";
  readonly imported: Identifier;
  /** The name it has here; the same node as `imported` when there is no `as`. */
  readonly local: Identifier;
}

/** `lm writer = "stories"`, `lm writer = "onnx:./my-model", surrogate: "my-surrogate.json"`. */
export interface LmDeclaration extends Node, Documented {
  readonly kind: "LmDeclaration";
  readonly name: Identifier;
  readonly spec: StringLiteral;
  readonly options: readonly LmOption[];
}
export interface LmOption extends Node {
  readonly kind: "LmOption";
  readonly name: Identifier;
  readonly value: StringLiteral;
}

/** `const x: int = 3`. The value is deterministic. */
export interface ConstDeclaration extends Node, Documented {
  readonly kind: "ConstDeclaration";
  readonly name: Identifier;
  readonly type?: TypeNode;
  readonly value: Expression;
}

/** `type Point = { x: float, y: float }`. */
export interface TypeDeclaration extends Node, Documented {
  readonly kind: "TypeDeclaration";
  readonly name: Identifier;
  readonly type: TypeNode;
}

export interface Parameter extends Node {
  readonly kind: "Parameter";
  readonly name: Identifier;
  /** Required on `model` and `fn`; may be left out in lambdas. */
  readonly type?: TypeNode;
  /** `n: int = 3`. */
  readonly defaultValue?: Expression;
}

/** `fn f(x: int): int { ... }` (deterministic) and `fn f(x: int): int = x + 1`. */
export interface FunctionDeclaration extends Node, Documented {
  readonly kind: "FunctionDeclaration";
  readonly name: Identifier;
  readonly parameters: readonly Parameter[];
  readonly result?: TypeNode;
  readonly body: Block;
}

/** `model m(x: int): string { ... }` (generative). */
export interface ModelDeclaration extends Node, Documented {
  readonly kind: "ModelDeclaration";
  readonly name: Identifier;
  readonly parameters: readonly Parameter[];
  readonly result?: TypeNode;
  readonly body: Block;
}

/**
 * `twist t(x: int) for m { var n = 0  on y { twist … } }`: a twist written apart from its model. The body declares variables,
 * and says by `on` what is done after a draw of the model. Parameters are those of `m`.
 */
export interface TwistDeclaration extends Node, Documented {
  readonly kind: "TwistDeclaration";
  readonly name: Identifier;
  readonly parameters: readonly Parameter[];
  readonly target: Identifier;
  readonly body: Block;
}

/** `twist ahead = "twists/infill.json"`: a twist that was learned, in its file. */
export interface TwistFileDeclaration extends Node, Documented {
  readonly kind: "TwistFileDeclaration";
  readonly name: Identifier;
  readonly file: StringLiteral;
}

/**
 * `proposal guide(x: int) for m { ... }`: a whole-trace proposal. Each `let y ~ Q` in its body proposes for the site of
 * the same name in `m`. Parameters are those of `m`.
 */
export interface ProposalDeclaration extends Node, Documented {
  readonly kind: "ProposalDeclaration";
  readonly name: Identifier;
  readonly parameters: readonly Parameter[];
  readonly target: Identifier;
  readonly body: Block;
}

/** `query m(args) using smc(particles: 64)`, `query name = m(args) using …`. */
export interface QueryDeclaration extends Node, Documented {
  readonly kind: "QueryDeclaration";
  readonly name?: Identifier;
  readonly infer: InferExpression;
}

// ------------------------------------------------------------------------------------------------------- statements

export interface Block extends Node {
  readonly kind: "Block";
  readonly statements: readonly Statement[];
  /**
   * The block's value where one is wanted: its last statement, when that is an expression (`if` and `match` too, with or
   * without `else`) not followed by `;`. Where no value is wanted it is run for its effect, as an `ExpressionStatement`.
   */
  readonly result?: Expression;
}

export type Statement =
  | LetStatement
  | DrawStatement
  | AssignStatement
  | ObserveStatement
  | ConditionStatement
  | FactorStatement
  | TwistStatement
  | OnStatement
  | StepStatement
  | ForStatement
  | WhileStatement
  | BreakStatement
  | ContinueStatement
  | ReturnStatement
  | FunctionDeclaration
  | ExpressionStatement;

/** `let p = e`, `var x: int = e`. */
export interface LetStatement extends Node {
  readonly kind: "LetStatement";
  readonly mutable: boolean;
  readonly pattern: BindingPattern;
  readonly type?: TypeNode;
  readonly value: Expression;
}

/** `let x ~ D`, `var x ~ D proposal Q`. */
export interface DrawStatement extends Node {
  readonly kind: "DrawStatement";
  readonly mutable: boolean;
  readonly pattern: BindingPattern;
  readonly type?: TypeNode;
  readonly distribution: Expression;
  readonly proposal?: Expression;
}

/** `x = e`, `x += e` (also `-=`, `*=`, `/=`). The target is a `var`. */
export interface AssignStatement extends Node {
  readonly kind: "AssignStatement";
  readonly target: Identifier;
  readonly operator: "=" | "+=" | "-=" | "*=" | "/=";
  readonly value: Expression;
}

/** `observe v ~ D` has `distribution`; `observe s matches C` has `constraint`. */
export interface ObserveStatement extends Node {
  readonly kind: "ObserveStatement";
  readonly value: Expression;
  readonly distribution?: Expression;
  readonly constraint?: ConstraintNode;
}
export interface ConditionStatement extends Node {
  readonly kind: "ConditionStatement";
  readonly test: Expression;
}
export interface FactorStatement extends Node {
  readonly kind: "FactorStatement";
  readonly weight: Expression;
}
export interface TwistStatement extends Node {
  readonly kind: "TwistStatement";
  readonly weight: Expression;
}

/** `on y { … }`: in the body of a `twist … for`, what is done after the draw `y`, which has its value there. */
export interface OnStatement extends Node {
  readonly kind: "OnStatement";
  readonly draw: Identifier;
  readonly body: Block;
}
/** `step`: a point where sequential inference may resample. */
export interface StepStatement extends Node {
  readonly kind: "StepStatement";
}
export interface ForStatement extends Node {
  readonly kind: "ForStatement";
  readonly pattern: BindingPattern;
  readonly iterable: Expression;
  readonly body: Block;
}
export interface WhileStatement extends Node {
  readonly kind: "WhileStatement";
  readonly test: Expression;
  readonly body: Block;
}
export interface BreakStatement extends Node {
  readonly kind: "BreakStatement";
}
export interface ContinueStatement extends Node {
  readonly kind: "ContinueStatement";
}
export interface ReturnStatement extends Node {
  readonly kind: "ReturnStatement";
  readonly value?: Expression;
}
/** An expression for its effect, or an `if`/`match` used as a statement. */
export interface ExpressionStatement extends Node {
  readonly kind: "ExpressionStatement";
  readonly expression: Expression;
}

/** What `let` and `for` bind: a name, `_`, a tuple `(a, b)` or a record `{ x, y: z }`. */
export type BindingPattern = Identifier | WildcardPattern | TuplePattern | RecordPattern;
export interface WildcardPattern extends Node {
  readonly kind: "WildcardPattern";
}
export interface TuplePattern extends Node {
  readonly kind: "TuplePattern";
  readonly elements: readonly BindingPattern[];
}
export interface RecordPattern extends Node {
  readonly kind: "RecordPattern";
  readonly fields: readonly { readonly name: Identifier; readonly pattern: BindingPattern; readonly span: Span }[];
}

// ------------------------------------------------------------------------------------------------------ expressions

export type Expression =
  | NumberLiteral
  | BooleanLiteral
  | StringLiteral
  | TemplateLiteral
  | NoneLiteral
  | EosLiteral
  | Identifier
  | ListExpression
  | TupleExpression
  | RecordExpression
  | MapExpression
  | UnaryExpression
  | BinaryExpression
  | RangeExpression
  | MatchesExpression
  | ConstraintExpression
  | CallExpression
  | MemberExpression
  | IndexExpression
  | LambdaExpression
  | IfExpression
  | MatchExpression
  | BlockExpression
  | SampleExpression
  | InferExpression
  | MissingExpression;

/**
 * Stands where an expression could not be read, so that what is around it is kept (`let x = ` still binds `x`). A syntax
 * error was reported for it: the checker gives it whatever type is wanted and says nothing more. Never in a tree that
 * came without errors.
 */
export interface MissingExpression extends Node {
  readonly kind: "MissingExpression";
}
export interface NumberLiteral extends Node {
  readonly kind: "NumberLiteral";
  readonly value: number;
  /** Written without point or exponent. */
  readonly integer: boolean;
  readonly raw: string;
}
export interface BooleanLiteral extends Node {
  readonly kind: "BooleanLiteral";
  readonly value: boolean;
}
/** A string with no `${…}`. `value` is the decoded text; `multiline` for `"""…"""` (common indentation removed). */
export interface StringLiteral extends Node {
  readonly kind: "StringLiteral";
  readonly value: string;
  readonly raw: string;
  readonly multiline: boolean;
}
/** `"One day, ${hero} smiled"`: `texts.length === expressions.length + 1`. */
export interface TemplateLiteral extends Node {
  readonly kind: "TemplateLiteral";
  readonly texts: readonly string[];
  readonly rawTexts: readonly string[];
  readonly expressions: readonly Expression[];
  readonly multiline: boolean;
}
/** `none`, the missing value of an optional type `T?`. */
export interface NoneLiteral extends Node {
  readonly kind: "NoneLiteral";
}
/** `eos`, the end-of-sequence token of whatever model it is compared with. */
export interface EosLiteral extends Node {
  readonly kind: "EosLiteral";
}
export interface ListExpression extends Node {
  readonly kind: "ListExpression";
  readonly elements: readonly Expression[];
}
/** `(a, b)`; at least two elements. */
export interface TupleExpression extends Node {
  readonly kind: "TupleExpression";
  readonly elements: readonly Expression[];
}
/** `{ x: 1, y, ...r }`. A shorthand field has an `Identifier` value with the field's own span. */
export interface RecordExpression extends Node {
  readonly kind: "RecordExpression";
  readonly fields: readonly RecordField[];
}
export type RecordField =
  | {
      readonly kind: "Field";
      readonly name: Identifier;
      readonly value: Expression;
      readonly shorthand: boolean;
      readonly span: Span;
    }
  | { readonly kind: "Spread"; readonly value: Expression; readonly span: Span };
/** `map { "a": 1, key: 2 }`: keys are expressions. */
export interface MapExpression extends Node {
  readonly kind: "MapExpression";
  readonly entries: readonly { readonly key: Expression; readonly value: Expression; readonly span: Span }[];
}
export interface UnaryExpression extends Node {
  readonly kind: "UnaryExpression";
  readonly operator: "-" | "!";
  readonly operand: Expression;
}
export type BinaryOperator =
  "+" | "-" | "*" | "/" | "//" | "%" | "^" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "&&" | "||" | "??" | "in";
export interface BinaryExpression extends Node {
  readonly kind: "BinaryExpression";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}
/** `0..n`: the integers from `start` up to, not including, `end`. */
export interface RangeExpression extends Node {
  readonly kind: "RangeExpression";
  readonly start: Expression;
  readonly end: Expression;
}
/** `s matches C` as a boolean expression. */
export interface MatchesExpression extends Node {
  readonly kind: "MatchesExpression";
  readonly value: Expression;
  readonly constraint: ConstraintNode;
}
/** A constraint as an argument: `lm.text(matching: …)`, `d.masked(…)`, and of constraints made of others. */
export interface ConstraintExpression extends Node {
  readonly kind: "ConstraintExpression";
  readonly constraint: ConstraintNode;
}
export interface CallExpression extends Node {
  readonly kind: "CallExpression";
  readonly callee: Expression;
  readonly arguments: readonly Argument[];
}
/** Positional when `name` is missing. Positional arguments come first. */
export interface Argument extends Node {
  readonly kind: "Argument";
  readonly name?: Identifier;
  readonly value: Expression;
}
/** `a.b`; also a tuple's `.0`, `.1` (then `property.name` is the digits). */
export interface MemberExpression extends Node {
  readonly kind: "MemberExpression";
  readonly object: Expression;
  readonly property: Identifier;
}
export interface IndexExpression extends Node {
  readonly kind: "IndexExpression";
  readonly object: Expression;
  readonly index: Expression;
}
/** `x => e`, `(x, y: int) => { … }`. */
export interface LambdaExpression extends Node {
  readonly kind: "LambdaExpression";
  readonly parameters: readonly Parameter[];
  /** An expression body is a Block with only a result whose span is the expression's. */
  readonly body: Block;
}
export interface IfExpression extends Node {
  readonly kind: "IfExpression";
  readonly test: Expression;
  readonly then: Block;
  readonly else?: Block | IfExpression;
}
/** `match e { "a" | "b" => 1, n if n > 3 => 2, _ => 3 }`. */
export interface MatchExpression extends Node {
  readonly kind: "MatchExpression";
  readonly subject: Expression;
  readonly arms: readonly MatchArm[];
}
export interface MatchArm extends Node {
  readonly kind: "MatchArm";
  readonly pattern: MatchPattern;
  readonly guard?: Expression;
  readonly body: Block;
}
export type MatchPattern =
  | {
      readonly kind: "LiteralPattern";
      readonly value: NumberLiteral | BooleanLiteral | StringLiteral | NoneLiteral | EosLiteral;
      readonly span: Span;
    }
  | { readonly kind: "OrPattern"; readonly alternatives: readonly MatchPattern[]; readonly span: Span }
  | { readonly kind: "NamePattern"; readonly name: Identifier; readonly span: Span }
  | WildcardPattern
  | { readonly kind: "TupleMatchPattern"; readonly elements: readonly MatchPattern[]; readonly span: Span }
  | {
      readonly kind: "RecordMatchPattern";
      readonly fields: readonly { readonly name: Identifier; readonly pattern: MatchPattern; readonly span: Span }[];
      readonly span: Span;
    };
/** `{ … }` where an expression is wanted, as a lambda's or an arm's body elsewhere. */
export interface BlockExpression extends Node {
  readonly kind: "BlockExpression";
  readonly block: Block;
}
/** `sample D`, `sample D proposal Q`. */
export interface SampleExpression extends Node {
  readonly kind: "SampleExpression";
  readonly distribution: Expression;
  readonly proposal?: Expression;
}
/** `infer m(args) using method(…)`. Without `using`: the default method. */
export interface InferExpression extends Node {
  readonly kind: "InferExpression";
  readonly model: Identifier;
  readonly arguments: readonly Argument[];
  readonly method?: MethodNode;
}
/** `smc(particles: 64, proposal: guide)`. */
export interface MethodNode extends Node {
  readonly kind: "MethodNode";
  readonly name: Identifier;
  readonly arguments: readonly Argument[];
}

// ------------------------------------------------------------------------------------------------------ constraints

/** What stands after `matches`. `and` binds tighter than `or`; `not` tighter still; parentheses group. */
export type ConstraintNode =
  RegexConstraint | ConstraintCall | ValueConstraint | NotConstraint | AndConstraint | OrConstraint;
/** `/source/flags`. The whole text must match. */
export interface RegexConstraint extends Node {
  readonly kind: "RegexConstraint";
  /** As written, `${…}` and all. */
  readonly source: string;
  readonly flags: string;
  /** What stands in `${…}`, in order: names, and fields of names. None when left away. */
  readonly values?: readonly (Identifier | MemberExpression)[];
}
/**
 * `contains("x")`, `starts_with("x")`, `ends_with("x")`, `chars(1..20)`, `words(1..5)`, `tokens(..)`, … Of `sequence(C, D)` and
 * `repeated(C, 1..3, D)` the arguments that are constraints are `ConstraintExpression`s.
 */
export interface ConstraintCall extends Node {
  readonly kind: "ConstraintCall";
  readonly name: Identifier;
  readonly arguments: readonly Argument[];
}
/**
 * A string, a list of strings, or any expression of those types. A call of a plain name, `f(x)`, is a `ConstraintCall`,
 * whatever `f` is.
 */
export interface ValueConstraint extends Node {
  readonly kind: "ValueConstraint";
  readonly value: Expression;
}
export interface NotConstraint extends Node {
  readonly kind: "NotConstraint";
  readonly operand: ConstraintNode;
}
export interface AndConstraint extends Node {
  readonly kind: "AndConstraint";
  readonly operands: readonly ConstraintNode[];
}
export interface OrConstraint extends Node {
  readonly kind: "OrConstraint";
  readonly operands: readonly ConstraintNode[];
}

// ------------------------------------------------------------------------------------------------------------- types

export type TypeNode = NamedType | RecordType | TupleType | FunctionType | UnionType | OptionalType | StringLiteralType;
/** `int`, `list<bool>`, `dist<T>`, `map<string, int>`, a declared name. */
export interface NamedType extends Node {
  readonly kind: "NamedType";
  readonly name: Identifier;
  readonly arguments: readonly TypeNode[];
}
export interface RecordType extends Node {
  readonly kind: "RecordType";
  readonly fields: readonly {
    readonly name: Identifier;
    readonly type: TypeNode;
    readonly optional: boolean;
    readonly span: Span;
  }[];
}
/** `(int, string)`. */
export interface TupleType extends Node {
  readonly kind: "TupleType";
  readonly elements: readonly TypeNode[];
}
/** `(int, int) -> bool` is deterministic; `(int) ~> bool` may sample. */
export interface FunctionType extends Node {
  readonly kind: "FunctionType";
  readonly parameters: readonly TypeNode[];
  readonly result: TypeNode;
  readonly generative: boolean;
}
export interface UnionType extends Node {
  readonly kind: "UnionType";
  readonly members: readonly TypeNode[];
}
/** `T?`. */
export interface OptionalType extends Node {
  readonly kind: "OptionalType";
  readonly type: TypeNode;
}
export interface StringLiteralType extends Node {
  readonly kind: "StringLiteralType";
  readonly value: string;
}

import type * as ast from "@pgl/grammar";

/** Nodes without a place in a text. */
const span = { start: 0, end: 0 } as const;

export const identifier = (name: string): ast.Identifier => ({ kind: "Identifier", name, span });

export const integer = (value: number): ast.Expression =>
  value < 0
    ? { kind: "UnaryExpression", operator: "-", operand: integer(-value), span }
    : { kind: "NumberLiteral", value, integer: true, raw: String(value), span };

/** A float literal, always with its point. */
export function float(value: number): ast.Expression {
  if (value < 0) return { kind: "UnaryExpression", operator: "-", operand: float(-value), span };
  const raw = Number.isInteger(value) ? value.toFixed(1) : String(value);
  return { kind: "NumberLiteral", value, integer: false, raw, span };
}

export const boolean = (value: boolean): ast.BooleanLiteral => ({ kind: "BooleanLiteral", value, span });
export const string = (value: string): ast.StringLiteral => ({
  kind: "StringLiteral",
  value,
  raw: JSON.stringify(value),
  multiline: false,
  span,
});
export const none: ast.NoneLiteral = { kind: "NoneLiteral", span };
export const eosLiteral: ast.EosLiteral = { kind: "EosLiteral", span };

/** Texts around and between expressions, as `template(["n is ", ""], [n])`. */
export const template = (texts: readonly string[], expressions: readonly ast.Expression[]): ast.TemplateLiteral => ({
  kind: "TemplateLiteral",
  texts,
  rawTexts: texts,
  expressions,
  multiline: false,
  span,
});
export const list = (...elements: readonly ast.Expression[]): ast.ListExpression => ({
  kind: "ListExpression",
  elements,
  span,
});
export const tuple = (...elements: readonly ast.Expression[]): ast.TupleExpression => ({
  kind: "TupleExpression",
  elements,
  span,
});
export const record = (fields: Readonly<Record<string, ast.Expression>>): ast.RecordExpression => ({
  kind: "RecordExpression",
  fields: Object.entries(fields).map(([name, value]) => ({
    kind: "Field",
    name: identifier(name),
    value,
    shorthand: false,
    span,
  })),
  span,
});
export const map = (...entries: readonly (readonly [ast.Expression, ast.Expression])[]): ast.MapExpression => ({
  kind: "MapExpression",
  entries: entries.map(([key, value]) => ({ key, value, span })),
  span,
});
export const not = (operand: ast.Expression): ast.Expression => ({
  kind: "UnaryExpression",
  operator: "!",
  operand,
  span,
});
export const minus = (operand: ast.Expression): ast.Expression => ({
  kind: "UnaryExpression",
  operator: "-",
  operand,
  span,
});
export const binary = (
  left: ast.Expression,
  operator: ast.BinaryOperator,
  right: ast.Expression,
): ast.BinaryExpression => ({
  kind: "BinaryExpression",
  operator,
  left,
  right,
  span,
});
export const range = (start: ast.Expression, end: ast.Expression): ast.RangeExpression => ({
  kind: "RangeExpression",
  start,
  end,
  span,
});
export const argument = (value: ast.Expression, name?: string): ast.Argument => ({
  kind: "Argument",
  ...(name === undefined ? {} : { name: identifier(name) }),
  value,
  span,
});
const argumentsOf = (
  positional: readonly ast.Expression[],
  named: Readonly<Record<string, ast.Expression>> = {},
): ast.Argument[] => [
  ...positional.map((value) => argument(value)),
  ...Object.entries(named).map(([name, value]) => argument(value, name)),
];
export const call = (
  callee: ast.Expression | string,
  positional: readonly ast.Expression[] = [],
  named: Readonly<Record<string, ast.Expression>> = {},
): ast.CallExpression => ({
  kind: "CallExpression",
  callee: typeof callee === "string" ? identifier(callee) : callee,
  arguments: argumentsOf(positional, named),
  span,
});
export const member = (object: ast.Expression, property: string): ast.MemberExpression => ({
  kind: "MemberExpression",
  object,
  property: identifier(property),
  span,
});
/** `object.name(…)`. */
export const method = (
  object: ast.Expression,
  name: string,
  positional: readonly ast.Expression[] = [],
  named: Readonly<Record<string, ast.Expression>> = {},
): ast.CallExpression => call(member(object, name), positional, named);
export const index = (object: ast.Expression, at: ast.Expression): ast.IndexExpression => ({
  kind: "IndexExpression",
  object,
  index: at,
  span,
});
export const parameter = (name: string, type?: ast.TypeNode, defaultValue?: ast.Expression): ast.Parameter => ({
  kind: "Parameter",
  name: identifier(name),
  ...(type === undefined ? {} : { type }),
  ...(defaultValue === undefined ? {} : { defaultValue }),
  span,
});
export const lambda = (
  parameters: readonly ast.Parameter[],
  body: ast.Block | ast.Expression,
): ast.LambdaExpression => ({
  kind: "LambdaExpression",
  parameters,
  body: body.kind === "Block" ? body : block([], body),
  span,
});
/** An expression that ends a block is its result, whether or not one is wanted: so the parser reads it. */
export function block(statements: readonly ast.Statement[], result?: ast.Expression): ast.Block {
  const last = statements[statements.length - 1];
  if (result !== undefined) return { kind: "Block", statements, result, span };
  if (last?.kind !== "ExpressionStatement") return { kind: "Block", statements, span };
  return { kind: "Block", statements: statements.slice(0, -1), result: last.expression, span };
}
/** Everything in a block as statements, its result too. */
export const statementsOf = ({ statements, result }: ast.Block): readonly ast.Statement[] =>
  result === undefined ? statements : [...statements, { kind: "ExpressionStatement", expression: result, span }];
export const when = (
  test: ast.Expression,
  then: ast.Block | ast.Expression,
  otherwise?: ast.Block | ast.IfExpression | ast.Expression,
): ast.IfExpression => {
  const asBlock = (x: ast.Block | ast.Expression): ast.Block => (x.kind === "Block" ? x : block([], x));
  return {
    kind: "IfExpression",
    test,
    then: asBlock(then),
    ...(otherwise === undefined ? {} : { else: otherwise.kind === "IfExpression" ? otherwise : asBlock(otherwise) }),
    span,
  };
};
export const match = (subject: ast.Expression, ...arms: readonly ast.MatchArm[]): ast.MatchExpression => ({
  kind: "MatchExpression",
  subject,
  arms,
  span,
});
export const arm = (
  pattern: ast.MatchPattern,
  body: ast.Block | ast.Expression,
  guard?: ast.Expression,
): ast.MatchArm => ({
  kind: "MatchArm",
  pattern,
  ...(guard === undefined ? {} : { guard }),
  body: body.kind === "Block" ? body : block([], body),
  span,
});
export const wildcard: ast.WildcardPattern = { kind: "WildcardPattern", span };
export const literalPattern = (
  value: ast.NumberLiteral | ast.BooleanLiteral | ast.StringLiteral | ast.NoneLiteral | ast.EosLiteral,
): ast.MatchPattern => ({
  kind: "LiteralPattern",
  value,
  span,
});
export const namePattern = (name: string): ast.MatchPattern => ({ kind: "NamePattern", name: identifier(name), span });
export const orPattern = (...alternatives: readonly ast.MatchPattern[]): ast.MatchPattern => ({
  kind: "OrPattern",
  alternatives,
  span,
});
export const tuplePattern = (...elements: readonly ast.MatchPattern[]): ast.MatchPattern => ({
  kind: "TupleMatchPattern",
  elements,
  span,
});
export const recordMatch = (fields: Readonly<Record<string, ast.MatchPattern>>): ast.MatchPattern => ({
  kind: "RecordMatchPattern",
  fields: Object.entries(fields).map(([name, pattern]) => ({ name: identifier(name), pattern, span })),
  span,
});
/** A block where an expression is wanted. */
export const blockExpression = (b: ast.Block): ast.BlockExpression => ({ kind: "BlockExpression", block: b, span });
export const recordOf = (fields: readonly ast.RecordField[]): ast.RecordExpression => ({
  kind: "RecordExpression",
  fields,
  span,
});
/** `{ x, ... }`: fields that have the names of their values. */
export const shorthand = (...names: readonly string[]): readonly ast.RecordField[] =>
  names.map((name) => ({ kind: "Field", name: identifier(name), value: identifier(name), shorthand: true, span }));
export const sample = (distribution: ast.Expression, proposal?: ast.Expression): ast.SampleExpression => ({
  kind: "SampleExpression",
  distribution,
  ...(proposal === undefined ? {} : { proposal }),
  span,
});
export const usingMethod = (name: string, named: Readonly<Record<string, ast.Expression>> = {}): ast.MethodNode => ({
  kind: "MethodNode",
  name: identifier(name),
  arguments: argumentsOf([], named),
  span,
});
export const infer = (
  model: string,
  positional: readonly ast.Expression[],
  using = usingMethod("enumerate"),
): ast.InferExpression => ({
  kind: "InferExpression",
  model: identifier(model),
  arguments: argumentsOf(positional),
  method: using,
  span,
});
export const matches = (value: ast.Expression, constraint: ast.ConstraintNode): ast.MatchesExpression => ({
  kind: "MatchesExpression",
  value,
  constraint,
  span,
});

/** A constraint where an argument is one. */
export const constraintArgument = (constraint: ast.ConstraintNode): ast.ConstraintExpression => ({
  kind: "ConstraintExpression",
  constraint,
  span,
});

// ------------------------------------------------------------------------------------------------------- statements

export const pattern = {
  name: identifier,
  tuple: (...elements: readonly ast.BindingPattern[]): ast.BindingPattern => ({ kind: "TuplePattern", elements, span }),
  record: (fields: Readonly<Record<string, string>>): ast.BindingPattern => ({
    kind: "RecordPattern",
    fields: Object.entries(fields).map(([name, bound]) => ({
      name: identifier(name),
      pattern: identifier(bound),
      span,
    })),
    span,
  }),
};
const asPattern = (p: string | ast.BindingPattern): ast.BindingPattern => (typeof p === "string" ? identifier(p) : p);

export const letStatement = (
  name: string | ast.BindingPattern,
  value: ast.Expression,
  options: { readonly type?: ast.TypeNode; readonly mutable?: boolean } = {},
): ast.LetStatement => ({
  kind: "LetStatement",
  mutable: options.mutable ?? false,
  pattern: asPattern(name),
  ...(options.type === undefined ? {} : { type: options.type }),
  value,
  span,
});
export const draw = (
  name: string | ast.BindingPattern,
  distribution: ast.Expression,
  options: { readonly proposal?: ast.Expression; readonly mutable?: boolean } = {},
): ast.DrawStatement => ({
  kind: "DrawStatement",
  mutable: options.mutable ?? false,
  pattern: asPattern(name),
  distribution,
  ...(options.proposal === undefined ? {} : { proposal: options.proposal }),
  span,
});
export const assign = (
  name: string,
  value: ast.Expression,
  operator: ast.AssignStatement["operator"] = "=",
): ast.AssignStatement => ({
  kind: "AssignStatement",
  target: identifier(name),
  operator,
  value,
  span,
});
export const observe = (value: ast.Expression, distribution: ast.Expression): ast.ObserveStatement => ({
  kind: "ObserveStatement",
  value,
  distribution,
  span,
});
export const observeMatches = (value: ast.Expression, constraint: ast.ConstraintNode): ast.ObserveStatement => ({
  kind: "ObserveStatement",
  value,
  constraint,
  span,
});
export const condition = (test: ast.Expression): ast.ConditionStatement => ({ kind: "ConditionStatement", test, span });
export const factor = (weight: ast.Expression): ast.FactorStatement => ({ kind: "FactorStatement", weight, span });
export const twist = (weight: ast.Expression): ast.TwistStatement => ({ kind: "TwistStatement", weight, span });
export const step: ast.StepStatement = { kind: "StepStatement", span };
export const forIn = (
  name: string | ast.BindingPattern,
  iterable: ast.Expression,
  body: ast.Block,
): ast.ForStatement => ({
  kind: "ForStatement",
  pattern: asPattern(name),
  iterable,
  body,
  span,
});
export const whileDo = (test: ast.Expression, body: ast.Block): ast.WhileStatement => ({
  kind: "WhileStatement",
  test,
  body,
  span,
});
export const breakStatement: ast.BreakStatement = { kind: "BreakStatement", span };
export const continueStatement: ast.ContinueStatement = { kind: "ContinueStatement", span };
export const returnStatement = (value: ast.Expression): ast.ReturnStatement => ({
  kind: "ReturnStatement",
  value,
  span,
});
export const expressionStatement = (expression: ast.Expression): ast.ExpressionStatement => ({
  kind: "ExpressionStatement",
  expression,
  span,
});

// ------------------------------------------------------------------------------------------------------ constraints

export const constraint = {
  regex: (source: string, flags = ""): ast.ConstraintNode => ({ kind: "RegexConstraint", source, flags, span }),
  value: (value: ast.Expression): ast.ConstraintNode => ({ kind: "ValueConstraint", value, span }),
  call: (name: string, ...args: readonly ast.Expression[]): ast.ConstraintNode => ({
    kind: "ConstraintCall",
    name: identifier(name),
    arguments: argumentsOf(args),
    span,
  }),
  not: (operand: ast.ConstraintNode): ast.ConstraintNode => ({ kind: "NotConstraint", operand, span }),
  and: (...operands: readonly ast.ConstraintNode[]): ast.ConstraintNode => ({ kind: "AndConstraint", operands, span }),
  or: (...operands: readonly ast.ConstraintNode[]): ast.ConstraintNode => ({ kind: "OrConstraint", operands, span }),
};

// ------------------------------------------------------------------------------------------------------------ types

export const type = {
  named: (name: string, ...args: readonly ast.TypeNode[]): ast.TypeNode => ({
    kind: "NamedType",
    name: identifier(name),
    arguments: args,
    span,
  }),
  tuple: (...elements: readonly ast.TypeNode[]): ast.TypeNode => ({ kind: "TupleType", elements, span }),
  record: (fields: Readonly<Record<string, ast.TypeNode>>): ast.TypeNode => ({
    kind: "RecordType",
    fields: Object.entries(fields).map(([name, t]) => ({ name: identifier(name), type: t, optional: false, span })),
    span,
  }),
  optional: (t: ast.TypeNode): ast.TypeNode => ({ kind: "OptionalType", type: t, span }),
  union: (...members: readonly ast.TypeNode[]): ast.TypeNode => ({ kind: "UnionType", members, span }),
  literal: (value: string): ast.TypeNode => ({ kind: "StringLiteralType", value, span }),
  function: (parameters: readonly ast.TypeNode[], result: ast.TypeNode, generative = false): ast.TypeNode => ({
    kind: "FunctionType",
    parameters,
    result,
    generative,
    span,
  }),
};

// ----------------------------------------------------------------------------------------------------- declarations

export const fnDeclaration = (
  name: string,
  parameters: readonly ast.Parameter[],
  result: ast.TypeNode,
  body: ast.Block,
): ast.FunctionDeclaration => ({
  kind: "FunctionDeclaration",
  exported: false,
  name: identifier(name),
  parameters,
  result,
  body,
  span,
});
export const modelDeclaration = (
  name: string,
  parameters: readonly ast.Parameter[],
  result: ast.TypeNode,
  body: ast.Block,
): ast.ModelDeclaration => ({
  kind: "ModelDeclaration",
  exported: false,
  name: identifier(name),
  parameters,
  result,
  body,
  span,
});
export const proposalDeclaration = (
  name: string,
  parameters: readonly ast.Parameter[],
  target: string,
  body: ast.Block,
): ast.ProposalDeclaration => ({
  kind: "ProposalDeclaration",
  exported: false,
  name: identifier(name),
  parameters,
  target: identifier(target),
  body,
  span,
});
export const constDeclaration = (name: string, value: ast.Expression, t?: ast.TypeNode): ast.ConstDeclaration => ({
  kind: "ConstDeclaration",
  exported: false,
  name: identifier(name),
  ...(t === undefined ? {} : { type: t }),
  value,
  span,
});
export const typeDeclaration = (name: string, t: ast.TypeNode): ast.TypeDeclaration => ({
  kind: "TypeDeclaration",
  exported: false,
  name: identifier(name),
  type: t,
  span,
});
export const lmDeclaration = (name: string, spec: string): ast.LmDeclaration => ({
  kind: "LmDeclaration",
  options: [],
  exported: false,
  name: identifier(name),
  spec: string(spec),
  span,
});
export const queryDeclaration = (
  model: string,
  positional: readonly ast.Expression[],
  using?: ast.MethodNode,
): ast.QueryDeclaration => ({
  kind: "QueryDeclaration",
  exported: false,
  infer: infer(model, positional, using),
  span,
});
export const module = (declarations: readonly ast.Declaration[]): ast.Module => ({
  kind: "Module",
  declarations,
  span,
});

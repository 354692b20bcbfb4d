import type {
  BinaryExpression,
  Expression,
  Identifier,
  IfExpression,
  LambdaExpression,
  RecordField,
} from "@pgl/grammar";
import type { Type } from "../../types.js";
import type { Expr, LambdaExpr, RecordExpr } from "../expression.js";
import type { ParameterIr, Variable } from "../program.js";
import { callsOut } from "../facts.js";
import { isStable, LoweringError, Scope, unit, type Destination } from "./scope.js";
import { hostAsValue, lowerCall } from "./calls.js";
import { lowerConstraint } from "./constraints.js";
import { lowerInferInto, sampleInto } from "./draws.js";
import { lowerMatchInto, matchAsExpression } from "./match.js";
import { isSimple } from "./simple.js";
import { readsOf, suspends, writesIn } from "../walk.js";

/** Emits what has to be done first, and returns what is left of the expression, which is pure. */
export function lowerExpression(scope: Scope, node: Expression): Expr {
  const type = scope.module.typeOf(node);
  const { span } = node;
  const base = { type, span };
  const one = (child: Expression): Expr => scope.module.lower.expression(scope, child);
  switch (node.kind) {
    case "NumberLiteral":
    case "BooleanLiteral":
    case "StringLiteral":
      return { kind: "literal", value: node.value, ...base };
    case "NoneLiteral":
      return { kind: "literal", value: null, ...base };
    case "EosLiteral":
      return { kind: "eos", ...base };
    case "TemplateLiteral":
      return { kind: "template", texts: node.texts, expressions: lowerAll(scope, node.expressions), ...base };
    case "Identifier":
      return lowerIdentifier(scope, node);
    case "ListExpression":
      return { kind: "list", elements: lowerAll(scope, node.elements), ...base };
    case "TupleExpression":
      return { kind: "tuple", elements: lowerAll(scope, node.elements), ...base };
    case "RecordExpression":
      return lowerRecord(scope, node.fields, base);
    case "MapExpression": {
      const parts = lowerAll(
        scope,
        node.entries.flatMap(({ key, value }) => [key, value]),
      );
      return {
        kind: "map",
        entries: node.entries.map((_, i) => ({ key: parts[2 * i]!, value: parts[2 * i + 1]! })),
        ...base,
      };
    }
    case "UnaryExpression":
      return { kind: "unary", operator: node.operator, operand: one(node.operand), ...base };
    case "BinaryExpression":
      return lowerBinary(scope, node, base);
    case "RangeExpression":
      return { kind: "builtin", name: "range", arguments: lowerAll(scope, [node.start, node.end]), ...base };
    case "MatchesExpression": {
      const value = one(node.value);
      const [kept, constraint] = keepFirst(scope, value, () => lowerConstraint(scope, node.constraint));
      return { kind: "matches", value: kept, constraint, ...base };
    }
    case "ConstraintExpression":
      return { kind: "constraint", constraint: lowerConstraint(scope, node.constraint), ...base };
    case "CallExpression":
      return lowerCall(scope, node);
    case "MemberExpression": {
      const object = one(node.object);
      const { name } = node.property;
      if (/^\d+$/.test(name)) return { kind: "element", object, index: Number(name), ...base };
      return { kind: "field", object, name, ...base };
    }
    case "IndexExpression": {
      const [object, index] = lowerAll(scope, [node.object, node.index]);
      return { kind: "builtin", name: "at", arguments: [object, index], ...base };
    }
    case "LambdaExpression":
      return lowerLambda(scope, node, undefined);
    case "IfExpression":
      if (isSimple(scope, node) && node.else !== undefined) return conditional(scope, node, type);
      return throughTemporary(scope, node, type);
    case "MatchExpression":
      if (isSimple(scope, node)) return matchAsExpression(scope, node);
      return throughTemporary(scope, node, type);
    case "BlockExpression":
    case "SampleExpression":
    case "InferExpression":
      return throughTemporary(scope, node, type);
    case "MissingExpression":
      throw new LoweringError("A program with syntax errors is not lowered.", span);
  }
}

/** For what needs statements: they assign a temporary, which stands for the value. */
function throughTemporary(scope: Scope, node: Expression, type: Type): Expr {
  const { span } = node;
  if (type.kind === "unit" || type.kind === "never") {
    scope.module.lower.into(scope, node, { kind: "discard" });
    return unit(span);
  }
  const variable = scope.temporary(temporaryName(node), type);
  scope.module.lower.into(scope, node, { kind: "declare", variable });
  return { kind: "variable", variable, type, span };
}

function temporaryName(node: Expression): string {
  switch (node.kind) {
    case "SampleExpression":
      return "drawn";
    case "InferExpression":
      return "posterior";
    case "CallExpression":
      return node.callee.kind === "Identifier" ? node.callee.name : "answer";
    default:
      return "value";
  }
}

/** Emits the expression with its value going to `destination`. */
export function lowerInto(scope: Scope, node: Expression, destination: Destination): void {
  switch (node.kind) {
    case "IfExpression":
      return lowerIfInto(scope, node, destination);
    case "MatchExpression":
      return lowerMatchInto(scope, node, destination);
    case "BlockExpression":
      return scope.module.lower.block(scope, node.block, destination);
    case "SampleExpression":
      return sampleInto(scope, node, destination);
    case "InferExpression":
      return lowerInferInto(scope, node, destination);
    case "CallExpression":
      return deliver(scope, lowerCall(scope, node, destination), destination);
    case "LambdaExpression":
      return deliver(
        scope,
        lowerLambda(scope, node, "variable" in destination ? destination.variable.name : undefined),
        destination,
      );
    default:
      return deliver(scope, scope.module.lower.expression(scope, node), destination);
  }
}

/** Emits the last step: a value to where it goes. */
export function deliver(scope: Scope, value: Expr | null, destination: Destination): void {
  if (value === null) return;
  const { span } = value;
  if (value.type.kind === "never" && value.kind === "builtin" && destination.kind !== "return") {
    return scope.emit({ kind: "expression", value, span });
  }
  switch (destination.kind) {
    case "declare":
      return scope.emit({ kind: "let", variable: destination.variable, value, span });
    case "assign":
      return scope.emit({ kind: "assign", variable: destination.variable, value, span });
    case "return":
      return scope.emit({ kind: "return", value, span });
    case "discard":
      // A value nobody wants is still computed where that may fail or reach outside.
      if (!isStable(value)) scope.emit({ kind: "expression", value, span });
  }
}

export function lowerIdentifier(scope: Scope, node: Identifier): Expr {
  const type = scope.module.typeOf(node);
  const { span } = node;
  const symbol = scope.module.symbolOf(node);
  const target = symbol.kind === "imported" ? symbol.symbol : symbol;
  switch (target.kind) {
    case "builtin":
      return { kind: "builtin-value", name: target.name, type, span };
    case "local": {
      const value = scope.lookup(target.declaration);
      if (value === undefined) throw new LoweringError(`\`${node.name}\` is used where it has no value.`, span);
      return value.type === type ? value : { ...value, type, span };
    }
    case "function": {
      const local = scope.lookup(target.declaration.name);
      if (local !== undefined) return { ...local, span };
      break;
    }
    case "type":
      throw new LoweringError(`The type \`${node.name}\` is not a value.`, span);
  }
  const global = scope.module.globalOf(symbol);
  if (target.kind === "host" && target.effect !== "pure" && global !== undefined)
    return hostAsValue(scope, global, node.name, type, span);
  if (global === undefined)
    throw new LoweringError(`\`${node.name}\` stands for nothing that can be used as a value.`, span);
  return { kind: "global", global, type, span };
}

/**
 * Several expressions, left to right. What a later one must do first comes after the earlier ones have been evaluated,
 * wherever that can make a difference.
 */
export function lowerAll(scope: Scope, nodes: readonly Expression[]): Expr[] {
  const parts = nodes.map((node) => {
    let value!: Expr;
    const before = scope.buffered(() => (value = scope.module.lower.expression(scope, node)));
    return { before, value };
  });
  return parts.map(({ before, value }, i) => {
    scope.append(before);
    const later = parts.slice(i + 1).flatMap((part) => part.before);
    return later.length === 0 || canWait(value, writesIn(later)) ? value : scope.hold(value, "operand");
  });
}

/** `first` has been lowered; lowers something else after it without letting that change what `first` evaluates to. */
export function keepFirst<T>(scope: Scope, first: Expr, then: () => T): [Expr, T] {
  let result!: T;
  const statements = scope.buffered(() => (result = then()));
  const kept = statements.length === 0 || canWait(first, writesIn(statements)) ? first : scope.hold(first, "operand");
  scope.append(statements);
  return [kept, result];
}

/** May the expression be evaluated after statements that assign `written`, with the same outcome? */
function canWait(value: Expr, written: ReadonlySet<Variable>): boolean {
  if (value.kind === "literal" || value.kind === "eos" || value.kind === "global") return true;
  if (value.kind === "lambda") return true;
  if (callsOut(value) || !isSafe(value)) return false;
  for (const variable of readsOf(value)) if (written.has(variable)) return false;
  return true;
}

/** Never fails, whatever its variables are. Only what is cheap to say so of. */
function isSafe(value: Expr): boolean {
  switch (value.kind) {
    case "variable":
      return true;
    case "field":
    case "element":
      return isSafe(value.object);
    case "literal":
    case "eos":
    case "global":
    case "builtin-value":
      return true;
    default:
      return false;
  }
}

function lowerRecord(
  scope: Scope,
  fields: readonly RecordField[],
  base: { type: Type; span: Expr["span"] },
): RecordExpr {
  const values = lowerAll(
    scope,
    fields.map((field) => field.value),
  );
  return {
    kind: "record",
    fields: fields.map((field, i) =>
      field.kind === "Field"
        ? { kind: "field", name: field.name.name, value: values[i]! }
        : { kind: "spread", value: values[i]! },
    ),
    ...base,
  };
}

const isDistribution = (type: Type): boolean => type.kind === "dist" || type.kind === "posterior";

/** `&&`, `||` and `??` whose right side has something to do first become branches. */
function lowerBinary(scope: Scope, node: BinaryExpression, base: { type: Type; span: Expr["span"] }): Expr {
  const { operator } = node;
  if (operator !== "&&" && operator !== "||" && operator !== "??") {
    const [left, right] = lowerAll(scope, [node.left, node.right]);
    if (operator === "^" && isDistribution(left!.type)) {
      return { kind: "distribution", name: "power", arguments: [left!, right!], ...base };
    }
    return { kind: "binary", operator, left: left!, right: right!, ...base };
  }
  const left = scope.module.lower.expression(scope, node.left);
  let right!: Expr;
  const before = scope.buffered(() => (right = scope.module.lower.expression(scope, node.right)));
  if (before.length === 0) return { kind: "binary", operator, left, right, ...base };
  const variable: Variable = { name: "value", type: base.type, mutable: false };
  scope.emit({ kind: "declare", variable, span: base.span });
  const first = scope.hold(left, "left");
  const assign = (value: Expr) => scope.emit({ kind: "assign", variable, value, span: value.span });
  const decided = scope.buffered(() => assign(first));
  const open = scope.buffered(() => {
    scope.append(before);
    assign(right);
  });
  const test: Expr =
    operator === "??"
      ? { kind: "builtin", name: "is_none", arguments: [first], type: { kind: "bool" }, span: left.span }
      : first;
  const [then, otherwise] = operator === "||" ? [decided, open] : [open, decided];
  scope.emit({ kind: "if", test, then, otherwise, span: base.span });
  return { kind: "variable", variable, ...base };
}

// ----------------------------------------------------------------------------------------------------------- branches

function conditional(scope: Scope, node: IfExpression, type: Type): Expr {
  const test = scope.module.lower.expression(scope, node.test);
  const then = scope.module.lower.expression(scope, node.then.result!);
  const alternative = node.else!;
  const otherwise =
    alternative.kind === "IfExpression"
      ? conditional(scope, alternative, type)
      : scope.module.lower.expression(scope, alternative.result!);
  return { kind: "conditional", test, then, otherwise, type, span: node.span };
}

function lowerIfInto(scope: Scope, node: IfExpression, destination: Destination): void {
  const nested = node.else?.kind === "IfExpression";
  if (
    destination.kind !== "discard" &&
    node.else !== undefined &&
    isSimple(scope, node) &&
    !(nested && destination.kind === "return")
  ) {
    return deliver(scope, conditional(scope, node, scope.module.typeOf(node)), destination);
  }
  const test = scope.module.lower.expression(scope, node.test);
  const { inner, branch } = branching(scope, destination, node.span);
  const then = branch(() => scope.module.lower.block(scope, node.then, inner));
  const alternative = node.else;
  const otherwise =
    alternative === undefined
      ? branch(() => destination.kind !== "discard" && deliver(scope, unit(node.span), inner))
      : branch(() =>
          alternative.kind === "IfExpression"
            ? lowerInto(scope, alternative, inner)
            : scope.module.lower.block(scope, alternative, inner),
        );
  scope.emit({ kind: "if", test, then, otherwise, span: node.span });
}

/** Declares what the branches are to assign, and says how they do. */
export function branching(
  scope: Scope,
  destination: Destination,
  span: Expr["span"],
): { inner: Destination; branch: (f: () => unknown) => ReturnType<Scope["buffered"]> } {
  let inner = destination;
  if (destination.kind === "declare") {
    scope.emit({ kind: "declare", variable: destination.variable, span });
    inner = { kind: "assign", variable: destination.variable };
  }
  return { inner, branch: (f) => scope.buffered(() => void f()) };
}

// ------------------------------------------------------------------------------------------------------------ lambdas

export function lowerLambda(
  scope: Scope,
  node: LambdaExpression,
  name: string | undefined,
  self?: { identifier: Identifier; variable: Variable },
): LambdaExpr {
  const inner = new Scope(scope.module, scope);
  if (self !== undefined)
    inner.alias(self.identifier, {
      kind: "variable",
      variable: self.variable,
      type: self.variable.type,
      span: self.identifier.span,
    });
  const type = scope.module.typeOf(node);
  return lambdaFrom(inner, node.parameters, node.body, {
    type,
    span: node.span,
    name,
    suspends: (scope.module.checked.effects.get(node) ?? "pure") !== "pure",
    self: self?.variable,
  });
}

export function lambdaFrom(
  inner: Scope,
  parameters: LambdaExpression["parameters"],
  body: LambdaExpression["body"],
  about: Pick<LambdaExpr, "type" | "span" | "name" | "suspends" | "self">,
): LambdaExpr {
  const result: Type = about.type.kind === "function" ? about.type.result : { kind: "error" };
  const lowered = lowerParameters(inner, parameters);
  const statements = inner.buffered(() => lowerBody(inner, body, result));
  return { kind: "lambda", parameters: lowered, result, body: statements, ...about };
}

/**
 * An expression where no statement can stand: what it has to do first goes into a function that is called on the spot.
 * Undefined when that may suspend.
 */
export function alone(scope: Scope, lowered: (scope: Scope) => Expr): Expr | undefined {
  let value!: Expr;
  const statements = scope.buffered(() => (value = lowered(scope)));
  if (statements.length === 0) return value;
  if (suspends(statements)) return undefined;
  const { type, span } = value;
  const callee: LambdaExpr = {
    kind: "lambda",
    name: undefined,
    parameters: [],
    result: type,
    body: [...statements, { kind: "return", value, span }],
    suspends: false,
    self: undefined,
    type: { kind: "function", parameters: [], result: type, effect: "pure" },
    span,
  };
  return { kind: "call", callee, arguments: [], host: false, type, span };
}

/** Parameters. A default value is computed by the callee, in terms of the parameters before it. */
export function lowerParameters(scope: Scope, parameters: LambdaExpression["parameters"]): readonly ParameterIr[] {
  return parameters.map((parameter): ParameterIr => {
    const type = scope.module.typeOf(parameter.name);
    const { defaultValue } = parameter;
    const variable = scope.declare(parameter.name, false, type);
    if (defaultValue === undefined) return { variable, defaultValue: undefined };
    const value = alone(scope, () => scope.module.lower.expression(scope, defaultValue));
    if (value !== undefined) return { variable, defaultValue: value };
    throw new LoweringError("A default value cannot draw, weigh or wait.", defaultValue.span);
  });
}

/** A body whose last expression is the result. */
export function lowerBody(scope: Scope, body: LambdaExpression["body"], result: Type): void {
  if (result.kind === "unit" || body.result === undefined) {
    scope.module.lower.block(scope, body, { kind: "discard" });
    return;
  }
  scope.module.lower.block(scope, body, { kind: "return" });
}

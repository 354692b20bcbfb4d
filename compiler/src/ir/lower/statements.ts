import type {
  AssignStatement,
  BindingPattern,
  Block,
  BinaryOperator,
  Identifier,
  Statement as Node,
} from "@pgl/grammar";
import type { Type } from "../../types.js";
import type { Expr } from "../expression.js";
import { callsOut } from "../facts.js";
import type { Variable } from "../program.js";
import { lowerConstraint } from "./constraints.js";
import { sampleInto } from "./draws.js";
import { keepFirst, lambdaFrom, lowerInto } from "./expressions.js";
import { boolean, LoweringError, Scope, type Destination } from "./scope.js";

/** The block's statements, and its value to `destination`. */
export function lowerBlock(scope: Scope, block: Block, destination: Destination): void {
  for (const statement of block.statements) {
    if (scope.unreachable) return;
    lowerStatement(scope, statement);
  }
  if (scope.unreachable) return;
  if (block.result !== undefined) lowerInto(scope, block.result, destination);
  else if (destination.kind === "declare" || destination.kind === "assign") {
    const value: Expr = { kind: "literal", value: undefined, type: { kind: "unit" }, span: block.span };
    scope.emit({
      kind: destination.kind === "declare" ? "let" : "assign",
      variable: destination.variable,
      value,
      span: block.span,
    });
  }
}

function lowerStatement(scope: Scope, node: Node): void {
  const { module } = scope;
  const { span } = node;
  switch (node.kind) {
    case "LetStatement":
      if (node.pattern.kind === "TuplePattern" || node.pattern.kind === "RecordPattern") {
        const whole = scope.hold(
          module.lower.expression(scope, node.value),
          node.pattern.kind === "TuplePattern" ? "tuple" : "record",
        );
        return destructure(scope, node.pattern, whole, node.mutable);
      }
      return lowerBinding(
        scope,
        node.pattern,
        node.mutable,
        node.value.span,
        (destination) => lowerInto(scope, node.value, destination),
        () => module.typeOf(node.value),
      );
    case "DrawStatement": {
      const name = node.pattern.kind === "Identifier" ? node.pattern.name : undefined;
      const drawn = (): Type => {
        const type = module.typeOf(node.distribution);
        return type.kind === "dist" || type.kind === "posterior" ? type.element : { kind: "error" };
      };
      lowerBinding(
        scope,
        node.pattern,
        node.mutable,
        span,
        (destination) => sampleInto(scope, node, destination, module.site("sample", span, name)),
        drawn,
      );
      if (node.pattern.kind === "Identifier") handle(scope, node.pattern);
      return;
    }
    case "OnStatement":
      throw new LoweringError("`on` stands in a twist.", span);
    case "AssignStatement":
      return lowerAssign(scope, node);
    case "ObserveStatement": {
      const value = module.lower.expression(scope, node.value);
      const site = module.site("observe", span);
      if (node.constraint !== undefined) {
        const { constraint: wanted } = node;
        const [kept, constraint] = keepFirst(scope, value, () => lowerConstraint(scope, wanted));
        const test: Expr = { kind: "matches", value: kept, constraint, type: { kind: "bool" }, span };
        return scope.emit({ kind: "condition", test, site, span });
      }
      const { distribution: under } = node;
      if (under === undefined) throw new LoweringError("An observation says what it observes under.", span);
      const [kept, distribution] = keepFirst(scope, value, () => module.lower.expression(scope, under));
      // The machine is handed the distribution first.
      const first = callsOut(kept) && callsOut(distribution) ? scope.hold(kept, "observed") : kept;
      return scope.emit({ kind: "observe", value: first, distribution, site, span });
    }
    case "ConditionStatement":
      return scope.emit({
        kind: "condition",
        test: module.lower.expression(scope, node.test),
        site: module.site("condition", span),
        span,
      });
    case "FactorStatement":
      return scope.emit({
        kind: "factor",
        weight: module.lower.expression(scope, node.weight),
        site: module.site("factor", span),
        span,
      });
    case "TwistStatement":
      return scope.emit({
        kind: "twist",
        weight: module.lower.expression(scope, node.weight),
        site: module.site("twist", span),
        span,
      });
    case "StepStatement":
      return scope.emit({ kind: "step", site: module.site("step", span), span });
    case "ForStatement":
      return lowerFor(scope, node);
    case "WhileStatement": {
      let test!: Expr;
      const before = scope.buffered(() => (test = module.lower.expression(scope, node.test)));
      if (before.length === 0) {
        const body = scope.buffered(() => lowerBlock(scope, node.body, { kind: "discard" }));
        return scope.emit({ kind: "while", test, body, span });
      }
      // The test has something to do first, each time round.
      const body = scope.buffered(() => {
        scope.append(before);
        const stop: Expr = { kind: "unary", operator: "!", operand: test, type: { kind: "bool" }, span: test.span };
        scope.emit({
          kind: "if",
          test: stop,
          then: [{ kind: "break", span: test.span }],
          otherwise: [],
          span: test.span,
        });
        lowerBlock(scope, node.body, { kind: "discard" });
      });
      return scope.emit({ kind: "while", test: boolean(true, span), body, span });
    }
    case "BreakStatement":
      return scope.emit({ kind: "break", span });
    case "ContinueStatement":
      return scope.emit({ kind: "continue", span });
    case "ReturnStatement":
      if (node.value !== undefined) return lowerInto(scope, node.value, { kind: "return" });
      return scope.emit({
        kind: "return",
        value: { kind: "literal", value: undefined, type: { kind: "unit" }, span },
        span,
      });
    case "FunctionDeclaration": {
      const type = module.typeOf(node.name);
      const variable: Variable = { name: node.name.name, type, mutable: false };
      const self: Expr = { kind: "variable", variable, type, span: node.name.span };
      const inner = new Scope(module, scope);
      inner.alias(node.name, self);
      const lambda = lambdaFrom(inner, node.parameters, node.body, {
        type,
        span,
        name: node.name.name,
        suspends: (module.checked.effects.get(node) ?? "pure") !== "pure",
        self: variable,
      });
      scope.alias(node.name, self);
      return scope.emit({ kind: "let", variable, value: lambda, span });
    }
    case "ExpressionStatement":
      return lowerInto(scope, node.expression, { kind: "discard" });
  }
}

/** Binds a pattern to what `produce` delivers. */
function lowerBinding(
  scope: Scope,
  pattern: BindingPattern,
  mutable: boolean,
  span: Expr["span"],
  produce: (destination: Destination) => void,
  typeOf: () => Type,
): void {
  if (pattern.kind === "WildcardPattern") return produce({ kind: "discard" });
  if (pattern.kind === "Identifier") {
    const type = scope.module.typeOf(pattern);
    const variable: Variable = { name: pattern.name, type, mutable };
    // The name is known only afterwards: `let x = x + 1` speaks of an earlier `x`.
    produce({ kind: "declare", variable });
    return scope.alias(pattern, { kind: "variable", variable, type, span: pattern.span });
  }
  const whole: Variable = {
    name: pattern.kind === "TuplePattern" ? "tuple" : "record",
    type: typeOf(),
    mutable: false,
  };
  produce({ kind: "declare", variable: whole });
  destructure(scope, pattern, { kind: "variable", variable: whole, type: whole.type, span }, mutable);
}

/** What a twist does after a draw. */
function handle(scope: Scope, drawn: Identifier): void {
  for (const { draw, body } of scope.handlers) {
    const value = draw.name === drawn.name ? scope.lookup(drawn) : undefined;
    if (value === undefined) continue;
    scope.alias(draw, value);
    lowerBlock(scope, body, { kind: "discard" });
  }
}

function destructure(scope: Scope, pattern: BindingPattern, value: Expr, mutable: boolean): void {
  const { span } = pattern;
  switch (pattern.kind) {
    case "WildcardPattern":
      return;
    case "Identifier": {
      const variable = scope.declare(pattern, mutable);
      return scope.emit({ kind: "let", variable, value, span });
    }
    case "TuplePattern":
      return pattern.elements.forEach((element, index) => {
        const type = value.type.kind === "tuple" ? value.type.elements[index] : undefined;
        destructure(
          scope,
          element,
          { kind: "element", object: value, index, type: type ?? { kind: "error" }, span: element.span },
          mutable,
        );
      });
    case "RecordPattern":
      return pattern.fields.forEach(({ name, pattern: inner }) => {
        const type = value.type.kind === "record" ? value.type.fields.get(name.name)?.type : undefined;
        destructure(
          scope,
          inner,
          { kind: "field", object: value, name: name.name, type: type ?? { kind: "error" }, span: inner.span },
          mutable,
        );
      });
  }
}

function lowerAssign(scope: Scope, node: AssignStatement): void {
  const target = variableOf(scope, node.target);
  const { span } = node;
  if (node.operator === "=") return lowerInto(scope, node.value, { kind: "assign", variable: target.variable });
  const operator = node.operator.slice(0, -1) as BinaryOperator;
  const [left, right] = keepFirst(scope, target, () => scope.module.lower.expression(scope, node.value));
  const value: Expr = { kind: "binary", operator, left, right, type: target.type, span };
  scope.emit({ kind: "assign", variable: target.variable, value, span });
}

function variableOf(scope: Scope, identifier: Identifier): Expr & { kind: "variable" } {
  const symbol = scope.module.symbolOf(identifier);
  const value = symbol.kind === "local" ? scope.lookup(symbol.declaration) : undefined;
  if (value?.kind !== "variable" || !value.variable.mutable) {
    throw new LoweringError(`\`${identifier.name}\` cannot be assigned here.`, identifier.span);
  }
  return value;
}

function lowerFor(scope: Scope, node: Node & { kind: "ForStatement" }): void {
  const { span, pattern, iterable } = node;
  const { module } = scope;
  const isRange = iterable.kind === "RangeExpression";
  let bounds: [Expr, Expr] | undefined;
  let listed: Expr | undefined;
  if (isRange) {
    const from = module.lower.expression(scope, iterable.start);
    bounds = keepFirst(scope, from, () => module.lower.expression(scope, iterable.end));
  } else listed = module.lower.expression(scope, iterable);

  const element: Type = isRange
    ? { kind: "int" }
    : listed!.type.kind === "list"
      ? listed!.type.element
      : { kind: "error" };
  const simple = pattern.kind === "Identifier";
  const variable: Variable = simple
    ? scope.declare(pattern, false)
    : { name: pattern.kind === "WildcardPattern" ? "unused" : "item", type: element, mutable: false };
  const body = scope.buffered(() => {
    if (!simple) destructure(scope, pattern, { kind: "variable", variable, type: element, span: pattern.span }, false);
    lowerBlock(scope, node.body, { kind: "discard" });
  });
  if (bounds !== undefined) {
    return scope.emit({ kind: "for-range", variable, from: bounds[0], to: bounds[1], body, span });
  }
  scope.emit({ kind: "for-each", variable, iterable: listed!, body, span });
}

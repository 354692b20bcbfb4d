import type { CallExpression, Expression, InferExpression } from "@pgl/grammar";
import { builtinByName, type Builtin } from "../../builtins/catalogue.js";
import { languageModelMember } from "../../builtins/language-model.js";
import { parameterNames } from "../../builtins/signature.js";
import type { Type } from "../../types.js";
import { callsOut } from "../facts.js";
import type { Expr, LambdaExpr, LmExpr } from "../expression.js";
import type { Global, Variable } from "../program.js";
import type { Statement, Target } from "../statement.js";
import { callEffect } from "./simple.js";
import { LoweringError, unit, type Destination, type Scope } from "./scope.js";

/** Members of a language model whose first argument is given by position; all others are options with names. */
const POSITIONAL: ReadonlySet<string> = new Set(["next", "context", "score", "tokens", "chat"]);

/**
 * A call. Returns the value where there is one to use, or null when a suspension has delivered it to `destination`.
 */
export function lowerCall(scope: Scope, node: CallExpression): Expr;
export function lowerCall(scope: Scope, node: CallExpression, destination: Destination): Expr | null;
export function lowerCall(scope: Scope, node: CallExpression, destination?: Destination): Expr | null {
  const { module } = scope;
  const { callee, span } = node;
  const type = module.typeOf(node);
  const suspends = callEffect(scope, node) !== "pure";

  const method = module.checked.methodCalls.get(node);
  if (method !== undefined) return lowerBuiltin(scope, node, method, suspends, destination);

  if (callee.kind === "MemberExpression" && module.typeOf(callee.object).kind === "lm") {
    const call = lowerLm(scope, node, callee.object, callee.property.name, type);
    if (!suspends) return call;
    return suspendInto(scope, type, span, callee.property.name, destination, (target) => ({
      kind: "ask",
      target,
      request: { kind: "lm", call },
      site: module.site("call", span),
      span,
    }));
  }

  if (callee.kind === "Identifier") {
    const symbol = module.symbolOf(callee);
    const target = symbol.kind === "imported" ? symbol.symbol : symbol;
    if (target.kind === "builtin") return lowerBuiltin(scope, node, target.name, suspends, destination);
    if (target.kind === "host") {
      const global = module.globalOf(symbol)!;
      const args = lowerArguments(scope, node);
      const host: Expr = { kind: "global", global, type: target.type, span: callee.span };
      if (!suspends) return { kind: "call", callee: host, arguments: args, host: true, type, span };
      return suspendInto(scope, type, span, "answer", destination, (to) => ({
        kind: "ask",
        target: to,
        request: { kind: "host", callee: host, name: callee.name, arguments: args },
        site: module.site("call", span),
        span,
      }));
    }
    if (target.kind === "function" || target.kind === "model") {
      const global = scope.lookup(target.declaration.name) === undefined ? module.globalOf(symbol) : undefined;
      if (global !== undefined) {
        const called: Expr = { kind: "global", global, type: target.type, span: callee.span };
        return emitCall(scope, node, called, lowerArguments(scope, node), suspends, destination);
      }
    }
  }
  const first = module.lower.expression(scope, callee);
  let args!: (Expr | undefined)[];
  const before = scope.buffered(() => (args = lowerArguments(scope, node)));
  const held = before.length === 0 ? first : scope.hold(first, "callee");
  scope.append(before);
  return emitCall(scope, node, held, args, suspends, destination);
}

function emitCall(
  scope: Scope,
  node: CallExpression,
  callee: Expr,
  args: (Expr | undefined)[],
  suspends: boolean,
  destination: Destination | undefined,
): Expr | null {
  const type = scope.module.typeOf(node);
  const { span } = node;
  if (!suspends) return { kind: "call", callee, arguments: args, host: false, type, span };
  return suspendInto(scope, type, span, "result", destination, (target) => ({
    kind: "enter",
    target,
    callee,
    arguments: args,
    site: scope.module.site("call", span),
    span,
  }));
}

function lowerBuiltin(
  scope: Scope,
  node: CallExpression,
  name: string,
  suspends: boolean,
  destination: Destination | undefined,
): Expr | null {
  const { span } = node;
  const type = scope.module.typeOf(node);
  const builtin: Builtin | undefined = builtinByName.get(name);
  if (builtin === undefined) throw new LoweringError(`There is no built-in \`${name}\`.`, span);
  const args = lowerArguments(scope, node);
  if (builtin.prelude === "dist") return { kind: "distribution", name, arguments: args, type, span };
  if (!suspends) return { kind: "builtin", name, arguments: args, type, span };
  return suspendInto(scope, type, span, "result", destination, (target) => ({
    kind: "apply",
    target,
    name,
    arguments: args,
    site: scope.module.site("call", span),
    span,
  }));
}

function lowerLm(scope: Scope, node: CallExpression, object: Expression, method: string, type: Type): LmExpr {
  const member = languageModelMember.get(method);
  if (member === undefined) throw new LoweringError(`A language model has no \`${method}\`.`, node.span);
  const model = scope.module.lower.expression(scope, object);
  const names = parameterNames(member.signature);
  const args = lowerArguments(scope, node);
  const positional = POSITIONAL.has(method) ? args.slice(0, 1).filter((a): a is Expr => a !== undefined) : [];
  const named = args
    .map((value, i) => ({ name: names[i]!.name, value }))
    .slice(positional.length)
    .filter((a): a is { name: string; value: Expr } => a.value !== undefined);
  return { kind: "lm", model, method, positional, named, type, span: node.span };
}

/**
 * A call's arguments in parameter order, evaluated in the order they are written. Defaults are left to the callee, and
 * so are missing ones at the end.
 */
export function lowerArguments(scope: Scope, node: CallExpression | InferExpression): (Expr | undefined)[] {
  const inOrder = scope.module.checked.calls.get(node) ?? node.arguments.map((argument) => argument.value);
  const written = inOrder.filter((a): a is Expression => a !== undefined).sort((a, b) => a.span.start - b.span.start);
  const lowered = new Map<Expression, Expr>();
  const parts = written.map((argument) => {
    let value!: Expr;
    const before = scope.buffered(() => (value = scope.module.lower.expression(scope, argument)));
    return { argument, before, value };
  });
  const anyBefore = parts.some((part) => part.before.length > 0);
  const permuted = inOrder.filter((a) => a !== undefined).some((a, i) => a !== written[i]);
  const outward = parts.filter((part) => callsOut(part.value)).length;
  for (const [i, part] of parts.entries()) {
    scope.append(part.before);
    const laterWork = anyBefore && parts.slice(i + 1).some((p) => p.before.length > 0);
    lowered.set(
      part.argument,
      laterWork || (permuted && outward > 1) ? scope.hold(part.value, "argument") : part.value,
    );
  }
  const args = inOrder.map((a) => (a === undefined ? undefined : lowered.get(a)));
  while (args.length > 0 && args[args.length - 1] === undefined) args.pop();
  return args;
}

/** Emits a suspension whose answer goes to `destination`, or to a temporary that is returned as the value. */
export function suspendInto(
  scope: Scope,
  type: Type,
  span: Expr["span"],
  name: string,
  destination: Destination | undefined,
  make: (target: Target | null) => Statement,
): Expr | null {
  switch (destination?.kind) {
    case "declare":
    case "assign":
      scope.emit(make({ variable: destination.variable, declares: destination.kind === "declare" }));
      return null;
    case "discard":
      scope.emit(make(null));
      return null;
  }
  if (type.kind === "unit" || type.kind === "never") {
    scope.emit(make(null));
    return unit(span);
  }
  const variable: Variable = scope.temporary(name, type);
  scope.emit(make({ variable, declares: true }));
  return { kind: "variable", variable, type, span };
}

/** A host function that waits, as a value: a closure that asks. */
export function hostAsValue(scope: Scope, global: Global, name: string, type: Type, span: Expr["span"]): Expr {
  if (type.kind !== "function") return { kind: "global", global, type, span };
  const parameters = type.parameters.map((p, i) => ({
    variable: {
      name: p.name.replace(/\W/g, "_") || `argument_${i + 1}`,
      type: p.type,
      mutable: false,
    } satisfies Variable,
    defaultValue: undefined,
  }));
  const answer: Variable = { name: "answer", type: type.result, mutable: false };
  const lambda: LambdaExpr = {
    kind: "lambda",
    name,
    parameters,
    result: type.result,
    suspends: true,
    self: undefined,
    type,
    span,
    body: [
      {
        kind: "ask",
        target: { variable: answer, declares: true },
        request: {
          kind: "host",
          callee: { kind: "global", global, type, span },
          name,
          arguments: parameters.map(({ variable }) => ({ kind: "variable", variable, type: variable.type, span })),
        },
        site: scope.module.site("call", span),
        span,
      },
      { kind: "return", value: { kind: "variable", variable: answer, type: answer.type, span }, span },
    ],
  };
  return lambda;
}

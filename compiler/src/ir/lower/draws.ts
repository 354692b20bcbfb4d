import type { DrawStatement, InferExpression, MethodNode, SampleExpression } from "@pgl/grammar";
import { inferenceMethod } from "../../builtins/methods.js";
import type { Type } from "../../types.js";
import type { Expr } from "../expression.js";
import type { Global, MethodIr, SiteIr } from "../program.js";
import { lowerArguments, suspendInto } from "./calls.js";
import { LoweringError, type Destination, type Scope } from "./scope.js";

/** What a distribution expression is, and what to propose from. */
function operands(
  scope: Scope,
  node: SampleExpression | DrawStatement,
): { distribution: Expr; proposal: Expr | undefined } {
  const distribution = scope.module.lower.expression(scope, node.distribution);
  const { proposal: proposed } = node;
  if (proposed === undefined) return { distribution, proposal: undefined };
  let proposal!: Expr;
  const before = scope.buffered(() => (proposal = scope.module.lower.expression(scope, proposed)));
  const held = before.length === 0 ? distribution : scope.hold(distribution, "target");
  scope.append(before);
  return { distribution: held, proposal };
}

/** `sample D`, or `let x ~ D` with its own site name. */
export function sampleInto(
  scope: Scope,
  node: SampleExpression | DrawStatement,
  destination: Destination,
  site: SiteIr = scope.module.site("sample", node.span),
): void {
  const { distribution, proposal } = operands(scope, node);
  const type: Type =
    distribution.type.kind === "dist" || distribution.type.kind === "posterior"
      ? distribution.type.element
      : { kind: "error" };
  const { span } = node;
  const value = suspendInto(scope, type, span, "drawn", destination, (target) => ({
    kind: "draw",
    target,
    distribution,
    proposal,
    site,
    span,
  }));
  if (value !== null) scope.emit({ kind: "return", value, span });
}

/** `infer m(args) using method(…)`: the posterior, as a value. */
export function lowerInferInto(scope: Scope, node: InferExpression, destination: Destination): void {
  const { span } = node;
  const model = modelOf(scope, node);
  const args = lowerArguments(scope, node);
  const method = node.method === undefined ? undefined : lowerMethod(scope, node.method);
  const type = scope.module.typeOf(node);
  const value = suspendInto(scope, type, span, "posterior", destination, (target) => ({
    kind: "infer",
    target,
    model,
    arguments: args,
    method,
    site: scope.module.site("infer", span),
    span,
  }));
  if (value !== null) scope.emit({ kind: "return", value, span });
}

export function modelOf(scope: Scope, node: InferExpression): Global {
  const { module } = scope;
  const twist = node.method?.arguments.find(({ name }) => name?.name === "twist")?.value;
  const global = module.globalOf(module.symbolOf(twist?.kind === "Identifier" ? twist : node.model));
  if (global?.kind !== "model") throw new LoweringError(`\`${node.model.name}\` is not a model.`, node.model.span);
  return global;
}

export function lowerMethod(scope: Scope, node: MethodNode): MethodIr {
  const { name } = node.name;
  if (!inferenceMethod.has(name)) throw new LoweringError(`There is no method \`${name}\`.`, node.name.span);
  return {
    name,
    // A twist is part of the model that is run.
    options: node.arguments
      .filter(({ name: option }) => option?.name !== "twist")
      .map((argument) => {
        if (argument.name === undefined) throw new LoweringError("A method's options are named.", argument.span);
        return { name: argument.name.name, value: scope.module.lower.expression(scope, argument.value) };
      }),
    span: node.span,
  };
}

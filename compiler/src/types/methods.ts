import type * as ast from "@pgl/grammar";
import { inferenceMethod, inferenceMethods, type MethodOption } from "../builtins/methods.js";
import { reachableDraws } from "../effects/summary.js";
import type { Binding } from "../resolve/bindings.js";
import type { Type } from "../types.js";
import type { Checking } from "./checking.js";
import { given, isBuiltinName, arrange, checkArguments } from "./calls.js";
import { constantOf } from "./constant.js";
import { a, mismatchHint } from "./mismatch.js";
import { assignable } from "./relate.js";
import { ERROR, FLOAT, INT, literal, posterior, union } from "./type.js";

/** The declaration of the model an `infer` names, in this module or another. */
export function modelOf(c: Checking, name: ast.Identifier): ast.ModelDeclaration | undefined {
  const binding = c.binding(name);
  if (binding.kind === "unit" && binding.declaration.kind === "ModelDeclaration") return binding.declaration;
  if (binding.kind === "imported" && binding.symbol?.kind === "model") return binding.symbol.declaration;
  return undefined;
}

const importedModelType = (binding: Binding): Type =>
  binding.kind === "imported" && binding.symbol?.kind === "model" ? binding.symbol.type : ERROR;

/** Reports a name that should be a model's. */
export function reportNotModel(c: Checking, name: ast.Identifier, what: string): void {
  const binding = c.binding(name);
  if (binding.kind === "missing" || (binding.kind === "imported" && binding.symbol === undefined)) return;
  const isFunction =
    (binding.kind === "unit" && binding.declaration.kind === "FunctionDeclaration") ||
    (binding.kind === "imported" && binding.symbol?.kind === "function");
  c.report("PGL4003", name, `${what} takes a model; \`${name.name}\` is ${isFunction ? "a function" : "none"}.`, {
    hint: isFunction ? `Declare it with \`model\` instead of \`fn\`.` : "Name a declared `model`.",
  });
}

/** The type of `infer m(…) using …`. Whether it may stand here is for the caller to say. */
export function inferInfer(c: Checking, expression: ast.InferExpression): Type {
  const { model } = expression;
  const declaration = modelOf(c, model);
  let element: Type = ERROR;
  if (declaration === undefined) {
    reportNotModel(c, model, "`infer`");
    for (const { value } of expression.arguments) c.infer(value);
  } else {
    // Not by `infer`: what the posterior's model draws is not drawn here.
    const binding = c.binding(model);
    const type = binding.kind === "unit" ? c.unitType(binding, model) : importedModelType(binding);
    c.types.set(model, type);
    if (type.kind === "function") {
      const callee = { name: model.name, parameters: type.parameters, result: type.result };
      const { ordered } = arrange(c, callee, given(expression.arguments), model);
      c.calls.set(expression, ordered);
      element = checkArguments(c, callee, ordered, new Map(), undefined).result;
    } else {
      for (const { value } of expression.arguments) c.infer(value);
    }
  }
  if (expression.method) checkMethod(c, expression.method, declaration);
  return posterior(element);
}

function checkMethod(c: Checking, node: ast.MethodNode, model: ast.ModelDeclaration | undefined): void {
  const method = inferenceMethod.get(node.name.name);
  if (method === undefined) {
    if (node.name.name !== "") {
      const names = inferenceMethods.map((m) => m.name);
      c.report("PGL2009", node.name, `There is no inference method \`${node.name.name}\`.`, {
        hint: c.suggester.hint(node.name.name, names) ?? `There are ${names.map((n) => `\`${n}\``).join(", ")}.`,
      });
    }
    for (const { value } of node.arguments) if (value.kind !== "Identifier") c.infer(value);
    return;
  }
  const seen = new Set<string>();
  for (const { name, value } of node.arguments) {
    if (name === undefined) {
      c.report("PGL3004", value, `Options of \`${method.name}\` are written with their names.`, {
        hint: method.options.length === 0 ? "It has none." : `Write \`${method.options[0]!.name}: …\`.`,
      });
      continue;
    }
    const option = method.options.find((o) => o.name === name.name);
    if (option === undefined) {
      c.report("PGL2010", name, `\`${method.name}\` has no option \`${name.name}\`.`, {
        hint:
          c.suggester.hint(
            name.name,
            method.options.map((o) => o.name),
          ) ?? `Its options are ${method.options.map((o) => `\`${o.name}\``).join(", ")}.`,
      });
      if (value.kind !== "Identifier") c.infer(value);
      continue;
    }
    if (seen.has(name.name)) {
      c.report("PGL3004", name, `\`${name.name}\` is given twice.`, "Leave one of them away.");
      continue;
    }
    seen.add(name.name);
    checkOption(c, method.name, option, value, model);
  }
  if (method.name === "enumerate" && model !== undefined) c.deferred.set(node, () => checkEnumerable(c, node, model));
}

function checkOption(
  c: Checking,
  method: string,
  option: MethodOption,
  value: ast.Expression,
  model: ast.ModelDeclaration | undefined,
): void {
  if (option.type === "proposal") {
    checkProposalOption(c, value, model);
    return;
  }
  const wanted = option.type === "int" ? INT : option.type === "float" ? FLOAT : union(option.type.map(literal));
  const type = c.within(
    { kind: "option", name: "the options of a method", node: null, result: undefined, declared: false },
    () => c.infer(value, wanted),
  );
  if (!assignable(type, wanted)) {
    c.report("PGL3029", value, `\`${option.name}\` of \`${method}\` must be ${a(wanted)}, not ${a(type)}.`, {
      hint: mismatchHint(c, value, type, wanted),
    });
    return;
  }
  const constant = constantOf(value, isBuiltinName(c));
  if (option.atLeast !== undefined && typeof constant === "number" && !(constant >= option.atLeast)) {
    c.report("PGL3029", value, `\`${option.name}\` of \`${method}\` must be at least ${option.atLeast}.`);
  }
}

function checkProposalOption(c: Checking, value: ast.Expression, model: ast.ModelDeclaration | undefined): void {
  const binding = value.kind === "Identifier" ? c.binding(value) : undefined;
  if (binding?.kind === "missing") return;
  const declaration =
    binding?.kind === "unit" && binding.declaration.kind === "ProposalDeclaration"
      ? binding.declaration
      : binding?.kind === "imported" && binding.symbol?.kind === "proposal"
        ? binding.symbol.declaration
        : undefined;
  if (declaration === undefined) {
    if (value.kind !== "Identifier") c.infer(value);
    c.report("PGL4007", value, "`proposal` takes the name of a declared `proposal`.", {
      hint: model === undefined ? undefined : `Declare one: \`proposal guide(…) for ${model.name.name} { … }\`.`,
    });
  } else if (model !== undefined) {
    c.deferred.set(value, () => {
      const target = c.proposalTargets.get(declaration);
      if (target === undefined || target === model) return;
      c.report(
        "PGL4007",
        value,
        `\`${declaration.name.name}\` is a proposal for \`${target.name.name}\`, not for \`${model.name.name}\`.`,
      );
    });
  }
}

/** `enumerate` cannot visit the values of a continuous draw. */
function checkEnumerable(c: Checking, node: ast.MethodNode, model: ast.ModelDeclaration): void {
  for (const { draw, file, owner } of reachableDraws(model, c.summaries)) {
    if (draw.domain !== "continuous") continue;
    const what = draw.name === undefined ? "a draw" : `\`${draw.name.name}\``;
    c.report(
      "PGL4015",
      node,
      `\`enumerate\` visits every value of every draw, and ${what} of \`${owner}\` is continuous.`,
      {
        hint: "Use `importance(samples: …)` or `smc(particles: …)`, or draw from a discrete distribution.",
        ...(file === c.file
          ? { related: [{ span: draw.node.distribution.span, message: "the continuous draw" }] }
          : {}),
      },
    );
    return;
  }
}

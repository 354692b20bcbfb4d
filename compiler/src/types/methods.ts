import type * as ast from "@pgl/grammar";
import {
  inferenceMethod,
  inferenceMethods,
  type InferenceMethod,
  type MethodOption,
  type MethodOptionType,
} from "../builtins/methods.js";
import { namedDraws, reachableDraws, type Draw } from "../effects/summary.js";
import type { Type } from "../types.js";
import type { Checking } from "./checking.js";
import { given, isBuiltinName, arrange, checkArguments } from "./calls.js";
import { constantOf } from "./constant.js";
import { a, mismatchHint } from "./mismatch.js";
import { assignable } from "./relate.js";
import { BOOL, ERROR, FLOAT, INT, list, literal, posterior, STRING, union } from "./type.js";

/** The declaration of the model an `infer` names, in this module or another. */
export function modelOf(c: Checking, name: ast.Identifier): ast.ModelDeclaration | undefined {
  const binding = c.binding(name);
  if (binding.kind === "unit" && binding.declaration.kind === "ModelDeclaration") return binding.declaration;
  if (binding.kind === "imported" && binding.symbol?.kind === "model") return binding.symbol.declaration;
  return undefined;
}

/** The type of a name that is a model's. */
export function modelType(c: Checking, name: ast.Identifier): Type {
  const binding = c.binding(name);
  if (binding.kind === "unit") return c.unitType(binding, name);
  return binding.kind === "imported" && binding.symbol?.kind === "model" ? binding.symbol.type : ERROR;
}

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
    const type = modelType(c, model);
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
  for (const option of method.options) {
    if (option.required !== true || seen.has(option.name)) continue;
    c.report("PGL3003", node, `\`${method.name}\` needs its option \`${option.name}\`.`, {
      hint: `Write \`${method.name}(${option.name}: ${EXAMPLE[kindOf(option.type)]})\`.`,
    });
  }
  if (model !== undefined) c.deferred.set(node, () => checkDraws(c, node, method, model));
}

const kindOf = (type: MethodOptionType): Exclude<MethodOptionType, readonly string[]> | "choice" =>
  typeof type === "string" ? type : "choice";

const EXAMPLE: Record<ReturnType<typeof kindOf>, string> = {
  int: "100",
  float: "0.5",
  bool: "true",
  floats: "[1.0, 2.0]",
  draws: '["x"]',
  proposal: "guide",
  twist: "hopeful",
  choice: '"…"',
};

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
  if (option.type === "twist") {
    checkTwistOption(c, value, model);
    return;
  }
  const wanted = typeOf(option.type);
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
  for (const part of value.kind === "ListExpression" ? value.elements : [value]) {
    const constant = constantOf(part, isBuiltinName(c));
    if (typeof constant !== "number") continue;
    const { atLeast = -Infinity, atMost = Infinity } = option;
    const bound = constant < atLeast ? `at least ${atLeast}` : constant > atMost ? `at most ${atMost}` : undefined;
    if (bound !== undefined) c.report("PGL3029", part, `\`${option.name}\` of \`${method}\` must be ${bound}.`);
  }
}

function typeOf(type: Exclude<MethodOptionType, "proposal" | "twist">): Type {
  switch (type) {
    case "int":
      return INT;
    case "float":
      return FLOAT;
    case "bool":
      return BOOL;
    case "floats":
      return list(FLOAT);
    case "draws":
      return list(STRING);
    default:
      return union(type.map(literal));
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
      const target = c.targets.get(declaration);
      if (target === undefined || target === model) return;
      c.report(
        "PGL4007",
        value,
        `\`${declaration.name.name}\` is a proposal for \`${target.name.name}\`, not for \`${model.name.name}\`.`,
      );
    });
  }
}

function checkTwistOption(c: Checking, value: ast.Expression, model: ast.ModelDeclaration | undefined): void {
  const binding = value.kind === "Identifier" ? c.binding(value) : undefined;
  if (binding?.kind === "missing") return;
  const declaration =
    binding?.kind === "unit" && binding.declaration.kind === "TwistDeclaration" ? binding.declaration : undefined;
  if (declaration === undefined) {
    if (value.kind !== "Identifier") c.infer(value);
    const learned = binding?.kind === "unit" ? binding.declaration : binding?.kind === "imported" && binding.symbol;
    c.report("PGL4033", value, "`twist` takes the name of a declared `twist … for` of this file.", {
      hint:
        learned && "kind" in learned && (learned.kind === "TwistFileDeclaration" || learned.kind === "learned twist")
          ? "A learned twist is for one draw: give it to that, as in `writer.text(…, twist: ahead)`."
          : model && `Declare one: \`twist hopeful for ${model.name.name} { … }\`.`,
    });
    return;
  }
  const target = c.targets.get(declaration);
  if (model === undefined || target === undefined || target === model) return;
  c.report(
    "PGL4033",
    value,
    `\`${declaration.name.name}\` is a twist for \`${target.name.name}\`, not for \`${model.name.name}\`.`,
  );
}

/** What can be said of a method's use only when all that the model draws is known. */
function checkDraws(c: Checking, node: ast.MethodNode, method: InferenceMethod, model: ast.ModelDeclaration): void {
  if (method.draws !== undefined) checkKinds(c, node, method, model);
  for (const { name, value } of node.arguments) {
    const option = method.options.find((o) => o.name === name?.name);
    if (option?.type !== "draws" || value.kind !== "ListExpression") continue;
    const names = value.elements.filter((e) => e.kind === "StringLiteral");
    if (checkNames(c, names, model) && option.name === method.drawnFirst) checkDrawnFirst(c, names, method, model);
  }
}

/** Methods that list values cannot take continuous draws, methods that follow gradients only those. */
function checkKinds(c: Checking, node: ast.MethodNode, method: InferenceMethod, model: ast.ModelDeclaration): void {
  const unfit = (draw: Draw): boolean =>
    draw.domain !== "unknown" && (draw.domain === "continuous") === (method.draws === "discrete");
  for (const { draw, file, owner } of reachableDraws(model, c.summaries)) {
    if (!unfit(draw)) continue;
    const what = draw.name === undefined ? "a draw" : `\`${draw.name.name}\``;
    const related = (message: string) =>
      file === c.file ? { related: [{ span: draw.node.distribution.span, message }] } : {};
    if (method.draws === "discrete") {
      c.report(
        "PGL4015",
        node,
        `\`${method.name}\` visits every value of every draw, and ${what} of \`${owner}\` is continuous.`,
        {
          hint: "Use `importance(samples: …)` or `smc(particles: …)`, or draw from a discrete distribution.",
          ...related("the continuous draw"),
        },
      );
    } else {
      const isText = draw.domain === "text" || draw.domain === "choice" || draw.domain === "next-token";
      c.report(
        "PGL4019",
        node,
        `\`${method.name}\` follows gradients, and ${what} of \`${owner}\` is ${isText ? "drawn from a language model" : "discrete"}.`,
        {
          hint: 'Use `mh(kernel: "drift")`, which moves discrete draws too, or `smc(particles: …)`.',
          ...related(isText ? "the draw of a text" : "the discrete draw"),
        },
      );
    }
    return;
  }
}

/** Draws that have no variable are called by where they are, as in `sample@8:3`; whether there is one is found in the run. */
const BY_PLACE = /^\w+@\d+:\d+$/;

/** Whether every name is of a draw that running the model may come to. */
function checkNames(c: Checking, names: readonly ast.StringLiteral[], model: ast.ModelDeclaration): boolean {
  const known = namedDraws(model, c.summaries);
  let fine = true;
  for (const name of names) {
    if (known.has(name.value) || BY_PLACE.test(name.value)) continue;
    fine = false;
    c.report("PGL4020", name, `\`${model.name.name}\` has no draw \`${name.value}\`.`, {
      hint:
        c.suggester.hint(name.value, known) ??
        (known.size === 0
          ? "None of its draws has a name. Give one: `let x ~ …`."
          : `Its draws are ${[...known].map((n) => `\`${n}\``).join(", ")}.`),
    });
  }
  return fine;
}

/**
 * Parameters are drawn before everything else. Only statements of the model's own body are compared: where a draw stands
 * in a branch, a loop or a function, the run sees it.
 */
function checkDrawnFirst(
  c: Checking,
  names: readonly ast.StringLiteral[],
  method: InferenceMethod,
  model: ast.ModelDeclaration,
): void {
  let earlier: { readonly name: string; readonly statement: ast.DrawStatement } | undefined;
  for (const statement of model.body.statements) {
    if (statement.kind !== "DrawStatement" || statement.pattern.kind !== "Identifier") continue;
    const { name } = statement.pattern;
    const parameter = names.find((n) => n.value === name);
    if (parameter === undefined) earlier ??= { name, statement };
    else if (earlier !== undefined) {
      c.report(
        "PGL4021",
        parameter,
        `\`${method.name}\` needs its parameters drawn before all else, and \`${earlier.name}\` of \`${model.name.name}\` is drawn before \`${name}\`.`,
        {
          hint: `Draw \`${name}\` first, or make \`${earlier.name}\` a parameter too.`,
          related: [{ span: earlier.statement.span, message: "drawn before it" }],
        },
      );
      return;
    }
  }
}

import type * as ast from "@pgl/grammar";
import { builtinByName, type Builtin } from "../builtins/catalogue.js";
import type { ParameterRange } from "../builtins/distributions.js";
import { languageModelMember } from "../builtins/language-model.js";
import { instantiate } from "../builtins/signature.js";
import type { Symbol } from "../checked.js";
import type { DistributionDomain, Effect, ParameterType, Type } from "../types.js";
import { domainOf, type Checking } from "./checking.js";
import { constantOf } from "./constant.js";
import { a, reportMismatch } from "./mismatch.js";
import { assignable, bothEffects, Unknowns } from "./relate.js";
import { showType } from "./show.js";
import { dist, ERROR, hasError, mapType, mayBeNone, sameType, someType, withoutNone } from "./type.js";

/** An argument on its way to a parameter. The object before the dot of a method call is the first of them. */
export interface Given {
  readonly name: ast.Identifier | undefined;
  readonly value: ast.Expression;
}

export interface Callee {
  readonly name: string;
  readonly parameters: readonly ParameterType[];
  readonly result: Type;
  readonly unknowns?: Unknowns;
}

type Node = ast.CallExpression | ast.InferExpression;

export const given = (args: readonly ast.Argument[], object?: ast.Expression): readonly Given[] => [
  ...(object === undefined ? [] : [{ name: undefined, value: object }]),
  ...args.map(({ name, value }) => ({ name, value })),
];

/**
 * Puts arguments in the order of the parameters, positional ones first. Reports what is too much, twice, misnamed or missing
 * once each; `fits` is false when something was.
 */
export function arrange(
  c: Checking,
  callee: Callee,
  args: readonly Given[],
  at: { readonly span: ast.Span },
): { readonly ordered: readonly (ast.Expression | undefined)[]; readonly fits: boolean } {
  const { parameters } = callee;
  const ordered: (ast.Expression | undefined)[] = parameters.map(() => undefined);
  let fits = true;
  let position = 0;
  for (const { name, value } of args) {
    if (name === undefined) {
      if (position >= parameters.length) {
        if (fits) {
          c.report("PGL3004", value, `\`${callee.name}\` takes ${count(parameters.length, "argument")}.`, {
            hint:
              parameters.length === 0
                ? `Call it as \`${callee.name}()\`.`
                : `Its parameters are ${listNames(parameters)}.`,
          });
        }
        fits = false;
        c.infer(value);
      } else {
        ordered[position++] = value;
      }
      continue;
    }
    const index = parameters.findIndex((p) => p.name === name.name);
    if (index < 0) {
      c.report("PGL2008", name, `\`${callee.name}\` has no parameter \`${name.name}\`.`, {
        hint:
          c.suggester.hint(
            name.name,
            parameters.map((p) => p.name),
          ) ?? (parameters.length === 0 ? "It has no parameters." : `Its parameters are ${listNames(parameters)}.`),
      });
      fits = false;
      c.infer(value);
    } else if (ordered[index] !== undefined) {
      c.report("PGL3004", name, `\`${name.name}\` of \`${callee.name}\` is given twice.`, "Leave one of them away.");
      fits = false;
      c.infer(value);
    } else {
      ordered[index] = value;
    }
  }
  // A misnamed argument is probably the one that is missing.
  if (fits) {
    const missing = parameters.filter((p, i) => !p.optional && ordered[i] === undefined);
    if (missing.length > 0) {
      fits = false;
      c.report("PGL3003", at, `\`${callee.name}\` needs ${listNames(missing)}.`, {
        hint: `Write \`${callee.name}(${parameters.map((p) => (p.optional ? `${p.name}?` : p.name)).join(", ")})\`.`,
      });
    }
  }
  return { ordered, fits };
}

const count = (n: number, noun: string): string =>
  n === 0 ? `no ${noun}s` : n === 1 ? `one ${noun}` : `${n} ${noun}s`;
const listNames = (parameters: readonly ParameterType[]): string => parameters.map((p) => `\`${p.name}\``).join(", ");

/** Types the arguments of a call against the parameters. The result is the call's type. */
export function checkArguments(
  c: Checking,
  callee: Callee,
  ordered: readonly (ast.Expression | undefined)[],
  typed: ReadonlyMap<ast.Expression, Type>,
  hint: Type | undefined,
): { readonly result: Type; readonly ok: boolean } {
  const { parameters, unknowns } = callee;
  if (unknowns !== undefined && hint !== undefined) unknowns.hint(callee.result, hint);
  let ok = true;
  const later: number[] = [];
  const apply = (type: Type): Type => unknowns?.apply(type) ?? type;
  const reject = (value: ast.Expression, type: Type, parameter: ParameterType): void => {
    ok = false;
    reportMismatch(
      c,
      value,
      type,
      unknowns?.describe(parameter.type) ?? parameter.type,
      "PGL3002",
      `\`${parameter.name}\` of \`${callee.name}\``,
    );
  };
  ordered.forEach((value, i) => {
    if (value === undefined) return;
    if (isFunctionLike(c, value)) {
      later.push(i);
      return;
    }
    const parameter = parameters[i]!;
    const type = typed.get(value) ?? c.infer(value, apply(parameter.type));
    if (type.kind === "error") ok = false;
    if (!assignable(type, parameter.type, unknowns)) reject(value, type, parameter);
  });
  // Lambdas come last: what their parameters are follows from the other arguments.
  for (const i of later) {
    const value = ordered[i]!;
    const parameter = parameters[i]!;
    for (let round = 0; ; round++) {
      const mark = c.reporter.mark();
      const wanted = apply(parameter.type);
      const type = c.infer(value, wanted);
      if (type.kind === "error") {
        ok = false;
        break;
      }
      const fits = assignable(type, parameter.type, unknowns);
      // Its result may have widened what its own parameter takes (an accumulator that begins with 0 or []).
      const widened = apply(parameter.type);
      if (fits && round < 3 && c.retries > 0 && wanted.kind === "function" && widened.kind === "function") {
        const same = wanted.parameters.every(
          (p, k) => p.type.kind === "variable" || sameType(p.type, widened.parameters[k]!.type),
        );
        if (!same) {
          c.retries--;
          c.reporter.rollback(mark);
          continue;
        }
      }
      if (!fits) reject(value, type, parameter);
      break;
    }
  }
  if (unknowns === undefined) return { result: callee.result, ok };
  const generic = someType(callee.result, (part) => part.kind === "variable");
  return { result: generic && !ok ? ERROR : unknowns.finish(callee.result), ok };
}

function isFunctionLike(c: Checking, value: ast.Expression): boolean {
  if (value.kind === "LambdaExpression") return true;
  if (value.kind !== "Identifier") return false;
  const binding = c.binding(value);
  return binding.kind === "builtin" && builtinByName.get(binding.name)?.constant !== true;
}

// ------------------------------------------------------------------------------------------------------ built-ins

export function callBuiltin(
  c: Checking,
  call: ast.CallExpression,
  builtin: Builtin,
  args: readonly Given[],
  hint: Type | undefined,
): Type {
  const at = call.callee.kind === "MemberExpression" ? call.callee.property : call.callee;
  const chosen = chooseSignature(c, builtin, args, at);
  if (chosen === undefined) {
    for (const { value } of args) if (!c.types.has(value) && value.kind !== "LambdaExpression") c.infer(value);
    return ERROR;
  }
  const { callee, typed } = chosen;
  const { ordered, fits } = arrange(c, callee, args, at);
  c.calls.set(call, ordered);
  const { result, ok } = checkArguments(c, callee, ordered, typed, hint);
  if (!fits || !ok) return result;
  const typeAt = (i: number): Type | undefined => {
    const argument = ordered[i];
    return argument && c.types.get(argument);
  };
  checkDomain(c, builtin, typeAt(0), at);
  checkRanges(c, builtin, callee.parameters, ordered);
  warnNeverNone(c, builtin, ordered[0], typeAt(0));
  c.perform(
    effectOfBuiltin(builtin, ordered, typeAt),
    at,
    `\`${builtin.name}\`${builtin.effect === "argument" ? " with this function" : ""}`,
  );
  if (builtin.name === "fail") c.flow = { ...c.flow, reachable: false };
  if (builtin.domain !== undefined && result.kind === "dist") {
    const source = builtin.domain === "same" ? typeAt(0) : typeAt(1);
    const from = source?.kind === "list" ? source.element : source;
    return dist(result.element, from === undefined ? "unknown" : domainOf(from));
  }
  return result;
}

function effectOfBuiltin(
  builtin: Builtin,
  ordered: readonly (ast.Expression | undefined)[],
  typeAt: (i: number) => Type | undefined,
): Effect {
  if (builtin.effect === "density") {
    const domain = domainOf(typeAt(0) ?? ERROR);
    return domain === "finite" || domain === "countable" || domain === "continuous" ? "pure" : "async";
  }
  let effect: Effect = "pure";
  if (builtin.effect === "argument") {
    ordered.forEach((_, i) => {
      const type = typeAt(i);
      if (type?.kind === "function") effect = bothEffects(effect, type.effect);
    });
  }
  return effect;
}

/** Picks the way of calling by the number of arguments, then by the first one. */
function chooseSignature(
  c: Checking,
  builtin: Builtin,
  args: readonly Given[],
  at: { readonly span: ast.Span },
): { readonly callee: Callee; readonly typed: ReadonlyMap<ast.Expression, Type> } | undefined {
  const typed = new Map<ast.Expression, Type>();
  const all = builtin.signatures.map((signature) => ({ name: builtin.name, ...instantiate(signature) }));
  if (all.length === 1) return { callee: all[0]!, typed };
  const byCount = all.filter(({ parameters }) => {
    const required = parameters.filter((p) => !p.optional).length;
    return (
      args.length >= required &&
      args.length <= parameters.length &&
      args.every((g) => g.name === undefined || parameters.some((p) => p.name === g.name!.name))
    );
  });
  if (byCount.length === 0) {
    // Report the number against the way that is nearest.
    const nearest = all.reduce((best, next) =>
      Math.abs(next.parameters.length - args.length) < Math.abs(best.parameters.length - args.length) ? next : best,
    );
    return { callee: nearest, typed };
  }
  if (byCount.length === 1) return { callee: byCount[0]!, typed };
  const first = args.find((g) => g.name === undefined || g.name.name === byCount[0]!.parameters[0]!.name) ?? args[0]!;
  const shape =
    first.value.kind === "ListExpression" ? "list" : first.value.kind === "MapExpression" ? "map" : undefined;
  if (shape !== undefined) {
    const match = byCount.find(({ parameters }) => parameters[0]!.type.kind === shape);
    if (match !== undefined) return { callee: match, typed };
  }
  const type = c.infer(first.value);
  typed.set(first.value, type);
  if (hasError(type)) return undefined;
  const match = byCount.find(({ parameters, unknowns }) =>
    unknowns.try(() => assignable(type, parameters[0]!.type, unknowns)),
  );
  if (match !== undefined) return { callee: match, typed };
  const ways = builtin.signatures.map((s) => `\`${s.replace(/: dist<(.*), [a-z-]+>$/, ": dist<$1>")}\``).join(" or ");
  if (mayBeNone(type) && type.kind !== "none") {
    const present = withoutNone(type);
    if (
      byCount.some(({ parameters, unknowns }) => unknowns.try(() => assignable(present, parameters[0]!.type, unknowns)))
    ) {
      c.report(
        "PGL3016",
        first.value,
        `\`${builtin.name}\` cannot take \`none\`, and this may be.`,
        "Say what then: `x ?? other`, `if x != none { … }`, or `unwrap(x)`.",
      );
      return undefined;
    }
  }
  c.report("PGL3025", at, `\`${builtin.name}\` cannot be called with ${a(type)} first.`, {
    hint:
      type.kind === "dist" || type.kind === "posterior"
        ? "This is a distribution. Draw from it first: `let x ~ …`."
        : `It is called as ${ways}.`,
  });
  return undefined;
}

function checkDomain(c: Checking, builtin: Builtin, type: Type | undefined, at: { readonly span: ast.Span }): void {
  if (builtin.domains === undefined || type === undefined) return;
  const domain = domainOf(type);
  if (domain === "unknown" || builtin.domains.includes(domain)) return;
  const kinds: Record<DistributionDomain, string> = {
    finite: "a distribution of finitely many values",
    countable: "a distribution of infinitely many values",
    continuous: "a continuous distribution",
    text: "a distribution of texts",
    choice: "a language model's choice among texts",
    "next-token": "a distribution of tokens",
    product: "a product, which is not normalised",
    unknown: "this distribution",
  };
  const masks = builtin.domain === "same";
  c.report("PGL4016", at, `\`${builtin.name}\` is not available for ${kinds[domain]}.`, {
    hint: masks
      ? builtin.name === "where"
        ? "Draw from it, and `condition` on what must hold."
        : domain === "product"
          ? "Apply it to the parts of the product, or to `.local()` of it."
          : domain === "choice"
            ? "Draw with `text` or `next`, where it works token by token."
            : "It works on distributions whose values can be listed."
      : "Infer the posterior of a model that draws from it, and ask that.",
  });
}

const requirement: Record<ParameterRange, { readonly holds: (x: number) => boolean; readonly words: string }> = {
  probability: { holds: (x) => x >= 0 && x <= 1, words: "between 0 and 1" },
  positive: { holds: (x) => x > 0, words: "greater than 0" },
  "non-negative": { holds: (x) => x >= 0, words: "0 or greater" },
  count: { holds: (x) => x >= 0 && Number.isInteger(x), words: "a whole number, 0 or greater" },
};

export const isBuiltinName =
  (c: Checking) =>
  (identifier: ast.Identifier): boolean =>
    c.binding(identifier).kind === "builtin";

function checkRanges(
  c: Checking,
  builtin: Builtin,
  parameters: readonly ParameterType[],
  ordered: readonly (ast.Expression | undefined)[],
): void {
  const constant = (name: string): { readonly value: number; readonly node: ast.Expression } | undefined => {
    const node = ordered[parameters.findIndex((p) => p.name === name)];
    if (node === undefined) return undefined;
    const value = constantOf(node, isBuiltinName(c));
    return typeof value === "number" ? { value, node } : undefined;
  };
  for (const [name, range] of Object.entries(builtin.ranges ?? {})) {
    const found = constant(name);
    if (found !== undefined && !requirement[range].holds(found.value)) {
      c.report("PGL4017", found.node, `\`${name}\` of \`${builtin.name}\` must be ${requirement[range].words}.`);
    }
  }
  if (builtin.ordered !== undefined) {
    const [low, high] = builtin.ordered.map(constant);
    if (low !== undefined && high !== undefined && low.value > high.value) {
      c.report(
        "PGL4017",
        high.node,
        `\`${builtin.ordered[0]}\` of \`${builtin.name}\` is greater than \`${builtin.ordered[1]}\`.`,
        "Exchange the two.",
      );
    }
  }
  const weights = ordered[parameters.findIndex((p) => p.name === "weights")];
  if (weights !== undefined) checkWeights(c, builtin.name, weights);
  const values = ordered[parameters.findIndex((p) => p.name === "options" || p.name === "values")];
  if (values?.kind === "ListExpression" && values.elements.length === 0) {
    c.report("PGL4017", values, `\`${builtin.name}\` needs at least one value to draw.`);
  }
}

function checkWeights(c: Checking, name: string, weights: ast.Expression): void {
  const parts =
    weights.kind === "ListExpression"
      ? weights.elements
      : weights.kind === "MapExpression"
        ? weights.entries.map((e) => e.value)
        : undefined;
  if (parts === undefined) return;
  if (parts.length === 0) {
    c.report("PGL4017", weights, `\`${name}\` needs at least one weight.`);
    return;
  }
  const values = parts.map((part) => constantOf(part, isBuiltinName(c)));
  const negative = values.findIndex((v) => typeof v === "number" && v < 0);
  if (negative >= 0) c.report("PGL4017", parts[negative]!, "A weight cannot be negative.");
  else if (values.every((v) => v === 0)) c.report("PGL4017", weights, "Some weight must be greater than 0.");
}

function warnNeverNone(c: Checking, builtin: Builtin, value: ast.Expression | undefined, type: Type | undefined): void {
  if ((builtin.name !== "is_none" && builtin.name !== "unwrap") || value === undefined || type === undefined) return;
  if (mayBeNone(type) || type.kind === "error" || type.kind === "never" || type.kind === "opaque") return;
  c.report("PGL5009", value, `This is ${a(type)} and never \`none\`.`, `Leave \`${builtin.name}\` away.`);
}

// -------------------------------------------------------------------------------------------- the program's functions

/** Calls something whose parameters are known by name. */
export function callKnown(
  c: Checking,
  call: Node,
  callee: Callee,
  effect: Effect,
  args: readonly Given[],
  at: { readonly span: ast.Span },
  hint: Type | undefined,
  what = `\`${callee.name}\``,
): Type {
  const { ordered } = arrange(c, callee, args, at);
  c.calls.set(call, ordered);
  const { result } = checkArguments(c, callee, ordered, new Map(), hint);
  c.perform(effect, at, what);
  return result;
}

/** Calls a member of a language model. */
export function callLanguageModel(
  c: Checking,
  call: ast.CallExpression,
  member: ast.Identifier,
  hint: Type | undefined,
): Type {
  const found = languageModelMember.get(member.name)!;
  const callee: Callee = { name: found.name, ...instantiate(found.signature) };
  const type = callKnown(c, call, callee, found.effect, given(call.arguments), member, hint);
  const ordered = c.calls.get(call) ?? [];
  for (const name of ["max_tokens", "shortlist"]) {
    const limit = ordered[callee.parameters.findIndex((p) => p.name === name)];
    if (limit === undefined) continue;
    const value = constantOf(limit, isBuiltinName(c));
    if (typeof value === "number" && !(value >= 1)) c.report("PGL4017", limit, `\`${name}\` must be at least 1.`);
  }
  return type;
}

/** Calls a TypeScript function: the first of its signatures that fits. */
export function callHost(
  c: Checking,
  call: ast.CallExpression,
  name: string,
  signatures: readonly (Type & { readonly kind: "function" })[],
  generic: boolean,
  effect: Effect,
  at: { readonly span: ast.Span },
  hint: Type | undefined,
): Type {
  const args = given(call.arguments);
  const callees = signatures.map((s) => instantiateHost(name, s, generic));
  let callee = callees[0]!;
  let chosenEffect = effect;
  if (callees.length > 1) {
    const types = args.map(({ value }) => (value.kind === "LambdaExpression" ? undefined : c.infer(value)));
    const index = signatures.findIndex((signature) => {
      const trial = instantiateHost(name, signature, generic);
      const required = trial.parameters.filter((p) => !p.optional).length;
      if (args.length < required || args.length > trial.parameters.length) return false;
      return args.every(({ name: label }, i) => {
        const parameter =
          label === undefined ? trial.parameters[i] : trial.parameters.find((p) => p.name === label.name);
        const type = types[i];
        return parameter !== undefined && (type === undefined || assignable(type, parameter.type, trial.unknowns));
      });
    });
    if (index < 0) {
      c.report(
        "PGL3025",
        at,
        `No way of calling \`${name}\` takes (${types.map((t) => (t === undefined ? "a function" : showType(t))).join(", ")}).`,
        {
          hint: `It is called with ${signatures.map((s) => `\`(${s.parameters.map((p) => `${p.name}${p.optional ? "?" : ""}: ${showType(p.type)}`).join(", ")})\``).join(" or ")}.`,
        },
      );
      return ERROR;
    }
    callee = callees[index]!;
    chosenEffect = signatures[index]!.effect;
  }
  return callKnown(c, call, callee, chosenEffect, args, at, hint);
}

/** Type parameters of a host function stand in its type as variables; each call has its own. */
export function instantiateHost(name: string, type: Type & { readonly kind: "function" }, generic: boolean): Callee {
  if (!generic) return { name, parameters: type.parameters, result: type.result };
  const unknowns = new Unknowns();
  const fresh = new Map<number, Type>();
  const renew = (part: Type): Type =>
    mapType(part, (t) => {
      if (t.kind !== "variable") return undefined;
      let variable = fresh.get(t.id);
      if (variable === undefined) fresh.set(t.id, (variable = unknowns.fresh()));
      return variable;
    });
  return {
    name,
    parameters: type.parameters.map((p) => ({ ...p, type: renew(p.type) })),
    result: renew(type.result),
    unknowns,
  };
}

/** A call of what a name or expression stands for: the callee's type tells. */
export function callValue(
  c: Checking,
  call: ast.CallExpression,
  type: Type,
  name: string,
  hint: Type | undefined,
): Type {
  if (type.kind === "error" || type.kind === "never") {
    for (const { value } of call.arguments) c.infer(value);
    return ERROR;
  }
  if (type.kind !== "function") {
    for (const { value } of call.arguments) c.infer(value);
    c.report("PGL3006", call.callee, `${name} is ${a(type)}, not a function.`, {
      hint:
        call.callee.kind === "Identifier" &&
        c.binding(call.callee).kind !== "builtin" &&
        builtinByName.has(call.callee.name)
          ? `This name hides the built-in \`${call.callee.name}\`: give it another name, or write \`x.${call.callee.name}(…)\`.`
          : mayBeNone(type) && type.kind === "union"
            ? "It may be `none`: test it before."
            : type.kind === "lm"
              ? "Call one of its members: `text`, `next`, `choose`, `score`."
              : type.kind === "dist" || type.kind === "posterior"
                ? "To draw from it, write `sample`, or `let x ~ …`."
                : undefined,
    });
    return ERROR;
  }
  return callKnown(
    c,
    call,
    { name: name.replaceAll("`", ""), parameters: type.parameters, result: type.result },
    type.effect,
    given(call.arguments),
    call.callee,
    hint,
    name,
  );
}

/** The function a symbol of another module stands for, as a callee. */
export const functionOfSymbol = (symbol: Symbol): (Type & { readonly kind: "function" }) | undefined =>
  (symbol.kind === "function" || symbol.kind === "model" || symbol.kind === "host") && symbol.type.kind === "function"
    ? symbol.type
    : undefined;

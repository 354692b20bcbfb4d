import type * as ast from "@pgl/grammar";
import { builtinByName, type Builtin } from "../builtins/catalogue.js";
import { languageModelMember } from "../builtins/language-model.js";
import { instantiate } from "../builtins/signature.js";
import type { Symbol } from "../checked.js";
import type { Effect, Type } from "../types.js";
import { callBuiltin, callHost, callKnown, callLanguageModel, callValue, functionOfSymbol, given } from "./calls.js";
import { domainOf, type Checking } from "./checking.js";
import { checkConstraint, checkMatches } from "./constraints.js";
import { fieldOf, inferIndex, inferMember, reportUnknownMember } from "./members.js";
import { inferInfer } from "./methods.js";
import { a, reportMismatch } from "./mismatch.js";
import { assume, joinFlows, pathOf } from "./narrowing.js";
import { checkTruth, inferBinary, inferRange, inferUnary } from "./operators.js";
import { inferMatch, joinBranches } from "./patterns.js";
import { assignable, join } from "./relate.js";
import { checkInlineProposal, drawnFrom } from "./statements.js";
import {
  BOOL,
  CONSTRAINT,
  ERROR,
  FLOAT,
  functionType,
  INT,
  list,
  literal,
  literalsOf,
  LM,
  TWIST,
  map,
  mapType,
  mayBeNone,
  membersOf,
  NEVER,
  NONE,
  STRING,
  TOKEN,
  tuple,
  UNIT,
  withoutNone,
} from "./type.js";

/** The type of an expression, which `infer` of the checker writes into the table. */
export function inferExpression(c: Checking, expression: ast.Expression, hint: Type | undefined): Type {
  switch (expression.kind) {
    case "NumberLiteral":
      return expression.integer ? INT : FLOAT;
    case "BooleanLiteral":
      return BOOL;
    case "StringLiteral":
      return hint !== undefined && literalsOf(hint).has(expression.value) ? literal(expression.value) : STRING;
    case "NoneLiteral":
      return NONE;
    case "EosLiteral":
      return TOKEN;
    case "TemplateLiteral":
      for (const part of expression.expressions) warnShown(c, part, c.infer(part));
      return STRING;
    case "Identifier":
      return inferName(c, expression, hint);
    case "ListExpression":
      return inferList(c, expression, hint);
    case "TupleExpression": {
      const wanted = pick(hint, "tuple");
      return tuple(expression.elements.map((element, i) => valueOf(c, element, wanted?.elements[i])));
    }
    case "RecordExpression":
      return inferRecord(c, expression, hint);
    case "MapExpression":
      return inferMap(c, expression, hint);
    case "UnaryExpression":
      return inferUnary(c, expression);
    case "BinaryExpression":
      return inferBinary(c, expression, hint);
    case "RangeExpression":
      return inferRange(c, expression);
    case "MatchesExpression":
      checkMatches(c, expression.value, expression.constraint);
      return BOOL;
    case "ConstraintExpression":
      checkConstraint(c, expression.constraint);
      return CONSTRAINT;
    case "CallExpression":
      return inferCall(c, expression, hint);
    case "MemberExpression":
      return inferMember(c, expression);
    case "IndexExpression":
      return inferIndex(c, expression);
    case "LambdaExpression":
      return inferLambda(c, expression, hint);
    case "IfExpression":
      return inferIf(c, expression, hint, true);
    case "MatchExpression":
      return inferMatch(c, expression, hint, true);
    case "BlockExpression":
      return c.blockValue(expression.block, hint);
    case "SampleExpression": {
      const { element, type } = drawnFrom(c, expression.distribution, hint);
      if (expression.proposal) checkInlineProposal(c, expression.proposal, element);
      c.perform("generative", expression, "`sample`");
      c.summary.draws.set(expression, {
        node: expression,
        name: undefined,
        element,
        domain: domainOf(type),
      });
      return element;
    }
    case "MissingExpression":
      return ERROR;
    case "InferExpression": {
      const type = inferInfer(c, expression);
      c.perform("async", expression, "`infer`");
      return type;
    }
  }
}

/** The one member of a hint that is of a kind. */
function pick<K extends Type["kind"]>(hint: Type | undefined, kind: K): (Type & { readonly kind: K }) | undefined {
  if (hint === undefined) return undefined;
  const found = membersOf(hint).filter((member) => member.kind === kind);
  return found.length === 1 ? (found[0] as Type & { readonly kind: K }) : undefined;
}

/** Infers something that is kept in a larger value: it must be one. */
function valueOf(c: Checking, expression: ast.Expression, hint: Type | undefined): Type {
  const type = c.infer(expression, hint);
  if (type.kind !== "unit") return type;
  c.report(
    "PGL3001",
    expression,
    "This gives no value to keep.",
    "The function or block gives no value; end it with one, or `return` it.",
  );
  return ERROR;
}

function warnShown(c: Checking, part: ast.Expression, type: Type): void {
  if (type.kind === "dist" || type.kind === "posterior") {
    c.report(
      "PGL5007",
      part,
      "This writes the distribution itself into the text, not a value drawn from it.",
      "Draw first: `let x ~ …`.",
    );
  } else if (type.kind === "unit" || type.kind === "function" || type.kind === "lm" || type.kind === "twist") {
    c.report(
      "PGL3002",
      part,
      `${type.kind === "unit" ? "This gives no value" : a(type)}${type.kind === "unit" ? "" : " has no text"} to write into the string.`,
      {
        hint: type.kind === "function" ? "This is a function: call it." : undefined,
      },
    );
  }
}

// ----------------------------------------------------------------------------------------------------------- names

function inferName(c: Checking, name: ast.Identifier, hint: Type | undefined): Type {
  const binding = c.binding(name);
  switch (binding.kind) {
    case "missing":
      return ERROR;
    case "builtin": {
      const builtin = builtinByName.get(binding.name)!;
      return builtin.constant ? FLOAT : builtinValue(c, name, builtin, hint);
    }
    case "local": {
      const path = pathOf(c, name)!;
      return c.flow.narrowed.get(path) ?? c.localTypes.get(binding) ?? ERROR;
    }
    case "unit": {
      if (binding.index >= 0) c.summary.callees.add(binding.declaration);
      const path = pathOf(c, name);
      return (path === undefined ? undefined : c.flow.narrowed.get(path)) ?? c.unitType(binding, name);
    }
    case "host": {
      const found = binding.export;
      if (found === undefined) return ERROR;
      if (found.overloads.length > 0 || found.generic) {
        c.report(
          "PGL3026",
          name,
          `\`${name.name}\` can be called in several ways, and is no value by itself.`,
          `Write a lambda: \`x => ${name.name}(x)\`.`,
        );
        return ERROR;
      }
      return found.type;
    }
    case "imported":
      return binding.symbol === undefined ? ERROR : symbolValue(c, name, binding.symbol);
  }
}

function symbolValue(c: Checking, name: ast.Identifier, symbol: Symbol): Type {
  switch (symbol.kind) {
    case "const":
      return symbol.type;
    case "function":
    case "model":
      c.summary.callees.add(symbol.declaration);
      return symbol.type;
    case "lm":
      return LM;
    case "learned twist":
      return TWIST;
    case "imported":
      return symbolValue(c, name, symbol.symbol);
    case "host":
      return symbol.type;
    case "type":
    case "proposal":
    case "twist":
      c.report("PGL2015", name, `\`${name.name}\` is a ${symbol.kind}, not a value.`);
      return ERROR;
    case "builtin":
    case "local":
      return ERROR;
  }
}

/** A built-in function passed on as a value: `map(xs, len)`. */
function builtinValue(c: Checking, name: ast.Identifier, builtin: Builtin, hint: Type | undefined): Type {
  const wanted = pick(hint, "function");
  const isPlain = builtin.effect === "pure" && builtin.domain === undefined && builtin.domains === undefined;
  const usable = isPlain
    ? builtin.signatures
        .map((signature) => instantiate(signature))
        .filter(({ parameters, unknowns }) => {
          if (wanted === undefined) return builtin.signatures.length === 1;
          const required = parameters.filter((p) => !p.optional).length;
          return (
            wanted.parameters.length >= required &&
            wanted.parameters.length <= parameters.length &&
            unknowns.try(() =>
              wanted.parameters.every(
                (p, i) => p.type.kind === "variable" || assignable(p.type, parameters[i]!.type, unknowns),
              ),
            )
          );
        })
    : [];
  const chosen = usable[0];
  if (chosen === undefined || (wanted === undefined && instantiated(chosen.unknowns.finish(chosen.result)))) {
    c.report(
      "PGL3026",
      name,
      `The built-in \`${name.name}\` cannot be passed on here as it is.`,
      `Write a lambda: \`x => ${name.name}(x)\`.`,
    );
    return ERROR;
  }
  const { unknowns } = chosen;
  const count = wanted?.parameters.length ?? chosen.parameters.length;
  return functionType(
    chosen.parameters.slice(0, count).map((p) => ({ ...p, type: unknowns.finish(p.type), optional: false })),
    unknowns.finish(chosen.result),
    "pure",
  );
}

/** Nothing told what a type variable stands for. */
const instantiated = (type: Type): boolean => type.kind === "never";

// ----------------------------------------------------------------------------------------------------------- calls

function inferCall(c: Checking, call: ast.CallExpression, hint: Type | undefined): Type {
  const { callee } = call;
  if (callee.kind === "MemberExpression") return inferMemberCall(c, call, callee, hint);
  if (callee.kind !== "Identifier") return callValue(c, call, c.infer(callee), "This", hint);
  const binding = c.binding(callee);
  const name = `\`${callee.name}\``;
  switch (binding.kind) {
    case "builtin": {
      const builtin = builtinByName.get(binding.name)!;
      if (builtin.constant) return callValue(c, call, c.infer(callee), name, hint);
      return callBuiltin(c, call, builtin, given(call.arguments), hint);
    }
    case "unit": {
      const { declaration } = binding;
      if (declaration.kind !== "FunctionDeclaration" && declaration.kind !== "ModelDeclaration") {
        return callValue(c, call, c.infer(callee), name, hint);
      }
      const type = c.infer(callee);
      if (type.kind !== "function") {
        for (const { value } of call.arguments) c.infer(value);
        return ERROR;
      }
      return callKnown(
        c,
        call,
        { name: callee.name, parameters: type.parameters, result: type.result },
        c.unitEffect(binding),
        given(call.arguments),
        callee,
        hint,
        describe(declaration),
      );
    }
    case "host": {
      const found = binding.export;
      if (found?.type.kind !== "function") return callValue(c, call, c.infer(callee), name, hint);
      c.types.set(callee, found.type);
      return callHost(
        c,
        call,
        callee.name,
        [found.type, ...found.overloads],
        found.generic,
        found.effect,
        callee,
        hint,
      );
    }
    case "imported": {
      const type = c.infer(callee);
      const symbol = binding.symbol;
      const fn = symbol && functionOfSymbol(symbol);
      if (fn === undefined || symbol === undefined) return callValue(c, call, type, name, hint);
      const effect =
        symbol.kind === "model"
          ? "generative"
          : symbol.kind === "function" || symbol.kind === "host"
            ? symbol.effect
            : "pure";
      return callKnown(
        c,
        call,
        { name: callee.name, parameters: fn.parameters, result: fn.result },
        effect,
        given(call.arguments),
        callee,
        hint,
        symbol.kind === "model" ? `the model ${name}` : name,
      );
    }
    default:
      return callValue(c, call, c.infer(callee), name, hint);
  }
}

const describe = (declaration: ast.FunctionDeclaration | ast.ModelDeclaration): string =>
  declaration.kind === "ModelDeclaration" ? `the model \`${declaration.name.name}\`` : `\`${declaration.name.name}\``;

/** `x.f(…)`: a field that is a function, a member of a language model, or a built-in with `x` first. */
function inferMemberCall(
  c: Checking,
  call: ast.CallExpression,
  callee: ast.MemberExpression,
  hint: Type | undefined,
): Type {
  const type = c.infer(callee.object);
  const { name } = callee.property;
  const skip = (): Type => {
    for (const { value } of call.arguments) if (value.kind !== "LambdaExpression") c.infer(value);
    return ERROR;
  };
  if (type.kind === "error" || name === "") return skip();
  const field = type.kind === "record" || type.kind === "union" ? fieldOf(type, name) : undefined;
  if (field !== undefined) return callValue(c, call, c.infer(callee), `\`${name}\``, hint);
  if (type.kind === "lm") {
    if (languageModelMember.has(name)) return callLanguageModel(c, call, callee.property, hint);
    reportUnknownMember(c, callee, type);
    return skip();
  }
  const builtin = builtinByName.get(name);
  if (builtin === undefined || builtin.constant) {
    const own = fieldOf(withoutNone(type), name);
    if (
      own === undefined &&
      c.resolution.units.some(
        (u) =>
          u.name === name &&
          (u.declaration.kind === "FunctionDeclaration" || u.declaration.kind === "ModelDeclaration"),
      )
    ) {
      c.report(
        "PGL2007",
        callee.property,
        `${a(type)} has no \`${name}\`.`,
        `\`${name}\` is a function of this module: write \`${name}(x, …)\`.`,
      );
    } else {
      reportUnknownMember(c, callee, type);
    }
    return skip();
  }
  c.methodCalls.set(call, name);
  return callBuiltin(c, call, builtin, given(call.arguments, callee.object), hint);
}

// ----------------------------------------------------------------------------------------------------- collections

function inferList(c: Checking, expression: ast.ListExpression, hint: Type | undefined): Type {
  const wanted = pick(hint, "list")?.element;
  if (expression.elements.length === 0)
    return list(wanted !== undefined && wanted.kind !== "variable" ? wanted : NEVER);
  const types = expression.elements.map((element) => valueOf(c, element, wanted));
  return list(joinAll(c, types, expression.elements, wanted, "The elements of a list"));
}

/** The join of parts; where a type is wanted that all fit, that one. */
function joinAll(
  c: Checking,
  types: readonly Type[],
  nodes: readonly ast.Expression[],
  wanted: Type | undefined,
  what: string,
): Type {
  // What is not known of a wanted type yet takes anything.
  const wish = wanted && mapType(wanted, (part) => (part.kind === "variable" ? ERROR : undefined));
  let joined: Type = NEVER;
  for (let i = 0; i < types.length; i++) {
    const next = join(joined, types[i]!);
    if (next === undefined) {
      if (wish !== undefined && wish.kind === "union" && types.every((type) => assignable(type, wish))) return wish;
      // Against a wanted type the message comes from there, at the part that does not fit it.
      if (wish === undefined || wish.kind === "error" || types.every((type) => assignable(type, wish))) {
        c.report(
          "PGL3007",
          nodes[i]!,
          `${what} must go together: this is ${a(types[i]!)}, those before are ${a(joined)}.`,
          {
            hint: "Where a mixture is meant, write its type: `let xs: list<int | string> = …`.",
          },
        );
        return ERROR;
      }
      const culprit = types.findIndex((type) => !assignable(type, wish));
      c.report("PGL3007", nodes[culprit]!, `${what} must be ${a(wish)} here; this is ${a(types[culprit]!)}.`);
      return ERROR;
    }
    joined = next;
  }
  return joined;
}

function inferRecord(c: Checking, expression: ast.RecordExpression, hint: Type | undefined): Type {
  const wanted = hint && recordHint(expression, hint);
  const fields = new Map<string, { readonly type: Type; readonly optional: boolean }>();
  const own = new Set<string>();
  let broken = false;
  for (const field of expression.fields) {
    if (field.kind === "Spread") {
      const type = c.infer(field.value, hint);
      if (type.kind === "record") for (const [name, info] of type.fields) fields.set(name, info);
      else if (type.kind === "error" || type.kind === "never") broken = true;
      else {
        c.report("PGL3001", field.value, `\`...\` takes a record, not ${a(type)}.`, {
          hint: mayBeNone(type) ? "It may be `none`: test it before." : undefined,
        });
        broken = true;
      }
      continue;
    }
    const { name } = field.name;
    if (own.has(name))
      c.report("PGL3027", field.name, `The field \`${name}\` is given twice.`, "Leave one of them away.");
    own.add(name);
    fields.set(name, { type: valueOf(c, field.value, wanted?.fields.get(name)?.type), optional: false });
  }
  return broken ? ERROR : { kind: "record", fields };
}

/** The member of a union of records that the literal fields of the expression point to. */
function recordHint(expression: ast.RecordExpression, hint: Type): (Type & { readonly kind: "record" }) | undefined {
  const records = membersOf(hint).filter((m): m is Type & { readonly kind: "record" } => m.kind === "record");
  if (records.length <= 1) return records[0];
  return records.find((candidate) =>
    expression.fields.every((field) => {
      if (field.kind === "Spread") return true;
      const wanted = candidate.fields.get(field.name.name);
      if (wanted === undefined) return false;
      return (
        field.value.kind !== "StringLiteral" ||
        literalsOf(wanted.type).size === 0 ||
        literalsOf(wanted.type).has(field.value.value)
      );
    }),
  );
}

function inferMap(c: Checking, expression: ast.MapExpression, hint: Type | undefined): Type {
  const wanted = pick(hint, "map");
  const known = (type: Type | undefined): Type | undefined => (type?.kind === "variable" ? undefined : type);
  if (expression.entries.length === 0) return map(known(wanted?.key) ?? NEVER, known(wanted?.value) ?? NEVER);
  const keys = expression.entries.map(({ key }) => valueOf(c, key, wanted?.key));
  const values = expression.entries.map(({ value }) => valueOf(c, value, wanted?.value));
  return map(
    joinAll(
      c,
      keys,
      expression.entries.map((e) => e.key),
      wanted?.key,
      "The keys of a map",
    ),
    joinAll(
      c,
      values,
      expression.entries.map((e) => e.value),
      wanted?.value,
      "The values of a map",
    ),
  );
}

// --------------------------------------------------------------------------------------------------------- control

export function inferIf(c: Checking, expression: ast.IfExpression, hint: Type | undefined, value: boolean): Type {
  checkTruth(c, expression.test, "`if`");
  const start = c.flow;
  const branch = (block: ast.Block): Type => {
    if (value) return c.blockValue(block, hint);
    c.blockEffect(block);
    return UNIT;
  };
  assume(c, expression.test, true);
  const then = branch(expression.then);
  const afterThen = c.flow;
  c.flow = start;
  assume(c, expression.test, false);
  let result: Type = UNIT;
  if (expression.else === undefined) {
    if (value && then.kind !== "unit" && then.kind !== "never" && then.kind !== "error") {
      c.report(
        "PGL3024",
        { span: { start: expression.span.start, end: expression.test.span.end } },
        "The value of this `if` is used, and it has none when the test fails.",
        "Add `else { … }`.",
      );
      result = ERROR;
    }
  } else if (expression.else.kind === "Block") {
    const other = branch(expression.else);
    result = value ? joinBranches(c, then, other, expression.else.result ?? expression.else, "branch", hint) : UNIT;
  } else {
    const other = inferIf(c, expression.else, hint, value);
    c.types.set(expression.else, other);
    result = value ? joinBranches(c, then, other, expression.else, "branch", hint) : UNIT;
  }
  c.flow = joinFlows(afterThen, c.flow);
  return result;
}

function inferLambda(c: Checking, expression: ast.LambdaExpression, hint: Type | undefined): Type {
  const wanted = pick(hint, "function");
  const parameters = expression.parameters.map((parameter, i) => {
    const fromPlace = wanted?.parameters[i]?.type;
    let type: Type;
    if (parameter.type) type = c.typeNode(parameter.type);
    else if (fromPlace !== undefined && fromPlace.kind !== "variable") type = fromPlace;
    else if (fromPlace !== undefined) type = NEVER;
    else {
      if (wanted === undefined || i < wanted.parameters.length) {
        c.report(
          "PGL3013",
          parameter,
          `The type of \`${parameter.name.name}\` cannot be told from here.`,
          `Write it: \`(${parameter.name.name}: T) => …\`.`,
        );
      }
      type = ERROR;
    }
    if (parameter.defaultValue)
      c.check(parameter.defaultValue, type, "PGL3001", `The default of \`${parameter.name.name}\``);
    return { name: parameter.name.name, type, optional: parameter.defaultValue !== undefined };
  });
  const result = wanted?.result.kind === "variable" ? undefined : wanted?.result;
  const start = c.flow;
  const { reachable } = start;
  c.flow = { reachable: true, narrowed: start.narrowed };
  const type = c.within(
    { kind: "lambda", name: "the lambda", node: expression, result, declared: false },
    (context) => {
      expression.parameters.forEach((parameter, i) => c.declareLocal(parameter.name, parameters[i]!.type));
      const value = bodyType(c, expression.body);
      c.effects.set(expression, context.effect);
      return functionType(parameters, value, context.effect);
    },
  );
  c.flow = { reachable, narrowed: start.narrowed };
  return type;
}

/** An `if` without a last `else` is a statement: it has no value to return. */
const isStatementLike = (expression: ast.Expression): boolean => {
  let at: ast.Expression | ast.Block | undefined = expression;
  while (at?.kind === "IfExpression") at = at.else;
  return at === undefined;
};

/** Checks a body in its context, and gives what it returns. Reports a promised value that is missing or wrong. */
export function bodyType(c: Checking, body: ast.Block): Type {
  const { context } = c;
  const unit = context.result?.kind === "unit" && (context.declared || context.kind === "lambda");
  let last: Type = UNIT;
  let lastNode: ast.Expression | undefined;
  if (body.result !== undefined && !unit && context.kind !== "proposal" && !isStatementLike(body.result)) {
    lastNode = body.result;
    last = c.blockValue(body, context.result);
  } else {
    c.blockEffect(body);
  }
  const { result, declared, returned } = context;
  const ends = c.flow.reachable && last.kind !== "never";
  if (declared && result !== undefined && context.kind !== "lambda") {
    if (!ends) return result;
    if (last.kind === "unit") {
      if (!unit && !assignable(UNIT, result)) reportMissing(c, body, result);
    } else if (!assignable(last, result)) {
      reportMismatch(c, lastNode!, last, result, "PGL3011", "What is returned");
    }
    return result;
  }
  if (!ends) return returned ?? NEVER;
  if (returned === undefined) return last;
  if (last.kind === "unit" && returned.kind !== "unit" && returned.kind !== "error") {
    reportMissing(c, body, returned);
    return returned;
  }
  return joinBranches(c, returned, last, lastNode ?? body, "branch", result);
}

function reportMissing(c: Checking, body: ast.Block, wanted: Type): void {
  const lastStatement = body.result ?? body.statements.at(-1);
  const at = lastStatement === undefined ? body.span : { start: body.span.end - 1, end: body.span.end };
  c.report("PGL3010", { span: at }, `${c.context.name} can end here without returning ${a(wanted)}.`, {
    hint: 'Return a value on every path, or `fail("…")` where there is none.',
    related: [{ span: { start: body.span.start, end: body.span.start + 1 }, message: "the body begins here" }],
  });
}

/** An expression for its effect; a value that is thrown away is probably a mistake. */
export function discardExpression(c: Checking, expression: ast.Expression): void {
  switch (expression.kind) {
    case "IfExpression":
      inferIf(c, expression, undefined, false);
      c.types.set(expression, UNIT);
      return;
    case "MatchExpression":
      inferMatch(c, expression, undefined, false);
      c.types.set(expression, UNIT);
      return;
    case "BlockExpression":
      c.blockEffect(expression.block);
      c.types.set(expression, UNIT);
      return;
  }
  const before = c.context.effect;
  c.context.effect = "pure";
  const type = c.infer(expression);
  const effect = c.context.effect as Effect;
  if (before !== "pure" && effect !== "generative") c.context.effect = before;
  if (type.kind === "error" || type.kind === "unit" || type.kind === "never") return;
  if ((type.kind === "dist" || type.kind === "posterior") && expression.kind !== "InferExpression") {
    c.report(
      "PGL5007",
      expression,
      "This makes a distribution and throws it away.",
      "To draw from it, write `let x ~ …`; to condition on a value, `observe v ~ …`.",
    );
    return;
  }
  if (effect !== "pure" || callsHost(c, expression)) return;
  c.report("PGL5008", expression, "This has no effect, and its value is thrown away.", {
    hint:
      type.kind === "bool"
        ? "To condition on it, write `condition`."
        : type.kind === "list" || type.kind === "map"
          ? "Values do not change: keep the new one, `xs = push(xs, x)`."
          : "Keep it with `let`, or `return` it.",
  });
}

/** A TypeScript function may be called for what it does. */
function callsHost(c: Checking, expression: ast.Expression): boolean {
  if (expression.kind !== "CallExpression") return false;
  const { callee } = expression;
  if (callee.kind === "MemberExpression") return !c.methodCalls.has(expression);
  if (callee.kind !== "Identifier") return true;
  const binding = c.binding(callee);
  return (
    binding.kind === "host" ||
    binding.kind === "local" ||
    (binding.kind === "imported" && binding.symbol?.kind === "host")
  );
}

import type * as ast from "@pgl/grammar";
import type { Type } from "../types.js";
import { isBuiltinName } from "./calls.js";
import { domainOf, elementOf, type Checking, type Context } from "./checking.js";
import { constantOf } from "./constant.js";
import { checkMatches } from "./constraints.js";
import { a, mismatchHint, reportMismatch } from "./mismatch.js";
import { assume, forget } from "./narrowing.js";
import { checkTruth, combineAssigned } from "./operators.js";
import { narrowAssigned } from "./members.js";
import { bindPattern, joinBranches } from "./patterns.js";
import { assignable } from "./relate.js";
import { checkOn, checkTwistPart } from "./twists.js";
import { dist, ERROR, FLOAT, isNumber, isText, mayBeNone, membersOf, UNIT } from "./type.js";

export function checkStatement(c: Checking, statement: ast.Statement): void {
  checkTwistPart(c, statement);
  switch (statement.kind) {
    case "LetStatement":
      checkLet(c, statement);
      return;
    case "DrawStatement":
      checkDraw(c, statement);
      return;
    case "AssignStatement":
      checkAssign(c, statement);
      return;
    case "ObserveStatement":
      checkObserve(c, statement);
      return;
    case "ConditionStatement":
      weighs(c, statement, "condition");
      checkTruth(c, statement.test, "`condition`", (type) =>
        isNumber(type) ? "To weigh by a number of nats, write `factor`." : undefined,
      );
      assume(c, statement.test, true);
      if (constantOf(statement.test, isBuiltinName(c)) === false) {
        c.report("PGL5005", statement.test, "This is always false: no execution comes past it.");
      }
      return;
    case "FactorStatement":
    case "TwistStatement":
      checkWeight(c, statement);
      return;
    case "OnStatement":
      checkOn(c, statement);
      return;
    case "StepStatement":
      c.perform("generative", statement, "`step`");
      return;
    case "ForStatement":
      checkFor(c, statement);
      return;
    case "WhileStatement":
      checkWhile(c, statement);
      return;
    case "BreakStatement":
    case "ContinueStatement": {
      const word = statement.kind === "BreakStatement" ? "break" : "continue";
      const loop = c.context.loops.at(-1);
      if (loop === undefined) {
        const inLambda = c.context.kind === "lambda" && c.context.outer !== null && c.context.outer.loops.length > 0;
        c.report("PGL4011", statement, `There is no loop around this \`${word}\`.`, {
          hint: inLambda
            ? "A lambda cannot leave the loop outside it; use a `for` in place of the lambda."
            : "To end the function, write `return`.",
        });
        return;
      }
      if (word === "break" && c.flow.reachable) loop.broken = true;
      c.flow = { ...c.flow, reachable: false };
      return;
    }
    case "ReturnStatement":
      checkReturn(c, statement);
      return;
    case "FunctionDeclaration":
      c.localFunction(statement);
      return;
    case "ExpressionStatement":
      c.discard(statement.expression);
  }
}

function checkLet(c: Checking, statement: ast.LetStatement): void {
  const declared = statement.type && c.typeNode(statement.type);
  const name = statement.pattern.kind === "Identifier" ? `\`${statement.pattern.name}\`` : "The value";
  if (declared !== undefined) {
    const type = c.check(statement.value, declared, "PGL3001", name);
    markAnnotated(c, statement.pattern);
    bindPattern(c, statement.pattern, declared);
    if (statement.pattern.kind === "Identifier") narrowName(c, statement.pattern, declared, type);
    return;
  }
  const type = c.infer(statement.value);
  if (type.kind === "unit") {
    c.report("PGL3001", statement.value, "This gives no value to keep.", mismatchHint(c, statement.value, type, FLOAT));
    bindPattern(c, statement.pattern, ERROR);
    return;
  }
  bindPattern(c, statement.pattern, type);
}

function markAnnotated(c: Checking, pattern: ast.BindingPattern): void {
  if (pattern.kind !== "Identifier") return;
  const binding = c.binding(pattern);
  if (binding.kind === "local") c.annotated.add(binding);
}

function narrowName(c: Checking, name: ast.Identifier, declared: Type, value: Type): void {
  const binding = c.binding(name);
  if (binding.kind === "local") narrowAssigned(c, String(binding.id), declared, value);
}

// ----------------------------------------------------------------------------------------------------------- draws

/** The element type of what stands after `~` or `sample`; reports what is no distribution. */
export function drawnFrom(
  c: Checking,
  distribution: ast.Expression,
  wanted: Type | undefined,
): { readonly element: Type; readonly type: Type } {
  const type = c.infer(distribution, wanted && dist(wanted));
  const element = elementOf(type);
  if (element !== undefined) return { element, type };
  if (type.kind !== "error" && type.kind !== "never")
    reportNotDistribution(
      c,
      distribution,
      type,
      "To draw, a distribution is wanted",
      "For a plain value, write `=` instead of `~`.",
    );
  return { element: ERROR, type };
}

function reportNotDistribution(
  c: Checking,
  expression: ast.Expression,
  type: Type,
  what: string,
  otherwise?: string,
): void {
  let hint: string | undefined;
  const name = expression.kind === "CallExpression" ? expression.callee : expression;
  if (name.kind === "Identifier") {
    const binding = c.binding(name);
    const isModel =
      (binding.kind === "unit" && binding.declaration.kind === "ModelDeclaration") ||
      (binding.kind === "imported" && binding.symbol?.kind === "model");
    if (isModel)
      hint = `Calling a model runs it in place: write \`let x = ${name.name}(…)\`. Its posterior is \`infer ${name.name}(…)\`.`;
  }
  if (type.kind === "function") hint ??= "This is a function: call it.";
  if (type.kind === "lm") hint ??= "Draw a text with `.text(after: …)`, or a token with `.next(ctx)`.";
  if (mayBeNone(type)) hint ??= "It may be `none`: test it before.";
  if (type.kind === "list") hint ??= "To draw one of its elements, write `choice(xs)`.";
  c.report("PGL3008", expression, `${what}, not ${a(type)}.`, { hint: hint ?? otherwise });
}

/** Checks `proposal Q` beside the distribution it proposes for. */
export function checkInlineProposal(c: Checking, proposal: ast.Expression, element: Type): void {
  const type = c.infer(proposal, dist(element));
  const own = elementOf(type);
  if (own === undefined) {
    if (type.kind !== "error" && type.kind !== "never")
      reportNotDistribution(c, proposal, type, "A proposal is a distribution");
  } else if (!assignable(own, element)) {
    c.report("PGL4005", proposal, `The proposal draws ${a(own)}, and what it proposes for is ${a(element)}.`);
  }
}

function checkDraw(c: Checking, statement: ast.DrawStatement): void {
  const declared = statement.type && c.typeNode(statement.type);
  const { element, type } = drawnFrom(c, statement.distribution, declared);
  if (statement.proposal) checkInlineProposal(c, statement.proposal, element);
  if (declared !== undefined) {
    if (!assignable(element, declared)) {
      c.report("PGL3001", statement.distribution, `This draws ${a(element)}, and ${a(declared)} is wanted.`, {
        hint: mismatchHint(c, statement.distribution, element, declared),
      });
    }
    markAnnotated(c, statement.pattern);
  }
  const name = statement.pattern.kind === "Identifier" ? statement.pattern : undefined;
  c.perform(
    "generative",
    statement,
    name === undefined ? "`~`" : `\`${statement.mutable ? "var" : "let"} ${name.name} ~\``,
  );
  c.summary.draws.set(statement, {
    node: statement,
    name,
    element,
    domain: domainOf(type),
  });
  bindPattern(c, statement.pattern, declared ?? element);
}

// ----------------------------------------------------------------------------------------------------- assignments

function checkAssign(c: Checking, statement: ast.AssignStatement): void {
  const { target } = statement;
  const binding = c.binding(target);
  if (binding.kind !== "local" || !binding.mutable) {
    c.infer(statement.value);
    return;
  }
  const declared = c.localTypes.get(binding) ?? ERROR;
  const path = String(binding.id);
  const current = c.flow.narrowed.get(path) ?? declared;
  let value: Type;
  if (statement.operator === "=") {
    value = c.infer(statement.value, declared);
  } else {
    const right = c.infer(
      statement.value,
      statement.operator === "+=" && current.kind === "list" ? current : undefined,
    );
    value = combineAssigned(c, statement, current, right);
  }
  c.types.set(target, statement.operator === "=" ? declared : current);
  c.flow = forget(c.flow, path);
  if (value.kind === "error") return;
  if (value.kind === "unit") {
    c.report("PGL3001", statement.value, "This gives no value to keep.");
    return;
  }
  if (c.annotated.has(binding) ? assignable(value, declared) : c.widen(binding, value)) {
    narrowAssigned(c, path, declared, value);
    return;
  }
  reportMismatch(c, statement.value, value, declared, "PGL3001", `\`${target.name}\``);
}

// --------------------------------------------------------------------------------------------------------- weights

const isInProposal = (context: Context): boolean =>
  context.kind === "proposal" || (context.outer !== null && isInProposal(context.outer));

/** Notes a statement that weighs. */
function weighs(c: Checking, statement: ast.Statement, kind: string): void {
  c.summary.weighs.set(statement, kind);
  if (isInProposal(c.context)) {
    c.report(
      "PGL4006",
      statement,
      `\`${kind}\` weighs, and a proposal may only draw.`,
      "Leave it to the model: a proposal says where to look, not what is true.",
    );
    return;
  }
  // A twist is what these are for; everything else that weighs, `perform` refuses.
  if (kind === "twist" && c.context.kind === "twist") return;
  c.perform("generative", statement, `\`${kind}\``);
}

function checkObserve(c: Checking, statement: ast.ObserveStatement): void {
  weighs(c, statement, "observe");
  if (statement.constraint) {
    checkMatches(c, statement.value, statement.constraint);
    return;
  }
  if (statement.distribution === undefined) {
    c.infer(statement.value);
    return;
  }
  // A literal is read as the distribution would like it; otherwise the value says what the distribution is over.
  const literal = statement.value.kind === "StringLiteral" || statement.value.kind === "ListExpression";
  const before = literal ? undefined : c.infer(statement.value);
  const type = c.infer(
    statement.distribution,
    before && before.kind !== "error" && before.kind !== "none" ? dist(before) : undefined,
  );
  const element = elementOf(type);
  const value = before ?? c.infer(statement.value, element);
  if (element === undefined) {
    if (type.kind !== "error" && type.kind !== "never")
      reportNotDistribution(
        c,
        statement.distribution,
        type,
        "To observe, a distribution is wanted",
        "That two values are equal is a condition: `condition a == b`.",
      );
    return;
  }
  if (assignable(value, element)) return;
  if (membersOf(value).every(isText) && membersOf(element).every(isText) && assignable(element, value)) return;
  if (mayBeNone(value)) {
    reportMismatch(c, statement.value, value, element, "PGL3009", "The value observed");
    return;
  }
  c.report(
    "PGL3009",
    statement.value,
    `The value observed is ${a(value)}, and the distribution is over ${a(element)}.`,
    {
      hint:
        isText(value) && element.kind === "token"
          ? "To observe a text, write `observe s ~ writer.text(after: …)`."
          : mismatchHint(c, statement.value, value, element),
    },
  );
}

function checkWeight(c: Checking, statement: ast.FactorStatement | ast.TwistStatement): void {
  const word = statement.kind === "FactorStatement" ? "factor" : "twist";
  weighs(c, statement, word);
  const type = c.infer(statement.weight, FLOAT);
  if (!assignable(type, FLOAT)) {
    c.report("PGL3018", statement.weight, `\`${word}\` takes a number of nats, not ${a(type)}.`, {
      hint:
        type.kind === "bool"
          ? word === "factor"
            ? "For a hard condition, write `condition`."
            : "Write `if … { 0.0 } else { -inf }`."
          : mayBeNone(type)
            ? "It may be `none`: say what then with `??`."
            : mismatchHint(c, statement.weight, type, FLOAT),
    });
    return;
  }
  const constant = constantOf(statement.weight, isBuiltinName(c));
  if (constant === Infinity || Number.isNaN(constant)) {
    c.report(
      "PGL4017",
      statement.weight,
      `A weight of \`${String(constant) === "NaN" ? "NaN" : "inf"}\` nats is an error.`,
      "What is impossible has the weight `-inf`.",
    );
  } else if (constant === -Infinity && word === "factor") {
    c.report("PGL5005", statement.weight, "This is always impossible: no execution comes past it.");
  }
}

// ----------------------------------------------------------------------------------------------------------- loops

function forgetAssigned(c: Checking, statement: ast.ForStatement | ast.WhileStatement): void {
  for (const local of c.resolution.assignedIn.get(statement) ?? []) c.flow = forget(c.flow, String(local.id));
}

function checkFor(c: Checking, statement: ast.ForStatement): void {
  const type = c.infer(statement.iterable);
  let element: Type = ERROR;
  if (type.kind === "list") element = type.element;
  else if (type.kind === "never") element = type;
  else if (type.kind !== "error") {
    c.report("PGL3021", statement.iterable, `\`for\` goes through lists and ranges, not ${a(type)}.`, {
      hint:
        type.kind === "int"
          ? "To count, write a range: `for i in 0..n`."
          : type.kind === "map"
            ? "Go through `entries(m)`, `keys(m)` or `values(m)`."
            : isText(type)
              ? "Go through `chars(s)`, `words(s)` or `lines(s)`."
              : type.kind === "dist" || type.kind === "posterior"
                ? "To go through the values it can have, write `support(d)`."
                : mayBeNone(type)
                  ? "It may be `none`: say what then with `??`."
                  : undefined,
    });
  }
  if (statement.iterable.kind === "RangeExpression") {
    const [start, end] = [statement.iterable.start, statement.iterable.end].map((e) => constantOf(e, isBuiltinName(c)));
    if (typeof start === "number" && typeof end === "number" && start >= end) {
      c.report(
        "PGL5006",
        statement.iterable,
        "The range is empty: its end is not part of it.",
        start > end ? "To count down, write `reverse(range(…))`." : undefined,
      );
    }
  }
  forgetAssigned(c, statement);
  const start = c.flow;
  c.context.loops.push({ broken: false });
  bindPattern(c, statement.pattern, element);
  c.blockEffect(statement.body);
  c.context.loops.pop();
  c.flow = start;
}

function checkWhile(c: Checking, statement: ast.WhileStatement): void {
  forgetAssigned(c, statement);
  const loop = { broken: false };
  checkTruth(c, statement.test, "`while`");
  const start = c.flow;
  assume(c, statement.test, true);
  c.context.loops.push(loop);
  c.blockEffect(statement.body);
  c.context.loops.pop();
  c.flow = start;
  if (!loop.broken) {
    assume(c, statement.test, false);
    if (constantOf(statement.test, isBuiltinName(c)) === true) c.flow = { ...c.flow, reachable: false };
  }
}

// ---------------------------------------------------------------------------------------------------------- return

function checkReturn(c: Checking, statement: ast.ReturnStatement): void {
  const { context } = c;
  if (context.node === null) {
    c.report(
      "PGL4012",
      statement,
      "There is no function to return from.",
      "The value of a block is its last expression.",
    );
    if (statement.value) c.infer(statement.value);
    c.flow = { ...c.flow, reachable: false };
    return;
  }
  if (context.kind === "twist") {
    if (statement.value) c.infer(statement.value);
    c.report("PGL4030", statement, "There is nothing to return from: the model goes on.", "Use `if`.");
  } else if (context.kind === "proposal") {
    if (statement.value) {
      c.infer(statement.value);
      c.report("PGL3011", statement.value, "A proposal returns nothing: it only draws.", "Write `return` alone.");
    }
  } else if (statement.value === undefined) {
    if (context.declared && context.result !== undefined && !assignable(UNIT, context.result)) {
      c.report(
        "PGL3011",
        statement,
        `${context.name} must return ${a(context.result)}.`,
        "Write a value after `return`.",
      );
    } else {
      context.returned = joinBranches(c, context.returned, UNIT, statement, "branch");
    }
  } else {
    const type = c.infer(statement.value, context.result);
    if (context.declared && context.result !== undefined) {
      if (!assignable(type, context.result))
        reportMismatch(c, statement.value, type, context.result, "PGL3011", "What is returned");
    } else {
      context.returned = joinBranches(c, context.returned, type, statement.value, "branch", context.result);
    }
  }
  c.flow = { ...c.flow, reachable: false };
}

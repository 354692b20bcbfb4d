import type * as ast from "@pgl/grammar";
import type { Type } from "../types.js";
import type { Checking } from "./checking.js";
import { coverage } from "./exhaustive.js";
import { fieldOf } from "./members.js";
import { a } from "./mismatch.js";
import { assume, forgetPath, joinFlows, narrow, pathOf } from "./narrowing.js";
import { checkTruth } from "./operators.js";
import { join, joinAsWanted } from "./relate.js";
import { ERROR, isNumber, literal, literalsOf, mayBeNone, membersOf, NEVER, union, UNIT, withoutNone } from "./type.js";

/** Gives the names of a `let` or `for` pattern their types. */
export function bindPattern(c: Checking, pattern: ast.BindingPattern, type: Type): void {
  switch (pattern.kind) {
    case "WildcardPattern":
      return;
    case "Identifier":
      c.declareLocal(pattern, type);
      return;
    case "TuplePattern": {
      const silent = type.kind === "error" || type.kind === "never";
      const fits = type.kind === "tuple" && type.elements.length === pattern.elements.length;
      if (!fits && !silent) {
        c.report("PGL3015", pattern, `${a(type)} cannot be taken apart into ${pattern.elements.length} parts.`, {
          hint:
            type.kind === "tuple"
              ? `It has ${type.elements.length} parts.`
              : type.kind === "list"
                ? "A list may have any length: take its elements by index, `xs[0]`."
                : mayBeNone(type)
                  ? "It may be `none`: test it before."
                  : undefined,
        });
      }
      pattern.elements.forEach((element, i) =>
        bindPattern(c, element, fits ? type.elements[i]! : silent ? type : ERROR),
      );
      return;
    }
    case "RecordPattern":
      for (const { name, pattern: inner } of pattern.fields) {
        const field = type.kind === "never" ? NEVER : fieldOf(type, name.name);
        if (field === undefined && type.kind !== "error") {
          const fields = type.kind === "record" ? [...type.fields.keys()] : [];
          c.report("PGL3015", name, `${a(type)} has no field \`${name.name}\`.`, {
            hint: mayBeNone(type) ? "It may be `none`: test it before." : c.suggester.hint(name.name, fields),
          });
        }
        bindPattern(c, inner, field ?? ERROR);
      }
  }
}

/** The part of a type that a pattern can take. */
function matching(type: Type, pattern: ast.MatchPattern): Type {
  switch (pattern.kind) {
    case "WildcardPattern":
    case "NamePattern":
      return type;
    case "OrPattern":
      return union(pattern.alternatives.map((alternative) => matching(type, alternative)));
    case "LiteralPattern": {
      const { value } = pattern;
      if (value.kind === "StringLiteral" && literalsOf(type).has(value.value)) return literal(value.value);
      return union(
        membersOf(type).filter((member) => {
          switch (value.kind) {
            case "NoneLiteral":
              return member.kind === "none";
            case "BooleanLiteral":
              return member.kind === "bool";
            case "StringLiteral":
              return member.kind === "string" || (member.kind === "literal" && member.value === value.value);
            case "NumberLiteral":
              return isNumber(member);
            case "EosLiteral":
              return member.kind === "token";
          }
        }),
      );
    }
    case "TupleMatchPattern":
      return union(
        membersOf(type).filter(
          (m) =>
            m.kind === "tuple" &&
            m.elements.length === pattern.elements.length &&
            pattern.elements.every((element, i) => {
              const part = m.elements[i]!;
              return part.kind === "never" || matching(part, element).kind !== "never";
            }),
        ),
      );
    case "RecordMatchPattern":
      return union(
        membersOf(type).filter(
          (m) =>
            m.kind === "record" &&
            pattern.fields.every(({ name, pattern: inner }) => {
              const field = fieldOf(m, name.name);
              return field !== undefined && (field.kind === "never" || matching(field, inner).kind !== "never");
            }),
        ),
      );
  }
}

/** Checks a `match` pattern against what it is compared with, and gives its names their types. */
function bindMatchPattern(c: Checking, pattern: ast.MatchPattern, type: Type, inAlternative: boolean): void {
  const silent = type.kind === "error" || type.kind === "never";
  if (pattern.kind === "NamePattern") {
    if (inAlternative) {
      c.report(
        "PGL3015",
        pattern,
        `\`${pattern.name.name}\` cannot be bound in one alternative only.`,
        "Write an arm for each alternative, or `_` here.",
      );
    }
    c.declareLocal(pattern.name, inAlternative ? ERROR : type);
    return;
  }
  if (pattern.kind === "OrPattern") {
    for (const alternative of pattern.alternatives) bindMatchPattern(c, alternative, type, true);
    return;
  }
  if (pattern.kind === "WildcardPattern") return;
  const part = silent ? type : matching(type, pattern);
  if (!silent && part.kind === "never") reportImpossible(c, pattern, type);
  const inner = part.kind === "never" && !silent ? ERROR : part;
  if (pattern.kind === "TupleMatchPattern") {
    pattern.elements.forEach((element, i) => {
      bindMatchPattern(c, element, fieldOf(inner, String(i)) ?? (silent ? type : ERROR), inAlternative);
    });
  } else if (pattern.kind === "RecordMatchPattern") {
    for (const field of pattern.fields) {
      bindMatchPattern(c, field.pattern, fieldOf(inner, field.name.name) ?? (silent ? type : ERROR), inAlternative);
    }
  }
}

function reportImpossible(c: Checking, pattern: ast.MatchPattern, type: Type): void {
  const literals = literalsOf(type);
  let hint: string | undefined;
  if (pattern.kind === "LiteralPattern" && pattern.value.kind === "StringLiteral") {
    if (literals.size > 0)
      hint =
        c.suggester.hint(pattern.value.value, literals) ??
        `It is one of ${[...literals]
          .slice(0, 8)
          .map((v) => JSON.stringify(v))
          .join(", ")}.`;
    else if (type.kind === "token" || type.kind === "context") hint = "Match on its text: `match x.text { … }`.";
  } else if (pattern.kind === "RecordMatchPattern" && type.kind === "record") {
    const unknown = pattern.fields.find((f) => !type.fields.has(f.name.name));
    if (unknown !== undefined) {
      c.report("PGL3015", unknown.name, `${a(type)} has no field \`${unknown.name.name}\`.`, {
        hint: c.suggester.hint(unknown.name.name, type.fields.keys()),
      });
      return;
    }
  }
  c.report("PGL3015", pattern, `${a(type)} is never like this pattern.`, { hint });
}

/** The type of a `match`; with `value` false it is for its effect and has none. */
export function inferMatch(c: Checking, expression: ast.MatchExpression, hint: Type | undefined, value: boolean): Type {
  const subject = c.infer(expression.subject);
  const path = pathOf(c, expression.subject);
  const start = c.flow;
  let after: typeof start = { ...start, reachable: false };
  /** What no arm above takes whole; brought up to date by `gone` when it matters, as enumerations can be long. */
  let remaining = subject;
  const gone: ast.MatchPattern[] = [];
  /** Types of the subject where arms come to their end; `undefined` when one says nothing of it. */
  let survivors: Type[] | undefined = [];
  let result: Type | undefined = value ? undefined : UNIT;
  for (const arm of expression.arms) {
    c.flow = start;
    if (arm.pattern.kind !== "LiteralPattern") remaining = withoutAll(remaining, gone.splice(0));
    bindMatchPattern(c, arm.pattern, remaining.kind === "never" ? subject : remaining, false);
    const taken = matching(remaining, arm.pattern);
    if (path !== undefined && subject.kind === "union" && taken.kind !== "never") c.flow = narrow(c.flow, path, taken);
    if (arm.guard) {
      checkTruth(c, arm.guard, "The guard of a case");
      assume(c, arm.guard, true);
    }
    if (value) {
      const type = c.blockValue(arm.body, hint);
      result = joinBranches(c, result, type, arm.body.result ?? arm.body, "case", hint);
    } else {
      c.blockEffect(arm.body);
    }
    // What is known of the subject is put together once, after all arms: enumerations can be long.
    if (path !== undefined && c.flow.reachable) {
      const known = c.flow.narrowed.get(path);
      if (known !== undefined) survivors?.push(known);
      else survivors = undefined;
      c.flow = forgetPath(c.flow, path);
    }
    after = joinFlows(after, c.flow);
    if (arm.guard === undefined) gone.push(arm.pattern);
  }
  c.flow = expression.arms.length === 0 ? start : after;
  if (path !== undefined && survivors !== undefined && survivors.length > 0)
    c.flow = narrow(c.flow, path, union(survivors));
  if (subject.kind === "error" || subject.kind === "never") return result ?? ERROR;
  const { missing, unreachable } = coverage(expression.arms, subject);
  if (missing.length > 0) {
    const shown = missing
      .slice(0, 6)
      .map((p) => `\`${p}\``)
      .join(", ");
    c.report(
      "PGL3014",
      { span: headOf(expression) },
      missing[0] === "_"
        ? `The \`match\` does not say what to do with every ${a(subject)}.`
        : `The \`match\` does not say what to do with ${shown}${missing.length > 6 ? ", …" : ""}.`,
      {
        hint:
          missing[0] === "_"
            ? "End it with a case for the rest: `_ => …`."
            : `Add ${missing.length === 1 ? "a case for it" : "cases for them"}, or \`_ => …\` for the rest.`,
      },
    );
  }
  for (const arm of unreachable) {
    c.report("PGL5004", arm.pattern, "Earlier cases take everything that this one would.", "Remove it, or move it up.");
  }
  return result ?? NEVER;
}

/** `match x`, without its arms, so that the frame of a message is short. */
const headOf = (expression: ast.MatchExpression): ast.Span => ({
  start: expression.span.start,
  end: expression.subject.span.end,
});

/** A union without the members that some of the patterns take whole. */
function withoutAll(type: Type, patterns: readonly ast.MatchPattern[]): Type {
  if (type.kind !== "union" || patterns.length === 0) return type;
  const literals = new Set<string>();
  const others: ast.MatchPattern[] = [];
  for (const pattern of patterns) {
    if (pattern.kind === "LiteralPattern" && pattern.value.kind === "StringLiteral") literals.add(pattern.value.value);
    else others.push(pattern);
  }
  const kept =
    literals.size === 0 ? type : union(type.members.filter((m) => m.kind !== "literal" || !literals.has(m.value)));
  return others.reduce(without, kept);
}

/** A union without the members that a pattern takes whole. */
function without(type: Type, pattern: ast.MatchPattern): Type {
  switch (pattern.kind) {
    case "OrPattern":
      return pattern.alternatives.reduce(without, type);
    case "LiteralPattern": {
      const { value } = pattern;
      if (value.kind === "NoneLiteral") return withoutNone(type);
      if (value.kind !== "StringLiteral") return type;
      return union(membersOf(type).filter((m) => !(m.kind === "literal" && m.value === value.value)));
    }
    case "TupleMatchPattern":
    case "RecordMatchPattern":
      return union(membersOf(type).filter((m) => !takesWhole(m, pattern)));
    case "WildcardPattern":
    case "NamePattern":
      return NEVER;
  }
}

function takesWhole(type: Type, pattern: ast.MatchPattern): boolean {
  switch (pattern.kind) {
    case "WildcardPattern":
    case "NamePattern":
      return true;
    case "OrPattern":
      return pattern.alternatives.some((alternative) => takesWhole(type, alternative));
    case "LiteralPattern":
      return without(type, pattern).kind === "never";
    case "TupleMatchPattern":
      return (
        type.kind === "tuple" &&
        type.elements.length === pattern.elements.length &&
        pattern.elements.every((element, i) => takesWhole(type.elements[i]!, element))
      );
    case "RecordMatchPattern":
      return pattern.fields.every(({ name, pattern: inner }) => {
        const field = fieldOf(type, name.name);
        return field !== undefined && takesWhole(field, inner);
      });
  }
}

/** The type of branches taken together; reports a branch that does not go with those before. `hint`: what the place wants. */
export function joinBranches(
  c: Checking,
  before: Type | undefined,
  type: Type,
  at: { readonly span: ast.Span },
  what: "branch" | "case",
  hint?: Type,
): Type {
  if (before === undefined) return type;
  // A branch without a value makes the whole have none: only its use as a value is wrong.
  if (before.kind === "unit" || type.kind === "unit")
    return before.kind === "never" ? type : type.kind === "never" ? before : UNIT;
  const joined = join(before, type) ?? joinAsWanted(before, type, hint);
  if (joined !== undefined) return joined;
  c.report("PGL3007", at, `This ${what} is ${a(type)}, those before are ${a(before)}.`, {
    hint: "Give all branches one type; where a union is meant, write the type where the value goes: `let x: int | string = …`.",
  });
  return ERROR;
}

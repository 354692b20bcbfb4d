import type { MatchArm, MatchExpression, MatchPattern } from "@pgl/grammar";
import type { Type } from "../../types.js";
import { membersOf } from "../../types/type.js";
import type { Expr } from "../expression.js";
import { leaves } from "../walk.js";
import { boolean, isStable, type Destination, type Scope } from "./scope.js";

/**
 * When a pattern fits: a test, or undefined when it always does. Names are bound as other ways to say a part of the
 * subject, which is evaluated once.
 */
function testOf(scope: Scope, pattern: MatchPattern, subject: Expr): Expr | undefined {
  const { span } = pattern;
  switch (pattern.kind) {
    case "WildcardPattern":
      return undefined;
    case "NamePattern":
      scope.alias(pattern.name, { ...subject, type: scope.module.typeOf(pattern.name) });
      return undefined;
    case "LiteralPattern": {
      const right = scope.module.lower.expression(scope, pattern.value);
      return { kind: "binary", operator: "==", left: subject, right, type: { kind: "bool" }, span };
    }
    case "OrPattern":
      return either(
        pattern.alternatives.map((alternative) => testOf(scope, alternative, subject)),
        "||",
        span,
      );
    case "TupleMatchPattern": {
      const shape = shapeTest(subject, "tuple", pattern.elements.length, span);
      const type = memberOfShape(subject.type, "tuple", pattern.elements.length);
      const elements = pattern.elements.map((element, index) =>
        testOf(
          scope,
          element,
          subject.kind === "tuple"
            ? subject.elements[index]!
            : {
                kind: "element",
                object: type === undefined ? subject : { ...subject, type },
                index,
                type: (type?.kind === "tuple" ? type.elements[index] : undefined) ?? { kind: "error" },
                span: element.span,
              },
        ),
      );
      return both([shape, ...elements], span);
    }
    case "RecordMatchPattern": {
      const shape = shapeTest(subject, "record", pattern.fields.length, span);
      const type = memberOfShape(
        subject.type,
        "record",
        pattern.fields.length,
        pattern.fields.map((f) => f.name.name),
      );
      const fields = pattern.fields.map(({ name, pattern: inner }) =>
        testOf(scope, inner, {
          kind: "field",
          object: type === undefined ? subject : { ...subject, type },
          name: name.name,
          type: (type?.kind === "record" ? type.fields.get(name.name)?.type : undefined) ?? { kind: "error" },
          span: inner.span,
        }),
      );
      return both([shape, ...fields], span);
    }
  }
}

/** The member of a type that a structured pattern can fit; undefined when several can, or none. */
function memberOfShape(
  type: Type,
  shape: "record" | "tuple",
  length: number,
  names: readonly string[] = [],
): Type | undefined {
  const fitting = membersOf(type).filter((member) =>
    member.kind === "tuple"
      ? shape === "tuple" && member.elements.length === length
      : member.kind === "record" && shape === "record" && names.every((name) => member.fields.has(name)),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** Needed only where the subject may be something else. */
function shapeTest(subject: Expr, shape: "record" | "tuple", length: number, span: Expr["span"]): Expr | undefined {
  const certain = membersOf(subject.type).every(
    (member) => member.kind === shape && (member.kind !== "tuple" || member.elements.length === length),
  );
  return certain ? undefined : { kind: "shape", value: subject, shape, length, type: { kind: "bool" }, span };
}

const both = (tests: readonly (Expr | undefined)[], span: Expr["span"]): Expr | undefined => {
  const needed = tests.filter((t): t is Expr => t !== undefined);
  return needed.length === 0 ? undefined : joined(needed, "&&", span);
};

/** One alternative that always fits makes the whole pattern fit. */
const either = (tests: readonly (Expr | undefined)[], operator: "||", span: Expr["span"]): Expr | undefined =>
  tests.includes(undefined) ? undefined : joined(tests as readonly Expr[], operator, span);

const joined = (tests: readonly Expr[], operator: "&&" | "||", span: Expr["span"]): Expr =>
  tests.reduce((left, right) => ({ kind: "binary", operator, left, right, type: { kind: "bool" }, span }));

/** The arms after which no other can be reached: the last of them needs no test. */
function reachableArms(node: MatchExpression, type: Type): readonly MatchArm[] {
  const known = valuesOf(type);
  const arms: MatchArm[] = [];
  for (const arm of node.arms) {
    arms.push(arm);
    if (arm.guard !== undefined) continue;
    for (const value of literalsIn(arm.pattern)) known?.delete(value);
    if (known?.size === 0) break;
  }
  return arms;
}

/** All values of a type that has few; undefined for others. */
function valuesOf(type: Type): Set<unknown> | undefined {
  const values = new Set<unknown>();
  for (const member of membersOf(type)) {
    if (member.kind === "literal") values.add(member.value);
    else if (member.kind === "none") values.add(null);
    else if (member.kind === "bool") values.add(true).add(false);
    else return undefined;
  }
  return values;
}

function literalsIn(pattern: MatchPattern): readonly unknown[] {
  if (pattern.kind === "OrPattern") return pattern.alternatives.flatMap(literalsIn);
  if (pattern.kind !== "LiteralPattern" || pattern.value.kind === "EosLiteral") return [];
  return [pattern.value.kind === "NoneLiteral" ? null : pattern.value.value];
}

const coversAll = (node: MatchExpression, type: Type): boolean => {
  const known = valuesOf(type);
  if (known === undefined) return false;
  for (const arm of node.arms)
    if (arm.guard === undefined) for (const value of literalsIn(arm.pattern)) known.delete(value);
  return known.size === 0;
};

function subjectOf(scope: Scope, node: MatchExpression): Expr {
  const subject = scope.module.lower.expression(scope, node.subject);
  // A tuple made only to be matched need not be made.
  if (subject.kind === "tuple")
    return { ...subject, elements: subject.elements.map((element) => scope.hold(element, "subject")) };
  return isStable(subject) ? subject : scope.hold(subject, "subject");
}

/** A `match` none of whose parts needs a statement, as a conditional expression. */
export function matchAsExpression(scope: Scope, node: MatchExpression): Expr {
  const type = scope.module.typeOf(node);
  const subject = subjectOf(scope, node);
  const arms = reachableArms(node, subject.type);
  const exhaustive = coversAll(node, subject.type);
  const from = (i: number): Expr => {
    const arm = arms[i];
    if (arm === undefined) return noArm(node, type);
    const test = withGuard(
      testOf(scope, arm.pattern, subject),
      arm.guard && scope.module.lower.expression(scope, arm.guard),
      arm,
    );
    const then = scope.module.lower.expression(scope, arm.body.result!);
    if (test === undefined || (exhaustive && i === arms.length - 1 && arm.guard === undefined)) return then;
    return { kind: "conditional", test, then, otherwise: from(i + 1), type, span: node.span };
  };
  return from(0);
}

const withGuard = (test: Expr | undefined, guard: Expr | undefined, arm: MatchArm): Expr | undefined =>
  guard === undefined ? test : test === undefined ? guard : joined([test, guard], "&&", arm.span);

/** A `match` whose value goes to `destination`: a chain of branches. */
export function lowerMatchInto(scope: Scope, node: MatchExpression, destination: Destination): void {
  const { span } = node;
  let inner = destination;
  const subject = subjectOf(scope, node);
  if (destination.kind === "declare") {
    scope.emit({ kind: "declare", variable: destination.variable, span });
    inner = { kind: "assign", variable: destination.variable };
  }
  const arms = reachableArms(node, subject.type);
  const exhaustive = coversAll(node, subject.type);
  const from = (i: number): void => {
    const arm = arms[i];
    if (arm === undefined) return scope.emit({ kind: "expression", value: noArm(node, { kind: "never" }), span });
    const last = exhaustive && i === arms.length - 1 && arm.guard === undefined;
    const fits = testOf(scope, arm.pattern, subject);
    const body = () => scope.module.lower.block(scope, arm.body, inner);
    let guard: Expr | undefined;
    const before =
      arm.guard === undefined ? [] : scope.buffered(() => (guard = scope.module.lower.expression(scope, arm.guard!)));
    let test = withGuard(fits, guard, arm);
    if (before.length > 0) {
      // The guard has something to do first, but only where the pattern fits.
      const variable = scope.temporary("fits", { kind: "bool" });
      scope.emit({ kind: "declare", variable, span: arm.span });
      const assign = (value: Expr) => scope.emit({ kind: "assign", variable, value, span: arm.span });
      const tried = scope.buffered(() => {
        scope.append(before);
        assign(guard!);
      });
      if (fits === undefined) scope.append(tried);
      else {
        const otherwise = scope.buffered(() => assign(boolean(false, arm.span)));
        scope.emit({ kind: "if", test: fits, then: tried, otherwise, span: arm.span });
      }
      test = { kind: "variable", variable, type: variable.type, span: arm.span };
    }
    if (test === undefined || last) return body();
    const then = scope.buffered(body);
    if (leaves(then)) {
      scope.emit({ kind: "if", test, then, otherwise: [], span: arm.span });
      return from(i + 1);
    }
    scope.emit({ kind: "if", test, then, otherwise: scope.buffered(() => from(i + 1)), span: arm.span });
  };
  from(0);
}

function noArm(node: MatchExpression, type: Type): Expr {
  const message: Expr = {
    kind: "literal",
    value: "No arm of this match fits its value.",
    type: { kind: "string" },
    span: node.span,
  };
  return {
    kind: "builtin",
    name: "fail",
    arguments: [message],
    type: type.kind === "unit" ? { kind: "never" } : type,
    span: node.span,
  };
}

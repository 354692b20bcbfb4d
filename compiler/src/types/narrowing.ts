import type * as ast from "@pgl/grammar";
import type { Type } from "../types.js";
import type { Checking, Flow } from "./checking.js";
import { literalsOf, membersOf, NONE, sameType, union, withoutNone } from "./type.js";

export const START: Flow = { reachable: true, narrowed: new Map() };

/** How a value is reached from a variable, `3` or `3.start.name`; `undefined` for anything that tests say nothing about. */
export function pathOf(c: Checking, expression: ast.Expression): string | undefined {
  let suffix = "";
  let at = expression;
  // Values are immutable, so what is true of a field stays true.
  for (; at.kind === "MemberExpression"; at = at.object) suffix = `.${at.property.name}${suffix}`;
  if (at.kind !== "Identifier") return undefined;
  const binding = c.binding(at);
  if (binding.kind === "local") return `${binding.id}${suffix}`;
  if (binding.kind === "unit" && binding.declaration.kind === "ConstDeclaration")
    return `const ${binding.index}${suffix}`;
  return undefined;
}

/** What is known where two branches meet. */
export function joinFlows(a: Flow, b: Flow): Flow {
  if (!a.reachable) return b;
  if (!b.reachable || a.narrowed === b.narrowed) return a;
  const narrowed = new Map<string, Type>();
  for (const [path, type] of a.narrowed) {
    const other = b.narrowed.get(path);
    if (other !== undefined) narrowed.set(path, sameType(type, other) ? type : union([type, other]));
  }
  return { reachable: true, narrowed };
}

export function narrow(flow: Flow, path: string, type: Type): Flow {
  return { reachable: flow.reachable, narrowed: new Map(flow.narrowed).set(path, type) };
}

/** Forgets what is known of one path itself. */
export function forgetPath(flow: Flow, path: string): Flow {
  if (!flow.narrowed.has(path)) return flow;
  const narrowed = new Map(flow.narrowed);
  narrowed.delete(path);
  return { reachable: flow.reachable, narrowed };
}

/** Forgets everything about a variable and what is reached through it. */
export function forget(flow: Flow, root: string): Flow {
  if (flow.narrowed.size === 0) return flow;
  const kept = [...flow.narrowed].filter(([path]) => path !== root && !path.startsWith(`${root}.`));
  return kept.length === flow.narrowed.size ? flow : { reachable: flow.reachable, narrowed: new Map(kept) };
}

/** Takes into account that `test` has turned out to be `truth`. Its parts have been checked already. */
export function assume(c: Checking, test: ast.Expression, truth: boolean): void {
  switch (test.kind) {
    case "UnaryExpression":
      if (test.operator === "!") assume(c, test.operand, !truth);
      return;
    case "BinaryExpression":
      if (test.operator === (truth ? "&&" : "||")) {
        let left: ast.Expression = test;
        const rights: ast.Expression[] = [];
        while (left.kind === "BinaryExpression" && left.operator === test.operator) {
          rights.push(left.right);
          left = left.left;
        }
        assume(c, left, truth);
        for (const right of rights.reverse()) assume(c, right, truth);
      } else if (test.operator === "==" || test.operator === "!=") {
        assumeEqual(c, test.left, test.right, (test.operator === "==") === truth);
        assumeEqual(c, test.right, test.left, (test.operator === "==") === truth);
      }
      return;
    case "CallExpression": {
      const name =
        c.methodCalls.get(test) ??
        (test.callee.kind === "Identifier" && c.binding(test.callee).kind === "builtin" ? test.callee.name : undefined);
      const argument = c.calls.get(test)?.[0];
      if (name === "is_none" && argument !== undefined) narrowNone(c, argument, truth);
      return;
    }
  }
}

function assumeEqual(c: Checking, value: ast.Expression, other: ast.Expression, equal: boolean): void {
  if (other.kind === "NoneLiteral") narrowNone(c, value, equal);
  else if (other.kind === "StringLiteral") {
    replace(c, value, (type) => {
      if (!literalsOf(type).has(other.value)) return type;
      return union(membersOf(type).filter((m) => (m.kind === "literal" && m.value === other.value) === equal));
    });
  }
}

function narrowNone(c: Checking, value: ast.Expression, isNone: boolean): void {
  replace(c, value, (type) =>
    isNone ? (membersOf(type).some((m) => m.kind === "none") ? NONE : type) : withoutNone(type),
  );
}

function replace(c: Checking, value: ast.Expression, change: (type: Type) => Type): void {
  const path = pathOf(c, value);
  const type = c.types.get(value);
  if (path === undefined || type === undefined || type.kind !== "union") return;
  const narrowed = change(type);
  if (narrowed !== type && narrowed.kind !== "never") c.flow = narrow(c.flow, path, narrowed);
}

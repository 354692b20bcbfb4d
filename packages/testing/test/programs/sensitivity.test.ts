import type { Module } from "@pgl/grammar";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { programs } from "../../src/programs/arbitrary.js";
import { measure, type Measure } from "../../src/reference/index.js";
import { expectSameMeasure } from "../../src/laws/same-measure.js";
import { LawError } from "../../src/laws/difference.js";

type Tree = Record<string, unknown>;

/** The tree with every node that `change` answers for replaced by the answer; null when there is none. */
function replaced(root: Module, change: (node: Tree) => unknown): Module | null {
  let changed = false;
  const visit = (node: unknown): unknown => {
    if (typeof node !== "object" || node === null) return node;
    if (Array.isArray(node)) return node.map(visit).filter((x) => x !== undefined);
    const answer = change(node as Tree);
    if (answer !== false) {
      changed = true;
      return answer;
    }
    return Object.fromEntries(Object.entries(node).map(([k, v]) => [k, visit(v)]));
  };
  const tree = visit(root) as Module;
  return changed ? tree : null;
}

/** What a wrong compiler might do to a program, done to its tree. */
const mistakes: Record<string, (node: Tree) => unknown> = {
  "a factor dropped": (n) => (n.kind === "FactorStatement" ? undefined : false),
  "a factor taken twice": (n) =>
    n.kind === "FactorStatement"
      ? { ...n, weight: { kind: "BinaryExpression", operator: "+", left: n.weight, right: n.weight, span: n.span } }
      : false,
  "an observation dropped": (n) => (n.kind === "ObserveStatement" ? undefined : false),
  "a condition dropped": (n) => (n.kind === "ConditionStatement" ? undefined : false),
  "branches swapped": (n) =>
    n.kind === "IfExpression" && (n.else as Tree | undefined)?.kind === "Block"
      ? { ...n, then: n.else, else: n.then }
      : false,
  "a break ignored": (n) => (n.kind === "BreakStatement" ? { kind: "ContinueStatement", span: n.span } : false),
  "an early return ignored": (n) =>
    n.kind === "IfExpression" &&
    ((n.then as Tree).statements as Tree[])[0]?.kind === "ReturnStatement" &&
    n.else === undefined
      ? { kind: "NoneLiteral", span: n.span }
      : false,
  "a loop left out": (n) => (n.kind === "ForStatement" ? undefined : false),
  "an assignment lost": (n) => (n.kind === "AssignStatement" && n.operator === "=" ? undefined : false),
  "a proposal taken for the distribution": (n) =>
    n.kind === "DrawStatement" && n.proposal !== undefined
      ? { ...n, distribution: n.proposal, proposal: undefined }
      : false,
  "&& taken for ||": (n) => (n.kind === "BinaryExpression" && n.operator === "&&" ? { ...n, operator: "||" } : false),
};

test("random programs tell a right compiler from a wrong one", { timeout: 120_000 }, () => {
  const noticed = new Map(Object.keys(mistakes).map((m) => [m, 0]));
  for (const program of fc.sample(programs({ bits: 7 }), { numRuns: 700, seed: 17 })) {
    const measured = (module: Module): Measure | Error => {
      try {
        return measure(module, program.model, program.args, {
          lms: program.lms,
          limits: { executions: 500, steps: 500 },
        });
      } catch (error) {
        return error as Error;
      }
    };
    const right = measured(program.module);
    if (right instanceof Error) continue;
    for (const [mistake, change] of Object.entries(mistakes)) {
      const mutant = replaced(program.module, change);
      if (mutant === null) continue;
      const wrong = measured(mutant);
      try {
        if (!(wrong instanceof Error)) expectSameMeasure(wrong, right);
      } catch (error) {
        expect(error).toBeInstanceOf(LawError);
        noticed.set(mistake, noticed.get(mistake)! + 1);
      }
    }
  }
  for (const [mistake, times] of noticed) expect(times, mistake).toBeGreaterThanOrEqual(3);
});

import { builtins, constraintKinds, languageModelMembers } from "@pgl/compiler";
import * as fc from "fast-check";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { programs } from "../../src/index.js";

type Tree = Readonly<Record<string, unknown>>;

/** Kinds of nodes of the syntax tree, as its source declares them: a new one is missed here until it is generated. */
const source = readFileSync(fileURLToPath(new URL("../../../../grammar/src/ast.ts", import.meta.url)), "utf8");
const kinds = [...new Set([...source.matchAll(/kind: "(\w+)"/g)].map((m) => m[1]!))];
const operatorsOf = (after: string): string[] => {
  const from = source.indexOf(after);
  return [...source.slice(from, source.indexOf(";", from)).matchAll(/"([^"\w]+|in)"/g)].map((m) => m[1]!);
};

/** What random programs do not have, and why. */
const without: Readonly<Record<string, string>> = {
  ImportDeclaration: "a random program is one file",
  ImportSpecifier: "a random program is one file",
  TwistDeclaration: "a method chooses one by its option: properly weighted in tests of its own",
  TwistFileDeclaration: "names a file, and leaves the measure as it is",
  LmOption: "names a file, and leaves the measure as it is",
  OnStatement: "stands in a twist that is declared",
  MissingExpression: "stands only in trees that came with errors",
  "//": "begins a comment: it is printed as `int_div`, which comes up",
  "matches predicate": "its functions come from TypeScript, and a random program is one file",
  "lm chat": "a table model has no chat template",
};

/** Every construct and built-in that a tree has. */
function constructs(module: unknown): Set<string> {
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if (Array.isArray(node)) return node.forEach(visit);
    const tree = node as Tree;
    if (typeof tree["kind"] === "string") found.add(tree["kind"]);
    if (tree["kind"] === "BinaryExpression" || tree["kind"] === "AssignStatement")
      found.add(`${tree["kind"] as string} ${tree["operator"] as string}`);
    if (tree["kind"] === "Identifier") found.add(`name ${tree["name"] as string}`);
    Object.values(tree).forEach(visit);
  };
  visit(module);
  return found;
}

test("every construct and built-in of the language comes up in random programs", { timeout: 120_000 }, () => {
  const wanted = new Map<string, string>([
    ...kinds.map((kind) => [kind, kind] as const),
    ...operatorsOf("export type BinaryOperator").map((op) => [op, `BinaryExpression ${op}`] as const),
    ...operatorsOf('readonly operator: "="').map((op) => [op, `AssignStatement ${op}`] as const),
    ...builtins.map(({ name }) => [name, `name ${name}`] as const),
    ...constraintKinds.map(({ name }) => [`matches ${name}`, `name ${name}`] as const),
    ...languageModelMembers.map(({ name }) => [`lm ${name}`, `name ${name}`] as const),
  ]);
  expect(wanted.size).toBeGreaterThan(190);
  const counts = new Map<string, number>();
  for (const program of fc.sample(programs({ bits: 9 }), { numRuns: 3000, seed: 3 }))
    for (const construct of constructs(program.module)) counts.set(construct, (counts.get(construct) ?? 0) + 1);
  const missing = [...wanted].filter(([name, key]) => !(name in without) && (counts.get(key) ?? 0) < 2);
  expect(missing.map(([name]) => name)).toEqual([]);
  const unexpected = Object.keys(without).filter((name) => (counts.get(wanted.get(name)!) ?? 0) > 0);
  expect(unexpected, "no longer without").toEqual([]);
});

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  parse,
  parseExpression,
  print,
  type ConstraintNode,
  type DrawStatement,
  type Expression,
  type MatchArm,
  type MatchExpression,
  type MethodNode,
  type ModelDeclaration,
  type ObserveStatement,
  type Parameter,
  type QueryDeclaration,
  type TypeDeclaration,
} from "../src/index.js";
import { essence, modules, trees } from "./trees.js";

describe("print", () => {
  test("parses back to the same tree", () => {
    fc.assert(
      fc.property(modules, (tree) => {
        const text = print(tree);
        const read = parse(text);
        expect(read.diagnostics, text).toEqual([]);
        expect(essence(read.tree), text).toEqual(essence(tree));
      }),
      { numRuns: 500 },
    );
  });

  test("expressions by themselves parse back", () => {
    fc.assert(
      fc.property(trees.expression, (tree) => {
        const text = print(tree);
        const read = parseExpression(text);
        expect(read.diagnostics, text).toEqual([]);
        expect(essence(read.expression), text).toEqual(essence(tree));
      }),
      { numRuns: 500 },
    );
  });

  test("writes any node by itself", () => {
    const { tree } = parse(
      'model m(x: int = 1) {\n  let (a, { b }) ~ d(1, k: 2)\n  observe s matches /a/ and (not b or "c")\n  match x { (1, { y }) if z => 2 }\n}\ntype T = (int) ~> { a?: "b" }\nquery m() using smc(n: 1)',
    );
    const [model, type, query] = tree.declarations as readonly [ModelDeclaration, TypeDeclaration, QueryDeclaration];
    const [draw, observe] = model.body.statements as readonly [DrawStatement, ObserveStatement];
    const match = model.body.result as MatchExpression;
    const arm = match.arms[0] as MatchArm;
    const written: [Parameters<typeof print>[0], string][] = [
      [model.parameters[0] as Parameter, "x: int = 1"],
      [draw, "let (a, { b }) ~ d(1, k: 2)"],
      [draw.pattern, "(a, { b })"],
      [draw.distribution, "d(1, k: 2)"],
      [observe.constraint as ConstraintNode, '/a/ and (not b or "c")'],
      [match, "match x {\n  (1, { y }) if z => 2,\n}"],
      [arm, "(1, { y }) if z => 2"],
      [arm.pattern, "(1, { y })"],
      [arm.body, "{ 2 }"],
      [type, 'type T = (int) ~> { a?: "b" }'],
      [type.type, '(int) ~> { a?: "b" }'],
      [query, "query m() using smc(n: 1)"],
      [query.infer.method as MethodNode, "smc(n: 1)"],
    ];
    for (const [node, text] of written) expect(print(node)).toBe(text);
  });

  test("writes what trees alone can hold as near as can be", () => {
    const span = { start: 0, end: 0 };
    const name = (each: string): Expression => ({ kind: "Identifier", name: each, span });
    const binary = (operator: "//" | "+", left: Expression, right: Expression): Expression => ({
      kind: "BinaryExpression",
      operator,
      left,
      right,
      span,
    });
    expect(print(binary("//", binary("+", name("a"), name("b")), name("c")))).toBe("int_div(a + b, c)");
    expect(print({ kind: "NumberLiteral", value: 3, integer: false, raw: "3", span })).toBe("3.0");
    expect(print({ kind: "NumberLiteral", value: 1e21, integer: true, raw: "", span })).toBe("1000000000000000000000");
    expect(print({ kind: "StringLiteral", value: "a", raw: '"b"', multiline: false, span })).toBe('"a"');
    expect(print({ kind: "StringLiteral", value: "é", raw: '"\\u{e9}"', multiline: false, span })).toBe('"\\u{e9}"');
    expect(print({ kind: "RegexConstraint", source: "a/b[/]\n", flags: "", span })).toBe("/a\\/b[/]\\n/");
    expect(print({ kind: "RegexConstraint", source: "", flags: "i", span })).toBe("/(?:)/i");
  });

  test("groups short declarations and parts long ones", () => {
    const { tree } = parse("const a = 1\n\nconst b = 2\nmodel m() {}\nmodel n() {}\nquery m()\nquery n()");
    expect(print(tree)).toBe("const a = 1\nconst b = 2\n\nmodel m() {}\n\nmodel n() {}\n\nquery m()\nquery n()\n");
    expect(print({ ...tree, declarations: [] })).toBe("");
  });

  test("is tested with every kind of node that a program can have", () => {
    const seen = new Set<string>();
    const collect = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      if ("kind" in value && typeof value.kind === "string") seen.add(value.kind);
      Object.values(value).forEach(collect);
    };
    fc.sample(modules, { numRuns: 400, seed: 1 }).forEach(collect);
    const declared = [...readFileSync(new URL("../src/ast.ts", import.meta.url), "utf8").matchAll(/kind: "(\w+)"/g)];
    const kinds = new Set(declared.map((each) => each[1] as string));
    expect(kinds.size).toBeGreaterThan(70);
    kinds.delete("MissingExpression");
    expect([...kinds].filter((kind) => !seen.has(kind))).toEqual([]);
  });
});

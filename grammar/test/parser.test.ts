import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  parse,
  parseExpression,
  parseMethod,
  print,
  type Expression,
  type ImportDeclaration,
  type ModelDeclaration,
  type Statement,
  type TypeNode,
} from "../src/index.js";
import { layout } from "../src/layout.js";
import { lex } from "../src/lexer.js";
import { lineStarts } from "../src/locate.js";
import { PglParser } from "../src/parser.js";
import { Regions } from "../src/regions.js";
import { essence, modules } from "./trees.js";

/** An expression with all its operators in brackets. */
function grouped(text: string): string {
  const { expression, diagnostics } = parseExpression(text);
  expect(diagnostics, text).toEqual([]);
  return show(expression);
}

function show(node: Expression): string {
  switch (node.kind) {
    case "BinaryExpression":
      return `(${show(node.left)} ${node.operator} ${show(node.right)})`;
    case "UnaryExpression":
      return `(${node.operator}${show(node.operand)})`;
    case "RangeExpression":
      return `(${show(node.start)} .. ${show(node.end)})`;
    case "MatchesExpression":
      return `(${show(node.value)} matches ${print(node.constraint)})`;
    case "MemberExpression":
      return `${show(node.object)}.${node.property.name}`;
    case "CallExpression":
      return `${show(node.callee)}(${node.arguments.map((each) => show(each.value)).join(", ")})`;
    case "IndexExpression":
      return `${show(node.object)}[${show(node.index)}]`;
    case "SampleExpression":
      return `(sample ${show(node.distribution)}${node.proposal ? ` proposal ${show(node.proposal)}` : ""})`;
    default:
      return print(node);
  }
}

function statement(text: string): Statement | Expression {
  const { tree, diagnostics } = parse(`model m() {\n${text}\n}`);
  expect(diagnostics, text).toEqual([]);
  const declaration = tree.declarations[0];
  if (declaration?.kind !== "ModelDeclaration") throw new Error("no model");
  return (declaration.body.statements[0] ?? declaration.body.result) as Statement;
}

describe("the grammar", () => {
  test("passes chevrotain's validations: no ambiguity, no left recursion, nothing unreachable", () => {
    expect(() => new PglParser({ skipValidations: false })).not.toThrow();
  });

  test("is read the same with chevrotain's own lookahead", () => {
    const own = new PglParser({ skipValidations: false });
    fc.assert(
      fc.property(modules, (tree) => {
        const text = print(tree);
        const { tokens, comments } = lex(text);
        const placed = layout(tokens, comments, lineStarts(text), text.length);
        own.begin(placed.tokens, placed.docs, new Regions([]));
        expect(essence(own.module())).toEqual(essence(parse(text).tree));
        expect(own.problems).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

describe("precedence", () => {
  test.each([
    ["a ?? b || c && d == e", "(a ?? (b || (c && (d == e))))"],
    ["a && b || c ?? d", "(((a && b) || c) ?? d)"],
    ["a == b + c * d", "(a == (b + (c * d)))"],
    ["a - b - c / d % e", "((a - b) - ((c / d) % e))"],
    ["0..n - 1", "(0 .. (n - 1))"],
    ["x in 0..n", "(x in (0 .. n))"],
    ["-a ^ b", "(-(a ^ b))"],
    ["a ^ b ^ c", "(a ^ (b ^ c))"],
    ["a ^ -b ^ c", "(a ^ (-(b ^ c)))"],
    ["2 * -x", "(2 * (-x))"],
    ["!a in b", "((!a) in b)"],
    ["!f(x).y[0]", "(!f(x).y[0])"],
    ["- - a", "(-(-a))"],
    ["a + s matches /x/ or /y/ && b", "(((a + s) matches /x/ or /y/) && b)"],
    ['s matches "a" + b || c', '((s matches "a" + b) || c)'],
    ["sample d(1).e + 2", "((sample d(1).e) + 2)"],
    ["sample d proposal q.r || b", "((sample d proposal q.r) || b)"],
    ["(a + b) * c", "((a + b) * c)"],
    ["(a ?? b).c", "(a ?? b).c"],
  ])("%s", (text, tree) => expect(grouped(text)).toBe(tree));

  test.each(["a < b < c", "a == b != c", "a in b in c", "a matches b == c", "a == b matches c", "a..b..c"])(
    "%s does not chain",
    (text) => {
      const { diagnostics } = parseExpression(text);
      expect(diagnostics.map((each) => each.code)).toEqual(["PGL1024"]);
    },
  );
});

describe("expressions", () => {
  test.each([
    ["{}", { kind: "RecordExpression", fields: [] }],
    ["{ a }", { kind: "RecordExpression", fields: [{ shorthand: true, name: { name: "a" } }] }],
    ["{ a, ...b }", { kind: "RecordExpression", fields: [{ kind: "Field" }, { kind: "Spread" }] }],
    [
      "{ step: 1, map: 2 }",
      { kind: "RecordExpression", fields: [{ name: { name: "step" } }, { name: { name: "map" } }] },
    ],
    [
      "{ a\n b }",
      { kind: "BlockExpression", block: { statements: [{ kind: "ExpressionStatement" }], result: { name: "b" } } },
    ],
    ["{ (a) }", { kind: "BlockExpression", block: { statements: [], result: { name: "a" } } }],
    ["{ ; }", { kind: "BlockExpression", block: { statements: [] } }],
    ['map { a: 1, "b": 2 }', { kind: "MapExpression", entries: [{ key: { name: "a" } }, { key: { value: "b" } }] }],
    ["map(xs, f)", { kind: "CallExpression", callee: { name: "map" } }],
    ["x => { x }", { kind: "LambdaExpression", body: { statements: [], result: { kind: "Identifier" } } }],
    ["x => {}", { kind: "LambdaExpression", body: { statements: [] } }],
    ["x => { a: x }", { kind: "LambdaExpression", body: { result: { kind: "RecordExpression" } } }],
    ["x => ({ x })", { kind: "LambdaExpression", body: { result: { kind: "RecordExpression" } } }],
    ["x => y => x", { kind: "LambdaExpression", body: { result: { kind: "LambdaExpression" } } }],
    [
      "(x, y: int = 2) => x",
      { parameters: [{ name: { name: "x" } }, { type: { name: { name: "int" } }, defaultValue: { value: 2 } }] },
    ],
    ["() => 1", { kind: "LambdaExpression", parameters: [] }],
    ["(a)", { kind: "Identifier" }],
    ["(a, b,)", { kind: "TupleExpression", elements: [{}, {}] }],
    ["a.proposal.0", { object: { property: { name: "proposal" } }, property: { name: "0" } }],
    [
      "f(1, proposal: g, b: c)",
      { arguments: [{ value: { value: 1 } }, { name: { name: "proposal" } }, { name: { name: "b" } }] },
    ],
    ["if a { 1 } else if b { 2 } else { 3 }", { else: { kind: "IfExpression", else: { kind: "Block" } } }],
    ["infer m(1) using smc(particles: 64)", { kind: "InferExpression", method: { name: { name: "smc" } } }],
    ["infer m(1).mode()", { kind: "CallExpression", callee: { object: { kind: "InferExpression" } } }],
  ])("%s", (text, shape) => {
    const { expression, diagnostics } = parseExpression(text);
    expect(diagnostics).toEqual([]);
    expect(expression).toMatchObject(shape);
  });

  test("cases of a match are separated by commas or lines", () => {
    const { expression, diagnostics } = parseExpression(
      'match a {\n  "x" => { 1 }\n  (b, _) if b > 2 => 3\n  { c, d: 4 } => 5,\n  _ => 6 }',
    );
    expect(diagnostics).toEqual([]);
    expect(expression).toMatchObject({
      arms: [
        { pattern: { kind: "LiteralPattern" } },
        { pattern: { kind: "TupleMatchPattern" }, guard: { kind: "BinaryExpression" } },
        {
          pattern: {
            kind: "RecordMatchPattern",
            fields: [{ pattern: { kind: "NamePattern" } }, { pattern: { kind: "LiteralPattern" } }],
          },
        },
        { pattern: { kind: "WildcardPattern" } },
      ],
    });
  });

  test("the arrow after a guard is the case's", () => {
    const { expression, diagnostics } = parseExpression("match a { n if done => 1, n if (b) => 2 }");
    expect(diagnostics).toEqual([]);
    expect(expression).toMatchObject({ arms: [{ guard: { name: "done" } }, { guard: { name: "b" } }] });
  });

  test.each([
    ["s matches /a\\/b[/]/iu", { kind: "RegexConstraint", source: "a\\/b[/]", flags: "iu" }],
    ["s matches chars(1..20)", { kind: "ConstraintCall", arguments: [{ value: { kind: "RangeExpression" } }] }],
    ["s matches options", { kind: "ValueConstraint", value: { kind: "Identifier" } }],
    ["s matches a.b(c)", { kind: "ValueConstraint", value: { kind: "CallExpression" } }],
    [
      "s matches not a and b or c",
      { kind: "OrConstraint", operands: [{ kind: "AndConstraint", operands: [{ kind: "NotConstraint" }, {}] }, {}] },
    ],
    ["s matches (a or b) and c", { kind: "AndConstraint", operands: [{ kind: "OrConstraint" }, {}] }],
    ["s matches (a + b) + c", { kind: "ValueConstraint", value: { kind: "BinaryExpression" } }],
    ["s matches (a ?? b)", { kind: "ValueConstraint", value: { kind: "BinaryExpression", operator: "??" } }],
    [
      "s matches /${name} said [${a.b}]\\${x}.*/i",
      {
        kind: "RegexConstraint",
        source: "${name} said [${a.b}]\\${x}.*",
        values: [
          { kind: "Identifier", name: "name", span: { start: 13, end: 17 } },
          { kind: "MemberExpression", object: { name: "a" }, property: { name: "b", span: { start: 29, end: 30 } } },
        ],
      },
    ],
    [
      's matches sequence(/a*/ or "b", repeated("c" and not x, 1..n, /,/))',
      {
        kind: "ConstraintCall",
        arguments: [
          { value: { kind: "ConstraintExpression", constraint: { kind: "OrConstraint" } } },
          {
            value: {
              constraint: {
                kind: "ConstraintCall",
                arguments: [
                  { value: { constraint: { kind: "AndConstraint" } } },
                  { value: { kind: "RangeExpression" } },
                  { value: { constraint: { kind: "RegexConstraint" } } },
                ],
              },
            },
          },
        ],
      },
    ],
    ["s matches a.sequence(b)", { kind: "ValueConstraint", value: { arguments: [{ value: { name: "b" } }] } }],
    ["s matches contains(sequence(b))", { arguments: [{ value: { arguments: [{ value: { name: "b" } }] } }] }],
    ['s matches ["a", "b"]', { kind: "ValueConstraint", value: { kind: "ListExpression" } }],
  ])("%s", (text, constraint) => {
    const { expression, diagnostics } = parseExpression(text);
    expect(diagnostics).toEqual([]);
    expect(expression).toMatchObject({ kind: "MatchesExpression", constraint });
  });

  test.each([
    ["1_000.5e-1", { value: 100.05, integer: false, raw: "1_000.5e-1" }],
    ["42", { value: 42, integer: true }],
    ["1e3", { value: 1000, integer: false }],
  ])("%s", (text, shape) =>
    expect(parseExpression(text).expression).toMatchObject({ kind: "NumberLiteral", ...shape }),
  );
});

describe("statements", () => {
  test.each([
    ["let x = 1", { kind: "LetStatement", mutable: false, value: { value: 1 } }],
    ["var x: int? = none", { kind: "LetStatement", mutable: true, type: { kind: "OptionalType" } }],
    [
      "let (a, (_, b)) = c",
      { pattern: { kind: "TuplePattern", elements: [{}, { elements: [{ kind: "WildcardPattern" }, {}] }] } },
    ],
    [
      "let { a, step: b } = c",
      { pattern: { kind: "RecordPattern", fields: [{ pattern: { name: "a" } }, { pattern: { name: "b" } }] } },
    ],
    ["let x ~ d", { kind: "DrawStatement", distribution: { name: "d" } }],
    [
      "let x: list<int>= []",
      { kind: "LetStatement", type: { name: { name: "list" } }, value: { kind: "ListExpression" } },
    ],
    ["let x ~ d(1) proposal e + f", { kind: "DrawStatement", proposal: { kind: "BinaryExpression" } }],
    ["let x = sample d", { kind: "LetStatement", value: { kind: "SampleExpression" } }],
    ["x = 1", { kind: "AssignStatement", operator: "=" }],
    ["x /= 2", { kind: "AssignStatement", operator: "/=" }],
    ["observe v ~ d", { kind: "ObserveStatement", distribution: { name: "d" } }],
    [
      "observe v matches /a/ and b",
      { kind: "ObserveStatement", value: { name: "v" }, constraint: { kind: "AndConstraint" } },
    ],
    ["observe a matches b ~ d", { kind: "ObserveStatement", value: { kind: "MatchesExpression" } }],
    ["condition a in b", { kind: "ConditionStatement", test: { operator: "in" } }],
    ["factor -a", { kind: "FactorStatement" }],
    ["twist a", { kind: "TwistStatement" }],
    ["step", { kind: "StepStatement" }],
    [
      "for (x, y) in zip(a, b) { c }",
      { kind: "ForStatement", pattern: { kind: "TuplePattern" }, body: { result: { name: "c" } } },
    ],
    ["while !a { break }", { kind: "WhileStatement", body: { statements: [{ kind: "BreakStatement" }] } }],
    ["return { a, b: 1 }", { kind: "ReturnStatement", value: { kind: "RecordExpression" } }],
    [
      "fn f(x: int): int = x + 1",
      { kind: "FunctionDeclaration", exported: false, body: { result: { kind: "BinaryExpression" } } },
    ],
  ])("%s", (text, shape) => expect(statement(text)).toMatchObject(shape));
});

describe("types", () => {
  const type = (text: string): TypeNode => {
    const { tree, diagnostics } = parse(`type T = ${text}`);
    expect(diagnostics, text).toEqual([]);
    return (tree.declarations[0] as { type: TypeNode }).type;
  };
  test.each([
    ["map<string, list<int>>", { kind: "NamedType", arguments: [{}, { arguments: [{ name: { name: "int" } }] }] }],
    ["int??", { kind: "OptionalType", type: { kind: "OptionalType" } }],
    ['"a" | "b"', { kind: "UnionType", members: [{ kind: "StringLiteralType", value: "a" }, { value: "b" }] }],
    ['\n  | "a"\n  | "b"', { kind: "UnionType" }],
    [
      "{ a: int, type?: float }",
      { kind: "RecordType", fields: [{ optional: false }, { name: { name: "type" }, optional: true }] },
    ],
    ["{\n  a: int\n  b: float\n}", { kind: "RecordType", fields: [{}, {}] }],
    ["(int, string)", { kind: "TupleType" }],
    ["(int) ~> bool | none_", { kind: "FunctionType", generative: true, result: { kind: "UnionType" } }],
    ["((int) -> bool)?", { kind: "OptionalType", type: { kind: "FunctionType", generative: false } }],
    ["() -> lm", { kind: "FunctionType", parameters: [] }],
  ])("%s", (text, shape) => expect(type(text)).toMatchObject(shape));
});

describe("declarations", () => {
  test("of every kind", () => {
    const { tree, diagnostics } = parse(`
      import { a, b as c } from "./x.ts"
      export lm writer = "stories"
      const n: int = 3
      type T = int
      export fn f(x: int, y: float = 1.0): int { x }
      fn g() = 2
      model m(): string { return "a" }
      proposal p for m { let y ~ d }
      proposal q(x: int) for m {}
      query m(1) using smc(particles: 64)
      query named = m()
      lm distilled = "onnx:./a", surrogate: "s.json"
      export twist ahead = "twists/infill.json"
      twist hopeful for m { }`);
    expect(diagnostics).toEqual([]);
    expect(tree.declarations).toMatchObject([
      {
        kind: "ImportDeclaration",
        specifiers: [{ local: { name: "a" } }, { imported: { name: "b" }, local: { name: "c" } }],
        source: { value: "./x.ts" },
      },
      { kind: "LmDeclaration", exported: true, spec: { value: "stories" }, options: [] },
      { kind: "ConstDeclaration", exported: false, type: { name: { name: "int" } } },
      { kind: "TypeDeclaration" },
      { kind: "FunctionDeclaration", exported: true, parameters: [{}, { defaultValue: { value: 1 } }] },
      { kind: "FunctionDeclaration", body: { result: { value: 2 } } },
      { kind: "ModelDeclaration", result: { name: { name: "string" } } },
      { kind: "ProposalDeclaration", parameters: [], target: { name: "m" } },
      { kind: "ProposalDeclaration", parameters: [{}] },
      { kind: "QueryDeclaration", infer: { model: { name: "m" }, method: { name: { name: "smc" } } } },
      { kind: "QueryDeclaration", name: { name: "named" } },
      { kind: "LmDeclaration", options: [{ name: { name: "surrogate" }, value: { value: "s.json" } }] },
      { kind: "TwistFileDeclaration", exported: true, file: { value: "twists/infill.json" } },
      { kind: "TwistDeclaration", target: { name: "m" } },
    ]);
    const specifier = (tree.declarations[0] as ImportDeclaration).specifiers[0];
    expect(specifier?.local).toBe(specifier?.imported);
  });

  test("methods by themselves", () => {
    expect(parseMethod("smc(particles: 64)")).toMatchObject({
      method: { name: { name: "smc" }, arguments: [{ value: { value: 64 } }] },
      diagnostics: [],
    });
    expect(parseMethod("enumerate")).toMatchObject({
      method: { name: { name: "enumerate" }, arguments: [] },
      diagnostics: [],
    });
    expect(parseMethod("smc(").diagnostics).toHaveLength(1);
    expect(parseMethod("").method).toBeUndefined();
    expect(parseMethod("smc() + 1").diagnostics[0]?.message).toBe("expected nothing more after the method, found `+`");
  });
});

describe("spans", () => {
  /** Every node of a tree, with whether it is an expression. */
  function* nodes(value: unknown): Generator<{ kind: string; span: { start: number; end: number } }> {
    if (typeof value !== "object" || value === null) return;
    if ("kind" in value && "span" in value) yield value as never;
    for (const each of Object.values(value)) yield* nodes(each);
  }

  function check(text: string): number {
    const { tree, diagnostics } = parse(text);
    expect(diagnostics).toEqual([]);
    let count = 0;
    for (const node of nodes(tree)) {
      const { start, end } = node.span;
      expect(start >= 0 && end >= start && end <= text.length, `${node.kind} ${start} ${end}`).toBe(true);
      const slice = text.slice(start, end);
      if (node.kind === "Identifier") expect(slice).toBe((node as unknown as { name: string }).name);
      // Those of a query, negative numbers in patterns, and constraints as arguments are no expressions by themselves.
      if (node.kind === "ConstraintExpression") continue;
      if (node.kind === "InferExpression" && !slice.startsWith("infer")) continue;
      if (node.kind === "NumberLiteral" && slice.startsWith("-")) continue;
      if (node.kind.endsWith("Expression") || node.kind.endsWith("Literal")) {
        // In brackets, as lines do not count there.
        const alone = parseExpression(`(${slice})`);
        expect(alone.diagnostics, slice).toEqual([]);
        expect(essence(alone.expression), slice).toEqual(essence(node));
        count++;
      }
    }
    return count;
  }

  test("of expressions hold just what reads as them again", () => {
    const folder = fileURLToPath(new URL("../../examples/", import.meta.url));
    let count = 0;
    for (const name of readdirSync(folder).filter((each) => each.endsWith(".pgl"))) {
      count += check(readFileSync(folder + name, "utf8"));
    }
    expect(count).toBeGreaterThan(400);
    check("const a = (b + c) * ((d)) - (e).f(g)[(h)] ^ (i)");
    check("const a = -(b) matches ((/x/) or c) && !(d)");
    fc.assert(
      fc.property(modules, (tree) => void check(print(tree))),
      { numRuns: 80 },
    );
  });

  test("of declarations and statements begin with their first word and end with their last", () => {
    const text = "/// doc\nexport model m() {\n  let x = (1)\n  (x)\n}\nquery m() // c";
    const { tree } = parse(text);
    const [model, query] = tree.declarations;
    expect(text.slice(model?.span.start, model?.span.end)).toMatch(/^export model[\s\S]*\}$/);
    expect(text.slice(query?.span.start, query?.span.end)).toBe("query m()");
    const body = (model as ModelDeclaration).body;
    expect(text.slice(body.statements[0]?.span.start, body.statements[0]?.span.end)).toBe("let x = (1)");
    expect(tree.span).toEqual({ start: 0, end: text.length });
  });
});

describe("constraints as arguments", () => {
  const constraintIn = (text: string): unknown => {
    const { expression, diagnostics } = parseExpression(text);
    expect(diagnostics, text).toEqual([]);
    const last = (expression as { arguments: readonly { value: Expression }[] }).arguments.at(-1)!.value;
    return last.kind === "ConstraintExpression" ? print(last.constraint) : last.kind;
  };

  test("are what `matching` of a text and `masked` take", () => {
    expect(constraintIn("m.text(after: a, matching: /x+/ and not contains(b))")).toBe("/x+/ and not contains(b)");
    expect(constraintIn("m.text(matching: (/x/ or a) and words(1..2))")).toBe("(/x/ or a) and words(1..2)");
    expect(constraintIn("d.masked(/x/ or [a, b])")).toBe("/x/ or [a, b]");
    expect(constraintIn("m.text(after: a).masked(a + b)")).toBe("a + b");
  });

  test("and nowhere else: other arguments of these names are expressions", () => {
    expect(constraintIn("f(matching: a == b)")).toBe("BinaryExpression");
    expect(constraintIn("m.text(after: a == b)")).toBe("BinaryExpression");
    expect(constraintIn("m.text(matching: f(g(a == b)), after: (a == b))")).toBe("BinaryExpression");
    expect(constraintIn("masked(a == b)")).toBe("BinaryExpression");
    expect(parseExpression("f(/x/)").diagnostics).toHaveLength(1);
  });
});

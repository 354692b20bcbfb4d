import { describe, expect, test } from "vitest";
import { parse, type ModelDeclaration, type Statement } from "../src/index.js";

/** The kinds of the statements of a body, its value last. */
function body(text: string): string[] {
  const { tree, diagnostics } = parse(`model m() {\n${text}\n}`);
  expect(diagnostics).toEqual([]);
  const { statements, result } = (tree.declarations[0] as ModelDeclaration).body;
  const kind = (each: Statement) => (each.kind === "ExpressionStatement" ? each.expression.kind : each.kind);
  return [...statements.map(kind), ...(result ? [`value ${result.kind}`] : [])];
}

describe("lines", () => {
  test.each([
    ["a line ends a statement", "let a = b\nlet c = d", ["LetStatement", "LetStatement"]],
    ["so does `;`", "let a = b; step; c", ["LetStatement", "StepStatement", "value Identifier"]],
    ["`;` after the last expression discards it", "a; b;", ["Identifier", "Identifier"]],
    ["an operator at the end goes on", "let a = b +\n  c *\n  d", ["LetStatement"]],
    ["an operator at the beginning goes on", "let a = b\n  + c\n  && d\n  ?? e\n  / f", ["LetStatement"]],
    [
      "words that are operators, too",
      "let a = b\n  in c\nd\n  matches /e/",
      ["LetStatement", "value MatchesExpression"],
    ],
    ["a member goes on", "let a = b\n  .c(1)\n  .d", ["LetStatement"]],
    ["`-` begins anew", "let a = b\n- c", ["LetStatement", "value UnaryExpression"]],
    ["`(` begins anew", "f\n(a, b)", ["Identifier", "value TupleExpression"]],
    ["`[` begins anew", "f\n[a]", ["Identifier", "value ListExpression"]],
    ["`!` begins anew", "f\n!a", ["Identifier", "value UnaryExpression"]],
    ["`{` begins anew", "f\n{ let a = b\n a }", ["Identifier", "value BlockExpression"]],
    [
      "in round and square brackets lines do not count",
      "let a = (b\n- c\n)\nlet d = [e\n, - f]",
      ["LetStatement", "LetStatement"],
    ],
    ["in braces in brackets they do", "f(x => {\n g\n (h)\n})", ["value CallExpression"]],
    [
      "`else` may have a line of its own",
      "if a { b }\nelse if c { d }\nelse { e }\nf",
      ["IfExpression", "value Identifier"],
    ],
    ["`{` may have a line of its own", "for a in b\n{ c }", ["ForStatement"]],
    [
      "`proposal` and `using` go on",
      "let a ~ b\n  proposal c\nlet d = infer m()\n  using smc()",
      ["DrawStatement", "LetStatement"],
    ],
    ["`return` alone ends with its line", "return\na", ["ReturnStatement", "value Identifier"]],
    ["comments change nothing", "let a = b // +\n  + c /* d */\n// e\n- f", ["LetStatement", "value UnaryExpression"]],
    ["a comment over lines is a new line", "a /* b\n */ - c", ["Identifier", "value UnaryExpression"]],
    ["`}` is the end of a statement as well", "if a { b } else { c; d }", ["value IfExpression"]],
  ])("%s", (_name, text, kinds) => expect(body(text)).toEqual(kinds));

  test("outside of bodies, a line that begins with `proposal` is a declaration", () => {
    const { tree, diagnostics } = parse("const f = x => sample x\nproposal g for m {}");
    expect(diagnostics).toEqual([]);
    expect(tree.declarations.map((each) => each.kind)).toEqual(["ConstDeclaration", "ProposalDeclaration"]);
  });
});

describe("doc comments", () => {
  const docs = (text: string) => parse(text).tree.declarations.map((each) => ("doc" in each ? each.doc : undefined));
  test("are the `///` lines directly above a declaration", () => {
    expect(docs("/// One\n///  two\n///\nexport model m() {}")).toEqual(["One\n two\n"]);
    expect(docs("/// one\n\n/// two\nfn f() = 1")).toEqual(["two"]);
    expect(docs("/// far\n\nfn f() = 1")).toEqual([undefined]);
    expect(docs("/// a\n// b\nfn f() = 1")).toEqual([undefined]);
    expect(docs("const a = 1 /// of a\nconst b = 2")).toEqual([undefined, undefined]);
  });
  test("belong to local functions as well", () => {
    const { tree } = parse("fn f() {\n  /// inner\n  fn g() = 1\n}");
    expect(tree.declarations[0]).toMatchObject({ body: { statements: [{ doc: "inner" }] } });
  });
});

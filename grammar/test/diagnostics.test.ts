import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { lineStarts, locate, parse, parseExpression, syntaxCodes, type Diagnostic } from "../src/index.js";
import { lex } from "../src/lexer.js";

/** "line:column code message" of each, in order. */
function said(text: string): string[] {
  const starts = lineStarts(text);
  return parse(text).diagnostics.map(({ span, code, message }) => {
    const { line, column } = locate(starts, span.start);
    return `${line}:${column} ${code} ${message}`;
  });
}
/** The text with the first fix that is offered. */
function mended(text: string): string {
  const fix = parse(text).diagnostics.find((each) => each.fix)?.fix;
  if (!fix) throw new Error("no fix is offered");
  return text.slice(0, fix.span.start) + fix.text + text.slice(fix.span.end);
}
const inBody = (body: string) => `model m(x: int): int {\n${body}\n}`;

describe("what is said", () => {
  test.each<[string, string, string[]]>([
    [
      "a model without its `{`",
      "model ending(hero: string): string\n  return hero\n}\nquery ending()",
      ["1:35 PGL1020 expected `{` to open the body of `model ending`, found the end of the line"],
    ],
    [
      "a function without a body",
      "fn f(x: int): int\nfn g() = 1",
      ["1:18 PGL1020 expected `{` to open the body of `fn f`, or `=` and its value, found the end of the line"],
    ],
    [
      "an option of a language model without a name",
      'lm w = "a", "s.json"\nconst c = 1',
      ['1:13 PGL1020 expected the name of an option, found the string "s.json"'],
    ],
    [
      "an option of a language model without a value",
      'lm w = "a", surrogate:\nconst c = 1',
      ["1:23 PGL1020 expected the value of `surrogate`, a string, found the end of the line"],
    ],
    [
      "a learned twist that is no file",
      "twist ahead = t => 1.0\nconst c = 1",
      ["1:15 PGL1020 expected the file of a learned twist, a string, found `t`"],
    ],
    ["a call without its `)`", inBody("  let y = f(1, 2\n  let z = 3"), ["2:12 PGL1010 this `(` is never closed"]],
    ["the same before a value", inBody("  let y = f(1, 2\n  y"), ["2:12 PGL1010 this `(` is never closed"]],
    ["a test without its `)`", inBody("  if f(x {\n    return 1\n  }\n  2"), ["2:7 PGL1010 this `(` is never closed"]],
    ["parameters without their `)`", "model m(a: int {\n  a\n}", ["1:8 PGL1010 this `(` is never closed"]],
    ["a body without its `}`", "model m() {\n  let x = 1\n\nmodel n() {}", ["1:11 PGL1010 this `{` is never closed"]],
    [
      "an inner body without its `}`",
      "model m() {\n  if a {\n    b\n  return 1\n}\nquery m()",
      ["2:8 PGL1010 this `{` is never closed"],
    ],
    ["a bracket closed with another", "const a = [1, 2)", ["1:16 PGL1010 expected `]` to close `[`, found `)`"]],
    ["a bracket too many", inBody("  let y = f(1))\n  y"), ["2:15 PGL1011 nothing opens this `)`"]],
    ["a `}` too many", "model m() {\n}\n}\nquery m()", ["3:1 PGL1011 nothing opens this `}`"]],
    [
      "a value missing",
      inBody("  let y =\n  let z = y"),
      ["2:10 PGL1020 expected an expression after `=`, found the end of the line"],
    ],
    [
      "an operand missing",
      inBody("  let y = x *\n  let z = y"),
      ["2:14 PGL1020 expected an expression after `*`, found the end of the line"],
    ],
    [
      "neither `=` nor `~`",
      inBody("  let y\n  let z normal(0, 1)"),
      [
        "2:8 PGL1020 expected `=` and a value or `~` and a distribution for `y`, found the end of the line",
        "3:9 PGL1020 expected `=` and a value or `~` and a distribution for `z`, found `normal`",
      ],
    ],
    [
      "`=` for `==`",
      inBody("  if x = 3 { 1 } else { 2 }"),
      ["2:8 PGL1023 `=` gives a value to a name; equality is written `==`"],
    ],
    ["a draw without `let`", inBody("  y ~ normal(0, 1)"), ["2:5 PGL1028 a draw is written `let y ~ …`"]],
    [
      "`and`, `or` and `not`",
      inBody("  not x and y or z"),
      [
        "2:3 PGL1022 `not` belongs to constraints; a boolean is negated with `!`",
        "2:9 PGL1022 `and` joins constraints; booleans are joined with `&&`",
        "2:15 PGL1022 `or` joins constraints; booleans are joined with `||`",
      ],
    ],
    ["single quotes", inBody("  let y = 'a'"), ["2:11 PGL1007 strings are written in double quotes"]],
    [
      "operators of other languages",
      inBody("  a === b\n  a & b\n  a | b\n  a ** b"),
      [
        "2:5 PGL1008 `===` is written `==` in PGL",
        "3:5 PGL1008 `&` is written `&&` in PGL",
        "4:5 PGL1008 `|` is written `||` in PGL",
        "5:5 PGL1008 `**` is written `^` in PGL",
      ],
    ],
    ["Python's `def`", "def f(x):\n    return x\n\nquery m()", ["1:1 PGL1027 `def` is not a word of PGL"]],
    [
      "Python's `elif`",
      inBody("  if x { 1 } elif y { 2 } else { 3 }"),
      ["2:14 PGL1027 `elif` is written `else if` in PGL"],
    ],
    [
      "Python's bodies",
      inBody("  if x == 3:\n    return 1"),
      ["2:12 PGL1020 expected `{` to open what `if` does, found `:`"],
    ],
    ["Python's comments", "# a\nquery m()", ["1:1 PGL1008 comments begin with `//`, not with `#`"]],
    [
      "an arrow before a result",
      "fn f(x: int) -> int = x",
      ["1:14 PGL1008 the type of a result follows `:`, not `->`"],
    ],
    ["a type without `:`", "fn f(x int) = x", ["1:8 PGL1020 expected `:` and the type of `x`, found `int`"]],
    [
      "a result's type missing",
      "model m(): {\n  let x = 1\n}",
      ["1:12 PGL1020 expected the type of the result after `:`, found `{`"],
    ],
    [
      "named arguments with `=`",
      inBody("  normal(mean = 0, sd = 1)"),
      [
        "2:15 PGL1025 a named argument is written `name: value`",
        "2:23 PGL1025 a named argument is written `name: value`",
      ],
    ],
    [
      "arguments out of order",
      inBody("  normal(mean: 0, 1)"),
      ["2:19 PGL1026 arguments without a name come before those with one"],
    ],
    [
      "a comma missing",
      inBody("  let y = [1 2, 3]\n  f(a b)"),
      ["2:14 PGL1020 expected `,` or `]`, found `2`", "3:7 PGL1020 expected `,` or `)`, found `b`"],
    ],
    ["a comma too many", inBody("  f(1,, 2)"), ["2:7 PGL1020 expected an argument, found `,`"]],
    [
      "a conditional with `?`",
      inBody("  let y = a ? 1 : 2\n  f(b ? 1 : 2)"),
      [
        "2:13 PGL1033 a choice between two values is not written with `?` and `:`",
        "3:7 PGL1033 a choice between two values is not written with `?` and `:`",
      ],
    ],
    [
      "two statements on a line",
      inBody("  let y = 1 let z = 2"),
      ["2:13 PGL1030 expected a new line or `;` after the statement, found the word `let`"],
    ],
    ["a statement outside", "let x = 3\nquery m()", ["1:1 PGL1029 `let` stands in the body of a `model` or `fn`"]],
    ["a declaration inside", inBody("  model n() {}\n  1"), ["2:3 PGL1020 `model` cannot stand in a body"]],
    ["a constant inside", inBody("  const y = 1\n  y"), ["2:3 PGL1020 `const` stands outside of bodies"]],
    [
      "words as names",
      inBody("  let step = 1\n  let in = 2"),
      [
        "2:7 PGL1021 `step` is a word of the language and cannot be used as a name",
        "3:7 PGL1021 `in` is a word of the language and cannot be used as a name",
      ],
    ],
    [
      "`observe` by itself",
      inBody("  observe x\n  observe x == 3"),
      [
        "2:12 PGL1031 expected `~` and a distribution or `matches` and a constraint, found the end of the line",
        "3:3 PGL1031 `observe` is followed by a value and `~ distribution` or `matches constraint`",
      ],
    ],
    [
      "expressions within expressions",
      inBody("  observe x matches /${a} ${b + 1}${if}/"),
      ["2:27 PGL1035 `${…}` in an expression holds a name", "2:35 PGL1035 `${…}` in an expression holds a name"],
    ],
    [
      "a constraint missing",
      inBody("  observe x matches"),
      ["2:20 PGL1020 expected a constraint, found the end of the line"],
    ],
    [
      "keys in a record",
      inBody('  return { "a": 1, "b": 2 }'),
      ['2:12 PGL1020 expected the name of a field, found the string "a"'],
    ],
    [
      "a record as a body",
      inBody("  if x { a: 1 } else { b }"),
      ["2:11 PGL1030 expected a new line or `;` after the statement, found `:`"],
    ],
    ["a string not closed", inBody('  let y = "abc\n  y'), ["2:11 PGL1002 this string is not closed on its line"]],
    [
      "a `${` not closed",
      inBody('  let y = "a ${x b" + c\n  y'),
      ["2:14 PGL1002 this `${` in a string is never closed"],
    ],
    [
      "a long string not closed",
      'lm a = """b\nquery m()',
      ['1:8 PGL1002 this string is never closed: `"""` is missing'],
    ],
    ["a comment not closed", "query m()\n/* a\nb", ["2:1 PGL1005 this comment is never closed"]],
    [
      "a regular expression not closed",
      inBody("  observe x matches /a(b\n  1"),
      ["2:21 PGL1006 this regular expression is not closed on its line"],
    ],
    [
      "a regular expression out of place",
      inBody("  let y = /a/"),
      ["2:11 PGL1020 expected an expression after `=`, found `/a/`"],
    ],
    [
      "numbers that are none",
      inBody("  0x1F + 3x + 1__0"),
      [
        "2:3 PGL1004 numbers are written in decimal",
        "2:10 PGL1004 `3x` is not a number",
        "2:15 PGL1004 `_` in a number stands between two digits, as in `10_000`",
      ],
    ],
    [
      "numbers too large",
      "const a = [9007199254740993, 1e999]",
      ["1:12 PGL1004 this integer is too large to be exact", "1:30 PGL1004 this number is too large"],
    ],
    ["other letters", "const größe = 1", ["1:7 PGL1001 `größe` cannot be a name"]],
    [
      "floor division",
      inBody("  let y = x // 2\n  y"),
      ["2:13 PGL1032 `//` begins a comment here; it does not divide"],
    ],
    [
      "a type for a list",
      inBody("  let y: int[] = z"),
      ["2:13 PGL1020 expected `=` and a value or `~` and a distribution for `y`, found `[`"],
    ],
    ["a name for import", 'import a from "b"', ["1:8 PGL1020 expected `{` and the names to import, found `a`"]],
    [
      "a model without quotes",
      "lm w = stories",
      ["1:8 PGL1020 expected the model's specification, a string, found `stories`"],
    ],
    [
      "a query without arguments",
      "query m\nquery n() using",
      [
        "1:8 PGL1020 expected `(` and the arguments of `m`, found the end of the line",
        "2:16 PGL1020 expected the name of an inference method, found the end of the file",
      ],
    ],
    ["an increment", inBody("  x++\n  1"), ["2:5 PGL1020 expected an expression after `+`, found `+`"]],
  ])("%s", (_name, text, expected) => {
    expect(said(text)).toEqual(expected);
  });

  test("hints name the way out", () => {
    const hint = (text: string) => parse(text).diagnostics[0]?.hint;
    expect(hint("def f(x): x")).toContain("fn f(x: int): int { … }");
    expect(hint(inBody("  lambda x: x"))).toBe("a function as a value is written `x => …`");
    expect(hint(inBody("  a < b < c"))).toContain("a < b && b < c");
    expect(hint(inBody('  { "a": 1 }'))).toContain("map { key: value }");
    expect(hint(inBody("  let y = x // 2"))).toContain("int_div(a, b)");
    expect(hint(inBody("  let y: list[int] = 1"))).toContain("list<int>");
  });

  test.each([
    [inBody("  if x = 3 { 1 } else { 2 }")],
    [inBody("  y ~ normal(0, 1)")],
    [inBody("  let y = 'it\\'s \"so\"'")],
    [inBody("  let y = f(1, 2\n  y")],
    [inBody("  let y = [1 2]")],
    [inBody("  let y = a && not b")],
    [inBody("  observe x == 3")],
    [inBody("  normal(mean = 0)")],
    [inBody("  if x { 1 } elif y { 2 }")],
    [inBody("  const y = 1")],
    ["model ending(): string\n  return hero\n}"],
    ["model m() {\n  let x = 1\n\nmodel n() {}"],
    ["fn f(x int) = x"],
    ["fn f() -> int = 1"],
    ["const a = 0x1F"],
    ["const a = .5"],
    ["# a"],
    ["model m() {\n}\n}"],
    ["const a = [1, 2)"],
    ["let x = 3"],
    ['import a from "b"'],
    ["lm w = stories"],
    ["proposal p m {}"],
    ["twist t(n: int) m {}"],
  ])("the fix mends %j", (text) => {
    expect(parse(mended(text)).diagnostics).toEqual([]);
  });

  test("codes are all in the list", () => {
    for (const text of ["§", "(", "let", "'a'", "x = = 3", '"', "1x", "/*", inBody("a and b < c < d // 3")]) {
      for (const { code } of parse(text).diagnostics) expect(Object.keys(syntaxCodes)).toContain(code);
    }
  });
});

describe("recovery", () => {
  test("independent errors are all reported", () => {
    const text = `lm w = stories
model a(x: int): int {
  let y = f(1, 2
  let z ~
  let w = 1
  if y = z { return 1 }
  for i of 0..3 { y = 'a' }
  return y +
}

model b(: int) {
  observe x matches
  condition a < b < c
}

query a(1 2) using smc(particles = 3)
query b(`;
    expect(said(text).map((each) => each.split(" ")[0])).toEqual([
      "1:8",
      "3:12",
      "4:10",
      "6:8",
      "7:9",
      "7:23",
      "8:13",
      "11:9",
      "12:20",
      "13:19",
      "16:11",
      "16:34",
      "17:8",
    ]);
  });

  test("names of broken things are kept", () => {
    const text = `import a from "b"
lm w = stories
const c =
fn f(x): int
model m {
  let x =
  let (y, z) ~ g(
  let u: = 1
  let v
}
query q = m()`;
    const { tree } = parse(text);
    expect(tree.declarations).toMatchObject([
      { kind: "ImportDeclaration", specifiers: [{ local: { name: "a" } }] },
      { kind: "LmDeclaration", name: { name: "w" } },
      { kind: "ConstDeclaration", name: { name: "c" }, value: { kind: "MissingExpression" } },
      { kind: "FunctionDeclaration", name: { name: "f" } },
      {
        kind: "ModelDeclaration",
        name: { name: "m" },
        body: {
          statements: [
            { kind: "LetStatement", pattern: { name: "x" }, value: { kind: "MissingExpression" } },
            { kind: "DrawStatement", pattern: { elements: [{ name: "y" }, { name: "z" }] } },
            { kind: "LetStatement", pattern: { name: "u" } },
            { kind: "LetStatement", pattern: { name: "v" }, value: { kind: "MissingExpression" } },
          ],
        },
      },
      { kind: "QueryDeclaration", name: { name: "q" } },
    ]);
  });

  test("one wrong token is one error, nearly always, and loses no more than its own declaration", () => {
    const folder = fileURLToPath(new URL("../../examples/", import.meta.url));
    const names = (text: string) =>
      parse(text).tree.declarations.flatMap((each) => ("name" in each && each.name ? [each.name.name] : []));
    let changes = 0;
    let errors = 0;
    let many = 0;
    let lost = 0;
    for (const file of readdirSync(folder).filter((each) => each.endsWith(".pgl"))) {
      const text = readFileSync(folder + file, "utf8");
      const declared = names(text);
      for (const [index, { startOffset, image }] of lex(text).tokens.entries()) {
        if (index % 3 !== 0) continue;
        const before = text.slice(0, startOffset);
        const after = text.slice(startOffset + image.length);
        for (const changed of [before + after, `${before}${image} ${image}${after}`, `${before}) ${image}${after}`]) {
          const count = parse(changed).diagnostics.filter((each) => each.severity === "error").length;
          changes++;
          errors += count;
          if (count > 3) many++;
          const kept = new Set(names(changed));
          if (declared.filter((name) => !kept.has(name)).length > 1) lost++;
        }
      }
    }
    expect(changes).toBeGreaterThan(1500);
    expect(errors / changes).toBeLessThan(1.25);
    expect(many / changes).toBeLessThan(0.01);
    expect(lost / changes).toBeLessThan(0.005);
  });

  test("a line with a character that cannot be read has one error", () => {
    expect(said(inBody("  let y = (a § b ° c\n  let z = 1"))).toHaveLength(2);
    expect(said(inBody("  let y = a § b ° c\n  let z = 1"))).toEqual(["2:13 PGL1001 unexpected character `§`"]);
  });

  test("a hundred errors are enough", () => {
    const { diagnostics } = parse("§\n".repeat(500));
    expect(diagnostics).toHaveLength(101);
    expect(diagnostics.at(-1)).toMatchObject({ code: "PGL1000", message: "400 more errors are not shown" });
  });

  test("expressions by themselves recover as well", () => {
    const { expression, diagnostics } = parseExpression("f(1, , g(2 +), 'a')");
    expect(diagnostics.map((each: Diagnostic) => each.code)).toEqual(["PGL1020", "PGL1020", "PGL1007"]);
    expect(expression).toMatchObject({ kind: "CallExpression", callee: { name: "f" } });
  });
});

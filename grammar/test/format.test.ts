import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { format, parse, print } from "../src/index.js";
import { lex } from "../src/lexer.js";
import { essence, modules } from "./trees.js";

/** A text formatted, checked against all that is promised of formatting. */
function formatted(text: string): string {
  const before = parse(text);
  const result = format(text);
  expect(result.diagnostics).toEqual(before.diagnostics);
  const after = parse(result.text);
  expect(
    after.diagnostics.filter((each) => each.severity === "error"),
    result.text,
  ).toEqual([]);
  expect(essence(after.tree), result.text).toEqual(essence(before.tree));
  const comments = (source: string) =>
    lex(source)
      .comments.map((each) => each.text.trimEnd())
      .sort();
  expect(comments(result.text)).toEqual(comments(text));
  expect(format(result.text).text).toBe(result.text);
  return result.text;
}
const lines = (...text: string[]) => text.map((line) => `${line}\n`).join("");

describe("format", () => {
  test("writes options of language models and files of twists", () => {
    const text = `lm  w="a"  , // of the model
   surrogate :"s.json" // distilled
twist   ahead="twists/infill.json" // learned
`;
    expect(formatted(text)).toBe(
      lines(
        'lm w = "a", // of the model',
        '  surrogate: "s.json" // distilled',
        'twist ahead = "twists/infill.json" // learned',
      ),
    );
  });

  test("puts in order what is not", () => {
    const text = `/// A story.
export   model m( x:int=3 , y : list<int>) : {a:int,
 b: string}   {
   let   x=1;let y~normal(0,   1) proposal   uniform(0,1)
   if (x) {
      return {a:1,b:"x"} } else if !y { return none }
   else { step }
   for i in 0 .. 3 { f (i) ;}
   observe s matches/abc/ and not(contains( "x" ))
   match x { 1|2=>3, n if n>3 => { step
     4 }
     _ => 5 }
}
query q=m(1,[ 2 ]) using smc( particles:64 )`;
    expect(formatted(text)).toBe(
      lines(
        "/// A story.",
        "export model m(x: int = 3, y: list<int>): { a: int, b: string } {",
        "  let x = 1",
        "  let y ~ normal(0, 1) proposal uniform(0, 1)",
        "  if x {",
        '    return { a: 1, b: "x" }',
        "  } else if !y {",
        "    return none",
        "  } else {",
        "    step",
        "  }",
        "  for i in 0..3 { f(i); }",
        '  observe s matches /abc/ and not contains("x")',
        "  match x {",
        "    1 | 2 => 3,",
        "    n if n > 3 => {",
        "      step",
        "      4",
        "    },",
        "    _ => 5,",
        "  }",
        "}",
        "query q = m(1, [2]) using smc(particles: 64)",
      ),
    );
  });

  test("keeps comments where they are", () => {
    const text = lines(
      "#!/usr/bin/env pgl",
      "// head",
      "",
      'import { a, b } from "./x.ts" // behind',
      "",
      "/* before */",
      "model m(",
      "  x: int, // the x",
      "  // the y",
      "  y: float,",
      ") {",
      "  // first",
      "  let l = [",
      "    1, // one",
      "    2,",
      "    // last",
      "  ]",
      "",
      "  // group",
      "  if x { // why",
      "    return 1",
      "  } // done",
      "",
      "  let sum = x + // plus",
      "    y",
      "  // end of body",
      "}",
      "",
      "// end",
    );
    expect(formatted(text)).toBe(text);
  });

  test("keeps one blank line where there were some, and none where there was none", () => {
    expect(formatted("\n\nconst a = 1\nconst b = 2\n\n\n\nconst c = 3\n\n")).toBe(
      lines("const a = 1", "const b = 2", "", "const c = 3"),
    );
    expect(formatted("model m() {\n\n  let a = 1\n\n\n  a\n\n}")).toBe(
      lines("model m() {", "  let a = 1", "", "  a", "}"),
    );
  });

  test("breaks what is longer than a hundred characters", () => {
    const long = "x".repeat(30);
    const text = `fn f() = ${long} + ${long} * 2 - ${long} + ${long}
const g = h(${long}, a: ${long}, b: [${long}, ${long}])
const m = xs.map(x => ${long}).filter(y => ${long}).fold(0, (a, b) => a + b + ${long})
type T = "${long}" | "${long}" | "${long}" | "${long}"
fn k(${long}: int, b${long}: int, c${long}: int) = 1`;
    const result = formatted(text);
    for (const line of result.split("\n")) expect(line.length, line).toBeLessThanOrEqual(100);
    expect(result).toBe(
      lines(
        `fn f() = ${long} +`,
        `  ${long} * 2 -`,
        `  ${long} +`,
        `  ${long}`,
        "const g = h(",
        `  ${long},`,
        `  a: ${long},`,
        `  b: [${long}, ${long}],`,
        ")",
        "const m = xs",
        `  .map(x => ${long})`,
        `  .filter(y => ${long})`,
        `  .fold(0, (a, b) => a + b + ${long})`,
        "type T =",
        `  | "${long}"`,
        `  | "${long}"`,
        `  | "${long}"`,
        `  | "${long}"`,
        "fn k(",
        `  ${long}: int,`,
        `  b${long}: int,`,
        `  c${long}: int,`,
        ") = 1",
      ),
    );
  });

  test("keeps lists, records and bodies open that were opened", () => {
    const text = lines(
      "const a = [",
      "  1,",
      "  2,",
      "]",
      "const b = {",
      "  c: 1,",
      "}",
      "fn f() {",
      "  1",
      "}",
      "const d = [[1, 2], { c: 1 }]",
    );
    expect(formatted(text)).toBe(text);
  });

  test("lets a function at the end of arguments stay on their line", () => {
    const text = lines("const a = map(xs, x => {", "  let y = x", "  y + 1", "})");
    expect(formatted(text)).toBe(text);
  });

  test("keeps brackets around operations and drops others", () => {
    expect(formatted("const a = ((b * c)) + (d)\nconst e = (f)\nconst g = (h)(i)")).toBe(
      lines("const a = (b * c) + d", "const e = f", "const g = h(i)"),
    );
  });

  test("keeps literals as they are written", () => {
    const text = lines(
      "const a = [1_000, 2.50, 1e3]",
      'const b = "\\u{e9} ${ c +d }"',
      'const e = """',
      "      f",
      "    g ${ h }",
      '  """',
    );
    expect(formatted(text)).toBe(text);
  });

  test("keeps the `;` that discards a value", () => {
    expect(formatted("model m() { f(); }")).toBe(lines("model m() { f(); }"));
    expect(formatted("model m() {\n  a;\n  f();\n}")).toBe(lines("model m() {", "  a", "  f();", "}"));
  });

  test("gives texts with errors back, with the errors", () => {
    const text = "model   m( {";
    expect(format(text)).toEqual({ text, diagnostics: parse(text).diagnostics });
    expect(format(text).diagnostics.length).toBeGreaterThan(0);
    expect(format("").text).toBe("");
    expect(format("  \n").text).toBe("");
    expect(format("const a = b // 2").text).toBe("const a = b // 2\n");
  });

  test("handles other line ends", () => {
    expect(formatted("const a = 1\r\n\r\n\r\nconst b = 2\r\n")).toBe(lines("const a = 1", "", "const b = 2"));
  });

  const folder = fileURLToPath(new URL("../../examples/", import.meta.url));
  test.each(readdirSync(folder).filter((name) => name.endsWith(".pgl")))("keeps its promises on %s", (name) => {
    formatted(readFileSync(folder + name, "utf8"));
  });

  test("keeps its promises on any program", () => {
    fc.assert(
      fc.property(modules, (tree) => void formatted(print(tree))),
      { numRuns: 200 },
    );
  });

  test("keeps its promises with comments and lines in any place", () => {
    const inserted = [
      "// c\n",
      "/* b */",
      "\n// own\n",
      "\n\n// para\n\n",
      " /* m\n  m */ ",
      "\n",
      "\n\n\n",
      "/// d\n",
      "\n/* o */\n",
      "  ",
    ];
    let used = 0;
    fc.assert(
      fc.property(
        modules,
        fc.array(fc.tuple(fc.nat(), fc.constantFrom(...inserted)), { minLength: 1, maxLength: 5 }),
        (tree, list) => {
          let text = print(tree);
          const original = JSON.stringify(essence(parse(text).tree));
          for (const [at, piece] of list) {
            const { tokens } = lex(text);
            const token = tokens[at % Math.max(1, tokens.length)];
            if (!token) continue;
            const changed = text.slice(0, token.startOffset) + piece + text.slice(token.startOffset);
            const { tree: read, diagnostics } = parse(changed);
            // Where a new line means something the place is not one for a comment.
            if (diagnostics.length > 0 || JSON.stringify(essence(read)) !== original) continue;
            text = changed;
            used++;
          }
          formatted(text);
        },
      ),
      { numRuns: 300 },
    );
    expect(used).toBeGreaterThan(200);
  });
});

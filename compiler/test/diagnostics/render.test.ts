import { describe, expect, it } from "vitest";
import { diagnosticsToJson, renderDiagnostics } from "../../src/diagnostics/render.js";
import { memoryFiles } from "../../src/hosts/source-host.js";
import { checkText } from "../support.js";

const text = `model m(n: int): int {
  let tokn ~ poisson(3)
  let x = tokm + "a"
  return x
}
fn f(xs: list<int>): int {
\treturn first(xs)
}
const a = 1
const a = 2
`;
const files = memoryFiles({ "/main.pgl": text });

describe("renderDiagnostics", () => {
  it("shows place, message, line, span, hint and related places", async () => {
    const { program } = await checkText(text);
    expect(renderDiagnostics(program.diagnostics, files, { showFile: (file) => file.slice(1) }))
      .toBe(`main.pgl:3:11 error PGL2001 There is no \`tokm\` here.
    2 |   let tokn ~ poisson(3)
  > 3 |   let x = tokm + "a"
      |           ^^^^
    4 |   return x
  hint: Did you mean \`tokn\`?

main.pgl:7:9 error PGL3016 What is returned must be \`int\`; this may be \`none\`.
    6 | fn f(xs: list<int>): int {
  > 7 | 	return first(xs)
      | 	       ^^^^^^^^^
    8 | }
  hint: Say what then: \`x ?? other\`, \`if x != none { … }\`, or \`unwrap(x)\` when it cannot happen.

main.pgl:10:7 error PGL2002 \`a\` is already declared in this scope.
     9 | const a = 1
  > 10 | const a = 2
       |       ^
    11 |
  hint: Give one of the two another name.
  main.pgl:9:7 \`a\` is first declared here
  > 9 | const a = 1
      |       ^

3 errors
`);
  });

  it("shows the first hundred of a severity, and counts the rest", async () => {
    const many = `model m() {\n${Array.from({ length: 120 }, (_, i) => `  let x${i} = 1\n`).join("")}}\n`;
    const { program } = await checkText(many);
    const shown = renderDiagnostics(program.diagnostics, memoryFiles({ "/main.pgl": many }));
    expect(shown.match(/warning PGL5001/g)).toHaveLength(100);
    expect(shown).toMatch(/\n120 warnings \(the first 100 are shown\)\n$/);
  });

  describe("of a very long line", () => {
    const render = async (text: string): Promise<string> =>
      renderDiagnostics((await checkText(text)).program.diagnostics, memoryFiles({ "/main.pgl": text }));
    const long = (items: number): string => `const xs = [${"12345, ".repeat(items)}0]`;

    it("shows what is around the span", async () => {
      const frame = await render(`${long(100)}\nconst a = "${"é".repeat(500)}" + tokm + "${"x".repeat(500)}"\n`);
      const lines = frame.split("\n");
      expect(lines[1]).toMatch(/^ {4}1 \| const xs = \[12345, .*…$/);
      const [marked, marks] = [lines[2]!, lines[3]!];
      expect(marked).toMatch(/^ {2}> 2 \| …é+" \+ tokm \+ "x+…$/);
      expect(marked.slice(marks.indexOf("^"), marks.lastIndexOf("^") + 1)).toBe("tokm");
      for (const line of lines.slice(1, 4)) expect(line.length).toBeLessThan(180);
    });

    it("cuts a span that is too long itself", async () => {
      const frame = await render(`const a = 1\nconst b: string = ${long(100).slice(11)}\n`);
      const [, , marked, marks] = frame.split("\n");
      expect(marked).toMatch(/^ {2}> 2 \| const b: string = \[12345, .*…$/);
      expect(marks).toMatch(/^ {6}\| {19}\^+$/);
      expect(marks!.length).toBe(marked!.length);
    });

    it("shows the end of a line to its last character", async () => {
      const frame = await render(`const a = ${"1 + ".repeat(100)}tokm\n`);
      const [, marked, marks] = frame.split("\n");
      expect(marked).toMatch(/^ {2}> 1 \| ….*1 \+ tokm$/);
      expect(marks!.trimEnd().length).toBe(marked!.length);
    });

    it("keeps later lines of a span in their places", async () => {
      const frame = await render(`const b: string = [${"1, ".repeat(200)}\n  2,\n${"3, ".repeat(200)}4]\n`);
      const lines = frame.split("\n").slice(1);
      expect(lines[0]).toMatch(/^ {2}> 1 \| const b: string = \[1, .*…$/);
      expect(lines[2]).toBe("  > 2 |   2,");
      expect(lines[4]).toMatch(/^ {2}> 3 \| 3, .*…$/);
    });
  });

  it("marks a single character, and the first line of what is long", async () => {
    const { program } = await checkText(
      "fn f(b: bool): int = match b {\n  true => 1,\n}\nconst l = [\n  1,\n  2,\n  3,\n  4,\n  5,\n]()\n",
    );
    const shown = renderDiagnostics(
      program.diagnostics,
      memoryFiles({ "/main.pgl": program.modules.get("/main.pgl")!.text }),
    );
    expect(shown).toContain("> 1 | fn f(b: bool): int = match b {\n      |                      ^^^^^^^");
    expect(shown).toContain("> 4 | const l = [\n      |           ^");
    expect(shown).not.toContain("> 5");
  });

  it("colours for terminals, and says nothing of nothing", async () => {
    const { program } = await checkText("model m() { let x = 1 }");
    const shown = renderDiagnostics(program.diagnostics, files, { color: true });
    expect(shown).toContain("\u001b[33mwarning PGL5001\u001b[39m");
    expect(shown).toContain("1 warning");
    expect(renderDiagnostics([], files)).toBe("");
  });

  it("does without the text of a file that is gone", () => {
    const diagnostic = {
      code: "PGL2003",
      severity: "error",
      file: "/gone.pgl",
      span: { start: 3, end: 5 },
      message: "No.",
    } as const;
    expect(renderDiagnostics([diagnostic], files)).toBe("/gone.pgl:1:1 error PGL2003 No.\n\n1 error\n");
  });
});

describe("diagnosticsToJson", () => {
  it("has lines and columns from 1", async () => {
    const { program } = await checkText(text);
    expect(diagnosticsToJson(program.diagnostics, files).slice(0, 2)).toEqual([
      {
        code: "PGL2001",
        severity: "error",
        file: "/main.pgl",
        range: { start: { line: 3, column: 11 }, end: { line: 3, column: 15 } },
        message: "There is no `tokm` here.",
        hint: "Did you mean `tokn`?",
      },
      {
        code: "PGL3016",
        severity: "error",
        file: "/main.pgl",
        range: { start: { line: 7, column: 9 }, end: { line: 7, column: 18 } },
        message: "What is returned must be `int`; this may be `none`.",
        hint: "Say what then: `x ?? other`, `if x != none { … }`, or `unwrap(x)` when it cannot happen.",
      },
    ]);
  });
});

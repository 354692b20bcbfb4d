import { fileURLToPath } from "node:url";
import { builtins, catalogue, type Builtin } from "@pgl/compiler";
import { expect, it } from "vitest";

// The lists in the documentation are what the compiler says of itself. `npx vitest run examples/test/reference-pages -u` writes them.

const page = (name: string) => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

it("docs/builtins.md lists every built-in function", async () => {
  const groups = new Map<Builtin["group"], Builtin[]>();
  for (const builtin of builtins) groups.set(builtin.group, [...(groups.get(builtin.group) ?? []), builtin]);
  const lines = [
    "# Built-in functions",
    "",
    "`f(x, …)` may also be written `x.f(…)`. `T`, `U`, `K`, `V` are any types, `N` is `int` or `float`, `O` a type with an order; `name?` may be left out;",
    "`(T) ~> U` is a function that may draw. Constructors of distributions take their arguments by position or by name.",
  ];
  for (const [group, members] of groups) {
    lines.push("", `## ${group[0]!.toUpperCase()}${group.slice(1)}`, "", "| | |", "|---|---|");
    for (const { signatures, doc } of members) {
      lines.push(`| ${signatures.map((s) => `\`${cell(s)}\``).join("<br>")} | ${cell(doc)} |`);
    }
  }
  await expect(lines.join("\n") + "\n").toMatchFileSnapshot(page("builtins.md"));
});

it("docs/diagnostics.md explains every diagnostic of the checker", async () => {
  const lines = [
    "# Diagnostics",
    "",
    "What `pgl check` can say about a program that parses, by code. Codes PGL1xxx are about syntax: their messages say what was expected.",
  ];
  for (const [code, { title, explanation, example, severity }] of Object.entries(catalogue)) {
    lines.push(
      "",
      `## ${code} ${title}${severity === "error" ? "" : ` (${severity})`}`,
      "",
      explanation,
      "",
      "```",
      example,
      "```",
    );
  }
  await expect(lines.join("\n") + "\n").toMatchFileSnapshot(page("diagnostics.md"));
});

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  builtins,
  catalogue,
  inferenceMethods,
  type Builtin,
  type InferenceMethod,
  type MethodOption,
} from "@pgl/compiler";
import { runCodes } from "@pgl/core";
import { syntaxCodes } from "@pgl/grammar";
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

it("docs/diagnostics.md explains every diagnostic of the compiler, and every error and warning of a run", async () => {
  const lines = [
    "# Diagnostics",
    "",
    "Everything that PGL can say is wrong, by code. `pgl explain CODE` prints an entry of this page.",
    "",
    "- [Syntax](#syntax): PGL1…",
    "- [The checker](#the-checker): PGL2… names, PGL3… types, PGL4… effects and meaning, PGL5… warnings",
    "- [Runs](#runs): PGLR… errors, PGLW… warnings, PGLM… language models, PGLC… constraints, PGLT… the library, PGLL… loading, PGLA… arguments",
    "",
    "## Syntax",
    "",
    "The messages say what was expected.",
    "",
    ...Object.entries(syntaxCodes).map(([code, title]) => `- ${code}: ${title}`),
    "",
    "## The checker",
    "",
    "What `pgl check` can say about a program that parses.",
  ];
  for (const [code, { title, explanation, example, severity }] of Object.entries(catalogue)) {
    const kind = severity === "error" ? "" : ` (${severity})`;
    lines.push("", `### ${code} ${title}${kind}`, "", explanation, "", "```", example, "```");
  }
  lines.push("", "## Runs", "", "What can go wrong when a program is loaded and run. Warnings do not end a run.");
  for (const [code, { title, explanation }] of Object.entries(runCodes)) {
    lines.push("", `### ${code} ${title}${code.startsWith("PGLW") ? " (warning)" : ""}`, "", explanation);
  }
  await expect(lines.join("\n") + "\n").toMatchFileSnapshot(page("diagnostics.md"));
});

it("docs/methods.md has every method, with the options that the compiler knows", async () => {
  const text = readFileSync(page("methods.md"), "utf8");
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const parts: Record<string, (name: string) => string> = {
    options: (name) => optionsOf(inferenceMethods.find((m) => m.name === name)!),
    file: (name) => `\`\`\`ts\n${readFileSync(root + name, "utf8")}\`\`\``,
  };
  const written = text.replace(
    /(<!-- (options|file): (\S+) -->\n)[^]*?(<!-- end -->)/g,
    (_, start: string, kind: string, name: string, end: string) => `${start}\n${parts[kind]!(name)}\n\n${end}`,
  );
  for (const { name } of inferenceMethods) {
    expect(written, `${name} has a section`).toContain(`\n### ${name}\n`);
    expect(written, `${name} has its options`).toContain(`<!-- options: ${name} -->`);
    expect(written, `${name} has an example`).toMatch(new RegExp(`using ${name}\\(`));
  }
  await expect(written).toMatchFileSnapshot(page("methods.md"));
});

function optionsOf({ guarantee, options }: InferenceMethod): string {
  const typeOf = ({ type }: MethodOption): string => {
    if (typeof type !== "string") return type.map((t) => `\`"${t}"\``).join(", ");
    const names = { bool: "true or false", floats: "list of numbers", draws: "list of names of draws" };
    return type in names ? names[type as keyof typeof names] : type === "proposal" ? "a `proposal`" : type;
  };
  return [
    `Guarantee: ${guarantee}.`,
    "",
    "| option | | default | |",
    "|---|---|---|---|",
    ...options.map(
      (o) => `| \`${o.name}\` | ${typeOf(o)} | ${o.required ? "needed" : (o.default ?? "")} | ${cell(o.doc)} |`,
    ),
  ].join("\n");
}

it("every code in the sources is explained, and no other", () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const own = new Set<string>();
  const folders = ["runtime", ...readdirSync(`${root}packages`).map((name) => `packages/${name}`)];
  for (const folder of folders) {
    for (const name of readdirSync(`${root}${folder}/src`, { recursive: true, encoding: "utf8" })) {
      if (!name.endsWith(".ts") || name.endsWith("run-codes.ts")) continue;
      const text = readFileSync(`${root}${folder}/src/${name}`, "utf8");
      for (const [, code] of text.matchAll(/"(PGL[A-Z]\d{3})"/g)) own.add(code!);
    }
  }
  expect([...own].sort()).toEqual(Object.keys(runCodes).sort());
});

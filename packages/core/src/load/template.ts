import { resolve } from "node:path";
import type { LanguageModel } from "@pgl/lm";
import { LanguageModelAlias } from "@pgl/lm";
import { MethodError } from "@pgl/runtime";
import { LearnedTwist } from "@pgl/twists";
import { standsFor } from "../run/language-models.js";
import { build, type AnyModels, type CompiledProgram, type WithModels } from "./compiled.js";
import { literalOf } from "./literal.js";

/** A function of the host with its PGL type, for use inside a `pgl` template. */
export class HostFunction {
  constructor(
    /** As PGL writes it: `(string, int) -> float`. */
    readonly type: string,
    readonly fn: (...args: never[]) => unknown,
    /** Called with promises: each call suspends the particle until its promise is answered. */
    readonly isAsync: boolean,
  ) {}
}

/**
 * Lets a program call a function of the host: `${host("(string) -> float", happiness)}`. `host.async` takes functions that
 * return promises.
 */
export const host: {
  (type: string, fn: (...args: never[]) => unknown): HostFunction;
  async(type: string, fn: (...args: never[]) => Promise<unknown>): HostFunction;
} = Object.assign((type: string, fn: (...args: never[]) => unknown) => new HostFunction(type, fn, false), {
  async: (type: string, fn: (...args: never[]) => Promise<unknown>) => new HostFunction(type, fn, true),
});

/** What can stand in a `pgl` template. */
export type Interpolated =
  | string
  | number
  | boolean
  | null
  | readonly Interpolated[]
  | ReadonlyMap<string | number | boolean, Interpolated>
  | { readonly [field: string]: Interpolated }
  | HostFunction
  | LanguageModel
  | LanguageModelAlias
  | LearnedTwist;

/** The specifier that host functions of a template are imported from. */
const HOSTS = "./pgl-template-host.ts";

/**
 * A PGL program written in TypeScript, compiled:
 *
 * ```ts
 * const coin = await pgl`
 *   model fair(flips: list<bool>): bool {
 *     let fair ~ bernoulli(${prior})
 *     for f in flips { observe f ~ bernoulli(if fair { 0.5 } else { 0.9 }) }
 *     return fair
 *   }
 * `;
 * ```
 *
 * Interpolated values become constants of the program; a language model stands for its spec (`lm writer = ${model}`), a
 * learned twist for its file (`twist ahead = ${twist}`), and a function for a host function when its type is said (`host`). The program's own interpolations are written `\${…}`.
 *
 * @throws CompileError when the program has errors; MethodError when a value has no counterpart in PGL.
 */
export async function pgl<M = AnyModels>(
  strings: TemplateStringsArray,
  ...values: readonly Interpolated[]
): Promise<CompiledProgram & WithModels<M>> {
  const [{ memoryFiles, nodeFiles }, { parse, print }] = await Promise.all([
    import("@pgl/compiler"),
    import("@pgl/grammar"),
  ]);
  // Backslashes belong to PGL, except those that JavaScript's own syntax asked for.
  const texts = strings.raw.map((raw) => raw.replace(/\\(`|\$\{)/g, "$1"));
  const lms: Record<string, LanguageModel> = {};
  const twists: Record<string, LearnedTwist> = {};
  const functions: Record<string, HostFunction> = {};
  const marks = values.map((value, i) => {
    if (isLanguageModel(value)) {
      const model = value instanceof LanguageModelAlias ? standsFor(value) : value;
      if (typeof model === "string") return JSON.stringify(model);
      const spec = `value:${i}`;
      lms[spec] = model;
      return JSON.stringify(spec);
    }
    if (value instanceof LearnedTwist) {
      const file = `value:${i}`;
      twists[file] = value;
      return JSON.stringify(file);
    }
    if (value instanceof HostFunction) functions[`pgl_host_${i}`] = value;
    return `${value instanceof HostFunction ? "pgl_host_" : "pgl_value_"}${i}`;
  });
  const marked = texts.map((text, i) => text + (marks[i] ?? "")).join("");
  const { texts: insideText, expressions } = placesIn(parse(marked).tree);

  let at = 0;
  let program = "";
  texts.forEach((text, i) => {
    program += text;
    at += text.length;
    const mark = marks[i];
    if (mark === undefined) return;
    const inside = expressions.has(at) ? undefined : insideText.find((s) => s.start < at && at < s.end);
    if (inside?.kind === "RegexConstraint") {
      throw new MethodError("PGLT031", "A value cannot stand inside a regular expression.", {
        hint: "Give it a name, as in `const name = ${…}`, and write \\${name} in the expression.",
      });
    }
    const written = mark.startsWith("pgl_value_")
      ? print(literalOf(values[i], `the value of \${…} number ${i + 1}`))
      : mark;
    program += inside === undefined ? written : `\${${written}}`;
    at += mark.length;
  });

  const path = resolve("template.pgl");
  const files: Record<string, string> = {};
  const names = Object.keys(functions);
  if (names.length > 0) {
    const { hostDeclarations } = await import("./host-declarations.js");
    files[resolve(HOSTS)] = hostDeclarations(functions);
    program += `\nimport { ${names.join(", ")} } from ${JSON.stringify(HOSTS)}\n`;
  }
  files[path] = program;
  return build<M>(memoryFiles(files, nodeFiles()), path, {
    lms,
    twists,
    hosts: { [HOSTS]: Object.fromEntries(names.map((name) => [name, functions[name]!.fn])) },
  });
}

const isLanguageModel = (value: unknown): value is LanguageModel | LanguageModelAlias =>
  value instanceof LanguageModelAlias ||
  (typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<LanguageModel>).logProbabilities === "function");

interface TextSpan {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Where the tree has strings and regular expressions, the innermost first, and where it has names: a value that is not a
 * name stands inside a text.
 */
function placesIn(tree: unknown): { readonly texts: readonly TextSpan[]; readonly expressions: ReadonlySet<number> } {
  const texts: TextSpan[] = [];
  const expressions = new Set<number>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== "object" || node === null) return;
    const { kind, span } = node as { kind?: unknown; span?: { start: number; end: number } };
    if (span !== undefined) {
      if (kind === "Identifier") expressions.add(span.start);
      if (kind === "StringLiteral" || kind === "TemplateLiteral" || kind === "RegexConstraint") {
        texts.push({ kind, start: span.start, end: span.end });
      }
    }
    Object.values(node).forEach(visit);
  };
  visit(tree);
  return { texts: texts.sort((a, b) => a.end - a.start - (b.end - b.start)), expressions };
}

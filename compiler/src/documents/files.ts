import type * as ast from "@pgl/grammar";
import type { Reporter } from "../diagnostics/reporter.js";
import type { SourceHost } from "../hosts/source-host.js";
import type { Suggester } from "../resolve/suggest.js";

/** What a declaration takes from a file that `pgl` has made, and how one makes it. */
interface FileKind {
  readonly format: string;
  readonly what: string;
  readonly made: (path: string) => string;
}

const TWIST: FileKind = {
  format: "pgl-learned-twist",
  what: "learned twist",
  made: (path) => `\`pgl train FILE -o ${path}\` makes one.`,
};

/** Options of `lm`, each with a file of this kind. */
const lmOptions: ReadonlyMap<string, FileKind> = new Map([
  [
    "surrogate",
    { format: "pgl-surrogate", what: "surrogate", made: (path) => `\`pgl distill MODEL -o ${path}\` makes one.` },
  ],
]);

export interface FileCheckOptions {
  /** Whether files may be missing: for what is about to make them. */
  readonly untrained?: boolean;
}

/**
 * Checks the files that declarations of a module name: those of learned twists and surrogates are there, and what they say
 * that they are. Which model they are for, and whether all that is in them can be used, a run sees.
 */
export function checkFiles(
  tree: ast.Module,
  file: string,
  host: SourceHost,
  suggester: Suggester,
  reporter: Reporter,
  { untrained = false }: FileCheckOptions,
): void {
  const check = (at: ast.StringLiteral, { format, what, made }: FileKind): void => {
    const name = at.value;
    const path = host.resolve(file, name);
    const text = host.read(path);
    if (text === undefined) {
      const problem = host.problem?.(path);
      if (problem !== undefined) reporter.report("PGL4034", at, `\`${name}\` is no ${what}: ${problem}.`, made(name));
      else if (!untrained) {
        const base = path.slice(path.lastIndexOf("/") + 1);
        const meant = suggester.suggest(base, host.neighbours?.(path) ?? []);
        reporter.report("PGL2003", at, `There is no file \`${name}\` here.`, {
          hint: meant === undefined ? made(name) : `Did you mean \`${meant}\`?`,
        });
      }
      return;
    }
    const wrong = notOf(format, text);
    if (wrong !== undefined) reporter.report("PGL4034", at, `\`${name}\` is no ${what}: ${wrong}.`, made(name));
  };
  for (const declaration of tree.declarations) {
    if (declaration.kind === "TwistFileDeclaration") check(declaration.file, TWIST);
    if (declaration.kind !== "LmDeclaration") continue;
    const seen = new Set<string>();
    for (const { name, value } of declaration.options) {
      const kind = lmOptions.get(name.name);
      if (kind === undefined) {
        reporter.report("PGL2008", name, `\`lm\` has no option \`${name.name}\`.`, {
          hint: suggester.hint(name.name, lmOptions.keys()) ?? `It has: ${[...lmOptions.keys()].join(", ")}.`,
        });
      } else if (seen.has(name.name)) {
        reporter.report("PGL3004", name, `\`${name.name}\` of \`lm\` is given twice.`, "Leave one of them away.");
      } else check(value, kind);
      seen.add(name.name);
    }
  }
}

/** Why a text is no file of a format; undefined when it is one. */
function notOf(format: string, text: string): string | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return `it is not JSON (${(error as Error).message})`;
  }
  const found = typeof content === "object" && content !== null && "format" in content ? content.format : undefined;
  return found === format ? undefined : `its \`format\` is ${JSON.stringify(found) ?? "missing"}, not "${format}"`;
}

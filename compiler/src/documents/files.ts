import type * as ast from "@pgl/grammar";
import type { Reporter } from "../diagnostics/reporter.js";
import { baseName } from "../hosts/base-name.js";
import type { SourceHost } from "../hosts/source-host.js";
import { nodesIn } from "../nodes.js";
import type { Resolution } from "../resolve/bindings.js";
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
  /** Whether files may be missing, or for another draw: for what is about to make them. */
  readonly untrained?: boolean;
  /** Of learned twists that are there without a file: the draws they are for, by the file that the program names. */
  readonly twists?: ReadonlyMap<string, string>;
  /**
   * Whether the models that `lm` declarations name are looked for too. Not by default: a run may be given others, and tells of
   * those that it cannot load.
   */
  readonly models?: boolean;
}

/** The draws that learned twists are for, as far as their files say so. */
export type LearnedDraws = Map<ast.TwistFileDeclaration, string>;

/**
 * Checks the files that declarations of a module name: those of learned twists and surrogates are there, and what they say
 * that they are. Which model they are for, and whether all that is in them can be used, a run sees.
 *
 * @param draws is given those of the module's twists.
 */
export function checkFiles(
  tree: ast.Module,
  file: string,
  host: SourceHost,
  suggester: Suggester,
  reporter: Reporter,
  draws: LearnedDraws,
  { untrained = false, twists = new Map<string, string>() }: FileCheckOptions,
): void {
  const check = (at: ast.StringLiteral, { format, what, made }: FileKind): Content | undefined => {
    const name = at.value;
    const path = host.resolve(file, name);
    const text = host.read(path);
    if (text === undefined) {
      const problem = host.problem?.(path);
      if (problem !== undefined) reporter.report("PGL4034", at, `\`${name}\` is no ${what}: ${problem}.`, made(name));
      else if (!untrained) {
        const meant = suggester.suggest(baseName(path), host.neighbours?.(path) ?? []);
        reporter.report("PGL2003", at, `There is no file \`${name}\` here.`, {
          hint: meant === undefined ? made(name) : `Did you mean \`${meant}\`?`,
        });
      }
      return undefined;
    }
    const content = contentOf(format, text);
    if (typeof content !== "string") return content;
    reporter.report("PGL4034", at, `\`${name}\` is no ${what}: ${content}.`, made(name));
    return undefined;
  };
  for (const declaration of tree.declarations) {
    if (declaration.kind === "TwistFileDeclaration") {
      const draw = twists.get(declaration.file.value) ?? check(declaration.file, TWIST)?.["draw"];
      if (typeof draw === "string" && !untrained) draws.set(declaration, draw);
    }
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

type Content = Readonly<Record<string, unknown>>;

/** What is in a file of a format, or why the text is none. */
function contentOf(format: string, text: string): Content | string {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return `it is not JSON (${(error as Error).message})`;
  }
  const found = typeof content === "object" && content !== null && "format" in content ? content.format : undefined;
  return found === format
    ? (content as Content)
    : `its \`format\` is ${JSON.stringify(found) ?? "missing"}, not "${format}"`;
}

/** Checks that texts that are drawn with a learned twist, named where they are drawn, are drawn by the name it is for. */
export function checkLearnedDraws(
  tree: ast.Module,
  { bindings }: Resolution,
  draws: LearnedDraws,
  reporter: Reporter,
): void {
  if (draws.size === 0) return;
  const declarationOf = (name: ast.Identifier): ast.TwistFileDeclaration | undefined => {
    const binding = bindings.get(name);
    const declaration =
      binding?.kind === "unit"
        ? binding.declaration
        : binding?.kind === "imported" && binding.symbol?.kind === "learned twist"
          ? binding.symbol.declaration
          : undefined;
    return declaration?.kind === "TwistFileDeclaration" ? declaration : undefined;
  };
  for (const { pattern, distribution } of drawsIn(tree)) {
    if (pattern.kind !== "Identifier") continue;
    // `.text(…)`, and what changes it after that.
    for (
      let at = distribution;
      at.kind === "CallExpression" && at.callee.kind === "MemberExpression";
      at = at.callee.object
    ) {
      const twist = at.arguments.find(({ name }) => name?.name === "twist")?.value;
      for (const name of twist === undefined ? [] : namesIn(twist)) {
        const declaration = declarationOf(name);
        const draw = declaration && draws.get(declaration);
        if (draw === undefined || draw === pattern.name) continue;
        reporter.report(
          "PGL4035",
          name,
          `\`${declaration!.name.name}\` was learned for the draw \`${draw}\`, and this is \`${pattern.name}\`.`,
          `Give it to \`${draw}\`, or train one for this draw: \`pgl train FILE --draw ${pattern.name}\`.`,
        );
      }
    }
  }
}

/** The names that an expression may have the value of: itself, or those its branches end with. */
function namesIn(expression: ast.Expression): ast.Identifier[] {
  const of = ({ result }: ast.Block): ast.Identifier[] => (result === undefined ? [] : namesIn(result));
  switch (expression.kind) {
    case "Identifier":
      return [expression];
    case "IfExpression": {
      const { then, else: other } = expression;
      return [...of(then), ...(other === undefined ? [] : other.kind === "Block" ? of(other) : namesIn(other))];
    }
    case "MatchExpression":
      return expression.arms.flatMap(({ body }) => of(body));
    case "BlockExpression":
      return of(expression.block);
    default:
      return [];
  }
}

function drawsIn(tree: ast.Module): ast.DrawStatement[] {
  const found: ast.DrawStatement[] = [];
  for (const node of nodesIn(tree)) if (node.kind === "DrawStatement") found.push(node as ast.DrawStatement);
  return found;
}

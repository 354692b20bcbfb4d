import type { SourceFileStructure } from "ts-morph";
import type { PrintedText } from "./javascript.js";
import { pieces } from "./marks.js";
import type { SourcePosition } from "./source-map.js";
import { kinds, type ModuleStatement } from "./structures.js";

/** A module as TypeScript text, printed by ts-morph. */
export async function printTypeScript(statements: readonly ModuleStatement[]): Promise<PrintedText> {
  return strip(await print(statements.map(forTypeScript)));
}

/** What TypeScript users of a module see: the text of its `.d.ts`. */
export async function printDeclarations(statements: readonly ModuleStatement[]): Promise<string> {
  return strip(await print(statements.map(forTypeScript))).text;
}

async function print(statements: readonly ModuleStatement[]): Promise<string> {
  const { Project, IndentationText } = await import("ts-morph");
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces },
  });
  const structure: Partial<SourceFileStructure> = {
    statements: mapStrings(statements.map(inLines), toComments) as ModuleStatement[],
  };
  return project.createSourceFile("module.ts", structure).getFullText();
}

/** A constant on several lines keeps its own indentation; ts-morph would move its lines to the right. */
function inLines(statement: ModuleStatement): ModuleStatement | string {
  if (statement.kind !== kinds.variable) return statement;
  const [declaration] = statement.declarations;
  const initializer = String(declaration!.initializer ?? "");
  if (!initializer.includes("\n")) return statement;
  const type = declaration!.type === undefined ? "" : `: ${String(declaration!.type)}`;
  const doc = ((statement.docs ?? []) as string[]).map((text) => `/** ${text.split("\n").join("\n * ")} */\n`).join("");
  return `${doc}${statement.isExported === true ? "export " : ""}const ${declaration!.name}${type} = ${initializer};`;
}

/** Imports as a TypeScript build resolves them: `./other.pgl` is compiled to `./other.pgl.js`, `./judges.ts` to `./judges.js`. */
function forTypeScript(statement: ModuleStatement): ModuleStatement {
  if (statement.kind !== kinds.import) return statement;
  const { moduleSpecifier } = statement;
  if (moduleSpecifier.endsWith(".pgl")) return { ...statement, moduleSpecifier: `${moduleSpecifier}.js` };
  return { ...statement, moduleSpecifier: moduleSpecifier.replace(/\.(m|c)?tsx?$/, ".$1js") };
}

/** Marks as comments, so that what ts-morph sees is TypeScript. */
function toComments(marked: string): string {
  let text = "";
  for (const piece of pieces(marked)) {
    if (piece.kind === "position") text += `/*\uE000${piece.offset.toString(36)}\uE001*/`;
    else text += piece.text;
  }
  return text;
}

function strip(commented: string): PrintedText {
  const positions: SourcePosition[] = [];
  const lines = commented.split("\n").map((line, number) => {
    let text = "";
    let from = 0;
    for (const match of line.matchAll(/\/\*\uE000([0-9a-z]+)\uE001\*\//g)) {
      text += line.slice(from, match.index);
      positions.push({ line: number, column: text.length, offset: parseInt(match[1]!, 36) });
      from = (match.index ?? 0) + match[0].length;
    }
    return text + line.slice(from);
  });
  return { text: lines.join("\n"), positions };
}

/** The same structure with every string in it replaced. */
function mapStrings(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === "string") return replace(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, replace));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, replace)]));
  }
  return value;
}

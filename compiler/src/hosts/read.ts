import type * as Namespace from "ts-morph";
import type { Project, SourceFile, ts as TypeScript } from "ts-morph";
import { HostTypes } from "./convert.js";
import type { HostExport } from "./host-export.js";
import type { SourceHost } from "./source-host.js";

export type HostFound =
  | { readonly kind: "export"; readonly value: HostExport }
  | { readonly kind: "absent" }
  | { readonly kind: "unusable"; readonly reason: string; readonly hint?: string };

export type HostModule =
  | { readonly kind: "missing" }
  | { readonly kind: "broken"; readonly path: string; readonly message: string }
  | {
      readonly kind: "module";
      readonly path: string;
      readonly names: readonly string[];
      find(name: string): HostFound;
    };

type Morph = typeof Namespace;

/** One for the process: loading TypeScript and its library takes a third of a second. */
let shared: Promise<{ readonly morph: Morph; readonly project: Project }> | undefined;

async function typeScript(): Promise<{ readonly morph: Morph; readonly project: Project }> {
  shared ??= import("ts-morph").then((loaded) => {
    // CommonJS seen from an ES module may hide its names behind `default`.
    const morph = "Project" in loaded ? loaded : (loaded as unknown as { readonly default: Morph }).default;
    const { ts } = morph;
    const project = new morph.Project({
      skipAddingFilesFromTsConfig: true,
      skipFileDependencyResolution: true,
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        lib: ["lib.es2022.d.ts"],
        module: ts.ModuleKind.ESNext,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        allowImportingTsExtensions: true,
        noEmit: true,
        allowJs: true,
        strict: true,
        types: [],
        skipLibCheck: true,
      },
    });
    return { morph, project };
  });
  return shared;
}

/** Reads what a TypeScript or JavaScript module exports, from its own declarations. */
export async function readHostModule(host: SourceHost, from: string, specifier: string): Promise<HostModule> {
  const { morph, project } = await typeScript();
  const isPath = /^[./]/.test(specifier) || /^[A-Za-z]:[\\/]/.test(specifier);
  const file = isPath
    ? fromPath(host, project, host.resolve(from, specifier))
    : fromPackage(morph.ts, project, from, specifier);
  if (file === undefined) return { kind: "missing" };
  const path = isPath ? host.resolve(from, specifier) : file.getFilePath();
  const wrong = project.getProgram().getSyntacticDiagnostics(file)[0];
  if (wrong !== undefined) {
    const text = wrong.getMessageText();
    const message = typeof text === "string" ? text : text.getMessageText();
    return { kind: "broken", path, message: `line ${wrong.getLineNumber()}: ${message}` };
  }
  const types = new HostTypes(morph, project.getTypeChecker().compilerObject, file);
  const symbols = new Map(file.getExportSymbols().map((symbol) => [symbol.getName(), symbol]));
  return {
    kind: "module",
    path,
    names: [...symbols.keys()],
    find(name) {
      const symbol = symbols.get(name);
      return symbol === undefined ? { kind: "absent" } : types.read(symbol.compilerSymbol);
    },
  };
}

function fromPath(host: SourceHost, project: Project, path: string): SourceFile | undefined {
  const text = host.read(path);
  if (text === undefined) return undefined;
  // Declarations beside a JavaScript file say more than the file itself.
  const declarations = path.replace(/\.([cm]?)js$/, ".d.$1ts");
  const declared = declarations === path ? undefined : host.read(declarations);
  const [at, source] = declared === undefined ? [path, text] : [declarations, declared];
  const before = project.getSourceFile(at);
  if (before !== undefined && before.getFullText() === source) return before;
  return project.createSourceFile(at, source, { overwrite: true });
}

function fromPackage(ts: typeof TypeScript, project: Project, from: string, specifier: string): SourceFile | undefined {
  const resolved = ts.resolveModuleName(specifier, from, project.getCompilerOptions(), ts.sys).resolvedModule;
  return resolved === undefined ? undefined : project.addSourceFileAtPathIfExists(resolved.resolvedFileName);
}

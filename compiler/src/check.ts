import { parse } from "@pgl/grammar";
import type * as ast from "@pgl/grammar";
import type { Diagnostic } from "@pgl/grammar";
import type { CheckedModule, CheckedProgram } from "./checked.js";
import { Reporter } from "./diagnostics/reporter.js";
import { namedDraws, type BodySummary } from "./effects/summary.js";
import { warnUnguided } from "./effects/unguided.js";
import { reportContradictions } from "./documents/contradictions.js";
import { checkFiles, checkLearnedDraws, type FileCheckOptions, type LearnedDraws } from "./documents/files.js";
import { checkModels } from "./documents/models.js";
import { constraintLibrary, type LoadConstraints } from "./documents/library.js";
import { readDocuments } from "./documents/read.js";
import { baseName } from "./hosts/base-name.js";
import { readHostModule } from "./hosts/read.js";
import type { SourceHost } from "./hosts/source-host.js";
import type { HostBinding, ImportedBinding, Resolution } from "./resolve/bindings.js";
import { resolve } from "./resolve/resolve.js";
import { Suggester } from "./resolve/suggest.js";
import { checkModule } from "./types/module-checker.js";

type Binding = HostBinding | ImportedBinding;

export interface CheckOptions extends FileCheckOptions {
  /** Called before the first constraint is compiled, if there is one: for what sets up how constraints are compiled. */
  readonly beforeConstraints?: () => Promise<void>;
}

/**
 * Parses and checks a program: the module `entry` and all it imports. What is wrong with the program is in `diagnostics`,
 * by module and place; nothing is thrown for it.
 */
export async function check(host: SourceHost, entry: string, options: CheckOptions = {}): Promise<CheckedProgram> {
  return new ProgramCheck(host, options).run(host.resolve("", entry));
}

const NOT_TEXT = "Programs are text in UTF-8. Was another file meant, or is it saved in another encoding?";

/** The expressions that names of constants stand for. */
const constantOf =
  ({ bindings }: Resolution) =>
  (name: ast.Identifier): ast.Expression | undefined => {
    const binding = bindings.get(name);
    if (binding?.kind !== "unit" || binding.declaration.kind !== "ConstDeclaration") return undefined;
    return binding.declaration.value;
  };

class ProgramCheck {
  private readonly modules = new Map<string, CheckedModule>();
  private readonly diagnostics: (Diagnostic & { readonly file: string })[] = [];
  private readonly hostModules = new Set<string>();
  private readonly summaries = new Map<ast.Declaration, BodySummary>();
  private readonly targets = new Map<ast.ProposalDeclaration | ast.TwistDeclaration, ast.ModelDeclaration>();
  private readonly learned: LearnedDraws = new Map();
  private readonly suggester = new Suggester();
  /** Modules whose imports are being checked, outermost first. */
  private readonly open: string[] = [];

  private readonly constraints: LoadConstraints;

  constructor(
    private readonly host: SourceHost,
    private readonly options: CheckOptions,
  ) {
    this.constraints = constraintLibrary(options.beforeConstraints);
  }

  async run(entry: string): Promise<CheckedProgram> {
    const text = this.host.read(entry);
    if (text === undefined) {
      const problem = this.host.problem?.(entry);
      this.diagnostics.push({
        code: problem === undefined ? "PGL2003" : "PGL2016",
        severity: "error",
        file: entry,
        span: { start: 0, end: 0 },
        message: problem === undefined ? `There is no file \`${entry}\`.` : `\`${entry}\` is no program: ${problem}.`,
        hint: problem === undefined ? this.fileHint(entry) : NOT_TEXT,
      });
    } else {
      await this.module(entry, text);
    }
    return {
      entry,
      modules: this.modules,
      diagnostics: this.diagnostics,
      hostModules: [...this.hostModules],
      drawNames: (model) => [...namedDraws(model, this.summaries)],
    };
  }

  private async module(file: string, text: string): Promise<void> {
    this.open.push(file);
    const reporter = new Reporter();
    const { tree, diagnostics } = parse(text);
    const imports = await this.imports(file, tree, reporter);
    const resolution = resolve(tree, imports, reporter, this.suggester);
    const { summaries, targets, suggester, host } = this;
    const documents = await readDocuments(tree, file, host, constantOf(resolution), reporter, this.constraints);
    checkFiles(tree, file, host, suggester, reporter, this.learned, this.options);
    if (this.options.models === true) checkModels(tree, file, host, suggester, reporter);
    checkLearnedDraws(tree, resolution, this.learned, reporter);
    const module = checkModule({ file, text, tree, resolution, documents, reporter, suggester, summaries, targets });
    this.modules.set(file, module);
    if (![...diagnostics, ...reporter.diagnostics].some((d) => d.severity === "error")) {
      warnUnguided(module, resolution, reporter);
      await reportContradictions(tree, documents, constantOf(resolution), reporter, this.constraints);
    }
    this.open.pop();
    const all = [...diagnostics, ...withoutEchoes(reporter.diagnostics, diagnostics, tree)].sort(
      (a, b) => a.span.start - b.span.start,
    );
    for (const diagnostic of all) this.diagnostics.push({ ...diagnostic, file });
  }

  // --------------------------------------------------------------------------------------------------------- imports

  private async imports(
    file: string,
    tree: ast.Module,
    reporter: Reporter,
  ): Promise<ReadonlyMap<ast.ImportSpecifier, Binding>> {
    const bindings = new Map<ast.ImportSpecifier, Binding>();
    for (const declaration of tree.declarations) {
      if (declaration.kind !== "ImportDeclaration" || declaration.source.value === "") continue;
      const found = declaration.source.value.endsWith(".pgl")
        ? await this.pglImport(file, declaration, reporter)
        : await this.hostImport(file, declaration, reporter);
      found?.forEach((binding, i) => bindings.set(declaration.specifiers[i]!, binding));
    }
    return bindings;
  }

  /** The bindings of an import's specifiers, in order; `undefined` when the module cannot be had. */
  private async pglImport(
    file: string,
    declaration: ast.ImportDeclaration,
    reporter: Reporter,
  ): Promise<readonly Binding[] | undefined> {
    const path = this.host.resolve(file, declaration.source.value);
    if (this.open.includes(path)) {
      const circle = [...this.open.slice(this.open.indexOf(path)), path].map(baseName).join(" → ");
      reporter.report(
        "PGL2004",
        declaration.source,
        path === file ? "The module imports itself." : `These modules import each other: ${circle}.`,
        "Move what both need into a third module.",
      );
      return undefined;
    }
    if (!this.modules.has(path)) {
      const text = this.host.read(path);
      const problem = text === undefined ? this.host.problem?.(path) : undefined;
      if (problem !== undefined) {
        const message = `\`${declaration.source.value}\` is no program: ${problem}.`;
        reporter.report("PGL2016", declaration.source, message, NOT_TEXT);
        return undefined;
      }
      if (text === undefined) {
        reporter.report("PGL2003", declaration.source, `There is no file \`${declaration.source.value}\` here.`, {
          hint: this.fileHint(path),
        });
        return undefined;
      }
      await this.module(path, text);
    }
    const module = this.modules.get(path);
    if (module === undefined) return undefined;
    return declaration.specifiers.map((specifier): Binding => {
      const name = specifier.imported.name;
      const symbol = module.exports.get(name);
      if (symbol === undefined && name !== "") {
        const declared = module.tree.declarations.some(
          (d) => d.kind !== "ImportDeclaration" && d.kind !== "QueryDeclaration" && d.name.name === name,
        );
        reporter.report("PGL2005", specifier.imported, `\`${declaration.source.value}\` does not export \`${name}\`.`, {
          hint: declared
            ? `It is declared there: write \`export\` before it.`
            : this.suggester.hint(name, module.exports.keys()),
        });
      }
      return {
        kind: "imported",
        name: specifier.local.name,
        declaration: specifier.local,
        module: path,
        symbol,
        reads: 0,
      };
    });
  }

  private async hostImport(
    file: string,
    declaration: ast.ImportDeclaration,
    reporter: Reporter,
  ): Promise<readonly Binding[] | undefined> {
    const specifier = declaration.source.value;
    const module = await readHostModule(this.host, file, specifier);
    if (module.kind === "missing") {
      const isPath = /^[./]/.test(specifier);
      reporter.report(
        "PGL2003",
        declaration.source,
        isPath ? `There is no file \`${specifier}\` here.` : `There is no package \`${specifier}\` here.`,
        {
          hint: isPath
            ? this.fileHint(this.host.resolve(file, specifier))
            : "Install it, or write a path that begins with `./`.",
        },
      );
      return undefined;
    }
    this.hostModules.add(module.path);
    if (module.kind === "broken") {
      reporter.report(
        "PGL2012",
        declaration.source,
        `\`${specifier}\` cannot be read: ${module.message}`,
        "Mend the file; until then nothing is known of what it exports.",
      );
      return undefined;
    }
    return declaration.specifiers.map((imported): Binding => {
      const { name } = imported.imported;
      const found = name === "" ? { kind: "absent" as const } : module.find(name);
      if (found.kind === "absent" && name !== "") {
        reporter.report("PGL2005", imported.imported, `\`${specifier}\` does not export \`${name}\`.`, {
          hint:
            this.suggester.hint(name, module.names) ?? (module.names.length === 0 ? "It exports nothing." : undefined),
        });
      } else if (found.kind === "unusable") {
        reporter.report("PGL2013", imported.imported, `\`${name}\` cannot be used from PGL: ${found.reason}.`, {
          hint: found.hint,
        });
      }
      return {
        kind: "host",
        name: imported.local.name,
        declaration: imported.local,
        imported: name,
        module: specifier,
        export: found.kind === "export" ? found.value : undefined,
        reads: 0,
      };
    });
  }

  private fileHint(path: string): string | undefined {
    const name = baseName(path);
    const found = this.suggester.suggest(name, this.host.neighbours?.(path) ?? []);
    return found === undefined ? undefined : `Did you mean \`${found}\`?`;
  }
}

/**
 * Leaves out what only follows from a syntax error: anything said of code that could not be read, and in a declaration that
 * has an error, that something is missing or not used.
 */
function withoutEchoes(
  found: readonly Diagnostic[],
  syntax: readonly Diagnostic[],
  tree: ast.Module,
): readonly Diagnostic[] {
  const errors = syntax.filter((d) => d.severity === "error");
  if (errors.length === 0) return found;
  const contains = (span: ast.Span, error: Diagnostic): boolean =>
    span.start <= error.span.start && error.span.end <= span.end;
  const broken = tree.declarations.filter(({ span }) => errors.some((error) => contains(span, error)));
  const isAbsence = ({ code }: Diagnostic): boolean => code === "PGL3010" || code.startsWith("PGL5");
  return found.filter(
    (d) =>
      !errors.some((error) => contains(d.span, error)) &&
      !(
        isAbsence(d) &&
        (d.code === "PGL5002" || broken.some(({ span }) => span.start <= d.span.start && d.span.end <= span.end))
      ),
  );
}

import { basename, dirname, relative, resolve, sep } from "node:path";
import {
  compile as compileProgram,
  renderDiagnostics,
  showType,
  type CheckedProgram,
  type EmittedModule,
  type FiledDiagnostic,
  type ParameterType,
  type SourceHost,
  type Type,
} from "@pgl/compiler";
import { lineStarts, locate } from "@pgl/grammar";
import { TwistAlias, type LanguageModel, type LanguageModelAlias } from "@pgl/lm";
import { MethodError, setTwin, type Method, type Model, type Site } from "@pgl/runtime";
import type { LearnedTwist } from "@pgl/twists";
import { inspect } from "../inspect.js";
import { checkArguments } from "../arguments/check-json.js";
import { standsFor, type DeclaredAlias } from "../run/language-models.js";
import { CompileError } from "./compile-error.js";
import { evaluateWithTwin } from "./evaluate.js";
import type { HostModules } from "./hosts.js";
import { setOrigin } from "./origin.js";
import { Places } from "./places.js";
import { resultCheckOf } from "./result-check.js";

/** A query of a program: what `pgl run` executes. */
export interface Query<R = unknown> {
  /** Its own name, or the model's when it has none. */
  readonly name: string;
  readonly model: Model<readonly unknown[], R>;
  /** The arguments, computed anew each time. */
  args(): readonly unknown[];
  /** The method written after `using`; undefined when there is none. */
  method(): Method | undefined;
  readonly site: Site;
}

/** A `proposal … for` of a program. */
export interface NamedProposal {
  readonly model: Model;
  /** The name of the model it proposes for. */
  readonly target: string;
}

/** A `twist … for` of a program. */
export interface NamedTwist {
  /** The model with the twist in it: of the same measure, and called like the model. */
  readonly model: Model;
  /** The name of the model it twists. */
  readonly target: string;
}

/** A compiled program: its models and what else it declares. */
export interface CompiledProgram {
  /** The file of the entry module, absolute; a made-up name for text that has no file. */
  readonly file: string;
  readonly models: Readonly<Record<string, Model>>;
  readonly queries: readonly Query[];
  /** The names of the language models that it and its modules declare. */
  readonly lms: readonly string[];
  readonly aliases: readonly DeclaredAlias[];
  readonly proposals: Readonly<Record<string, NamedProposal>>;
  readonly twists: Readonly<Record<string, NamedTwist>>;
  /** Everything the entry module exports: constants and functions too. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** Warnings. A program with errors is not compiled. */
  readonly diagnostics: readonly FiledDiagnostic[];
  /** What the checker found: types, symbols and texts of every module. */
  readonly checked: CheckedProgram;
  readonly modules: readonly EmittedModule[];
  /**
   * The parameters of a model, with their types.
   * @throws MethodError when there is no model of that name.
   */
  parametersOf(model: string): readonly ParameterType[];
  /** Names of the draws that running a model of the program may come to, as options of methods take them. */
  drawNames(model: string): readonly string[];
}

/** Models as properties, by their names. */
export type WithModels<M> = { readonly [K in keyof M as M[K] extends { readonly kind: "model" } ? K : never]: M[K] };

/** A program whose models are not known to TypeScript. */
export interface AnyModels {
  readonly [model: string]: Model;
}

export interface CompileOptions {
  /** Which compiler passes run: all of them, none, or those named. */
  readonly passes?: readonly string[] | "all" | "none";
  /** Host modules as values, by the specifier the program imports them with. */
  readonly hosts?: HostModules;
  /** Language models as values, by the specs that the program declares aliases with. */
  readonly lms?: Readonly<Record<string, LanguageModel>>;
  /** Learned twists as values, by the files that the program names. */
  readonly twists?: Readonly<Record<string, LearnedTwist>>;
  /** Whether files of twists and surrogates that the program names may be missing, for what will make them. Default false. */
  readonly untrained?: boolean;
}

/**
 * Compiles and evaluates the program that begins in `entry`.
 *
 * @throws CompileError with every diagnostic when the program has errors; LoadError when a host module cannot be used.
 */
export async function build<M>(
  files: SourceHost,
  entry: string,
  options: CompileOptions,
): Promise<CompiledProgram & WithModels<M>> {
  const { program, modules } = await compileProgram(files, entry, {
    passes: options.passes ?? "all",
    untrained: options.untrained ?? false,
    twists: new Map(Object.entries(options.twists ?? {}).map(([file, { data }]) => [file, data.draw])),
  });
  const { diagnostics } = program;
  if (diagnostics.some((d) => d.severity === "error")) {
    throw new CompileError(diagnostics, renderDiagnostics(diagnostics, files, { color: false }));
  }
  const { loaded, twin } = await evaluateWithTwin(modules, {
    ...(options.hosts === undefined ? {} : { hosts: options.hosts }),
    checkResult: resultCheckOf(program),
  });

  const aliases = modules.flatMap((module): DeclaredAlias[] =>
    ((loaded.get(module.file)?.["lms"] ?? []) as readonly LanguageModelAlias[]).map((alias) => {
      const declared = standsFor(alias);
      const model = typeof declared === "string" ? (options.lms?.[declared] ?? declared) : declared;
      const directory = dirname(module.file);
      const surrogate =
        alias.surrogate === null
          ? undefined
          : { path: resolve(directory, alias.surrogate), site: declarationSite(program, module.file, alias.name) };
      return { name: alias.name, model, directory, surrogate };
    }),
  );
  const places = new Places(modules, dirname(program.entry));
  // The models of all modules: those that are imported run in programs of their own too.
  for (const module of modules) {
    const own = loaded.get(module.file) ?? {};
    const withTwins = [
      ...Object.values(modelsOf(own)).map((model) => ({
        model,
        twinOf: () => modelsOf(twin().get(module.file) ?? {})[model.name]!,
      })),
      ...Object.entries(twistsOf(own)).map(([name, { model }]) => ({
        model,
        twinOf: () => twistsOf(twin().get(module.file) ?? {})[name]!.model,
      })),
    ];
    for (const { model, twinOf } of withTwins) {
      setTwin(model, twinOf);
      setOrigin(model, {
        places,
        aliases,
        twists: options.twists ?? {},
        callsHosts: program.hostModules.length > 0,
        checkArguments: (args, path) => checkArguments(parametersOf(program, module.file, model.name), args, path),
      });
    }
  }

  const exports = loaded.get(program.entry) ?? {};
  const proposals = proposalsOf(exports);
  const models = modelsOf(exports);
  const members: CompiledProgram = new Compiled(
    program.entry,
    models,
    (exports["queries"] ?? []) as readonly Query[],
    aliases,
    proposals,
    twistsOf(exports),
    exports,
    program.diagnostics,
    program,
    modules,
  );
  for (const [name, model] of Object.entries(models)) {
    // A model named like a member of every program is found in `models` only.
    if (!(name in members)) Object.defineProperty(members, name, { value: model, enumerable: true });
  }
  return members as CompiledProgram & WithModels<M>;
}

class Compiled implements CompiledProgram {
  constructor(
    readonly file: string,
    readonly models: Readonly<Record<string, Model>>,
    readonly queries: readonly Query[],
    readonly aliases: readonly DeclaredAlias[],
    readonly proposals: Readonly<Record<string, NamedProposal>>,
    readonly twists: Readonly<Record<string, NamedTwist>>,
    readonly exports: Readonly<Record<string, unknown>>,
    readonly diagnostics: readonly FiledDiagnostic[],
    readonly checked: CheckedProgram,
    readonly modules: readonly EmittedModule[],
  ) {}

  get lms(): readonly string[] {
    return this.aliases.map((alias) => alias.name);
  }

  parametersOf(model: string): readonly ParameterType[] {
    return parametersOf(this.checked, this.file, model);
  }

  drawNames(model: string): readonly string[] {
    const { checked } = this;
    // Queries may run models of other modules: the entry comes first, where a name is in several.
    for (const module of [checked.modules.get(this.file), ...checked.modules.values()]) {
      for (const declaration of module?.tree.declarations ?? []) {
        if (declaration.kind === "ModelDeclaration" && declaration.name.name === model) {
          return checked.drawNames(declaration);
        }
      }
    }
    throw noModel(model);
  }

  /** What consoles and notebooks show: the signatures, not the syntax trees. */
  [inspect](): string {
    const models = Object.keys(this.models).map((name) => {
      const parameters = this.parametersOf(name).map((p) => `${p.name}${p.optional ? "?" : ""}: ${showType(p.type)}`);
      return `  model ${name}(${parameters.join(", ")})`;
    });
    const queries = this.queries.map((query) => `  query ${query.name}`);
    const lms = this.aliases.map(
      ({ name, model }) => `  lm ${name} = ${typeof model === "string" ? JSON.stringify(model) : model.name}`,
    );
    const twists = Object.values(this.exports)
      .filter((value) => value instanceof TwistAlias)
      .map(({ name, file }) => `  twist ${name} = ${JSON.stringify(file)}`);
    return [`PGL program ${basename(this.file)}`, ...lms, ...twists, ...models, ...queries].join("\n");
  }
}

/** Where a language model is declared. */
function declarationSite({ entry, modules }: CheckedProgram, file: string, name: string): Site {
  const { text, tree } = modules.get(file)!;
  const { span } = tree.declarations.find((d) => d.kind === "LmDeclaration" && d.name.name === name)!;
  const shown = relative(dirname(entry), file).split(sep).join("/");
  return { name, kind: "call", file: shown, ...locate(lineStarts(text), span.start), ...span };
}

function parametersOf(program: CheckedProgram, file: string, model: string): readonly ParameterType[] {
  const module = program.modules.get(file);
  for (const [node, symbol] of module?.symbols ?? []) {
    if (symbol.kind !== "model" || node !== symbol.declaration.name || symbol.name !== model) continue;
    return functionType(symbol.type).parameters;
  }
  const symbol = module?.exports.get(model);
  if (symbol?.kind === "model") return functionType(symbol.type).parameters;
  throw noModel(model);
}

const noModel = (model: string) => new MethodError("PGLT016", `The program has no model \`${model}\`.`);

function functionType(type: Type): Extract<Type, { kind: "function" }> {
  if (type.kind === "function") return type;
  throw new MethodError("PGLT016", "The type of a model is not that of a function.");
}

/** By their names in PGL: emitted code may have to call an export otherwise. A proposal or twist runs only for its model. */
function modelsOf(exports: Readonly<Record<string, unknown>>): Readonly<Record<string, Model>> {
  const others = [...Object.values(proposalsOf(exports)), ...Object.values(twistsOf(exports))];
  const guides = new Set(others.map(({ model }) => model));
  return Object.fromEntries(
    Object.values(exports)
      .filter(isModel)
      .filter((model) => !guides.has(model))
      .map((model) => [model.name, model]),
  );
}

const proposalsOf = (exports: Readonly<Record<string, unknown>>): Readonly<Record<string, NamedProposal>> =>
  (exports["proposals"] ?? {}) as Readonly<Record<string, NamedProposal>>;

const twistsOf = (exports: Readonly<Record<string, unknown>>): Readonly<Record<string, NamedTwist>> =>
  (exports["twists"] ?? {}) as Readonly<Record<string, NamedTwist>>;

const isModel = (value: unknown): value is Model =>
  typeof value === "object" && value !== null && (value as { kind?: unknown }).kind === "model";

import { lineStarts, locate } from "@pgl/grammar";
import { relative, dirname, sep } from "node:path";
import type { FunctionDeclarationStructure } from "ts-morph";
import type { LambdaExpr } from "../ir/expression.js";
import type {
  ConstantIr,
  FunctionIr,
  Global,
  ImportIr,
  ModuleIr,
  Program,
  QueryIr,
  SiteIr,
  Variable,
} from "../ir/program.js";
import { expressionsOf } from "../ir/walk.js";
import { showType } from "../types/show.js";
import type { Type } from "../types.js";
import { frameCaptures, frameClass } from "./frame.js";
import { hostType, written } from "./host-types.js";
import { stringLiteral } from "./literals.js";
import { at, typed } from "./marks.js";
import {
  constantCase,
  Names,
  pascal,
  PRELUDE_TYPES,
  PRELUDE_VALUES,
  type PreludeType,
  type PreludeValue,
} from "./names.js";
import { indent, Locals, plainPlace, Printer, type ModuleContext } from "./printer.js";
import { RelevanceAnalysis } from "./relevance.js";
import { constant, docs, kinds, type ModuleStatement } from "./structures.js";
import { resultOf, typeScriptOf, type TypeUses } from "./types.js";

/** Names a module exports beside what its program declares. */
const OWN_EXPORTS: ReadonlySet<string> = new Set(["lms", "queries", "proposals", "twists"]);

const isWrittenFor = {
  proposals: (fn: FunctionIr): boolean => fn.global.kind === "proposal",
  twists: (fn: FunctionIr): boolean => fn.twisted !== undefined,
};

/** One module as structures, before it is printed. */
export interface ModuleStructure {
  readonly statements: readonly ModuleStatement[];
  readonly declarations: readonly ModuleStatement[];
  readonly dependencies: readonly string[];
  readonly hosts: readonly string[];
}

export function buildModule(program: Program, module: ModuleIr): ModuleStructure {
  return new ModuleBuilder(program, module).build();
}

/** One a program: its modules are built one after the other. */
const analyses = new WeakMap<Program, RelevanceAnalysis>();

class ModuleBuilder implements ModuleContext {
  readonly names = new Names(null, OWN_EXPORTS);
  private readonly globals = new Map<Global, string>();
  private readonly frames = new Map<Global, string>();
  private readonly sites = new Map<SiteIr, string>();
  private readonly values = new Set<PreludeValue>();
  private readonly typeNames = new Set<PreludeType>();
  private readonly declaredTypes = new Map<string, string>();
  private readonly classes: ModuleStatement[] = [];
  private readonly starts: readonly number[];
  /** As sites name it: relative to where the program begins, so that output does not depend on the machine. */
  private readonly shownFile: string;
  private current = "";
  /** The sites of the function being built. */
  private ownSites: SiteIr[] = [];

  constructor(
    private readonly program: Program,
    private readonly module: ModuleIr,
  ) {
    this.starts = lineStarts(module.text);
    this.shownFile = relative(dirname(program.entry), module.file).split(sep).join("/");
  }

  build(): ModuleStructure {
    const { module } = this;
    this.nameAll();
    const functions = module.functions.flatMap((fn) => this.function(fn));
    const [early, late] = this.constants();
    const twistFiles = this.twistFiles();
    const queries = this.queries(module.queries);
    const statements: ModuleStatement[] = [
      ...this.types(),
      ...this.siteConstants(),
      ...this.lms(),
      ...twistFiles,
      ...early,
      ...functions,
      ...late,
      ...this.writtenFor("proposals"),
      ...this.writtenFor("twists"),
      ...queries,
      ...this.renamedExports(),
    ];
    // Before the prelude's own import, which lists what they use.
    const imported = module.imports.flatMap((i) => this.import(i));
    const imports = [...this.preludeImports(), ...imported];
    return {
      statements: [...imports, ...statements],
      declarations: this.declarations(),
      dependencies: unique(module.imports.flatMap((i) => (i.kind === "pgl" && i.file !== undefined ? [i.file] : []))),
      hosts: unique(module.imports.filter((i) => i.kind === "host").map((i) => i.specifier)),
    };
  }

  // -------------------------------------------------------------------------------------------------------- context

  useValue(name: PreludeValue): void {
    this.values.add(name);
  }

  useType(name: PreludeType): void {
    this.typeNames.add(name);
  }

  nameOf(type: Type): string | undefined {
    if (this.declaredTypes.size === 0) return undefined;
    if (!["record", "union", "tuple", "function"].includes(type.kind)) return undefined;
    return this.declaredTypes.get(structural(type));
  }

  global(global: Global): string {
    const name = this.globals.get(global);
    if (name === undefined)
      throw new Error(`${global.kind} \`${global.name}\` of ${global.module} is not known in ${this.module.file}.`);
    return name;
  }

  frameOf(global: Global): string | undefined {
    return this.frames.get(global);
  }

  site(site: SiteIr): string {
    let name = this.sites.get(site);
    if (name !== undefined) return name;
    const place = /@(\d+):\d+$/.exec(site.name);
    // Lines are what people look for; where two stand on one line, `Names` counts.
    const words = place === null ? constantCase(site.name) : `${site.kind.toUpperCase()}_${place[1]}`;
    name = this.names.take(words === site.name ? `${words}_SITE` : words);
    this.sites.set(site, name);
    this.useValue("site");
    this.ownSites.push(site);
    return name;
  }

  closure(lambda: LambdaExpr): { readonly className: string; readonly captures: readonly Variable[] } {
    const className = this.names.take(
      `${pascal(this.current)}${lambda.name === undefined ? "Lambda" : pascal(lambda.name)}Frame`,
    );
    const captures = frameCaptures(lambda);
    this.classes.push(frameClass({ className, captures, parameters: lambda.parameters, body: lambda.body }, this));
    return { className, captures };
  }

  get relevance(): RelevanceAnalysis {
    let analysis = analyses.get(this.program);
    if (analysis === undefined) analyses.set(this.program, (analysis = new RelevanceAnalysis(this.program)));
    return analysis;
  }

  // ---------------------------------------------------------------------------------------------------------- names

  private nameAll(): void {
    const { module } = this;
    for (const { names } of module.imports) for (const { global } of names) this.claim(global);
    const [own, hoisted] = [
      module.constants.filter((c) => c.hoisted !== true),
      module.constants.filter((c) => c.hoisted === true),
    ];
    for (const { global } of [...module.lms, ...module.twistFiles, ...own, ...module.functions]) this.claim(global);
    for (const { global } of hoisted) this.globals.set(global, this.names.take(constantCase(global.name)));
    for (const fn of module.functions) {
      if (fn.global.suspends) this.frames.set(fn.global, this.names.take(`${pascal(fn.global.name)}Frame`));
    }
    for (const { name, type } of module.types) {
      if (["record", "union", "tuple", "function"].includes(type.kind))
        this.declaredTypes.set(structural(type), this.typeName(name));
    }
  }

  private claim(global: Global): void {
    if (!this.globals.has(global)) this.globals.set(global, this.names.take(global.name));
  }

  private readonly typeNamesTaken = new Map<string, string>();
  private typeName(name: string): string {
    let taken = this.typeNamesTaken.get(name);
    if (taken === undefined) this.typeNamesTaken.set(name, (taken = this.names.take(name)));
    return taken;
  }

  private printer(locals = new Locals(this.names)): Printer {
    return new Printer(this, plainPlace(locals));
  }

  private type(type: Type): string {
    return typeScriptOf(type, this);
  }

  /** Exported where it stands when its name is its own; otherwise by `renamedExports`. */
  private isExportedHere(global: Global): boolean {
    return this.globals.get(global) === global.name && !OWN_EXPORTS.has(global.name);
  }

  private renamedExports(): ModuleStatement[] {
    const { lms, twistFiles, constants, functions } = this.module;
    const renamed = [...lms, ...twistFiles, ...constants.filter((c) => c.hoisted !== true), ...functions].filter(
      ({ global }) => !this.isExportedHere(global),
    );
    if (renamed.length === 0) return [];
    return [
      {
        kind: kinds.export,
        namedExports: renamed.map(({ global }) => ({
          name: this.global(global),
          alias: OWN_EXPORTS.has(global.name) ? `${global.name}_` : global.name,
        })),
      },
    ];
  }

  // -------------------------------------------------------------------------------------------------------- imports

  private preludeImports(): ModuleStatement[] {
    const values = PRELUDE_VALUES.filter((name) => this.values.has(name));
    const types = PRELUDE_TYPES.filter((name) => this.typeNames.has(name));
    if (values.length + types.length === 0) return [];
    return [
      {
        kind: kinds.import,
        moduleSpecifier: "@pgl/core/prelude",
        namedImports: [...values.map((name) => ({ name })), ...types.map((name) => ({ name, isTypeOnly: true }))],
      },
    ];
  }

  private import({ kind, specifier, names }: ImportIr): ModuleStatement[] {
    if (names.length === 0) return [];
    const converted: ModuleStatement[] = [];
    const named = names.map(({ imported, global }) => {
      const exported = kind === "pgl" && OWN_EXPORTS.has(imported) ? `${imported}_` : imported;
      let local = this.global(global);
      const conversion = kind === "host" ? this.hostConversion(global) : undefined;
      if (conversion !== undefined) {
        const theirs = this.names.take(`${local}InTypeScript`);
        converted.push(constant(local, conversion(theirs)));
        local = theirs;
      }
      return local === exported ? { name: exported } : { name: exported, alias: local };
    });
    return [{ kind: kinds.import, moduleSpecifier: specifier, namedImports: named }, ...converted];
  }

  /** What makes a host's function or constant one of the program's, where values differ between the two. */
  private hostConversion({ type, suspends }: Global): ((theirs: string) => string) | undefined {
    if (type.kind !== "function") {
      const shape = hostType(type);
      if (shape === undefined) return undefined;
      this.useValue("hostValue");
      return (theirs) => `hostValue${typed(`<${this.type(type)}>`)}(${theirs}, ${shape})`;
    }
    const { parameters, result } = type;
    if ([...parameters.map((p) => p.type), result].every((t) => hostType(t) === undefined)) return undefined;
    this.useValue("hostFunction");
    const shapes = `[${parameters.map((p) => written(p.type)).join(", ")}], ${written(result)}`;
    // What a promise resolves to is cast where it is awaited.
    const signature = suspends ? "" : typed(`<${this.type(type)}>`);
    return (theirs) => `hostFunction${signature}(${theirs}, ${shapes})`;
  }

  // ---------------------------------------------------------------------------------------------------- declarations

  private types(): ModuleStatement[] {
    return this.module.types.map(({ name, type, doc }) => ({
      kind: kinds.typeAlias,
      name: this.typeName(name),
      isExported: true,
      docs: docs(doc),
      type: typeScriptOf(type, this, false),
    }));
  }

  private siteConstants(): ModuleStatement[] {
    return inOrder([...this.sites.keys()]).map((site) => {
      const { name, kind, span } = site;
      const { line, column } = locate(this.starts, span.start);
      const place = `file: ${stringLiteral(this.shownFile)}, line: ${line}, column: ${column}, start: ${span.start}, end: ${span.end}`;
      return constant(
        this.sites.get(site)!,
        `${at(span.start)}site({ name: ${stringLiteral(name)}, kind: "${kind}", ${place} })`,
      );
    });
  }

  private lms(): ModuleStatement[] {
    const { lms } = this.module;
    if (lms.length === 0) return [];
    this.useValue("lm");
    const made = lms.map(({ global, spec, surrogate, doc, span }) => {
      const options = surrogate === undefined ? "" : `, { surrogate: ${stringLiteral(surrogate)} }`;
      const value = `lm(${stringLiteral(global.name)}, ${stringLiteral(spec)}${options})`;
      return constant(this.global(global), at(span.start) + value, { exported: this.isExportedHere(global), doc });
    });
    const list = `[${lms.map(({ global }) => this.global(global)).join(", ")}]`;
    return [...made, constant("lms", list, { exported: true })];
  }

  private twistFiles(): ModuleStatement[] {
    return this.module.twistFiles.map(({ global, file, site, doc, span }) => {
      this.useValue("twistFile");
      const value = `twistFile(${stringLiteral(global.name)}, ${stringLiteral(file)}, ${this.site(site)})`;
      return constant(this.global(global), at(span.start) + value, { exported: this.isExportedHere(global), doc });
    });
  }

  /** Constants before the functions that use them, and after those whose values they hold. */
  private constants(): [ModuleStatement[], ModuleStatement[]] {
    const late = new Set<Global>();
    const groups: [ModuleStatement[], ModuleStatement[]] = [[], []];
    for (const value of this.module.constants) {
      const isLate = [...expressionsOf(value.value)].some(
        (part) =>
          part.kind === "global" &&
          (late.has(part.global) || (part.global.module === this.module.file && part.global.suspends)),
      );
      if (isLate) late.add(value.global);
      const made = this.constant(value);
      groups[isLate ? 1 : 0].push(...this.closureClasses(), made);
    }
    return groups;
  }

  private constant({ global, value, doc, span, hoisted }: ConstantIr): ModuleStatement {
    this.current = global.name;
    const text = at(span.start) + this.printer().expr(value, 1);
    const annotated = hoisted !== true && value.kind !== "distribution" && value.kind !== "lambda";
    return constant(this.global(global), text, {
      exported: hoisted !== true && this.isExportedHere(global),
      doc,
      ...(annotated ? { type: this.type(global.type) } : {}),
    });
  }

  private function(fn: FunctionIr): ModuleStatement[] {
    this.current = fn.global.name;
    this.ownSites = [];
    if (!fn.global.suspends) {
      const plainFunction = this.plainFunction(fn);
      return [...this.closureClasses(), plainFunction];
    }
    const className = this.frames.get(fn.global)!;
    const frame = frameClass(
      { className, captures: [], parameters: fn.parameters, body: fn.body, isModel: fn.global.kind === "model" },
      this,
    );
    const maker =
      fn.global.kind === "function" ? this.closureConstant(fn, className) : this.modelConstant(fn, className);
    return [...this.closureClasses(), frame, maker];
  }

  /** The classes of the closures met since this was last asked. */
  private closureClasses(): ModuleStatement[] {
    return this.classes.splice(0);
  }

  private plainFunction(fn: FunctionIr): FunctionDeclarationStructure {
    const locals = new Locals(this.names);
    const printer = this.printer(locals);
    const parameters = fn.parameters.map(({ variable, defaultValue }) => ({
      kind: kinds.parameter,
      name: locals.nameOf(variable),
      type: this.type(variable.type),
      ...(defaultValue === undefined ? {} : { initializer: printer.expr(defaultValue, 1) }),
    }));
    return {
      kind: kinds.function,
      name: this.global(fn.global),
      isExported: this.isExportedHere(fn.global),
      docs: docs(fn.doc),
      parameters,
      returnType: resultOf(fn.result, (t) => this.type(t)),
      statements: [printer.statements(fn.body)],
    };
  }

  /** A function that may suspend, as a value for other modules and for calls by value. */
  private closureConstant(fn: FunctionIr, className: string): ModuleStatement {
    this.useType("Closure");
    const local = new Names(this.names);
    const names = fn.parameters.map(({ variable }) => local.take(variable.name));
    const args = fn.parameters.map(({ variable, defaultValue }, i) => {
      const optional = defaultValue === undefined ? "" : " | undefined";
      return names[i]! + typed(` as ${this.type(variable.type)}${optional}`);
    });
    const taken = names.length === 0 ? "()" : `([${names.join(", ")}])`;
    return constant(
      this.global(fn.global),
      `{ kind: "closure", enter: ${taken} => new ${className}(${args.join(", ")}) }`,
      {
        exported: this.isExportedHere(fn.global),
        type: "Closure",
        doc: fn.doc,
      },
    );
  }

  private modelConstant(fn: FunctionIr, className: string): ModuleStatement {
    this.useValue("defineModel");
    const local = new Names(this.names);
    const names = fn.parameters.map(({ variable }) => local.take(variable.name)).join(", ");
    const described = fn.parameters.map(
      ({ variable, defaultValue }) =>
        `{ name: ${stringLiteral(variable.name)}, type: ${stringLiteral(showType(variable.type))}, optional: ${defaultValue !== undefined} }`,
    );
    const fields = [
      // Who looks at a run sees the model, with or without a twist.
      `name: ${stringLiteral((fn.twisted ?? fn.global).name)},`,
      `parameters: [${described.join(", ")}],`,
      `sites: [${inOrder(this.ownSites)
        .map((site) => this.site(site))
        .join(", ")}],`,
      `start: (${names}) => new ${className}(${names}),`,
    ];
    const generic = typed(`<${this.signature(fn)}, ${this.type(fn.result)}>`);
    return constant(
      this.global(fn.global),
      `${at(fn.span.start)}defineModel${generic}({\n${indent(fields.join("\n"))}\n})`,
      {
        exported: this.isExportedHere(fn.global),
        doc: fn.doc,
      },
    );
  }

  /** `[hero: string, words?: number]`. */
  private signature(fn: FunctionIr, uses: TypeUses = this): string {
    return `[${fn.parameters
      .map(
        ({ variable, defaultValue }) =>
          `${variable.name}${defaultValue === undefined ? "" : "?"}: ${typeScriptOf(variable.type, uses)}`,
      )
      .join(", ")}]`;
  }

  /** What is written for models of the module, by its names. */
  private writtenFor(what: "proposals" | "twists"): ModuleStatement[] {
    const found = this.module.functions.filter(isWrittenFor[what]);
    if (found.length === 0) return [];
    const entries = found.map((fn) => {
      const name = this.global(fn.global);
      const key = name === fn.global.name ? `${name}: ` : `${stringLiteral(fn.global.name)}: `;
      return `${key}{ model: ${name}, target: ${stringLiteral((fn.target ?? fn.twisted)?.name ?? "")} },`;
    });
    return [constant(what, `{\n${indent(entries.join("\n"))}\n}`, { exported: true })];
  }

  private queries(queries: readonly QueryIr[]): ModuleStatement[] {
    if (queries.length === 0) return [];
    this.useType("Query");
    const printed = queries.map((query) => {
      this.current = query.name;
      const printer = this.printer();
      const fields = [
        `name: ${stringLiteral(query.name)},`,
        `model: ${this.global(query.model)},`,
        `args: () => [${printer.args(query.arguments)}],`,
        `method: () => ${query.method === undefined ? "undefined" : printer.method(query.method)},`,
        `site: ${this.site(query.site)},`,
      ];
      return `${at(query.span.start)}{\n${indent(fields.join("\n"))}\n}`;
    });
    return [
      ...this.closureClasses(),
      constant("queries", `[\n${indent(printed.join(",\n"))},\n]`, { exported: true, type: "readonly Query[]" }),
    ];
  }

  // ------------------------------------------------------------------------------------------- types for TypeScript users

  private declarations(): ModuleStatement[] {
    const types = new Set<PreludeType>();
    let maps = false;
    const uses: TypeUses = {
      useType: (name) => types.add(name),
      useValue: () => (maps = true),
      nameOf: (type) => this.nameOf(type),
    };
    const show = (type: Type) => typeScriptOf(type, uses);
    const { module } = this;
    const statements: ModuleStatement[] = module.types.map(({ name, type, doc }) => ({
      kind: kinds.typeAlias,
      name: this.typeName(name),
      isExported: true,
      docs: docs(doc),
      type: typeScriptOf(type, uses, false),
    }));
    const declare = (global: Global, type: string, doc: string | undefined) =>
      statements.push(
        constant(this.global(global), undefined, {
          exported: this.isExportedHere(global),
          declare: true,
          type,
          ...(doc === undefined ? {} : { doc }),
        }),
      );
    for (const { global, doc } of module.lms) {
      types.add("LanguageModelAlias");
      declare(global, "LanguageModelAlias", doc);
    }
    for (const { global, doc } of module.twistFiles) declare(global, show(global.type), doc);
    for (const { global, hoisted, doc } of module.constants)
      if (hoisted !== true) declare(global, show(global.type), doc);
    for (const fn of module.functions) {
      if (fn.global.kind !== "function") {
        types.add("Model");
        declare(fn.global, `Model<${this.signature(fn, uses)}, ${show(fn.result)}>`, fn.doc);
      } else if (fn.global.suspends) {
        types.add("Closure");
        declare(fn.global, "Closure", fn.doc);
      } else {
        const local = new Names();
        const parameters = fn.parameters
          .map(
            ({ variable, defaultValue }) =>
              `${local.take(variable.name)}${defaultValue === undefined ? "" : "?"}: ${show(variable.type)}`,
          )
          .join(", ");
        declare(fn.global, `(${parameters}) => ${resultOf(fn.result, show)}`, fn.doc);
      }
    }
    if (module.lms.length > 0)
      statements.push(
        constant("lms", undefined, { exported: true, declare: true, type: "readonly LanguageModelAlias[]" }),
      );
    for (const what of ["proposals", "twists"] as const) {
      if (!module.functions.some(isWrittenFor[what])) continue;
      types.add("Model");
      statements.push(
        constant(what, undefined, {
          exported: true,
          declare: true,
          type: "Readonly<Record<string, { readonly model: Model; readonly target: string }>>",
        }),
      );
    }
    if (module.queries.length > 0) {
      types.add("Query");
      statements.push(constant("queries", undefined, { exported: true, declare: true, type: "readonly Query[]" }));
    }
    statements.push(...this.renamedExports());
    const imported = [...PRELUDE_TYPES.filter((name) => types.has(name)), ...(maps ? ["ValueMap"] : [])];
    if (imported.length === 0) return statements;
    return [
      {
        kind: kinds.import,
        isTypeOnly: true,
        moduleSpecifier: "@pgl/core/prelude",
        namedImports: imported.map((name) => ({ name })),
      },
      ...statements,
    ];
  }
}

const noUses: TypeUses = { useType: () => {}, useValue: () => {}, nameOf: () => undefined };
const keys = new WeakMap<Type, string>();

/** Equal for equal types. */
function structural(type: Type): string {
  let key = keys.get(type);
  if (key === undefined) keys.set(type, (key = typeScriptOf(type, noUses)));
  return key;
}

/** As the source has them. */
const inOrder = (sites: readonly SiteIr[]): readonly SiteIr[] => [...sites].sort((a, b) => a.span.start - b.span.start);

const unique = (xs: readonly string[]): readonly string[] => [...new Set(xs)];

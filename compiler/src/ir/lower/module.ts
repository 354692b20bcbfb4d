import type * as ast from "@pgl/grammar";
import type { CheckedModule, CheckedProgram, Symbol } from "../../checked.js";
import type { Effect, Type } from "../../types.js";
import type { Expr } from "../expression.js";
import type {
  ConstantIr,
  FunctionIr,
  Global,
  ImportIr,
  LmIr,
  ModuleIr,
  Program,
  QueryIr,
  TwistFileIr,
  TypeIr,
} from "../program.js";
import { chooseMethods } from "./defaults.js";
import { lowerMethod, modelOf } from "./draws.js";
import { alone, lowerBody, lowerExpression, lowerInto, lowerParameters } from "./expressions.js";
import { orderConstants } from "./order.js";
import { LoweringError, ModuleScope, Scope, type Lowering } from "./scope.js";
import { lowerBlock } from "./statements.js";

const lowering: Lowering = { expression: lowerExpression, into: lowerInto, block: lowerBlock };

/**
 * From checked syntax trees to the intermediate representation. The program must be free of errors.
 * @throws LoweringError when it is not, at what the checker let through.
 */
export function lower(checked: CheckedProgram): Program {
  const globals = new Globals();
  for (const module of checked.modules.values()) globals.declare(module);
  const modules = [...checked.modules.values()].map((module) => lowerModule(module, globals));
  return chooseMethods({ entry: checked.entry, modules });
}

/** The one `Global` of each declaration, whichever module speaks of it. */
class Globals {
  private readonly byDeclaration = new Map<object, Global>();
  private readonly hosts = new Map<string, Global>();

  declare(module: CheckedModule): void {
    for (const declaration of module.tree.declarations) {
      const made = globalFor(module, declaration);
      if (made !== undefined) this.byDeclaration.set(declaration, made);
    }
  }

  of(file: string, symbol: Symbol): Global | undefined {
    if (symbol.kind === "imported") return this.of(symbol.module, symbol.symbol);
    if (symbol.kind === "host") {
      const key = `${file}\0${symbol.module}\0${symbol.imported}`;
      let host = this.hosts.get(key);
      if (host === undefined) {
        host = {
          kind: "host",
          name: symbol.imported,
          module: symbol.module,
          suspends: symbol.effect !== "pure",
          type: symbol.type,
        };
        this.hosts.set(key, host);
      }
      return host;
    }
    return "declaration" in symbol ? this.byDeclaration.get(symbol.declaration) : undefined;
  }

  declared(declaration: ast.Declaration): Global {
    const global = this.byDeclaration.get(declaration);
    if (global === undefined) throw new LoweringError("This declaration has no name.", declaration.span);
    return global;
  }
}

function globalFor(module: CheckedModule, declaration: ast.Declaration): Global | undefined {
  if (
    declaration.kind === "ImportDeclaration" ||
    declaration.kind === "QueryDeclaration" ||
    declaration.kind === "TypeDeclaration"
  ) {
    return undefined;
  }
  const { name } = declaration.name;
  const symbol = module.symbols.get(declaration.name);
  const type: Type =
    module.types.get(declaration.name) ?? (symbol !== undefined && "type" in symbol ? symbol.type : { kind: "error" });
  const base = { name, module: module.file, type };
  switch (declaration.kind) {
    case "LmDeclaration":
      return { ...base, kind: "lm", type: { kind: "lm" }, suspends: false };
    case "TwistFileDeclaration":
      return { ...base, kind: "twist", type: { kind: "twist" }, suspends: false };
    case "ConstDeclaration":
      return { ...base, kind: "const", suspends: false };
    case "FunctionDeclaration": {
      const effect: Effect = module.effects.get(declaration) ?? "pure";
      return { ...base, kind: "function", suspends: effect !== "pure" };
    }
    case "ModelDeclaration":
      return { ...base, kind: "model", suspends: true };
    case "ProposalDeclaration":
      return { ...base, kind: "proposal", suspends: true };
    case "TwistDeclaration": {
      // The model with the twist in it.
      const target = module.symbols.get(declaration.target);
      return { ...base, type: target?.kind === "model" ? target.type : base.type, kind: "model", suspends: true };
    }
  }
}

function lowerModule(checked: CheckedModule, globals: Globals): ModuleIr {
  const scope = new ModuleScope(checked, lowering, (symbol) => globals.of(checked.file, symbol));
  const imports: ImportIr[] = [];
  const types: TypeIr[] = [];
  const lms: LmIr[] = [];
  const twistFiles: TwistFileIr[] = [];
  const constants: ConstantIr[] = [];
  const functions: FunctionIr[] = [];
  const queries: QueryIr[] = [];
  for (const declaration of checked.tree.declarations) {
    const { span } = declaration;
    switch (declaration.kind) {
      case "ImportDeclaration":
        imports.push(lowerImport(scope, declaration));
        break;
      case "TypeDeclaration": {
        const type = checked.typeNodes.get(declaration.type) ?? { kind: "error" };
        types.push({ name: declaration.name.name, type, doc: declaration.doc, span });
        break;
      }
      case "LmDeclaration":
        lms.push({
          global: globals.declared(declaration),
          spec: declaration.spec.value,
          surrogate: declaration.options.find(({ name }) => name.name === "surrogate")?.value.value,
          doc: declaration.doc,
          span,
        });
        break;
      case "TwistFileDeclaration":
        twistFiles.push({
          global: globals.declared(declaration),
          file: declaration.file.value,
          site: scope.site("twist", span, declaration.name.name),
          doc: declaration.doc,
          span,
        });
        break;
      case "ConstDeclaration": {
        const value = outside(scope, declaration.value);
        constants.push({ global: globals.declared(declaration), value, doc: declaration.doc, span });
        break;
      }
      case "FunctionDeclaration":
      case "ModelDeclaration":
      case "ProposalDeclaration":
        functions.push(lowerFunction(scope, declaration, globals));
        break;
      case "TwistDeclaration":
        functions.push(lowerTwist(scope, declaration, globals));
        break;
      case "QueryDeclaration":
        queries.push(lowerQuery(scope, declaration));
        break;
    }
  }
  return {
    file: checked.file,
    text: checked.text,
    imports,
    types,
    lms,
    twistFiles,
    functions,
    queries,
    constants: orderConstants(constants, functions),
  };
}

/** An expression outside every function. */
function outside(module: ModuleScope, node: ast.Expression): Expr {
  const value = alone(new Scope(module), (scope) => lowerExpression(scope, node));
  if (value === undefined) throw new LoweringError("Outside functions, nothing can draw, weigh or wait.", node.span);
  return value;
}

function lowerImport(scope: ModuleScope, declaration: ast.ImportDeclaration): ImportIr {
  const names: { imported: string; global: Global }[] = [];
  let kind: ImportIr["kind"] = declaration.source.value.endsWith(".pgl") ? "pgl" : "host";
  let file: string | undefined;
  for (const specifier of declaration.specifiers) {
    const symbol = scope.checked.symbols.get(specifier.local);
    if (symbol === undefined) continue;
    if (symbol.kind === "imported") {
      kind = "pgl";
      file = symbol.module;
    }
    // A type has no value to import; it is known by its structure.
    const global = scope.globalOf(symbol);
    if (global !== undefined) names.push({ imported: specifier.imported.name, global });
  }
  return { kind, specifier: declaration.source.value, file, names, span: declaration.span };
}

function lowerFunction(
  module: ModuleScope,
  declaration: ast.FunctionDeclaration | ast.ModelDeclaration | ast.ProposalDeclaration,
  globals: Globals,
): FunctionIr {
  const scope = new Scope(module);
  const global = globals.declared(declaration);
  const parameters = lowerParameters(scope, declaration.parameters);
  const result: Type =
    declaration.kind === "ProposalDeclaration" || global.type.kind !== "function"
      ? { kind: "unit" }
      : global.type.result;
  const body = scope.buffered(() => lowerBody(scope, declaration.body, result));
  const target =
    declaration.kind === "ProposalDeclaration" ? module.globalOf(module.symbolOf(declaration.target)) : undefined;
  return { global, parameters, result, body, target, doc: declaration.doc, span: declaration.span };
}

/**
 * The model of a twist once more, with what the twist does after its draws in it. Variables are known by identity: names of
 * the one do not meet names of the other.
 */
function lowerTwist(module: ModuleScope, twist: ast.TwistDeclaration, globals: Globals): FunctionIr {
  const symbol = module.symbolOf(twist.target);
  if (symbol.kind !== "model") throw new LoweringError("A twist is for a model.", twist.target.span);
  const model = symbol.declaration;
  const scope = new Scope(module);
  const global = globals.declared(twist);
  const parameters = lowerParameters(scope, model.parameters);
  const result: Type = global.type.kind === "function" ? global.type.result : { kind: "unit" };
  twist.parameters.forEach(({ name }, i) => {
    const value = scope.lookup(model.parameters[i]!.name);
    if (value !== undefined) scope.alias(name, value);
  });
  const handlers = twist.body.statements.flatMap((s) => (s.kind === "OnStatement" ? [s] : []));
  const state = twist.body.statements.filter((s) => s.kind !== "OnStatement");
  const body = scope.buffered(() => {
    lowerBlock(scope, { kind: "Block", statements: state, span: twist.body.span }, { kind: "discard" });
    scope.handlers = handlers;
    lowerBody(scope, model.body, result);
  });
  return {
    global,
    parameters,
    result,
    body,
    target: undefined,
    twisted: module.globalOf(symbol),
    doc: twist.doc,
    span: twist.span,
  };
}

function lowerQuery(module: ModuleScope, declaration: ast.QueryDeclaration): QueryIr {
  const { infer, span } = declaration;
  const model = modelOf(new Scope(module), infer);
  const args = module.checked.calls.get(infer) ?? infer.arguments.map((argument) => argument.value);
  return {
    name: declaration.name?.name ?? infer.model.name,
    model,
    arguments: args.map((a) => (a === undefined ? missing(infer.span) : outside(module, a))),
    method: infer.method && lowerMethod(new Scope(module), infer.method),
    site: module.site("infer", span, declaration.name?.name ?? infer.model.name),
    doc: declaration.doc,
    span,
  };
}

/** What JavaScript takes for an argument left out. */
const missing = (span: ast.Span): Expr => ({ kind: "literal", value: undefined, type: { kind: "unit" }, span });

import type * as ast from "@pgl/grammar";
import type { CheckedModule, Symbol } from "../checked.js";
import type { Code } from "../diagnostics/catalogue.js";
import type { Reporter } from "../diagnostics/reporter.js";
import { checkProposalDraws } from "../effects/proposals.js";
import { checkTarget, wordOf, type WrittenFor } from "./targets.js";
import { newSummary, type BodySummary } from "../effects/summary.js";
import type { Binding, FunctionNode, Local, Resolution, Unit } from "../resolve/bindings.js";
import type { Suggester } from "../resolve/suggest.js";
import type { Effect, ParameterType, Type } from "../types.js";
import type { Checking, Context, Flow } from "./checking.js";
import { bodyType, discardExpression, inferExpression } from "./expressions.js";
import { inferInfer, modelOf } from "./methods.js";
import { reportMismatch } from "./mismatch.js";
import { START } from "./narrowing.js";
import { inOrder } from "./order.js";
import { allows, assignable, bothEffects, join } from "./relate.js";
import { checkStatement } from "./statements.js";
import { TypeReader } from "./type-nodes.js";
import { ERROR, FLOAT, functionType, LM, mapType, sameType, someType, TWIST, UNIT, withoutNone } from "./type.js";

export interface ModuleInput {
  readonly file: string;
  readonly text: string;
  readonly tree: ast.Module;
  readonly resolution: Resolution;
  readonly documents: CheckedModule["documents"];
  readonly reporter: Reporter;
  readonly suggester: Suggester;
  readonly summaries: Map<ast.Declaration, BodySummary>;
  readonly targets: Map<WrittenFor, ast.ModelDeclaration>;
}

/** Checks the types and effects of a module whose names are resolved and whose imports have been checked. */
export function checkModule(input: ModuleInput): CheckedModule {
  return new ModuleChecker(input).run();
}

/** A declaration is gone through again while something about it is still growing; this often at most. */
const MAX_ROUNDS = 12;
/** See `Checking.retries`. */
const MAX_RETRIES = 200;

class ModuleChecker implements Checking {
  readonly file: string;
  readonly reporter: Reporter;
  readonly suggester: Suggester;
  readonly resolution: Resolution;
  readonly summaries: Map<ast.Declaration, BodySummary>;
  readonly targets: Map<WrittenFor, ast.ModelDeclaration>;
  readonly types = new Map<ast.Expression | ast.Identifier, Type>();
  readonly typeNodes = new Map<ast.TypeNode, Type>();
  readonly effects = new Map<FunctionNode, Effect>();
  readonly calls = new Map<ast.CallExpression | ast.InferExpression, readonly (ast.Expression | undefined)[]>();
  readonly methodCalls = new Map<ast.CallExpression, string>();
  readonly localTypes = new Map<Local, Type>();
  readonly annotated = new Set<Local>();
  readonly deferred = new Map<object, () => void>();
  summary: BodySummary;
  flow: Flow = START;
  context!: Context;
  dirty = false;
  retries = 0;

  private readonly widened = new Map<Local, Type>();
  private readonly parameters = new Map<FunctionNode, readonly ParameterType[]>();
  private readonly results = new Map<Unit, Type>();
  private readonly constants = new Map<Unit, Type>();
  private readonly unitEffects = new Map<Unit, Effect>();
  private readonly typeReader: TypeReader;

  constructor(private readonly input: ModuleInput) {
    this.file = input.file;
    this.reporter = input.reporter;
    this.suggester = input.suggester;
    this.resolution = input.resolution;
    this.summaries = input.summaries;
    this.targets = input.targets;
    this.summary = newSummary(input.file, "");
    this.typeReader = new TypeReader(this);
  }

  run(): CheckedModule {
    const { units, queries } = this.resolution;
    for (const { declaration } of units)
      if (declaration.kind === "TypeDeclaration") this.typeReader.alias(this.resolution.unitOf.get(declaration)!);
    for (const unit of units) this.signature(unit);
    for (const group of inOrder(units)) this.group(group);
    this.checkConstantOrder();
    for (const query of queries) this.query(query);
    this.checkQueryNames(queries);
    for (const run of this.deferred.values()) run();
    return this.result();
  }

  // --------------------------------------------------------------------------------------------------- declarations

  private signature(unit: Unit): void {
    const { declaration } = unit;
    if (
      declaration.kind !== "FunctionDeclaration" &&
      declaration.kind !== "ModelDeclaration" &&
      declaration.kind !== "ProposalDeclaration" &&
      declaration.kind !== "TwistDeclaration"
    ) {
      return;
    }
    if (declaration.kind === "ProposalDeclaration" || declaration.kind === "TwistDeclaration") {
      const model = modelOf(this, declaration.target);
      if (model !== undefined) this.targets.set(declaration, model);
    }
    this.readParameters(declaration);
    if ("result" in declaration && declaration.result) {
      this.results.set(unit, this.typeNode(declaration.result));
    }
    this.unitEffects.set(unit, declaration.kind === "FunctionDeclaration" ? "pure" : "generative");
  }

  private readParameters(
    declaration: ast.FunctionDeclaration | ast.ModelDeclaration | ast.ProposalDeclaration | ast.TwistDeclaration,
  ): void {
    let last: ast.Parameter | undefined;
    const read = declaration.parameters.map((parameter): ParameterType => {
      let type = parameter.type && this.typeNode(parameter.type);
      if (type === undefined) {
        this.report(
          "PGL3013",
          parameter,
          `The type of \`${parameter.name.name}\` must be written.`,
          `Write \`${parameter.name.name}: string\`, or what it is.`,
        );
        type = ERROR;
      }
      if (parameter.defaultValue === undefined && last?.defaultValue !== undefined) {
        this.report(
          "PGL3003",
          parameter,
          `\`${parameter.name.name}\` comes after a parameter with a default, and needs one too.`,
          "Put parameters with defaults last.",
        );
      }
      last = parameter;
      return { name: parameter.name.name, type, optional: parameter.defaultValue !== undefined };
    });
    this.parameters.set(declaration, read);
  }

  /** Checks declarations that refer to each other, again while effects or the types of variables grow. */
  private group(group: readonly Unit[]): void {
    const mark = this.reporter.mark();
    for (let round = 0; ; round++) {
      this.dirty = false;
      for (const unit of group) this.forgetInferred(unit);
      for (const unit of group) this.unit(unit);
      if (!this.dirty || round >= MAX_ROUNDS) return;
      this.reporter.rollback(mark);
    }
  }

  /** A result that is not written is found anew each time: what was found before must not hide recursion. */
  private forgetInferred({ declaration }: Unit): void {
    if (
      (declaration.kind === "FunctionDeclaration" || declaration.kind === "ModelDeclaration") &&
      !declaration.result
    ) {
      this.results.delete(this.resolution.unitOf.get(declaration)!);
    }
  }

  private unit(unit: Unit): void {
    const { declaration } = unit;
    this.summary = newSummary(this.file, unit.name);
    this.flow = START;
    this.retries = MAX_RETRIES;
    switch (declaration.kind) {
      case "LmDeclaration":
      case "TwistFileDeclaration":
      case "TypeDeclaration":
        return;
      case "ConstDeclaration": {
        const wanted = declaration.type && this.typeNode(declaration.type);
        const type = this.within(
          { kind: "const", name: `\`const ${unit.name}\``, node: null, result: wanted, declared: false },
          () =>
            wanted === undefined
              ? this.infer(declaration.value)
              : this.check1(declaration.value, wanted, `\`${unit.name}\``),
        );
        if (type.kind === "unit") this.report("PGL3001", declaration.value, "This gives no value to keep.");
        this.constants.set(unit, type.kind === "unit" ? ERROR : type);
        this.types.set(declaration.name, this.constants.get(unit)!);
        break;
      }
      case "FunctionDeclaration":
      case "ModelDeclaration":
      case "ProposalDeclaration":
      case "TwistDeclaration":
        this.callable(unit, declaration);
    }
    this.summaries.set(declaration, this.summary);
  }

  private check1(expression: ast.Expression, wanted: Type, what: string): Type {
    this.check(expression, wanted, "PGL3001", what);
    return wanted;
  }

  private callable(
    unit: Unit,
    declaration: ast.FunctionDeclaration | ast.ModelDeclaration | ast.ProposalDeclaration | ast.TwistDeclaration,
  ): void {
    const parameters = this.parameters.get(declaration)!;
    this.defaults(declaration, parameters);
    const declared = this.results.get(unit);
    const isDeclared = "result" in declaration && declaration.result !== undefined;
    const word =
      declaration.kind === "FunctionDeclaration"
        ? "fn"
        : declaration.kind === "ModelDeclaration"
          ? "model"
          : wordOf(declaration);
    const { type, effect } = this.within(
      {
        kind: word,
        name: `\`${word} ${unit.name}\``,
        node: declaration,
        result: isDeclared ? declared : undefined,
        declared: isDeclared,
      },
      (context) => {
        declaration.parameters.forEach((parameter, i) => this.declareLocal(parameter.name, parameters[i]!.type));
        return { type: bodyType(this, declaration.body), effect: context.effect };
      },
    );
    if (declaration.kind === "ProposalDeclaration" || declaration.kind === "TwistDeclaration") {
      const model = checkTarget(this, declaration, parameters);
      if (declaration.kind === "ProposalDeclaration" && model !== undefined) {
        const { summary } = this;
        this.deferred.set(declaration, () => checkProposalDraws(this, declaration, summary, model));
      }
      this.effects.set(declaration, "generative");
      this.types.set(declaration.name, functionType(parameters, UNIT, "generative"));
      return;
    }
    if (!isDeclared) this.results.set(unit, type);
    if (declaration.kind === "FunctionDeclaration") {
      // What draws in an `fn` has been reported; for the rest of the program it is deterministic.
      const own: Effect = effect === "generative" ? "async" : effect;
      const before = this.unitEffects.get(unit) ?? "pure";
      if (!allows(before, own)) {
        this.unitEffects.set(unit, own);
        this.dirty = true;
      }
    }
    const total = this.unitEffects.get(unit)!;
    this.effects.set(declaration, total);
    this.types.set(declaration.name, functionType(parameters, this.results.get(unit)!, total));
  }

  private defaults(declaration: FunctionNode, parameters: readonly ParameterType[]): void {
    declaration.parameters.forEach((parameter, i) => {
      if (!parameter.defaultValue) return;
      this.within(
        {
          kind: "default",
          name: `the default of \`${parameter.name.name}\``,
          node: null,
          result: undefined,
          declared: false,
        },
        () =>
          this.check(
            parameter.defaultValue!,
            parameters[i]!.type,
            "PGL3001",
            `The default of \`${parameter.name.name}\``,
          ),
      );
    });
  }

  localFunction(declaration: ast.FunctionDeclaration): void {
    const unit = this.resolution.unitOf.get(declaration)!;
    if (!this.parameters.has(declaration)) this.signature(unit);
    this.forgetInferred(unit);
    const { flow } = this;
    this.flow = { reachable: true, narrowed: flow.narrowed };
    this.callable(unit, declaration);
    this.flow = flow;
  }

  private query(query: ast.QueryDeclaration): void {
    this.summary = newSummary(this.file, "");
    this.flow = START;
    this.retries = MAX_RETRIES;
    const mark = this.reporter.mark();
    for (let round = 0; ; round++) {
      this.dirty = false;
      this.within(
        { kind: "query", name: "the arguments of a query", node: null, result: undefined, declared: false },
        () => this.types.set(query.infer, inferInfer(this, query.infer)),
      );
      if (!this.dirty || round >= MAX_ROUNDS) return;
      this.reporter.rollback(mark);
    }
  }

  /** A query is asked for by its name. */
  private checkQueryNames(queries: readonly ast.QueryDeclaration[]): void {
    const seen = new Map<string, ast.Identifier>();
    for (const { name } of queries) {
      if (name === undefined || name.name === "") continue;
      const first = seen.get(name.name);
      if (first === undefined) seen.set(name.name, name);
      else {
        this.report("PGL2002", name, `There are two queries called \`${name.name}\`.`, {
          hint: "Give one of the two another name.",
          related: [{ span: first.span, message: "the first is here" }],
        });
      }
    }
  }

  /** Constants are computed from top to bottom: one can use those above, and functions that use only those above. */
  private checkConstantOrder(): void {
    /** The last constant that calling a function may read. */
    const latest = new Map<Unit, Unit>();
    const isConstant = ({ declaration: { kind } }: Unit): boolean =>
      kind === "ConstDeclaration" || kind === "LmDeclaration" || kind === "TwistFileDeclaration";
    for (const group of inOrder(this.resolution.units)) {
      let last: Unit | undefined;
      for (const unit of group) {
        if (isConstant(unit)) continue;
        for (const reference of unit.references) {
          const through = isConstant(reference) ? reference : latest.get(reference);
          if (through !== undefined && (last === undefined || through.index > last.index)) last = through;
        }
      }
      for (const unit of group) if (last !== undefined && !isConstant(unit)) latest.set(unit, last);
    }
    for (const unit of this.resolution.units) {
      if (unit.declaration.kind !== "ConstDeclaration") continue;
      for (const reference of unit.references) {
        const used = isConstant(reference) ? reference : latest.get(reference);
        if (used === undefined || used.index < unit.index) continue;
        const self = used === unit;
        const via = used === reference ? "" : `, by way of \`${reference.name}\``;
        this.report(
          "PGL2014",
          unit.declaration.name,
          self
            ? `\`${unit.name}\` uses itself${via}.`
            : `\`${unit.name}\` uses \`${used.name}\`, which is declared below it${via}.`,
          {
            hint: self ? "A constant must be computed from others." : `Move \`${used.name}\` above \`${unit.name}\`.`,
            related: self ? [] : [{ span: used.declaration.name.span, message: `\`${used.name}\` is declared here` }],
          },
        );
        break;
      }
    }
  }

  // -------------------------------------------------------------------------------------------------------- Checking

  report(
    code: Code,
    at: { readonly span: ast.Span },
    message: string,
    extra?: Parameters<Reporter["report"]>[3],
  ): void {
    this.reporter.report(code, at, message, extra);
  }

  binding(identifier: ast.Identifier): Binding {
    return this.resolution.bindings.get(identifier) ?? { kind: "missing", name: identifier.name };
  }

  unitType(unit: Unit, at: ast.Identifier): Type {
    const { declaration } = unit;
    switch (declaration.kind) {
      case "LmDeclaration":
        return LM;
      case "TwistFileDeclaration":
        return TWIST;
      case "ConstDeclaration":
        return this.constants.get(unit) ?? (declaration.type ? this.typeNode(declaration.type) : ERROR);
      case "TypeDeclaration":
        this.report("PGL2015", at, `\`${unit.name}\` is a type, not a value.`);
        return ERROR;
      case "ProposalDeclaration":
      case "TwistDeclaration": {
        const word = wordOf(declaration);
        this.report(
          "PGL2015",
          at,
          `\`${unit.name}\` is a ${word}, not a value.`,
          `It goes after \`${word}:\` in the options of a method.`,
        );
        return ERROR;
      }
      case "FunctionDeclaration":
      case "ModelDeclaration": {
        let result = this.results.get(unit);
        if (result === undefined) {
          this.report(
            "PGL3012",
            declaration.name,
            `\`${unit.name}\` calls itself: its result type must be written.`,
            `Write it after the parameters: \`${unit.name}(…): T\`.`,
          );
          // Once is enough.
          result = ERROR;
          this.results.set(unit, result);
        }
        return functionType(this.parameters.get(declaration) ?? [], result, this.unitEffect(unit));
      }
    }
  }

  unitEffect(unit: Unit): Effect {
    return this.unitEffects.get(unit) ?? "pure";
  }

  infer(expression: ast.Expression, hint?: Type): Type {
    const type = inferExpression(this, expression, hint);
    this.types.set(expression, type);
    return type;
  }

  check(expression: ast.Expression, expected: Type, code: Code = "PGL3001", what = "This"): Type {
    const type = this.infer(expression, expected);
    if (!assignable(type, expected)) reportMismatch(this, expression, type, expected, code, what);
    return type;
  }

  discard(expression: ast.Expression): void {
    discardExpression(this, expression);
  }

  blockValue(block: ast.Block, hint?: Type): Type {
    this.statements(block);
    if (block.result === undefined) return this.flow.reachable ? UNIT : { kind: "never" };
    const type = this.infer(block.result, hint);
    return this.flow.reachable || type.kind === "error" ? type : { kind: "never" };
  }

  blockEffect(block: ast.Block): void {
    this.statements(block);
    if (block.result !== undefined) this.discard(block.result);
  }

  private statements(block: ast.Block): void {
    const { reachable } = this.flow;
    let warned = !reachable;
    const warn = (at: { readonly span: ast.Span }): void => {
      if (warned || this.flow.reachable) return;
      warned = true;
      this.report("PGL5003", at, "This is never reached.", "Remove it, or what leaves the block before it.");
    };
    for (const statement of block.statements) {
      warn(statement);
      checkStatement(this, statement);
    }
    if (block.result !== undefined) warn(block.result);
  }

  typeNode(node: ast.TypeNode): Type {
    return this.typeReader.read(node);
  }

  perform(effect: Effect, at: { readonly span: ast.Span }, what: string): void {
    if (effect === "pure") return;
    const { context } = this;
    context.effect = bothEffects(context.effect, effect);
    switch (context.kind) {
      case "model":
      case "proposal":
      case "lambda":
        return;
      case "twist":
        if (effect !== "generative") return;
        this.report(
          "PGL4030",
          at,
          `${upperFirst(what)} draws or weighs, and a twist may only twist.`,
          "Leave it to the model: a twist says where to look, not what is true.",
        );
        return;
      case "fn":
        if (effect !== "generative") return;
        this.report("PGL4001", at, `${upperFirst(what)} draws or weighs, and ${context.name} is deterministic.`, {
          hint:
            context.node !== null && "name" in context.node
              ? `Declare it with \`model\` instead of \`fn\`.`
              : undefined,
        });
        return;
      default:
        if (effect === "generative") {
          this.report(
            "PGL4001",
            at,
            `${upperFirst(what)} draws or weighs, and ${context.name} must be deterministic.`,
            "Do it inside a `model`.",
          );
        } else {
          this.report(
            "PGL4002",
            at,
            `${upperFirst(what)} waits for the outside, and ${context.name} must be computed at once.`,
            "Do it inside a `fn` or `model`.",
          );
        }
    }
  }

  within<T>(context: Omit<Context, "outer" | "effect" | "returned" | "loops">, body: (context: Context) => T): T {
    const outer = this.context;
    const own: Context = { ...context, outer: outer ?? null, effect: "pure", returned: undefined, loops: [] };
    this.context = own;
    try {
      return body(own);
    } finally {
      this.context = outer;
    }
  }

  declareLocal(identifier: ast.Identifier, type: Type): void {
    const binding = this.binding(identifier);
    this.types.set(identifier, type);
    if (binding.kind !== "local") return;
    const wide = this.widened.get(binding);
    const own = wide === undefined ? type : (join(type, wide) ?? type);
    this.types.set(identifier, own);
    this.localTypes.set(binding, own);
  }

  widen(local: Local, type: Type): boolean {
    const current = this.localTypes.get(local) ?? ERROR;
    const joined = join(current, type);
    if (joined === undefined) return false;
    if (sameType(joined, current) || joined.kind === "error") return true;
    if (!mayWiden(current, joined)) return assignable(type, current);
    this.widened.set(local, joined);
    this.localTypes.set(local, joined);
    this.dirty = true;
    return true;
  }

  // ---------------------------------------------------------------------------------------------------------- result

  private result(): CheckedModule {
    const symbols = new Map<ast.Identifier, Symbol>();
    const made = new Map<Binding, Symbol | undefined>();
    const symbolOf = (binding: Binding): Symbol | undefined => {
      if (!made.has(binding)) made.set(binding, this.makeSymbol(binding));
      return made.get(binding);
    };
    for (const [identifier, binding] of this.resolution.bindings) {
      const symbol = symbolOf(binding);
      if (symbol !== undefined) symbols.set(identifier, symbol);
    }
    const exports = new Map<string, Symbol>();
    for (const unit of this.resolution.units) {
      const symbol = symbolOf(unit);
      if (unit.declaration.exported && symbol !== undefined) exports.set(unit.name, symbol);
    }
    const { file, text, tree, documents } = this.input;
    return {
      file,
      text,
      tree,
      symbols,
      documents,
      types: this.types,
      typeNodes: this.typeNodes,
      effects: this.effects,
      calls: this.calls,
      methodCalls: this.methodCalls,
      exports,
    };
  }

  private makeSymbol(binding: Binding): Symbol | undefined {
    const { name } = binding;
    switch (binding.kind) {
      case "missing":
        return undefined;
      case "builtin":
        return { kind: "builtin", name };
      case "local":
        return {
          kind: "local",
          name,
          mutable: binding.mutable,
          declaration: binding.declaration,
          type: this.localTypes.get(binding) ?? ERROR,
        };
      case "host":
        return {
          kind: "host",
          name,
          imported: binding.imported,
          module: binding.module,
          type: binding.export?.type ?? ERROR,
          effect: binding.export?.effect ?? "pure",
        };
      case "imported":
        return binding.symbol && { kind: "imported", name, module: binding.module, symbol: binding.symbol };
      case "unit":
        return this.unitSymbol(binding);
    }
  }

  private unitSymbol(unit: Unit): Symbol {
    const { name, declaration } = unit;
    switch (declaration.kind) {
      case "LmDeclaration":
        return { kind: "lm", name, declaration };
      case "TwistFileDeclaration":
        return { kind: "learned twist", name, declaration };
      case "TypeDeclaration":
        return { kind: "type", name, declaration, type: this.typeReader.alias(unit) };
      case "ConstDeclaration":
        return { kind: "const", name, declaration, type: this.constants.get(unit) ?? ERROR };
      case "ProposalDeclaration":
        return { kind: "proposal", name, declaration, target: declaration.target.name };
      case "TwistDeclaration":
        return { kind: "twist", name, declaration, target: declaration.target.name };
      case "FunctionDeclaration":
        return {
          kind: "function",
          name,
          declaration,
          type: this.types.get(declaration.name) ?? ERROR,
          effect: this.unitEffect(unit),
        };
      case "ModelDeclaration":
        return { kind: "model", name, declaration, type: this.types.get(declaration.name) ?? ERROR };
    }
  }
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * How far assignments may widen a `var` without a written type: whole numbers to floats, a value to an optional one, an
 * empty collection to a filled one, a distribution to one of which less is known. Never to a union of unlike things.
 */
function mayWiden(current: Type, joined: Type): boolean {
  if (current.kind === "none" || someType(current, (part) => part.kind === "never")) return true;
  const plain = (type: Type): Type =>
    mapType(withoutNone(type), (part) =>
      part.kind === "int"
        ? FLOAT
        : part.kind === "dist" || part.kind === "posterior"
          ? { kind: "dist", element: plain(part.element), domain: "unknown" }
          : undefined,
    );
  return sameType(plain(current), plain(joined));
}

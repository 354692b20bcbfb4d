import type * as ast from "@pgl/grammar";
import { builtinByName } from "../builtins/catalogue.js";
import type { Reporter } from "../diagnostics/reporter.js";
import type { Binding, FunctionNode, HostBinding, ImportedBinding, Local, Resolution, Unit } from "./bindings.js";
import type { Suggester } from "./suggest.js";

export const typeNames: ReadonlyMap<string, number> = new Map([
  ["int", 0],
  ["float", 0],
  ["bool", 0],
  ["string", 0],
  ["token", 0],
  ["context", 0],
  ["unit", 0],
  ["none", 0],
  ["lm", 0],
  ["twist", 0],
  ["list", 1],
  ["dist", 1],
  ["posterior", 1],
  ["map", 2],
]);

class Scope {
  readonly names = new Map<string, Binding>();
  constructor(
    readonly parent: Scope | null,
    readonly owner: FunctionNode | null,
  ) {}
}

/** A scope and those around it, innermost first. */
function* outward(scope: Scope | null): Iterable<Scope> {
  for (let at = scope; at !== null; at = at.parent) yield at;
}

function find(scope: Scope, name: string): Binding | undefined {
  for (const { names } of outward(scope)) {
    const found = names.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function* visible(scope: Scope): Iterable<string> {
  for (const { names } of outward(scope)) yield* names.keys();
  yield* builtinByName.keys();
}

const places: Record<Binding["kind"], string> = {
  builtin: "",
  local: "",
  unit: "",
  host: "imported ",
  imported: "imported ",
  missing: "",
};

/**
 * Finds what every name of a module stands for. Scopes are blocks; a function's parameters and its body share one, as do
 * the declarations of a module, which may be used before they are written.
 */
export function resolve(
  module: ast.Module,
  imports: ReadonlyMap<ast.ImportSpecifier, HostBinding | ImportedBinding>,
  reporter: Reporter,
  suggester: Suggester,
): Resolution {
  return new Resolver(imports, reporter, suggester).module(module);
}

class Resolver {
  private readonly bindings = new Map<ast.Identifier, Binding>();
  private readonly units: Unit[] = [];
  private readonly unitOf = new Map<ast.Declaration | ast.Statement, Unit>();
  private readonly queries: ast.QueryDeclaration[] = [];
  private readonly assignedIn = new Map<ast.ForStatement | ast.WhileStatement, Set<Local>>();
  private readonly locals: Local[] = [];
  private readonly imported: (HostBinding | ImportedBinding)[] = [];
  private readonly localFunctions: Unit[] = [];
  private scope = new Scope(null, null);
  private readonly moduleScope = this.scope;
  private current: Unit | null = null;
  /** Names of the parameters beside the default being resolved. */
  private siblings: ReadonlySet<string> = new Set();
  private loops: (ast.ForStatement | ast.WhileStatement)[] = [];

  constructor(
    private readonly imports: ReadonlyMap<ast.ImportSpecifier, HostBinding | ImportedBinding>,
    private readonly reporter: Reporter,
    private readonly suggester: Suggester,
  ) {}

  module(module: ast.Module): Resolution {
    for (const declaration of module.declarations) this.declareTop(declaration);
    for (const declaration of module.declarations) {
      this.current = this.unitOf.get(declaration) ?? null;
      this.declaration(declaration);
    }
    this.warnUnused();
    return {
      bindings: this.bindings,
      units: this.units,
      unitOf: this.unitOf,
      queries: this.queries,
      assignedIn: this.assignedIn,
    };
  }

  private declareTop(declaration: ast.Declaration): void {
    switch (declaration.kind) {
      case "ImportDeclaration":
        for (const specifier of declaration.specifiers) {
          const binding = this.imports.get(specifier);
          if (binding === undefined) {
            this.declare(specifier.local, { kind: "missing", name: specifier.local.name });
            continue;
          }
          this.declare(specifier.local, binding);
          this.bindings.set(specifier.imported, binding);
          this.imported.push(binding);
        }
        return;
      case "QueryDeclaration":
        this.queries.push(declaration);
        return;
      default: {
        const unit: Unit = {
          kind: "unit",
          name: declaration.name.name,
          declaration,
          index: this.units.length,
          references: new Set(),
          reads: 0,
        };
        this.units.push(unit);
        this.unitOf.set(declaration, unit);
        if (declaration.kind === "TypeDeclaration" && typeNames.has(unit.name)) {
          this.reporter.report(
            "PGL2002",
            declaration.name,
            `\`${unit.name}\` is the name of a built-in type.`,
            "Choose another name.",
          );
        }
        this.declare(declaration.name, unit);
      }
    }
  }

  private declare(identifier: ast.Identifier, binding: Binding): void {
    const before = this.scope.names.get(identifier.name);
    if (before !== undefined && identifier.name !== "") {
      const span = declarationSpan(before);
      // One complaint is enough: that the first can no longer be read is not another mistake.
      if (before.kind !== "builtin" && before.kind !== "missing") before.reads++;
      this.reporter.report("PGL2002", identifier, `\`${identifier.name}\` is already declared in this scope.`, {
        hint:
          binding.kind === "local" && before.kind === "local" && before.mutable
            ? `To change it, write \`${identifier.name} = …\` without \`let\`.`
            : "Give one of the two another name.",
        ...(span === undefined
          ? {}
          : { related: [{ span, message: `${places[before.kind]}\`${identifier.name}\` is first declared here` }] }),
      });
    }
    this.scope.names.set(identifier.name, binding);
    this.bindings.set(identifier, binding);
  }

  private local(identifier: ast.Identifier, role: Local["role"], mutable = false): void {
    const local: Local = {
      kind: "local",
      id: this.locals.length,
      name: identifier.name,
      declaration: identifier,
      mutable,
      role,
      owner: this.scope.owner,
      reads: 0,
    };
    this.locals.push(local);
    this.declare(identifier, local);
  }

  private inScope(owner: FunctionNode | null, body: () => void): void {
    const outer = this.scope;
    this.scope = new Scope(outer, owner);
    body();
    this.scope = outer;
  }

  // ------------------------------------------------------------------------------------------------- declarations

  private declaration(declaration: ast.Declaration): void {
    switch (declaration.kind) {
      case "ImportDeclaration":
      case "LmDeclaration":
      case "TwistFileDeclaration":
        return;
      case "ConstDeclaration":
        if (declaration.type) this.type(declaration.type);
        this.expression(declaration.value);
        return;
      case "TypeDeclaration":
        this.type(declaration.type);
        return;
      case "FunctionDeclaration":
      case "ModelDeclaration":
        this.callable(declaration);
        return;
      case "ProposalDeclaration":
      case "TwistDeclaration":
        this.use(declaration.target);
        this.callable(declaration);
        return;
      case "QueryDeclaration":
        this.expression(declaration.infer);
    }
  }

  private callable(declaration: FunctionNode): void {
    const loops = this.loops;
    this.loops = [];
    // A default is computed where the function is declared: it does not see the parameters.
    for (const parameter of declaration.parameters) {
      if (parameter.type) this.type(parameter.type);
      if (!parameter.defaultValue) continue;
      this.siblings = new Set(declaration.parameters.map((p) => p.name.name));
      this.expression(parameter.defaultValue);
      this.siblings = new Set();
    }
    if ("result" in declaration && declaration.result) this.type(declaration.result);
    this.inScope(declaration, () => {
      for (const parameter of declaration.parameters) this.local(parameter.name, "parameter");
      this.blockBody(declaration.body);
    });
    this.loops = loops;
  }

  // ---------------------------------------------------------------------------------------------------- statements

  private block(block: ast.Block): void {
    this.inScope(this.scope.owner, () => this.blockBody(block));
  }

  private blockBody(block: ast.Block): void {
    for (const statement of block.statements) this.statement(statement);
    if (block.result) this.expression(block.result);
  }

  private statement(statement: ast.Statement): void {
    switch (statement.kind) {
      case "LetStatement":
        if (statement.type) this.type(statement.type);
        this.expression(statement.value);
        this.pattern(statement.pattern, "let", statement.mutable);
        return;
      case "DrawStatement":
        if (statement.type) this.type(statement.type);
        this.expression(statement.distribution);
        if (statement.proposal) this.expression(statement.proposal);
        this.pattern(statement.pattern, "draw", statement.mutable);
        return;
      case "AssignStatement":
        this.expression(statement.value);
        this.assignment(statement);
        return;
      case "ObserveStatement":
        this.expression(statement.value);
        if (statement.distribution) this.expression(statement.distribution);
        if (statement.constraint) this.constraint(statement.constraint);
        return;
      case "ConditionStatement":
        this.expression(statement.test);
        return;
      case "FactorStatement":
      case "TwistStatement":
        this.expression(statement.weight);
        return;
      case "OnStatement":
        this.inScope(this.scope.owner, () => {
          this.local(statement.draw, "draw");
          this.block(statement.body);
        });
        return;
      case "ForStatement":
        this.expression(statement.iterable);
        this.loop(statement, () =>
          this.inScope(this.scope.owner, () => {
            this.pattern(statement.pattern, "loop", false);
            this.block(statement.body);
          }),
        );
        return;
      case "WhileStatement":
        this.loop(statement, () => {
          this.expression(statement.test);
          this.block(statement.body);
        });
        return;
      case "ReturnStatement":
        if (statement.value) this.expression(statement.value);
        return;
      case "FunctionDeclaration": {
        const unit: Unit = {
          kind: "unit",
          name: statement.name.name,
          declaration: statement,
          index: -1,
          references: new Set(),
          reads: 0,
        };
        this.unitOf.set(statement, unit);
        this.localFunctions.push(unit);
        this.declare(statement.name, unit);
        const before = unit.reads;
        this.callable(statement);
        // Calling itself is no use.
        unit.reads = before;
        return;
      }
      case "ExpressionStatement":
        this.expression(statement.expression);
        return;
      case "StepStatement":
      case "BreakStatement":
      case "ContinueStatement":
        return;
    }
  }

  private loop(statement: ast.ForStatement | ast.WhileStatement, body: () => void): void {
    this.assignedIn.set(statement, new Set());
    this.loops.push(statement);
    body();
    this.loops.pop();
  }

  private assignment(statement: ast.AssignStatement): void {
    const { target } = statement;
    const binding = this.lookUp(target);
    if (statement.operator !== "=" && binding.kind === "local") binding.reads++;
    if (binding.kind === "missing") return;
    const declared = declarationSpan(binding);
    const related =
      declared === undefined ? {} : { related: [{ span: declared, message: `\`${target.name}\` is declared here` }] };
    if (binding.kind !== "local" || !binding.mutable) {
      const isLet = binding.kind === "local" && (binding.role === "let" || binding.role === "draw");
      this.reporter.report("PGL3022", target, `\`${target.name}\` cannot be assigned: it is not a \`var\`.`, {
        hint: isLet
          ? `Declare it with \`var\` instead of \`let\`.`
          : binding.kind === "local"
            ? `Copy it first: \`var copy = ${target.name}\`.`
            : `Only a \`var\` inside a function can change.`,
        ...related,
      });
      return;
    }
    if (binding.owner !== this.scope.owner) {
      this.reporter.report(
        "PGL4010",
        target,
        `\`${target.name}\` belongs to the function outside: it cannot be assigned here.`,
        {
          hint: "A lambda keeps the value the variable had when it was made. Use a `for` loop, or `fold` to pass a value along.",
          ...related,
        },
      );
      return;
    }
    for (const loop of this.loops) this.assignedIn.get(loop)!.add(binding);
  }

  private pattern(pattern: ast.BindingPattern, role: Local["role"], mutable: boolean): void {
    switch (pattern.kind) {
      case "Identifier":
        this.local(pattern, role, mutable);
        return;
      case "TuplePattern":
        for (const element of pattern.elements) this.pattern(element, role, mutable);
        return;
      case "RecordPattern":
        for (const field of pattern.fields) this.pattern(field.pattern, role, mutable);
        return;
      case "WildcardPattern":
        return;
    }
  }

  private matchPattern(pattern: ast.MatchPattern): void {
    switch (pattern.kind) {
      case "NamePattern":
        this.local(pattern.name, "pattern");
        return;
      case "OrPattern":
        // Names in alternatives would have to be bound by each of them; the checker reports them.
        for (const alternative of pattern.alternatives) this.matchPattern(alternative);
        return;
      case "TupleMatchPattern":
        for (const element of pattern.elements) this.matchPattern(element);
        return;
      case "RecordMatchPattern":
        for (const field of pattern.fields) this.matchPattern(field.pattern);
        return;
      case "LiteralPattern":
      case "WildcardPattern":
        return;
    }
  }

  // --------------------------------------------------------------------------------------------------- expressions

  private expression(expression: ast.Expression): void {
    switch (expression.kind) {
      case "NumberLiteral":
      case "BooleanLiteral":
      case "StringLiteral":
      case "NoneLiteral":
      case "EosLiteral":
      case "MissingExpression":
        return;
      case "TemplateLiteral":
        for (const part of expression.expressions) this.expression(part);
        return;
      case "Identifier":
        this.use(expression);
        return;
      case "ListExpression":
      case "TupleExpression":
        for (const element of expression.elements) this.expression(element);
        return;
      case "RecordExpression":
        for (const field of expression.fields) this.expression(field.value);
        return;
      case "MapExpression":
        for (const { key, value } of expression.entries) {
          this.expression(key);
          this.expression(value);
        }
        return;
      case "UnaryExpression":
        this.expression(expression.operand);
        return;
      case "BinaryExpression": {
        // Long chains lean to the left; following them in a loop keeps the stack flat.
        let left: ast.Expression = expression;
        const rights: ast.Expression[] = [];
        while (left.kind === "BinaryExpression") {
          rights.push(left.right);
          left = left.left;
        }
        this.expression(left);
        for (const right of rights.reverse()) this.expression(right);
        return;
      }
      case "RangeExpression":
        this.expression(expression.start);
        this.expression(expression.end);
        return;
      case "MatchesExpression":
        this.expression(expression.value);
        this.constraint(expression.constraint);
        return;
      case "ConstraintExpression":
        this.constraint(expression.constraint);
        return;
      case "CallExpression":
        this.expression(expression.callee);
        for (const argument of expression.arguments) this.expression(argument.value);
        return;
      case "MemberExpression":
        this.expression(expression.object);
        return;
      case "IndexExpression":
        this.expression(expression.object);
        this.expression(expression.index);
        return;
      case "LambdaExpression":
        this.callable(expression);
        return;
      case "IfExpression":
        this.expression(expression.test);
        this.block(expression.then);
        if (expression.else?.kind === "Block") this.block(expression.else);
        else if (expression.else) this.expression(expression.else);
        return;
      case "MatchExpression":
        this.expression(expression.subject);
        for (const arm of expression.arms) {
          this.inScope(this.scope.owner, () => {
            this.matchPattern(arm.pattern);
            if (arm.guard) this.expression(arm.guard);
            this.block(arm.body);
          });
        }
        return;
      case "BlockExpression":
        this.block(expression.block);
        return;
      case "SampleExpression":
        this.expression(expression.distribution);
        if (expression.proposal) this.expression(expression.proposal);
        return;
      case "InferExpression":
        this.use(expression.model);
        for (const argument of expression.arguments) this.expression(argument.value);
        for (const argument of expression.method?.arguments ?? []) this.expression(argument.value);
        return;
    }
  }

  private constraint(constraint: ast.ConstraintNode): void {
    switch (constraint.kind) {
      case "RegexConstraint":
        for (const value of constraint.values ?? []) this.expression(value);
        return;
      case "ConstraintCall":
        for (const argument of constraint.arguments) this.expression(argument.value);
        return;
      case "ValueConstraint":
        this.expression(constraint.value);
        return;
      case "NotConstraint":
        this.constraint(constraint.operand);
        return;
      case "AndConstraint":
      case "OrConstraint":
        for (const operand of constraint.operands) this.constraint(operand);
        return;
    }
  }

  private type(type: ast.TypeNode): void {
    switch (type.kind) {
      case "NamedType": {
        for (const argument of type.arguments) this.type(argument);
        const { name } = type.name;
        if (typeNames.has(name)) return;
        const binding = this.moduleScope.names.get(name);
        if (binding === undefined) {
          const declared = [...this.moduleScope.names].flatMap(([n, b]) => (isTypeBinding(b) ? [n] : []));
          this.reporter.report("PGL2006", type.name, `There is no type \`${name}\`.`, {
            hint: this.suggester.hint(name, [...typeNames.keys(), ...declared]),
          });
          this.bindings.set(type.name, { kind: "missing", name });
          return;
        }
        this.refer(type.name, binding);
        return;
      }
      case "RecordType":
        for (const field of type.fields) this.type(field.type);
        return;
      case "TupleType":
        for (const element of type.elements) this.type(element);
        return;
      case "FunctionType":
        for (const parameter of type.parameters) this.type(parameter);
        this.type(type.result);
        return;
      case "UnionType":
        for (const member of type.members) this.type(member);
        return;
      case "OptionalType":
        this.type(type.type);
        return;
      case "StringLiteralType":
        return;
    }
  }

  // --------------------------------------------------------------------------------------------------------- names

  private use(identifier: ast.Identifier): void {
    this.refer(identifier, this.lookUp(identifier));
  }

  private refer(identifier: ast.Identifier, binding: Binding): void {
    this.bindings.set(identifier, binding);
    if (binding.kind === "builtin" || binding.kind === "missing") return;
    binding.reads++;
    if (binding.kind === "unit" && binding.index >= 0) this.current?.references.add(binding);
  }

  private lookUp(identifier: ast.Identifier): Binding {
    const { name } = identifier;
    const known = this.bindings.get(identifier);
    if (known !== undefined) return known;
    const found = find(this.scope, name);
    if (found !== undefined) {
      this.bindings.set(identifier, found);
      return found;
    }
    if (builtinByName.has(name)) return this.set(identifier, { kind: "builtin", name });
    // The parser puts an empty name where one was missing, and has reported it.
    if (name !== "") {
      this.reporter.report("PGL2001", identifier, `There is no \`${name}\` here.`, {
        hint: this.siblings.has(name)
          ? "A default does not see the other parameters: compute it in the body, from an optional one."
          : this.suggester.hint(name, visible(this.scope)),
      });
    }
    return this.set(identifier, { kind: "missing", name });
  }

  private set(identifier: ast.Identifier, binding: Binding): Binding {
    this.bindings.set(identifier, binding);
    return binding;
  }

  private warnUnused(): void {
    for (const local of this.locals) {
      // A draw is part of the trace and a loop counts, whether or not they are read; parameters belong to the signature.
      if (local.reads > 0 || local.role !== "let" || local.name.startsWith("_") || local.name === "") continue;
      this.reporter.report(
        "PGL5001",
        local.declaration,
        `\`${local.name}\` is never read.`,
        `Remove it, or call it \`_${local.name}\`.`,
      );
    }
    for (const unit of this.localFunctions) {
      if (unit.reads > 0 || unit.name.startsWith("_")) continue;
      this.reporter.report("PGL5001", unit.declaration.name, `\`${unit.name}\` is never called.`, "Remove it.");
    }
    for (const binding of this.imported) {
      const isBroken = (binding.kind === "host" ? binding.export : binding.symbol) === undefined;
      if (binding.reads > 0 || isBroken || binding.name.startsWith("_")) continue;
      this.reporter.report(
        "PGL5002",
        binding.declaration,
        `\`${binding.name}\` is imported and never used.`,
        "Remove it from the import.",
      );
    }
  }
}

const isTypeBinding = (binding: Binding): boolean =>
  (binding.kind === "unit" && binding.declaration.kind === "TypeDeclaration") ||
  (binding.kind === "imported" && binding.symbol?.kind === "type");

function declarationSpan(binding: Binding): ast.Span | undefined {
  switch (binding.kind) {
    case "unit":
      return binding.declaration.name.span;
    case "local":
    case "host":
    case "imported":
      return binding.declaration.span;
    default:
      return undefined;
  }
}

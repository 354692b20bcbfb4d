import type {
  Argument,
  BindingPattern,
  Block,
  CallExpression,
  ConstraintNode,
  Declaration,
  Expression,
  FunctionDeclaration,
  IfExpression,
  InferExpression,
  MatchPattern,
  ModelDeclaration,
  Module,
  Parameter,
  Statement,
} from "@pgl/grammar";
import { builtins, constants, operate } from "./builtins.js";
import { satisfies } from "./constraint.js";
import { distributionConstructors, distributionParameters, posterior, ReferenceDistribution } from "./distribution.js";
import { ProgramError, UnsupportedError } from "./errors.js";
import { everyExecution, type Execution, type Limits, type Weighed } from "./execution.js";
import { TableLanguageModel, type TableModel } from "./language-model.js";
import { Scope } from "./scope.js";
import { textSpan } from "./text-span.js";
import {
  ConstraintValue,
  ContextValue,
  Dictionary,
  eos,
  equal,
  FunctionValue,
  RecordValue,
  textOf,
  TokenValue,
  type Value,
} from "./value.js";

class Break extends Error {}
class Continue extends Error {}
class Return extends Error {
  constructor(readonly result: Value) {
    super();
  }
}

/** An argument that was not given: its default applies. */
const absent = Symbol("absent");
type MaybeValue = Value | typeof absent;

export interface World {
  readonly module: Module;
  readonly lms: Readonly<Record<string, TableModel>>;
  /** Host functions by the name they have in the module. Called in place. */
  readonly hosts: Readonly<Record<string, (...args: Value[]) => Value>>;
  readonly limits: Limits;
  /** What becomes of an execution that fails: an error (the default), or it is left out. */
  readonly failing?: "throw" | "leave";
}

/** A tree walk, one case a construct. Where a draw goes is decided by the execution it is in. */
export class Interpreter {
  private readonly declarations = new Map<string, Declaration>();
  private readonly lms: ReadonlyMap<string, TableLanguageModel>;
  private current: Execution | null = null;

  constructor(private readonly world: World) {
    for (const d of world.module.declarations) {
      if (d.kind !== "ImportDeclaration" && d.kind !== "QueryDeclaration") this.declarations.set(d.name.name, d);
    }
    this.lms = new Map(Object.entries(world.lms).map(([name, table]) => [name, new TableLanguageModel(name, table)]));
  }

  model(name: string): ModelDeclaration {
    const d = this.declarations.get(name);
    if (d?.kind !== "ModelDeclaration") throw new ProgramError(`There is no model ${name}.`);
    return d;
  }

  /** Every execution of a model on positional arguments. */
  runs(
    name: string,
    args: readonly MaybeValue[],
  ): { readonly results: readonly Weighed[]; readonly executions: number } {
    const model = this.model(name);
    const outer = this.current;
    try {
      return everyExecution(
        (execution) => {
          this.current = execution;
          return this.invoke(model.parameters, model.body, args, null);
        },
        this.world.limits,
        // Inside, the execution that infers fails.
        outer === null ? (this.world.failing ?? "throw") : "throw",
      );
    } finally {
      this.current = outer;
    }
  }

  private get execution(): Execution {
    if (this.current === null) throw new ProgramError("Nothing runs.");
    return this.current;
  }

  // ------------------------------------------------------------------------------------------------------- calling

  private invoke(
    parameters: readonly Parameter[],
    body: Block,
    args: readonly MaybeValue[],
    captured: Scope | null,
  ): Value {
    this.execution.tick();
    const scope = new Scope(captured);
    parameters.forEach((p, i) => {
      const given = i < args.length ? args[i]! : absent;
      if (given !== absent) scope.declare(p.name.name, given as Value);
      else if (p.defaultValue !== undefined) scope.declare(p.name.name, this.evaluate(p.defaultValue, new Scope()));
      else throw new ProgramError(`The argument ${p.name.name} is missing.`);
    });
    try {
      return this.block(body, scope);
    } catch (signal) {
      if (signal instanceof Return) return signal.result;
      throw signal;
    }
  }

  private functionOf(
    name: string,
    parameters: readonly Parameter[],
    body: Block,
    captured: Scope | null,
  ): FunctionValue {
    return new FunctionValue(
      name,
      (args) => this.invoke(parameters, body, args, captured),
      parameters.map((p) => p.name.name),
    );
  }

  /** Arguments in parameter order; those not given are `absent`. */
  private ordered(args: readonly Argument[], names: readonly string[] | null, scope: Scope): MaybeValue[] {
    const values: MaybeValue[] = [];
    for (const arg of args) {
      const value = this.evaluate(arg.value, scope);
      if (arg.name === undefined) {
        values.push(value);
        continue;
      }
      const at = names?.indexOf(arg.name.name) ?? -1;
      if (at < 0) throw new UnsupportedError(`The reference knows no parameter ${arg.name.name} here.`);
      while (values.length <= at) values.push(absent);
      values[at] = value;
    }
    return values;
  }

  private call(expression: CallExpression, scope: Scope): Value {
    const { callee } = expression;
    if (callee.kind === "MemberExpression") {
      const object = this.evaluate(callee.object, scope);
      const name = callee.property.name;
      if (object instanceof TableLanguageModel) return this.languageModel(object, name, expression.arguments, scope);
      if (!(object instanceof RecordValue && object.fields.has(name)) && !/^\d+$/.test(name)) {
        return this.builtin(name, [object, ...this.ordered(expression.arguments, null, scope)]);
      }
    } else if (
      callee.kind === "Identifier" &&
      scope.find(callee.name) === null &&
      !this.declarations.has(callee.name)
    ) {
      const host = this.world.hosts[callee.name];
      if (host !== undefined) return host(...(this.ordered(expression.arguments, null, scope) as Value[]));
      return this.builtin(
        callee.name,
        this.ordered(expression.arguments, distributionParameters[callee.name] ?? null, scope),
      );
    }
    const target = this.evaluate(callee, scope);
    if (!(target instanceof FunctionValue)) throw new ProgramError("Something that is not a function is called.");
    return target.call(this.ordered(expression.arguments, target.parameters, scope) as Value[]);
  }

  private builtin(name: string, args: readonly MaybeValue[]): Value {
    const call = distributionConstructors[name] ?? builtins[name];
    if (call === undefined) throw new UnsupportedError(`The reference has no built-in ${name}.`);
    return call(args.map((a) => (a === absent ? undefined : a)) as Value[]);
  }

  private languageModel(lm: TableLanguageModel, member: string, args: readonly Argument[], scope: Scope): Value {
    const contextOf = (value: MaybeValue | undefined): ContextValue => {
      if (value === absent || value === undefined) return lm.context("");
      if (value instanceof ContextValue) return value;
      return lm.context(textOf(value as Value));
    };
    const strings = (value: MaybeValue | undefined): string[] =>
      value === absent || value === undefined || value === null
        ? []
        : typeof value === "string"
          ? [value]
          : (value as string[]);
    switch (member) {
      case "next":
        return lm.next(contextOf(this.ordered(args, ["ctx"], scope)[0]));
      case "text": {
        // `guide` says how matching texts are found, which is no part of the measure.
        const [after, stopAt, stopBefore, maxTokens, mustStop, matching] = this.ordered(
          args,
          ["after", "stop_at", "stop_before", "max_tokens", "must_stop", "matching", "guide"],
          scope,
        );
        const isGiven = (value: unknown): boolean => value !== undefined && value !== absent;
        return textSpan({
          lm,
          after: contextOf(after),
          options: {
            stopAt: strings(stopAt),
            stopBefore: strings(stopBefore),
            maxTokens: isGiven(maxTokens) ? (maxTokens as number) : 64,
            mustStop: mustStop === true,
          },
          saysWhereItEnds: [stopAt, stopBefore, maxTokens, mustStop].some(isGiven),
          changes: [],
          mask: null,
          condition: matching instanceof ConstraintValue ? matching.test : null,
        });
      }
      case "choose": {
        const [after, options] = this.ordered(args, ["after", "options"], scope);
        return lm.choose(contextOf(after), strings(options));
      }
      case "score": {
        const [text, after] = this.ordered(args, ["text", "after"], scope);
        return lm.score(textOf(text as Value), contextOf(after));
      }
      case "context":
        return contextOf(this.ordered(args, ["text"], scope)[0]);
      case "tokens":
        return lm.tokens(textOf(this.ordered(args, ["text"], scope)[0] as Value));
      default:
        throw new UnsupportedError(`The reference has no lm.${member}.`);
    }
  }

  // ---------------------------------------------------------------------------------------------------- statements

  private block(block: Block, outer: Scope): Value {
    const scope = new Scope(outer);
    for (const statement of block.statements) this.statement(statement, scope);
    return block.result === undefined ? undefined : this.evaluate(block.result, scope);
  }

  private statement(statement: Statement, scope: Scope): void {
    this.execution.tick();
    switch (statement.kind) {
      case "LetStatement":
        return this.bind(statement.pattern, this.evaluate(statement.value, scope), scope);
      case "DrawStatement":
        return this.bind(statement.pattern, this.draw(statement.distribution, scope), scope);
      case "AssignStatement": {
        const value = this.evaluate(statement.value, scope);
        const name = statement.target.name;
        if (statement.operator === "=") return scope.assign(name, value);
        const now = this.name(name, scope);
        return scope.assign(name, operate(statement.operator.slice(0, -1), now, value));
      }
      case "ObserveStatement": {
        const value = this.evaluate(statement.value, scope);
        if (statement.constraint !== undefined) return this.condition(this.matches(value, statement.constraint, scope));
        const log = this.distribution(statement.distribution!, scope).logDensity(value);
        return this.weigh(log);
      }
      case "ConditionStatement":
        return this.condition(this.truth(statement.test, scope));
      case "FactorStatement":
        return this.weigh(this.number(statement.weight, scope));
      case "TwistStatement": {
        // It leaves the measure alone, but has to be a number.
        const log = this.number(statement.weight, scope);
        if (Number.isNaN(log) || log === Infinity) throw new ProgramError(`A twist is ${log}.`);
        return;
      }
      case "StepStatement":
        return;
      case "OnStatement":
        throw new ProgramError("`on` stands in a twist.");
      case "ForStatement": {
        const items = this.evaluate(statement.iterable, scope);
        if (!Array.isArray(items)) throw new ProgramError("A `for` goes over a list or a range.");
        for (const item of items as readonly Value[]) {
          const inner = new Scope(scope);
          this.bind(statement.pattern, item, inner);
          if (this.loopBody(statement.body, inner)) break;
        }
        return;
      }
      case "WhileStatement":
        while (this.truth(statement.test, scope)) {
          this.execution.tick();
          if (this.loopBody(statement.body, scope)) break;
        }
        return;
      case "BreakStatement":
        throw new Break();
      case "ContinueStatement":
        throw new Continue();
      case "ReturnStatement":
        throw new Return(statement.value === undefined ? undefined : this.evaluate(statement.value, scope));
      case "FunctionDeclaration":
        return scope.declare(statement.name.name, this.localFunction(statement, scope));
      case "ExpressionStatement":
        this.evaluate(statement.expression, scope);
        return;
    }
  }

  /** True when the loop is to end. */
  private loopBody(body: Block, scope: Scope): boolean {
    try {
      this.block(body, scope);
      return false;
    } catch (signal) {
      if (signal instanceof Break) return true;
      if (signal instanceof Continue) return false;
      throw signal;
    }
  }

  private localFunction(declaration: FunctionDeclaration, scope: Scope): FunctionValue {
    const captured = new Scope(scope.snapshot());
    const made = this.functionOf(declaration.name.name, declaration.parameters, declaration.body, captured);
    captured.declare(declaration.name.name, made);
    return made;
  }

  private bind(pattern: BindingPattern, value: Value, scope: Scope): void {
    switch (pattern.kind) {
      case "Identifier":
        return scope.declare(pattern.name, value);
      case "WildcardPattern":
        return;
      case "TuplePattern": {
        const items = value as readonly Value[];
        return pattern.elements.forEach((p, i) => this.bind(p, items[i], scope));
      }
      case "RecordPattern":
        for (const f of pattern.fields) this.bind(f.pattern, this.field(value, f.name.name), scope);
    }
  }

  // ------------------------------------------------------------------------------------------- drawing and weighing

  private distribution(expression: Expression, scope: Scope): ReferenceDistribution {
    const value = this.evaluate(expression, scope);
    if (!(value instanceof ReferenceDistribution)) throw new ProgramError("A distribution is wanted here.");
    return value;
  }

  private draw(expression: Expression, scope: Scope): Value {
    return this.execution.draw(this.distribution(expression, scope).draws());
  }

  private weigh(nats: number): void {
    if (Number.isNaN(nats) || nats === Infinity) throw new ProgramError(`A weight is ${nats}.`);
    this.execution.weigh(nats);
  }

  private condition(holds: boolean): void {
    this.weigh(holds ? 0 : -Infinity);
  }

  private matches(value: Value, constraint: ConstraintNode, scope: Scope): boolean {
    return satisfies(textOf(value), constraint, (e) => this.evaluate(e, scope));
  }

  private infer(expression: InferExpression, scope: Scope): ReferenceDistribution {
    const method = expression.method?.name.name;
    if (method !== "enumerate")
      throw new UnsupportedError(`The reference infers by enumerate(), not by ${method ?? "the default"}.`);
    const model = this.model(expression.model.name);
    const names = model.parameters.map((p) => p.name.name);
    return posterior(this.runs(model.name.name, this.ordered(expression.arguments, names, scope)).results);
  }

  // --------------------------------------------------------------------------------------------------- expressions

  private evaluate(expression: Expression, scope: Scope): Value {
    switch (expression.kind) {
      case "NumberLiteral":
      case "BooleanLiteral":
      case "StringLiteral":
        return expression.value;
      case "NoneLiteral":
        return null;
      case "EosLiteral":
        return eos;
      case "TemplateLiteral":
        return expression.texts
          .map(
            (text, i) =>
              text +
              (i < expression.expressions.length ? textOf(this.evaluate(expression.expressions[i]!, scope)) : ""),
          )
          .join("");
      case "Identifier":
        return this.name(expression.name, scope);
      case "ListExpression":
      case "TupleExpression":
        return expression.elements.map((e) => this.evaluate(e, scope));
      case "RecordExpression": {
        const fields = new Map<string, Value>();
        for (const f of expression.fields) {
          const value = this.evaluate(f.value, scope);
          if (f.kind === "Field") fields.set(f.name.name, value);
          else if (value instanceof RecordValue) for (const [k, v] of value.fields) fields.set(k, v);
          else throw new ProgramError("Only a record can be spread into a record.");
        }
        return new RecordValue(fields);
      }
      case "MapExpression": {
        let map = new Dictionary();
        for (const { key, value } of expression.entries)
          map = map.put(this.evaluate(key, scope), this.evaluate(value, scope));
        return map;
      }
      case "UnaryExpression":
        return expression.operator === "-"
          ? -this.number(expression.operand, scope)
          : !this.truth(expression.operand, scope);
      case "BinaryExpression": {
        const { operator, left, right } = expression;
        if (operator === "&&") return this.truth(left, scope) && this.truth(right, scope);
        if (operator === "||") return this.truth(left, scope) || this.truth(right, scope);
        const a = this.evaluate(left, scope);
        if (operator === "??") return a === null ? this.evaluate(right, scope) : a;
        return operate(operator, a, this.evaluate(right, scope));
      }
      case "RangeExpression":
        return builtins.range!([this.evaluate(expression.start, scope), this.evaluate(expression.end, scope)]);
      case "ConstraintExpression": {
        const captured = scope.snapshot();
        return new ConstraintValue((text) => this.matches(text, expression.constraint, captured));
      }
      case "MatchesExpression":
        return this.matches(this.evaluate(expression.value, scope), expression.constraint, scope);
      case "CallExpression":
        return this.call(expression, scope);
      case "MemberExpression":
        return this.field(this.evaluate(expression.object, scope), expression.property.name);
      case "IndexExpression":
        return this.index(this.evaluate(expression.object, scope), this.evaluate(expression.index, scope));
      case "LambdaExpression":
        return this.functionOf("lambda", expression.parameters, expression.body, scope.snapshot());
      case "IfExpression":
        return this.branch(expression, scope);
      case "MatchExpression": {
        const subject = this.evaluate(expression.subject, scope);
        for (const arm of expression.arms) {
          const inner = new Scope(scope);
          if (!this.fits(arm.pattern, subject, inner)) continue;
          if (arm.guard !== undefined && !this.truth(arm.guard, inner)) continue;
          return this.block(arm.body, inner);
        }
        throw new ProgramError("No arm of the match fits.");
      }
      case "BlockExpression":
        return this.block(expression.block, scope);
      case "SampleExpression":
        return this.draw(expression.distribution, scope);
      case "InferExpression":
        return this.infer(expression, scope);
    }
  }

  private branch(expression: IfExpression, scope: Scope): Value {
    if (this.truth(expression.test, scope)) return this.block(expression.then, scope);
    if (expression.else === undefined) return undefined;
    return expression.else.kind === "Block" ? this.block(expression.else, scope) : this.branch(expression.else, scope);
  }

  private fits(pattern: MatchPattern, subject: Value, scope: Scope): boolean {
    switch (pattern.kind) {
      case "WildcardPattern":
        return true;
      case "NamePattern":
        scope.declare(pattern.name.name, subject);
        return true;
      case "LiteralPattern":
        return equal(this.evaluate(pattern.value, scope), subject);
      case "OrPattern":
        return pattern.alternatives.some((p) => this.fits(p, subject, scope));
      case "TupleMatchPattern":
        return (
          Array.isArray(subject) &&
          subject.length === pattern.elements.length &&
          pattern.elements.every((p, i) => this.fits(p, subject[i] as Value, scope))
        );
      case "RecordMatchPattern":
        return (
          subject instanceof RecordValue &&
          pattern.fields.every(
            (f) => subject.fields.has(f.name.name) && this.fits(f.pattern, subject.fields.get(f.name.name), scope),
          )
        );
    }
  }

  private name(name: string, scope: Scope): Value {
    const local = scope.find(name);
    if (local !== null) return local[0];
    const d = this.declarations.get(name);
    switch (d?.kind) {
      case "ConstDeclaration":
        return this.evaluate(d.value, new Scope());
      case "FunctionDeclaration":
      case "ModelDeclaration":
        return this.functionOf(name, d.parameters, d.body, null);
      case "LmDeclaration": {
        const lm = this.lms.get(name);
        if (lm === undefined) throw new ProgramError(`No table was given for the language model ${name}.`);
        return lm;
      }
    }
    const host = this.world.hosts[name];
    if (host !== undefined) return new FunctionValue(name, (args) => host(...args));
    if (Object.hasOwn(constants, name)) return constants[name];
    const builtin = distributionConstructors[name] ?? builtins[name];
    if (builtin !== undefined) return new FunctionValue(name, builtin, distributionParameters[name] ?? null);
    throw new ProgramError(`There is no ${name}.`);
  }

  private field(object: Value, name: string): Value {
    if (object instanceof RecordValue && object.fields.has(name)) return object.fields.get(name);
    if (Array.isArray(object) && /^\d+$/.test(name) && Number(name) < object.length)
      return object[Number(name)] as Value;
    if (name === "text" && (object instanceof TokenValue || object instanceof ContextValue)) return object.text;
    throw new ProgramError(`The value has no field ${name}.`);
  }

  private index(object: Value, at: Value): Value {
    if (object instanceof Dictionary) {
      if (!object.has(at)) throw new ProgramError("The map has no such key.");
      return object.get(at);
    }
    const items = typeof object === "string" ? Array.from(object) : object;
    if (!Array.isArray(items) || typeof at !== "number" || !Number.isInteger(at) || at < 0 || at >= items.length) {
      throw new ProgramError("The index is out of range.");
    }
    return items[at] as Value;
  }

  private truth(expression: Expression, scope: Scope): boolean {
    const value = this.evaluate(expression, scope);
    if (typeof value !== "boolean") throw new ProgramError("A boolean is wanted here.");
    return value;
  }

  private number(expression: Expression, scope: Scope): number {
    const value = this.evaluate(expression, scope);
    if (typeof value !== "number") throw new ProgramError("A number is wanted here.");
    return value;
  }
}

import type {
  ClassDeclarationStructure,
  MethodDeclarationStructure,
  OptionalKind,
  PropertyDeclarationStructure,
  ParameterDeclarationStructure,
} from "ts-morph";
import type { Expr, LambdaExpr } from "../ir/expression.js";
import type { ParameterIr, Variable } from "../ir/program.js";
import type { Statement, Suspension } from "../ir/statement.js";
import {
  blocksOf,
  capturesOf,
  expressionsOf,
  operandsOf,
  readsOf,
  readsOfAll,
  statementsIn,
  writesIn,
} from "../ir/walk.js";
import type { Type } from "../types.js";
import { cut, eachCode, type Block, type Code } from "./blocks.js";
import { at, typed } from "./marks.js";
import { FRAME_MEMBERS } from "./names.js";
import { saysFail } from "./relevance.js";
import { kinds, scopes } from "./structures.js";
import { indent, Locals, Printer, type ModuleContext, type Place } from "./printer.js";

/** What a frame class is made from: a model, a function that may suspend, or a closure of that kind. */
export interface FrameSource {
  readonly className: string;
  /** Handed over before the arguments. */
  readonly captures: readonly Variable[];
  readonly parameters: readonly ParameterIr[];
  readonly body: readonly Statement[];
  /** Made for a run, not for a caller: its result may be of no interest. */
  readonly isModel?: boolean;
}

/** The class of one function's activations. */
export function frameClass(source: FrameSource, module: ModuleContext): ClassDeclarationStructure {
  return new FramePrinter(source, module).class();
}

class FramePrinter {
  private readonly locals: Locals;
  private readonly printer: Printer;
  private readonly given: readonly Variable[];
  private readonly fields: ReadonlySet<Variable>;
  private readonly blocks: readonly Block[];
  /** Fields that need not be computed when the result is of no interest. */
  private readonly spare: ReadonlySet<Variable>;
  /** Fields that the block being printed has a local name for, because a closure captures them. */
  private aliased: ReadonlySet<Variable> = new Set();

  constructor(
    private readonly source: FrameSource,
    private readonly module: ModuleContext,
  ) {
    this.locals = new Locals(module.names, FRAME_MEMBERS);
    this.given = [...source.captures, ...source.parameters.map((p) => p.variable)];
    const { blocks, fields } = cut(source.body);
    this.blocks = blocks;
    this.fields = new Set([...this.given, ...fields]);
    this.spare = source.isModel === true ? spareFields(blocks, fields) : new Set();
    // Field names first: they are what readers of the class see.
    for (const variable of this.fields) this.locals.nameOf(variable);
    const place: Place = {
      locals: this.locals,
      isField: (variable) => this.fields.has(variable),
      returned: (value) => `return particle.return(${value});`,
      environment: "particle.environment",
    };
    this.printer = new Printer(module, place);
  }

  class(): ClassDeclarationStructure {
    const { className } = this.source;
    this.module.useValue("Frame");
    this.module.useType("Op");
    this.module.useType("Particle");
    const inBody = [...this.fields].filter((variable) => !this.given.includes(variable));
    const properties: PropertyDeclarationStructure[] = [
      ...this.given.map((variable) => this.property(variable)),
      ...inBody.map((variable) => ({ ...this.property(variable), initializer: initialValue(variable.type) })),
      ...(this.spare.size === 0 ? [] : [DROPPED]),
    ];
    return {
      kind: kinds.class,
      name: className,
      extends: "Frame",
      properties,
      ctors:
        this.given.length === 0
          ? []
          : [
              {
                parameters: this.constructorParameters(),
                statements: [
                  "super();",
                  ...this.given.map((variable) => `${this.field(variable)} = ${this.name(variable)};`),
                ],
              },
            ],
      methods: [
        {
          name: "step",
          hasOverrideKeyword: true,
          parameters: [{ name: "particle", type: "Particle" }],
          returnType: "Op",
          statements: [this.steps()],
        },
        {
          name: "copy",
          scope: scopes.protected,
          hasOverrideKeyword: true,
          parameters: [],
          returnType: className,
          statements: this.copying(inBody),
        },
        ...this.relevance(),
        ...(this.spare.size === 0 ? [] : [DROP]),
      ],
    };
  }

  private name(variable: Variable): string {
    return this.locals.nameOf(variable);
  }

  private field(variable: Variable): string {
    return `this.${this.name(variable)}`;
  }

  private property(variable: Variable): PropertyDeclarationStructure {
    return {
      kind: kinds.property,
      scope: scopes.private,
      name: this.name(variable),
      type: this.printer.type(variable.type),
    };
  }

  private constructorParameters(): ParameterDeclarationStructure[] {
    const plainPrinter = new Printer(this.module, {
      locals: this.locals,
      isField: () => false,
      returned: String,
      environment: null,
    });
    return [
      ...this.source.captures.map((variable) => ({
        kind: kinds.parameter,
        name: this.name(variable),
        type: this.printer.type(variable.type),
      })),
      ...this.source.parameters.map(({ variable, defaultValue }) => ({
        kind: kinds.parameter,
        name: this.name(variable),
        type: this.printer.type(variable.type),
        ...(defaultValue === undefined ? {} : { initializer: plainPrinter.expr(defaultValue, 1) }),
      })),
    ];
  }

  private copying(inBody: readonly Variable[]): string[] {
    const { className } = this.source;
    const made = `new ${className}(${this.given.map((variable) => this.field(variable)).join(", ")})`;
    if (inBody.length === 0) return [`return ${made};`];
    return [
      `const twin = ${made};`,
      ...inBody.map((variable) => `twin.${this.name(variable)} = ${this.field(variable)};`),
      ...(this.spare.size === 0 ? [] : ["twin.dropped = this.dropped;"]),
      "return twin;",
    ];
  }

  // ------------------------------------------------------------------------------------------------------ relevance

  /** What the rest of the execution depends on, for methods that put equal states together (see the runtime's `Frame`). */
  private relevance(): OptionalKind<MethodDeclarationStructure>[] {
    const { live, awaits } = this.module.relevance.of(this.blocks);
    if (live.size === 0) return [];
    const method = (name: string, returnType: string, cases: readonly Case[], otherwise: string) => {
      const text = switchOf(cases, otherwise);
      const parameters = /\bresult\b/.test(text) ? [{ name: RESULT, type: "boolean" }] : [];
      return { name, hasOverrideKeyword: true, parameters, returnType, statements: [text] };
    };
    const listed = (variables: ReadonlySet<Variable>): string =>
      `[${[...this.fields]
        .filter((variable) => variables.has(variable))
        .map((variable) => this.field(variable))
        .join(", ")}]`;
    return [
      method(
        "live",
        "readonly unknown[]",
        [...live].map(([{ id }, { returned, dropped }]) => ({
          id,
          value: either(listed(returned), listed(dropped)),
        })),
        "[]",
      ),
      method(
        "awaits",
        "boolean",
        [...awaits].map(([{ id }, { returned, dropped }]) => ({
          id,
          value: dropped ? "true" : returned ? RESULT : "false",
        })),
        "false",
      ),
    ];
  }

  // ---------------------------------------------------------------------------------------------------------- steps

  private steps(): string {
    const { blocks } = this;
    if (blocks.length === 1 && !this.jumps(blocks[0]!.code)) return this.block(blocks[0]!, undefined);
    const printed = blocks.map((block, i) => ({ block, text: this.block(block, blocks[i + 1]) }));
    const looping = printed.some(({ text }) => text.includes(JUMP));
    const cases = printed.map(({ block, text }, i) => {
      const label = i === blocks.length - 1 ? "default" : `case ${block.id}`;
      return `${label}: {\n${indent(text)}\n}`;
    });
    const whole = `switch (this.pc) {\n${indent(cases.join("\n"))}\n}`;
    return looping ? `for (;;) {\n${indent(whole)}\n}` : whole;
  }

  private jumps(code: readonly Code[]): boolean {
    let found = false;
    eachCode(code, (one) => {
      if (one.kind === "jump" || one.kind === "suspend") found = true;
    });
    return found;
  }

  private block(block: Block, next: Block | undefined): string {
    this.aliased = new Set();
    const text = this.code(block.code, next);
    return text === "" ? "// Falls through." : text;
  }

  /** `next` is the block that control falls into at the end of the code. */
  private code(code: readonly Code[], next: Block | undefined): string {
    const lines: string[] = [];
    code.forEach((one, i) => {
      lines.push(...this.aliases(one));
      const text = this.one(one, i === code.length - 1 ? next : undefined);
      if (text !== "") lines.push(text);
    });
    return lines.join("\n");
  }

  /** Code between braces of its own: the local names it makes end with it. */
  private inner(code: readonly Code[]): string {
    const outer = this.aliased;
    const text = this.code(code, undefined);
    this.aliased = outer;
    return text;
  }

  private one(code: Code, next: Block | undefined): string {
    switch (code.kind) {
      case "statement":
        return this.unlessSpare(
          code.statement,
          this.recursiveFunction(code.statement) ?? this.printer.statement(code.statement),
        );
      case "receive": {
        const answer = `particle.value${typed(` as ${this.printer.type(code.variable.type)}`)}`;
        return (
          at(code.span.start) +
          (code.declares
            ? this.printer.declare(code.variable, answer)
            : `${this.printer.variable(code.variable)} = ${answer};`)
        );
      }
      case "take": {
        const counter = `${this.printer.variable(code.counter)}++`;
        const start = at(code.span.start);
        if (code.variable === null) return `${start}${counter};`;
        const value = code.list === null ? counter : `${this.printer.expr(code.list, 18)}[${counter}]`;
        return start + this.printer.declare(code.variable, value);
      }
      case "branch": {
        const test = this.printer.expr(code.test);
        const then = this.inner(code.then);
        const start = at(code.span.start);
        if (!exits(code.then)) return start + this.printer.branches(test, then, this.inner(code.otherwise));
        // What follows a branch that leaves needs no `else`.
        const rest = this.code(code.otherwise, next);
        return start + this.printer.branches(test, then, "") + (rest === "" ? "" : `\n${rest}`);
      }
      case "suspend":
        return `${this.settlement(code.statement)}${at(code.statement.span.start)}this.pc = ${code.resume.id};\n${at(code.statement.span.start)}return ${this.suspension(code.statement)};`;
      case "jump":
        return code.to === next ? "" : `this.pc = ${code.to.id};\n${JUMP}`;
    }
  }

  /** What goes only into a result that nobody wants is left out. */
  private unlessSpare(statement: Statement, text: string): string {
    const { spare } = this;
    if (statement.kind === "return" && reads(statement.value, spare))
      return `${at(statement.span.start)}if (this.dropped) return particle.return(undefined);\n${text}`;
    const given = statement.kind === "let" || statement.kind === "assign";
    return given && spare.has(statement.variable) && computes(statement.value) ? `if (!this.dropped) ${text}` : text;
  }

  /** A function that calls itself does so by a local name, which the field then shares. */
  private recursiveFunction(statement: Statement): string | undefined {
    if (statement.kind !== "let" || statement.value.kind !== "lambda" || !this.fields.has(statement.variable))
      return undefined;
    if (statement.value.self === undefined || !mentions(statement.value, statement.value.self)) return undefined;
    const name = this.name(statement.variable);
    this.aliased = new Set([...this.aliased, statement.variable]);
    const annotation = typed(`: ${this.printer.type(statement.variable.type)}`);
    return `${at(statement.span.start)}const ${name}${annotation} = ${this.printer.expr(statement.value, 1)};\n${this.field(statement.variable)} = ${name};`;
  }

  /** Local names for the fields that closures in this code capture: a closure outlives the frame it was made in. */
  private aliases(code: Code): string[] {
    const captured = new Set<Variable>();
    const inExpr = (expr: Expr): void => {
      for (const part of expressionsOf(expr))
        if (part.kind === "lambda") for (const variable of frameCaptures(part)) captured.add(variable);
    };
    if (code.kind === "statement") {
      for (const inner of statementsIn([code.statement])) operandsOf(inner).forEach(inExpr);
    } else if (code.kind === "suspend") operandsOf(code.statement).forEach(inExpr);
    else if (code.kind === "branch") inExpr(code.test);
    const lines: string[] = [];
    const aliased = new Set(this.aliased);
    for (const variable of captured) {
      if (!this.fields.has(variable) || aliased.has(variable)) continue;
      if (code.kind === "statement" && code.statement.kind === "let" && code.statement.variable === variable) continue;
      aliased.add(variable);
      lines.push(`const ${this.name(variable)} = ${this.field(variable)};`);
    }
    this.aliased = aliased;
    return lines;
  }

  /** Before a weight: what a draw that has foreseen it has put on the twist is taken away. */
  private settlement(statement: Suspension): string {
    if (statement.kind !== "factor" || statement.settles === undefined) return "";
    this.module.useValue("settle");
    return `${at(statement.span.start)}settle(particle, ${this.printer.expr(statement.settles, 1)});\n`;
  }

  private suspension(statement: Suspension): string {
    const { printer, module } = this;
    const arg = (expr: Expr) => printer.expr(expr, 1);
    if (statement.kind === "enter") return this.entering(statement);
    if (statement.kind === "apply") {
      module.useValue("frames");
      return `particle.call(frames.${statement.name}(${printer.args(statement.arguments)}))`;
    }
    const site = module.site(statement.site);
    switch (statement.kind) {
      case "draw": {
        const proposal = statement.proposal === undefined ? "" : `, ${arg(statement.proposal)}`;
        return `particle.sample(${arg(statement.distribution)}, ${site}${proposal})`;
      }
      case "observe":
        return `particle.observe(${arg(statement.distribution)}, ${arg(statement.value)}, ${site})`;
      case "condition":
        return `particle.condition(${arg(statement.test)}, ${site})`;
      case "factor":
        return `particle.factor(${arg(statement.weight)}, ${site})`;
      case "twist":
        return `particle.twist(${arg(statement.weight)}, ${site})`;
      case "step":
        return `particle.step(${site})`;
      case "ask":
        if (statement.request.kind === "lm") return `particle.ask(${arg(statement.request.call)}, ${site})`;
        module.useValue("hostCall");
        return `particle.ask(hostCall(${arg(statement.request.callee)}, [${printer.args(statement.request.arguments)}], ${JSON.stringify(statement.request.name)}), ${site})`;
      case "infer": {
        module.useValue("inferRequest");
        module.useType("Model");
        const model = module.global(statement.model);
        if (statement.method === undefined) throw new Error("No method has been chosen for `infer`.");
        return `particle.ask(inferRequest(${model}${typed(" as Model")}, [${printer.args(statement.arguments)}], ${printer.method(statement.method)}), ${site})`;
      }
    }
  }

  private entering(statement: Suspension & { kind: "enter" }): string {
    const { printer, module } = this;
    const { callee } = statement;
    if (callee.kind === "global") {
      const frame = module.frameOf(callee.global);
      if (frame !== undefined) return `particle.call(new ${frame}(${printer.args(statement.arguments)}))`;
      if (callee.global.kind === "model")
        return `particle.call(${module.global(callee.global)}.start(${printer.args(statement.arguments)}))`;
      return `particle.call(${module.global(callee.global)}.enter([${printer.args(statement.arguments)}]))`;
    }
    module.useValue("enterAny");
    return `enterAny(particle, ${printer.expr(callee, 1)}, [${printer.args(statement.arguments)}])`;
  }
}

/** Whether what the frame returns matters. A field of that name is read through `this`. */
const RESULT = "result";

interface Case {
  readonly id: number;
  readonly value: string;
}

const either = (returned: string, dropped: string): string =>
  returned === dropped ? dropped : `${RESULT} ? ${returned} : ${dropped}`;

/** What to return at which `pc`; cases with one value stand together. */
function switchOf(cases: readonly Case[], otherwise: string): string {
  const ids = new Map<string, number[]>();
  for (const { id, value } of cases) ids.set(value, [...(ids.get(value) ?? []), id]);
  if (ids.size === 1) return `return ${cases[0]!.value};`;
  const labels = [...ids]
    .filter(([value]) => value !== otherwise)
    .map(([value, same]) => `${same.map((id) => `case ${id}:`).join("\n")}\n  return ${value};`);
  return `switch (this.pc) {\n${indent([...labels, `default:\n  return ${otherwise};`].join("\n"))}\n}`;
}

const DROPPED: PropertyDeclarationStructure = {
  kind: kinds.property,
  scope: scopes.private,
  name: "dropped",
  initializer: "false",
};

const DROP: OptionalKind<MethodDeclarationStructure> = {
  name: "drop",
  hasOverrideKeyword: true,
  parameters: [],
  returnType: "void",
  statements: ["this.dropped = true;"],
};

/** Fields that are read only where others of them are given a value, and where the frame returns. */
function spareFields(blocks: readonly Block[], fields: ReadonlySet<Variable>): ReadonlySet<Variable> {
  const spare = new Set(fields);
  for (let changed = true; changed;) {
    const before = spare.size;
    const keep = (variables: Iterable<Variable>): void => {
      for (const variable of variables) spare.delete(variable);
    };
    for (const block of blocks) {
      eachCode(block.code, (code) => {
        switch (code.kind) {
          case "statement": {
            const { statement } = code;
            const own = statement.kind === "let" || statement.kind === "assign" ? statement.variable : undefined;
            if (own !== undefined && spare.has(own) && !saysFail(operandsOf(statement)[0]!)) break;
            if (statement.kind === "return" && !saysFail(statement.value)) break;
            keep(readsOfAll([statement]));
            keep(writesIn([statement]));
            break;
          }
          case "branch":
            keep(readsOf(code.test));
            break;
          case "suspend":
            for (const operand of operandsOf(code.statement)) keep(readsOf(operand));
            break;
          case "take":
            keep([code.counter, ...(code.variable === null ? [] : [code.variable])]);
            if (code.list !== null) keep(readsOf(code.list));
            break;
          default:
        }
      });
    }
    changed = spare.size < before;
  }
  return new Set([...spare].filter((variable) => blocks.some((block) => isComputed(block.code, variable))));
}

/** Is leaving it out worth a test? */
function isComputed(code: readonly Code[], variable: Variable): boolean {
  let found = false;
  eachCode(code, (one) => {
    if (one.kind !== "statement") return;
    const { statement } = one;
    if ((statement.kind === "let" || statement.kind === "assign") && statement.variable === variable)
      found ||= computes(statement.value);
  });
  return found;
}

/** Does it take more than reading and writing? */
function computes(expr: Expr): boolean {
  for (const part of expressionsOf(expr)) if (part.kind === "builtin" || part.kind === "call") return true;
  return false;
}

const reads = (expr: Expr, variables: ReadonlySet<Variable>): boolean =>
  [...readsOf(expr)].some((variable) => variables.has(variable));

/** Goes to another block by way of the loop around the switch. */
const JUMP = "continue;";

/** What a closure takes from around it, the closure itself included when it calls itself. */
export function frameCaptures(lambda: LambdaExpr): readonly Variable[] {
  const captures = [...capturesOf(lambda)];
  return lambda.suspends && lambda.self !== undefined && mentions(lambda, lambda.self)
    ? [...captures, lambda.self]
    : captures;
}

function mentions(lambda: LambdaExpr, variable: Variable): boolean {
  for (const statement of statementsIn(lambda.body)) {
    for (const operand of operandsOf(statement)) {
      for (const part of expressionsOf(operand))
        if (part.kind === "variable" && part.variable === variable) return true;
    }
  }
  return false;
}

/** Does the code always leave its block before its end? */
function exits(code: readonly Code[]): boolean {
  const last = code[code.length - 1];
  switch (last?.kind) {
    case "jump":
    case "suspend":
      return true;
    case "branch":
      return exits(last.then) && exits(last.otherwise);
    case "statement":
      return leavesFunction(last.statement);
    default:
      return false;
  }
}

function leavesFunction(statement: Statement): boolean {
  if (statement.kind === "return") return true;
  if (statement.kind === "expression") return statement.value.type.kind === "never";
  return (
    statement.kind === "if" &&
    blocksOf(statement).every((block) => block.length > 0 && leavesFunction(block[block.length - 1]!))
  );
}

/** A field begins as a value of its kind, so that all frames of a class have one shape. */
function initialValue(type: Type): string {
  switch (type.kind) {
    case "int":
      return "0";
    case "float":
      return "NaN";
    case "bool":
      return "false";
    case "string":
      return '""';
    default:
      return `undefined${typed("!")}`;
  }
}

import type { ConstraintExpr, Expr, LambdaExpr } from "../ir/expression.js";
import type { Global, MethodIr, ParameterIr, SiteIr, Variable } from "../ir/program.js";
import { isSuspension, type Statement } from "../ir/statement.js";
import { membersOf, sameType, someType } from "../types/type.js";
import type { Type } from "../types.js";
import { numberLiteral, propertyAccess, propertyKey, stringLiteral, templateText } from "./literals.js";
import { at, plain, typed } from "./marks.js";
import { Names } from "./names.js";
import type { RelevanceAnalysis } from "./relevance.js";
import { resultOf, typeScriptOf, type TypeUses } from "./types.js";

/** What printing needs to know of the module around. */
export interface ModuleContext extends TypeUses {
  /** The JavaScript name of something global. */
  global(global: Global): string;
  site(site: SiteIr): string;
  /** The frame class of a function of this module, which its calls can make directly. */
  frameOf(global: Global): string | undefined;
  /** Makes the frame class of a closure, and says what its constructor takes before the arguments. */
  closure(lambda: LambdaExpr): { readonly className: string; readonly captures: readonly Variable[] };
  readonly names: Names;
  /** What the futures of frames depend on, in the whole program. */
  readonly relevance: RelevanceAnalysis;
}

/** The names of one function's variables. */
export class Locals {
  readonly names: Names;
  private readonly known = new Map<Variable, string>();

  constructor(outer: Names, taken: Iterable<string> = []) {
    this.names = new Names(outer, taken);
  }

  nameOf(variable: Variable): string {
    let name = this.known.get(variable);
    if (name === undefined) this.known.set(variable, (name = this.names.take(variable.name)));
    return name;
  }
}

/** Where code stands: how it speaks of variables, returns, and reaches the run's services. */
export interface Place {
  readonly locals: Locals;
  /** Lives in a field of the frame. */
  isField(variable: Variable): boolean;
  returned(value: string): string;
  /** An expression for the run's environment, where there is one. */
  readonly environment: string | null;
}

export const plainPlace = (locals: Locals): Place => ({
  locals,
  isField: () => false,
  returned: (value) => (value === "undefined" ? "return;" : `return ${value};`),
  environment: null,
});

// How tightly JavaScript's operators bind.
const ARROW = 1;
const CONDITIONAL = 2;
const NULLISH = 3;
const UNARY = 15;
const CALL = 18;
const PRIMARY = 20;
const OPERATORS: Readonly<Record<string, number>> = {
  "||": 4,
  "&&": 5,
  "===": 9,
  "!==": 9,
  "<": 10,
  "<=": 10,
  ">": 10,
  ">=": 10,
  "+": 12,
  "-": 12,
  "*": 13,
  "/": 13,
};

interface Printed {
  readonly text: string;
  readonly binds: number;
}

/** Prints expressions and statements that do not suspend. */
export class Printer {
  constructor(
    readonly module: ModuleContext,
    readonly place: Place,
  ) {}

  type(type: Type): string {
    return typeScriptOf(type, this.module);
  }

  variable(variable: Variable): string {
    const name = this.place.locals.nameOf(variable);
    return this.place.isField(variable) ? `this.${name}` : name;
  }

  /** An expression that can stand where something binding as tightly as `binds` is wanted. */
  expr(expr: Expr, binds = 0): string {
    const printed = this.print(expr);
    return printed.binds < binds ? `(${printed.text})` : printed.text;
  }

  /** `undefined` for an argument left out before others. */
  args(args: readonly (Expr | undefined)[]): string {
    return args.map((a) => (a === undefined ? "undefined" : this.expr(a, ARROW))).join(", ");
  }

  private cast(text: string, type: Type): Printed {
    return { text: `${typed("(")}${text}${typed(` as ${this.type(type)})`)}`, binds: CALL };
  }

  private print(expr: Expr): Printed {
    const primary = (text: string): Printed => ({ text, binds: PRIMARY });
    const call = (text: string): Printed => ({ text: at(expr.span.start) + text, binds: CALL });
    switch (expr.kind) {
      case "literal":
        return literal(expr.value);
      case "eos":
        this.module.useValue("eos");
        return primary("eos");
      case "variable": {
        const name = this.variable(expr.variable);
        // Where a test has shown more, the checker knows it and TypeScript may have lost it.
        const narrowed =
          expr.type.kind !== "error" &&
          !sameType(expr.type, expr.variable.type) &&
          this.type(expr.type) !== this.type(expr.variable.type);
        return narrowed ? this.cast(name, expr.type) : primary(name);
      }
      case "global":
        return primary(this.module.global(expr.global));
      case "list": {
        const text = `[${this.args(expr.elements)}]`;
        return expr.elements.length === 0 ? this.cast(text, expr.type) : primary(text);
      }
      case "tuple":
        return this.cast(`[${this.args(expr.elements)}]`, expr.type);
      case "record":
        return primary(this.record(expr));
      case "map": {
        this.module.useValue("ValueMap");
        const entries = expr.entries.map(({ key, value }) => `[${this.args([key, value])}]`);
        const parameters =
          expr.type.kind === "map" ? typed(`<${this.type(expr.type.key)}, ${this.type(expr.type.value)}>`) : "";
        return call(`ValueMap.from${parameters}([${entries.join(", ")}])`);
      }
      case "template":
        return this.template(expr);
      case "unary": {
        const operand = this.expr(expr.operand, UNARY);
        // `--x` would be something else.
        return {
          text:
            expr.operator + (expr.operator === "-" && plain(operand, false).startsWith("-") ? `(${operand})` : operand),
          binds: UNARY,
        };
      }
      case "binary":
        return this.binary(expr);
      case "conditional": {
        const test = this.expr(expr.test, NULLISH);
        return {
          text: `${test} ? ${this.expr(expr.then, CONDITIONAL)} : ${this.expr(expr.otherwise, CONDITIONAL)}`,
          binds: CONDITIONAL,
        };
      }
      case "builtin":
        if (expr.name === "$length") return primary(`${this.expr(expr.arguments[0]!, CALL)}.length`);
        return call(`${this.builtin(expr.name)}(${this.args(expr.arguments)})`);
      case "builtin-value":
        switch (expr.name) {
          case "pi":
            return primary("Math.PI");
          case "e":
            return primary("Math.E");
          case "inf":
            return primary("Infinity");
        }
        return primary(this.builtin(expr.name));
      case "distribution":
        this.module.useValue("dist");
        return call(`dist.${expr.name}(${this.args(expr.arguments)})`);
      case "lm": {
        const args = expr.positional.map((value) => this.expr(value, ARROW));
        if (expr.named.length > 0) args.push(this.options(expr.named));
        return call(`${this.expr(expr.model, CALL)}.${expr.method}(${args.join(", ")})`);
      }
      case "call":
        return this.call(expr);
      case "field": {
        const object = this.expr(expr.object, CALL);
        const whole = expr.object.type;
        if (mayLack(whole, expr.name)) return primary(`(${object}${propertyAccess(expr.name)} ?? null)`);
        if (whole.kind !== "union") return primary(object + propertyAccess(expr.name));
        // Which member it is, a test before has shown.
        return primary(
          `${typed("(")}${object}${typed(` as { readonly ${propertyKey(expr.name)}: ${this.type(expr.type)} })`)}${propertyAccess(expr.name)}`,
        );
      }
      case "element": {
        const object = this.expr(expr.object, CALL);
        const text =
          expr.object.type.kind === "tuple" ? object : `${typed("(")}${object}${typed(" as readonly unknown[])")}`;
        const element: Printed = { text: `${text}[${expr.index}]`, binds: PRIMARY };
        return expr.object.type.kind === "tuple" ? element : this.cast(element.text, expr.type);
      }
      case "lambda":
        return this.lambda(expr);
      case "matches":
        return call(
          `${this.constraint(expr.constraint)}.test(${this.expr(expr.value, ARROW)}${this.environmentFor(expr.constraint)})`,
        );
      case "shape": {
        const value = this.expr(expr.value, CALL);
        return expr.shape === "tuple"
          ? { text: `Array.isArray(${value}) && ${value}.length === ${expr.length}`, binds: 5 }
          : { text: `typeof ${value} === "object" && ${value} !== null && !Array.isArray(${value})`, binds: 5 };
      }
      case "constraint":
        return primary(this.constraintMaker(expr.constraint));
      case "restrict":
        this.module.useValue("restrict");
        return call(`restrict(${this.expr(expr.distribution, ARROW)}, ${this.expr(expr.predicate, ARROW)})`);
      case "guided":
        this.module.useValue("guided");
        return call(
          `guided(${this.expr(expr.distribution, ARROW)}, ${this.constraint(expr.constraint)}, ${this.module.site(expr.site)})`,
        );
      case "foreseen":
        this.module.useValue("foreseen");
        return call(
          `foreseen(${this.expr(expr.distribution, ARROW)}, [${this.args(expr.features)}], ${this.expr(expr.logWeight, ARROW)}, ${expr.exact})`,
        );
      case "foreseen-twist":
        this.module.useValue("foreseenTwist");
        return call(`foreseenTwist(particle, ${this.expr(expr.before, ARROW)}, ${this.module.site(expr.site)})`);
      case "running-twist":
        return primary("particle.logTwist");
    }
  }

  private builtin(name: string): string {
    this.module.useValue("$");
    return `$.${name}`;
  }

  private call(expr: Expr & { kind: "call" }): Printed {
    const args = expr.arguments.map((a) => {
      if (a === undefined) return "undefined";
      // TypeScript has types PGL does not look into; they are what the host says they are.
      const text = this.expr(a, ARROW);
      return expr.host && isForeign(a.type) ? `${text}${typed(" as never")}` : text;
    });
    const callee = this.expr(expr.callee, CALL);
    const printed: Printed = { text: `${at(expr.span.start)}${callee}(${args.join(", ")})`, binds: CALL };
    return expr.host && isForeign(expr.type) ? this.cast(`${printed.text}${typed(" as unknown")}`, expr.type) : printed;
  }

  options(named: readonly { readonly name: string; readonly value: Expr }[]): string {
    return `{ ${named.map(({ name, value }) => property(name, this.expr(value, ARROW))).join(", ")} }`;
  }

  method(method: MethodIr): string {
    this.module.useValue("methods");
    return `methods.${method.name}(${method.options.length === 0 ? "{}" : this.options(method.options)})`;
  }

  private record(expr: Expr & { kind: "record" }): string {
    if (expr.fields.length === 0) return "{}";
    const fields = expr.fields.map((field) =>
      field.kind === "spread"
        ? `...${this.expr(field.value, ARROW)}`
        : property(field.name, this.expr(field.value, ARROW)),
    );
    return `{ ${fields.join(", ")} }`;
  }

  private template(expr: Expr & { kind: "template" }): Printed {
    let text = "`" + templateText(expr.texts[0]!);
    expr.expressions.forEach((inner, i) => {
      const direct = isText(inner.type) || inner.type.kind === "int";
      const shown = direct ? this.expr(inner) : `${this.builtin("text")}(${this.expr(inner, ARROW)})`;
      text += `\${${shown}}${templateText(expr.texts[i + 1]!)}`;
    });
    return { text: text + "`", binds: PRIMARY };
  }

  private binary(expr: Expr & { kind: "binary" }): Printed {
    const { left, right } = expr;
    const helper = (name: string): Printed => ({
      text: `${at(expr.span.start)}${this.builtin(name)}(${this.args([left, right])})`,
      binds: CALL,
    });
    const operator = (symbol: string): Printed => {
      const binds = OPERATORS[symbol]!;
      return { text: `${this.expr(left, binds)} ${symbol} ${this.expr(right, binds + 1)}`, binds };
    };
    switch (expr.operator) {
      case "+":
        if (isNumber(left.type) && isNumber(right.type)) return operator("+");
        if (isText(left.type) && isText(right.type)) return operator("+");
        if (left.type.kind === "list") return helper("concat");
        return this.cast(helper("add").text, expr.type);
      case "-":
      case "*":
      case "/":
        return operator(expr.operator);
      case "//":
        return helper("int_div");
      case "%":
        return helper("mod");
      case "^":
        return helper("pow");
      case "==":
      case "!=": {
        const negated = expr.operator === "!=";
        if (isPrimitive(left.type) || isPrimitive(right.type)) {
          const binds = OPERATORS["==="]!;
          return { text: `${this.widened(left)} ${negated ? "!==" : "==="} ${this.expr(right, binds + 1)}`, binds };
        }
        const same = helper("equal");
        return negated ? { text: `!${same.text}`, binds: UNARY } : same;
      }
      case "<":
      case "<=":
      case ">":
      case ">=":
        if ((isNumber(left.type) && isNumber(right.type)) || (isText(left.type) && isText(right.type)))
          return operator(expr.operator);
        this.module.useValue("compare");
        return { text: `compare(${this.args([left, right])}) ${expr.operator} 0`, binds: OPERATORS[expr.operator]! };
      case "&&":
      case "||":
        return operator(expr.operator);
      case "??": {
        const first = left.kind === "binary" && left.operator === "??" ? this.expr(left, NULLISH) : this.expr(left, 9);
        return { text: `${first} ?? ${this.expr(right, 9)}`, binds: NULLISH };
      }
      case "in":
        return helper("in");
    }
  }

  /** The left side of `===`, seen as its whole type: TypeScript refuses comparisons whose outcome it believes to know. */
  private widened(left: Expr): string {
    if (left.kind === "literal" && left.value !== null && left.value !== undefined)
      return this.cast(this.expr(left, CALL), { kind: wide[typeof left.value]! }).text;
    const open =
      left.kind === "variable" && left.variable.mutable && (left.type.kind === "bool" || left.type.kind === "union");
    return open ? this.cast(this.expr(left, CALL), left.type).text : this.expr(left, OPERATORS["==="]);
  }

  // ----------------------------------------------------------------------------------------------------- functions

  private lambda(lambda: LambdaExpr): Printed {
    if (lambda.suspends) return { text: this.closure(lambda), binds: PRIMARY };
    const inner = new Printer(this.module, { ...plainPlace(this.place.locals), environment: this.place.environment });
    const parameters = inner.parameters(lambda.parameters);
    const [only] = lambda.body;
    if (lambda.body.length === 1 && only!.kind === "return") {
      const value = inner.expr(only.value, ARROW);
      return { text: `(${parameters}) => ${plain(value, false).startsWith("{") ? `(${value})` : value}`, binds: ARROW };
    }
    const result = typed(`: ${resultOf(lambda.result, (t) => this.type(t))}`);
    return { text: `(${parameters})${result} => ${inner.braced(lambda.body)}`, binds: ARROW };
  }

  parameters(parameters: readonly ParameterIr[]): string {
    return parameters
      .map(({ variable, defaultValue }) => {
        const name = this.place.locals.nameOf(variable) + typed(`: ${this.type(variable.type)}`);
        return defaultValue === undefined ? name : `${name} = ${this.expr(defaultValue, ARROW)}`;
      })
      .join(", ");
  }

  /** A function that may suspend, as a value. What it captures is handed to each activation. */
  private closure(lambda: LambdaExpr): string {
    const { className, captures } = this.module.closure(lambda);
    const local = new Names(this.place.locals.names);
    const names = lambda.parameters.map(({ variable }) => local.take(variable.name));
    const args = [
      ...captures.map((variable) => this.place.locals.nameOf(variable)),
      ...lambda.parameters.map(({ variable }, i) => names[i]! + typed(` as ${this.type(variable.type)}`)),
    ];
    const taken = names.length === 0 ? "()" : `([${names.join(", ")}])`;
    return `{ kind: "closure"${typed(" as const")}, enter: ${taken} => new ${className}(${args.join(", ")}) }`;
  }

  // --------------------------------------------------------------------------------------------------- constraints

  private constraint(constraint: ConstraintExpr): string {
    if (constraint.kind === "constant") return this.module.global(constraint.global);
    return this.constraintMaker(constraint);
  }

  /** `constraint.regex("…", "")`. */
  constraintMaker(constraint: ConstraintExpr): string {
    this.module.useValue("constraint");
    const start = at(constraint.span.start);
    switch (constraint.kind) {
      case "constant":
        return this.module.global(constraint.global);
      case "regex":
        return `${start}constraint.regex(${stringLiteral(constraint.source)}, ${stringLiteral(constraint.flags)})`;
      case "text":
        return `${start}constraint.text(${this.expr(constraint.value, ARROW)})`;
      case "call":
        return `${start}constraint.${constraint.name}(${this.args(constraint.arguments)})`;
      case "not":
        return `constraint.not(${this.constraint(constraint.operand)})`;
      case "and":
      case "or":
        return `constraint.${constraint.kind}(${constraint.operands.map((operand) => this.constraint(operand)).join(", ")})`;
    }
  }

  /** Counting tokens needs the run's language model. */
  private environmentFor(constraint: ConstraintExpr): string {
    return this.place.environment !== null && needsEnvironment(constraint) ? `, ${this.place.environment}` : "";
  }

  // ---------------------------------------------------------------------------------------------------- statements

  braced(statements: readonly Statement[]): string {
    const body = this.statements(statements);
    return body === "" ? "{}" : `{\n${indent(body)}\n}`;
  }

  statements(statements: readonly Statement[]): string {
    return statements.map((statement) => this.statement(statement)).join("\n");
  }

  /** One statement that does not suspend. */
  statement(statement: Statement): string {
    const start = at(statement.span.start);
    switch (statement.kind) {
      case "let":
        return start + this.declare(statement.variable, this.expr(statement.value, ARROW), statement.value);
      case "declare": {
        const { variable } = statement;
        if (this.place.isField(variable)) return "";
        return `${start}let ${this.place.locals.nameOf(variable)}${typed(`: ${this.type(variable.type)}`)};`;
      }
      case "assign": {
        const { variable, value } = statement;
        const step =
          value.kind === "binary" &&
          "+-*/".includes(value.operator) &&
          isNumber(value.left.type) &&
          isNumber(value.right.type);
        if (step && value.left.kind === "variable" && value.left.variable === variable) {
          return `${start}${this.variable(variable)} ${value.operator}= ${this.expr(value.right, ARROW)};`;
        }
        return `${start}${this.variable(variable)} = ${this.expr(value, ARROW)};`;
      }
      case "expression": {
        const value = this.expr(statement.value);
        const text = plain(value, true).startsWith("{") ? `(${value})` : value;
        // TypeScript sees that what follows is not reached only where it is told to return.
        return statement.value.type.kind === "never" ? `${start}return ${text};` : `${start}${text};`;
      }
      case "return":
        return start + this.place.returned(this.expr(statement.value, ARROW));
      case "break":
        return `${start}break;`;
      case "continue":
        return `${start}continue;`;
      case "if":
        return (
          start +
          this.branches(this.expr(statement.test), this.statements(statement.then), this.otherwise(statement.otherwise))
        );
      case "while":
        return `${start}while (${this.expr(statement.test)}) ${this.braced(statement.body)}`;
      case "for-range": {
        const counter = this.place.locals.nameOf(statement.variable);
        const bound =
          statement.to.kind === "literal" || (statement.to.kind === "variable" && !statement.to.variable.mutable)
            ? null
            : this.place.locals.names.take("end");
        const end = this.expr(statement.to, 11);
        const head = `let ${counter} = ${this.expr(statement.from, ARROW)}${bound === null ? "" : `, ${bound} = ${this.expr(statement.to, ARROW)}`}`;
        return `${start}for (${head}; ${counter} < ${bound ?? end}; ${counter}++) ${this.braced(statement.body)}`;
      }
      case "for-each":
        return `${start}for (const ${this.place.locals.nameOf(statement.variable)} of ${this.expr(statement.iterable, ARROW)}) ${this.braced(statement.body)}`;
      default:
        if (isSuspension(statement)) throw new Error(`\`${statement.kind}\` stands where nothing may suspend.`);
        return statement satisfies never;
    }
  }

  /** `const x = value;`, or the field. */
  declare(variable: Variable, value: string, from?: Expr): string {
    if (this.place.isField(variable)) return `${this.variable(variable)} = ${value};`;
    const annotated = variable.mutable || (from !== undefined && needsContext(variable.type, from));
    const annotation = annotated ? typed(`: ${this.type(variable.type)}`) : "";
    return `${variable.mutable ? "let" : "const"} ${this.place.locals.nameOf(variable)}${annotation} = ${value};`;
  }

  private otherwise(statements: readonly Statement[]): string {
    const [only] = statements;
    if (statements.length === 1 && only!.kind === "if") return this.statement(only);
    return this.statements(statements);
  }

  branches(test: string, then: string, otherwise: string): string {
    const head = `if (${test}) ${then === "" ? "{}" : `{\n${indent(then)}\n}`}`;
    if (otherwise === "") return head;
    if (/^(\uE000[0-9a-z]*\uE001)?if \(/.test(otherwise) && isOneStatement(otherwise))
      return `${head} else ${otherwise}`;
    return `${head} else {\n${indent(otherwise)}\n}`;
  }
}

/** Does text that begins with `if` consist of that statement alone? Its lines are then closed at its own depth only at the end. */
function isOneStatement(text: string): boolean {
  const lines = text.split("\n");
  return (
    lines.slice(1, -1).every((line) => /^\s/.test(line) || /^\} else/.test(line)) &&
    lines[lines.length - 1]!.startsWith("}")
  );
}

export const indent = (text: string): string => text.replace(/^(?=.)/gm, "  ");

function literal(value: number | string | boolean | null | undefined): Printed {
  switch (typeof value) {
    case "number": {
      const text = numberLiteral(value);
      return { text, binds: text.startsWith("-") ? UNARY : PRIMARY };
    }
    case "string":
      return { text: stringLiteral(value), binds: PRIMARY };
    default:
      return { text: String(value), binds: PRIMARY };
  }
}

/** `name: value`, or the name alone when that says it. */
const property = (name: string, value: string): string =>
  plain(value, true) === name && propertyKey(name) === name ? value : `${propertyKey(name)}: ${value}`;

const wide: Readonly<Record<string, "float" | "string" | "bool">> = {
  number: "float",
  string: "string",
  boolean: "bool",
};

const isNumber = (type: Type): boolean => type.kind === "int" || type.kind === "float";
const isText = (type: Type): boolean =>
  membersOf(type).every((member) => member.kind === "string" || member.kind === "literal");
const isPrimitive = (type: Type): boolean =>
  membersOf(type).every(
    (member) =>
      isNumber(member) || isText(member) || member.kind === "bool" || member.kind === "none" || member.kind === "unit",
  ) && type.kind !== "never";

/** Would TypeScript find another type for the value than its declaration says? */
function needsContext(type: Type, value: Expr): boolean {
  if (value.kind === "literal" || value.kind === "conditional") return true;
  return ["list", "record", "tuple", "union", "literal", "function", "map"].includes(type.kind);
}

/** Does the type have parts that TypeScript sees otherwise than PGL does? */
const isForeign = (type: Type): boolean => someType(type, (part) => part.kind === "opaque" || part.kind === "map");

function needsEnvironment(constraint: ConstraintExpr): boolean {
  switch (constraint.kind) {
    case "call":
      return (
        constraint.name === "tokens" ||
        constraint.arguments.some((part) =>
          part.kind === "constraint" ? needsEnvironment(part.constraint) : part.type.kind === "constraint",
        )
      );
    case "not":
      return needsEnvironment(constraint.operand);
    case "and":
    case "or":
      return constraint.operands.some(needsEnvironment);
    case "constant":
      return constraint.needsRun;
    default:
      return false;
  }
}

/** Whether a record of this type can be without the field: reading it then gives `none`. */
function mayLack(type: Type, field: string): boolean {
  return type.kind === "record" && type.fields.get(field)?.optional === true;
}

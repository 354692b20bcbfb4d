import type * as ast from "@pgl/grammar";
import * as s from "./syntax.js";
import { tableModel, type GeneratedTable } from "./tables.js";
import { Tape } from "./tape.js";
import type { TableModel } from "../reference/index.js";

/** What a statement is made from: its own numbers, and the statements inside it. */
export interface StatementSeed {
  readonly tape: readonly number[];
  readonly body: readonly StatementSeed[];
}

/** What a program is made from. */
export interface ProgramSeed {
  readonly helpers: readonly StatementSeed[];
  /** Draws that the model begins with. */
  readonly opening: readonly (readonly number[])[];
  readonly main: readonly StatementSeed[];
  readonly result: readonly number[];
  readonly tables: readonly number[];
  readonly arguments: readonly number[];
  readonly guide: readonly number[];
}

export interface ElaborateOptions {
  /** Upper bound of log₂(number of executions), roughly. */
  readonly bits: number;
  /** No twists, or no proposals, language models, or nested inference. */
  readonly without?: readonly Feature[];
}

/** Constructs that are counted, and can be left out. */
export type Feature =
  | "twist"
  | "site proposal"
  | "guide"
  | "lm"
  | "infer"
  | "loop"
  | "while"
  | "closure"
  | "recursion"
  | "early return"
  | "constraint"
  | "higher order"
  | "map"
  | "match"
  | "short circuit"
  | "where"
  | "mix"
  | "step"
  | "break"
  | "inline model";

/** A random program with all that is needed to run it. */
export interface GeneratedProgram {
  readonly module: ast.Module;
  readonly model: string;
  readonly args: readonly unknown[];
  readonly lms: Readonly<Record<string, TableModel>>;
  /** The name of a whole-trace proposal for the model, if the program has one. */
  readonly guide: string | null;
  readonly features: ReadonlySet<Feature>;
}

type Type = "int" | "bool" | "float" | "text" | "ints" | "pair" | "record" | "maybe" | "dict" | "context" | "token" | "triple";

const typeNodes: Readonly<Record<Type, ast.TypeNode>> = {
  int: s.type.named("int"),
  bool: s.type.named("bool"),
  float: s.type.named("float"),
  text: s.type.named("string"),
  ints: s.type.named("list", s.type.named("int")),
  pair: s.type.tuple(s.type.named("int"), s.type.named("bool")),
  record: s.type.record({ x: s.type.named("int"), y: s.type.named("bool") }),
  maybe: s.type.optional(s.type.named("int")),
  dict: s.type.named("map", s.type.named("string"), s.type.named("int")),
  context: s.type.named("context"),
  token: s.type.named("token"),
  triple: s.type.tuple(s.type.named("int"), s.type.named("bool"), s.type.named("string")),
};

interface Variable {
  readonly name: string;
  readonly type: Type;
  readonly mutable: boolean;
}

/** Something that can be called with an int. */
interface Callable {
  readonly name: string;
  readonly result: Type;
  readonly generative: boolean;
  /** log₂ of the executions of one call. */
  readonly bits: number;
  /** The argument must be small: the depth of a recursion. */
  readonly bounded: boolean;
  /** May stand after `infer`. */
  readonly model: boolean;
  /** Takes a generative function as its first argument and calls it this often; 0 when it takes none. */
  readonly applies: number;
}

interface Scope {
  readonly variables: readonly Variable[];
  readonly callables: readonly Callable[];
  /** Draws and weights are allowed here. */
  readonly generative: boolean;
  /** What `return` gives here; null where it may not stand. */
  readonly returns: Type | null;
  readonly loop: boolean;
}

interface DistributionNode {
  readonly expression: ast.Expression;
  /** A closed expression of a distribution that covers this one, if there is one to be written. */
  readonly cover: ast.Expression | null;
}

const depthLimit = 3;

/** Makes a program of a seed: every seed gives a well-typed program that ends. */
export function elaborate(seed: ProgramSeed, options: ElaborateOptions): GeneratedProgram {
  return new Elaborator(options).program(seed);
}

class Elaborator {
  private serial = 0;
  private readonly features = new Set<Feature>();
  private readonly declarations: ast.Declaration[] = [];
  private readonly tables = new Map<string, GeneratedTable>();
  private left: number;
  private repetitions = 1;
  private guided: { name: string; cover: ast.Expression }[] = [];
  private readonly contextModels = new Map<string, string>();
  /** Distributions whose outcomes have been charged where they were made. */
  private readonly paid = new WeakSet<ast.Expression>();

  constructor(private readonly options: ElaborateOptions) {
    this.left = options.bits;
  }

  program(seed: ProgramSeed): GeneratedProgram {
    const tape = new Tape(seed.tables);
    if (this.allows("lm")) {
      this.tables.set("writer", tableModel(tape));
      if (tape.below(3) === 2) this.tables.set("critic", tableModel(tape));
    }
    for (const name of this.tables.keys()) this.declarations.push(s.lmDeclaration(name, `table:${name}.json`));
    let scope: Scope = { variables: [], callables: [], generative: false, returns: null, loop: false };
    for (const helper of seed.helpers) scope = this.helper(helper, scope);
    this.guided = [];
    const args = new Tape(seed.arguments);
    const parameters: Variable[] = [
      { name: "n", type: "int", mutable: false },
      { name: "flags", type: "bool", mutable: false },
    ];
    const values = [args.below(3), args.below(2) === 1];
    const resultTape = new Tape(seed.result);
    const result = resultTape.pick<Type>(["triple", "int", "triple", "bool", "triple", "text", "triple", "pair", "triple", "ints", "triple", "record", "triple", "maybe"]);
    const inner: Scope = { ...scope, variables: [...scope.variables, ...parameters], generative: true, returns: result };
    const opening: ast.Statement[] = [];
    let opened = inner;
    for (const numbers of seed.opening) {
      const made = this.drawStatement(new Tape(numbers), opened);
      opening.push(...made.statements);
      opened = made.scope;
    }
    const body = this.statements(seed.main, opened, 2);
    const value =
      result === "triple" && resultTape.below(4) > 0
        ? this.digest(body.scope)
        : this.expression(result, { ...body.scope, generative: false }, resultTape, 2);
    const declared = parameters.map((p) => s.parameter(p.name, typeNodes[p.type]));
    this.declarations.push(s.modelDeclaration("main", declared, typeNodes[result], s.block([...opening, ...body.statements, s.returnStatement(value)])));
    const guide = this.guide(new Tape(seed.guide), declared);
    this.declarations.push(
      s.queryDeclaration("main", [s.integer(values[0] as number), s.boolean(values[1] as boolean)], s.usingMethod("enumerate")),
    );
    return {
      module: s.module(this.declarations),
      model: "main",
      args: values,
      lms: Object.fromEntries([...this.tables].map(([name, t]) => [name, t.table])),
      guide,
      features: this.features,
    };
  }

  // ------------------------------------------------------------------------------------------------------- helpers

  private helper(seed: StatementSeed, outer: Scope): Scope {
    const tape = new Tape(seed.tape);
    const kind = tape.below(7);
    const name = this.fresh("f");
    const x: Variable = { name: "x", type: "int", mutable: false };
    const intParameter = s.parameter("x", typeNodes.int);
    const inside = (generative: boolean, returns: Type): Scope => ({
      ...outer,
      variables: [...outer.variables, x],
      generative,
      returns,
    });
    const add = (callable: Partial<Callable> & Pick<Callable, "result">): Scope => ({
      ...outer,
      callables: [
        ...outer.callables,
        { name, generative: false, bits: 0, bounded: false, model: false, applies: 0, ...callable },
      ],
    });
    const baseCase = s.expressionStatement(
      s.when(s.binary(s.identifier("x"), "<=", s.integer(0)), s.block([s.returnStatement(this.expression("int", inside(false, "int"), tape, 1))])),
    );
    const again = s.call(name, [s.binary(s.identifier("x"), "-", s.integer(1))]);
    switch (kind) {
      case 0: {
        const type = tape.pick<Type>(["int", "bool", "float", "text", "ints"]);
        const value = this.expression(type, inside(false, type), tape, 2);
        if (tape.oneIn(3)) {
          const second = s.parameter("y", typeNodes.int, s.integer(tape.below(3)));
          const body = type === "int" ? s.binary(value, "+", s.identifier("y")) : value;
          this.declarations.push(s.fnDeclaration(name, [intParameter, second], typeNodes[type], s.block([s.returnStatement(body)])));
        } else {
          this.declarations.push(s.fnDeclaration(name, [intParameter], typeNodes[type], s.block([s.returnStatement(value)])));
        }
        return add({ result: type });
      }
      case 1: {
        const type = tape.pick<Type>(["int", "bool", "text", "pair"]);
        const bits = this.metered(2.5, () => {
          const body = this.statements(seed.body, inside(true, type), 1);
          const value = this.expression(type, body.scope, tape, 2);
          this.declarations.push(
            s.modelDeclaration(name, [intParameter], typeNodes[type], s.block([...body.statements, s.returnStatement(value)])),
          );
        });
        return add({ result: type, generative: true, bits, model: true });
      }
      case 2: {
        this.features.add("recursion");
        const value = s.binary(again, tape.pick(["+", "-"] as const), this.expression("int", inside(false, "int"), tape, 1));
        this.declarations.push(s.fnDeclaration(name, [intParameter], typeNodes.int, s.block([baseCase, s.returnStatement(value)])));
        return add({ result: "int", bounded: true });
      }
      case 3: {
        this.features.add("recursion");
        const stop = this.fresh("d");
        const weigh = tape.below(2) === 1 ? [s.factor(this.expression("float", inside(false, "int"), tape, 1))] : [];
        const body = s.block([
          baseCase,
          s.draw(stop, s.call("bernoulli", [this.probability(inside(false, "int"), tape, 1)])),
          s.expressionStatement(s.when(s.identifier(stop), s.block([s.returnStatement(this.expression("int", inside(false, "int"), tape, 1))]))),
          ...weigh,
          s.returnStatement(s.binary(s.integer(1), "+", again)),
        ]);
        this.declarations.push(s.modelDeclaration(name, [intParameter], typeNodes.int, body));
        return add({ result: "int", generative: true, bits: Math.log2(3), bounded: true, model: true });
      }
      case 4: {
        const type = tape.pick<Type>(["int", "float", "text", "ints"]);
        const constant = this.fresh("k");
        const value = this.expression(type, { ...outer, variables: [] }, tape, 2);
        this.declarations.push(s.constDeclaration(constant, value, typeNodes[type]));
        return { ...outer, variables: [...outer.variables, { name: constant, type, mutable: false }] };
      }
      case 5: {
        this.features.add("higher order");
        const f = s.parameter("f", s.type.function([typeNodes.int], typeNodes.int, true));
        const once = s.call("f", [s.identifier("x")]);
        const twice = tape.below(2) === 1;
        this.declarations.push(
          s.modelDeclaration(name, [f, intParameter], typeNodes.int, s.block([s.returnStatement(twice ? s.call("f", [once]) : once)])),
        );
        return add({ result: "int", generative: true, applies: twice ? 2 : 1 });
      }
      default: {
        // Two functions that call each other.
        this.features.add("recursion");
        const other = this.fresh("f");
        const body = (callee: string, value: ast.Expression): ast.Block =>
          s.block([baseCase, s.returnStatement(s.binary(s.call(callee, [s.binary(s.identifier("x"), "-", s.integer(1))]), "+", value))]);
        const scope = inside(false, "int");
        this.declarations.push(
          s.fnDeclaration(name, [intParameter], typeNodes.int, body(other, this.expression("int", scope, tape, 1))),
          s.fnDeclaration(other, [intParameter], typeNodes.int, body(name, this.expression("int", scope, tape, 1))),
        );
        return add({ result: "int", bounded: true });
      }
    }
  }

  /** A proposal for some of the draws of `main`, in the order they stand. */
  private guide(tape: Tape, parameters: readonly ast.Parameter[]): string | null {
    if (!this.allows("guide") || this.guided.length === 0) return null;
    const chosen = this.guided.filter(() => tape.below(3) > 0);
    if (chosen.length === 0) return null;
    this.features.add("guide");
    this.declarations.push(
      s.proposalDeclaration("guide", parameters, "main", s.block(chosen.map(({ name, cover }) => s.draw(name, cover)))),
    );
    return "guide";
  }

  // ---------------------------------------------------------------------------------------------------- statements

  private statements(seeds: readonly StatementSeed[], outer: Scope, depth: number): { statements: ast.Statement[]; scope: Scope } {
    const statements: ast.Statement[] = [];
    let scope = outer;
    for (const seed of seeds) {
      const made = this.statement(seed, scope, depth);
      statements.push(...made.statements);
      scope = made.scope;
    }
    return { statements, scope };
  }

  private statement(seed: StatementSeed, scope: Scope, depth: number): { statements: ast.Statement[]; scope: Scope } {
    const tape = new Tape(seed.tape);
    const same = (...statements: ast.Statement[]): { statements: ast.Statement[]; scope: Scope } => ({ statements, scope });
    const withVariables = (statements: ast.Statement[], ...variables: Variable[]): { statements: ast.Statement[]; scope: Scope } => ({
      statements,
      scope: { ...scope, variables: [...scope.variables, ...variables] },
    });
    const block = (inner: Scope): ast.Block => s.block(this.statements(seed.body, inner, depth - 1).statements);
    type Make = () => { statements: ast.Statement[]; scope: Scope };
    const makers: Make[] = [];
    const add = (weight: number, make: Make): void => {
      for (let i = 0; i < weight; i++) makers.push(make);
    };

    add(2, () => {
      const type = tape.pick<Type>(["int", "bool", "text", "float", "ints", "pair", "record", "maybe", "dict", "context"]);
      if (type === "context" && this.tables.size === 0) return same();
      const name = this.fresh("v");
      const value = type === "ints" && tape.oneIn(5) ? s.list() : this.expression(type, scope, tape, depthLimit);
      const annotated = type === "maybe" || type === "ints" || type === "dict" || tape.oneIn(3);
      const mutable = tape.oneIn(3);
      return withVariables([s.letStatement(name, value, { mutable, ...(annotated ? { type: typeNodes[type] } : {}) })], { name, type, mutable });
    });
    if (scope.generative) {
      add(12, () => this.drawStatement(tape, scope));
      add(3, () => {
        const type = tape.pick<Type>(["bool", "int", "bool", "text"]);
        const { expression } = this.distribution(type, scope, tape, 2, false);
        return same(s.observe(this.observed(type, scope, tape), expression));
      });
      add(1, () => {
        // A condition that can hardly ever hold leaves nothing to compare.
        const test = this.expression("bool", scope, tape, 2);
        return same(s.condition(tape.below(3) === 0 ? test : s.binary(test, "||", this.expression("bool", scope, tape, 1))));
      });
      add(3, () => same(s.factor(this.expression("float", scope, tape, depthLimit))));
      if (this.allows("constraint")) {
        add(1, () => {
          this.features.add("constraint");
          const constraint = this.constraint(tape, 1, scope);
          const loose = tape.below(3) === 0 ? constraint : s.constraint.or(constraint, this.constraint(tape, 1, scope));
          return same(s.observeMatches(this.expression("text", scope, tape, 2), loose));
        });
      }
      if (this.allows("twist")) {
        add(2, () => {
          this.features.add("twist");
          return same(s.twist(this.finiteFloat({ ...scope, generative: false }, tape, 2)));
        });
      }
      add(1, () => {
        this.features.add("step");
        return same(s.step);
      });
    }
    add(1, () => {
      const pair = this.expression("pair", scope, tape, 2);
      const [a, b] = [this.fresh("v"), this.fresh("v")];
      return withVariables(
        [s.letStatement(s.pattern.tuple(s.identifier(a), s.identifier(b)), pair)],
        { name: a, type: "int", mutable: false },
        { name: b, type: "bool", mutable: false },
      );
    });
    if (scope.variables.some((v) => v.mutable)) {
      add(4, () => {
        const target = tape.pick(scope.variables.filter((v) => v.mutable));
        if (target.type === "int" && tape.below(2) === 1) {
          return same(s.assign(target.name, this.expression("int", scope, tape, 1), tape.pick(["+=", "-="] as const)));
        }
        return same(s.assign(target.name, this.assigned(target.type, scope, tape)));
      });
    }
    if (depth > 0) {
      add(4, () => {
        const test = this.expression("bool", scope, tape, depthLimit);
        const half = Math.ceil(seed.body.length / 2);
        const then = s.block(this.statements(seed.body.slice(0, half), scope, depth - 1).statements);
        const rest = seed.body.slice(half);
        if (rest.length === 0 && tape.below(2) === 0) return same(s.expressionStatement(s.when(test, then)));
        return same(s.expressionStatement(s.when(test, then, s.block(this.statements(rest, scope, depth - 1).statements))));
      });
      add(3, () => {
        this.features.add("loop");
        return this.forStatement(seed, scope, depth, tape);
      });
      add(1, () => {
        this.features.add("while");
        const counter = this.fresh("w");
        const count = 1 + tape.below(2);
        const extra = tape.below(2) === 1 ? this.expression("bool", { ...scope, generative: false }, tape, 1) : null;
        const running = s.binary(s.identifier(counter), ">", s.integer(0));
        const body = this.repeated(count, () => block({ ...scope, loop: true }));
        return same(
          s.letStatement(counter, s.integer(count), { mutable: true }),
          s.whileDo(
            extra === null ? running : s.binary(running, "&&", extra),
            s.block([s.assign(counter, s.binary(s.identifier(counter), "-", s.integer(1))), ...s.statementsOf(body)]),
          ),
        );
      });
      add(1, () => {
        this.features.add("match");
        const subject = this.expression("int", scope, tape, 2);
        return same(
          s.expressionStatement(
            s.match(
              subject,
              s.arm(s.orPattern(s.literalPattern(s.integer(0) as ast.NumberLiteral), s.literalPattern(s.integer(2) as ast.NumberLiteral)), block(scope)),
              s.arm(s.wildcard, s.block(scope.generative ? [s.factor(this.expression("float", scope, tape, 1))] : [])),
            ),
          ),
        );
      });
    }
    if (scope.returns !== null) {
      const returns = scope.returns;
      add(1, () => {
        this.features.add("early return");
        const known = tape.below(2) === 0 ? this.recent("bool", scope) : null;
        const test = known ?? this.expression("bool", scope, tape, 2);
        return same(s.expressionStatement(s.when(test, s.block([s.returnStatement(this.expression(returns, scope, tape, 2))]))));
      });
    }
    if (scope.loop) {
      add(5, () => {
        this.features.add("break");
        const out = tape.below(2) === 0 ? s.breakStatement : s.continueStatement;
        return same(s.expressionStatement(s.when(this.expression("bool", scope, tape, 2), s.block([out]))));
      });
    }
    add(2, () => {
      this.features.add("closure");
      return this.closure(seed, tape, scope);
    });
    if (scope.generative && this.tables.size > 0 && depth > 0) add(2, () => this.tokenLoop(seed, tape, scope, depth));
    return tape.pick(makers)();
  }

  private drawStatement(tape: Tape, scope: Scope): { statements: ast.Statement[]; scope: Scope } {
    const types: Type[] = ["bool", "int", "bool", "int", "text"];
    if (scope.variables.some((v) => v.type === "context")) types.push("token", "token");
    const type = tape.pick(types);
    const name = this.fresh("d");
    const { expression, cover } = this.distribution(type, scope, tape, 2, true);
    const mutable = tape.oneIn(4);
    const propose = cover !== null && this.allows("site proposal") && tape.oneIn(3);
    if (propose) this.features.add("site proposal");
    else if (cover !== null) this.guided.push({ name, cover });
    return {
      statements: [s.draw(name, expression, { mutable, ...(propose ? { proposal: cover } : {}) })],
      scope: { ...scope, variables: [...scope.variables, { name, type, mutable }] },
    };
  }

  private forStatement(seed: StatementSeed, scope: Scope, depth: number, tape: Tape): { statements: ast.Statement[]; scope: Scope } {
    const name = this.fresh("i");
    const kind = tape.below(3);
    const count = 1 + tape.below(3);
    const iterable =
      kind === 0
        ? s.range(s.integer(0), s.integer(count))
        : kind === 1
          ? s.list(...Array.from({ length: count }, () => this.expression("int", scope, tape, 1)))
          : s.call("take", [this.expression("ints", scope, tape, 2), s.integer(2)]);
    const inner: Scope = { ...scope, variables: [...scope.variables, { name, type: "int", mutable: false }], loop: true };
    const times = kind === 2 ? 2 : count;
    const body = this.repeated(times, () => s.block(this.statements(seed.body, inner, depth - 1).statements));
    if (!scope.generative || !tape.oneIn(3) || !this.charge(times)) return { statements: [s.forIn(name, iterable, body)], scope };
    // A loop that counts its rounds and leaves by chance: what it does in each round shows.
    this.features.add("break");
    const rounds = this.fresh("v");
    const leave = tape.below(2) === 0 ? s.breakStatement : s.continueStatement;
    const guarded = s.block([
      s.expressionStatement(s.when(s.sample(s.call("bernoulli", [s.float(0.25)])), s.block([leave]))),
      s.assign(rounds, s.integer(1), "+="),
      ...s.statementsOf(body),
    ]);
    return {
      statements: [s.letStatement(rounds, s.integer(0), { mutable: true }), s.forIn(name, iterable, guarded)],
      scope: { ...scope, variables: [...scope.variables, { name: rounds, type: "int", mutable: true }] },
    };
  }

  /** A lambda or a local function that keeps what it captures; the captured variables may change afterwards. */
  private closure(seed: StatementSeed, tape: Tape, scope: Scope): { statements: ast.Statement[]; scope: Scope } {
    const name = this.fresh("g");
    const x = this.fresh("x");
    const generative = scope.generative && tape.below(2) === 1;
    const result = tape.pick<Type>(["int", "bool", "int"]);
    const inner: Scope = {
      variables: [...scope.variables.map((v) => ({ ...v, mutable: false })), { name: x, type: "int", mutable: false }],
      callables: scope.callables,
      generative,
      returns: result,
      loop: false,
    };
    let value: ast.Expression | null = null;
    let body: ast.Block | null = null;
    // A guide proposes for the draws of the model, not for those of its functions.
    const guided = this.guided;
    this.guided = [];
    const bits = this.metered(1.6, () => {
      if (seed.body.length > 0) {
        const made = this.statements(seed.body.slice(0, 2), inner, 0);
        value = this.expression(result, made.scope, tape, 2);
        body = s.block(made.statements, value);
      } else {
        value = this.expression(result, inner, tape, 2);
      }
    });
    this.guided = guided;
    const callable: Callable = { name, result, generative, bits, bounded: false, model: false, applies: 0 };
    const local = !generative && tape.oneIn(3);
    const declaration: ast.Statement = local
      ? s.fnDeclaration(name, [s.parameter(x, typeNodes.int)], typeNodes[result], body === null ? s.block([s.returnStatement(value!)]) : returning(body))
      : s.letStatement(name, s.lambda([s.parameter(x, typeNodes.int)], body ?? value!));
    return { statements: [declaration], scope: { ...scope, callables: [...scope.callables, callable] } };
  }

  /** Token by token, as in the second program of the language page. */
  private tokenLoop(seed: StatementSeed, tape: Tape, scope: Scope, depth: number): { statements: ast.Statement[]; scope: Scope } {
    const [lm, table] = tape.pick([...this.tables]);
    const count = 1 + tape.below(2);
    if (!this.charge(count * Math.log2(table.branching))) return { statements: [], scope };
    this.features.add("lm");
    this.features.add("loop");
    const context = this.fresh("c");
    this.contextModels.set(context, lm);
    const token = this.fresh("t");
    const next = s.method(s.identifier(lm), "next", [s.identifier(context)]);
    const forbidden = (t: ast.Expression): ast.Expression => s.not(s.call("contains", [t, s.string("a")]));
    const masked = this.allows("site proposal") && tape.oneIn(3);
    if (masked) {
      this.features.add("site proposal");
      this.features.add("where");
    }
    const proposal = masked ? s.method(next, "where", [s.lambda([s.parameter("z")], forbidden(s.identifier("z")))]) : undefined;
    const variables: Variable[] = [
      { name: context, type: "context", mutable: false },
      { name: token, type: "token", mutable: false },
    ];
    const inner: Scope = { ...scope, variables: [...scope.variables, ...variables], loop: true };
    const extra = this.repeated(count, () => this.statements(seed.body, inner, Math.min(1, depth - 1)).statements);
    const body = s.block([
      s.draw(token, next, proposal === undefined ? {} : { proposal }),
      ...(masked ? [s.condition(forbidden(s.identifier(token)))] : []),
      s.expressionStatement(s.when(s.binary(s.identifier(token), "==", s.eosLiteral), s.block([s.breakStatement]))),
      s.assign(context, s.binary(s.identifier(context), "+", s.identifier(token))),
      ...extra,
    ]);
    return {
      statements: [
        s.letStatement(context, s.method(s.identifier(lm), "context", [this.expression("text", { ...scope, generative: false }, tape, 1)]), {
          mutable: true,
        }),
        s.forIn(this.fresh("i"), s.range(s.integer(0), s.integer(count)), body),
      ],
      scope: { ...scope, variables: [...scope.variables, { name: context, type: "context", mutable: false }] },
    };
  }

  // ------------------------------------------------------------------------------------------------- distributions

  private distribution(type: Type, scope: Scope, tape: Tape, depth: number, drawn: boolean): DistributionNode {
    const pay = (outcomes: number): boolean => !drawn || this.charge(Math.log2(outcomes));
    const plain = (expression: ast.Expression, cover: ast.Expression | null = null): DistributionNode => ({ expression, cover });
    const makers: (() => DistributionNode | null)[] = [];
    const inferable = this.allows("infer") ? scope.callables.filter((c) => c.model && c.applies === 0 && c.result === type) : [];
    const number = (x: number): ast.Expression => s.float(x);
    switch (type) {
      case "bool":
        makers.push(() => plain(s.call("bernoulli", [this.probability(scope, tape, depth)]), s.call("bernoulli", [number(0.25)])));
        makers.push(() => plain(s.call("choice", [s.list(s.boolean(true), this.expression("bool", scope, tape, 1))])));
        if (drawn) makers.push(() => plain(s.call("delta", [this.expression("bool", scope, tape, 1)])));
        break;
      case "int": {
        const high = 1 + tape.below(2);
        const weights = s.list(...Array.from({ length: high + 1 }, () => number(tape.pick([1, 0.5, 2, 3]))));
        const cover = s.call("categorical", [s.list(...Array.from({ length: high + 1 }, (_, i) => number(1 + i)))]);
        makers.push(() => plain(s.call("uniform_int", [s.integer(0), s.integer(high)]), cover));
        makers.push(() => plain(s.call("categorical", [weights]), cover));
        makers.push(() => plain(s.call("choice", [s.list(this.expression("int", scope, tape, 1), this.expression("int", scope, tape, 1))])));
        makers.push(() => plain(s.call("binomial", [s.integer(high), this.probability(scope, tape, 1)]), cover));
        if (drawn) makers.push(() => plain(s.call("delta", [this.expression("int", scope, tape, 1)])));
        makers.push(() =>
          plain(s.call("categorical", [s.map([s.integer(0), number(0.5)], [s.integer(high), this.probability(scope, tape, 1)])]), cover),
        );
        makers.push(() => plain(s.call("empirical", [s.list(this.expression("int", scope, tape, 1), s.integer(1), s.integer(1))])));
        if (this.allows("where")) {
          makers.push(() => {
            this.features.add("where");
            const z = this.fresh("z");
            const keep = s.lambda([s.parameter(z)], s.binary(s.identifier(z), tape.pick([">=", "!="] as const), s.integer(1)));
            return plain(s.method(s.call("uniform_int", [s.integer(0), s.integer(high)]), "where", [keep]), cover);
          });
          makers.push(() => plain(s.method(s.call("categorical", [weights]), "tempered", [number(tape.pick([2, 0.5]))]), cover));
          makers.push(() => plain(s.method(s.call("categorical", [weights]), "top_k", [s.integer(1 + tape.below(2))]), cover));
          makers.push(() => plain(s.method(s.call("categorical", [weights]), "top_p", [number(tape.pick([0.55, 0.85]))]), cover));
        }
        if (this.allows("mix")) {
          makers.push(() => {
            this.features.add("mix");
            const parts = s.list(s.call("uniform_int", [s.integer(0), s.integer(high)]), s.call("delta", [s.integer(tape.below(2))]));
            return plain(s.call(tape.pick(["mix", "mixture"]), [s.list(number(0.3), number(0.7)), parts]), cover);
          });
        }
        break;
      }
      case "text":
        makers.push(() =>
          plain(
            s.call("choice", [s.list(s.string("b"), this.expression("text", scope, tape, 1), s.string(tape.pick(["a", "ab", "b."])))]),
          ),
        );
        if (this.tables.size > 0) makers.push(() => this.textDistribution(scope, tape, drawn), () => this.textDistribution(scope, tape, drawn));
        break;
      case "token": {
        const node = this.tokenDistribution(scope, tape, drawn);
        if (node !== null) return node;
        break;
      }
    }
    if (inferable.length > 0) {
      const make = (): DistributionNode | null => {
        const model = tape.pick(inferable);
        if (drawn && !this.charge(model.bits)) return null;
        this.features.add("infer");
        return plain(s.infer(model.name, [this.callArgument(model, scope, tape)]));
      };
      makers.push(make, make);
    }
    const made = tape.pick(makers)();
    if (made === null) return plain(s.call("delta", [this.expression(type, scope, tape, 1)]));
    // What a draw here may give: at most three values, where the maker has not paid for itself.
    if (made.expression.kind === "CallExpression" && !this.paid.has(made.expression) && type !== "token") {
      if (!pay(type === "bool" ? 2 : 3)) return plain(s.call("delta", [this.expression(type, scope, tape, 1)]));
    }
    return made;
  }

  private textDistribution(scope: Scope, tape: Tape, drawn: boolean): DistributionNode | null {
    const [lm, table] = tape.pick([...this.tables]);
    const max = 1 + tape.below(2);
    if (drawn && !this.charge(max * Math.log2(table.branching))) return null;
    this.features.add("lm");
    const after = this.expression(tape.oneIn(3) ? "context" : "text", scope, tape, 1, lm);
    if (tape.oneIn(3)) {
      const options = s.list(s.string("b"), s.string(tape.pick(["bb", "bbb"])));
      const node = s.method(s.identifier(lm), "choose", [], { after, options });
      this.paid.add(node);
      return { expression: node, cover: null };
    }
    const stop = tape.pick([undefined, ".", "b", "b."]);
    const named = {
      ...(stop === undefined ? {} : { stop_at: s.string(stop) }),
      max_tokens: s.integer(max),
    };
    const node = s.method(s.identifier(lm), "text", [], { after, ...named });
    const cover = s.method(s.identifier(lm), "text", [], { after: s.string(""), ...named });
    this.paid.add(node);
    return { expression: node, cover };
  }

  private tokenDistribution(scope: Scope, tape: Tape, drawn: boolean): DistributionNode | null {
    const contexts = scope.variables.filter((v) => v.type === "context");
    if (contexts.length === 0) return null;
    const context = tape.pick(contexts);
    const lm = this.modelOf(context.name);
    const table = this.tables.get(lm)!;
    if (drawn && !this.charge(Math.log2(table.branching))) {
      const only = s.method(s.method(s.identifier(lm), "next", [s.identifier(context.name)]), "top_k", [s.integer(1)]);
      return { expression: only, cover: null };
    }
    this.features.add("lm");
    const next = s.method(s.identifier(lm), "next", [s.identifier(context.name)]);
    const cover = s.method(s.identifier(lm), "next", [s.string("")]);
    switch (tape.below(5)) {
      case 1:
        return { expression: s.method(next, "tempered", [s.float(tape.pick([2, 0.5]))]), cover };
      case 2:
        return { expression: s.method(next, "top_k", [s.integer(1 + tape.below(2))]), cover };
      case 3:
        this.features.add("mix");
        return { expression: s.call("mix", [s.list(s.float(0.5), s.float(0.5)), s.list(next, cover)]), cover };
      default:
        return { expression: next, cover };
    }
  }

  // ---------------------------------------------------------------------------------------------------- expressions

  private expression(type: Type, scope: Scope, tape: Tape, depth: number, lm = "writer"): ast.Expression {
    const variables = scope.variables.filter((v) => v.type === type && (type !== "context" || this.modelOf(v.name) === lm));
    // Variables often, the latest most of all: what is drawn should matter.
    if (variables.length > 0 && tape.below(2) === 1) {
      return s.identifier((tape.below(2) === 0 ? variables[variables.length - 1]! : tape.pick(variables)).name);
    }
    const makers: (() => ast.Expression)[] = [() => this.literal(type, scope, tape, lm)];
    if (depth > 0 && type !== "token") {
      const sub = (t: Type): ast.Expression => this.expression(t, scope, tape, depth - 1);
      makers.push(() => s.when(sub("bool"), this.expression(type, scope, tape, depth - 1, lm), this.expression(type, scope, tape, depth - 1, lm)));
      this.compound(type, scope, tape, sub, makers);
      const callables = scope.callables.filter((c) => c.result === type && (scope.generative || !c.generative));
      if (callables.length > 0) for (let i = 0; i < 2; i++) makers.push(() => this.callOf(tape.pick(callables), scope, tape));
      if (scope.generative && (type === "bool" || type === "int" || type === "text")) {
        makers.push(() => s.sample(this.distribution(type, scope, tape, depth - 1, true).expression));
      }
    }
    return tape.pick(makers)();
  }

  private compound(type: Type, scope: Scope, tape: Tape, sub: (t: Type) => ast.Expression, makers: (() => ast.Expression)[]): void {
    const element = (): [string, Scope] => {
      const name = this.fresh("x");
      return [name, { ...scope, variables: [...scope.variables, { name, type: "int", mutable: false }], returns: null, loop: false }];
    };
    /** A lambda over ints; the function it is given to calls it at most twice. */
    const over = (result: Type, generative: boolean): ast.Expression => {
      const [name, inner] = element();
      const closed: Scope = {
        ...inner,
        variables: inner.variables.map((v) => ({ ...v, mutable: false })),
        generative: inner.generative && generative,
      };
      const body = this.repeated(2, () => this.expression(result, closed, tape, 1));
      return s.lambda([s.parameter(name)], body);
    };
    const few = (): ast.Expression => s.call("take", [sub("ints"), s.integer(2)]);
    switch (type) {
      case "int":
        makers.push(
          () => s.binary(sub("int"), tape.pick(["+", "-"] as const), sub("int")),
          () => s.binary(s.binary(sub("int"), "*", sub("int")), "%", s.integer(3)),
          () => s.call("int_div", [sub("int"), s.integer(2)]),
          () => s.call(tape.pick(["min", "max"]), [sub("int"), sub("int")]),
          () => s.call("len", [sub(tape.pick<Type>(["ints", "text", "dict"]))]),
          () => s.member(sub("pair"), "0"),
          () => s.member(sub("record"), "x"),
          () => s.binary(sub("maybe"), "??", sub("int")),
          () => s.call("sum", [sub("ints")]),
          () => s.call("count", [sub("text"), s.string("b")]),
          () => s.call("int", [sub("bool")]),
          () => {
            this.features.add("match");
            const bound = this.fresh("m");
            const inner: Scope = { ...scope, variables: [...scope.variables, { name: bound, type: "int", mutable: false }] };
            return s.match(
              sub("int"),
              s.arm(s.literalPattern(s.integer(0) as ast.NumberLiteral), sub("int")),
              s.arm(s.namePattern(bound), this.expression("int", inner, tape, 1), s.binary(s.identifier(bound), ">", s.integer(1))),
              s.arm(s.wildcard, sub("int")),
            );
          },
          () => {
            this.features.add("match");
            const bound = this.fresh("m");
            const inner: Scope = { ...scope, variables: [...scope.variables, { name: bound, type: "int", mutable: false }] };
            return s.match(
              sub("pair"),
              s.arm(s.tuplePattern(s.namePattern(bound), s.literalPattern(s.boolean(true))), this.expression("int", inner, tape, 1)),
              s.arm(s.wildcard, sub("int")),
            );
          },
          () => {
            this.features.add("higher order");
            const [name, inner] = element();
            const acc = this.fresh("acc");
            const closed: Scope = {
              ...inner,
              variables: [...inner.variables.map((v) => ({ ...v, mutable: false })), { name: acc, type: "int", mutable: false }],
            };
            const body = this.repeated(2, () => this.expression("int", closed, tape, 1));
            return s.method(few(), "fold", [s.integer(0), s.lambda([s.parameter(acc), s.parameter(name)], s.binary(s.identifier(acc), "+", body))]);
          },
          () => {
            this.features.add("map");
            return s.binary(s.call("get", [sub("dict"), s.string(tape.pick(["k", "b"]))]), "??", sub("int"));
          },
        );
        return;
      case "bool":
        makers.push(
          () => s.not(sub("bool")),
          () => {
            this.features.add("short circuit");
            return s.binary(sub("bool"), tape.pick(["&&", "||"] as const), sub("bool"));
          },
          () => s.binary(sub("int"), tape.pick(["==", "<", ">=", "!="] as const), sub("int")),
          () => s.binary(sub("text"), tape.pick(["==", "!="] as const), sub("text")),
          () => s.binary(sub("pair"), "==", sub("pair")),
          () => s.call("contains", [sub("text"), s.string(tape.pick(["a", "b"]))]),
          () => s.binary(sub("int"), "in", sub("ints")),
          () => s.call("is_none", [sub("maybe")]),
          () => s.member(sub("pair"), "1"),
          () => s.member(sub("record"), "y"),
          () => {
            this.features.add("higher order");
            return s.method(few(), tape.pick(["any", "all"]), [over("bool", true)]);
          },
        );
        if (this.allows("constraint")) {
          makers.push(() => {
            this.features.add("constraint");
            return s.matches(sub("text"), this.constraint(tape, 1, scope));
          });
        }
        return;
      case "float":
        makers.push(
          () => s.binary(s.float(tape.pick([0.5, -0.25])), "*", s.call("float", [s.call("min", [sub("int"), s.integer(3)])])),
          () => s.call("log", [this.probability(scope, tape, 1)]),
          () => s.when(sub("bool"), s.float(0), s.minus(s.identifier("inf"))),
          () => s.call("log_prob", [s.call("bernoulli", [s.float(0.25)]), sub("bool")]),
        );
        if (this.tables.size > 0 && scope.generative) {
          makers.push(() => {
            this.features.add("lm");
            return s.method(s.identifier(tape.pick([...this.tables.keys()])), "score", [s.string("b")], { after: sub("text") });
          });
        }
        return;
      case "text":
        makers.push(
          () => s.binary(sub("text"), "+", sub("text")),
          () => s.template(["", "b", ""], [sub("text"), sub("text")]),
          () => s.call("slice", [sub("text"), s.integer(tape.below(2)), s.integer(2)]),
          () => s.call("reverse", [sub("text")]),
          () => s.call("replace", [sub("text"), s.string("a"), s.string("b")]),
          () => s.call("join", [s.list(sub("text"), sub("text")), s.string(tape.pick(["", "."]))]),
        );
        for (const v of scope.variables) {
          if (v.type === "context" || v.type === "token") makers.push(() => s.member(s.identifier(v.name), "text"));
        }
        return;
      case "ints":
        makers.push(
          () => s.list(sub("int"), sub("int")),
          () => s.call("push", [s.call("take", [sub("ints"), s.integer(2)]), sub("int")]),
          () => s.call(tape.pick(["sort", "reverse", "unique"]), [sub("ints")]),
          () => {
            this.features.add("higher order");
            return s.method(few(), "map", [over("int", true)]);
          },
          () => {
            this.features.add("higher order");
            return s.call("filter", [few(), over("bool", true)]);
          },
          () => s.call("range", [s.integer(0), s.integer(tape.below(3))]),
        );
        return;
      case "pair":
        makers.push(() => s.tuple(sub("int"), sub("bool")));
        return;
      case "record":
        makers.push(
          () => s.record({ x: sub("int"), y: sub("bool") }),
          () => ({
            ...s.record({}),
            fields: [
              { kind: "Spread", value: sub("record"), span: { start: 0, end: 0 } },
              ...s.record({ x: sub("int") }).fields,
            ],
          }),
        );
        return;
      case "maybe":
        makers.push(
          () => sub("int"),
          () => s.call(tape.pick(["first", "last"]), [sub("ints")]),
          () => s.call("index_of", [sub("ints"), sub("int")]),
          () => {
            this.features.add("higher order");
            return s.call("find", [few(), over("bool", true)]);
          },
          () => s.call("get", [sub("dict"), s.string("k")]),
        );
        return;
      case "dict":
        this.features.add("map");
        makers.push(
          () => s.map([s.string("k"), sub("int")], [s.string("b"), sub("int")]),
          () => s.call("put", [sub("dict"), s.string(tape.pick(["k", "z"])), sub("int")]),
          () => s.call("remove", [sub("dict"), s.string("k")]),
        );
        return;
      case "triple":
        makers.push(
          () => s.tuple(sub("int"), sub("bool"), sub("text")),
          () => s.tuple(sub("int"), sub("bool"), sub("text")),
          () => s.tuple(sub("int"), sub("bool"), s.template(["n=", " "], [sub("int")])),
        );
        return;
      default:
        return;
    }
  }

  /** The simplest expression of a type; of what is in scope the last, if there is any. */
  private literal(type: Type, scope: Scope, tape: Tape, lm = "writer"): ast.Expression {
    switch (type) {
      case "int":
        return s.integer(tape.below(3));
      case "bool":
        return s.boolean(tape.below(2) === 0);
      case "float":
        return s.float(tape.pick([0, -1.25, 0.5, -0.5, 0.75]));
      case "text":
        return s.string(tape.pick(["", "b", "a", "ab", "b.", ".a"]));
      case "ints":
        return someInts(Array.from({ length: tape.below(3) }, (_, i) => s.integer(i + tape.below(2))));
      case "pair":
        return s.tuple(this.recent("int", scope) ?? s.integer(tape.below(2)), this.recent("bool", scope) ?? s.boolean(tape.below(2) === 1));
      case "record":
        return s.record({ x: s.integer(tape.below(2)), y: s.boolean(tape.below(2) === 1) });
      case "maybe":
        return tape.below(2) === 0 ? s.none : s.integer(1);
      case "dict":
        this.features.add("map");
        return s.map([s.string("k"), s.integer(tape.below(2))]);
      case "triple":
        return s.tuple(
          this.recent("int", scope) ?? s.integer(0),
          this.recent("bool", scope) ?? s.boolean(true),
          this.recent("text", scope) ?? s.string(""),
        );
      case "context": {
        this.features.add("lm");
        return s.method(s.identifier(lm), "context", [s.string(tape.pick(["", "b", "ab"]))]);
      }
      case "token":
        throw new Error("A token is only ever drawn.");
    }
  }

  /** A value that the distributions of its type often give. */
  private observed(type: Type, scope: Scope, tape: Tape): ast.Expression {
    if (tape.below(3) === 2) return this.expression(type, scope, tape, 2);
    if (type === "int") return s.binary(s.call("abs", [this.expression("int", scope, tape, 1)]), "%", s.integer(2));
    if (type === "text") return s.string(tape.pick(["b", "b", "bb", "a", "b."]));
    return this.expression(type, scope, tape, 1);
  }

  /** A result in which every variable in scope shows. */
  private digest(scope: Scope): ast.Expression {
    const named = (type: Type): ast.Expression[] =>
      scope.variables.filter((v) => v.type === type && v.name !== "x").map((v) => s.identifier(v.name));
    const contexts = named("context").map((c) => s.member(c, "text"));
    const fold = (parts: ast.Expression[], empty: ast.Expression, join: (a: ast.Expression, b: ast.Expression) => ast.Expression): ast.Expression =>
      parts.length === 0 ? empty : parts.reduce(join);
    return s.tuple(
      fold(named("int"), s.integer(0), (a, b) => s.binary(s.binary(a, "*", s.integer(2)), "+", b)),
      fold(named("bool"), s.boolean(true), (a, b) => s.binary(a, "!=", b)),
      fold([...named("text"), ...contexts], s.string(""), (a, b) => s.binary(a, "+", b)),
    );
  }

  private recent(type: Type, scope: Scope): ast.Expression | null {
    const found = scope.variables.filter((v) => v.type === type);
    return found.length === 0 ? null : s.identifier(found[found.length - 1]!.name);
  }

  private assigned(type: Type, scope: Scope, tape: Tape): ast.Expression {
    if (type === "token") return this.recent("token", scope)!;
    return this.expression(type, scope, tape, 2);
  }

  /** A probability that is never out of [0, 1]. */
  private probability(scope: Scope, tape: Tape, depth: number): ast.Expression {
    const literal = (): ast.Expression => s.float(tape.pick([0.5, 0.2, 0.7, 0.9, 1, 0]));
    const positive = (): ast.Expression => s.float(tape.pick([0.5, 0.2, 0.7, 0.9]));
    if (depth === 0) return positive();
    switch (tape.below(6)) {
      case 2:
        return s.when(this.expression("bool", scope, tape, depth - 1), positive(), positive());
      case 3:
        return s.binary(s.float(1), "/", s.binary(s.float(2), "+", s.call("float", [s.call("abs", [this.expression("int", scope, tape, depth - 1)])])));
      case 4:
        return s.call("sigmoid", [this.finiteFloat(scope, tape, depth - 1)]);
      case 5:
        return literal();
      default:
        return positive();
    }
  }

  /** A float that is never infinite: what a twist may be. */
  private finiteFloat(scope: Scope, tape: Tape, depth: number): ast.Expression {
    if (depth === 0) return s.float(tape.pick([0.5, -0.75, 0, 1.25]));
    switch (tape.below(3)) {
      case 1:
        return s.when(this.expression("bool", scope, tape, depth - 1), this.finiteFloat(scope, tape, 0), this.finiteFloat(scope, tape, 0));
      case 2:
        return s.binary(s.float(0.5), "*", s.call("float", [this.expression("int", scope, tape, depth - 1)]));
      default:
        return s.float(tape.pick([0.5, -0.75, 0, 1.25]));
    }
  }

  private constraint(tape: Tape, depth: number, scope: Scope): ast.ConstraintNode {
    const makers: (() => ast.ConstraintNode)[] = [
      () => s.constraint.call("contains", s.string(tape.pick(["b", "a", "ab"]))),
      () => s.constraint.regex(tape.pick(["[ab.]*b", "a?b*", "(ab|b)+\\.?", ".*", "b{1,2}.?"])),
      () => s.constraint.value(s.list(s.string(""), s.string("b"), s.string(tape.pick(["a", "ab", "bb"])))),
      () => s.constraint.call("chars", s.range(s.integer(tape.below(2)), s.integer(1 + tape.below(3)))),
      () => s.constraint.call(tape.pick(["starts_with", "ends_with"]), s.string(tape.pick(["b", "a"]))),
      () => s.constraint.value(this.expression("text", { ...scope, generative: false }, tape, 0)),
    ];
    if (depth > 0) {
      makers.push(
        () => s.constraint.not(this.constraint(tape, depth - 1, scope)),
        () => s.constraint.and(this.constraint(tape, depth - 1, scope), this.constraint(tape, 0, scope)),
        () => s.constraint.or(this.constraint(tape, depth - 1, scope), this.constraint(tape, 0, scope)),
      );
    }
    return tape.pick(makers)();
  }

  // -------------------------------------------------------------------------------------------------------- calling

  private callOf(callable: Callable, scope: Scope, tape: Tape): ast.Expression {
    if (callable.applies > 0) {
      const x = this.fresh("x");
      const inner: Scope = {
        ...scope,
        variables: [...scope.variables.map((v) => ({ ...v, mutable: false })), { name: x, type: "int", mutable: false }],
        returns: null,
        loop: false,
      };
      const body = this.repeated(callable.applies, () => this.expression("int", inner, tape, 1));
      return s.call(callable.name, [s.lambda([s.parameter(x, typeNodes.int)], body), this.expression("int", scope, tape, 0)]);
    }
    if (callable.bits > 0 && !this.charge(callable.bits)) return this.literal(callable.result, scope, tape);
    if (callable.model) this.features.add("inline model");
    return s.call(callable.name, [this.callArgument(callable, scope, tape)]);
  }

  private callArgument(callable: Callable, scope: Scope, tape: Tape): ast.Expression {
    const x = this.expression("int", scope, tape, 1);
    return callable.bounded ? s.binary(s.call("abs", [x]), "%", s.integer(3)) : x;
  }

  // --------------------------------------------------------------------------------------------------------- budget

  private allows(feature: Feature): boolean {
    return !(this.options.without ?? []).includes(feature);
  }

  private fresh(prefix: string): string {
    return `${prefix}${this.serial++}`;
  }

  /** False, and nothing is taken, when the program would become too large. */
  private charge(bits: number): boolean {
    const cost = bits * this.repetitions;
    if (cost > this.left) return false;
    this.left -= cost;
    return true;
  }

  private repeated<T>(times: number, make: () => T): T {
    const before = this.repetitions;
    this.repetitions = before * times;
    try {
      return make();
    } finally {
      this.repetitions = before;
    }
  }

  /** Elaborates a body under a budget of its own; what it uses is paid by each call. */
  private metered(limit: number, make: () => void): number {
    const before = { left: this.left, repetitions: this.repetitions };
    this.left = Math.min(limit, this.options.bits);
    this.repetitions = 1;
    const allowed = this.left;
    make();
    const used = allowed - this.left;
    this.left = before.left;
    this.repetitions = before.repetitions;
    return used;
  }

  /** The model a context variable belongs to: all but those of token loops are the writer's. */
  private modelOf(context: string): string {
    return this.contextModels.get(context) ?? "writer";
  }
}

/** A list of ints; an empty one is written so that its type is known. */
const someInts = (elements: readonly ast.Expression[]): ast.Expression =>
  elements.length === 0 ? s.call("take", [s.list(s.integer(0)), s.integer(0)]) : s.list(...elements);

/** A block that returns its result. */
const returning = (body: ast.Block): ast.Block => s.block([...body.statements, s.returnStatement(body.result!)]);

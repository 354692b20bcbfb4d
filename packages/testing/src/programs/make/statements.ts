import type * as ast from "@pgl/grammar";
import type { StatementSeed } from "../seed.js";
import * as s from "../syntax.js";
import { Tape } from "../tape.js";
import { makeDistribution } from "./distributions.js";
import { assigned, makeConstraint, makeExpression, finiteFloat, observed, recent } from "./expressions.js";
import { continuous, continuousProduct, endless, idioms } from "./idioms.js";
import { nested, typeNodes, withVariables, type Callable, type Scope, type Type, type Variable } from "./scope.js";
import type { Workshop } from "./workshop.js";

const depthLimit = 3;

/** Statements, and the scope after them. */
export interface Made {
  readonly statements: readonly ast.Statement[];
  readonly scope: Scope;
}

/** The statements of a block; of one that has begun already when `continued`. */
export function makeStatements(
  w: Workshop,
  seeds: readonly StatementSeed[],
  outer: Scope,
  depth: number,
  continued = false,
): Made {
  const statements: ast.Statement[] = [];
  let scope = continued ? outer : nested(outer);
  for (const seed of seeds) {
    const made = makeStatement(w, seed, scope, depth);
    statements.push(...made.statements);
    scope = made.scope;
  }
  return { statements, scope };
}

export function makeStatement(w: Workshop, seed: StatementSeed, scope: Scope, depth: number): Made {
  const tape = new Tape(seed.tape);
  const same = (...statements: ast.Statement[]): Made => ({ statements, scope });
  const declaring = (statements: ast.Statement[], ...variables: Variable[]): Made => ({
    statements,
    scope: withVariables(scope, ...variables),
  });
  const block = (inner: Scope): ast.Block => s.block(makeStatements(w, seed.body, inner, depth - 1).statements);
  type Make = () => Made;
  const makers: Make[] = [];
  const add = (weight: number, make: Make): void => {
    for (let i = 0; i < weight; i++) makers.push(make);
  };

  add(2, () => {
    const type = tape.pick<Type>([
      "int",
      "bool",
      "text",
      "float",
      "ints",
      "pair",
      "record",
      "maybe",
      "dict",
      "context",
    ]);
    if (type === "context" && w.tables.size === 0) return same();
    const name = shadowable(scope, tape) ?? w.fresh("v");
    const value = type === "ints" && tape.oneIn(5) ? s.list() : makeExpression(w, type, scope, tape, depthLimit);
    const annotated = type === "maybe" || type === "ints" || type === "dict" || tape.oneIn(3);
    const mutable = tape.oneIn(3);
    return declaring([s.letStatement(name, value, { mutable, ...(annotated ? { type: typeNodes[type] } : {}) })], {
      name,
      type,
      mutable,
    });
  });
  add(3, () => {
    const type = tape.pick<Type>(["int", "float", "bool", "text", "ints", "float", "record", "maybe", "dict"]);
    const name = w.fresh("v");
    const forms = idioms(w, type, scope, tape, (t) => makeExpression(w, t, scope, tape, 1));
    const value = tape.pick(forms)();
    const annotated = type === "maybe" || type === "ints" || type === "dict";
    const mutable = type === "float" && tape.oneIn(3);
    const statements: ast.Statement[] = [
      s.letStatement(name, value, { mutable, ...(annotated ? { type: typeNodes[type] } : {}) }),
    ];
    if (mutable) statements.push(s.assign(name, s.float(tape.pick([2, 4])), tape.pick(["/=", "*="] as const)));
    return declaring(statements, { name, type, mutable });
  });
  if (scope.generative) {
    add(12, () => drawStatement(w, tape, scope));
    add(3, () => {
      const type = tape.pick<Type>(["bool", "int", "bool", "text"]);
      const { expression } = makeDistribution(w, type, scope, tape, 2, false);
      return same(s.observe(observed(w, type, scope, tape), expression));
    });
    add(1, () => {
      const sub = (t: Type): ast.Expression => makeExpression(w, t, scope, tape, 1);
      if (tape.below(2) === 0) {
        const value = s.binary(s.call("abs", [sub("int")]), "%", s.integer(3));
        return same(s.observe(value, endless(sub, tape)));
      }
      const product = w.allows("product") && tape.oneIn(4);
      if (product) w.features.add("product");
      return same(
        s.observe(s.float(tape.pick([0.25, 0.75])), product ? continuousProduct(sub, tape) : continuous(sub, tape)),
      );
    });
    add(1, () => {
      // For its effect on the weight.
      w.features.add("higher order");
      const x = w.fresh("x");
      const inner: Scope = {
        ...scope,
        variables: [
          ...scope.variables.map((v) => ({ ...v, mutable: false })),
          { name: x, type: "int", mutable: false },
        ],
        returns: null,
        loop: false,
      };
      const weigh = w.repeated(2, () => s.factor(makeExpression(w, "float", inner, tape, 1)));
      const few = s.call("take", [makeExpression(w, "ints", scope, tape, 1), s.integer(2)]);
      return same(s.expressionStatement(s.method(few, "each", [s.lambda([s.parameter(x)], s.block([weigh]))])));
    });
    add(1, () => {
      // A tuple taken apart where it is drawn, or a draw that is not looked at.
      const [a, b] = [w.fresh("d"), w.fresh("d")];
      if (tape.below(3) === 0) {
        const coin = makeDistribution(w, "bool", scope, tape, 1, true).expression;
        return same(s.draw(s.wildcard, coin));
      }
      if (!w.charge(1)) return same();
      const pair = (): ast.Expression => makeExpression(w, "pair", scope, tape, 1);
      return declaring(
        [
          s.draw(
            s.pattern.tuple(s.identifier(a), tape.oneIn(3) ? s.wildcard : s.identifier(b)),
            s.call("choice", [s.list(pair(), pair())]),
          ),
        ],
        { name: a, type: "int", mutable: false },
      );
    });
    if (w.allows("site proposal")) {
      add(1, () => {
        // A proposal where the draw has no name.
        if (!w.charge(1)) return same();
        w.features.add("site proposal");
        const name = w.fresh("v");
        const drawn = s.sample(
          s.call("bernoulli", [s.float(tape.pick([0.5, 0.2]))]),
          s.call("bernoulli", [s.float(tape.pick([0.25, 0.75]))]),
        );
        return declaring([s.letStatement(name, drawn)], { name, type: "bool", mutable: false });
      });
    }
    if (w.allows("site proposal") && w.allows("masked") && w.allows("constraint") && w.tables.size > 0) {
      add(1, () => {
        // What a mask lets through is proposed, and the condition leaves nothing else.
        const text = maskedProposal(w, tape, scope);
        return text === null ? same() : declaring(text.statements, { name: text.name, type: "text", mutable: false });
      });
    }
    add(1, () => {
      // A condition that can hardly ever hold leaves nothing to compare.
      const test = makeExpression(w, "bool", scope, tape, 2);
      return same(
        s.condition(tape.below(3) === 0 ? test : s.binary(test, "||", makeExpression(w, "bool", scope, tape, 1))),
      );
    });
    add(3, () => {
      const known = tape.oneIn(3) ? recent("float", scope) : null;
      return same(s.factor(known ?? makeExpression(w, "float", scope, tape, depthLimit)));
    });
    if (w.allows("constraint")) {
      add(1, () => {
        w.features.add("constraint");
        const constraint = makeConstraint(w, tape, 1, scope);
        const loose = tape.below(3) === 0 ? constraint : s.constraint.or(constraint, makeConstraint(w, tape, 1, scope));
        return same(s.observeMatches(makeExpression(w, "text", scope, tape, 2), loose));
      });
    }
    if (w.allows("twist")) {
      add(2, () => {
        w.features.add("twist");
        return same(s.twist(finiteFloat(w, { ...scope, generative: false }, tape, 2)));
      });
    }
    add(1, () => {
      w.features.add("step");
      return same(s.step);
    });
  }
  add(1, () => {
    const pair = makeExpression(w, "pair", scope, tape, 2);
    const [a, b] = [w.fresh("v"), w.fresh("v")];
    return declaring(
      [s.letStatement(s.pattern.tuple(s.identifier(a), s.identifier(b)), pair)],
      { name: a, type: "int", mutable: false },
      { name: b, type: "bool", mutable: false },
    );
  });
  add(1, () => {
    const [a, b] = [w.fresh("v"), w.fresh("v")];
    return declaring(
      [s.letStatement(s.pattern.record({ x: a, y: b }), makeExpression(w, "record", scope, tape, 2))],
      { name: a, type: "int", mutable: false },
      { name: b, type: "bool", mutable: false },
    );
  });
  if (scope.variables.some((v) => v.mutable)) {
    add(4, () => {
      const target = tape.pick(scope.variables.filter((v) => v.mutable));
      if (target.type === "int" && tape.below(2) === 1) {
        const operator = tape.pick(["+=", "-=", "*="] as const);
        const value = makeExpression(w, "int", scope, tape, 1);
        return same(s.assign(target.name, operator === "*=" ? s.binary(value, "%", s.integer(3)) : value, operator));
      }
      if (target.type === "float" && tape.below(3) === 1) {
        return same(s.assign(target.name, s.float(tape.pick([2, 0.5])), tape.pick(["/=", "*=", "-="] as const)));
      }
      return same(s.assign(target.name, assigned(w, target.type, scope, tape)));
    });
  }
  if (depth > 0) {
    add(4, () => {
      const test = makeExpression(w, "bool", scope, tape, depthLimit);
      const half = Math.ceil(seed.body.length / 2);
      const then = s.block(makeStatements(w, seed.body.slice(0, half), scope, depth - 1).statements);
      const rest = seed.body.slice(half);
      if (rest.length === 0 && tape.below(2) === 0) return same(s.expressionStatement(s.when(test, then)));
      return same(
        s.expressionStatement(s.when(test, then, s.block(makeStatements(w, rest, scope, depth - 1).statements))),
      );
    });
    add(3, () => {
      w.features.add("loop");
      return forStatement(w, seed, scope, depth, tape);
    });
    add(1, () => {
      w.features.add("while");
      const counter = w.fresh("w");
      const count = 1 + tape.below(2);
      const extra = tape.below(2) === 1 ? w.repeated(count + 1, () => makeExpression(w, "bool", scope, tape, 1)) : null;
      const running = s.binary(s.identifier(counter), ">", s.integer(0));
      const body = w.repeated(count, () => block({ ...scope, loop: true }));
      return same(
        s.letStatement(counter, s.integer(count), { mutable: true }),
        s.whileDo(
          extra === null ? running : s.binary(running, "&&", extra),
          s.block([s.assign(counter, s.binary(s.identifier(counter), "-", s.integer(1))), ...s.statementsOf(body)]),
        ),
      );
    });
    add(1, () => {
      w.features.add("match");
      const subject = makeExpression(w, "int", scope, tape, 2);
      return same(
        s.expressionStatement(
          s.match(
            subject,
            s.arm(
              s.orPattern(
                s.literalPattern(s.integer(0) as ast.NumberLiteral),
                s.literalPattern(s.integer(2) as ast.NumberLiteral),
              ),
              block(scope),
            ),
            s.arm(s.wildcard, s.block(scope.generative ? [s.factor(makeExpression(w, "float", scope, tape, 1))] : [])),
          ),
        ),
      );
    });
  }
  if (scope.returns !== null) {
    const returns = scope.returns;
    add(1, () => {
      w.features.add("early return");
      const known = tape.below(2) === 0 ? recent("bool", scope) : null;
      const test = known ?? makeExpression(w, "bool", scope, tape, 2);
      return same(
        s.expressionStatement(s.when(test, s.block([s.returnStatement(makeExpression(w, returns, scope, tape, 2))]))),
      );
    });
  }
  if (scope.loop) {
    add(5, () => {
      w.features.add("break");
      const out = tape.below(2) === 0 ? s.breakStatement : s.continueStatement;
      return same(s.expressionStatement(s.when(makeExpression(w, "bool", scope, tape, 2), s.block([out]))));
    });
  }
  add(2, () => {
    w.features.add("closure");
    return closure(w, seed, tape, scope);
  });
  if (scope.generative && w.tables.size > 0 && depth > 0) add(2, () => tokenLoop(w, seed, tape, scope, depth));
  return tape.pick(makers)();
}

/** Now and then the name of a variable of an outer block, for a variable of this one. */
function shadowable(scope: Scope, tape: Tape): string | null {
  if (!tape.oneIn(3)) return null;
  const outer = scope.variables.filter((v) => !scope.own.has(v.name) && v.type !== "context" && v.type !== "token");
  return outer.length === 0 ? null : tape.pick(outer).name;
}

export function drawStatement(w: Workshop, tape: Tape, scope: Scope): Made {
  const types: Type[] = ["bool", "int", "bool", "int", "text"];
  if (scope.variables.some((v) => v.type === "context")) types.push("token", "token");
  const type = tape.pick(types);
  const name = w.fresh("d");
  const { expression, cover } = makeDistribution(w, type, scope, tape, 2, true);
  const mutable = tape.oneIn(4);
  const propose = cover !== null && w.allows("site proposal") && tape.oneIn(3);
  if (propose) w.features.add("site proposal");
  else if (cover !== null && (scope.top || type === "bool" || type === "int"))
    w.guided.push({ name, cover, once: scope.top, inOrder: type === "text" || type === "token" });
  return {
    statements: [s.draw(name, expression, { mutable, ...(propose ? { proposal: cover } : {}) })],
    scope: withVariables(scope, { name, type, mutable }),
  };
}

function maskedProposal(
  w: Workshop,
  tape: Tape,
  scope: Scope,
): { readonly name: string; readonly statements: ast.Statement[] } | null {
  const [lm, table] = tape.pick([...w.tables]);
  const max = 1 + tape.below(2);
  if (!w.charge(max * Math.log2(table.branching))) return null;
  for (const feature of ["lm", "site proposal", "masked", "constraint"] as const) w.features.add(feature);
  const constraint = makeConstraint(w, tape, 1, { ...scope, generative: false });
  const stop: Readonly<Record<string, ast.Expression>> =
    tape.below(2) === 0 ? {} : { stop_at: s.string(tape.pick(["b", "."])) };
  const text = (after: ast.Expression): ast.Expression =>
    s.method(s.identifier(lm), "text", [], { after, ...stop, max_tokens: s.integer(max) });
  const name = w.fresh("d");
  return {
    name,
    statements: [
      s.draw(name, text(makeExpression(w, "text", scope, tape, 1)), {
        proposal: s.method(text(s.string("")), "masked", [s.constraintArgument(constraint)]),
      }),
      s.observeMatches(s.identifier(name), constraint),
    ],
  };
}

export function forStatement(w: Workshop, seed: StatementSeed, scope: Scope, depth: number, tape: Tape): Made {
  const name = w.fresh("i");
  const kind = tape.below(4);
  const count = 1 + tape.below(3);
  const iterable =
    kind === 0
      ? s.range(s.integer(0), s.integer(count))
      : kind === 1
        ? s.list(...Array.from({ length: count }, () => makeExpression(w, "int", scope, tape, 1)))
        : s.call("take", [makeExpression(w, "ints", scope, tape, 2), s.integer(2)]);
  const place = kind === 3 ? w.fresh("i") : null;
  const pattern = place === null ? s.identifier(name) : s.pattern.tuple(s.identifier(place), s.identifier(name));
  const over = place === null ? iterable : s.call("indexed", [iterable]);
  const bound = [name, ...(place === null ? [] : [place])].map((n): Variable => ({
    name: n,
    type: "int",
    mutable: false,
  }));
  const inner: Scope = { ...withVariables(scope, ...bound), loop: true };
  const times = kind >= 2 ? 2 : count;
  const body = w.repeated(times, () => s.block(makeStatements(w, seed.body, inner, depth - 1).statements));
  if (!scope.generative || !tape.oneIn(3) || !w.charge(times))
    return { statements: [s.forIn(pattern, over, body)], scope };
  // A loop that counts its rounds and leaves by chance: what it does in each round shows.
  w.features.add("break");
  const rounds = w.fresh("v");
  const leave = tape.below(2) === 0 ? s.breakStatement : s.continueStatement;
  const guarded = s.block([
    s.expressionStatement(s.when(s.sample(s.call("bernoulli", [s.float(0.25)])), s.block([leave]))),
    s.assign(rounds, s.integer(1), "+="),
    ...s.statementsOf(body),
  ]);
  return {
    statements: [s.letStatement(rounds, s.integer(0), { mutable: true }), s.forIn(pattern, over, guarded)],
    scope: withVariables(scope, { name: rounds, type: "int", mutable: true }),
  };
}

/** A lambda or a local function that keeps what it captures; the captured variables may change afterwards. */
export function closure(w: Workshop, seed: StatementSeed, tape: Tape, scope: Scope): Made {
  const name = w.fresh("g");
  const x = w.fresh("x");
  const generative = scope.generative && tape.below(2) === 1;
  const result = tape.pick<Type>(["int", "bool", "int"]);
  const inner: Scope = {
    variables: [...scope.variables.map((v) => ({ ...v, mutable: false })), { name: x, type: "int", mutable: false }],
    callables: scope.callables,
    generative,
    returns: result,
    loop: false,
    top: false,
    own: new Set([x]),
  };
  let value: ast.Expression | null = null;
  let body: ast.Block | null = null;
  // A guide proposes for the draws of the model, not for those of its functions.
  const guided = w.guided;
  w.guided = [];
  const bits = w.metered(1.6, () => {
    if (seed.body.length > 0) {
      const made = makeStatements(w, seed.body.slice(0, 2), inner, 0, true);
      value = makeExpression(w, result, made.scope, tape, 2);
      body = s.block(made.statements, value);
    } else {
      value = makeExpression(w, result, inner, tape, 2);
    }
  });
  w.guided = guided;
  const callable: Callable = { name, result, generative, bits, bounded: false, model: false, applies: 0 };
  const local = !generative && tape.oneIn(3);
  const declaration: ast.Statement = local
    ? s.fnDeclaration(
        name,
        [s.parameter(x, typeNodes.int)],
        typeNodes[result],
        body === null ? s.block([s.returnStatement(value!)]) : returning(body),
      )
    : s.letStatement(name, s.lambda([s.parameter(x, typeNodes.int)], body ?? value!));
  return { statements: [declaration], scope: { ...scope, callables: [...scope.callables, callable] } };
}

/** Token by token, as in the second program of the language page. */
export function tokenLoop(w: Workshop, seed: StatementSeed, tape: Tape, scope: Scope, depth: number): Made {
  const [lm, table] = tape.pick([...w.tables]);
  const count = 1 + tape.below(2);
  if (!w.charge(count * Math.log2(table.branching))) return { statements: [], scope };
  w.features.add("lm");
  w.features.add("loop");
  const context = w.fresh("c");
  w.contextModels.set(context, lm);
  const token = w.fresh("t");
  const next = s.method(s.identifier(lm), "next", [s.identifier(context)]);
  const forbidden = (t: ast.Expression): ast.Expression => s.not(s.call("contains", [t, s.string("a")]));
  const masked = w.allows("site proposal") && tape.oneIn(3);
  if (masked) {
    w.features.add("site proposal");
    w.features.add("where");
  }
  const proposal = masked
    ? s.method(next, "where", [s.lambda([s.parameter("z")], forbidden(s.identifier("z")))])
    : undefined;
  const variables: Variable[] = [
    { name: context, type: "context", mutable: false },
    { name: token, type: "token", mutable: false },
  ];
  const inner: Scope = { ...scope, variables: [...scope.variables, ...variables], loop: true };
  const extra = w.repeated(count, () => makeStatements(w, seed.body, inner, Math.min(1, depth - 1)).statements);
  const body = s.block([
    s.draw(token, next, proposal === undefined ? {} : { proposal }),
    ...(masked ? [s.condition(forbidden(s.identifier(token)))] : []),
    s.expressionStatement(s.when(s.binary(s.identifier(token), "==", s.eosLiteral), s.block([s.breakStatement]))),
    s.assign(context, s.binary(s.identifier(context), "+", s.identifier(token))),
    ...extra,
  ]);
  return {
    statements: [
      s.letStatement(
        context,
        s.method(s.identifier(lm), "context", [makeExpression(w, "text", { ...scope, generative: false }, tape, 1)]),
        {
          mutable: true,
        },
      ),
      s.forIn(w.fresh("i"), s.range(s.integer(0), s.integer(count)), body),
    ],
    scope: withVariables(scope, { name: context, type: "context", mutable: false }),
  };
}

/** A block that returns its result. */
const returning = (body: ast.Block): ast.Block => s.block([...body.statements, s.returnStatement(body.result!)]);

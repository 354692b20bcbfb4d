import type * as ast from "@pgl/grammar";
import * as s from "../syntax.js";
import type { Tape } from "../tape.js";
import { idioms } from "./idioms.js";
import { isSatisfiable } from "./satisfiable.js";
import type { Scope, Type } from "./scope.js";
import type { Workshop } from "./workshop.js";

export function makeExpression(
  w: Workshop,
  type: Type,
  scope: Scope,
  tape: Tape,
  depth: number,
  lm = "writer",
): ast.Expression {
  const variables = scope.variables.filter((v) => v.type === type && (type !== "context" || w.modelOf(v.name) === lm));
  // Variables often, the latest most of all: what is drawn should matter.
  if (variables.length > 0 && tape.below(2) === 1) {
    return s.identifier((tape.below(2) === 0 ? variables[variables.length - 1]! : tape.pick(variables)).name);
  }
  const makers: (() => ast.Expression)[] = [() => makeLiteral(w, type, scope, tape, lm)];
  if (depth > 0 && type !== "token") {
    const sub = (t: Type): ast.Expression => makeExpression(w, t, scope, tape, depth - 1);
    makers.push(() =>
      s.when(
        sub("bool"),
        makeExpression(w, type, scope, tape, depth - 1, lm),
        makeExpression(w, type, scope, tape, depth - 1, lm),
      ),
    );
    compound(w, type, scope, tape, sub, makers);
    const more = idioms(w, type, scope, tape, sub);
    if (more.length > 0) for (let i = 0; i < 2; i++) makers.push(() => tape.pick(more)());
    const callables = scope.callables.filter((c) => c.result === type && (scope.generative || !c.generative));
    if (callables.length > 0)
      for (let i = 0; i < 2; i++) makers.push(() => w.make.callOf(w, tape.pick(callables), scope, tape));
    if (scope.generative && (type === "bool" || type === "int" || type === "text")) {
      makers.push(() => s.sample(w.make.makeDistribution(w, type, scope, tape, depth - 1, true).expression));
    }
  }
  return tape.pick(makers)();
}

export function compound(
  w: Workshop,
  type: Type,
  scope: Scope,
  tape: Tape,
  sub: (t: Type) => ast.Expression,
  makers: (() => ast.Expression)[],
): void {
  const element = (): [string, Scope] => {
    const name = w.fresh("x");
    return [
      name,
      { ...scope, variables: [...scope.variables, { name, type: "int", mutable: false }], returns: null, loop: false },
    ];
  };
  /** A lambda over ints; the function it is given to calls it at most twice. */
  const over = (result: Type, generative: boolean): ast.Expression => {
    const [name, inner] = element();
    const closed: Scope = {
      ...inner,
      variables: inner.variables.map((v) => ({ ...v, mutable: false })),
      generative: inner.generative && generative,
    };
    const body = w.repeated(2, () => makeExpression(w, result, closed, tape, 1));
    return s.lambda([s.parameter(name)], body);
  };
  /** Functions without parameters, each run once. */
  const independent = (...types: readonly Type[]): ast.Expression => {
    w.features.add("independent");
    const closed: Scope = {
      ...scope,
      variables: scope.variables.map((v) => ({ ...v, mutable: false })),
      returns: null,
      loop: false,
    };
    return s.call("independent", [...types.map((t) => s.lambda([], makeExpression(w, t, closed, tape, 2)))]);
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
          w.features.add("match");
          const bound = w.fresh("m");
          const inner: Scope = {
            ...scope,
            variables: [...scope.variables, { name: bound, type: "int", mutable: false }],
          };
          return s.match(
            sub("int"),
            s.arm(s.literalPattern(s.integer(0) as ast.NumberLiteral), sub("int")),
            s.arm(
              s.namePattern(bound),
              makeExpression(w, "int", inner, tape, 1),
              s.binary(s.identifier(bound), ">", s.integer(1)),
            ),
            s.arm(s.wildcard, sub("int")),
          );
        },
        () => {
          w.features.add("match");
          const bound = w.fresh("m");
          const inner: Scope = {
            ...scope,
            variables: [...scope.variables, { name: bound, type: "int", mutable: false }],
          };
          return s.match(
            sub("pair"),
            s.arm(
              s.tuplePattern(s.namePattern(bound), s.literalPattern(s.boolean(true))),
              makeExpression(w, "int", inner, tape, 1),
            ),
            s.arm(s.wildcard, sub("int")),
          );
        },
        () => {
          w.features.add("higher order");
          const [name, inner] = element();
          const acc = w.fresh("acc");
          const closed: Scope = {
            ...inner,
            variables: [
              ...inner.variables.map((v) => ({ ...v, mutable: false })),
              { name: acc, type: "int", mutable: false },
            ],
          };
          const body = w.repeated(2, () => makeExpression(w, "int", closed, tape, 1));
          return s.method(few(), "fold", [
            s.integer(0),
            s.lambda([s.parameter(acc), s.parameter(name)], s.binary(s.identifier(acc), "+", body)),
          ]);
        },
        () => {
          w.features.add("map");
          return s.binary(s.call("get", [sub("dict"), s.string(tape.pick(["k", "b"]))]), "??", sub("int"));
        },
      );
      return;
    case "bool":
      makers.push(
        () => s.not(sub("bool")),
        () => {
          w.features.add("short circuit");
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
          w.features.add("higher order");
          return s.method(few(), tape.pick(["any", "all"]), [over("bool", true)]);
        },
      );
      if (w.allows("constraint")) {
        makers.push(() => {
          w.features.add("constraint");
          return s.matches(sub("text"), makeConstraint(w, tape, 1, scope));
        });
      }
      return;
    case "float":
      makers.push(
        () =>
          s.binary(s.float(tape.pick([0.5, -0.25])), "*", s.call("float", [s.call("min", [sub("int"), s.integer(3)])])),
        () => s.call("log", [makeProbability(w, scope, tape, 1)]),
        () => s.when(sub("bool"), s.float(0), s.minus(s.identifier("inf"))),
        () => s.call("log_prob", [s.call("bernoulli", [s.float(0.25)]), sub("bool")]),
      );
      if (w.tables.size > 0 && scope.generative) {
        makers.push(() => {
          w.features.add("lm");
          return s.method(s.identifier(tape.pick([...w.tables.keys()])), "score", [s.string("b")], {
            after: sub("text"),
          });
        });
      }
      if (scope.generative && w.allows("infer")) {
        for (const model of scope.callables.filter((c) => c.model && c.applies === 0 && c.result === "int")) {
          const posterior = (): ast.Expression => {
            w.features.add("infer");
            return s.infer(model.name, [w.make.callArgument(w, model, scope, tape)]);
          };
          makers.push(
            () => s.call("log_z", [posterior()]),
            () => s.call("log", [s.call("ess", [posterior()])]),
            () => s.call("log_prob", [posterior(), sub("int")]),
            () => s.binary(s.float(0.1), "*", s.call("mean", [posterior()])),
            () => {
              const z = w.fresh("z");
              return s.call("probability", [
                posterior(),
                s.lambda([s.parameter(z)], s.binary(s.identifier(z), "<=", s.integer(1))),
              ]);
            },
          );
        }
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
          w.features.add("higher order");
          return s.method(few(), "map", [over("int", true)]);
        },
        () => {
          w.features.add("higher order");
          return s.call("filter", [few(), over("bool", true)]);
        },
        () => s.call("range", [s.integer(0), s.integer(tape.below(3))]),
      );
      return;
    case "pair":
      makers.push(() => s.tuple(sub("int"), sub("bool")));
      if (scope.generative && w.allows("independent")) makers.push(() => independent("int", "bool"));
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
          w.features.add("higher order");
          return s.call("find", [few(), over("bool", true)]);
        },
        () => s.call("get", [sub("dict"), s.string("k")]),
      );
      return;
    case "dict":
      w.features.add("map");
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
      if (scope.generative && w.allows("independent")) makers.push(() => independent("int", "bool", "text"));
      return;
    default:
      return;
  }
}

/** The simplest expression of a type; of what is in scope the last, if there is any. */
export function makeLiteral(w: Workshop, type: Type, scope: Scope, tape: Tape, lm = "writer"): ast.Expression {
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
      return s.tuple(
        recent("int", scope) ?? s.integer(tape.below(2)),
        recent("bool", scope) ?? s.boolean(tape.below(2) === 1),
      );
    case "record":
      return s.record({ x: s.integer(tape.below(2)), y: s.boolean(tape.below(2) === 1) });
    case "maybe":
      return tape.below(2) === 0 ? s.none : s.integer(1);
    case "dict":
      w.features.add("map");
      return s.map([s.string("k"), s.integer(tape.below(2))]);
    case "triple":
      return s.tuple(
        recent("int", scope) ?? s.integer(0),
        recent("bool", scope) ?? s.boolean(true),
        recent("text", scope) ?? s.string(""),
      );
    case "context": {
      w.features.add("lm");
      return s.method(s.identifier(lm), "context", [s.string(tape.pick(["", "b", "ab"]))]);
    }
    case "token":
      throw new Error("A token is only ever drawn.");
  }
}

/** A value that the distributions of its type often give. */
export function observed(w: Workshop, type: Type, scope: Scope, tape: Tape): ast.Expression {
  if (tape.below(3) === 2) return makeExpression(w, type, scope, tape, 2);
  if (type === "int") return s.binary(s.call("abs", [makeExpression(w, "int", scope, tape, 1)]), "%", s.integer(2));
  if (type === "text") return s.string(tape.pick(["b", "b", "bb", "a", "b."]));
  return makeExpression(w, type, scope, tape, 1);
}

/** A result in which every variable in scope shows. */
export function digest(scope: Scope): ast.Expression {
  const named = (type: Type): ast.Expression[] =>
    scope.variables.filter((v) => v.type === type && v.name !== "x").map((v) => s.identifier(v.name));
  const contexts = named("context").map((c) => s.member(c, "text"));
  const fold = (
    parts: ast.Expression[],
    empty: ast.Expression,
    join: (a: ast.Expression, b: ast.Expression) => ast.Expression,
  ): ast.Expression => (parts.length === 0 ? empty : parts.reduce(join));
  return s.tuple(
    fold(named("int"), s.integer(0), (a, b) => s.binary(s.binary(a, "*", s.integer(2)), "+", b)),
    fold(named("bool"), s.boolean(true), (a, b) => s.binary(a, "!=", b)),
    fold([...named("text"), ...contexts], s.string(""), (a, b) => s.binary(a, "+", b)),
  );
}

export function recent(type: Type, scope: Scope): ast.Expression | null {
  const found = scope.variables.filter((v) => v.type === type);
  return found.length === 0 ? null : s.identifier(found[found.length - 1]!.name);
}

export function assigned(w: Workshop, type: Type, scope: Scope, tape: Tape): ast.Expression {
  if (type === "token") return recent("token", scope)!;
  return makeExpression(w, type, scope, tape, 2);
}

/** A probability that is never out of [0, 1]. */
export function makeProbability(w: Workshop, scope: Scope, tape: Tape, depth: number): ast.Expression {
  const literal = (): ast.Expression => s.float(tape.pick([0.5, 0.2, 0.7, 0.9, 1, 0]));
  const positive = (): ast.Expression => s.float(tape.pick([0.5, 0.2, 0.7, 0.9]));
  if (depth === 0) return positive();
  switch (tape.below(6)) {
    case 2:
      return s.when(makeExpression(w, "bool", scope, tape, depth - 1), positive(), positive());
    case 3:
      return s.binary(
        s.float(1),
        "/",
        s.binary(s.float(2), "+", s.call("float", [s.call("abs", [makeExpression(w, "int", scope, tape, depth - 1)])])),
      );
    case 4:
      return s.call("sigmoid", [finiteFloat(w, scope, tape, depth - 1)]);
    case 5:
      return literal();
    default:
      return positive();
  }
}

/** A float that is never infinite: what a twist may be. */
export function finiteFloat(w: Workshop, scope: Scope, tape: Tape, depth: number): ast.Expression {
  if (depth === 0) return s.float(tape.pick([0.5, -0.75, 0, 1.25]));
  switch (tape.below(3)) {
    case 1:
      return s.when(
        makeExpression(w, "bool", scope, tape, depth - 1),
        finiteFloat(w, scope, tape, 0),
        finiteFloat(w, scope, tape, 0),
      );
    case 2:
      return s.binary(s.float(0.5), "*", s.call("float", [makeExpression(w, "int", scope, tape, depth - 1)]));
    default:
      return s.float(tape.pick([0.5, -0.75, 0, 1.25]));
  }
}

/** A constraint that some text matches, as far as can be known. */
export function makeConstraint(w: Workshop, tape: Tape, depth: number, scope: Scope): ast.ConstraintNode {
  const made = anyConstraint(w, tape, depth, scope);
  if (isSatisfiable(made)) return made;
  return made.kind === "AndConstraint" ? s.constraint.or(...made.operands) : s.constraint.regex("[ab.]*b");
}

function anyConstraint(w: Workshop, tape: Tape, depth: number, scope: Scope): ast.ConstraintNode {
  const makers: (() => ast.ConstraintNode)[] = [
    () => s.constraint.call("contains", s.string(tape.pick(["b", "a", "ab"]))),
    () => s.constraint.regex(tape.pick(["[ab.]*b", "a?b*", "(ab|b)+\\.?", ".*", "b{1,2}.?"])),
    () => s.constraint.value(s.list(s.string(""), s.string("b"), s.string(tape.pick(["a", "ab", "bb"])))),
    () => s.constraint.call("chars", s.range(s.integer(tape.below(2)), s.integer(1 + tape.below(3)))),
    () => s.constraint.call("words", s.range(s.integer(tape.below(2)), s.integer(1 + tape.below(2)))),
    () => {
      const lm = [...w.tables.keys()].pop();
      const sizes = s.range(s.integer(tape.below(2)), s.integer(1 + tape.below(3)));
      return lm === undefined || !scope.generative
        ? s.constraint.call("chars", sizes)
        : s.constraint.call("tokens", sizes, s.identifier(lm));
    },
    () => s.constraint.call(tape.pick(["starts_with", "ends_with"]), s.string(tape.pick(["b", "a"]))),
    () => s.constraint.value(makeExpression(w, "text", { ...scope, generative: false }, tape, 0)),
    () =>
      s.constraint.call(
        tape.pick(["phrases", "in_order", "without_words", "contains"]),
        s.list(s.string("b"), s.string(tape.pick(["a", "b", "ab"]))),
      ),
    () => s.constraint.call("count", s.string(tape.pick(["b", "bb"])), s.range(s.integer(tape.below(2)), s.integer(2))),
  ];
  if (depth > 0) {
    makers.push(
      () => s.constraint.not(makeConstraint(w, tape, depth - 1, scope)),
      () => s.constraint.and(makeConstraint(w, tape, depth - 1, scope), makeConstraint(w, tape, 0, scope)),
      () => s.constraint.or(makeConstraint(w, tape, depth - 1, scope), makeConstraint(w, tape, 0, scope)),
      () => {
        // What is asked of parts of a text has to know before it is finished, and no tokens.
        const part = (): ast.Expression =>
          s.constraintArgument(makeConstraint(w, tape, 0, { ...scope, generative: false }));
        if (tape.below(2) === 0) return s.constraint.call("sequence", part(), part());
        const times = s.range(s.integer(tape.below(2)), tape.below(2) === 0 ? s.integer(2) : s.identifier("inf"));
        return s.constraint.call("repeated", part(), times, ...(tape.below(2) === 0 ? [] : [part()]));
      },
    );
  }
  return tape.pick(makers)();
}

/** A list of ints; an empty one is written so that its type is known. */
const someInts = (elements: readonly ast.Expression[]): ast.Expression =>
  elements.length === 0 ? s.call("take", [s.list(s.integer(0)), s.integer(0)]) : s.list(...elements);

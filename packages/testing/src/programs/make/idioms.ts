import type * as ast from "@pgl/grammar";
import * as s from "../syntax.js";
import type { Tape } from "../tape.js";
import type { Scope, Type, Variable } from "./scope.js";
import type { Workshop } from "./workshop.js";

/** Makes an expression of a type, a level less deep. */
type Sub = (type: Type) => ast.Expression;

/** Half a whole number: arithmetic with it is exact, so that two ways to compute one value round alike. */
const halves = (sub: Sub): ast.Expression => s.binary(s.float(0.5), "*", s.call("float", [sub("int")]));
/** A number between -2 and 2, for functions that grow fast. */
const small = (sub: Sub): ast.Expression => s.binary(s.binary(halves(sub), "+", s.float(0.25)), "%", s.float(2));
const positive = (sub: Sub): ast.Expression => s.binary(s.float(0.5), "+", s.call("abs", [small(sub)]));
const someInts = (sub: Sub): ast.Expression =>
  s.call("push", [s.call("take", [sub("ints"), s.integer(2)]), sub("int")]);
const die = (tape: Tape): ast.Expression =>
  s.call("uniform_int", [s.integer(tape.below(2)), s.integer(1 + tape.below(2))]);

/**
 * The built-ins and forms of expression that a program does not need, but a compiler must know: one or more for each, by the
 * type they give. Calls of which the argument could be out of range are made so that it is not.
 */
export function idioms(w: Workshop, type: Type, scope: Scope, tape: Tape, sub: Sub): (() => ast.Expression)[] {
  const lambda = (body: (x: ast.Expression) => ast.Expression): ast.Expression => {
    const x = w.fresh("x");
    return s.lambda([s.parameter(x)], body(s.identifier(x)));
  };
  const known = (t: Type): Variable | undefined => scope.variables.filter((v) => v.type === t).pop();
  switch (type) {
    case "int":
      return [
        () => s.call(tape.pick(["floor", "ceil", "round", "trunc"]), [halves(sub)]),
        () => s.binary(s.binary(sub("int"), "%", s.integer(3)), "^", s.integer(tape.below(3))),
        () => s.call("int", [tape.below(2) === 0 ? halves(sub) : s.string(tape.pick(["12", "-3", " 7 "]))]),
        () => s.binary(s.call("parse_int", [tape.below(2) === 0 ? s.string("41") : sub("text")]), "??", sub("int")),
        () => s.call("len", [s.call(tape.pick(["words", "lines", "chars"]), [sub("text")])]),
        () => s.call("len", [s.call("split", [sub("text"), s.string(tape.pick(["b", "."]))])]),
        () => s.call("len", [s.call(tape.pick(["keys", "entries"]), [sub("dict")])]),
        () => s.call("sum", [s.call("values", [sub("dict")])]),
        () => s.call("count", [sub("ints"), sub("int")]),
        () => s.index(someInts(sub), s.integer(0)),
        () => s.index(s.call("put", [sub("dict"), s.string("k"), sub("int")]), s.string("k")),
        () => s.call("unwrap", [s.call(tape.pick(["first", "last"]), [someInts(sub)])]),
        () => s.call(tape.pick(["min", "max"]), [someInts(sub)]),
        () => s.call("sum", [s.call("fill", [s.integer(2), sub("int")])]),
        () =>
          s.call("sum", [
            s.method(s.call("zip", [sub("ints"), sub("ints")]), "map", [
              lambda((x) => s.binary(s.member(x, "0"), "-", s.member(x, "1"))),
            ]),
          ]),
        () => s.call("len", [s.call("group_by", [sub("ints"), lambda((x) => s.binary(x, "%", s.integer(2)))])]),
        () => s.call("sum", [s.method(s.call("entries", [sub("dict")]), "map", [lambda((x) => s.member(x, "1"))])]),
        () => s.call("mode", [die(tape)]),
        () => s.call("len", [s.call("support", [die(tape)])]),
        () => s.call("int", [s.call("quantile", [die(tape), s.float(tape.pick([0.3, 0.9]))])]),
        () =>
          s.call("len", [
            s.call(tape.pick(["string", "show"]), [sub(tape.pick<Type>(["int", "bool", "pair", "maybe"]))]),
          ]),
        () => s.binary(s.call("index_of", [sub("text"), s.string("b")]), "??", s.minus(s.integer(1))),
        () => s.when(s.binary(sub("int"), "<", s.integer(-99)), s.call("fail", [s.string("out of reach")]), sub("int")),
        () => {
          const v = w.fresh("v");
          const body = [s.letStatement(v, sub("int"))];
          return s.blockExpression(s.block(body, s.binary(s.identifier(v), "*", s.identifier(v))));
        },
        () => {
          const bound = w.fresh("m");
          return s.match(
            sub("record"),
            s.arm(
              s.recordMatch({ x: s.namePattern(bound), y: s.literalPattern(s.boolean(true)) }),
              s.binary(s.identifier(bound), "+", s.integer(1)),
            ),
            s.arm(s.wildcard, sub("int")),
          );
        },
        () => {
          w.features.add("match");
          return s.match(
            sub("text"),
            s.arm(s.orPattern(s.literalPattern(s.string("b")), s.literalPattern(s.string(""))), sub("int")),
            s.arm(s.wildcard, sub("int")),
          );
        },
        () => {
          const bound = w.fresh("m");
          const subject =
            tape.below(2) === 0 ? s.call("first", [sub("ints")]) : s.call("get", [sub("dict"), s.string("k")]);
          return s.match(
            subject,
            s.arm(s.literalPattern(s.none), sub("int")),
            s.arm(s.namePattern(bound), s.binary(s.identifier(bound), "??", s.integer(0))),
          );
        },
        () => {
          const token = known("token");
          if (token === undefined) return s.integer(tape.below(3));
          return s.match(
            s.identifier(token.name),
            s.arm(s.literalPattern(s.eosLiteral), sub("int")),
            s.arm(s.wildcard, s.call("len", [s.call("text", [s.identifier(token.name)])])),
          );
        },
        () => {
          const lm = [...w.tables.keys()][0];
          if (lm === undefined || !scope.generative) return s.integer(tape.below(3));
          w.features.add("lm");
          return s.call("len", [s.method(s.identifier(lm), "tokens", [sub("text")])]);
        },
      ];
    case "bool":
      return [
        () => s.call("is_nan", [s.call("sqrt", [halves(sub)])]),
        () => s.call("is_finite", [s.call("log", [s.call("abs", [halves(sub)])])]),
        () => s.call(tape.pick(["starts_with", "ends_with"]), [sub("text"), s.string(tape.pick(["b", "a"]))]),
        () => s.call("has", [sub("dict"), s.string(tape.pick(["k", "b"]))]),
        () => s.binary(s.string("b"), "in", tape.below(2) === 0 ? sub("dict") : sub("text")),
        () => s.binary(sub("text"), tape.pick(["<", "<=", ">"] as const), sub("text")),
        () => s.binary(sub("ints"), "==", sub("ints")),
        () => s.binary(sub("dict"), "!=", sub("dict")),
        () => s.binary(s.record({ x: sub("int"), y: sub("bool") }), "==", sub("record")),
        () => s.binary(sub("maybe"), "==", s.none),
        () => s.call("mode", [s.call("bernoulli", [s.float(tape.pick([0.3, 0.8]))])]),
        () => {
          if (!w.allows("constraint")) return s.boolean(true);
          w.features.add("constraint");
          const range = s.range(s.minus(s.integer(tape.below(2))), s.integer(tape.below(3)));
          switch (tape.below(4)) {
            case 0:
              return s.matches(s.call("string", [sub("int")]), s.constraint.call("int", range));
            case 1:
              return s.matches(s.call("string", [halves(sub)]), s.constraint.call("number", range));
            case 2:
              return s.matches(
                s.template(["", ".5"], [sub("int")]),
                s.constraint.call("decimal", range, s.integer(1 + tape.below(2))),
              );
            default: {
              const digit = s.binary(s.call("abs", [sub("int")]), "%", s.integer(10));
              return s.matches(s.template(["2024-0", "-29"], [digit]), s.constraint.call("date"));
            }
          }
        },
      ];
    case "float":
      return [
        () => s.call("sqrt", [s.call("abs", [halves(sub)])]),
        () => s.call(tape.pick(["exp", "expm1", "sin", "cos", "tan", "tanh"]), [small(sub)]),
        () => s.call("log1p", [s.call("abs", [small(sub)])]),
        () => s.call("atan2", [small(sub), s.float(0.75)]),
        () => s.call("logit", [s.call("sigmoid", [small(sub)])]),
        () => s.call("log_sum_exp", [s.list(small(sub), s.float(-0.5))]),
        () => s.call("mean", [s.list(small(sub), s.float(0.25))]),
        () => s.binary(positive(sub), "^", small(sub)),
        () => s.binary(small(sub), "/", positive(sub)),
        () => s.binary(s.identifier(tape.pick(["pi", "e"])), "*", s.float(0.125)),
        () => s.binary(s.call("parse_float", [tape.below(2) === 0 ? s.string("-0.5") : sub("text")]), "??", small(sub)),
        () => s.call("float", [tape.below(2) === 0 ? s.string("1.5e-1") : sub("bool")]),
        () =>
          s.call(tape.pick(["variance", "mean", "entropy"]), [
            tape.below(2) === 0 ? die(tape) : s.call("bernoulli", [s.float(0.3)]),
          ]),
        () => s.call("probability", [die(tape), lambda((x) => s.binary(x, ">", s.integer(0)))]),
        () => s.call(tape.pick(["min", "max"]), [small(sub), s.float(0.5)]),
        () => s.call("round", [small(sub)]),
        () => s.call("log_prob", [endless(sub, tape), s.binary(sub("int"), "%", s.integer(4))]),
        () => s.call("log_prob", [continuous(sub, tape), s.binary(s.call("abs", [small(sub)]), "/", s.float(2.5))]),
        () => s.call("log_prob", [...vectors(sub, tape)]),
      ];
    case "text":
      return [
        () => s.call("lower", [s.call("upper", [sub("text")])]),
        () => s.call("trim", [s.binary(s.string(" "), "+", sub("text"))]),
        () => s.call("repeat", [s.call("slice", [sub("text"), s.integer(0), s.integer(1)]), s.integer(tape.below(3))]),
        () => s.call("join", [s.call("split", [sub("text"), s.string("a")]), s.string(tape.pick(["", "b"]))]),
        () => s.call("join", [s.call(tape.pick(["words", "chars", "lines"]), [sub("text")]), s.string("")]),
        () => s.call("slice", [sub("text"), s.minus(s.integer(1 + tape.below(2)))]),
        () => s.index(s.call("chars", [s.binary(sub("text"), "+", s.string("b"))]), s.integer(0)),
        () => s.call("text", [sub("text")]),
        () => s.call("mode", [s.call("choice", [s.list(s.string("b"), s.string("b"), s.string("a"))])]),
        () => s.when(s.call("is_none", [sub("maybe")]), sub("text"), s.string("b")),
        () => s.binary(s.call("first", [s.call("chars", [sub("text")])]), "??", s.string("a")),
        () => s.member(s.record({ t: sub("text") }), "t"),
      ];
    case "ints":
      return [
        () => s.call("drop", [sub("ints"), s.integer(tape.below(2))]),
        () => s.call("concat", [s.call("take", [sub("ints"), s.integer(1)]), s.list(sub("int"))]),
        () => s.binary(s.call("take", [sub("ints"), s.integer(1)]), "+", s.list(sub("int"))),
        () => s.call("fill", [s.integer(tape.below(3)), sub("int")]),
        () => s.call("set", [someInts(sub), s.integer(0), sub("int")]),
        () => s.call("sort_by", [sub("ints"), lambda((x) => s.minus(x))]),
        () =>
          s.call("flat_map", [
            s.call("take", [sub("ints"), s.integer(2)]),
            lambda((x) => s.list(x, s.binary(x, "+", s.integer(1)))),
          ]),
        () => s.call("slice", [sub("ints"), s.integer(tape.below(2)), s.integer(2)]),
        () => s.range(s.integer(0), s.integer(tape.below(3))),
        () => s.call("support", [die(tape)]),
        () => s.call("values", [sub("dict")]),
        () => s.method(s.call("chars", [sub("text")]), "map", [lambda((x) => s.call("len", [x]))]),
      ];
    case "record":
      return [
        () => {
          const [x, y] = [w.fresh("v"), w.fresh("v")];
          return s.blockExpression(
            s.block(
              [s.letStatement(x, sub("int")), s.letStatement(y, sub("bool"))],
              s.record({ x: s.identifier(x), y: s.identifier(y) }),
            ),
          );
        },
        () =>
          s.blockExpression(
            s.block(
              [s.letStatement("x", sub("int"))],
              s.recordOf([...s.shorthand("x"), ...s.record({ y: sub("bool") }).fields]),
            ),
          ),
      ];
    case "maybe":
      return [
        () => s.call("parse_int", [s.string(tape.pick(["3", "x"]))]),
        () => s.call("index_of", [sub("text"), s.string("b")]),
        () => s.call("get", [s.map([s.integer(0), sub("int")]), sub("int")]),
      ];
    case "dict":
      return [() => s.call("put", [s.call("remove", [sub("dict"), s.string("k")]), s.string("k"), sub("int")])];
    default:
      return [];
  }
}

/** Distributions over whole numbers that never end: to be observed, not drawn. */
export function endless(sub: Sub, tape: Tape): ast.Expression {
  const p = s.float(tape.pick([0.4, 0.75]));
  switch (tape.below(3)) {
    case 0:
      return s.call("poisson", [positive(sub)]);
    case 1:
      return s.call("geometric", [p]);
    default:
      return s.call("negative_binomial", [positive(sub), p]);
  }
}

/** Distributions over numbers: to be observed, not drawn. Each has density at numbers between 0 and 1. */
export function continuous(sub: Sub, tape: Tape): ast.Expression {
  const place = (): ast.Expression => small(sub);
  const scale = (): ast.Expression => positive(sub);
  const named: readonly (() => ast.Expression)[] = [
    () => s.call("normal", [place(), scale()]),
    () => s.call("uniform", [s.float(-0.5), s.float(1.25)]),
    () => s.call("lognormal", [place(), scale()]),
    () => s.call("student_t", [scale(), place()], { scale: scale() }),
    () => s.call("cauchy", [place(), scale()]),
    () => s.call("laplace", [place(), scale()]),
    () => s.call("logistic", [place(), scale()]),
    () => s.call("exponential", [scale()]),
    () => s.call("gamma", [scale(), scale()]),
    () => s.call("inverse_gamma", [scale(), scale()]),
    () => s.call("beta", [scale(), scale()]),
    () =>
      s.call("mixture", [
        s.list(s.float(0.3), s.float(0.7)),
        s.list(s.call("normal", [place(), scale()]), s.call("laplace", [s.float(0), scale()])),
      ]),
  ];
  return tape.pick(named)();
}

/** A product of such distributions: to be observed where something runs, because its density may have to be waited for. */
export const continuousProduct = (sub: Sub, tape: Tape): ast.Expression =>
  s.call("product", [
    s.call("normal", [small(sub), positive(sub)]),
    s.binary(s.call("laplace", [s.float(0), positive(sub)]), "^", s.float(tape.pick([0.5, -0.25, 2]))),
  ]);

/** A distribution over lists of numbers, and a value of it. */
function vectors(sub: Sub, tape: Tape): readonly [ast.Expression, ast.Expression] {
  const halfAndHalf = s.list(s.float(0.5), s.float(0.5));
  switch (tape.below(3)) {
    case 0:
      return [
        s.call("multinomial", [s.integer(2), s.list(s.float(0.25), s.float(0.75))]),
        s.list(s.integer(1), s.integer(1)),
      ];
    case 1:
      return [s.call("dirichlet", [s.list(positive(sub), s.float(1.5))]), halfAndHalf];
    default:
      return [
        s.call("multivariate_normal", [
          s.list(small(sub), s.float(0)),
          s.list(s.list(s.float(2), s.float(0.5)), s.list(s.float(0.5), s.float(1))),
        ]),
        halfAndHalf,
      ];
  }
}

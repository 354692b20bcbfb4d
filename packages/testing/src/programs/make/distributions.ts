import type * as ast from "@pgl/grammar";
import * as s from "../syntax.js";
import type { Tape } from "../tape.js";
import { callArgument } from "./calls.js";
import { makeConstraint, makeExpression, makeProbability } from "./expressions.js";
import type { DistributionNode, Scope, Type } from "./scope.js";
import type { Workshop } from "./workshop.js";

export function makeDistribution(
  w: Workshop,
  type: Type,
  scope: Scope,
  tape: Tape,
  depth: number,
  drawn: boolean,
): DistributionNode {
  const pay = (outcomes: number): boolean => !drawn || w.charge(Math.log2(outcomes));
  const plain = (expression: ast.Expression, cover: ast.Expression | null = null): DistributionNode => ({
    expression,
    cover,
  });
  const makers: (() => DistributionNode | null)[] = [];
  const inferable = w.allows("infer")
    ? scope.callables.filter((c) => c.model && c.applies === 0 && c.result === type)
    : [];
  const number = (x: number): ast.Expression => s.float(x);
  switch (type) {
    case "bool":
      makers.push(() =>
        plain(s.call("bernoulli", [makeProbability(w, scope, tape, depth)]), s.call("bernoulli", [number(0.25)])),
      );
      makers.push(() => plain(s.call("choice", [s.list(s.boolean(true), makeExpression(w, "bool", scope, tape, 1))])));
      if (w.allows("product")) {
        makers.push(() => {
          w.features.add("product");
          const parts = [
            s.call("bernoulli", [number(tape.pick([0.3, 0.8]))]),
            s.call("choice", [s.list(s.boolean(true), s.boolean(false), s.boolean(true))]),
          ];
          return productOf(w, tape, parts, s.call("bernoulli", [number(0.25)]));
        });
      }
      if (drawn) makers.push(() => plain(s.call("delta", [makeExpression(w, "bool", scope, tape, 1)])));
      break;
    case "int": {
      const high = 1 + tape.below(2);
      const weights = s.list(...Array.from({ length: high + 1 }, () => number(tape.pick([1, 0.5, 2, 3]))));
      const cover = s.call("categorical", [s.list(...Array.from({ length: high + 1 }, (_, i) => number(1 + i)))]);
      makers.push(() => plain(s.call("uniform_int", [s.integer(0), s.integer(high)]), cover));
      makers.push(() => plain(s.call("categorical", [weights]), cover));
      makers.push(() =>
        plain(
          s.call("choice", [
            s.list(makeExpression(w, "int", scope, tape, 1), makeExpression(w, "int", scope, tape, 1)),
          ]),
        ),
      );
      makers.push(() => plain(s.call("binomial", [s.integer(high), makeProbability(w, scope, tape, 1)]), cover));
      if (drawn) makers.push(() => plain(s.call("delta", [makeExpression(w, "int", scope, tape, 1)])));
      makers.push(() =>
        plain(
          s.call("categorical", [
            s.map([s.integer(0), number(0.5)], [s.integer(high), makeProbability(w, scope, tape, 1)]),
          ]),
          cover,
        ),
      );
      makers.push(() =>
        plain(s.call("empirical", [s.list(makeExpression(w, "int", scope, tape, 1), s.integer(1), s.integer(1))])),
      );
      if (w.allows("where")) {
        makers.push(() => {
          w.features.add("where");
          const z = w.fresh("z");
          const keep = s.lambda(
            [s.parameter(z)],
            s.binary(s.identifier(z), tape.pick([">=", "!="] as const), s.integer(1)),
          );
          return plain(s.method(s.call("uniform_int", [s.integer(0), s.integer(high)]), "where", [keep]), cover);
        });
        makers.push(() =>
          plain(s.method(s.call("categorical", [weights]), "tempered", [number(tape.pick([2, 0.5]))]), cover),
        );
        makers.push(() =>
          plain(s.method(s.call("categorical", [weights]), "top_k", [s.integer(1 + tape.below(2))]), cover),
        );
        makers.push(() =>
          plain(s.method(s.call("categorical", [weights]), "top_p", [number(tape.pick([0.55, 0.85]))]), cover),
        );
      }
      if (w.allows("product")) {
        makers.push(() => {
          w.features.add("product");
          const parts = [
            s.call("uniform_int", [s.integer(0), s.integer(high)]),
            s.call("categorical", [weights]),
            s.call("binomial", [s.integer(high), number(0.4)]),
          ];
          return productOf(w, tape, parts, cover);
        });
      }
      if (w.allows("mix")) {
        makers.push(() => {
          w.features.add("mix");
          const parts = s.list(
            s.call("uniform_int", [s.integer(0), s.integer(high)]),
            s.call("delta", [s.integer(tape.below(2))]),
          );
          return plain(s.call(tape.pick(["mix", "mixture"]), [s.list(number(0.3), number(0.7)), parts]), cover);
        });
      }
      break;
    }
    case "text":
      makers.push(() =>
        plain(
          s.call("choice", [
            s.list(s.string("b"), makeExpression(w, "text", scope, tape, 1), s.string(tape.pick(["a", "ab", "b."]))),
          ]),
        ),
      );
      if (w.tables.size > 0) {
        makers.push(
          () => textDistribution(w, scope, tape, drawn),
          () => textDistribution(w, scope, tape, drawn),
          () => constrainedText(w, scope, tape, drawn),
        );
        if (w.allows("product")) makers.push(() => textProduct(w, scope, tape, drawn));
      }
      break;
    case "token": {
      const node = tokenDistribution(w, scope, tape, drawn);
      if (node !== null) return node;
      break;
    }
  }
  if (inferable.length > 0) {
    const make = (): DistributionNode | null => {
      const model = tape.pick(inferable);
      if (drawn && !w.charge(model.bits)) return null;
      w.features.add("infer");
      return plain(s.infer(model.name, [callArgument(w, model, scope, tape)]));
    };
    makers.push(make, make);
  }
  const made = tape.pick(makers)();
  if (made === null) return plain(s.call("delta", [makeExpression(w, type, scope, tape, 1)]));
  // What a draw here may give: at most three values, where the maker has not paid for itself.
  if (made.expression.kind !== "InferExpression" && !w.paid.has(made.expression) && type !== "token") {
    if (!pay(type === "bool" ? 2 : 3)) return plain(s.call("delta", [makeExpression(w, type, scope, tape, 1)]));
  }
  return made;
}

/**
 * Parts that can all give the same values, to powers, of which the first is positive: a draw is proposed for by what covers
 * them.
 */
function productOf(
  w: Workshop,
  tape: Tape,
  parts: readonly ast.Expression[],
  cover: ast.Expression | null,
): DistributionNode {
  const powers = [undefined, 2, 0.5, -1, 0] as const;
  const raised = parts.map((part, i) => {
    const exponent = i === 0 ? tape.pick([undefined, 1.5, 0.5]) : tape.pick(powers);
    return exponent === undefined ? part : s.binary(part, "^", s.float(exponent));
  });
  const few = raised.slice(0, 1 + tape.below(raised.length));
  const only = few[0]!;
  const isPower = few.length === 1 && only.kind === "BinaryExpression" && tape.below(2) === 0;
  const made = isPower ? only : s.call("product", tape.oneIn(3) ? [s.list(...few)] : few);
  if (!tape.oneIn(3)) return { expression: made, cover };
  w.features.add("local product");
  return { expression: s.method(made, "local"), cover };
}

interface Span {
  readonly lm: string;
  /** Where it ends, as named arguments. */
  readonly ending: Readonly<Record<string, ast.Expression>>;
  /** `lm.text(…)` of this span. */
  readonly text: (after: ast.Expression, more?: Readonly<Record<string, ast.Expression>>) => ast.CallExpression;
}

/** Null when drawing one would be too much. */
function makeSpan(w: Workshop, tape: Tape, drawn: boolean): Span | null {
  const [lm, table] = tape.pick([...w.tables]);
  const max = 1 + tape.below(2);
  if (drawn && !w.charge(max * Math.log2(table.branching))) return null;
  w.features.add("lm");
  const stop = tape.pick([undefined, ".", "b", "b."]);
  const name = tape.pick(["stop_at", "stop_at", "stop_before"]);
  const ending = {
    ...(stop === undefined ? {} : { [name]: s.string(stop) }),
    max_tokens: s.integer(max),
    ...(stop !== undefined && tape.oneIn(4) ? { must_stop: s.boolean(true) } : {}),
  };
  return {
    lm,
    ending,
    text: (after, more = {}) => s.method(s.identifier(lm), "text", [], { after, ...ending, ...more }),
  };
}

const beginning = (w: Workshop, scope: Scope, tape: Tape, lm: string): ast.Expression =>
  makeExpression(w, tape.oneIn(3) ? "context" : "text", scope, tape, 1, lm);

export function textDistribution(w: Workshop, scope: Scope, tape: Tape, drawn: boolean): DistributionNode | null {
  const span = makeSpan(w, tape, drawn);
  if (span === null) return null;
  const after = beginning(w, scope, tape, span.lm);
  if (tape.oneIn(3)) {
    const options = s.list(s.string("b"), s.string(tape.pick(["bb", "bbb"])));
    return paidFor(w, s.method(s.identifier(span.lm), "choose", [], { after, options }));
  }
  const cover = span.text(s.string(""));
  switch (tape.below(8)) {
    case 5:
      return paidFor(w, s.method(span.text(after), "tempered", [s.float(tape.pick([2, 0.5]))]), cover);
    case 6:
      return paidFor(w, s.method(span.text(after), "top_k", [s.integer(1 + tape.below(2))]), cover);
    case 7:
      return paidFor(w, s.method(span.text(after), "top_p", [s.float(tape.pick([0.55, 0.85]))]), cover);
    default:
      return paidFor(w, span.text(after), cover);
  }
}

/** Texts conditioned on a constraint, or masked by one. */
function constrainedText(w: Workshop, scope: Scope, tape: Tape, drawn: boolean): DistributionNode | null {
  if (!w.allows("constraint")) return null;
  const span = makeSpan(w, tape, drawn);
  if (span === null) return null;
  w.features.add("constraint");
  const after = beginning(w, scope, tape, span.lm);
  const masks = w.allows("masked") && tape.below(2) === 1;
  // A mask has to know before the text is finished.
  const constraint = (): ast.ConstraintNode =>
    makeConstraint(w, tape, 1, { ...scope, generative: !masks && scope.generative });
  if (masks) {
    w.features.add("masked");
    return paidFor(w, s.method(span.text(after), "masked", [s.constraintArgument(constraint())]));
  }
  w.features.add("matching");
  const matching = s.constraintArgument(constraint());
  const guide = tape.pick([undefined, undefined, "mask", "none", "awrs"]);
  return paidFor(w, span.text(after, { matching, ...(guide === undefined ? {} : { guide: s.string(guide) }) }));
}

/** A product of one model's texts after different beginnings, or of models with the same tokens. */
function textProduct(w: Workshop, scope: Scope, tape: Tape, drawn: boolean): DistributionNode | null {
  const span = makeSpan(w, tape, drawn);
  if (span === null) return null;
  w.features.add("product");
  const other = tape.pick(w.sameTokens(span.lm));
  const first = span.text(beginning(w, scope, tape, span.lm));
  const bare = s.method(s.identifier(other), "text", [s.string(tape.pick(["", "b", "a"]))]);
  const second =
    tape.below(2) === 0 ? bare : s.method(s.identifier(other), "text", [], { after: s.string("b"), ...span.ending });
  const list = (...numbers: number[]): ast.Expression => s.list(...numbers.map((x) => s.float(x)));
  const powers = [undefined, s.float(0.5), s.float(-0.5), list(0, 0.5), list(0.25, 1), list(0, -1)];
  const raised = (part: ast.Expression, exponent: ast.Expression | undefined): ast.Expression =>
    exponent === undefined ? part : s.binary(part, "^", exponent);
  const parts = [
    raised(first, tape.pick([undefined, s.float(2), list(0.5, 1, 2)])),
    ...(tape.oneIn(4) ? [] : [raised(second, tape.pick(powers))]),
  ];
  const made = s.call("product", tape.oneIn(3) ? [s.list(...parts)] : parts);
  if (!tape.oneIn(3)) return paidFor(w, made);
  w.features.add("local product");
  return paidFor(w, s.method(made, "local"));
}

function paidFor(w: Workshop, expression: ast.Expression, cover: ast.Expression | null = null): DistributionNode {
  w.paid.add(expression);
  return { expression, cover };
}

export function tokenDistribution(w: Workshop, scope: Scope, tape: Tape, drawn: boolean): DistributionNode | null {
  const contexts = scope.variables.filter((v) => v.type === "context");
  if (contexts.length === 0) return null;
  const context = tape.pick(contexts);
  const lm = w.modelOf(context.name);
  const table = w.tables.get(lm)!;
  if (drawn && !w.charge(Math.log2(table.branching))) {
    const only = s.method(s.method(s.identifier(lm), "next", [s.identifier(context.name)]), "top_k", [s.integer(1)]);
    return { expression: only, cover: null };
  }
  w.features.add("lm");
  const next = s.method(s.identifier(lm), "next", [s.identifier(context.name)]);
  const cover = s.method(s.identifier(lm), "next", [s.string("")]);
  switch (tape.below(6)) {
    case 4: {
      if (!w.allows("product")) return { expression: next, cover };
      w.features.add("product");
      const other = s.method(s.identifier(tape.pick(w.sameTokens(lm))), "next", [s.string(tape.pick(["", "b"]))]);
      return productOf(w, tape, [next, other], cover);
    }
    case 1:
      return { expression: s.method(next, "tempered", [s.float(tape.pick([2, 0.5]))]), cover };
    case 2:
      return { expression: s.method(next, "top_k", [s.integer(1 + tape.below(2))]), cover };
    case 3:
      w.features.add("mix");
      return { expression: s.call("mix", [s.list(s.float(0.5), s.float(0.5)), s.list(next, cover)]), cover };
    default:
      return { expression: next, cover };
  }
}

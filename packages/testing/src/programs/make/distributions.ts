import type * as ast from "@pgl/grammar";
import * as s from "../syntax.js";
import type { Tape } from "../tape.js";
import { callArgument } from "./calls.js";
import { makeExpression, makeProbability } from "./expressions.js";
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
      if (w.tables.size > 0)
        makers.push(
          () => textDistribution(w, scope, tape, drawn),
          () => textDistribution(w, scope, tape, drawn),
        );
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
  if (made.expression.kind === "CallExpression" && !w.paid.has(made.expression) && type !== "token") {
    if (!pay(type === "bool" ? 2 : 3)) return plain(s.call("delta", [makeExpression(w, type, scope, tape, 1)]));
  }
  return made;
}

export function textDistribution(w: Workshop, scope: Scope, tape: Tape, drawn: boolean): DistributionNode | null {
  const [lm, table] = tape.pick([...w.tables]);
  const max = 1 + tape.below(2);
  if (drawn && !w.charge(max * Math.log2(table.branching))) return null;
  w.features.add("lm");
  const after = makeExpression(w, tape.oneIn(3) ? "context" : "text", scope, tape, 1, lm);
  if (tape.oneIn(3)) {
    const options = s.list(s.string("b"), s.string(tape.pick(["bb", "bbb"])));
    const node = s.method(s.identifier(lm), "choose", [], { after, options });
    w.paid.add(node);
    return { expression: node, cover: null };
  }
  const stop = tape.pick([undefined, ".", "b", "b."]);
  const ending = tape.pick(["stop_at", "stop_at", "stop_before"]);
  const named = {
    ...(stop === undefined ? {} : { [ending]: s.string(stop) }),
    max_tokens: s.integer(max),
    ...(stop !== undefined && tape.oneIn(4) ? { must_stop: s.boolean(true) } : {}),
  };
  const node = s.method(s.identifier(lm), "text", [], { after, ...named });
  const cover = s.method(s.identifier(lm), "text", [], { after: s.string(""), ...named });
  w.paid.add(node);
  return { expression: node, cover };
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
  switch (tape.below(5)) {
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

import type * as ast from "@pgl/grammar";
import type { StatementSeed } from "../seed.js";
import * as s from "../syntax.js";
import { Tape } from "../tape.js";
import { makeDistribution } from "./distributions.js";
import { makeExpression, makeProbability } from "./expressions.js";
import { nested, typeNodes, withVariables, type Callable, type Scope, type Type, type Variable } from "./scope.js";
import { makeStatements } from "./statements.js";
import type { Workshop } from "./workshop.js";

export function makeHelper(w: Workshop, seed: StatementSeed, outer: Scope): Scope {
  const tape = new Tape(seed.tape);
  const kind = tape.below(9);
  const name = w.fresh("f");
  const x: Variable = { name: "x", type: "int", mutable: false };
  const intParameter = s.parameter("x", typeNodes.int);
  const inside = (generative: boolean, returns: Type): Scope => ({
    ...outer,
    ...withVariables(nested(outer), x),
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
    s.when(
      s.binary(s.identifier("x"), "<=", s.integer(0)),
      s.block([s.returnStatement(makeExpression(w, "int", inside(false, "int"), tape, 1))]),
    ),
  );
  const again = s.call(name, [s.binary(s.identifier("x"), "-", s.integer(1))]);
  switch (kind) {
    case 0: {
      const type = tape.pick<Type>(["int", "bool", "float", "text", "ints"]);
      const value = makeExpression(w, type, inside(false, type), tape, 2);
      if (tape.oneIn(3)) {
        const second = s.parameter("y", typeNodes.int, s.integer(tape.below(3)));
        const body = type === "int" ? s.binary(value, "+", s.identifier("y")) : value;
        w.declarations.push(
          s.fnDeclaration(name, [intParameter, second], typeNodes[type], s.block([s.returnStatement(body)])),
        );
      } else {
        w.declarations.push(
          s.fnDeclaration(name, [intParameter], typeNodes[type], s.block([s.returnStatement(value)])),
        );
      }
      return add({ result: type });
    }
    case 1: {
      const type = tape.pick<Type>(["int", "bool", "text", "pair"]);
      const bits = w.metered(2.5, () => {
        const body = makeStatements(w, seed.body, inside(true, type), 1, true);
        const value = makeExpression(w, type, body.scope, tape, 2);
        w.declarations.push(
          s.modelDeclaration(
            name,
            [intParameter],
            typeNodes[type],
            s.block([...body.statements, s.returnStatement(value)]),
          ),
        );
      });
      return add({ result: type, generative: true, bits, model: true });
    }
    case 2: {
      w.features.add("recursion");
      const value = s.binary(
        again,
        tape.pick(["+", "-"] as const),
        makeExpression(w, "int", inside(false, "int"), tape, 1),
      );
      w.declarations.push(
        s.fnDeclaration(name, [intParameter], typeNodes.int, s.block([baseCase, s.returnStatement(value)])),
      );
      return add({ result: "int", bounded: true });
    }
    case 3: {
      w.features.add("recursion");
      const stop = w.fresh("d");
      const weigh = tape.below(2) === 1 ? [s.factor(makeExpression(w, "float", inside(false, "int"), tape, 1))] : [];
      const body = s.block([
        baseCase,
        s.draw(stop, s.call("bernoulli", [makeProbability(w, inside(false, "int"), tape, 1)])),
        s.expressionStatement(
          s.when(
            s.identifier(stop),
            s.block([s.returnStatement(makeExpression(w, "int", inside(false, "int"), tape, 1))]),
          ),
        ),
        ...weigh,
        s.returnStatement(s.binary(s.integer(1), "+", again)),
      ]);
      w.declarations.push(s.modelDeclaration(name, [intParameter], typeNodes.int, body));
      return add({ result: "int", generative: true, bits: Math.log2(3), bounded: true, model: true });
    }
    case 4: {
      const type = tape.pick<Type>(["int", "float", "text", "ints"]);
      const constant = w.fresh("k");
      const value = makeExpression(w, type, { ...outer, variables: [] }, tape, 2);
      w.declarations.push(s.constDeclaration(constant, value, typeNodes[type]));
      return { ...outer, variables: [...outer.variables, { name: constant, type, mutable: false }] };
    }
    case 5: {
      w.features.add("higher order");
      const f = s.parameter("f", s.type.function([typeNodes.int], typeNodes.int, true));
      const once = s.call("f", [s.identifier("x")]);
      const twice = tape.below(2) === 1;
      w.declarations.push(
        s.modelDeclaration(
          name,
          [f, intParameter],
          typeNodes.int,
          s.block([s.returnStatement(twice ? s.call("f", [once]) : once)]),
        ),
      );
      return add({ result: "int", generative: true, applies: twice ? 2 : 1 });
    }
    case 7: {
      // A type with a name, and one that is a choice of texts.
      const alias = `T${w.fresh("")}`;
      const which = `T${w.fresh("")}`;
      const texts = s.type.union(s.type.literal("a"), s.type.literal("b"));
      const body = s.record({
        x: s.when(s.binary(s.identifier("which"), "==", s.string("a")), s.identifier("x"), s.integer(0)),
        y: makeExpression(w, "bool", inside(false, "bool"), tape, 1),
      });
      w.declarations.push(
        s.typeDeclaration(alias, typeNodes.record),
        s.typeDeclaration(which, texts),
        s.fnDeclaration(
          name,
          [intParameter, s.parameter("which", s.type.named(which), s.string(tape.pick(["a", "b"])))],
          s.type.named(alias),
          s.block([s.letStatement("r", body, { type: s.type.named(alias) }), s.returnStatement(s.identifier("r"))]),
        ),
      );
      return add({ result: "record" });
    }
    case 8: {
      // A model without executions of positive weight for some of its arguments.
      w.features.add("empty posterior");
      const test = s.binary(s.identifier("x"), tape.pick(["!=", "<=", ">"] as const), s.integer(tape.below(2)));
      const bits = w.metered(1, () => {
        const { expression } = makeDistribution(w, "int", inside(true, "int"), tape, 1, true);
        const drawn = w.fresh("d");
        w.declarations.push(
          s.modelDeclaration(
            name,
            [intParameter],
            typeNodes.int,
            s.block([s.draw(drawn, expression), s.condition(test), s.returnStatement(s.identifier(drawn))]),
          ),
        );
      });
      return add({ result: "int", generative: true, bits, model: true });
    }
    default: {
      // Two functions that call each other.
      w.features.add("recursion");
      const other = w.fresh("f");
      const body = (callee: string, value: ast.Expression): ast.Block =>
        s.block([
          baseCase,
          s.returnStatement(s.binary(s.call(callee, [s.binary(s.identifier("x"), "-", s.integer(1))]), "+", value)),
        ]);
      const scope = inside(false, "int");
      w.declarations.push(
        s.fnDeclaration(name, [intParameter], typeNodes.int, body(other, makeExpression(w, "int", scope, tape, 1))),
        s.fnDeclaration(other, [intParameter], typeNodes.int, body(name, makeExpression(w, "int", scope, tape, 1))),
      );
      return add({ result: "int", bounded: true });
    }
  }
}

/** A proposal for some of the draws of `main`, in the order they stand. */
export function makeGuide(w: Workshop, tape: Tape, parameters: readonly ast.Parameter[]): string | null {
  if (!w.allows("guide") || w.guided.length === 0) return null;
  const wanted = w.guided.filter(() => tape.below(3) > 0);
  // A proposal that looks for a draw for a second time draws what stands after it ahead.
  const chosen = wanted.some((g) => g.inOrder) ? wanted.filter((g) => g.once) : wanted;
  if (chosen.length === 0) return null;
  w.features.add("guide");
  const coins: string[] = [];
  const draws = chosen.map(({ name, cover }) => {
    const isCoin =
      cover.kind === "CallExpression" && cover.callee.kind === "Identifier" && cover.callee.name === "bernoulli";
    const earlier = coins[coins.length - 1];
    if (isCoin) coins.push(name);
    // A proposal may look at what it has proposed before.
    if (!isCoin || earlier === undefined || tape.below(2) === 0) return s.draw(name, cover);
    return s.draw(name, s.call("bernoulli", [s.when(s.identifier(earlier), s.float(0.75), s.float(0.5))]));
  });
  w.declarations.push(s.proposalDeclaration("guide", parameters, "main", s.block(draws)));
  return "guide";
}

import type * as ast from "@pgl/grammar";
import * as s from "../syntax.js";
import type { Tape } from "../tape.js";
import { makeExpression, makeLiteral } from "./expressions.js";
import { typeNodes, type Callable, type Scope } from "./scope.js";
import type { Workshop } from "./workshop.js";

export function callOf(w: Workshop, callable: Callable, scope: Scope, tape: Tape): ast.Expression {
  if (callable.applies > 0) {
    const x = w.fresh("x");
    const inner: Scope = {
      ...scope,
      variables: [...scope.variables.map((v) => ({ ...v, mutable: false })), { name: x, type: "int", mutable: false }],
      returns: null,
      loop: false,
    };
    const body = w.repeated(callable.applies, () => makeExpression(w, "int", inner, tape, 1));
    return s.call(callable.name, [
      s.lambda([s.parameter(x, typeNodes.int)], body),
      makeExpression(w, "int", scope, tape, 0),
    ]);
  }
  if (callable.bits > 0 && !w.charge(callable.bits)) return makeLiteral(w, callable.result, scope, tape);
  if (callable.model) w.features.add("inline model");
  return s.call(callable.name, [callArgument(w, callable, scope, tape)]);
}

export function callArgument(w: Workshop, callable: Callable, scope: Scope, tape: Tape): ast.Expression {
  const x = makeExpression(w, "int", scope, tape, 1);
  return callable.bounded ? s.binary(s.call("abs", [x]), "%", s.integer(3)) : x;
}

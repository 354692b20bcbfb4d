import type * as ast from "@pgl/grammar";
import { callArgument, callOf } from "./make/calls.js";
import { makeGuide, makeHelper } from "./make/declarations.js";
import { makeDistribution } from "./make/distributions.js";
import { digest, makeExpression } from "./make/expressions.js";
import { nested, typeNodes, withVariables, type Scope, type Type, type Variable } from "./make/scope.js";
import { drawStatement, makeStatements } from "./make/statements.js";
import { Workshop } from "./make/workshop.js";
import type { ElaborateOptions, GeneratedProgram, ProgramSeed } from "./seed.js";
import * as s from "./syntax.js";
import { tableModel } from "./tables.js";
import { Tape } from "./tape.js";

/** Every other program returns a tuple in which all its variables show. */
const resultTypes: readonly Type[] = [
  ...(["triple", "int", "triple", "bool", "triple", "text", "triple"] as const),
  ...(["pair", "triple", "ints", "triple", "record", "triple", "maybe"] as const),
];

/** Makes a program of a seed: every seed gives a well-typed program that ends. */
export function elaborate(seed: ProgramSeed, options: ElaborateOptions): GeneratedProgram {
  const w = new Workshop(options, { callArgument, callOf, makeDistribution });
  if (w.allows("lm")) {
    const tape = new Tape(seed.tables);
    const writer = tableModel(tape);
    w.tables.set("writer", writer);
    const second = tape.below(5);
    if (second >= 3) w.tables.set("critic", tableModel(tape, second === 3 ? writer : null));
  }
  for (const name of w.tables.keys()) w.declarations.push(s.lmDeclaration(name, `table:${name}.json`));
  let scope: Scope = {
    variables: [],
    callables: [],
    generative: false,
    returns: null,
    loop: false,
    top: false,
    own: new Set(),
  };
  for (const part of seed.helpers) scope = makeHelper(w, part, scope);
  w.guided = [];

  const args = new Tape(seed.arguments);
  const parameters: Variable[] = [
    { name: "n", type: "int", mutable: false },
    { name: "flag", type: "bool", mutable: false },
  ];
  const values = [args.below(3), args.below(2) === 1] as const;
  const tape = new Tape(seed.result);
  const result = tape.pick(resultTypes);
  const inner: Scope = { ...withVariables(nested(scope), ...parameters), generative: true, returns: result, top: true };
  const opening: ast.Statement[] = [];
  let opened = inner;
  for (const numbers of seed.opening) {
    const made = drawStatement(w, new Tape(numbers), opened);
    opening.push(...made.statements);
    opened = made.scope;
  }
  const body = makeStatements(w, seed.main, opened, 2, true);
  const value =
    result === "triple" && tape.below(4) > 0
      ? digest(body.scope)
      : makeExpression(w, result, { ...body.scope, generative: false }, tape, 2);

  const declared = parameters.map((p) => s.parameter(p.name, typeNodes[p.type]));
  const block = s.block([...opening, ...body.statements, s.returnStatement(value)]);
  w.declarations.push(s.modelDeclaration("main", declared, typeNodes[result], block));
  const guideName = makeGuide(w, new Tape(seed.guide), declared);
  w.declarations.push(
    s.queryDeclaration("main", [s.integer(values[0]), s.boolean(values[1])], s.usingMethod("enumerate")),
  );
  return {
    module: s.module(w.declarations),
    model: "main",
    args: values,
    lms: Object.fromEntries([...w.tables].map(([name, t]) => [name, t.table])),
    guide: guideName,
    features: w.features,
  };
}

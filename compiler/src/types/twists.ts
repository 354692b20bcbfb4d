import type * as ast from "@pgl/grammar";
import type { Type } from "../types.js";
import type { Checking } from "./checking.js";
import { join } from "./relate.js";
import { ERROR } from "./type.js";

/** What stands in the body of a twist by itself. */
export function checkTwistPart(c: Checking, statement: ast.Statement): void {
  const { node, kind } = c.context;
  if (kind !== "twist" || node?.kind !== "TwistDeclaration" || !node.body.statements.includes(statement)) return;
  if (statement.kind === "LetStatement" || statement.kind === "OnStatement") return;
  c.report(
    "PGL4030",
    statement,
    "The body of a twist declares variables and says by `on` what is done after a draw.",
    "Write it inside of `on x { … }`, where `x` is a draw of the model.",
  );
}

/** `on y { … }`: the draw has to be one of the model's own body, and has its type. */
export function checkOn(c: Checking, statement: ast.OnStatement): void {
  const { node, kind } = c.context;
  let type: Type = ERROR;
  if (kind !== "twist" || node?.kind !== "TwistDeclaration" || !node.body.statements.includes(statement)) {
    c.report(
      "PGL4030",
      statement,
      "`on` stands in the body of a `twist … for` a model.",
      "Elsewhere a draw is followed by what is to be done after it.",
    );
  } else {
    const model = c.targets.get(node);
    if (model !== undefined) type = drawnType(c, statement.draw, model);
  }
  c.declareLocal(statement.draw, type);
  // What is known after one draw need not be known after another.
  const { flow } = c;
  c.flow = { reachable: true, narrowed: new Map() };
  c.blockEffect(statement.body);
  c.flow = flow;
}

function drawnType(c: Checking, draw: ast.Identifier, model: ast.ModelDeclaration): Type {
  const own = ownDraws(model.body);
  const found = own.flatMap((d) => {
    const known = c.summaries.get(model)?.draws.get(d);
    return known?.name?.name === draw.name ? [known.element] : [];
  });
  if (found.length > 0) return found.reduce((a, b) => join(a, b) ?? ERROR);
  const names = own.flatMap(({ pattern }) => (pattern.kind === "Identifier" ? [pattern.name] : []));
  c.report("PGL4032", draw, `\`${model.name.name}\` has no draw \`${draw.name}\` in its own body.`, {
    hint:
      c.suggester.hint(draw.name, names) ??
      (names.length === 0
        ? "A draw has a name when it is written `let x ~ …`."
        : `Its draws are ${names.map((name) => `\`${name}\``).join(", ")}; those of functions inside of it and of models it calls are theirs.`),
  });
  return ERROR;
}

/** The `let x ~ …` of a body, those in functions inside of it left out: they run elsewhere. */
function ownDraws(node: unknown): readonly ast.DrawStatement[] {
  if (typeof node !== "object" || node === null) return [];
  if (Array.isArray(node)) return node.flatMap(ownDraws);
  const { kind } = node as { readonly kind?: string };
  if (kind === "LambdaExpression" || kind === "FunctionDeclaration") return [];
  const inside = Object.values(node).flatMap(ownDraws);
  return kind === "DrawStatement" ? [node as ast.DrawStatement, ...inside] : inside;
}

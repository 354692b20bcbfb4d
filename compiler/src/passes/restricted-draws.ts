import type { Expr, LambdaExpr } from "../ir/expression.js";
import { callsOut, domainOf, Facts } from "../ir/facts.js";
import type { Program, SiteIr, Variable } from "../ir/program.js";
import { mapBlocks, substitute } from "../ir/rewrite.js";
import type { Statement } from "../ir/statement.js";
import { readsOf } from "../ir/walk.js";
import { BOOL, FLOAT, functionType } from "../types/type.js";
import type { Type } from "../types.js";
import { hoist } from "./hoisting.js";
import type { Pass } from "./pass.js";
import { Constants, isProper } from "./proper.js";
import { allStatements, maximisedDraws, proposedNames } from "./protected.js";

export const restrictedDraws: Pass = {
  name: "restricted-draws",
  law:
    "D(x) · [p(x)] = m · D(x | p) with m = Σ_y D(y) · [p(y)]: in place of drawing x and ruling out what fails, draw x from D " +
    "given p and weigh by m. For a finite D, a p that depends on x and pure values only and cannot fail, no proposal for x, and " +
    "an x that no method of the program decides on (m would then count, and D not). " +
    "Where p never holds, m is 0 and the execution ends, as it would have.",
  run(program) {
    const context = {
      facts: new Facts(program),
      constants: new Constants(program),
      kept: new Set([...proposedNames(program), ...maximisedDraws(program).names]),
      repeated: repeatedSites(program),
    };
    const drawn = mapBlocks(program, (statements, fn) =>
      fn?.global.kind === "proposal" ? statements : restrictIn(statements, context),
    );
    return hoist(drawn, ["restrict"]);
  },
};

interface Context {
  readonly facts: Facts;
  readonly constants: Constants;
  /** Names of draws that stay as they are. */
  readonly kept: ReadonlySet<string>;
  /** Sites at which two draws stand already: this pass has been there. */
  readonly repeated: ReadonlySet<SiteIr>;
}

function repeatedSites(program: Program): ReadonlySet<SiteIr> {
  const seen = new Set<SiteIr>();
  const repeated = new Set<SiteIr>();
  for (const module of program.modules) {
    for (const fn of module.functions) {
      for (const statement of allStatements(fn.body)) {
        if (statement.kind !== "draw") continue;
        if (seen.has(statement.site)) repeated.add(statement.site);
        seen.add(statement.site);
      }
    }
  }
  return repeated;
}

type Draw = Statement & { kind: "draw" };
type Condition = Statement & { kind: "condition" };

function restrictIn(statements: readonly Statement[], context: Context): readonly Statement[] {
  const out: Statement[] = [];
  for (let i = 0; i < statements.length; i++) {
    const draw = statements[i]!;
    const conditions: Condition[] = [];
    if (draw.kind === "draw" && isRestrictable(draw, context)) {
      for (let j = i + 1; j < statements.length; j++) {
        const next = statements[j]!;
        if (next.kind !== "condition" || !isPredicate(next.test, draw.target!.variable, context)) break;
        conditions.push(next);
      }
    }
    if (conditions.length === 0) out.push(draw);
    else {
      out.push(...restricted(draw as Draw, conditions, context));
      i += conditions.length;
    }
  }
  return out;
}

function isRestrictable(draw: Draw, { kept, repeated }: Context): boolean {
  return (
    draw.target !== null &&
    draw.proposal === undefined &&
    !kept.has(draw.site.name) &&
    !repeated.has(draw.site) &&
    domainOf(draw.distribution.type) === "finite" &&
    !callsOut(draw.distribution)
  );
}

/** Says something of `variable`, and can be asked of values that are never drawn. */
function isPredicate(test: Expr, variable: Variable, { facts }: Context): boolean {
  return readsOf(test).has(variable) && !callsOut(test) && !facts.mayFail(test);
}

function restricted(draw: Draw, conditions: readonly Condition[], context: Context): readonly Statement[] {
  const { span } = draw;
  const { variable, declares } = draw.target!;
  const out: Statement[] = [];
  const listed = isListed(draw.distribution, context);
  const distribution = listed ? draw.distribution : hold(draw.distribution, "distribution", out);
  const found: Variable = {
    name: "restricted",
    type: resultType(draw.distribution.type, variable.type),
    mutable: false,
  };
  out.push({
    kind: "let",
    variable: found,
    value: {
      kind: "restrict",
      distribution,
      predicate: predicateOf(variable, conditions, out),
      type: found.type,
      span,
    },
    span,
  });
  const part = (name: string, type: Type): Expr => ({
    kind: "field",
    object: { kind: "variable", variable: found, type: found.type, span },
    name,
    type,
    span,
  });
  const site = conditions[0]!.site;
  const given = part("distribution", draw.distribution.type);
  const weigh: Statement = { kind: "factor", weight: part("logMass", FLOAT), site, span: conditions[0]!.span };
  if (listed) return [...out, weigh, { ...draw, distribution: given }];

  // Too many values to list is known only then: draw and condition.
  if (declares) out.push({ kind: "declare", variable, span });
  const target = { variable, declares: false };
  const isListable: Expr = {
    kind: "binary",
    operator: "!=",
    left: { kind: "variable", variable: found, type: found.type, span },
    right: { kind: "literal", value: null, type: { kind: "none" }, span },
    type: BOOL,
    span,
  };
  out.push({
    kind: "if",
    test: isListable,
    then: [weigh, { ...draw, distribution: given, target }],
    otherwise: [{ ...draw, distribution, target }, ...conditions],
    span,
  });
  return out;
}

/** `x => p(x)`, with the values other variables have now. */
function predicateOf(variable: Variable, conditions: readonly Condition[], out: Statement[]): LambdaExpr {
  const { span } = conditions[0]!;
  const parameter: Variable = { name: variable.name, type: variable.type, mutable: false };
  const copies = new Map<Variable, Variable>();
  const test = conditions
    .map((condition) => condition.test)
    .reduce((left, right) => ({ kind: "binary", operator: "&&", left, right, type: BOOL, span }));
  const value = substitute(test, (expr) => {
    if (expr.variable === variable) return { ...expr, variable: parameter };
    if (!expr.variable.mutable) return undefined;
    let copy = copies.get(expr.variable);
    if (copy === undefined) {
      copy = { ...expr.variable, mutable: false };
      copies.set(expr.variable, copy);
      out.push({ kind: "let", variable: copy, value: { ...expr, type: expr.variable.type }, span });
    }
    return { ...expr, variable: copy };
  });
  return {
    kind: "lambda",
    name: undefined,
    parameters: [{ variable: parameter, defaultValue: undefined }],
    result: BOOL,
    body: [{ kind: "return", value, span }],
    suspends: false,
    self: undefined,
    type: functionType([{ name: variable.name, type: variable.type, optional: false }], BOOL, "pure"),
    span,
  };
}

function hold(value: Expr, name: string, out: Statement[]): Expr {
  if (value.kind === "global" || (value.kind === "variable" && !value.variable.mutable)) return value;
  const variable: Variable = { name, type: value.type, mutable: false };
  out.push({ kind: "let", variable, value, span: value.span });
  return { kind: "variable", variable, type: value.type, span: value.span };
}

/** What `restrict` gives: the distribution and its mass, or none. */
const resultType = (distribution: Type, element: Type): Type => ({
  kind: "union",
  members: [
    {
      kind: "record",
      fields: new Map([
        [
          "distribution",
          {
            type: distribution.kind === "dist" ? distribution : { kind: "dist", element, domain: "finite" },
            optional: false,
          },
        ],
        ["logMass", { type: FLOAT, optional: false }],
      ]),
    },
    { kind: "none" },
  ],
});

/** Fewer values than the runtime's limit for listing them, for certain. */
function isListed(distribution: Expr, { constants, facts }: Context): boolean {
  const resolved = constants.resolve(distribution);
  if (resolved.kind !== "distribution") return false;
  const [first, second] = resolved.arguments;
  switch (resolved.name) {
    case "bernoulli":
    case "delta":
      return true;
    case "choice":
    case "categorical": {
      const list = first && constants.resolve(first);
      return (
        (list?.kind === "list" && list.elements.length <= FEW) || (list?.kind === "map" && list.entries.length <= FEW)
      );
    }
    case "uniform_int": {
      const [low, high] = [first && constants.valueOf(first), second && constants.valueOf(second)];
      return isProper(resolved, constants, facts) && (high as number) - (low as number) < FEW;
    }
    default:
      return false;
  }
}

const FEW = 1000;

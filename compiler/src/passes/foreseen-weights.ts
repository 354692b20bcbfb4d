import type { Expr, LambdaExpr } from "../ir/expression.js";
import { callsOut, domainOf, Facts } from "../ir/facts.js";
import type { Program, Variable } from "../ir/program.js";
import { mapBlocks, substitute } from "../ir/rewrite.js";
import type { Statement } from "../ir/statement.js";
import { capturesOf, expressionsOf, readsOf, writtenBy } from "../ir/walk.js";
import { BOOL, CONSTRAINT, FLOAT, functionType } from "../types/type.js";
import { Features } from "./features.js";
import { hoist } from "./hoisting.js";
import type { Pass } from "./pass.js";
import { Constants } from "./proper.js";
import { maximisedDraws, proposedNames } from "./protected.js";
import { hardFactor } from "./reading.js";
import { Unfolding } from "./unfolding.js";

export const foreseenWeights: Pass = {
  name: "foreseen-weights",
  law:
    "What steers draws and resampling is in no weight: with any ψ the measure is the same. Weights stay where they are. A draw of " +
    "a text is told of the factors and conditions after it that are functions of which constraints the text meets and of what is " +
    "known before it, so that it may be drawn towards what will have weight; with each factor goes what the draw has put on the " +
    "twist for it. What may fail, draws or calls out is not evaluated before its time; where a text's things are counted, they " +
    "are told apart up to some number. Between the draw and the weights nothing turns, is called or twists.",
  run(program) {
    const foresight = new Foresight(program);
    return hoist(
      mapBlocks(program, (statements, fn) =>
        fn?.global.kind === "proposal" ? statements : foresight.block(statements),
      ),
      ["constraint"],
    );
  },
};

type Draw = Statement & { kind: "draw" };
type Weight = Statement & { kind: "factor" | "condition" };

/** Statements that a draw looks past. */
const PASSED: ReadonlySet<Statement["kind"]> = new Set([
  "draw",
  "let",
  "declare",
  "assign",
  "expression",
  "condition",
  "factor",
  "observe",
  "step",
  "ask",
]);

class Foresight {
  private readonly facts: Facts;
  private readonly constants: Constants;
  private readonly unfolding: Unfolding;
  private readonly kept: ReadonlySet<string>;

  constructor(program: Program) {
    this.facts = new Facts(program);
    this.constants = new Constants(program);
    this.unfolding = new Unfolding(this.facts, this.constants);
    this.kept = new Set([...proposedNames(program), ...maximisedDraws(program).names]);
  }

  block(statements: readonly Statement[]): readonly Statement[] {
    let current = statements;
    for (const statement of statements) {
      if (statement.kind === "draw" && this.canLookAhead(statement)) current = this.lookAhead(current, statement);
    }
    return current;
  }

  private canLookAhead({ target, proposal, site, distribution }: Draw): boolean {
    return (
      target?.declares === true &&
      !target.variable.mutable &&
      target.variable.type.kind === "string" &&
      proposal === undefined &&
      !this.kept.has(site.name) &&
      domainOf(distribution.type) === "text" &&
      !foresees(distribution) &&
      !namesTwist(distribution)
    );
  }

  private lookAhead(statements: readonly Statement[], draw: Draw): readonly Statement[] {
    const at = statements.indexOf(draw);
    const text = draw.target!.variable;
    const later = new Set<Variable>();
    const values = new Map<Variable, Expr>();
    for (const next of statements.slice(at + 1)) {
      if (!PASSED.has(next.kind)) break;
      const written = writtenBy(next);
      if (written !== undefined) later.add(written);
    }
    const features = new Features(text, later, this.facts, this.constants);
    const found: { readonly weight: Weight; readonly log: Expr }[] = [];
    for (const next of statements.slice(at + 1)) {
      if (!PASSED.has(next.kind)) break;
      if (next.kind === "let" && !next.variable.mutable && !callsOut(next.value)) {
        const value = this.unfolding.unfolded(next.value, values);
        if (value !== undefined) values.set(next.variable, value);
      }
      if (next.kind !== "factor" && next.kind !== "condition") continue;
      const log = this.logWeight(next, text, values, features);
      if (log !== undefined) found.push({ weight: next, log });
    }
    if (found.length === 0) return statements;
    return foreseen(statements, at, draw, features, found);
  }

  /** log of a weight by the features of the text; undefined when it does not depend on the text by features alone. */
  private logWeight(
    weight: Weight,
    text: Variable,
    values: ReadonlyMap<Variable, Expr>,
    features: Features,
  ): Expr | undefined {
    const whole = this.unfolding.unfolded(weight.kind === "factor" ? weight.weight : weight.test, values);
    if (whole === undefined || !readsOf(whole).has(text)) return undefined;
    const log = features.of(whole);
    return log && weight.kind === "condition" ? either(log) : log;
  }
}

const either = (test: Expr): Expr => ({
  kind: "conditional",
  test,
  then: number(0, test),
  otherwise: number(-Infinity, test),
  type: FLOAT,
  span: test.span,
});

const number = (value: number, { span }: { readonly span: Expr["span"] }): Expr => ({
  kind: "literal",
  value,
  type: FLOAT,
  span,
});

const variable = (of: Variable, { span }: { readonly span: Expr["span"] }): Expr => ({
  kind: "variable",
  variable: of,
  type: of.type,
  span,
});

const local = (name: string): Variable => ({ name, type: FLOAT, mutable: false });

const define = (of: Variable, value: Expr): Statement => ({ kind: "let", variable: of, value, span: value.span });

/** The statements with a draw that looks ahead, and factors that settle what it has put on the twist. */
function foreseen(
  statements: readonly Statement[],
  at: number,
  draw: Draw,
  features: Features,
  found: readonly { readonly weight: Weight; readonly log: Expr }[],
): readonly Statement[] {
  const { span } = draw;
  const own: Statement[] = [];
  // A function value takes what it needs by its present value.
  const copies = new Map<Variable, Expr>();
  const sum = found.map(({ log }) => log).reduce((left, right) => binary("+", left, right));
  const logWeight: LambdaExpr = {
    kind: "lambda",
    name: undefined,
    parameters: features.all.map(({ holds }) => ({ variable: holds, defaultValue: undefined })),
    result: FLOAT,
    body: [{ kind: "return", value: sum, span }],
    suspends: false,
    self: undefined,
    type: functionType(
      features.all.map(({ holds }) => ({ name: holds.name, type: BOOL, optional: false })),
      FLOAT,
      "pure",
    ),
    span,
  };
  for (const captured of capturesOf(logWeight)) {
    if (!captured.mutable) continue;
    const copy: Variable = { ...captured, mutable: false };
    own.push(define(copy, variable(captured, draw)));
    copies.set(captured, variable(copy, draw));
  }
  const { distribution } = draw;
  const before = local("before");
  const ahead = local("ahead");
  const running: Expr = { kind: "running-twist", type: FLOAT, span };
  const factors = found.flatMap(({ weight }) =>
    weight.kind === "factor" && hardFactor(weight) === undefined ? [weight] : [],
  );
  if (factors.length > 0) own.push(define(before, running));
  own.push({
    ...draw,
    distribution: {
      kind: "foreseen",
      distribution,
      features: features.all.map(({ constraint }) => ({
        kind: "constraint",
        constraint,
        type: CONSTRAINT,
        span: constraint.span,
      })),
      logWeight: substitute(logWeight, ({ variable: v }) => copies.get(v)) as LambdaExpr,
      exact: features.exact,
      type: distribution.type,
      span: distribution.span,
    },
  });
  if (factors.length > 0) {
    const { site } = draw;
    own.push(define(ahead, { kind: "foreseen-twist", before: variable(before, draw), site, type: FLOAT, span }));
  }
  return [...statements.slice(0, at), ...own, ...settled(statements.slice(at + 1), factors, variable(ahead, draw))];
}

/** Each factor settles its own part of what has been foreseen, if anything has; the last one the rest. */
function settled(
  statements: readonly Statement[],
  factors: readonly (Statement & { kind: "factor" })[],
  ahead: Expr,
): Statement[] {
  let rest = ahead;
  return statements.flatMap((statement): readonly Statement[] => {
    const place = factors.indexOf(statement as Statement & { kind: "factor" });
    if (place < 0) return [statement];
    const factor = factors[place]!;
    if (place === factors.length - 1) return [{ ...factor, settles: alsoSettling(factor, rest) }];
    const weight = local("weight");
    const own = variable(weight, factor);
    const nothing: Expr = {
      kind: "binary",
      operator: "==",
      left: ahead,
      right: number(0, factor),
      type: BOOL,
      span: factor.span,
    };
    const part: Expr = {
      kind: "conditional",
      test: nothing,
      then: number(0, factor),
      otherwise: own,
      type: FLOAT,
      span: factor.span,
    };
    rest = binary("-", rest, part);
    return [define(weight, factor.weight), { ...factor, weight: own, settles: alsoSettling(factor, part) }];
  });
}

const alsoSettling = ({ settles }: Statement & { kind: "factor" }, part: Expr): Expr =>
  settles === undefined ? part : binary("+", settles, part);

const binary = (operator: "+" | "-", left: Expr, right: Expr): Expr => ({
  kind: "binary",
  operator,
  left,
  right,
  type: FLOAT,
  span: right.span,
});

/** Whether the program says by what the draw is steered. */
function namesTwist(distribution: Expr): boolean {
  for (const part of expressionsOf(distribution))
    if (part.kind === "lm" && part.named.some(({ name }) => name === "twist")) return true;
  return false;
}

/** Whether the draw has been told of what comes after it. */
function foresees(distribution: Expr): boolean {
  if (distribution.kind === "guided") return foresees(distribution.distribution);
  return distribution.kind === "foreseen";
}

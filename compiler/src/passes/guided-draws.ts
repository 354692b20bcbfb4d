import type { ConstraintExpr, Expr } from "../ir/expression.js";
import { callsOut, domainOf, Facts, isTestable } from "../ir/facts.js";
import type { Variable } from "../ir/program.js";
import { mapBlocks } from "../ir/rewrite.js";
import type { Statement } from "../ir/statement.js";
import { constraintChildren } from "../ir/walk.js";
import { hoist } from "./hoisting.js";
import type { Pass } from "./pass.js";
import { maximisedDraws, proposedNames } from "./protected.js";
import { hardFactor, type Implied, isKnown, Reading } from "./reading.js";

export const guidedDraws: Pass = {
  name: "guided-draws",
  law:
    "Σ_t D(t) · [t ∈ C] · f(t) = Σ_t D_C(t) · f(t), where D_C gives a text in C what D gives it and no other text anything: in " +
    "place of drawing a text from a model and then ruling out what does not match, the draw is guided towards C token by token, " +
    "each token weighed by what C leaves of its distribution. Several conditions are one constraint. They follow the draw, only " +
    "plain definitions in between, which an execution of weight zero no longer comes to; there is no proposal for the text. " +
    "Conditions that say of the text what a constraint can say (that it contains, begins or ends with a text, so many times, is " +
    "one, or is so long) are constraints, and so are factors that are 0 or −∞. What is said of a text with others around it is " +
    "said of it given those; of an earlier one of them follows that the whole can still come about: [s + t ∈ C] ≤ [s ∈ C's " +
    "beginnings]. Nothing but draws, weights and definitions stands between the two.",
  run(program) {
    const facts = new Facts(program);
    const kept = new Set([...proposedNames(program), ...maximisedDraws(program).names]);
    const guided = mapBlocks(program, (statements, fn) =>
      fn?.global.kind === "proposal" ? statements : guideIn(statements, facts, kept),
    );
    return hoist(guided, ["constraint"]);
  },
};

type Draw = Statement & { kind: "draw" };
type Condition = Statement & { kind: "condition" };

function guideIn(statements: readonly Statement[], facts: Facts, kept: ReadonlySet<string>): readonly Statement[] {
  const out: Statement[] = [];
  for (let i = 0; i < statements.length; i++) {
    const draw = statements[i]!;
    if (draw.kind !== "draw" || !isGuidable(draw, kept)) {
      out.push(draw);
      continue;
    }
    const taken = conditionsAfter(statements, i, draw.target!.variable, facts);
    if (taken.constraints.length === 0) {
      out.push(draw);
      continue;
    }
    for (const each of taken.implied) guideEarlier(out, each, taken.first!, facts, kept);
    out.push(guided(draw, taken.constraints, taken.first!), ...taken.between);
    i = taken.end - 1;
  }
  return out;
}

function isGuidable(draw: Draw, kept: ReadonlySet<string>): boolean {
  return (
    draw.target !== null &&
    draw.proposal === undefined &&
    !kept.has(draw.site.name) &&
    domainOf(draw.distribution.type) === "text"
  );
}

/** Statements after which the next one comes, if the execution goes on at all. */
const STRAIGHT: ReadonlySet<Statement["kind"]> = new Set([
  "draw",
  "let",
  "declare",
  "condition",
  "factor",
  "observe",
  "step",
]);

/** Guides an earlier draw towards what has to become of its text. */
function guideEarlier(
  out: Statement[],
  { variable, constraint }: Implied,
  condition: Condition,
  facts: Facts,
  kept: ReadonlySet<string>,
): void {
  const later = new Set<Variable>();
  for (let i = out.length - 1; i >= 0; i--) {
    const statement = out[i]!;
    if (!STRAIGHT.has(statement.kind)) return;
    if (statement.kind === "let" || statement.kind === "declare") later.add(statement.variable);
    if (statement.kind !== "draw") continue;
    if (statement.target !== null) later.add(statement.target.variable);
    if (statement.target?.variable !== variable) continue;
    if (!isGuidable(statement, kept) || !statement.target.declares) return;
    if (!constraintChildren(constraint).every((part) => isKnown(part, later, facts))) return;
    out[i] = guided(statement, [constraint], condition);
    return;
  }
}

interface Taken {
  readonly implied: readonly Implied[];
  readonly constraints: readonly ConstraintExpr[];
  /** The first condition that one of them comes from. */
  readonly first: Condition | undefined;
  /** What stays of the statements after the draw, up to `end`. */
  readonly between: readonly Statement[];
  readonly end: number;
}

/** What the statements after a draw say of the text drawn. */
function conditionsAfter(statements: readonly Statement[], at: number, text: Variable, facts: Facts): Taken {
  const constraints: ConstraintExpr[] = [];
  const implied: Implied[] = [];
  let first: Condition | undefined;
  const between: Statement[] = [];
  const declared = new Set<Variable>([text]);
  const lets = new Map<Variable, Expr>();
  let end = at + 1;
  for (; end < statements.length; end++) {
    const next = statements[end]!;
    if (next.kind === "let" && !callsOut(next.value)) {
      declared.add(next.variable);
      if (!next.variable.mutable) lets.set(next.variable, next.value);
      between.push(next);
      continue;
    }
    const condition = next.kind === "factor" ? hardFactor(next) : next;
    if (condition?.kind !== "condition") break;
    const rest: Expr[] = [];
    for (const part of conjuncts(condition.test)) {
      const said = new Reading(text, lets).constraintOf(part);
      // Made before the draw, of what is known there.
      if (
        said !== undefined &&
        isTestable(said.constraint) &&
        constraintChildren(said.constraint).every((p) => isKnown(p, declared, facts))
      ) {
        constraints.push(said.constraint);
        implied.push(...said.implied);
        first ??= condition;
      } else rest.push(part);
    }
    if (rest.length === 0) continue;
    if (next.kind === "factor") {
      between.push(next);
    } else between.push({ ...condition, test: rest.reduce((left, right) => both(left, right, condition.test)) });
    if (rest.some(callsOut)) {
      end++;
      break;
    }
  }
  return { constraints, implied, first, between, end };
}

function guided(draw: Draw, wanted: readonly ConstraintExpr[], { site, span }: Condition): Draw {
  const { distribution: text } = draw;
  const distribution = text.kind === "guided" ? text.distribution : text;
  const operands = text.kind === "guided" ? [text.constraint, ...wanted] : wanted;
  const constraint: ConstraintExpr = operands.length === 1 ? operands[0]! : { kind: "and", operands, span };
  return {
    ...draw,
    distribution: { kind: "guided", distribution, constraint, site, type: text.type, span: text.span },
  };
}

/** The parts of a conjunction. */
function conjuncts(test: Expr): readonly Expr[] {
  return test.kind === "binary" && test.operator === "&&"
    ? [...conjuncts(test.left), ...conjuncts(test.right)]
    : [test];
}

const both = (left: Expr, right: Expr, { type, span }: Expr): Expr => ({
  kind: "binary",
  operator: "&&",
  left,
  right,
  type,
  span,
});

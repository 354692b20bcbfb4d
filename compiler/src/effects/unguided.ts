import type * as ast from "@pgl/grammar";
import { inferenceMethod } from "../builtins/methods.js";
import type { CheckedModule } from "../checked.js";
import type { Reporter } from "../diagnostics/reporter.js";
import { nodesIn } from "../nodes.js";
import type { Local, Resolution } from "../resolve/bindings.js";

/**
 * Warns of conditions that a text matches a constraint, where the text was drawn token by token in a loop: only texts that a
 * program draws as one are guided to what is asked of them. Not where the loop itself weighs or steers, or somebody else does
 * (a proposal or a twist for the model), nor where every query of the module visits all executions.
 */
export function warnUnguided(
  { tree, types }: Pick<CheckedModule, "tree" | "types">,
  { bindings, assignedIn, queries }: Resolution,
  reporter: Reporter,
): void {
  const isExact = ({ infer: { method } }: ast.QueryDeclaration): boolean =>
    method !== undefined && inferenceMethod.get(method.name.name)?.draws === "discrete";
  if (queries.length > 0 && queries.every(isExact)) return;
  const localOf = (name: ast.Identifier): Local | undefined => {
    const binding = bindings.get(name);
    return binding?.kind === "local" ? binding : undefined;
  };

  /** The model whose tokens a loop draws; undefined where it draws none, or weighs on the way. */
  const modelOf = (loop: ast.ForStatement | ast.WhileStatement): string | undefined => {
    let lm: string | undefined;
    let weighs = false;
    for (const node of nodesIn(loop.body)) {
      if (WEIGHING.has(node.kind) || ("proposal" in node && node.proposal !== undefined)) weighs = true;
      if (node.kind !== "CallExpression") continue;
      const { callee } = node as ast.CallExpression;
      if (callee.kind !== "MemberExpression" || callee.property.name !== "next") continue;
      if (callee.object.kind === "Identifier" && types.get(callee.object)?.kind === "lm") lm = callee.object.name;
    }
    return weighs ? undefined : lm;
  };

  const visitBlock = ({ statements }: ast.Block): void => {
    /** By variable, the model that its text was drawn from in a loop. */
    const drawn = new Map<Local, string>();
    const of = (text: ast.Expression): string | undefined => {
      if (text.kind === "MemberExpression" && text.property.name === "text") return of(text.object);
      const local = text.kind === "Identifier" ? localOf(text) : undefined;
      return local && drawn.get(local);
    };
    for (const statement of statements) {
      if (statement.kind === "ForStatement" || statement.kind === "WhileStatement") {
        const lm = modelOf(statement);
        if (lm !== undefined) for (const local of assignedIn.get(statement) ?? []) drawn.set(local, lm);
      } else if (statement.kind === "LetStatement" && statement.pattern.kind === "Identifier") {
        const lm = of(statement.value);
        const local = localOf(statement.pattern);
        if (lm !== undefined && local !== undefined) drawn.set(local, lm);
      } else {
        for (const { value, constraint, at } of matchesOf(statement)) {
          const lm = of(value);
          if (lm === undefined || !asks(constraint)) continue;
          reporter.report(
            "PGL5010",
            at,
            "The text is drawn token by token, and this looks at it when it is finished: nothing guides the tokens to it.",
            `Draw it by \`${lm}.text(after: …, matching: …)\`, or steer by \`twist\` in the loop.`,
          );
        }
      }
    }
  };

  const steered = new Set(
    tree.declarations.flatMap((d) =>
      d.kind === "ProposalDeclaration" || d.kind === "TwistDeclaration" ? [d.target.name] : [],
    ),
  );
  for (const declaration of tree.declarations) {
    if (declaration.kind !== "ModelDeclaration" || steered.has(declaration.name.name)) continue;
    for (const node of nodesIn(declaration.body)) if (node.kind === "Block") visitBlock(node as ast.Block);
  }
}

const WEIGHING: ReadonlySet<string> = new Set([
  "ConditionStatement",
  "FactorStatement",
  "ObserveStatement",
  "TwistStatement",
]);

interface Matches {
  readonly value: ast.Expression;
  readonly constraint: ast.ConstraintNode;
  readonly at: { readonly span: ast.Span };
}

/** What a statement asks texts to match: all that must hold for an execution to go on. */
function matchesOf(statement: ast.Statement): readonly Matches[] {
  if (statement.kind === "ObserveStatement")
    return statement.constraint === undefined
      ? []
      : [{ value: statement.value, constraint: statement.constraint, at: statement }];
  const conjuncts = (test: ast.Expression): readonly Matches[] => {
    if (test.kind === "MatchesExpression") return [{ value: test.value, constraint: test.constraint, at: test }];
    if (test.kind === "BinaryExpression" && test.operator === "&&")
      return [...conjuncts(test.left), ...conjuncts(test.right)];
    return [];
  };
  return statement.kind === "ConditionStatement" ? conjuncts(statement.test) : [];
}

/** Whether a constraint asks for something, not only that something is not there: what is ruled out is mostly rare. */
const asks = (constraint: ast.ConstraintNode): boolean =>
  constraint.kind === "NotConstraint"
    ? false
    : constraint.kind === "AndConstraint"
      ? constraint.operands.some(asks)
      : true;

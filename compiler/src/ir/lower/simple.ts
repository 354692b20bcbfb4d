import type { Block, ConstraintNode, Expression } from "@pgl/grammar";
import { builtinByName } from "../../builtins/catalogue.js";
import { languageModelMember } from "../../builtins/language-model.js";
import type { Effect } from "../../types.js";
import type { Scope } from "./scope.js";

/** Is the expression free of anything that needs a statement, so that it can stand in a conditional expression? */
export function isSimple(scope: Scope, node: Expression): boolean {
  const { simple } = scope.module;
  let answer = simple.get(node);
  // Asked again at every level of a chain of branches.
  if (answer === undefined) simple.set(node, (answer = needsNoStatement(scope, node)));
  return answer;
}

function needsNoStatement(scope: Scope, node: Expression): boolean {
  const all = (nodes: readonly (Expression | undefined)[]) => nodes.every((n) => n === undefined || isSimple(scope, n));
  const block = (b: Block) => b.statements.length === 0 && b.result !== undefined && isSimple(scope, b.result);
  switch (node.kind) {
    case "SampleExpression":
    case "InferExpression":
    case "MissingExpression":
    case "BlockExpression":
      return false;
    case "CallExpression":
      if (callEffect(scope, node) !== "pure") return false;
      // `fail` in a branch reads better as a statement.
      if (node.callee.kind === "Identifier" && node.callee.name === "fail") return false;
      return isSimple(scope, node.callee) && node.arguments.every((argument) => isSimple(scope, argument.value));
    case "IfExpression": {
      const { else: alternative } = node;
      if (alternative === undefined) return false;
      return (
        isSimple(scope, node.test) &&
        block(node.then) &&
        (alternative.kind === "IfExpression" ? isSimple(scope, alternative) : block(alternative))
      );
    }
    case "MatchExpression":
      return (
        isSimple(scope, node.subject) &&
        node.arms.every((arm) => (arm.guard === undefined || isSimple(scope, arm.guard)) && block(arm.body))
      );
    case "TemplateLiteral":
      return all(node.expressions);
    case "ListExpression":
    case "TupleExpression":
      return all(node.elements);
    case "RecordExpression":
      return all(node.fields.map((field) => field.value));
    case "MapExpression":
      return all(node.entries.flatMap(({ key, value }) => [key, value]));
    case "UnaryExpression":
      return isSimple(scope, node.operand);
    case "BinaryExpression":
      return isSimple(scope, node.left) && isSimple(scope, node.right);
    case "RangeExpression":
      return isSimple(scope, node.start) && isSimple(scope, node.end);
    case "MatchesExpression":
      return isSimple(scope, node.value) && constraintIsSimple(scope, node.constraint);
    case "ConstraintExpression":
      return constraintIsSimple(scope, node.constraint);
    case "MemberExpression":
      return isSimple(scope, node.object);
    case "IndexExpression":
      return isSimple(scope, node.object) && isSimple(scope, node.index);
    default:
      return true;
  }
}

function constraintIsSimple(scope: Scope, node: ConstraintNode): boolean {
  switch (node.kind) {
    case "RegexConstraint":
      return (node.values ?? []).every((value) => isSimple(scope, value));
    case "ValueConstraint":
      return isSimple(scope, node.value);
    case "ConstraintCall":
      return node.arguments.every((argument) => isSimple(scope, argument.value));
    case "NotConstraint":
      return constraintIsSimple(scope, node.operand);
    default:
      return node.operands.every((operand) => constraintIsSimple(scope, operand));
  }
}

/** What the call itself may do, its arguments apart. */
export function callEffect(scope: Scope, node: Expression & { kind: "CallExpression" }): Effect {
  const { module } = scope;
  const method = module.checked.methodCalls.get(node);
  if (method !== undefined) return builtinEffect(scope, node, method);
  if (node.callee.kind === "MemberExpression" && module.typeOf(node.callee.object).kind === "lm") {
    return languageModelMember.get(node.callee.property.name)?.effect ?? "pure";
  }
  if (node.callee.kind === "Identifier") {
    const symbol = module.symbolOf(node.callee);
    const target = symbol.kind === "imported" ? symbol.symbol : symbol;
    switch (target.kind) {
      case "builtin":
        return builtinEffect(scope, node, target.name);
      case "model":
      case "proposal":
      case "twist":
        return "generative";
      case "function":
      case "host":
        return target.effect;
    }
  }
  const type = module.typeOf(node.callee);
  return type.kind === "function" ? type.effect : "pure";
}

function builtinEffect(scope: Scope, node: Expression & { kind: "CallExpression" }, name: string): Effect {
  const args = scope.module.checked.calls.get(node) ?? [];
  switch (builtinByName.get(name)?.effect) {
    case "argument":
      return args.some((a) => a !== undefined && valueEffect(scope, a) !== "pure") ? "generative" : "pure";
    case "density": {
      const type = args[0] === undefined ? undefined : scope.module.typeOf(args[0]);
      if (type?.kind === "posterior") return "pure";
      const listed =
        type?.kind === "dist" &&
        (type.domain === "finite" || type.domain === "countable" || type.domain === "continuous");
      return listed ? "pure" : "async";
    }
    default:
      return "pure";
  }
}

/** What calling a function value may do. */
export function valueEffect(scope: Scope, node: Expression): Effect {
  if (node.kind === "LambdaExpression") return scope.module.checked.effects.get(node) ?? "pure";
  const type = scope.module.typeOf(node);
  return type.kind === "function" ? type.effect : "pure";
}

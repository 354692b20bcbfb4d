import type { Argument, ConstraintNode, Expression } from "@pgl/grammar";
import { ProgramError, UnsupportedError } from "./errors.js";
import { TableLanguageModel } from "./language-model.js";
import { textOf, type Value } from "./value.js";

/** Does `text` satisfy the constraint? `evaluate` gives the values of the expressions in it. */
export function satisfies(text: string, constraint: ConstraintNode, evaluate: (e: Expression) => Value): boolean {
  switch (constraint.kind) {
    case "RegexConstraint":
      // The whole text, also where the flag m lets ^ and $ match at line ends.
      return new RegExp(`(?<![^])(?:${constraint.source})(?![^])`, constraint.flags).test(text);
    case "ValueConstraint": {
      const value = evaluate(constraint.value);
      return Array.isArray(value) ? value.some((v: Value) => textOf(v) === text) : textOf(value) === text;
    }
    case "NotConstraint":
      return !satisfies(text, constraint.operand, evaluate);
    case "AndConstraint":
      return constraint.operands.every((c) => satisfies(text, c, evaluate));
    case "OrConstraint":
      return constraint.operands.some((c) => satisfies(text, c, evaluate));
    case "ConstraintCall":
      return call(text, constraint.name.name, constraint.arguments, evaluate);
  }
}

function call(text: string, name: string, args: readonly Argument[], evaluate: (e: Expression) => Value): boolean {
  const first = args[0]?.value;
  if (first === undefined) throw new ProgramError(`The constraint ${name} needs an argument.`);
  switch (name) {
    case "contains":
      return text.includes(textOf(evaluate(first)));
    case "starts_with":
      return text.startsWith(textOf(evaluate(first)));
    case "ends_with":
      return text.endsWith(textOf(evaluate(first)));
    case "chars":
      return within(Array.from(text).length, first, evaluate);
    case "words":
      return within((text.match(/\S+/gu) ?? []).length, first, evaluate);
    case "tokens": {
      const model = args[1] === undefined ? undefined : evaluate(args[1].value);
      if (!(model instanceof TableLanguageModel)) throw new ProgramError("tokens: a language model is wanted.");
      return within(model.tokens(text).length, first, evaluate);
    }
    default:
      throw new UnsupportedError(`The reference has no constraint ${name}.`);
  }
}

/** `n..m` in a constraint includes both ends. */
function within(size: number, range: Expression, evaluate: (e: Expression) => Value): boolean {
  if (range.kind !== "RangeExpression") return size === evaluate(range);
  return size >= (evaluate(range.start) as number) && size <= (evaluate(range.end) as number);
}

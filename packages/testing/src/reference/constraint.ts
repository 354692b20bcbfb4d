import type { Argument, ConstraintNode, Expression } from "@pgl/grammar";
import { ProgramError, UnsupportedError } from "./errors.js";
import { TableLanguageModel } from "./language-model.js";
import type { TextTest } from "./text-span.js";
import { ConstraintValue, textOf, type Value } from "./value.js";

/** Does `text` satisfy the constraint? `evaluate` gives the values of the expressions in it. */
export function satisfies(text: string, constraint: ConstraintNode, evaluate: (e: Expression) => Value): boolean {
  switch (constraint.kind) {
    case "RegexConstraint": {
      const values = (constraint.values ?? []).map((v) => textOf(evaluate(v)));
      let next = 0;
      const source = constraint.source.replace(/\$\{[^}]*\}/g, () => `(?:${escaped(values[next++]!)})`);
      // The whole text, also where the flag m lets ^ and $ match at line ends.
      return new RegExp(`(?<![^])(?:${source})(?![^])`, constraint.flags).test(text);
    }
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

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

function call(text: string, name: string, args: readonly Argument[], evaluate: (e: Expression) => Value): boolean {
  const value = (i: number): Value => {
    const arg = args[i];
    if (arg === undefined) throw new ProgramError(`The constraint ${name} needs another argument.`);
    return evaluate(arg.value);
  };
  const test = (i: number): TextTest => {
    const made = value(i);
    if (!(made instanceof ConstraintValue)) throw new ProgramError(`The constraint ${name} needs a constraint.`);
    return made.test;
  };
  const strings = (): readonly string[] => args.flatMap((_, i) => stringsOf(value(i)));
  const isWithin = (size: number, i: number): boolean => {
    const range = args[i]?.value;
    if (range === undefined) return true;
    if (range.kind !== "RangeExpression") return size === evaluate(range);
    // `n..m` in a constraint includes both ends.
    return size >= (evaluate(range.start) as number) && size <= (evaluate(range.end) as number);
  };
  switch (name) {
    case "contains":
      return strings().some((part) => text.includes(part));
    case "starts_with":
      return text.startsWith(textOf(value(0)));
    case "ends_with":
      return text.endsWith(textOf(value(0)));
    case "phrases":
      return strings().every((part) => text.includes(part));
    case "in_order":
      return (
        strings().reduce<string | null>((rest, part) => {
          const at = rest === null ? -1 : rest.indexOf(part);
          return at < 0 ? null : rest!.slice(at + part.length);
        }, text) !== null
      );
    case "without_words":
      return !strings().some((word) => hasWord(text, word));
    case "count":
      return isWithin(text.split(textOf(value(0))).length - 1, 1);
    case "chars":
      return isWithin(Array.from(text).length, 0);
    case "words":
      return isWithin((text.match(/\S+/gu) ?? []).length, 0);
    case "tokens": {
      const model = value(1);
      if (!(model instanceof TableLanguageModel)) throw new ProgramError("tokens: a language model is wanted.");
      return isWithin(model.tokens(text).length, 0);
    }
    case "int":
      return /^(0|-?[1-9][0-9]*)$/.test(text) && isWithin(Number(text), 0);
    case "number":
      return /^(0|-?[1-9][0-9]*|-?(0|[1-9][0-9]*)\.[0-9]*[1-9])$/.test(text) && isWithin(Number(text), 0);
    case "decimal": {
      const n = Number(text);
      return text !== "" && Number.isFinite(n) && n.toFixed(value(1) as number) === text && isWithin(n, 0);
    }
    case "date": {
      if (args.length > 0) throw new UnsupportedError("The reference has dates of the default format.");
      const [, month, day] = /^[0-9]{4}-([0-9]{2})-([0-9]{2})$/.exec(text) ?? [];
      const date = new Date(`${text}T00:00:00Z`);
      return day !== undefined && date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
    }
    case "sequence":
      return ends(
        text,
        args.map((_, i) => test(i)),
      );
    case "repeated": {
      const between = args[2] === undefined ? [] : [test(2)];
      // No more parts than there are characters say something new, beyond those that are wanted.
      const most = Array.from({ length: Array.from(text).length + 8 }, (_, n) => n);
      return most.some((n) => {
        const parts = Array.from({ length: n }, (_, i) => (i === 0 ? [test(0)] : [...between, test(0)])).flat();
        return isWithin(n, 1) && ends(text, parts);
      });
    }
    default:
      throw new UnsupportedError(`The reference has no constraint ${name}.`);
  }
}

/** Can the text be cut into one of each, in order? */
function ends(text: string, [first, ...rest]: readonly TextTest[]): boolean {
  if (first === undefined) return text === "";
  const points = Array.from(text);
  return [...points, ""].some((_, i) => first(points.slice(0, i).join("")) && ends(points.slice(i).join(""), rest));
}

const stringsOf = (value: Value): readonly string[] =>
  Array.isArray(value) ? value.map((v: Value) => textOf(v)) : [textOf(value)];

/** In any case, with no letter, mark, digit or `_` before or after. */
function hasWord(text: string, word: string): boolean {
  const points = Array.from(text.toLowerCase());
  const wanted = Array.from(word.toLowerCase());
  const isInWord = (c: string | undefined): boolean => c !== undefined && /[\p{L}\p{M}\p{N}_]/u.test(c);
  return points.some(
    (_, i) =>
      wanted.every((c, k) => points[i + k] === c) && !isInWord(points[i - 1]) && !isInWord(points[i + wanted.length]),
  );
}

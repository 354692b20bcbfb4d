import type * as ast from "@pgl/grammar";
import { regexTexts } from "@pgl/grammar";
import {
  constraintKind,
  constraintKinds,
  type ConstraintKind,
  type ConstraintParameter,
} from "../builtins/constraints.js";
import { documentKinds } from "../documents/read.js";
import type { Checking } from "./checking.js";
import { isBuiltinName } from "./calls.js";
import { constantOf } from "./constant.js";
import { a } from "./mismatch.js";
import { assignable } from "./relate.js";
import type { Type } from "../types.js";
import { BOOL, CONTEXT, FLOAT, functionType, INT, list, LM, mayBeNone, STRING, TOKEN, union } from "./type.js";

const MATCHABLE = union([STRING, TOKEN, CONTEXT]);
/** What can stand in a regular expression. */
const VALUE = union([STRING, TOKEN, CONTEXT, INT, FLOAT]);
const asks = functionType([{ name: "text", type: STRING, optional: false }], BOOL, "pure");
/** Of a program of one's own, that says which texts are meant. */
const PREDICATE: Type = {
  kind: "record",
  fields: new Map([
    ["prefixPossible", { type: asks, optional: false }],
    ["complete", { type: asks, optional: false }],
  ]),
};

/** Checks `value matches constraint`, and what is observed to match. */
export function checkMatches(c: Checking, value: ast.Expression, constraint: ast.ConstraintNode): void {
  const type = c.infer(value);
  if (!assignable(type, MATCHABLE)) {
    c.report("PGL3002", value, `\`matches\` tests texts, not ${a(type)}.`, {
      hint: mayBeNone(type)
        ? "It may be `none`: test it before."
        : type.kind === "dist" || type.kind === "posterior"
          ? "This is a distribution. Draw from it first: `let x ~ …`."
          : "Make a text of it: `string(x)`.",
    });
  }
  checkConstraint(c, constraint);
}

export function checkConstraint(c: Checking, constraint: ast.ConstraintNode): void {
  switch (constraint.kind) {
    case "RegexConstraint":
      checkRegex(c, constraint);
      return;
    case "ConstraintCall":
      checkCall(c, constraint);
      return;
    case "ValueConstraint": {
      const type = c.infer(constraint.value);
      if (!assignable(type, union([STRING, list(STRING)]))) {
        c.report(
          "PGL3002",
          constraint.value,
          `After \`matches\` comes a pattern, a string or a list of strings, not ${a(type)}.`,
        );
      } else if (constraint.value.kind === "ListExpression" && constraint.value.elements.length === 0) {
        c.report("PGL5005", constraint.value, "No text is in an empty list: this never matches.");
      }
      return;
    }
    case "NotConstraint":
      checkConstraint(c, constraint.operand);
      return;
    case "AndConstraint":
    case "OrConstraint":
      for (const operand of constraint.operands) checkConstraint(c, operand);
  }
}

function checkRegex(c: Checking, constraint: ast.RegexConstraint): void {
  const { source, flags, values = [] } = constraint;
  for (const value of values) {
    const type = c.infer(value);
    if (!assignable(type, VALUE)) {
      c.report("PGL3002", value, `What stands in an expression is a text or a number, not ${a(type)}.`, {
        hint: mayBeNone(type) ? "It may be `none`: test it before." : undefined,
      });
    }
  }
  try {
    // A letter stands for each value.
    const texts = values.length === 0 ? [source] : regexTexts(source);
    new RegExp(texts.join("a"), flags);
    if (texts.slice(0, -1).some((text) => /\{[\d,]*$/.test(text))) throw new Error("a value cannot stand in `{…}`");
  } catch (error) {
    const reason =
      error instanceof Error
        ? error.message.replace(/^Invalid regular expression: /, "").replace(/^\/.*\/\w*: /s, "")
        : String(error);
    c.report(
      "PGL4013",
      constraint,
      `This is not a regular expression: ${reason}.`,
      "The syntax is JavaScript's; the whole text must match.",
    );
  }
}

function checkCall(c: Checking, constraint: ast.ConstraintCall): void {
  const { name, arguments: args } = constraint;
  // Documents have been looked at when they were read.
  if (name.name === "" || documentKinds.has(name.name)) return;
  const kind = constraintKind.get(name.name);
  if (kind === undefined) {
    for (const { value } of args) c.infer(value);
    const names = [...constraintKinds.map((k) => k.name), ...documentKinds.keys()];
    c.report("PGL2011", name, `There is no constraint \`${name.name}\`.`, {
      hint:
        c.suggester.hint(name.name, names) ??
        `There are patterns \`/…/\`, strings, lists of strings, and ${names.map((n) => `\`${n}\``).join(", ")}.`,
    });
    return;
  }
  const { parameters, optional, variadic } = kind;
  if (args.length < parameters.length - optional || (args.length > parameters.length && !variadic)) {
    for (const { value } of args) c.infer(value);
    const most = parameters.length;
    const count =
      optional > 0 ? `${most - optional} to ${most} arguments` : most === 1 ? "one argument" : `${most} arguments`;
    c.report(
      args.length < most ? "PGL3003" : "PGL3004",
      constraint,
      `The constraint \`${kind.name}\` takes ${variadic ? "at least " : ""}${count}.`,
      `Write \`${kind.name}(${parameters.map((p) => EXAMPLES[p]).join(", ")})\`.`,
    );
    return;
  }
  args.forEach((argument, i) => {
    if (argument.name !== undefined) {
      c.report(
        "PGL2008",
        argument.name,
        `Arguments of the constraint \`${kind.name}\` have no names.`,
        "Leave the name away.",
      );
    }
    checkArgument(c, kind, parameters[Math.min(i, parameters.length - 1)]!, argument.value);
  });
  // How many tokens a text has is for the run's model to say: not where there is no run.
  if (parameters.includes("lm")) c.perform("async", constraint, `\`${kind.name}\``);
}

/** What an argument looks like. */
const EXAMPLES: Readonly<Record<ConstraintParameter, string>> = {
  string: '"…"',
  strings: '"…"',
  range: "1..20",
  int: "2",
  lm: "writer",
  constraint: "/…/",
  predicate: "checks",
};

function checkArgument(c: Checking, kind: ConstraintKind, parameter: ConstraintParameter, value: ast.Expression): void {
  const { name } = kind;
  switch (parameter) {
    case "string":
      c.check(value, STRING, "PGL3002", name === "date" ? "The format of a date" : `What \`${name}\` looks for`);
      return;
    case "strings": {
      const type = c.infer(value);
      if (assignable(type, union([STRING, list(STRING)]))) return;
      c.report("PGL3002", value, `What \`${name}\` looks for must be \`string\`, not ${a(type)}.`, {
        hint: mayBeNone(type) ? "It may be `none`: test it before." : "Or a list of strings.",
      });
      return;
    }
    case "int":
      c.check(value, INT, "PGL3002", `The places of \`${name}\``);
      return;
    case "lm": {
      const type = c.infer(value);
      if (assignable(type, LM)) return;
      c.report(
        "PGL4018",
        value,
        `\`${name}\` counts in the tokens of an \`lm\`, not ${a(type)}.`,
        "Name a declared `lm`.",
      );
      return;
    }
    case "constraint":
      // A constraint where the grammar expects one; anything else has been reported.
      c.infer(value);
      return;
    case "predicate": {
      // Of a type that PGL cannot look into the run finds out.
      if (c.infer(value).kind !== "opaque") c.check(value, PREDICATE, "PGL3002", `What \`${name}\` asks`);
      return;
    }
    case "range":
      checkRange(c, kind, value);
  }
}

function checkRange(c: Checking, { name, counts }: ConstraintKind, value: ast.Expression): void {
  if (value.kind !== "RangeExpression") {
    const type = c.infer(value);
    c.report(
      "PGL3002",
      value,
      `\`${name}\` takes a range like \`1..20\`, not ${a(type)}.`,
      assignable(type, INT) ? "For exactly n, write `n..n`: both ends are included." : undefined,
    );
    return;
  }
  const [low, high] = [value.start, value.end].map((end) => constantOf(end, isBuiltinName(c)));
  const isOpen = (n: typeof low): boolean => n === Infinity || n === -Infinity;
  // A range of numbers is not open anywhere, one of a constraint may be.
  if (!isOpen(low) && !isOpen(high)) c.infer(value);
  else {
    for (const [end, known] of [
      [value.start, low],
      [value.end, high],
    ] as const) {
      if (isOpen(known)) c.infer(end);
      else c.check(end, INT, "PGL3001", "The end of a range");
    }
  }
  const below = typeof low === "number" ? low : undefined;
  if (typeof high !== "number" && below !== Infinity) return;
  const most = typeof high === "number" ? high : Infinity;
  if ((below !== undefined && below > most) || below === Infinity || most === -Infinity || (counts && most < 0)) {
    c.report(
      "PGL4017",
      value,
      `${counts ? "No length" : "Nothing"} is in ${below === undefined ? "…" : String(below)}..${most}.`,
      "Both ends are included, the smaller comes first.",
    );
  }
}

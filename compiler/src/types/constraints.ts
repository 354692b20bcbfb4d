import type * as ast from "@pgl/grammar";
import { constraintKind, constraintKinds, laterConstraints } from "../builtins/constraints.js";
import { documentKinds } from "../documents/read.js";
import type { Checking } from "./checking.js";
import { isBuiltinName } from "./calls.js";
import { constantOf } from "./constant.js";
import { a } from "./mismatch.js";
import { assignable } from "./relate.js";
import { CONTEXT, INT, list, LM, mayBeNone, STRING, TOKEN, union } from "./type.js";

const MATCHABLE = union([STRING, TOKEN, CONTEXT]);

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
  try {
    new RegExp(constraint.source, constraint.flags);
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
    if (laterConstraints.has(name.name)) {
      c.report(
        "PGL4014",
        name,
        `The constraint \`${name.name}\` comes with a later version.`,
        "A regular expression can say much of it: `matches /…/`.",
      );
      return;
    }
    const names = [...constraintKinds.map((k) => k.name), ...documentKinds.keys()];
    c.report("PGL2011", name, `There is no constraint \`${name.name}\`.`, {
      hint:
        c.suggester.hint(name.name, names) ??
        `There are patterns \`/…/\`, strings, lists of strings, and ${names.map((n) => `\`${n}\``).join(", ")}.`,
    });
    return;
  }
  if (args.length !== kind.parameters.length) {
    for (const { value } of args) c.infer(value);
    const wanted = kind.parameters.map((p) => (p === "string" ? '"…"' : p === "range" ? "1..20" : "writer"));
    c.report(
      args.length < kind.parameters.length ? "PGL3003" : "PGL3004",
      constraint,
      `The constraint \`${kind.name}\` takes ${kind.parameters.length === 1 ? "one argument" : `${kind.parameters.length} arguments`}.`,
      `Write \`${kind.name}(${wanted.join(", ")})\`.`,
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
    checkArgument(c, kind.name, kind.parameters[i]!, argument.value);
  });
  // How many tokens a text has is for the run's model to say: not where there is no run.
  if (kind.parameters.includes("lm")) c.perform("async", constraint, `\`${kind.name}\``);
}

function checkArgument(c: Checking, name: string, kind: "string" | "range" | "lm", value: ast.Expression): void {
  if (kind === "string") {
    c.check(value, STRING, "PGL3002", `What \`${name}\` looks for`);
  } else if (kind === "lm") {
    const type = c.infer(value);
    if (!assignable(type, LM))
      c.report(
        "PGL4018",
        value,
        `\`${name}\` counts in the tokens of an \`lm\`, not ${a(type)}.`,
        "Name a declared `lm`.",
      );
  } else if (value.kind !== "RangeExpression") {
    const type = c.infer(value);
    c.report(
      "PGL3002",
      value,
      `\`${name}\` takes a range like \`1..20\`, not ${a(type)}.`,
      assignable(type, INT) ? "For exactly n, write `n..n`: both ends are included." : undefined,
    );
  } else {
    c.infer(value);
    const [low, high] = [value.start, value.end].map((end) => constantOf(end, isBuiltinName(c)));
    if (typeof high === "number" && ((typeof low === "number" && low > high) || high < 0)) {
      c.report(
        "PGL4017",
        value,
        `No length is in ${low === undefined ? "…" : String(low)}..${high}.`,
        "Both ends are included, the smaller comes first.",
      );
    }
  }
}

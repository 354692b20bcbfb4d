import type * as ast from "@pgl/grammar";
import { builtinByName } from "../builtins/catalogue.js";
import { languageModelMember } from "../builtins/language-model.js";
import type { Type } from "../types.js";
import type { Checking } from "./checking.js";
import { a, mismatchHint } from "./mismatch.js";
import { narrow, pathOf } from "./narrowing.js";
import { assignable } from "./relate.js";
import { ERROR, INT, isText, mayBeNone, membersOf, optional, STRING, union, withoutNone } from "./type.js";

/** What `.name` is of a value of the type, `undefined` when it has no such field. */
export function fieldOf(type: Type, name: string): Type | undefined {
  switch (type.kind) {
    case "record": {
      const field = type.fields.get(name);
      return field && (field.optional ? optional(field.type) : field.type);
    }
    case "tuple":
      return /^\d+$/.test(name) ? type.elements[Number(name)] : undefined;
    case "token":
    case "context":
      return name === "text" ? STRING : undefined;
    case "union": {
      const fields = type.members.map((member) => fieldOf(member, name));
      return fields.every((field): field is Type => field !== undefined) ? union(fields) : undefined;
    }
    default:
      return undefined;
  }
}

export function inferMember(c: Checking, expression: ast.MemberExpression): Type {
  const type = c.infer(expression.object);
  const { property } = expression;
  if (type.kind === "error" || type.kind === "never" || property.name === "") return ERROR;
  const field = fieldOf(type, property.name);
  if (field !== undefined) {
    const path = pathOf(c, expression);
    return (path === undefined ? undefined : c.flow.narrowed.get(path)) ?? field;
  }
  const known = type.kind === "lm" ? languageModelMember.has(property.name) : builtinByName.has(property.name);
  if (known && !mayBeNone(type)) {
    c.report(
      "PGL3026",
      property,
      `\`${property.name}\` must be called here.`,
      `Write \`.${property.name}(…)\`; to pass it on, write a lambda.`,
    );
    return ERROR;
  }
  reportUnknownMember(c, expression, type);
  return ERROR;
}

/** Reports that a value has no such member, with what it has instead. */
export function reportUnknownMember(c: Checking, expression: ast.MemberExpression, type: Type): void {
  const { property, object } = expression;
  const name = property.name;
  if (mayBeNone(type) && type.kind !== "none" && fieldOf(withoutNone(type), name) !== undefined) {
    c.report("PGL3016", object, `This may be \`none\`, which has no \`${name}\`.`, {
      hint: "Test it before (`if x != none { … }`), or `unwrap(x)`.",
    });
    return;
  }
  const fields = membersOf(withoutNone(type)).flatMap((m) => (m.kind === "record" ? [...m.fields.keys()] : []));
  let hint: string | undefined;
  if (type.kind === "lm")
    hint =
      c.suggester.hint(name, languageModelMember.keys()) ??
      `It has ${[...languageModelMember.keys()].map((n) => `\`${n}\``).join(", ")}.`;
  else if (type.kind === "tuple") hint = `It has ${type.elements.map((_, i) => `\`.${i}\``).join(", ")}.`;
  else if (type.kind === "map")
    hint = `For the entry of a key, write \`m["${name}"]\`, or \`get(m, "${name}")\` when it may be missing.`;
  else if (type.kind === "dist" || type.kind === "posterior") {
    hint =
      fieldOf(type.element, name) === undefined
        ? c.suggester.hint(name, builtinByName.keys())
        : "This is a distribution. Draw from it first: `let x ~ …`.";
  } else {
    hint = c.suggester.hint(name, fields.length > 0 ? fields : builtinByName.keys());
    if (hint === undefined && fields.length > 0)
      hint = `It has ${fields
        .slice(0, 8)
        .map((n) => `\`${n}\``)
        .join(", ")}.`;
  }
  c.report("PGL2007", property, `${a(type)} has no \`${name}\`.`, { hint });
}

export function inferIndex(c: Checking, expression: ast.IndexExpression): Type {
  const type = c.infer(expression.object);
  if (type.kind === "map") {
    c.check(expression.index, type.key, "PGL3001", "The key");
    return type.value;
  }
  const index = c.infer(expression.index);
  if (type.kind === "error" || type.kind === "never") return ERROR;
  if (type.kind === "tuple") {
    const literal = expression.index.kind === "NumberLiteral" ? type.elements[expression.index.value] : undefined;
    if (literal !== undefined) return literal;
    c.report(
      "PGL3020",
      expression.index,
      `The index of ${a(type)} must be written out, from 0 to ${type.elements.length - 1}.`,
    );
    return ERROR;
  }
  if (type.kind === "list") {
    if (!assignable(index, INT)) {
      c.report("PGL3020", expression.index, `The index of a list must be \`int\`, not ${a(index)}.`, {
        hint: mayBeNone(index)
          ? "It may be `none`: say what then with `??`, or test it before."
          : mismatchHint(c, expression.index, index, INT),
      });
    }
    return type.element;
  }
  if (mayBeNone(type) && type.kind !== "none") {
    c.report(
      "PGL3016",
      expression.object,
      "This may be `none`, which has no elements.",
      "Test it before (`if x != none { … }`), or `unwrap(x)`.",
    );
    return ERROR;
  }
  const hint = isText(type)
    ? "A part of a text is `slice(s, i, i + 1)`; its characters are `chars(s)`."
    : type.kind === "record" && expression.index.kind === "StringLiteral"
      ? `A field is written \`.${expression.index.value}\`.`
      : type.kind === "dist" || type.kind === "posterior"
        ? "This is a distribution. Draw from it first: `let x ~ …`."
        : undefined;
  c.report("PGL3020", expression.object, `${a(type)} cannot be indexed.`, { hint });
  return ERROR;
}

/** After `x = e`: what is known of `x` is what `e` is. */
export function narrowAssigned(c: Checking, path: string, declared: Type, value: Type): void {
  if (declared.kind === "union" && value.kind !== "error" && value.kind !== "never" && assignable(value, declared)) {
    c.flow = narrow(c.flow, path, value);
  }
}

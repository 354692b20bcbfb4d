import type * as ast from "@pgl/grammar";
import type { Code } from "../diagnostics/catalogue.js";
import type { Type } from "../types.js";
import type { Checking } from "./checking.js";
import { allows, assignable } from "./relate.js";
import { showType } from "./show.js";
import { hasError, isText, literalsOf, mayBeNone, membersOf, withoutNone } from "./type.js";

/** `an int`, `a string`, `none`, as sentences name a value's type. */
export function a(type: Type): string {
  if (type.kind === "none") return "`none`";
  if (type.kind === "unit") return "no value";
  return `\`${showType(type)}\``;
}

/**
 * Reports that an expression's value may not stand where `expected` is wanted, at the smallest part that is to blame: the
 * element of a list, the field of a record, the branch of an `if`.
 */
export function reportMismatch(
  c: Checking,
  expression: ast.Expression,
  actual: Type,
  expected: Type,
  code: Code,
  what: string,
): void {
  if (actual.kind === "function" && expected.kind === "function") {
    const required = actual.parameters.filter((p) => !p.optional).length;
    const given = expected.parameters.length;
    if (given < required || given > actual.parameters.length) {
      const plural = (n: number): string => (n === 1 ? "one argument" : n === 0 ? "no argument" : `${n} arguments`);
      c.report(code, expression, `${what} is called with ${plural(given)}; this function takes ${plural(required)}.`);
      return;
    }
  }
  if (hasError(actual) || hasError(expected)) return;
  const part = blame(c, expression, expected);
  if (part !== undefined) {
    reportMismatch(c, part.expression, part.actual, part.expected, code, part.what ?? what);
    return;
  }
  if (expression.kind === "RecordExpression" && actual.kind === "record") {
    const missing = missingFields(actual, expected);
    if (missing !== undefined) {
      const extra = expression.fields.find(
        (f) =>
          f.kind === "Field" && membersOf(expected).every((m) => m.kind !== "record" || !m.fields.has(f.name.name)),
      );
      const meant = extra?.kind === "Field" ? c.suggester.suggest(extra.name.name, missing) : undefined;
      c.report(
        "PGL3027",
        expression,
        `The record lacks ${missing.map((name) => `\`${name}\``).join(", ")} of ${a(expected)}.`,
        {
          hint:
            meant !== undefined && extra?.kind === "Field"
              ? `Did you mean \`${meant}\` by \`${extra.name.name}\`?`
              : undefined,
        },
      );
      return;
    }
  }
  if (
    mayBeNone(actual) &&
    actual.kind !== "none" &&
    !mayBeNone(expected) &&
    assignable(withoutNone(actual), expected)
  ) {
    c.report("PGL3016", expression, `${what} must be ${a(expected)}; this may be \`none\`.`, {
      hint: "Say what then: `x ?? other`, `if x != none { … }`, or `unwrap(x)` when it cannot happen.",
    });
    return;
  }
  const wanted = membersOf(expected).find((member) => member.kind === "function");
  if (actual.kind === "function" && wanted?.kind === "function" && !allows(wanted.effect, actual.effect)) {
    const does = actual.effect === "generative" ? "draws or weighs" : "waits for the outside";
    const may = wanted.effect === "pure" ? "neither draw nor wait" : "not draw";
    c.report("PGL4009", expression, `${what} must ${may}; this function ${does}.`, {
      hint:
        wanted.effect === "pure"
          ? "Compute what it needs before, and pass plain values."
          : "Write the parameter's type with `~>` to take functions that draw.",
    });
    return;
  }
  c.report(code, expression, `${what} must be ${a(expected)}, not ${a(actual)}.`, {
    hint: mismatchHint(c, expression, actual, expected),
  });
}

/** The part of a compound expression because of which the whole does not fit. */
function blame(
  c: Checking,
  expression: ast.Expression,
  expected: Type,
):
  | { readonly expression: ast.Expression; readonly actual: Type; readonly expected: Type; readonly what?: string }
  | undefined {
  const bad = (part: ast.Expression | undefined, wanted: Type | undefined, what?: string) => {
    if (part === undefined || wanted === undefined) return undefined;
    const actual = c.types.get(part);
    return actual !== undefined && !assignable(actual, wanted)
      ? { expression: part, actual, expected: wanted, what }
      : undefined;
  };
  const first = <T, R>(items: readonly T[], find: (item: T, index: number) => R | undefined): R | undefined => {
    for (let i = 0; i < items.length; i++) {
      const found = find(items[i]!, i);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const pick = <K extends Type["kind"]>(kind: K): (Type & { readonly kind: K }) | undefined => {
    const found = membersOf(expected).filter((member) => member.kind === kind);
    return found.length === 1 ? (found[0] as Type & { readonly kind: K }) : undefined;
  };
  switch (expression.kind) {
    case "ListExpression": {
      const wanted = pick("list");
      return wanted && first(expression.elements, (e) => bad(e, wanted.element, "The element"));
    }
    case "TupleExpression": {
      const wanted = pick("tuple");
      if (wanted?.elements.length !== expression.elements.length) return undefined;
      return first(expression.elements, (e, i) => bad(e, wanted.elements[i], "The element"));
    }
    case "RecordExpression": {
      const wanted = pick("record");
      return (
        wanted &&
        first(expression.fields, (f) =>
          f.kind === "Field" ? bad(f.value, wanted.fields.get(f.name.name)?.type, `\`${f.name.name}\``) : undefined,
        )
      );
    }
    case "MapExpression": {
      const wanted = pick("map");
      return (
        wanted &&
        first(expression.entries, (e) => bad(e.key, wanted.key, "The key") ?? bad(e.value, wanted.value, "The value"))
      );
    }
    case "IfExpression":
      return (
        bad(expression.then.result, expected) ??
        (expression.else?.kind === "Block" ? bad(expression.else.result, expected) : bad(expression.else, expected))
      );
    case "MatchExpression":
      return first(expression.arms, (arm) => bad(arm.body.result, expected));
    case "BlockExpression":
      return bad(expression.block.result, expected);
    case "LambdaExpression": {
      const wanted = pick("function");
      const own = c.types.get(expression);
      // Only when the result is what does not fit.
      if (wanted === undefined || own?.kind !== "function") return undefined;
      if (!assignable({ ...own, result: wanted.result }, wanted)) return undefined;
      return bad(expression.body.result, wanted.result, "The lambda's result");
    }
    default:
      return undefined;
  }
}

function missingFields(actual: Type & { readonly kind: "record" }, expected: Type): readonly string[] | undefined {
  const wanted = membersOf(expected).find((member) => member.kind === "record");
  if (wanted?.kind !== "record") return undefined;
  const missing = [...wanted.fields].filter(([name, field]) => !field.optional && !actual.fields.has(name));
  return missing.length === 0 ? undefined : missing.map(([name]) => name);
}

/** What to do about a value of the wrong type, where there is something usual to do. */
export function mismatchHint(
  c: Checking,
  expression: ast.Expression,
  actual: Type,
  expected: Type,
): string | undefined {
  const source = expression.kind === "Identifier" ? expression.name : undefined;
  const it = source ?? "it";
  const fits = (type: Type) => assignable(type, expected);
  if ((actual.kind === "dist" || actual.kind === "posterior") && fits(actual.element)) {
    return expression.kind === "Identifier"
      ? `\`${it}\` is a distribution. Draw from it: \`let x ~ ${it}\`, or \`sample ${it}\`.`
      : "This is a distribution. Draw from it with `sample`, or `let x ~ …`.";
  }
  if (actual.kind === "token" || actual.kind === "context") {
    if (membersOf(expected).some(isText)) return `Its text is \`${source ?? "x"}.text\`.`;
  }
  if (actual.kind === "float" && fits({ kind: "int" })) return "Use `round(x)`, `floor(x)` or `int(x)`.";
  if (actual.kind === "string" || actual.kind === "literal") {
    const literals = literalsOf(expected);
    if (literals.size > 0) {
      if (expression.kind === "StringLiteral") {
        return (
          c.suggester.hint(expression.value, literals) ??
          `One of ${[...literals]
            .slice(0, 8)
            .map((v) => JSON.stringify(v))
            .join(", ")}.`
        );
      }
      return `Any string will not do. Write the type where \`${it}\` is declared, so that only ${[...literals]
        .slice(0, 4)
        .map((v) => JSON.stringify(v))
        .join(", ")} can get there.`;
    }
    if (fits({ kind: "float" })) return "Read the number with `float(s)`, or `parse_float(s)` when it may not be one.";
    if (expected.kind === "context") return "Make a context of it: `writer.context(s)` of an `lm`.";
  }
  if (expected.kind === "string") {
    if (["int", "float", "bool", "list", "record", "tuple", "map"].includes(actual.kind)) {
      return source === undefined
        ? 'Write it into a string: `"${…}"`, or `string(x)`.'
        : `Write it into a string: \`"\${${source}}"\`.`;
    }
  }
  if (actual.kind === "function" && fits(actual.result)) return "This is a function: call it.";
  if (expected.kind === "list" && assignable(actual, expected.element)) return "Put it in a list: `[x]`.";
  if (expected.kind === "dist" && assignable(actual, expected.element))
    return "A distribution that always gives this value is `delta(x)`.";
  if (actual.kind === "opaque")
    return `This comes from TypeScript with the type \`${actual.name}\`, which PGL cannot look into. Give the function a plain result type there.`;
  if (actual.kind === "unit") return "The function or block gives no value; end it with one, or `return` it.";
  return undefined;
}

import fc from "fast-check";
import type {
  Argument,
  BindingPattern,
  Block,
  ConstraintNode,
  Declaration,
  Expression,
  FunctionDeclaration,
  Identifier,
  IfExpression,
  InferExpression,
  MatchArm,
  MatchPattern,
  MethodNode,
  Module,
  NumberLiteral,
  Parameter,
  RecordField,
  Statement,
  StringLiteral,
  TypeNode,
} from "../src/index.js";

/** Arbitrary trees of every kind of node that a program can have, with empty spans. */

const span = { start: 0, end: 0 };

const names = ["a", "b", "xs", "writer", "p_1", "X", "map", "from", "as", "elif2"];
const words = ["type", "step", "sample", "proposal", "in", "not", "none", "model", "using"];
const identifier: fc.Arbitrary<Identifier> = fc
  .constantFrom(...names)
  .map((name) => ({ kind: "Identifier", name, span }));
/** After `.` and before `:` any word will do. */
const anyWord: fc.Arbitrary<Identifier> = fc
  .constantFrom(...names, ...words)
  .map((name) => ({ kind: "Identifier", name, span }));

const maybe = <K extends string, V>(key: K, value: V | null): { [P in K]?: V } =>
  value === null ? {} : ({ [key]: value } as { [P in K]?: V });
const optional = <V>(arbitrary: fc.Arbitrary<V>) => fc.option(arbitrary, { nil: null });
const few = <V>(arbitrary: fc.Arbitrary<V>, minLength = 0) =>
  fc.array(arbitrary, { minLength, maxLength: minLength + 2 });

const number: fc.Arbitrary<NumberLiteral> = fc.oneof(
  fc.nat(1000).map((value): NumberLiteral => ({ kind: "NumberLiteral", value, integer: true, raw: "", span })),
  fc
    .maxSafeNat()
    .map((value): NumberLiteral => ({ kind: "NumberLiteral", value, integer: true, raw: String(value), span })),
  fc
    .double({ min: 0, noNaN: true, noDefaultInfinity: true })
    .map((value): NumberLiteral => ({ kind: "NumberLiteral", value: value + 0, integer: false, raw: "", span })),
  fc.constant<NumberLiteral>({ kind: "NumberLiteral", value: 12000.5, integer: false, raw: "12_000.5", span }),
);
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.constantFrom("${", "$", '"', '"""', "\\", "\n  a\n b", "'", " "),
);
const string: fc.Arbitrary<StringLiteral> = fc.oneof(
  fc
    .tuple(text, fc.boolean())
    .map(([value, multiline]): StringLiteral => ({ kind: "StringLiteral", value, multiline, raw: "", span })),
  fc.constant<StringLiteral>({
    kind: "StringLiteral",
    value: "a\n b\u00e9",
    multiline: true,
    raw: '"""\n  a\n   b\\u{e9}\n  """',
    span,
  }),
);
const plainLiteral = fc.oneof(
  fc.boolean().map((value) => ({ kind: "BooleanLiteral" as const, value, span })),
  fc.constant({ kind: "NoneLiteral" as const, span }),
  fc.constant({ kind: "EosLiteral" as const, span }),
);

// A type, not an interface: only a type is a record to fast-check.
type Trees = {
  type: TypeNode;
  binding: BindingPattern;
  pattern: MatchPattern;
  expression: Expression;
  constraint: ConstraintNode;
  block: Block;
  statement: Statement;
  argument: Argument;
  parameter: Parameter;
  arm: MatchArm;
  method: MethodNode;
  infer: InferExpression;
  fn: FunctionDeclaration;
  conditional: IfExpression;
  call: Expression;
};

const uniqueBy = <T>(arbitrary: fc.Arbitrary<T>) => few(arbitrary);

export const trees = fc.letrec<Trees>((tie) => {
  const expression = tie("expression") as fc.Arbitrary<Expression>;
  const type = tie("type");
  const block = tie("block");
  const args = fc
    .tuple(few(expression), few(fc.tuple(anyWord, expression)))
    .map(([positional, named]): Argument[] => [
      ...positional.map((value): Argument => ({ kind: "Argument", value, span })),
      ...named.map(([name, value]): Argument => ({ kind: "Argument", name, value, span })),
    ]);
  const fieldPattern = <P extends { readonly kind: string }>(pattern: fc.Arbitrary<P>, own: (name: Identifier) => P) =>
    fc.oneof(
      identifier.map((name) => ({ name, pattern: own(name), span })),
      fc.tuple(anyWord, pattern).map(([name, inner]) => ({ name, pattern: inner, span })),
    );
  return {
    type: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom("int", "lm", "twist", "T").map((name): TypeNode => ({
        kind: "NamedType",
        name: { kind: "Identifier", name, span },
        arguments: [],
        span,
      })),
      fc
        .tuple(identifier, few(type))
        .map(([name, list]): TypeNode => ({ kind: "NamedType", name, arguments: list, span })),
      text.map((value): TypeNode => ({ kind: "StringLiteralType", value, span })),
      few(fc.tuple(anyWord, type, fc.boolean())).map((fields): TypeNode => ({
        kind: "RecordType",
        fields: fields.map(([name, each, opt]) => ({ name, type: each, optional: opt, span })),
        span,
      })),
      few(type, 2).map((elements): TypeNode => ({ kind: "TupleType", elements, span })),
      fc.tuple(few(type), type, fc.boolean()).map(([parameters, result, generative]): TypeNode => ({
        kind: "FunctionType",
        parameters,
        result,
        generative,
        span,
      })),
      few(type, 2).map((members): TypeNode => ({ kind: "UnionType", members, span })),
      type.map((inner): TypeNode => ({ kind: "OptionalType", type: inner, span })),
    ),
    binding: fc.oneof(
      { depthSize: "small" },
      identifier,
      fc.constant<BindingPattern>({ kind: "WildcardPattern", span }),
      few(tie("binding"), 2).map((elements): BindingPattern => ({ kind: "TuplePattern", elements, span })),
      few(fieldPattern<BindingPattern>(tie("binding"), (name) => name)).map((fields): BindingPattern => ({
        kind: "RecordPattern",
        fields,
        span,
      })),
    ),
    pattern: fc.oneof(
      { depthSize: "small" },
      fc
        .oneof(
          number,
          number
            .filter((each) => each.value > 0)
            .map((each): NumberLiteral => ({
              ...each,
              value: -each.value,
              raw: each.raw === "" ? "" : `-${each.raw}`,
            })),
          string,
          plainLiteral,
        )
        .map((value): MatchPattern => ({ kind: "LiteralPattern", value, span })),
      identifier.map((name): MatchPattern => ({ kind: "NamePattern", name, span })),
      fc.constant<MatchPattern>({ kind: "WildcardPattern", span }),
      few(tie("pattern"), 2).map((alternatives): MatchPattern => ({ kind: "OrPattern", alternatives, span })),
      few(tie("pattern"), 2).map((elements): MatchPattern => ({ kind: "TupleMatchPattern", elements, span })),
      few(fieldPattern<MatchPattern>(tie("pattern"), (name) => ({ kind: "NamePattern", name, span }))).map(
        (fields): MatchPattern => ({ kind: "RecordMatchPattern", fields, span }),
      ),
    ),
    call: fc
      .oneof(
        { weight: 4, arbitrary: fc.tuple(expression, args) },
        {
          weight: 1,
          // What takes a constraint.
          arbitrary: fc
            .tuple(expression, fc.constantFrom("text", "masked"), tie("constraint"))
            .map(([object, method, constraint]): [Expression, Argument[]] => {
              const named = (name: string): Identifier => ({ kind: "Identifier", name, span });
              const value: Expression = { kind: "ConstraintExpression", constraint, span };
              const name = method === "text" ? { name: named("matching") } : {};
              return [
                { kind: "MemberExpression", object, property: named(method), span },
                [{ kind: "Argument", ...name, value, span }],
              ];
            }),
        },
      )
      .map(([callee, list]): Expression => ({ kind: "CallExpression", callee, arguments: list, span })),
    conditional: fc
      .tuple(expression, block, optional(fc.oneof({ depthSize: "small" }, block, tie("conditional"))))
      .map(([test, then, otherwise]): IfExpression => ({
        kind: "IfExpression",
        test,
        then,
        ...maybe("else", otherwise),
        span,
      })),
    infer: fc.tuple(identifier, args, optional(tie("method"))).map(([model, list, method]): InferExpression => ({
      kind: "InferExpression",
      model,
      arguments: list,
      ...maybe("method", method),
      span,
    })),
    expression: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      identifier,
      number,
      string,
      plainLiteral,
      few(expression).map((elements): Expression => ({ kind: "ListExpression", elements, span })),
      few(expression, 2).map((elements): Expression => ({ kind: "TupleExpression", elements, span })),
      uniqueBy<RecordField>(
        fc.oneof(
          identifier.map((name): RecordField => ({ kind: "Field", name, value: name, shorthand: true, span })),
          fc
            .tuple(anyWord, expression)
            .map(([name, value]): RecordField => ({ kind: "Field", name, value, shorthand: false, span })),
          expression.map((value): RecordField => ({ kind: "Spread", value, span })),
        ),
      ).map((fields): Expression => ({ kind: "RecordExpression", fields, span })),
      few(fc.tuple(expression, expression)).map((entries): Expression => ({
        kind: "MapExpression",
        entries: entries.map(([key, value]) => ({ key, value, span })),
        span,
      })),
      few(expression, 1).chain((expressions) =>
        fc
          .tuple(fc.array(text, { minLength: expressions.length + 1, maxLength: expressions.length + 1 }), fc.boolean())
          .map(([texts, multiline]): Expression => ({
            kind: "TemplateLiteral",
            texts,
            rawTexts: texts,
            expressions,
            multiline,
            span,
          })),
      ),
      fc
        .tuple(fc.constantFrom<"-" | "!">("-", "!"), expression)
        .map(([operator, operand]): Expression => ({ kind: "UnaryExpression", operator, operand, span })),
      fc
        .tuple(
          fc
            .constantFrom("+", "-", "*", "/", "%", "^", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "??", "in")
            .map((each) => each as "+"),
          expression,
          expression,
        )
        .map(([operator, left, right]): Expression => ({ kind: "BinaryExpression", operator, left, right, span })),
      fc
        .tuple(expression, expression)
        .map(([start, end]): Expression => ({ kind: "RangeExpression", start, end, span })),
      fc
        .tuple(expression, tie("constraint"))
        .map(([value, constraint]): Expression => ({ kind: "MatchesExpression", value, constraint, span })),
      tie("call"),
      fc
        .tuple(expression, fc.oneof(anyWord, fc.constant<Identifier>({ kind: "Identifier", name: "0", span })))
        .map(([object, property]): Expression => ({ kind: "MemberExpression", object, property, span })),
      fc
        .tuple(expression, expression)
        .map(([object, index]): Expression => ({ kind: "IndexExpression", object, index, span })),
      fc
        .tuple(few(tie("parameter")), block)
        .map(([parameters, body]): Expression => ({ kind: "LambdaExpression", parameters, body, span })),
      tie("conditional"),
      fc
        .tuple(expression, few(tie("arm")))
        .map(([subject, arms]): Expression => ({ kind: "MatchExpression", subject, arms, span })),
      block.map((each): Expression => ({ kind: "BlockExpression", block: each, span })),
      fc.tuple(expression, optional(expression)).map(([distribution, proposal]): Expression => ({
        kind: "SampleExpression",
        distribution,
        ...maybe("proposal", proposal),
        span,
      })),
      tie("infer"),
    ),
    constraint: fc.oneof(
      { depthSize: "small" },
      fc
        .tuple(fc.constantFrom("a", "[/]b", "\\/c\\.", ".*\\b(x|y)\\b", "#{1,2}"), fc.constantFrom("", "i", "su"))
        .map(([source, flags]): ConstraintNode => ({ kind: "RegexConstraint", source, flags, span })),
      fc.tuple(identifier, identifier, identifier).map(([a, b, c]): ConstraintNode => ({
        kind: "RegexConstraint",
        source: `\${${a.name}} and [\${${b.name}.${c.name}}]`,
        flags: "",
        values: [a, { kind: "MemberExpression", object: b, property: c, span }],
        span,
      })),
      few(tie("constraint"), 1).map((parts): ConstraintNode => ({
        kind: "ConstraintCall",
        name: { kind: "Identifier", name: "sequence", span },
        arguments: parts.map((constraint) => ({
          kind: "Argument",
          value: { kind: "ConstraintExpression", constraint, span },
          span,
        })),
        span,
      })),
      fc
        .tuple(identifier, args)
        .map(([name, list]): ConstraintNode => ({ kind: "ConstraintCall", name, arguments: list, span })),
      expression
        .filter((value) => !unsaidInConstraints(value))
        .map((value): ConstraintNode => ({ kind: "ValueConstraint", value, span })),
      tie("constraint").map((operand): ConstraintNode => ({ kind: "NotConstraint", operand, span })),
      few(tie("constraint"), 2).map((operands): ConstraintNode => ({ kind: "AndConstraint", operands, span })),
      few(tie("constraint"), 2).map((operands): ConstraintNode => ({ kind: "OrConstraint", operands, span })),
    ),
    argument: fc
      .tuple(optional(anyWord), expression)
      .map(([name, value]): Argument => ({ kind: "Argument", ...maybe("name", name), value, span })),
    parameter: fc.tuple(identifier, optional(type), optional(expression)).map(([name, each, value]): Parameter => ({
      kind: "Parameter",
      name,
      ...maybe("type", each),
      ...maybe("defaultValue", value),
      span,
    })),
    arm: fc
      .tuple(tie("pattern"), optional(expression), block)
      .map(([pattern, guard, body]): MatchArm => ({ kind: "MatchArm", pattern, ...maybe("guard", guard), body, span })),
    method: fc
      .tuple(identifier, args)
      .map(([name, list]): MethodNode => ({ kind: "MethodNode", name, arguments: list, span })),
    fn: fc
      .tuple(identifier, few(tie("parameter")), optional(type), block)
      .map(([name, parameters, result, body]): FunctionDeclaration => ({
        kind: "FunctionDeclaration",
        exported: false,
        name,
        parameters,
        ...maybe("result", result),
        body,
        span,
      })),
    block: fc
      .tuple(
        fc.array(tie("statement"), { maxLength: 2, depthIdentifier: "block", size: "small" }),
        optional(expression),
      )
      .map(([statements, result]): Block => ({ kind: "Block", statements, ...maybe("result", result), span })),
    statement: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom<Statement>(
        { kind: "StepStatement", span },
        { kind: "BreakStatement", span },
        { kind: "ContinueStatement", span },
      ),
      fc
        .tuple(fc.boolean(), tie("binding"), optional(type), expression)
        .map(([mutable, pattern, each, value]): Statement => ({
          kind: "LetStatement",
          mutable,
          pattern,
          ...maybe("type", each),
          value,
          span,
        })),
      fc
        .tuple(fc.boolean(), tie("binding"), optional(type), expression, optional(expression))
        .map(([mutable, pattern, each, distribution, proposal]): Statement => ({
          kind: "DrawStatement",
          mutable,
          pattern,
          ...maybe("type", each),
          distribution,
          ...maybe("proposal", proposal),
          span,
        })),
      fc
        .tuple(identifier, fc.constantFrom<"=" | "+=" | "-=" | "*=" | "/=">("=", "+=", "-=", "*=", "/="), expression)
        .map(([target, operator, value]): Statement => ({ kind: "AssignStatement", target, operator, value, span })),
      fc
        .tuple(expression, expression)
        .map(([value, distribution]): Statement => ({ kind: "ObserveStatement", value, distribution, span })),
      fc
        .tuple(expression, tie("constraint"))
        .map(([value, constraint]): Statement => ({ kind: "ObserveStatement", value, constraint, span })),
      expression.map((test): Statement => ({ kind: "ConditionStatement", test, span })),
      expression.map((weight): Statement => ({ kind: "FactorStatement", weight, span })),
      expression.map((weight): Statement => ({ kind: "TwistStatement", weight, span })),
      fc.tuple(identifier, block).map(([draw, body]): Statement => ({ kind: "OnStatement", draw, body, span })),
      fc
        .tuple(tie("binding"), expression, block)
        .map(([pattern, iterable, body]): Statement => ({ kind: "ForStatement", pattern, iterable, body, span })),
      fc.tuple(expression, block).map(([test, body]): Statement => ({ kind: "WhileStatement", test, body, span })),
      optional(expression).map((value): Statement => ({ kind: "ReturnStatement", ...maybe("value", value), span })),
      tie("fn"),
      expression.map((each): Statement => ({ kind: "ExpressionStatement", expression: each, span })),
    ),
  };
});

/** Values that no constraint can be: a call of a plain name is a constraint, and these are no texts. */
function unsaidInConstraints(value: Expression): boolean {
  if (value.kind === "CallExpression") return value.callee.kind === "Identifier";
  if (value.kind === "BinaryExpression") {
    return [value.left, value.right].some((each) => each.kind !== "CallExpression" && unsaidInConstraints(each));
  }
  return value.kind === "LambdaExpression" || value.kind === "MatchesExpression" || value.kind === "TupleExpression";
}

const doc = optional(
  fc
    .array(fc.constantFrom("", "a", "  b /c", "x `y`"), { minLength: 1, maxLength: 2 })
    .map((lines) => lines.join("\n")),
);
const documented = fc.tuple(doc, fc.boolean()).map(([text, exported]) => ({ ...maybe("doc", text), exported }));

const declaration: fc.Arbitrary<Declaration> = fc.oneof(
  fc.tuple(few(fc.tuple(identifier, optional(identifier))), string).map(([specifiers, source]): Declaration => ({
    kind: "ImportDeclaration",
    specifiers: specifiers.map(([imported, local]) => ({
      kind: "ImportSpecifier",
      imported,
      local: local ?? imported,
      span,
    })),
    source,
    span,
  })),
  fc
    .tuple(documented, identifier, string, few(fc.tuple(identifier, string)))
    .map(([head, name, spec, options]): Declaration => ({
      kind: "LmDeclaration",
      ...head,
      name,
      spec,
      options: options.map(([option, value]) => ({ kind: "LmOption", name: option, value, span })),
      span,
    })),
  fc
    .tuple(documented, identifier, string)
    .map(([head, name, file]): Declaration => ({ kind: "TwistFileDeclaration", ...head, name, file, span })),
  fc
    .tuple(documented, identifier, optional(trees.type), trees.expression)
    .map(([head, name, type, value]): Declaration => ({
      kind: "ConstDeclaration",
      ...head,
      name,
      ...maybe("type", type),
      value,
      span,
    })),
  fc
    .tuple(documented, identifier, trees.type)
    .map(([head, name, type]): Declaration => ({ kind: "TypeDeclaration", ...head, name, type, span })),
  fc.tuple(documented, trees.fn).map(([head, fn]): Declaration => ({ ...fn, ...head })),
  fc.tuple(documented, trees.fn).map(([head, fn]): Declaration => ({ ...fn, ...head, kind: "ModelDeclaration" })),
  fc
    .tuple(
      fc.constantFrom("ProposalDeclaration", "TwistDeclaration"),
      documented,
      identifier,
      identifier,
      few(trees.parameter),
      trees.block,
    )
    .map(([kind, head, name, target, parameters, body]): Declaration => ({
      kind,
      ...head,
      name,
      parameters,
      target,
      body,
      span,
    })),
  fc.tuple(documented, optional(identifier), trees.infer).map(([head, name, infer]): Declaration => ({
    kind: "QueryDeclaration",
    ...head,
    ...maybe("name", name),
    infer,
    span,
  })),
);

export const modules: fc.Arbitrary<Module> = fc
  .array(declaration, { maxLength: 4 })
  .map((declarations): Module => ({ kind: "Module", declarations, span }));

/** A tree without its spans and spellings. */
export function essence(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(essence);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, each]) => key !== "span" && key !== "raw" && key !== "rawTexts" && each !== undefined)
      .map(([key, each]) => [key, essence(each)]),
  );
}

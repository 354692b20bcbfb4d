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
  RecordExpression,
  RecordField,
  Span,
  Statement,
  StringLiteral,
  TypeNode,
} from "../ast.js";
import { operators, precedence } from "../operators.js";
import { scanText } from "../scan.js";
import { decodeTexts, escapeText } from "../strings.js";
import { blockText, type Comments } from "./comments.js";
import {
  breaks,
  freshline,
  group,
  hardline,
  ifBroken,
  indent,
  join,
  line,
  render,
  softline,
  suffix,
  type Document,
} from "./document.js";
import { constraintLevelOf, constraintLevels, endsWithSample, isBodied, leftmost, levelOf } from "./precedence.js";

/** The text a tree was read from, with what the tree does not say about it. */
export interface Source {
  readonly text: string;
  readonly comments: Comments;
  /** The nodes in round brackets, with the brackets' span. */
  readonly bracketed: ReadonlyMap<object, Span>;
}

/** Any node that can be printed by itself. */
export type Printable =
  | Module
  | Declaration
  | Statement
  | Block
  | Expression
  | BindingPattern
  | MatchPattern
  | MatchArm
  | ConstraintNode
  | TypeNode
  | Parameter
  | Argument
  | MethodNode;

interface Spanned {
  readonly span: Span;
}

/**
 * Makes documents of trees. With a source it keeps that text's comments, blank lines, brackets, literals as written, and
 * whether lists and bodies were on one line; without one it chooses.
 */
export class Printer {
  /** Inside `${…}`, where there can be no new line. */
  private inline = false;

  constructor(private readonly source?: Source) {}

  // ------------------------------------------------------------------------------------------------- with the source

  private extent(node: Spanned): Span {
    return this.source?.bracketed.get(node) ?? node.span;
  }

  private copied(source: Source, node: Spanned): Document {
    const { start, end } = node.span;
    return this.withComments(node, () => {
      source.comments.pass(end);
      return source.text.slice(start, end);
    });
  }

  /** Puts the comments before a node in front of it. */
  private withComments(node: Spanned, document: () => Document): Document {
    const before = this.source?.comments.inside(node.span.start);
    if (before === undefined) return document();
    const whole: Document = [before.document, document()];
    return before.lines ? indent(whole) : whole;
  }

  /** A node, in brackets if they are wanted, with the comments before it each on its side of the bracket. */
  private grouped(node: Spanned, brackets: boolean, document: () => Document): Document {
    return this.withComments({ span: this.extent(node) }, () => {
      const inner = this.withComments(node, document);
      return brackets ? ["(", inner, ")"] : inner;
    });
  }

  /** Behind a node, the comments inside of it that found no place. */
  private withRest(node: Spanned, document: Document): Document {
    return [document, this.rest(node)];
  }
  private rest(node: Spanned): Document {
    const found: Document[] = [];
    const comments = this.source?.comments;
    let afterLine = false;
    for (let comment = comments?.own(node.span.end); comment; comment = comments?.own(node.span.end)) {
      if (comment.kind !== "block") found.push(suffix(` ${comment.text.trimEnd()}`));
      else found.push(afterLine ? freshline : " ", blockText(comment));
      afterLine = comment.kind !== "block";
    }
    return found;
  }

  /** Whether the first thing in brackets stands on a line of its own in the source. */
  private opened(start: number, first: Spanned | undefined): boolean {
    if (this.source === undefined || first === undefined) return false;
    const { comments } = this.source;
    return comments.lineOf(start) !== comments.lineOf(this.extent(first).start);
  }

  /** Things on lines of their own, up to `end`, with the comments around them and the blank lines between them. */
  private lines<N extends Spanned>(
    from: number,
    nodes: readonly N[],
    end: number,
    print: (node: N, last: boolean) => Document,
  ): Document {
    const comments = this.source?.comments;
    if (comments === undefined)
      return join(
        hardline,
        nodes.map((node, i) => print(node, i === nodes.length - 1)),
      );
    const found: Document[] = [];
    let previousEnd = from;
    let atStart = true;
    const place = (start: number) => {
      if (!atStart) {
        found.push(hardline);
        if (comments.lineOf(start) > comments.lineOf(previousEnd) + 1) found.push(hardline);
      }
      atStart = false;
    };
    const ownComments = (limit: number) => {
      found.push(comments.trailing(limit));
      previousEnd = Math.max(previousEnd, comments.passedEnd);
      let glued = false;
      for (let comment = comments.own(limit); comment; comment = comments.own(limit)) {
        if (!glued) place(comment.start);
        found.push(comment.text.trimEnd());
        previousEnd = comment.end;
        glued = comments.between(comment, limit) === " ";
        if (glued) found.push(" ");
      }
      return glued;
    };
    nodes.forEach((node, i) => {
      const { start, end } = this.extent(node);
      if (!ownComments(start)) place(start);
      found.push(this.withRest(node, print(node, i === nodes.length - 1)));
      previousEnd = Math.max(end, comments.passedEnd);
    });
    ownComments(end);
    return found;
  }

  /** A list in brackets: on one line if it fits, else an element a line. */
  private list<N extends Spanned>(
    open: string,
    close: string,
    nodes: readonly N[],
    span: Span,
    print: (node: N) => Document,
    style: { readonly spaced?: boolean; readonly keep?: boolean; readonly from?: number } = {},
  ): Document {
    const comments = this.source?.comments;
    const start = style.from ?? span.start;
    const closing = span.end - 1;
    const edge = style.spaced ? line : softline;
    if (nodes.length === 0) {
      if (!comments?.waiting(closing)) return [open, close];
      const behind = comments.trailing(closing);
      const own = comments.waiting(closing) ? [hardline, trimLast(comments.leading(closing))] : "";
      return group([open, indent([behind, own]), hardline, close]);
    }
    const parts: Document[] = [];
    const force = style.keep === true && this.opened(start, nodes[0]);
    nodes.forEach((node, i) => {
      const place = this.extent(node);
      const last = i === nodes.length - 1;
      if (comments)
        parts.push(i === 0 ? [comments.trailing(place.start, false), edge] : "", comments.leading(place.start));
      else if (i === 0) parts.push(edge);
      parts.push(print(node), last ? ifBroken(",") : ",", this.rest(node));
      const following = nodes[i + 1];
      const limit = following ? this.extent(following).start : closing;
      if (comments) parts.push(comments.trailing(limit));
      if (!last) {
        parts.push(line);
        if (force && comments?.blankBefore(place.end, limit)) parts.push(hardline);
      }
    });
    if (comments?.waiting(closing)) parts.push(hardline, trimLast(comments.leading(closing)));
    return group([open, indent(parts), edge, close], force);
  }

  /** Operands with an operator between them, before or after the place where the line may break. */
  private joined<N extends Spanned>(
    nodes: readonly N[],
    before: string,
    after: string,
    print: (node: N) => Document,
  ): Document {
    return nodes.map((node, i) => {
      if (i === 0) return print(node);
      const comments = this.source?.comments.trailing(this.extent(node).start) ?? "";
      return [before, comments, line, after, print(node)];
    });
  }

  // ------------------------------------------------------------------------------------------------- any node

  print(node: Printable): Document {
    switch (node.kind) {
      case "Module":
        return this.module(node);
      case "ImportDeclaration":
      case "LmDeclaration":
      case "ConstDeclaration":
      case "TypeDeclaration":
      case "FunctionDeclaration":
      case "ModelDeclaration":
      case "ProposalDeclaration":
      case "TwistDeclaration":
      case "TwistFileDeclaration":
      case "QueryDeclaration":
        return this.declaration(node);
      case "Block":
        return this.block(node);
      case "LetStatement":
      case "DrawStatement":
      case "AssignStatement":
      case "ObserveStatement":
      case "ConditionStatement":
      case "FactorStatement":
      case "TwistStatement":
      case "OnStatement":
      case "StepStatement":
      case "ForStatement":
      case "WhileStatement":
      case "BreakStatement":
      case "ContinueStatement":
      case "ReturnStatement":
      case "ExpressionStatement":
        return this.statement(node, false);
      case "TuplePattern":
      case "RecordPattern":
      case "WildcardPattern":
        return this.bindingPattern(node);
      case "LiteralPattern":
      case "OrPattern":
      case "NamePattern":
      case "TupleMatchPattern":
      case "RecordMatchPattern":
        return this.matchPattern(node);
      case "MatchArm":
        return this.arm(node);
      case "RegexConstraint":
      case "ConstraintCall":
      case "ValueConstraint":
      case "NotConstraint":
      case "AndConstraint":
      case "OrConstraint":
        return this.constraint(node, constraintLevels.or);
      case "NamedType":
      case "RecordType":
      case "TupleType":
      case "FunctionType":
      case "UnionType":
      case "OptionalType":
      case "StringLiteralType":
        return this.type(node);
      case "Parameter":
        return this.parameter(node);
      case "Argument":
        return this.argument(node);
      case "MethodNode":
        return this.method(node);
      default:
        return this.expression(node, 0);
    }
  }

  // ------------------------------------------------------------------------------------------------- declarations

  private module(node: Module): Document {
    if (this.source) return this.lines(0, node.declarations, this.source.text.length, (each) => this.declaration(each));
    return node.declarations.map((each, i) => {
      const before = node.declarations[i - 1];
      if (before === undefined) return this.declaration(each);
      const close = before.kind === each.kind && isShort(before) && isShort(each);
      return [hardline, close ? "" : hardline, this.declaration(each)];
    });
  }

  private documentation(node: Declaration): Document {
    if (node.kind === "ImportDeclaration") return "";
    // With a source, the `///` lines come with the comments.
    const doc =
      this.source || node.doc === undefined || this.inline
        ? ""
        : node.doc.split("\n").map((text) => [text === "" ? "///" : `/// ${text}`, hardline]);
    return [doc, node.exported ? "export " : ""];
  }

  declaration(node: Declaration): Document {
    const head = this.documentation(node);
    switch (node.kind) {
      case "ImportDeclaration": {
        const last = node.specifiers.at(-1)?.span.end ?? node.span.start;
        const from = { start: node.span.start, end: this.closing("}", last) };
        const names = this.list("{", "}", node.specifiers, from, (each) => this.specifier(each.imported, each.local), {
          spaced: true,
        });
        return ["import ", names, " from ", this.string(node.source)];
      }
      case "LmDeclaration":
        return [
          head,
          "lm ",
          node.name.name,
          " = ",
          this.string(node.spec),
          ...node.options.map((option): Document => [
            ", ",
            this.withComments(option, () => [option.name.name, ": ", this.string(option.value)]),
          ]),
        ];
      case "TwistFileDeclaration":
        return [head, "twist ", node.name.name, " = ", this.string(node.file)];
      case "ConstDeclaration":
        return [head, "const ", node.name.name, this.annotation(node.type), this.given("=", node.value)];
      case "TypeDeclaration":
        return [head, "type ", node.name.name, " = ", this.type(node.type)];
      case "FunctionDeclaration":
        return [head, this.functionText(node)];
      case "ModelDeclaration":
        return [
          head,
          "model ",
          node.name.name,
          this.parameters(node.parameters, node.name.span.end),
          this.annotation(node.result),
          " ",
          this.block(node.body),
        ];
      case "ProposalDeclaration":
      case "TwistDeclaration":
        return [
          head,
          node.kind === "ProposalDeclaration" ? "proposal " : "twist ",
          node.name.name,
          node.parameters.length > 0 ? this.parameters(node.parameters, node.name.span.end) : "",
          " for ",
          node.target.name,
          " ",
          this.block(node.body),
        ];
      case "QueryDeclaration":
        return [head, "query ", node.name ? [node.name.name, " = "] : "", this.inference(node.infer)];
    }
  }

  private functionText(node: FunctionDeclaration): Document {
    const { body } = node;
    const signature = [
      "fn ",
      node.name.name,
      this.parameters(node.parameters, node.name.span.end),
      this.annotation(node.result),
    ];
    if (this.isExpressionBody(body)) return [signature, this.given("=", body.result as Expression)];
    return [signature, " ", this.block(body)];
  }

  /** Whether a body is written as an expression, where both ways say the same. */
  private isExpressionBody(body: Block): boolean {
    if (body.statements.length > 0 || body.result === undefined) return false;
    if (this.source === undefined) return true;
    return this.extent(body.result).start === body.span.start;
  }

  /** The offset after the closing bracket that follows what ends at `from`; only its place in a source matters. */
  private closing(bracket: string, from: number): number {
    if (this.source === undefined) return from;
    const { text } = this.source;
    let at = from;
    while (at < text.length && text.charAt(at) !== bracket) {
      const skipped = /^(?:\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)/.exec(
        text.slice(at, at + 2) === "//" || text.slice(at, at + 2) === "/*" ? text.slice(at) : "",
      );
      at += skipped ? skipped[0].length : 1;
    }
    return at + 1;
  }

  private specifier(imported: Identifier, local: Identifier): Document {
    return imported.name === local.name ? imported.name : [imported.name, " as ", local.name];
  }

  /** `(…)` after what ends at `from`. */
  private parameters(parameters: readonly Parameter[], from: number): Document {
    const last = parameters.at(-1);
    const value = last?.defaultValue;
    const end = this.closing(")", Math.max(last?.span.end ?? from, value ? this.extent(value).end : 0));
    return this.list("(", ")", parameters, { start: from, end }, (each) => this.parameter(each));
  }

  private parameter(node: Parameter): Document {
    const value = node.defaultValue;
    return [node.name.name, this.annotation(node.type), value ? [" = ", this.expression(value, 0)] : ""];
  }

  private annotation(type: TypeNode | undefined): Document {
    return type ? [": ", this.type(type)] : "";
  }

  /** `= value` or `~ distribution`. */
  private given(sign: string, value: Expression): Document {
    return [" ", sign, " ", this.expression(value, 0)];
  }

  private inference(node: InferExpression): Document {
    return [
      node.model.name,
      this.arguments(node.arguments, node.model.span.end),
      node.method ? [" using ", this.method(node.method)] : "",
    ];
  }

  method(node: MethodNode): Document {
    return this.withComments(node, () => [node.name.name, this.arguments(node.arguments, node.name.span.end)]);
  }

  // ------------------------------------------------------------------------------------------------- statements

  /** `last` in a body without a value: there an expression needs `;` lest it be the value. */
  statement(node: Statement, last: boolean): Document {
    switch (node.kind) {
      case "LetStatement":
        return [
          node.mutable ? "var " : "let ",
          this.bindingPattern(node.pattern),
          this.annotation(node.type),
          this.given("=", node.value),
        ];
      case "DrawStatement": {
        const head = [node.mutable ? "var " : "let ", this.bindingPattern(node.pattern), this.annotation(node.type)];
        if (node.proposal === undefined) return [head, this.given("~", node.distribution)];
        const distribution = endsWithSample(node.distribution)
          ? ["(", this.expression(node.distribution, 0), ")"]
          : this.expression(node.distribution, 0);
        return group([head, " ~ ", distribution, indent([line, "proposal ", this.expression(node.proposal, 0)])]);
      }
      case "AssignStatement":
        return [node.target.name, this.given(node.operator, node.value)];
      case "ObserveStatement": {
        const level = node.constraint ? precedence.comparison + 1 : 0;
        const value = this.expression(node.value, level);
        if (node.constraint)
          return ["observe ", value, " matches ", this.constraint(node.constraint, constraintLevels.or)];
        return ["observe ", value, this.given("~", node.distribution as Expression)];
      }
      case "ConditionStatement":
        return ["condition ", this.expression(node.test, 0)];
      case "FactorStatement":
        return ["factor ", this.expression(node.weight, 0)];
      case "TwistStatement":
        return ["twist ", this.expression(node.weight, 0)];
      case "OnStatement":
        return ["on ", node.draw.name, " ", this.block(node.body)];
      case "StepStatement":
        return "step";
      case "ForStatement":
        return [
          "for ",
          this.bindingPattern(node.pattern),
          " in ",
          this.header(node.iterable),
          " ",
          this.block(node.body),
        ];
      case "WhileStatement":
        return ["while ", this.header(node.test), " ", this.block(node.body)];
      case "BreakStatement":
        return "break";
      case "ContinueStatement":
        return "continue";
      case "ReturnStatement":
        return node.value ? ["return ", this.expression(node.value, 0)] : "return";
      case "FunctionDeclaration":
        return this.declaration(node);
      case "ExpressionStatement":
        return last ? [this.expression(node.expression, 0), ";"] : this.expression(node.expression, 0);
    }
  }

  /** `{ … }`. */
  block(node: Block): Document {
    return group(this.blockParts(node));
  }

  /** A body without a group of its own, so that the branches of an `if` break together. */
  private blockParts(node: Block): Document {
    const comments = this.source?.comments;
    const nodes: (Statement | Expression)[] = node.result ? [...node.statements, node.result] : [...node.statements];
    const end = node.span.end - 1;
    const print = (each: Statement | Expression, last: boolean): Document =>
      each === node.result ? this.expression(each as Expression, 0) : this.statement(each as Statement, last);
    if (nodes.length === 0) {
      if (!comments?.waiting(end)) return "{}";
      return ["{", this.onlyComments(comments, end), "}"];
    }
    if (this.inline) {
      return [
        "{ ",
        join(
          "; ",
          nodes.map((each, i) => print(each, i === nodes.length - 1)),
        ),
        " }",
      ];
    }
    const single =
      nodes.length === 1 && !comments?.waiting(end) && this.mayBeInline(node, nodes[0] as Statement | Expression);
    if (single)
      return ["{", indent([line, this.withRest(nodes[0] as Spanned, print(nodes[0] as Statement, true))]), line, "}"];
    const first = this.extent(nodes[0] as Spanned);
    // Comments before the `{` go inside as well.
    const opening = comments ? comments.trailing(first.start) : "";
    return ["{", indent([opening, hardline, this.lines(node.span.start, nodes, end, print)]), hardline, "}"];
  }

  /** The comments in braces that hold nothing else. */
  private onlyComments(comments: Comments, end: number): Document {
    const behind = comments.trailing(end);
    const own = comments.waiting(end) ? [hardline, this.lines(end, [], end, () => "")] : "";
    return [indent([behind, own]), hardline];
  }

  private mayBeInline(node: Block, only: Statement | Expression): boolean {
    if (this.source) return !this.opened(node.span.start, only);
    if (only.kind === "FunctionDeclaration" && only.doc !== undefined) return false;
    return (
      only === node.result ||
      only.kind === "BreakStatement" ||
      only.kind === "ContinueStatement" ||
      only.kind === "ReturnStatement" ||
      only.kind === "ObserveStatement" ||
      only.kind === "AssignStatement"
    );
  }

  /** An expression before the `{` of a body. */
  private header(node: Expression): Document {
    const document = this.expression(node, 0);
    // `map {` would be a map.
    const bracketed =
      startsWithBrace(node) ||
      node.kind === "LambdaExpression" ||
      /(?:^|\.\.|[^.\w])map$/.test(render(document, Infinity));
    return bracketed ? ["(", document, ")"] : document;
  }

  // ------------------------------------------------------------------------------------------------- patterns

  bindingPattern(node: BindingPattern): Document {
    return this.withComments(node, () => this.bareBindingPattern(node));
  }

  private bareBindingPattern(node: BindingPattern): Document {
    switch (node.kind) {
      case "Identifier":
        return node.name;
      case "WildcardPattern":
        return "_";
      case "TuplePattern":
        return this.list("(", ")", node.elements, node.span, (each) => this.bindingPattern(each));
      case "RecordPattern":
        return this.list(
          "{",
          "}",
          node.fields,
          node.span,
          ({ name, pattern }) =>
            pattern.kind === "Identifier" && pattern.name === name.name
              ? name.name
              : [name.name, ": ", this.bindingPattern(pattern)],
          { spaced: true },
        );
    }
  }

  matchPattern(node: MatchPattern): Document {
    return this.withComments(node, () => this.bareMatchPattern(node));
  }

  private bareMatchPattern(node: MatchPattern): Document {
    switch (node.kind) {
      case "LiteralPattern": {
        const { value } = node;
        if (value.kind === "NumberLiteral") return this.number(value);
        if (value.kind === "StringLiteral") return this.string(value);
        return value.kind === "BooleanLiteral" ? String(value.value) : value.kind === "NoneLiteral" ? "none" : "eos";
      }
      case "OrPattern":
        return group(
          indent(
            this.joined(node.alternatives, " |", "", (each) =>
              this.grouped(each, each.kind === "OrPattern", () => this.matchPattern(each)),
            ),
          ),
        );
      case "NamePattern":
        return node.name.name;
      case "WildcardPattern":
        return "_";
      case "TupleMatchPattern":
        return this.list("(", ")", node.elements, node.span, (each) => this.matchPattern(each));
      case "RecordMatchPattern":
        return this.list(
          "{",
          "}",
          node.fields,
          node.span,
          ({ name, pattern }) =>
            pattern.kind === "NamePattern" && pattern.name.name === name.name
              ? name.name
              : [name.name, ": ", this.matchPattern(pattern)],
          { spaced: true },
        );
    }
  }

  // ------------------------------------------------------------------------------------------------- expressions

  /** An expression where one of at least `level` is wanted: in brackets if it holds together less. */
  expression(node: Expression, level: number): Document {
    const needed = levelOf(node) < level;
    const kept = level > 0 && isOperation(node) && this.source?.bracketed.has(node) === true;
    return this.grouped(node, needed || kept, () => this.bare(node));
  }

  private bare(node: Expression): Document {
    switch (node.kind) {
      case "NumberLiteral":
        return this.number(node);
      case "BooleanLiteral":
        return String(node.value);
      case "StringLiteral":
        return this.string(node);
      case "TemplateLiteral":
        if (this.source) return this.copied(this.source, node);
        return this.template(node.texts, node.expressions, node.multiline);
      case "NoneLiteral":
        return "none";
      case "EosLiteral":
        return "eos";
      case "Identifier":
        return node.name;
      case "ListExpression":
        return this.list("[", "]", node.elements, node.span, (each) => this.expression(each, 0), { keep: true });
      case "TupleExpression":
        return this.list("(", ")", node.elements, node.span, (each) => this.expression(each, 0));
      case "RecordExpression":
        return this.record(node);
      case "MapExpression":
        return [
          "map ",
          this.list(
            "{",
            "}",
            node.entries,
            node.span,
            ({ key, value }) => [this.expression(key, 0), ": ", this.expression(value, 0)],
            { spaced: true, keep: true },
          ),
        ];
      case "UnaryExpression":
        return [node.operator, this.expression(node.operand, precedence.prefix)];
      case "BinaryExpression":
        // The tree knows floor division as an operator, the text as a function: `//` is a comment.
        if (node.operator === "//") {
          return ["int_div(", this.expression(node.left, 0), ", ", this.expression(node.right, 0), ")"];
        }
        return node.operator === "^" ? this.power(node.left, node.right) : this.chain(node);
      case "RangeExpression":
        return [
          this.expression(node.start, precedence.range + 1),
          "..",
          this.expression(node.end, precedence.range + 1),
        ];
      case "MatchesExpression":
        return [
          this.expression(node.value, precedence.comparison + 1),
          " matches ",
          this.constraint(node.constraint, constraintLevels.or),
        ];
      case "ConstraintExpression":
        return this.constraint(node.constraint, constraintLevels.or);
      case "CallExpression":
      case "MemberExpression":
      case "IndexExpression":
        return this.postfixes(node);
      case "LambdaExpression":
        return this.lambda(node.parameters, node.body, node.span.start);
      case "IfExpression":
        return this.conditional(node);
      case "MatchExpression":
        return this.match(node.subject, node.arms, node.span);
      case "BlockExpression":
        return this.blockExpression(node.block);
      case "SampleExpression":
        return [
          "sample ",
          this.expression(node.distribution, precedence.postfix),
          node.proposal ? [" proposal ", this.expression(node.proposal, precedence.postfix)] : "",
        ];
      case "InferExpression":
        return ["infer ", this.inference(node)];
      case "MissingExpression":
        // Only in trees that came with errors; there is nothing that could be written for it.
        return "none";
    }
  }

  private number(node: NumberLiteral): Document {
    if (this.source) return node.raw;
    const read = /^-?[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9]+)?$/.test(node.raw)
      ? Number(node.raw.replaceAll("_", ""))
      : NaN;
    if (Object.is(read, node.value) && node.integer === !/[.eE]/.test(node.raw)) return node.raw;
    if (node.integer)
      return Number.isInteger(node.value) ? BigInt(node.value).toString() : String(Math.trunc(node.value));
    const text = String(node.value);
    return /[.e]/.test(text) ? text : `${text}.0`;
  }

  private string(node: StringLiteral): Document {
    if (this.source) return this.copied(this.source, node);
    return isWrittenAs(node.raw, node.value, node.multiline) && !(this.inline && node.raw.includes("\n"))
      ? node.raw
      : quoted(node.value, node.multiline);
  }

  private template(texts: readonly string[], expressions: readonly Expression[], multiline: boolean): Document {
    const outer = this.inline;
    this.inline = true;
    const mark = multiline ? '"""' : '"';
    const parts = texts.map((text, i) => {
      const hole = expressions[i];
      return [escapeText(text), hole ? ["${", render(this.expression(hole, 0), Infinity), "}"] : ""];
    });
    this.inline = outer;
    return [mark, parts, mark];
  }

  private record(node: RecordExpression): Document {
    return this.list("{", "}", node.fields, node.span, (field) => this.field(field), { spaced: true, keep: true });
  }

  private field(field: RecordField): Document {
    if (field.kind === "Spread") return ["...", this.expression(field.value, 0)];
    const shorthand = field.value.kind === "Identifier" && field.value.name === field.name.name && field.shorthand;
    return shorthand ? field.name.name : [field.name.name, ": ", this.expression(field.value, 0)];
  }

  private power(base: Expression, exponent: Expression): Document {
    return [this.expression(base, precedence.postfix), " ^ ", this.expression(exponent, precedence.prefix)];
  }

  /** `a + b - c`: operators of one precedence break together, after the operator. */
  private chain(node: Expression & { kind: "BinaryExpression" }): Document {
    const level = operators.get(node.operator as "+") ?? precedence.product;
    const associative = level !== precedence.comparison;
    const operands: { readonly operator: string; readonly value: Expression }[] = [];
    let first: Expression = node;
    while (
      first.kind === "BinaryExpression" &&
      operators.get(first.operator as "+") === level &&
      (first === node || associative) &&
      (first === node || !this.source?.bracketed.has(first))
    ) {
      operands.push({ operator: first.operator, value: first.right });
      first = first.left;
    }
    const left = isBodied(first)
      ? ["(", this.expression(first, 0), ")"]
      : this.expression(first, associative ? level : level + 1);
    const rest = operands
      .reverse()
      .map(({ operator, value }) => [
        " ",
        operator,
        this.source?.comments.trailing(this.extent(value).start) ?? "",
        line,
        this.expression(value, level + 1),
      ]);
    return group([left, indent(rest)]);
  }

  /** `a.b(c)[d]…`: a long chain of calls breaks before its dots. */
  private postfixes(node: Expression): Document {
    const steps: (Expression & { kind: "CallExpression" | "MemberExpression" | "IndexExpression" })[] = [];
    let base: Expression = node;
    while (base.kind === "CallExpression" || base.kind === "MemberExpression" || base.kind === "IndexExpression") {
      steps.push(base);
      base = base.kind === "CallExpression" ? base.callee : base.object;
    }
    steps.reverse();
    const chained =
      !this.inline &&
      steps.filter((step, i) => step.kind === "MemberExpression" && steps[i + 1]?.kind === "CallExpression").length >=
        3;
    const first = steps[0];
    const head =
      base.kind === "NumberLiteral" && first?.kind === "MemberExpression" && /^\d/.test(first.property.name)
        ? ["(", this.expression(base, 0), ")"]
        : this.expression(base, precedence.postfix);
    const parts: Document[] = [];
    let commented = false;
    for (const step of steps) {
      if (step.kind === "MemberExpression") {
        const own = this.source?.comments.inside(step.property.span.start);
        if (own) commented = true;
        parts.push(own ? own.document : chained ? softline : "", ".", step.property.name);
      } else if (step.kind === "CallExpression")
        parts.push(this.arguments(step.arguments, this.extent(step.callee).end));
      else parts.push("[", this.expression(step.index, 0), "]");
    }
    const document: Document = [head, chained || commented ? indent(parts) : parts];
    return chained ? group(document) : document;
  }

  /** `(…)` after what ends at `from`. */
  private arguments(args: readonly Argument[], from: number): Document {
    const comments = this.source?.comments;
    const last = args.at(-1);
    const place = {
      start: args[0]?.span.start ?? from,
      end: this.closing(")", last ? this.extent(last.value).end : from),
    };
    // A function or a list at the end need not push the others to lines of their own.
    if (last === undefined || !canHug(last.value, args.length) || comments?.waiting(last.span.start)) {
      return this.list("(", ")", args, place, (each) => this.argument(each));
    }
    // Made once: making a document takes the comments in it.
    const made = args.map((each) => this.argument(each));
    const final = made.at(-1) as Document;
    const before = made.slice(0, -1);
    if (breaks(final) && !breaks(before) && !comments?.waiting(place.end - 1)) return ["(", join(", ", made), ")"];
    return this.list("(", ")", args, place, (each) => made[args.indexOf(each)] as Document);
  }

  argument(node: Argument): Document {
    return node.name ? [node.name.name, ": ", this.expression(node.value, 0)] : this.expression(node.value, 0);
  }

  private lambda(parameters: readonly Parameter[], body: Block, start: number): Document {
    const only = parameters.length === 1 ? parameters[0] : undefined;
    const head =
      only && only.type === undefined && only.defaultValue === undefined
        ? only.name.name
        : this.parameters(parameters, start);
    return [head, " => ", this.body(body)];
  }

  /** What follows `=>`. */
  private body(body: Block): Document {
    if (!this.isExpressionBody(body)) return this.block(body);
    const result = body.result as Expression;
    const first = leftmost(result);
    const bracketed =
      first.kind === "BlockExpression" || (first.kind === "RecordExpression" && !isPlainlyRecord(first));
    return bracketed ? ["(", this.expression(result, 0), ")"] : this.expression(result, 0);
  }

  private conditional(node: IfExpression): Document {
    const parts: Document[] = [];
    for (let at: IfExpression | Block | undefined = node; at !== undefined;) {
      if (at.kind === "Block") {
        parts.push(" else ", this.blockParts(at));
        break;
      }
      parts.push(at === node ? "" : " else ", "if ", this.header(at.test), " ", this.blockParts(at.then));
      at = at.else;
    }
    return group(parts);
  }

  private match(subject: Expression, arms: readonly MatchArm[], span: Span): Document {
    const head = ["match ", this.header(subject), " "];
    const end = span.end - 1;
    const comments = this.source?.comments;
    if (this.inline)
      return [
        head,
        "{ ",
        join(
          ", ",
          arms.map((each) => this.arm(each)),
        ),
        " }",
      ];
    if (arms.length === 0 && !comments?.waiting(end)) return [head, "{}"];
    const first = arms[0];
    if (this.source && first && !this.opened(subject.span.end, first) && !comments?.waiting(end)) {
      const inner = join(
        [",", line],
        arms.map((each) => this.withRest(each, this.arm(each))),
      );
      return group([head, "{", indent([line, inner, ifBroken(",")]), line, "}"]);
    }
    const opening = comments ? comments.trailing(first ? first.span.start : end) : "";
    const lines = this.lines(subject.span.end, arms, end, (each) => [this.arm(each), ","]);
    return [head, "{", indent([opening, hardline, lines]), hardline, "}"];
  }

  private arm(node: MatchArm): Document {
    return [
      this.matchPattern(node.pattern),
      node.guard ? [" if ", this.guard(node.guard)] : "",
      " => ",
      this.body(node.body),
    ];
  }

  private guard(node: Expression): Document {
    return node.kind === "LambdaExpression" ? ["(", this.expression(node, 0), ")"] : this.expression(node, 0);
  }

  private blockExpression(block: Block): Document {
    if (block.statements.length === 0 && block.result === undefined) {
      const comments = this.source?.comments;
      const end = block.span.end - 1;
      return comments?.waiting(end) ? ["{ ;", this.onlyComments(comments, end), "}"] : "{ ; }";
    }
    if (block.statements.length === 0 && block.result?.kind === "Identifier")
      return ["{ (", this.expression(block.result, 0), ") }"];
    return this.block(block);
  }

  // ------------------------------------------------------------------------------------------------- constraints

  constraint(node: ConstraintNode, level: number): Document {
    return this.grouped(node, constraintLevelOf(node) < level, this.bareConstraint(node));
  }

  private bareConstraint(node: ConstraintNode): () => Document {
    switch (node.kind) {
      case "RegexConstraint":
        return () => (this.source ? this.copied(this.source, node) : `/${regexSource(node.source)}/${node.flags}`);
      case "ConstraintCall":
        return () => [node.name.name, this.arguments(node.arguments, node.name.span.end)];
      case "ValueConstraint":
        return () =>
          levelOf(node.value) < precedence.sum
            ? ["(", this.expression(node.value, 0), ")"]
            : this.expression(node.value, precedence.sum);
      case "NotConstraint":
        return () => ["not ", this.constraint(node.operand, constraintLevels.not)];
      case "AndConstraint":
      case "OrConstraint": {
        const [word, level] =
          node.kind === "AndConstraint" ? ["and", constraintLevels.not] : ["or", constraintLevels.and];
        return () => group(indent(this.joined(node.operands, ` ${word}`, "", (each) => this.constraint(each, level))));
      }
    }
  }

  // ------------------------------------------------------------------------------------------------- types

  type(node: TypeNode): Document {
    return this.withComments(node, () => this.bareType(node));
  }

  private bareType(node: TypeNode): Document {
    switch (node.kind) {
      case "NamedType":
        return node.arguments.length === 0
          ? node.name.name
          : [
              node.name.name,
              "<",
              join(
                ", ",
                node.arguments.map((each) => this.type(each)),
              ),
              ">",
            ];
      case "RecordType":
        return this.list(
          "{",
          "}",
          node.fields,
          node.span,
          (field) => [field.name.name, field.optional ? "?" : "", ": ", this.type(field.type)],
          { spaced: true, keep: true },
        );
      case "TupleType":
        return this.list("(", ")", node.elements, node.span, (each) => this.type(each));
      case "FunctionType": {
        const end = this.closing(")", node.parameters.at(-1)?.span.end ?? node.span.start);
        const parameters = this.list("(", ")", node.parameters, { start: node.span.start, end }, (each) =>
          this.type(each),
        );
        return [parameters, node.generative ? " ~> " : " -> ", this.type(node.result)];
      }
      case "UnionType": {
        const members = this.joined(node.members, "", "| ", (each) => this.memberType(each));
        return group(indent([ifBroken([freshline, "| "]), members]));
      }
      case "OptionalType":
        return [this.grouped(node.type, !isAtomType(node.type), () => this.type(node.type)), "?"];
      case "StringLiteralType":
        return this.source ? this.copied(this.source, node) : quoted(node.value, false);
    }
  }

  private memberType(node: TypeNode): Document {
    return this.grouped(node, node.kind === "UnionType" || node.kind === "FunctionType", () => this.type(node));
  }
}

/** A list of comments ends with a new line of its own, which is not wanted before a closing bracket. */
function trimLast(document: Document): Document {
  return Array.isArray(document) ? (document as readonly Document[]).slice(0, -1) : document;
}

const isShort = (node: Declaration) =>
  node.kind !== "FunctionDeclaration" &&
  node.kind !== "ModelDeclaration" &&
  node.kind !== "ProposalDeclaration" &&
  node.kind !== "TwistDeclaration" &&
  !("doc" in node && node.doc);

const isOperation = (node: Expression) =>
  node.kind === "BinaryExpression" ||
  node.kind === "UnaryExpression" ||
  node.kind === "RangeExpression" ||
  node.kind === "MatchesExpression";

const isAtomType = (node: TypeNode) =>
  node.kind !== "UnionType" && node.kind !== "FunctionType" && node.kind !== "OptionalType";

function startsWithBrace(node: Expression): boolean {
  const first = leftmost(node);
  return first.kind === "RecordExpression" || first.kind === "BlockExpression";
}

/** Whether a record's beginning says that it is one, even after `=>`. */
function isPlainlyRecord(node: RecordExpression): boolean {
  const first = node.fields[0];
  if (first === undefined) return false;
  return first.kind === "Spread" || !first.shorthand || node.fields.length > 1;
}

function canHug(value: Expression, count: number): boolean {
  if (value.kind === "LambdaExpression") return true;
  return (
    count === 1 &&
    (value.kind === "ListExpression" || value.kind === "RecordExpression" || value.kind === "MapExpression")
  );
}

function quoted(value: string, multiline: boolean): string {
  const mark = multiline ? '"""' : '"';
  return mark + escapeText(value) + mark;
}

/** Whether `raw` is a literal whose text is `value`. */
function isWrittenAs(raw: string, value: string, multiline: boolean): boolean {
  const width = multiline ? 3 : 1;
  const mark = multiline ? '"""' : '"';
  if (!raw.startsWith(mark) || raw.startsWith('"""') !== multiline || raw.length < 2 * width) return false;
  const scanned = scanText(raw, width, multiline);
  if (scanned.stop !== "close" || scanned.end !== raw.length) return false;
  return decodeTexts([raw.slice(width, -width)], multiline)[0] === value;
}

/** A regular expression's source as it can stand between slashes. */
function regexSource(source: string): string {
  if (source === "") return "(?:)";
  let out = "";
  let inClass = false;
  for (let i = 0; i < source.length; i++) {
    const char = source.charAt(i);
    if (char === "\\" && i + 1 < source.length) {
      out += char + source.charAt(++i);
      continue;
    }
    if (char === "[") inClass = true;
    else if (char === "]") inClass = false;
    if (char === "/" && !inClass) out += "\\/";
    else if (char === "\n") out += "\\n";
    else if (char === "\r") out += "\\r";
    else out += char;
  }
  return out.startsWith("*") ? `\\${out}` : out;
}

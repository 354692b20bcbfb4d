import {
  EmbeddedActionsParser,
  EOF,
  tokenMatcher,
  type IParserErrorMessageProvider,
  type IToken,
  type ParserMethod,
  type TokenType,
} from "chevrotain";
import type {
  Argument,
  BinaryExpression,
  BindingPattern,
  Block,
  ConstraintNode,
  Declaration,
  Expression,
  FunctionDeclaration,
  Identifier,
  IfExpression,
  ImportSpecifier,
  InferExpression,
  LmOption,
  MatchArm,
  MatchPattern,
  MemberExpression,
  MethodNode,
  MissingExpression,
  Module,
  Parameter,
  RecordField,
  RegexConstraint,
  Span,
  Statement,
  StringLiteral,
  TwistDeclaration,
  TypeNode,
} from "./ast.js";
import type { Diagnostic } from "./diagnostic.js";
import type { Placed } from "./layout.js";
import { LazyLookahead } from "./lookahead.js";
import { numberLiteral, stringLiteral } from "./literals.js";
import { operators, precedence } from "./operators.js";
import { regexValues } from "./regex-values.js";
import { problem, Problem } from "./problem.js";
import { Regions } from "./regions.js";
import { decodeTexts } from "./strings.js";
import { reservedWords } from "./tokens.js";
import { Infix, Name, parserTokens, T, textOf, type Flaw } from "./vocabulary.js";

/**
 * The grammar, as a chevrotain parser that builds the tree as it goes.
 *
 * Where a list of things is read (declarations, statements, arguments, fields, cases) each is read on its own: one that
 * cannot be read is reported, skipped up to the next, and the rest goes on. The layout has balanced all brackets before,
 * so skipping never leaves the brackets it is in.
 *
 * **Lines.** A statement or declaration ends with its line, or at `;` or the `}` around it. It goes on in the next line
 *
 * - inside `(…)`, `[…]` and `${…}`, where lines do not count (in braces inside of these they count again),
 * - after anything that needs more: an operator, a comma, `=`, `~`, `=>`, an opening bracket,
 * - where the next line begins with what cannot begin a statement: `.`, an operator other than `-` and `!` (`in` and
 *   `matches` as well), `else`, `using`, `proposal` (in a body), `|` in a type, or a `{` that the header before it needs.
 *
 * A line that begins with `-`, `(`, `[` or `{` always begins something new; `return` at the end of a line returns nothing.
 *
 * **Braces.** After `if`, `else`, `for`, `while`, `match …`, a signature and `=>`, `{` opens a body. Where an expression is
 * wanted, and after `=>`, `{ name: …`, `{ name, …` and `{ ...other` begin a record. `{ name }` and `{}` are records where
 * an expression is wanted and bodies after `=>`; anything else in braces is a body. `map {` begins a map.
 *
 * **Values of bodies.** The last statement of a body is its value if it is an expression and no `;` follows.
 */
export class PglParser extends EmbeddedActionsParser {
  /** What was found wrong, in the order in which it was. */
  readonly problems: Problem[] = [];
  /** The longest chain of operators, members or prefixes, and the deepest nesting: bounds on the height of the tree. */
  longestChain = 0;
  deepestNesting = 0;

  /** The nodes that stand in round brackets of their own, with the span of the (outermost) brackets. */
  readonly bracketed = new Map<Bracketed, Span>();

  private docs: ReadonlyMap<Placed, string> = new Map();
  private damaged = new Regions([]);
  /** The innermost bracket that is being read. */
  private within: Placed | undefined;
  private nesting = 0;
  private lastProblemAt = -1;

  /** Without validations for use; with them, and chevrotain's own lookahead, to test the grammar itself. */
  constructor(options: { skipValidations: boolean }) {
    super(parserTokens, {
      recoveryEnabled: false,
      maxLookahead: 1,
      errorMessageProvider: plainMessages,
      skipValidations: options.skipValidations,
      ...(options.skipValidations ? { lookaheadStrategy: new LazyLookahead() } : {}),
    });
    this.performSelfAnalysis();
  }

  /** Makes the parser ready for a text. */
  begin(tokens: Placed[], docs: ReadonlyMap<Placed, string>, damaged: Regions): void {
    this.input = tokens;
    this.docs = docs;
    this.damaged = damaged;
    this.problems.length = 0;
    this.bracketed.clear();
    this.longestChain = 0;
    this.deepestNesting = 0;
    this.within = undefined;
    this.nesting = 0;
    this.lastProblemAt = -1;
  }

  // ------------------------------------------------------------------------------------------------------- looking

  private peek(ahead = 1): Placed {
    return this.LA(ahead) as Placed;
  }
  private at(type: TokenType, ahead = 1): boolean {
    return this.LA(ahead).tokenType === type;
  }
  private atAny(type: TokenType, ahead = 1): boolean {
    return tokenMatcher(this.LA(ahead), type);
  }
  private get atEnd(): boolean {
    return this.LA(1).tokenType === EOF;
  }
  /** At the closing bracket of what is being read, or at the end of the file. */
  private get atClose(): boolean {
    const token = this.peek();
    return token.tokenType === EOF || (this.within !== undefined && token.index === this.within.match);
  }
  /** Where a statement may end. */
  private get atStatementEnd(): boolean {
    return this.atClose || this.peek().newline || this.at(T.Semicolon);
  }
  private get depth(): number {
    return this.within === undefined ? 0 : this.within.depth + 1;
  }
  private get previousEnd(): number {
    const previous = this.peek(0);
    return previous.tokenType === EOF ? 0 : previous.startOffset + previous.image.length;
  }

  // ------------------------------------------------------------------------------------------------------- spans

  private spanOf(token: IToken): Span {
    if (this.RECORDING_PHASE) return noSpan;
    return { start: token.startOffset, end: token.startOffset + token.image.length };
  }
  private from(start: number): Span {
    return { start, end: Math.max(start, this.previousEnd) };
  }
  /** An expression's place with the brackets around it. */
  private readonly extent = (value: Expression): Span =>
    this.RECORDING_PHASE ? noSpan : (this.bracketed.get(value) ?? value.span);
  private get start(): number {
    const token = this.peek();
    return token.tokenType === EOF ? this.previousEnd : token.startOffset;
  }

  // ------------------------------------------------------------------------------------------------------- problems

  private report(found: Problem): void {
    const start = found.diagnostic.span.start;
    if (start === this.lastProblemAt) return;
    if (this.damaged.touches(start)) return;
    this.lastProblemAt = start;
    this.problems.push(found);
  }

  /** What is there, in words. */
  private describe(token: Placed): string {
    if (token.tokenType === EOF) return "the end of the file";
    if (token.newline) return "the end of the line";
    if (token.image === "") return "the end of what is in brackets";
    if (token.tokenType === T.String) return `the string ${shorten(token.image)}`;
    if (token.tokenType === T.TemplateHead) return `a string`;
    if (token.tokenType === T.TemplateMiddle || token.tokenType === T.TemplateTail) return "`}`";
    if (reservedWords.has(token.image)) return `the word \`${token.image}\``;
    return `\`${shorten(token.image)}\``;
  }

  private expected(
    what: string,
    more: Partial<Pick<Diagnostic, "hint" | "fix" | "related">> & { code?: string } = {},
  ): Problem {
    const token = this.peek();
    const between = token.tokenType === EOF || token.newline || token.image === "";
    const span = between ? { start: this.previousEnd, end: this.previousEnd } : this.spanOf(token);
    return problem(more.code ?? "PGL1020", span, `expected ${what}, found ${this.describe(token)}`, more);
  }

  /** Reads a token that has to be there. */
  private want(index: number, type: TokenType, what: string | (() => string), hint?: () => string | undefined): Placed {
    if (!this.RECORDING_PHASE && !this.atAny(type)) {
      throw this.expected(typeof what === "string" ? what : what(), { hint: hint?.() });
    }
    return this.consume(index, type) as Placed;
  }

  // ------------------------------------------------------------------------------------------------------- recovering

  private skip(): void {
    const token = this.peek();
    const internal = this as unknown as { importLexerState(state: number): void; exportLexerState(): number };
    const match = token.match > token.index ? token.match : token.index;
    internal.importLexerState(match);
  }

  /**
   * Reads something; if it cannot be read, reports why, skips to the end of the brackets it is in or to a token at their
   * level at which `stop` holds, and gives `instead`.
   */
  private guarded<R>(read: () => R, stop: (token: Placed) => boolean, instead: () => R): R {
    if (this.RECORDING_PHASE) return read();
    const { within, nesting } = this;
    try {
      return read();
    } catch (error) {
      this.within = within;
      this.nesting = nesting;
      this.report(asProblem(error));
      this.skipTo(stop);
      return instead();
    }
  }

  private skipTo(stop: (token: Placed) => boolean): void {
    const depth = this.depth;
    while (!this.atClose) {
      const token = this.peek();
      if (token.depth <= depth && stop(token)) return;
      this.skip();
    }
  }

  /** Skips what begins at token `index`, if nothing was read since, so that a list of things always comes to its end. */
  private progressFrom(index: number, stop: (token: Placed) => boolean): void {
    if (this.atClose || this.peek().index !== index) return;
    this.skip();
    this.skipTo(stop);
  }

  private readonly statementStop = (token: Placed) => token.newline || token.tokenType === T.Semicolon;
  private readonly elementStop = (token: Placed) => token.tokenType === T.Comma || token.newline;
  private readonly headerStop = (token: Placed) =>
    token.tokenType === T.LCurly || token.newline || token.tokenType === T.Semicolon;

  private readonly missing = (): MissingExpression => ({
    kind: "MissingExpression",
    span: { start: this.previousEnd, end: this.previousEnd },
  });

  private open(
    index: number,
    type: TokenType,
    what: string | (() => string),
    hint?: () => string | undefined,
  ): Placed | undefined {
    const token = this.want(index, type, what, hint);
    const outer = this.within;
    if (!this.RECORDING_PHASE) this.within = token;
    return outer;
  }
  private close(index: number, type: TokenType, outer: Placed | undefined): void {
    this.consume(index, type);
    this.within = outer;
  }

  /**
   * The elements of a bracket up to its closing, separated by commas, with one more at the end if one likes; where
   * `lines`, a line of its own separates too. The opening bracket has been read.
   */
  private elements<R>(rule: ParserMethod<[], R>, what: string, lines: boolean): R[] {
    const found: R[] = [];
    if (this.RECORDING_PHASE) {
      this.MANY(() => {
        this.SUBRULE(rule);
        this.OPTION(() => this.CONSUME(T.Comma));
      });
      return found;
    }
    let failed = false;
    while (!this.atClose) {
      const before = this.peek().index;
      const reported = this.problems.length;
      if (this.at(T.Comma)) {
        this.report(this.expected(what));
        this.skip();
        continue;
      }
      const element = this.guarded<R | undefined>(
        () => this.SUBRULE(rule),
        this.elementStop,
        () => undefined,
      );
      if (element !== undefined) found.push(element);
      else this.progressFrom(before, this.elementStop);
      const separated = this.at(T.Comma) || this.atClose || (lines && this.peek().newline);
      if (!separated) this.report(this.betweenElements(element !== undefined));
      const broken = element === undefined || !separated;
      if (failed && broken) {
        // Two in a row: these brackets hold something else altogether, and one error about that is enough.
        this.problems.length = reported;
        this.skipTo(() => false);
        break;
      }
      failed = broken;
      if (!separated && !this.beginsElement()) this.skipTo(this.elementStop);
      if (this.at(T.Comma)) this.CONSUME(T.Comma);
    }
    return found;
  }

  private betweenElements(afterOne: boolean): Problem {
    if (this.at(T.Question)) return this.ternary();
    const within = this.within as Placed;
    const closer = textOf.get((this.input[within.match] as Placed).tokenType) ?? "}";
    const insert = afterOne && this.beginsElement() ? this.insertion(",") : undefined;
    const hint =
      this.at(T.Equal) && within.tokenType === T.LParen
        ? "named arguments are written `name: value`, equality `==`"
        : undefined;
    return this.expected(`\`,\` or \`${closer}\``, { fix: insert, hint });
  }

  private ternary(): Problem {
    return problem("PGL1033", this.spanOf(this.peek()), "a choice between two values is not written with `?` and `:`", {
      hint: "write `if test { a } else { b }`",
    });
  }

  private beginsElement(): boolean {
    const type = this.peek().tokenType;
    return (
      type === T.Identifier || type === T.Number || type === T.String || type === T.TemplateHead || type === T.LCurly
    );
  }

  // ------------------------------------------------------------------------------------------------------- names

  private identifier(index: number, what: string): Identifier {
    if (!this.RECORDING_PHASE && !this.atAny(T.Identifier)) {
      const token = this.peek();
      if (!token.newline && reservedWords.has(token.image)) {
        this.report(
          problem(
            "PGL1021",
            this.spanOf(token),
            `\`${token.image}\` is a word of the language and cannot be used as a name`,
            {
              hint: `choose another name, as \`${token.image}_\``,
            },
          ),
        );
        return this.named(this.consume(index, Name));
      }
      throw this.expected(what);
    }
    return this.named(this.consume(index, T.Identifier));
  }
  private named(token: IToken): Identifier {
    if (this.RECORDING_PHASE) return { kind: "Identifier", name: "", span: noSpan };
    return { kind: "Identifier", name: token.image, span: this.spanOf(token) };
  }

  // ------------------------------------------------------------------------------------------------------- module

  readonly module: ParserMethod<[], Module> = this.RULE("module", (): Module => {
    const declarations: Declaration[] = [];
    if (this.RECORDING_PHASE) {
      this.MANY(() => {
        this.SUBRULE(this.declaration);
        this.OPTION(() => this.CONSUME(T.Semicolon));
      });
      return undefined as never;
    }
    while (!this.atEnd) {
      if (this.at(T.Semicolon)) {
        this.CONSUME(T.Semicolon);
        continue;
      }
      const before = this.peek().index;
      const stop = (token: Placed) => token.newline && beginsDeclaration(token);
      const declaration = this.guarded<Declaration | undefined>(
        () => this.SUBRULE(this.declaration),
        stop,
        () => undefined,
      );
      if (declaration) declarations.push(declaration);
      else this.progressFrom(before, stop);
      if (this.at(T.Semicolon)) this.CONSUME1(T.Semicolon);
      else if (!this.atEnd && !this.peek().newline) {
        this.report(this.twoOnALine("declaration"));
        if (!beginsDeclaration(this.peek())) this.skipTo((token) => token.newline);
      }
    }
    const last = this.previousEnd;
    return { kind: "Module", declarations, span: { start: 0, end: last } };
  });

  private twoOnALine(what: "declaration" | "statement"): Problem {
    const token = this.peek();
    if (token.tokenType === T.Question) {
      return this.ternary();
    }
    const hint =
      token.tokenType === T.Colon
        ? "a record as the value of a body stands in braces of its own: `{ { name: value } }`"
        : token.tokenType === T.Equal
          ? "only a name declared with `var` can be assigned to; equality is written `==`"
          : what === "statement"
            ? "a statement ends with its line; two on one line are separated by `;`"
            : undefined;
    return this.expected(`a new line or \`;\` after the ${what}`, { code: "PGL1030", hint });
  }

  readonly declaration: ParserMethod<[], Declaration> = this.RULE("declaration", (): Declaration => {
    const start = this.start;
    let doc = this.docs.get(this.peek());
    const exported = this.OPTION(() => this.CONSUME(T.Export)) !== undefined;
    doc ??= this.docs.get(this.peek());
    if (!this.RECORDING_PHASE && (!beginsDeclaration(this.peek()) || this.at(T.Export)))
      throw this.notADeclaration(exported);
    const documentation = { ...(doc === undefined ? {} : { doc }), exported };
    return this.OR<Declaration>([
      { ALT: () => this.SUBRULE(this.importDeclaration, { ARGS: [start, exported] }) },
      { ALT: () => this.SUBRULE(this.lmDeclaration, { ARGS: [start, documentation] }) },
      { ALT: () => this.SUBRULE(this.constDeclaration, { ARGS: [start, documentation] }) },
      { ALT: () => this.SUBRULE(this.typeDeclaration, { ARGS: [start, documentation] }) },
      { ALT: () => this.SUBRULE(this.functionDeclaration, { ARGS: [start, documentation] }) },
      { ALT: () => this.SUBRULE(this.modelDeclaration, { ARGS: [start, documentation] }) },
      { ALT: () => this.SUBRULE(this.proposalDeclaration, { ARGS: [start, documentation] }) },
      { ALT: () => this.SUBRULE(this.twistDeclaration, { ARGS: [start, documentation] }) },
      { ALT: () => this.SUBRULE(this.queryDeclaration, { ARGS: [start, documentation] }) },
    ]);
  });

  private notADeclaration(exported: boolean): Problem {
    const token = this.peek();
    const kinds = "`import`, `lm`, `const`, `type`, `fn`, `model`, `proposal`, `twist` or `query`";
    if (exported) return this.expected(`a declaration after \`export\`: ${kinds}`);
    const foreign = foreignDeclarations[token.image];
    if (foreign && token.tokenType === T.Identifier) {
      return problem("PGL1027", this.spanOf(token), `\`${token.image}\` is not a word of PGL`, { hint: foreign });
    }
    const span = this.spanOf(token);
    if (token.tokenType === T.Let || token.tokenType === T.Var) {
      return problem("PGL1029", span, `\`${token.image}\` stands in the body of a \`model\` or \`fn\``, {
        hint: "outside, `const` gives a name to a value that does not vary",
        ...(token.tokenType === T.Let && this.at(T.Equal, 3) ? { fix: { span, text: "const" } } : {}),
      });
    }
    if (statementBeginnings.has(token.tokenType) || expressionBeginnings.has(token.tokenType)) {
      return problem("PGL1029", span, `expected a declaration, found ${this.describeStart(token)}`, {
        hint: `a file consists of ${kinds.replace(" or ", " and ")}; statements stand in the body of a \`model\` or \`fn\``,
      });
    }
    return problem("PGL1020", span, `expected a declaration, found ${this.describeStart(token)}`, {
      hint: `a declaration begins with ${kinds}`,
    });
  }

  private describeStart(token: Placed): string {
    return this.describe({ ...token, newline: false });
  }

  private readonly importDeclaration: ParserMethod<[number, boolean], Declaration> = this.RULE(
    "importDeclaration",
    (start: number, exported: boolean): Declaration => {
      const word = this.CONSUME(T.Import);
      if (exported && !this.RECORDING_PHASE) {
        this.report(
          problem("PGL1020", this.spanOf(word), "an `import` cannot be exported", { hint: "take `export` away" }),
        );
      }
      if (!this.RECORDING_PHASE && this.at(T.Identifier)) {
        // `import a from "…"`: understood, so that `a` is known.
        const local = this.peek();
        const span = this.spanOf(local);
        this.report(
          this.expected("`{` and the names to import", {
            hint: 'imports are written `import { name } from "./file.ts"`',
            fix: { span, text: `{ ${local.image} }` },
          }),
        );
        const specifier = this.SUBRULE1(this.importSpecifier);
        this.want(2, T.From, "`from` and the file the names come from");
        const source = this.plainString(2, "the file to import from, a string");
        return { kind: "ImportDeclaration", specifiers: [specifier], source, span: this.from(start) };
      }
      const outer = this.open(
        1,
        T.LCurly,
        "`{` and the names to import",
        () => 'imports are written `import { name } from "./file.ts"`',
      );
      const specifiers = this.elements(this.importSpecifier, "a name to import", true);
      this.close(1, T.RCurly, outer);
      this.want(1, T.From, "`from` and the file the names come from");
      const source = this.plainString(1, "the file to import from, a string");
      return { kind: "ImportDeclaration", specifiers, source, span: this.from(start) };
    },
  );

  private readonly importSpecifier: ParserMethod<[], ImportSpecifier> = this.RULE(
    "importSpecifier",
    (): ImportSpecifier => {
      const start = this.start;
      const imported = this.identifier(1, "a name to import");
      let local = imported;
      this.OPTION(() => {
        this.CONSUME(T.As);
        local = this.identifier(2, "the name it has here");
      });
      return { kind: "ImportSpecifier", imported, local, span: this.from(start) };
    },
  );

  private plainString(index: number, what: string): StringLiteral {
    if (!this.RECORDING_PHASE && this.at(T.TemplateHead)) {
      throw this.expected(`${what} without \`\${…}\``);
    }
    const token = this.want(index, T.String, what);
    return stringLiteral(token);
  }

  private readonly lmDeclaration = this.RULE(
    "lmDeclaration",
    (start: number, documentation: Documentation): Declaration => {
      this.CONSUME(T.Lm);
      const name = this.identifier(1, "a name for the language model");
      this.want(1, T.Equal, "`=` and the model's specification", () => 'as in `lm writer = "stories"`');
      const what = "the model's specification, a string";
      if (!this.RECORDING_PHASE && this.at(T.Identifier) && !this.peek().newline) {
        const token = this.peek();
        const span = this.spanOf(token);
        this.report(this.expected(what, { fix: { span, text: `"${token.image}"` } }));
        this.skip();
        const spec: StringLiteral = {
          kind: "StringLiteral",
          value: token.image,
          raw: token.image,
          multiline: false,
          span,
        };
        return { kind: "LmDeclaration", ...documentation, name, spec, options: [], span: this.from(start) };
      }
      const spec = this.plainString(1, what);
      const options: LmOption[] = [];
      this.MANY({
        GATE: () => !this.peek().newline,
        DEF: () => {
          this.CONSUME(T.Comma);
          options.push(this.SUBRULE(this.lmOption));
        },
      });
      return { kind: "LmDeclaration", ...documentation, name, spec, options, span: this.from(start) };
    },
  );

  private readonly lmOption: ParserMethod<[], LmOption> = this.RULE("lmOption", (): LmOption => {
    const start = this.start;
    const example = () => 'as in `lm writer = "onnx:./my-model", surrogate: "my-surrogate.json"`';
    const name = this.named(this.want(1, Name, "the name of an option", example));
    this.want(1, T.Colon, () => `\`:\` and the value of \`${name.name}\``, example);
    const value = this.plainString(1, `the value of \`${name.name}\`, a string`);
    return { kind: "LmOption", name, value, span: this.from(start) };
  });

  private readonly constDeclaration = this.RULE(
    "constDeclaration",
    (start: number, documentation: Documentation): Declaration => {
      this.CONSUME(T.Const);
      const name = this.identifier(1, "a name for the constant");
      const type = this.OPTION(() => {
        this.CONSUME(T.Colon);
        return this.SUBRULE(this.type);
      });
      if (!this.RECORDING_PHASE && this.at(T.Tilde)) {
        throw this.expected("`=` and a value", {
          hint: "a constant does not vary; draws stand in the body of a `model`",
        });
      }
      this.want(1, T.Equal, () => `\`=\` and the value of \`${name.name}\``);
      const value = this.guarded(() => this.SUBRULE(this.expression), this.statementStop, this.missing);
      return {
        kind: "ConstDeclaration",
        ...documentation,
        name,
        ...maybe("type", type),
        value,
        span: this.from(start),
      };
    },
  );

  private readonly typeDeclaration = this.RULE(
    "typeDeclaration",
    (start: number, documentation: Documentation): Declaration => {
      this.CONSUME(T.Type);
      const name = this.identifier(1, "a name for the type");
      this.want(1, T.Equal, () => `\`=\` and the type that \`${name.name}\` stands for`);
      const type = this.SUBRULE(this.type);
      return { kind: "TypeDeclaration", ...documentation, name, type, span: this.from(start) };
    },
  );

  private readonly functionDeclaration: ParserMethod<[number, Documentation], FunctionDeclaration> = this.RULE(
    "functionDeclaration",
    (start: number, documentation: Documentation): FunctionDeclaration => {
      this.CONSUME(T.Fn);
      const name = this.identifier(1, "a name for the function");
      const parameters = this.SUBRULE(this.parameters, { ARGS: [`fn ${name.name}`] });
      const result = this.SUBRULE(this.result);
      if (!this.RECORDING_PHASE && !this.at(T.Equal) && !this.at(T.LCurly)) {
        const body = this.bodyMissing(`\`{\` to open the body of \`fn ${name.name}\`, or \`=\` and its value`);
        return {
          kind: "FunctionDeclaration",
          ...documentation,
          name,
          parameters,
          ...maybe("result", result),
          body,
          span: this.from(start),
        };
      }
      const body = this.OR<Block>([
        {
          ALT: () => {
            this.CONSUME(T.Equal);
            const value = this.guarded(() => this.SUBRULE(this.expression), this.statementStop, this.missing);
            return asBlock(value, this.extent(value));
          },
        },
        {
          ALT: () =>
            this.SUBRULE(this.block, {
              ARGS: [`\`{\` to open the body of \`fn ${name.name}\`, or \`=\` and its value`],
            }),
        },
      ]);
      return {
        kind: "FunctionDeclaration",
        ...documentation,
        name,
        parameters,
        ...maybe("result", result),
        body,
        span: this.from(start),
      };
    },
  );

  private readonly modelDeclaration = this.RULE(
    "modelDeclaration",
    (start: number, documentation: Documentation): Declaration => {
      this.CONSUME(T.Model);
      const name = this.identifier(1, "a name for the model");
      const parameters = this.SUBRULE(this.parameters, { ARGS: [`model ${name.name}`] });
      const result = this.SUBRULE(this.result);
      const body = this.bodyOf(`model ${name.name}`);
      return {
        kind: "ModelDeclaration",
        ...documentation,
        name,
        parameters,
        ...maybe("result", result),
        body,
        span: this.from(start),
      };
    },
  );

  private readonly proposalDeclaration = this.RULE(
    "proposalDeclaration",
    (start: number, documentation: Documentation): Declaration => {
      this.CONSUME(T.Proposal);
      const name = this.identifier(1, "a name for the proposal");
      return { kind: "ProposalDeclaration", ...this.writtenFor("proposal", "propose for", name, start, documentation) };
    },
  );

  private readonly twistDeclaration = this.RULE(
    "twistDeclaration",
    (start: number, documentation: Documentation): Declaration => {
      this.CONSUME(T.Twist);
      const name = this.identifier(1, "a name for the twist");
      const file = this.OPTION1(() => {
        this.CONSUME(T.Equal);
        return this.plainString(1, "the file of a learned twist, a string");
      });
      if (file !== undefined && !this.RECORDING_PHASE)
        return { kind: "TwistFileDeclaration", ...documentation, name, file, span: this.from(start) };
      return { kind: "TwistDeclaration", ...this.writtenFor("twist", "twist", name, start, documentation) };
    },
  );

  /** What a proposal and a twist have in common after the name: parameters, the model that they are for, and a body. */
  private writtenFor(
    word: string,
    verb: string,
    name: Identifier,
    start: number,
    documentation: Documentation,
  ): Omit<TwistDeclaration, "kind"> {
    const parameters = this.OPTION(() => this.SUBRULE(this.parameters, { ARGS: [`${word} ${name.name}`] })) ?? [];
    const wanted = `\`for\` and the name of the model to ${verb}`;
    if (!this.RECORDING_PHASE && this.at(T.Identifier)) {
      this.report(this.expected(wanted, { fix: this.insertion(" for") }));
    } else this.want(1, T.For, () => wanted);
    const target = this.identifier(2, `the name of the model to ${verb}`);
    const body = this.bodyOf(`${word} ${name.name}`);
    return { ...documentation, name, parameters, target, body, span: this.from(start) };
  }

  private insertion(text: string): NonNullable<Diagnostic["fix"]> {
    return { span: { start: this.previousEnd, end: this.previousEnd }, text };
  }

  private bodyOf(declared: string): Block {
    const what = `\`{\` to open the body of \`${declared}\``;
    return this.RECORDING_PHASE || this.at(T.LCurly)
      ? this.SUBRULE(this.block, { ARGS: [what] })
      : this.bodyMissing(what);
  }

  /** The body of a declaration that has none: an error, and a value that fits everywhere, so that its name is still known. */
  private bodyMissing(what: string): Block {
    this.report(this.expected(what, { hint: this.at(T.Colon) ? "bodies stand in braces" : undefined }));
    this.skipTo((token) => token.newline && beginsDeclaration(token));
    const result = this.missing();
    return { kind: "Block", statements: [], result, span: result.span };
  }

  private readonly queryDeclaration = this.RULE(
    "queryDeclaration",
    (start: number, documentation: Documentation): Declaration => {
      this.CONSUME(T.Query);
      const name = this.OPTION({
        GATE: () => this.at(T.Equal, 2),
        DEF: () => {
          const own = this.identifier(1, "a name for the query");
          this.CONSUME(T.Equal);
          return own;
        },
      });
      const infer = this.SUBRULE(this.inference, { ARGS: [undefined] });
      return { kind: "QueryDeclaration", ...documentation, ...maybe("name", name), infer, span: this.from(start) };
    },
  );

  /** `m(args) using method(…)`, after `infer` (whose token is given) or `query`. */
  private readonly inference: ParserMethod<[number | undefined], InferExpression> = this.RULE(
    "inference",
    (from: number | undefined): InferExpression => {
      const start = from ?? this.start;
      const model = this.identifier(1, "the name of a model");
      const args = this.SUBRULE(this.arguments, { ARGS: [() => `\`(\` and the arguments of \`${model.name}\``] });
      const method = this.OPTION(() => {
        this.CONSUME(T.Using);
        return this.SUBRULE(this.method);
      });
      return { kind: "InferExpression", model, arguments: args, ...maybe("method", method), span: this.from(start) };
    },
  );

  readonly method: ParserMethod<[], MethodNode> = this.RULE("method", (): MethodNode => {
    const start = this.start;
    const name = this.identifier(1, "the name of an inference method");
    const args = this.SUBRULE(this.arguments, { ARGS: [() => `\`(\` and the options of \`${name.name}\`, or \`()\``] });
    return { kind: "MethodNode", name, arguments: args, span: this.from(start) };
  });

  private readonly parameters: ParserMethod<[string], Parameter[]> = this.RULE(
    "parameters",
    (owner: string): Parameter[] => {
      if (!this.RECORDING_PHASE && !this.at(T.LParen)) {
        this.report(this.expected(`\`(\` and the parameters of \`${owner}\`, or \`()\``));
        this.skipTo((token) => token.tokenType === T.Colon || token.tokenType === T.Equal || this.headerStop(token));
        return [];
      }
      const outer = this.open(1, T.LParen, "`(`");
      const found = this.elements(this.parameter, "a parameter", false);
      this.close(1, T.RParen, outer);
      return found;
    },
  );

  private readonly parameter: ParserMethod<[], Parameter> = this.RULE("parameter", (): Parameter => {
    const start = this.start;
    const name = this.identifier(1, "the name of a parameter");
    if (!this.RECORDING_PHASE && (this.atAny(T.Identifier) || this.at(T.Lm)) && !this.peek().newline) {
      this.report(this.expected(`\`:\` and the type of \`${name.name}\``, { fix: this.insertion(":") }));
      const type = this.SUBRULE1(this.type);
      return { kind: "Parameter", name, type, span: this.from(start) };
    }
    const type = this.OPTION(() => {
      this.CONSUME(T.Colon);
      return this.SUBRULE(this.type);
    });
    const defaultValue = this.OPTION1(() => {
      this.CONSUME(T.Equal);
      return this.SUBRULE(this.expression);
    });
    return {
      kind: "Parameter",
      name,
      ...maybe("type", type),
      ...maybe("defaultValue", defaultValue),
      span: this.from(start),
    };
  });

  private readonly result: ParserMethod<[], TypeNode | undefined> = this.RULE("result", (): TypeNode | undefined => {
    if (!this.RECORDING_PHASE && this.at(T.Arrow)) {
      const arrow = this.spanOf(this.peek());
      this.report(
        problem("PGL1008", arrow, "the type of a result follows `:`, not `->`", { fix: { span: arrow, text: ":" } }),
      );
      this.skip();
      return this.guarded<TypeNode | undefined>(
        () => this.SUBRULE1(this.type),
        this.headerStop,
        () => undefined,
      );
    }
    return this.OPTION(() => {
      this.CONSUME(T.Colon);
      if (!this.RECORDING_PHASE && this.at(T.LCurly) && !this.atRecordType()) {
        this.report(this.expected("the type of the result after `:`"));
        return undefined;
      }
      return this.guarded<TypeNode | undefined>(
        () => this.SUBRULE(this.type),
        (token) => token.tokenType === T.Equal || this.headerStop(token),
        () => undefined,
      );
    });
  });

  /** Whether the `{` where a result's type is wanted opens one, and not the body. */
  private atRecordType(): boolean {
    if (this.atAny(Name, 2)) return this.at(T.Colon, 3) || this.at(T.Question, 3);
    const after = this.input[this.peek().match + 1]?.tokenType;
    return this.at(T.RCurly, 2) && after !== undefined && afterTypes.has(after);
  }

  // ------------------------------------------------------------------------------------------------------- statements

  readonly block: ParserMethod<[string], Block> = this.RULE("block", (what: string): Block => {
    const start = this.start;
    const outer = this.open(1, T.LCurly, what, () => (this.at(T.Colon) ? "bodies stand in braces" : undefined));
    const statements: Statement[] = [];
    let discarded = true;
    if (this.RECORDING_PHASE) {
      this.MANY(() => {
        this.OR([{ ALT: () => this.SUBRULE(this.statement) }, { ALT: () => this.CONSUME(T.Semicolon) }]);
      });
    } else {
      while (!this.atClose) {
        if (this.at(T.Semicolon)) {
          this.CONSUME(T.Semicolon);
          discarded = true;
          continue;
        }
        const before = this.peek().index;
        const statement = this.guarded<Statement | undefined>(
          () => this.SUBRULE(this.statement),
          this.statementStop,
          () => undefined,
        );
        discarded = statement === undefined;
        if (statement) statements.push(statement);
        else this.progressFrom(before, this.statementStop);
        if (!this.atStatementEnd) {
          this.report(this.twoOnALine("statement"));
          if (!statementBeginnings.has(this.peek().tokenType)) this.skipTo(this.statementStop);
        }
      }
    }
    this.close(1, T.RCurly, outer);
    const last = statements.at(-1);
    const span = this.from(start);
    if (last?.kind === "ExpressionStatement" && !discarded) {
      statements.pop();
      return { kind: "Block", statements, result: last.expression, span };
    }
    return { kind: "Block", statements, span };
  });

  readonly statement: ParserMethod<[], Statement> = this.RULE("statement", (): Statement => {
    const start = this.start;
    if (!this.RECORDING_PHASE) {
      const token = this.peek();
      if (!statementBeginnings.has(token.tokenType) && !expressionBeginnings.has(token.tokenType)) {
        throw this.notAStatement(token);
      }
      const foreign = token.tokenType === T.Identifier ? foreignStatements[token.image] : undefined;
      if (foreign && this.atAny(T.Identifier, 2) && !this.peek(2).newline) {
        throw problem("PGL1027", this.spanOf(token), `\`${token.image}\` is not a word of PGL`, { hint: foreign });
      }
      if (token.tokenType === T.Const) return this.localConst(start);
    }
    return this.OR<Statement>([
      { ALT: () => this.SUBRULE(this.binding, { ARGS: [start] }) },
      { ALT: () => this.SUBRULE(this.observe, { ARGS: [start] }) },
      {
        ALT: () => {
          this.CONSUME(T.Condition);
          const test = this.SUBRULE(this.tested);
          return { kind: "ConditionStatement", test, span: this.from(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Factor);
          const weight = this.SUBRULE1(this.expression);
          return { kind: "FactorStatement", weight, span: this.from(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Twist);
          const weight = this.SUBRULE2(this.expression);
          return { kind: "TwistStatement", weight, span: this.from(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Step);
          return { kind: "StepStatement", span: this.from(start) };
        },
      },
      { ALT: () => this.SUBRULE(this.forLoop, { ARGS: [start] }) },
      {
        ALT: () => {
          this.CONSUME(T.While);
          const test = this.header("the condition of `while`", 3);
          const body = this.SUBRULE1(this.block, { ARGS: ["`{` to open the body of `while`"] });
          return { kind: "WhileStatement", test, body, span: this.from(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Break);
          return { kind: "BreakStatement", span: this.from(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Continue);
          return { kind: "ContinueStatement", span: this.from(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Return);
          const value = this.OPTION({
            GATE: () => !this.atStatementEnd,
            DEF: () => this.SUBRULE4(this.expression),
          });
          return { kind: "ReturnStatement", ...maybe("value", value), span: this.from(start) };
        },
      },
      {
        ALT: () => {
          const doc = this.docs.get(this.peek());
          return this.SUBRULE(this.functionDeclaration, {
            ARGS: [start, { ...(doc === undefined ? {} : { doc }), exported: false }],
          });
        },
      },
      {
        GATE: () => this.atHandler,
        ALT: () => this.SUBRULE(this.handler, { ARGS: [start] }),
        IGNORE_AMBIGUITIES: true,
      },
      {
        GATE: () => this.atAny(T.Identifier) && assigning.has(this.LA(2).tokenType),
        ALT: () => this.SUBRULE(this.assignment, { ARGS: [start] }),
        IGNORE_AMBIGUITIES: true,
      },
      {
        ALT: () => {
          const expression = this.SUBRULE5(this.expression);
          if (!this.RECORDING_PHASE && this.at(T.Tilde) && !this.peek().newline)
            return this.drawWithoutLet(expression, start);
          return { kind: "ExpressionStatement", expression, span: this.from(start) };
        },
        IGNORE_AMBIGUITIES: true,
      },
    ]);
  });

  /** `on` is a word of its own only before a name and `{`. */
  private get atHandler(): boolean {
    return (
      this.peek().image === "on" &&
      this.atAny(T.Identifier, 2) &&
      !this.peek(2).newline &&
      this.at(T.LCurly, 3) &&
      !this.peek(3).newline
    );
  }

  private readonly handler: ParserMethod<[number], Statement> = this.RULE("handler", (start: number): Statement => {
    this.CONSUME(T.Identifier);
    const draw = this.identifier(1, "the name of a draw");
    const body = this.SUBRULE(this.block, { ARGS: ["`{` after the name of the draw"] });
    return { kind: "OnStatement", draw, body, span: this.from(start) };
  });

  private notAStatement(token: Placed): Problem {
    const span = this.spanOf(token);
    const found = this.describeStart(token);
    if (token.tokenType === T.Else) {
      return problem("PGL1020", span, "this `else` belongs to no `if`", {
        hint: "`else` follows the `}` of its `if`, without `;`",
      });
    }
    if (beginsDeclaration(token)) {
      return problem("PGL1020", span, `\`${token.image}\` cannot stand in a body`, { hint: "declare it outside" });
    }
    return problem("PGL1020", span, `expected a statement, found ${found}`);
  }

  /** `const` in a body: an error, read as `let`. */
  private localConst(start: number): Statement {
    const word = this.peek();
    const span = this.spanOf(word);
    this.report(
      problem("PGL1020", span, "`const` stands outside of bodies", {
        hint: "in a body, a name is given with `let`",
        fix: { span, text: "let" },
      }),
    );
    word.tokenType = T.Let;
    word.tokenTypeIdx = T.Let.tokenTypeIdx as number;
    return this.SUBRULE(this.binding, { ARGS: [start] });
  }

  private drawWithoutLet(target: Expression, start: number): Statement {
    const tilde = this.spanOf(this.peek());
    if (target.kind !== "Identifier") {
      throw problem("PGL1028", tilde, "what is drawn with `~` needs a name: `let name ~ distribution`", {
        hint: "to score a value that is known, write `observe value ~ distribution`",
      });
    }
    this.report(
      problem("PGL1028", tilde, `a draw is written \`let ${target.name} ~ …\``, {
        hint: `to score a value that is known, write \`observe ${target.name} ~ …\`; to draw into a \`var\`, \`${target.name} = sample …\``,
        fix: { span: { start, end: start }, text: "let " },
      }),
    );
    this.skip();
    const distribution = this.guarded(() => this.SUBRULE6(this.expression), this.statementStop, this.missing);
    return { kind: "DrawStatement", mutable: false, pattern: target, distribution, span: this.from(start) };
  }

  private readonly binding: ParserMethod<[number], Statement> = this.RULE("binding", (start: number): Statement => {
    const mutable = this.OR([{ ALT: () => (this.CONSUME(T.Let), false) }, { ALT: () => (this.CONSUME(T.Var), true) }]);
    const pattern = this.SUBRULE(this.pattern, { ARGS: [mutable ? "a name after `var`" : "a name after `let`"] });
    const type = this.OPTION(() => {
      this.CONSUME(T.Colon);
      return this.guarded<TypeNode | undefined>(
        () => this.SUBRULE(this.type),
        (token) => token.tokenType === T.Equal || token.tokenType === T.Tilde || this.statementStop(token),
        () => undefined,
      );
    });
    const common = { mutable, pattern, ...maybe("type", type) };
    if (!this.RECORDING_PHASE && !this.at(T.Equal) && !this.at(T.Tilde)) {
      const name = pattern.kind === "Identifier" ? `\`${pattern.name}\`` : "it";
      const hint = this.at(T.LSquare) && type ? "a list type is written `list<int>`" : undefined;
      this.report(this.expected(`\`=\` and a value or \`~\` and a distribution for ${name}`, { hint }));
      this.skipTo(this.statementStop);
      return { kind: "LetStatement", ...common, value: this.missing(), span: this.from(start) };
    }
    return this.OR1<Statement>([
      {
        ALT: () => {
          this.CONSUME(T.Equal);
          const value = this.guarded(() => this.SUBRULE(this.expression), this.statementStop, this.missing);
          return { kind: "LetStatement", ...common, value, span: this.from(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Tilde);
          const distribution = this.guarded(() => this.SUBRULE1(this.expression), this.drawStop, this.missing);
          const proposal = this.OPTION1(() => {
            this.CONSUME(T.Proposal);
            return this.guarded(() => this.SUBRULE2(this.expression), this.statementStop, this.missing);
          });
          return {
            kind: "DrawStatement",
            ...common,
            distribution,
            ...maybe("proposal", proposal),
            span: this.from(start),
          };
        },
      },
    ]);
  });

  private readonly drawStop = (token: Placed) => token.tokenType === T.Proposal || this.statementStop(token);

  private readonly assignment: ParserMethod<[number], Statement> = this.RULE(
    "assignment",
    (start: number): Statement => {
      const target = this.identifier(1, "the name of a `var`");
      const operator = this.OR([
        { ALT: () => this.CONSUME(T.Equal) },
        { ALT: () => this.CONSUME(T.PlusEqual) },
        { ALT: () => this.CONSUME(T.MinusEqual) },
        { ALT: () => this.CONSUME(T.StarEqual) },
        { ALT: () => this.CONSUME(T.SlashEqual) },
      ]).image as "=" | "+=" | "-=" | "*=" | "/=";
      const value = this.guarded(() => this.SUBRULE(this.expression), this.statementStop, this.missing);
      return { kind: "AssignStatement", target, operator, value, span: this.from(start) };
    },
  );

  private readonly observe: ParserMethod<[number], Statement> = this.RULE("observe", (start: number): Statement => {
    const word = this.CONSUME(T.Observe);
    const value = this.SUBRULE(this.expression);
    const distribution = this.OPTION(() => {
      this.CONSUME(T.Tilde);
      return this.guarded(() => this.SUBRULE1(this.expression), this.statementStop, this.missing);
    });
    if (distribution !== undefined) {
      if (!this.RECORDING_PHASE && this.at(T.Proposal)) {
        throw this.expected("the end of the statement", {
          hint: "only draws have a proposal: what is observed is not drawn",
        });
      }
      return { kind: "ObserveStatement", value, distribution, span: this.from(start) };
    }
    if (value?.kind === "MatchesExpression") {
      return { kind: "ObserveStatement", value: value.value, constraint: value.constraint, span: this.from(start) };
    }
    if (!this.RECORDING_PHASE) {
      const boolean =
        value.kind === "BinaryExpression" &&
        operators.get(value.operator as "==") !== undefined &&
        (operators.get(value.operator as "==") as number) <= precedence.comparison;
      const span = this.spanOf(word);
      if (boolean && this.atStatementEnd) {
        throw problem(
          "PGL1031",
          span,
          "`observe` is followed by a value and `~ distribution` or `matches constraint`",
          {
            hint: "a condition that has to hold is written `condition …`",
            fix: { span, text: "condition" },
          },
        );
      }
      throw this.expected("`~` and a distribution or `matches` and a constraint", { code: "PGL1031" });
    }
    return undefined as never;
  });

  private readonly forLoop: ParserMethod<[number], Statement> = this.RULE("forLoop", (start: number): Statement => {
    this.CONSUME(T.For);
    const pattern = this.guarded<BindingPattern>(
      () => this.SUBRULE(this.pattern, { ARGS: ["a name after `for`"] }),
      (token) => token.tokenType === T.In || this.headerStop(token),
      () => ({ kind: "WildcardPattern", span: this.from(this.previousEnd) }),
    );
    const iterable = this.guarded<Expression>(
      () => {
        this.want(1, T.In, "`in` and what to go through", () => "a loop is written `for x in xs { … }`");
        return this.SUBRULE(this.expression);
      },
      this.headerStop,
      this.missing,
    );
    const body = this.SUBRULE(this.block, { ARGS: ["`{` to open the body of `for`"] });
    return { kind: "ForStatement", pattern, iterable, body, span: this.from(start) };
  });

  /** The test of `if` or `while`: `=` in place of `==` is understood. */
  private readonly tested: ParserMethod<[], Expression> = this.RULE("tested", (): Expression => {
    const left = this.SUBRULE(this.expression);
    if (this.RECORDING_PHASE || !this.at(T.Equal) || this.peek().newline) return left;
    const span = this.spanOf(this.peek());
    this.report(
      problem("PGL1023", span, "`=` gives a value to a name; equality is written `==`", { fix: { span, text: "==" } }),
    );
    this.skip();
    const right = this.SUBRULE1(this.expression);
    return {
      kind: "BinaryExpression",
      operator: "==",
      left,
      right,
      span: { start: this.extent(left).start, end: this.extent(right).end },
    };
  });

  /** The expression between a word such as `if` and the `{` of the body. */
  private header(what: string, index: number): Expression {
    return this.guarded<Expression>(
      () => {
        if (!this.RECORDING_PHASE && this.at(T.LCurly)) throw this.expected(what);
        return this.subrule(index, this.tested);
      },
      this.headerStop,
      this.missing,
    );
  }

  // ------------------------------------------------------------------------------------------------------- patterns

  readonly pattern: ParserMethod<[string], BindingPattern> = this.RULE("pattern", (what: string): BindingPattern => {
    const start = this.start;
    if (!this.RECORDING_PHASE && !this.at(T.LParen) && !this.at(T.LCurly)) {
      const name = this.identifier(1, what);
      return name.name === "_" ? { kind: "WildcardPattern", span: name.span } : name;
    }
    return this.OR<BindingPattern>([
      {
        ALT: () => {
          const outer = this.open(1, T.LParen, "`(`");
          const elements = this.SUBRULE(this.patternElements);
          this.close(1, T.RParen, outer);
          if (!this.RECORDING_PHASE && elements.length === 1) return this.grouped(elements[0] as BindingPattern, start);
          if (!this.RECORDING_PHASE && elements.length === 0) {
            this.report(problem("PGL1020", this.from(start), "expected names in the brackets"));
          }
          return { kind: "TuplePattern", elements, span: this.from(start) };
        },
      },
      {
        ALT: () => {
          const outer = this.open(1, T.LCurly, "`{`");
          const fields = this.SUBRULE(this.patternFields);
          this.close(1, T.RCurly, outer);
          return { kind: "RecordPattern", fields, span: this.from(start) };
        },
      },
      { ALT: () => this.identifier(1, what) },
    ]);
  });
  private readonly patternElements: ParserMethod<[], BindingPattern[]> = this.RULE(
    "patternElements",
    (): BindingPattern[] => this.elements(this.patternElement, "a name", false),
  );
  private readonly patternElement: ParserMethod<[], BindingPattern> = this.RULE("patternElement", (): BindingPattern =>
    this.SUBRULE(this.pattern, { ARGS: ["a name"] }),
  );
  private readonly patternFields: ParserMethod<[], PatternField<BindingPattern>[]> = this.RULE(
    "patternFields",
    (): PatternField<BindingPattern>[] => this.elements(this.patternField, "the name of a field", true),
  );
  private readonly patternField: ParserMethod<[], PatternField<BindingPattern>> = this.RULE(
    "patternField",
    (): PatternField<BindingPattern> => {
      const start = this.start;
      const name = this.fieldName(1);
      const pattern = this.OPTION(() => {
        this.CONSUME(T.Colon);
        return this.SUBRULE(this.pattern, { ARGS: ["a name for the field's value"] });
      });
      return { name, pattern: pattern ?? name, span: this.from(start) };
    },
  );

  /** The name of a field; before `:` any word will do. */
  private fieldName(index: number): Identifier {
    if (this.RECORDING_PHASE || (this.atAny(Name) && (this.at(T.Colon, 2) || this.at(T.Question, 2)))) {
      return this.named(this.consume(index, Name));
    }
    return this.identifier(index, "the name of a field");
  }

  readonly matchPattern: ParserMethod<[], MatchPattern> = this.RULE("matchPattern", (): MatchPattern => {
    const start = this.start;
    const alternatives = [this.SUBRULE(this.matchAtom)];
    this.MANY(() => {
      this.CONSUME(T.Bar);
      alternatives.push(this.SUBRULE1(this.matchAtom));
    });
    if (alternatives.length === 1) return alternatives[0] as MatchPattern;
    return { kind: "OrPattern", alternatives, span: this.from(start) };
  });

  private readonly matchAtom: ParserMethod<[], MatchPattern> = this.RULE("matchAtom", (): MatchPattern => {
    const start = this.start;
    if (!this.RECORDING_PHASE && !patternBeginnings.has(this.peek().tokenType)) {
      throw this.expected("a pattern", { hint: "a pattern is a literal, a name, `_`, a tuple or a record" });
    }
    return this.OR<MatchPattern>([
      {
        ALT: () => {
          const minus = this.OPTION(() => this.CONSUME(T.Minus)) !== undefined;
          const number = numberLiteral(this.want(1, T.Number, "a number after `-`"));
          const value = minus
            ? { ...number, value: -number.value, raw: `-${number.raw}`, span: this.from(start) }
            : number;
          return { kind: "LiteralPattern", value, span: this.from(start) };
        },
      },
      { ALT: () => ({ kind: "LiteralPattern", value: stringLiteral(this.CONSUME(T.String)), span: this.from(start) }) },
      {
        ALT: () => ({
          kind: "LiteralPattern",
          value: { kind: "BooleanLiteral", value: true, span: this.spanOf(this.CONSUME(T.True)) },
          span: this.from(start),
        }),
      },
      {
        ALT: () => ({
          kind: "LiteralPattern",
          value: { kind: "BooleanLiteral", value: false, span: this.spanOf(this.CONSUME(T.False)) },
          span: this.from(start),
        }),
      },
      {
        ALT: () => ({
          kind: "LiteralPattern",
          value: { kind: "NoneLiteral", span: this.spanOf(this.CONSUME(T.None)) },
          span: this.from(start),
        }),
      },
      {
        ALT: () => ({
          kind: "LiteralPattern",
          value: { kind: "EosLiteral", span: this.spanOf(this.CONSUME(T.Eos)) },
          span: this.from(start),
        }),
      },
      {
        ALT: () => {
          const name = this.named(this.CONSUME(T.Identifier));
          return name.name === "_"
            ? { kind: "WildcardPattern", span: name.span }
            : { kind: "NamePattern", name, span: name.span };
        },
      },
      {
        ALT: () => {
          const outer = this.open(1, T.LParen, "`(`");
          const elements = this.SUBRULE(this.matchElements);
          this.close(1, T.RParen, outer);
          if (!this.RECORDING_PHASE && elements.length === 1) return this.grouped(elements[0] as MatchPattern, start);
          return { kind: "TupleMatchPattern", elements, span: this.from(start) };
        },
      },
      {
        ALT: () => {
          const outer = this.open(1, T.LCurly, "`{`");
          const fields = this.SUBRULE(this.matchFields);
          this.close(1, T.RCurly, outer);
          return { kind: "RecordMatchPattern", fields, span: this.from(start) };
        },
      },
    ]);
  });
  private readonly matchElements: ParserMethod<[], MatchPattern[]> = this.RULE("matchElements", (): MatchPattern[] =>
    this.elements(this.matchPattern, "a pattern", false),
  );
  private readonly matchFields: ParserMethod<[], PatternField<MatchPattern>[]> = this.RULE(
    "matchFields",
    (): PatternField<MatchPattern>[] => this.elements(this.matchField, "the name of a field", true),
  );
  private readonly matchField: ParserMethod<[], PatternField<MatchPattern>> = this.RULE(
    "matchField",
    (): PatternField<MatchPattern> => {
      const start = this.start;
      const name = this.fieldName(1);
      const pattern = this.OPTION(() => {
        this.CONSUME(T.Colon);
        return this.SUBRULE(this.matchPattern);
      });
      return { name, pattern: pattern ?? { kind: "NamePattern", name, span: name.span }, span: this.from(start) };
    },
  );

  // ------------------------------------------------------------------------------------------------------- expressions

  readonly expression: ParserMethod<[], Expression> = this.RULE("expression", (): Expression => {
    if (this.RECORDING_PHASE) {
      this.OR([
        { ALT: () => this.SUBRULE(this.lambda), IGNORE_AMBIGUITIES: true },
        { ALT: () => this.SUBRULE(this.chain), IGNORE_AMBIGUITIES: true },
      ]);
      return undefined as never;
    }
    this.enter();
    try {
      return this.atLambda() ? this.SUBRULE(this.lambda) : this.SUBRULE(this.chain);
    } finally {
      this.nesting--;
    }
  });

  /** Counts a level of nesting that needs no brackets, so that none can exhaust the stack. */
  private enter(): void {
    this.nesting++;
    if (this.nesting > this.deepestNesting) this.deepestNesting = this.nesting;
    if (this.nesting > maximumExpressionNesting) {
      const token = this.peek();
      this.nesting--;
      throw problem(
        "PGL1009",
        token.tokenType === EOF ? this.from(this.previousEnd) : this.spanOf(token),
        `expressions are nested more than ${maximumExpressionNesting} deep here`,
        {
          hint: "give inner parts names of their own with `let` or `fn`",
        },
      );
    }
  }
  private chained(length: number): void {
    if (length > this.longestChain) this.longestChain = length;
  }

  private atLambda(): boolean {
    if (this.atAny(T.Identifier)) return this.at(T.FatArrow, 2);
    const token = this.peek();
    return token.tokenType === T.LParen && this.input[token.match + 1]?.tokenType === T.FatArrow;
  }

  private readonly lambda: ParserMethod<[], Expression> = this.RULE("lambda", (): Expression => {
    const start = this.start;
    const parameters = this.OR<Parameter[]>([
      {
        ALT: () => {
          const name = this.named(this.CONSUME(T.Identifier));
          return [{ kind: "Parameter", name, span: name.span }];
        },
      },
      { ALT: () => this.SUBRULE(this.parameters, { ARGS: ["function"] }) },
    ]);
    this.CONSUME(T.FatArrow);
    const body = this.SUBRULE(this.body);
    return { kind: "LambdaExpression", parameters, body, span: this.from(start) };
  });

  /** What follows `=>`: a body in braces, or an expression. */
  private readonly body: ParserMethod<[], Block> = this.RULE("body", (): Block => {
    if (this.RECORDING_PHASE) {
      this.OR([
        { ALT: () => this.SUBRULE(this.block, { ARGS: [""] }), IGNORE_AMBIGUITIES: true },
        { ALT: () => this.SUBRULE(this.expression), IGNORE_AMBIGUITIES: true },
      ]);
      return undefined as never;
    }
    if (this.at(T.LCurly) && !this.atRecord(false)) return this.SUBRULE(this.block, { ARGS: ["`{`"] });
    const value = this.SUBRULE(this.expression);
    return asBlock(value, this.extent(value));
  });

  /**
   * Whether the `{` here opens a record: `{ name: …`, `{ name, …`, `{ ...other`. `{ name }` and `{}` are records where an
   * expression is wanted (`bare`) and bodies after `=>`.
   */
  private atRecord(bare: boolean): boolean {
    if (this.at(T.RCurly, 2)) return bare;
    if (this.at(T.Ellipsis, 2)) return true;
    if (this.atAny(Name, 2)) {
      if (this.at(T.Colon, 3)) return true;
      return this.atAny(T.Identifier, 2) && (this.at(T.Comma, 3) || (bare && this.at(T.RCurly, 3)));
    }
    return (this.at(T.String, 2) || this.at(T.Number, 2)) && this.at(T.Colon, 3);
  }

  /** Whether the operator here goes on with the expression: `-` at the beginning of a line does not. */
  private readonly goesOn = () => {
    const token = this.peek();
    if (token.tokenType === T.Bar && !token.newline) this.readAs(token, T.OrOr);
    return !(token.newline && token.tokenType === T.Minus);
  };

  /** Takes a token for another one that must have been meant, with an error. */
  private readAs(token: Placed, type: TokenType): void {
    const span = this.spanOf(token);
    const text = textOf.get(type) as string;
    this.report(problem("PGL1008", span, `\`${token.image}\` is written \`${text}\` in PGL`, { fix: { span, text } }));
    token.tokenType = type;
    token.tokenTypeIdx = type.tokenTypeIdx as number;
  }

  /** Operands and operators, folded by precedence. */
  private readonly chain: ParserMethod<[], Expression> = this.RULE("chain", (): Expression => {
    const first = this.SUBRULE(this.operand);
    let folding: Folding | undefined;
    this.MANY({
      GATE: this.goesOn,
      DEF: () => {
        folding ??= new Folding(first, this.extent, (found) => this.report(found));
        const fold = folding;
        this.OR([
          {
            ALT: () => {
              const token = this.CONSUME(Infix);
              const operator = this.RECORDING_PHASE ? "+" : this.operatorOf(token as Placed);
              fold.operator(operator, this.spanOf(token));
              fold.operand(this.SUBRULE1(this.operand));
            },
          },
          {
            ALT: () => {
              const token = this.CONSUME(T.Matches);
              const constraint = this.SUBRULE(this.constraint);
              fold.matches(constraint, this.spanOf(token), this.previousEnd);
            },
          },
        ]);
      },
    });
    if (folding === undefined) return first;
    this.chained(folding.length);
    return folding.finish();
  });

  private operatorOf(token: Placed): string {
    const meant = token.tokenType === T.And ? "&&" : token.tokenType === T.Or ? "||" : undefined;
    if (meant) {
      const span = this.spanOf(token);
      this.report(
        problem("PGL1022", span, `\`${token.image}\` joins constraints; booleans are joined with \`${meant}\``, {
          fix: { span, text: meant },
        }),
      );
      return meant;
    }
    return textOf.get(token.tokenType) as string;
  }

  /** Prefix operators and powers: `-a ^ -b ^ c` is `-(a ^ (-(b ^ c)))`. */
  private readonly operand: ParserMethod<[], Expression> = this.RULE("operand", (): Expression => {
    const prefixes: IToken[][] = [[]];
    const bases: Expression[] = [];
    this.MANY(() => {
      (prefixes[0] as IToken[]).push(this.SUBRULE(this.prefix));
    });
    bases.push(this.SUBRULE(this.postfix));
    this.MANY1(() => {
      this.CONSUME(T.Caret);
      const own: IToken[] = [];
      this.MANY2(() => {
        own.push(this.SUBRULE1(this.prefix));
      });
      prefixes.push(own);
      bases.push(this.SUBRULE1(this.postfix));
    });
    if (this.RECORDING_PHASE) return undefined as never;
    let value = bases[bases.length - 1] as Expression;
    for (let i = bases.length - 1; ; i--) {
      const own = prefixes[i] as IToken[];
      for (let k = own.length - 1; k >= 0; k--) {
        const token = own[k] as IToken;
        const operator = token.tokenType === T.Minus ? "-" : "!";
        value = {
          kind: "UnaryExpression",
          operator,
          operand: value,
          span: { start: token.startOffset, end: this.extent(value).end },
        };
      }
      this.chained(own.length);
      if (i === 0) break;
      const left = bases[i - 1] as Expression;
      value = {
        kind: "BinaryExpression",
        operator: "^",
        left,
        right: value,
        span: { start: this.extent(left).start, end: this.extent(value).end },
      };
    }
    this.chained(bases.length);
    return value;
  });

  /** An expression that is the whole text. */
  readonly wholeExpression: ParserMethod<[], Expression> = this.RULE("wholeExpression", (): Expression => {
    const value = this.guarded(
      () => this.SUBRULE(this.tested),
      () => false,
      this.missing,
    );
    this.nothingMore("the expression");
    return value;
  });
  /** A method, as after `using`, that is the whole text. */
  readonly wholeMethod: ParserMethod<[], MethodNode | undefined> = this.RULE(
    "wholeMethod",
    (): MethodNode | undefined => {
      const value = this.guarded<MethodNode | undefined>(
        () => {
          if (!this.RECORDING_PHASE && this.atAny(T.Identifier) && this.LA(2).tokenType === EOF) {
            const name = this.identifier(2, "");
            return { kind: "MethodNode", name, arguments: [], span: name.span };
          }
          return this.SUBRULE(this.method);
        },
        () => false,
        () => undefined,
      );
      this.nothingMore("the method");
      return value;
    },
  );
  private nothingMore(what: string): void {
    if (this.RECORDING_PHASE || this.atEnd) return;
    const token = this.peek();
    this.report(
      problem("PGL1020", this.spanOf(token), `expected nothing more after ${what}, found ${this.describeStart(token)}`),
    );
    this.skipTo(() => false);
  }

  private readonly prefix: ParserMethod<[], IToken> = this.RULE("prefix", (): IToken => {
    const token = this.OR([
      { ALT: () => this.CONSUME(T.Minus) },
      { ALT: () => this.CONSUME(T.Bang) },
      { ALT: () => this.CONSUME(T.Not) },
    ]);
    if (!this.RECORDING_PHASE && token.tokenType === T.Not) {
      const span = this.spanOf(token);
      this.report(
        problem("PGL1022", span, "`not` belongs to constraints; a boolean is negated with `!`", {
          fix: { span, text: "!" },
        }),
      );
    }
    return token;
  });

  private readonly sameLine = () => !this.peek().newline;

  private readonly postfix: ParserMethod<[], Expression> = this.RULE("postfix", (): Expression => {
    let value = this.SUBRULE(this.primary);
    let length = 0;
    this.MANY({
      GATE: () => this.at(T.Dot) || this.sameLine(),
      DEF: () => {
        length++;
        value = this.OR<Expression>([
          {
            ALT: () => {
              this.CONSUME(T.Dot);
              const property = this.SUBRULE(this.property);
              return { kind: "MemberExpression", object: value, property, span: this.spanSince(value) };
            },
          },
          {
            ALT: () => {
              const args = this.SUBRULE(this.arguments, { ARGS: [() => "`(`"] });
              return { kind: "CallExpression", callee: value, arguments: args, span: this.spanSince(value) };
            },
          },
          {
            ALT: () => {
              const outer = this.open(1, T.LSquare, "`[`");
              const index = this.guarded(
                () => this.SUBRULE(this.expression),
                () => false,
                this.missing,
              );
              if (!this.RECORDING_PHASE && !this.atClose) {
                this.report(this.expected("`]`"));
                this.skipTo(() => false);
              }
              this.close(1, T.RSquare, outer);
              return { kind: "IndexExpression", object: value, index, span: this.spanSince(value) };
            },
          },
        ]);
      },
    });
    this.chained(length);
    return value;
  });

  private spanSince(value: Expression | undefined): Span {
    return this.RECORDING_PHASE ? noSpan : this.from(this.extent(value as Expression).start);
  }

  private readonly property: ParserMethod<[], Identifier> = this.RULE("property", (): Identifier => {
    if (!this.RECORDING_PHASE && !this.atAny(Name) && !this.at(T.Number))
      throw this.expected("the name of a member after `.`");
    return this.named(this.OR([{ ALT: () => this.CONSUME(Name) }, { ALT: () => this.CONSUME(T.Number) }]));
  });

  private readonly arguments: ParserMethod<[() => string], Argument[]> = this.RULE(
    "arguments",
    (what: () => string): Argument[] => {
      const before = this.constraining;
      // Of `.masked(` the argument is a constraint, of `.text(` the one named `matching`.
      const called = !this.RECORDING_PHASE && this.peek(-1).tokenType === T.Dot ? this.peek(0).image : "";
      this.constraining = called === "masked" || called === "text" ? called : this.calledConstraint();
      const outer = this.open(1, T.LParen, what);
      const found = this.elements(this.argument, "an argument", false);
      this.close(1, T.RParen, outer);
      this.constraining = before;
      if (!this.RECORDING_PHASE) {
        const firstNamed = found.findIndex((each) => each.name !== undefined);
        const late = firstNamed < 0 ? undefined : found.slice(firstNamed).find((each) => each.name === undefined);
        if (late && late.value.kind !== "MissingExpression") {
          this.report(
            problem("PGL1026", late.span, "arguments without a name come before those with one", {
              hint: "give it a name, or move it forward",
            }),
          );
        }
      }
      return found;
    },
  );

  private readonly argument: ParserMethod<[], Argument> = this.RULE("argument", (): Argument => {
    const start = this.start;
    if (!this.RECORDING_PHASE && this.at(T.Equal, 2) && this.atAny(T.Identifier)) {
      const span = this.spanOf(this.peek(2));
      this.report(problem("PGL1025", span, "a named argument is written `name: value`", { fix: { span, text: ":" } }));
      const name = this.named(this.CONSUME1(Name));
      this.skip();
      const value = this.guarded(() => this.SUBRULE1(this.expression), this.elementStop, this.missing);
      return { kind: "Argument", name, value, span: this.from(start) };
    }
    const name = this.OPTION({
      GATE: () => this.at(T.Colon, 2),
      DEF: () => {
        const token = this.CONSUME(Name);
        this.CONSUME(T.Colon);
        return this.named(token);
      },
    });
    const { constraining } = this;
    const isConstraint =
      constraining === "text"
        ? name?.name === "matching"
        : constraining !== null && constraining !== "times" && name === undefined;
    const value = isConstraint
      ? this.guarded(() => this.constraintArgument(constraining), this.elementStop, this.missing)
      : this.guarded(() => this.SUBRULE(this.expression), this.elementStop, this.missing);
    // After the constraint comes how often, then one that separates.
    if (constraining === "repeated") this.constraining = "times";
    else if (constraining === "times") this.constraining = "repeated";
    return { kind: "Argument", ...maybe("name", name), value, span: this.from(start) };
  });

  /** What is called, when one of its arguments is a constraint; `times` within `repeated(C, here, …)`. */
  private constraining: Constraining | null = null;
  /** The first token of the constraint that is being read. */
  private constraintName: Placed | undefined;

  /** At the arguments of a constraint that is made of others. */
  private calledConstraint(): Constraining | null {
    if (this.RECORDING_PHASE || this.peek(0) !== this.constraintName) return null;
    const name = this.peek(0).image;
    return name === "sequence" || name === "repeated" ? name : null;
  }

  private constraintArgument(outer: Constraining | null): Expression {
    const start = this.start;
    // Brackets within are those of the constraint.
    this.constraining = null;
    try {
      const constraint = this.SUBRULE(this.constraint);
      return { kind: "ConstraintExpression", constraint, span: this.from(start) };
    } finally {
      this.constraining = outer;
    }
  }

  private readonly primary: ParserMethod<[], Expression> = this.RULE("primary", (): Expression => {
    const start = this.start;
    const first = this.peek().tokenType;
    if (!this.RECORDING_PHASE && (!expressionBeginnings.has(first) || prefixes.has(first)))
      throw this.notAnExpression();
    if (!this.RECORDING_PHASE) {
      // The bulk of all expressions, without building the list of alternatives.
      if (this.at(T.Identifier)) return this.named(this.CONSUME(T.Identifier));
      if (this.at(T.Number)) return numberLiteral(this.CONSUME(T.Number));
      if (this.at(T.String)) return stringLiteral(this.CONSUME(T.String));
    }
    return this.OR<Expression>([
      {
        ALT: () => this.SUBRULE(this.mapLiteral),
        GATE: () => this.at(T.LCurly, 2) && !this.peek(2).newline,
        IGNORE_AMBIGUITIES: true,
      },
      { ALT: () => this.named(this.CONSUME(T.Identifier)), IGNORE_AMBIGUITIES: true },
      { ALT: () => numberLiteral(this.CONSUME(T.Number)) },
      { ALT: () => stringLiteral(this.CONSUME(T.String)) },
      { ALT: () => this.SUBRULE(this.template) },
      { ALT: () => ({ kind: "BooleanLiteral", value: true, span: this.spanOf(this.CONSUME(T.True)) }) },
      { ALT: () => ({ kind: "BooleanLiteral", value: false, span: this.spanOf(this.CONSUME(T.False)) }) },
      { ALT: () => ({ kind: "NoneLiteral", span: this.spanOf(this.CONSUME(T.None)) }) },
      { ALT: () => ({ kind: "EosLiteral", span: this.spanOf(this.CONSUME(T.Eos)) }) },
      {
        ALT: () => {
          const outer = this.open(1, T.LSquare, "`[`");
          const elements = this.SUBRULE(this.listElements);
          this.close(1, T.RSquare, outer);
          return { kind: "ListExpression", elements, span: this.from(start) };
        },
      },
      { ALT: () => this.SUBRULE(this.parenthesised) },
      { ALT: () => this.SUBRULE(this.braced) },
      { ALT: () => this.SUBRULE(this.conditional) },
      { ALT: () => this.SUBRULE(this.match) },
      { ALT: () => this.SUBRULE(this.sample) },
      {
        ALT: () => {
          this.CONSUME(T.Infer);
          return this.SUBRULE(this.inference, { ARGS: [start] });
        },
      },
    ]);
  });

  private notAnExpression(): Problem {
    const token = this.peek();
    const previous = this.peek(0);
    const after = previous.tokenType === EOF || previous.image === "" ? "" : ` after \`${shorten(previous.image)}\``;
    if (!token.newline && token.tokenType === T.Regex) {
      return this.expected(`an expression${after}`, { hint: "a regular expression stands after `matches`" });
    }
    if (!token.newline && token.tokenType === T.Plus) {
      return this.expected(`an expression${after}`, {
        hint: "there is no `++` and no prefix `+`; `x += 1` adds to a `var`",
      });
    }
    if (!token.newline && token.tokenType === T.Dot && this.at(T.Number, 2)) {
      const span = this.spanOf(token);
      return this.expected(`an expression${after}`, {
        hint: "a number has a digit before its point",
        fix: { span, text: "0." },
      });
    }
    if (
      !token.newline &&
      token.tokenType !== EOF &&
      reservedWords.has(token.image) &&
      !statementBeginnings.has(token.tokenType)
    ) {
      return this.expected(`an expression${after}`, {
        hint: `\`${token.image}\` is a word of the language and no name`,
      });
    }
    return this.expected(`an expression${after}`);
  }

  private readonly listElements: ParserMethod<[], Expression[]> = this.RULE("listElements", (): Expression[] =>
    this.elements(this.listElement, "an element", false),
  );
  private readonly listElement: ParserMethod<[], Expression> = this.RULE("listElement", (): Expression =>
    this.guarded(() => this.SUBRULE(this.expression), this.elementStop, this.missing),
  );

  private readonly parenthesised: ParserMethod<[], Expression> = this.RULE("parenthesised", (): Expression => {
    const start = this.start;
    const outer = this.open(1, T.LParen, "`(`");
    const elements = this.SUBRULE(this.groupElements);
    this.close(1, T.RParen, outer);
    if (this.RECORDING_PHASE) return undefined as never;
    const span = this.from(start);
    if (elements.length === 0) {
      this.report(problem("PGL1020", span, "expected an expression in the brackets"));
      return { kind: "MissingExpression", span };
    }
    if (elements.length === 1) return this.grouped(elements[0] as Expression, start);
    return { kind: "TupleExpression", elements, span };
  });
  /** Notes the brackets around a node, from `start` to here. */
  private grouped<N extends Bracketed>(node: N, start: number): N {
    if (!this.RECORDING_PHASE) this.bracketed.set(node, this.from(start));
    return node;
  }
  private readonly groupElements: ParserMethod<[], Expression[]> = this.RULE("groupElements", (): Expression[] =>
    this.elements(this.groupElement, "an expression", false),
  );
  private readonly groupElement: ParserMethod<[], Expression> = this.RULE("groupElement", (): Expression =>
    this.guarded(() => this.SUBRULE(this.tested), this.elementStop, this.missing),
  );

  private readonly template: ParserMethod<[], Expression> = this.RULE("template", (): Expression => {
    const head = this.CONSUME(T.TemplateHead) as Placed;
    const outer = this.within;
    if (!this.RECORDING_PHASE) this.within = head;
    const multiline = head.image.startsWith('"""');
    const rawTexts = [head.image.slice(multiline ? 3 : 1, -2)];
    const expressions = [this.hole(1)];
    this.MANY(() => {
      rawTexts.push(this.CONSUME(T.TemplateMiddle).image.slice(1, -2));
      expressions.push(this.hole(2));
    });
    const tail = this.CONSUME(T.TemplateTail);
    this.within = outer;
    const flaw = (tail.payload as Flaw | undefined)?.flaw;
    rawTexts.push(
      flaw === "broken" || tail.image === ""
        ? ""
        : tail.image.slice(1, flaw === "unclosed" ? undefined : multiline ? -3 : -1),
    );
    const span = { start: head.startOffset, end: tail.startOffset + (flaw === "broken" ? 0 : tail.image.length) };
    return { kind: "TemplateLiteral", texts: decodeTexts(rawTexts, multiline), rawTexts, expressions, multiline, span };
  });

  private hole(index: number): Expression {
    const stop = (token: Placed) => token.tokenType === T.TemplateMiddle;
    const value = this.guarded(() => this.subrule(index, this.expression), stop, this.missing);
    if (!this.RECORDING_PHASE && !this.atClose && !this.at(T.TemplateMiddle)) {
      this.report(this.expected("`}` after the expression in the string"));
      this.skipTo(stop);
    }
    return value;
  }

  private readonly braced: ParserMethod<[], Expression> = this.RULE("braced", (): Expression => {
    if (this.RECORDING_PHASE) {
      this.OR([
        { ALT: () => this.SUBRULE(this.record), IGNORE_AMBIGUITIES: true },
        { ALT: () => this.SUBRULE(this.block, { ARGS: [""] }), IGNORE_AMBIGUITIES: true },
      ]);
      return undefined as never;
    }
    if (this.atRecord(true)) return this.SUBRULE(this.record);
    const block = this.SUBRULE(this.block, { ARGS: ["`{`"] });
    return { kind: "BlockExpression", block, span: block.span };
  });

  private readonly record: ParserMethod<[], Expression> = this.RULE("record", (): Expression => {
    const start = this.start;
    const outer = this.open(1, T.LCurly, "`{`");
    const fields = this.elements(this.recordField, "a field", true);
    this.close(1, T.RCurly, outer);
    return { kind: "RecordExpression", fields, span: this.from(start) };
  });

  private readonly recordField: ParserMethod<[], RecordField> = this.RULE("recordField", (): RecordField => {
    const start = this.start;
    if (!this.RECORDING_PHASE && (this.at(T.String) || this.at(T.Number)) && this.at(T.Colon, 2)) {
      const token = this.peek();
      throw problem("PGL1020", this.spanOf(token), `expected the name of a field, found ${this.describeStart(token)}`, {
        hint: "the fields of a record have plain names; a table with other keys is written `map { key: value }`",
      });
    }
    if (!this.RECORDING_PHASE && !this.at(T.Ellipsis) && !this.atAny(Name)) throw this.expected("the name of a field");
    return this.OR<RecordField>([
      {
        ALT: () => {
          this.CONSUME(T.Ellipsis);
          const value = this.SUBRULE(this.expression);
          return { kind: "Spread", value, span: this.from(start) };
        },
      },
      {
        ALT: () => {
          const name = this.fieldName(1);
          const value = this.OPTION(() => {
            this.CONSUME(T.Colon);
            return this.guarded(() => this.SUBRULE1(this.expression), this.elementStop, this.missing);
          });
          return { kind: "Field", name, value: value ?? name, shorthand: value === undefined, span: this.from(start) };
        },
      },
    ]);
  });

  private readonly mapLiteral: ParserMethod<[], Expression> = this.RULE("mapLiteral", (): Expression => {
    const start = this.start;
    this.CONSUME(T.Map);
    const outer = this.open(1, T.LCurly, "`{`");
    const entries = this.elements(this.mapEntry, "an entry, `key: value`", true);
    this.close(1, T.RCurly, outer);
    return { kind: "MapExpression", entries, span: this.from(start) };
  });
  private readonly mapEntry: ParserMethod<[], MapEntry> = this.RULE("mapEntry", (): MapEntry => {
    const start = this.start;
    const key = this.SUBRULE(this.expression);
    this.want(1, T.Colon, "`:` and the value that belongs to the key");
    const value = this.guarded(() => this.SUBRULE1(this.expression), this.elementStop, this.missing);
    return { key, value, span: this.from(start) };
  });

  private readonly conditional: ParserMethod<[], Expression> = this.RULE("conditional", (): Expression => {
    const branches: { start: number; test: Expression; then: Block }[] = [];
    let last: Block | undefined;
    const start = this.start;
    this.CONSUME(T.If);
    const test = this.header("the condition of `if`", 1);
    branches.push({ start, test, then: this.SUBRULE(this.block, { ARGS: ["`{` to open what `if` does"] }) });
    if (this.RECORDING_PHASE) {
      this.MANY(() => {
        this.CONSUME(T.Else);
        this.OR([
          {
            ALT: () => {
              this.CONSUME1(T.If);
              this.header("", 2);
              this.SUBRULE1(this.block, { ARGS: [""] });
            },
          },
          { ALT: () => this.SUBRULE2(this.block, { ARGS: [""] }) },
        ]);
      });
      return undefined as never;
    }
    for (;;) {
      const begin = this.start;
      if (this.at(T.Else)) {
        this.CONSUME(T.Else);
        if (!this.at(T.If)) {
          last = this.SUBRULE2(this.block, { ARGS: ["`{` to open what `else` does"] });
          break;
        }
      } else if (!this.elseIfOfAnotherLanguage()) break;
      const from = this.at(T.If) ? this.start : begin;
      if (this.at(T.If)) this.CONSUME1(T.If);
      const test = this.header("the condition of `if`", 2);
      branches.push({ start: from, test, then: this.SUBRULE1(this.block, { ARGS: ["`{` to open what `if` does"] }) });
    }
    this.chained(branches.length);
    const end = this.previousEnd;
    let otherwise: Block | IfExpression | undefined = last;
    for (const { start, test, then } of branches.reverse()) {
      otherwise = { kind: "IfExpression", test, then, ...maybe("else", otherwise), span: { start, end } };
    }
    return otherwise as IfExpression;
  });

  private elseIfOfAnotherLanguage(): boolean {
    const token = this.peek();
    if (token.tokenType !== T.Identifier || !/^(elif|elsif|elseif)$/.test(token.image)) return false;
    const span = this.spanOf(token);
    this.report(
      problem("PGL1027", span, `\`${token.image}\` is written \`else if\` in PGL`, { fix: { span, text: "else if" } }),
    );
    this.skip();
    return true;
  }

  private readonly match: ParserMethod<[], Expression> = this.RULE("match", (): Expression => {
    const start = this.start;
    this.CONSUME(T.Match);
    const subject = this.header("the value to match", 1);
    const outer = this.open(1, T.LCurly, "`{` and the cases of `match`");
    const arms = this.elements(this.matchArm, "a case, `pattern => value`", true);
    this.close(1, T.RCurly, outer);
    return { kind: "MatchExpression", subject, arms, span: this.from(start) };
  });

  private readonly matchArm: ParserMethod<[], MatchArm> = this.RULE("matchArm", (): MatchArm => {
    const start = this.start;
    const pattern = this.SUBRULE(this.matchPattern);
    const guard = this.OPTION(() => {
      this.CONSUME(T.If);
      // Not `expression`: in `n if done => 1` the arrow is the case's.
      return this.SUBRULE(this.chain);
    });
    this.want(1, T.FatArrow, "`=>` and what the case gives");
    const body = this.guarded<Block>(
      () => this.SUBRULE(this.body),
      this.elementStop,
      () => asBlock(this.missing(), this.missing().span),
    );
    return { kind: "MatchArm", pattern, ...maybe("guard", guard), body, span: this.from(start) };
  });

  private readonly sample: ParserMethod<[], Expression> = this.RULE("sample", (): Expression => {
    const start = this.start;
    this.CONSUME(T.Sample);
    if (!this.RECORDING_PHASE) this.enter();
    const distribution = this.SUBRULE(this.postfix);
    const proposal = this.OPTION({
      // Outside of all brackets, a line that begins with `proposal` is a declaration.
      GATE: () => this.within !== undefined || !this.peek().newline,
      DEF: () => {
        this.CONSUME(T.Proposal);
        return this.SUBRULE1(this.postfix);
      },
    });
    if (!this.RECORDING_PHASE) this.nesting--;
    return { kind: "SampleExpression", distribution, ...maybe("proposal", proposal), span: this.from(start) };
  });

  // ------------------------------------------------------------------------------------------------------- constraints

  readonly constraint: ParserMethod<[], ConstraintNode> = this.RULE("constraint", (): ConstraintNode => {
    const start = this.start;
    const operands = [this.SUBRULE(this.allOf)];
    this.MANY(() => {
      this.CONSUME(T.Or);
      operands.push(this.SUBRULE1(this.allOf));
    });
    return operands.length === 1
      ? (operands[0] as ConstraintNode)
      : { kind: "OrConstraint", operands, span: this.from(start) };
  });

  private readonly allOf: ParserMethod<[], ConstraintNode> = this.RULE("allOf", (): ConstraintNode => {
    const start = this.start;
    const operands = [this.SUBRULE(this.negated)];
    this.MANY(() => {
      this.CONSUME(T.And);
      operands.push(this.SUBRULE1(this.negated));
    });
    return operands.length === 1
      ? (operands[0] as ConstraintNode)
      : { kind: "AndConstraint", operands, span: this.from(start) };
  });

  private readonly negated: ParserMethod<[], ConstraintNode> = this.RULE("negated", (): ConstraintNode => {
    const negations: number[] = [];
    this.MANY(() => {
      negations.push(this.CONSUME(T.Not).startOffset);
    });
    let operand = this.SUBRULE(this.constraintAtom);
    this.chained(negations.length);
    for (const start of negations.reverse()) operand = { kind: "NotConstraint", operand, span: this.from(start) };
    return operand;
  });

  private readonly constraintAtom: ParserMethod<[], ConstraintNode> = this.RULE(
    "constraintAtom",
    (): ConstraintNode => {
      const start = this.start;
      if (!this.RECORDING_PHASE && !this.at(T.Regex) && !expressionBeginnings.has(this.peek().tokenType)) {
        throw this.expected("a constraint", {
          hint: 'a constraint is a regular expression `/…/`, a text, a list of texts, or one such as `contains("…")`',
        });
      }
      return this.OR<ConstraintNode>([
        {
          ALT: () => {
            const token = this.CONSUME(T.Regex);
            const slash = token.image.lastIndexOf("/");
            const closed = (token.payload as Flaw | undefined)?.flaw !== "unclosed";
            return {
              kind: "RegexConstraint",
              source: closed ? token.image.slice(1, slash) : token.image.slice(1),
              flags: closed ? token.image.slice(slash + 1) : "",
              ...maybe("values", this.RECORDING_PHASE ? undefined : this.valuesIn(token as Placed)),
              span: this.spanOf(token),
            };
          },
        },
        {
          GATE: () => this.atConstraintGroup(),
          ALT: () => {
            const outer = this.open(1, T.LParen, "`(`");
            if (this.within) this.groups.add(this.within);
            const inner = this.SUBRULE(this.constraint);
            if (!this.RECORDING_PHASE && !this.atClose) {
              this.report(this.expected("`and`, `or` or `)`"));
              this.skipTo(() => false);
            }
            this.close(1, T.RParen, outer);
            return this.grouped(inner, start);
          },
          IGNORE_AMBIGUITIES: true,
        },
        {
          ALT: () => {
            this.constraintName = this.peek();
            const value = this.SUBRULE(this.constraintValue);
            if (this.RECORDING_PHASE) return undefined as never;
            if (value.kind === "CallExpression" && value.callee.kind === "Identifier") {
              return { kind: "ConstraintCall", name: value.callee, arguments: value.arguments, span: value.span };
            }
            return { kind: "ValueConstraint", value, span: this.from(start) };
          },
          IGNORE_AMBIGUITIES: true,
        },
      ]);
    },
  );

  /** What stands in the `${…}` of an expression; undefined when there is none. */
  private valuesIn(token: Placed): RegexConstraint["values"] {
    const found: (Identifier | MemberExpression)[] = [];
    for (const { place, text } of regexValues(token.image)) {
      const start = token.startOffset + place;
      const parts = /^\s*([A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*)\s*$/.exec(text);
      const names = parts === null ? [] : [...parts[1]!.matchAll(/\w+/g)];
      if (parts === null || reservedWords.has(names[0]![0])) {
        this.report(
          problem(
            "PGL1035",
            { start: start - 2, end: start + text.length + 1 },
            "`${…}` in an expression holds a name",
            {
              hint: "give the value a name by `let` before; the characters `${` themselves are written `\\${`",
            },
          ),
        );
        continue;
      }
      const first = start + text.indexOf(parts[1]!);
      const named = ({ 0: name, index }: RegExpExecArray): Identifier => {
        const at = first + index;
        return { kind: "Identifier", name, span: { start: at, end: at + name.length } };
      };
      let value: Identifier | MemberExpression = named(names[0]!);
      for (const name of names.slice(1)) {
        const property = named(name);
        value = { kind: "MemberExpression", object: value, property, span: { start: first, end: property.span.end } };
      }
      found.push(value);
    }
    return found.length === 0 ? undefined : found;
  }

  /** Whether the `(` here groups constraints: an operator or a member after its `)` makes it part of a value. */
  private atConstraintGroup(): boolean {
    const open = this.peek();
    if (open.tokenType !== T.LParen) return false;
    const after = this.input[open.match + 1] as Placed | undefined;
    if (after === undefined) return true;
    if (this.within !== undefined && this.groups.has(this.within) && operators.has(after.image as "+")) return false;
    if (after.tokenType === T.Dot || after.tokenType === T.Caret) return false;
    if (after.tokenType === T.LParen || after.tokenType === T.LSquare) return after.newline;
    if (after.newline && after.tokenType === T.Minus) return true;
    return (operators.get(after.image as "+") ?? 0) < precedence.sum;
  }

  /** Sums and tighter: what a comparison has on its right. In brackets of its own anything. */
  private readonly constraintValue: ParserMethod<[], Expression> = this.RULE("constraintValue", (): Expression => {
    const first = this.SUBRULE(this.operand);
    let folding: Folding | undefined;
    const grouped = this.within !== undefined && this.groups.has(this.within);
    this.MANY({
      GATE: () =>
        this.goesOn() &&
        (grouped ? !this.at(T.And) && !this.at(T.Or) : (operators.get(this.LA(1).image as "+") ?? 0) >= precedence.sum),
      DEF: () => {
        const token = this.CONSUME(Infix);
        folding ??= new Folding(first, this.extent, (found) => this.report(found));
        folding.operator(this.RECORDING_PHASE ? "+" : this.operatorOf(token as Placed), this.spanOf(token));
        folding.operand(this.SUBRULE1(this.operand));
      },
    });
    if (folding === undefined) return first;
    this.chained(folding.length);
    return folding.finish();
  });
  /** The brackets that group constraints. */
  private readonly groups = new WeakSet<Placed>();

  // ------------------------------------------------------------------------------------------------------- types

  readonly type: ParserMethod<[], TypeNode> = this.RULE("type", (): TypeNode => {
    const start = this.start;
    if (!this.RECORDING_PHASE) this.enter();
    const members: TypeNode[] = [];
    this.OPTION(() => this.CONSUME(T.Bar));
    members.push(this.SUBRULE(this.suffixedType));
    this.MANY(() => {
      this.CONSUME1(T.Bar);
      members.push(this.SUBRULE1(this.suffixedType));
    });
    if (!this.RECORDING_PHASE) this.nesting--;
    return members.length === 1 ? (members[0] as TypeNode) : { kind: "UnionType", members, span: this.from(start) };
  });

  private readonly suffixedType: ParserMethod<[], TypeNode> = this.RULE("suffixedType", (): TypeNode => {
    let type = this.SUBRULE(this.typeAtom);
    let length = 0;
    this.MANY(() => {
      const twice = this.OR([
        { ALT: () => (this.CONSUME(T.Question), false) },
        { ALT: () => (this.CONSUME(T.QuestionQuestion), true) },
      ]);
      if (this.RECORDING_PHASE) return;
      const { start } = type.span;
      if (twice) type = { kind: "OptionalType", type, span: { start, end: this.previousEnd - 1 } };
      type = { kind: "OptionalType", type, span: this.from(start) };
      length += 2;
    });
    this.chained(length);
    return type;
  });

  private readonly typeAtom: ParserMethod<[], TypeNode> = this.RULE("typeAtom", (): TypeNode => {
    const start = this.start;
    if (!this.RECORDING_PHASE && !typeBeginnings.has(this.peek().tokenType)) {
      throw this.expected("a type", { hint: this.at(T.LSquare) ? "a list type is written `list<int>`" : undefined });
    }
    return this.OR<TypeNode>([
      {
        ALT: () => {
          const name = this.named(
            this.OR1([
              { ALT: () => this.CONSUME(T.Identifier) },
              { ALT: () => this.CONSUME(T.Lm) },
              { ALT: () => this.CONSUME(T.Twist) },
            ]),
          );
          const args: TypeNode[] = [];
          this.OPTION(() => {
            this.CONSUME(T.Less);
            args.push(this.SUBRULE(this.type));
            this.MANY(() => {
              this.CONSUME(T.Comma);
              args.push(this.SUBRULE1(this.type));
            });
            this.closeAngle();
          });
          const end = this.splitEnd ?? this.previousEnd;
          this.splitEnd = undefined;
          return { kind: "NamedType", name, arguments: args, span: { start, end } };
        },
      },
      {
        ALT: () => ({
          kind: "StringLiteralType",
          value: stringLiteral(this.CONSUME(T.String)).value,
          span: this.from(start),
        }),
      },
      {
        ALT: () => {
          const outer = this.open(1, T.LCurly, "`{`");
          const fields = this.SUBRULE(this.typeFields);
          this.close(1, T.RCurly, outer);
          return { kind: "RecordType", fields, span: this.from(start) };
        },
      },
      { ALT: () => this.SUBRULE(this.roundType) },
    ]);
  });

  private splitEnd: number | undefined;
  /** `>`; of `>=` (as in `x: list<int>= []`) only the first character is taken. */
  private closeAngle(): void {
    if (!this.RECORDING_PHASE && this.at(T.GreaterEqual)) {
      const token = this.peek();
      token.tokenType = T.Equal;
      token.tokenTypeIdx = T.Equal.tokenTypeIdx as number;
      token.image = "=";
      token.startOffset += 1;
      this.splitEnd = token.startOffset;
      return;
    }
    this.want(1, T.Greater, "`,` or `>` after the type");
  }

  private readonly typeFields: ParserMethod<[], TypeField[]> = this.RULE("typeFields", (): TypeField[] =>
    this.elements(this.typeField, "a field, `name: type`", true),
  );
  private readonly typeField: ParserMethod<[], TypeField> = this.RULE("typeField", (): TypeField => {
    const start = this.start;
    const name = this.fieldName(1);
    const optional = this.OPTION(() => this.CONSUME(T.Question)) !== undefined;
    this.want(1, T.Colon, () => `\`:\` and the type of \`${name.name}\``);
    const type = this.SUBRULE(this.type);
    return { name, type, optional, span: this.from(start) };
  });

  /** `(A, B)`, `(A) -> B`, `(A) ~> B`, or `(A)` for A itself. */
  private readonly roundType: ParserMethod<[], TypeNode> = this.RULE("roundType", (): TypeNode => {
    const start = this.start;
    const outer = this.open(1, T.LParen, "`(`");
    const elements = this.SUBRULE(this.typeElements);
    this.close(1, T.RParen, outer);
    const result = this.OPTION(() => {
      const arrow = this.OR([{ ALT: () => this.CONSUME(T.Arrow) }, { ALT: () => this.CONSUME(T.WavyArrow) }]);
      return { generative: arrow.tokenType === T.WavyArrow, type: this.SUBRULE(this.type) };
    });
    if (this.RECORDING_PHASE) return undefined as never;
    const span = this.from(start);
    if (result)
      return { kind: "FunctionType", parameters: elements, result: result.type, generative: result.generative, span };
    if (elements.length === 0) {
      throw problem("PGL1020", span, "expected types in the brackets", {
        hint: "the type of no value is `unit`; a function type is `() -> int`",
      });
    }
    return elements.length === 1 ? (elements[0] as TypeNode) : { kind: "TupleType", elements, span };
  });
  private readonly typeElements: ParserMethod<[], TypeNode[]> = this.RULE("typeElements", (): TypeNode[] =>
    this.elements(this.type, "a type", false),
  );
}

/** What is called, where arguments are constraints. */
type Constraining = "masked" | "text" | "sequence" | "repeated" | "times";

/** What brackets can group. */
export type Bracketed = Expression | BindingPattern | MatchPattern | ConstraintNode | TypeNode;

type PatternField<P> = { readonly name: Identifier; readonly pattern: P; readonly span: Span };
type TypeField = {
  readonly name: Identifier;
  readonly type: TypeNode;
  readonly optional: boolean;
  readonly span: Span;
};
type MapEntry = { readonly key: Expression; readonly value: Expression; readonly span: Span };
type Documentation = { readonly doc?: string; readonly exported: boolean };

const maximumExpressionNesting = 200;
const noSpan: Span = { start: 0, end: 0 };

/** `{ [key]: value }`, or nothing when there is no value: optional properties are left out, not set to `undefined`. */
function maybe<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}

const asBlock = (result: Expression, span: Span): Block => ({ kind: "Block", statements: [], result, span });

const shorten = (image: string) => {
  const line = image.replace(/\s+/g, " ");
  return line.length > 24 ? `${line.slice(0, 21)}…` : line;
};

/** For what no rule has words of its own. */
const plainMessages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, actual }) =>
    `expected ${expected.LABEL ?? expected.name.toLowerCase()}, found ${actual.tokenType === EOF ? "the end of the file" : `\`${shorten(actual.image)}\``}`,
  buildNotAllInputParsedMessage: ({ firstRedundant }) =>
    `expected nothing more, found \`${shorten(firstRedundant.image)}\``,
  buildNoViableAltMessage: ({ actual }) => `\`${shorten(actual[0]?.image ?? "")}\` cannot stand here`,
  buildEarlyExitMessage: ({ actual }) => `\`${shorten(actual[0]?.image ?? "")}\` cannot stand here`,
};

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  // chevrotain's own exceptions carry the token and a message in its words.
  const { token, message } = error as { token?: IToken; message?: string };
  if (token === undefined) throw error;
  const start = Number.isNaN(token.startOffset) ? 0 : token.startOffset;
  return problem("PGL1020", { start, end: start + token.image.length }, message ?? "this cannot be read");
}

const declarationBeginnings = new Set<TokenType>([
  T.Export,
  T.Import,
  T.Lm,
  T.Const,
  T.Type,
  T.Fn,
  T.Model,
  T.Proposal,
  T.Twist,
  T.Query,
]);
const beginsDeclaration = (token: IToken) => declarationBeginnings.has(token.tokenType);

const statementBeginnings = new Set<TokenType>([
  T.Let,
  T.Var,
  T.Const,
  T.Observe,
  T.Condition,
  T.Factor,
  T.Twist,
  T.Step,
  T.For,
  T.While,
  T.Break,
  T.Continue,
  T.Return,
  T.Fn,
]);
const expressionBeginnings = new Set<TokenType>([
  T.Identifier,
  T.From,
  T.As,
  T.Map,
  T.Number,
  T.String,
  T.TemplateHead,
  T.True,
  T.False,
  T.None,
  T.Eos,
  T.LSquare,
  T.LParen,
  T.LCurly,
  T.If,
  T.Match,
  T.Sample,
  T.Infer,
  T.Minus,
  T.Bang,
  T.Not,
]);
const prefixes = new Set<TokenType>([T.Minus, T.Bang, T.Not]);
const patternBeginnings = new Set<TokenType>([
  T.Identifier,
  T.From,
  T.As,
  T.Map,
  T.Number,
  T.String,
  T.True,
  T.False,
  T.None,
  T.Eos,
  T.LParen,
  T.LCurly,
  T.Minus,
]);
const typeBeginnings = new Set<TokenType>([
  T.Identifier,
  T.From,
  T.As,
  T.Map,
  T.Lm,
  T.Twist,
  T.String,
  T.LCurly,
  T.LParen,
]);
/** What shows that the `{}` before it was a type. */
const afterTypes = new Set<TokenType>([T.LCurly, T.Equal, T.Bar, T.Question, T.QuestionQuestion]);
const assigning = new Set<TokenType>([T.Equal, T.PlusEqual, T.MinusEqual, T.StarEqual, T.SlashEqual]);

const foreignDeclarations: Readonly<Record<string, string>> = {
  def: "a function is written `fn f(x: int): int { … }`, one that draws `model m(x: int): int { … }`",
  func: "a function is written `fn f(x: int): int { … }`, one that draws `model m(x: int): int { … }`",
  function: "a function is written `fn f(x: int): int { … }`, one that draws `model m(x: int): int { … }`",
  class: "a record type is written `type Point = { x: float, y: float }`",
  struct: "a record type is written `type Point = { x: float, y: float }`",
  interface: "a record type is written `type Point = { x: float, y: float }`",
  enum: 'a type of some strings is written `type Color = "red" | "green"`',
  from: 'names are imported with `import { name } from "./file.ts"`',
};
const foreignStatements: Readonly<Record<string, string>> = {
  def: "a function is written `fn f(x: int): int { … }`",
  func: "a function is written `fn f(x: int): int { … }`",
  function: "a function is written `fn f(x: int): int { … }`",
  lambda: "a function as a value is written `x => …`",
  elif: "write `else if` behind the `}` of the `if`, and bodies in braces",
  assert: "a condition that has to hold is written `condition …`",
  raise: 'a run is ended with an error by `fail("…")`',
  throw: 'a run is ended with an error by `fail("…")`',
  val: "a name is given with `let`",
};

/** Folds operands and operators by precedence: an operator-precedence parser over what has been read. */
class Folding {
  /** How many operators there were. */
  length = 0;
  private readonly operands: Expression[];
  private readonly pending: { operator: string; level: number }[] = [];

  constructor(
    first: Expression,
    private readonly extent: (value: Expression) => Span,
    private readonly report: (found: Problem) => void,
  ) {
    this.operands = [first];
  }

  operator(operator: string, span: Span): void {
    const level = operators.get(operator as "+") ?? precedence.sum;
    this.reduce(level, operator, span);
    if (level >= precedence.comparison) this.refuseAfterMatches(operator, span);
    this.pending.push({ operator, level });
    this.length++;
  }
  operand(value: Expression): void {
    this.operands.push(value);
  }
  matches(constraint: ConstraintNode, span: Span, end: number): void {
    this.reduce(precedence.comparison, "matches", span);
    this.refuseAfterMatches("matches", span);
    const value = this.operands.pop() as Expression;
    this.matched = {
      kind: "MatchesExpression",
      value,
      constraint,
      span: { start: this.extent(value).start, end: end },
    };
    this.operands.push(this.matched);
    this.length++;
  }
  finish(): Expression {
    this.reduce(0, "", noSpan);
    return this.operands[0] as Expression;
  }

  private reduce(level: number, next: string, span: Span): void {
    for (let top = this.pending.at(-1); top && top.level >= level; top = this.pending.at(-1)) {
      const chains = top.level === level && (level === precedence.comparison || level === precedence.range);
      if (chains) this.refuse(top.operator, next, span);
      this.pending.pop();
      const right = this.operands.pop() as Expression;
      const left = this.operands.pop() as Expression;
      const whole = { start: this.extent(left).start, end: this.extent(right).end };
      this.operands.push(
        top.operator === ".."
          ? { kind: "RangeExpression", start: left, end: right, span: whole }
          : {
              kind: "BinaryExpression",
              operator: top.operator as BinaryExpression["operator"],
              left,
              right,
              span: whole,
            },
      );
    }
  }

  /** The last operand, when it is a `… matches …` of this chain and not one in brackets. */
  private matched: Expression | undefined;
  private refuseAfterMatches(next: string, span: Span): void {
    if (this.matched !== undefined && this.operands.at(-1) === this.matched) this.refuse("matches", next, span);
  }

  private refuse(first: string, second: string, span: Span): void {
    this.report(
      first === ".."
        ? problem("PGL1024", span, "a range has two ends: `a..b`")
        : problem("PGL1024", span, `\`${first}\` and \`${second}\` cannot be chained`, {
            hint: "compare twice and join with `&&`, as in `a < b && b < c`; or use brackets",
          }),
    );
  }
}

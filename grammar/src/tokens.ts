/**
 * The one table of PGL's tokens. The lexer, the messages, the formatter and the TextMate grammar are all made from it, so
 * that a word of the language is written down once.
 */
export interface TokenEntry {
  /** The token's name in the lexer. */
  readonly name: string;
  /** How it is written, for words and symbols. */
  readonly text?: string;
  /** A regular expression that finds it, for everything else; for editors, not for the lexer's own corner cases. */
  readonly pattern?: string;
  readonly role: TokenRole;
  /** The TextMate scope, without the language's suffix. */
  readonly scope: string;
}

/**
 * - `word`: reserved; a name only after `.`, before `:` in an argument or a record, and in types.
 * - `soft`: a word with a meaning in its place and an ordinary name elsewhere.
 * - `symbol`: punctuation and operators.
 * - `literal`, `name`, `comment`: what their names say.
 */
export type TokenRole = "word" | "soft" | "symbol" | "literal" | "name" | "comment";

const word = <N extends string, T extends string>(name: N, text: T, scope: string) => ({
  name,
  text,
  role: "word" as const,
  scope,
});
const soft = <N extends string, T extends string>(name: N, text: T, scope: string) =>
  ({ name, text, role: "soft", scope }) as const;
const symbol = <N extends string, T extends string>(name: N, text: T, scope: string) =>
  ({ name, text, role: "symbol", scope }) as const;

const declaring = "storage.type";
const control = "keyword.control";
const random = "keyword.control.probabilistic";
const wordOperator = "keyword.operator.word";
const constant = "constant.language";

export const tokenTable = [
  { name: "LineComment", pattern: "//.*$", role: "comment", scope: "comment.line.double-slash" },
  { name: "DocComment", pattern: "///(?!/).*$", role: "comment", scope: "comment.line.documentation" },
  { name: "BlockComment", pattern: "/\\*[\\s\\S]*?\\*/", role: "comment", scope: "comment.block" },

  { name: "Identifier", pattern: "[A-Za-z_][A-Za-z0-9_]*", role: "name", scope: "variable.other" },
  {
    name: "Number",
    pattern: "[0-9][0-9_]*(?:\\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9]+)?",
    role: "literal",
    scope: "constant.numeric",
  },
  { name: "String", pattern: '"(?:[^"\\\\\\n]|\\\\.)*"', role: "literal", scope: "string.quoted.double" },
  {
    name: "Regex",
    pattern: "/(?:[^/\\\\\\[\\n]|\\\\.|\\[(?:[^\\]\\\\\\n]|\\\\.)*\\])+/[a-zA-Z]*",
    role: "literal",
    scope: "string.regexp",
  },
  { name: "TemplateHead", pattern: '"(?:[^"\\\\\\n$]|\\\\.)*\\$\\{', role: "literal", scope: "string.quoted.double" },
  {
    name: "TemplateMiddle",
    pattern: '\\}(?:[^"\\\\\\n$]|\\\\.)*\\$\\{',
    role: "literal",
    scope: "string.quoted.double",
  },
  { name: "TemplateTail", pattern: '\\}(?:[^"\\\\\\n$]|\\\\.)*"', role: "literal", scope: "string.quoted.double" },

  word("Import", "import", "keyword.control.import"),
  word("Export", "export", "keyword.control.export"),
  word("Lm", "lm", declaring),
  word("Const", "const", declaring),
  word("Type", "type", declaring),
  word("Fn", "fn", declaring),
  word("Model", "model", declaring),
  word("Proposal", "proposal", declaring),
  word("Query", "query", declaring),

  word("Let", "let", declaring),
  word("Var", "var", declaring),
  word("Observe", "observe", random),
  word("Condition", "condition", random),
  word("Factor", "factor", random),
  word("Twist", "twist", random),
  word("Step", "step", random),
  word("Sample", "sample", random),
  word("Infer", "infer", random),
  word("Using", "using", random),
  word("For", "for", control),
  word("While", "while", control),
  word("Break", "break", control),
  word("Continue", "continue", control),
  word("Return", "return", control),
  word("If", "if", control),
  word("Else", "else", control),
  word("Match", "match", control),

  word("In", "in", wordOperator),
  word("Matches", "matches", wordOperator),
  word("And", "and", wordOperator),
  word("Or", "or", wordOperator),
  word("Not", "not", wordOperator),
  word("True", "true", constant),
  word("False", "false", constant),
  word("None", "none", constant),
  word("Eos", "eos", constant),

  soft("From", "from", "keyword.control.import"),
  soft("As", "as", "keyword.control.import"),
  soft("Map", "map", declaring),

  symbol("Ellipsis", "...", "keyword.operator.spread"),
  symbol("DotDot", "..", "keyword.operator.range"),
  symbol("Dot", ".", "punctuation.accessor"),
  symbol("FatArrow", "=>", "storage.type.function.arrow"),
  symbol("Arrow", "->", "keyword.operator.type"),
  symbol("WavyArrow", "~>", "keyword.operator.type"),
  symbol("EqualEqual", "==", "keyword.operator.comparison"),
  symbol("NotEqual", "!=", "keyword.operator.comparison"),
  symbol("LessEqual", "<=", "keyword.operator.comparison"),
  symbol("GreaterEqual", ">=", "keyword.operator.comparison"),
  symbol("PlusEqual", "+=", "keyword.operator.assignment"),
  symbol("MinusEqual", "-=", "keyword.operator.assignment"),
  symbol("StarEqual", "*=", "keyword.operator.assignment"),
  symbol("SlashEqual", "/=", "keyword.operator.assignment"),
  symbol("AndAnd", "&&", "keyword.operator.logical"),
  symbol("OrOr", "||", "keyword.operator.logical"),
  symbol("QuestionQuestion", "??", "keyword.operator.logical"),
  symbol("Less", "<", "keyword.operator.comparison"),
  symbol("Greater", ">", "keyword.operator.comparison"),
  symbol("Equal", "=", "keyword.operator.assignment"),
  symbol("Tilde", "~", "keyword.operator.draw"),
  symbol("Plus", "+", "keyword.operator.arithmetic"),
  symbol("Minus", "-", "keyword.operator.arithmetic"),
  symbol("Star", "*", "keyword.operator.arithmetic"),
  symbol("Slash", "/", "keyword.operator.arithmetic"),
  symbol("Percent", "%", "keyword.operator.arithmetic"),
  symbol("Caret", "^", "keyword.operator.arithmetic"),
  symbol("Bang", "!", "keyword.operator.logical"),
  symbol("Bar", "|", "keyword.operator.type"),
  symbol("Question", "?", "keyword.operator.type"),
  symbol("LParen", "(", "punctuation.section.parens.begin"),
  symbol("RParen", ")", "punctuation.section.parens.end"),
  symbol("LSquare", "[", "punctuation.section.brackets.begin"),
  symbol("RSquare", "]", "punctuation.section.brackets.end"),
  symbol("LCurly", "{", "punctuation.section.braces.begin"),
  symbol("RCurly", "}", "punctuation.section.braces.end"),
  symbol("Comma", ",", "punctuation.separator"),
  symbol("Colon", ":", "punctuation.separator.type"),
  symbol("Semicolon", ";", "punctuation.terminator"),
] as const satisfies readonly TokenEntry[];

export type TokenName = (typeof tokenTable)[number]["name"];

/** The reserved words, which no declaration, parameter or variable can be called. */
export const reservedWords: ReadonlySet<string> = new Set(
  tokenTable.flatMap((entry) => (entry.role === "word" ? [entry.text] : [])),
);

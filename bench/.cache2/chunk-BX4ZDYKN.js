// ../grammar/src/locate.ts
function lineStarts(text) {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13 && text.charCodeAt(i + 1) !== 10) starts.push(i + 1);
  }
  return starts;
}
function lineIndex(starts, offset) {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = low + high + 1 >> 1;
    if (starts[middle] <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
function locate(starts, offset) {
  const index = lineIndex(starts, Math.max(0, offset));
  return { line: index + 1, column: Math.max(0, offset) - starts[index] + 1 };
}

// ../grammar/src/layout.ts
import { createTokenInstance } from "chevrotain";

// ../grammar/src/problem.ts
var Problem = class {
  constructor(diagnostic) {
    this.diagnostic = diagnostic;
  }
  diagnostic;
};
function problem(code, span, message, more = {}) {
  return new Problem({
    code,
    severity: more.severity ?? "error",
    span,
    message,
    ...more.hint === void 0 ? {} : { hint: more.hint },
    ...more.fix === void 0 ? {} : { fix: more.fix },
    ...more.related === void 0 ? {} : { related: more.related }
  });
}

// ../grammar/src/vocabulary.ts
import { createToken, Lexer } from "chevrotain";

// ../grammar/src/operators.ts
var precedence = {
  coalesce: 1,
  or: 2,
  and: 3,
  comparison: 4,
  range: 5,
  sum: 6,
  product: 7,
  prefix: 8,
  power: 9,
  postfix: 10
};
var operators = /* @__PURE__ */ new Map([
  ["??", precedence.coalesce],
  ["||", precedence.or],
  ["&&", precedence.and],
  ["==", precedence.comparison],
  ["!=", precedence.comparison],
  ["<", precedence.comparison],
  ["<=", precedence.comparison],
  [">", precedence.comparison],
  [">=", precedence.comparison],
  ["in", precedence.comparison],
  ["..", precedence.range],
  ["+", precedence.sum],
  ["-", precedence.sum],
  ["*", precedence.product],
  ["/", precedence.product],
  ["%", precedence.product]
]);

// ../grammar/src/scan.ts
function scanText(text, offset, multiline) {
  for (let i = offset; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 92) {
      const next = text.charCodeAt(i + 1);
      if (multiline || next !== 10 && next !== 13) i++;
    } else if (code === 34) {
      if (!multiline) return { stop: "close", end: i + 1 };
      if (text.startsWith('"""', i)) return { stop: "close", end: i + 3 };
    } else if (code === 36 && text.charCodeAt(i + 1) === 123) {
      return { stop: "hole", end: i + 2 };
    } else if (!multiline && (code === 10 || code === 13)) {
      return { stop: "broken", end: i };
    }
  }
  return { stop: "broken", end: text.length };
}
function scanRegex(text, offset) {
  let inClass = false;
  for (let i = offset + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13) return { closed: false, end: i };
    if (code === 92) {
      const next = text.charCodeAt(i + 1);
      if (next !== 10 && next !== 13) i++;
    } else if (code === 91) inClass = true;
    else if (code === 93) inClass = false;
    else if (code === 47 && !inClass) {
      let end = i + 1;
      while (/[a-zA-Z]/.test(text.charAt(end))) end++;
      return { closed: true, end };
    }
  }
  return { closed: false, end: text.length };
}

// ../grammar/src/tokens.ts
var word = (name, text, scope2) => ({ name, text, role: "word", scope: scope2 });
var soft = (name, text, scope2) => ({ name, text, role: "soft", scope: scope2 });
var symbol = (name, text, scope2) => ({ name, text, role: "symbol", scope: scope2 });
var declaring = "storage.type";
var control = "keyword.control";
var random = "keyword.control.probabilistic";
var wordOperator = "keyword.operator.word";
var constant = "constant.language";
var tokenTable = [
  { name: "LineComment", pattern: "//.*$", role: "comment", scope: "comment.line.double-slash" },
  { name: "DocComment", pattern: "///(?!/).*$", role: "comment", scope: "comment.line.documentation" },
  { name: "BlockComment", pattern: "/\\*[\\s\\S]*?\\*/", role: "comment", scope: "comment.block" },
  { name: "Identifier", pattern: "[A-Za-z_][A-Za-z0-9_]*", role: "name", scope: "variable.other" },
  {
    name: "Number",
    pattern: "[0-9][0-9_]*(?:\\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9]+)?",
    role: "literal",
    scope: "constant.numeric"
  },
  { name: "String", pattern: '"(?:[^"\\\\\\n]|\\\\.)*"', role: "literal", scope: "string.quoted.double" },
  { name: "Regex", pattern: "/(?:[^/\\\\\\[\\n]|\\\\.|\\[(?:[^\\]\\\\\\n]|\\\\.)*\\])+/[a-zA-Z]*", role: "literal", scope: "string.regexp" },
  { name: "TemplateHead", pattern: '"(?:[^"\\\\\\n$]|\\\\.)*\\$\\{', role: "literal", scope: "string.quoted.double" },
  { name: "TemplateMiddle", pattern: '\\}(?:[^"\\\\\\n$]|\\\\.)*\\$\\{', role: "literal", scope: "string.quoted.double" },
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
  symbol("Semicolon", ";", "punctuation.terminator")
];
var reservedWords = new Set(
  tokenTable.flatMap((entry2) => entry2.role === "word" ? [entry2.text] : [])
);

// ../grammar/src/vocabulary.ts
var openings = [];
var inlineTemplates = 0;
function beginLexing() {
  openings = [];
  inlineTemplates = 0;
}
function found(text, start, end, flaw) {
  const match = [text.slice(start, end)];
  if (flaw) match.payload = { flaw };
  return match;
}
var quote = 34;
var isMultiline = (text, offset) => text.startsWith('"""', offset);
var matchString = (text, offset) => {
  if (text.charCodeAt(offset) !== quote) return null;
  const multiline = isMultiline(text, offset);
  const scanned = scanText(text, offset + (multiline ? 3 : 1), multiline);
  if (scanned.stop === "hole") return null;
  return found(text, offset, scanned.end, scanned.stop === "broken" ? "unclosed" : void 0);
};
var matchTemplateHead = (text, offset) => {
  if (text.charCodeAt(offset) !== quote) return null;
  const multiline = isMultiline(text, offset);
  const scanned = scanText(text, offset + (multiline ? 3 : 1), multiline);
  openings.push(multiline ? "multiline" : "template");
  if (!multiline) inlineTemplates++;
  return found(text, offset, scanned.end);
};
var inTemplate = (text, offset) => {
  if (text.charCodeAt(offset) !== 125) return null;
  const top = openings.at(-1);
  return top === void 0 || top === "brace" ? null : top;
};
var matchTemplateMiddle = (text, offset) => {
  const top = inTemplate(text, offset);
  if (!top) return null;
  const scanned = scanText(text, offset + 1, top === "multiline");
  return scanned.stop === "hole" ? found(text, offset, scanned.end) : null;
};
var matchTemplateTail = (text, offset) => {
  const code = text.charCodeAt(offset);
  if (code === 10 || code === 13) {
    if (inlineTemplates === 0) return null;
    openings.length = openings.indexOf("template");
    inlineTemplates = 0;
    return found(text, offset, offset + 1, "broken");
  }
  const top = inTemplate(text, offset);
  if (!top) return null;
  const scanned = scanText(text, offset + 1, top === "multiline");
  openings.pop();
  if (top === "template") inlineTemplates--;
  return found(text, offset, scanned.end, scanned.stop === "broken" ? "unclosed" : void 0);
};
var matchLCurly = (text, offset) => {
  if (text.charCodeAt(offset) !== 123) return null;
  openings.push("brace");
  return found(text, offset, offset + 1);
};
var matchRCurly = (text, offset) => {
  if (text.charCodeAt(offset) !== 125) return null;
  if (openings.at(-1) === "brace") openings.pop();
  return found(text, offset, offset + 1);
};
var numberPattern = /[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9]+)?/y;
var digitsPattern = /[0-9]+/y;
var wordPattern = /[A-Za-z0-9_]*/y;
var matchNumber = (text, offset, matched) => {
  const pattern = matched.at(-1)?.tokenType === T.Dot ? digitsPattern : numberPattern;
  pattern.lastIndex = offset;
  if (!pattern.test(text)) return null;
  const end = pattern.lastIndex;
  wordPattern.lastIndex = end;
  wordPattern.test(text);
  const longer = wordPattern.lastIndex;
  const image = text.slice(offset, end);
  return found(text, offset, longer, longer > end || /__|_$|_[.eE]/.test(image) ? "malformed" : void 0);
};
var matchRegex = (text, offset, matched) => {
  if (text.charCodeAt(offset) !== 47 || endsOperand(matched)) return null;
  const scanned = scanRegex(text, offset);
  return found(text, offset, scanned.end, scanned.closed ? void 0 : "unclosed");
};
var matchDivision = (sign) => (text, offset, matched) => text.startsWith(sign, offset) && endsOperand(matched) ? found(text, offset, offset + sign.length) : null;
function endsOperand(matched) {
  const last = matched.at(-1);
  if (last === void 0) return false;
  if (operandEnds.has(last.tokenType)) return true;
  return matched.at(-2)?.tokenType === T.Dot && words.has(last.image);
}
var blockComment = /\/\*[\s\S]*?(?:\*\/|$(?![\s\S]))/y;
var comments = "comments";
var made = {};
var foreignWord = /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy;
var ForeignWord = createToken({
  name: "ForeignWord",
  pattern: (text, offset) => {
    foreignWord.lastIndex = offset;
    return foreignWord.exec(text);
  },
  // All that is beyond ASCII; chevrotain sorts what is above 255 into classes of 255 codes, one of each will do.
  start_chars_hint: [...Array.from({ length: 128 }, (_, i) => 128 + i), ...Array.from({ length: 512 }, (_, i) => 256 + i * 127)],
  line_breaks: false
});
var Identifier = createToken({ name: "Identifier", pattern: /[A-Za-z_][A-Za-z0-9_]*/, longer_alt: ForeignWord });
var Infix = createToken({ name: "Infix", pattern: Lexer.NA });
var Name = createToken({ name: "Name", pattern: Lexer.NA });
Identifier.CATEGORIES = [Name];
made.Identifier = Identifier;
var custom = {
  Number: { matcher: matchNumber, starts: [..."0123456789"], lineBreaks: false },
  String: { matcher: matchString, starts: ['"'], lineBreaks: true },
  TemplateHead: { matcher: matchTemplateHead, starts: ['"'], lineBreaks: true },
  TemplateMiddle: { matcher: matchTemplateMiddle, starts: ["}"], lineBreaks: true },
  TemplateTail: { matcher: matchTemplateTail, starts: ["}", "\n", "\r"], lineBreaks: true },
  Regex: { matcher: matchRegex, starts: ["/"], lineBreaks: false },
  SlashEqual: { matcher: matchDivision("/="), starts: ["/"], lineBreaks: false },
  Slash: { matcher: matchDivision("/"), starts: ["/"], lineBreaks: false },
  LCurly: { matcher: matchLCurly, starts: ["{"], lineBreaks: false },
  RCurly: { matcher: matchRCurly, starts: ["}"], lineBreaks: false }
};
var infixTexts = /* @__PURE__ */ new Set([...operators.keys(), "and", "or"]);
for (const entry2 of tokenTable) {
  const name = entry2.name;
  if (name === "Identifier" || entry2.role === "comment") continue;
  const special = custom[name];
  if (special) {
    made[name] = createToken({
      name,
      label: "text" in entry2 ? `\`${entry2.text}\`` : void 0,
      pattern: special.matcher,
      start_chars_hint: [...special.starts],
      line_breaks: special.lineBreaks,
      categories: "text" in entry2 && infixTexts.has(entry2.text) ? [Infix] : []
    });
    continue;
  }
  const text = entry2.text;
  made[name] = createToken({
    name,
    label: `\`${text}\``,
    pattern: text,
    ...entry2.role === "symbol" ? {} : { longer_alt: Identifier },
    categories: [
      ...entry2.role === "symbol" ? [] : [entry2.role === "soft" ? Identifier : Name],
      ...infixTexts.has(text) ? [Infix] : []
    ]
  });
}
var T = made;
var textOf = new Map(
  tokenTable.flatMap((entry2) => "text" in entry2 ? [[T[entry2.name], entry2.text]] : [])
);
var LineComment = createToken({ name: "LineComment", pattern: /\/\/[^\n\r]*/, group: comments });
var BlockComment = createToken({
  name: "BlockComment",
  pattern: (text, offset) => {
    blockComment.lastIndex = offset;
    return blockComment.exec(text);
  },
  start_chars_hint: ["/"],
  line_breaks: true,
  group: comments
});
var HashComment = createToken({ name: "HashComment", pattern: /#[^\n\r]*/, group: comments });
var Space = createToken({ name: "Space", pattern: /[ \t\v\f\u00a0\ufeff]+/, group: Lexer.SKIPPED });
var LineBreak = createToken({ name: "LineBreak", pattern: /[\r\n]+[ \t\r\n]*/, group: Lexer.SKIPPED, line_breaks: true });
var habit = (name, pattern, meant, written) => ({
  type: createToken({ name, pattern, line_breaks: false }),
  meant,
  written
});
var habits = [
  habit("TripleEqual", "===", "EqualEqual", "=="),
  habit("TripleNotEqual", "!==", "NotEqual", "!="),
  habit("StarStar", "**", "Caret", "^"),
  habit("ColonEqual", ":=", "Equal", "="),
  habit("Ampersand", "&", "AndAnd", "&&"),
  habit("SingleQuoted", /'(?:[^'\\\n\r]|\\[^\n\r])*'?/, "String", '"\u2026"'),
  habit("CurlyQuoted", /“[^”\n\r]*”?/, "String", '"\u2026"'),
  { type: ForeignWord, meant: "Identifier", written: "" },
  habit("Backquoted", /`(?:[^`\\]|\\[\s\S])*`/, "String", '"\u2026"')
];
var habitOf = new Map(habits.map((each) => [each.type, each]));
var operandEnds = /* @__PURE__ */ new Set([
  T.Identifier,
  T.From,
  T.As,
  T.Map,
  T.Number,
  T.String,
  T.TemplateTail,
  T.Regex,
  T.RParen,
  T.RSquare,
  T.RCurly,
  T.True,
  T.False,
  T.None,
  T.Eos,
  ...habits.filter((each) => each.meant === "String" || each.meant === "Identifier").map((each) => each.type)
]);
var words = new Set(tokenTable.flatMap((entry2) => entry2.role === "word" ? [entry2.text] : []));
var symbols = tokenTable.filter((entry2) => entry2.role === "symbol").map((entry2) => T[entry2.name]);
var wordTypes = tokenTable.flatMap((entry2) => entry2.role === "word" || entry2.role === "soft" ? [entry2] : []).sort((a, b) => b.text.length - a.text.length).map((entry2) => T[entry2.name]);
var lexerTokens = [
  T.TemplateMiddle,
  T.TemplateTail,
  Space,
  LineBreak,
  LineComment,
  BlockComment,
  HashComment,
  T.Regex,
  T.Number,
  T.String,
  T.TemplateHead,
  ...habits.filter((each) => each.written !== "&&" && each.type !== ForeignWord).map((each) => each.type),
  ...wordTypes,
  T.Identifier,
  ForeignWord,
  ...symbols,
  ...habits.filter((each) => each.written === "&&").map((each) => each.type),
  Name,
  Infix
];
var parserTokens = [...tokenTable.filter((e) => e.role !== "comment").map((e) => T[e.name]), Name, Infix];
var commentGroup = comments;
var blockCommentType = BlockComment;
var hashCommentType = HashComment;

// ../grammar/src/layout.ts
var maximumNesting = 150;
var closerOf = /* @__PURE__ */ new Map([
  [T.LParen, T.RParen],
  [T.LSquare, T.RSquare],
  [T.LCurly, T.RCurly],
  [T.TemplateHead, T.TemplateTail]
]);
var closers = new Set(closerOf.values());
var symbolOf = /* @__PURE__ */ new Map([
  [T.LParen, "("],
  [T.LSquare, "["],
  [T.LCurly, "{"],
  [T.TemplateHead, "${"],
  [T.RParen, ")"],
  [T.RSquare, "]"],
  [T.RCurly, "}"],
  [T.TemplateTail, "}"]
]);
var declarationWords = /* @__PURE__ */ new Set([T.Model, T.Query, T.Lm, T.Type, T.Const, T.Fn]);
var documented = /* @__PURE__ */ new Set([...declarationWords, T.Export, T.Proposal]);
var statementWords = /* @__PURE__ */ new Set([
  T.Let,
  T.Var,
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
  T.Fn
]);
var unfinished = /* @__PURE__ */ new Set([
  T.Comma,
  T.Plus,
  T.Minus,
  T.Star,
  T.Slash,
  T.Percent,
  T.Caret,
  T.EqualEqual,
  T.NotEqual,
  T.Less,
  T.LessEqual,
  T.GreaterEqual,
  T.AndAnd,
  T.OrOr,
  T.QuestionQuestion,
  T.In,
  T.DotDot,
  T.Dot,
  T.Equal,
  T.Colon,
  T.FatArrow,
  T.Bang,
  T.Tilde,
  T.Matches,
  T.LParen,
  T.LSquare,
  T.LCurly,
  T.TemplateHead,
  T.TemplateMiddle,
  T.And,
  T.Or,
  T.Not,
  T.Bar,
  T.Sample,
  T.Ellipsis
]);
var continuing = /* @__PURE__ */ new Set([
  T.Comma,
  T.Plus,
  T.Minus,
  T.Star,
  T.Slash,
  T.Percent,
  T.Caret,
  T.EqualEqual,
  T.NotEqual,
  T.Less,
  T.LessEqual,
  T.Greater,
  T.GreaterEqual,
  T.AndAnd,
  T.OrOr,
  T.QuestionQuestion,
  T.In,
  T.DotDot,
  T.Dot,
  T.FatArrow,
  T.Matches,
  T.And,
  T.Or,
  T.Using,
  T.Proposal,
  T.Else,
  T.Bar
]);
var beforeNoBrace = /* @__PURE__ */ new Set([
  T.Identifier,
  T.Number,
  T.String,
  T.TemplateTail,
  T.RParen,
  T.RSquare,
  T.True,
  T.False,
  T.None,
  T.Eos,
  T.Greater,
  T.Question
]);
var beforeTypes = /* @__PURE__ */ new Set([T.Colon, T.Bar, T.Arrow, T.WavyArrow, T.Comma, T.Less]);
function layout(raw, comments2, starts, length) {
  const lines = placeOnLines(raw, starts);
  let repair = balance(raw, lines, "none", length);
  if (repair.problems.length > 0 && !repair.tooDeep) {
    repair = balance(raw, lines, "lines", length);
    const other = balance(raw, lines, "margins", length);
    if (other.problems.length < repair.problems.length) repair = other;
  }
  const tokens = assemble(raw, lines, repair);
  return { tokens, docs: attachDocs(tokens, comments2, starts), problems: repair.problems, damaged: repair.damaged };
}
function placeOnLines(raw, starts) {
  const first = [];
  const indent2 = [];
  let line2 = 0;
  let previousEnd = -1;
  let current = 0;
  for (const token of raw) {
    while ((starts[line2 + 1] ?? Infinity) <= token.startOffset) line2++;
    const isFirst = line2 > previousEnd;
    if (isFirst) current = token.startOffset - starts[line2];
    first.push(isFirst);
    indent2.push(current);
    const end = token.startOffset + token.image.length - 1;
    while ((starts[line2 + 1] ?? Infinity) <= end) line2++;
    previousEnd = line2;
  }
  return { first, indent: indent2 };
}
var spanOf = (token) => ({ start: token.startOffset, end: token.startOffset + token.image.length });
function balance(raw, lines, guessing, length) {
  const repair = { insertions: [], dropped: /* @__PURE__ */ new Set(), problems: [], damaged: [], tooDeep: false };
  const stack = [];
  const guess = guessing !== "none";
  let tooDeep;
  let lastFlaw = -1;
  const headers = [];
  let bodiless = [];
  const suspects = [];
  const closeMissing = (at) => {
    const open = stack.pop();
    const opener = raw[open.index];
    const before = (guess ? open.guess : void 0) ?? at;
    repair.insertions.push({ before, type: closerOf.get(open.type) });
    const end = spanOf(raw[before - 1]).end;
    if (open.type === T.TemplateHead) {
      if (lastFlaw < open.index) repair.problems.push(unclosedHole(opener));
      repair.damaged.push({ start: opener.startOffset, end: raw[at]?.startOffset ?? length });
      return;
    }
    const symbol2 = symbolOf.get(closerOf.get(open.type));
    const suspect = open.type === T.LCurly ? suspects.find((index) => index > open.index && index < at) : void 0;
    repair.problems.push(
      problem("PGL1010", spanOf(raw[suspect ?? open.index]), `this \`${symbolOf.get(open.type)}\` is never closed`, {
        hint: `close it with \`${symbol2}\``,
        ...suspect === void 0 ? { fix: { span: { start: end, end }, text: open.type === T.LCurly ? `
${symbol2}` : symbol2 } } : { related: [{ span: spanOf(opener), message: "or this one, going by the brackets alone" }] }
      })
    );
    if (open.type !== T.LCurly) repair.damaged.push({ start: opener.startOffset, end });
  };
  for (let i = 0; i < raw.length; i++) {
    const token = raw[i];
    const type = token.tokenType;
    const flaw = token.payload?.flaw;
    if (flaw) lastFlaw = i;
    if (guess) {
      if (lines.first[i]) {
        if (stack.length > 0 && beginsDeclaration(raw, i, lines, guessing === "margins")) {
          while (stack.length > 0) closeMissing(i);
        } else if (statementWords.has(type) && raw[i + 1]?.tokenType !== T.Colon) {
          while (stack.length > 0 && isRound(stack.at(-1))) closeMissing(i);
        }
        const top3 = stack.at(-1);
        const fresh = i > 0 && !unfinished.has(raw[i - 1].tokenType) && !continuing.has(type) && !closers.has(type);
        if (top3 && isRound(top3) && top3.guess === void 0 && i > top3.index + 1 && fresh) top3.guess = i;
        const header = headers.at(-1);
        if (header && header.depth === stack.length && fresh && type !== T.LCurly) {
          headers.pop();
          bodiless.push({ header, before: i });
        }
        if (stack.length === 0 && documented.has(type)) bodiless = [];
      }
      while ((headers.at(-1)?.depth ?? -1) > stack.length) headers.pop();
      if (opensBody(raw, i, lines)) headers.push({ index: i, depth: stack.length });
      else if (type === T.Equal && raw[headers.at(-1)?.index ?? -1]?.tokenType === T.Fn && headers.at(-1)?.depth === stack.length) {
        headers.pop();
      }
      const top2 = stack.at(-1);
      if (top2 && (type === T.If || type === T.Match)) top2.branches++;
      if (type === T.LCurly) {
        const previous = raw[i - 1]?.tokenType;
        if (top2 && isRound(top2) && top2.branches === 0 && previous && beforeNoBrace.has(previous)) {
          while (stack.length > 0 && isRound(stack.at(-1))) closeMissing(i);
        }
        const now = stack.at(-1);
        if (now && now.branches > 0) now.branches--;
        if (headers.at(-1)?.depth === stack.length && previous && !beforeTypes.has(previous)) headers.pop();
      }
    }
    if (closerOf.has(type)) {
      stack.push({ index: i, type, guess: void 0, branches: 0 });
      if (stack.length === maximumNesting + 1) {
        tooDeep = i;
        repair.tooDeep = true;
        repair.problems.push(
          problem("PGL1009", spanOf(token), `brackets are nested more than ${maximumNesting} deep here`, {
            hint: "give inner parts names of their own with `let` or `fn`"
          })
        );
      }
      continue;
    }
    if (!closers.has(type)) continue;
    if (flaw === "broken") {
      const bottom = stack.findIndex((open) => open.type === T.TemplateHead && !isMultilineHead(raw[open.index]));
      while (bottom >= 0 && stack.length > bottom + 1) closeMissing(i);
      if (bottom >= 0) {
        const head = raw[stack[bottom].index];
        repair.problems.push(unclosedHole(head));
        repair.damaged.push({ start: head.startOffset, end: token.startOffset });
      }
    }
    const wanted = findOpener(stack, type);
    if (wanted >= 0) {
      while (stack.length > wanted + 1) closeMissing(i);
      const open = stack.pop();
      if (tooDeep === open.index) {
        for (let inner = open.index + 1; inner < i; inner++) repair.dropped.add(inner);
        repair.damaged.push({ start: raw[open.index].startOffset, end: spanOf(token).end });
        repair.insertions.splice(0, Infinity, ...repair.insertions.filter(({ before }) => before <= open.index || before > i));
        tooDeep = void 0;
      }
      if (type === T.RCurly && lines.first[i] && lines.indent[i] < lines.indent[open.index]) {
        if (stack.some((outer) => lines.indent[outer.index] === lines.indent[i])) suspects.push(open.index);
      }
      continue;
    }
    const top = stack.at(-1);
    if (top && isRound(top) && type !== T.TemplateTail) {
      const right = closerOf.get(top.type);
      if (raw[i + 1]?.tokenType !== right) {
        const symbol2 = symbolOf.get(right);
        repair.problems.push(
          problem("PGL1010", spanOf(token), `expected \`${symbol2}\` to close \`${symbolOf.get(top.type)}\`, found \`${token.image}\``, {
            fix: { span: spanOf(token), text: symbol2 },
            related: [{ span: spanOf(raw[top.index]), message: "opened here" }]
          })
        );
        repair.dropped.add(i);
        repair.insertions.push({ before: i, type: right });
        stack.pop();
        continue;
      }
    }
    const headless = type === T.RCurly && stack.length === 0 ? bodiless.pop() : void 0;
    if (headless) {
      repair.insertions.push({ before: headless.before, type: T.LCurly });
      repair.problems.push(missingBody(raw, headless.header.index, headless.before));
      bodiless = [];
      continue;
    }
    repair.dropped.add(i);
    repair.problems.push(
      problem("PGL1011", spanOf(token), `nothing opens this \`${token.image.slice(0, 1)}\``, {
        hint: "take it away, or open it where it belongs",
        fix: { span: spanOf(token), text: "" }
      })
    );
  }
  if (tooDeep !== void 0) {
    const open = tooDeep;
    for (let inner = open + 1; inner < raw.length; inner++) repair.dropped.add(inner);
    repair.insertions.splice(0, Infinity, ...repair.insertions.filter(({ before }) => before <= open));
    repair.damaged.push({ start: raw[open]?.startOffset ?? 0, end: length });
    const reported = repair.problems.length;
    while (stack.length > 0) closeMissing(raw.length);
    repair.problems.length = reported;
    return repair;
  }
  while (stack.length > 0) closeMissing(raw.length);
  return repair;
}
function unclosedHole(head) {
  const { end } = spanOf(head);
  const multiline = isMultilineHead(head);
  return problem("PGL1002", { start: end - 2, end }, "this `${` in a string is never closed", {
    hint: multiline ? "close it with `}`" : 'close it with `}` on the same line; a text of several lines stands between `"""` and `"""`'
  });
}
function missingBody(raw, header, before) {
  const word3 = raw[header];
  const name = raw[header + 1];
  const named3 = word3.tokenType === T.Model || word3.tokenType === T.Fn || word3.tokenType === T.Proposal;
  const what = named3 && name ? `${word3.image} ${name.image}` : word3.image;
  const at = spanOf(raw[before - 1]).end;
  return problem("PGL1020", { start: at, end: at }, `expected \`{\` to open the body of \`${what}\`, found the end of the line`, {
    fix: { span: { start: at, end: at }, text: " {" }
  });
}
function opensBody(raw, i, lines) {
  const type = raw[i].tokenType;
  const previous = raw[i - 1]?.tokenType;
  if (type === T.Model || type === T.Fn || type === T.Proposal) {
    return raw[i + 1]?.tokenType === T.Identifier && (lines.first[i] === true || previous === T.Export);
  }
  if (type === T.For || type === T.While) return lines.first[i] === true;
  if (type === T.If) return lines.first[i] === true || previous === T.Else || previous === T.Equal || previous === T.Return;
  return type === T.Else && raw[i + 1]?.tokenType !== T.If;
}
var isRound = (open) => open.type === T.LParen || open.type === T.LSquare;
var isMultilineHead = (token) => token.image.startsWith('"""');
function findOpener(stack, closer) {
  for (let i = stack.length - 1; i >= 0; i--) {
    const open = stack[i];
    if (closerOf.get(open.type) === closer) return i;
    if (open.type === T.TemplateHead) return -1;
  }
  return -1;
}
function beginsDeclaration(raw, i, lines, functionsToo) {
  const type = raw[i].tokenType;
  const next = raw[i + 1]?.tokenType;
  const atMargin = lines.indent[i] === 0;
  if (next === void 0) return false;
  if (type === T.Import) return next === T.LCurly && atMargin;
  if (type === T.Export) return declarationWords.has(next) || next === T.Proposal;
  if (type === T.Proposal) {
    if (next !== T.Identifier || !atMargin) return false;
    const after = raw[i + 2]?.tokenType;
    return after === T.For || after === T.LParen;
  }
  if (type === T.Fn) return functionsToo && atMargin && next === T.Identifier;
  if (type === T.Const) return atMargin && next === T.Identifier;
  return declarationWords.has(type) && next === T.Identifier;
}
function assemble(raw, lines, repair) {
  const insertions = [...repair.insertions].sort((a, b) => a.before - b.before);
  const tokens = [];
  const stack = [];
  let nextInsertion = 0;
  let pendingLine = false;
  const place = (token, firstOnLine) => {
    const placed = token;
    const top = stack.at(-1);
    placed.index = tokens.length;
    placed.newline = firstOnLine && (top === void 0 || top.tokenType === T.LCurly);
    placed.match = -1;
    if (closers.has(placed.tokenType) && top && closerOf.get(top.tokenType) === placed.tokenType) {
      stack.pop();
      top.match = placed.index;
      placed.match = top.index;
      placed.depth = stack.length;
      placed.newline = firstOnLine && (stack.at(-1) === void 0 || stack.at(-1)?.tokenType === T.LCurly);
    } else {
      placed.depth = placed.tokenType === T.TemplateMiddle ? stack.length - 1 : stack.length;
      if (closerOf.has(placed.tokenType)) stack.push(placed);
    }
    tokens.push(placed);
  };
  const insertBefore = (index) => {
    for (; nextInsertion < insertions.length; nextInsertion++) {
      const insertion = insertions[nextInsertion];
      if (insertion.before > index) return;
      const previous = tokens.at(-1);
      const at = previous ? previous.startOffset + previous.image.length : 0;
      place(createTokenInstance(insertion.type, "", at, at - 1, NaN, NaN, NaN, NaN), false);
    }
  };
  raw.forEach((token, i) => {
    insertBefore(i);
    if (lines.first[i]) pendingLine = true;
    if (repair.dropped.has(i)) return;
    place(token, pendingLine);
    pendingLine = false;
  });
  insertBefore(Infinity);
  return tokens;
}
function attachDocs(tokens, comments2, starts) {
  const docs = /* @__PURE__ */ new Map();
  let next = 0;
  let line2 = 0;
  const lineOf = (offset) => {
    while ((starts[line2 + 1] ?? Infinity) <= offset) line2++;
    return line2;
  };
  let previousLine = -1;
  for (const token of tokens) {
    let run = [];
    let lastLine = -2;
    while (next < comments2.length && comments2[next].start < token.startOffset) {
      const comment2 = comments2[next++];
      const at = lineOf(comment2.start);
      if (comment2.kind !== "doc" || at === previousLine) run = [];
      else {
        if (at !== lastLine + 1) run = [];
        run.push(comment2.text.slice(3).replace(/^ /, "").trimEnd());
      }
      lastLine = at;
    }
    if (run.length > 0 && documented.has(token.tokenType) && lineOf(token.startOffset) === lastLine + 1) {
      docs.set(token, run.join("\n"));
    }
    previousLine = lineOf(token.startOffset + Math.max(0, token.image.length - 1));
  }
  return docs;
}

// ../grammar/src/lexer.ts
import { Lexer as Lexer2 } from "chevrotain";

// ../grammar/src/strings.ts
var simpleEscapes = {
  n: "\n",
  t: "	",
  r: "\r",
  "0": "\0",
  "\\": "\\",
  '"': '"',
  "'": "'",
  $: "$",
  "\n": ""
};
var escape = /\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\s\S]?))/g;
function decodeEscapes(text) {
  if (!text.includes("\\")) return text;
  return text.replace(escape, (whole, braced, four, two, one) => {
    const hex = braced ?? four ?? two;
    if (hex !== void 0) {
      const point = parseInt(hex, 16);
      return point > 1114111 ? "\uFFFD" : String.fromCodePoint(point);
    }
    return simpleEscapes[one ?? ""] ?? whole;
  });
}
function escapeFlaws(raw) {
  if (!raw.includes("\\")) return [];
  const flaws = [];
  for (const match of raw.matchAll(escape)) {
    const [whole, braced, four, , one] = match;
    const start = match.index ?? 0;
    const end = start + whole.length;
    const hex = braced ?? four;
    if (hex !== void 0) {
      const point = parseInt(hex, 16);
      if (point > 1114111) flaws.push({ start, end, reason: `\`${whole}\` is beyond the last character, \`\\u{10FFFF}\`` });
      else if (point >= 55296 && point <= 57343 && !pairedSurrogate(raw, start, point)) {
        flaws.push({ start, end, reason: `\`${whole}\` is half of a character; write \`\\u{\u2026}\` with its whole code` });
      }
    } else if (one === "u" || one === "x") {
      const form = one === "u" ? "`\\u{1F600}` or `\\u00E9`" : "`\\xE9`";
      flaws.push({ start, end, reason: `\`\\${one}\` wants hexadecimal digits, as in ${form}` });
    } else if (one !== "\r" && (one === void 0 || simpleEscapes[one] === void 0)) {
      flaws.push({ start, end, reason: `\`${whole}\` is not an escape; a backslash itself is written \`\\\\\`` });
    }
  }
  return flaws;
}
function pairedSurrogate(raw, start, point) {
  const other = point < 56320 ? raw.slice(start + 6, start + 12) : raw.slice(Math.max(0, start - 6), start);
  const match = /^\\u([0-9a-fA-F]{4})$/.exec(other);
  if (!match) return false;
  const code = parseInt(match[1], 16);
  return point < 56320 ? code >= 56320 && code <= 57343 : code >= 55296 && code < 56320;
}
function decodeTexts(raws, multiline) {
  return (multiline ? outdent(raws) : raws).map(decodeEscapes);
}
var lineLead = /\n([ \t]*)/g;
function outdent(raws) {
  const parts = raws.map((raw) => raw.replace(/\r\n?/g, "\n"));
  const last = parts.length - 1;
  const opensLine = /^[ \t]*\n/.test(parts[0]);
  if (opensLine) parts[0] = parts[0].replace(/^[ \t]*\n/, "\n");
  const closing = /\n[ \t]*$/.exec(parts[last]);
  const closesLine = closing !== null && !(last === 0 && opensLine && closing.index === 0);
  if (closesLine) parts[last] = parts[last].slice(0, closing.index);
  let common;
  parts.forEach((part, index) => {
    for (const match of part.matchAll(lineLead)) {
      const lead = match[1];
      const end = (match.index ?? 0) + match[0].length;
      const blank = end < part.length ? part[end] === "\n" : index === last;
      if (!blank) common = common === void 0 ? lead : commonPrefix(common, lead);
    }
  });
  const width = common?.length ?? 0;
  const trimmed = parts.map(
    (part, index) => part.replace(lineLead, (_whole, lead, offset) => {
      const end = offset + 1 + lead.length;
      const blank = end < part.length ? part[end] === "\n" : index === last;
      return "\n" + (blank ? "" : lead.slice(width));
    })
  );
  if (opensLine) trimmed[0] = trimmed[0].slice(1);
  return trimmed;
}
function commonPrefix(a, b) {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return a.slice(0, i);
}
var named = { "\n": "\\n", "	": "\\t", "\r": "\\r", "\\": "\\\\", '"': '\\"' };
function escapeText(text) {
  return text.replace(/[\\"\n\t\r]|\$(?=\{)|[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/g, (char) => {
    if (char === "$") return "\\$";
    return named[char] ?? `\\u{${char.charCodeAt(0).toString(16)}}`;
  });
}
function insideQuotes(image) {
  const mark = image.charAt(0) === "\u201C" ? "\u201D" : image.charAt(0);
  return image.slice(1, image.length > 1 && image.endsWith(mark) ? -1 : void 0);
}

// ../grammar/src/lexer.ts
var lexer;
function lex(text) {
  lexer ??= new Lexer2(lexerTokens, { positionTracking: "onlyOffset", ensureOptimizations: true, skipValidations: true });
  beginLexing();
  const result = lexer.tokenize(text);
  const problems = [];
  for (const error of result.errors) problems.push(unexpectedCharacters(text, error.offset, error.length));
  const comments2 = (result.groups[commentGroup] ?? []).map((token) => comment(token, text, problems));
  for (const token of result.tokens) examine(token, problems);
  return { tokens: result.tokens, comments: comments2, problems };
}
function comment(token, text, problems) {
  const start = token.startOffset;
  const end = start + token.image.length;
  if (token.tokenType === blockCommentType) {
    if (!/^\/\*[\s\S]*\*\/$/.test(token.image) || token.image === "/*/") {
      problems.push(
        problem("PGL1005", { start, end: start + 2 }, "this comment is never closed", { hint: "close it with `*/`" })
      );
    }
    return { kind: "block", text: token.image, start, end };
  }
  if (token.tokenType === hashCommentType && !(start === 0 && token.image.startsWith("#!"))) {
    problems.push(
      problem("PGL1008", { start, end: start + 1 }, "comments begin with `//`, not with `#`", {
        fix: { span: { start, end: start + 1 }, text: "//" }
      })
    );
  }
  const doc = /^\/\/\/(?!\/)/.test(token.image);
  if (!doc && /^\/\/ ?\d+(?:\.\d+)?\s*$/.test(token.image) && /[\w)\]][ \t]*$/.test(text.slice(Math.max(0, start - 40), start))) {
    problems.push(
      problem("PGL1032", { start, end }, "`//` begins a comment here; it does not divide", {
        severity: "warning",
        hint: "floor division is written `int_div(a, b)`"
      })
    );
  }
  return { kind: doc ? "doc" : "line", text: token.image, start, end };
}
function unexpectedCharacters(text, offset, length) {
  const span = { start: offset, end: offset + length };
  const characters = text.slice(offset, offset + length);
  const shown = characters.length > 12 ? `${characters.slice(0, 12)}\u2026` : characters;
  if (/[“”„«»‘’]/.test(characters)) {
    return problem("PGL1001", span, `unexpected \`${shown}\``, { hint: 'strings are written in straight double quotes, `"\u2026"`' });
  }
  const visible = shown.replace(/[\p{C}\p{Z}]/gu, (char) => `U+${(char.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
  return problem("PGL1001", span, `unexpected character${characters.length > 1 ? "s" : ""} \`${visible}\``);
}
var textual = /* @__PURE__ */ new Set([T.String, T.TemplateHead, T.TemplateMiddle, T.TemplateTail]);
function examine(token, problems) {
  const start = token.startOffset;
  const end = start + token.image.length;
  const span = { start, end };
  const habit2 = habitOf.get(token.tokenType);
  if (habit2) {
    token.tokenType = T[habit2.meant];
    token.tokenTypeIdx = token.tokenType.tokenTypeIdx;
    if (habit2.meant === "Identifier") {
      problems.push(
        problem("PGL1001", span, `\`${token.image}\` cannot be a name`, {
          hint: "names are made of the letters a to z, digits and `_`; other letters belong in strings and comments"
        })
      );
    } else if (habit2.meant === "String") {
      token.payload = { flaw: "quotes" };
      const inside = insideQuotes(token.image);
      const replacement = `"${inside.replace(/\\(['`])/g, "$1").replace(/(?<!\\)"/g, '\\"').replace(/\r?\n/g, "\\n")}"`;
      problems.push(
        problem("PGL1007", span, "strings are written in double quotes", { fix: { span, text: replacement } })
      );
    } else {
      problems.push(
        problem("PGL1008", span, `\`${token.image}\` is written \`${habit2.written}\` in PGL`, {
          fix: { span, text: habit2.written }
        })
      );
    }
    return;
  }
  const flaw = token.payload?.flaw;
  if (token.tokenType === T.Number) {
    if (flaw === "malformed") problems.push(malformedNumber(token, span));
    else if (!/[.eE]/.test(token.image) && !Number.isSafeInteger(Number(token.image.replaceAll("_", "")))) {
      problems.push(
        problem("PGL1004", span, "this integer is too large to be exact", {
          hint: "integers go up to 9007199254740991; write it with an exponent to make it a float, as in `1e18`"
        })
      );
    } else if (!Number.isFinite(Number(token.image.replaceAll("_", "")))) {
      problems.push(problem("PGL1004", span, "this number is too large", { hint: "infinity is written `inf`" }));
    }
    return;
  }
  if (token.tokenType === T.Regex) {
    if (flaw === "unclosed") {
      problems.push(
        problem("PGL1006", { start, end: start + 1 }, "this regular expression is not closed on its line", {
          hint: "close it with `/`"
        })
      );
    }
    return;
  }
  if (!textual.has(token.tokenType)) return;
  if (flaw === "unclosed") {
    const multiline = token.tokenType === T.String ? token.image.startsWith('"""') : void 0;
    problems.push(
      problem(
        "PGL1002",
        token.tokenType === T.String ? { start, end: start + (multiline ? 3 : 1) } : { start: end, end },
        multiline ? 'this string is never closed: `"""` is missing' : "this string is not closed on its line",
        { hint: multiline ? void 0 : 'close it with `"`; a text of several lines stands between `"""` and `"""`' }
      )
    );
  } else if (flaw === "broken") {
    return;
  }
  for (const found2 of escapeFlaws(token.image)) {
    problems.push(problem("PGL1003", { start: start + found2.start, end: start + found2.end }, found2.reason));
  }
}
function malformedNumber(token, span) {
  const image = token.image;
  if (/^0[xXbBoO]/.test(image)) {
    const value = Number(image.replaceAll("_", ""));
    return problem("PGL1004", span, "numbers are written in decimal", {
      fix: Number.isFinite(value) ? { span, text: String(value) } : void 0
    });
  }
  if (/_/.test(image) && !/[A-Za-z]/.test(image.replace(/[eE][+-]?\d/, ""))) {
    return problem("PGL1004", span, "`_` in a number stands between two digits, as in `10_000`");
  }
  return problem("PGL1004", span, `\`${image}\` is not a number`, {
    hint: "names do not begin with a digit; a product is written with `*`"
  });
}

// ../grammar/src/parser.ts
import { EmbeddedActionsParser, EOF, tokenMatcher } from "chevrotain";

// ../grammar/src/literals.ts
function numberLiteral(token) {
  const digits = /^[0-9_]*(?:\.[0-9_]+)?(?:[eE][+-]?[0-9]+)?/.exec(token.image)?.[0] ?? "0";
  return {
    kind: "NumberLiteral",
    value: Number(digits.replaceAll("_", "")),
    integer: !/[.eE]/.test(digits),
    raw: token.image,
    span: { start: token.startOffset, end: token.startOffset + token.image.length }
  };
}
function stringLiteral(token) {
  const image = token.image;
  const multiline = image.startsWith('"""');
  return {
    kind: "StringLiteral",
    value: decodeTexts([between(image, token.payload?.flaw)], multiline)[0],
    raw: image,
    multiline,
    span: { start: token.startOffset, end: token.startOffset + image.length }
  };
}
function between(image, flaw) {
  if (flaw === "quotes") return insideQuotes(image);
  const width = image.startsWith('"""') ? 3 : 1;
  return image.slice(width, flaw === "unclosed" ? void 0 : -width);
}

// ../grammar/src/parser.ts
var PglParser = class extends EmbeddedActionsParser {
  /** What was found wrong, in the order in which it was. */
  problems = [];
  /** The longest chain of operators, members or prefixes, and the deepest nesting: bounds on the height of the tree. */
  longestChain = 0;
  deepestNesting = 0;
  /** The nodes that stand in round brackets of their own, with the span of the (outermost) brackets. */
  bracketed = /* @__PURE__ */ new Map();
  docs = /* @__PURE__ */ new Map();
  damaged = [];
  /** The innermost bracket that is being read. */
  within;
  nesting = 0;
  lastProblemAt = -1;
  constructor(options) {
    super(parserTokens, { recoveryEnabled: false, maxLookahead: 1, skipValidations: options.skipValidations });
    this.performSelfAnalysis();
  }
  /** Makes the parser ready for a text. */
  begin(tokens, docs, damaged) {
    this.input = tokens;
    this.docs = docs;
    this.damaged = damaged;
    this.problems.length = 0;
    this.bracketed.clear();
    this.longestChain = 0;
    this.deepestNesting = 0;
    this.within = void 0;
    this.nesting = 0;
    this.lastProblemAt = -1;
  }
  // ------------------------------------------------------------------------------------------------------- looking
  peek(ahead = 1) {
    return this.LA(ahead);
  }
  at(type, ahead = 1) {
    return this.LA(ahead).tokenType === type;
  }
  atAny(type, ahead = 1) {
    return tokenMatcher(this.LA(ahead), type);
  }
  get atEnd() {
    return this.LA(1).tokenType === EOF;
  }
  /** At the closing bracket of what is being read, or at the end of the file. */
  get atClose() {
    const token = this.peek();
    return token.tokenType === EOF || this.within !== void 0 && token.index === this.within.match;
  }
  /** Where a statement may end. */
  get atStatementEnd() {
    return this.atClose || this.peek().newline || this.at(T.Semicolon);
  }
  get depth() {
    return this.within === void 0 ? 0 : this.within.depth + 1;
  }
  get previousEnd() {
    const previous = this.peek(0);
    return previous.tokenType === EOF ? 0 : previous.startOffset + previous.image.length;
  }
  // ------------------------------------------------------------------------------------------------------- spans
  spanOf(token) {
    if (this.RECORDING_PHASE) return noSpan;
    return { start: token.startOffset, end: token.startOffset + token.image.length };
  }
  from(start) {
    return { start, end: Math.max(start, this.previousEnd) };
  }
  /** An expression's place with the brackets around it. */
  extent = (value) => this.RECORDING_PHASE ? noSpan : this.bracketed.get(value) ?? value.span;
  get start() {
    const token = this.peek();
    return token.tokenType === EOF ? this.previousEnd : token.startOffset;
  }
  // ------------------------------------------------------------------------------------------------------- problems
  report(found2) {
    const start = found2.diagnostic.span.start;
    if (start === this.lastProblemAt) return;
    if (this.damaged.some((span) => start >= span.start && start <= span.end)) return;
    this.lastProblemAt = start;
    this.problems.push(found2);
  }
  /** What is there, in words. */
  describe(token) {
    if (token.tokenType === EOF) return "the end of the file";
    if (token.newline) return "the end of the line";
    if (token.image === "") return "the end of what is in brackets";
    if (token.tokenType === T.String) return `the string ${shorten(token.image)}`;
    if (token.tokenType === T.TemplateHead) return `a string`;
    if (token.tokenType === T.TemplateMiddle || token.tokenType === T.TemplateTail) return "`}`";
    if (reservedWords.has(token.image)) return `the word \`${token.image}\``;
    return `\`${shorten(token.image)}\``;
  }
  expected(what, more = {}) {
    const token = this.peek();
    const between2 = token.tokenType === EOF || token.newline || token.image === "";
    const span = between2 ? { start: this.previousEnd, end: this.previousEnd } : this.spanOf(token);
    return problem(more.code ?? "PGL1020", span, `expected ${what}, found ${this.describe(token)}`, more);
  }
  /** Reads a token that has to be there. */
  want(index, type, what, hint) {
    if (!this.RECORDING_PHASE && !this.atAny(type)) {
      throw this.expected(typeof what === "string" ? what : what(), { hint: hint?.() });
    }
    return this.consume(index, type);
  }
  // ------------------------------------------------------------------------------------------------------- recovering
  skip() {
    const token = this.peek();
    const internal = this;
    const match = token.match > token.index ? token.match : token.index;
    internal.importLexerState(match);
  }
  /**
   * Reads something; if it cannot be read, reports why, skips to the end of the brackets it is in or to a token at their
   * level at which `stop` holds, and gives `instead`.
   */
  guarded(read, stop, instead) {
    if (this.RECORDING_PHASE) return read();
    const { within: within2, nesting } = this;
    try {
      return read();
    } catch (error) {
      this.within = within2;
      this.nesting = nesting;
      this.report(asProblem(error));
      this.skipTo(stop);
      return instead();
    }
  }
  skipTo(stop) {
    const depth = this.depth;
    while (!this.atClose) {
      const token = this.peek();
      if (token.depth <= depth && stop(token)) return;
      this.skip();
    }
  }
  /** Skips what begins at token `index`, if nothing was read since, so that a list of things always comes to its end. */
  progressFrom(index, stop) {
    if (this.atClose || this.peek().index !== index) return;
    this.skip();
    this.skipTo(stop);
  }
  statementStop = (token) => token.newline || token.tokenType === T.Semicolon;
  elementStop = (token) => token.tokenType === T.Comma || token.newline;
  headerStop = (token) => token.tokenType === T.LCurly || token.newline || token.tokenType === T.Semicolon;
  missing = () => ({
    kind: "MissingExpression",
    span: { start: this.previousEnd, end: this.previousEnd }
  });
  open(index, type, what, hint) {
    const token = this.want(index, type, what, hint);
    const outer = this.within;
    if (!this.RECORDING_PHASE) this.within = token;
    return outer;
  }
  close(index, type, outer) {
    this.consume(index, type);
    this.within = outer;
  }
  /**
   * The elements of a bracket up to its closing, separated by commas, with one more at the end if one likes; where
   * `lines`, a line of its own separates too. The opening bracket has been read.
   */
  elements(rule, what, lines) {
    const found2 = [];
    if (this.RECORDING_PHASE) {
      this.MANY(() => {
        this.SUBRULE(rule);
        this.OPTION(() => this.CONSUME(T.Comma));
      });
      return found2;
    }
    while (!this.atClose) {
      const before = this.peek().index;
      if (this.at(T.Comma)) {
        this.report(this.expected(what));
        this.skip();
        continue;
      }
      const element = this.guarded(() => this.SUBRULE(rule), this.elementStop, () => void 0);
      if (element !== void 0) found2.push(element);
      else this.progressFrom(before, this.elementStop);
      if (this.at(T.Comma)) {
        this.CONSUME(T.Comma);
        continue;
      }
      if (this.atClose || lines && this.peek().newline) continue;
      this.report(this.betweenElements(element !== void 0));
      if (!this.beginsElement()) this.skipTo(this.elementStop);
      if (this.at(T.Comma)) this.CONSUME1(T.Comma);
    }
    return found2;
  }
  betweenElements(afterOne) {
    if (this.at(T.Question)) return this.ternary();
    const within2 = this.within;
    const closer = this.input[within2.match]?.image || "the closing bracket";
    const insert = afterOne && this.beginsElement() ? this.insertion(",") : void 0;
    const hint = this.at(T.Equal) && within2.tokenType === T.LParen ? "named arguments are written `name: value`, equality `==`" : void 0;
    return this.expected(`\`,\` or \`${closer}\``, { fix: insert, hint });
  }
  ternary() {
    return problem("PGL1033", this.spanOf(this.peek()), "a choice between two values is not written with `?` and `:`", {
      hint: "write `if test { a } else { b }`"
    });
  }
  beginsElement() {
    const type = this.peek().tokenType;
    return type === T.Identifier || type === T.Number || type === T.String || type === T.TemplateHead || type === T.LCurly;
  }
  // ------------------------------------------------------------------------------------------------------- names
  identifier(index, what) {
    if (!this.RECORDING_PHASE && !this.atAny(T.Identifier)) {
      const token = this.peek();
      if (!token.newline && reservedWords.has(token.image)) {
        this.report(
          problem("PGL1021", this.spanOf(token), `\`${token.image}\` is a word of the language and cannot be used as a name`, {
            hint: `choose another name, as \`${token.image}_\``
          })
        );
        return this.named(this.consume(index, Name));
      }
      throw this.expected(what);
    }
    return this.named(this.consume(index, T.Identifier));
  }
  named(token) {
    if (this.RECORDING_PHASE) return { kind: "Identifier", name: "", span: noSpan };
    return { kind: "Identifier", name: token.image, span: this.spanOf(token) };
  }
  // ------------------------------------------------------------------------------------------------------- module
  module = this.RULE("module", () => {
    const declarations = [];
    if (this.RECORDING_PHASE) {
      this.MANY(() => {
        this.SUBRULE(this.declaration);
        this.OPTION(() => this.CONSUME(T.Semicolon));
      });
      return void 0;
    }
    while (!this.atEnd) {
      if (this.at(T.Semicolon)) {
        this.CONSUME(T.Semicolon);
        continue;
      }
      const before = this.peek().index;
      const stop = (token) => token.newline && beginsDeclaration2(token);
      const declaration = this.guarded(() => this.SUBRULE(this.declaration), stop, () => void 0);
      if (declaration) declarations.push(declaration);
      else this.progressFrom(before, stop);
      if (this.at(T.Semicolon)) this.CONSUME1(T.Semicolon);
      else if (!this.atEnd && !this.peek().newline) {
        this.report(this.twoOnALine("declaration"));
        if (!beginsDeclaration2(this.peek())) this.skipTo((token) => token.newline);
      }
    }
    const last = this.previousEnd;
    return { kind: "Module", declarations, span: { start: 0, end: last } };
  });
  twoOnALine(what) {
    const token = this.peek();
    if (token.tokenType === T.Question) {
      return this.ternary();
    }
    const hint = token.tokenType === T.Colon ? "a record as the value of a body stands in braces of its own: `{ { name: value } }`" : token.tokenType === T.Equal ? "only a name declared with `var` can be assigned to; equality is written `==`" : what === "statement" ? "a statement ends with its line; two on one line are separated by `;`" : void 0;
    return this.expected(`a new line or \`;\` after the ${what}`, { code: "PGL1030", hint });
  }
  declaration = this.RULE("declaration", () => {
    const start = this.start;
    let doc = this.docs.get(this.peek());
    const exported = this.OPTION(() => this.CONSUME(T.Export)) !== void 0;
    doc ??= this.docs.get(this.peek());
    if (!this.RECORDING_PHASE && !beginsDeclaration2(this.peek())) throw this.notADeclaration(exported);
    const documentation = { ...doc === void 0 ? {} : { doc }, exported };
    return this.OR([
      { ALT: () => this.SUBRULE(this.importDeclaration, { ARGS: [start, exported] }) },
      { ALT: () => this.SUBRULE(this.lmDeclaration, { ARGS: [start, documentation] }) },
      { ALT: () => this.SUBRULE(this.constDeclaration, { ARGS: [start, documentation] }) },
      { ALT: () => this.SUBRULE(this.typeDeclaration, { ARGS: [start, documentation] }) },
      { ALT: () => this.SUBRULE(this.functionDeclaration, { ARGS: [start, documentation] }) },
      { ALT: () => this.SUBRULE(this.modelDeclaration, { ARGS: [start, documentation] }) },
      { ALT: () => this.SUBRULE(this.proposalDeclaration, { ARGS: [start, documentation] }) },
      { ALT: () => this.SUBRULE(this.queryDeclaration, { ARGS: [start, documentation] }) }
    ]);
  });
  notADeclaration(exported) {
    const token = this.peek();
    const kinds = "`import`, `lm`, `const`, `type`, `fn`, `model`, `proposal` or `query`";
    if (exported) return this.expected(`a declaration after \`export\`: ${kinds}`);
    const foreign = foreignDeclarations[token.image];
    if (foreign && token.tokenType === T.Identifier) {
      return problem("PGL1027", this.spanOf(token), `\`${token.image}\` is not a word of PGL`, { hint: foreign });
    }
    const span = this.spanOf(token);
    if (token.tokenType === T.Let || token.tokenType === T.Var) {
      return problem("PGL1029", span, `\`${token.image}\` stands in the body of a \`model\` or \`fn\``, {
        hint: "outside, `const` gives a name to a value that does not vary",
        ...token.tokenType === T.Let && this.at(T.Equal, 3) ? { fix: { span, text: "const" } } : {}
      });
    }
    if (statementBeginnings.has(token.tokenType) || expressionBeginnings.has(token.tokenType)) {
      return problem("PGL1029", span, `expected a declaration, found ${this.describeStart(token)}`, {
        hint: `a file consists of ${kinds.replace(" or ", " and ")}; statements stand in the body of a \`model\` or \`fn\``
      });
    }
    return problem("PGL1020", span, `expected a declaration, found ${this.describeStart(token)}`, { hint: `a declaration begins with ${kinds}` });
  }
  describeStart(token) {
    return this.describe({ ...token, newline: false });
  }
  importDeclaration = this.RULE(
    "importDeclaration",
    (start, exported) => {
      const word3 = this.CONSUME(T.Import);
      if (exported && !this.RECORDING_PHASE) {
        this.report(problem("PGL1020", this.spanOf(word3), "an `import` cannot be exported", { hint: "take `export` away" }));
      }
      if (!this.RECORDING_PHASE && this.at(T.Identifier)) {
        const local = this.peek();
        const span = this.spanOf(local);
        this.report(
          this.expected("`{` and the names to import", {
            hint: 'imports are written `import { name } from "./file.ts"`',
            fix: { span, text: `{ ${local.image} }` }
          })
        );
        const specifier = this.SUBRULE1(this.importSpecifier);
        this.want(2, T.From, "`from` and the file the names come from");
        const source2 = this.plainString(2, "the file to import from, a string");
        return { kind: "ImportDeclaration", specifiers: [specifier], source: source2, span: this.from(start) };
      }
      const outer = this.open(1, T.LCurly, "`{` and the names to import", () => 'imports are written `import { name } from "./file.ts"`');
      const specifiers = this.elements(this.importSpecifier, "a name to import", true);
      this.close(1, T.RCurly, outer);
      this.want(1, T.From, "`from` and the file the names come from");
      const source = this.plainString(1, "the file to import from, a string");
      return { kind: "ImportDeclaration", specifiers, source, span: this.from(start) };
    }
  );
  importSpecifier = this.RULE("importSpecifier", () => {
    const start = this.start;
    const imported = this.identifier(1, "a name to import");
    let local = imported;
    this.OPTION(() => {
      this.CONSUME(T.As);
      local = this.identifier(2, "the name it has here");
    });
    return { kind: "ImportSpecifier", imported, local, span: this.from(start) };
  });
  plainString(index, what) {
    if (!this.RECORDING_PHASE && this.at(T.TemplateHead)) {
      throw this.expected(`${what} without \`\${\u2026}\``);
    }
    const token = this.want(index, T.String, what);
    return stringLiteral(token);
  }
  lmDeclaration = this.RULE("lmDeclaration", (start, documentation) => {
    this.CONSUME(T.Lm);
    const name = this.identifier(1, "a name for the language model");
    this.want(1, T.Equal, "`=` and the model's specification", () => 'as in `lm writer = "stories"`');
    const what = "the model's specification, a string";
    if (!this.RECORDING_PHASE && this.at(T.Identifier) && !this.peek().newline) {
      const token = this.peek();
      const span = this.spanOf(token);
      this.report(this.expected(what, { fix: { span, text: `"${token.image}"` } }));
      this.skip();
      const spec2 = { kind: "StringLiteral", value: token.image, raw: token.image, multiline: false, span };
      return { kind: "LmDeclaration", ...documentation, name, spec: spec2, span: this.from(start) };
    }
    const spec = this.plainString(1, what);
    return { kind: "LmDeclaration", ...documentation, name, spec, span: this.from(start) };
  });
  constDeclaration = this.RULE("constDeclaration", (start, documentation) => {
    this.CONSUME(T.Const);
    const name = this.identifier(1, "a name for the constant");
    const type = this.OPTION(() => {
      this.CONSUME(T.Colon);
      return this.SUBRULE(this.type);
    });
    if (!this.RECORDING_PHASE && this.at(T.Tilde)) {
      throw this.expected("`=` and a value", { hint: "a constant does not vary; draws stand in the body of a `model`" });
    }
    this.want(1, T.Equal, () => `\`=\` and the value of \`${name.name}\``);
    const value = this.guarded(() => this.SUBRULE(this.expression), this.statementStop, this.missing);
    return { kind: "ConstDeclaration", ...documentation, name, ...maybe("type", type), value, span: this.from(start) };
  });
  typeDeclaration = this.RULE("typeDeclaration", (start, documentation) => {
    this.CONSUME(T.Type);
    const name = this.identifier(1, "a name for the type");
    this.want(1, T.Equal, () => `\`=\` and the type that \`${name.name}\` stands for`);
    const type = this.SUBRULE(this.type);
    return { kind: "TypeDeclaration", ...documentation, name, type, span: this.from(start) };
  });
  functionDeclaration = this.RULE(
    "functionDeclaration",
    (start, documentation) => {
      this.CONSUME(T.Fn);
      const name = this.identifier(1, "a name for the function");
      const parameters = this.SUBRULE(this.parameters, { ARGS: [`fn ${name.name}`] });
      const result = this.SUBRULE(this.result);
      if (!this.RECORDING_PHASE && !this.at(T.Equal) && !this.at(T.LCurly)) {
        const body2 = this.bodyMissing(`\`{\` to open the body of \`fn ${name.name}\`, or \`=\` and its value`);
        return { kind: "FunctionDeclaration", ...documentation, name, parameters, ...maybe("result", result), body: body2, span: this.from(start) };
      }
      const body = this.OR([
        {
          ALT: () => {
            this.CONSUME(T.Equal);
            const value = this.guarded(() => this.SUBRULE(this.expression), this.statementStop, this.missing);
            return asBlock(value, this.extent(value));
          }
        },
        { ALT: () => this.SUBRULE(this.block, { ARGS: [`\`{\` to open the body of \`fn ${name.name}\`, or \`=\` and its value`] }) }
      ]);
      return { kind: "FunctionDeclaration", ...documentation, name, parameters, ...maybe("result", result), body, span: this.from(start) };
    }
  );
  modelDeclaration = this.RULE("modelDeclaration", (start, documentation) => {
    this.CONSUME(T.Model);
    const name = this.identifier(1, "a name for the model");
    const parameters = this.SUBRULE(this.parameters, { ARGS: [`model ${name.name}`] });
    const result = this.SUBRULE(this.result);
    const what = `\`{\` to open the body of \`model ${name.name}\``;
    const body = this.RECORDING_PHASE || this.at(T.LCurly) ? this.SUBRULE(this.block, { ARGS: [what] }) : this.bodyMissing(what);
    return { kind: "ModelDeclaration", ...documentation, name, parameters, ...maybe("result", result), body, span: this.from(start) };
  });
  proposalDeclaration = this.RULE("proposalDeclaration", (start, documentation) => {
    this.CONSUME(T.Proposal);
    const name = this.identifier(1, "a name for the proposal");
    const parameters = this.OPTION(() => this.SUBRULE(this.parameters, { ARGS: [`proposal ${name.name}`] })) ?? [];
    if (!this.RECORDING_PHASE && this.at(T.Identifier)) {
      this.report(this.expected(`\`for\` and the model that \`${name.name}\` proposes for`, { fix: this.insertion(" for") }));
    } else this.want(1, T.For, () => `\`for\` and the model that \`${name.name}\` proposes for`);
    const target = this.identifier(2, "the name of the model to propose for");
    const what = `\`{\` to open the body of \`proposal ${name.name}\``;
    const body = this.RECORDING_PHASE || this.at(T.LCurly) ? this.SUBRULE(this.block, { ARGS: [what] }) : this.bodyMissing(what);
    return { kind: "ProposalDeclaration", ...documentation, name, parameters, target, body, span: this.from(start) };
  });
  insertion(text) {
    return { span: { start: this.previousEnd, end: this.previousEnd }, text };
  }
  /** The body of a declaration that has none: an error, and a value that fits everywhere, so that its name is still known. */
  bodyMissing(what) {
    this.report(this.expected(what, { hint: this.at(T.Colon) ? "bodies stand in braces" : void 0 }));
    this.skipTo((token) => token.newline && beginsDeclaration2(token));
    const result = this.missing();
    return { kind: "Block", statements: [], result, span: result.span };
  }
  queryDeclaration = this.RULE("queryDeclaration", (start, documentation) => {
    this.CONSUME(T.Query);
    const name = this.OPTION({
      GATE: () => this.at(T.Equal, 2),
      DEF: () => {
        const own = this.identifier(1, "a name for the query");
        this.CONSUME(T.Equal);
        return own;
      }
    });
    const infer = this.SUBRULE(this.inference, { ARGS: [void 0] });
    return { kind: "QueryDeclaration", ...documentation, ...maybe("name", name), infer, span: this.from(start) };
  });
  /** `m(args) using method(…)`, after `infer` (whose token is given) or `query`. */
  inference = this.RULE("inference", (from) => {
    const start = from ?? this.start;
    const model = this.identifier(1, "the name of a model");
    const args = this.SUBRULE(this.arguments, { ARGS: [() => `\`(\` and the arguments of \`${model.name}\``] });
    const method = this.OPTION(() => {
      this.CONSUME(T.Using);
      return this.SUBRULE(this.method);
    });
    return { kind: "InferExpression", model, arguments: args, ...maybe("method", method), span: this.from(start) };
  });
  method = this.RULE("method", () => {
    const start = this.start;
    const name = this.identifier(1, "the name of an inference method");
    const args = this.SUBRULE(this.arguments, { ARGS: [() => `\`(\` and the options of \`${name.name}\`, or \`()\``] });
    return { kind: "MethodNode", name, arguments: args, span: this.from(start) };
  });
  parameters = this.RULE("parameters", (owner) => {
    if (!this.RECORDING_PHASE && !this.at(T.LParen)) {
      this.report(this.expected(`\`(\` and the parameters of \`${owner}\`, or \`()\``));
      this.skipTo((token) => token.tokenType === T.Colon || token.tokenType === T.Equal || this.headerStop(token));
      return [];
    }
    const outer = this.open(1, T.LParen, "`(`");
    const found2 = this.elements(this.parameter, "a parameter", false);
    this.close(1, T.RParen, outer);
    return found2;
  });
  parameter = this.RULE("parameter", () => {
    const start = this.start;
    const name = this.identifier(1, "the name of a parameter");
    if (!this.RECORDING_PHASE && (this.atAny(T.Identifier) || this.at(T.Lm)) && !this.peek().newline) {
      this.report(this.expected(`\`:\` and the type of \`${name.name}\``, { fix: this.insertion(":") }));
      const type2 = this.SUBRULE1(this.type);
      return { kind: "Parameter", name, type: type2, span: this.from(start) };
    }
    const type = this.OPTION(() => {
      this.CONSUME(T.Colon);
      return this.SUBRULE(this.type);
    });
    const defaultValue = this.OPTION1(() => {
      this.CONSUME(T.Equal);
      return this.SUBRULE(this.expression);
    });
    return { kind: "Parameter", name, ...maybe("type", type), ...maybe("defaultValue", defaultValue), span: this.from(start) };
  });
  result = this.RULE("result", () => {
    if (!this.RECORDING_PHASE && this.at(T.Arrow)) {
      const arrow = this.spanOf(this.peek());
      this.report(problem("PGL1008", arrow, "the type of a result follows `:`, not `->`", { fix: { span: arrow, text: ":" } }));
      this.skip();
      return this.guarded(() => this.SUBRULE1(this.type), this.headerStop, () => void 0);
    }
    return this.OPTION(() => {
      this.CONSUME(T.Colon);
      return this.guarded(
        () => this.SUBRULE(this.type),
        (token) => token.tokenType === T.Equal || this.headerStop(token),
        () => void 0
      );
    });
  });
  // ------------------------------------------------------------------------------------------------------- statements
  block = this.RULE("block", (what) => {
    const start = this.start;
    const outer = this.open(1, T.LCurly, what, () => this.at(T.Colon) ? "bodies stand in braces" : void 0);
    const statements = [];
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
        const statement = this.guarded(() => this.SUBRULE(this.statement), this.statementStop, () => void 0);
        discarded = statement === void 0;
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
  statement = this.RULE("statement", () => {
    const start = this.start;
    if (!this.RECORDING_PHASE) {
      const token = this.peek();
      if (!statementBeginnings.has(token.tokenType) && !expressionBeginnings.has(token.tokenType)) {
        throw this.notAStatement(token);
      }
      const foreign = token.tokenType === T.Identifier ? foreignStatements[token.image] : void 0;
      if (foreign && this.atAny(T.Identifier, 2) && !this.peek(2).newline) {
        throw problem("PGL1027", this.spanOf(token), `\`${token.image}\` is not a word of PGL`, { hint: foreign });
      }
      if (token.tokenType === T.Const) return this.localConst(start);
    }
    return this.OR([
      { ALT: () => this.SUBRULE(this.binding, { ARGS: [start] }) },
      { ALT: () => this.SUBRULE(this.observe, { ARGS: [start] }) },
      {
        ALT: () => {
          this.CONSUME(T.Condition);
          const test = this.SUBRULE(this.tested);
          return { kind: "ConditionStatement", test, span: this.from(start) };
        }
      },
      {
        ALT: () => {
          this.CONSUME(T.Factor);
          const weight = this.SUBRULE1(this.expression);
          return { kind: "FactorStatement", weight, span: this.from(start) };
        }
      },
      {
        ALT: () => {
          this.CONSUME(T.Twist);
          const weight = this.SUBRULE2(this.expression);
          return { kind: "TwistStatement", weight, span: this.from(start) };
        }
      },
      {
        ALT: () => {
          this.CONSUME(T.Step);
          return { kind: "StepStatement", span: this.from(start) };
        }
      },
      { ALT: () => this.SUBRULE(this.forLoop, { ARGS: [start] }) },
      {
        ALT: () => {
          this.CONSUME(T.While);
          const test = this.header("the condition of `while`", 3);
          const body = this.SUBRULE1(this.block, { ARGS: ["`{` to open the body of `while`"] });
          return { kind: "WhileStatement", test, body, span: this.from(start) };
        }
      },
      {
        ALT: () => {
          this.CONSUME(T.Break);
          return { kind: "BreakStatement", span: this.from(start) };
        }
      },
      {
        ALT: () => {
          this.CONSUME(T.Continue);
          return { kind: "ContinueStatement", span: this.from(start) };
        }
      },
      {
        ALT: () => {
          this.CONSUME(T.Return);
          const value = this.OPTION({
            GATE: () => !this.atStatementEnd,
            DEF: () => this.SUBRULE4(this.expression)
          });
          return { kind: "ReturnStatement", ...maybe("value", value), span: this.from(start) };
        }
      },
      {
        ALT: () => {
          const doc = this.docs.get(this.peek());
          return this.SUBRULE(this.functionDeclaration, {
            ARGS: [start, { ...doc === void 0 ? {} : { doc }, exported: false }]
          });
        }
      },
      {
        GATE: () => this.atAny(T.Identifier) && assigning.has(this.LA(2).tokenType),
        ALT: () => this.SUBRULE(this.assignment, { ARGS: [start] }),
        IGNORE_AMBIGUITIES: true
      },
      {
        ALT: () => {
          const expression = this.SUBRULE5(this.expression);
          if (!this.RECORDING_PHASE && this.at(T.Tilde) && !this.peek().newline) return this.drawWithoutLet(expression, start);
          return { kind: "ExpressionStatement", expression, span: this.from(start) };
        },
        IGNORE_AMBIGUITIES: true
      }
    ]);
  });
  notAStatement(token) {
    const span = this.spanOf(token);
    const found2 = this.describeStart(token);
    if (token.tokenType === T.Else) {
      return problem("PGL1020", span, "this `else` belongs to no `if`", { hint: "`else` follows the `}` of its `if`, without `;`" });
    }
    if (beginsDeclaration2(token)) {
      return problem("PGL1020", span, `\`${token.image}\` cannot stand in a body`, { hint: "declare it outside" });
    }
    return problem("PGL1020", span, `expected a statement, found ${found2}`);
  }
  /** `const` in a body: an error, read as `let`. */
  localConst(start) {
    const word3 = this.peek();
    const span = this.spanOf(word3);
    this.report(problem("PGL1020", span, "`const` stands outside of bodies", { hint: "in a body, a name is given with `let`", fix: { span, text: "let" } }));
    word3.tokenType = T.Let;
    word3.tokenTypeIdx = T.Let.tokenTypeIdx;
    return this.SUBRULE(this.binding, { ARGS: [start] });
  }
  drawWithoutLet(target, start) {
    const tilde = this.spanOf(this.peek());
    if (target.kind !== "Identifier") {
      throw problem("PGL1028", tilde, "what is drawn with `~` needs a name: `let name ~ distribution`", {
        hint: "to score a value that is known, write `observe value ~ distribution`"
      });
    }
    this.report(
      problem("PGL1028", tilde, `a draw is written \`let ${target.name} ~ \u2026\``, {
        hint: `to score a value that is known, write \`observe ${target.name} ~ \u2026\`; to draw into a \`var\`, \`${target.name} = sample \u2026\``,
        fix: { span: { start, end: start }, text: "let " }
      })
    );
    this.skip();
    const distribution = this.guarded(() => this.SUBRULE6(this.expression), this.statementStop, this.missing);
    return { kind: "DrawStatement", mutable: false, pattern: target, distribution, span: this.from(start) };
  }
  binding = this.RULE("binding", (start) => {
    const mutable = this.OR([
      { ALT: () => (this.CONSUME(T.Let), false) },
      { ALT: () => (this.CONSUME(T.Var), true) }
    ]);
    const pattern = this.SUBRULE(this.pattern, { ARGS: [mutable ? "a name after `var`" : "a name after `let`"] });
    const type = this.OPTION(() => {
      this.CONSUME(T.Colon);
      return this.guarded(
        () => this.SUBRULE(this.type),
        (token) => token.tokenType === T.Equal || token.tokenType === T.Tilde || this.statementStop(token),
        () => void 0
      );
    });
    const common = { mutable, pattern, ...maybe("type", type) };
    if (!this.RECORDING_PHASE && !this.at(T.Equal) && !this.at(T.Tilde)) {
      const name = pattern.kind === "Identifier" ? `\`${pattern.name}\`` : "it";
      const hint = this.at(T.LSquare) && type ? "a list type is written `list<int>`" : void 0;
      this.report(this.expected(`\`=\` and a value or \`~\` and a distribution for ${name}`, { hint }));
      this.skipTo(this.statementStop);
      return { kind: "LetStatement", ...common, value: this.missing(), span: this.from(start) };
    }
    return this.OR1([
      {
        ALT: () => {
          this.CONSUME(T.Equal);
          const value = this.guarded(() => this.SUBRULE(this.expression), this.statementStop, this.missing);
          return { kind: "LetStatement", ...common, value, span: this.from(start) };
        }
      },
      {
        ALT: () => {
          this.CONSUME(T.Tilde);
          const distribution = this.guarded(() => this.SUBRULE1(this.expression), this.drawStop, this.missing);
          const proposal = this.OPTION1(() => {
            this.CONSUME(T.Proposal);
            return this.guarded(() => this.SUBRULE2(this.expression), this.statementStop, this.missing);
          });
          return { kind: "DrawStatement", ...common, distribution, ...maybe("proposal", proposal), span: this.from(start) };
        }
      }
    ]);
  });
  drawStop = (token) => token.tokenType === T.Proposal || this.statementStop(token);
  assignment = this.RULE("assignment", (start) => {
    const target = this.identifier(1, "the name of a `var`");
    const operator = this.OR([
      { ALT: () => this.CONSUME(T.Equal) },
      { ALT: () => this.CONSUME(T.PlusEqual) },
      { ALT: () => this.CONSUME(T.MinusEqual) },
      { ALT: () => this.CONSUME(T.StarEqual) },
      { ALT: () => this.CONSUME(T.SlashEqual) }
    ]).image;
    const value = this.guarded(() => this.SUBRULE(this.expression), this.statementStop, this.missing);
    return { kind: "AssignStatement", target, operator, value, span: this.from(start) };
  });
  observe = this.RULE("observe", (start) => {
    const word3 = this.CONSUME(T.Observe);
    const value = this.SUBRULE(this.expression);
    const distribution = this.OPTION(() => {
      this.CONSUME(T.Tilde);
      return this.guarded(() => this.SUBRULE1(this.expression), this.statementStop, this.missing);
    });
    if (distribution !== void 0) {
      if (!this.RECORDING_PHASE && this.at(T.Proposal)) {
        throw this.expected("the end of the statement", { hint: "only draws have a proposal: what is observed is not drawn" });
      }
      return { kind: "ObserveStatement", value, distribution, span: this.from(start) };
    }
    if (value?.kind === "MatchesExpression") {
      return { kind: "ObserveStatement", value: value.value, constraint: value.constraint, span: this.from(start) };
    }
    if (!this.RECORDING_PHASE) {
      const boolean = value.kind === "BinaryExpression" && operators.get(value.operator) !== void 0 && operators.get(value.operator) <= precedence.comparison;
      const span = this.spanOf(word3);
      if (boolean && this.atStatementEnd) {
        throw problem("PGL1031", span, "`observe` is followed by a value and `~ distribution` or `matches constraint`", {
          hint: "a condition that has to hold is written `condition \u2026`",
          fix: { span, text: "condition" }
        });
      }
      throw this.expected("`~` and a distribution or `matches` and a constraint", { code: "PGL1031" });
    }
    return void 0;
  });
  forLoop = this.RULE("forLoop", (start) => {
    this.CONSUME(T.For);
    const pattern = this.guarded(
      () => this.SUBRULE(this.pattern, { ARGS: ["a name after `for`"] }),
      (token) => token.tokenType === T.In || this.headerStop(token),
      () => ({ kind: "WildcardPattern", span: this.from(this.previousEnd) })
    );
    const iterable = this.guarded(
      () => {
        this.want(1, T.In, "`in` and what to go through", () => "a loop is written `for x in xs { \u2026 }`");
        return this.SUBRULE(this.expression);
      },
      this.headerStop,
      this.missing
    );
    const body = this.SUBRULE(this.block, { ARGS: ["`{` to open the body of `for`"] });
    return { kind: "ForStatement", pattern, iterable, body, span: this.from(start) };
  });
  /** The test of `if` or `while`: `=` in place of `==` is understood. */
  tested = this.RULE("tested", () => {
    const left = this.SUBRULE(this.expression);
    if (this.RECORDING_PHASE || !this.at(T.Equal) || this.peek().newline) return left;
    const span = this.spanOf(this.peek());
    this.report(problem("PGL1023", span, "`=` gives a value to a name; equality is written `==`", { fix: { span, text: "==" } }));
    this.skip();
    const right = this.SUBRULE1(this.expression);
    return { kind: "BinaryExpression", operator: "==", left, right, span: { start: this.extent(left).start, end: this.extent(right).end } };
  });
  /** The expression between a word such as `if` and the `{` of the body. */
  header(what, index) {
    return this.guarded(
      () => {
        if (!this.RECORDING_PHASE && this.at(T.LCurly)) throw this.expected(what);
        return this.subrule(index, this.tested);
      },
      this.headerStop,
      this.missing
    );
  }
  // ------------------------------------------------------------------------------------------------------- patterns
  pattern = this.RULE("pattern", (what) => {
    const start = this.start;
    if (!this.RECORDING_PHASE && !this.at(T.LParen) && !this.at(T.LCurly)) {
      const name = this.identifier(1, what);
      return name.name === "_" ? { kind: "WildcardPattern", span: name.span } : name;
    }
    return this.OR([
      {
        ALT: () => {
          const outer = this.open(1, T.LParen, "`(`");
          const elements = this.SUBRULE(this.patternElements);
          this.close(1, T.RParen, outer);
          if (!this.RECORDING_PHASE && elements.length === 1) return this.grouped(elements[0], start);
          if (!this.RECORDING_PHASE && elements.length === 0) {
            this.report(problem("PGL1020", this.from(start), "expected names in the brackets"));
          }
          return { kind: "TuplePattern", elements, span: this.from(start) };
        }
      },
      {
        ALT: () => {
          const outer = this.open(1, T.LCurly, "`{`");
          const fields = this.SUBRULE(this.patternFields);
          this.close(1, T.RCurly, outer);
          return { kind: "RecordPattern", fields, span: this.from(start) };
        }
      },
      { ALT: () => this.identifier(1, what) }
    ]);
  });
  patternElements = this.RULE(
    "patternElements",
    () => this.elements(this.patternElement, "a name", false)
  );
  patternElement = this.RULE(
    "patternElement",
    () => this.SUBRULE(this.pattern, { ARGS: ["a name"] })
  );
  patternFields = this.RULE(
    "patternFields",
    () => this.elements(this.patternField, "the name of a field", true)
  );
  patternField = this.RULE("patternField", () => {
    const start = this.start;
    const name = this.fieldName(1);
    const pattern = this.OPTION(() => {
      this.CONSUME(T.Colon);
      return this.SUBRULE(this.pattern, { ARGS: ["a name for the field's value"] });
    });
    return { name, pattern: pattern ?? name, span: this.from(start) };
  });
  /** The name of a field; before `:` any word will do. */
  fieldName(index) {
    if (this.RECORDING_PHASE || this.atAny(Name) && (this.at(T.Colon, 2) || this.at(T.Question, 2))) {
      return this.named(this.consume(index, Name));
    }
    return this.identifier(index, "the name of a field");
  }
  matchPattern = this.RULE("matchPattern", () => {
    const start = this.start;
    const alternatives = [this.SUBRULE(this.matchAtom)];
    this.MANY(() => {
      this.CONSUME(T.Bar);
      alternatives.push(this.SUBRULE1(this.matchAtom));
    });
    if (alternatives.length === 1) return alternatives[0];
    return { kind: "OrPattern", alternatives, span: this.from(start) };
  });
  matchAtom = this.RULE("matchAtom", () => {
    const start = this.start;
    if (!this.RECORDING_PHASE && !patternBeginnings.has(this.peek().tokenType)) {
      throw this.expected("a pattern", { hint: "a pattern is a literal, a name, `_`, a tuple or a record" });
    }
    return this.OR([
      {
        ALT: () => {
          const minus = this.OPTION(() => this.CONSUME(T.Minus)) !== void 0;
          const number = numberLiteral(this.want(1, T.Number, "a number after `-`"));
          const value = minus ? { ...number, value: -number.value, raw: `-${number.raw}`, span: this.from(start) } : number;
          return { kind: "LiteralPattern", value, span: this.from(start) };
        }
      },
      { ALT: () => ({ kind: "LiteralPattern", value: stringLiteral(this.CONSUME(T.String)), span: this.from(start) }) },
      { ALT: () => ({ kind: "LiteralPattern", value: { kind: "BooleanLiteral", value: true, span: this.spanOf(this.CONSUME(T.True)) }, span: this.from(start) }) },
      { ALT: () => ({ kind: "LiteralPattern", value: { kind: "BooleanLiteral", value: false, span: this.spanOf(this.CONSUME(T.False)) }, span: this.from(start) }) },
      { ALT: () => ({ kind: "LiteralPattern", value: { kind: "NoneLiteral", span: this.spanOf(this.CONSUME(T.None)) }, span: this.from(start) }) },
      { ALT: () => ({ kind: "LiteralPattern", value: { kind: "EosLiteral", span: this.spanOf(this.CONSUME(T.Eos)) }, span: this.from(start) }) },
      {
        ALT: () => {
          const name = this.named(this.CONSUME(T.Identifier));
          return name.name === "_" ? { kind: "WildcardPattern", span: name.span } : { kind: "NamePattern", name, span: name.span };
        }
      },
      {
        ALT: () => {
          const outer = this.open(1, T.LParen, "`(`");
          const elements = this.SUBRULE(this.matchElements);
          this.close(1, T.RParen, outer);
          if (!this.RECORDING_PHASE && elements.length === 1) return this.grouped(elements[0], start);
          return { kind: "TupleMatchPattern", elements, span: this.from(start) };
        }
      },
      {
        ALT: () => {
          const outer = this.open(1, T.LCurly, "`{`");
          const fields = this.SUBRULE(this.matchFields);
          this.close(1, T.RCurly, outer);
          return { kind: "RecordMatchPattern", fields, span: this.from(start) };
        }
      }
    ]);
  });
  matchElements = this.RULE(
    "matchElements",
    () => this.elements(this.matchPattern, "a pattern", false)
  );
  matchFields = this.RULE(
    "matchFields",
    () => this.elements(this.matchField, "the name of a field", true)
  );
  matchField = this.RULE("matchField", () => {
    const start = this.start;
    const name = this.fieldName(1);
    const pattern = this.OPTION(() => {
      this.CONSUME(T.Colon);
      return this.SUBRULE(this.matchPattern);
    });
    return { name, pattern: pattern ?? { kind: "NamePattern", name, span: name.span }, span: this.from(start) };
  });
  // ------------------------------------------------------------------------------------------------------- expressions
  expression = this.RULE("expression", () => {
    if (this.RECORDING_PHASE) {
      this.OR([
        { ALT: () => this.SUBRULE(this.lambda), IGNORE_AMBIGUITIES: true },
        { ALT: () => this.SUBRULE(this.chain), IGNORE_AMBIGUITIES: true }
      ]);
      return void 0;
    }
    this.enter();
    try {
      return this.atLambda() ? this.SUBRULE(this.lambda) : this.SUBRULE(this.chain);
    } finally {
      this.nesting--;
    }
  });
  /** Counts a level of nesting that needs no brackets, so that none can exhaust the stack. */
  enter() {
    this.nesting++;
    if (this.nesting > this.deepestNesting) this.deepestNesting = this.nesting;
    if (this.nesting > maximumExpressionNesting) {
      const token = this.peek();
      this.nesting--;
      throw problem("PGL1009", token.tokenType === EOF ? this.from(this.previousEnd) : this.spanOf(token), `expressions are nested more than ${maximumExpressionNesting} deep here`, {
        hint: "give inner parts names of their own with `let` or `fn`"
      });
    }
  }
  chained(length) {
    if (length > this.longestChain) this.longestChain = length;
  }
  atLambda() {
    if (this.atAny(T.Identifier)) return this.at(T.FatArrow, 2);
    const token = this.peek();
    return token.tokenType === T.LParen && this.input[token.match + 1]?.tokenType === T.FatArrow;
  }
  lambda = this.RULE("lambda", () => {
    const start = this.start;
    const parameters = this.OR([
      {
        ALT: () => {
          const name = this.named(this.CONSUME(T.Identifier));
          return [{ kind: "Parameter", name, span: name.span }];
        }
      },
      { ALT: () => this.SUBRULE(this.parameters, { ARGS: ["function"] }) }
    ]);
    this.CONSUME(T.FatArrow);
    const body = this.SUBRULE(this.body);
    return { kind: "LambdaExpression", parameters, body, span: this.from(start) };
  });
  /** What follows `=>`: a body in braces, or an expression. */
  body = this.RULE("body", () => {
    if (this.RECORDING_PHASE) {
      this.OR([
        { ALT: () => this.SUBRULE(this.block, { ARGS: [""] }), IGNORE_AMBIGUITIES: true },
        { ALT: () => this.SUBRULE(this.expression), IGNORE_AMBIGUITIES: true }
      ]);
      return void 0;
    }
    if (this.at(T.LCurly) && !this.atRecord(false)) return this.SUBRULE(this.block, { ARGS: ["`{`"] });
    const value = this.SUBRULE(this.expression);
    return asBlock(value, this.extent(value));
  });
  /**
   * Whether the `{` here opens a record: `{ name: …`, `{ name, …`, `{ ...other`. `{ name }` and `{}` are records where an
   * expression is wanted (`bare`) and bodies after `=>`.
   */
  atRecord(bare) {
    if (this.at(T.RCurly, 2)) return bare;
    if (this.at(T.Ellipsis, 2)) return true;
    if (this.atAny(Name, 2)) {
      if (this.at(T.Colon, 3)) return true;
      return this.atAny(T.Identifier, 2) && (this.at(T.Comma, 3) || bare && this.at(T.RCurly, 3));
    }
    return (this.at(T.String, 2) || this.at(T.Number, 2)) && this.at(T.Colon, 3);
  }
  /** Whether the operator here goes on with the expression: `-` at the beginning of a line does not. */
  goesOn = () => {
    const token = this.peek();
    if (token.tokenType === T.Bar && !token.newline) this.readAs(token, T.OrOr);
    return !(token.newline && token.tokenType === T.Minus);
  };
  /** Takes a token for another one that must have been meant, with an error. */
  readAs(token, type) {
    const span = this.spanOf(token);
    const text = textOf.get(type);
    this.report(problem("PGL1008", span, `\`${token.image}\` is written \`${text}\` in PGL`, { fix: { span, text } }));
    token.tokenType = type;
    token.tokenTypeIdx = type.tokenTypeIdx;
  }
  /** Operands and operators, folded by precedence. */
  chain = this.RULE("chain", () => {
    const first = this.SUBRULE(this.operand);
    let folding;
    this.MANY({
      GATE: this.goesOn,
      DEF: () => {
        folding ??= new Folding(first, this.extent, (found2) => this.report(found2));
        const fold = folding;
        this.OR([
          {
            ALT: () => {
              const token = this.CONSUME(Infix);
              const operator = this.RECORDING_PHASE ? "+" : this.operatorOf(token);
              fold.operator(operator, this.spanOf(token));
              fold.operand(this.SUBRULE1(this.operand));
            }
          },
          {
            ALT: () => {
              const token = this.CONSUME(T.Matches);
              const constraint = this.SUBRULE(this.constraint);
              fold.matches(constraint, this.spanOf(token), this.previousEnd);
            }
          }
        ]);
      }
    });
    if (folding === void 0) return first;
    this.chained(folding.length);
    return folding.finish();
  });
  operatorOf(token) {
    const meant = token.tokenType === T.And ? "&&" : token.tokenType === T.Or ? "||" : void 0;
    if (meant) {
      const span = this.spanOf(token);
      this.report(
        problem("PGL1022", span, `\`${token.image}\` joins constraints; booleans are joined with \`${meant}\``, {
          fix: { span, text: meant }
        })
      );
      return meant;
    }
    return textOf.get(token.tokenType);
  }
  /** Prefix operators and powers: `-a ^ -b ^ c` is `-(a ^ (-(b ^ c)))`. */
  operand = this.RULE("operand", () => {
    const prefixes = [[]];
    const bases = [];
    this.MANY(() => {
      prefixes[0].push(this.SUBRULE(this.prefix));
    });
    bases.push(this.SUBRULE(this.postfix));
    this.MANY1(() => {
      this.CONSUME(T.Caret);
      const own = [];
      this.MANY2(() => {
        own.push(this.SUBRULE1(this.prefix));
      });
      prefixes.push(own);
      bases.push(this.SUBRULE1(this.postfix));
    });
    if (this.RECORDING_PHASE) return void 0;
    let value = bases[bases.length - 1];
    for (let i = bases.length - 1; ; i--) {
      const own = prefixes[i];
      for (let k = own.length - 1; k >= 0; k--) {
        const token = own[k];
        const operator = token.tokenType === T.Minus ? "-" : "!";
        value = { kind: "UnaryExpression", operator, operand: value, span: { start: token.startOffset, end: this.extent(value).end } };
      }
      this.chained(own.length);
      if (i === 0) break;
      const left = bases[i - 1];
      value = { kind: "BinaryExpression", operator: "^", left, right: value, span: { start: this.extent(left).start, end: this.extent(value).end } };
    }
    this.chained(bases.length);
    return value;
  });
  /** An expression that is the whole text. */
  wholeExpression = this.RULE("wholeExpression", () => {
    const value = this.guarded(() => this.SUBRULE(this.tested), () => false, this.missing);
    this.nothingMore("the expression");
    return value;
  });
  /** A method, as after `using`, that is the whole text. */
  wholeMethod = this.RULE("wholeMethod", () => {
    const value = this.guarded(
      () => {
        if (!this.RECORDING_PHASE && this.atAny(T.Identifier) && this.LA(2).tokenType === EOF) {
          const name = this.identifier(2, "");
          return { kind: "MethodNode", name, arguments: [], span: name.span };
        }
        return this.SUBRULE(this.method);
      },
      () => false,
      () => void 0
    );
    this.nothingMore("the method");
    return value;
  });
  nothingMore(what) {
    if (this.RECORDING_PHASE || this.atEnd) return;
    const token = this.peek();
    this.report(problem("PGL1020", this.spanOf(token), `expected nothing more after ${what}, found ${this.describeStart(token)}`));
    this.skipTo(() => false);
  }
  prefix = this.RULE("prefix", () => {
    const token = this.OR([
      { ALT: () => this.CONSUME(T.Minus) },
      { ALT: () => this.CONSUME(T.Bang) },
      { ALT: () => this.CONSUME(T.Not) }
    ]);
    if (!this.RECORDING_PHASE && token.tokenType === T.Not) {
      const span = this.spanOf(token);
      this.report(problem("PGL1022", span, "`not` belongs to constraints; a boolean is negated with `!`", { fix: { span, text: "!" } }));
    }
    return token;
  });
  sameLine = () => !this.peek().newline;
  postfix = this.RULE("postfix", () => {
    let value = this.SUBRULE(this.primary);
    let length = 0;
    this.MANY({
      GATE: () => this.at(T.Dot) || this.sameLine(),
      DEF: () => {
        length++;
        value = this.OR([
          {
            ALT: () => {
              this.CONSUME(T.Dot);
              const property = this.SUBRULE(this.property);
              return { kind: "MemberExpression", object: value, property, span: this.spanSince(value) };
            }
          },
          {
            ALT: () => {
              const args = this.SUBRULE(this.arguments, { ARGS: [() => "`(`"] });
              return { kind: "CallExpression", callee: value, arguments: args, span: this.spanSince(value) };
            }
          },
          {
            ALT: () => {
              const outer = this.open(1, T.LSquare, "`[`");
              const index = this.guarded(() => this.SUBRULE(this.expression), () => false, this.missing);
              if (!this.RECORDING_PHASE && !this.atClose) {
                this.report(this.expected("`]`"));
                this.skipTo(() => false);
              }
              this.close(1, T.RSquare, outer);
              return { kind: "IndexExpression", object: value, index, span: this.spanSince(value) };
            }
          }
        ]);
      }
    });
    this.chained(length);
    return value;
  });
  spanSince(value) {
    return this.RECORDING_PHASE ? noSpan : this.from(this.extent(value).start);
  }
  property = this.RULE("property", () => {
    if (!this.RECORDING_PHASE && !this.atAny(Name) && !this.at(T.Number)) throw this.expected("the name of a member after `.`");
    return this.named(this.OR([{ ALT: () => this.CONSUME(Name) }, { ALT: () => this.CONSUME(T.Number) }]));
  });
  arguments = this.RULE("arguments", (what) => {
    const outer = this.open(1, T.LParen, what);
    const found2 = this.elements(this.argument, "an argument", false);
    this.close(1, T.RParen, outer);
    if (!this.RECORDING_PHASE) {
      const firstNamed = found2.findIndex((each) => each.name !== void 0);
      const late = firstNamed < 0 ? void 0 : found2.slice(firstNamed).find((each) => each.name === void 0);
      if (late && late.value.kind !== "MissingExpression") {
        this.report(
          problem("PGL1026", late.span, "arguments without a name come before those with one", {
            hint: "give it a name, or move it forward"
          })
        );
      }
    }
    return found2;
  });
  argument = this.RULE("argument", () => {
    const start = this.start;
    if (!this.RECORDING_PHASE && this.at(T.Equal, 2) && this.atAny(T.Identifier)) {
      const span = this.spanOf(this.peek(2));
      this.report(problem("PGL1025", span, "a named argument is written `name: value`", { fix: { span, text: ":" } }));
      const name2 = this.named(this.CONSUME1(Name));
      this.skip();
      const value2 = this.guarded(() => this.SUBRULE1(this.expression), this.elementStop, this.missing);
      return { kind: "Argument", name: name2, value: value2, span: this.from(start) };
    }
    const name = this.OPTION({
      GATE: () => this.at(T.Colon, 2),
      DEF: () => {
        const token = this.CONSUME(Name);
        this.CONSUME(T.Colon);
        return this.named(token);
      }
    });
    const value = this.guarded(() => this.SUBRULE(this.expression), this.elementStop, this.missing);
    return { kind: "Argument", ...maybe("name", name), value, span: this.from(start) };
  });
  primary = this.RULE("primary", () => {
    const start = this.start;
    if (!this.RECORDING_PHASE && !expressionBeginnings.has(this.peek().tokenType)) throw this.notAnExpression();
    if (!this.RECORDING_PHASE) {
      if (this.at(T.Identifier)) return this.named(this.CONSUME(T.Identifier));
      if (this.at(T.Number)) return numberLiteral(this.CONSUME(T.Number));
      if (this.at(T.String)) return stringLiteral(this.CONSUME(T.String));
    }
    return this.OR([
      { ALT: () => this.SUBRULE(this.mapLiteral), GATE: () => this.at(T.LCurly, 2) && !this.peek(2).newline, IGNORE_AMBIGUITIES: true },
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
        }
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
        }
      }
    ]);
  });
  notAnExpression() {
    const token = this.peek();
    const previous = this.peek(0);
    const after = previous.tokenType === EOF || previous.image === "" ? "" : ` after \`${shorten(previous.image)}\``;
    if (!token.newline && token.tokenType === T.Regex) {
      return this.expected(`an expression${after}`, { hint: "a regular expression stands after `matches`" });
    }
    if (!token.newline && token.tokenType === T.Plus) {
      return this.expected(`an expression${after}`, { hint: "there is no `++` and no prefix `+`; `x += 1` adds to a `var`" });
    }
    if (!token.newline && token.tokenType === T.Dot && this.at(T.Number, 2)) {
      const span = this.spanOf(token);
      return this.expected(`an expression${after}`, { hint: "a number has a digit before its point", fix: { span, text: "0." } });
    }
    if (!token.newline && token.tokenType !== EOF && reservedWords.has(token.image) && !statementBeginnings.has(token.tokenType)) {
      return this.expected(`an expression${after}`, { hint: `\`${token.image}\` is a word of the language and no name` });
    }
    return this.expected(`an expression${after}`);
  }
  listElements = this.RULE(
    "listElements",
    () => this.elements(this.listElement, "an element", false)
  );
  listElement = this.RULE(
    "listElement",
    () => this.guarded(() => this.SUBRULE(this.expression), this.elementStop, this.missing)
  );
  parenthesised = this.RULE("parenthesised", () => {
    const start = this.start;
    const outer = this.open(1, T.LParen, "`(`");
    const elements = this.SUBRULE(this.groupElements);
    this.close(1, T.RParen, outer);
    if (this.RECORDING_PHASE) return void 0;
    const span = this.from(start);
    if (elements.length === 0) {
      this.report(problem("PGL1020", span, "expected an expression in the brackets"));
      return { kind: "MissingExpression", span };
    }
    if (elements.length === 1) return this.grouped(elements[0], start);
    return { kind: "TupleExpression", elements, span };
  });
  /** Notes the brackets around a node, from `start` to here. */
  grouped(node, start) {
    if (!this.RECORDING_PHASE) this.bracketed.set(node, this.from(start));
    return node;
  }
  groupElements = this.RULE(
    "groupElements",
    () => this.elements(this.groupElement, "an expression", false)
  );
  groupElement = this.RULE(
    "groupElement",
    () => this.guarded(() => this.SUBRULE(this.tested), this.elementStop, this.missing)
  );
  template = this.RULE("template", () => {
    const head = this.CONSUME(T.TemplateHead);
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
    const flaw = tail.payload?.flaw;
    rawTexts.push(
      flaw === "broken" || tail.image === "" ? "" : tail.image.slice(1, flaw === "unclosed" ? void 0 : multiline ? -3 : -1)
    );
    const span = { start: head.startOffset, end: tail.startOffset + (flaw === "broken" ? 0 : tail.image.length) };
    return { kind: "TemplateLiteral", texts: decodeTexts(rawTexts, multiline), rawTexts, expressions, multiline, span };
  });
  hole(index) {
    const stop = (token) => token.tokenType === T.TemplateMiddle;
    const value = this.guarded(() => this.subrule(index, this.expression), stop, this.missing);
    if (!this.RECORDING_PHASE && !this.atClose && !this.at(T.TemplateMiddle)) {
      this.report(this.expected("`}` after the expression in the string"));
      this.skipTo(stop);
    }
    return value;
  }
  braced = this.RULE("braced", () => {
    if (this.RECORDING_PHASE) {
      this.OR([
        { ALT: () => this.SUBRULE(this.record), IGNORE_AMBIGUITIES: true },
        { ALT: () => this.SUBRULE(this.block, { ARGS: [""] }), IGNORE_AMBIGUITIES: true }
      ]);
      return void 0;
    }
    if (this.atRecord(true)) return this.SUBRULE(this.record);
    const block = this.SUBRULE(this.block, { ARGS: ["`{`"] });
    return { kind: "BlockExpression", block, span: block.span };
  });
  record = this.RULE("record", () => {
    const start = this.start;
    const outer = this.open(1, T.LCurly, "`{`");
    const fields = this.elements(this.recordField, "a field", true);
    this.close(1, T.RCurly, outer);
    return { kind: "RecordExpression", fields, span: this.from(start) };
  });
  recordField = this.RULE("recordField", () => {
    const start = this.start;
    if (!this.RECORDING_PHASE && (this.at(T.String) || this.at(T.Number)) && this.at(T.Colon, 2)) {
      const token = this.peek();
      throw problem("PGL1020", this.spanOf(token), `expected the name of a field, found ${this.describeStart(token)}`, {
        hint: "the fields of a record have plain names; a table with other keys is written `map { key: value }`"
      });
    }
    return this.OR([
      {
        ALT: () => {
          this.CONSUME(T.Ellipsis);
          const value = this.SUBRULE(this.expression);
          return { kind: "Spread", value, span: this.from(start) };
        }
      },
      {
        ALT: () => {
          const name = this.fieldName(1);
          const value = this.OPTION(() => {
            this.CONSUME(T.Colon);
            return this.guarded(() => this.SUBRULE1(this.expression), this.elementStop, this.missing);
          });
          return { kind: "Field", name, value: value ?? name, shorthand: value === void 0, span: this.from(start) };
        }
      }
    ]);
  });
  mapLiteral = this.RULE("mapLiteral", () => {
    const start = this.start;
    this.CONSUME(T.Map);
    const outer = this.open(1, T.LCurly, "`{`");
    const entries2 = this.elements(this.mapEntry, "an entry, `key: value`", true);
    this.close(1, T.RCurly, outer);
    return { kind: "MapExpression", entries: entries2, span: this.from(start) };
  });
  mapEntry = this.RULE("mapEntry", () => {
    const start = this.start;
    const key = this.SUBRULE(this.expression);
    this.want(1, T.Colon, "`:` and the value that belongs to the key");
    const value = this.guarded(() => this.SUBRULE1(this.expression), this.elementStop, this.missing);
    return { key, value, span: this.from(start) };
  });
  conditional = this.RULE("conditional", () => {
    const branches = [];
    let last;
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
            }
          },
          { ALT: () => this.SUBRULE2(this.block, { ARGS: [""] }) }
        ]);
      });
      return void 0;
    }
    for (; ; ) {
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
      const test2 = this.header("the condition of `if`", 2);
      branches.push({ start: from, test: test2, then: this.SUBRULE1(this.block, { ARGS: ["`{` to open what `if` does"] }) });
    }
    this.chained(branches.length);
    const end = this.previousEnd;
    let otherwise = last;
    for (const { start: start2, test: test2, then } of branches.reverse()) {
      otherwise = { kind: "IfExpression", test: test2, then, ...maybe("else", otherwise), span: { start: start2, end } };
    }
    return otherwise;
  });
  elseIfOfAnotherLanguage() {
    const token = this.peek();
    if (token.tokenType !== T.Identifier || !/^(elif|elsif|elseif)$/.test(token.image)) return false;
    const span = this.spanOf(token);
    this.report(problem("PGL1027", span, `\`${token.image}\` is written \`else if\` in PGL`, { fix: { span, text: "else if" } }));
    this.skip();
    return true;
  }
  match = this.RULE("match", () => {
    const start = this.start;
    this.CONSUME(T.Match);
    const subject = this.header("the value to match", 1);
    const outer = this.open(1, T.LCurly, "`{` and the cases of `match`");
    const arms = this.elements(this.matchArm, "a case, `pattern => value`", true);
    this.close(1, T.RCurly, outer);
    return { kind: "MatchExpression", subject, arms, span: this.from(start) };
  });
  matchArm = this.RULE("matchArm", () => {
    const start = this.start;
    const pattern = this.SUBRULE(this.matchPattern);
    const guard = this.OPTION(() => {
      this.CONSUME(T.If);
      return this.SUBRULE(this.chain);
    });
    this.want(1, T.FatArrow, "`=>` and what the case gives");
    const body = this.guarded(() => this.SUBRULE(this.body), this.elementStop, () => asBlock(this.missing(), this.missing().span));
    return { kind: "MatchArm", pattern, ...maybe("guard", guard), body, span: this.from(start) };
  });
  sample = this.RULE("sample", () => {
    const start = this.start;
    this.CONSUME(T.Sample);
    if (!this.RECORDING_PHASE) this.enter();
    const distribution = this.SUBRULE(this.postfix);
    const proposal = this.OPTION({
      // Outside of all brackets, a line that begins with `proposal` is a declaration.
      GATE: () => this.within !== void 0 || !this.peek().newline,
      DEF: () => {
        this.CONSUME(T.Proposal);
        return this.SUBRULE1(this.postfix);
      }
    });
    if (!this.RECORDING_PHASE) this.nesting--;
    return { kind: "SampleExpression", distribution, ...maybe("proposal", proposal), span: this.from(start) };
  });
  // ------------------------------------------------------------------------------------------------------- constraints
  constraint = this.RULE("constraint", () => {
    const start = this.start;
    const operands = [this.SUBRULE(this.allOf)];
    this.MANY(() => {
      this.CONSUME(T.Or);
      operands.push(this.SUBRULE1(this.allOf));
    });
    return operands.length === 1 ? operands[0] : { kind: "OrConstraint", operands, span: this.from(start) };
  });
  allOf = this.RULE("allOf", () => {
    const start = this.start;
    const operands = [this.SUBRULE(this.negated)];
    this.MANY(() => {
      this.CONSUME(T.And);
      operands.push(this.SUBRULE1(this.negated));
    });
    return operands.length === 1 ? operands[0] : { kind: "AndConstraint", operands, span: this.from(start) };
  });
  negated = this.RULE("negated", () => {
    const negations = [];
    this.MANY(() => {
      negations.push(this.CONSUME(T.Not).startOffset);
    });
    let operand = this.SUBRULE(this.constraintAtom);
    this.chained(negations.length);
    for (const start of negations.reverse()) operand = { kind: "NotConstraint", operand, span: this.from(start) };
    return operand;
  });
  constraintAtom = this.RULE("constraintAtom", () => {
    const start = this.start;
    if (!this.RECORDING_PHASE && !this.at(T.Regex) && !expressionBeginnings.has(this.peek().tokenType)) {
      throw this.expected("a constraint", {
        hint: 'a constraint is a regular expression `/\u2026/`, a text, a list of texts, or one such as `contains("\u2026")`'
      });
    }
    return this.OR([
      {
        ALT: () => {
          const token = this.CONSUME(T.Regex);
          const slash = token.image.lastIndexOf("/");
          const closed = token.payload?.flaw !== "unclosed";
          return {
            kind: "RegexConstraint",
            source: closed ? token.image.slice(1, slash) : token.image.slice(1),
            flags: closed ? token.image.slice(slash + 1) : "",
            span: this.spanOf(token)
          };
        }
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
        IGNORE_AMBIGUITIES: true
      },
      {
        ALT: () => {
          const value = this.SUBRULE(this.constraintValue);
          if (this.RECORDING_PHASE) return void 0;
          if (value.kind === "CallExpression" && value.callee.kind === "Identifier") {
            return { kind: "ConstraintCall", name: value.callee, arguments: value.arguments, span: value.span };
          }
          return { kind: "ValueConstraint", value, span: this.from(start) };
        },
        IGNORE_AMBIGUITIES: true
      }
    ]);
  });
  /** Whether the `(` here groups constraints: an operator or a member after its `)` makes it part of a value. */
  atConstraintGroup() {
    const open = this.peek();
    if (open.tokenType !== T.LParen) return false;
    const after = this.input[open.match + 1];
    if (after === void 0) return true;
    if (this.within !== void 0 && this.groups.has(this.within) && operators.has(after.image)) return false;
    if (after.tokenType === T.Dot || after.tokenType === T.Caret) return false;
    if (after.tokenType === T.LParen || after.tokenType === T.LSquare) return after.newline;
    if (after.newline && after.tokenType === T.Minus) return true;
    return (operators.get(after.image) ?? 0) < precedence.sum;
  }
  /** Sums and tighter: what a comparison has on its right. In brackets of its own anything. */
  constraintValue = this.RULE("constraintValue", () => {
    const first = this.SUBRULE(this.operand);
    let folding;
    const grouped = this.within !== void 0 && this.groups.has(this.within);
    this.MANY({
      GATE: () => this.goesOn() && (grouped ? !this.at(T.And) && !this.at(T.Or) : (operators.get(this.LA(1).image) ?? 0) >= precedence.sum),
      DEF: () => {
        const token = this.CONSUME(Infix);
        folding ??= new Folding(first, this.extent, (found2) => this.report(found2));
        folding.operator(this.RECORDING_PHASE ? "+" : this.operatorOf(token), this.spanOf(token));
        folding.operand(this.SUBRULE1(this.operand));
      }
    });
    if (folding === void 0) return first;
    this.chained(folding.length);
    return folding.finish();
  });
  /** The brackets that group constraints. */
  groups = /* @__PURE__ */ new WeakSet();
  // ------------------------------------------------------------------------------------------------------- types
  type = this.RULE("type", () => {
    const start = this.start;
    if (!this.RECORDING_PHASE) this.enter();
    const members = [];
    this.OPTION(() => this.CONSUME(T.Bar));
    members.push(this.SUBRULE(this.suffixedType));
    this.MANY(() => {
      this.CONSUME1(T.Bar);
      members.push(this.SUBRULE1(this.suffixedType));
    });
    if (!this.RECORDING_PHASE) this.nesting--;
    return members.length === 1 ? members[0] : { kind: "UnionType", members, span: this.from(start) };
  });
  suffixedType = this.RULE("suffixedType", () => {
    let type = this.SUBRULE(this.typeAtom);
    let length = 0;
    this.MANY(() => {
      const twice = this.OR([
        { ALT: () => (this.CONSUME(T.Question), false) },
        { ALT: () => (this.CONSUME(T.QuestionQuestion), true) }
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
  typeAtom = this.RULE("typeAtom", () => {
    const start = this.start;
    if (!this.RECORDING_PHASE && !typeBeginnings.has(this.peek().tokenType)) {
      throw this.expected("a type", { hint: this.at(T.LSquare) ? "a list type is written `list<int>`" : void 0 });
    }
    return this.OR([
      {
        ALT: () => {
          const name = this.named(this.OR1([{ ALT: () => this.CONSUME(T.Identifier) }, { ALT: () => this.CONSUME(T.Lm) }]));
          const args = [];
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
          this.splitEnd = void 0;
          return { kind: "NamedType", name, arguments: args, span: { start, end } };
        }
      },
      { ALT: () => ({ kind: "StringLiteralType", value: stringLiteral(this.CONSUME(T.String)).value, span: this.from(start) }) },
      {
        ALT: () => {
          const outer = this.open(1, T.LCurly, "`{`");
          const fields = this.SUBRULE(this.typeFields);
          this.close(1, T.RCurly, outer);
          return { kind: "RecordType", fields, span: this.from(start) };
        }
      },
      { ALT: () => this.SUBRULE(this.roundType) }
    ]);
  });
  splitEnd;
  /** `>`; of `>=` (as in `x: list<int>= []`) only the first character is taken. */
  closeAngle() {
    if (!this.RECORDING_PHASE && this.at(T.GreaterEqual)) {
      const token = this.peek();
      token.tokenType = T.Equal;
      token.tokenTypeIdx = T.Equal.tokenTypeIdx;
      token.image = "=";
      token.startOffset += 1;
      this.splitEnd = token.startOffset;
      return;
    }
    this.want(1, T.Greater, "`,` or `>` after the type");
  }
  typeFields = this.RULE(
    "typeFields",
    () => this.elements(this.typeField, "a field, `name: type`", true)
  );
  typeField = this.RULE("typeField", () => {
    const start = this.start;
    const name = this.fieldName(1);
    const optional = this.OPTION(() => this.CONSUME(T.Question)) !== void 0;
    this.want(1, T.Colon, () => `\`:\` and the type of \`${name.name}\``);
    const type = this.SUBRULE(this.type);
    return { name, type, optional, span: this.from(start) };
  });
  /** `(A, B)`, `(A) -> B`, `(A) ~> B`, or `(A)` for A itself. */
  roundType = this.RULE("roundType", () => {
    const start = this.start;
    const outer = this.open(1, T.LParen, "`(`");
    const elements = this.SUBRULE(this.typeElements);
    this.close(1, T.RParen, outer);
    const result = this.OPTION(() => {
      const arrow = this.OR([{ ALT: () => this.CONSUME(T.Arrow) }, { ALT: () => this.CONSUME(T.WavyArrow) }]);
      return { generative: arrow.tokenType === T.WavyArrow, type: this.SUBRULE(this.type) };
    });
    if (this.RECORDING_PHASE) return void 0;
    const span = this.from(start);
    if (result) return { kind: "FunctionType", parameters: elements, result: result.type, generative: result.generative, span };
    if (elements.length === 0) {
      throw problem("PGL1020", span, "expected types in the brackets", { hint: "the type of no value is `unit`; a function type is `() -> int`" });
    }
    return elements.length === 1 ? elements[0] : { kind: "TupleType", elements, span };
  });
  typeElements = this.RULE(
    "typeElements",
    () => this.elements(this.type, "a type", false)
  );
};
var maximumExpressionNesting = 200;
var noSpan = { start: 0, end: 0 };
function maybe(key, value) {
  return value === void 0 ? {} : { [key]: value };
}
var asBlock = (result, span) => ({ kind: "Block", statements: [], result, span });
var shorten = (image) => {
  const line2 = image.replace(/\s+/g, " ");
  return line2.length > 24 ? `${line2.slice(0, 21)}\u2026` : line2;
};
function asProblem(error) {
  if (error instanceof Problem) return error;
  const { token, message } = error;
  if (token === void 0) throw error;
  const start = Number.isNaN(token.startOffset) ? 0 : token.startOffset;
  return problem("PGL1020", { start, end: start + token.image.length }, message ?? "this cannot be read");
}
var declarationBeginnings = /* @__PURE__ */ new Set([T.Export, T.Import, T.Lm, T.Const, T.Type, T.Fn, T.Model, T.Proposal, T.Query]);
var beginsDeclaration2 = (token) => declarationBeginnings.has(token.tokenType);
var statementBeginnings = /* @__PURE__ */ new Set([
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
  T.Fn
]);
var expressionBeginnings = /* @__PURE__ */ new Set([
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
  T.Not
]);
var patternBeginnings = /* @__PURE__ */ new Set([
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
  T.Minus
]);
var typeBeginnings = /* @__PURE__ */ new Set([T.Identifier, T.From, T.As, T.Map, T.Lm, T.String, T.LCurly, T.LParen]);
var assigning = /* @__PURE__ */ new Set([T.Equal, T.PlusEqual, T.MinusEqual, T.StarEqual, T.SlashEqual]);
var foreignDeclarations = {
  def: "a function is written `fn f(x: int): int { \u2026 }`, one that draws `model m(x: int): int { \u2026 }`",
  func: "a function is written `fn f(x: int): int { \u2026 }`, one that draws `model m(x: int): int { \u2026 }`",
  function: "a function is written `fn f(x: int): int { \u2026 }`, one that draws `model m(x: int): int { \u2026 }`",
  class: "a record type is written `type Point = { x: float, y: float }`",
  struct: "a record type is written `type Point = { x: float, y: float }`",
  interface: "a record type is written `type Point = { x: float, y: float }`",
  enum: 'a type of some strings is written `type Color = "red" | "green"`',
  from: 'names are imported with `import { name } from "./file.ts"`'
};
var foreignStatements = {
  def: "a function is written `fn f(x: int): int { \u2026 }`",
  func: "a function is written `fn f(x: int): int { \u2026 }`",
  function: "a function is written `fn f(x: int): int { \u2026 }`",
  lambda: "a function as a value is written `x => \u2026`",
  elif: "write `else if` behind the `}` of the `if`, and bodies in braces",
  assert: "a condition that has to hold is written `condition \u2026`",
  raise: 'a run is ended with an error by `fail("\u2026")`',
  throw: 'a run is ended with an error by `fail("\u2026")`',
  val: "a name is given with `let`"
};
var Folding = class {
  constructor(first, extent, report) {
    this.extent = extent;
    this.report = report;
    this.operands = [first];
  }
  extent;
  report;
  /** How many operators there were. */
  length = 0;
  operands;
  pending = [];
  operator(operator, span) {
    const level = operators.get(operator) ?? precedence.sum;
    this.reduce(level, operator, span);
    if (level >= precedence.comparison) this.refuseAfterMatches(operator, span);
    this.pending.push({ operator, level });
    this.length++;
  }
  operand(value) {
    this.operands.push(value);
  }
  matches(constraint, span, end) {
    this.reduce(precedence.comparison, "matches", span);
    this.refuseAfterMatches("matches", span);
    const value = this.operands.pop();
    this.matched = {
      kind: "MatchesExpression",
      value,
      constraint,
      span: { start: this.extent(value).start, end }
    };
    this.operands.push(this.matched);
    this.length++;
  }
  finish() {
    this.reduce(0, "", noSpan);
    return this.operands[0];
  }
  reduce(level, next, span) {
    for (let top = this.pending.at(-1); top && top.level >= level; top = this.pending.at(-1)) {
      const chains = top.level === level && (level === precedence.comparison || level === precedence.range);
      if (chains) this.refuse(top.operator, next, span);
      this.pending.pop();
      const right = this.operands.pop();
      const left = this.operands.pop();
      const whole = { start: this.extent(left).start, end: this.extent(right).end };
      this.operands.push(
        top.operator === ".." ? { kind: "RangeExpression", start: left, end: right, span: whole } : { kind: "BinaryExpression", operator: top.operator, left, right, span: whole }
      );
    }
  }
  /** The last operand, when it is a `… matches …` of this chain and not one in brackets. */
  matched;
  refuseAfterMatches(next, span) {
    if (this.matched !== void 0 && this.operands.at(-1) === this.matched) this.refuse("matches", next, span);
  }
  refuse(first, second, span) {
    this.report(
      first === ".." ? problem("PGL1024", span, "a range has two ends: `a..b`") : problem("PGL1024", span, `\`${first}\` and \`${second}\` cannot be chained`, {
        hint: "compare twice and join with `&&`, as in `a < b && b < c`; or use brackets"
      })
    );
  }
};

// ../grammar/src/height.ts
var maximumHeight = 600;
function refuseTallTrees(tree, measured, diagnostics) {
  if ((measured.longestChain + 8) * (measured.deepestNesting + 1) < maximumHeight) return tree;
  const declarations = tree.declarations.filter((declaration) => {
    const found2 = tooHigh(declaration);
    if (found2 === void 0) return true;
    diagnostics.push(
      problem("PGL1009", found2, `this is nested more than ${maximumHeight} deep, counting chains of operators and members`, {
        hint: "give parts of it names of their own with `let` or `fn`, or join a list"
      }).diagnostic
    );
    return false;
  });
  return declarations.length === tree.declarations.length ? tree : { ...tree, declarations };
}
function tooHigh(root) {
  const stack = [{ node: root, height: 0 }];
  for (let item = stack.pop(); item !== void 0; item = stack.pop()) {
    const { node, height } = item;
    if (height > maximumHeight) return node.span ?? root.span;
    for (const value of Object.values(node)) {
      if (typeof value !== "object" || value === null || !("kind" in value || Array.isArray(value) || "span" in value)) continue;
      stack.push({ node: value, height: height + ("kind" in value ? 1 : 0) });
    }
  }
  return void 0;
}

// ../grammar/src/parse.ts
var parser;
var maximumDiagnostics = 100;
function prepare(text) {
  parser ??= new PglParser({ skipValidations: true });
  const { tokens, comments: comments2, problems } = lex(text);
  const placed = layout(tokens, comments2, lineStarts(text), text.length);
  parser.begin(placed.tokens, placed.docs, [...placed.damaged, ...problems.map((each) => each.diagnostic.span)]);
  const used = parser;
  return {
    parser,
    comments: comments2,
    // What is unclosed inside of a broken string is part of the same mistake.
    diagnostics: () => inOrder([
      ...problems.filter(({ diagnostic: { code, span } }) => code !== "PGL1002" || !placed.damaged.some((bad) => within(span, bad))),
      ...placed.problems,
      ...used.problems
    ])
  };
}
var within = (inner, outer) => inner.start > outer.start && inner.end <= outer.end;
function inOrder(problems) {
  const sorted = problems.map((each) => each.diagnostic).sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  if (sorted.length <= maximumDiagnostics) return sorted;
  const kept = sorted.slice(0, maximumDiagnostics);
  const at = kept.at(-1).span;
  return [
    ...kept,
    problem("PGL1000", at, `${sorted.length - maximumDiagnostics} more errors are not shown`, {
      hint: "is this a PGL program?"
    }).diagnostic
  ];
}
function safely(text, read, instead) {
  const whole = { start: 0, end: Math.min(text.length, 1) };
  try {
    const prepared = prepare(text);
    const value = read(prepared);
    return { value: value ?? instead, diagnostics: prepared.diagnostics() };
  } catch (error) {
    parser = void 0;
    if (!(error instanceof RangeError)) throw error;
    return {
      value: instead,
      diagnostics: [
        problem("PGL1009", whole, "this program is nested too deeply to be read here", {
          hint: "give inner parts names of their own with `let` or `fn`"
        }).diagnostic
      ]
    };
  }
}
function parse(text) {
  const { tree, diagnostics } = parseWithComments(text);
  return { tree, diagnostics };
}
function parseWithComments(text) {
  let comments2 = [];
  let bracketed = /* @__PURE__ */ new Map();
  const empty = { kind: "Module", declarations: [], span: { start: 0, end: text.length } };
  const tall = [];
  const { value, diagnostics } = safely(
    text,
    (prepared) => {
      comments2 = prepared.comments;
      const tree = { ...prepared.parser.module(), span: { start: 0, end: text.length } };
      bracketed = new Map(prepared.parser.bracketed);
      return refuseTallTrees(tree, prepared.parser, tall);
    },
    empty
  );
  return { tree: value, diagnostics: tall.length === 0 ? diagnostics : [...diagnostics, ...tall], comments: comments2, bracketed };
}
function parseExpression(text) {
  const missing = { kind: "MissingExpression", span: { start: 0, end: 0 } };
  const { value, diagnostics } = safely(
    text,
    ({ parser: parser2 }) => parser2.wholeExpression() ?? missing,
    missing
  );
  return { expression: value, diagnostics };
}
function parseMethod(text) {
  const { value, diagnostics } = safely(text, ({ parser: parser2 }) => parser2.wholeMethod(), void 0);
  return value === void 0 ? { diagnostics } : { method: value, diagnostics };
}

// ../grammar/src/print/document.ts
var breakAround = { kind: "break" };
var line = { kind: "line", flat: " " };
var softline = { kind: "line", flat: "" };
var hardline = { kind: "line", flat: "hard" };
var freshline = { kind: "line", flat: "fresh" };
var indent = (content) => ({ kind: "indent", content, breaks: breaks(content) });
var group = (content, broken = false) => ({
  kind: "group",
  content,
  breaks: broken || breaks(content)
});
var ifBroken = (broken, flat = "") => ({ kind: "ifBroken", broken, flat });
var suffix = (text) => ({ kind: "suffix", text });
function join(separator, parts) {
  return parts.flatMap((part, i) => i === 0 ? [part] : [separator, part]);
}
function breaks(document) {
  if (typeof document === "string") return false;
  if (isList(document)) return document.some(breaks);
  switch (document.kind) {
    case "line":
      return document.flat === "hard" || document.flat === "fresh";
    case "indent":
    case "group":
      return document.breaks;
    case "ifBroken":
      return false;
    case "suffix":
    case "break":
      return true;
  }
}
var isList = (document) => Array.isArray(document);
function render(document, width) {
  const lines = [];
  let current = "";
  let column = 0;
  let suffixes = "";
  const stack = [{ document, indentation: 0, broken: true }];
  const finished = () => {
    const text = trimEnd(current);
    return text === "" && suffixes !== "" ? current + suffixes.trimStart() : text + suffixes;
  };
  const newLine = (indentation) => {
    lines.push(finished());
    suffixes = "";
    current = " ".repeat(indentation);
    column = indentation;
  };
  for (let piece = stack.pop(); piece !== void 0; piece = stack.pop()) {
    const { document: document2, indentation, broken } = piece;
    if (typeof document2 === "string") {
      current += document2;
      const newline = document2.lastIndexOf("\n");
      column = newline < 0 ? column + document2.length : document2.length - newline - 1;
    } else if (isList(document2)) {
      for (let i = document2.length - 1; i >= 0; i--) stack.push({ document: document2[i], indentation, broken });
    } else if (document2.kind === "line") {
      if (document2.flat === "hard" || broken && document2.flat !== "fresh") newLine(indentation);
      else if (document2.flat === "fresh") {
        if (suffixes !== "" || current.trim() !== "") newLine(indentation);
        else {
          current = " ".repeat(indentation);
          column = indentation;
        }
      } else {
        current += document2.flat;
        column += document2.flat.length;
      }
    } else if (document2.kind === "indent") {
      stack.push({ document: document2.content, indentation: indentation + 2, broken });
    } else if (document2.kind === "group") {
      const flat = !document2.breaks && fits(document2.content, width - column, stack);
      stack.push({ document: document2.content, indentation, broken: !flat });
    } else if (document2.kind === "ifBroken") {
      stack.push({ document: broken ? document2.broken : document2.flat, indentation, broken });
    } else if (document2.kind === "suffix") {
      if (suffixes !== "") newLine(indentation);
      suffixes = document2.text;
    }
  }
  lines.push(finished());
  return lines.join("\n");
}
var trimEnd = (text) => text.replace(/[ \t]+$/, "");
function fits(document, width, rest) {
  let left = width;
  let next = rest.length - 1;
  const stack = [{ document, broken: false }];
  while (left >= 0) {
    let piece = stack.pop();
    if (piece === void 0) {
      if (next < 0) return true;
      piece = rest[next--];
    }
    const { document: document2, broken } = piece;
    if (typeof document2 === "string") {
      const newline = document2.indexOf("\n");
      if (newline >= 0) return newline <= left;
      left -= document2.length;
    } else if (isList(document2)) {
      for (let i = document2.length - 1; i >= 0; i--) stack.push({ document: document2[i], broken });
    } else if (document2.kind === "line") {
      if (document2.flat === "hard" || document2.flat === "fresh" || broken) return true;
      left -= document2.flat.length;
    } else if (document2.kind === "indent") {
      stack.push({ document: document2.content, broken });
    } else if (document2.kind === "group") {
      stack.push({ document: document2.content, broken: broken || document2.breaks });
    } else if (document2.kind === "ifBroken") {
      stack.push({ document: broken ? document2.broken : document2.flat, broken });
    }
  }
  return false;
}

// ../grammar/src/print/comments.ts
var Comments = class {
  constructor(text, comments2, starts) {
    this.text = text;
    this.comments = comments2;
    this.starts = starts;
  }
  text;
  comments;
  starts;
  next = 0;
  lineOf(offset) {
    return lineIndex(this.starts, offset);
  }
  /** Whether there is a comment before `offset` that was not given out. */
  waiting(offset) {
    return this.next < this.comments.length && this.comments[this.next].start < offset;
  }
  /** Passes over the comments before `offset`: they are part of what is copied as it is. */
  pass(offset) {
    while (this.waiting(offset)) this.next++;
  }
  /** The next comment before `offset`, if it follows code on its line. */
  nextTrailing(offset, blocks) {
    if (!this.waiting(offset)) return void 0;
    const comment2 = this.comments[this.next];
    if (!this.followsCode(this.next) || comment2.kind === "block" && !blocks) return void 0;
    this.next++;
    return comment2;
  }
  followsCode(index) {
    const { start } = this.comments[index];
    let at = start - 1;
    while (at >= 0 && /[ \t\u00a0]/.test(this.text.charAt(at))) at--;
    if (at < 0 || /[\r\n\ufeff]/.test(this.text.charAt(at))) return false;
    const previous = this.comments[index - 1];
    return previous?.end === at + 1 ? this.followsCode(index - 1) : true;
  }
  /** Where the last comment given out ended. */
  get passedEnd() {
    return this.comments[this.next - 1]?.end ?? 0;
  }
  /**
   * Comments before `offset` that follow code on its line, to be written behind what was just written; behind an opening
   * bracket without the `blocks`, which belong to what follows.
   */
  trailing(offset, blocks = true) {
    const found2 = [];
    for (let comment2 = this.nextTrailing(offset, blocks); comment2; comment2 = this.nextTrailing(offset, blocks)) {
      found2.push(comment2.kind === "block" ? [" ", blockText(comment2)] : suffix(` ${comment2.text.trimEnd()}`));
    }
    return found2;
  }
  /** Whether there is a blank line after what ends at `end`, before the next comment or what begins at `offset`. */
  blankBefore(end, offset) {
    const next = this.waiting(offset) ? this.comments[this.next].start : offset;
    return this.lineOf(next) > this.lineOf(Math.max(end, this.passedEnd)) + 1;
  }
  /** The next comment before `offset`, one on lines of its own. */
  own(offset) {
    return this.waiting(offset) ? this.comments[this.next++] : void 0;
  }
  /** All comments before `offset`, each with a new line after it, for the beginning of a line. */
  leading(offset) {
    const found2 = [];
    for (let comment2 = this.own(offset); comment2; comment2 = this.own(offset)) {
      found2.push(blockText(comment2), this.between(comment2, offset));
    }
    return found2;
  }
  /** A space or a new line, after a comment: as it was. */
  between(comment2, following) {
    const next = this.waiting(following) ? this.comments[this.next].start : following;
    return comment2.kind === "block" && this.lineOf(comment2.end) === this.lineOf(next) ? " " : hardline;
  }
  /** All comments before `offset`, in the middle of a line; `undefined` when there are none. */
  inside(offset) {
    if (!this.waiting(offset)) return void 0;
    const found2 = [];
    let lines = false;
    let glued = false;
    while (this.waiting(offset)) {
      const follows = this.followsCode(this.next);
      const comment2 = this.comments[this.next++];
      if (comment2.kind === "block" && follows) found2.push(blockText(comment2), " ");
      else if (follows) {
        lines = true;
        found2.push(suffix(` ${comment2.text.trimEnd()}`), freshline);
      } else {
        lines = true;
        const after = this.between(comment2, offset);
        found2.push(glued ? "" : freshline, blockText(comment2), after);
        glued = after === " ";
      }
    }
    return { document: found2, lines };
  }
};
var blockText = (comment2) => /[\r\n]/.test(comment2.text) ? [comment2.text, breakAround] : comment2.text.trimEnd();

// ../grammar/src/print/precedence.ts
function levelOf(expression) {
  switch (expression.kind) {
    case "LambdaExpression":
      return 0;
    case "BinaryExpression":
      return expression.operator === "^" ? precedence.power : operators.get(expression.operator) ?? precedence.product;
    case "RangeExpression":
      return precedence.range;
    case "MatchesExpression":
      return precedence.comparison;
    case "UnaryExpression":
      return precedence.prefix;
    case "NumberLiteral":
      return expression.value < 0 || Object.is(expression.value, -0) ? precedence.prefix : precedence.postfix;
    // They would take what follows as theirs, or look as if they did.
    case "SampleExpression":
    case "InferExpression":
    case "IfExpression":
    case "MatchExpression":
    case "BlockExpression":
    case "RecordExpression":
      return precedence.power;
    default:
      return precedence.postfix;
  }
}
var constraintLevels = { or: 1, and: 2, not: 3, atom: 4 };
function constraintLevelOf(constraint) {
  switch (constraint.kind) {
    case "OrConstraint":
      return constraintLevels.or;
    case "AndConstraint":
      return constraintLevels.and;
    case "NotConstraint":
      return constraintLevels.not;
    default:
      return constraintLevels.atom;
  }
}
function leftmost(expression) {
  for (; ; ) {
    const left = leftOf(expression);
    if (left === void 0) return expression;
    expression = left;
  }
}
function leftOf(expression) {
  const level = levelOf(expression);
  switch (expression.kind) {
    case "BinaryExpression":
      if (isBodied(expression.left)) return void 0;
      return levelOf(expression.left) >= (expression.operator === "^" ? precedence.postfix : level) ? expression.left : void 0;
    case "RangeExpression":
      return levelOf(expression.start) > level ? expression.start : void 0;
    case "MatchesExpression":
      return levelOf(expression.value) > level ? expression.value : void 0;
    case "CallExpression":
      return levelOf(expression.callee) >= precedence.postfix ? expression.callee : void 0;
    case "MemberExpression":
    case "IndexExpression":
      return levelOf(expression.object) >= precedence.postfix ? expression.object : void 0;
    default:
      return void 0;
  }
}
var isBodied = (expression) => expression.kind === "IfExpression" || expression.kind === "MatchExpression" || expression.kind === "BlockExpression";
function endsWithSample(expression) {
  switch (expression.kind) {
    case "SampleExpression":
      return expression.proposal === void 0;
    case "BinaryExpression":
      return endsWithSample(expression.right);
    case "UnaryExpression":
      return endsWithSample(expression.operand);
    case "RangeExpression":
      return endsWithSample(expression.end);
    case "MatchesExpression":
      return endsWithSampleConstraint(expression.constraint);
    case "LambdaExpression":
      return expression.body.result !== void 0 && endsWithSample(expression.body.result);
    default:
      return false;
  }
}
function endsWithSampleConstraint(constraint) {
  switch (constraint.kind) {
    case "ValueConstraint":
      return endsWithSample(constraint.value);
    case "NotConstraint":
      return endsWithSampleConstraint(constraint.operand);
    case "AndConstraint":
    case "OrConstraint": {
      const last = constraint.operands.at(-1);
      return last !== void 0 && endsWithSampleConstraint(last);
    }
    default:
      return false;
  }
}

// ../grammar/src/print/printer.ts
var Printer = class {
  constructor(source) {
    this.source = source;
  }
  source;
  /** Inside `${…}`, where there can be no new line. */
  inline = false;
  // ------------------------------------------------------------------------------------------------- with the source
  extent(node) {
    return this.source?.bracketed.get(node) ?? node.span;
  }
  copied(source, node) {
    const { start, end } = node.span;
    return this.withComments(node, () => {
      source.comments.pass(end);
      return source.text.slice(start, end);
    });
  }
  /** Puts the comments before a node in front of it. */
  withComments(node, document) {
    const before = this.source?.comments.inside(node.span.start);
    if (before === void 0) return document();
    const whole = [before.document, document()];
    return before.lines ? indent(whole) : whole;
  }
  /** A node, in brackets if they are wanted, with the comments before it each on its side of the bracket. */
  grouped(node, brackets, document) {
    return this.withComments({ span: this.extent(node) }, () => {
      const inner = this.withComments(node, document);
      return brackets ? ["(", inner, ")"] : inner;
    });
  }
  /** Behind a node, the comments inside of it that found no place. */
  withRest(node, document) {
    return [document, this.rest(node)];
  }
  rest(node) {
    const found2 = [];
    const comments2 = this.source?.comments;
    let afterLine = false;
    for (let comment2 = comments2?.own(node.span.end); comment2; comment2 = comments2?.own(node.span.end)) {
      if (comment2.kind !== "block") found2.push(suffix(` ${comment2.text.trimEnd()}`));
      else found2.push(afterLine ? freshline : " ", blockText(comment2));
      afterLine = comment2.kind !== "block";
    }
    return found2;
  }
  /** Whether the first thing in brackets stands on a line of its own in the source. */
  opened(start, first) {
    if (this.source === void 0 || first === void 0) return false;
    const { comments: comments2 } = this.source;
    return comments2.lineOf(start) !== comments2.lineOf(this.extent(first).start);
  }
  /** Things on lines of their own, up to `end`, with the comments around them and the blank lines between them. */
  lines(from, nodes, end, print2) {
    const comments2 = this.source?.comments;
    if (comments2 === void 0) return join(hardline, nodes.map((node, i) => print2(node, i === nodes.length - 1)));
    const found2 = [];
    let previousEnd = from;
    let atStart = true;
    const place = (start) => {
      if (!atStart) {
        found2.push(hardline);
        if (comments2.lineOf(start) > comments2.lineOf(previousEnd) + 1) found2.push(hardline);
      }
      atStart = false;
    };
    const ownComments = (limit) => {
      found2.push(comments2.trailing(limit));
      previousEnd = Math.max(previousEnd, comments2.passedEnd);
      let glued = false;
      for (let comment2 = comments2.own(limit); comment2; comment2 = comments2.own(limit)) {
        if (!glued) place(comment2.start);
        found2.push(comment2.text.trimEnd());
        previousEnd = comment2.end;
        glued = comments2.between(comment2, limit) === " ";
        if (glued) found2.push(" ");
      }
      return glued;
    };
    nodes.forEach((node, i) => {
      const { start, end: end2 } = this.extent(node);
      if (!ownComments(start)) place(start);
      found2.push(this.withRest(node, print2(node, i === nodes.length - 1)));
      previousEnd = Math.max(end2, comments2.passedEnd);
    });
    ownComments(end);
    return found2;
  }
  /** A list in brackets: on one line if it fits, else an element a line. */
  list(open, close, nodes, span, print2, style = {}) {
    const comments2 = this.source?.comments;
    const start = style.from ?? span.start;
    const closing = span.end - 1;
    const edge = style.spaced ? line : softline;
    if (nodes.length === 0) {
      if (!comments2?.waiting(closing)) return [open, close];
      const behind = comments2.trailing(closing);
      const own = comments2.waiting(closing) ? [hardline, trimLast(comments2.leading(closing))] : "";
      return group([open, indent([behind, own]), hardline, close]);
    }
    const parts = [];
    const force = style.keep === true && this.opened(start, nodes[0]);
    nodes.forEach((node, i) => {
      const place = this.extent(node);
      const last = i === nodes.length - 1;
      if (comments2) parts.push(i === 0 ? [comments2.trailing(place.start, false), edge] : "", comments2.leading(place.start));
      else if (i === 0) parts.push(edge);
      parts.push(print2(node), last ? ifBroken(",") : ",", this.rest(node));
      const following = nodes[i + 1];
      const limit = following ? this.extent(following).start : closing;
      if (comments2) parts.push(comments2.trailing(limit));
      if (!last) {
        parts.push(line);
        if (force && comments2?.blankBefore(place.end, limit)) parts.push(hardline);
      }
    });
    if (comments2?.waiting(closing)) parts.push(hardline, trimLast(comments2.leading(closing)));
    return group([open, indent(parts), edge, close], force);
  }
  /** Operands with an operator between them, before or after the place where the line may break. */
  joined(nodes, before, after, print2) {
    return nodes.map((node, i) => {
      if (i === 0) return print2(node);
      const comments2 = this.source?.comments.trailing(this.extent(node).start) ?? "";
      return [before, comments2, line, after, print2(node)];
    });
  }
  // ------------------------------------------------------------------------------------------------- any node
  print(node) {
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
  module(node) {
    if (this.source) return this.lines(0, node.declarations, this.source.text.length, (each) => this.declaration(each));
    return node.declarations.map((each, i) => {
      const before = node.declarations[i - 1];
      if (before === void 0) return this.declaration(each);
      const close = before.kind === each.kind && isShort(before) && isShort(each);
      return [hardline, close ? "" : hardline, this.declaration(each)];
    });
  }
  documentation(node) {
    if (node.kind === "ImportDeclaration") return "";
    const doc = this.source || node.doc === void 0 || this.inline ? "" : node.doc.split("\n").map((text) => [text === "" ? "///" : `/// ${text}`, hardline]);
    return [doc, node.exported ? "export " : ""];
  }
  declaration(node) {
    const head = this.documentation(node);
    switch (node.kind) {
      case "ImportDeclaration": {
        const last = node.specifiers.at(-1)?.span.end ?? node.span.start;
        const from = { start: node.span.start, end: this.closing("}", last) };
        const names = this.list("{", "}", node.specifiers, from, (each) => this.specifier(each.imported, each.local), { spaced: true });
        return ["import ", names, " from ", this.string(node.source)];
      }
      case "LmDeclaration":
        return [head, "lm ", node.name.name, " = ", this.string(node.spec)];
      case "ConstDeclaration":
        return [head, "const ", node.name.name, this.annotation(node.type), this.given("=", node.value)];
      case "TypeDeclaration":
        return [head, "type ", node.name.name, " = ", this.type(node.type)];
      case "FunctionDeclaration":
        return [head, this.functionText(node)];
      case "ModelDeclaration":
        return [head, "model ", node.name.name, this.parameters(node.parameters, node.name.span.end), this.annotation(node.result), " ", this.block(node.body)];
      case "ProposalDeclaration":
        return [
          head,
          "proposal ",
          node.name.name,
          node.parameters.length > 0 ? this.parameters(node.parameters, node.name.span.end) : "",
          " for ",
          node.target.name,
          " ",
          this.block(node.body)
        ];
      case "QueryDeclaration":
        return [head, "query ", node.name ? [node.name.name, " = "] : "", this.inference(node.infer)];
    }
  }
  functionText(node) {
    const { body } = node;
    const signature = ["fn ", node.name.name, this.parameters(node.parameters, node.name.span.end), this.annotation(node.result)];
    if (this.isExpressionBody(body)) return [signature, this.given("=", body.result)];
    return [signature, " ", this.block(body)];
  }
  /** Whether a body is written as an expression, where both ways say the same. */
  isExpressionBody(body) {
    if (body.statements.length > 0 || body.result === void 0) return false;
    if (this.source === void 0) return true;
    return this.extent(body.result).start === body.span.start;
  }
  /** The offset after the closing bracket that follows what ends at `from`; only its place in a source matters. */
  closing(bracket, from) {
    if (this.source === void 0) return from;
    const { text } = this.source;
    let at = from;
    while (at < text.length && text.charAt(at) !== bracket) {
      const skipped = /^(?:\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)/.exec(text.slice(at, at + 2) === "//" || text.slice(at, at + 2) === "/*" ? text.slice(at) : "");
      at += skipped ? skipped[0].length : 1;
    }
    return at + 1;
  }
  specifier(imported, local) {
    return imported.name === local.name ? imported.name : [imported.name, " as ", local.name];
  }
  /** `(…)` after what ends at `from`. */
  parameters(parameters, from) {
    const last = parameters.at(-1);
    const value = last?.defaultValue;
    const end = this.closing(")", Math.max(last?.span.end ?? from, value ? this.extent(value).end : 0));
    return this.list("(", ")", parameters, { start: from, end }, (each) => this.parameter(each));
  }
  parameter(node) {
    const value = node.defaultValue;
    return [node.name.name, this.annotation(node.type), value ? [" = ", this.expression(value, 0)] : ""];
  }
  annotation(type) {
    return type ? [": ", this.type(type)] : "";
  }
  /** `= value` or `~ distribution`. */
  given(sign, value) {
    return [" ", sign, " ", this.expression(value, 0)];
  }
  inference(node) {
    return [node.model.name, this.arguments(node.arguments, node.model.span.end), node.method ? [" using ", this.method(node.method)] : ""];
  }
  method(node) {
    return this.withComments(node, () => [node.name.name, this.arguments(node.arguments, node.name.span.end)]);
  }
  // ------------------------------------------------------------------------------------------------- statements
  /** `last` in a body without a value: there an expression needs `;` lest it be the value. */
  statement(node, last) {
    switch (node.kind) {
      case "LetStatement":
        return [node.mutable ? "var " : "let ", this.bindingPattern(node.pattern), this.annotation(node.type), this.given("=", node.value)];
      case "DrawStatement": {
        const head = [node.mutable ? "var " : "let ", this.bindingPattern(node.pattern), this.annotation(node.type)];
        if (node.proposal === void 0) return [head, this.given("~", node.distribution)];
        const distribution = endsWithSample(node.distribution) ? ["(", this.expression(node.distribution, 0), ")"] : this.expression(node.distribution, 0);
        return group([head, " ~ ", distribution, indent([line, "proposal ", this.expression(node.proposal, 0)])]);
      }
      case "AssignStatement":
        return [node.target.name, this.given(node.operator, node.value)];
      case "ObserveStatement": {
        const level = node.constraint ? precedence.comparison + 1 : 0;
        const value = this.expression(node.value, level);
        if (node.constraint) return ["observe ", value, " matches ", this.constraint(node.constraint, constraintLevels.or)];
        return ["observe ", value, this.given("~", node.distribution)];
      }
      case "ConditionStatement":
        return ["condition ", this.expression(node.test, 0)];
      case "FactorStatement":
        return ["factor ", this.expression(node.weight, 0)];
      case "TwistStatement":
        return ["twist ", this.expression(node.weight, 0)];
      case "StepStatement":
        return "step";
      case "ForStatement":
        return ["for ", this.bindingPattern(node.pattern), " in ", this.header(node.iterable), " ", this.block(node.body)];
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
  block(node) {
    return group(this.blockParts(node));
  }
  /** A body without a group of its own, so that the branches of an `if` break together. */
  blockParts(node) {
    const comments2 = this.source?.comments;
    const nodes = node.result ? [...node.statements, node.result] : [...node.statements];
    const end = node.span.end - 1;
    const print2 = (each, last) => each === node.result ? this.expression(each, 0) : this.statement(each, last);
    if (nodes.length === 0) {
      if (!comments2?.waiting(end)) return "{}";
      return ["{", this.onlyComments(comments2, end), "}"];
    }
    if (this.inline) {
      return ["{ ", join("; ", nodes.map((each, i) => print2(each, i === nodes.length - 1))), " }"];
    }
    const single = nodes.length === 1 && !comments2?.waiting(end) && this.mayBeInline(node, nodes[0]);
    if (single) return ["{", indent([line, this.withRest(nodes[0], print2(nodes[0], true))]), line, "}"];
    const first = this.extent(nodes[0]);
    const opening = comments2 ? comments2.trailing(first.start) : "";
    return ["{", indent([opening, hardline, this.lines(node.span.start, nodes, end, print2)]), hardline, "}"];
  }
  /** The comments in braces that hold nothing else. */
  onlyComments(comments2, end) {
    const behind = comments2.trailing(end);
    const own = comments2.waiting(end) ? [hardline, this.lines(end, [], end, () => "")] : "";
    return [indent([behind, own]), hardline];
  }
  mayBeInline(node, only) {
    if (this.source) return !this.opened(node.span.start, only);
    if (only.kind === "FunctionDeclaration" && only.doc !== void 0) return false;
    return only === node.result || only.kind === "BreakStatement" || only.kind === "ContinueStatement" || only.kind === "ReturnStatement" || only.kind === "ObserveStatement" || only.kind === "AssignStatement";
  }
  /** An expression before the `{` of a body. */
  header(node) {
    const document = this.expression(node, 0);
    const bracketed = startsWithBrace(node) || node.kind === "LambdaExpression" || /(?:^|\.\.|[^.\w])map$/.test(render(document, Infinity));
    return bracketed ? ["(", document, ")"] : document;
  }
  // ------------------------------------------------------------------------------------------------- patterns
  bindingPattern(node) {
    return this.withComments(node, () => this.bareBindingPattern(node));
  }
  bareBindingPattern(node) {
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
          ({ name, pattern }) => pattern.kind === "Identifier" && pattern.name === name.name ? name.name : [name.name, ": ", this.bindingPattern(pattern)],
          { spaced: true }
        );
    }
  }
  matchPattern(node) {
    return this.withComments(node, () => this.bareMatchPattern(node));
  }
  bareMatchPattern(node) {
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
            this.joined(
              node.alternatives,
              " |",
              "",
              (each) => this.grouped(each, each.kind === "OrPattern", () => this.matchPattern(each))
            )
          )
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
          ({ name, pattern }) => pattern.kind === "NamePattern" && pattern.name.name === name.name ? name.name : [name.name, ": ", this.matchPattern(pattern)],
          { spaced: true }
        );
    }
  }
  // ------------------------------------------------------------------------------------------------- expressions
  /** An expression where one of at least `level` is wanted: in brackets if it holds together less. */
  expression(node, level) {
    const needed = levelOf(node) < level;
    const kept = level > 0 && isOperation(node) && this.source?.bracketed.has(node) === true;
    return this.grouped(node, needed || kept, () => this.bare(node));
  }
  bare(node) {
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
            { spaced: true, keep: true }
          )
        ];
      case "UnaryExpression":
        return [node.operator, this.expression(node.operand, precedence.prefix)];
      case "BinaryExpression":
        return node.operator === "^" ? this.power(node.left, node.right) : this.chain(node);
      case "RangeExpression":
        return [this.expression(node.start, precedence.range + 1), "..", this.expression(node.end, precedence.range + 1)];
      case "MatchesExpression":
        return [this.expression(node.value, precedence.comparison + 1), " matches ", this.constraint(node.constraint, constraintLevels.or)];
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
          node.proposal ? [" proposal ", this.expression(node.proposal, precedence.postfix)] : ""
        ];
      case "InferExpression":
        return ["infer ", this.inference(node)];
      case "MissingExpression":
        return "none";
    }
  }
  number(node) {
    if (this.source) return node.raw;
    const read = /^-?[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9]+)?$/.test(node.raw) ? Number(node.raw.replaceAll("_", "")) : NaN;
    if (Object.is(read, node.value) && node.integer === !/[.eE]/.test(node.raw)) return node.raw;
    if (node.integer) return Number.isInteger(node.value) ? BigInt(node.value).toString() : String(Math.trunc(node.value));
    const text = String(node.value);
    return /[.e]/.test(text) ? text : `${text}.0`;
  }
  string(node) {
    if (this.source) return this.copied(this.source, node);
    return isWrittenAs(node.raw, node.value, node.multiline) && !(this.inline && node.raw.includes("\n")) ? node.raw : quoted(node.value, node.multiline);
  }
  template(texts, expressions, multiline) {
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
  record(node) {
    return this.list("{", "}", node.fields, node.span, (field) => this.field(field), { spaced: true, keep: true });
  }
  field(field) {
    if (field.kind === "Spread") return ["...", this.expression(field.value, 0)];
    const shorthand = field.value.kind === "Identifier" && field.value.name === field.name.name && field.shorthand;
    return shorthand ? field.name.name : [field.name.name, ": ", this.expression(field.value, 0)];
  }
  power(base, exponent) {
    return [this.expression(base, precedence.postfix), " ^ ", this.expression(exponent, precedence.prefix)];
  }
  /** `a + b - c`: operators of one precedence break together, after the operator. */
  chain(node) {
    const level = operators.get(node.operator) ?? precedence.product;
    const associative = level !== precedence.comparison;
    const operands = [];
    let first = node;
    while (first.kind === "BinaryExpression" && operators.get(first.operator) === level && (first === node || associative) && (first === node || !this.source?.bracketed.has(first))) {
      operands.push({ operator: first.operator === "//" ? "/" : first.operator, value: first.right });
      first = first.left;
    }
    const left = isBodied(first) ? ["(", this.expression(first, 0), ")"] : this.expression(first, associative ? level : level + 1);
    const rest = operands.reverse().map(({ operator, value }) => [
      " ",
      operator,
      this.source?.comments.trailing(this.extent(value).start) ?? "",
      line,
      this.expression(value, level + 1)
    ]);
    return group([left, indent(rest)]);
  }
  /** `a.b(c)[d]…`: a long chain of calls breaks before its dots. */
  postfixes(node) {
    const steps = [];
    let base = node;
    while (base.kind === "CallExpression" || base.kind === "MemberExpression" || base.kind === "IndexExpression") {
      steps.push(base);
      base = base.kind === "CallExpression" ? base.callee : base.object;
    }
    steps.reverse();
    const chained = !this.inline && steps.filter((step, i) => step.kind === "MemberExpression" && steps[i + 1]?.kind === "CallExpression").length >= 3;
    const first = steps[0];
    const head = base.kind === "NumberLiteral" && first?.kind === "MemberExpression" && /^\d/.test(first.property.name) ? ["(", this.expression(base, 0), ")"] : this.expression(base, precedence.postfix);
    const parts = [];
    let commented = false;
    for (const step of steps) {
      if (step.kind === "MemberExpression") {
        const own = this.source?.comments.inside(step.property.span.start);
        if (own) commented = true;
        parts.push(own ? own.document : chained ? softline : "", ".", step.property.name);
      } else if (step.kind === "CallExpression") parts.push(this.arguments(step.arguments, this.extent(step.callee).end));
      else parts.push("[", this.expression(step.index, 0), "]");
    }
    const document = [head, chained || commented ? indent(parts) : parts];
    return chained ? group(document) : document;
  }
  /** `(…)` after what ends at `from`. */
  arguments(args, from) {
    const comments2 = this.source?.comments;
    const last = args.at(-1);
    const place = { start: args[0]?.span.start ?? from, end: this.closing(")", last ? this.extent(last.value).end : from) };
    if (last === void 0 || !canHug(last.value, args.length) || comments2?.waiting(last.span.start)) {
      return this.list("(", ")", args, place, (each) => this.argument(each));
    }
    const made2 = args.map((each) => this.argument(each));
    const final = made2.at(-1);
    const before = made2.slice(0, -1);
    if (breaks(final) && !breaks(before) && !comments2?.waiting(place.end - 1)) return ["(", join(", ", made2), ")"];
    return this.list("(", ")", args, place, (each) => made2[args.indexOf(each)]);
  }
  argument(node) {
    return node.name ? [node.name.name, ": ", this.expression(node.value, 0)] : this.expression(node.value, 0);
  }
  lambda(parameters, body, start) {
    const only = parameters.length === 1 ? parameters[0] : void 0;
    const head = only && only.type === void 0 && only.defaultValue === void 0 ? only.name.name : this.parameters(parameters, start);
    return [head, " => ", this.body(body)];
  }
  /** What follows `=>`. */
  body(body) {
    if (!this.isExpressionBody(body)) return this.block(body);
    const result = body.result;
    const first = leftmost(result);
    const bracketed = first.kind === "BlockExpression" || first.kind === "RecordExpression" && !isPlainlyRecord(first);
    return bracketed ? ["(", this.expression(result, 0), ")"] : this.expression(result, 0);
  }
  conditional(node) {
    const parts = [];
    for (let at = node; at !== void 0; ) {
      if (at.kind === "Block") {
        parts.push(" else ", this.blockParts(at));
        break;
      }
      parts.push(at === node ? "" : " else ", "if ", this.header(at.test), " ", this.blockParts(at.then));
      at = at.else;
    }
    return group(parts);
  }
  match(subject, arms, span) {
    const head = ["match ", this.header(subject), " "];
    const end = span.end - 1;
    const comments2 = this.source?.comments;
    if (this.inline) return [head, "{ ", join(", ", arms.map((each) => this.arm(each))), " }"];
    if (arms.length === 0 && !comments2?.waiting(end)) return [head, "{}"];
    const first = arms[0];
    if (this.source && first && !this.opened(subject.span.end, first) && !comments2?.waiting(end)) {
      const inner = join([",", line], arms.map((each) => this.withRest(each, this.arm(each))));
      return group([head, "{", indent([line, inner, ifBroken(",")]), line, "}"]);
    }
    const opening = comments2 ? comments2.trailing(first ? first.span.start : end) : "";
    const lines = this.lines(subject.span.end, arms, end, (each) => [this.arm(each), ","]);
    return [head, "{", indent([opening, hardline, lines]), hardline, "}"];
  }
  arm(node) {
    return [this.matchPattern(node.pattern), node.guard ? [" if ", this.guard(node.guard)] : "", " => ", this.body(node.body)];
  }
  guard(node) {
    return node.kind === "LambdaExpression" ? ["(", this.expression(node, 0), ")"] : this.expression(node, 0);
  }
  blockExpression(block) {
    if (block.statements.length === 0 && block.result === void 0) {
      const comments2 = this.source?.comments;
      const end = block.span.end - 1;
      return comments2?.waiting(end) ? ["{ ;", this.onlyComments(comments2, end), "}"] : "{ ; }";
    }
    if (block.statements.length === 0 && block.result?.kind === "Identifier") return ["{ (", this.expression(block.result, 0), ") }"];
    return this.block(block);
  }
  // ------------------------------------------------------------------------------------------------- constraints
  constraint(node, level) {
    return this.grouped(node, constraintLevelOf(node) < level, this.bareConstraint(node));
  }
  bareConstraint(node) {
    switch (node.kind) {
      case "RegexConstraint":
        return () => this.source ? this.copied(this.source, node) : `/${regexSource(node.source)}/${node.flags}`;
      case "ConstraintCall":
        return () => [node.name.name, this.arguments(node.arguments, node.name.span.end)];
      case "ValueConstraint":
        return () => levelOf(node.value) < precedence.sum ? ["(", this.expression(node.value, 0), ")"] : this.expression(node.value, precedence.sum);
      case "NotConstraint":
        return () => ["not ", this.constraint(node.operand, constraintLevels.not)];
      case "AndConstraint":
      case "OrConstraint": {
        const [word3, level] = node.kind === "AndConstraint" ? ["and", constraintLevels.not] : ["or", constraintLevels.and];
        return () => group(indent(this.joined(node.operands, ` ${word3}`, "", (each) => this.constraint(each, level))));
      }
    }
  }
  // ------------------------------------------------------------------------------------------------- types
  type(node) {
    return this.withComments(node, () => this.bareType(node));
  }
  bareType(node) {
    switch (node.kind) {
      case "NamedType":
        return node.arguments.length === 0 ? node.name.name : [node.name.name, "<", join(", ", node.arguments.map((each) => this.type(each))), ">"];
      case "RecordType":
        return this.list(
          "{",
          "}",
          node.fields,
          node.span,
          (field) => [field.name.name, field.optional ? "?" : "", ": ", this.type(field.type)],
          { spaced: true, keep: true }
        );
      case "TupleType":
        return this.list("(", ")", node.elements, node.span, (each) => this.type(each));
      case "FunctionType": {
        const end = this.closing(")", node.parameters.at(-1)?.span.end ?? node.span.start);
        const parameters = this.list("(", ")", node.parameters, { start: node.span.start, end }, (each) => this.type(each));
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
  memberType(node) {
    return this.grouped(node, node.kind === "UnionType" || node.kind === "FunctionType", () => this.type(node));
  }
};
function trimLast(document) {
  return Array.isArray(document) ? document.slice(0, -1) : document;
}
var isShort = (node) => node.kind !== "FunctionDeclaration" && node.kind !== "ModelDeclaration" && node.kind !== "ProposalDeclaration" && !("doc" in node && node.doc);
var isOperation = (node) => node.kind === "BinaryExpression" || node.kind === "UnaryExpression" || node.kind === "RangeExpression" || node.kind === "MatchesExpression";
var isAtomType = (node) => node.kind !== "UnionType" && node.kind !== "FunctionType" && node.kind !== "OptionalType";
function startsWithBrace(node) {
  const first = leftmost(node);
  return first.kind === "RecordExpression" || first.kind === "BlockExpression";
}
function isPlainlyRecord(node) {
  const first = node.fields[0];
  if (first === void 0) return false;
  return first.kind === "Spread" || !first.shorthand || node.fields.length > 1;
}
function canHug(value, count) {
  if (value.kind === "LambdaExpression") return true;
  return count === 1 && (value.kind === "ListExpression" || value.kind === "RecordExpression" || value.kind === "MapExpression");
}
function quoted(value, multiline) {
  const mark = multiline ? '"""' : '"';
  return mark + escapeText(value) + mark;
}
function isWrittenAs(raw, value, multiline) {
  const width = multiline ? 3 : 1;
  const mark = multiline ? '"""' : '"';
  if (!raw.startsWith(mark) || raw.startsWith('"""') !== multiline || raw.length < 2 * width) return false;
  const scanned = scanText(raw, width, multiline);
  if (scanned.stop !== "close" || scanned.end !== raw.length) return false;
  return decodeTexts([raw.slice(width, -width)], multiline)[0] === value;
}
function regexSource(source) {
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

// ../grammar/src/print.ts
var lineWidth = 100;
function print(node) {
  const text = render(new Printer().print(node), lineWidth);
  return node.kind === "Module" && text !== "" ? `${text}
` : text;
}

// ../grammar/src/format.ts
function format(text) {
  const original = parseWithComments(text);
  const { diagnostics } = original;
  if (diagnostics.some((each) => each.severity === "error")) return { text, diagnostics };
  let current = { text, parsed: original };
  for (let pass = 0; pass < maximumPasses; pass++) {
    const next = layOut(current.text, current.parsed);
    if (next === current.text) return { text: next, diagnostics };
    const parsed = parseWithComments(next);
    if (!sameProgram(original, parsed)) break;
    current = { text: next, parsed };
  }
  const span = { start: 0, end: Math.min(1, text.length) };
  const left = problem("PGL1034", span, "this program could not be formatted without changing it and was left as it is", {
    severity: "warning",
    hint: "comments in unusual places can be the reason"
  });
  return { text, diagnostics: [...diagnostics, left.diagnostic] };
}
var maximumPasses = 6;
function layOut(text, { tree, comments: comments2, bracketed }) {
  const printer = new Printer({ text, comments: new Comments(text, comments2, lineStarts(text)), bracketed });
  const formatted = render(printer.print(tree), lineWidth);
  return formatted === "" ? "" : `${formatted}
`;
}
function sameProgram(before, after) {
  if (after.diagnostics.some((each) => each.severity === "error")) return false;
  return sameComments(before.comments, after.comments) && sameTree(before.tree, after.tree);
}
function sameComments(before, after) {
  const texts = (comments2) => comments2.map((each) => each.text.trimEnd()).sort();
  const [a, b] = [texts(before), texts(after)];
  return a.length === b.length && a.every((each, i) => each === b[i]);
}
function sameTree(before, after) {
  const stack = [[before, after]];
  for (let pair = stack.pop(); pair !== void 0; pair = stack.pop()) {
    const [a, b] = pair;
    if (Object.is(a, b)) continue;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length) return false;
    for (const key of keys) {
      if (key !== "span") stack.push([a[key], b[key]]);
    }
  }
  return true;
}

// ../grammar/src/textmate.ts
var language = ".pgl";
var entries = tokenTable;
var entry = (name) => entries.find((each) => each.name === name);
var scope = (name) => entry(name).scope + language;
var quoted2 = (text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
var notMember = "(?<!^\\.|[^.]\\.)";
var word2 = (texts) => `${notMember}\\b(?:${texts.join("|")})\\b(?!\\s*:)`;
var typeNames = ["int", "float", "bool", "string", "token", "context", "unit", "list", "dist", "posterior"];
function textMateGrammar() {
  return {
    name: "PGL",
    scopeName: "source.pgl",
    fileTypes: ["pgl"],
    patterns: [{ include: "#code" }],
    repository: {
      code: {
        patterns: [
          { include: "#comments" },
          { include: "#strings" },
          { include: "#regex" },
          { include: "#declarations" },
          { include: "#words" },
          { include: "#numbers" },
          { include: "#names" },
          { include: "#braces" },
          { include: "#symbols" }
        ]
      },
      comments: {
        patterns: [
          { name: scope("DocComment"), match: entry("DocComment").pattern },
          { name: scope("LineComment"), match: entry("LineComment").pattern },
          { name: scope("LineComment"), match: "\\A#!.*$" },
          { name: scope("BlockComment"), begin: "/\\*", end: "\\*/" }
        ]
      },
      strings: { patterns: [string('"""', "string.quoted.triple"), string('"', entry("String").scope)] },
      // Division is what follows an operand; a regular expression follows a word of constraints or its bracket.
      regex: {
        match: `(${word2(["matches", "and", "or", "not"])})([\\s(]*)(${entry("Regex").pattern})`,
        captures: { "1": { name: scope("Matches") }, "2": { name: scope("LParen") }, "3": { name: scope("Regex") } }
      },
      declarations: {
        patterns: [
          named2(["Fn"], "entity.name.function"),
          named2(["Model", "Proposal"], "entity.name.function.model"),
          named2(["Type"], "entity.name.type"),
          named2(["Lm", "Const", "Let", "Var"], "variable.other.declaration")
        ]
      },
      words: { patterns: byScope("word", word2).concat(byScope("soft", softWord)) },
      numbers: { name: scope("Number"), match: `(?<![A-Za-z0-9_])${entry("Number").pattern}` },
      names: {
        patterns: [
          { name: `entity.name.function.call${language}`, match: "[A-Za-z_][A-Za-z0-9_]*(?=\\s*\\()" },
          { name: `variable.parameter.named${language}`, match: "[A-Za-z_][A-Za-z0-9_]*(?=\\s*:)" },
          { name: `support.type${language}`, match: `${notMember}\\b(?:${typeNames.join("|")})\\b` },
          { name: scope("Identifier"), match: entry("Identifier").pattern }
        ]
      },
      // Braces nest, so that the `}` of a body does not end an interpolation.
      braces: {
        begin: "\\{",
        end: "\\}",
        beginCaptures: { "0": { name: scope("LCurly") } },
        endCaptures: { "0": { name: scope("RCurly") } },
        patterns: [{ include: "#code" }]
      },
      symbols: { patterns: symbols2() }
    }
  };
}
function string(mark, name) {
  return {
    name: name + language,
    begin: mark,
    end: mark === '"' ? '"|$' : mark,
    beginCaptures: { "0": { name: `punctuation.definition.string.begin${language}` } },
    endCaptures: { "0": { name: `punctuation.definition.string.end${language}` } },
    patterns: [
      { name: `constant.character.escape${language}`, match: "\\\\(?:u\\{[0-9a-fA-F]{1,6}\\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.|$)" },
      {
        name: `meta.interpolation${language}`,
        begin: "\\$\\{",
        end: "\\}",
        beginCaptures: { "0": { name: `punctuation.section.interpolation.begin${language}` } },
        endCaptures: { "0": { name: `punctuation.section.interpolation.end${language}` } },
        patterns: [{ include: "#code" }]
      }
    ]
  };
}
function named2(names, nameScope) {
  const texts = names.map((name) => entry(name).text);
  return {
    match: `(${word2(texts)})\\s+([A-Za-z_][A-Za-z0-9_]*)`,
    captures: { "1": { name: scope(names[0]) }, "2": { name: nameScope + language } }
  };
}
function softWord(texts) {
  return texts.map((text) => `${notMember}\\b${text}\\b${softPlaces[text] ?? ""}`).join("|");
}
var softPlaces = {
  from: '(?=\\s*")',
  as: "(?=\\s+[A-Za-z_])",
  map: "(?=\\s*\\{)"
};
function byScope(role, pattern) {
  const groups = /* @__PURE__ */ new Map();
  for (const each of entries) {
    if (each.role !== role || each.text === void 0) continue;
    groups.set(each.scope, [...groups.get(each.scope) ?? [], each.text]);
  }
  return [...groups].map(([name, texts]) => ({ name: name + language, match: pattern(texts) }));
}
function symbols2() {
  return entries.filter((each) => each.role === "symbol" && each.text !== "{" && each.text !== "}").sort((a, b) => b.text.length - a.text.length).map((each) => ({ name: each.scope + language, match: quoted2(each.text) }));
}

// ../grammar/src/codes.ts
var syntaxCodes = {
  PGL1000: "so many errors that the rest is not reported",
  PGL1001: "a character that PGL has no use for",
  PGL1002: "a string that is not closed",
  PGL1003: "an escape in a string that means nothing",
  PGL1004: "a number that cannot be read or held",
  PGL1005: "a comment that is not closed",
  PGL1006: "a regular expression that is not closed",
  PGL1007: "a string in other quotes than double ones",
  PGL1008: "an operator or comment sign of another language",
  PGL1009: "code nested too deeply",
  PGL1010: "a bracket that is never closed",
  PGL1011: "a closing bracket that nothing opened",
  PGL1020: "something else was expected here",
  PGL1021: "a reserved word used as a name",
  PGL1022: "`and`, `or`, `not` used as operators on booleans",
  PGL1023: "`=` where `==` is meant",
  PGL1024: "comparisons or ranges in a chain",
  PGL1025: "a named argument written with `=`",
  PGL1026: "a positional argument after a named one",
  PGL1027: "a keyword of another language",
  PGL1028: "a draw without `let`",
  PGL1029: "a statement outside of any body",
  PGL1030: "two statements on one line",
  PGL1031: "an `observe` that says neither `~` nor `matches`",
  PGL1032: "warning: a comment that looks like floor division",
  PGL1033: "a conditional written with `?` and `:`",
  PGL1034: "warning: a program that the formatter had to leave as it is"
};

export {
  lineStarts,
  locate,
  tokenTable,
  reservedWords,
  parse,
  parseExpression,
  parseMethod,
  print,
  format,
  textMateGrammar,
  syntaxCodes
};
//# sourceMappingURL=chunk-BX4ZDYKN.js.map
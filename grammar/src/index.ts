export type * from "./ast.js";
export type { Diagnostic, Severity } from "./diagnostic.js";
export { lineStarts, locate } from "./locate.js";
export { format } from "./format.js";
export { print } from "./print.js";
export type { Printable } from "./print/printer.js";
export { parse, parseExpression, parseMethod } from "./parse.js";
export { reservedWords, tokenTable, type TokenEntry, type TokenName, type TokenRole } from "./tokens.js";
export { syntaxCodes } from "./codes.js";

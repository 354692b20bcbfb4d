import {
  format,
  lineStarts,
  locate,
  parse,
  parseExpression,
  parseMethod,
  print,
  reservedWords,
  syntaxCodes,
  textMateGrammar,
  tokenTable
} from "./chunk-BX4ZDYKN.js";
import "./chunk-PZ5AY32C.js";
export {
  format,
  lineStarts,
  locate,
  parse,
  parseExpression,
  parseMethod,
  print,
  reservedWords,
  syntaxCodes,
  textMateGrammar,
  tokenTable
};
//# sourceMappingURL=src-NL2SYWEE.js.map
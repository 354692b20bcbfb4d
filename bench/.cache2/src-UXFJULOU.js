import {
  PassError,
  builtinByName,
  builtins,
  catalogue,
  check,
  compile,
  constraintKinds,
  diagnosticsToJson,
  inferenceMethods,
  languageModelMembers,
  memoryFiles,
  nodeFiles,
  passes,
  renderDiagnostics,
  showType
} from "./chunk-VV5FO4GS.js";
import "./chunk-BX4ZDYKN.js";
import "./chunk-PZ5AY32C.js";
export {
  PassError,
  builtinByName,
  builtins,
  catalogue,
  check,
  compile,
  constraintKinds,
  diagnosticsToJson,
  inferenceMethods,
  languageModelMembers,
  memoryFiles,
  nodeFiles,
  passes,
  renderDiagnostics,
  showType
};
//# sourceMappingURL=src-UXFJULOU.js.map
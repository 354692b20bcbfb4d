export type { CheckedModule, CheckedProgram, Symbol } from "./checked.js";
export type { DistributionDomain, Effect, ParameterType, Type } from "./types.js";
export { check } from "./check.js";
export { decodeSource, type Decoded } from "./hosts/source-text.js";
export { memoryFiles, nodeFiles, type SourceHost } from "./hosts/source-host.js";
export { catalogue, type Code, type DiagnosticKind } from "./diagnostics/catalogue.js";
export { builtinByName, builtins, type Builtin } from "./builtins/catalogue.js";
export { languageModelMembers, type LanguageModelMember } from "./builtins/language-model.js";
export {
  inferenceMethods,
  type InferenceMethod,
  type MethodOption,
  type MethodOptionType,
} from "./builtins/methods.js";
export { constraintKinds, type ConstraintKind } from "./builtins/constraints.js";
export { showType } from "./types/show.js";
export {
  diagnosticsToJson,
  renderDiagnostics,
  type DiagnosticJson,
  type FiledDiagnostic,
  type RenderOptions,
  type SourceTexts,
} from "./diagnostics/render.js";
export { compile, type Compiled, type CompileOptions } from "./compile.js";
export type { EmittedModule, RawSourceMap, TypeScriptText } from "./emit/index.js";
export { PassError, passes, type Pass, type PassSelection } from "./passes/index.js";

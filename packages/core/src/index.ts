/**
 * PGL from TypeScript: compile `.pgl` programs, or write them here; run inference on them; look at posteriors.
 */
export { ArgumentError, checkArguments, checkJson } from "./arguments/check-json.js";
export { checkModelArguments } from "./arguments/check-model-arguments.js";
export * from "./library/index.js";
export { CompileError, type FileDiagnostic } from "./load/compile-error.js";
export { compile, type SourceOptions } from "./load/compile.js";
export type { AnyModels, CompiledProgram, CompileOptions, NamedProposal, Query, WithModels } from "./load/compiled.js";
export { LoadError } from "./load/errors.js";
export { pendingHostCalls, watchHostCalls, type HostCallWatcher, type PendingCall } from "./load/host-calls.js";
export type { HostModules } from "./load/hosts.js";
export { host, pgl, type HostFunction, type Interpolated } from "./load/template.js";
export { infer, type InferOptions, type Limits, type RunProgress } from "./run/infer.js";
export { unloadLanguageModels, type DeclaredAlias, type LanguageModels } from "./run/language-models.js";
export { methodFromText, MethodTextError } from "./run/method-from-text.js";
export type { Engine, Result, RunReport } from "./run/report.js";
export { run, type RunQueryOptions } from "./run/run.js";
export { withParticles } from "./run/with-particles.js";
export { version } from "./version.js";

/**
 * PGL from TypeScript: compile `.pgl` programs, or write them here; run inference on them; look at posteriors.
 */
export { ArgumentError, checkArguments, checkJson } from "./arguments/check-json.js";
export { checkModelArguments } from "./arguments/check-model-arguments.js";
export { runCodes, type RunCode } from "./diagnostics/run-codes.js";
export * from "./library/index.js";
export { CompileError } from "./load/compile-error.js";
export type { FiledDiagnostic, ParameterType, Type } from "@pgl/compiler";
export { compile, type SourceOptions } from "./load/compile.js";
export type { AnyModels, CompiledProgram, CompileOptions, NamedProposal, Query, WithModels } from "./load/compiled.js";
export { LoadError } from "./load/errors.js";
export { pendingHostCalls, watchHostCalls, type HostCallWatcher, type PendingCall } from "./load/host-calls.js";
export type { HostModules } from "./load/hosts.js";
export { host, pgl, type HostFunction, type Interpolated } from "./load/template.js";
export { infer, type InferOptions, type RunProgress } from "./run/infer.js";
export { unloadLanguageModels, type DeclaredAlias, type LanguageModels } from "./run/language-models.js";
export { methodFromText, MethodTextError } from "./run/method-from-text.js";
export type { Engine, Result, RunReport } from "./run/report.js";
export { run, type RunQueryOptions } from "./run/run.js";
export { withParticles } from "./run/with-particles.js";
export { version } from "./version.js";

export { constraint, type Constraint } from "@pgl/constraints";
export {
  Context,
  eos,
  LanguageModelAlias,
  LanguageModelError,
  languageModelSpecs,
  lm,
  loadLanguageModel,
  NgramModel,
  TableModel,
  Token,
  Vocabulary,
  type Capabilities,
  type ChatMessage,
  type ChooseOptions,
  type LanguageModel,
  type LoadOptions,
  type ModelUsage,
  type TextOptions,
} from "@pgl/lm";
export {
  bernoulli,
  beta,
  binomial,
  categorical,
  cauchy,
  choice,
  defaultMethod,
  delta,
  describeEngine,
  dirichlet,
  DistributionError,
  distributions,
  empirical,
  enumerate,
  equal,
  exponential,
  gamma,
  geometric,
  gibbs,
  hmc,
  importance,
  inverseGamma,
  laplace,
  listTrace,
  logistic,
  lognormal,
  map,
  marginal,
  MethodError,
  methods,
  mh,
  mixture,
  mmap,
  multinomial,
  multivariateNormal,
  negativeBinomial,
  normal,
  nuts,
  particleGibbs,
  PglError,
  plan,
  poisson,
  Posterior,
  rejection,
  RunError,
  seeded,
  show,
  showSite,
  smc,
  smcSteps,
  studentT,
  target,
  toJson,
  uniform,
  uniformInt,
  ValueMap,
  type Atom,
  type ChainDiagnostics,
  type Choice,
  type Decision,
  type Diagnostics,
  type Distribution,
  type Drawable,
  type EnumerateOptions,
  type HistoryEntry,
  type ImportanceOptions,
  type HmcOptions,
  type LogEvidence,
  type GibbsOptions,
  type MapOptions,
  type MhOptions,
  type MarginalOptions,
  type Maximum,
  type Guarantee,
  type Method,
  type MmapOptions,
  type Model,
  type NutsOptions,
  type ParticleGibbsOptions,
  type PlanOptions,
  type Process,
  type RandomSource,
  type RejectionOptions,
  type RunLimits,
  type Site,
  type SmcOptions,
  type Support,
  type Warning,
  type WeightedSample,
} from "@pgl/runtime";

export { enumerate, type EnumerateOptions } from "./methods/enumerate.js";
export { rejection, type RejectionOptions } from "./methods/rejection.js";
export { importance, smc, smcSteps, type ImportanceOptions, type SmcOptions, type SmcStep } from "./methods/smc.js";
export { mh, type MhOptions } from "./methods/mh.js";
export { gibbs, type GibbsOptions } from "./methods/gibbs.js";
export { annealed, type AnnealedOptions } from "./methods/annealed.js";
export { tempered as temperedSmc, type TemperedOptions } from "./methods/tempered.js";
export { parallelTempering, type ParallelTemperingOptions } from "./methods/parallel-tempering.js";
export { hmc, type HmcOptions } from "./methods/hmc.js";
export { nuts, type NutsOptions } from "./methods/nuts.js";
export { LogJoint, type GradientMode, type Point } from "./gradients/log-joint.js";
export { alive, type AliveOptions } from "./methods/alive.js";
export { pimh, type PimhOptions } from "./methods/pimh.js";
export { smc2, type Smc2Options } from "./methods/smc2.js";
export { dcSmc, type DcSmcOptions } from "./methods/dc-smc.js";
export { nested, type NestedOptions } from "./methods/nested.js";
export { pmmh, type PmmhOptions } from "./methods/pmmh.js";
export { particleGibbs, type ParticleGibbsOptions } from "./methods/particle-gibbs.js";
export { map, type MapOptions } from "./methods/map.js";
export { marginal, type MarginalOptions } from "./methods/marginal.js";
export { mmap, type MmapOptions } from "./methods/mmap.js";
export { plan, type PlanOptions } from "./methods/plan.js";
export type { Choice, Decision, Maximum } from "./elimination/maximum.js";
export { defaultMethod, methods } from "./methods/index.js";
export {
  target,
  type Guarantee,
  type Method,
  type Progress,
  type RunOptions,
  type SequentialPlan,
  type Target,
} from "./method.js";
export { inferRequest } from "./nested.js";
export { RunEnvironment, type RunLimits, type Warning } from "./environment.js";
export {
  Posterior,
  type Approximation,
  type Atom,
  type Diagnostics,
  type HistoryEntry,
  type ChainDiagnostics,
  type LogEvidence,
  type WeightedSample,
} from "./posterior.js";
export * as kernels from "./kernels/index.js";
export type { Kernel, Steps as KernelSteps, Walk } from "./kernels/index.js";
export { Execution } from "./blocks/execution.js";
export { blocks } from "./blocks/blocks.js";
export { Population, type PopulationOptions } from "./blocks/population.js";
export {
  evidenceBounds,
  type Estimate,
  type EvidenceBounds,
  type EvidenceBoundsOptions,
  type ExactDraw,
} from "../diagnostics/evidence-bounds.js";
export { particleGibbsKernel } from "./blocks/particle-gibbs-kernel.js";
export type { Checkpoint, ReferencePath } from "./blocks/lineage.js";
export { answerRequests } from "./blocks/answer.js";
export { choose, runToCheckpoint, runToChoice, Status } from "./blocks/forward.js";

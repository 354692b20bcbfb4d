export { expectMasses, LawError, massesOf, totalOf, type Masses } from "./difference.js";
export { expectSameMeasure } from "./same-measure.js";
export { runtimeKey } from "./key.js";
export {
  expectProperlyWeighted,
  measureOf,
  runMethod,
  type LawSubject,
  type ProperWeightOptions,
} from "./properly-weighted.js";
export { expectUnbiasedResampler, type ResamplerLawOptions } from "./resampler.js";
export { expectDistributionLaws, type DistributionLawOptions } from "./distribution.js";
export { expectLanguageModelLaws } from "./language-model.js";
export { expectConstraintLaws, type ConstraintLawOptions, type ConstraintLike } from "./constraint.js";
export {
  expectInvariantKernel,
  expectIrreducible,
  expectReversible,
  transitionMatrix,
  type InvarianceOptions,
  type KernelOptions,
  type StateMass,
  type TransitionMatrix,
} from "./kernel.js";
export { expectLogZBounds, type EvidenceBoundOptions, type EvidenceBounds } from "./evidence-bounds.js";
export {
  expectPotentialLaws,
  expectTwistLaws,
  type PotentialLawOptions,
  type TextPotential,
  type TwistLawOptions,
  type TwistReport,
} from "./potential.js";

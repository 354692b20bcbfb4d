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

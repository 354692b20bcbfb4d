export { LogWeights, logAddExp, logSumExp } from "./log-weights.js";
export {
  resamplers,
  type ConditionallyResampled,
  type ConditionalScheme,
  type Resampled,
  type ResamplerName,
  type ResamplingScheme,
} from "./resamplers/index.js";
export {
  describeEngine,
  tensorEngine,
  tensorEngineInUse,
  tensorEngines,
  tensorFlow,
  TENSOR_ENTRIES,
  type RowOperations,
  type TensorEngine,
  type TensorEngineName,
} from "./tensors/index.js";
